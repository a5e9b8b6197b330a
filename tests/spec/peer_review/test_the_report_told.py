"""The report, whose it is, and what the partnership learns of it.

The school owns its report. It gives no grade. Others read it only because they were on the team, or because the school lets them; the
partnership learns themes, once a round, and never of one school.
"""

from __future__ import annotations

from datetime import date, timedelta

from convenor.peer_review.rules.ownership import Onlooker, Sight, sights
from convenor.peer_review.rules.refusals import Missing
from convenor.peer_review.rules.report import Finding, Writing, check_ready
from convenor.peer_review.rules.scale import inspection_word
from convenor.peer_review.rules.states import State
from convenor.peer_review.rules.themes_shared import share
from convenor.peer_review.rules.themes_shared import table as told
from tests.spec.telling import table

FINAL = date(2026, 12, 11)


def test_each_finding_rests_on_evidence() -> None:
    """Each finding rests on evidence.

    A report has a summary, and at least one strength and one even-better-if. Each has a theme, words, and a note of the evidence log that
    still stands.
    """
    rows = table("""
        | summary | strength rests on      | even better if rests on | may be shared |
        | yes     | note 1                 | note 2                  | yes           |
        | no      | note 1                 | note 2                  | no            |
        | yes     | nothing                | note 2                  | no            |
        | yes     | a note taken back      | note 2                  | no            |
        | yes     | note 1                 | there is none           | no            |
    """)
    for row in rows:
        rests = (row["strength rests on"],) if row["strength rests on"] != "nothing" else ()
        better = (Finding("writing", "w", (row["even better if rests on"],)),) if row["even better if rests on"] != "there is none" else ()
        writing = Writing("s" if row["summary"] == "yes" else "", (Finding("reading", "w", rests),), better)
        try:
            check_ready(writing, known=("note 1", "note 2"), scale=())
        except Missing:
            shared = "no"
        else:
            shared = "yes"
        assert shared == row["may be shared"]


def test_a_scale_never_reads_like_an_inspection() -> None:
    """A scale never reads like an inspection.

    A review gives no grade. A school that wants one says so itself, in two to five words of its own. Words of inspections, of today or of
    former years, are not taken, however they are written.
    """
    rows = table("""
        | word                | taken |
        | Just begun          | yes   |
        | Part of how we work | yes   |
        | Goodwill            | yes   |
        | Good                | no    |
        | OUT-STANDING        | no    |
        | requires_improvement| no    |
        | Strong standard     | no    |
        | Satisfactory        | no    |
        | Grade 2             | no    |
    """)
    for row in rows:
        assert ("no" if inspection_word(row["word"]) else "yes") == row["taken"]


def test_who_reads_the_final_report() -> None:
    """Who reads the final report, and until when.

    The school always. The team for thirty days after it is final. Somebody whom the school named, until the school takes it back.
    Whoever leads the cluster or runs the round sees states and dates, and never the report.
    """
    rows = table("""
        | who                                | on the day it is final | 30 days on | 31 days on |
        | the school's own people            | yes                    | yes        | yes        |
        | the team                           | yes                    | yes        | no         |
        | a person whom the school named     | yes                    | yes        | yes        |
        | cluster lead, coordinator          | no                     | no         | no         |
        | anybody else                       | no                     | no         | no         |
    """)
    looking = (Onlooker(host=True), Onlooker(team=True), Onlooker(granted=True), Onlooker(follows=True), Onlooker())
    for row, who in zip(rows, looking, strict=True):
        days = {"on the day it is final": 0, "30 days on": 30, "31 days on": 31}
        for column, later in days.items():
            seen = sights(who, state=State.REPORT_FINAL, resumes=None, final_on=FINAL, on=FINAL + timedelta(days=later))
            assert ("yes" if Sight.REPORT in seen else "no") == row[column]


def test_themes_are_told_from_five_reports_up_and_never_of_all() -> None:
    """Themes are told from five reports up, in ranges, and never of all.

    Once, when the round has ended, in one table that never changes. What is not told may be none, or up to four. Three schools that
    compare what they know of themselves still learn nothing certain of another; for that a round needs nine reports.
    """
    rows = table("""
        | final reports of the round | of them with the theme | is told            |
        | 8                          | 8                      | nothing            |
        | 9                          | 4                      | nothing            |
        | 9                          | 5                      | 5 reports or more  |
        | 9                          | 9                      | 5 reports or more  |
        | 24                         | 9                      | 8 to 12 reports    |
        | 24                         | 24                     | 18 reports or more |
    """)
    for row in rows:
        reports, holding = int(row["final reports of the round"]), int(row["of them with the theme"])
        found = told([{("reading", True)} if number < holding else set() for number in range(reports)], [])
        assert ([each.says(reports) for each in found.themes] or ["nothing"]) == [row["is told"]]


def test_one_share_of_what_was_expected_is_told_from_five_hosts_up() -> None:
    """One share of what was expected is told, from five hosts up.

    Each host names three findings before the visit. Told is how many of all of them were found, over all hosts together, in tens of
    percent and so widely at either end that no host learns another's number from its own.
    """
    rows = table("""
        | hosts | each found of its three | is told     |
        | 4     | 3                       | too few     |
        | 5     | 0                       | at most 34% |
        | 5     | 3                       | 66% or more |
        | 20    | 1                       | 25% to 34%  |
    """)
    for row in rows:
        found = share([int(row["each found of its three"])] * int(row["hosts"]))
        assert (found.says if found else "too few") == row["is told"]
