"""What schools ask for: asked, changed, taken back, said to be unmet for now, and followed to the school that a closed one became."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convenor.intelligence.queries.reach import member
from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.queries.steps import has_closed, successor
from convenor.support.actions.need_rows import NOT_THERE, check_held, hold_packages, kept, locked_need, tell_brokers, tell_school
from convenor.support.actions.package_beside import stop_begun
from convenor.support.models import Need, Package
from convenor.support.queries.need_beginnings import beginning
from convenor.support.rules.needs import WHY_AT_MOST, Asked, check_agreed, check_asked, check_waits, check_words
from convenor.support.rules.refusals import Conflict, OutOfTurn
from convenor.support.rules.states import NeedState, StateKind


def ask_for_support(
    *, slug: str, urn: str, asked: Asked, by: Viewer, at: datetime, origin: str = "school", key: str = "", agreed: bool = False
) -> Need:  # fmt: skip
    """A school asks for support; or a broker does for it, from an early conversation that they hold or from a priority, and only with the
    head's agreement (`agreed`). Brokers are told that something waits; so is the school where somebody else asked.

    Raises NotAllowed, NotThere where the school is no member or the request may not begin so, Conflict where a broker would ask for a
    school at which they hold a post, Missing without the head's agreement, and what `check_asked` raises.
    """
    own = by.may(Permission.SUPPORT_ASK, urn=urn)
    allow(by, Permission.SUPPORT_ASK if own else Permission.SUPPORT_BROKER, partnership=slug, urn=urn)
    if not own and urn in by.urns:
        raise Conflict("You hold a post at this school: its leaders ask, or another broker with them. Nothing was changed.")
    if member(urn, slug=slug, viewer=by, at=at) is None:
        raise NotThere("This school is no member of the partnership today. Nothing was changed.")
    if has_closed(urn, viewer=by, on=day_of(at)):
        raise OutOfTurn("The register says that this school has closed. Ask for the school that it became. Nothing was changed.")
    begun = beginning(slug, urn, origin, key, viewer=by, at=at)
    if begun is None:
        raise NotThere("A request for this school cannot begin from there, or not for you. Nothing was changed.")
    if not own:
        check_agreed(agreed)
    checked = check_asked(asked, on=day_of(at))
    with transaction.atomic():
        row = Need(
            partnership_id=partnership_id(slug), school_id=urn, origin=begun.origin.value, origin_key=begun.key, state=NeedState.OPEN.value,
            asked_at=at, asked_by=by.label[:200], priority_id=begun.priority_id, version=0,
        )  # fmt: skip
        _put(row, checked)
        kept(row, "asked", slug=slug, by=by, at=at)
        tell_brokers(urn, by=by, at=at)
        if not own:
            tell_school(urn, by=by, at=at)
    return row


def change_need(*, slug: str, need_id: int, asked: Asked, by: Viewer, at: datetime, version: int | None = None) -> Need:
    """The school changes what it asks for while somebody is looked for.

    Raises NotAllowed, NotThere, OutOfTurn, ChangedMeanwhile, and what `check_asked` raises.
    """
    with transaction.atomic():
        row = _own(slug, need_id, "it can be changed", by=by, at=at, version=version)
        _put(row, check_asked(asked, on=day_of(at)))
        kept(row, "changed", slug=slug, by=by, at=at)
    return row


def withdraw_need(*, slug: str, need_id: int, by: Viewer, at: datetime, why: str = "") -> Need:
    """The school takes its request back; no reason is asked, and one that is given stays with the school and its broker. A package that was
    opened for it to understand first ends with it.

    Raises NotAllowed, NotThere, and OutOfTurn once somebody is chosen: then the package itself is stopped.
    """
    allow(by, Permission.SUPPORT_ASK, partnership=slug)
    with transaction.atomic():
        held = hold_packages(slug, need_id)
        row = _own(slug, need_id, "it can be taken back", by=by, at=at)
        check_held(row, held)
        stop_begun(row.pk, by=by, at=at)
        row.state, row.ended_on, row.ended_why = NeedState.WITHDRAWN.value, day_of(at), why.strip()[:WHY_AT_MOST]
        kept(row, "withdrawn", slug=slug, by=by, at=at)
    return row


def say_unmet(*, slug: str, need_id: int, why: str, by: Viewer, at: datetime) -> Need:
    """A broker tells the school that nobody was found yet, and why, in words for the school. The request stays in every matching.

    Raises NotAllowed, NotThere, OutOfTurn, NoWords.
    """
    allow(by, Permission.SUPPORT_BROKER, partnership=slug)
    with transaction.atomic():
        row, seen = locked_need(slug, need_id, by=by, at=at)
        if not seen.brokers:
            raise NotThere(NOT_THERE)
        check_waits(NeedState(row.state), "it can be said that nobody was found yet")
        row.ended_why = check_words(why, "why, in words for the school", WHY_AT_MOST)
        row.state = NeedState.UNMET.value
        kept(row, "unmet", slug=slug, by=by, at=at)
        tell_school(row.school_id, by=by, at=at)
    return row


def follow_need(*, slug: str, need_id: int, by: Viewer, at: datetime) -> Need:
    """A request of a school that has closed goes on with the one school that it became, which is told; or it ends where there is none.

    Raises NotAllowed, NotThere, and OutOfTurn where the school stands or nobody is looked for any more.
    """
    allow(by, Permission.SUPPORT_BROKER, partnership=slug)
    with transaction.atomic():
        row, _ = locked_need(slug, need_id, by=by, at=at)
        on = day_of(at)
        check_waits(NeedState(row.state), "it can be followed to another school")
        if not has_closed(row.school_id, viewer=by, on=on):
            raise OutOfTurn("This school stands, as the register has it. Nothing was changed.")
        if Package.objects.filter(need=row, ended_on=None).exclude(kind=StateKind.ENDED.value).exists():
            raise OutOfTurn("A package of this request is open. Follow that, and the request goes with it. Nothing was changed.")
        later = successor(row.school_id, viewer=by, on=on)
        if later is not None and member(later, slug=slug, viewer=by, at=at) is not None:
            journal.record(
                by=by, at=at, verb="need.left", subject_kind="support-need", subject_key=row.pk, subject_label=row.school.name,
                partnership=slug, urn=row.school_id,
            )  # fmt: skip
            row.school_id = later
            row = _again(row)
        else:
            row.state, row.ended_on, row.ended_why = NeedState.WITHDRAWN.value, on, "The school closed."
        kept(row, "followed", slug=slug, by=by, at=at)
        if row.ended_on is None:
            tell_school(row.school_id, by=by, at=at)
    return row


def _again(row: Need) -> Need:
    """The request with its new school read."""
    row.save()
    return Need.objects.select_related("school", "partnership").get(pk=row.pk)


def _own(slug: str, need_id: int, what: str, *, by: Viewer, at: datetime, version: int | None = None) -> Need:
    """The request, held, for somebody who may ask for its school. Raises NotAllowed, NotThere, OutOfTurn, ChangedMeanwhile."""
    allow(by, Permission.SUPPORT_ASK, partnership=slug)
    row, _ = locked_need(slug, need_id, by=by, at=at, version=version)
    allow(by, Permission.SUPPORT_ASK, partnership=slug, urn=row.school_id)
    check_waits(NeedState(row.state), what)
    return row


def _put(row: Need, asked: Asked) -> None:
    row.themes, row.formats, row.words, row.half_days = list(asked.themes), list(asked.formats), asked.words, asked.half_days
    row.budget_pence, row.payer, row.wanted_by_on = asked.budget_pence, asked.payer.value if asked.payer else "", asked.wanted_by_on
