"""A package at work.

What the two schools agree to, how visits and their notes go, what red, amber and green mean, and what support costs.
"""

from __future__ import annotations

from datetime import date

from convenor.funding.rules import Rate
from convenor.support.rules.money import price
from convenor.support.rules.notes import due_on, is_late, stands
from convenor.support.rules.plan import Agreed, check_agree
from convenor.support.rules.progress import Rating, Review, check_review
from convenor.support.rules.refusals import SupportRefused
from convenor.support.rules.states import PROGRESS_MEANS, Accuracy, Progress, ReviewDecision, Who
from tests.spec.telling import day, table, written

MARKS = {"accurate": Accuracy.ACCURATE, "not accurate": Accuracy.NOT_ACCURATE}
COLOURS = {"green": Progress.GREEN, "amber": Progress.AMBER, "red": Progress.RED, "too early": Progress.NOT_YET}
DECISIONS = {"go on": ReviewDecision.CONTINUE, "change the plan": ReviewDecision.CHANGE, "end": ReviewDecision.EXIT}


def test_both_heads_agree_to_the_plan_as_it_stands() -> None:
    """Both heads agree to the plan as it stands.

    The plan counts its changes. The head of the receiving school agrees first, which opens the plan to the other side; then the head who
    lends the supporter is asked. Whoever changes the plan, or what it costs, asks both again. Either may take their agreement back, and no
    reason is asked.
    """
    rows = table("""
        | the plan's version | receiving agreed to | lending agreed to | both agree | receiving may agree now | lending may agree now |
        | 1                  |                     |                   | no         | yes                     | no                    |
        | 1                  | 1                   |                   | no         | no                      | yes                   |
        | 1                  | 1                   | 1                 | yes        | no                      | no                    |
        | 2                  | 1                   | 1                 | no         | yes                     | no                    |
        | 2                  | 2                   | 1                 | no         | no                      | yes                   |
    """)
    for row in rows:
        given = {Who.RECEIVING: row["receiving agreed to"], Who.SUPPLYING: row["lending agreed to"]}
        agreed = Agreed(int(row["the plan's version"]), {side: int(version) for side, version in given.items() if version})
        may = [_may(side, agreed) for side in (Who.RECEIVING, Who.SUPPLYING)]
        said = ["yes" if agreed.both else "no", *may]
        assert said == [row["both agree"], row["receiving may agree now"], row["lending may agree now"]]


def _may(side: Who, agreed: Agreed) -> str:
    try:
        check_agree(side, agreed, read_version=agreed.version, objectives=1, costs=1)
    except SupportRefused:
        return "no"
    return "yes"


def test_a_note_of_visit_comes_within_five_working_days() -> None:
    """A note of visit comes within five working days.

    Bank holidays and weekends do not count. A late note is taken all the same, and says that it was late.
    """
    rows = table("""
        | the visit was on | in time until    | written on       | late |
        | 16 November 2026 | 23 November 2026 | 23 November 2026 | no   |
        | 16 November 2026 | 23 November 2026 | 24 November 2026 | yes  |
        | 22 December 2026 | 31 December 2026 | 4 January 2027   | yes  |
    """)
    for row in rows:
        held = day(row["the visit was on"])
        due = due_on(held)
        assert due is not None
        assert (written(due), "yes" if is_late(held, day(row["written on"])) else "no") == (row["in time until"], row["late"])


def test_a_dispute_stands_beside_the_note_for_ever() -> None:
    """A dispute stands beside the note for ever.

    The head of the school says whether a note about it is accurate. Whoever says that it is not says what is right. Nothing is erased: a
    head who is content later is heard too, and the note still says that there was a dispute.
    """
    rows = table("""
        | the head said              | the note stands as        |
        |                            | not yet marked            |
        | accurate                   | accurate                  |
        | not accurate               | disputed                  |
        | not accurate, accurate     | accurate, after a dispute |
        | accurate, not accurate     | disputed                  |
    """)
    for row in rows:
        marks = [MARKS[each] for each in row["the head said"].split(", ") if each]
        assert stands(marks).value == row["the note stands as"]


def test_red_amber_and_green_are_of_an_objective() -> None:
    """Red, amber and green are of an objective.

    They belong to an objective in a plan that its head agreed, never to a school, and never stand without their meaning and a sign.
    """
    rows = table("""
        | it goes   | which means                                                                         |
        | green     | On track.                                                                           |
        | amber     | Behind, and can be brought back by something that is named here and done soon.      |
        | red       | Off track. It will not come about unless the plan itself changes.                   |
        | too early | Too early to say.                                                                   |
    """)
    assert {row["it goes"]: row["which means"] for row in rows} == {name: PROGRESS_MEANS[each] for name, each in COLOURS.items()}


def test_a_review_does_what_its_ratings_mean() -> None:
    """A review does what its ratings mean.

    Amber names what will be done. Red means that the plan changes or ends: nobody goes on as if nothing were the matter. Nothing is
    reviewed before the day on which its baseline was measured.
    """
    rows = table("""
        | baseline measured on | held on          | it goes | in words                  | what follows    | the review is |
        | 2 November 2026      | 8 February 2027  | green   |                           | go on           | kept          |
        | 2 November 2026      | 8 February 2027  | amber   |                           | go on           | refused       |
        | 2 November 2026      | 8 February 2027  | amber   | Two more visits by Easter | go on           | kept          |
        | 2 November 2026      | 8 February 2027  | red     | Nobody can cover lessons  | go on           | refused       |
        | 2 November 2026      | 8 February 2027  | red     | Nobody can cover lessons  | change the plan | kept          |
        | 2 November 2026      | 8 February 2027  | red     | Nobody can cover lessons  | end             | kept          |
        | 2 March 2027         | 8 February 2027  | green   |                           | go on           | refused       |
    """)
    for row in rows:
        review = Review(
            day(row["held on"]), (Rating(1, COLOURS[row["it goes"]], row["in words"]),), DECISIONS[row["what follows"]], "So we agreed.",
            date(2027, 5, 10),
        )  # fmt: skip
        try:
            check_review(review, baselines={1: day(row["baseline measured on"])}, began_on=date(2026, 11, 2), today=date(2027, 3, 31))
        except ValueError:
            said = "refused"
        else:
            said = "kept"
        assert said == row["the review is"]


def test_a_day_costs_what_the_rate_card_says() -> None:
    """A day costs what the rate card says.

    The broker's share lies within the price or comes on top of it: a part of it, or so much a day. The rest goes to the supporter's school
    or employer, never to the person. Two half days make a day.
    """
    rows = table("""
        | half days | a day costs | with the broker     | in all    | of that with the broker | to whoever lends |
        | 2         | £350        | 15 per cent of it   | £350.00   | £52.50                  | £297.50          |
        | 2         | £420        | 15 per cent on top  | £483.00   | £63.00                  | £420.00          |
        | 2         | £350        | £50 of it           | £350.00   | £50.00                  | £300.00          |
        | 3         | £350        | 15 per cent of it   | £525.00   | £78.75                  | £446.25          |
    """)
    for row in rows:
        share, on_top = row["with the broker"], row["with the broker"].endswith("on top")
        pence, part = (int(share[1:].split()[0]) * 100, 0) if share.startswith("£") else (0, int(share.split()[0]) * 100)
        found = price(int(row["half days"]), Rate(int(row["a day costs"][1:]) * 100, part, pence, on_top))
        said = [f"£{each / 100:,.2f}" for each in (found.pence, found.broker_pence, found.lender_pence)]
        assert said == [row["in all"], row["of that with the broker"], row["to whoever lends"]]
