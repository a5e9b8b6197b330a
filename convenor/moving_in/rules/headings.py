"""The digest of a heading, by which a sheet is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from convenor.moving_in.rules.kinds import folded


def heading_digest(rows: Sequence[Sequence[str]], header_rows: tuple[int, int]) -> str:
    """The digest of the words of a heading, whatever their case and punctuation; "" where there is none."""
    first, last = header_rows
    words = [[folded(cell) for cell in each] for each in rows[max(first, 0) : last + 1]]
    if not any(cell for each in words for cell in each):
        return ""
    said = "\n".join("\t".join(each) for each in words)
    return hashlib.sha256(said.encode()).hexdigest()
