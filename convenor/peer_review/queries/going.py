"""Which reviews of a round go on, and which visits have begun: what may still change of its teams."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from convenor.accounts.models import Person
from convenor.partnership.models import Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import ROLES, ChairOfGovernors, Head, HeldAt, Permission
from convenor.peer_review.models import PeerReview, Reviewer
from convenor.peer_review.queries.steps import Somebody
from convenor.peer_review.rules.states import RoundState, State

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Reviews whose teams may still change: nobody has come to the school yet.
NOT_BEGUN: Final = (
    State.DRAFT.value, State.SCHEDULED.value, State.FOCUS_AGREED.value, State.DATA_SHARED.value, State.POSTPONED.value,
)  # fmt: skip
#: Where a postponed review may stand for its team to change still.
_BEFORE: Final = (*NOT_BEGUN[:-1], "")


def going(round_id: int, *, viewer: Viewer) -> Any:
    """Rows of the round's reviews that were not withdrawn; for whoever runs the round, whom the caller has asked for."""
    return PeerReview.objects.filter(round_id=round_id).exclude(state=State.WITHDRAWN.value)


def may_change(round_id: int, *, viewer: Viewer) -> Any:
    """Those of them whose visit has not begun."""
    return going(round_id, viewer=viewer).filter(state__in=NOT_BEGUN, resumes__in=_BEFORE)


def reviewed_hosts(round_id: int, *, viewer: Viewer) -> frozenset[str]:
    """The schools whose review goes on. One query."""
    return frozenset(going(round_id, viewer=viewer).values_list("school_id", flat=True))


def begun_hosts(round_id: int, state: RoundState, *, viewer: Viewer) -> frozenset[str]:
    """The hosts whose visit has begun: their teams stay as they are. Two queries, none before the teams are published."""
    if state is not RoundState.PUBLISHED:
        return frozenset()
    return reviewed_hosts(round_id, viewer=viewer) - set(may_change(round_id, viewer=viewer).values_list("school_id", flat=True))


def whom_to_tell(reviewers: Collection[int], urns: Collection[str], *, viewer: Viewer, at: date | datetime) -> list[Somebody]:
    """These reviewers, and the heads and chairs of these schools today, each once. Two queries, none where nobody is asked for."""
    if viewer.partnership is None or not (reviewers or urns):
        return []
    rows = list(Reviewer.objects.filter(pk__in=reviewers, person__is_active=True).values_list("person_id", "person__name", "person__email"))
    posts = Tenure.objects.filter(in_force(day_of(at)), partnership_id=viewer.partnership.id, person__is_active=True)
    posts = posts.filter(post__school_id__in=urns, post__role__in=(Head.key, ChairOfGovernors.key))
    rows += posts.values_list("person_id", "person__name", "person__email")
    found = {pk: Somebody(pk, name, email or "") for pk, name, email in rows}
    return sorted(found.values(), key=lambda each: (each.name, each.person_id))


def coordinators(*, viewer: Viewer, at: date | datetime) -> list[Somebody]:
    """Whoever runs rounds of the whole partnership today, and the viewer, who runs this one; each once. One query."""
    if viewer.partnership is None:
        return []
    roles = [key for key, role in ROLES.items() if role.held_at is HeldAt.PARTNERSHIP and Permission.ROUND_RUN in role.permissions]
    posts = Tenure.objects.filter(in_force(day_of(at)), partnership_id=viewer.partnership.id, post__role__in=roles)
    people = Person.objects.filter(Q(pk=viewer.person_id) | Q(pk__in=posts.values("person_id")), is_active=True)
    return [Somebody(pk, name, email or "") for pk, name, email in people.order_by("name", "pk").values_list("pk", "name", "email")]
