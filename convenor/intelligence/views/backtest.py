"""How well the score would have told: the newest back-test that was kept, for every member. It names no school."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from convenor.intelligence.queries.backtests import newest_kept
from convenor.intelligence.rules.backtest_words import SCALE, controls, group, left_out, older_of
from convenor.intelligence.rules.weights import CURRENT
from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import PartnershipPage
from convenor.registers.queries.schools import editions


class Backtest(PartnershipPage):
    """The page: figures with intervals, by phase, the controls, who was left out, and what it rests on."""

    permission = Permission.PARTNERSHIP_SEE
    room = "early-identification"
    tab = "early"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The newest kept back-test, or how to make one."""
        kept = newest_kept(viewer=self.viewer)
        if kept is None:
            return self.page("intelligence/backtest.jinja", kept=None)
        said = kept.result
        return self.page(
            "intelligence/backtest.jinja",
            kept=kept,
            said=said,
            whole=group("All schools", said),
            groups=[group(name, each) for name, each in said["phases"].items()],
            controls=controls(said),
            older=older_of(said),
            left_out=left_out(said),
            scale=SCALE,
            weights=CURRENT,
            same_weights=said["weights"] == {"year": CURRENT.year} | {each.code: each.maximum for each in CURRENT.families},
            sources=editions(kept.editions, viewer=self.viewer),
        )
