"""Which offers may serve a need at all, and what it would cost: asked of one pair, by the matching and by a broker's own choice alike."""

from __future__ import annotations

from collections.abc import Iterator

from convenor.support.rules.placing_types import BrokersOwn, Costs, Need, Offer, Rule, Weights, km_between, pence_for, serves_phase

#: Rules that keep two apart for good. Which of them it is stays unsaid, because one of them rests on a private declaration.
APART = frozenset({Rule.OWN_SCHOOL, Rule.SAME_TRUST, Rule.FEDERATION, Rule.INTEREST})
NOBODYS_OWN = BrokersOwn()


def barred_by(need: Need, offer: Offer, own: BrokersOwn = NOBODYS_OWN) -> Iterator[Rule]:
    """Every hard rule that keeps this offer from this need; nothing where it may serve. `own` is what the broker belongs to.

    What is not known is never taken for permission: a supporter with a reach goes only where the distance is known. A price that is not
    stated, or a budget that is not settled, keeps nobody away: both are agreed before support begins.
    """
    if offer.themes.isdisjoint(need.themes):
        yield Rule.EXPERTISE
    if not offer.assured:
        yield Rule.ASSURANCE
    if offer.half_days_left < need.half_days:
        yield Rule.DAYS
    if not serves_phase(offer.phases, need.phase):
        yield Rule.PHASE
    if offer.reach_km is not None:
        km = km_between(need, offer)
        if km is None or km > offer.reach_km:
            yield Rule.REACH
    if need.budget_pence is not None:
        pence = pence_for(need.half_days, offer.day_pence)
        if pence is not None and pence > need.budget_pence:
            yield Rule.BUDGET
    if offer.urn == need.urn:
        yield Rule.OWN_SCHOOL
    if offer.trust is not None and offer.trust == need.trust:
        yield Rule.SAME_TRUST
    if offer.federation is not None and offer.federation == need.federation:
        yield Rule.FEDERATION
    if need.urn in offer.interests:
        yield Rule.INTEREST
    if of_broker(offer, own):
        yield Rule.BROKER
    if offer.id in need.asked_before:
        yield Rule.ASKED_BEFORE


def may_serve(need: Need, offer: Offer, own: BrokersOwn = NOBODYS_OWN) -> bool:
    """Whether no hard rule keeps this offer from this need."""
    return next(barred_by(need, offer, own), None) is None


def of_broker(offer: Offer, own: BrokersOwn) -> bool:
    """Whether the supporter is the broker, or of their organisation: their school, trust or federation, or who else employs them."""
    return (
        offer.id in own.offers
        or offer.urn in own.urns
        or offer.trust in own.trusts
        or offer.federation in own.federations
        or folded(offer.organisation) in own.organisations
    )


def folded(organisation: str) -> str | None:
    """An organisation's name as two spellings of it compare; None where none is named."""
    return " ".join(organisation.casefold().split()) or None


def costs_of(need: Need, offer: Offer, weights: Weights) -> Costs:
    """What it costs to let this offer serve this need, part by part; meaningless where a rule keeps them apart."""
    km = km_between(need, offer)
    themes = sum(
        weights.theme_missing if position else weights.first_theme_missing
        for position, theme in enumerate(need.themes)
        if theme not in offer.themes
    )
    strange = bool(need.formats and offer.formats and need.formats.isdisjoint(offer.formats))
    return Costs(
        travel=(weights.place_unknown if km is None else km) * weights.per_km,
        themes=float(themes),
        formats=weights.format_missing if strange else 0.0,
        money=weights.per_hundred_pounds * (pence_for(need.half_days, offer.day_pence) or 0) / 10_000,
    )
