"""What may be done with a package beside its way: pause, go on, stop, step up or down, follow a school, hand over to another broker."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from convenor.partnership.gate import Viewer, allow, day_of, viewer_for
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.queries.steps import has_closed, successor
from convenor.registers.queries.known import school_in_short
from convenor.support.actions.money import after_the_end
from convenor.support.actions.package_rows import locked, log, now_of
from convenor.support.actions.packages import give_back_days, tell_sides
from convenor.support.models import HeadAgreement, Need, Package, Supporter
from convenor.support.queries.apart import kept_from, of_own_organisation
from convenor.support.queries.package_people import broker_of
from convenor.support.queries.standing import PackageHere
from convenor.support.rules.refusals import Conflict, OutOfTurn, WrongDay
from convenor.support.rules.states import Met, NeedState, PackageStep, StateKind, Who
from convenor.support.rules.task_values import beside, check_open, check_reason, stepped

NOTHING = "Nothing was changed."
#: Schools and their supporter say nothing of why; everybody else does.
NO_REASON_ASKED = frozenset({Who.RECEIVING, Who.SUPPLYING})


def speaks_for(here: PackageHere, *, by: Viewer) -> bool:
    """Whether this viewer speaks for the side of a package on which they stand: its head, chair or trust leader, or an independent
    supporter for themselves."""
    if Who.RECEIVING in here.who:
        return by.may(Permission.SCHOOL_SPEAK, urn=here.urn)
    if here.supplying_urn:
        return by.may(Permission.SCHOOL_SPEAK, urn=here.supplying_urn)
    return Who.SUPPLYING in here.who


def pause(
    *, slug: str, package_id: int, by: Viewer, at: datetime, why: str = "", until_on: date | None = None, version: int | None = None
) -> Package:  # fmt: skip
    """Rests a package, until a day if one is named: nothing is due meanwhile and nobody is late. Heads give no reason, others do."""
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, package_id, by=by, at=at, version=version)
        known, _ = now_of(row, by=by, at=at)
        who = beside(known.workflow.pauses, here.who, speaks_for(here, by=by), "Pausing")
        check_open(known.workflow, known.standing)
        if row.paused_on is not None:
            raise OutOfTurn(f"It is paused already. {NOTHING}")
        on = day_of(at)
        if until_on is not None and until_on <= on:
            raise WrongDay(f"The day until which it is paused has passed. Name a later one, or none. {NOTHING}")
        row.paused_on, row.paused_until_on = on, until_on
        log(row, PackageStep.PAUSED, by=by, at=at, why=check_reason(why, needed=who not in NO_REASON_ASKED))
        tell_sides(row, by=by, at=at)
    return row


def resume(*, slug: str, package_id: int, by: Viewer, at: datetime, version: int | None = None) -> Package:
    """A package that was paused goes on from where it stood. Every limit that ran is longer by as many days."""
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, package_id, by=by, at=at, version=version)
        known, _ = now_of(row, by=by, at=at)
        beside(known.workflow.pauses, here.who, speaks_for(here, by=by), "Going on")
        check_open(known.workflow, known.standing)
        if row.paused_on is None:
            raise OutOfTurn(f"It is not paused. {NOTHING}")
        row.paused_on, row.paused_until_on = None, None
        log(row, PackageStep.RESUMED, by=by, at=at)
        tell_sides(row, by=by, at=at)
    return row


def stop(*, slug: str, package_id: int, by: Viewer, at: datetime, why: str = "", version: int | None = None) -> Package:
    """Ends a package where it stands. Either head may, and no reason is asked; somebody else gives one.

    Days booked for visits to come are given back. A need whose support had not begun waits again where the receiving school did not stop
    it itself. Raises NotYours, also where the workflow keeps the stop to others; OutOfTurn where the support has ended; NoWords.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, package_id, by=by, at=at, version=version)
        known, _ = now_of(row, by=by, at=at)
        who = beside(known.workflow.stops, here.who, speaks_for(here, by=by), "Stopping")
        check_open(known.workflow, known.standing)
        if row.kind == StateKind.AFTER.value:
            raise OutOfTurn(f"The support has ended already, and what came of it stands. {NOTHING}")
        _stop(row, PackageStep.STOPPED, check_reason(why, needed=who not in NO_REASON_ASKED), own=who is Who.RECEIVING, by=by, at=at)
    return row


def _stop(row: Package, step: PackageStep, why: str, *, own: bool, by: Viewer, at: datetime) -> None:
    on = day_of(at)
    row.met, row.paused_on, row.paused_until_on = Met.STOPPED.value, None, None
    row.ended_on = row.ended_on or on
    if row.started_on is None and row.need_id is not None:
        state = NeedState.WITHDRAWN if own else NeedState.OPEN
        Need.objects.filter(pk=row.need_id).update(state=state.value, ended_on=on if own else None)
    give_back_days(row, by=by, at=at, why="The support was stopped.")
    after_the_end(row, by=by, at=at)
    log(row, step, by=by, at=at, why=why)
    tell_sides(row, by=by, at=at)


def stop_begun(need_id: int, *, by: Viewer, at: datetime) -> None:
    """Ends the package that a broker opened for a request before anybody was chosen: its school took the request back."""
    waiting = Package.objects.select_for_update(of=("self",)).select_related("partnership", "school", "supporter", "need", "choice")
    for row in waiting.filter(need_id=need_id, supporter=None, ended_on=None).exclude(kind=StateKind.ENDED.value):
        _stop(row, PackageStep.STOPPED, "", own=True, by=by, at=at)


def step_level(
    *, slug: str, package_id: int, up: bool, by: Viewer, at: datetime, why: str, version: int | None = None
) -> Package:  # fmt: skip
    """The broker steps the support up or down by one level of its workflow, with a reason that both schools read.

    Raises OutOfTurn where there is no such level, or where the package has ended; NotYours; NoWords.
    """
    allow(by, Permission.SUPPORT_BROKER, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, package_id, by=by, at=at, version=version)
        known, _ = now_of(row, by=by, at=at)
        beside((Who.BROKER,), here.who, True, "Stepping up or down")
        check_open(known.workflow, known.standing)
        found = stepped(known.workflow.levels, row.level, 1 if up else -1)
        was, row.level = row.level, found.key
        step = PackageStep.STEPPED_UP if up else PackageStep.STEPPED_DOWN
        log(row, step, by=by, at=at, why=check_reason(why, needed=True), before=was, after=found.key)
        tell_sides(row, by=by, at=at)
    return row


def follow_school(*, slug: str, package_id: int, by: Viewer, at: datetime, version: int | None = None) -> Package:
    """The package of a school that closed or converted goes on with the one school that the published links name as its successor.

    By its broker, a coordinator or the school itself. The agreement of the receiving head ends: the new school's head is asked.
    Raises OutOfTurn where the school stands, where no successor is published or there are several; Conflict where the new school is the
    supporter's or the broker's own.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, package_id, by=by, at=at, version=version)
        beside((Who.RECEIVING, Who.BROKER, Who.COORDINATOR), here.who, True, "That")
        known, _ = now_of(row, by=by, at=at)
        check_open(known.workflow, known.standing)
        follows = successor(row.school_id, viewer=by, on=day_of(at))
        if follows is None:
            raise OutOfTurn(f"The register names no one school that this one became, so there is none to go on with. {NOTHING}")
        if row.supporter is not None and row.supporter.school_id == follows:
            raise Conflict(f"The school that it became is the supporter’s own. Stop the package, or choose somebody else first. {NOTHING}")
        if row.supporter is not None and kept_from(row.supporter, follows, viewer=by, at=at):
            raise Conflict(
                f"The supporter may not serve the school that it became. Stop the package, or choose somebody else first. {NOTHING}"
            )
        _not_of(row.broker_id, (follows,), None, slug=slug, by=by, at=at)
        before = row.school.name
        found = school_in_short(follows, viewer=by)
        row.school_id = follows
        if row.need_id is not None:
            Need.objects.filter(pk=row.need_id).update(school_id=follows)
        HeadAgreement.objects.filter(package=row, side=Who.RECEIVING.value, withdrawn_at=None).update(withdrawn_at=at)
        row.save()
        row = Package.objects.select_related("partnership", "school", "supporter", "need", "choice").get(pk=row.pk)
        name = found.name if found is not None else follows
        log(row, PackageStep.FOLLOWED, by=by, at=at, why=f"{before} became {name}; the package goes on with it.")
        tell_sides(row, by=by, at=at)
    return row


def end_for_closed_school(*, slug: str, package_id: int, by: Viewer, at: datetime, version: int | None = None) -> Package:
    """The broker or a coordinator ends the package of a school that closed and became no other. OutOfTurn where it stands or did."""
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, package_id, by=by, at=at, version=version)
        beside((Who.BROKER, Who.COORDINATOR), here.who, True, "Ending it")
        known, _ = now_of(row, by=by, at=at)
        check_open(known.workflow, known.standing)
        if not has_closed(row.school_id, viewer=by, on=day_of(at)) or successor(row.school_id, viewer=by, on=day_of(at)) is not None:
            raise OutOfTurn(f"The school has not closed, or it became another. {NOTHING}")
        why = "The school closed, and the register names no school that it became."
        _stop(row, PackageStep.STOPPED, why, own=True, by=by, at=at)
    return row


def hand_over(*, slug: str, package_id: int, to_person_id: int, by: Viewer, at: datetime, version: int | None = None) -> Package:
    """The broker, or a coordinator, hands a package to another broker, who is of neither school.

    Raises NotThere, Conflict, OutOfTurn.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, package_id, by=by, at=at, version=version)
        beside((Who.BROKER, Who.COORDINATOR), here.who, True, "Handing it over")
        if row.kind == StateKind.ENDED.value:
            raise OutOfTurn(f"The package has ended. {NOTHING}")
        own = (row.school_id, row.supporter.school_id if row.supporter is not None and row.supporter.school_id else "")
        person = _not_of(to_person_id, tuple(urn for urn in own if urn), row.supporter, slug=slug, by=by, at=at)
        if person is None or person == row.broker_id:
            raise NotThere(f"There is no other broker of that name in this partnership. {NOTHING}")
        row.broker_id = person
        if row.need_id is not None:
            Need.objects.filter(pk=row.need_id).update(broker_id=person)
        log(row, PackageStep.HANDED_OVER, by=by, at=at)
        tell_sides(row, by=by, at=at)
    return row


def _not_of(
    person_id: int | None, urns: tuple[str, ...], given_by: Supporter | None, *, slug: str, by: Viewer, at: datetime
) -> int | None:  # fmt: skip
    """The key of a broker of this partnership who is of none of some schools, nor of a supporter's organisation; None for no such broker.

    Raises Conflict where they are.
    """
    person = broker_of(slug, person_id, viewer=by, at=at)
    if person is None:
        return None
    theirs = viewer_for(person, partnership_slug=slug, on=day_of(at))
    if set(urns) & set(theirs.urns):
        raise Conflict(f"{person.name} is of one of the two schools, so somebody else is its broker. {NOTHING}")
    if given_by is not None and of_own_organisation(given_by, viewer=theirs, at=at):
        raise Conflict(f"{person.name} is the supporter or of their organisation, so somebody else is its broker. {NOTHING}")
    return int(person.pk)
