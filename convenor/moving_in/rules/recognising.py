"""What a sheet tells and which column is which, from its headings, its name and what stands below them.

Titles above the headings, headings in two rows, and sheets with one line a school and a column for each role are all real. Nothing is
guessed into a field that neither its heading nor its content names: a column that is not recognised is left out and said.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from convenor.moving_in.rules.kinds import (
    EMAIL_WORDS,
    FIELDS,
    KIND_NAMES,
    NAME_WORDS,
    PHONE_WORDS,
    ROLE_WORDS,
    SCHOOL_FIELDS,
    Kind,
    folded,
    role_of_wide,
)
from convenor.moving_in.rules.reading import Sheet

#: From here on the kind and its columns are taken without asking.
SURE_FROM: Final = 0.75
#: Headings are looked for in so many filled rows.
_ROWS_LOOKED_AT: Final = 25
_ROWS_SAMPLED: Final = 60
#: A misspelt heading is taken for a known one from this likeness on (0 to 100), and counts so much.
_NEAR: Final = 88.0
_NEAR_COUNTS: Final = 0.8
_MOSTLY: Final = 0.6
#: No heading and no number of a school is longer, characters.
_TEXT_TESTED: Final = 120

_KINDS: Final = tuple(kind for kind in Kind if kind is not Kind.UNKNOWN)
#: Words in the name of a sheet or file that hint at what it tells (folded).
_HINTS: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.CONTACTS: ("contact", "contacts", "address book", "heads list", "school list", "mailing list"),
    Kind.CLUSTERS: ("cluster", "clusters", "learning communities", "alliances", "networks", "pyramids"),
    Kind.SEATS: ("board", "seats", "terms", "governance", "members of the board", "committee", "forum", "representatives"),
    Kind.REVIEWERS: ("reviewer", "reviewers", "peer review", "training"),
    Kind.DIRECTORY: ("directory", "offers", "providers", "system leaders", "expertise", "who can help"),
    Kind.SUPPORT_LOG: ("support log", "log", "visits", "support given", "support record", "interventions", "visit log"),
    Kind.SUBSCRIPTIONS: ("subscription", "subscriptions", "subs", "fees", "membership", "invoices", "contributions"),
    Kind.CALENDAR: ("calendar", "meetings", "dates", "diary"),
}
_ROLES: Final = frozenset(word for words in ROLE_WORDS.values() for word in words)
#: Words that stand in headings beside what they head.
_BESIDE: Final = re.compile(
    r"\b(?:please|complete|if known|optional|required|current|latest|preferred|dd mm yyyy|yyyy|y n|inc vat|ex vat)\b|\b20\d\d\b(?: \d\d)?"
)
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\*")
_WHOSE: Final = frozenset({*NAME_WORDS, *EMAIL_WORDS, *PHONE_WORDS})
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_POSTCODE: Final = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE)
_PHONE: Final = re.compile(r"(?:\+44|0)[\d ()-]{8,14}")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}.*|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_TESTS: Final[dict[str, Callable[[str], bool]]] = {
    "email": lambda text: bool(_EMAIL.search(text)),
    "urn": lambda text: bool(re.fullmatch(r"[19]\d{5}(\.0)?", text)),
    "laestab": lambda text: bool(re.fullmatch(r"\d{3}[ /-]?\d{4}(\.0)?", text)),
    "postcode": lambda text: bool(_POSTCODE.fullmatch(text)),
    "phone": lambda text: bool(_PHONE.fullmatch(text)),
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was recognised. `header_rows` are the first and last line of the headings, counted from 1; (0, 0) where there are none.

    `columns` are the fields' keys with their columns, counted from 0; `sure` runs from 0 to 1 (ask below SURE_FROM); `told` says it in
    words, the columns that are not used among them.
    """

    kind: Kind
    header_rows: tuple[int, int]
    columns: dict[str, int]
    sure: float
    told: str


@dataclass(frozen=True, slots=True)
class _Try:
    """One way to see the sheet."""

    kind: Kind
    rows: tuple[int, int]
    columns: dict[str, int]
    score: float
    strength: float


def recognise(sheet: Sheet, *, file_name: str = "") -> Recognised:
    """The likeliest kind, headings and columns of a sheet; Kind.UNKNOWN with the school's columns where none fits."""
    hints = f" {folded(sheet.name)} {folded(file_name.rpartition('.')[0])} {_titles(sheet)} "
    tries = [each for rows in _possible_headers(sheet) for each in _tries(sheet, rows, hints)]
    best_of: dict[Kind, _Try] = {}
    for each in tries:
        known = best_of.get(each.kind)
        if known is None or each.score > known.score + 0.01:
            best_of[each.kind] = each
    ranked = sorted(best_of.values(), key=lambda each: -each.score)
    if not ranked or ranked[0].score < 1.2:
        return _unknown(sheet, ranked)
    best, second = ranked[0], ranked[1].score if len(ranked) > 1 else 0.0
    columns = _by_content(sheet, best)
    return Recognised(
        best.kind,
        _from_one(best.rows),
        columns,
        _sure(sheet, best, second, columns),
        _told(sheet, best.kind, _from_one(best.rows), columns),
    )


def headings(sheet: Sheet, header_rows: tuple[int, int]) -> tuple[str, ...]:
    """Each column's heading as one text, those of two rows joined; empty where the sheet has no headings."""
    first, last = header_rows
    if first < 1 or last > len(sheet.rows):
        return ("",) * (len(sheet.rows[0]) if sheet.rows else 0)
    return tuple(_joined(texts) for texts in zip(*_heading_rows(sheet, first - 1, last - 1), strict=True))


def header_digest(sheet: Sheet, header_rows: tuple[int, int]) -> str:
    """The digest of the headings by which a correction is remembered: the same for next year's sheet with the same headings."""
    return hashlib.sha256("\x1f".join(map(folded, headings(sheet, header_rows))).encode()).hexdigest()


def columns_for(sheet: Sheet, kind: Kind, header_rows: tuple[int, int]) -> dict[str, int]:
    """The columns of a sheet whose kind and headings somebody has said."""
    first, last = header_rows
    texts = _heading_rows(sheet, first - 1, last - 1) if first >= 1 else []
    columns = {key: at for key, (at, _) in _assigned(kind, texts).items()} if texts else {}
    return _by_content(sheet, _Try(kind, (first - 1, last - 1), columns, 0.0, 0.0))


def _from_one(rows: tuple[int, int]) -> tuple[int, int]:
    return rows[0] + 1, rows[1] + 1


def _titles(sheet: Sheet) -> str:
    """The words of title rows: filled rows with one text only."""
    told = [folded(next(iter(texts))) for row in sheet.rows[:6] if len(texts := {cell for cell in row if cell}) == 1]
    return " ".join(told)


def _possible_headers(sheet: Sheet) -> list[tuple[int, int]]:
    """Rows that may be headings, alone or two together: filled, with more than one text, and without anything that only data hold."""
    found: list[tuple[int, int]] = []
    looked = 0
    for at, row in enumerate(sheet.rows):
        if not any(row):
            continue
        looked += 1
        if looked > _ROWS_LOOKED_AT:
            break
        if _is_data(row):
            continue
        below = sheet.rows[at + 1] if at + 1 < len(sheet.rows) else ()
        if len({cell for cell in row if cell}) > 1:
            found.append((at, at))
        if any(below) and not _is_data(below) and any(row):
            found.append((at, at + 1))
    return found


def _is_data(row: tuple[str, ...]) -> bool:
    """Whether a row holds an address, a number of a school, a day or a telephone number: headings never do."""
    return any(
        cell and (_DATE.fullmatch(cell) or any(test(cell) for test in _TESTS.values())) for cell in (each[:_TEXT_TESTED] for each in row)
    )


def _heading_rows(sheet: Sheet, first: int, last: int) -> list[tuple[str, ...]]:
    """The rows of the headings; in the upper one of two a text reaches to the right until the next one, as merged headings do."""
    if first == last:
        return [sheet.rows[first]]
    upper, lower = sheet.rows[first], sheet.rows[last]
    reached, text = [], ""
    for above, below in zip(upper, lower, strict=True):
        text = above or (text if below else "")
        reached.append(text)
    return [tuple(reached), lower]


def _joined(texts: tuple[str, ...]) -> str:
    return " ".join(dict.fromkeys(text for text in texts if text))


def _tries(sheet: Sheet, rows: tuple[int, int], hints: str) -> list[_Try]:
    """The sheet seen as each kind, with headings in these rows."""
    texts = _heading_rows(sheet, *rows)
    filled = sum(1 for each in zip(*texts, strict=True) if any(each))
    found = []
    for kind in _KINDS:
        assigned = _assigned(kind, texts)
        if not assigned or not _makes_sense(kind, assigned):
            continue
        strength = sum(score * _weight(key) for key, (_, score) in assigned.items())
        hint = 0.6 * any(f" {word} " in hints for word in _HINTS[kind])
        missing = sum(1 for each in FIELDS[kind] if each.required and each.key not in assigned)
        unused = max(0, filled - len(assigned))
        hint += _by_roles(sheet, kind, rows, assigned)
        found.append(
            _Try(kind, rows, {key: at for key, (at, _) in assigned.items()}, strength + hint - 0.9 * missing - 0.15 * unused, strength)
        )
    return found


def _by_roles(sheet: Sheet, kind: Kind, rows: tuple[int, int], assigned: Mapping[str, tuple[int, float]]) -> float:
    """What the roles below speak for: heads, chairs and clerks for contacts; a sheet of seats without bodies or days is none."""
    if kind is Kind.SEATS:
        return 0.0 if {"from", "until", "term", "body", "constituency"} & assigned.keys() else -0.8
    if kind is not Kind.CONTACTS or "role" not in assigned:
        return 0.0
    cells = [row[assigned["role"][0]] for row in sheet.rows[rows[1] + 1 : rows[1] + 1 + _ROWS_SAMPLED] if row[assigned["role"][0]]]
    return 0.6 * sum(folded(cell) in _ROLES for cell in cells) / len(cells) if cells else 0.0


def _makes_sense(kind: Kind, assigned: Mapping[str, object]) -> bool:
    """Whether the fields together can tell what the kind tells."""
    keys = assigned.keys()
    if kind is Kind.CONTACTS:
        wide = {found[0] for key in keys if (found := role_of_wide(key))}
        reached = bool({"email", "phone", "name", "last_name"} & keys) or bool(wide)
        return reached and bool({"school", "urn", "laestab"} & keys)
    if kind is Kind.SEATS:
        return bool({"name", "last_name", "email"} & keys) and bool({"seat", "body", "constituency", "term"} & keys)
    if kind is Kind.SUPPORT_LOG:
        return bool({"school", "urn", "laestab"} & keys) and bool({"what", "who"} & keys)
    if kind in {Kind.CLUSTERS, Kind.SUBSCRIPTIONS}:
        return bool({"school", "urn", "laestab"} & keys)
    return len(keys) > 1


@lru_cache(maxsize=512)
def _weight(key: str) -> float:
    """How much a field tells of its kind: one that many kinds have tells little."""
    others = sum(1 for each in _KINDS if any(field.key == key for field in FIELDS[each]))
    return 0.35 if others > 4 else 0.6 if others > 2 else 1.0


@lru_cache(maxsize=16)
def _alike(kind: Kind) -> dict[str, str]:
    """Heading -> field of a kind; the kind's own fields before those of the school, then the first that knows a heading has it."""
    found: dict[str, str] = {}
    for each in sorted(FIELDS[kind], key=lambda each: each in SCHOOL_FIELDS):
        for word in (*each.alike, folded(each.name)):
            found.setdefault(word, each.key)
    return found


@lru_cache(maxsize=16_384)
def _field(kind: Kind, heading: str) -> tuple[str, float]:
    """The field that a folded heading names and how surely, 0 to 1; empty for none."""
    known = _alike(kind)
    if heading in known:
        return known[heading], 1.0
    plain = " ".join(_BESIDE.sub("", heading).split())
    if plain in known:
        return known[plain], 1.0
    found = process.extractOne(plain, _words(kind), scorer=fuzz.ratio, score_cutoff=_NEAR) if len(plain) > 3 else None
    return (known[found[0]], _NEAR_COUNTS) if found else ("", 0.0)


@lru_cache(maxsize=16)
def _words(kind: Kind) -> tuple[str, ...]:
    return tuple(_alike(kind))


def _assigned(kind: Kind, texts: list[tuple[str, ...]]) -> dict[str, tuple[int, float]]:
    """Field -> (column, how surely): each column and each field once, the surest first, then from the left."""
    offers: list[tuple[float, int, str]] = []
    for at, column in enumerate(zip(*texts, strict=True)):
        column = tuple(_BRACKETS.sub(" ", text).strip() or text for text in column)
        ways = [(folded(_joined(column)[:_TEXT_TESTED]), 1.0)]
        if len(texts) > 1 and column[-1] and _stands_alone(column):
            ways.append((folded(column[-1][:_TEXT_TESTED]), 0.9 if column[0] else 1.0))
        for heading, counts in ways:
            key, score = _field(kind, heading)
            if key:
                offers.append((score * counts, at, key))
                if counts == 1.0:
                    break
    taken: dict[str, tuple[int, float]] = {}
    used: set[int] = set()
    for score, at, key in sorted(offers, key=lambda each: (-each[0], each[1])):
        if key not in taken and at not in used:
            taken[key] = (at, score)
            used.add(at)
    return taken


def _stands_alone(column: tuple[str, ...]) -> bool:
    """Whether the lower of two headings tells enough by itself: "Name" below somebody's role that is not known would lose whose it is."""
    upper, lower = folded(column[0]), folded(column[-1])
    return not upper or lower not in _WHOSE or bool({"contact", "contacts", "details", "information", "school"} & set(upper.split()))


def _by_content(sheet: Sheet, best: _Try) -> dict[str, int]:
    """The columns, put right by what stands below: numbers of six digits are URNs whatever the heading says; addresses are addresses."""
    columns = dict(best.columns)
    fields = {each.key for each in FIELDS[best.kind]}
    sample = [row for row in sheet.rows[max(0, best.rows[1] + 1) :] if any(row)][:_ROWS_SAMPLED]
    for at in range(len(sheet.rows[0]) if sheet.rows else 0):
        cells = [row[at][:_TEXT_TESTED] for row in sample if row[at]]
        if len(cells) < 2:
            continue
        told = next((key for key, test in _TESTS.items() if sum(map(test, cells)) >= max(2, len(cells) * _MOSTLY)), "")
        named = next((key for key, column in columns.items() if column == at), "")
        if not told or told not in fields or named == told or named.endswith(f".{told}") or (named and told == "phone"):
            continue
        if named and named not in {"urn", "laestab", "school", "name", "postcode", "town", "email"}:
            wide = role_of_wide(named)
            if not wide or told != "email" or f"{wide[0]}.email" in columns:
                continue
            told = f"{wide[0]}.email"
        if told in columns:
            continue
        columns.pop(named, None)
        columns[told] = at
    return columns


def _sure(sheet: Sheet, best: _Try, second: float, columns: Mapping[str, int]) -> float:
    """How sure, 0 to 1: by how far the next kind is behind, and by how many headings and required fields were recognised."""
    ahead = min(1.0, max(0.0, (best.score - second) / 0.8))
    filled = sum(1 for text in headings(sheet, _from_one(best.rows)) if text)
    covered = len(columns) / max(1, filled)
    missing = sum(1 for each in FIELDS[best.kind] if each.required and each.key not in columns)
    return round(max(0.0, min(1.0, 0.45 + 0.35 * ahead + 0.25 * min(1.0, covered)) - 0.2 * missing), 2)


def _told(sheet: Sheet, kind: Kind, header_rows: tuple[int, int], columns: Mapping[str, int]) -> str:
    first, last = header_rows
    where = f"headings in line {first}" if first == last else f"headings in lines {first} and {last}"
    texts = headings(sheet, header_rows)
    unused = [text[:40] for at, text in enumerate(texts) if text and at not in columns.values()]
    rest = f" Not used: {', '.join(unused[:8])}{' and more' if len(unused) > 8 else ''}." if unused else ""
    return f"{KIND_NAMES[kind]}: {where}; {len(columns)} of {len([text for text in texts if text])} columns recognised.{rest}"


def _unknown(sheet: Sheet, ranked: list[_Try]) -> Recognised:
    """A sheet without headings that tell anything: contacts where addresses and schools stand below each other, else nothing."""
    bare = _by_content(sheet, _Try(Kind.CONTACTS, (-1, -1), {}, 0.0, 0.0))
    if "email" in bare and {"urn", "laestab"} & bare.keys() and _is_data(next((row for row in sheet.rows if any(row)), ())):
        return Recognised(Kind.CONTACTS, (0, 0), bare, 0.5, "Contacts at schools, by what stands in the columns: there are no headings.")
    rows = ranked[0].rows if ranked else next(iter(_possible_headers(sheet)), (-1, -1))
    header_rows = _from_one(rows)
    columns = columns_for(sheet, Kind.UNKNOWN, header_rows)
    return Recognised(Kind.UNKNOWN, header_rows, columns, 0.0, "Nothing says what this sheet tells. Say what it is, or leave it out.")
