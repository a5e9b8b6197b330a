"""What a proposal leaves unmet and why, which schools it leans on, and where the area has gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from convenor.peer_review.rules.themes import in_order, name_of
from convenor.support.rules.placing_rules import APART, barred_by
from convenor.support.rules.placing_types import (
    OVERUSED_FROM,
    BrokersOwn,
    Cause,
    Gap,
    LeantOn,
    Need,
    Offer,
    Reason,
    Rule,
    Unmet,
    serves_phase,
)
from convenor.support.rules.placing_words import cause_says, listed

#: Where several rules keep an offer away it is counted once, under the first of these: what nobody can change, before what somebody can.
_FIRST: Final = (
    (Cause.APART, APART),
    (Cause.BROKER, {Rule.BROKER}),
    (Cause.ASKED_BEFORE, {Rule.ASKED_BEFORE}),
    (Cause.PHASE, {Rule.PHASE}),
    (Cause.ASSURANCE, {Rule.ASSURANCE}),
    (Cause.REACH, {Rule.REACH}),
    (Cause.BUDGET, {Rule.BUDGET}),
    (Cause.DAYS, {Rule.DAYS}),
)


def cause_of(rules: Iterable[Rule]) -> Cause:
    """The one cause under which an offer that knows the theme is counted; TAKEN where no rule keeps it away."""
    found = set(rules)
    return next((cause for cause, barring in _FIRST if found & barring), Cause.TAKEN)


def unmet(need: Need, offers: Sequence[Offer], own: BrokersOwn) -> Unmet:
    """Why a need is not met: of the offers that know one of its themes, how many each cause keeps away, the commonest first.

    `says` is "" where nobody knows any: the one reason says it.
    """
    by_cause: dict[Cause, list[Offer]] = defaultdict(list)
    for offer in offers:
        rules = set(barred_by(need, offer, own))
        if Rule.EXPERTISE not in rules:
            by_cause[cause_of(rules)].append(offer)
    if not by_cause:
        return Unmet(need.id, "", (Reason(Cause.NOBODY, 0, cause_says(Cause.NOBODY, need, ())),))
    themes = listed([name_of(theme) for theme in need.themes], "or")
    knowing = sum(map(len, by_cause.values()))
    order = sorted(by_cause, key=lambda cause: (-len(by_cause[cause]), list(Cause).index(cause)))
    reasons = tuple(Reason(cause, len(by_cause[cause]), cause_says(cause, need, by_cause[cause])) for cause in order)
    return Unmet(need.id, f"{'One offers' if knowing == 1 else f'{knowing} offer'} {themes}, and none of them can serve it now.", reasons)


def leant_on(placed: Iterable[tuple[Need, Offer]], offers: Iterable[Offer], most: int = OVERUSED_FROM) -> tuple[LeantOn, ...]:
    """Schools (or other employers) whose people serve `most` needs of the proposal or more, the most leant on first."""
    served: dict[str, list[int]] = defaultdict(list)
    left: dict[str, int] = defaultdict(int)
    for need, offer in placed:
        served[offer.house].append(need.half_days)
    for offer in offers:
        left[offer.house] += offer.half_days_left
    found = [LeantOn(house, len(days), sum(days), left[house]) for house, days in served.items() if len(days) >= most]
    return tuple(sorted(found, key=lambda each: (-each.needs, -each.half_days, each.house)))


def gaps_by_theme(needs: Sequence[Need], offers: Sequence[Offer], met: frozenset[str]) -> tuple[Gap, ...]:
    """How each theme stands that somebody asks for. A need counts under every theme it names, an offer under every theme it knows."""
    keys = in_order(theme for need in needs for theme in need.themes)
    return tuple(
        _gap(key, [n for n in needs if key in n.themes], [o for o in offers if key in o.themes], met) for key in keys
    )  # fmt: skip


def gaps_by_phase(needs: Sequence[Need], offers: Sequence[Offer], met: frozenset[str]) -> tuple[Gap, ...]:
    """How each phase stands that somebody asks from. An offer counts under every phase that it serves."""
    keys = sorted({need.phase for need in needs})
    return tuple(
        _gap(key, [n for n in needs if n.phase == key], [o for o in offers if serves_phase(o.phases, key)], met) for key in keys
    )  # fmt: skip


def gaps_by_place(needs: Sequence[Need], offers: Sequence[Offer], met: frozenset[str]) -> tuple[Gap, ...]:
    """How each place stands that somebody asks from. An offer counts where it comes from, though it may travel."""
    keys = sorted({need.place for need in needs})
    return tuple(_gap(key, [n for n in needs if n.place == key], [o for o in offers if o.place == key], met) for key in keys)


def _gap(key: str, needs: Sequence[Need], offers: Sequence[Offer], met: frozenset[str]) -> Gap:
    left = [need for need in needs if need.id not in met]
    able = [offer for offer in offers if offer.assured and offer.half_days_left]
    return Gap(
        key=key,
        needs=len(needs),
        unmet=len(left),
        half_days_asked=sum(need.half_days for need in needs),
        half_days_unmet=sum(need.half_days for need in left),
        offers=len(able),
        half_days_offered=sum(offer.half_days_left for offer in able),
    )


def houses(placed: Iterable[tuple[Need, Offer]]) -> Mapping[str, int]:
    """How many needs each house serves."""
    found: dict[str, int] = defaultdict(int)
    for _, offer in placed:
        found[offer.house] += 1
    return found
