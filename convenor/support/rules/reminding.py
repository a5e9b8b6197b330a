"""Whom to remind of a task of a package, and when. Pure.

Once shortly before its day and, where the day has passed, once a week: a reminder helps only while it is rare. One letter a person, however
much waits. Both figures are ours.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

#: How long before its day somebody is reminded of a task.
AHEAD: Final = timedelta(days=2)
#: How long nothing more is said of one that is late.
REST: Final = timedelta(days=7)


def to_remind(due_on: date, reminded_on: date | None, on: date) -> bool:
    """Whether a task that waits is said again on a day."""
    if due_on > on + AHEAD:
        return False
    if reminded_on is None:
        return True
    return due_on < on and (reminded_on <= due_on or reminded_on <= on - REST)


def subject(waiting: int, late: int) -> str:
    """The line of the letter: how many things wait, never what they are."""
    said = "One thing waits for you in Convenor" if waiting == 1 else f"{waiting} things wait for you in Convenor"
    return f"{said}, {late} of them past its day" if late == 1 else f"{said}, {late} of them past their day" if late else said
