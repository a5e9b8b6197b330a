"""What a room said, in sentences: calm, exact about chance, and without a verdict on anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from convenor.conditions.rules.comparing import Comparison
from convenor.conditions.rules.groups import group_words
from convenor.conditions.rules.results_told import GROUPINGS, CardTold, Groups, Moved, Opinions, Since, Whole

_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_PLACES: Final = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "last")
#: A grouping as the head of its comparison says it, and those in it by a short name.
GROUPING_NAMES: Final = {"role": "Roles", "tier": "Levels of the partnership", "phase": "Phases", "type": "Types of school"}
SHORT: Final = {
    "role": {
        "head": "Heads", "school-leader": "Senior leaders", "governor": "Governors", "trust": "Trust leaders", "officer": "Officers",
        "system-leader": "System leaders", "diocese": "Dioceses", "regional": "DfE regional team", "partner": "Other partners",
    },
    "tier": {"cluster": "Clusters", "alliance": "Alliances", "board": "Strategic"},
    "type": {"maintained": "Maintained", "single-academy": "Academies", "trust-academy": "In trusts", "college": "Colleges"},
}  # fmt: skip
#: As many cards of a comparison stand there at once, besides those that differ beyond chance.
SHOWN: Final = 3


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _word(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def who(whole: Whole) -> str:
    """Whose entries count: "23 tables and 41 people"."""
    parts = []
    if whole.tables:
        parts.append(_count(whole.tables, "table", "tables"))
    if whole.personal:
        parts.append(_count(whole.personal, "person on their own", "people on their own"))
    return " and ".join(parts)


def agreement(whole: Whole) -> str:
    """How far they agree, beside what chance does. W and its point come with as many decimals as tell them apart."""
    found = whole.together
    if found.p is None or found.w_95_percent_point is None:
        return f"{who(whole)} said this. One entry has nobody to agree with."
    says = "agree more than chance" if found.agree_more_than_chance else "agree no more than chance may"
    return f"{who(whole)} {says}: W = {found.w:.2f} ({found.w_95_percent_point:.2f} would be chance’s best twentieth)."


def fitting(whole: Whole) -> str:
    """How many diamonds fit equally well."""
    number = whole.together.consensus_count
    if number == 1:
        return "One diamond lies nearest to all of them."
    if number <= 9:
        return f"{_word(number).capitalize()} diamonds fit equally well; this is one."
    return f"No one diamond stands out: {number:,} fit equally well, and this is one."


def left_out(whole: Whole) -> str:
    """What is said of entries that do not count yet; "" for none."""
    if not whole.left_out:
        return ""
    entries = _count(whole.left_out, "entry of a single person is", "entries of single people are")
    return f"{entries} kept and not counted yet: five are needed, so that nobody’s can be told."


@dataclass(frozen=True, slots=True)
class ComparedCard:
    """One card of a comparison: its mean rank in each group, the widest difference between two, and whether it is beyond chance."""

    key: str
    name: str
    means: tuple[float, ...]
    apart: float
    differs: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One grouping's comparison as a page shows it: its heading, its groups with their entries, the cards that differ most, the others."""

    grouping: str
    heading: str
    columns: tuple[tuple[str, int], ...]
    first: tuple[ComparedCard, ...]
    others: tuple[ComparedCard, ...]
    note: str


def short(grouping: str, key: str) -> str:
    """A group by a short name, for the head of a column."""
    return SHORT.get(grouping, {}).get(key) or group_words(grouping, key)


def compared(cards: Sequence[CardTold], groups: Groups | None) -> list[Compared]:
    """Every comparison that may be told, in the order of the groupings."""
    return [_compared(cards, each, len(groups.comparisons)) for each in groups.comparisons] if groups is not None else []


def _compared(cards: Sequence[CardTold], found: Comparison, groupings: int) -> Compared:
    lines = [
        ComparedCard(card.key, card.name, each.means, max(each.means) - min(each.means), each.differs)
        for card, each in zip(cards, found.cards, strict=True)
    ]
    lines.sort(key=lambda each: (not each.differs, -round(each.apart, 6), each.name))
    differing = sum(each.differs for each in lines)
    shown = max(SHOWN, differing)
    columns = tuple((short(found.grouping, key), size) for key, size in zip(found.groups, found.sizes, strict=True))
    return Compared(
        found.grouping, _heading(found, differing), columns, tuple(lines[:shown]), tuple(lines[shown:]), _note(found, differing, groupings)
    )


def _heading(found: Comparison, differing: int) -> str:
    names = [short(found.grouping, key) for key in found.groups]
    they = _and([names[0], *(_within(each) for each in names[1:])]) if len(names) == 2 else GROUPING_NAMES[found.grouping]
    if differing:
        return f"{they} differ on {_word(differing)}"
    return f"{they} differ over all cards together" if found.differs else f"{they} do not differ beyond chance"


def _within(name: str) -> str:
    """A name within a sentence: a capital that begins no proper name becomes small."""
    return name if name.split()[0].isupper() or name.startswith("DfE") else name[0].lower() + name[1:]


def _note(found: Comparison, differing: int, groupings: int) -> str:
    """What the comparison allows for, and who is not in it."""
    of = f"{_word(groupings)} groupings of nine cards" if groupings > 1 else "nine comparisons"
    says = [f"* beyond chance after allowing for {of}." if differing else f"No card differs beyond chance, allowing for {of}."]
    if found.left_out:
        entries = _count(found.left_out, "entry stands", "entries stand")
        says.append(f"{entries} in no group here: none was given, or it is too small to be told.")
    return " ".join(says)


def not_compared(groups: Groups | None) -> str:
    """The groupings that people answered and that are not told, in a sentence; "" for none."""
    if groups is None:
        return ""
    told = {each.grouping for each in groups.comparisons}
    missing = [GROUPING_NAMES[each] for each in GROUPINGS if each in groups.asked and each not in told]
    if not missing:
        return ""
    names = _and([missing[0], *(_within(each) for each in missing[1:])])
    return f"{names} cannot be compared: a group must have five people or two tables, and none may be worked out from the others."


def opinions(cards: Sequence[CardTold], found: Opinions) -> str:
    """What is said of opinion groups, with the cards that tell them apart."""
    if not found.sizes:
        return found.says
    telling = [cards[place].name for place in found.telling]
    apart = f" What tells them apart: {_and(telling)}." if telling else " No single card tells them apart."
    return found.says + apart


def moves(since: Since) -> Iterator[str]:
    """What is otherwise since last time, a sentence each: the cards that moved furthest, what stays at both ends."""
    by_move = sorted(since.moved, key=lambda each: (-abs(each.place_now - each.place_before), each.place_now, each.name))
    moved = [each for each in by_move if abs(each.place_now - each.place_before) > 1][:2]
    for each in moved:
        verb = "rose" if each.place_now < each.place_before else "fell"
        yield f"{each.name} {verb} from {_place(each.place_before)} to {_place(each.place_now)}."
    if not moved:
        yield "No card moved by more than one place."
    for end in (1, 9):
        stays = [each for each in since.moved if each.place_now == each.place_before == end]
        yield from (f"{each.name} stays {_place(end)}." for each in stays)


def _place(place: int) -> str:
    return _PLACES[place]


def among_pairs(since: Since) -> str:
    """What the test among those who were in both rooms says."""
    pairs = since.pairs
    if pairs.entries is None:
        return "Whether chance did it cannot be told: too few entries carry the same name in both workshops."
    both = f"Among the {_word(pairs.entries)} entries that were in both, by name"
    names = {each.key: each.name for each in since.moved}
    told = [f"{names[key]} {verb}" for keys, verb in ((pairs.rose, "rose"), (pairs.fell, "fell")) for key in keys]
    return f"{both}, {_and(told)} beyond chance." if told else f"{both}, no card moved beyond chance."


def in_order(since: Since) -> list[Moved]:
    """Every card by its place now."""
    return sorted(since.moved, key=lambda each: (each.place_now, each.key))
