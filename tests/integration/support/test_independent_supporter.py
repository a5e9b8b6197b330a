"""Somebody outside every school supports one: of a hub, a university or a service, or on their own account."""

from __future__ import annotations

from datetime import date
from unittest.mock import patch

import pytest
from django.urls import reverse

from convenor.partnership.gate import NotAllowed, viewer_for
from convenor.support.actions import directory
from convenor.support.actions.agreements import agree
from convenor.support.actions.notes import write_note
from convenor.support.actions.placing import choose
from convenor.support.models import Package, Supporter
from convenor.support.queries.directory import offer_here
from convenor.support.queries.packages import packages
from convenor.support.queries.standing import package_here
from convenor.support.rules.entries import Offering
from convenor.support.rules.ownership import Sight
from convenor.support.rules.states import AssuranceKind, SupporterKind, Who
from tests.factories.support import RECEIVER, SECRETS, SLUG, World, need, package, supporter
from tests.factories.support_brokerage import AT, ON, brokerage
from tests.factories.support_deployments import NOW, TODAY, WORDS, visit
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
WHO = "independent supporter"
HUB = "Invented Teaching School Hub"
OFFERS = Offering(("reading", "writing"), ("Primary",), ("coaching", "visits"), "Early reading, in your own classrooms.", None, False)


@pytest.fixture
def here() -> World:
    return brokerage()


def put_in(here: World, who: str = WHO) -> Supporter:
    """By whoever keeps the directory, vouched for."""
    row = directory.add_supporter(
        slug=SLUG, kind=SupporterKind.PERSON, person_id=here.people[who].pk, near="990003", organisation=HUB, offering=OFFERS, half_days=12,
        by=here["manager"], at=AT,
    )  # fmt: skip
    directory.record_assurance(
        slug=SLUG, supporter_id=row.pk, kind=AssuranceKind.REFERENCE, assurer=HUB, source="Two references read", assured_on=ON,
        by=here["manager"], at=AT,
    )  # fmt: skip
    return row


def lent_by_nobody(here: World) -> Supporter:
    return supporter(here, WHO, school=None, organisation=HUB)


def test_they_stand_in_the_directory_with_who_employs_them(here: World) -> None:
    row = put_in(here)
    found = offer_here(SLUG, row.pk, viewer=here[WHO], at=AT)
    assert found is not None
    seen = found.offer
    assert (seen.name, seen.urn, seen.house, seen.found, seen.own, seen.half_days_left) == ("Ines Vail", "", HUB, True, True, 12)


def test_who_held_nothing_that_lets_them_give_gets_the_post(here: World) -> None:
    row = put_in(here, "clerk")
    now = viewer_for(here.people["clerk"], on=ON)
    assert (row.school_id, now.holds("independent-supporter"), now.sees_record(RECEIVER)) == (None, True, False)


def test_they_put_themselves_into_no_school(here: World) -> None:
    for kind in (SupporterKind.PERSON, SupporterKind.SCHOOL):
        with pytest.raises(NotAllowed):
            directory.offer_support(slug=SLUG, kind=kind, urn="990003", offering=OFFERS, half_days=4, by=here[WHO], at=AT)
    assert Supporter.objects.count() == 0


def test_they_are_chosen(here: World) -> None:
    row, asked = put_in(here), need(here)
    choose(slug=SLUG, need_id=asked.pk, supporter_id=row.pk, why="She knows early reading.", by=here["broker"], at=AT)
    opened = Package.objects.get()
    found = package_here(SLUG, opened.pk, viewer=here[WHO], at=AT)
    assert found is not None
    assert (found.who, found.supporter, found.supplying_urn) == ({Who.SUPPLYING, Who.SUPPORTER}, "Ines Vail", "")
    assert found.sights == {Sight.STATES, Sight.ASKED, Sight.MONEY}  # the plan opens once the receiving head agreed to it


def test_they_agree_visit_and_write(here: World) -> None:
    row = package(here, "active", given_by=lent_by_nobody(here))
    row.agreements.update(withdrawn_at=AT)
    for who in ("head", WHO):
        agree(slug=SLUG, package_id=row.pk, plan_version=1, by=here[who], at=NOW)
    held = visit(here, row, by=WHO)
    note = write_note(slug=SLUG, visit_id=held.pk, words=WORDS, held_on=TODAY, by=here[WHO], at=NOW)
    assert (note.by_id, note.late, [each.side for each in row.agreements.filter(withdrawn_at=None)]) == (
        here[WHO].person_id, False, ["receiving", "supplying"],
    )  # fmt: skip


def test_they_find_only_their_own_packages(here: World) -> None:
    own, other = package(here, "active", given_by=lent_by_nobody(here)), package(here, "active", school="990002")
    listed = packages(SLUG, viewer=here[WHO], at=NOW)
    assert listed is not None
    assert [each.pk for each in listed.lines] == [own.pk]
    assert package_here(SLUG, other.pk, viewer=here[WHO], at=NOW) is None


PAGES = ("package", "plan", "visits", "progress", "money", "evaluation")


@pytest.mark.parametrize("name", PAGES)
def test_no_page_of_anothers_package_opens_and_their_own_does(here: World, name: str) -> None:
    own, other = package(here, "ending", given_by=lent_by_nobody(here)), package(here, "ending", school="990002")
    with patch("django.utils.timezone.now", return_value=NOW):
        browser = signed_in(here.people[WHO])
        got = {row.pk: browser.get(reverse(f"support-{name}", args=[SLUG, row.pk])) for row in (own, other)}
    assert {pk: answer.status_code for pk, answer in got.items()} == {own.pk: 200, other.pk: 404}
    read = got[other.pk].content.decode()
    assert [key for key, words in SECRETS.items() if words in read] == []


def test_their_home_and_the_lists_of_support_leak_nothing_of_others(here: World) -> None:
    package(here, "ending", school="990002")
    need(here, school="990005")
    names = ("support-directory", "support-packages", "support-needs", "support-yours", "support-contacts", "support-rings")
    with patch("django.utils.timezone.now", return_value=NOW):
        browser = signed_in(here.people[WHO])
        read = {name: browser.get(reverse(name, args=[SLUG])).content.decode() for name in names}
        read["home"] = browser.get("/").content.decode()
        school = {urn: browser.get(reverse("school-held", args=[urn])).status_code for urn in (RECEIVER, "990002")}
    assert {name: [key for key, words in SECRETS.items() if words in text] for name, text in read.items()} == {name: [] for name in read}
    assert school == {RECEIVER: 403, "990002": 403}


def test_what_ended_closes_to_them_after_thirty_days(here: World) -> None:
    row = package(here, "after", given_by=lent_by_nobody(here))
    shown = [package_here(SLUG, row.pk, viewer=here[WHO], at=on) is not None for on in (date(2027, 1, 16), date(2027, 1, 17))]
    assert shown == [True, False]
