"""How early identification works, in the words of somebody it is about: read from the rules themselves, so that it stays true."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from convenor.intelligence.rules.circle import told
from convenor.intelligence.rules.conversation import OWN_DAYS
from convenor.intelligence.rules.indicators import INDICATORS, THRESHOLDS, Origin
from convenor.intelligence.rules.lines import MEDIUMS, Level
from convenor.intelligence.rules.secrecy import REACH_SAYS, plain_truth
from convenor.intelligence.rules.totals import FEWEST
from convenor.intelligence.rules.weights import CURRENT
from convenor.intelligence.views.lines import door
from convenor.partnership.gate import PUBLIC
from convenor.partnership.views.pages import PartnershipPage


class Method(PartnershipPage):
    """Each indicator with its threshold and reason, the score, small numbers, what is never used, who sees what when. For anyone."""

    permission = PUBLIC
    room = "early-identification"
    tab = "early"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page; not found where the partnership does not use early identification."""
        here = self.partnership()
        if self.room in here.rooms_off:
            raise Http404(f"{here.name} does not use this room.")
        return self.page(
            "intelligence/method.jinja",
            here=here,
            published=[each for each in INDICATORS.values() if each.origin is not Origin.ENTERED],
            entered=[each for each in INDICATORS.values() if each.origin is Origin.ENTERED],
            thresholds=THRESHOLDS,
            mediums=MEDIUMS,
            own_days=OWN_DAYS,
            fewest=FEWEST,
            high=[each for each in INDICATORS.values() if each.level is Level.HIGH],
            weights=CURRENT,
            circle=told(None, on=self.today),
            truth=plain_truth("early-conversation"),
            reaches=[(reach.value, says) for reach, says in REACH_SAYS.items()],
            backtest=door("early-backtest", slug),
        )
