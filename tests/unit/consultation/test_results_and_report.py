"""What was found reads back as it was stored, and the report says it in one structure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from convenor.consultation.rules import report as reports
from convenor.consultation.rules.answers import SentResponse
from convenor.consultation.rules.disclosure import REST, Row, Table
from convenor.consultation.rules.questions import Option, QuestionAsked
from convenor.consultation.rules.rates import GROUPINGS
from convenor.consultation.rules.report import SAME, TOO_FEW, About, Part, Report, bars, by_group, report
from convenor.consultation.rules.results import Found, ItemFound, as_data, from_data, work_out
from convenor.consultation.rules.states import QuestionKind, ResponseKind
from convenor.consultation.rules.tally import Tally
from convenor.consultation.rules.themes import ThemeTold
from tests.unit.consultation.hearing import closed, item, principle

QUESTIONS = [
    QuestionAsked("p", QuestionKind.PRINCIPLES, "Do you agree?", (Option("open", "Open to all"), Option("led", "Led by heads"))),
    QuestionAsked("pilot", QuestionKind.CLOSED, "A pilot?", (Option("yes", "Yes"), Option("no", "No"))),
    QuestionAsked("first", QuestionKind.RANKED, "What first?", (Option("a", "Review"), Option("b", "Hubs"))),
    QuestionAsked("words", QuestionKind.OPEN, "What else?"),
]
ABOUT = About("A partnership", "Fernshire", "Every school is asked.", date(2026, 2, 10), date(2026, 3, 2), ("Principles", "Remits"), 1)
THEME = ThemeTold("Time", "Heads are short of time.", "We are doing this", "Half days.", "Two half days.", 6, None)


def school(number: int, *, version: int = 1, kind: ResponseKind = ResponseKind.SCHOOL, **answers: object) -> SentResponse:
    strata = {"phase": "Secondary" if number % 3 == 2 else "Primary", "size": "Large" if number % 2 else "Small", "role": f"Role {number}"}
    given = {
        "p": {"open": "agree", "led": ("agree", "agree", "disagree")[number % 3]},
        "pilot": ("yes", "no")[number % 2],
        "first": ["b", "a"],
    }
    return SentResponse(number, kind, str(number), strata, version, given | answers)  # type: ignore[arg-type]


def found(schools: int = 60, views: int = 0, asked: int = 80) -> Found:
    sent = [school(number, version=1 if number else 2, words="W" * (number < 7)) for number in range(schools)]
    sent += [school(number, kind=ResponseKind.VIEW, words="V" * (number < 3)) for number in range(views)]
    return work_out(QUESTIONS, sent, asked=asked)


def of_kind(made: Report | Iterable[Part], kind: str) -> list[Part]:
    return [each for each in (made.parts if isinstance(made, Report) else made) if each.kind == kind]


def test_schools_and_views_are_counted_apart() -> None:
    told = found(60, 12)
    assert (told.asked, told.heard, told.views, told.versions) == (80, 60, 12, ((1, 59), (2, None)))
    assert [each.tally.counts for each in told.schools] == [(60, 0, 0), (40, 0, 20), (30, 30), (0, 60)]
    assert [each.tally.answered for each in told.said_by_views] == [12, 12, 12, 12]
    assert [(each.key, each.schools, each.views) for each in told.words] == [("words", 7, None)]


def test_groups_of_views_have_no_names() -> None:
    told = found(60, 40)
    rows = [row for each in told.said_by_views for table in each.tables for row in table.rows]
    assert {name for row in rows for name in row.names} <= {""}
    assert "Role 3" not in json.dumps(as_data(told))


def test_results_read_back_from_what_was_stored() -> None:
    told = found(60, 12)
    assert from_data(json.loads(json.dumps(as_data(told)))) == told


def test_nothing_is_told_of_four() -> None:
    told = found(4, 3)
    assert {(each.tally.answered, each.tally.counts, each.tables) for each in told.schools} == {(4, (), ())}
    assert {(each.tally.answered, each.tally.counts) for each in told.said_by_views} == {(3, ())}
    made = report(ABOUT, told, ())
    assert {row[1] for row in of_kind(made, "table")[0].rows} == {TOO_FEW}
    assert of_kind(made, "bars") == []
    assert dict(made.about)["Open views"] == "fewer than 5"


def test_report_reads_back_from_what_was_stored() -> None:
    made = report(ABOUT, found(60, 12), [("What else?", [THEME])])
    assert reports.from_data(json.loads(json.dumps(reports.as_data(made)))) == made


def test_report_says_what_was_asked_and_how_many_answered() -> None:
    made = report(ABOUT, found(), ())
    assert dict(made.about) == {
        "What was put to schools": "Principles; Remits", "Open": "10 February 2026 to 2 March 2026", "Versions of the proposition": "1",
        "Schools that answered": "60 of 80 asked (75%)", "Open views": "none",
    }  # fmt: skip
    assert of_kind(made, "words")[1].words.startswith("Every member school was asked, so these answers are no sample and have no sampling")
    assert of_kind(made, "list")[0].lines == ("Version 1: 59 schools", "Version 2: fewer than 5 schools")


def test_report_says_in_short_what_the_unheard_could_change() -> None:
    rows = of_kind(report(ABOUT, found(), ()), "table")[0].rows
    assert [row[2] for row in rows] == ["No", "No", "Yes: it is level", "No"]
    assert [row[2] for row in of_kind(report(ABOUT, found(asked=60), ()), "table")[0].rows] == ["All were heard"] * 4
    assert of_kind(report(ABOUT, found(asked=90), ()), "table")[0].rows[1][2] == "Yes: 21 of the 30 not heard on it would be enough"


def test_report_counts_one_and_all_in_words() -> None:
    assert "the one school not heard from would say" in of_kind(report(ABOUT, found(asked=61), ()), "words")[1].words
    assert of_kind(report(ABOUT, found(asked=60), ()), "words")[1].words == (
        "Every member school was asked, and every one has answered: nothing is left that could change a result."
    )


def test_bars_begin_at_nought_and_go_to_all_asked() -> None:
    part = bars(principle(40, 10, 10), asked=80)
    assert [(bar.value, bar.of, bar.most, bar.says) for bar in part.bars] == [
        (40, 80, 60, "40 of 60 who answered (67%); of all asked, 50% to 75%"),
        (10, 80, 30, "10 of 60 who answered (17%); of all asked, 12% to 38%"),
        (10, 80, 30, "10 of 60 who answered (17%); of all asked, 12% to 38%"),
    ]
    assert part.words == "Out of 80 schools asked; the outline is how far the 20 not heard could take it. Bars begin at nought."


def test_bars_of_views_go_to_those_who_answered() -> None:
    part = bars(closed(6, 4), asked=10)
    assert [(bar.value, bar.of, bar.most, bar.says) for bar in part.bars] == [
        (6, 10, 6, "6 of 10 who answered (60%)"), (4, 10, 4, "4 of 10 who answered (40%)"),
    ]  # fmt: skip
    assert part.words == "Out of 10 who answered. Bars begin at nought."


def test_bars_of_an_order_say_first_choices_and_mean_places() -> None:
    part = bars(Tally(item(QuestionKind.RANKED, "a", "b"), 10, (4, 6), (1.6, 1.4)), asked=12)
    assert [bar.says for bar in part.bars] == ["first for 4 of 10; mean place 1.6", "first for 6 of 10; mean place 1.4"]
    assert part.words.startswith("Put first by, out of 12 schools asked")


def test_by_group_says_what_is_held_back_and_what_is_small() -> None:
    table = Table("phase", (Row("Primary", 60, (40, 20)), Row("Special", 12, (7, None)), Row(REST, 11, (None, None), ("A", "B"))))
    parts = by_group(ItemFound(closed(50, 33), (table,), (None,)), {"phase": "Phase"})
    assert parts[0].columns == ("Group", "Answered", "Option-0", "Option-1")
    assert parts[0].rows == (("Phase: Primary", "60", "40 (67%)", "20 (33%)"), ("Phase: Special", "12, small", "7 (58%)", "held back"))
    assert len(parts) == 1


def test_by_group_names_how_many_were_put_together_and_what_was_compared() -> None:
    told = found()
    size = next(table for table in told.schools[1].tables if table.grouping == "size")
    assert size.told == (Row("Large", 30, (20, 0, 10)), Row("Small", 30, (20, 0, 10)))
    parts = by_group(told.schools[1], GROUPINGS)
    assert [row[0] for row in parts[0].rows] == ["Size: Large", "Size: Small"]
    assert parts[1].lines == ("Size: No difference that chance would not make.",)
    rest = Table("phase", (Row("P", 60, (40, 20)), Row(REST, 40, (20, 20), ("A", "B", "C"))))
    assert by_group(ItemFound(closed(60, 40), (rest,), (None,)), {"phase": "Phase"})[0].rows[1][0] == "Phase: smaller groups together (3)"


def test_by_group_is_one_sentence_where_all_said_the_same() -> None:
    assert by_group(ItemFound(closed(60, 0), (Table("phase", (), same=True),), (None,)), {"phase": "Phase"}) == [Part("words", SAME)]


def test_by_group_is_nothing_where_nothing_is_told() -> None:
    table = Table("phase", (Row("P", 20, (None, None)), Row("S", 10, (None, None))))
    assert by_group(ItemFound(closed(20, 10), (table,), (None,)), {"phase": "Phase"}) == []
    assert table.told == ()


def test_you_said_we_did_stands_beside_each_theme() -> None:
    unsaid = ThemeTold("Money", "", "", "", "", None, None)
    made = report(ABOUT, found(60, 12), [("What else?", [THEME, unsaid]), ("Anything?", [])])
    assert [(part.words, part.lines) for part in of_kind(made, "done")] == [
        ("Time", ("Heads are short of time.", "We are doing this. Half days. Decided: Two half days.",
                  "About this: 6 schools and fewer than 5 open views.")),
        ("Money", ("Not said yet.", "Not said yet.", "About this: fewer than 5 schools and fewer than 5 open views.")),
    ]  # fmt: skip


def test_report_without_questions_has_no_results() -> None:
    made = report(ABOUT, work_out([], [], asked=0), ())
    assert [part.words for part in of_kind(made, "heading")] == ["How many answered", "How this was worked out"]
    assert dict(made.about)["Schools that answered"] == "0 of 0 asked"
