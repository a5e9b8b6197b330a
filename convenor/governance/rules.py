"""Priorities, task-and-finish groups and decisions: what makes each a proper one."""

from __future__ import annotations

from datetime import date

MOST_AT_ONCE = 7
"""More priorities than this at one time are not priorities (ours; Portsmouth's strategy named seven)."""


class Refused(ValueError):  # noqa: N818 - a refusal is an answer, not a fault
    """What was asked is not a proper priority, group or decision. The message says what to do; nothing was changed."""


def refuse_priority(*, title: str, measure: str, from_on: date, until_on: date, running: int) -> None:
    """Raises Refused unless a priority has a title, a way to know, an end after its beginning, and company it can stand.

    `running` is how many priorities are in force on its first day.
    """
    if not title.strip():
        raise Refused("Give the priority a title that a head would recognise.")
    if not measure.strip():
        raise Refused("Say how anyone will know: what is measured, from where and to where.")
    if until_on <= from_on:
        raise Refused("A priority ends after it begins. Choose a later end.")
    if running >= MOST_AT_ONCE:
        raise Refused(f"{running} priorities are in force on {from_on} already. Close one first: more are no priorities.")


def refuse_task_group(*, task: str, output: str, due_on: date, body_from: date | None, body_until: date | None) -> None:
    """Raises Refused unless a task-and-finish group has a task, something to hand over, and a day it is due within its life."""
    if not task.strip() or not output.strip():
        raise Refused("Say what the group is to do and what it hands over when it finishes.")
    if body_until is None:
        raise Refused("A task-and-finish group ends: give its body an end in the constitution first.")
    if due_on > body_until or (body_from is not None and due_on < body_from):
        raise Refused(f"The group's work is due on {due_on}, outside its life, which ends on {body_until}.")


def refuse_decision(
    *, words: str, decided_on: date, today: date, votes: tuple[int | None, int | None, int | None], quorum: int | None
) -> None:
    """Raises Refused unless a decision has words, lies in the past, and was taken by enough people to count.

    `votes` are for, against and abstained; all None where nobody counted. `quorum` is the body's, None where it has none.
    """
    if not words.strip():
        raise Refused("Write down what was decided.")
    if decided_on > today:
        raise Refused("That day is still to come: record the decision once it is taken.")
    counted = [each for each in votes if each is not None]
    if counted and len(counted) != len(votes):
        raise Refused("Enter votes for, votes against and abstentions, or none of them.")
    if counted and quorum is not None and sum(counted) < quorum:
        raise Refused(f"{sum(counted)} took part and the quorum is {quorum}: the body could not decide.")
