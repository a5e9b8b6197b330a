"""What a school asks for: checked, kept, and said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from convenor.support.forms.needs import half_day_words
from convenor.support.rules.gap_picture import finding, gap_bars, scale_of
from convenor.support.rules.needs import (
    FORMAT_SAYS,
    NEED_SAYS,
    ORIGIN_SAYS,
    Asked,
    check_agreed,
    check_asked,
    check_waits,
    check_words,
    themes_for,
    themes_of_topics,
)
from convenor.support.rules.placing import Gap, Need, Offer, place
from convenor.support.rules.placing_kept import answer_from, answer_kept, asked_kept
from convenor.support.rules.refusals import Missing, NoWords, OutOfTurn, WrongDay, WrongSum
from convenor.support.rules.states import NeedOrigin, NeedState, Payer, SupportFormat

ON = date(2026, 11, 22)
ASKED = Asked(("reading", "writing"), ("coaching",), " Help with phonics. ", 6, 120_000, Payer.RECEIVING, date(2027, 1, 11))


def test_check_asked_keeps_each_theme_once_and_trims_the_words():
    kept = check_asked(replace(ASKED, themes=("writing", "reading", "writing"), formats=("visits", "visits")), on=ON)
    assert kept == Asked(("writing", "reading"), ("visits",), "Help with phonics.", 6, 120_000, Payer.RECEIVING, date(2027, 1, 11))


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"themes": ()}, Missing, "Choose what you would like support with: one theme at least, three at most."),
        ({"themes": ("reading", "writing", "science", "staff")}, Missing,
         "Choose at most 3 themes: support that does few things does them well."),
        ({"themes": ("spelling",)}, Missing, "Choose themes and ways of working from the lists."),
        ({"formats": ("magic",)}, Missing, "Choose themes and ways of working from the lists."),
        ({"words": "  "}, NoWords, "Say what would help, in a sentence or two."),
        ({"words": "x" * 2001}, NoWords, "At most 2,000 characters, please; these are 2,001."),
        ({"half_days": 0}, WrongSum, "Ask for between 1 and 80 half days; more is more than one package."),
        ({"half_days": 81}, WrongSum, "Ask for between 1 and 80 half days; more is more than one package."),
        ({"budget_pence": -1}, WrongSum, "Money is nought or more, and at most £100,000. Leave it empty where it is not settled."),
        ({"budget_pence": 10_000_001}, WrongSum, "Money is nought or more, and at most £100,000. Leave it empty where it is not settled."),
        ({"wanted_by_on": ON - timedelta(days=1)}, WrongDay, "The day by which it would help lies between today and two years from now."),
        ({"wanted_by_on": ON + timedelta(days=731)}, WrongDay, "The day by which it would help lies between today and two years from now."),
    ],
)  # fmt: skip
def test_check_asked_refuses_with_words(change, error, says):
    with pytest.raises(error) as refused:
        check_asked(replace(ASKED, **change), on=ON)
    assert str(refused.value) == f"{says} Nothing was changed."


def test_check_asked_lets_what_is_not_settled_stay_so():
    kept = check_asked(Asked(themes=("staff",), words="A mentor."), on=ON)
    assert (kept.budget_pence, kept.payer, kept.wanted_by_on, kept.formats) == (None, None, None, ())


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (NeedState.CHOSEN, "here somebody is chosen: its package says what comes next."),
        (NeedState.ANSWERED, "here support was agreed: its package says what comes next."),
        (NeedState.WITHDRAWN, "here taken back: the school may ask again."),
    ],
)
def test_check_waits_says_what_comes_next_instead(state, says):
    with pytest.raises(OutOfTurn) as refused:
        check_waits(state, "it can be changed")
    assert str(refused.value) == f"While somebody is looked for it can be changed; {says} Nothing was changed."


def test_check_waits_lets_a_request_that_nobody_met_go_on():
    assert [check_waits(state, "") for state in (NeedState.OPEN, NeedState.UNMET)] == [None, None]


def test_check_agreed_asks_for_the_heads_word():
    with pytest.raises(Missing, match=r"^Ask the head first"):
        check_agreed(False)
    assert check_agreed(True) is None


def test_check_words_says_what_is_missing():
    with pytest.raises(NoWords, match=r"^Say why\. "):
        check_words(" ", "why")
    assert check_words(" so ", "why") == "so"


def test_themes_of_topics_leaves_out_what_nobody_supports():
    assert themes_of_topics(["money", "attendance", "governance", "teaching", "staff", "leadership"]) == ("attendance", "teaching", "staff")


def test_every_state_origin_and_format_has_its_words():
    assert [set(NEED_SAYS), set(ORIGIN_SAYS), set(FORMAT_SAYS)] == [set(NeedState), set(NeedOrigin), set(SupportFormat)]


def test_a_kept_proposal_reads_again_as_it_was_and_names_no_interest():
    need = Need(id="1", urn="100001", themes=("reading",), half_days=2, easting=0.0, northing=0.0, formats=frozenset({"visits"}))
    offers = [
        Offer(id="2", urn="100002", themes=frozenset({"reading"}), half_days_left=9, assured=True, interests=frozenset({"100009"})),
        Offer(id="3", themes=frozenset({"reading"}), assured=True, half_days_left=1),
    ]
    answer = place([need, replace(need, id="4", urn="100009", half_days=4)], offers, seed=3)
    assert answer_from(answer_kept(answer)) == answer
    kept = asked_kept([need], offers)
    assert [each.get("interests") for each in kept["offers"]] == [None, None]
    assert (kept["needs"][0]["formats"], kept["offers"][0]["themes"]) == (["visits"], ["reading"])


def gap(key: str, asked: int, short: int) -> Gap:
    return Gap(key, 2, 1 if short else 0, asked, short, 3, 30)


def test_gap_bars_begin_with_what_is_not_met_and_add_up():
    bars = gap_bars([gap("a", 10, 0), gap("", 4, 4), gap("b", 8, 2)], {"a": "Reading"}, 20)
    assert [(bar.name, bar.met_long, bar.unmet_long, bar.says) for bar in bars] == [
        ("Not known", 0.0, 20.0, "4 of 4 not met"), ("b", 30.0, 10.0, "2 of 8 not met"), ("Reading", 50.0, 0.0, "all 10 met"),
    ]  # fmt: skip


def test_scale_of_is_one_for_all_pictures():
    assert [scale_of([gap("a", 10, 0)], [gap("b", 12, 0)]), scale_of([], [])] == [12, 1]


@pytest.mark.parametrize(
    ("gaps", "says"),
    [
        ([], "Everything asked for is met in this proposal."),
        ([gap("a", 4, 0)], "Everything asked for is met in this proposal."),
        ([gap("a", 4, 2), gap("b", 9, 1)], "Most is not met in a: 2 of 4 half days."),
        ([gap("a", 4, 2), gap("b", 9, 2)], "Most is not met in b and a."),
    ],
)
def test_finding_says_where_most_is_not_met(gaps, says):
    assert finding(gap_bars(gaps, {}, 10)) == says


@pytest.mark.parametrize(
    ("phase", "kept", "there"),
    [("Primary", (), False), ("Nursery", (), False), ("Primary", ("sixth-form",), True), ("Secondary", (), True), ("All-through", (), True),
     ("Special", (), True), ("", (), True)],
)  # fmt: skip
def test_a_sixth_form_is_offered_to_those_that_may_have_one(phase: str, kept: tuple[str, ...], there: bool) -> None:
    offered = [key for key, _ in themes_for(phase, kept)]
    assert ("sixth-form" in offered, "reading" in offered) == (there, True)


@pytest.mark.parametrize(
    ("half_days", "says"),
    [(0, "No days"), (1, "Half a day"), (2, "A day"), (3, "One and a half days"), (4, "Two days"), (8, "Four days"), (12, "Six days"),
     (40, "Twenty days"), (41, "Twenty and a half days"), (80, "40 days")],
)  # fmt: skip
def test_half_days_are_said_in_one_way(half_days: int, says: str) -> None:
    assert half_day_words(half_days) == says
