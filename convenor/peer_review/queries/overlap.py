"""The mirror: how far what was expected agrees with what was found. The host's alone; the area sees one share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convenor.peer_review.models import Expectation, Report
from convenor.peer_review.queries.standing import ReviewHere
from convenor.peer_review.rules import mirror
from convenor.peer_review.rules.mirror import Expected, expected_from
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.report import findings, writing_from
from convenor.peer_review.rules.states import ReportStage, Side
from convenor.peer_review.rules.themes import name_of

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


#: How the table names the team.
TEAM = "The team"


@dataclass(frozen=True, slots=True)
class OverlapSeen:
    """The overlap as the host reads it. `host`, `team`: whether that side named what it expected."""

    overlap: mirror.Overlap
    host: bool
    team: bool

    @property
    def new_said(self) -> tuple[str, ...]:
        """What nobody expected, in words."""
        return tuple(f"{name_of(theme)} ({'a strength' if strength else 'even better if'})" for theme, strength in self.overlap.new)

    def rows(self) -> list[dict[str, str]]:
        """Each expectation, by side, and whether it was found; the host's first. Of the team's by theme alone: its words are its own."""
        sides = (
            ("Your school", self.overlap.host_met, True), ("Your school", self.overlap.host_unmet, False),
            (TEAM, self.overlap.team_met, True), (TEAM, self.overlap.team_unmet, False),
        )  # fmt: skip
        return [_row(side, each, met) for side, some, met in sides for each in some]


def _row(side: str, each: Expected, met: bool) -> dict[str, str]:
    words = "" if side == TEAM else each.words
    said = f"{name_of(each.theme)}, {'strength' if each.strength else 'even better if'}"
    return {"side": side, "expected": said, "words": words, "found": "found" if met else "not found"}


def overlap(here: ReviewHere, *, viewer: Viewer) -> OverlapSeen | None:
    """The overlap of a final report, for its host alone; None for everybody else, and where neither side named anything. Two queries."""
    if not here.sees(Sight.OVERLAP):
        return None
    sides = {row.side: expected_from(row.findings) for row in Expectation.objects.filter(review_id=here.pk)}
    final = Report.objects.filter(review_id=here.pk, stage=ReportStage.FINAL.value).order_by("-number").first()
    if not sides or final is None:
        return None
    host, team = sides.get(Side.HOST.value, ()), sides.get(Side.TEAM.value, ())
    return OverlapSeen(mirror.overlap(host, team, findings(writing_from(final.content))), bool(host), bool(team))
