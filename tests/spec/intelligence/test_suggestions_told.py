"""When an early conversation is suggested.

A suggestion is an offer to talk, not a label. It is made from lines that anybody can follow: a figure, what it is held against, and whether
chance alone may lie between. A score only says in which order offers are made; it is not a judgement.
"""

import math

import numpy as np

from convenor.england.inspections import InspectionVocabulary
from convenor.intelligence.rules.inspected import Inspected, age, inspection
from convenor.intelligence.rules.levels import wilson_many
from convenor.intelligence.rules.lines import Level, suggested_by
from convenor.intelligence.rules.pooling import Year, pool
from convenor.intelligence.rules.trends import drift
from tests.spec.telling import day, table

CODES = {
    "attainment": "ATT", "progress": "PRG", "trend": "TRD", "disadvantaged pupils": "DIS", "overall absence": "ABS",
    "persistent absence": "PAB", "severe absence": "SEV", "inspection": "INS", "time since inspection": "AGE", "headship": "HD",
    "rolls": "ROL", "own request": "SELF", "soft signals": "SIG",
}  # fmt: skip
LEVELS = {"": None, "note": Level.NOTE, "medium": Level.MEDIUM, "high": Level.HIGH}


def flags(text: str) -> list[tuple[str, Level | None]]:
    """Lines that stand out, as "attainment medium, inspection high"."""
    found = []
    for each in text.split(", "):
        name, _, level = each.rpartition(" ")
        found.append((CODES[name], LEVELS[level]))
    return found


def test_one_high_line_or_three_medium_ones_suggest_a_conversation() -> None:
    """One high line or three medium ones suggest a conversation.

    Overall, persistent and severe absence tell of one thing and count once together. So do attainment and progress, and so do soft signals,
    however many there are. A note never counts: a head's first year brings an offer of support, and what was heard at second hand brings
    nothing by itself. A school that asks for a conversation gets one, and that counts in its favour.
    """
    for row in table("""
        | Lines that stand out                                                                 | Suggested |
        | inspection high                                                                      | yes       |
        | attainment medium, trend medium                                                      | no        |
        | attainment medium, trend medium, rolls medium                                        | yes       |
        | overall absence medium, persistent absence medium, severe absence medium             | no        |
        | overall absence medium, persistent absence medium, attainment medium, rolls medium   | yes       |
        | attainment medium, progress medium, time since inspection medium                     | no        |
        | headship note, attainment medium, trend medium                                       | no        |
        | headship medium, attainment medium, trend medium                                     | yes       |
        | soft signals medium, soft signals medium, soft signals medium                        | no        |
        | soft signals note, attainment medium, trend medium                                   | no        |
        | own request note                                                                     | yes       |
    """):
        assert bool(suggested_by(flags(row["Lines that stand out"]))) == (row["Suggested"] == "yes")


def test_a_figure_counts_only_when_the_whole_interval_lies_beyond() -> None:
    """A figure counts only when its whole interval lies beyond what it is held against.

    Two schools may have the same share and not the same line. The interval says between which shares the school's usual result may well
    lie (in 95 of 100 such cases); with few pupils it is wide.
    """
    for row in table("""
        | Reached the standard | Of how many pupils | Interval     | Similar schools | Stands out |
        | 45%                  | 60                 | 33% to 58%   | 62%             | yes        |
        | 45%                  | 20                 | 26% to 66%   | 62%             | no         |
        | 55%                  | 60                 | 42% to 67%   | 62%             | no         |
        | 70%                  | 60                 | 57% to 80%   | 62%             | no         |
    """):
        share, pupils = float(row["Reached the standard"].strip("%")), float(row["Of how many pupils"])
        low, high = wilson_many(np.array([share]), np.array([pupils]))
        assert f"{low[0]:.0f}% to {high[0]:.0f}%" == row["Interval"]
        assert bool(high[0] < float(row["Similar schools"].strip("%"))) == (row["Stands out"] == "yes")


def test_small_schools_are_read_over_several_years_or_not_at_all() -> None:
    """Small schools are read over several years, or not at all.

    Fewer than six pupils are never shown. Six to ten are shown only together with earlier years, whose pupils are added up. Eleven to
    twenty-nine are added up too where there are earlier years, and are read with care. An older figure never stands in for a withheld
    one. What the school is held against is added up over the same years.
    """
    for row in table("""
        | This year        | Last year        | Shown                 | Pupils |
        | 50% of 40 pupils | 20% of 40 pupils | 50%                   | 40     |
        | 50% of 20 pupils | 40% of 30 pupils | 44%                   | 50     |
        | 50% of 8 pupils  | 25% of 8 pupils  | 38%                   | 16     |
        | 50% of 8 pupils  | withheld         | nothing: too few alone |        |
        | 40% of 5 pupils  | 60% of 30 pupils | nothing: too few      |        |
        | withheld         | 60% of 30 pupils | nothing: withheld     |        |
    """):
        found = pool([year(row["This year"]), year(row["Last year"])])
        if found.hidden[0] or found.alone[0] or math.isnan(found.value[0]):
            why = "too few" if found.hidden[0] else "too few alone" if found.alone[0] else "withheld"
            assert (f"nothing: {why}", "") == (row["Shown"], row["Pupils"])
        else:
            assert (f"{found.value[0]:.0f}%", f"{found.cohort[0]:.0f}") == (row["Shown"], row["Pupils"])


def year(text: str) -> Year:
    """A year as "50% of 40 pupils"; similar schools at 60%."""
    if text == "withheld":
        return Year(np.array([np.nan]), np.array([np.nan]), np.array([60.0]))
    share, _, pupils = text.removesuffix(" pupils").partition("% of ")
    return Year(np.array([float(share)]), np.array([float(pupils)]), np.array([60.0]))


def test_a_trend_is_two_worse_years_and_more_than_chance() -> None:
    """A trend is two worse years running, and more than chance.

    Each year is held against England's, so that a hard paper for all moves nobody.
    """
    for row in table("""
        | School           | England          | Pupils a year | Stands out |
        | 70%, 60%, 48%    | 61%, 61%, 61%    | 60            | yes        |
        | 70%, 60%, 48%    | 61%, 61%, 61%    | 15            | no         |
        | 70%, 60%, 50%    | 61%, 51%, 41%    | 60            | no         |
        | 70%, 45%, 48%    | 61%, 61%, 61%    | 60            | no         |
        | 63%, 62%, 60%    | 61%, 61%, 61%    | 60            | no         |
    """):
        school, nation = ([float(each.strip("%")) for each in row[name].split(", ")] for name in ("School", "England"))
        pupils = np.array([float(row["Pupils a year"])])
        one, two, three = (np.array([each]) for each in school)
        found = drift((one, two, three), (pupils, pupils, pupils), (nation[0], nation[1], nation[2]), spread=None)
        assert bool(found.twice[0] and found.high[0] < 0) == (row["Stands out"] == "yes")


def test_inspection_speaks_in_its_own_words() -> None:
    """An inspection is told in the words of its day, and old grades flag nothing.

    A category of concern and safeguarding that was not met stand out whatever the framework; in a report card, so does urgent improvement,
    and less so what needs attention. A category that a school's predecessor was in ended with it.
    """
    cards = InspectionVocabulary.REPORT_CARD.value
    for row in table("""
        | The latest graded inspection                               | Stands out |
        | overall 2                                                  |            |
        | overall 3                                                  |            |
        | overall 4, special measures                                | high       |
        | overall 4, special measures, of the school it was before   |            |
        | report card, all strong                                    |            |
        | report card, achievement needs attention                   | medium     |
        | report card, inclusion urgent improvement                  | high       |
        | report card, safeguarding not met                          | high       |
    """):
        text = row["The latest graded inspection"]
        judgements = {"achievement": "Strong standard"}
        judgements |= {"achievement": "Needs attention"} if "needs attention" in text else {}
        judgements |= {"inclusion": "Urgent improvement"} if "urgent" in text else {}
        found = Inspected(
            kind="graded", vocabulary=cards if "report card" in text else InspectionVocabulary.OVERALL_EFFECTIVENESS.value,
            started_on=day("3 February 2026"), overall=text[8] if text.startswith("overall") else "", outcome="",
            judgements=judgements if "report card" in text else {}, safeguarding="Not met" if "not met" in text else "",
            category_of_concern="SM" if "special measures" in text else "", of_predecessor="it was before" in text,
        )  # fmt: skip
        level = inspection([found]).level
        assert (level.value if level else "") == row["Stands out"]


def test_five_years_without_an_inspection_stand_out() -> None:
    """More than five years since the last graded inspection stand out.

    Counted to the day of the newest list of inspections that is loaded, since later ones are not known. A school that was never graded is
    counted from the day it opened.
    """
    for row in table("""
        | Last graded inspection | Opened           | Newest list    | Years | Stands out |
        | 10 January 2019        | 1 September 1970 | 31 August 2025 | 6.6   | medium     |
        | 10 January 2022        | 1 September 1970 | 31 August 2025 | 3.6   |            |
        |                        | 1 September 2012 | 31 August 2025 | 13    | medium     |
        |                        | 1 September 2023 | 31 August 2025 | 2     |            |
    """):
        last = row["Last graded inspection"]
        found = [Inspected("graded", "overall_effectiveness", day(last), "2", "", {}, "", "")] if last else []
        told, years = age(found, opened_on=day(row["Opened"]), as_at=day(row["Newest list"]))
        assert (f"{years:g}", told.level.value if told.level else "") == (row["Years"], row["Stands out"])
