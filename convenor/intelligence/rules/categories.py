"""Categories, for partnerships whose board has decided to use them: off unless switched on, and never worked out from a figure.

A category is what people agree after talking: a broker proposes, the school judges itself, its peers may say what they see, and a
third of the schools' own judgements are moderated. Where these differ no category stands; the judgements stand side by side
until somebody moves. A school may move at any time, with a reason. Nothing here reads a figure, and a test holds that.

Source of the schemes: what areas say of themselves in public, gathered in our field notes (section 4.3 on partnerships). What was
not found there is left empty and has to be written by the partnership, with its schools, before a scheme can be switched on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from convenor.intelligence.rules.wording import about_a_person, check
from convenor.partnership.rules.refusals import Refused

#: A scheme has at least so many categories and at most so many.
FEWEST_CATEGORIES: Final = 2
MOST_CATEGORIES: Final = 6
#: How long a criterion, what schools said, and a reason must at least be, in characters: a word is none.
SHORTEST_CRITERION: Final = 20
SHORTEST_SAID: Final = 40
SHORTEST_REASON: Final = 20
LONGEST_WORDS: Final = 2000
#: A colour is a label: no category is called by one.
COLOURS: Final = frozenset({"red", "amber", "green", "yellow", "orange", "black", "rag"})


class CategoryRefused(Refused):
    """Something that the rules of categories do not allow. `field` names what to change; nothing was changed."""

    def __init__(self, message: str, field: str = "") -> None:
        self.field = field
        super().__init__(message)


class Voice(StrEnum):
    """Whose judgement it is."""

    SCHOOL = "school"
    PEERS = "peers"
    BROKER = "broker"
    MODERATOR = "moderator"


VOICE_WORDS: Final = {
    Voice.SCHOOL: "The school's own judgement",
    Voice.PEERS: "Its peers' judgement",
    Voice.BROKER: "The broker's proposal",
    Voice.MODERATOR: "What the moderator found",
}


@dataclass(frozen=True, slots=True)
class Category:
    """One category with the criteria by which a school is in it, as published to schools."""

    key: str
    name: str
    criteria: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A set of categories in their own order. `agree` are the voices that must say the same before a category stands.

    `how` says how the area decides, in its own terms; `number` is how many categories it has, None where that was not found.
    """

    key: str
    name: str
    how: str
    categories: tuple[Category, ...]
    agree: tuple[Voice, ...]
    number: int | None
    source: str = ""

    def category(self, key: str) -> Category | None:
        """A category by its key."""
        return next((each for each in self.categories if each.key == key), None)


SCHEMES: Final[dict[str, Scheme]] = {
    each.key: each
    for each in (
        Scheme(
            "surrey", "Four, as in Surrey",
            "Proposed by phase, with heads of the phase council and what the authority knows; a letter in the first half of the autumn "
            "term; the school sends its own evaluation against the criteria, which can change it; it can move at any time; funded support "
            "follows, and strengths are gathered too.",
            (
                Category("light-touch", "Light Touch"), Category("light-touch-plus", "Light Touch+"),
                Category("support-and-challenge", "Support and Challenge"),
                Category("support-and-challenge-plus", "Support and Challenge+"),
            ),
            (Voice.SCHOOL, Voice.BROKER), 4,
            "https://schoolsallianceforexcellence.co.uk/Supporting-Schools/School-Improvement/Monitoring-and-Risk-Assessment",
        ),
        Scheme(
            "sheffield", "Three judgements, as in Sheffield",
            "Three judgements: the school's, that of peers in its partnership group, and that of the city's partnership. All schools, "
            "academies included; a category brings an entitlement. The names of the categories were not found.",
            (), (Voice.SCHOOL, Voice.PEERS, Voice.BROKER), None, "https://paperzz.com/doc/7059205/school-improvement-strategy",
        ),
        Scheme(
            "warwickshire", "A to D, as in Warwickshire",
            "A group of heads looks at each area and finds the schools in C and D. The criteria were not found.",
            (Category("a", "A"), Category("b", "B"), Category("c", "C"), Category("d", "D")), (Voice.SCHOOL, Voice.BROKER), 4,
            "http://headsup.warwickshire.gov.uk/heads-up-14th-june-17/essential-reading/area-analysis-groups",
        ),
        Scheme(
            "cumbria", "Three, as in Cumbria",
            "Begins with the school's own evaluation. The names of the three categories were not found.",
            (), (Voice.SCHOOL, Voice.BROKER), 3, "https://paperzz.com/doc/6772385/casl-cumbria-alliance-of-system-leaders",
        ),
        Scheme(
            "own", "The partnership's own",
            "Written by the partnership with its schools.", (), (Voice.SCHOOL, Voice.BROKER), None,
        ),
    )
}  # fmt: skip


def scheme_with(key: str, categories: Sequence[tuple[str, str]]) -> Scheme:
    """A shipped scheme with the names and criteria that the partnership wrote, in its order. Raises CategoryRefused for an unknown one."""
    base = SCHEMES.get(key)
    if base is None:
        raise CategoryRefused("Choose one of the schemes. Nothing was changed.", "scheme")
    written = [(name.strip(), criteria.strip()) for name, criteria in categories if name.strip() or criteria.strip()]
    keys = {each.name: each.key for each in base.categories}
    made = tuple(Category(keys.get(name, f"c{number}"), name, criteria) for number, (name, criteria) in enumerate(written, 1))
    return Scheme(base.key, base.name, base.how, made, base.agree, base.number, base.source)


def as_dict(scheme: Scheme) -> dict[str, Any]:
    """A scheme as it is kept on the day it is switched on."""
    categories = [{"key": each.key, "name": each.name, "criteria": each.criteria} for each in scheme.categories]
    return {
        "key": scheme.key, "name": scheme.name, "how": scheme.how, "categories": categories, "number": scheme.number,
        "agree": [voice.value for voice in scheme.agree], "source": scheme.source,
    }  # fmt: skip


def from_dict(kept: Mapping[str, Any]) -> Scheme:
    """A scheme as it was kept, whatever today's list says."""
    return Scheme(
        kept["key"], kept["name"], kept["how"], tuple(Category(**each) for each in kept["categories"]),
        tuple(Voice(each) for each in kept["agree"]), kept["number"], kept["source"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class BoardDecision:
    """A recorded decision as this rule sees it: whose, when, and whether a later one has taken its place."""

    of_the_board: bool
    decided_on: date
    replaced: bool


def refuse_scheme(scheme: Scheme, *, decision: BoardDecision | None, consulted_on: date, said: str, today: date) -> None:
    """Raises CategoryRefused unless the scheme is whole and the board decided on it after asking schools.

    Whole: two to six categories (as many as the scheme has, where that is known), each named once, none by a colour, each with
    its criteria. Decided: a recorded decision of the board that still stands. After asking: schools were consulted before that
    day, and what they said is written down.
    """
    _refuse_categories(scheme)
    if decision is None or not decision.of_the_board or decision.replaced:
        raise CategoryRefused(
            "Categories are switched on only by a decision of the board that is recorded and still stands. Nothing was changed.",
            "decision",
        )
    if decision.decided_on > today:
        raise CategoryRefused("The decision lies in the future. Nothing was changed.", "decision")
    if consulted_on >= decision.decided_on:
        raise CategoryRefused("Schools are consulted before the board decides, not after. Nothing was changed.", "consulted_on")
    if len(said.strip()) < SHORTEST_SAID:
        raise CategoryRefused("Write down what schools said, those against it too: they will read it here. Nothing was changed.", "said")


def _refuse_categories(scheme: Scheme) -> None:
    names = [each.name for each in scheme.categories]
    if not FEWEST_CATEGORIES <= len(names) <= MOST_CATEGORIES:
        message = (
            f"A scheme has {FEWEST_CATEGORIES} to {MOST_CATEGORIES} categories. Name each and write its criteria. Nothing was changed."
        )
        raise CategoryRefused(message, "categories")
    if scheme.number is not None and len(names) != scheme.number:
        message = (
            f"{scheme.name} has {scheme.number} categories and {len(names)} are named; for another number choose the partnership's own."
        )
        raise CategoryRefused(f"{message} Nothing was changed.", "categories")
    if len({name.casefold() for name in names}) != len(names) or not all(names):
        raise CategoryRefused("Each category needs a name of its own. Nothing was changed.", "categories")
    coloured = next((name for name in names if COLOURS & set(name.casefold().split())), None)
    if coloured is not None:
        raise CategoryRefused(f"“{coloured}” is a colour, and a colour is a label. Choose words. Nothing was changed.", "categories")
    if any(len(each.criteria) < SHORTEST_CRITERION for each in scheme.categories):
        raise CategoryRefused("Schools must be able to read the criteria of every category. Write them. Nothing was changed.", "categories")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one voice said of a school, when, and why. Never edited: a later one of the same voice takes its place."""

    voice: Voice
    category: str
    why: str
    at: datetime
    role: str = ""


class How(StrEnum):
    """How a school's category stands. The value is how a page says it."""

    NOTHING = "nobody has said anything yet"
    WAITING = "not everybody has spoken yet"
    AGREED = "agreed"
    DIFFERING = "they do not say the same"
    MODERATED = "moderated"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a school stands: a category only where it is agreed or was moderated, and what each voice said last."""

    category: str
    how: How
    voices: Mapping[Voice, Judgement]

    @property
    def stands(self) -> bool:
        """Whether a category stands at all."""
        return bool(self.category)


def standing(judgements: Iterable[Judgement], *, agree: Sequence[Voice]) -> Standing:
    """Where a school stands by what was said of it. Only people's words count.

    A category stands when all voices in `agree` last said the same. What a moderator found stands until one of them speaks after
    it. Otherwise none stands.
    """
    newest: dict[Voice, Judgement] = {}
    for each in sorted(judgements, key=lambda one: one.at):
        newest[each.voice] = each
    if not newest:
        return Standing("", How.NOTHING, newest)
    moderated = newest.get(Voice.MODERATOR)
    said = [newest[voice] for voice in agree if voice in newest]
    if moderated is not None and all(each.at <= moderated.at for each in said):
        return Standing(moderated.category, How.MODERATED, newest)
    if len(said) < len(agree):
        return Standing("", How.WAITING, newest)
    same = {each.category for each in said}
    return Standing(said[0].category, How.AGREED, newest) if len(same) == 1 else Standing("", How.DIFFERING, newest)


def refuse_judgement(scheme: Scheme, *, category: str, why: str, voice: Voice, before: Judgement | None) -> None:
    """Raises CategoryRefused for a category that the scheme has not, a reason too short or about a person, or one that says nothing new."""
    if scheme.category(category) is None:
        raise CategoryRefused("Choose one of the scheme's categories. Nothing was changed.", "category")
    if not SHORTEST_REASON <= len(why.strip()) <= LONGEST_WORDS:
        message = f"Give the reason, by the criteria, in {SHORTEST_REASON} to {LONGEST_WORDS} characters. Nothing was changed."
        raise CategoryRefused(message, "why")
    found = check(why)
    if about_a_person(found):
        word = next(each.word for each in found if about_a_person([each]))
        raise CategoryRefused(f"“{word}” seems to be about a person. Write the reason of the school. Your words are still here.", "why")
    if before is not None and (before.category, before.why) == (category, why.strip()):
        raise CategoryRefused(f"{VOICE_WORDS[voice]} says this already. Nothing was changed.", "why")
