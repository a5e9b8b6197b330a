"""The picture of gaps: half days asked for, split into met and not met, each bar from nought and all pictures on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convenor.support.rules.placing_types import Gap


@dataclass(frozen=True, slots=True)
class GapBar:
    """One theme, phase or place. `met_long` and `unmet_long` are percentages of the picture's width."""

    name: str
    needs: int
    unmet: int
    asked: int
    short: int
    offers: int
    offered: int
    met_long: float
    unmet_long: float

    @property
    def says(self) -> str:
        """What the bar shows, in words."""
        return f"{self.short} of {self.asked} not met" if self.short else f"all {self.asked} met"


def scale_of(*groups: Sequence[Gap]) -> int:
    """The longest bar of several pictures, half days: one scale for all of them; at least 1."""
    return max([1, *(gap.half_days_asked for group in groups for gap in group)])


def gap_bars(gaps: Sequence[Gap], names: Mapping[str, str], scale: int) -> tuple[GapBar, ...]:
    """The bars in the order of what is not met, the most first; then of what is asked. `names` name keys; "" is not known."""
    order = sorted(gaps, key=lambda gap: (-gap.half_days_unmet, -gap.half_days_asked, gap.key))
    return tuple(
        GapBar(
            names.get(gap.key, gap.key) or "Not known", gap.needs, gap.unmet, gap.half_days_asked, gap.half_days_unmet, gap.offers,
            gap.half_days_offered, 100 * (gap.half_days_asked - gap.half_days_unmet) / scale, 100 * gap.half_days_unmet / scale,
        )
        for gap in order
    )  # fmt: skip


def finding(bars: Sequence[GapBar]) -> str:
    """What the picture says: where most is not met, or that all is."""
    worst = bars[0] if bars else None
    if worst is None or not worst.short:
        return "Everything asked for is met in this proposal."
    named = [bar.name for bar in bars if bar.short == worst.short]
    where = worst.name if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    return f"Most is not met in {where}: {worst.short} of {worst.asked} half days." if len(named) == 1 else f"Most is not met in {where}."
