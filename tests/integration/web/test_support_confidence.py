"""What a school and its supporters say in a package of support reaches nobody else: over every page of the feature and those around it, as
every role, with rows present that could leak."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client

from convenor.journal.models import Entry
from convenor.post.models import Letter
from convenor.support.models import (
    ContactNote,
    InspectionCall,
    Mentoring,
    NoteOfVisit,
    Package,
    Ring,
    RingLink,
    StandingInterest,
    Visit,
)
from convenor.support.urls import urlpatterns
from tests.factories.support import LENDER, MOMENTS, RECEIVER, SECRETS, SLUG, World, package, supporting
from tests.integration.web.confidence import Stranger, told_at
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db

#: What only some may read, besides what the package holds.
BESIDE = {
    "contact": "The head spoke of a hard term.",
    "inspection": "They were kind, and the judgement will stand.",
    "interest": "Quarry Lane Academy that a cousin leads",
}
ALL = SECRETS | {key: BESIDE[key] for key in ("contact", "inspection")}
#: Whoever takes no part: neither of the schools, nor their broker, nor whoever signs off.
OUTSIDE = (
    "", "auditor", "school office", "trust lead", "reviewer", "independent supporter", "officer", "board member", "cluster lead",
    "other head", "somebody with no post",
)  # fmt: skip


@dataclass
class Here:
    """A package that has ended, with a note of contact, a call and a ring beside it; every address."""

    world: World
    package: Package
    addresses: list[str]

    def browser(self, who: str) -> Client:
        """Somebody's browser, signed in at this moment."""
        return signed_in(self.world.people[who], code=True) if who else Client()


def filled(route: str, row: Package) -> str:
    """The address of a page of support that is about this package, its school or what stands beside them."""
    kinds = {
        "needs/": row.need_id, "directory/": row.supporter_id, "contacts/": ContactNote.objects.get().pk,
        "mentors/": Mentoring.objects.get().pk, "rings/": Ring.objects.get().pk,
    }  # fmt: skip
    number = next((pk for part, pk in kinds.items() if part in route), row.pk)
    assert row.supporter is not None
    said = {
        "slug:slug": SLUG, "key:pk": number, "slug:urn": RECEIVER, "key:visit": Visit.objects.get().pk,
        "key:note": NoteOfVisit.objects.get().pk,
        "str:key": "diagnosis", "str:moment": "end", "key:supporter": row.supporter_id, "uuid:uid": row.supporter.uid,
        "key:head": row.need_id,
    }  # fmt: skip
    return "/" + re.sub(r"<([^>]+)>", lambda found: str(said.get(found[1], 1)), route)


def around() -> list[str]:
    """Pages beside the feature on which something of it might come to light."""
    pages = ["/", "/account/", "/privacy/", f"/schools/{RECEIVER}/", f"/schools/{RECEIVER}/held/", "/areas/998/schools/", "/areas/998/"]
    rooms = ("", "structure/", "seats/", "members/", "engagement/", "posts/", "rooms/", "journal/", "early/", "reviews/")
    pages += [f"/p/{SLUG}/{room}" for room in (*rooms, "early/conversations/", f"early/schools/{RECEIVER}/")]
    return pages + [f"/search/?q={quote(words)}" for words in ("phonics", "youngest readers", "hard term", "Fernhollow")]


@pytest.fixture(scope="module")
def here(django_db_setup: None, django_db_blocker: Any) -> Iterator[Here]:
    """Made once, and taken back after."""
    at = MOMENTS["after"]
    with django_db_blocker.unblock(), transaction.atomic(), patch("django.utils.timezone.now", return_value=at):
        there = supporting()
        row = package(there, "after")
        ContactNote.objects.create(
            partnership=there.partnership, school_id=RECEIVER, kind="call", on=date(2026, 12, 1), words=BESIDE["contact"], at=at,
            by=there.people["broker"], by_label="a broker",
        )  # fmt: skip
        InspectionCall.objects.create(
            partnership=there.partnership, school_id=RECEIVER, called_at=at, from_on=date(2026, 12, 15), until_on=date(2026, 12, 17),
            knows=[], outcome=BESIDE["inspection"], by=there.people["head"],
        )  # fmt: skip
        Mentoring.objects.create(
            partnership=there.partnership, school_id=RECEIVER, head=there.people["head"], mentor=row.supporter, offered_at=at,
            offered_by=there.people["broker"], from_on=date(2026, 12, 1), until_on=date(2027, 12, 1),
        )  # fmt: skip
        ring = Ring.objects.create(partnership=there.partnership, proposed_at=at, by=there.people["broker"])
        RingLink.objects.create(ring=ring, giver_id=RECEIVER, receiver_id=LENDER, theme="reading")
        StandingInterest.objects.create(supporter=row.supporter, school_id="990006", kind="family", declared_at=at)
        routes = [str(each.pattern) for each in urlpatterns if hasattr(each, "callback")]
        yield Here(there, row, [*(filled(route, row) for route in routes), *around()])
        transaction.set_rollback(True)


def told(here: Here, who: str, at: datetime) -> dict[str, list[str]]:
    """Which secrets somebody is told, and where, when they open everything; of whoever is not of the school each look is written down."""
    own = ("", "head", "school leader", "chair of governors")
    stranger = Stranger(here.world.people[who].pk, RECEIVER) if who not in own else None
    with patch("django.utils.timezone.now", return_value=at):
        return told_at(here.browser(who), here.addresses, ALL, signed_in=who != "", stranger=stranger)


#: While the supporter still reads, and after they lost sight.
SOON, LATER = datetime(2026, 12, 18, 9, tzinfo=UTC), datetime(2027, 2, 1, 9, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.parametrize("who", OUTSIDE)
def test_whoever_takes_no_part_is_told_nothing_anywhere(here: Here, who: str) -> None:
    assert told(here, who, SOON) == {}


@pytest.mark.slow
def test_whoever_signs_off_reads_the_evaluation_and_nothing_else(here: Here) -> None:
    assert set(told(here, "manager", SOON)) == {"evaluation"}


@pytest.mark.slow
@pytest.mark.parametrize("who", ["head", "school leader"])
def test_the_school_reads_all_that_was_written_of_it(here: Here, who: str) -> None:
    locked = set() if who == "head" else {"inspection"}
    assert set(ALL) - set(told(here, who, SOON)) - locked == set()


@pytest.mark.slow
@pytest.mark.parametrize("who", ["supporter", "lender"])
def test_the_giving_side_reads_until_thirty_days_after_the_end(here: Here, who: str) -> None:
    read = set(told(here, who, SOON))
    assert ({"note", "objective", "evaluation"} - read, read & {"contact", "inspection"}) == (set(), set())
    assert told(here, who, LATER) == {}


@pytest.mark.slow
def test_the_broker_reads_the_package_and_never_the_inspection(here: Here) -> None:
    read = set(told(here, "broker", LATER))
    assert ({"note", "dispute", "review", "contact"} - read, read & {"inspection"}) == (set(), set())


def test_letters_and_the_journal_carry_nothing(here: Here) -> None:
    said = " ".join(
        map(str, [*Letter.objects.values_list("subject", "body"), *Entry.objects.values_list("subject_label", "why", "detail")])
    )
    assert [name for name, words in ALL.items() if words in said] == []
