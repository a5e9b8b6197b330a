"""How a package goes.

Where a package stands, and what is to be done by when, follows from what people entered. Nobody sets a status. The examples follow the
whole way, from a need to two terms after the end; other ways of working are files that say the same things differently.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from convenor.support.rules.gates import Facts
from convenor.support.rules.reminding import to_remind
from convenor.support.rules.states import PackageStatus, TaskStatus
from convenor.support.rules.tasks import Entered, Standing, moves_now, package_now, said_on
from convenor.support.rules.timers import due_on
from convenor.support.rules.workflows import Due, Unit, workflow
from tests.spec.telling import day, table

UNITS = {"hours": Unit.HOURS, "days": Unit.DAYS, "working days": Unit.WORKING_DAYS, "months": Unit.MONTHS}
STATUSES = {
    "not yet": TaskStatus.CANNOT_START, "to do": TaskStatus.NOT_STARTED, "begun": TaskStatus.IN_PROGRESS, "done": TaskStatus.COMPLETE
}  # fmt: skip
SAID = {
    "being prepared": PackageStatus.WAITS, "past a planned day": PackageStatus.LATE, "on its way": PackageStatus.ON_ITS_WAY,
    "paused": PackageStatus.PAUSED, "stopped": PackageStatus.STOPPED, "ended": PackageStatus.ENDED,
}  # fmt: skip
FLOW = workflow("lifecycle")


def weekday(on: date) -> bool:
    return on.weekday() < 5


def test_time_limits() -> None:
    """By when something is due.

    A shortlist within 48 hours, first contact within 7 days, a note of visit within 5 working days, a review of progress every 4 months.
    Hours are counted in whole days, since a list shows days; bank holidays are no working days.
    """
    rows = table("""
        | from             | so long        | due              |
        | 21 September 2026 | 48 hours       | 23 September 2026 |
        | 22 September 2026 | 7 days         | 29 September 2026 |
        | 4 November 2026  | 5 working days | 11 November 2026 |
        | 22 December 2026 | 5 working days | 31 December 2026 |
        | 31 October 2026  | 4 months       | 28 February 2027 |
    """)
    for row in rows:
        count, _, unit = row["so long"].partition(" ")
        assert due_on(Due("day:opened", int(count), UNITS[unit]), day(row["from"]), weekday) == day(row["due"])


def test_a_task_is_done_when_what_it_needs_is_there() -> None:
    """A task is done when what it needs is there.

    Checking that a supporter fits asks three things, and each must be a yes. A no is kept, and the task stays open.
    """
    rows = table("""
        | a supporter is chosen | they have the days | they would like to | nothing stands between | the task is |
        | no                    |                    |                    |                        | not yet     |
        | yes                   |                    |                    |                        | to do       |
        | yes                   | yes                |                    |                        | begun       |
        | yes                   | yes                | no                 | yes                    | begun       |
        | yes                   | yes                | yes                | yes                    | done        |
    """)
    for row in rows:
        values = {
            "capacity": row["they have the days"], "willing": row["they would like to"], "interest": row["nothing stands between"]
        }  # fmt: skip
        holding = frozenset({"supporter-chosen"} if row["a supporter is chosen"] == "yes" else ())
        here = Standing("checking", {"checking": date(2026, 9, 22)}, {"fit": Entered(values)}, Facts(holding))
        task = next(each for each in package_now(FLOW, here, weekday).tasks if each.key == "fit")
        assert task.status is STATUSES[row["the task is"]]


def test_support_begins_once_everything_it_rests_on_is_there() -> None:
    """Support begins once everything it rests on is there.

    The supporter has been in touch, both heads agree to the plan as it stands, it is settled who pays, every objective says where it
    begins, and what vouches for the supporter is in date. What is missing is said in words.
    """
    rows = table("""
        | in touch | both heads agree | who pays | baselines | assurance in date | it can begin |
        | yes      | yes              | yes      | yes       | yes               | yes          |
        | no       | yes              | yes      | yes       | yes               | no           |
        | yes      | no               | yes      | yes       | yes               | no           |
        | yes      | yes              | no       | yes       | yes               | no           |
        | yes      | yes              | yes      | no        | yes               | no           |
        | yes      | yes              | yes      | yes       | no                | no           |
    """)
    facts = {
        "both heads agree": "both-heads-agreed", "who pays": "costs-agreed", "baselines": "baseline-set",
        "assurance in date": "assurance-in-date",
    }  # fmt: skip
    for row in rows:
        holding = frozenset({"supporter-chosen"} | {name for said, name in facts.items() if row[said] == "yes"})
        entered = {"contact": Entered({"on": "2026-09-25"})} if row["in touch"] == "yes" else {}
        here = Standing("agreeing", {"agreeing": date(2026, 9, 28)}, entered, Facts(holding))
        begin = next(each for each in moves_now(FLOW, here) if each.move.key == "begin")
        assert ("no" if begin.lacks else "yes") == row["it can begin"]


def test_what_a_list_says_of_a_package() -> None:
    """What a list says of a package.

    It is past a planned day when the next thing that is due has passed; one that rests or has ended is never late.
    """
    rows = table("""
        | it stands at | it rests | next due         | on               | the list says      |
        | asked        |          | 5 October 2026   | 5 October 2026   | being prepared     |
        | asked        |          | 5 October 2026   | 6 October 2026   | past a planned day |
        | active       |          | 9 November 2026  | 2 November 2026  | on its way         |
        | active       | paused   | 9 November 2026  | 2 December 2026  | paused             |
        | active       | stopped  | 9 November 2026  | 2 December 2026  | stopped            |
        | closed       |          |                  | 2 December 2026  | ended              |
    """)
    for row in rows:
        here = Standing(row["it stands at"], {}, {}, Facts())
        here = replace(here, paused=row["it rests"] == "paused", stopped=row["it rests"] == "stopped")
        due = day(row["next due"]) if row["next due"] else None
        assert said_on(package_now(FLOW, here, weekday).status, due, day(row["on"])) is SAID[row["the list says"]]


def test_when_somebody_is_reminded() -> None:
    """When somebody is reminded.

    Once, two days before; and where the day has passed, once a week. One letter a person, which says how much waits and never what.
    """
    rows = table("""
        | due              | reminded before  | on               | reminded now |
        | 10 November 2026 |                  | 7 November 2026  | no           |
        | 10 November 2026 |                  | 8 November 2026  | yes          |
        | 10 November 2026 | 8 November 2026  | 10 November 2026 | no           |
        | 10 November 2026 | 8 November 2026  | 11 November 2026 | yes          |
        | 10 November 2026 | 11 November 2026 | 17 November 2026 | no           |
        | 10 November 2026 | 11 November 2026 | 18 November 2026 | yes          |
    """)
    for row in rows:
        before = day(row["reminded before"]) if row["reminded before"] else None
        assert ("yes" if to_remind(day(row["due"]), before, day(row["on"])) else "no") == row["reminded now"]
