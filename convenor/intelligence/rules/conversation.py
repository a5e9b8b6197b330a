"""An early conversation, from the first suggestion to its review: a small machine that skips nothing.

Suggested → shared with the school by one named broker → replied → agreed what next → reviewed within a term → ended.
A school may open one itself, and may take its own back. Silence blocks nothing and says nothing: ten working days after
sharing, the two may go on without a written reply. What ended stays ended; a new run opens a new conversation.
Source: the requirements H3 of the field notes, after Surrey's and Gloucestershire's published practice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from convenor.england.school_years import SchoolYear, Term, school_year_of
from convenor.england.working_days import BeyondTheListError, add_working_days, is_working_day
from convenor.intelligence.rules.lines import SELF, Level, Line
from convenor.partnership.rules.refusals import Refused

#: Working days that a school has to itself before anybody else sees that a conversation is open.
OWN_DAYS: Final = 10
#: Where the list of bank holidays ends, so many calendar days stand for the ten: more than ten working days ever take.
OWN_DAYS_BEYOND_THE_LIST: Final = 21
#: The longest text of a reply, a reason or a review, in characters.
WORDS_AT_MOST: Final = 4000


class ConversationRefused(Refused):
    """A step that the conversation does not allow now. The message says why and that nothing was changed."""


class OutOfTurn(ConversationRefused):
    """The step does not follow from where the conversation stands."""


class TooSoon(ConversationRefused):
    """The school has not had its ten working days."""


class WrongDay(ConversationRefused):
    """A day in the past, or later than a term from now."""


class NoWords(ConversationRefused):
    """Words are needed here, or there are too many."""


class NotYours(ConversationRefused):
    """Somebody else holds this conversation, or the school is one's own."""


class State(StrEnum):
    """Where a conversation stands."""

    SUGGESTED = "suggested"
    SHARED = "shared"
    REPLIED = "replied"
    TRIAGED = "triaged"
    REVIEWED = "reviewed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def says(self) -> str:
        """In the words of a page."""
        return STATE_WORDS[self]

    @property
    def says_to_school(self) -> str:
        """In the words of a page that the school itself reads."""
        return STATE_WORDS_TO_SCHOOL.get(self, STATE_WORDS[self])

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return self not in (State.CLOSED, State.WITHDRAWN)


STATE_WORDS: Final = {
    State.SUGGESTED: "suggested",
    State.SHARED: "shared with the school",
    State.REPLIED: "the school has replied",
    State.TRIAGED: "agreed what comes next",
    State.REVIEWED: "reviewed, and goes on",
    State.CLOSED: "ended",
    State.WITHDRAWN: "taken back by the school",
}
STATE_WORDS_TO_SCHOOL: Final = {
    State.SHARED: "shared with you",
    State.REPLIED: "you have replied",
    State.WITHDRAWN: "taken back by your school",
}


class Origin(StrEnum):
    """Who began it."""

    RUN = "run"
    SCHOOL = "school"


class Outcome(StrEnum):
    """What the two agreed comes next."""

    NO_ACTION = "no-action"
    WATCH = "watch"
    PEER_REVIEW = "peer-review"
    SUPPORT = "support"
    FORMAL_ROUTE = "formal-route"

    @property
    def says(self) -> str:
        """In the words of a page."""
        return OUTCOME_WORDS[self]


OUTCOME_WORDS: Final = {
    Outcome.NO_ACTION: "No action needed",
    Outcome.WATCH: "Look again on a day",
    Outcome.PEER_REVIEW: "A peer review",
    Outcome.SUPPORT: "Support from other schools",
    Outcome.FORMAL_ROUTE: "Formal route noted",
}


class Step(StrEnum):
    """What somebody did. Each is written down with who, when and why."""

    REFERRED = "referred"
    TAKEN_UP = "taken-up"
    SHARED = "shared"
    REPLIED = "replied"
    TRIAGED = "triaged"
    REVIEWED = "reviewed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    HANDED_OVER = "handed-over"
    STEPPED_ASIDE = "stepped-aside"
    CLUSTER_INVITED = "cluster-invited"
    CLUSTER_ASKED_OUT = "cluster-asked-out"

    @property
    def says(self) -> str:
        """In the words of a page."""
        return STEP_WORDS[self]


STEP_WORDS: Final = {
    Step.REFERRED: "The school asked for a conversation itself",
    Step.TAKEN_UP: "A broker took it up",
    Step.SHARED: "The lines were shared with the school",
    Step.REPLIED: "The school replied",
    Step.TRIAGED: "What comes next was agreed",
    Step.REVIEWED: "Reviewed",
    Step.CLOSED: "Ended",
    Step.WITHDRAWN: "The school took its request back",
    Step.HANDED_OVER: "Handed over to another broker",
    Step.STEPPED_ASIDE: "The broker stepped aside",
    Step.CLUSTER_INVITED: "The school agreed that its cluster lead sees this",
    Step.CLUSTER_ASKED_OUT: "The school took back that its cluster lead sees this",
}


class ReplyKind(StrEnum):
    """What kind of word stands beside a line."""

    COMMENT = "comment"
    CORRECTION = "correction"
    DISPUTE = "dispute"
    ANSWER = "answer"

    @property
    def says(self) -> str:
        """In the words of a page."""
        return REPLY_WORDS[self]


REPLY_WORDS: Final = {
    ReplyKind.COMMENT: "Comment",
    ReplyKind.CORRECTION: "Correction",
    ReplyKind.DISPUTE: "Dispute",
    ReplyKind.ANSWER: "The broker’s answer",
}
#: What a school that asks itself may say it would like to talk about, by its key: one tap each.
TOPICS: Final = {
    "teaching": "What pupils learn, and results",
    "attendance": "Attendance",
    "behaviour": "Behaviour",
    "inclusion": "Pupils with special educational needs or disadvantage",
    "leadership": "Leading the school; a new or interim head",
    "staff": "Finding and keeping staff",
    "governance": "Governors or trustees",
    "money": "Pupil numbers and money",
    "other": "Something else",
}

#: The kinds that a school may choose; the last is the broker's.
SCHOOL_SAYS: Final = (ReplyKind.COMMENT, ReplyKind.CORRECTION, ReplyKind.DISPUTE)

#: From where each step may be taken. A step that is not about the state (handing over, inviting the cluster) leaves it.
FROM: Final[dict[Step, frozenset[State]]] = {
    Step.TAKEN_UP: frozenset({State.SUGGESTED, State.SHARED, State.REPLIED, State.TRIAGED, State.REVIEWED}),
    Step.SHARED: frozenset({State.SUGGESTED}),
    Step.REPLIED: frozenset({State.SUGGESTED, State.SHARED, State.REPLIED, State.TRIAGED, State.REVIEWED}),
    Step.TRIAGED: frozenset({State.SHARED, State.REPLIED, State.REVIEWED}),
    Step.REVIEWED: frozenset({State.TRIAGED}),
    Step.CLOSED: frozenset({State.REVIEWED}),
    Step.WITHDRAWN: frozenset({State.SUGGESTED, State.SHARED, State.REPLIED, State.TRIAGED, State.REVIEWED}),
    Step.HANDED_OVER: frozenset({State.SUGGESTED, State.SHARED, State.REPLIED, State.TRIAGED, State.REVIEWED}),
    Step.STEPPED_ASIDE: frozenset({State.SUGGESTED, State.SHARED, State.REPLIED, State.TRIAGED, State.REVIEWED}),
    Step.CLUSTER_INVITED: frozenset({State.SHARED, State.REPLIED, State.TRIAGED, State.REVIEWED}),
    Step.CLUSTER_ASKED_OUT: frozenset({State.SUGGESTED, State.SHARED, State.REPLIED, State.TRIAGED, State.REVIEWED}),
}
#: To where a step leads; a step that is not here leaves the state as it is. A reply moves only what was just shared.
TO: Final[dict[Step, State]] = {
    Step.SHARED: State.SHARED,
    Step.TRIAGED: State.TRIAGED,
    Step.REVIEWED: State.REVIEWED,
    Step.CLOSED: State.CLOSED,
    Step.WITHDRAWN: State.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversation as it stands: all that a decision about it needs to know. `broker_id` is None while nobody holds it.

    `member`: the school is a member of the partnership today.
    """

    state: State
    origin: Origin
    opened_on: date
    shared_on: date | None = None
    broker_id: int | None = None
    outcome: Outcome | None = None
    cluster_may_see: bool = False
    member: bool = True

    @property
    def shown_on(self) -> date | None:
        """The day on which the school saw it: the day of sharing, or the day on which it asked itself. None before."""
        return self.opened_on if self.origin is Origin.SCHOOL else self.shared_on


def step_to(standing: Standing, step: Step) -> State:
    """The state after a step. Raises OutOfTurn when the step does not follow from where the conversation stands."""
    if standing.state not in FROM.get(step, frozenset()):
        raise OutOfTurn(f"The conversation is {standing.state.says}: {_remedy(standing.state)} Nothing was changed.")
    if step is Step.REPLIED:
        return State.REPLIED if standing.state is State.SHARED else standing.state
    return TO.get(step, standing.state)


def _remedy(state: State) -> str:
    return {
        State.SUGGESTED: "it is shared with the school first.",
        State.SHARED: "the school replies next.",
        State.REPLIED: "what comes next is agreed first.",
        State.TRIAGED: "it is reviewed next.",
        State.REVIEWED: "agree what comes next, or end it.",
        State.CLOSED: "what is said now stands beside the school’s lines; a new run may open a new conversation.",
        State.WITHDRAWN: "the school may ask again whenever it likes.",
    }[state]


def own_request(asked_on: date) -> Line:
    """The line of a school that asked for a conversation itself: it suggests by itself, counts in its favour and gives no points."""
    return Line(
        code=SELF, level=Level.NOTE, value=None, unit="", period=f"on {said(asked_on)}", cohort=None, low=None, high=None, comparator=None,
        comparator_says="", contribution=0.0, maximum=0, edition="", measure="",
        says="The school asked for a conversation itself. That counts in its favour.",
    )  # fmt: skip


def school_alone_until(shown_on: date) -> date:
    """The last day that a school has to itself: the tenth working day after it was shown its lines."""
    try:
        return add_working_days(shown_on, OWN_DAYS)
    except BeyondTheListError:
        return shown_on + timedelta(days=OWN_DAYS_BEYOND_THE_LIST)


def alone(standing: Standing, on: date) -> bool:
    """Whether the school still has it to itself and its broker: not yet shown, or the tenth working day has not passed."""
    return standing.shown_on is None or on <= school_alone_until(standing.shown_on)


def check_take_up(standing: Standing | None, *, person_id: int, own_school: bool, suggested: bool) -> None:
    """Whether a broker may take a school's conversation up. `standing` is the open one, if there is one.

    Raises NotYours for a school that the broker acts for or that another broker holds, OutOfTurn where nothing is suggested.
    """
    if own_school:
        raise NotYours("You act for this school: its broker is somebody else. Nothing was changed.")
    if standing is None:
        if not suggested:
            raise OutOfTurn("No conversation is suggested for this school. Nothing was changed.")
        return
    if standing.broker_id == person_id:
        raise NotYours("You hold this conversation already. Nothing was changed.")
    if standing.broker_id is not None:
        raise NotYours("Another broker has taken this conversation up: a school has one. Nothing was changed.")
    step_to(standing, Step.TAKEN_UP)


def check_holder(standing: Standing, *, person_id: int | None, own_school: bool) -> None:
    """Whether this person is the one named broker. Raises NotYours."""
    if own_school:
        raise NotYours("You act for this school: another broker takes the conversation up. Nothing was changed.")
    if person_id is None or standing.broker_id != person_id:
        raise NotYours("You are not this conversation’s broker. Nothing was changed.")


def check_successor(standing: Standing, *, to_id: int, is_broker: bool, own_school: bool) -> None:
    """Whether a conversation may be handed to this person. Raises NotYours for one who may not hold it, or holds it already."""
    step_to(standing, Step.HANDED_OVER)
    if not is_broker or own_school:
        raise NotYours("Only a broker who does not act for the school can follow. Nothing was changed.")
    if to_id == standing.broker_id:
        raise NotYours("They hold this conversation already. Nothing was changed.")


def check_withdrawal(standing: Standing) -> State:
    """The state after a school takes its own request back. Raises OutOfTurn for one that the school did not begin."""
    if standing.origin is not Origin.SCHOOL:
        raise OutOfTurn("Only a conversation that the school asked for itself can be taken back; say what you think of it instead.")
    return step_to(standing, Step.WITHDRAWN)


def check_topics(about: Iterable[str]) -> list[str]:
    """The topics, each once and in our order; those that are not ours are left out. None at all is an answer too."""
    chosen = set(about)
    return [key for key in TOPICS if key in chosen]


def check_words(words: str, what: str, *, at_most: int = WORDS_AT_MOST, needed: bool = True) -> str:
    """The words without what surrounds them. Raises NoWords when there are too many characters, or none where they are needed."""
    kept = words.strip()
    if needed and not kept:
        raise NoWords(f"Say {what}. Nothing was changed.")
    if len(kept) > at_most:
        raise NoWords(f"At most {at_most:,} characters, please; these are {len(kept):,}. Nothing was changed.")
    return kept


def check_reply(kind: ReplyKind, *, words: str, line: str, source: str) -> str:
    """A school's words, held against what each kind needs. Raises NoWords.

    A correction names the line whose figure is wrong and where the right one stands: without that nobody could act on it.
    """
    kept = check_words(words, "what you think, in a few words")
    if kind is ReplyKind.CORRECTION and not line:
        raise NoWords("Choose the line whose figure is wrong. Nothing was changed.")
    if kind is ReplyKind.CORRECTION and not source.strip():
        raise NoWords("Say where the right figure stands, so that it can be checked there. Nothing was changed.")
    return kept


def check_triage(standing: Standing, outcome: Outcome, *, on: date, watch_until_on: date | None) -> date:
    """The day by which it is to be reviewed: the watched day, or a term from now.

    Raises OutOfTurn, TooSoon when the school has neither replied, asked itself nor had its ten working days, and WrongDay
    for a day to look again that is missing, past, or more than a term away.
    """
    step_to(standing, Step.TRIAGED)
    if standing.state is State.SHARED and standing.origin is Origin.RUN and alone(standing, on):
        assert standing.shown_on is not None, "what is shared was shown on a day"
        last = school_alone_until(standing.shown_on)
        raise TooSoon(f"The school has until {said(last)} to reply. Agree what comes next after that, or once it has. Nothing was changed.")
    latest = review_due(on)
    if outcome is not Outcome.WATCH:
        return latest
    if watch_until_on is None:
        raise WrongDay("Say on which day you will look again. Nothing was changed.")
    if not on < watch_until_on <= latest:
        raise WrongDay(f"Look again within a term: after today and by {said(latest)}. Nothing was changed.")
    return watch_until_on


def said(day: date) -> str:
    """A day in words: 7 December 2026."""
    return f"{day.day} {day:%B %Y}"


def _term_of(day: date) -> Term:
    return next(term for term in school_year_of(day).terms if term.starts_on <= day < term.ends_before)


def _term_after(term: Term) -> Term:
    day = term.ends_before
    year = school_year_of(day)
    return next(each for each in (*year.terms, *SchoolYear(year.start_year + 1).terms) if each.starts_on >= day)


def review_due(on: date) -> date:
    """The day by which what was agreed on a day is reviewed: as far into the next term, at the latest its last working day.

    So a review is never more than one term away, and never in the middle of a weekend.
    """
    term = _term_of(on)
    following = _term_after(term)
    due = min(following.starts_on + (on - term.starts_on), following.ends_before - timedelta(days=1))
    while not _works(due):
        due -= timedelta(days=1)
    return due


def _works(day: date) -> bool:
    """Whether a day is a working day; beyond the list of bank holidays, whether it is no weekend."""
    try:
        return is_working_day(day)
    except BeyondTheListError:
        return day.weekday() < 5
