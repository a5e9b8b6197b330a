"""What a phone sends, read strictly."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.conditions.rules.agendas import agenda
from convenor.conditions.rules.canvas import LINE_AT_MOST, LINES_AT_MOST, check_expected, check_line
from convenor.conditions.rules.cards import NINE_CONDITIONS
from convenor.conditions.rules.phone import (
    BODY_AT_MOST,
    ITEMS_AT_MOST,
    About,
    Item,
    Sent,
    Unreadable,
    check_about,
    check_comments,
    check_pick,
    check_rows,
    is_secret,
    plain,
    read_item,
    read_items,
    read_rows,
    row_problems,
)
from convenor.conditions.rules.refusals import BadCards, NoDiamond, NoWords, TooMany, WrongDay
from convenor.conditions.rules.states import Way

KEYS = [card.key for card in NINE_CONDITIONS]
WHOLE = dict(zip(KEYS, map(int, "122333445"), strict=True))
KEY = "0123456789abcdef"


def item(**more):
    return {"key": KEY, "number": 7, "kind": "note"} | more


def body(*items):
    return json.dumps({"items": list(items)}).encode()


def test_items_come_in_the_order_of_their_numbers():
    found = read_items(body(item(number=9, kind="diamond", rows=WHOLE), item(number=2, words="a")))
    assert found == [
        Item(KEY, 2, Sent.NOTE, item(number=2, words="a")),
        Item(KEY, 9, Sent.DIAMOND, item(number=9, kind="diamond", rows=WHOLE)),
    ]


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"{", b"[]", b"null", b'{"items": {}}', b'{"items": [3]}', b"\xff\xfe", b"[" * 20_000, b'{"items": NaN}',
        body(*[item()] * (ITEMS_AT_MOST + 1)), b" " * (BODY_AT_MOST + 1),
        b'{"items": [{"key": "0123456789abcdef", "number": 1, "kind": "diamond", "rows": {"trust": 1, "trust": 2}}]}',
    ],
)  # fmt: skip
def test_what_no_phone_sends_is_refused_whole(sent):
    with pytest.raises(Unreadable):
        read_items(sent)


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ""}, {"key": 3}, {"key": "short"}, {"key": "x" * 41}, {"key": "<script>aaaa"}, {"number": 0}, {"number": -1},
        {"number": True}, {"number": "7"}, {"number": 2**53}, {"number": 1.5}, {"kind": "vote"}, {"kind": None},
    ],
)  # fmt: skip
def test_item_without_key_number_or_kind_is_refused(wrong):
    with pytest.raises(Unreadable):
        read_item(item(**wrong))


def test_whole_diamond_is_taken():
    assert check_rows(WHOLE, KEYS) == WHOLE


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (WHOLE | {"vision": 2}, "Row 2 holds 3 cards; there is room for 2."),
        ({key: row for key, row in WHOLE.items() if key != "trust"}, "1 card is still to be placed."),
        (WHOLE | {"mars": 1}, "“mars” is not a card of this workshop."),
        (WHOLE | {"vision": 6}, "Rows are 1 to 5"),
        (WHOLE | {"vision": True}, "Rows are 1 to 5"),
        (WHOLE | {"vision": "1"}, "Rows are 1 to 5"),
        (list("122333445"), "A diamond is nine cards"),
        (None, "A diamond is nine cards"),
    ],
)
def test_wrong_shape_is_refused_with_words(rows, says):
    with pytest.raises(NoDiamond) as refused:
        check_rows(rows, KEYS)
    assert str(refused.value).startswith(says)
    assert str(refused.value).endswith("nothing was changed.") or str(refused.value).endswith("Nothing was changed.")


@given(st.lists(st.integers(1, 5), min_size=9, max_size=9))
def test_only_diamonds_have_no_problem(digits):
    shape = [digits.count(row) for row in range(1, 6)]
    assert (row_problems(dict(zip(KEYS, digits, strict=True))) == "") == (shape == [1, 2, 3, 2, 1])


def test_card_twice_in_a_posted_board_is_refused():
    with pytest.raises(NoDiamond, match="“trust” stands twice"):
        read_rows({"rows": '{"trust": 1, "trust": 2}'}, KEYS)


def test_posted_board_is_read_from_script_and_from_selects_alike():
    selects = {f"rows-{key}": str(row) for key, row in WHOLE.items()}
    assert read_rows({"rows": json.dumps(WHOLE)}, KEYS) == WHOLE
    assert read_rows(selects | {"rows": ""}, KEYS) == WHOLE
    assert read_rows({"rows-trust": "", "rows-vision": "2"}, KEYS) == {"vision": 2}


@pytest.mark.parametrize(
    "posted", [{"rows": "[1]"}, {"rows": '{"trust": "1"}'}, {"rows": "{"}, {"rows-trust": "9"}, {"rows": '{"a": true}'}]
)
def test_posted_board_that_is_none_is_refused(posted):
    with pytest.raises(NoDiamond):
        read_rows(posted, KEYS)


def test_pair_is_two_and_alone_is_one_whatever_was_said():
    assert check_about({"way": "pair", "group_size": 9}) == About(Way.PAIR, 2)
    assert check_about({"way": "alone", "group_size": 0, "role": "head"}) == About(Way.ALONE, 1, role="head")
    assert check_about({"way": "table", "group_size": 6, "label": "  By the\nwindow "}) == About(Way.TABLE, 6, "By the window")


@pytest.mark.parametrize(
    "said",
    [
        {"way": "crowd"}, {"way": "table", "group_size": 1}, {"way": "table", "group_size": 31}, {"way": "table", "group_size": "6"},
        {"way": "table", "group_size": True}, {"label": "x" * 61}, {"role": "king"}, {"phase": 3}, {"type": ["college"]},
    ],
)  # fmt: skip
def test_about_that_is_not_on_the_lists_is_refused(said):
    with pytest.raises(NoWords):
        check_about(said)


def test_pick_is_nine_different_cards_of_the_workshop_in_their_order():
    twelve = [*KEYS, "a", "b", "c"]
    assert check_pick([*KEYS[:0:-1], "a"], twelve) == [*KEYS[1:], "a"]
    for wrong in (KEYS[:8], [*KEYS[:8], KEYS[0]], [*KEYS[:8], "mars"], "vision", [1] * 9, None, [*KEYS, "a"]):
        with pytest.raises(BadCards):
            check_pick(wrong, twelve)


def test_comments_lose_what_no_database_holds_and_keep_script_as_words():
    said = check_comments({"trust": " <script>alert(1)</script>\x00\ud800\n", "vision": "  "}, KEYS)
    assert said == {"trust": "<script>alert(1)</script>"}
    assert check_comments(None, KEYS) == {}
    for wrong in ({"mars": "x"}, {"trust": "x" * 301}, ["trust"]):
        with pytest.raises(NoWords):
            check_comments(wrong, KEYS)


@given(st.text(st.characters(exclude_categories=())))
def test_plain_words_can_be_kept_and_stay_as_they_are(words):
    kept = plain(words)
    assert kept.encode("utf-8").decode() == kept
    assert plain(kept) == kept
    assert "\x00" not in kept


def test_secret_is_of_our_making():
    assert [is_secret(each) for each in ("x" * 43, "", None, "short", "a b" * 10, "x" * 61)] == [True, False, False, False, False, False]


SOUTH_EAST = agenda("south-east-2019")


def test_line_belongs_to_a_question_of_a_canvas():
    line = check_line({"step": "levels", "prompt": "clusters", "words": "  They meet\nmonthly "}, SOUTH_EAST, lines=0)
    assert (line.step, line.prompt, line.words) == ("levels", "clusters", "They meet monthly")


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"step": "diamond"}, NoWords), ({"prompt": "none"}, NoWords), ({"words": " \x00 "}, NoWords), ({"words": 3}, NoWords),
        ({"words": "x" * (LINE_AT_MOST + 1)}, NoWords), ({"step": None}, NoWords), ({"step": ["levels"]}, NoWords),
    ],
)  # fmt: skip
def test_line_that_cannot_be_kept_is_refused(wrong, refusal):
    with pytest.raises(refusal):
        check_line({"step": "levels", "prompt": "clusters", "words": "a"} | wrong, SOUTH_EAST, lines=0)


def test_phone_that_writes_without_end_is_stopped():
    with pytest.raises(TooMany):
        check_line({"step": "levels", "prompt": "clusters", "words": "a"}, SOUTH_EAST, lines=LINES_AT_MOST)


def test_expectation_is_due_so_many_months_on():
    said = check_expected({"words": "Every school is in a cluster", "months": 18, "about": "cluster"}, on=date(2026, 11, 22))
    assert (said.words, said.due_on, said.about, said.told_by) == ("Every school is in a cluster", date(2028, 5, 22), "cluster", "")


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"months": 3}, WrongDay), ({"months": None}, WrongDay), ({"months": True}, WrongDay), ({"months": "18"}, WrongDay),
        ({"words": ""}, NoWords), ({"words": "x" * 301}, NoWords), ({"told_by": "x" * 301}, NoWords), ({"about": "mars"}, NoWords),
        ({"about": 3}, NoWords),
    ],
)  # fmt: skip
def test_expectation_that_cannot_be_kept_is_refused(wrong, refusal):
    with pytest.raises(refusal):
        check_expected({"words": "a", "months": 12} | wrong, on=date(2026, 11, 22))
