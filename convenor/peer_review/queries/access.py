"""Who may read a review's report and who looked at it: for its host, who decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from convenor.journal.queries import LookSeen, looks_at
from convenor.partnership.models import Appointment, Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.queries.person import LARGEST_KEY
from convenor.peer_review.models import Grant, TeamMember
from convenor.peer_review.queries.standing import ReviewHere
from convenor.peer_review.rules.ownership import TEAM_READS_FOR, Sight, team_still_reads

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: How many people a search brings.
FOUND_AT_MOST = 10
#: How many looks the host is shown: every one of a cycle, whatever else was looked at.
LOOKS_AT_MOST = 1000
#: With what every look at a review begins, in the words in which it was written down.
REVIEW_LOOK = "peer review: "


@dataclass(frozen=True, slots=True)
class GrantSeen:
    """Somebody whom the host lets read the report, since when and until when. `stands`: whether they read it today."""

    pk: int
    person_id: int
    name: str
    granted_at: datetime
    granted_by: str
    until_on: date | None
    withdrawn_at: datetime | None
    stands: bool

    @property
    def last_on(self) -> date | None:
        """The last day on which they read it, where the host set one."""
        return self.until_on - timedelta(days=1) if self.until_on else None


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody the host might let read: their name, and what they do in the partnership."""

    person_id: int
    name: str
    does: str


@dataclass(frozen=True, slots=True)
class AccessSeen:
    """Who reads a report and who looked. `team_until_on` is the last day on which the team reads it, None before it is final."""

    here: ReviewHere
    grants: tuple[GrantSeen, ...]
    team: tuple[Reader, ...]
    team_until_on: date | None
    team_reads: bool
    looks: tuple[LookSeen, ...]


def access(here: ReviewHere, *, viewer: Viewer, at: datetime) -> AccessSeen | None:
    """Who may read a review's report, and who looked; None for everybody but its host. Three queries."""
    if not here.sees(Sight.ACCESS):
        return None
    on = day_of(at)
    rows = Grant.objects.filter(review_id=here.pk).select_related("person").order_by("-granted_at", "-id")
    grants = tuple(
        GrantSeen(
            each.pk, each.person_id, each.person.name, each.granted_at, each.granted_by, each.until_on, each.withdrawn_at,
            each.withdrawn_at is None and (each.until_on is None or each.until_on > on),
        )
        for each in rows
    )  # fmt: skip
    until = here.final_on + TEAM_READS_FOR if here.final_on else None
    looks = looks_at(here.urn, viewer=viewer, beginning=REVIEW_LOOK, limit=LOOKS_AT_MOST)
    reads = team_still_reads(here.state, here.final_on, on)
    return AccessSeen(here, grants, team(here, viewer=viewer), until, reads, tuple(looks))


def team(here: ReviewHere, *, viewer: Viewer) -> tuple[Reader, ...]:
    """The team of today, each once, for whoever sees it. One query."""
    if not here.sees(Sight.TEAM):
        return ()
    rows = TeamMember.objects.filter(review_id=here.pk, left_on=None).order_by("reviewer__person__name", "id")
    named = rows.values_list("reviewer__person_id", "reviewer__person__name", "reviewer__school__name")
    return tuple({pk: Reader(pk, name, school or "independent reviewer") for pk, name, school in named}.values())


def people(here: ReviewHere, text: str, *, viewer: Viewer, at: datetime) -> tuple[Reader, ...]:
    """People of the partnership whose name holds the text, for the host to choose from: ten at most, none for a text of one letter.

    Those who act for the host school are not among them: they read it anyway. Two queries; none for anybody but the host.
    """
    wanted = " ".join(text.replace("\x00", "").split())
    if not here.sees(Sight.ACCESS) or len(wanted) < 2:
        return ()
    return _people(here, Q(person__name__icontains=wanted), on=day_of(at))[:FOUND_AT_MOST]


def person(here: ReviewHere, person_id: int, *, viewer: Viewer, at: datetime) -> Reader | None:
    """One person of the partnership whom the host might let read; None for anybody else."""
    if not here.sees(Sight.ACCESS) or not 0 < person_id <= LARGEST_KEY:
        return None
    return next(iter(_people(here, Q(person_id=person_id), on=day_of(at))), None)


def _people(here: ReviewHere, which: Q, *, on: date) -> tuple[Reader, ...]:
    own = set(Tenure.objects.filter(in_force(on), post__school_id=here.urn).values_list("person_id", flat=True))
    posts = Tenure.objects.filter(in_force(on), which, partnership__slug=here.slug, person__is_active=True)
    seats = Appointment.objects.filter(in_force(on), which, partnership__slug=here.slug, person__is_active=True)
    found: dict[int, Reader] = {}
    for pk, name, title, school in posts.order_by("person__name", "id").values_list(
        "person_id", "person__name", "post__title", "post__school__name"
    ):
        found.setdefault(pk, Reader(pk, name, ", ".join(word for word in (title, school) if word)))
    for pk, name, title, body in seats.order_by("person__name", "id").values_list(
        "person_id", "person__name", "seat__title", "seat__body__name"
    ):
        found.setdefault(pk, Reader(pk, name, f"{title}, {body}"))
    return tuple(sorted((each for each in found.values() if each.person_id not in own), key=lambda each: (each.name, each.person_id)))
