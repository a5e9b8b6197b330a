"""Terms and holidays: entered by the manager, read by every member, held against visits."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from convenor.england.school_years import SchoolYear
from convenor.journal.models import Entry
from convenor.partnership import actions
from convenor.partnership.gate import NotAllowed
from convenor.partnership.models import DayOff, TermDates
from convenor.partnership.queries.terms import calendars, terms_seen, terms_to_correct
from convenor.partnership.rules.refusals import NotThere
from convenor.partnership.rules.terms import Closed, Known, Stretch, TermsRefused
from tests.factories.partnership import AT, ON, SLUG, World, world

pytestmark = pytest.mark.django_db
YEAR = SchoolYear(2026)
AUTUMN = Stretch(date(2026, 9, 2), date(2026, 10, 24), "Autumn, first half")
LATE = Stretch(date(2026, 11, 2), date(2026, 12, 19), "Autumn, second half")


@pytest.fixture
def here(settings: Any) -> World:
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "SecondFactor" not in each]
    return world()


def enter(here: World, **others: Any) -> list[TermDates]:
    given: dict[str, Any] = {"year": YEAR, "stretches": [AUTUMN, LATE], "closed": [Closed(date(2026, 11, 27), "training day")]}
    return actions.set_terms(slug=SLUG, by=here["manager"], at=AT, **(given | others))


def test_the_manager_enters_the_terms_of_a_year_and_it_is_written_down(here: World) -> None:
    enter(here)
    calendar = calendars(SLUG, viewer=here["head"]).of("998")
    assert (calendar.known, calendar.why_closed(date(2026, 11, 27)), calendar.why_closed(date(2026, 10, 27))) == (
        {2026: Known.PARTNERSHIP}, "training day", "in the holidays",
    )  # fmt: skip
    assert list(Entry.objects.filter(verb="terms.set").values_list("subject_key", "detail")) == [
        ("2026-27", {"authority": "", "terms": 2, "days_off": 1})
    ]


def test_entering_a_year_again_puts_it_in_place_of_what_stood(here: World) -> None:
    enter(here)
    enter(here, stretches=[AUTUMN], closed=[])
    assert (TermDates.objects.count(), DayOff.objects.count()) == (1, 0)


def test_another_year_stays_as_it_was(here: World) -> None:
    enter(here)
    enter(here, year=SchoolYear(2027), stretches=[Stretch(date(2027, 9, 1), date(2027, 10, 23), "A")], closed=[])
    assert (TermDates.objects.count(), DayOff.objects.count()) == (3, 1)


def test_an_authority_may_have_terms_of_its_own(here: World) -> None:
    here.partnership.areas.add("998")
    enter(here)
    enter(here, authority="998", stretches=[Stretch(date(2026, 9, 2), date(2026, 10, 31), "Autumn")], closed=[])
    found = calendars(SLUG, viewer=here["head"])
    day = date(2026, 10, 28)
    assert (found.of("998").open_on(day), found.of("997").open_on(day), found.of("998").known) == (True, False, {2026: Known.AUTHORITY})


def test_an_authority_that_is_none_of_the_areas_is_refused(here: World) -> None:
    with pytest.raises(NotThere, match=r"That local authority is not one of the partnership's areas\. Nothing was changed\."):
        enter(here, authority="111")


def test_terms_that_do_not_fit_change_nothing(here: World) -> None:
    enter(here)
    with pytest.raises(TermsRefused):
        enter(here, stretches=[])
    assert TermDates.objects.count() == 2


@pytest.mark.parametrize("who", ["head", "cluster lead", "board member", "auditor", "officer", "somebody with no post"])
def test_nobody_but_the_manager_enters_terms(here: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        actions.set_terms(slug=SLUG, year=YEAR, stretches=[AUTUMN], by=here[who], at=AT)
    assert TermDates.objects.count() == 0


def test_a_form_opens_with_last_years_weekdays_or_with_what_is_entered(here: World) -> None:
    enter(here)
    next_year, moved = terms_to_correct(SLUG, SchoolYear(2027), "", viewer=here["manager"])
    this_year, _ = terms_to_correct(SLUG, YEAR, "", viewer=here["manager"])
    long_ago, suggested = terms_to_correct(SLUG, SchoolYear(2020), "", viewer=here["manager"])
    assert (moved, next_year.stretches[0].from_on, this_year.stretches, (long_ago.stretches, suggested)) == (
        True, date(2027, 9, 1), (AUTUMN, LATE), ((), False),
    )  # fmt: skip


def test_a_stranger_reads_no_terms_here(here: World) -> None:
    enter(here)
    assert terms_seen(SLUG, viewer=here["somebody with no post"], at=ON) is None


def signed_in(here: World, who: str) -> Client:
    client = Client()
    client.force_login(here.people[who])
    return client


def test_the_page_shows_terms_to_members_and_the_form_to_the_manager_only(here: World, django_assert_max_num_queries: Any) -> None:
    enter(here)
    member = signed_in(here, "head")
    with django_assert_max_num_queries(14):
        page = member.get(f"/p/{SLUG}/terms/").content.decode()
    assert (page.count("Autumn, first half"), page.count("24 October"), page.count("23 October 2026"), page.count("Correct these")) == (
        1,
        0,
        1,
        0,
    )
    assert (member.get(f"/p/{SLUG}/terms/2026/").status_code, Client().get(f"/p/{SLUG}/terms/").status_code) == (403, 302)


def test_the_manager_fills_in_the_form_with_last_days(here: World) -> None:
    year = datetime.now(UTC).year if datetime.now(UTC).month >= 9 else datetime.now(UTC).year - 1
    client = signed_in(here, "manager")
    given = {"name_0": "Autumn", "first_0": f"{year}-09-02", "last_0": f"{year}-12-18", "days_off": f"27 November {year}, training day"}
    done = client.post(f"/p/{SLUG}/terms/{year}/", given)
    assert (done.status_code, TermDates.objects.get().until_on, DayOff.objects.get().why) == (302, date(year, 12, 19), "training day")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"first_0": "2026-09-02"}, "Enter both the first and the last day of this term"),
        ({"days_off": "sometime in May"}, "is no day we can read"),
        ({}, "Enter at least one term"),
    ],
)
def test_a_form_that_is_not_filled_in_says_what_to_mend(here: World, given: dict[str, str], words: str) -> None:
    year = datetime.now(UTC).year if datetime.now(UTC).month >= 9 else datetime.now(UTC).year - 1
    answer = signed_in(here, "manager").post(f"/p/{SLUG}/terms/{year}/", given)
    assert (answer.status_code, answer.content.decode().count(words) > 0, TermDates.objects.count()) == (422, True, 0)


@pytest.mark.parametrize("address", ["2001/", "2026/111/"])
def test_a_year_or_authority_of_nowhere_is_not_found(here: World, address: str) -> None:
    assert signed_in(here, "manager").get(f"/p/{SLUG}/terms/{address}").status_code == 404
