"""Who sees what of a review.

The school that is reviewed owns its review. Everybody else sees what this page says, and nothing more; who sees nothing is told the same
as if there were no review. Each look at it from outside the school is written down before it is shown, and the school reads who looked.
"""

from __future__ import annotations

from datetime import date

from convenor.peer_review.rules.ownership import Onlooker, Sight, sights
from convenor.peer_review.rules.states import State
from tests.spec.telling import day, table

WHO = {
    "the school": Onlooker(host=True),
    "the team": Onlooker(team=True),
    "a person the school named": Onlooker(granted=True),
    "whoever follows it": Onlooker(follows=True),
    "another head": Onlooker(),
}
SEEN = {
    "plan": Sight.PLAN,
    "self-review": Sight.SELF_REVIEW,
    "evidence": Sight.EVIDENCE,
    "draft": Sight.DRAFT,
    "report": Sight.REPORT,
    "priorities": Sight.PRIORITIES,
    "who looked": Sight.ACCESS,
}
FINAL = date(2027, 3, 1)


def seen(who: str, state: State, *, on: date = FINAL, resumes: State | None = None) -> frozenset[Sight]:
    """What somebody sees of a review whose report, where it is final, became so on 1 March 2027."""
    reached = state in (State.REPORT_FINAL, State.WORKSHOP_DONE, State.ACTIONS_AGREED, State.IMPACT_REVIEWED, State.CLOSED)
    return sights(WHO[who], state=state, resumes=resumes, final_on=FINAL if reached else None, on=on)


def marks(found: frozenset[Sight]) -> dict[str, str]:
    """The parts of a review that are seen, as the tables say them."""
    return {name: "yes" if sight in found else "" for name, sight in SEEN.items()}


def test_before_the_visit_the_school_shares_what_it_chooses() -> None:
    """Before the visit, the team reads what the school has shared.

    The dates are set and the question is agreed; the school has not yet shared its self-review. Whoever follows the review, as the lead of
    its cluster or the coordinator of its round, sees states, dates and who is on the team: nothing in this table.
    """
    rows = table("""
        | who                       | plan | self-review | evidence | draft | report | priorities | who looked |
        | the school                | yes  | yes         |          |       |        | yes        | yes        |
        | the team                  | yes  |             | yes      | yes   |        |            |            |
        | a person the school named |      |             |          |       |        |            |            |
        | whoever follows it        |      |             |          |       |        |            |            |
        | another head              |      |             |          |       |        |            |            |
    """)
    for row in rows:
        assert row == {"who": row["who"], **marks(seen(row["who"], State.FOCUS_AGREED))}


def test_the_school_reads_the_draft_when_the_team_shares_it() -> None:
    """The school reads evidence and draft once the team shares the draft.

    Until then the log of evidence is the team's working paper. A person whom the school lets read waits for the final report.
    """
    rows = table("""
        | stands                | the school | the team | a person the school named |
        | on the visit          |            | yes      |                           |
        | the draft is shared   | yes        | yes      |                           |
    """)
    states = {"on the visit": State.ON_SITE, "the draft is shared": State.REPORT_DRAFT}
    for row in rows:
        for who in ("the school", "the team", "a person the school named"):
            assert marks(seen(who, states[row["stands"]]))["draft"] == row[who]
            assert marks(seen(who, states[row["stands"]]))["evidence"] == row[who]


def test_once_the_report_is_final() -> None:
    """Once the report is final, the school decides who reads it.

    The team reads it for 30 days more. Priorities and what came of them stay with the school, and with a member of its team whom it names.
    """
    rows = table("""
        | who                       | plan | self-review | evidence | draft | report | priorities | who looked |
        | the school                | yes  | yes         | yes      | yes   | yes    | yes        | yes        |
        | the team                  | yes  | yes         | yes      | yes   | yes    |            |            |
        | a person the school named |      |             |          |       | yes    |            |            |
        | whoever follows it        |      |             |          |       |        |            |            |
        | another head              |      |             |          |       |        |            |            |
    """)
    for row in rows:
        assert row == {"who": row["who"], **marks(seen(row["who"], State.REPORT_FINAL))}


def test_the_team_reads_for_thirty_days() -> None:
    """The team reads the report for 30 days after it is final, and then knows only that it took part.

    The report became final on 1 March 2027. The school's own people read it always.
    """
    rows = table("""
        | on            | the team | the school |
        | 1 March 2027  | yes      | yes        |
        | 31 March 2027 | yes      | yes        |
        | 1 April 2027  |          | yes        |
        | 1 March 2030  |          | yes        |
    """)
    for row in rows:
        for who in ("the team", "the school"):
            assert marks(seen(who, State.CLOSED, on=day(row["on"])))["report"] == row[who]
    assert seen("the team", State.CLOSED, on=date(2027, 4, 1)) == {Sight.STATES, Sight.TEAM}


def test_a_review_that_the_school_took_back() -> None:
    """A review that the school took back is closed to the team at once.

    It was taken back after its report was final. What was written stays with the school; the team knows that it took part.
    """
    rows = table("""
        | who        | plan | evidence | report |
        | the school | yes  | yes      | yes    |
        | the team   |      |          |        |
    """)
    for row in rows:
        found = marks(seen(row["who"], State.WITHDRAWN, resumes=State.REPORT_FINAL))
        assert row == {"who": row["who"], **{name: found[name] for name in ("plan", "evidence", "report")}}


def test_what_each_side_expected_is_its_own() -> None:
    """What each side expected is its own.

    Before the visit the school and the team each name three things that they expect to be found. Neither ever reads the other's. How far
    the two and the findings agree is told to the school alone, once the report is final.
    """
    rows = table("""
        | who                | its own | how far they agree |
        | the school         | yes     | yes                |
        | the team           | yes     |                    |
        | whoever follows it |         |                    |
    """)
    for row in rows:
        found = seen(row["who"], State.REPORT_FINAL)
        told = ["yes" if sight in found else "" for sight in (Sight.OWN_EXPECTATION, Sight.OVERLAP)]
        assert [row["its own"], row["how far they agree"]] == told
