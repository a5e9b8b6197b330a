"""What a school and a reviewer answer to a round, for themselves: filled with what they said last time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F

from convenor.partnership.queries.holdings import day_of
from convenor.partnership.queries.terms import calendars
from convenor.partnership.roles import Permission
from convenor.peer_review.models import Objection, ReviewRound, RoundOffer, RoundSchool
from convenor.peer_review.queries.register import ReviewerSeen, own_reviewer, reviewers_of_school
from convenor.peer_review.queries.rounds import RoundHere, reviewers_asked, round_here
from convenor.peer_review.rules.answers import Days, Week, weeks_of
from convenor.peer_review.rules.states import RoundState
from convenor.registers.models import School

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: The one state in which answers are taken.
OPEN = RoundState.OPEN.value


@dataclass(frozen=True, slots=True)
class Colleague:
    """A reviewer of the school, and what they offer to the round: `reviews` is None until somebody said."""

    reviewer: ReviewerSeen
    reviews: int | None


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """A school's answer to a round, for its own people. `hosts` is None until it has answered; then what it said in its last round
    fills the page (`from_before` names that round). `may_speak`: they may say whether it hosts.

    `read_at` tells whether somebody else of the school answered since. `others` are further schools of theirs still to answer for.
    """

    round: RoundHere
    urn: str
    school: str
    hosts: bool | None
    focus: tuple[str, ...]
    days: Days
    school_days: tuple[date, ...]
    answered_at: datetime | None
    answered_by: str
    withdrawn_on: date | None
    from_before: str
    may_speak: bool
    colleagues: tuple[Colleague, ...]
    objections: int
    others: tuple[tuple[str, str], ...]

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The school days of the round by week."""
        return weeks_of(self.school_days)


@dataclass(frozen=True, slots=True)
class OfferPage:
    """A reviewer's own offer to a round; `reviews` is None until they have answered, and `usual` what they offered last time."""

    round: RoundHere
    reviewer: ReviewerSeen
    reviews: int | None
    usual: int
    days: Days
    school_days: tuple[date, ...]
    answered_at: datetime | None
    withdrawn_on: date | None

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The school days of the round by week."""
        return weeks_of(self.school_days)


@dataclass(frozen=True, slots=True)
class Waits:
    """An open round that waits for this viewer: for the answer of a school of theirs, or, with no `urn`, for their own offer."""

    slug: str
    pk: int
    name: str
    by_on: date
    urn: str = ""
    school: str = ""


def answer_page(slug: str, pk: int, urn: str, *, viewer: Viewer, at: date | datetime) -> AnswerPage | None:
    """A school's answer to a round, for its own people; None for everybody else and for a school that was not asked. At most twelve
    queries."""
    if not viewer.may(Permission.REVIEW_HOST, urn=urn):
        return None
    here = round_here(slug, pk, viewer=viewer, at=at)
    row = RoundSchool.objects.filter(round_id=pk, school_id=urn).select_related("school").first() if here else None
    if here is None or row is None:
        return None
    before = None
    if row.answered_at is None:
        former = RoundSchool.objects.filter(round__partnership__slug=slug, school_id=urn).exclude(answered_at=None)
        before = former.select_related("round").order_by("-round__visits_from_on", "-round_id").first()
    shown = before or row
    may_speak = viewer.may(Permission.SCHOOL_SPEAK, urn=urn)
    others = RoundSchool.objects.filter(round_id=pk, school_id__in=viewer.urns, answered_at=None, withdrawn_on=None).exclude(school_id=urn)
    stand = Objection.objects.filter(partnership__slug=slug, school_id=urn, withdrawn_at=None)
    return AnswerPage(
        round=here,
        urn=urn,
        school=row.school.name,
        hosts=shown.hosts,
        focus=tuple(shown.focus),
        days=_days(row.any_day, row.days),
        school_days=_school_days(here, row.school.authority_id, viewer),
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        withdrawn_on=row.withdrawn_on,
        from_before=before.round.name if before is not None else "",
        may_speak=may_speak,
        colleagues=_colleagues(urn, here, viewer, at),
        objections=stand.count() if may_speak else 0,
        others=tuple(others.order_by("school__name").values_list("school_id", "school__name")) if here.open else (),
    )


def own_asked(slug: str, pk: int, *, viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """URN and name of the viewer's own schools that a round asks, those still to answer first. One query."""
    urns = [urn for urn in viewer.urns if viewer.may(Permission.REVIEW_HOST, urn=urn)]
    rows = RoundSchool.objects.filter(round__partnership__slug=slug, round_id=pk, school_id__in=urns)
    return tuple(rows.order_by(F("answered_at").asc(nulls_first=True), "school__name").values_list("school_id", "school__name"))


def offer_page(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> OfferPage | None:
    """The viewer's own offer to a round; None for somebody whom the round does not ask. At most nine queries."""
    here = round_here(slug, pk, viewer=viewer, at=at)
    if here is None or here.state is RoundState.DRAFT or not viewer.may(Permission.REVIEW_OFFER):
        return None
    mine = own_reviewer(viewer=viewer, at=at)
    if mine is None or not reviewers_asked(pk, on=day_of(at), viewer=viewer).filter(pk=mine.pk).exists():
        return None
    given = RoundOffer.objects.filter(round_id=pk, reviewer_id=mine.pk).first()
    last = RoundOffer.objects.filter(reviewer_id=mine.pk).exclude(round_id=pk).order_by("-answered_at").first() if given is None else None
    authority = School.objects.filter(urn=mine.urn).values_list("authority_id", flat=True).first() if mine.urn else None
    return OfferPage(
        here, mine, given.reviews if given else None, last.reviews if last else 1, _days(given.any_day, given.days) if given else Days(),
        _school_days(here, authority, viewer), given.answered_at if given else None, given.withdrawn_on if given else None,
    )  # fmt: skip


def rounds_waiting(*, viewer: Viewer, at: date | datetime) -> tuple[Waits, ...]:
    """The open rounds that wait for this viewer: for the answers of their schools, and for their own offer. Four queries."""
    here = viewer.partnership
    if here is None or viewer.person_id is None:
        return ()
    urns = [urn for urn in viewer.urns if viewer.may(Permission.REVIEW_HOST, urn=urn)]
    asked = RoundSchool.objects.filter(
        round__partnership_id=here.id, round__state=OPEN, school_id__in=urns, hosts=None, withdrawn_on=None
    ).order_by("round__answers_by_on", "school__name")  # fmt: skip
    found = [
        Waits(here.slug, row[0], row[1], row[2], row[3], row[4])
        for row in asked.values_list("round_id", "round__name", "round__answers_by_on", "school_id", "school__name")
    ]
    if viewer.may(Permission.REVIEW_OFFER):
        mine = own_reviewer(viewer=viewer, at=at)
        rows = _open_for(mine, here.id) if mine is not None else ()
        found += [Waits(here.slug, *row) for row in rows]
    return tuple(found)


def _open_for(mine: ReviewerSeen, partnership_id: int) -> Iterable[tuple[Any, ...]]:
    """The open rounds that ask a reviewer who has not answered. One query."""
    rows = ReviewRound.objects.filter(partnership_id=partnership_id, state=OPEN).exclude(offers__reviewer_id=mine.pk)
    if mine.urn:
        rows = rows.filter(schools__school_id=mine.urn)
    return rows.order_by("answers_by_on").values_list("id", "name", "answers_by_on")


def _colleagues(urn: str, here: RoundHere, viewer: Viewer, at: date | datetime) -> tuple[Colleague, ...]:
    """The school's reviewers with what they offer to the round."""
    people = reviewers_of_school(urn, viewer=viewer, at=at)
    rows = RoundOffer.objects.filter(round_id=here.pk, reviewer_id__in=[each.pk for each in people], withdrawn_on=None)
    offered = dict(rows.values_list("reviewer_id", "reviews"))
    return tuple(Colleague(each, offered.get(each.pk)) for each in people)


def _days(any_day: bool, days: Iterable[str]) -> Days:
    """Days as they are kept."""
    return Days(any_day, tuple(date.fromisoformat(each) for each in days))


def _school_days(here: RoundHere, authority: str | None, viewer: Viewer) -> tuple[date, ...]:
    """The school days of a round in an authority, or in the partnership's area."""
    calendar = calendars(here.slug, viewer=viewer).of(authority or "")
    return tuple(calendar.days(here.visits_from_on, here.visits_until_on))
