"""Where the marks of charts stand."""

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.web.charts import comparison_chart, nice_ticks, series_chart, shares_chart, short_period, text_width


def point(period: str, value: float | None = None, **more: object) -> dict[str, object]:
    return {"period": period, "value": value, **more}


@pytest.mark.parametrize(
    ("lowest", "highest", "ticks"),
    [
        (32, 77, [20, 40, 60, 80]),
        (0, 100, [0, 25, 50, 75, 100]),
        (92.1, 94.9, [92, 93, 94, 95]),
        (262, 322, [260, 280, 300, 320, 340]),
        (5, 5, [5, 5.25, 5.5, 5.75, 6]),
        (-3, 4, [-4, -2, 0, 2, 4]),
        (0, 0, [0, 0.25, 0.5, 0.75, 1]),
    ],
)
def test_ticks_are_round_and_embrace(lowest: float, highest: float, ticks: list[float]) -> None:
    assert nice_ticks(lowest, highest) == ticks


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_ticks_embrace_any_two_ends(lowest: float, span: float) -> None:
    ticks = nice_ticks(lowest, lowest + span)
    slack = 1e-6 * max(1.0, abs(lowest) + span)
    assert (ticks[0] <= lowest + slack, ticks[-1] >= lowest + span - slack, 2 <= len(ticks) <= 6) == (True, True, True)


def test_line_breaks_where_nothing_was_published() -> None:
    chart = series_chart([point("2018", 50), point("2019", 52), point("2020", mark="not published"), point("2021", 51), point("2022", 53)])
    assert len(chart.lines) == 2
    assert [gap.text for gap in chart.gaps] == ["not published"]
    assert len(chart.dots) == 4


def test_line_breaks_where_years_are_missing() -> None:
    chart = series_chart([point("2018", 50), point("2019", 52), point("2023", 51)])
    assert len(chart.lines) == 1
    assert [gap.text for gap in chart.gaps] == ["no figure"]


def test_neighbouring_gaps_of_one_mark_have_one_word() -> None:
    chart = series_chart([point("2019", 1), point("2020", mark="c"), point("2021", mark="c"), point("2022", mark="z"), point("2023", 2)])
    assert [gap.text for gap in chart.gaps] == ["c", "z"]


def test_missing_figure_is_never_drawn_as_zero() -> None:
    chart = series_chart([point("2022", mark="suppressed"), point("2023", 60, low=20, high=91)], unit="%")
    assert (len(chart.dots), len(chart.whiskers)) == (1, 1)
    assert chart.says == "2022: suppressed; 2023: 60%, chance alone could make it 20% to 91%."


def test_zero_is_drawn_as_a_figure() -> None:
    chart = series_chart([point("2022", 0), point("2023", 60)])
    assert (len(chart.dots), chart.gaps) == (2, ())


@pytest.mark.parametrize(("cohort", "hollow"), [(None, False), (10, True), (11, False)])
def test_point_of_few_pupils_is_hollow(cohort: int | None, hollow: bool) -> None:
    chart = series_chart([point("2023", 60, cohort=cohort)])
    assert [dot.hollow for dot in chart.dots] == [hollow]
    assert chart.has_small == hollow


def test_years_stand_at_their_distance_in_time() -> None:
    chart = series_chart([point("2016", 1), point("2017", 2), point("2020", 3)])
    first, second, third = (dot.x for dot in chart.dots)
    assert round((third - second) / (second - first), 1) == 3.0


def test_fixed_scale_is_the_same_across_small_multiples() -> None:
    one = series_chart([point("2023", 60)], unit="%", lowest=0, highest=100)
    other = series_chart([point("2023", 5)], unit="%", lowest=0, highest=100)
    assert one.ticks == other.ticks


def test_band_of_one_period_has_a_width() -> None:
    chart = series_chart([point("2023", 60)], [{"period": "2023", "low": 50, "high": 70}])
    xs = [float(place.split(",")[0]) for place in chart.bands[0].split()]
    assert max(xs) - min(xs) == 12


def test_band_breaks_where_it_is_unknown() -> None:
    band = [{"period": year, "low": 1, "high": 2} for year in ("2018", "2019", "2021")]
    assert len(series_chart([point(year, 1) for year in ("2018", "2019", "2020", "2021")], band).bands) == 2


def test_series_without_figures_says_so() -> None:
    assert (series_chart([]).says, series_chart([]).dots) == ("No figures.", ())


def test_dataclasses_are_read_as_mappings_are() -> None:
    @dataclass
    class Reading:
        period: str
        value: float

    assert series_chart([Reading("2023", 60)]) == series_chart([point("2023", 60)])


@pytest.mark.parametrize(
    ("period", "first", "short"),
    [("2016", True, "2016"), ("2016", False, "16"), ("2016/17", True, "16/17"), ("2016-17", False, "16/17"), ("Autumn", False, "Autumn")],
)
def test_period_is_shortened(period: str, first: bool, short: str) -> None:
    assert short_period(period, first) == short


@given(
    st.lists(
        st.tuples(st.none() | st.floats(0, 100), st.sampled_from(["", "suppressed: fewer than 6 pupils", "not published"])), max_size=20
    )
)
def test_everything_stays_inside_the_picture(figures: list[tuple[float | None, str]]) -> None:
    chart = series_chart([point(str(2000 + n), value, mark=mark) for n, (value, mark) in enumerate(figures)], unit="%")
    outside = [dot for dot in chart.dots if not (chart.left <= dot.x <= chart.right and 0 <= dot.y <= chart.height)]
    words = [
        w for w in (*chart.gaps, *chart.periods) if w.x - text_width(w.text) / 2 < -1 or w.x + text_width(w.text) / 2 > chart.width + 8
    ]
    assert (outside, words) == ([], [])


@given(st.lists(st.sampled_from(["suppressed: fewer than 6 pupils", "not published", ""]), min_size=1, max_size=12))
def test_words_of_gaps_never_touch(marks: list[str]) -> None:
    series = [p for n, mark in enumerate(marks) for p in (point(str(2000 + 2 * n), 50), point(str(2001 + 2 * n), mark=mark))]
    gaps = series_chart(series).gaps
    ends = [(gap.x - text_width(gap.text, 12.5) / 2, gap.x + text_width(gap.text, 12.5) / 2) for gap in gaps]
    assert [b[0] >= a[1] for a, b in itertools.pairwise(ends)] == [True] * (len(ends) - 1)


def test_bars_begin_at_zero_and_reach_the_largest() -> None:
    chart = comparison_chart([{"label": "A", "value": 10}, {"label": "B", "value": 40, "kind": "own"}], unit="%", lowest=5)
    assert [(bar.start, bar.length) for bar in chart.bars] == [(0.0, 25.0), (0.0, 100.0)]
    assert (chart.zero, chart.lowest) == (0.0, 0.0)


def test_negative_bars_hang_from_zero() -> None:
    chart = comparison_chart([{"label": "A", "value": -1}, {"label": "B", "value": 3}])
    assert chart.zero == 25.0
    assert [(bar.start, bar.length) for bar in chart.bars] == [(0.0, 25.0), (25.0, 75.0)]


def test_missing_row_keeps_its_place_and_says_why() -> None:
    bar = comparison_chart([{"label": "A", "mark": "not published"}]).bars[0]
    assert (bar.at, bar.length, bar.shown) == (None, 0.0, "not published")


def test_dots_may_begin_above_zero() -> None:
    chart = comparison_chart([{"label": "A", "value": 15, "low": 14, "high": 16}, {"label": "B", "value": 20}], lowest=10, dots=True)
    assert [(bar.at, bar.low, bar.high) for bar in chart.bars] == [(50.0, 40.0, 60.0), (100.0, None, None)]


def test_figures_of_a_comparison_have_the_same_decimals() -> None:
    assert [bar.shown for bar in comparison_chart([{"value": 22.0}, {"value": 24.1}], unit="%").bars] == ["22.0%", "24.1%"]


def test_shares_stand_beside_each_other() -> None:
    primary, secondary = shares_chart([{"label": "Primary", "seats": 3, "schools": 90}, {"label": "Secondary", "seats": 9, "schools": 10}])
    assert (primary.seats_percent, primary.schools_percent, primary.seats_in_proportion) == (25.0, 90.0, 10.8)
    assert (secondary.seats_percent, secondary.schools_percent, secondary.seats_in_proportion) == (75.0, 10.0, 1.2)
    assert (primary.schools_length, secondary.seats_length) == (100.0, 83.33)


def test_shares_of_nothing_are_nothing() -> None:
    assert [(s.seats_percent, s.schools_percent) for s in shares_chart([{"label": "A"}])] == [(0.0, 0.0)]


@pytest.mark.parametrize(
    ("values", "unit", "ends"),
    [
        ((79.0,), "%", ("60%", "90%")),  # one figure: no axis from 79 to 80
        ((98.0, 99.0), "%", ("80%", "100%")),  # never past what a share can be
        ((244.0, 246.0), "", ("220", "280")),  # two schools in 246 are not a cliff
        ((2.0, 3.0), "", ("2", "3")),
        ((5.0, 5.9), "%", ("0%", "15%")),
    ],
)
def test_a_small_change_does_not_look_large(values: tuple[float, ...], unit: str, ends: tuple[str, str]) -> None:
    chart = series_chart([{"period": f"20{15 + n}", "value": value} for n, value in enumerate(values)], unit=unit)
    assert (chart.ticks[0].text, chart.ticks[-1].text) == ends
