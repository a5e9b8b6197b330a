""" "We’ve had the call". Nothing here is written into the journal before the outcome is published: the journal is read by others.

What was done stands in the row itself (`steps`), for whoever pressed the button. Letters say that something waits, as every letter of
support does, and no list of a partnership's letters holds them. Reviews and visits give way through their own actions, as for any reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from convenor.intelligence.queries.reach import member
from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import AlreadyThere, NotThere, Refused
from convenor.peer_review import actions as reviews
from convenor.support.actions import visits
from convenor.support.actions.beside_letters import tell
from convenor.support.actions.deployment_rows import writer
from convenor.support.models import InspectionCall
from convenor.support.queries.beside_people import whom_to_tell
from convenor.support.queries.the_call import REVIEW, calendar_of, in_those_weeks, rule_of
from convenor.support.rules import the_call as rules
from convenor.support.rules.refusals import ChangedMeanwhile, OutOfTurn

#: How many school days after the inspection's weeks are tried for a visit.
TRIED: int = 20
NOT_THERE = "There is no such page in this partnership. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that gave way: to which day, None where it was put off without one; `stayed` says why where it could not."""

    kind: str
    key: int
    name: str
    was_on: date
    to_on: date | None
    stayed: str = ""


def had_the_call(
    *, slug: str, urn: str, from_on: date, last_on: date, told: Iterable[int], colleague: int | None, why: str, by: Viewer, at: datetime
) -> tuple[InspectionCall, tuple[Moved, ...]]:
    """Whoever speaks for a school says that it had the call: whom they told, a calm colleague, and that week gives way.

    `why` is what those whose review is put off read, in words that say nothing of it. Raises NotThere for somebody who does not speak for
    the school, AlreadyThere where they said so already, and what `rules.the_call` raises.
    """
    allow(by, Permission.SCHOOL_SPEAK, partnership=slug, urn=urn)
    school = member(urn, slug=slug, viewer=by, at=at)
    if school is None:
        raise NotThere(NOT_THERE)
    today, me = day_of(at), writer(by)
    until_on = rules.check_days(from_on, last_on, today=today)
    possible = frozenset(each.person_id for each in whom_to_tell(slug, urn, viewer=by, at=at))
    knows = rules.check_told(told, colleague, by=me, possible=possible)
    assert by.partnership is not None
    with transaction.atomic():
        try:
            with transaction.atomic():
                row = InspectionCall.objects.create(
                    partnership_id=by.partnership.id, school_id=urn, called_at=at, from_on=from_on, until_on=until_on, knows=list(knows),
                    colleague_id=colleague, by_id=me, steps=[_step("called", at)],
                )  # fmt: skip
        except IntegrityError as error:
            raise AlreadyThere("You have said so already. Nothing was changed.") from error
        moved = tuple(_give_way(slug, urn, from_on, until_on, why, by, at))
        row.moved = [
            {"kind": each.kind, "key": each.key, "name": each.name, "to": each.to_on.isoformat() if each.to_on else ""}
            for each in moved
            if not each.stayed
        ]
        row.save()
        tell({*knows, *([colleague] if colleague else [])}, by=by, at=at)
    return row, moved


def tell_more(
    *, slug: str, call_id: int, told: Iterable[int], colleague: int | None, by: Viewer, at: datetime, version: int
) -> InspectionCall:
    """The head chooses again who knows: whoever is left out sees nothing of it from now on. Raises NotThere, ChangedMeanwhile, Missing."""
    with transaction.atomic():
        row = _held(slug, call_id, by, version)
        possible = frozenset(each.person_id for each in whom_to_tell(slug, row.school_id, viewer=by, at=at))
        knows = rules.check_told(told, colleague, by=row.by_id, possible=possible)
        new = {*knows, *([colleague] if colleague else [])} - {*row.knows, row.colleague_id}
        row.knows, row.colleague_id = list(knows), colleague
        _keep(row, "told", at)
        tell([each for each in new if each is not None], by=by, at=at)
    return row


def write_outcome(*, slug: str, call_id: int, words: str, by: Viewer, at: datetime, version: int) -> InspectionCall:
    """The head writes the outcome down for themselves: locked, until it is published. Raises NotThere, ChangedMeanwhile, NoWords."""
    said = rules.check_outcome(words)
    with transaction.atomic():
        row = _held(slug, call_id, by, version)
        if row.published_on is not None:
            raise OutOfTurn("It is published, and stands as it was. Nothing was changed.")
        row.outcome = said
        _keep(row, "outcome", at)
    return row


def publish_outcome(*, slug: str, call_id: int, published_on: date, by: Viewer, at: datetime, version: int) -> InspectionCall:
    """The report is published: from that day those who know of the call read the outcome, and the journal may say that there was one.

    Raises NotThere, ChangedMeanwhile, and what `check_published` raises.
    """
    with transaction.atomic():
        row = _held(slug, call_id, by, version)
        rules.check_published(rule_of(row, viewer=by), published_on, today=day_of(at))
        row.published_on = published_on
        _keep(row, "published", at)
        tell([each for each in {*row.knows, row.colleague_id} if each is not None], by=by, at=at)
        journal.record(
            by=by, at=at, verb="inspection.published", subject_kind="inspection-call", subject_key=row.pk, partnership=slug,
            subject_label=row.school.name, urn=row.school_id,
        )  # fmt: skip
    return row


def end_call(*, slug: str, call_id: int, by: Viewer, at: datetime, version: int) -> InspectionCall:
    """It is over, or it was put off: nobody but the head sees anything of it any more. Raises NotThere, ChangedMeanwhile."""
    with transaction.atomic():
        row = _held(slug, call_id, by, version)
        row.ended_on = day_of(at)
        _keep(row, "ended", at)
    return row


def _held(slug: str, call_id: int, by: Viewer, version: int) -> InspectionCall:
    """One's own call that is not over, held until the transaction ends; not there for everybody else, those who were told among them."""
    allow(by, Permission.SCHOOL_SPEAK, partnership=slug)
    rows = InspectionCall.objects.select_for_update(of=("self",)).select_related("school")
    row = rows.filter(partnership__slug=slug, pk=call_id, by_id=writer(by), ended_on=None).first()
    if row is None or not by.may(Permission.SCHOOL_SPEAK, urn=row.school_id):
        raise NotThere(NOT_THERE)
    if row.version != version:
        raise ChangedMeanwhile("You changed this elsewhere meanwhile. Look at it as it stands now. Nothing was changed.", now=row.version)
    return row


def _keep(row: InspectionCall, what: str, at: datetime) -> None:
    row.steps = [*row.steps, _step(what, at)]
    row.version += 1
    row.save()


def _step(what: str, at: datetime) -> dict[str, str]:
    return {"what": what, "at": at.isoformat()}


def _give_way(slug: str, urn: str, from_on: date, until_on: date, why: str, by: Viewer, at: datetime) -> Iterator[Moved]:
    """Puts off reviews and moves visits of those weeks; what refuses stays where it is, and says why."""
    found = in_those_weeks(slug, urn, from_on, until_on, viewer=by, at=at)
    for each in found.here:
        try:
            with transaction.atomic():
                if each.kind == REVIEW:
                    reviews.postpone(slug=slug, review_id=each.key, why=why, by=by, at=at)
                    yield Moved(each.kind, each.key, each.name, each.from_on, None)
                else:
                    to_on = _another_day(slug, urn, each.key, until_on, by, at)
                    yield Moved(each.kind, each.key, each.name, each.from_on, to_on)
        except Refused as error:
            yield Moved(each.kind, each.key, each.name, each.from_on, None, str(error))


def _another_day(slug: str, urn: str, visit_id: int, until_on: date, by: Viewer, at: datetime) -> date:
    """Moves a visit to the first school day after those weeks on which everybody can. Raises what the last day tried was refused for."""
    _, after = rules.weeks_of(until_on - timedelta(days=1), until_on)
    last: Any = None
    for day in calendar_of(slug, urn, viewer=by).days(after, after + timedelta(days=60))[:TRIED]:
        try:
            with transaction.atomic():
                visits.move(slug=slug, visit_id=visit_id, on=day, by=by, at=at)
        except Refused as error:
            last = error
        else:
            return day
    raise last or OutOfTurn("No school day after that week is known. Agree another day with them. Nothing was changed.")
