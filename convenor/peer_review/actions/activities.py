"""What is done on the visit: planned by the host or by the lead, each activity with somebody of the host, nobody in two places at once.

Each takes `by` (a viewer) and `at`. NotThere for those who see nothing of the review, NotYours for those who do not plan it, OutOfTurn
when there is nothing to plan any more, and what `rules.agenda.check_slot` raises.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.actions.review_rows import locked
from convenor.peer_review.models import Activity, PeerReview
from convenor.peer_review.queries.reviews import activities as activities_of
from convenor.peer_review.queries.reviews import team_names
from convenor.peer_review.queries.standing import ReviewHere
from convenor.peer_review.queries.steps import way_of, whos
from convenor.peer_review.rules.agenda import STARTS, Slot, check_slot, suggested
from convenor.peer_review.rules.gates import STATE_SAYS, Who
from convenor.peer_review.rules.preparing import WHILE_PLANNING
from convenor.peer_review.rules.refusals import ChangedMeanwhile, Missing, NotYours, OutOfTurn


@dataclass(frozen=True, slots=True)
class Planned:
    """An activity as somebody plans it. `reviewers` are keys; empty: the whole team."""

    title: str
    on: date
    starts: time
    ends: time
    host_partner: str
    kind: str = ""
    place: str = ""
    reviewers: frozenset[int] = frozenset()


def _planning(slug: str, review_id: int, by: Viewer, at: datetime) -> tuple[PeerReview, ReviewHere]:
    """The review, locked, for its host or its lead while the visit is planned."""
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    row, here = locked(slug, review_id, by=by, at=at)
    if not whos(here, viewer=by) & {Who.HOST, Who.LEAD}:
        raise NotYours("The school and the lead reviewer plan the visit. Nothing was changed.")
    if here.state not in WHILE_PLANNING:
        raise OutOfTurn(f"There is nothing to plan where the review stands: {STATE_SAYS[here.state]}. Nothing was changed.")
    return row, here


def _check(row: PeerReview, here: ReviewHere, plan: Planned, by: Viewer, *, but: int | None = None) -> None:
    others = [
        Slot(each.title, each.on, each.starts, each.ends, each.host_partner, each.reviewer_ids)
        for each in activities_of(here, viewer=by)
        if each.id != but
    ]
    slot = Slot(plan.title, plan.on, plan.starts, plan.ends, plan.host_partner, plan.reviewers)
    check_slot(slot, others, team=team_names(here, viewer=by), from_on=row.visit_from_on, until_on=row.visit_until_on)


def _note(row: PeerReview, what: str, slug: str, by: Viewer, at: datetime) -> None:
    """That the plan changed stands in the journal; what it says does not."""
    journal.record(
        by=by, at=at, verb=f"review.{what}", subject_kind="peer-review", subject_key=row.pk, partnership=slug,
        subject_label=row.school.name, urn=row.school_id,
    )  # fmt: skip


def plan_activity(*, slug: str, review_id: int, plan: Planned, by: Viewer, at: datetime) -> Activity:
    """An activity joins the visit."""
    with transaction.atomic():
        row, here = _planning(slug, review_id, by, at)
        _check(row, here, plan, by)
        made = Activity.objects.create(review=row, **_kept(plan))
        _note(row, "activity_planned", slug, by, at)
    return made


def change_activity(
    *, slug: str, review_id: int, activity_id: int, plan: Planned, by: Viewer, at: datetime, version: int | None = None
) -> Activity:  # fmt: skip
    """An activity changes. ChangedMeanwhile where somebody else changed it since `version`; NotThere for one that was removed."""
    with transaction.atomic():
        row, here = _planning(slug, review_id, by, at)
        one = _one(row, activity_id)
        if version is not None and version != one.version:
            raise ChangedMeanwhile(
                f"Somebody changed this activity since you opened the page: now it is “{one.title}”, {one.starts:%H:%M} to "
                f"{one.ends:%H:%M}, with {one.host_partner}. What you wrote is still here; save again if it should stand.",
                now=one.version, what=one.title,
            )  # fmt: skip
        _check(row, here, plan, by, but=one.pk)
        for name, value in _kept(plan).items():
            setattr(one, name, value)
        one.version += 1
        one.save()
        _note(row, "activity_changed", slug, by, at)
    return one


def remove_activity(*, slug: str, review_id: int, activity_id: int, by: Viewer, at: datetime) -> Activity:
    """An activity is taken off the agenda; evidence that names it keeps its name."""
    with transaction.atomic():
        row, _ = _planning(slug, review_id, by, at)
        one = _one(row, activity_id)
        one.removed_at, one.version = at, one.version + 1
        one.save()
        _note(row, "activity_removed", slug, by, at)
    return one


def plan_suggested(
    *, slug: str, review_id: int, host_partner: str, by: Viewer, at: datetime, starts: time = STARTS
) -> list[Activity]:  # fmt: skip
    """The activities that the way of review suggests, set on the days of the visit, all with one host partner to begin with.

    OutOfTurn where something is planned already: a suggestion never lies on top of a plan.
    """
    with transaction.atomic():
        row, here = _planning(slug, review_id, by, at)
        if activities_of(here, viewer=by):
            raise OutOfTurn("Something is planned already. Change it, or take it out first. Nothing was changed.")
        if row.visit_from_on is None or row.visit_until_on is None:
            raise Missing("The visit has no days yet. The coordinator sets them. Nothing was changed.")
        way, _ = way_of(here, viewer=by)
        made = []
        for each in suggested(way.activities, _school_days(row.visit_from_on, row.visit_until_on), starts=starts):
            plan = Planned(each.title, each.on, each.starts, each.ends, host_partner, each.kind)
            _check(row, here, plan, by)
            made.append(Activity.objects.create(review=row, **_kept(plan)))
        _note(row, "activity_planned", slug, by, at)
    return made


def move_agenda(row: PeerReview, *, was_from_on: date | None, was_until_on: date | None, by: Viewer, at: datetime) -> int:
    """What was planned moves with its visit, each activity to the same day of the new visit (its last, where that is shorter).

    For whoever moves a visit, in the same transaction and once `row` has its new days; how many activities moved. Times stay.
    """
    if was_from_on is None or was_until_on is None or row.visit_from_on is None or row.visit_until_on is None:
        return 0
    before, now = _school_days(was_from_on, was_until_on), _school_days(row.visit_from_on, row.visit_until_on)
    moved = 0
    for each in Activity.objects.select_for_update(of=("self",)).filter(review=row, removed_at=None):
        nth = min(before.index(each.on) if each.on in before else 0, len(now) - 1)
        if each.on != now[nth]:
            each.on, each.version = now[nth], each.version + 1
            each.save()
            moved += 1
    return moved


def _school_days(from_on: date, until_on: date) -> list[date]:
    """The weekdays of a visit, or all of its days where it has none."""
    days = [from_on + timedelta(days=ahead) for ahead in range((until_on - from_on).days)]
    return [day for day in days if day.weekday() < 5] or days


def _one(row: PeerReview, activity_id: int) -> Activity:
    one: Activity | None = Activity.objects.select_for_update(of=("self",)).filter(review=row, pk=activity_id, removed_at=None).first()
    if one is None:
        raise NotThere("That activity is not on the agenda any more. Nothing was changed.")
    return one


def _kept(plan: Planned) -> dict[str, object]:
    return {
        "title": plan.title.strip()[:160], "kind": plan.kind, "on": plan.on, "starts": plan.starts, "ends": plan.ends,
        "place": plan.place.strip()[:80], "host_partner": plan.host_partner.strip()[:120], "reviewers": _keys(plan.reviewers),
    }  # fmt: skip


def _keys(reviewers: Iterable[int]) -> list[int]:
    return sorted(reviewers)
