"""Before the visit: what the host asks the team to look into, and what it says of itself.

Source: the requirements H2 of the field notes: the host sets one or two enquiry questions and says which kind of review it would like.
The examples are ours, after what the guidance of school-led programmes says of a good question: open, about pupils, small enough for a day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from convenor.peer_review.rules.gates import QUESTIONS_AT_MOST
from convenor.peer_review.rules.refusals import Missing, NoWords
from convenor.peer_review.rules.states import ReviewKind, State
from convenor.peer_review.rules.themes import in_order

#: The longest question and the longest words under one heading of the self-review, in characters.
QUESTION_AT_MOST: Final = 250
HEADING_AT_MOST: Final = 4000
NOTHING: Final = "Nothing was changed."

#: While the host may write its self-review: until the visit begins.
WHILE_WRITING: Final = frozenset({State.DRAFT, State.SCHEDULED, State.FOCUS_AGREED, State.DATA_SHARED})
#: While the host may mend its questions after it agreed them.
WHILE_MENDING: Final = frozenset({State.FOCUS_AGREED, State.DATA_SHARED})
#: While the visit is planned, and activities change.
WHILE_PLANNING: Final = frozenset({State.SCHEDULED, State.FOCUS_AGREED, State.DATA_SHARED, State.ON_SITE})
#: While each side may say what it expects: before the visit.
WHILE_EXPECTING: Final = frozenset({State.SCHEDULED, State.FOCUS_AGREED, State.DATA_SHARED})

KIND_SAYS: Final[dict[ReviewKind, tuple[str, str]]] = {
    ReviewKind.ENQUIRY: ("One question", "The team looks into what you ask, and at nothing else"),
    ReviewKind.PLAN: ("Our improvement plan", "The team tells you whether it sees what your plan says"),
    ReviewKind.THEMATIC: ("A theme", "One subject or strand, right through the school"),
    ReviewKind.WHOLE_SCHOOL: ("The whole school", "A broad look, as newcomers see it; two days are better than one"),
}
#: A good question, and what is good about it.
EXAMPLES: Final[tuple[tuple[str, str], ...]] = (
    ("How well do our youngest readers catch up?", "about pupils, and something that a visitor can see"),
    ("What do quieter pupils learn in discussion?", "about some pupils, not all"),
    ("Does our new mathematics sequence show in books?", "asks for evidence, not for praise"),
)


@dataclass(frozen=True, slots=True)
class Focus:
    """What the host asks: one or two questions, the kind of review, and the themes that the questions touch."""

    questions: tuple[str, ...]
    kind: ReviewKind
    themes: tuple[str, ...]


def check_focus(questions: Iterable[str], kind: ReviewKind | None, themes: Iterable[str] = ()) -> Focus:
    """The host's focus, trimmed, empty questions left out, unknown themes too. Missing without a question or kind; NoWords for one too
    long, for more than two, and for the same one twice."""
    asked = tuple(" ".join(each.split()) for each in questions if each.strip())
    if not asked:
        raise Missing(f"Ask the team one question, or two. {NOTHING}")
    if len(asked) > QUESTIONS_AT_MOST:
        raise NoWords(f"Two questions at most: a day is short. {NOTHING}")
    if len({each.casefold() for each in asked}) != len(asked):
        raise NoWords(f"The two questions are the same. Leave one out, or ask another. {NOTHING}")
    if any(len(each) > QUESTION_AT_MOST for each in asked):
        raise NoWords(f"A question has at most {QUESTION_AT_MOST} characters. {NOTHING}")
    if kind is None:
        raise Missing(f"Say which kind of review you would like. {NOTHING}")
    return Focus(asked, kind, in_order(themes))


def check_words(words: Mapping[str, str], headings: Iterable[str]) -> dict[str, str]:
    """The words of a self-review by heading, trimmed at the end; headings that the way does not have are left out. NoWords where too
    long."""
    found = {key: str(words[key]).replace("\r\n", "\n").rstrip() for key in headings if key in words}
    if any(len(each) > HEADING_AT_MOST for each in found.values()):
        raise NoWords(f"Under one heading stand at most {HEADING_AT_MOST} characters. {NOTHING}")
    return found


def print_of(words: str) -> str:
    """A short print of words, the same for the same words and practically never for others."""
    return hashlib.sha256(words.replace("\r\n", "\n").rstrip().encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Merged:
    """Two people's words under headings, joined: `words` as they stand now, and the headings under which both wrote, which wait."""

    words: dict[str, str]
    both: tuple[str, ...]


def merge_words(kept: Mapping[str, str], given: Mapping[str, str], was: Mapping[str, str]) -> Merged:
    """What stands after somebody saves `given` beside `kept`, having read words whose prints are `was`, by heading.

    A heading that they did not change keeps what stands; one that nobody else changed takes theirs; where both changed it, and to
    different words, it is named in `both` and keeps what stands. A heading without a print was read empty.
    """
    words, both = dict(kept), []
    for key, theirs in given.items():
        stands, read = kept.get(key, ""), was.get(key) or print_of("")
        if theirs == stands or print_of(theirs) == read:
            continue
        if print_of(stands) == read:
            words[key] = theirs
        else:
            both.append(key)
    return Merged(words, tuple(both))
