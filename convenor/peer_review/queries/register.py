"""The register of reviewers: for whoever keeps it, for a school of its own people, and for a reviewer of themselves.

Declared interests are read by nobody but whoever declared them; objections by nobody but those who speak for the school.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from convenor.partnership.models import Membership, Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import ROLES, Permission
from convenor.peer_review.models import DeclaredInterest, Objection, Reviewer, Training
from convenor.peer_review.rules import register as rules
from convenor.peer_review.rules.register import Trained, TrainingState
from convenor.peer_review.rules.states import Interest, TrainingKind
from convenor.registers.models import School

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: What a page of the register knows of a reviewer, in the order of `ReviewerSeen`.
FIELDS = (
    "id", "person_id", "person__name", "school_id", "school__name", "school__phase", "can_lead", "can_champion", "expertise",
    "days_a_year", "from_on", "until_on", "easting", "northing",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReviewerSeen:
    """Somebody on the register. `urn` is where they come from, "" for an independent reviewer. Never their interests.

    `trained_until` is the last day on which their training counts, `champion_until` that of the training to lead workshops.
    """

    pk: int
    person_id: int
    name: str
    urn: str
    school: str
    phase: str
    can_lead: bool
    can_champion: bool
    expertise: tuple[str, ...]
    days_a_year: int
    from_on: date
    until_on: date | None
    placed: bool
    trainings: tuple[Trained, ...]
    trained_until: date | None
    champion_until: date | None
    training: TrainingState

    @property
    def independent(self) -> bool:
        """Whether they come from no school."""
        return not self.urn


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """The register as whoever keeps it sees it. `left` is how many are no longer on it."""

    reviewers: tuple[ReviewerSeen, ...]
    left: int

    def counted(self, state: TrainingState) -> int:
        """How many reviewers' training stands so."""
        return sum(each.training is state for each in self.reviewers)

    @property
    def leads(self) -> int:
        """How many can lead and are trained."""
        ready = (TrainingState.IN_DATE, TrainingState.ENDS_SOON)
        return sum(each.can_lead and each.training in ready for each in self.reviewers)


@dataclass(frozen=True, slots=True)
class InterestSeen:
    """An interest, for whoever declared it. `until_on` is the first day on which it no longer stands."""

    id: int
    urn: str
    school: str
    kind: Interest
    until_on: date | None


@dataclass(frozen=True, slots=True)
class ReviewerMe:
    """A reviewer's own page. `reviewer` is None for somebody who may offer and is not on the register yet."""

    reviewer: ReviewerSeen | None
    interests: tuple[InterestSeen, ...]
    homes: tuple[tuple[str, str], ...]
    schools: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ObjectionSeen:
    """An objection, for those who speak for the school."""

    id: int
    urn: str
    school: str
    declared_at: datetime


@dataclass(frozen=True, slots=True)
class ObjectionsPage:
    """A school's own objections, and the schools that it could name."""

    urn: str
    school: str
    objections: tuple[ObjectionSeen, ...]
    schools: tuple[tuple[str, str], ...]


def trained_until(reviewer_ids: Iterable[int], *, viewer: Any) -> dict[int, date]:
    """For each reviewer the last day on which their training to review counts; whoever was never trained is absent. One query.

    For the matching and the pages that show it; training is shared within the partnership.
    """
    return {pk: until for pk, rows in _trainings(reviewer_ids).items() if (until := rules.trained_until(rows)) is not None}


def champion_until(reviewer_ids: Iterable[int], *, viewer: Any) -> dict[int, date]:
    """The same for the training to lead improvement workshops. One query."""
    return {pk: until for pk, rows in _trainings(reviewer_ids).items() if (until := rules.champion_until(rows)) is not None}


def register(*, viewer: Viewer, at: date | datetime) -> RegisterPage | None:
    """The register of the viewer's partnership on the day, for whoever keeps it; None for everybody else. Three queries."""
    here = viewer.partnership
    if here is None or not viewer.may(Permission.REVIEWER_REGISTER):
        return None
    on = day_of(at)
    rows = Reviewer.objects.filter(in_force(on), partnership_id=here.id)
    left = Reviewer.objects.filter(partnership_id=here.id, until_on__lte=on).count()
    return RegisterPage(_seen(rows, on), left)


def reviewer_on_register(pk: int, *, viewer: Viewer, at: date | datetime) -> ReviewerSeen | None:
    """One reviewer, for whoever keeps the register. Two queries."""
    here = viewer.partnership
    if here is None or not viewer.may(Permission.REVIEWER_REGISTER):
        return None
    on = day_of(at)
    return next(iter(_seen(Reviewer.objects.filter(in_force(on), partnership_id=here.id, pk=pk), on)), None)


def reviewers_of_school(urn: str, *, viewer: Viewer, at: date | datetime) -> tuple[ReviewerSeen, ...]:
    """The reviewers who come from a school, for the school's own people. Two queries."""
    here = viewer.partnership
    if here is None or not viewer.may(Permission.REVIEW_HOST, urn=urn):
        return ()
    on = day_of(at)
    return _seen(Reviewer.objects.filter(in_force(on), partnership_id=here.id, school_id=urn), on)


def own_reviewer(*, viewer: Viewer, at: date | datetime) -> ReviewerSeen | None:
    """The viewer's own row of the register; None where they are not on it. Two queries."""
    here = viewer.partnership
    if here is None or viewer.person_id is None:
        return None
    on = day_of(at)
    return next(iter(_seen(Reviewer.objects.filter(in_force(on), partnership_id=here.id, person_id=viewer.person_id), on)), None)


def reviewer_me(*, viewer: Viewer, at: date | datetime) -> ReviewerMe | None:
    """A reviewer's own page, with the interests that nobody else reads; None for somebody who may not offer. Five queries.

    Interests whose last day has passed are not shown: they ended by themselves.
    """
    here = viewer.partnership
    if here is None or viewer.person_id is None or not viewer.may(Permission.REVIEW_OFFER):
        return None
    on = day_of(at)
    mine = own_reviewer(viewer=viewer, at=at)
    rows = DeclaredInterest.objects.filter(reviewer_id=mine.pk).exclude(until_on__lte=on) if mine else DeclaredInterest.objects.none()
    interests = tuple(
        InterestSeen(row[0], row[1], row[2], Interest(row[3]), row[4])
        for row in rows.order_by("school__name").values_list("id", "school_id", "school__name", "kind", "until_on")
    )
    schools = member_names(viewer=viewer, at=at)
    own = set(viewer.urns)
    return ReviewerMe(mine, interests, tuple(each for each in schools if each[0] in own), schools)


def objections(urn: str, *, viewer: Viewer, at: date | datetime) -> ObjectionsPage | None:
    """A school's objections that stand, for those who speak for it; None for everybody else, the coordinator among them. Two queries."""
    here = viewer.partnership
    if here is None or not viewer.may(Permission.SCHOOL_SPEAK, urn=urn):
        return None
    names = member_names(viewer=viewer, at=at)
    known = dict(names)
    if urn not in known:
        return None
    rows = Objection.objects.filter(partnership_id=here.id, school_id=urn, withdrawn_at=None).order_by("objects_to__name")
    found = tuple(ObjectionSeen(*row) for row in rows.values_list("id", "objects_to_id", "objects_to__name", "declared_at"))
    named = {each.urn for each in found} | {urn}
    return ObjectionsPage(urn, known[urn], found, tuple(each for each in names if each[0] not in named))


def member_names(*, viewer: Viewer, at: date | datetime) -> tuple[tuple[str, str], ...]:
    """URN and name of the member schools on the day, by name: membership is public. One query."""
    here = viewer.partnership
    if here is None:
        return ()
    rows = Membership.objects.filter(in_force(day_of(at)), partnership_id=here.id).order_by("school__name", "school_id")
    return tuple(rows.values_list("school_id", "school__name"))


def may_review(person_id: int, *, slug: str, viewer: Any, at: date | datetime) -> bool:
    """Whether a post that somebody holds in a partnership, or is to hold, lets them review; for whoever keeps its register. One query."""
    rows = Tenure.objects.filter(Q(until_on=None) | Q(until_on__gt=day_of(at)), partnership__slug=slug, person_id=person_id)
    held = (ROLES.get(role) for role in rows.values_list("post__role", flat=True))
    return any(role is not None and Permission.REVIEW_OFFER in role.permissions for role in held)


def place_of(urn: str, *, viewer: Any) -> tuple[int | None, int | None] | None:
    """Where the register places a school: easting and northing in metres, None for what it does not say; None for no such school."""
    return School.objects.filter(urn=urn).values_list("easting", "northing").first()


def _trainings(reviewer_ids: Iterable[int]) -> dict[int, list[Trained]]:
    """The trainings of each reviewer. One query."""
    found: dict[int, list[Trained]] = defaultdict(list)
    rows = Training.objects.filter(reviewer_id__in=list(reviewer_ids)).order_by("trained_on", "id")
    for pk, kind, trained_on, until in rows.values_list("reviewer_id", "kind", "trained_on", "valid_until_on"):
        found[pk].append(Trained(TrainingKind(kind), trained_on, until))
    return found


def _seen(rows: Any, on: date) -> tuple[ReviewerSeen, ...]:
    """Rows of the register with their training, by name. Two queries."""
    found = list(rows.order_by("person__name", "id").values_list(*FIELDS))
    trained = _trainings(row[0] for row in found)
    seen = []
    for row in found:
        mine = tuple(trained.get(row[0], ()))
        until = rules.trained_until(mine)
        seen.append(
            ReviewerSeen(
                row[0], row[1], row[2], row[3] or "", row[4] or "", row[5] or "", row[6], row[7], tuple(row[8]), row[9], row[10], row[11],
                bool(row[3]) or row[12] is not None, mine, until, rules.champion_until(mine), rules.state_on(until, on),
            )
        )  # fmt: skip
    return tuple(seen)
