"""Fernshire on the day its manager moves in: an invented register, a constitution without members, and a manager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from convenor.accounts.models import Person
from convenor.moving_in.actions import add_file, answer, begin, save
from convenor.moving_in.models import MoveIn
from convenor.moving_in.queries.move_ins import MoveInSeen, move_in
from convenor.moving_in.rules.schools import KnownSchool
from convenor.partnership.actions import load_constitution, take_post
from convenor.partnership.gate import Viewer, viewer_for
from convenor.partnership.models import Partnership
from convenor.registers.models import Edition, LocalAuthority, School, SchoolLink
from tests.factories.dirty_spreadsheets import DirtySet, dirty_set, invented_register
from tests.factories.fernshire import AT, CONSTITUTION, ON, SLUG
from tests.factories.remembered import remembered

__all__ = [
    "AT", "LATER", "ON", "SAID", "SLUG", "Arriving", "arriving", "arriving_world", "bring", "dirty", "saved_world", "seen", "settle",
    "settled_world",
]  # fmt: skip

LATER = AT + timedelta(hours=2)
#: What these tests say to each kind of question; anything else gets its first answer.
SAID = {"join": "join", "legacy": "show", "seat-room": "widen", "each-school": "name"}


@dataclass
class Arriving:
    """A partnership with nothing in it yet. `head` is that of the register's first open school."""

    partnership: Partnership
    manager: Viewer
    schools: tuple[KnownSchool, ...]


def arriving(count: int = 12, *, seed: int = 7) -> Arriving:
    """Fernshire with so many open schools on its register, of which none is a member yet."""
    area = LocalAuthority.objects.create(code="998", name="Fernshire", region="South West")
    known = invented_register(seed, count)
    School.objects.bulk_create(
        School(
            urn=each.urn, laestab=each.laestab, name=each.name, authority=area, phase=each.phase, type_name="Community school",
            type_group="maintained", status="closed" if each.closed_on else "open", opened_on=each.open_on, closed_on=each.closed_on,
            postcode=each.postcode, town=each.town, pupils=200, fictitious=True,
        )
        for each in known
    )  # fmt: skip
    edition = Edition.objects.create(
        key="links-of-fernshire", family="links", publisher="Nobody", title="Links of an invented county", as_at=date(2026, 9, 1),
        licence="None: invented", digest="0" * 64, file_name="links.csv", rows_read=0, rows_loaded=0, rows_refused=0, rows_aggregate=0,
        loaded_at=AT, loaded_by="the test",
    )  # fmt: skip
    SchoolLink.objects.bulk_create(
        SchoolLink(edition=edition, urn=each.urn, linked_urn=later, kind="Successor") for each in known for later in each.became
    )
    here = load_constitution(text=CONSTITUTION, by="the test", at=AT, demonstration=True)
    person = Person.objects.create(name="Mara Hollis", email="mara.hollis@example.org", created_at=AT, fictitious=True)
    take_post(
        slug=SLUG, role="manager", title="Partnership manager", person_id=person.pk, from_on=date(2025, 9, 1), by="the test", at=AT
    )  # fmt: skip
    return Arriving(here, viewer_for(person, on=ON), known)


@remembered
def arriving_world() -> Arriving:
    """The small one, of twelve schools."""
    return arriving()


@remembered
def settled_world() -> tuple[Arriving, MoveIn]:
    """The small one with the six dirty files brought and every question answered."""
    here = arriving()
    row = bring(here, dirty(here).files)
    settle(here, row)
    return here, row


@remembered
def saved_world() -> tuple[Arriving, MoveIn]:
    """The same, saved."""
    here, row = settled_world()
    return here, save(slug=SLUG, move_in_id=row.pk, by=here.manager, at=AT, version=seen(here, row).version)


def dirty(here: Arriving, *, seed: int = 7) -> DirtySet:
    """Six dirty files about these schools."""
    return dirty_set(seed, here.schools, small=len(here.schools) < 50)


def bring(here: Arriving, files: dict[str, bytes]) -> MoveIn:
    """A move-in with these files."""
    row = begin(slug=SLUG, by=here.manager, at=AT)
    for name, content in files.items():
        add_file(slug=SLUG, move_in_id=row.pk, name=name, content=content, by=here.manager, at=AT)
    return row


def seen(here: Arriving, row: MoveIn) -> MoveInSeen:
    """The move-in as its manager sees it."""
    found = move_in(SLUG, row.pk, viewer=here.manager, at=AT)
    assert found is not None
    return found


def settle(here: Arriving, row: MoveIn, said: dict[str, str] | None = None) -> int:
    """Answers every question, with `said` by the first word of its key or else by its first choice; how many were asked."""
    wanted, asked = SAID | (said or {}), 0
    while questions := seen(here, row).questions:
        for question in questions[:1]:
            first = question.choices[0][0]
            answer(
                slug=SLUG, move_in_id=row.pk, key=question.key, said=wanted.get(question.key.partition(":")[0], first), by=here.manager,
                at=AT,
            )  # fmt: skip
            asked += 1
    return asked
