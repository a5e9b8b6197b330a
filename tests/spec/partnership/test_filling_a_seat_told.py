"""Filling a seat.

A seat is filled by appointing somebody, or by calling for names and deciding between them. What the constitution does not allow is refused
with its reason before anything is written down.
"""

from __future__ import annotations

from datetime import date

import pytest

from convenor.partnership.rules.constitution import Appointment
from convenor.partnership.rules.filling import decide, refuse_unfit
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.refusals import Refused
from tests.spec.telling import table

BOARD = """
[partnership]
id = "marlshire"
name = "Marlshire Learning Partnership"
kind = "collaborative partnership"
from = 2024-09-01
review_on = 2030-09-01

[[tier]]
key = "board"
name = "Board"
hue = "board"

[[body]]
id = "board"
name = "Strategic Board"
kind = "board"
tier = "board"

[[body.seat]]
id = "chair"
title = "Chair"
part = "chair"
independent = true

[[body.seat]]
id = "primary-heads"
title = "Primary headteacher"
places = "1 or 2"
who = ["headteacher"]
phases = ["primary"]

[[cap]]
bodies = ["board"]
per = ["trust"]
who = ["headteacher"]

[[appointment]]
body = "board"
seat = "chair"
person = "Quill"
from = 2025-09-01

[[appointment]]
body = "board"
seat = "primary-heads"
person = "Brack"
role = "headteacher"
phase = "primary"
school = "990001"
trust = "Beacon Trust"
from = 2025-09-01
"""


def test_who_may_fill_a_seat() -> None:
    """Who may fill a seat.

    The Board has an independent chair, Quill, and up to two heads of primary schools, of whom Brack, of Beacon Trust, is one. It may have
    one head of each trust.
    """
    ids = {"Chair": "chair", "Primary headteacher": "primary-heads"}
    for row in table("""
        Proposed from 1 September 2026:

        | Seat                | Who      | Who is         | Of a school that is | In the trust  | Answer |
        | Primary headteacher | Tidewell | a headteacher  | primary             |               | yes    |
        | Primary headteacher | Tidewell | a headteacher  | primary             | Harbour Trust | yes    |
        | Primary headteacher | Tidewell | a headteacher  | primary             | Beacon Trust  | Strategic Board has 2 people of trust Beacon Trust: Brack, Tidewell. It may have 1 ... |
        | Primary headteacher | Tidewell | a headteacher  | secondary           |               | Tidewell as Primary headteacher of Strategic Board: the seat is for primary, not secondary. |
        | Primary headteacher | Tidewell | a governor     | primary             |               | Tidewell as Primary headteacher of Strategic Board: the seat is for headteacher, not governor or trustee. |
        | Chair               | Tidewell | independent    |                     |               | Chair on Strategic Board has room for 1, and on 2026-09-01 it is held by Quill. End that time first, or choose a later first day. Nothing was changed. |
    """):  # noqa: E501
        proposed = Appointment(
            "board",
            ids[row["Seat"]],
            row["Who"],
            from_on=date(2026, 9, 1),
            role=row["Who is"].removeprefix("a "),
            school="990002" if row["Of a school that is"] else "",
            phase=row["Of a school that is"],
            trust=row["In the trust"],
        )
        if row["Answer"] == "yes":
            refuse_unfit(parse(BOARD), proposed)
            continue
        with pytest.raises(Refused) as refused:
            refuse_unfit(parse(BOARD), proposed)
        problems = getattr(refused.value, "problems", ())
        said = " ".join(each.message for each in problems) or str(refused.value)
        told, more, _ = row["Answer"].partition(" ...")
        assert (said[: len(told)] if more else said) == told


def test_how_a_call_is_decided() -> None:
    """How a call for names is decided.

    As many names as places, or fewer: all are chosen. More: those with most votes. A tie for the last place is for people to settle, by the
    means that their constitution names, with the reason written down.
    """
    for row in table("""
        | Places | Standing, with votes            | Outcome                                                                                  |
        | 2      | Brack, Skerry                   | Brack, Skerry: Uncontested.                                                              |
        | 2      | Brack                           | Brack: Uncontested.                                                                      |
        | 1      | Brack 12, Skerry 19, Tidewell 7 | Skerry: By votes.                                                                        |
        | 2      | Brack 12, Skerry 19, Tidewell 7 | Skerry, Brack: By votes.                                                                 |
        | 1      | Brack 12, Skerry 12             | The votes tie for the last place. Settle it by the means your constitution names, then choose and say how. |
        | 1      | Brack, Skerry                   | More people stand than there are places: enter the votes of each, or choose and say how it was decided. |
        | 1      |                                 | Nobody has been put forward. Withdraw the call, or open it again with a later closing day. |
    """):  # noqa: E501
        standing = [each.split() for each in row["Standing, with votes"].split(", ") if each]
        votes = {number: int(each[1]) for number, each in enumerate(standing) if len(each) > 1}
        try:
            decision = decide(range(len(standing)), int(row["Places"]), votes=votes or None, chosen=None, why="")
            said = f"{', '.join(standing[number][0] for number in decision.chosen)}: {decision.words}"
        except Refused as refused:
            said = str(refused)
        assert said == row["Outcome"]
