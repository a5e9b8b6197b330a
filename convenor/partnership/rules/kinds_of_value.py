"""How one value of a constitution file is read from TOML and written back to it.

Each kind of value reads what people write ("2 or 3", "two years" as "2 years", "Sub-group") and refuses anything else with
words that say what to write instead. ``write`` returns what ``read`` would take, so that a file survives the round trip.
"""

from __future__ import annotations

import difflib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from convenor.partnership.rules.constitution import ExOfficio, Places
from convenor.partnership.rules.vocabulary import Part

ID_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SELECTOR_PREFIXES = ("kind:", "tier:", "under:")
_COUNT = re.compile(r"(\d{1,4})")
_SPAN = re.compile(r"(\d{1,4}) ?(?:to|or|-|–) ?(\d{1,4})")
_UP_TO = re.compile(r"up to (\d{1,4})")
_AT_LEAST = re.compile(r"at least (\d{1,4})")
_TERM = re.compile(r"(\d{1,3}) (year|years|month|months)")
_YEARS = range(1870, 2201)


def nearest(word: str, known: Iterable[str]) -> str:
    """A closing half-sentence naming the known word most like this one, or "" where none is like it."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'; did you mean "{close[0]}"?' if close else ""


def as_key(text: str) -> str:
    """A word as the vocabulary spells it: lower case, hyphens for spaces, no apostrophes ("Members' meeting" is "members-meeting")."""
    return re.sub(r"[\s_-]+", "-", re.sub("['’]", "", text).strip().lower())


class Kind(ABC):
    """A kind of value."""

    @abstractmethod
    def read(self, value: Any) -> Any:
        """The value as the constitution holds it. Raises ValueError with the remedy."""

    def write(self, value: Any) -> Any:
        """The value as TOML holds it."""
        return value


class Text(Kind):
    """Words in quotes, not empty."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValueError('should be words in quotes, such as "Strategic Board"; leave the line out if there is nothing to say')
        return value


class Identifier(Text):
    """A short name that other parts of the file refer to."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not ID_PATTERN.fullmatch(value):
            raise ValueError('should be a short name of small letters, figures and hyphens in quotes, such as "primary-board"')
        return value


class Urn(Text):
    """A school's unique reference number."""

    def read(self, value: Any) -> str:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str) or not re.fullmatch(r"[0-9]{5,7}", text):
            raise ValueError('should be the school\'s URN in quotes, such as "100000"')
        return text


class AreaCode(Text):
    """A local authority's three-digit code."""

    def read(self, value: Any) -> str:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str) or not re.fullmatch(r"[0-9]{3}", text):
            raise ValueError('should be the local authority\'s three-digit code in quotes, such as "916"')
        return text


class YesNo(Kind):
    """true or false."""

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError("should be true or false, without quotes")
        return value


@dataclass(frozen=True)
class Number(Kind):
    """A whole number, at least ``lowest`` and at most ``highest``."""

    lowest: int = 1
    highest: int | None = None

    def read(self, value: Any) -> int:
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= self.lowest
        if not fits or (self.highest is not None and value > self.highest):
            upper = "" if self.highest is None else f" and at most {self.highest}"
            raise ValueError(f"should be a whole number without quotes, at least {self.lowest}{upper}")
        return int(value)


class Day(Kind):
    """A day, year first."""

    def read(self, value: Any) -> date:
        day = value if isinstance(value, date) and not isinstance(value, datetime) else None
        if isinstance(value, str):
            with suppress(ValueError):
                day = date.fromisoformat(value)
        if day is None or day.year not in _YEARS:
            raise ValueError("should be a day written year-month-day without quotes, such as 2026-09-01")
        return day


@dataclass(frozen=True)
class Choice(Kind):
    """One of a list of words; spaces, hyphens and capitals do not matter."""

    known: Mapping[str, Any]

    def read(self, value: Any) -> Any:
        if not isinstance(value, str) or as_key(value) not in self.known:
            hint = nearest(as_key(value), self.known) if isinstance(value, str) else ""
            raise ValueError(f"should be one of: {', '.join(self.known)}{hint}")
        return self.known[as_key(value)]

    def write(self, value: Any) -> str:
        return str(value)


@dataclass(frozen=True)
class Several(Kind):
    """A list of values of one kind; one value alone may stand without brackets."""

    of: Kind

    def read(self, value: Any) -> tuple[Any, ...]:
        values = value if isinstance(value, list) else [value]
        return tuple(self.of.read(each) for each in values)

    def write(self, value: Any) -> list[Any]:
        return [self.of.write(each) for each in value]


class Count(Kind):
    """How many: 3, "2 or 3", "6 to 8", "up to 4", "at least 5", "any number"."""

    def read(self, value: Any) -> Places:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10_000:
            return Places(value, value)
        if isinstance(value, str):
            places = self._from_words(" ".join(value.lower().split()))
            if places is not None:
                return places
        raise ValueError('should be a number, or words such as "2 or 3", "6 to 8", "up to 4", "at least 5" or "any number"')

    @staticmethod
    def _from_words(words: str) -> Places | None:
        if words == "any number":
            return Places(0, None)
        if match := _COUNT.fullmatch(words):
            return Places(int(match[1]), int(match[1]))
        if match := _SPAN.fullmatch(words):
            return Places(int(match[1]), int(match[2]))
        if match := _UP_TO.fullmatch(words):
            return Places(0, int(match[1]))
        if match := _AT_LEAST.fullmatch(words):
            return Places(int(match[1]), None)
        return None

    def write(self, value: Places) -> int | str:
        return value.minimum if value.minimum == value.maximum else str(value)


class Term(Kind):
    """A length of office: "2 years" or "18 months"; held in months."""

    def read(self, value: Any) -> int:
        match = _TERM.fullmatch(" ".join(value.lower().split())) if isinstance(value, str) else None
        if match is None or int(match[1]) == 0:
            raise ValueError('should be a length in words, such as "2 years" or "18 months"')
        return int(match[1]) * (12 if match[2].startswith("year") else 1)

    def write(self, value: int) -> str:
        number, unit = (value // 12, "year") if value % 12 == 0 else (value, "month")
        return f"{number} {unit}{'' if number == 1 else 's'}"


class SelectorText(Kind):
    """One body's id, or a group of bodies: kind:sub-group, tier:alliance, under:board."""

    def read(self, value: Any) -> str:
        text = value.strip() if isinstance(value, str) else ""
        for prefix in SELECTOR_PREFIXES:
            if text.startswith(prefix):
                text_after = as_key(text.removeprefix(prefix))
                if ID_PATTERN.fullmatch(text_after):
                    return prefix + text_after
        if not ID_PATTERN.fullmatch(text):
            raise ValueError('should be the id of a body, or a group of bodies such as "kind:sub-group", "tier:alliance" or "under:board"')
        return text


PARTS = {part.value: part for part in Part}


class ExOfficioTable(Kind):
    """{ part = "chair", bodies = "kind:sub-group" }."""

    def read(self, value: Any) -> ExOfficio:
        if not isinstance(value, dict) or set(value) != {"part", "bodies"}:
            raise ValueError('should be written { part = "chair", bodies = "kind:sub-group" }, with both and nothing else')
        parts = Several(Choice(PARTS)).read(value["part"])
        bodies = Several(SelectorText()).read(value["bodies"])
        if not parts or not bodies:
            raise ValueError("should name at least one part and at least one body")
        return ExOfficio(parts, bodies)

    def write(self, value: ExOfficio) -> dict[str, Any]:
        return {"part": [part.value for part in value.parts], "bodies": list(value.bodies)}
