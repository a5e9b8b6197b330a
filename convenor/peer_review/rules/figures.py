"""Published figures as rows of a table for people: the ones that heads speak of first, each with all that says what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol, TypeVar

#: Shown first, where they are published.
HEADLINES: Final = (
    "ks2_rwm_expected", "ks2_reading_progress", "ks2_maths_progress", "ks4_attainment8", "ks4_progress8", "ks4_basics_95",
    "absence_overall", "absence_persistent", "pupils_on_roll", "fsm_ever6_percent",
)  # fmt: skip


class Figure(Protocol):
    """What a row needs of a figure."""

    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def period(self) -> str: ...
    @property
    def value(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def cohort(self) -> int | None: ...
    @property
    def mark_says(self) -> str: ...
    @property
    def england(self) -> float | None: ...
    @property
    def authority(self) -> float | None: ...
    @property
    def edition_title(self) -> str: ...


F = TypeVar("F")


def first_and_rest(figures: Sequence[F], *, key: Callable[[F], str]) -> tuple[list[F], list[F]]:
    """Figures parted into those that are shown at once and the others; the first eight stand in where none is a headline."""
    first = sorted((each for each in figures if key(each) in HEADLINES), key=lambda each: HEADLINES.index(key(each)))
    if not first:
        return list(figures[:8]), list(figures[8:])
    return first, [each for each in figures if key(each) not in HEADLINES]


def written(value: float | None, unit: str) -> str:
    """A figure as it is written: 52%, 104, −0.3; "" for none."""
    if value is None:
        return ""
    shown = f"{value:,.0f}" if abs(value - round(value)) < 0.05 or abs(value) >= 1000 else f"{value:,.1f}"
    return f"{shown.replace('-', '−')}{'%' if unit == '%' else ''}"


def as_rows(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """Figures for a page: `shown` with `evidence` of what it is, and `beside` in words. A withheld one has `shown` "" and its mark."""
    return [
        {
            "name": each.name,
            "shown": written(each.value, each.unit),
            "beside": "; ".join(_beside(each)),
            "evidence": {
                "label": each.name,
                "cohort": f"{each.cohort:,} pupils" if each.cohort is not None else None,
                "interval": (written(each.low, each.unit), written(each.high, each.unit)) if each.low is not None else None,
                "year": year(each.period),
                "edition": each.edition_title,
                "mark": each.mark_says or "not known",
            },
        }
        for each in figures
    ]


def _beside(each: Figure) -> Iterable[str]:
    yield year(each.period)
    if each.cohort is not None:
        yield f"{each.cohort:,} pupils"
    if each.low is not None:
        yield f"chance alone could make it {written(each.low, each.unit)} to {written(each.high, each.unit)}"
    if each.england is not None:
        yield f"England {written(each.england, each.unit)}"
    if each.authority is not None:
        yield f"local authority {written(each.authority, each.unit)}"


def year(period: str) -> str:
    """A period as it is written: 2022/23."""
    return period.replace("-", "/")
