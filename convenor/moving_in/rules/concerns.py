"""Ratings and notes of concern in old lists: they never enter silently. What is found here is set apart for the school to see first.

The rule errs towards setting apart: a plain note set apart costs a press of a button, a judgement that slips in harms a school.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from convenor.moving_in.rules.kinds import Kind, folded

_RAG: Final = frozenset(
    {
        "r",
        "a",
        "g",
        "red",
        "amber",
        "green",
        "rag",
        "amber green",
        "amber red",
        "red amber",
        "dark red",
        "blue",
        "black",
        "yellow",
        "orange",
        "purple",
    }
)
_GRADES: Final = frozenset({
    "outstanding", "good", "requires improvement", "ri", "inadequate", "special measures", "sm", "serious weaknesses", "sw",
    "satisfactory", "exceptional", "strong standard",
    "expected standard", "needs attention", "urgent improvement", "causing concern", "of concern", "high risk", "medium risk",
    "low risk", "at risk", "high", "medium", "low", "vulnerable",
    "schools causing concern", "scc", "coasting", "double ri", "stuck", "secure", "light touch", "targeted", "intensive", "universal",
    "failing", "critical", "weak", "poor", "strong",
})  # fmt: skip
_CODE: Final = re.compile(
    r"(?:(?:grade|category|cat|band|level|priority|tier|risk|ofsted|rating|group|score)\s*)?(?:[1-5]|[a-e])(?:\s*[+-])?(?:\s*(?:/|out "
    r"of)\s*[45])?"
)
#: Words that judge a school, a head or governors, wherever they stand in a note.
_WORDS: Final = re.compile(
    r"\b(?:concerns?|concerned|concerning|worr(?:y|ies|ied|ying)|inadequate|requires improvement|special measures|serious "
    r"weakness(?:es)?|weak(?:ness(?:es)?|er|est)?|"
    r"failing|failure|failed|poor(?:ly|er|est)?|at risk|high risk|risk of|capability|competence|incompeten\w*|struggl\w*|not "
    r"coping|underperform\w*|under perform\w*|"
    r"vulnerab\w*|declin\w*|deteriorat\w*|dysfunctional|toxic|breakdown|complain\w*|whistle "
    r"?blow\w*|safeguarding|suspend\w*|resign\w*|grievance|disciplin\w*|"
    r"warning notice|intervention|academy order|interim executive "
    r"board|ieb|coasting|crisis|fragile|resist\w*|defensive|refus\w*|hostile|difficult|lacks?|lacking|"
    r"not good enough|below floor|falling|dropp\w*|unsafe|stress\w*|sickness|absence of the head|long term sick|off "
    r"sick|overwhelmed|out of (?:his|her|their) depth|"
    r"red rated|rated red|amber rated|rated amber|downgrad\w*|ri judgement|ofsted due|likely ri|likely inadequate|no "
    r"confidence|turnover|deficit|confidential)\b"
)  # fmt: skip
#: The focus of support is told in plain words that also stand in notes of concern ("safeguarding audit"): only these judge there.
_STRONG: Final = re.compile(
    r"\b(?:concerns?|concerned|concerning|inadequate|requires improvement|special measures|serious weakness(?:es)?|weak(?:ness(?:es)?)?|"
    r"failing|failed|poor|at risk|high risk|capability|incompeten\w*|struggl\w*|not coping|underperform\w*|vulnerable school|dysfunctional|"
    r"toxic|causing concern|rated red|red rated|coasting|crisis|no confidence|confidential)\b"
)
#: In these fields of old lists every filled cell is a judgement, whatever it says.
_RATING_FIELDS: Final = frozenset({"rating"})
_NOTE_FIELDS: Final = frozenset({"note", "what", "status", "says", "expertise"})
_STATES: Final = frozenset({
    "open", "closed", "complete", "completed", "ongoing", "on going", "in progress", "active", "finished", "planned", "not started",
    "ended", "stopped", "done", "agreed", "delivered",
    "cancelled", "paused", "yes", "no", "current", "pending", "due", "started", "under way", "underway", "live",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Concern:
    """A cell that judges: `kind` is rating or note, `why` says what in it was noticed."""

    field: str
    text: str
    kind: str
    why: str


def is_rating(text: str) -> bool:
    """Whether a whole cell is a rating: a colour, a word of Ofsted's, a risk, a grade or a band."""
    plain = folded(text)
    return bool(plain) and (
        plain in _RAG or plain in _GRADES or bool(_CODE.fullmatch(plain)) or bool(_CODE.fullmatch(text.strip().lower()))
    )


def words_of_concern(text: str, *, strong: bool = False) -> tuple[str, ...]:
    """The words of a note that judge a school or the people in it, each once. `strong`: only those that always do."""
    return tuple(dict.fromkeys(found[0] for found in (_STRONG if strong else _WORDS).finditer(folded(text))))


def concerns_in(kind: Kind, values: Mapping[str, str]) -> tuple[Concern, ...]:
    """The cells of a line that must be set apart. Ratings are looked for in columns of ratings and states, concern in all notes."""
    found = []
    for key, text in values.items():
        if not text.strip():
            continue
        if key in _RATING_FIELDS:
            found.append(Concern(key, text, "rating", "it stands in a column of ratings"))
        elif key == "status" and folded(text) not in _STATES and is_rating(text):
            found.append(Concern(key, text, "rating", "it is a rating"))
        elif key in _NOTE_FIELDS and (kind in {Kind.SUPPORT_LOG, Kind.SUBSCRIPTIONS} or key in {"note", "says"}):
            words = words_of_concern(text, strong=key not in {"note", "says"})
            if words:
                found.append(Concern(key, text, "note", f"it says: {', '.join(words[:4])}"))
            elif key == "note" and is_rating(text) and len(folded(text)) > 1:
                found.append(Concern(key, text, "rating", "it is a rating"))
    return tuple(found)
