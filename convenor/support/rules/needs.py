"""What a school asks for: how it is checked, where it stands in words, and where a request may begin.

The words of a request are the school's own. Nothing here weighs a school: asking is a strength, and its own request comes first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from convenor.england.phases import NURSERY, PRIMARY
from convenor.peer_review.rules.themes import THEMES
from convenor.support.rules.refusals import Missing, NoWords, OutOfTurn, WrongDay, WrongSum
from convenor.support.rules.states import NeedOrigin, NeedState, Payer, SupportFormat

NOTHING: Final = "Nothing was changed."
THEMES_AT_MOST: Final = 3
#: The longest words of a request, and of a reason, in characters.
WORDS_AT_MOST: Final = 2000
WHY_AT_MOST: Final = 300
#: What one request asks for at the most: forty days are a post, and no support.
HALF_DAYS_AT_MOST: Final = 80
#: Phases whose schools teach nobody after sixteen: what is only about that is not offered to them.
UNTIL_SIXTEEN: Final = frozenset({NURSERY, PRIMARY})
SIXTH_FORM: Final = "sixth-form"
BUDGET_AT_MOST: Final = 10_000_000
#: A day by which support is wanted lies within so long.
WANTED_WITHIN: Final = timedelta(days=2 * 365)

NEED_SAYS: Final[dict[NeedState, str]] = {
    NeedState.OPEN: "a broker looks for somebody",
    NeedState.CHOSEN: "somebody is chosen",
    NeedState.ANSWERED: "support was agreed",
    NeedState.UNMET: "nobody was found yet, and the search goes on",
    NeedState.WITHDRAWN: "taken back",
}
ORIGIN_SAYS: Final[dict[NeedOrigin, str]] = {
    NeedOrigin.SCHOOL: "The school asked itself: a strength, and on record as one",
    NeedOrigin.CONVERSATION: "From an early conversation",
    NeedOrigin.PEER_REVIEW: "From its peer review",
    NeedOrigin.PRIORITY: "From a priority of the partnership",
}
FORMAT_SAYS: Final[dict[SupportFormat, str]] = {
    SupportFormat.COACHING: "Coaching",
    SupportFormat.VISITS: "Visits and advice",
    SupportFormat.MODELLING: "Working beside us in class",
    SupportFormat.TRAINING: "Training for staff",
    SupportFormat.REVIEW: "A review with us",
    SupportFormat.REMOTE: "By telephone or video",
    SupportFormat.HOSTING: "Seeing it at their school",
    SupportFormat.MENTORING: "A mentor",
}
#: What a school would talk about in an early conversation, and the theme under which support is found.
TOPIC_THEMES: Final = {
    "teaching": "teaching", "attendance": "attendance", "behaviour": "behaviour", "inclusion": "inclusion", "leadership": "leadership",
    "staff": "staff",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it is filled in. `themes` begin with the most wanted; `payer` None and `budget_pence` None: not settled."""

    themes: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    words: str = ""
    half_days: int = 4
    budget_pence: int | None = None
    payer: Payer | None = None
    wanted_by_on: date | None = None


def check_asked(asked: Asked, *, on: date) -> Asked:
    """The request as it is kept: each theme and way of working once, words without what surrounds them.

    Raises Missing without a theme or with more than three, or for one that is not listed; NoWords without words or with too many; WrongSum
    for half days or money that cannot be; WrongDay for a day that has passed or lies beyond two years.
    """
    themes, formats = _each_once(asked.themes), _each_once(asked.formats)
    if not themes:
        raise Missing(f"Choose what you would like support with: one theme at least, three at most. {NOTHING}")
    if len(themes) > THEMES_AT_MOST:
        raise Missing(f"Choose at most {THEMES_AT_MOST} themes: support that does few things does them well. {NOTHING}")
    if not set(themes) <= set(THEMES) or not set(formats) <= set(SupportFormat):
        raise Missing(f"Choose themes and ways of working from the lists. {NOTHING}")
    words = check_words(asked.words, "what would help, in a sentence or two")
    if not 1 <= asked.half_days <= HALF_DAYS_AT_MOST:
        raise WrongSum(f"Ask for between 1 and {HALF_DAYS_AT_MOST} half days; more is more than one package. {NOTHING}")
    if asked.budget_pence is not None and not 0 <= asked.budget_pence <= BUDGET_AT_MOST:
        raise WrongSum(
            f"Money is nought or more, and at most £{BUDGET_AT_MOST // 100:,}. Leave it empty where it is not settled. {NOTHING}"
        )
    if asked.wanted_by_on is not None and not on <= asked.wanted_by_on <= on + WANTED_WITHIN:
        raise WrongDay(f"The day by which it would help lies between today and two years from now. {NOTHING}")
    return Asked(themes, formats, words, asked.half_days, asked.budget_pence, asked.payer, asked.wanted_by_on)


def check_words(words: str, what: str, at_most: int = WORDS_AT_MOST) -> str:
    """The words without what surrounds them. Raises NoWords where there are none, or too many."""
    kept = words.strip()
    if not kept:
        raise NoWords(f"Say {what}. {NOTHING}")
    if len(kept) > at_most:
        raise NoWords(f"At most {at_most:,} characters, please; these are {len(kept):,}. {NOTHING}")
    return kept


def check_waits(state: NeedState, what: str) -> None:
    """Raises OutOfTurn unless somebody is still looked for. `what` says what was to be done, as "it can be changed"."""
    if not state.waits:
        remedy = "its package says what comes next." if state in (NeedState.CHOSEN, NeedState.ANSWERED) else "the school may ask again."
        raise OutOfTurn(f"While somebody is looked for {what}; here {NEED_SAYS[state]}: {remedy} {NOTHING}")


def check_agreed(agreed: bool) -> None:
    """Raises Missing where somebody would ask for a school that has not agreed to it."""
    if not agreed:
        raise Missing(f"Ask the head first: a school is asked for only what it agrees to ask for. {NOTHING}")


def themes_of_topics(topics: Iterable[str]) -> tuple[str, ...]:
    """The themes under which support is found for what a school would talk about; topics that nobody supports have none."""
    return tuple(TOPIC_THEMES[topic] for topic in topics if topic in TOPIC_THEMES)[:THEMES_AT_MOST]


def _each_once(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))


def themes_for(phase: str, kept: Collection[str] = ()) -> list[tuple[str, str]]:
    """The themes, by key and name, that a school of a phase may choose: no sixth form for those that have none. What was chosen before
    (`kept`) stays to be chosen."""
    none = {SIXTH_FORM} - set(kept) if phase in UNTIL_SIXTEEN else set()
    return [(each.key, each.name) for each in THEMES.values() if each.key not in none]
