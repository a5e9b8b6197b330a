"""Matching over the whole area, and a broker's choice with its reason. A broker never places their own organisation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow
from convenor.partnership.queries.keys import partnership_id, tier_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere, Refused
from convenor.support.actions.need_rows import check_held, hold_packages, kept, locked_need
from convenor.support.actions.packages import open_package
from convenor.support.models import Choice, Package, Supporter, SupportMatching
from convenor.support.models import Need as AskedFor
from convenor.support.queries.gathering import gathered
from convenor.support.queries.needs import carriers
from convenor.support.rules.needs import check_waits, check_words
from convenor.support.rules.placing import APART, Need, Offer, Placed, Rule, Weights, barred_by, fitting, pence_for, place
from convenor.support.rules.placing_kept import answer_kept, asked_kept
from convenor.support.rules.placing_words import half_days, plain, pounds
from convenor.support.rules.refusals import AssuranceEnded, Conflict, Missing, NoDaysLeft, WrongSum
from convenor.support.rules.states import NeedState, StateKind

NOTHING: Final = "Nothing was changed."
WEIGHTS: Final = Weights()
#: Seeds that the database holds.
SEEDS: Final = 2**31 - 1


def propose(*, slug: str, by: Viewer, at: datetime, seed: int = 0) -> SupportMatching:
    """Which offers would serve which requests best over the whole area, kept as it stood with what it proves. Nobody is told of it.

    Raises NotAllowed, and Missing where nobody asks for anything.
    """
    allow(by, Permission.SUPPORT_BROKER, partnership=slug)
    assert by.person_id is not None, "whoever holds a permission is known"
    area = gathered(slug, viewer=by, at=at)
    if area is None or not area.needs:
        raise Missing(f"No request waits that you could match, so there is nothing to propose. {NOTHING}")
    answer = place(area.needs, area.offers, WEIGHTS, seed % SEEDS, own=area.own)
    with transaction.atomic():
        row = SupportMatching.objects.create(
            partnership_id=partnership_id(slug), seed=seed % SEEDS, asked=asked_kept(area.needs, area.offers), answer=answer_kept(answer),
            at=at, by_id=by.person_id,
        )  # fmt: skip
        journal.record(
            by=by, at=at, verb="support.matched", subject_kind="support-matching", subject_key=row.pk, partnership=slug,
            subject_label="Support over the whole area", detail={"status": answer.status, "needs": len(area.needs)},
        )  # fmt: skip
    return row


def choose(
    *, slug: str, need_id: int, supporter_id: int, why: str, by: Viewer, at: datetime, matching_id: int | None = None,
    flow: str = "lifecycle", version: int | None = None, tier: str = "", priority: str = "",
) -> Choice:  # fmt: skip
    """The broker chooses a supporter for a request, says why, and holds it from now on; its package is opened with them. `tier` (its key)
    and `priority` (its key) say which part of the partnership carries it, where the broker says so.

    Held against the very rules of the matching, as everything stands now: the receiving school is told first, and only now does the
    supplier learn of it. Raises NotAllowed, NotThere, OutOfTurn where nobody is looked for any more, NoWords without a reason, and by what
    stands in the way Conflict (also for the broker's own organisation), AssuranceEnded, NoDaysLeft, WrongSum or Missing.
    """
    allow(by, Permission.SUPPORT_BROKER, partnership=slug)
    assert by.person_id is not None, "whoever holds a permission is known"
    with transaction.atomic():
        Supporter.objects.select_for_update(of=("self",)).filter(
            partnership__slug=slug, pk=supporter_id
        ).first()  # of two who choose, one waits
        held = hold_packages(slug, need_id)
        row, seen = locked_need(slug, need_id, by=by, at=at, version=version)
        check_held(row, held)
        if not seen.brokers:
            raise Conflict(f"A broker looks for nobody on behalf of their own school. Ask another broker. {NOTHING}")
        check_waits(NeedState(row.state), "somebody can be chosen")
        if _waiting(need_id).exclude(broker_id=by.person_id).exists():
            raise Conflict(f"Another broker holds the package of this request, and chooses for it. {NOTHING}")
        reason = check_words(why, "why you choose them: both schools may read it")
        area = gathered(slug, viewer=by, at=at)
        need, offer = (area.need(need_id), area.offer(supporter_id)) if area is not None else (None, None)
        if need is None:
            raise Missing(f"The register says that this school has closed. Follow the request to the school that it became. {NOTHING}")
        if offer is None or area is None:
            raise NotThere(f"There is no such supporter in the directory today. {NOTHING}")
        barring = set(barred_by(need, offer, area.own))
        if barring:
            raise refusal(barring, need, offer)
        fits: Placed = fitting(need, [offer], WEIGHTS, own=area.own)[0]
        known = SupportMatching.objects.filter(pk=matching_id, partnership__slug=slug).first() if matching_id is not None else None
        chosen = Choice.objects.create(
            need=row, supporter_id=supporter_id, matching=known, why=reason, explained=list(fits.why), at=at, by_id=by.person_id
        )
        row.state, row.broker_id, row.ended_why = NeedState.CHOSEN.value, by.person_id, ""
        _carried(row, tier, priority, slug=slug, by=by, at=at)
        kept(row, "chosen", slug=slug, by=by, at=at)
        open_package(slug=slug, need_id=need_id, choice_id=chosen.pk, flow=flow, by=by, at=at)
    return chosen


def begin(
    *, slug: str, need_id: int, by: Viewer, at: datetime, flow: str = "lifecycle", version: int | None = None, tier: str = "",
    priority: str = "",
) -> Package:  # fmt: skip
    """The broker takes a request up and opens its package before anybody is chosen, to understand first; from now on they hold it.

    Raises NotAllowed, NotThere, OutOfTurn where nobody is looked for any more, ChangedMeanwhile, and Conflict for a school of their own or
    where a package of it is open already.
    """
    allow(by, Permission.SUPPORT_BROKER, partnership=slug)
    with transaction.atomic():
        row, seen = locked_need(slug, need_id, by=by, at=at, version=version)
        if not seen.brokers:
            raise Conflict(f"A broker looks for nobody on behalf of their own school. Ask another broker. {NOTHING}")
        check_waits(NeedState(row.state), "its package can be opened")
        if _waiting(need_id).exists():
            raise Conflict(f"A package of this request is open already. {NOTHING}")
        row.broker_id = by.person_id
        _carried(row, tier, priority, slug=slug, by=by, at=at)
        kept(row, "begun", slug=slug, by=by, at=at)
        return open_package(slug=slug, need_id=need_id, flow=flow, by=by, at=at)


def _carried(row: AskedFor, tier: str, priority: str, *, slug: str, by: Viewer, at: datetime) -> None:
    """Puts down which tier carries a request and which priority it serves; "" leaves either as it was. Raises NotThere."""
    tiers, priorities = carriers(slug, viewer=by, at=at) if tier or priority else ((), ())
    if (tier and tier not in dict(tiers)) or (priority and priority not in dict(priorities)):
        raise NotThere(f"There is no such tier or priority in this partnership today. {NOTHING}")
    if tier:
        row.tier_id = tier_id(slug, tier)
    if priority:
        row.priority_id = int(priority)


def _waiting(need_id: int) -> QuerySet[Package]:
    """The package of a request that is open and has no supporter yet, if there is one."""
    return Package.objects.filter(need_id=need_id, supporter=None, ended_on=None).exclude(kind=StateKind.ENDED.value)


def refusal(barring: Collection[Rule], need: Need, offer: Offer) -> Refused:
    """Why this supporter cannot be chosen for this request, the plainest first. What was declared in private stays unsaid."""
    if Rule.BROKER in barring:
        return Conflict(
            f"They are of your own organisation, and a broker never places their own. Another broker may choose them. {NOTHING}"
        )
    if APART & set(barring):
        return Conflict(
            f"They may not serve this school: its own people, one trust or federation, or kept apart for another reason. {NOTHING}"
        )
    if Rule.ASSURANCE in barring:
        return AssuranceEnded(f"Nothing that vouches for them is in date today. Renew it in the directory first. {NOTHING}")
    if Rule.DAYS in barring:
        left = half_days(offer.half_days_left)
        return NoDaysLeft(f"They have {left} left this school year, and {half_days(need.half_days)} are asked for. {NOTHING}")
    if Rule.BUDGET in barring:
        cost = pounds(pence_for(need.half_days, offer.day_pence) or 0)
        return WrongSum(f"They would cost {cost}, and there is {pounds(need.budget_pence or 0)}. {NOTHING}")
    if Rule.ASKED_BEFORE in barring:
        return Missing(f"They were chosen for this request before, and it came to nothing. Choose somebody else. {NOTHING}")
    if Rule.REACH in barring:
        return Missing(f"They come up to {plain(offer.reach_km or 0)} km, and the school is farther, or its place is not known. {NOTHING}")
    if Rule.PHASE in barring:
        return Missing(f"They serve other phases than this school's. {NOTHING}")
    return Missing(f"They do not know what the school asks for. {NOTHING}")
