"""Why an offer fits a need, and why a need is not met, in sentences that name nobody and reveal no declaration."""

from __future__ import annotations

from collections.abc import Sequence

from convenor.peer_review.rules.themes import name_of
from convenor.support.rules.placing_types import Cause, Costs, Need, Offer, km_between, pence_for


def why(need: Need, offer: Offer, costs: Costs, served: int = 1) -> tuple[str, ...]:
    """Why this offer fits this need, the weightiest first: theme, days, distance, phase, ways of working, money. `served` is how many needs
    the supporter's school (or employer) serves in the same proposal."""
    known = [name_of(theme) for theme in need.themes if theme in offer.themes]
    missing = [name_of(theme) for theme in need.themes if theme not in offer.themes]
    says = [f"Knows {listed(known)}, which the school asked for." if not missing else _partly(known, missing)]
    says.append(f"Has {half_days(offer.half_days_left)} left; the school asks for {half_days(need.half_days)}.")
    km = km_between(need, offer)
    if km is None:
        says.append("How far it is cannot be told: one of the two places is not known.")
    else:
        reach = "" if offer.reach_km is None else f", and comes up to {plain(offer.reach_km)} km"
        says.append(f"Comes from {plain(km)} km away in a straight line{reach}.")
    if offer.phases and need.phase:
        says.append(f"Serves schools of this phase ({need.phase}).")
    if costs.formats:
        says.append("Works in other ways than the school would like best; that was weighed.")
    says.append(_money(need, offer))
    if served > 1:
        says.append(f"Their school or employer serves {served} needs in this proposal; sharing the work was weighed.")
    return tuple(says)


def _partly(known: Sequence[str], missing: Sequence[str]) -> str:
    return f"Knows {listed(known)}; {listed(missing)}, which the school also asked for, is not among what they offer."


def _money(need: Need, offer: Offer) -> str:
    """What it would cost, against what there is."""
    pence = pence_for(need.half_days, offer.day_pence)
    if pence is None:
        return "No day rate is stated: what it costs is settled before anybody agrees."
    if not pence:
        return "Costs nothing."
    costs = f"Costs {pounds(pence)} for {half_days(need.half_days)}"
    return f"{costs}; what there is for it is not settled." if need.budget_pence is None else f"{costs} of {pounds(need.budget_pence)}."


def cause_says(cause: Cause, need: Need, offers: Sequence[Offer]) -> str:
    """What keeps these offers from this need, and what would change it. `offers` are those that the cause keeps away."""
    count = len(offers)
    who, themes = ("One" if count == 1 else str(count)), listed([name_of(theme) for theme in need.themes], "or")
    if cause is Cause.NOBODY:
        return f"Nobody in the directory offers {themes} yet. Asking schools what they could offer is the way to find somebody."
    if cause is Cause.APART:
        return f"{who} may not serve this school: its own people, one trust or federation, or kept apart for another reason."
    if cause is Cause.BROKER:
        return f"{who} {is_or_are(count)} of the broker's own organisation. Another broker may choose them."
    if cause is Cause.ASKED_BEFORE:
        return f"{who} {was_or_were(count)} chosen for this before, and it came to nothing."
    if cause is Cause.PHASE:
        return f"{who} {'serves' if count == 1 else 'serve'} other phases only."
    if cause is Cause.ASSURANCE:
        return f"{who} {'has' if count == 1 else 'have'} no assurance in date. Renewing it would let them be asked."
    if cause is Cause.REACH:
        return _far(who, count, need, offers)
    if cause is Cause.BUDGET:
        least = min(pence_for(need.half_days, offer.day_pence) or 0 for offer in offers)
        return f"{who} {'costs' if count == 1 else 'cost'} {pounds(least)} or more, and there is {pounds(need.budget_pence or 0)}."
    if cause is Cause.DAYS:
        most = max(offer.half_days_left for offer in offers)
        left = "none left" if not most else f"{half_days(most)} left at the most"
        return f"{who} {'has' if count == 1 else 'have'} {left}, and {half_days(need.half_days)} are asked for."
    return f"{who} could come, and {'serves' if count == 1 else 'serve'} other needs in this proposal. More days would let this one be met."


def _far(who: str, count: int, need: Need, offers: Sequence[Offer]) -> str:
    """How far the nearest of them is, and how far it would come."""
    known = [(km, offer.reach_km) for offer in offers if (km := km_between(need, offer)) is not None and offer.reach_km is not None]
    does = "does" if count == 1 else "do"
    if not known:
        return f"{who} {does} not come so far as anybody can tell: one of the two places is not known."
    _short, km, reach = min((km - reach, km, reach) for km, reach in known)
    return f"{who} {does} not come so far: the one who lacks least is {plain(km)} km away and comes up to {plain(reach)} km."


def listed(items: Sequence[str], last: str = "and") -> str:
    """reading, writing and mathematics."""
    return f" {last} ".join(filter(None, (", ".join(items[:-1]), items[-1]))) if items else ""


def half_days(count: int) -> str:
    """So many half days in words."""
    return "1 half day" if count == 1 else f"{count} half days"


def plain(number: float) -> str:
    """A number as a person writes it: at most one decimal, none where it is whole."""
    return f"{number:.1f}".removesuffix(".0")


def pounds(pence: int) -> str:
    """Whole pence as pounds; pence are shown only where there are any."""
    return f"£{pence // 100:,}" if pence % 100 == 0 else f"£{pence // 100:,}.{pence % 100:02}"


def is_or_are(count: int) -> str:
    """The verb that goes with so many."""
    return "is" if count == 1 else "are"


def was_or_were(count: int) -> str:
    """The verb that goes with so many."""
    return "was" if count == 1 else "were"
