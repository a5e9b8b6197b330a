"""What suggests a conversation, and what never does."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.intelligence.rules.indicators import CODES, ENTERED, INDICATORS, RESULTS, Origin, applies, measures_of, why_unpublished
from convenor.intelligence.rules.lines import (
    SELF,
    SOFT_SIGNAL,
    TOGETHER,
    Assessment,
    Level,
    Line,
    NotAssessable,
    as_dict,
    assess,
    from_dict,
    silent,
    suggested_by,
    with_entered,
)
from convenor.registers.rules.measures import MEASURES

H, M, N = Level.HIGH, Level.MEDIUM, Level.NOTE
LEVELS = st.lists(st.tuples(st.sampled_from([*CODES, SOFT_SIGNAL]), st.sampled_from([None, N, M, H])), max_size=20)


def line(code: str, level: Level | None = None, **changed: object) -> Line:
    given = {
        "code": code, "level": level, "value": 1.0, "unit": "%", "period": "2022-23", "cohort": 40, "low": 0.5, "high": 1.5,
        "comparator": 2.0, "comparator_says": "the mean of 50 similar schools", "contribution": 3.0, "maximum": 20,
        "edition": "an-edition", "measure": "",
    }  # fmt: skip
    return Line(**given | changed)  # type: ignore[arg-type]


def assessed(*lines: Line, missing: tuple[NotAssessable, ...] = ()) -> Assessment:
    return assess(urn="100001", phase="Primary", lines=lines, not_assessable=missing, score=51.5, score_maximum=100, uncertainty=4.0)


@pytest.mark.parametrize(
    ("levels", "by"),
    [
        ([], ()),
        ([("INS", H)], ("INS",)),
        ([("ATT", M), ("TRD", M)], ()),
        ([("ATT", M), ("TRD", M), ("ROL", M)], ("ATT", "TRD", "ROL")),
        ([("ABS", M), ("PAB", M), ("SEV", M)], ()),
        ([("ABS", M), ("PAB", M), ("SEV", M), ("ATT", M)], ()),
        ([("ABS", M), ("PAB", M), ("ATT", M), ("ROL", M)], ("ABS", "PAB", "ATT", "ROL")),
        ([("ATT", M), ("PRG", M), ("AGE", M)], ()),
        ([("ATT", N), ("TRD", N), ("ROL", N), ("HD", N)], ()),
        ([("SELF", N)], ("SELF",)),
        ([("SELF", M), ("ATT", M), ("TRD", M)], ("SELF",)),
        ([("SELF", H)], ("SELF",)),
        ([("SIG", M), ("SIG", M), ("SIG", M)], ()),
        ([("SIG", N), ("ATT", M), ("TRD", M)], ()),
        ([("INS", H), ("ATT", M)], ("INS", "ATT")),
        ([("ROL", M), ("ROL", M), ("ROL", M)], ()),
    ],
)
def test_suggestion_follows_the_rule(levels: list[tuple[str, Level | None]], by: tuple[str, ...]) -> None:
    assert suggested_by(levels) == by


@given(LEVELS)
def test_suggestion_needs_one_high_or_three_different_mediums_or_the_school_itself(levels: list[tuple[str, Level | None]]) -> None:
    kinds = {TOGETHER.get(code, code) for code, level in levels if level is M and code != SELF}
    high = any(level is H for code, level in levels if code != SELF)
    own = any(code == SELF and level for code, level in levels)
    highs = {TOGETHER.get(code, code) for code, level in levels if level is H and code != SELF}
    assert bool(suggested_by(levels)) == (high or own or len(kinds | highs) >= 3)


@given(LEVELS, st.integers(1, 5))
def test_second_hand_signals_alone_never_suggest(levels: list[tuple[str, Level | None]], number: int) -> None:
    rest = [(code, level) for code, level in levels if code != SOFT_SIGNAL]
    assert bool(suggested_by([*rest, *[(SOFT_SIGNAL, N)] * number])) == bool(suggested_by(rest))


@given(LEVELS)
def test_soft_signals_alone_never_suggest(levels: list[tuple[str, Level | None]]) -> None:
    only = [(SOFT_SIGNAL, level) for _, level in levels if level is not H]
    assert suggested_by(only) == ()


def test_assessment_is_kept_as_it_stood() -> None:
    found = assessed(line("ATT", M, periods=("2021-22", "2022-23")), line("INS", H), missing=(NotAssessable("DIS", "suppressed"),))
    assert from_dict(json.loads(json.dumps(as_dict(found)))) == found


def test_assessment_finds_its_lines() -> None:
    flagged, plain = line("ATT", M), line("ABS")
    found = assessed(flagged, plain)
    assert (found.line("ABS"), found.line("TRD"), found.flagged) == (plain, None, (flagged,))


def test_entered_line_takes_the_place_of_a_silent_one_and_changes_no_score() -> None:
    before = assessed(
        line("ATT", M), silent("HD", unit="", reason="Not entered."), line("ROL", M),
        missing=(NotAssessable("HD", "Not entered."), NotAssessable("STF", "Not entered.")),
    )  # fmt: skip
    vacant = line("HD", M, value=None, edition="", contribution=0.0, maximum=0)
    after = with_entered(before, [vacant], CODES)
    assert [each.code for each in after.lines] == ["ATT", "HD", "ROL"]
    assert after.not_assessable == (NotAssessable("STF", "Not entered."),)
    assert (before.suggested_by, after.suggested_by) == ((), ("ATT", "HD", "ROL"))
    assert (after.score, after.uncertainty) == (before.score, before.uncertainty)


def test_entered_line_stands_beside_a_computed_one() -> None:
    computed, entered, signal = line("ROL"), line("ROL", M, edition=""), line(SOFT_SIGNAL, N)
    after = with_entered(assessed(computed), [signal, entered], CODES)
    assert after.lines == (computed, entered, signal)


def test_nothing_entered_changes_nothing() -> None:
    found = assessed(line("ATT"))
    assert with_entered(found, [], CODES) is found


def test_line_tells_whether_there_is_anything() -> None:
    nothing = silent("DIS", unit="%", reason="2022-23: suppressed")
    finding = line("INS", value=None, level=None, period="2020-01-31")
    assert [(each.told, each.flagged) for each in (nothing, finding, line("ATT", N))] == [(False, False), (True, False), (True, True)]


def test_indicators_name_only_known_measures_but_those_nobody_has_loaded_yet() -> None:
    named = {key for each in INDICATORS.values() for keys in each.measures.values() for key in keys}
    assert named - set(MEASURES) == {"absence_severe"}


def test_indicators_ask_nothing_that_is_published() -> None:
    asking = {code for code, each in INDICATORS.items() if each.asks}
    assert asking == set(ENTERED)
    assert [code for code in ENTERED if INDICATORS[code].origin is Origin.EITHER] == ["ROL"]


def test_catalogue_speaks_of_no_ethnicity_religion_or_illness() -> None:
    words = " ".join(f"{each.name} {each.says} {each.asks} {each.flags}" for each in INDICATORS.values()).lower()
    assert [word for word in ("ethnic", "religio", "faith", "sick", "health", "illness") if word in words] == []


def test_catalogue_is_in_order_and_whole() -> None:
    asked = ["ATT", "TRD", "DIS", "ABS", "PAB", "SEV", "SUS", "INS", "AGE", "HD", "STF", "GOV", "ROL", "FIN", "CMP", "MOB", "SELF"]
    assert [code for code in CODES if code != "PRG"] == asked
    assert RESULTS == ("ATT", "PRG", "TRD", "DIS", "ABS", "PAB", "SEV")


def test_indicator_applies_by_phase() -> None:
    assert [applies("MOB", phase) for phase in ("Primary", "Secondary", "")] == [False, True, False]
    assert [applies("HD", phase) for phase in ("Nursery", "")] == [True, True]
    assert (measures_of("ATT", "Primary"), measures_of("ATT", "Special")) == (("ks2_rwm_expected",), ())


def test_unpublished_years_are_explained() -> None:
    assert why_unpublished("ks2_rwm_expected", "2020-21") == "no results were published: examinations were cancelled"
    assert why_unpublished("ks2_rwm_expected", "2022-23") == ""
