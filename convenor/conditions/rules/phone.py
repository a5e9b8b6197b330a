"""What a phone in the room sends, read strictly: one item at a time, each with a key by which it is known when it comes again.

A phone that lost its signal sends again what it is not sure of. So every item has a `key` of the phone's own and a `number` that grows: what
overwrites (who is at the phone, its picks, its diamond, a likelihood) is taken only where its number is higher than any that was taken
before; what adds (a line on a canvas) is taken once for its key. What is refused is refused in words, and says what is safe.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from convenor.conditions.rules.diamonds import CARDS, SHAPE
from convenor.conditions.rules.refusals import NoDiamond

#: What each row means, the top row first; the board says the same.
ROW_MEANS: Final = ("the greatest strength", "more a strength", "in between", "more to improve", "most to improve")


def check_rows(given: Any, cards: Iterable[str]) -> dict[str, int]:
    """The row (1 to 5) of each of these nine cards. Raises NoDiamond, which says what is wrong and where."""
    wanted = list(cards)
    if not isinstance(given, Mapping) or not all(isinstance(key, str) for key in given):
        raise NoDiamond("A diamond is nine cards, each with its row. Place them again; nothing was changed.")
    strange = sorted(set(given) - set(wanted))
    if strange:
        raise NoDiamond(f"“{strange[0][:40]}” is not a card of this workshop. Open the page again; nothing was changed.")
    rows = {key: given[key] for key in wanted if given.get(key) not in (None, "")}
    if any(isinstance(row, bool) or not isinstance(row, int) or not 1 <= row <= len(SHAPE) for row in rows.values()):
        raise NoDiamond("Rows are 1 to 5: 1 is the top of the diamond, 5 the bottom. Nothing was changed.")
    wrong = row_problems(rows)
    if wrong:
        raise NoDiamond(f"{wrong} Nothing was changed.")
    return rows


def row_problems(rows: Mapping[str, int]) -> str:
    """Which rows are too full and how many cards are left, in words; "" for a whole diamond."""
    held = Counter(rows.values())
    full = [
        f"Row {row} holds {held[row]} cards; there is room for {size}."
        for row, size in enumerate(SHAPE, 1)
        if held[row] > size
    ]  # fmt: skip
    left = CARDS - len(rows)
    if left:
        full.append(f"{left} {'card is' if left == 1 else 'cards are'} still to be placed.")
    return " ".join(full)


def read_rows(posted: Mapping[str, Any], cards: Iterable[str], name: str = "rows") -> dict[str, int]:
    """The rows of a posted board: `name` as JSON where the script filled it in, else nine fields `name`-<key>. A card twice in the JSON, or
    rows that are no rows, raise NoDiamond; a board that is not whole is given back as it stands, for `check_rows` to judge."""
    text = str(posted.get(name) or "")
    if text:
        return _rows_of_json(text)
    found: dict[str, int] = {}
    for key in cards:
        row = str(posted.get(f"{name}-{key}") or "").strip()
        if row and not re.fullmatch(r"[1-5]", row):
            raise NoDiamond("Rows are 1 to 5: 1 is the top of the diamond, 5 the bottom. Nothing was changed.")
        if row:
            found[key] = int(row)
    return found


def _rows_of_json(text: str) -> dict[str, int]:
    try:
        found = json.loads(text, object_pairs_hook=once_each)
    except (ValueError, RecursionError) as error:
        raise NoDiamond(f"The diamond could not be read: {error}. Place the cards again; nothing was changed.") from error
    if not isinstance(found, dict) or any(isinstance(row, bool) or not isinstance(row, int) for row in found.values()):
        raise NoDiamond("A diamond is nine cards, each with its row. Place them again; nothing was changed.")
    return found


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """For reading JSON: a name that stands twice is an error (ValueError), not overwritten in silence."""
    twice = [key for key, many in Counter(key for key, _ in pairs).items() if many > 1]
    if twice:
        raise ValueError(f"“{twice[0][:40]}” stands twice")
    return dict(pairs)
