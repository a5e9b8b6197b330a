"""How a name is folded for search, so that spelling, accents and the many ways to write a saint do not matter."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_PHRASES: Final = (
    (re.compile(r"\bchurch of england\b|\bc of e\b|\bcofe\b|\bc e\b"), "ce"),
    (re.compile(r"\broman catholic\b|\br c\b"), "rc"),
    (re.compile(r"\bsaint\b"), "st"),
    (re.compile(r"\bsaints\b"), "ss"),
)
POSTCODE: Final = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})?$")


def fold(text: str) -> str:
    """Lower case, no accents, no punctuation; "Church of England" is ce, "Saint" is st: "St. Mary's CofE" gives "st marys ce"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    plain = plain.replace("'", "").replace("’", "").replace("`", "").replace("&", " and ")
    words = _NOT_WORD.sub(" ", plain).strip()
    for pattern, short in _PHRASES:
        words = pattern.sub(short, words)
    return words


def postcode(text: str) -> str:
    """A whole postcode as the register writes it (`WN7 1AB`), an outward part (`WN7`), or empty when the text is neither."""
    match = POSTCODE.match(text.strip().upper())
    if not match:
        return ""
    outward, inward = match.groups()
    return f"{outward} {inward}" if inward else outward


def laestab(text: str) -> str:
    """The seven digits of a LAESTAB written as 9162034, 916/2034 or 916 2034; empty when the text is no LAESTAB."""
    digits = re.sub(r"[\s/-]", "", text)
    return digits if len(digits) == 7 and digits.isdigit() else ""


def urn(text: str) -> str:
    """The URN in a text of five to seven digits, perhaps preceded by the word; empty when the text is no URN."""
    digits = re.sub(r"^\s*urn[\s:]*", "", text, flags=re.IGNORECASE).strip()
    return digits if digits.isdigit() and 5 <= len(digits) <= 7 else ""
