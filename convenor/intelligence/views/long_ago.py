"""Good but long ago: a ready view for brokers, by name; a count for boards; nothing for anybody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from convenor.intelligence.forms.long_ago import LongAgoForm
from convenor.intelligence.queries.long_ago import BY_DATE, BY_NAME, LongAgo, long_ago
from convenor.intelligence.rules.long_ago import PATTERN, YEARS, YEARS_TO_CHOOSE
from convenor.intelligence.rules.volatility import change_words
from convenor.partnership.gate import Permission, record_looks
from convenor.partnership.views.pages import PartnershipPage
from convenor.registers.queries.schools import editions
from convenor.registers.rules.measures import MEASURES

LOOKED_AT = "that the school stands on the list “good but long ago”"


class LongAgoPage(PartnershipPage):
    """The page. Every school that is named sees who looked."""

    permission = Permission.EARLY_TOTALS_SEE
    room = "early-identification"
    tab = "early"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """What is asked beside the address counts for brokers only; anything unknown is passed over."""
        asked = request.GET
        years = int(asked["years"]) if asked.get("years") in {str(one) for one in YEARS_TO_CHOOSE} else YEARS
        order = BY_DATE if asked.get("order") == BY_DATE else BY_NAME
        periods = {phase: asked[phase.lower()] for phase in PATTERN if asked.get(phase.lower())}
        seen: LongAgo = self.found(long_ago(slug, viewer=self.viewer, at=self.today, years=years, periods=periods, order=order))
        if seen.named:
            others = [urn for urn in seen.urns if urn not in self.viewer.urns]
            record_looks(self.viewer, urns=others, record=LOOKED_AT, at=self.now, by_right=Permission.CONVERSATION_HOLD)
        shown = {"years": str(seen.years), "order": order} | {phase.lower(): seen.periods[phase] for phase in PATTERN}
        return self.page(
            "intelligence/long_ago.jinja",
            seen=seen,
            form=LongAgoForm(shown, choices=seen.choices) if seen.named else None,
            change_words=change_words,
            measures=MEASURES,
            pattern=PATTERN,
            sources=editions(seen.editions, viewer=self.viewer),
        )
