"""Numbers as publishers spell them: `18%`, `98.60%`, `39.8`, `1,234`, or a mark.

A percentage is kept in percentage points (18 for `18%`), as are those files that leave the sign out.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

from convenor.england.marks import Mark, Vocabulary, mark_of


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, or the mark that stands in its place: exactly one of the two. Never zero for a mark."""

    value: float | None
    mark: str = ""


class NotANumberError(ValueError):
    """The text is neither a number nor a mark of its file's vocabulary."""


@lru_cache(maxsize=131_072)
def read_number(text: str | None, vocabulary: Vocabulary = Vocabulary.PERFORMANCE_TABLES) -> Figure:
    """The figure that a cell holds.

    >>> read_number("98.60%"), read_number("SUPP")
    (Figure(value=98.6, mark=''), Figure(value=None, mark='suppressed'))

    Thousands may be set apart by commas. Raises NotANumberError, naming the text, for anything else, infinity and nan included.
    """
    mark = mark_of(text, vocabulary)
    if mark is not None or text is None:
        return Figure(None, (mark or Mark.BLANK).value)
    plain = text.strip().replace("\u2212", "-").removesuffix("%").rstrip().replace(",", "")
    try:
        value = float(plain)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in plain:
        raise NotANumberError(f"'{text.strip()[:40]}' is neither a number nor a mark that this publisher uses")
    return Figure(value)


def read_whole(text: str | None, vocabulary: Vocabulary = Vocabulary.PERFORMANCE_TABLES) -> int | None:
    """The whole number that a cell holds, `100.0` included; None for a mark. Raises NotANumberError for a broken or fractional one."""
    value = read_number(text, vocabulary).value
    if value is None:
        return None
    if value != int(value):
        raise NotANumberError(f"'{(text or '').strip()[:40]}' is not a whole number")
    return int(value)


def percent(numerator: float, denominator: float, *, decimals: int = 1) -> float | None:
    """The share in percentage points, rounded half up to `decimals`; None of nothing."""
    if not denominator:
        return None
    scale: int = 10**decimals
    return math.floor(numerator * 100 * scale / denominator + 0.5) / scale
