"""How alike two schools' names are: spelling, abbreviations, saints and forms of government forgiven; infants and juniors kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from convenor.registers.rules.spelling import fold

#: From here on two names are near enough to be shown as a candidate, and to count as the same school's, points of 100.
CANDIDATE_FROM: Final = 62.0
AGREES_FROM: Final = 85.0

_SHORT: Final = {
    "prim": "primary", "pri": "primary", "prmary": "primary", "primry": "primary", "sch": "school", "schl": "school", "scool": "school",
    "jnr": "junior",
    "jun": "junior", "jr": "junior", "juniors": "junior", "inf": "infant", "infants": "infant", "sec": "secondary", "acad": "academy",
    "academies": "academy",
    "comm": "community", "com": "community", "cath": "rc", "catholic": "rc", "coll": "college", "gram": "grammar", "nurs": "nursery",
    "spec": "special",
    "saint": "st", "ce": "ce", "meth": "methodist", "comp": "secondary", "comprehensive": "secondary",
    "ps": "primary",
    "hs": "high", "pr": "primary", "jmi": "primary", "jm": "primary", "tech": "technology", "mt": "mount", "gt": "great",
    "lt": "little", "rd": "road",
}  # fmt: skip
_STAGES: Final = frozenset(
    {
        "infant",
        "junior",
        "primary",
        "first",
        "middle",
        "secondary",
        "high",
        "nursery",
        "special",
        "grammar",
        "upper",
        "lower",
        "sixth",
        "college",
    }
)
_FAITHS: Final = frozenset({"ce", "rc", "methodist", "jewish", "islamic", "muslim", "hindu", "sikh", "quaker"})
_LEFT_OUT: Final = frozenset({
    "school", "schools", "academy", "the", "of", "and", "community", "voluntary", "aided", "controlled", "foundation", "free", "trust",
    "va", "vc", "v", "c",
    "with", "for", "a", "at", "in", "form", "centre", "ofsted", "s", "ltd", "federation", "endowed", "parochial",
})  # fmt: skip
#: Words of names that so many schools bear that nothing but a number, a postcode or a town tells them apart.
_COMMON: Final = frozenset({
    "st", "ss", "all", "saint", "holy", "trinity", "family", "cross", "rood", "name", "christ", "church", "king", "queen", "sacred",
    "heart", "our",
    "lady", "mary", "john", "peter", "paul", "joseph", "anne", "ann", "andrew", "james", "jame", "thoma", "luke", "mark", "matthew",
    "mathew", "michael",
    "george", "martin", "nichola", "stephen", "margaret", "catherine", "katherine", "edward", "edmund", "cuthbert", "chad", "oswald",
    "aidan", "bede",
    "francis", "franci", "xavier", "patrick", "bernadette", "teresa", "theresa", "gregory", "augustine", "barnaba", "bartholomew",
    "clement", "giles",
    "gile", "helen", "hilda", "hugh", "lawrence", "laurence", "leonard", "philip", "saviour", "simon", "jude", "swithun", "vincent",
    "wilfrid", "winifred",
    "bishop", "manor", "park", "hill", "green", "grove", "view", "valley", "oak", "heath", "wood", "north", "south", "east", "west",
    "english", "martyr",
    "evangelist", "baptist", "immaculate", "conception", "rosary", "good", "shepherd", "angel", "apostle", "magdalene", "cathedral",
    "parish", "victoria", "children", "royal",
})  # fmt: skip
#: Forms of names in which a slip of the pen is read as the word it was meant for.
_FORMS: Final = (
    "primary", "community", "academy", "school", "secondary", "infant", "infants", "junior", "college", "catholic", "nursery", "special",
    "voluntary", "controlled", "england", "church",
)  # fmt: skip
#: Pairs of stages that are never one school, and those that a change of age range may have joined.
_APART: Final = (
    ({"infant"}, {"junior"}),
    ({"primary", "infant", "junior", "first", "nursery"}, {"secondary", "high", "upper", "grammar", "sixth", "college"}),
)


@dataclass(frozen=True, slots=True)
class SchoolName:
    """A name taken apart: the words that make it this school's (`core`), its stage and its faith."""

    core: tuple[str, ...]
    stages: frozenset[str]
    faiths: frozenset[str]

    @property
    def key(self) -> str:
        """The core as one text, words in order."""
        return " ".join(self.core)

    @property
    def is_common(self) -> bool:
        """Whether many schools bear such a name, so that alone it says little."""
        return len(self.key) < 5 or all(word in _COMMON for word in self.core)


@lru_cache(maxsize=65_536)
def taken_apart(text: str) -> SchoolName:
    """A name's parts; "St. Mary's C of E (VA) Prim Sch" has the core "st mary", stage primary, faith ce."""
    plain = fold(" ".join(map(_form, fold(text[:200]).split())))
    words = [_SHORT.get(word, word) for word in plain.split()]
    core = tuple(_singular(word) for word in words if word not in _STAGES and word not in _FAITHS and word not in _LEFT_OUT)
    stages = frozenset(word for word in words if word in _STAGES)
    return SchoolName(core, stages, frozenset(word for word in words if word in _FAITHS))


def _form(word: str) -> str:
    """The word, or the form of a name that it is one letter off: Primmary is Primary."""
    if len(word) < 5 or word in _FORMS:
        return word
    return next((form for form in _FORMS if abs(len(form) - len(word)) < 2 and word[0] == form[0] and OSA.distance(word, form) == 1), word)


def _singular(word: str) -> str:
    """Without the s of a saint's or a place's genitive, which half of all lists leave out: marys is mary."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def without(name: SchoolName, words: frozenset[str]) -> SchoolName:
    """The name without the words of a town, where something else remains."""
    core = tuple(word for word in name.core if word not in words)
    return SchoolName(core, name.stages, name.faiths) if core and core != ("st",) else name


def same(one: SchoolName, other: SchoolName) -> bool:
    """Whether two names are the same but for their forms: equal cores in any order, no stage or faith that contradicts."""
    return bool(one.core) and sorted(one.core) == sorted(other.core) and not _contradict(one, other)


def _contradict(one: SchoolName, other: SchoolName) -> bool:
    """Whether both name a stage, or both a faith, and have none of it in common."""
    stages = bool(one.stages and other.stages) and not one.stages & other.stages
    return stages or (bool(one.faiths and other.faiths) and not one.faiths & other.faiths)


def likeness(one: SchoolName, other: SchoolName) -> float:
    """How alike two names are, 0 to 100. Names without words of their own ("Primary School") are like nothing."""
    if not one.core or not other.core:
        return 0.0
    score = 100.0 if sorted(one.core) == sorted(other.core) else _core_likeness(one, other)
    if one.stages and other.stages and not one.stages & other.stages:
        score -= 40 if _apart(one.stages, other.stages) else 18
    elif one.stages != other.stages:
        score -= 2 if not one.stages or not other.stages else 6
    if one.faiths and other.faiths and not one.faiths & other.faiths:
        score -= 25
    elif one.faiths != other.faiths:
        score -= 2
    return max(0.0, score)


def _core_likeness(one: SchoolName, other: SchoolName) -> float:
    """The likeness of the words themselves; a short word within the other's counts less than a slip in a long one."""
    whole = fuzz.ratio(one.key, other.key)
    ordered = fuzz.token_sort_ratio(one.key, other.key)
    shared = set(one.core) & set(other.core) - {"st"}
    part = 0.0
    if shared and (set(one.core) <= set(other.core) or set(other.core) <= set(one.core)):
        part = 84.0 - 6 * abs(len(one.core) - len(other.core))
    return min(97.0, max(whole, ordered, part))


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return any((one & left and other & right) or (one & right and other & left) for left, right in _APART)


def is_slip(one: SchoolName, other: SchoolName, known_words: frozenset[str], *, shortest: int = 6) -> bool:
    """Whether one name is the other with a slip of the pen: all alike but one long word, one letter off, no word of its own.

    "Oakfeild" is a slip for Oakfield; "Mark" is none for Mary, since both are names. `shortest` is the length from which a word is long.
    """
    if len(one.core) != len(other.core) or _contradict(one, other):
        return False
    off = [(left, right) for left, right in zip(one.core, other.core, strict=True) if left != right]
    if len(off) != 1:
        return False
    left, right = off[0]
    long = min(len(left), len(right)) >= shortest and left[0] == right[0]
    return long and left not in known_words and OSA.distance(left, right) == 1
