"""What support adds to a home: to a head's, what waits at their school; to a supporter's, what waits on a package; to a broker's and a
coordinator's, how many wait for what. And the visits to come.

A thing of a package is told only to those who take part in it. Nobody gives one of these to a colleague by letter: the letter and the
journal would tell others that the school is supported; its deputies have the same things on their own pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from convenor.partnership.gate import Permission
from convenor.support.queries import waiting
from convenor.support.queries.waiting import AtSchool, Coming, ForBrokers, PackageTurn
from convenor.support.rules.states import Who
from convenor.web.addresses import address
from convenor.web.todo import Door, Entry, Thing, Weight, Work, said

TASK = Work(words=160, letters=120, presses=4, choices=2, thought_seconds=30)
NOTE = Work(words=120, letters=260, presses=4, choices=2, thought_seconds=20)
ANSWER = Work(words=160, presses=8, choices=8, thought_seconds=30)
MARK = Work(words=140, presses=2, choices=1, thought_seconds=20)
RING = Work(words=140, presses=2, choices=1, thought_seconds=40)
MENTOR = Work(words=120, presses=2, choices=1, thought_seconds=30)
MATCH = Work(words=300, presses=5, choices=4, thought_seconds=60)
CALLS = Work(words=120, presses=2, choices=2, thought_seconds=60)
ASSURE = Work(words=120, presses=4, choices=2, thought_seconds=20)


def personal_things(
    viewer: Any, on: date, urns: tuple[str, ...], also: Mapping[str, Any] | None = None
) -> tuple[list[Thing], list[Entry], frozenset[str] | None]:  # fmt: skip
    """What waits for somebody at these schools and on packages, and the visits to come. At most four queries; one for most.

    `also` are questions of other features that are asked with the first of them; which are so comes last, None where nothing was asked.
    """
    if not waiting.on_room(viewer):
        return [], [], None
    slug, several = viewer.partnership.slug, len(viewer.urns) > 1
    found = waiting.personal(urns, viewer=viewer, at=on, packages=True, also=also)
    things = [_task(each, slug, on, several=several) for each in found.turns if Who.BROKER not in each.who]
    things += _at_school(found.asked, slug, urns[0]) if found.asked is not None else []
    visits = waiting.visits_to_come(found.turns, viewer=viewer, at=on)
    return [thing for thing in things if thing is not None], days_to_come(visits, slug), found.also


def _task(turn: PackageTurn, slug: str, on: date, *, several: bool) -> Thing | None:
    """The first thing that a package asks of somebody."""
    href = address("support-package", slug, turn.pk)
    if turn.mine is None or not href:
        return None
    due = turn.mine.due_on
    where = f"{turn.school}. " if several or not turn.receiving else "Your package of support. "
    late = due is not None and due < on
    why = where + (f"{'It was planned for' if late else 'By'} {said(due)}." if due else f"It stands at: {turn.stands}.")
    weight = Weight.OPEN if due is None else Weight.OVERDUE if late else Weight.DATED
    work = NOTE if turn.mine.who is Who.SUPPORTER else TASK
    return Thing(f"support-{turn.pk}", turn.mine.name, why, work.minutes, (Door("Open the package", href, main=True),), weight, due)


def _at_school(found: AtSchool, slug: str, urn: str) -> list[Thing | None]:
    """What support asks of a school besides its packages."""
    answer, contacts = address("support-answer", slug), address("support-contacts", slug)
    rings, mentors = address("support-rings", slug), address("support-mentors", slug)
    own = f"{contacts}?school={urn}" if contacts else ""
    visits = address("support-visits", slug, found.noted) if found.noted else ""
    return [
        _thing("notes", found.visit_notes, "Say whether the note of a visit is right", "Say whether {n} notes of visits are right",
               "The supporter wrote it for you. What you say stands beside it for ever.", MARK, visits, Weight.OPEN),
        _thing("contact", found.contact_notes, "Say whether a note about your school is right",
               "Say whether {n} notes about your school are right",
               "Somebody was in touch and wrote it down. You read it first, and what you say stands beside it.", MARK, own, Weight.OPEN),
        _thing("ring", found.rings, "A support ring waits for your word", "{n} support rings wait for your word",
               "You would give what you are good at and get what you asked for. No money moves.", RING, rings, Weight.OPEN),
        _thing("mentor", found.mentors, "A mentor is offered to you", "{n} mentors are offered to you",
               "A head who knows the post. Nobody keeps what the two of you speak about.", MENTOR, mentors, Weight.OPEN),
        _thing(f"answer-{urn}", 0 if found.answered else 1, "Say what you can offer, and what you want to learn", "",
               f"Every school is asked both, once a year: {found.year}. It is filled in as far as we know.", ANSWER,
               f"{answer}?school={urn}" if answer else "", Weight.WORTH),
    ]  # fmt: skip


def days_to_come(visits: Iterable[Coming], slug: str) -> list[Entry]:
    """Visits of support from today on, in their order."""

    def label(each: Coming) -> str:
        return "Support visit at your school" if each.receiving else f"Support visit at {each.school}"

    return [Entry(each.on, label(each), address("support-package", slug, each.package)) for each in visits]


def broker_things(viewer: Any, on: date) -> list[Thing]:
    """What waits for whoever matches, in at most two kinds; none names a school."""
    found = waiting.for_brokers(viewer=viewer, at=on)
    if found is None:
        return []
    slug = viewer.partnership.slug
    turns = [each for each in waiting.own_turns(viewer=viewer, at=on, urns=()) if Who.BROKER in each.who]
    return [thing for thing in (_waiting(found, slug), _held(turns, slug, on)) if thing is not None]


def _waiting(found: ForBrokers, slug: str) -> Thing | None:
    first = f"The first asked on {said(found.first_on)}." if found.first_on else ""
    unmet = f" {found.unmet} found nobody so far." if found.unmet else ""
    return _thing(
        "needs", found.waiting, "A school asks for support", "{n} requests for support wait", f"{first}{unmet}", MATCH,
        address("support-needs", slug), Weight.OPEN,
    )  # fmt: skip


def _held(turns: list[PackageTurn], slug: str, on: date) -> Thing | None:
    """The broker's own packages that wait for them."""
    mine = [each for each in turns if each.mine is not None]
    dated = [each.mine.due_on for each in mine if each.mine is not None and each.mine.due_on is not None]
    first, late = min(dated, default=None), sum(day < on for day in dated)
    why = f"The first by {said(first)}." if first is not None and not late else _past(late, len(mine)) if late else ""
    weight = Weight.OVERDUE if late else Weight.DATED if first is not None else Weight.OPEN
    return _thing(
        "packages", len(mine), "A package you hold waits for you", "{n} packages you hold wait for you", why, TASK,
        address("support-packages", slug) or address("support", slug), weight, first,
    )  # fmt: skip


def _past(late: int, count: int) -> str:
    """How many of the broker's packages are past a planned day."""
    return "Past the planned day." if late == count else f"{late} of them past the planned day."


def coordinator_things(viewer: Any, on: date) -> list[Thing]:
    """What waits for whoever follows packages and keeps the directory. None of it names a school. Three queries."""
    if not waiting.on_room(viewer):
        return []
    slug = viewer.partnership.slug
    turns = waiting.followed_turns(viewer=viewer, at=on)
    late = [each for each in turns if each.next is not None and each.next.due_on is not None and each.next.due_on < on]
    ending = waiting.assurance_ending(viewer=viewer, at=on)
    found = [
        _thing("late", len(late), "A package is past a planned day", "{n} packages are past a planned day",
               f"Of {len(turns)} under way. Often a call is all it takes.", CALLS,
               address("support-packages", slug) or address("support", slug), Weight.OPEN),
        _thing("assurance", ending, "A supporter’s assurance ends", "{n} supporters’ assurance ends",
               "Within two months, or it has ended. Without it nobody is matched with them.", ASSURE, address("support-directory", slug),
               Weight.WORTH),
    ]  # fmt: skip
    return [thing for thing in found if thing is not None]


def ask_door(viewer: Any, urn: str) -> str:
    """Where a school asks for support, for whoever may ask for it; an empty text for everybody else and where the room is off."""
    may = waiting.on_room(viewer) and viewer.may(Permission.SUPPORT_ASK, urn=urn)
    found = address("support-need-ask", viewer.partnership.slug) if may else ""
    return f"{found}?school={urn}" if found else ""


def totals_door(viewer: Any) -> str:
    """How support goes, for whoever sees totals; an empty text for everybody else and where the room is off."""
    may = waiting.on_room(viewer) and viewer.may(Permission.SUPPORT_TOTALS_SEE)
    return address("support-totals", viewer.partnership.slug) if may else ""


def _thing(
    key: str, count: int, one: str, many: str, why: str, work: Work, href: str, weight: Weight, by: date | None = None
) -> Thing | None:
    if not count or not href:
        return None
    title = one if count == 1 else many.format(n=count)
    return Thing(f"support-{key}", title, why, work.minutes, (Door("Open it", href, main=True),), weight, by)
