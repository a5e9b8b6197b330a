"""The set-up journey: data with a source, planned in weeks of school, told honestly."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.consultation.rules import journeys
from convenor.consultation.rules.journeys import Journey, JourneyStep, check_start, check_step, journey, journey_of_text, planned, standing
from convenor.consultation.rules.refusals import BadProposition, NoWords, WrongDay
from convenor.consultation.rules.states import StepState
from convenor.partnership.rules.terms import SchoolCalendar, Stretch

CALENDAR = SchoolCalendar(
    {
        2026: (
            Stretch(date(2026, 9, 1), date(2026, 10, 24)),
            Stretch(date(2026, 11, 2), date(2026, 12, 19)),
            Stretch(date(2027, 1, 4), date(2027, 2, 13)),
            Stretch(date(2027, 2, 22), date(2027, 3, 25)),
        )
    },
    {},
    {},
)
TODAY = date(2026, 11, 2)
STEP = """
[[steps]]
key = "{key}"
name = "A"
says = "B"
from_week = {week}
weeks = {weeks}
leads_to = "{to}"
"""
HEAD = 'key = "k"\nversion = 1\nname = "N"\nsays = "S"\nsource = "O"\n'


def step(**given: object) -> str:
    return STEP.format(**{"key": "a", "week": 1, "weeks": 1, "to": ""} | given)


def test_the_journey_that_ships_goes_from_a_steering_group_to_pilots() -> None:
    way = journey("gloucestershire-2018")
    assert [each.key for each in way.steps] == [
        "steering-group", "interviews", "context", "elsewhere", "workshops", "proposition", "consultation", "shadow-board", "pilots",
    ]  # fmt: skip
    assert way.says.startswith("Nine steps")
    assert "7 February 2018" in way.source


def test_a_journey_that_does_not_ship_is_not_known() -> None:
    with pytest.raises(KeyError):
        journey("elsewhere")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("key = ", "The file is no TOML"),
        (HEAD, "The journey lacks 'steps'"),
        (HEAD + "steps = []", "The journey has no step"),
        (HEAD + step() + step(), "The step 'a' stands there twice"),
        (HEAD + step(week=0), "begins in week 0"),
        (HEAD + step(weeks=0), "takes 0"),
        (HEAD + step(to="moon"), "leads to 'moon'"),
    ],
)
def test_a_journey_that_cannot_be_read_says_what_would_mend_it(text: str, says: str) -> None:
    with pytest.raises(BadProposition) as refused:
        journey_of_text(text)
    assert says in str(refused.value)


def test_weeks_without_school_are_passed_over() -> None:
    way = journey_of_text(HEAD + step(key="a", week=1, weeks=7) + step(key="b", week=8, weeks=2))
    plan = planned(way, date(2026, 11, 4), open_on=CALENDAR.open_on)
    assert [(each.starts_on, each.due_on) for each in plan] == [
        (date(2026, 11, 4), date(2026, 12, 18)),
        (date(2027, 1, 4), date(2027, 1, 15)),  # Christmas lies between the two
    ]


def test_a_journey_that_begins_in_the_holidays_begins_with_school() -> None:
    plan = planned(journey_of_text(HEAD + step()), date(2026, 10, 26), open_on=CALENDAR.open_on)
    assert (plan[0].starts_on, plan[0].due_on) == (date(2026, 11, 2), date(2026, 11, 6))


def test_a_journey_beyond_what_is_known_is_refused_with_words() -> None:
    shut = SchoolCalendar({2026: (Stretch(date(2026, 11, 2), date(2026, 11, 14)),), 2027: (), 2028: ()}, {}, {})
    with pytest.raises(WrongDay) as refused:
        planned(journey("gloucestershire-2018"), TODAY, open_on=shut.open_on)
    assert "The journey takes 25 weeks of school, and only 2 are known" in str(refused.value)


@given(start=st.dates(date(2026, 1, 1), date(2027, 1, 1)))
def test_every_step_lies_on_school_days_in_its_order(start: date) -> None:
    everyday = SchoolCalendar({}, {}, {})
    way = journey("gloucestershire-2018")
    plan = planned(way, start, open_on=everyday.open_on)
    for each in plan:
        assert everyday.open_on(each.starts_on)
        assert everyday.open_on(each.due_on)
        assert start <= each.starts_on <= each.due_on
    ends = {each.step.key: each for each in plan}
    assert ends["proposition"].due_on < ends["consultation"].starts_on < ends["shadow-board"].starts_on < ends["pilots"].starts_on


@pytest.mark.parametrize("days", [-367, 367])
def test_a_first_day_far_away_is_refused(days: int) -> None:
    with pytest.raises(WrongDay):
        check_start(TODAY + timedelta(days=days), TODAY)
    check_start(TODAY + timedelta(days=days - (1 if days > 0 else -1)), TODAY)


def checked(**changed: object) -> date | None:
    kept = {"state": StepState.TO_DO, "starts_on": TODAY, "due_on": TODAY, "done_on": None, "owner": "", "note": "", "today": TODAY}
    return check_step(**kept | changed)  # type: ignore[arg-type]


def test_a_step_that_is_done_is_done_today_where_no_day_is_given() -> None:
    assert checked(state=StepState.DONE) == TODAY
    assert checked(state=StepState.DONE, done_on=date(2026, 10, 30)) == date(2026, 10, 30)
    assert checked(state=StepState.DOING, done_on=date(2026, 10, 30)) is None


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"due_on": date(2026, 11, 1)}, WrongDay),
        ({"state": StepState.DONE, "done_on": date(2026, 11, 3)}, WrongDay),
        ({"owner": "x" * 121}, NoWords),
        ({"note": "x" * 2_001}, NoWords),
        ({"state": StepState.LEFT_OUT, "note": " "}, NoWords),
    ],
)
def test_a_step_that_cannot_be_is_refused(changed: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        checked(**changed)


def test_a_step_left_out_counts_neither_as_done_nor_as_late() -> None:
    stands = standing(
        [
            ("a", StepState.DONE, date(2026, 10, 1)),
            ("b", StepState.LEFT_OUT, date(2026, 10, 2)),
            ("c", StepState.DOING, date(2026, 10, 3)),
            ("d", StepState.TO_DO, TODAY),
        ],
        on=TODAY,
    )
    assert stands == journeys.Standing(1, 3, ("c",), "c")


def test_a_plan_that_is_done_has_nothing_next() -> None:
    assert standing([("a", StepState.DONE, TODAY)], on=TODAY) == journeys.Standing(1, 1, (), "")


def test_every_door_of_the_journey_that_ships_is_known() -> None:
    way: Journey = journey("gloucestershire-2018")
    step: JourneyStep
    for step in way.steps:
        assert step.leads_to in journeys.LEADS_TO
