"""The yearly self-assessment: how each of the nine conditions stands, as members see it. Private, then pooled. Pure.

Members judge what they can, on four levels. What comes of it is told once, when the asking is closed: how many said what, never a mean
alone, of five people or more. Groups (what people do, the phase and type of their school) are told only where no sum over fewer than five
people can be put together from everything that is told of the condition (`rules.telling`). What was told is kept as it was told.

The levels are ours. That local systems are at different stages is the source's (Isos Partnership, 7 June 2019, key message 1); it names no
levels of single conditions, and these claim to be nobody's measure but ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from convenor.conditions.rules.groups import ANSWERS, group_words
from convenor.conditions.rules.refusals import NotOpen, NoWords, WrongDay
from convenor.conditions.rules.states import AssessmentState
from convenor.conditions.rules.telling import told_groups

#: Of fewer people nothing is told.
FEWEST: Final = 5
WORDS_AT_MOST: Final = 300
TITLE_AT_MOST: Final = 160
#: How long an asking stays open at most, and for how long it is suggested.
LONGEST: Final = timedelta(days=92)
USUAL: Final = timedelta(days=21)
#: Whoever has not answered is reminded once, so long before the last day.
REMINDED_BEFORE: Final = timedelta(days=5)
#: By what the answers are told apart, the first having the first claim where not all can be.
GROUPED_BY: Final = ("role", "phase", "type")


@dataclass(frozen=True, slots=True)
class Level:
    """One of the levels, the lowest being 1, with what it means."""

    level: int
    name: str
    means: str


#: Ours, and said to be so wherever they are shown.
LEVELS: Final[tuple[Level, ...]] = (
    Level(1, "Emerging", "talked about, little to show yet"),
    Level(2, "Forming", "begun, in some places or by some people"),
    Level(3, "Established", "works in most places, and people rely on it"),
    Level(4, "Self-improving", "works, is looked at honestly, and gets better by itself"),
)


def as_dicts(levels: Sequence[Level] = LEVELS) -> list[dict[str, Any]]:
    """The levels as an asking keeps them."""
    return [{"level": each.level, "name": each.name, "means": each.means} for each in levels]


def levels_from(rows: Sequence[Mapping[str, Any]]) -> tuple[Level, ...]:
    """The levels that an asking keeps."""
    return tuple(Level(row["level"], row["name"], row["means"]) for row in rows)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person says. A condition that is left out was not judged; an empty group is one that is not told."""

    levels: Mapping[str, int]
    role: str = ""
    phase: str = ""
    type: str = ""


def check_levels(levels: Mapping[str, int | None], *, conditions: Sequence[str], offered: Sequence[int]) -> dict[str, int]:
    """The levels as they are kept: those judged. Raises NoWords for none judged, a condition or a level that was not asked."""
    judged = {key: level for key, level in levels.items() if level is not None}
    if not judged:
        raise NoWords("Judge at least one condition; leave out those that you cannot. Nothing was changed.")
    if not set(judged) <= set(conditions) or not all(type(each) is int and each in offered for each in judged.values()):
        raise NoWords("That is no condition, or no level, of this self-assessment. Nothing was changed.")
    return judged


def check_words(words: Mapping[str, str], *, conditions: Sequence[str]) -> dict[str, str]:
    """Words by condition as they are kept. Raises NoWords for too many, or for a condition that was not asked."""
    kept = {key: said for key, said in ((key, " ".join(each.split())) for key, each in words.items()) if said}
    if not set(kept) <= set(conditions):
        raise NoWords("That is no condition of this self-assessment. Nothing was changed.")
    if any(len(each) > WORDS_AT_MOST for each in kept.values()):
        raise NoWords(f"Keep what you write about a condition within {WORDS_AT_MOST} characters. Nothing was changed.")
    return kept


def check_asking(title: str, closes_on: date, *, today: date, open_already: bool) -> str:
    """The title as it is kept. Raises NotOpen where one is open already, NoWords for no title, WrongDay for a last day that cannot be."""
    said = " ".join(title.split())
    if open_already:
        raise NotOpen("One is open already. Close it first. Nothing was changed.")
    if not said or len(said) > TITLE_AT_MOST:
        raise NoWords(f"Give it a title of at most {TITLE_AT_MOST} characters. Nothing was changed.")
    if not today < closes_on <= today + LONGEST:
        raise WrongDay("Choose a last day from tomorrow on, within three months. Nothing was changed.")
    return said


def refuse_unless_open(state: str, *, closes_on: date, on: date) -> None:
    """Raises NotOpen once it is closed or its last day is over."""
    if state != AssessmentState.OPEN.value or on > closes_on:
        raise NotOpen("It is closed. What you wrote is below, and was not sent.")


def to_remind(*, closes_on: date, reminded_on: date | None, on: date) -> bool:
    """Whether those who have not answered are reminded now: once, in its last days."""
    return reminded_on is None and closes_on - REMINDED_BEFORE <= on <= closes_on


#: The group of a room in which a holder of each role of the partnership counts; any other is a partner.
_ROLES: Final[Mapping[str, str]] = {
    "head": "head", "school-leader": "school-leader", "school-office": "school-leader", "chair-of-governors": "governor",
    "clerk": "governor", "trust-lead": "trust", "system-leader": "system-leader", "reviewer": "system-leader", "officer": "officer",
    "diocese": "diocese", "regional-link": "regional",
}  # fmt: skip


def role_of(roles: Sequence[str]) -> str:
    """In which group a holder of these roles counts, the first that says being used; "partner" where none does."""
    return next((_ROLES[each] for each in roles if each in _ROLES), "partner")


def type_of(type_group: str, *, in_a_trust: bool) -> str:
    """The type of a school as a room names it; "" where the register's group is none of those."""
    if type_group in ("academy", "free school"):
        return "trust-academy" if in_a_trust else "single-academy"
    return {"maintained": "maintained", "independent": "independent", "college": "college"}.get(type_group, "")


@dataclass(frozen=True, slots=True)
class Segment:
    """One level's part of a bar: from `x`, so wide, both in hundredths of the bar; `place` from 1, `of` so many."""

    place: int
    of: int
    x: float
    width: float
    count: int


def segments(counts: Sequence[int]) -> tuple[Segment, ...]:
    """A bar of counts side by side, those of nought left out."""
    found, before, whole = [], 0, sum(counts)
    for place, count in enumerate(counts, 1):
        if count:
            found.append(Segment(place, len(counts), round(100 * before / whole, 2), round(100 * count / whole, 2), count))
        before += count
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Spread:
    """How many said each level, the lowest first."""

    counts: tuple[int, ...]

    @property
    def judged(self) -> int:
        """How many judged the condition."""
        return sum(self.counts)

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The counts as a bar."""
        return segments(self.counts)

    @property
    def middle(self) -> tuple[int, int]:
        """The two levels between which the middle answer lies, from 1; the same twice where it is one of them."""
        ordered = [level for level, count in enumerate(self.counts, 1) for _ in range(count)]
        return ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]

    def says(self, levels: Sequence[Level]) -> str:
        """The counts in words: "2 emerging, 9 forming, 0 established, 1 self-improving"."""
        return ", ".join(f"{count} {level.name.lower()}" for count, level in zip(self.counts, levels, strict=True))


@dataclass(frozen=True, slots=True)
class Grouped:
    """One group of those who judged a condition, and what they said."""

    key: str
    name: str
    spread: Spread


@dataclass(frozen=True, slots=True)
class ConditionTold:
    """What is told of one condition: nothing (None) where fewer than five judged it. `groups` by question: role, phase, type."""

    key: str
    whole: Spread | None
    groups: Mapping[str, tuple[Grouped, ...]]


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one asking. `answered` is how many answered; of fewer than five no condition is told."""

    answered: int
    conditions: Mapping[str, ConditionTold]

    @property
    def enough(self) -> bool:
        """Whether enough answered for anything to be told."""
        return self.answered >= FEWEST


def tell(answers: Sequence[Answer], *, conditions: Sequence[str], levels: int = len(LEVELS)) -> Told:
    """What is told of these answers, condition by condition."""
    return Told(len(answers), {key: _of_condition(key, answers, levels) for key in conditions})


def _of_condition(key: str, answers: Sequence[Answer], levels: int) -> ConditionTold:
    judged = [each for each in answers if key in each.levels]
    if len(judged) < FEWEST:
        return ConditionTold(key, None, {})
    shown = told_groups([True] * len(judged), {of: [getattr(each, of) for each in judged] for of in GROUPED_BY})
    groups = {of: _groups(of, labels, judged, key, levels) for of, labels in shown.items()}
    return ConditionTold(key, _spread([each.levels[key] for each in judged], levels), groups)


def _groups(of: str, labels: Sequence[str], judged: Sequence[Answer], key: str, levels: int) -> tuple[Grouped, ...]:
    """The groups that are told, in the order in which people choose among them."""
    order = list(ANSWERS[of])
    found = sorted({each for each in labels if each}, key=lambda each: (order.index(each) if each in order else len(order), each))
    return tuple(
        Grouped(
            name,
            group_words(of, name),
            _spread([each.levels[key] for each, label in zip(judged, labels, strict=True) if label == name], levels),
        )
        for name in found
    )


def _spread(given: Sequence[int], levels: int) -> Spread:
    counted = Counter(given)
    return Spread(tuple(counted[level] for level in range(1, levels + 1)))


def kept(told: Told) -> dict[str, Any]:
    """What was told as it is kept when an asking is closed: nothing that was not told."""
    return {
        "answered": told.answered,
        "conditions": {
            key: {
                "counts": list(each.whole.counts),
                "groups": {of: {group.key: list(group.spread.counts) for group in groups} for of, groups in each.groups.items()},
            }
            for key, each in told.conditions.items()
            if each.whole is not None
        },
    }


def read(row: Mapping[str, Any], *, conditions: Sequence[str]) -> Told:
    """What was told, as it was kept."""
    found = {}
    for key in conditions:
        each = row.get("conditions", {}).get(key)
        groups = {} if each is None else {
            of: tuple(Grouped(group, group_words(of, group), Spread(tuple(counts))) for group, counts in rows.items())
            for of, rows in each["groups"].items()
        }  # fmt: skip
        found[key] = ConditionTold(key, None if each is None else Spread(tuple(each["counts"])), groups)
    return Told(row.get("answered", 0), found)
