"""Early conversations.

An early conversation is between one school and one broker, who does not act for that school. The school sees everything first. No step is
skipped, and each is written down with who took it, when and why. What the school says stands beside its lines for ever.
"""

from __future__ import annotations

from datetime import date

from convenor.intelligence.rules.circle import Onlooker, Sight, sight
from convenor.intelligence.rules.conversation import (
    ConversationRefused,
    Origin,
    Outcome,
    Standing,
    State,
    Step,
    check_triage,
    review_due,
    school_alone_until,
    step_to,
)
from tests.spec.telling import day, table, written

SAYS = {state.says: state for state in State}
SEEN = {
    Sight.NOTHING: "nothing",
    Sight.SUGGESTED: "that one is suggested",
    Sight.FORMAL: "that a formal route was noted",
    Sight.STATE: "name and state",
    Sight.READS: "all, to read",
    Sight.HOLDS: "all",
    Sight.OWN: "all, first",
}
WHO = {
    "The school": Onlooker(2, own=True, acts_for=True),
    "Its broker": Onlooker(7, broker=True),
    "Another broker": Onlooker(8, broker=True),
    "Cluster lead": Onlooker(10, leads_its_cluster=True),
    "Manager": Onlooker(11, manager=True),
    "Officer": Onlooker(12, officer=True),
    "A board member": Onlooker(13),
}
STEPS = {
    "a broker takes it up": Step.TAKEN_UP,
    "the broker shares the lines": Step.SHARED,
    "the school replies": Step.REPLIED,
    "what comes next is agreed": Step.TRIAGED,
    "it is reviewed": Step.REVIEWED,
    "it ends": Step.CLOSED,
}


def conversation(state: State, shared: date | None, *, asked: date | None = None, **more: object) -> Standing:
    origin = Origin.SCHOOL if asked else Origin.RUN
    return Standing(state, origin, asked or shared or date(2026, 11, 2), shared, **more)  # type: ignore[arg-type]


def test_no_step_is_skipped() -> None:
    """No step is skipped.

    After a review a conversation ends, or goes on and what comes next is agreed anew. What ended stays ended: only a new run, or the school
    itself, opens another.
    """
    for row in table("""
        | It is                    | Then                        | Now it is                |
        | suggested                | a broker takes it up        | suggested                |
        | suggested                | the broker shares the lines | shared with the school   |
        | suggested                | what comes next is agreed   | refused                  |
        | shared with the school   | the school replies          | the school has replied   |
        | shared with the school   | it is reviewed              | refused                  |
        | the school has replied   | what comes next is agreed   | agreed what comes next   |
        | the school has replied   | it ends                     | refused                  |
        | agreed what comes next   | it is reviewed              | reviewed, and goes on    |
        | agreed what comes next   | it ends                     | refused                  |
        | reviewed, and goes on    | what comes next is agreed   | agreed what comes next   |
        | reviewed, and goes on    | it ends                     | ended                    |
        | ended                    | the school replies          | refused                  |
        | taken back by the school | a broker takes it up        | refused                  |
    """):
        try:
            said = step_to(conversation(SAYS[row["It is"]], date(2026, 11, 2)), STEPS[row["Then"]]).says
        except ConversationRefused:
            said = "refused"
        assert said == row["Now it is"]


def test_a_school_has_ten_working_days() -> None:
    """A school has ten working days to itself.

    They are counted from the day on which its lines were shared with it, or on which it asked for a conversation itself. Weekends and
    bank holidays do not count. Until the last of them has passed, nobody but the school and its one broker learns that a conversation is
    open; while it waits for a broker, brokers know that it does.
    """
    for row in table("""
        | Shown to the school | Its alone until  | Others may know from |
        | 2 November 2026     | 16 November 2026 | 17 November 2026     |
        | 18 December 2026    | 6 January 2027   | 7 January 2027       |
        | 19 March 2027       | 6 April 2027     | 7 April 2027         |
    """):
        last = school_alone_until(day(row["Shown to the school"]))
        manager = [
            sight(WHO["Manager"], conversation(State.SHARED, day(row["Shown to the school"]), broker_id=7), on=on)
            for on in (last, day(row["Others may know from"]))
        ]
        assert (written(last), manager) == (row["Its alone until"], [Sight.NOTHING, Sight.STATE])


def test_who_sees_what() -> None:
    """Who sees what, on which day.

    The conversation of the first row is suggested by a run on 2 November 2026. In the others it was shared on that day, so that the ten
    working days end on 16 November.
    """
    for row in table("""
        | It is                                 | On               | The school | Its broker            | Another broker        | Cluster lead | Manager        | Officer                       | A board member |
        | suggested                             | 2 November 2026  | all, first | that one is suggested | that one is suggested | nothing      | nothing        | nothing                       | nothing        |
        | shared                                | 3 November 2026  | all, first | all                   | nothing               | nothing      | nothing        | nothing                       | nothing        |
        | shared                                | 17 November 2026 | all, first | all                   | nothing               | nothing      | name and state | nothing                       | nothing        |
        | shared, and the school lets its lead  | 3 November 2026  | all, first | all                   | nothing               | all, to read | nothing        | nothing                       | nothing        |
        | agreed: formal route noted            | 10 November 2026 | all, first | all                   | nothing               | nothing      | nothing        | nothing                       | nothing        |
        | agreed: formal route noted            | 17 November 2026 | all, first | all                   | nothing               | nothing      | name and state | that a formal route was noted | nothing        |
        | agreed: support                       | 17 November 2026 | all, first | all                   | nothing               | nothing      | name and state | nothing                       | nothing        |
        | ended                                 | 17 November 2026 | all, first | all, to read          | nothing               | nothing      | nothing        | nothing                       | nothing        |
        | asked for, and taken back             | 17 November 2026 | all, first | nothing               | nothing               | nothing      | nothing        | nothing                       | nothing        |
    """):  # noqa: E501
        shared = date(2026, 11, 2)
        standing = {
            "suggested": None,
            "shared": conversation(State.SHARED, shared, broker_id=7),
            "shared, and the school lets its lead": conversation(State.SHARED, shared, broker_id=7, cluster_may_see=True),
            "agreed: formal route noted": conversation(State.TRIAGED, shared, broker_id=7, outcome=Outcome.FORMAL_ROUTE),
            "agreed: support": conversation(State.TRIAGED, shared, broker_id=7, outcome=Outcome.SUPPORT),
            "ended": conversation(State.CLOSED, shared, broker_id=7, outcome=Outcome.SUPPORT),
            "asked for, and taken back": conversation(State.WITHDRAWN, shared, asked=shared, broker_id=7),
        }[row["It is"]]
        seen = {who: SEEN[sight(each, standing, on=day(row["On"]), suggested=True)] for who, each in WHO.items()}
        assert seen == {who: row[who] for who in WHO}


def test_silence_blocks_nothing() -> None:
    """Silence blocks nothing, and says nothing.

    What comes next is agreed once the school has replied. Where it has not, it waits for the ten working days; a school that asked itself
    has spoken already. In each row the lines were shared on 2 November 2026.
    """
    for row in table("""
        | The school   | On               | What comes next may be agreed |
        | has replied  | 3 November 2026  | yes                           |
        | is silent    | 16 November 2026 | no                            |
        | is silent    | 17 November 2026 | yes                           |
        | asked itself | 3 November 2026  | yes                           |
    """):
        shared = date(2026, 11, 2)
        standing = {
            "has replied": conversation(State.REPLIED, shared),
            "is silent": conversation(State.SHARED, shared),
            "asked itself": conversation(State.SHARED, shared, asked=shared),
        }[row["The school"]]
        try:
            check_triage(standing, Outcome.SUPPORT, on=day(row["On"]), watch_until_on=None)
            said = "yes"
        except ConversationRefused:
            said = "no"
        assert said == row["What comes next may be agreed"]


def test_a_review_comes_within_a_term() -> None:
    """A review comes within a term.

    What was agreed is reviewed as far into the next term as it was agreed into this one, at the latest on that term's last working day.
    Terms are those by which the Department counts absence: to the end of December, to Easter, to the end of August.
    """
    for row in table("""
        | Agreed on        | Reviewed by      |
        | 2 November 2026  | 4 March 2027     |
        | 18 December 2026 | 25 March 2027    |
        | 1 February 2027  | 28 April 2027    |
        | 10 May 2027      | 14 October 2027  |
    """):
        assert written(review_due(day(row["Agreed on"]))) == row["Reviewed by"]
