"""What a phone in the room sends, read strictly: one item at a time, each with a key by which it is known when it comes again.

A phone that lost its signal sends again what it is not sure of. So every item has a `key` of the phone's own and a `number` that grows:
what overwrites (who is at the phone, its picks, its diamond, a likelihood) is taken only where its number is higher than any that was
taken before; what adds (a line on a canvas) is taken once for its key. What is refused is refused in words, and says what is safe.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from convenor.conditions.rules.diamonds import CARDS, SHAPE
from convenor.conditions.rules.groups import QUESTIONS, known
from convenor.conditions.rules.joining import PEOPLE_AT_A_TABLE
from convenor.conditions.rules.refusals import BadCards, ConditionsRefused, NoDiamond, NoWords
from convenor.conditions.rules.states import Way

#: Bytes that a phone may send at one time, and items among them.
BODY_AT_MOST: Final = 65_536
ITEMS_AT_MOST: Final = 50
COMMENT_AT_MOST: Final = 300
LABEL_AT_MOST: Final = 60
_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{7,39}")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{20,60}")
#: Greater numbers a phone's own arithmetic does not hold exactly.
_NUMBER_AT_MOST: Final = 2**53

#: What each row means, the top row first; the board says the same.
ROW_MEANS: Final = ("the greatest strength", "more a strength", "in between", "more to improve", "most to improve")


class Sent(StrEnum):
    """What a phone may send."""

    ABOUT = "about"
    PICK = "pick"
    DIAMOND = "diamond"
    NOTE = "note"
    LIKELIHOOD = "likelihood"
    PREDICTION = "prediction"


class Unreadable(ConditionsRefused):
    """What came is not what a phone of ours sends. Nothing of it is taken."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a phone sent: its key, its place in the order of sending, what it is, and what it holds, not looked at yet."""

    key: str
    number: int
    kind: Sent
    holds: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """Who is at a phone: alone or how many, what they call their table, and their groups ("" where not told). Never a name."""

    way: Way = Way.ALONE
    group_size: int = 1
    label: str = ""
    role: str = ""
    phase: str = ""
    tier: str = ""
    type: str = ""


def read_items(body: bytes) -> list[Item]:
    """What a phone sent, in the order of its numbers. Raises Unreadable for what no phone of ours sends."""
    if len(body) > BODY_AT_MOST:
        raise Unreadable("That is more than a phone sends at one time. It is kept on this phone; nothing was changed.")
    try:
        found = json.loads(body, object_pairs_hook=once_each)
    except (ValueError, RecursionError) as error:
        raise Unreadable("What was sent cannot be read. It is kept on this phone; open the page again.") from error
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list) or len(items) > ITEMS_AT_MOST:
        raise Unreadable(f"A phone sends up to {ITEMS_AT_MOST} items at one time. They are kept on this phone; open the page again.")
    return sorted((read_item(each) for each in items), key=lambda item: item.number)


def read_item(raw: Any) -> Item:
    """One item. Raises Unreadable where it has no key, number or kind that a phone of ours gives."""
    if not isinstance(raw, Mapping):
        raise Unreadable("What was sent cannot be read. It is kept on this phone; open the page again.")
    key, number, kind = raw.get("key"), raw.get("number"), raw.get("kind")
    right = isinstance(number, int) and not isinstance(number, bool) and 0 < number < _NUMBER_AT_MOST
    if not isinstance(key, str) or not is_key(key) or not right or kind not in [each.value for each in Sent]:
        raise Unreadable("What was sent has no key, number or kind that we know. It is kept on this phone; open the page again.")
    assert isinstance(number, int)
    return Item(key, number, Sent(kind), raw)


def is_key(text: str) -> bool:
    """Whether this can be the key of an item."""
    return bool(_KEY.fullmatch(text))


def is_secret(text: str | None) -> bool:
    """Whether this can be what a phone of ours holds."""
    return bool(text and _SECRET.fullmatch(text))


def plain(words: Any) -> str:
    """Words as they are kept: one line, composed letters, without control characters and halves of letters that no database can hold."""
    if not isinstance(words, str):
        return ""
    kept = "".join(sign if unicodedata.category(sign) not in ("Cc", "Cs") else " " for sign in words)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def check_about(holds: Mapping[str, Any]) -> About:
    """Who is at the phone. Raises NoWords for a group that is not on the list, a table of no size, a label too long."""
    way, size = holds.get("way", Way.ALONE.value), holds.get("group_size", 1)
    if way not in [each.value for each in Way]:
        raise NoWords("Say whether you are alone, a pair or a table. Nothing was changed.")
    size = {Way.ALONE.value: 1, Way.PAIR.value: 2}.get(way, size)
    if isinstance(size, bool) or not isinstance(size, int) or (way == Way.TABLE.value and not 2 <= size <= PEOPLE_AT_A_TABLE):
        raise NoWords(f"Say how many you are at the table: 2 to {PEOPLE_AT_A_TABLE}. Nothing was changed.")
    label, groups = plain(holds.get("label", "")), {each: holds.get(each, "") for each in QUESTIONS}
    if len(label) > LABEL_AT_MOST:
        raise NoWords(f"Keep what you call your table within {LABEL_AT_MOST} letters. Nothing was changed.")
    if any(not isinstance(each, str) or not known(question, each) for question, each in groups.items()):
        raise NoWords("Choose your groups from the lists, or leave them out. Nothing was changed.")
    return About(Way(way), size, label, **groups)


def check_pick(given: Any, cards: Iterable[str]) -> list[str]:
    """The nine cards somebody would have the room place, in the order of the cards. Raises BadCards for another number, one twice, or one
    that is not there."""
    there = list(cards)
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise BadCards("Pick nine of the cards. Nothing was changed.")
    twice = [each for each, many in Counter(given).items() if many > 1]
    if twice:
        raise BadCards(f"“{twice[0][:40]}” is picked twice. Pick nine different cards; nothing was changed.")
    strange = sorted(set(given) - set(there))
    if strange:
        raise BadCards(f"“{strange[0][:40]}” is not a card of this workshop. Open the page again; nothing was changed.")
    if len(given) != CARDS:
        raise BadCards(f"You picked {len(given)}; the room places {CARDS}. Nothing was changed.")
    return [each for each in there if each in given]


def check_comments(given: Any, cards: Iterable[str]) -> dict[str, str]:
    """Words on cards, without the empty ones. Raises NoWords for a card that is not there, and for too many words."""
    if given in (None, ""):
        return {}
    there = list(cards)
    if not isinstance(given, Mapping) or set(given) - set(there):
        raise NoWords("Words are written on a card of the diamond. They are kept on this phone; nothing was changed.")
    said = {key: plain(given[key]) for key in there if key in given}
    if any(len(words) > COMMENT_AT_MOST for words in said.values()):
        raise NoWords(f"Keep the words on a card within {COMMENT_AT_MOST} letters. They are kept on this phone; nothing was changed.")
    return {key: words for key, words in said.items() if words}


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
