"""A whole run over a small England: every indicator a line for every school, kept small, and put into words again."""

import json
from datetime import date

import pytest

from convenor.england.marks import Mark
from convenor.intelligence.rules import scoring
from convenor.intelligence.rules.assessing import Assessed, Inspections, assess_all, each_school, figures_of
from convenor.intelligence.rules.assessing import england as england_of
from convenor.intelligence.rules.compact import Kept, Lists, Row, assessment_of, packed, plain, points_of
from convenor.intelligence.rules.indicators import CODES
from convenor.intelligence.rules.inspected import Inspected
from convenor.intelligence.rules.lines import Assessment, Level
from convenor.intelligence.rules.sentences import ASK_INSTEAD, POINTS_FROM, Facts, held_against, number, sentence, unit_of
from convenor.intelligence.rules.told import Why
from convenor.intelligence.rules.weights import CURRENT
from convenor.registers.rules.columns import MARKS
from tests.unit.intelligence.england import MANY, OURS, Figures, column, england

RWM = "ks2_rwm_expected"
GOOD = Inspected("graded", "overall_effectiveness", date(2016, 5, 4), "2", "", {}, "", "")
PRIMARY: Figures = {
    (RWM, "2020-21"): column(60, 80, spread=5),
    (RWM, "2021-22"): column(60, 60, spread=5),
    (RWM, "2022-23"): column(60, 36, spread=5),
    ("ks2_rwm_expected_disadvantaged", "2022-23"): column(45, mark=Mark.SUPPRESSED),
    ("absence_overall", "2022-23"): column(6, 16, cohort=None, spread=1),
    ("absence_persistent", "2022-23"): column(15, 45, cohort=None, spread=4),
    ("pupils_on_roll", "2019-20"): column(400, 420),
    ("pupils_on_roll", "2022-23"): column(400, 330),
}


def run(
    figures: Figures = PRIMARY,
    *,
    phase: str = "Primary",
    found: tuple[Inspected, ...] = (GOOD,),
    until: date | None = date(2023, 8, 31),
    fictitious: bool = False,
) -> Assessed:
    everyone = england(figures, phase=phase, fictitious=fictitious)
    many = [[] for _ in range(MANY)]
    inspections = Inspections([*many, list(found)], [None] * (MANY + 1), [until] * (MANY + 1), [9] * (MANY + 1))
    return assess_all(everyone, inspections)


def ours(assessed: Assessed, place: int = OURS) -> Assessment:
    one = list(each_school(assessed))[place]
    everyone = assessed.everyone
    lists = Lists.read(json.loads(json.dumps(assessed.lists({7: "tables-2022-23", 9: "inspections-2023"}).as_dict())))
    rows = json.loads(json.dumps(one.rows))
    kept = Kept(everyone.urns[place], str(everyone.phases[place]), rows, one.contributions, one.score, one.score_maximum, one.uncertainty,
                one.suggested_by)  # fmt: skip
    return assessment_of(kept, lists)


def test_every_indicator_has_a_line_for_every_school() -> None:
    assessed = run()
    assert [[line.code for line in ours(assessed, place).lines] for place in (0, OURS)] == [list(CODES), list(CODES)]


def test_suggestion_names_what_made_it() -> None:
    assert ours(run()).suggested_by == ("ATT", "TRD", "ABS", "PAB", "ROL", "AGE")


def test_contributions_add_up_to_the_score() -> None:
    for place in (0, 60, OURS):
        found = ours(run(), place)
        assert sum(line.contribution for line in found.lines) == pytest.approx(found.score, abs=0.1)
        assert sum(line.maximum for line in found.lines) == found.score_maximum == CURRENT.maximum


def test_points_say_where_they_come_from() -> None:
    withheld = ours(run(dict(PRIMARY) | {("absence_overall", "2022-23"): column(6, mark=Mark.SUPPRESSED, cohort=None)}))
    said = {line.code: line.points_says for line in withheld.lines if line.maximum}
    assert said == {
        "ATT": "", "PRG": POINTS_FROM[scoring.STAND_IN], "ABS": POINTS_FROM[scoring.WITHHELD], "PAB": "",
    }  # fmt: skip


def test_every_source_of_points_has_words() -> None:
    assert set(POINTS_FROM) == {scoring.PUBLISHED, scoring.PARTLY, scoring.WITHHELD, scoring.NOT_PUBLISHED, scoring.STAND_IN}


def test_points_kept_without_their_source_are_read_as_published() -> None:
    lists = Lists(CODES, (), (), {}, (("ATT", 20), ("ABS", 80)))
    assert points_of([3.5, 40.0], lists) == {"ATT": (3.5, 20, ""), "ABS": (40.0, 80, "")}


def test_lines_say_everything_a_head_asks() -> None:
    line = ours(run()).line("ATT")
    assert line is not None
    assert (line.level, line.value, line.unit, line.period, line.cohort, line.edition, line.measure) == (
        Level.MEDIUM, 36, "%", "2022-23", 60, "tables-2022-23", RWM,
    )  # fmt: skip
    assert (line.comparator_says, line.pooled, line.care, line.periods) == ("the mean of 50 similar schools", False, False, ("2022-23",))
    assert line.says == f"The whole interval, up to {line.high:.1f} %, lies below {line.comparator:.1f} %, the mean of 50 similar schools."


def test_lines_of_several_years_name_them() -> None:
    found = ours(run())
    assert [found.line(code).periods for code in ("TRD", "ROL")] == [("2020-21", "2021-22", "2022-23"), ("2019-20", "2022-23")]  # type: ignore[union-attr]


def test_pooled_line_says_so_and_asks_for_care() -> None:
    years = {(RWM, year): column(60, 20, our_cohort=9) for year in ("2021-22", "2022-23")}
    line = ours(run(years)).line("ATT")
    assert line is not None
    assert (line.pooled, line.care, line.cohort, line.periods) == (True, True, 18, ("2021-22", "2022-23"))
    assert line.comparator_says == "the mean of 50 similar schools over the same years"


def test_estimated_cohort_is_never_shown_as_a_number() -> None:
    figures = {(RWM, "2022-23"): column(60, 40, cohort=None), ("pupils_on_roll", "2022-23"): column(420, 420)}
    line = ours(run(figures)).line("ATT")
    assert line is not None
    assert (line.cohort, line.low is None) == (None, False)
    assert line.says.endswith("The file gives no number of pupils; the interval rests on an estimate of about 60.")


def test_suppressed_figure_is_not_assessable_and_brings_a_question() -> None:
    found = ours(run())
    reasons = {each.code: each.reason for each in found.not_assessable}
    assert reasons["DIS"] == (
        "2022-23: suppressed by the publisher, withheld because few pupils are covered. A suppressed figure is not a good one. "
        f"{ASK_INSTEAD}"
    )
    assert (reasons["HD"], reasons["SELF"], reasons["MOB"]) == ("Not entered.", "Not entered.", "Not told of primary schools.")


def test_suppressed_figure_raises_uncertainty_and_never_the_standing() -> None:
    known, withheld = ours(run()), ours(run(dict(PRIMARY) | {("absence_overall", "2022-23"): column(6, mark=Mark.SUPPRESSED, cohort=None)}))
    assert withheld.uncertainty > known.uncertainty
    assert withheld.line("ABS").contribution >= 0.5 * withheld.line("ABS").maximum  # type: ignore[union-attr]


def test_invented_school_has_a_row_and_changes_nobodys() -> None:
    better = {key: column(60, 99, our_cohort=90, spread=5) if key[0] == RWM else one for key, one in PRIMARY.items()}
    one, other = list(each_school(run(fictitious=True))), list(each_school(run(better, fictitious=True)))
    assert one[:OURS] == other[:OURS]
    assert (one[OURS].suggested_by, other[OURS].suggested_by) == (ours(run()).suggested_by, ("ABS", "PAB", "ROL", "AGE"))


def test_inspections_that_nobody_loaded_are_said_so() -> None:
    reasons = {each.code: each.reason for each in ours(run(until=None)).not_assessable}
    assert (reasons["INS"], reasons["AGE"]) == (("Not loaded: no published file with these figures is here.",) * 2)


def test_school_that_no_list_of_inspections_dates_is_said_so() -> None:
    reasons = {each.code: each.reason for each in ours(run(found=())).not_assessable}
    assert reasons["INS"] == "No graded inspection with its day is in the loaded lists."


def test_inspection_line_stands_with_its_day() -> None:
    line = ours(run()).line("INS")
    assert line is not None
    assert (line.period, line.edition, line.value, line.level) == ("2016-05-04", "inspections-2023", None, None)


def test_sixth_form_colleges_are_told_little() -> None:
    reasons = {each.code: each.reason for each in ours(run(phase="16 plus")).not_assessable}
    assert (reasons["INS"], reasons["ATT"], reasons["HD"]) == (
        "Not told of 16 to 19 schools.",
        "Not told of 16 to 19 schools.",
        "Not entered.",
    )


def test_distribution_of_england_is_kept_with_the_run() -> None:
    found = england_of(run())["Primary"]["ABS"]
    assert (found["measure"], found["period"], found["schools"], found["percentiles"]["50"]) == ("absence_overall", "2022-23", 121, 6.01)


def test_score_sees_only_years_with_national_figures() -> None:
    figures = figures_of(england({(RWM, "2021-22"): column(60, 40), (RWM, "2022-23"): column(70, 20, of=30)}), CURRENT)
    assert figures.values[RWM][OURS] == 40


def test_rows_are_cut_after_the_last_that_says_anything() -> None:
    assert packed(Row(3, 2, 1, 0, 0, 36.0)) == [3, 2, 1, 0, 0, 36.0]
    assert packed(Row(0)) == [0]
    assert plain([1.0, 1.5, float("nan")]) == [1, 1.5, None]


def facts(why: int, **changed: object) -> Facts:
    given = {
        "code": "ATT", "phase": "Primary", "why": why, "measure": RWM, "period": "2022-23", "value": 50.0, "low": 40.0, "high": 60.0,
        "cohort": 60.0, "comparator": 55.0, "other": 50.0, "pooled": False, "estimated": False,
    }  # fmt: skip
    return Facts(**given | changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (facts(Why.NOT_BELOW_SIMILAR), "Below 55.0 %, the mean of 50 similar schools, but the interval reaches it: chance may be all that "
                                       "lies between."),
        (facts(Why.NOT_BELOW_SIMILAR, value=58.0), "Not below 55.0 %, the mean of 50 similar schools."),
        (facts(Why.BELOW_SIMILAR, code="DIS"), "The whole interval, up to 60.0 %, lies below 55.0 %, the mean of 50 similar schools, "
                                               "disadvantaged pupils only."),
        (facts(Why.BELOW_SIMILAR, code="PRG", measure="ks4_progress8", high=-0.2, comparator=0.0),
         "The whole interval, up to −0.20 grades, lies below 0.00 grades, England's average."),
        (facts(Why.BELOW_SIMILAR, code="PRG", measure="ks4_progress8", high=-0.4, comparator=-0.2),
         "The whole interval, up to −0.40 grades, lies below −0.20 grades, the mean of 50 similar schools."),
        (facts(Why.BEYOND_WORST, code="PAB", measure="absence_persistent"),
         "The whole interval, from 40.0 %, lies beyond 55.0 %, the start of the highest fifth of 50 similar schools (England's starts "
         "lower)."),
        (facts(Why.NOT_BEYOND_WORST, code="MOB", measure="ks4_non_mobile_percent", phase="Secondary", other=-1.0),
         "The interval does not lie wholly beyond 55.0 %, the start of the highest twentieth of England's secondary schools (that of its "
         "similar schools is no higher)."),
        (facts(Why.FELL_BEHIND, code="TRD"),
         "Further behind England two years running, and by more than chance moves cohorts of this size."),
        (facts(Why.ROLL_FELL, code="ROL", measure="pupils_on_roll", value=-12.34, other=1410.0),
         "The roll fell by 12.3 %, from 1,410 pupils."),
        (facts(Why.NO_NATIONAL, other=41.0), "2022-23: figures of only 41 of England's primary schools are loaded, so there is no England "
                                             "to hold them against."),
        (facts(Why.TOO_FEW, other=None), "2022-23: fewer than 6 pupils: too few to show."),
        (facts(Why.TOO_FEW_ALONE, other=8.0), "2022-23: 8 pupils: too few for one year, and no earlier year to add."),
        (facts(Why.MARKED + MARKS.index("low_coverage")), "2022-23: withheld because fewer than half of the pupils are covered."),
        (facts(Why.MARKED + 1), "2022-23: no figure."),
    ],
)  # fmt: skip
def test_reason_is_one_plain_sentence(given: Facts, says: str) -> None:
    assert sentence(given) == says


def test_every_reason_has_words() -> None:
    words = [sentence(facts(why)) for why in Why if why is not Why.MARKED]
    assert [each for each in words if "{" in each] == []


def test_what_a_figure_is_held_against_is_told_with_its_size() -> None:
    assert held_against(facts(Why.FELL_BEHIND, code="TRD")) == "no change against England"
    assert held_against(facts(Why.ROLL_FELL, code="ROL", other=None)) == "a fall of 10 % from no pupils within 3 years"
    assert held_against(facts(Why.SAID, code="AGE", measure="")) == "5 years"
    assert held_against(facts(Why.NO_COHORT, comparator=None)) == ""


def test_numbers_carry_their_units() -> None:
    assert number(None, facts(Why.SAID)) == "unknown"
    assert number(-3.25, facts(Why.FELL_BEHIND, code="TRD")) == "−3.2 percentage points"
    assert number(-3.0, facts(Why.FELL_BEHIND, code="TRD", measure="ks4_attainment8")) == "−3.0 points"
    assert (unit_of("ROL", "pupils_on_roll"), unit_of("AGE", ""), unit_of("ATT", RWM)) == ("%", "years", "%")
