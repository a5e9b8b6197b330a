"""The way of a peer review.

The school owns its review. Nothing on the way is skipped, and each step is written down with who took it and when. A step that comes
later than planned is taken all the same, and the page says how much later; a step whose day has not come is refused. Nobody is counted or
coloured for it. The visit of these examples is on Tuesday 1 and Wednesday 2 December 2026.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from convenor.peer_review.rules.gates import (
    INTO,
    TAKEN_BY,
    Facts,
    PlannedActivity,
    PriorityFacts,
    Who,
    check_step,
    due_on,
    what_next,
)
from convenor.peer_review.rules.mirror import Expected, overlap
from convenor.peer_review.rules.refusals import ReviewRefused
from convenor.peer_review.rules.states import WAY, Outcome, ReviewKind, State, Step
from convenor.peer_review.rules.telling import WAYPOINT, late_by
from convenor.peer_review.rules.themes import THEMES
from tests.spec.telling import day, table, written

READY = Facts(
    state=State.DRAFT, visit_from_on=date(2026, 12, 1), visit_until_on=date(2026, 12, 3), lead=1, others=frozenset({2, 3}),
    champions=frozenset({3}), questions=("How well do our youngest readers catch up?",), kind=ReviewKind.ENQUIRY, self_review_saved=True,
    activities=(PlannedActivity("Reading with year 2", "Reading lead"),), draft_on=date(2026, 12, 8), accurate=True,
    priorities=(PriorityFacts("Daily reading", "Reading lead", date(2027, 5, 28), "Daily readers", "Nine of thirty", "done"),),
    outcome=Outcome.DONE,
)  # fmt: skip
STATE = {words: state for state, words in WAYPOINT.items()}
WHO = {"the coordinator": Who.COORDINATOR, "the school": Who.HOST, "the lead": Who.LEAD, "the champion": Who.CHAMPION}
BESIDE = {"put off": Step.POSTPONED, "taken back": Step.WITHDRAWN, "moved": Step.MOVED, "resumed": Step.RESUMED}


def before(state: State) -> Facts:
    """A review for which all is ready, just before this state."""
    return replace(READY, state=WAY[WAY.index(state) - 1])


def answer(step: Step, facts: Facts, on: date) -> str:
    """What the gate says: taken, taken and marked late, or refused."""
    try:
        return "taken, and marked late" if check_step(step, facts, on) else "taken"
    except ReviewRefused:
        return "refused"


def test_what_follows_what() -> None:
    """What follows what, who does it, and by when.

    The days are those of reviews in clusters, where a way of review says nothing else: data two weeks before, the draft within ten working
    days, the school's check within five, the workshop within a fortnight, the impact visit six months on.
    """
    rows = table("""
        | comes to               | who takes the step                      | planned for      |
        | Days set               | the coordinator                         |                  |
        | Questions asked        | the school                              | 17 November 2026 |
        | Self-review shared     | the school                              | 17 November 2026 |
        | Visit                  | the school, the lead                    | 1 December 2026  |
        | Feedback before leaving | the lead                               | 2 December 2026  |
        | Draft report           | the lead                                | 16 December 2026 |
        | Final report           | the school, the lead                    | 15 December 2026 |
        | Improvement workshop   | the champion                            | 16 December 2026 |
        | Priorities agreed      | the school                              |                  |
        | Impact visit           | the school, the lead, the champion      | 2 June 2027      |
        | Ended                  | the school                              |                  |
    """)
    assert [STATE[row["comes to"]] for row in rows] == list(WAY[1:])
    for row in rows:
        state = STATE[row["comes to"]]
        due = due_on(before(state))
        assert {WHO[each] for each in row["who takes the step"].split(", ")} == TAKEN_BY[INTO[state]]
        assert (written(due) if due else "") == row["planned for"]


def test_late_is_taken_too_soon_is_not() -> None:
    """Late is taken, too soon is not."""
    rows = table("""
        | the step               | on               | is                     |
        | Self-review shared     | 17 November 2026 | taken                  |
        | Self-review shared     | 18 November 2026 | taken, and marked late |
        | Visit                  | 30 November 2026 | refused                |
        | Visit                  | 1 December 2026  | taken                  |
        | Feedback before leaving | 1 December 2026 | refused                |
        | Feedback before leaving | 2 December 2026 | taken                  |
        | Feedback before leaving | 4 December 2026 | taken, and marked late |
        | Draft report           | 17 December 2026 | taken, and marked late |
        | Improvement workshop   | 16 December 2026 | taken                  |
        | Improvement workshop   | 17 December 2026 | taken, and marked late |
        | Impact visit           | 2 May 2027       | refused                |
        | Impact visit           | 3 May 2027       | taken                  |
        | Impact visit           | 3 July 2027      | taken, and marked late |
    """)
    for row in rows:
        state = STATE[row["the step"]]
        assert answer(INTO[state], before(state), day(row["on"])) == row["is"]


def test_lateness_is_said_quietly() -> None:
    """Lateness is said quietly."""
    rows = table("""
        | planned for      | done             | the page says                  |
        | 17 November 2026 | 17 November 2026 |                                |
        | 17 November 2026 | 19 November 2026 | two days after the planned day |
        | 16 December 2026 | 17 December 2026 | one day after the planned day  |
    """)
    assert [late_by(day(row["planned for"]), day(row["done"])) for row in rows] == [row["the page says"] for row in rows]


def test_the_schools_word_on_the_draft() -> None:
    """The school's word on the draft.

    The draft of these examples was shared on Tuesday 8 December. What the school corrects is answered by a new draft before anything is
    final; where it says nothing for five working days, the lead may make the report final.
    """
    rows = table("""
        | the school says | on               | the report becomes final | next                 |
        | accurate        | 9 December 2026  | taken                    | the school           |
        | not accurate    | 9 December 2026  | refused                  | the lead reviewer    |
        | nothing         | 15 December 2026 | refused                  | the school           |
        | nothing         | 16 December 2026 | taken                    | the school           |
    """)
    said = {"accurate": True, "not accurate": False, "nothing": None}
    for row in rows:
        facts = replace(before(State.REPORT_FINAL), accurate=said[row["the school says"]])
        coming = what_next(facts)
        assert coming is not None
        assert (answer(Step.REPORT_FINAL, facts, day(row["on"])), coming.who.value) == (row["the report becomes final"], row["next"])


def test_the_champion_was_not_the_lead() -> None:
    """Who leads the workshop.

    Somebody who did not lead the review: what was found is one thing, what to do about it another.
    """
    rows = table("""
        | the lead   | the champion | the workshop counts |
        | Dele Stone | Rae Holt     | taken               |
        | Dele Stone | Dele Stone   | refused             |
        | Dele Stone | nobody       | refused             |
    """)
    keys = {"Dele Stone": 1, "Rae Holt": 3}
    for row in rows:
        champions = frozenset({keys[row["the champion"]]}) if row["the champion"] in keys else frozenset[int]()
        facts = replace(before(State.WORKSHOP_DONE), lead=keys[row["the lead"]], champions=champions)
        assert answer(Step.WORKSHOP_DONE, facts, date(2026, 12, 10)) == row["the workshop counts"]


def test_putting_off_and_taking_back() -> None:
    """Putting off and taking back.

    A school may take its review back at any time, and need give no reason. A review that was put off goes on from where it stood; a visit
    whose days have passed needs new ones first.
    """
    rows = table("""
        | where it stands                         | on               | may be     | is      |
        | Questions asked                         | 20 November 2026 | put off    | taken   |
        | Questions asked                         | 20 November 2026 | moved      | taken   |
        | Draft report                            | 10 December 2026 | moved      | refused |
        | Draft report                            | 10 December 2026 | taken back | taken   |
        | Ended                                   | 10 June 2027     | taken back | refused |
        | put off before the visit                | 20 November 2026 | resumed    | taken   |
        | put off before the visit                | 3 December 2026  | resumed    | refused |
        | put off before the visit                | 20 November 2026 | taken back | taken   |
    """)
    for row in rows:
        if row["where it stands"] in STATE:
            facts = replace(READY, state=STATE[row["where it stands"]])
        else:
            facts = replace(READY, state=State.POSTPONED, resumes=State.FOCUS_AGREED)
        assert answer(BESIDE[row["may be"]], facts, day(row["on"])) == row["is"]


def test_what_each_side_expected() -> None:
    """What each side expected.

    Before the visit the school and the team each name three findings, in private. Once the report is final the school alone reads how far
    they and the report agree, by theme and side; the words play no part. A review that finds only what its school expected may have been
    kind rather than curious; that is for the school to think about, and for nobody else to see.
    """
    rows = table("""
        | finding                    | the school expected it | the team expected it | in the report |
        | Reading, a strength        | yes                    | yes                  | yes           |
        | Writing, even better if    | yes                    | no                   | no            |
        | Attendance, even better if | yes                    | no                   | yes           |
        | Science, even better if    | no                     | yes                  | yes           |
        | Staff and workload, a strength | no                 | no                   | yes           |
    """)
    keys = {each.name: each.key for each in THEMES.values()}

    def those(column: str) -> list[Expected]:
        named = [row["finding"].rsplit(", ", 1) for row in rows if row[column] == "yes"]
        return [Expected(keys[theme], side == "a strength") for theme, side in named]

    found = overlap(those("the school expected it"), those("the team expected it"), [each.what for each in those("in the report")])
    assert ([each.theme for each in found.host_met], [each.theme for each in found.host_unmet]) == (["reading", "attendance"], ["writing"])
    assert (found.new, found.share_new_percent) == ((("staff", True),), 50.0)
