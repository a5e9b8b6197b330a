"""What stands in a calendar about peer reviews: days and where, never a question, a focus or a finding.

A calendar is read by telephones, secretaries and whoever shares it, so an entry holds no more than the kind of appointment, the school's
name and the address of the page that only those may open who may see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from convenor.peer_review.rules.gates import Next
from convenor.peer_review.rules.states import State, Step

DAY: Final = timedelta(days=1)
#: An entry is written for as long as it can matter.
KEPT_BACK: Final = timedelta(days=366)


class Entry(StrEnum):
    """The kinds of entry, as their first words."""

    VISIT = "Peer review visit"
    WORKSHOP = "Improvement workshop"
    IMPACT = "Impact visit"
    DUE = "Peer review"


class Method(StrEnum):
    """What an invitation asks of a calendar (RFC 5546): take it in, or take it out."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One entry: whole days, half-open. `uid` never changes for the same appointment; `sequence` rises with each change of it."""

    uid: str
    summary: str
    from_on: date
    until_on: date
    changed_at: datetime
    sequence: int = 0
    place: str = ""
    href: str = ""
    takes_the_day: bool = True


@dataclass(frozen=True, slots=True)
class Appointments:
    """A review as one person's calendar asks about it. `mine` says whether the next step is theirs, `due_on` by when it is planned."""

    pk: int
    slug: str
    school: str
    state: State
    next: Next | None
    due_on: date | None
    mine: bool
    visit_from_on: date | None
    visit_until_on: date | None
    workshop_on: date | None
    impact_on: date | None
    version: int
    changed_at: datetime
    round_began_at: datetime | None


#: What is to be done by a due day, as an entry says it: never what it is about.
DUE_WORDS: Final[dict[Step, str]] = {
    Step.FOCUS_AGREED: "say what the team looks into",
    Step.DATA_SHARED: "share the self-review",
    Step.REPORT_DRAFT: "write the draft report",
    Step.REPORT_FINAL: "check the draft report",
    Step.MENDED: "answer the corrections",
    Step.WORKSHOP_DONE: "hold the workshop",
    Step.ACTIONS_AGREED: "agree priorities",
}
#: A review in these states has no visit in anybody's calendar.
NO_VISIT: Final = frozenset({State.DRAFT, State.WITHDRAWN, State.POSTPONED})


def uid_of(pk: int, slug: str, what: Entry, began_at: datetime | None) -> str:
    """The lasting name of an appointment, the same in every invitation and feed; unlike that of any other installation or round."""
    stamp = f"{began_at:%Y%m%d%H%M%S}" if began_at is not None else "0"
    return f"{what.name.lower()}-{pk}-{stamp}@{slug}.convenor"


def entries_of(reviews: Iterable[Appointments], *, on: date) -> list[CalendarEntry]:
    """What stands in a person's calendar on a day, by day: visits, workshop, impact visit, and what is due from them."""
    found = [entry for review in reviews for entry in (*_visit(review), *_after(review), *_due(review))]
    return sorted((each for each in found if each.until_on >= on - KEPT_BACK), key=lambda each: (each.from_on, each.uid))


def visit_entry(review: Appointments) -> CalendarEntry:
    """The visit itself, as an invitation and a feed hold it. It must have days."""
    assert review.visit_from_on is not None
    assert review.visit_until_on is not None
    return CalendarEntry(
        uid_of(review.pk, review.slug, Entry.VISIT, review.round_began_at), f"{Entry.VISIT}: {review.school}", review.visit_from_on,
        review.visit_until_on, review.changed_at, review.version, review.school, _href(review),
    )  # fmt: skip


def _visit(review: Appointments) -> Sequence[CalendarEntry]:
    if review.visit_from_on is None or review.visit_until_on is None or review.state in NO_VISIT:
        return ()
    return (visit_entry(review),)


def _after(review: Appointments) -> list[CalendarEntry]:
    """The workshop and the impact visit, where they have a day."""
    if review.state in NO_VISIT:
        return []
    days = ((Entry.WORKSHOP, review.workshop_on), (Entry.IMPACT, review.impact_on))
    return [
        CalendarEntry(
            uid_of(review.pk, review.slug, what, review.round_began_at), f"{what}: {review.school}", day, day + DAY, review.changed_at,
            review.version, review.school, _href(review),
        )
        for what, day in days
        if day is not None
    ]  # fmt: skip


def _due(review: Appointments) -> list[CalendarEntry]:
    """What is due from this very person by a day."""
    step = review.next.step if review.next else None
    if not review.mine or review.due_on is None or step not in DUE_WORDS:
        return []
    uid = uid_of(review.pk, review.slug, Entry.DUE, review.round_began_at).replace("due-", f"due-{step.value}-", 1)
    summary = f"{Entry.DUE}, {review.school}: {DUE_WORDS[step]} by today"
    return [
        CalendarEntry(
            uid, summary, review.due_on, review.due_on + DAY, review.changed_at, review.version, "", _href(review), takes_the_day=False
        )
    ]


def digest_of(token: str) -> str:
    """What is kept of a secret address: it cannot be turned back, and 256 bits by chance cannot be guessed."""
    return sha256(token.encode()).hexdigest()


def _href(review: Appointments) -> str:
    """Where the page is, below the site's own address."""
    return f"/p/{review.slug}/reviews/{review.pk}/"
