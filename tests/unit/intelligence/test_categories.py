"""Categories: which schemes may begin, when a category stands, whom a draw takes, and that no figure is ever read."""

import ast
import pathlib
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.intelligence.rules.categories import (
    SCHEMES,
    BoardDecision,
    CategoryRefused,
    How,
    Judgement,
    Scheme,
    Voice,
    as_dict,
    from_dict,
    refuse_judgement,
    refuse_scheme,
    scheme_with,
    standing,
)
from convenor.intelligence.rules.moderation import DrawRefused, draw, list_digest
from tests.factories.refusals import refusal_of

CRITERIA = "The school meets what its own improvement plan set out."
SURREY = [(each.name, CRITERIA) for each in SCHEMES["surrey"].categories]
BOARD = BoardDecision(of_the_board=True, decided_on=date(2026, 10, 1), replaced=False)
SAID = "Nineteen answered: eleven for it, five against, three unsure. Those against feared a list."
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SEED = "0123456789abcdef"


def test_schemes_hold_what_was_found_and_leave_the_rest_empty() -> None:
    assert [(key, len(each.categories), each.number) for key, each in SCHEMES.items()] == [
        ("surrey", 4, 4), ("sheffield", 0, None), ("warwickshire", 4, 4), ("cumbria", 0, 3), ("own", 0, None),
    ]  # fmt: skip
    assert [each.name for each in SCHEMES["surrey"].categories] == [
        "Light Touch", "Light Touch+", "Support and Challenge", "Support and Challenge+",
    ]  # fmt: skip
    assert SCHEMES["sheffield"].agree == (Voice.SCHOOL, Voice.PEERS, Voice.BROKER)
    assert {each.criteria for scheme in SCHEMES.values() for each in scheme.categories} == {""}


def refuse(scheme: Scheme | None = None, **more: Any) -> None:
    known: dict[str, Any] = {"decision": BOARD, "consulted_on": date(2026, 9, 20), "said": SAID, "today": date(2026, 11, 2)}
    refuse_scheme(scheme or scheme_with("surrey", SURREY), **known | more)


def test_a_whole_scheme_that_the_board_decided_on_may_begin() -> None:
    own = scheme_with("own", [("Steady", CRITERIA), ("", ""), ("Together", CRITERIA)])
    assert [refusal_of(refuse), refusal_of(refuse, own)] == [None, None]


def of(*pairs: tuple[str, str], key: str = "own") -> Scheme:
    return scheme_with(key, pairs)


@pytest.mark.parametrize(
    ("scheme", "more", "field", "message"),
    [
        (None, {"decision": None}, "decision",
         "Categories are switched on only by a decision of the board that is recorded and still stands. Nothing was changed."),
        (None, {"decision": replace(BOARD, of_the_board=False)}, "decision",
         "Categories are switched on only by a decision of the board that is recorded and still stands. Nothing was changed."),
        (None, {"decision": replace(BOARD, replaced=True)}, "decision",
         "Categories are switched on only by a decision of the board that is recorded and still stands. Nothing was changed."),
        (None, {"decision": replace(BOARD, decided_on=date(2026, 11, 3))}, "decision",
         "The decision lies in the future. Nothing was changed."),
        (None, {"consulted_on": date(2026, 10, 1)}, "consulted_on",
         "Schools are consulted before the board decides, not after. Nothing was changed."),
        (None, {"said": "Fine."}, "said",
         "Write down what schools said, those against it too: they will read it here. Nothing was changed."),
        (of(("Steady", CRITERIA)), {}, "categories",
         "A scheme has 2 to 6 categories. Name each and write its criteria. Nothing was changed."),
        (of(("Steady", CRITERIA), ("Together", CRITERIA), key="cumbria"), {}, "categories",
         "Three, as in Cumbria has 3 categories and 2 are named; for another number choose the partnership's own. Nothing was changed."),
        (of(("Steady", CRITERIA), ("steady", CRITERIA)), {}, "categories", "Each category needs a name of its own. Nothing was changed."),
        (of(("Steady", CRITERIA), ("", CRITERIA)), {}, "categories", "Each category needs a name of its own. Nothing was changed."),
        (of(("Steady", CRITERIA), ("Amber zone", CRITERIA)), {}, "categories",
         "“Amber zone” is a colour, and a colour is a label. Choose words. Nothing was changed."),
        (of(("Steady", CRITERIA), ("Together", "short")), {}, "categories",
         "Schools must be able to read the criteria of every category. Write them. Nothing was changed."),
    ],
)  # fmt: skip
def test_a_scheme_that_is_not_whole_or_not_decided_is_refused(
    scheme: Scheme | None, more: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(CategoryRefused) as told:
        refuse(scheme, **more)
    assert (told.value.field, str(told.value)) == (field, message)


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(CategoryRefused, match="Choose one of the schemes"):
        scheme_with("ofsted", SURREY)


def test_a_scheme_is_kept_as_it_was() -> None:
    made = scheme_with("surrey", SURREY)
    assert from_dict(as_dict(made)) == made
    assert [each.key for each in made.categories] == [
        "light-touch",
        "light-touch-plus",
        "support-and-challenge",
        "support-and-challenge-plus",
    ]
    assert made.category("light-touch") is made.categories[0]
    assert made.category("red") is None


def say(voice: Voice, category: str, minute: int = 0) -> Judgement:
    return Judgement(voice, category, "By the criteria, and the visit of May.", AT + timedelta(minutes=minute))


TWO = (Voice.SCHOOL, Voice.BROKER)


@pytest.mark.parametrize(
    ("said", "category", "how"),
    [
        ([], "", How.NOTHING),
        ([say(Voice.BROKER, "a")], "", How.WAITING),
        ([say(Voice.SCHOOL, "a"), say(Voice.PEERS, "a")], "", How.WAITING),
        ([say(Voice.SCHOOL, "a"), say(Voice.BROKER, "a")], "a", How.AGREED),
        ([say(Voice.SCHOOL, "a"), say(Voice.BROKER, "b")], "", How.DIFFERING),
        ([say(Voice.SCHOOL, "b", 2), say(Voice.SCHOOL, "a"), say(Voice.BROKER, "b", 1)], "b", How.AGREED),
        ([say(Voice.SCHOOL, "a"), say(Voice.BROKER, "b"), say(Voice.MODERATOR, "b", 1)], "b", How.MODERATED),
        ([say(Voice.SCHOOL, "a"), say(Voice.BROKER, "b"), say(Voice.MODERATOR, "b", 1), say(Voice.SCHOOL, "a", 2)], "", How.DIFFERING),
        ([say(Voice.SCHOOL, "a"), say(Voice.MODERATOR, "a", 1), say(Voice.BROKER, "a", 2)], "a", How.AGREED),
    ],
)
def test_a_category_stands_only_where_people_agree(said: list[Judgement], category: str, how: How) -> None:
    found = standing(said, agree=TWO)
    assert (found.category, found.how, found.stands) == (category, how, bool(category))


def test_three_judgements_must_agree_where_the_scheme_says_so() -> None:
    three = SCHEMES["sheffield"].agree
    assert standing([say(Voice.SCHOOL, "a"), say(Voice.BROKER, "a")], agree=three).how is How.WAITING
    assert standing([say(Voice.SCHOOL, "a"), say(Voice.BROKER, "a"), say(Voice.PEERS, "a")], agree=three).category == "a"


@given(st.lists(st.builds(say, st.sampled_from(list(Voice)), st.sampled_from("ab"), st.integers(0, 9)), max_size=8))
def test_no_category_stands_that_nobody_named_last(said: list[Judgement]) -> None:
    found = standing(said, agree=TWO)
    assert found.category in {"", *(each.category for each in found.voices.values())}
    if found.how is How.AGREED:
        assert {found.voices[voice].category for voice in TWO} == {found.category}


@pytest.mark.parametrize(
    ("more", "field", "message"),
    [
        ({"category": "z"}, "category", "Choose one of the scheme's categories. Nothing was changed."),
        ({"why": "Because."}, "why", "Give the reason, by the criteria, in 20 to 2000 characters. Nothing was changed."),
        ({"why": "Since Mrs Smith came the plan has been met."}, "why",
         "“Mrs Smith” seems to be about a person. Write the reason of the school. Your words are still here."),
        ({"before": Judgement(Voice.SCHOOL, "light-touch", "The plan of May has been met in full.", AT)}, "why",
         "The school's own judgement says this already. Nothing was changed."),
    ],
)  # fmt: skip
def test_a_judgement_needs_a_reason_of_the_school(more: dict[str, Any], field: str, message: str) -> None:
    known: dict[str, Any] = {
        "category": "light-touch", "why": "The plan of May has been met in full.", "voice": Voice.SCHOOL, "before": None,
    }  # fmt: skip
    scheme = scheme_with("surrey", SURREY)
    refuse_judgement(scheme, **known)
    with pytest.raises(CategoryRefused) as told:
        refuse_judgement(scheme, **known | more)
    assert (told.value.field, str(told.value)) == (field, message)


URNS = st.lists(st.from_regex(r"9\d{5}", fullmatch=True), min_size=1, max_size=40)


@given(URNS, st.text("0123456789abcdef", min_size=16, max_size=32), st.randoms())
def test_a_draw_is_a_third_rounded_up_and_can_be_repeated(urns: list[str], seed: str, chance: Any) -> None:
    drawn = draw(urns, seed=seed)
    shuffled = [*urns, urns[0]]
    chance.shuffle(shuffled)
    assert draw(shuffled, seed=seed) == drawn
    assert len(drawn.drawn) == (len(set(urns)) + 2) // 3
    assert set(drawn.drawn) <= set(urns)
    assert (drawn.schools, drawn.digest, drawn.seed) == (len(set(urns)), list_digest(urns), seed)


def test_every_school_is_drawn_about_as_often_as_any() -> None:
    urns = [f"99000{number}" for number in range(9)]
    times = dict.fromkeys(urns, 0)
    for number in range(3000):
        for urn in draw(urns, seed=f"{number:016d}").drawn:
            times[urn] += 1
    assert all(880 < count < 1120 for count in times.values())


def test_a_draw_can_be_repeated_with_any_tool() -> None:
    """By `sha256sum` of the list, and of the seed, a line end and each URN: 990003 and 990002 come first."""
    drawn = draw(["990004", "990003", "990002", "990001"], seed=SEED)
    assert (drawn.drawn, drawn.digest) == (("990002", "990003"), "2e0aca8ef58dee8d4c42a963f88296d2f8d09d8c87cdc19ba1f9e2783435565e")


def test_nothing_is_drawn_from_nothing_or_by_a_seed_somebody_hit_upon() -> None:
    with pytest.raises(DrawRefused, match="The partnership has no member school"):
        draw([], seed=SEED)
    with pytest.raises(DrawRefused, match="at least 16 characters"):
        draw(["990001"], seed="7")


SCORES = ("scoring", "lines", "weights", "levels", "assessing", "runs", "ranks", "indicators", "population")


def test_no_category_is_worked_out_from_a_score() -> None:
    """What decides a category imports nothing that reads a figure, near or far; nor do its action, page or tables by name."""
    code = "import sys; import convenor.intelligence.rules.categories, convenor.intelligence.rules.moderation; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in loaded if name.startswith("convenor.intelligence.rules.") and name.rsplit(".", 1)[1] in SCORES] == []
    named = []
    for path in pathlib.Path("convenor/intelligence").glob("*/categories.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            named += [f"{path}: {module}" for module in modules if module.rsplit(".", 1)[-1] in SCORES]
    assert named == []
