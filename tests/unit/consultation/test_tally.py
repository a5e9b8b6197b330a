"""What was answered, counted."""

from __future__ import annotations

from convenor.consultation.rules.states import QuestionKind
from convenor.consultation.rules.tally import answer_to, items, tally
from tests.unit.consultation.hearing import item, question


def test_each_principle_is_counted_by_itself_and_words_are_not() -> None:
    asked = [
        question(QuestionKind.PRINCIPLES, "open", "led", key="p"),
        question(QuestionKind.OPEN, key="o"),
        question(QuestionKind.CLOSED, "x", "y"),
    ]
    assert [each.key for each in items(asked)] == ["p.open", "p.led", "q"]
    assert [each.heading for each in items(asked)] == ["What do you say?", "What do you say?", ""]


def test_tally_counts_what_was_on_offer() -> None:
    counted = tally(item(QuestionKind.CLOSED, "a", "b"), [{"q": "a"}, {"q": "a"}, {"q": "b"}, {"q": "gone"}, {}, {"q": ["a"]}])
    assert (counted.answered, counted.counts, counted.told, round(counted.percent(0), 1)) == (3, (2, 1), False, 66.7)


def test_tally_of_principles_reads_each_stance() -> None:
    one = items([question(QuestionKind.PRINCIPLES, "one", "two")])[1]
    counted = tally(one, [{"q": {"one": "agree", "two": "disagree"}}] * 5 + [{"q": {"one": "agree"}}, {"q": "agree"}])
    assert (counted.answered, counted.counts, counted.told) == (5, (0, 0, 5), True)


def test_tally_of_orders_has_first_choices_and_mean_places() -> None:
    counted = tally(item(QuestionKind.RANKED, "a", "b", "c"), [{"q": ["a", "b", "c"]}, {"q": ["b"]}, {"q": []}])
    assert (counted.answered, counted.counts, counted.mean_places) == (2, (1, 1, 0), (1.75, 1.5, 2.75))


def test_nothing_answered_has_no_places_and_no_share() -> None:
    counted = tally(item(QuestionKind.RANKED, "a", "b"), [{}])
    assert (counted.mean_places, counted.percent(0)) == ((), 0.0)


def test_an_order_that_begins_with_nothing_on_offer_is_no_answer() -> None:
    assert answer_to(item(QuestionKind.RANKED, "a", "b"), {"q": ["z", "a"]}) == ""
