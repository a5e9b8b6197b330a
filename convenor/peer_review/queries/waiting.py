"""What waits in peer review: at one school for its own people, for a reviewer, and for whoever runs rounds. Counts and days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Exists, OuterRef, Q

from convenor.partnership.models import Partnership
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.peer_review.models import AgreedPriority, PeerReview, Reviewer, ReviewRound, RoundOffer, RoundSchool, TeamMember
from convenor.peer_review.queries.turns import Turn, followed_turns, on_room, own_turns
from convenor.peer_review.rules.states import RoundState, State

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: A round whose answers may come no more is no longer asked about on homes after so many days: whoever runs it closes it.
ASKED_UNTIL: Final = timedelta(days=14)
#: A day that was agreed is spoken of so long before it comes, and so long after.
SOON: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Asked:
    """A round that asks a school, or a reviewer where `urn` is empty, and has no answer yet."""

    round_id: int
    name: str
    urn: str
    answers_by_on: date


@dataclass(frozen=True, slots=True)
class Mine:
    """What waits for somebody who takes part: rounds that ask their schools, rounds that ask what they offer, their reviews that go on."""

    asked: tuple[Asked, ...]
    offers: tuple[Asked, ...]
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class RoundNow:
    """A round as whoever runs it has it before them.

    `answered` of the `schools` asked have answered and `hosts` of them host; `offered` counts reviews; `dated` of its `reviews` have days.
    """

    pk: int
    name: str
    state: RoundState
    body: str
    answers_by_on: date
    visits_from_on: date
    visits_until_on: date
    schools: int
    answered: int
    hosts: int
    offered: int
    reviews: int
    dated: int

    @property
    def visits_last_on(self) -> date:
        """The last day on which visits are held."""
        return self.visits_until_on - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AsCoordinator:
    """What waits for whoever runs rounds: their rounds, newest first, and the reviews whose next step is past its day."""

    rounds: tuple[RoundNow, ...]
    late: tuple[Turn, ...]
    going: int


def mine(urns: tuple[str, ...] | None = None, *, viewer: Viewer, at: date | datetime) -> Mine | None:
    """What waits for somebody of a school, or a reviewer, or both; None for whoever is neither.

    `urns` narrows the schools they act for; without it, all of them. One query where the partnership has neither an open round nor a
    review that concerns them, at most four otherwise.
    """
    if not on_room(viewer) or not (viewer.may(Permission.REVIEW_OFFER) or viewer.may(Permission.REVIEW_HOST)):
        return None
    own = viewer.urns if urns is None else urns
    asking, reviewed = _anything(viewer, own)
    asked = rounds_asking(own, viewer=viewer, at=at) if asking else ()
    offers = offers_asked(viewer=viewer, at=at) if asking else ()
    return Mine(asked, offers, own_turns(viewer=viewer, at=at, urns=own) if reviewed else ())


def _anything(viewer: Viewer, urns: tuple[str, ...]) -> tuple[bool, bool]:
    """Whether a round of the partnership is open, and whether any review is of these schools or has this person on its team. One query."""
    assert viewer.partnership is not None
    assert viewer.person_id is not None
    rounds = ReviewRound.objects.filter(partnership_id=OuterRef("pk"), state=RoundState.OPEN.value)
    team = TeamMember.objects.filter(left_on=None, reviewer__person_id=viewer.person_id)
    reviews = PeerReview.objects.filter(Q(school_id__in=urns) | Q(pk__in=team.values("review_id")), partnership_id=OuterRef("pk"))
    here = Partnership.objects.filter(pk=viewer.partnership.id).annotate(asking=Exists(rounds), reviewed=Exists(reviews))
    return here.values_list("asking", "reviewed").first() or (False, False)


def priorities_due(turns: Iterable[Turn], *, viewer: Viewer, at: date | datetime) -> tuple[tuple[int, str, date], ...]:
    """Agreed priorities of the viewer's own schools whose day is near or has just passed: the review's key, the title, the day.

    They are the host's own words and go to nobody else. One query, or none where no review has come to its priorities.
    """
    own = [each.pk for each in turns if each.host and each.state is State.ACTIONS_AGREED]
    if not own:
        return ()
    on = day_of(at)
    near = AgreedPriority.objects.filter(review_id__in=own, result="", by_on__range=(on - SOON, on + SOON))
    return tuple(near.order_by("by_on", "review_id", "number").values_list("review_id", "title", "by_on"))


def rounds_asking(urns: tuple[str, ...], *, viewer: Viewer, at: date | datetime) -> tuple[Asked, ...]:
    """Rounds that ask these of the viewer's own schools and have no answer, the first to close first. One query."""
    own = [urn for urn in urns if viewer.may(Permission.REVIEW_HOST, urn=urn)]
    if not on_room(viewer) or not own:
        return ()
    assert viewer.partnership is not None
    asked = RoundSchool.objects.filter(
        round__partnership_id=viewer.partnership.id, round__state=RoundState.OPEN.value, school_id__in=own, answered_at=None,
        withdrawn_on=None, round__answers_by_on__gte=day_of(at) - ASKED_UNTIL,
    )  # fmt: skip
    rows = asked.order_by("round__answers_by_on", "round_id", "school_id")
    return tuple(Asked(*row) for row in rows.values_list("round_id", "round__name", "school_id", "round__answers_by_on"))


def offers_asked(*, viewer: Viewer, at: date | datetime) -> tuple[Asked, ...]:
    """Rounds that ask what this reviewer offers: those that ask their school; an independent reviewer is asked by all. One query."""
    on = day_of(at)
    if not on_room(viewer) or not viewer.may(Permission.REVIEW_OFFER):
        return ()
    assert viewer.partnership is not None
    assert viewer.person_id is not None
    me = Reviewer.objects.filter(partnership_id=viewer.partnership.id, person_id=viewer.person_id, from_on__lte=on)
    me = me.filter(Q(until_on=None) | Q(until_on__gt=on))
    independent = me.filter(school=None)
    from_asked = RoundSchool.objects.filter(round_id=OuterRef("pk"), withdrawn_on=None, school__reviewers__in=me)
    offered = RoundOffer.objects.filter(round_id=OuterRef("pk"), reviewer__in=me)
    rounds = ReviewRound.objects.filter(
        Exists(from_asked) | Exists(independent), ~Exists(offered), partnership_id=viewer.partnership.id, state=RoundState.OPEN.value,
        answers_by_on__gte=on - ASKED_UNTIL,
    )  # fmt: skip
    rows = rounds.order_by("answers_by_on", "pk").values_list("pk", "name", "answers_by_on")
    return tuple(Asked(pk, name, "", by_on) for pk, name, by_on in rows)


def as_coordinator(*, viewer: Viewer, at: date | datetime) -> AsCoordinator | None:
    """What waits for whoever runs rounds; None for everybody else. At most five queries.

    A lead has the rounds of the bodies they lead; whoever runs the partnership has all. Reviews are those they follow.
    """
    if not on_room(viewer) or not viewer.may(Permission.ROUND_RUN):
        return None
    turns, on = followed_turns(viewer=viewer, at=at), day_of(at)
    return AsCoordinator(rounds_run(viewer=viewer), tuple(each for each in turns if each.late(on)), len(turns))


def rounds_run(*, viewer: Viewer) -> tuple[RoundNow, ...]:
    """The rounds that this viewer runs and that go on, the one with the latest visits first. Two queries, or none."""
    if not on_room(viewer) or not viewer.may(Permission.ROUND_RUN):
        return ()
    assert viewer.partnership is not None
    rows = ReviewRound.objects.filter(partnership_id=viewer.partnership.id)
    rows = rows.exclude(state__in=(RoundState.ENDED.value, RoundState.WITHDRAWN.value))
    if not any(each.body_id is None and each.allows(Permission.ROUND_RUN) for each in viewer.holdings):
        rows = rows.filter(body_id__in=viewer.bodies(Permission.ROUND_RUN))
    here = Q(schools__withdrawn_on=None)
    counted = rows.annotate(
        asked=Count("schools", filter=here, distinct=True),
        answered=Count("schools", filter=here & Q(schools__answered_at__isnull=False), distinct=True),
        hosting=Count("schools", filter=here & Q(schools__hosts=True), distinct=True),
    )
    fields = (
        "pk", "name", "state", "body__name", "answers_by_on", "visits_from_on", "visits_until_on", "asked", "answered", "hosting",
    )  # fmt: skip
    told = list(counted.order_by("-visits_from_on", "-pk").values_list(*fields))
    ids = [row[0] for row in told]
    reviews = _reviews_of(ids) if ids else {}
    offered = _offered_of(ids) if ids else {}
    found = []
    for pk, name, state, body, by_on, first_on, until_on, asked, answered, hosting in told:
        made, dated = reviews.get(pk, (0, 0))
        days = (by_on, first_on, until_on)
        found.append(RoundNow(pk, name, RoundState(state), body or "", *days, asked, answered, hosting, offered.get(pk, 0), made, dated))
    return tuple(found)


def _reviews_of(rounds: list[int]) -> dict[int, tuple[int, int]]:
    """Reviews of each round that were not taken back, and how many of them have days."""
    rows = PeerReview.objects.filter(round_id__in=rounds).exclude(state=State.WITHDRAWN.value).order_by().values("round_id")
    counted = rows.annotate(n=Count("pk"), dated=Count("visit_from_on"))
    return {row["round_id"]: (row["n"], row["dated"]) for row in counted}


def _offered_of(rounds: list[int]) -> dict[int, int]:
    """How many reviews are offered to each round."""
    found: dict[int, int] = {}
    for round_id, reviews in RoundOffer.objects.filter(round_id__in=rounds, withdrawn_on=None).values_list("round_id", "reviews"):
        found[round_id] = found.get(round_id, 0) + reviews
    return found
