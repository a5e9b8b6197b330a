"""Whether a visit can be on a day, in words; and why one found none."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.partnership.rules.terms import SchoolCalendar, Stretch
from convenor.peer_review.rules.dates import (
    Diary,
    HostDiary,
    NotOffered,
    check_visit,
    nearest_starts,
    newcomers_in_the_way,
    open_starts,
    visit_for,
    why_unplaced,
    window_days,
)
from convenor.peer_review.rules.placing import Wanted, place
from convenor.peer_review.rules.refusals import Clash, WrongDay

AUTUMN = Stretch(date(2026, 9, 2), date(2026, 10, 24), "Autumn, first half")
LATE = Stretch(date(2026, 11, 2), date(2026, 12, 19), "Autumn, second half")
SPRING = Stretch(date(2027, 1, 4), date(2027, 2, 13), "Spring, first half")
CALENDAR = SchoolCalendar({2026: (AUTUMN, LATE, SPRING)}, {date(2026, 11, 27): "training day"}, {})
HOST = HostDiary("1", "Fernhollow", CALENDAR)
TODAY, TUESDAY, WEDNESDAY = date(2026, 11, 2), date(2026, 11, 24), date(2026, 11, 25)
ADA, BEN = Diary("a", "Ada"), Diary("b", "Ben")
WINDOW = (TUESDAY, WEDNESDAY)


def check(
    first: date = TUESDAY, length: int = 1, host: HostDiary = HOST, team: tuple[Diary, ...] = (ADA, BEN), asked: bool = False
) -> date:
    return check_visit(first, length, host=host, team=team, today=TODAY, asked=asked)


def test_a_visit_ends_on_the_first_day_after_its_last() -> None:
    assert (check(), check(length=3)) == (WEDNESDAY, date(2026, 11, 27))


@pytest.mark.parametrize(
    ("first", "length", "words"),
    [
        (date(2026, 10, 30), 1, "Friday 30 October 2026 has passed. Nothing was changed."),
        (
            date(2026, 11, 27),
            1,
            "Friday 27 November 2026 is no school day: training day. The nearest days on which it could begin: Thursday 26 November 2026 "
            "and Monday 30 November 2026. Nothing was changed.",
        ),
        (
            date(2026, 12, 18),
            2,
            "Saturday 19 December 2026 is no school day: a weekend. A visit of two school days takes days one after another. The nearest "
            "days on which it could begin: Thursday 17 December 2026 and Monday 4 January 2027. Nothing was changed.",
        ),
        (
            date(2030, 1, 8),
            1,
            "Tuesday 8 January 2030 is no school day: a day whose bank holidays are not known: the list runs until 2028. "
            "No school day is known near it. Nothing was changed.",
        ),
    ],
)
def test_a_day_that_is_none_is_refused_in_words(first: date, length: int, words: str) -> None:
    with pytest.raises(WrongDay) as refused:
        check(first, length)
    assert str(refused.value) == words


def test_the_nearest_starts_never_lie_in_the_past() -> None:
    assert nearest_starts(date(2026, 10, 28), 1, CALENDAR, not_before=date(2026, 10, 26)) == [date(2026, 11, 2)]


def test_who_is_double_booked_is_named_and_asking_does_not_help() -> None:
    busy = replace(ADA, busy={TUESDAY: "Brookmoor"})
    for asked in (False, True):
        with pytest.raises(Clash) as refused:
            check(team=(busy, BEN), asked=asked)
        assert str(refused.value) == (
            "Ada is at Brookmoor on Tuesday 24 November 2026. Nobody can be on two visits on one day. Nothing was changed."
        )


def test_at_which_school_is_not_said_where_the_reader_is_not_to_know() -> None:
    with pytest.raises(Clash, match=r"^Ada is on another visit on Tuesday 24 November 2026\."):
        check(team=(replace(ADA, busy={TUESDAY: ""}),))


def test_who_did_not_offer_the_day_is_asked_first_and_then_it_stands() -> None:
    host = replace(HOST, days=frozenset({WEDNESDAY}), away={TUESDAY: ("Cy",)})
    team = (replace(ADA, days=frozenset({WEDNESDAY})), replace(BEN, home_hosts=frozenset({TUESDAY})))
    with pytest.raises(NotOffered) as refused:
        check(host=host, team=team)
    assert str(refused.value) == (
        "Fernhollow has not offered Tuesday 24 November 2026. Cy of Fernhollow is on another visit on Tuesday 24 November 2026. Ada has "
        "not offered Tuesday 24 November 2026. Ben is needed at their own school on Tuesday 24 November 2026: it hosts a visit. Ask them "
        "first; then tick that you have. Nothing was changed."
    )
    assert check(host=host, team=team, asked=True) == WEDNESDAY


def test_who_joins_after_the_days_were_set_is_held_to_the_same_rules() -> None:
    thursday = date(2026, 11, 26)
    new = [
        replace(ADA, busy={TUESDAY: "Brookmoor"}, days=frozenset({TUESDAY, WEDNESDAY})),
        replace(BEN, days=frozenset({TUESDAY}), home_hosts=frozenset({TUESDAY, thursday})),
    ]
    assert newcomers_in_the_way(TUESDAY, thursday, new) == (
        "Ada is at Brookmoor on Tuesday 24 November 2026.",
        "Ben is needed at their own school on Tuesday 24 November 2026: it hosts a visit.",
        "Ben has not offered Wednesday 25 November 2026.",
    )
    assert newcomers_in_the_way(TUESDAY, WEDNESDAY, [ADA, BEN]) == ()


def test_the_weeks_at_the_edge_of_a_term_are_known_by_the_long_holidays() -> None:
    found = window_days(CALENDAR, date(2026, 10, 12), date(2027, 1, 16))
    edges = sorted({day - timedelta(days=day.weekday()) for day in found.edges})
    assert (edges, found.days[0], len(found.days)) == ([date(2026, 12, 14), date(2027, 1, 4)], date(2026, 10, 12), 54)


def test_a_year_begins_at_the_edge_of_a_term() -> None:
    assert window_days(CALENDAR, date(2026, 9, 2), date(2026, 9, 8)).edges == {date(2026, 9, 2), date(2026, 9, 3), date(2026, 9, 4)}


@pytest.mark.parametrize(
    ("length", "window", "host", "team", "why", "mend"),
    [
        (2, (TUESDAY, date(2026, 11, 26)), HOST, (ADA,), "The window holds no run of two school days.", "Give the round a longer window."),
        (
            1, WINDOW, replace(HOST, days=frozenset()), (ADA,), "Fernhollow can host on none of the school days of the window.",
            "It could begin on Tuesday 24 November 2026 if Fernhollow could host then.",
        ),
        (
            1, WINDOW, HOST, (replace(ADA, days=frozenset()), replace(BEN, days=frozenset())),
            "Ada and Ben can come on none of the days on which Fernhollow can host.",
            "It could begin on Tuesday 24 November 2026 if Ada could come then; and Ben could come then.",
        ),
        (
            1, WINDOW, HOST, (replace(ADA, days=frozenset({TUESDAY})), replace(BEN, days=frozenset({WEDNESDAY}))),
            "Fernhollow and its team share no day on which all of them can.",
            "It could begin on Tuesday 24 November 2026 if Ben could come then.",
        ),
        (
            1, WINDOW, replace(HOST, away={WEDNESDAY: ("Cy",)}), (replace(ADA, busy={TUESDAY: "Brookmoor", WEDNESDAY: ""}), BEN),
            "On each day that all of them offered, one of them is on another visit, or at their own.",
            "It could begin on Tuesday 24 November 2026 if Ada were not at Brookmoor then.",
        ),
        (
            1, (TUESDAY,), replace(HOST, away={TUESDAY: ("Cy",)}),
            (replace(ADA, busy={TUESDAY: ""}), replace(BEN, home_hosts=frozenset({TUESDAY}))),
            "On each day that all of them offered, one of them is on another visit, or at their own.",
            "It could begin on Tuesday 24 November 2026 if Cy of Fernhollow were not on another visit then; and Ada were not at another "
            "school then; and Ben’s own school did not host then.",
        ),
    ],
)  # fmt: skip
def test_a_visit_without_a_date_says_why_and_what_would_place_it(
    length: int, window: tuple[date, ...], host: HostDiary, team: tuple[Diary, ...], why: str, mend: str
) -> None:
    found = why_unplaced(length, window, host=host, team=team)
    assert (found.why, found.mend, found.words) == (why, mend, f"{why} {mend}")


def test_free_days_are_the_nearest_and_in_their_order() -> None:
    window = window_days(CALENDAR, date(2026, 11, 9), date(2026, 12, 5)).days
    found = open_starts(2, window, host=HOST, team=(replace(ADA, busy={TUESDAY: "x"}), BEN), near=WEDNESDAY, at_most=3)
    assert found == [date(2026, 11, 19), WEDNESDAY, date(2026, 11, 30)]


offered = st.one_of(st.none(), st.frozensets(st.sampled_from(WINDOW)))


@settings(max_examples=80, deadline=None)
@given(offered, offered, offered, st.sets(st.sampled_from(WINDOW)))
def test_the_change_that_is_named_places_the_visit(
    hosts: frozenset[date] | None, ada: frozenset[date] | None, ben: frozenset[date] | None, busy: set[date]
) -> None:
    """Whatever stands in the way: once every change of the sentence is made, that day is free for the solver too."""
    host, team = replace(HOST, days=hosts), (replace(ADA, days=ada, busy=dict.fromkeys(busy, "Brookmoor")), replace(BEN, days=ben))
    window = window_days(CALENDAR, TUESDAY, date(2026, 11, 26))

    def placed(host: HostDiary, team: tuple[Diary, ...]) -> dict[str, date]:
        visit = visit_for("v", 1, window, host=host, team=team)
        return dict(place(Wanted((visit,), {each.key: each.as_person() for each in team})).first_days)

    if placed(host, team):
        return
    words = why_unplaced(1, window.days, host=host, team=team).mend
    [day] = [day for day in window.days if f" {day.day} November" in words]
    mended_host = replace(host, days=None) if "Fernhollow could host" in words else host
    mended = tuple(
        replace(
            each, days=None if f"{each.name} could come" in words else each.days, busy={} if f"{each.name} were not" in words else each.busy
        )
        for each in team
    )
    assert day in open_starts(1, window.days, host=mended_host, team=mended, near=day)
