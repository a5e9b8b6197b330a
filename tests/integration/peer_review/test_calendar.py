"""Invitations that calendars take in, and a person's own calendar at a secret address."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from icalendar import Calendar

from convenor.journal.models import Entry
from convenor.partnership.gate import ANYONE, NotAllowed
from convenor.partnership.models import Tenure
from convenor.peer_review import actions
from convenor.peer_review.actions.calendar import follow_team, invite
from convenor.peer_review.actions.review_rows import locked
from convenor.peer_review.actions.steps import withdraw
from convenor.peer_review.models import CalendarKey, PeerReview
from convenor.peer_review.queries.calendar import own_entries, own_key, person_of_key
from convenor.peer_review.rules.calendar import digest_of
from convenor.peer_review.rules.states import State
from convenor.post.models import Letter
from tests.factories.partnership import AT, SLUG, World
from tests.factories.peer_review import HOST, QUESTION, SECRETS, VISIT_FROM_ON, VISIT_UNTIL_ON, review, review_round, reviewers, reviewing

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


@pytest.fixture
def here(settings: Any) -> World:
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "SecondFactor" not in each]
    return reviewing()


def events(text: str) -> list[Any]:
    return list(Calendar.from_ical(text).walk("VEVENT"))


def set_it(here: World, **more: Any) -> PeerReview:
    row = review(here, until=State.DRAFT, round=review_round(here))
    given: dict[str, Any] = {"from_on": DAY, "site": "https://convenor.example"} | more
    return actions.set_visit(slug=SLUG, review_id=row.pk, by=here["manager"], at=AT, **given)


def told() -> dict[str, Any]:
    """The newest invitation of each person."""
    return {letter.to_name: letter for letter in Letter.objects.filter(kind="visit-invitation").order_by("pk")}


def test_host_and_team_are_invited_each_by_a_letter_of_their_own(here: World) -> None:
    row = set_it(here)
    letters = told()
    assert sorted(letters) == ["Dele Stone", "Gwen Ford", "Rae Holt", "Sol Carr"]
    [event] = events(letters["Sol Carr"].calendar)
    assert (
        str(event["summary"]), event.decoded("dtstart"), event.decoded("dtend"), int(event["sequence"]), str(event["status"]),
        str(event["url"]), event["attendee"],
    ) == (
        "Peer review visit: Fernhollow Primary School", DAY, row.visit_until_on, row.version, "CONFIRMED",
        f"https://convenor.example/p/{SLUG}/reviews/{row.pk}/", "mailto:sol.carr@example.org",
    )  # fmt: skip
    assert letters["Sol Carr"].calendar.count("mailto:") == 2, "the organiser and oneself, nobody else's address"


def test_a_move_keeps_the_entry_and_raises_its_sequence(here: World) -> None:
    row = set_it(here)
    [before] = events(told()["Gwen Ford"].calendar)
    actions.move_visit(slug=SLUG, review_id=row.pk, from_on=DAY + timedelta(days=1), why="A funeral", by=here["manager"], at=AT)
    [after] = events(told()["Gwen Ford"].calendar)
    assert (str(before["uid"]) == str(after["uid"]), int(after["sequence"]) > int(before["sequence"]), after.decoded("dtstart")) == (
        True, True, DAY + timedelta(days=1),
    )  # fmt: skip
    assert "funeral" not in told()["Gwen Ford"].calendar + told()["Gwen Ford"].body


def test_a_withdrawn_review_is_taken_out_of_every_calendar(here: World) -> None:
    row = set_it(here)
    withdraw(slug=SLUG, review_id=row.pk, by=here["head"], at=AT)
    for letter in told().values():
        calendar = Calendar.from_ical(letter.calendar)
        [event] = calendar.walk("VEVENT")
        assert (str(calendar["method"]), str(event["status"]), int(event["sequence"])) == ("CANCEL", "CANCELLED", row.version + 1)


def test_whoever_leaves_the_team_is_told_alone_and_who_joins_is_invited_alone(here: World) -> None:
    row = set_it(here)
    Letter.objects.all().delete()
    known = reviewers(here)
    assert follow_team(row, left=[known["second"].pk], joined=[known["third"].pk], slug=SLUG, by=here["manager"], at=AT) == 2
    assert {name: str(Calendar.from_ical(each.calendar)["method"]) for name, each in told().items()} == {
        "Sol Carr": "CANCEL", "Una Fell": "REQUEST",
    }  # fmt: skip


@pytest.mark.parametrize(("state", "at"), [(State.POSTPONED, AT), (State.SCHEDULED, datetime(2027, 1, 5, tzinfo=UTC)), (State.DRAFT, AT)])
def test_a_change_of_team_tells_no_calendar_of_a_visit_that_stands_in_none(here: World, state: State, at: datetime) -> None:
    row = review(here, until=state, resumes=State.SCHEDULED if state is State.POSTPONED else None)
    assert follow_team(row, left=[reviewers(here)["second"].pk], joined=[], slug=SLUG, by=here["manager"], at=at) == 0
    assert Letter.objects.count() == 0


def test_a_review_without_days_invites_nobody(here: World) -> None:
    row = review(here, until=State.DRAFT)
    row, seen = locked(SLUG, row.pk, by=here["manager"], at=AT)
    assert (invite(row, seen, by=here["manager"], at=AT), Letter.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_an_invitation_leaves_as_mail_programs_expect_it(here: World) -> None:
    set_it(here)
    sent = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=default)
    [part] = [each for each in sent.walk() if each.get_content_type() == "text/calendar"]
    assert (part.get_param("method"), len(events(part.get_content()))) == ("REQUEST", 1)


def signed_in(here: World, who: str) -> Client:
    client = Client()
    client.force_login(here.people[who])
    return client


def made(here: World, who: str) -> str:
    return actions.make_calendar_key(by=here[who], at=AT).token


def test_only_the_digest_of_an_address_is_kept_and_another_ends_the_first(here: World) -> None:
    first = made(here, "head")
    second = made(here, "head")
    assert list(CalendarKey.objects.order_by("pk").values_list("digest", "ended_at")) == [
        (digest_of(first), AT), (digest_of(second), None),
    ]  # fmt: skip
    assert (person_of_key(first, viewer=ANYONE), person_of_key(second, viewer=ANYONE)) == (None, here.people["head"])
    written = Entry.objects.filter(subject_kind="calendar").values_list("verb", "partnership")
    assert list(written) == [("calendar.made", "")] * 2, "nobody else reads of it in a journal"


def test_an_address_ends_when_its_person_ends_it_or_leaves(here: World) -> None:
    token = made(here, "head")
    assert (actions.end_calendar_key(by=here["head"], at=AT), actions.end_calendar_key(by=here["head"], at=AT)) == (True, False)
    other = made(here, "lead")
    here.people["lead"].is_active = False
    here.people["lead"].save()
    assert [Client().get(f"/calendar/{each}.ics").status_code for each in (token, other, "no-such")] == [404, 404, 404]


def test_nobody_unknown_makes_an_address(here: World) -> None:
    with pytest.raises(NotAllowed):
        actions.make_calendar_key(by=ANYONE, at=AT)
    assert (own_key(viewer=ANYONE), CalendarKey.objects.count()) == (None, 0)


def read(token: str, client: Client | None = None, **headers: str) -> Any:
    return (client or Client()).get(f"/calendar/{token}.ics", headers=headers)


def test_a_feed_holds_ones_own_days_and_schools_and_nothing_that_was_said(here: World) -> None:
    review(here, until=State.WORKSHOP_DONE, expectations=True)
    answer = read(made(here, "lead"))
    text = answer.content.decode()
    assert (answer["Content-Type"], answer["Cache-Control"], answer.cookies) == (
        "text/calendar; charset=utf-8", "private, no-cache", {},
    )  # fmt: skip
    visit = next(each for each in events(text) if str(each["summary"]).startswith("Peer review visit"))
    assert (visit.decoded("dtstart"), visit.decoded("dtend")) == (VISIT_FROM_ON, VISIT_UNTIL_ON)
    plain = text.replace("\r\n ", "")
    assert [words for words in (QUESTION, *SECRETS.values()) if words in plain] == []


def test_a_feed_is_of_its_person_alone_whoever_asks(here: World) -> None:
    review(here)
    mine = read(made(here, "lead"), signed_in(here, "manager")).content.decode()
    others = read(made(here, "manager"), signed_in(here, "lead")).content.decode()
    assert (len(events(mine)), len(events(others))) == (1, 0)


def test_a_host_and_a_stranger_to_the_review_each_have_their_own(here: World) -> None:
    review(here, until=State.SCHEDULED)
    own = [str(each.summary) for each in own_entries(viewer=here["head"], at=AT)]
    assert own == [
        "Peer review, Fernhollow Primary School: say what the team looks into by today",
        "Peer review visit: Fernhollow Primary School",
    ]
    assert [own_entries(viewer=here[who], at=AT) for who in ("trust lead", "manager", "cluster lead", "somebody with no post")] == [[]] * 4


@pytest.mark.parametrize(
    ("state", "resumes"), [(State.POSTPONED, State.SCHEDULED), (State.WITHDRAWN, State.SCHEDULED), (State.DRAFT, None)]
)
def test_a_visit_that_does_not_stand_is_in_no_calendar(here: World, state: State, resumes: State | None) -> None:
    review(here, until=state, resumes=resumes)
    assert own_entries(viewer=here["head"], at=AT) == []


def test_a_feed_ends_with_the_posts_of_its_person(here: World) -> None:
    review(here)
    token = made(here, "head")
    before = len(events(read(token).content.decode()))
    Tenure.objects.filter(person=here.people["head"]).update(until_on=date(2026, 1, 1))
    assert (before > 0, len(events(read(token).content.decode()))) == (True, 0)


def test_a_feed_that_has_not_changed_says_so(here: World) -> None:
    row = review(here)
    token = made(here, "head")
    first = read(token)
    again = read(token, **{"If-None-Match": first["ETag"]})
    weak = read(token, **{"If-None-Match": f'W/{first["ETag"]}, "other"'})
    PeerReview.objects.filter(pk=row.pk).update(visit_from_on=DAY, version=9)
    after = read(token, **{"If-None-Match": first["ETag"]})
    assert [(each.status_code, bool(each.content)) for each in (again, weak, after)] == [(304, False), (304, False), (200, True)]


def test_many_addresses_of_nowhere_from_one_place_are_asked_to_wait_and_a_known_one_is_answered(here: World, monkeypatch: Any) -> None:
    monkeypatch.setattr("convenor.peer_review.views.calendar.MISSES_AN_HOUR", 3)
    cache.clear()
    token = made(here, "head")
    assert [read(f"nowhere-{number}").status_code for number in range(5)] == [404, 404, 404, 429, 429]
    assert read(token).status_code == 200


def test_the_page_shows_a_new_address_once(here: World, django_assert_max_num_queries: Any) -> None:
    review(here)
    client = signed_in(here, "head")
    client.post(f"/p/{SLUG}/reviews/calendar/", {"do": "make"})
    first = client.get(f"/p/{SLUG}/reviews/calendar/")
    with django_assert_max_num_queries(14):
        again = client.get(f"/p/{SLUG}/reviews/calendar/")
    texts = [each.content.decode() for each in (first, again)]
    assert ([text.count("webcal://") for text in texts], first["Cache-Control"]) == ([1, 0], "no-store, private")
    assert "You made a private address on" in texts[1]
    client.post(f"/p/{SLUG}/reviews/calendar/", {"do": "neither"})
    assert CalendarKey.objects.filter(ended_at=None).count() == 1
    client.post(f"/p/{SLUG}/reviews/calendar/", {"do": "end"})
    assert CalendarKey.objects.filter(ended_at=None).count() == 0


def test_the_page_is_for_members_who_have_signed_in(here: World) -> None:
    assert (
        Client().get(f"/p/{SLUG}/reviews/calendar/").status_code,
        signed_in(here, "somebody with no post").get(f"/p/{SLUG}/reviews/calendar/").status_code,
    ) == (302, 403)


def test_an_impact_visit_stands_on_its_day_and_what_ended_long_ago_does_not(here: World) -> None:
    review(here, until=State.CLOSED)
    later = [each.summary.split(":")[0] for each in own_entries(viewer=here["head"], at=datetime(2027, 6, 10, tzinfo=UTC))]
    much_later = own_entries(viewer=here["head"], at=datetime(2029, 6, 10, tzinfo=UTC))
    assert (later, much_later) == (["Peer review visit", "Improvement workshop", "Impact visit"], [])


def test_a_school_is_named_only_to_those_who_take_part(here: World) -> None:
    set_it(here)
    assert {letter.to_name for letter in Letter.objects.filter(calendar__contains="Fernhollow")} == {
        "Dele Stone", "Gwen Ford", "Rae Holt", "Sol Carr",
    }  # fmt: skip
    assert PeerReview.objects.get().school_id == HOST


def test_a_change_of_team_in_which_nobody_leaves_or_joins_tells_nobody(here: World) -> None:
    row = set_it(here)
    Letter.objects.all().delete()
    assert (follow_team(row, left=[], joined=[], slug=SLUG, by=here["manager"], at=AT), Letter.objects.count()) == (0, 0)
