"""Agendas as data: those of the house, and every way in which a file can be wrong, each with its place and its remedy."""

from __future__ import annotations

from typing import Any

import pytest

from convenor.conditions.rules.agendas import AGENDAS, Agenda, agenda, agenda_from, as_text, for_cards, read_agenda
from convenor.conditions.rules.refusals import BadAgenda
from convenor.conditions.rules.states import StepKind

FIRST = """key = "trial"
version = 1
name = "Trial"
says = "A trial."
source = "Nowhere"

[[steps]]
key = "opening"
kind = "talk"
name = "Opening"
says = "Welcome."
minutes = 5

[[steps]]
key = "diamond"
kind = "diamond"
name = "Diamond"
says = "Place them."
minutes = 10
"""


def refusal(text: str) -> str:
    """What is said of a file that cannot be read."""
    with pytest.raises(BadAgenda) as error:
        read_agenda(text)
    return str(error.value)


def raw(**more: Any) -> dict[str, Any]:
    """The trial as a workshop keeps it, changed."""
    return read_agenda(FIRST).as_dict() | more


@pytest.mark.parametrize("key", AGENDAS)
def test_agendas_of_the_house_are_kept_and_read_back_as_they_were(key: str) -> None:
    found = agenda(key)
    assert (found.key, agenda_from(found.as_dict())) == (key, found)


@pytest.mark.parametrize("key", AGENDAS)
def test_an_agenda_written_out_as_text_is_read_as_it_was(key: str) -> None:
    assert read_agenda(as_text(agenda(key))) == agenda(key)


def test_words_with_quotation_marks_and_breaks_are_read_as_they_were() -> None:
    found = agenda_from(raw(says='A "trial"\\ of\n\ttwo lines – ü'))
    assert read_agenda(as_text(found)) == found


def test_the_workshop_of_7_june_runs_two_hours_as_its_source_says() -> None:
    found = agenda("south-east-2019")
    assert [(each.key, each.kind.value, each.minutes) for each in found.steps] == [
        ("opening", "talk", 20), ("diamond", "diamond", 30), ("why-and-how", "talk", 5), ("examples", "talk", 30), ("levels", "canvas", 15),
        ("factors", "canvas", 10), ("changes", "foresight", 10), ("close", "close", 0),
    ]  # fmt: skip
    assert found.minutes == 120  # 10.30 to 12.30


def test_the_three_levels_ask_the_sources_own_questions() -> None:
    step = agenda("south-east-2019").step("levels")
    assert step is not None
    assert [(each.about, each.words.partition(": ")[2]) for each in step.prompts] == [
        ("cluster", "what makes these work well?"), ("alliance", "what structures exist and how successful are they?"),
        ("board", "what helps this work effectively?"),
    ]  # fmt: skip


def test_a_room_is_led_from_step_to_step() -> None:
    found = agenda("diamond-alone")
    after = [None if (step := found.after(key)) is None else step.key for key in ("", "opening", "diamond", "close", "nowhere")]
    before = [None if (step := found.before(key)) is None else step.key for key in ("opening", "close", "nowhere")]
    assert (after, before) == (["opening", "diamond", "close", None, None], [None, "diamond", None])


def test_phones_do_what_the_room_does_and_by_post_everything_at_once() -> None:
    room, post = agenda("south-east-2019"), agenda("by-post")
    said = [[each.key for each in found] for found in (room.now_open("levels"), room.now_open(""), post.now_open("diamond"))]
    assert said == [["levels"], [], ["diamond", "levels", "changes"]]


def test_the_first_step_of_a_kind_is_found() -> None:
    found = agenda("diamond-alone")
    assert (found.first_of(StepKind.DIAMOND), found.first_of(StepKind.CANVAS)) == (found.step("diamond"), None)


def test_a_step_knows_its_questions_and_whether_it_asks() -> None:
    levels, close = agenda("south-east-2019").step("levels"), agenda("south-east-2019").step("close")
    assert levels is not None
    assert close is not None
    assert (levels.asks, close.asks, levels.prompt("clusters"), levels.prompt("x")) == (True, False, levels.prompts[0], None)


@pytest.mark.parametrize(("number", "steps"), [(9, ["opening", "diamond"]), (12, ["opening", "pick", "diamond"])])
def test_more_than_nine_cards_are_picked_before_they_are_placed(number: int, steps: list[str]) -> None:
    once = for_cards(read_agenda(FIRST), number)
    assert ([each.key for each in once.steps], for_cards(once, number)) == (steps, once)


def test_nine_cards_again_need_no_picking() -> None:
    assert for_cards(for_cards(read_agenda(FIRST), 12), 9) == read_agenda(FIRST)


def test_an_agenda_without_a_diamond_asks_for_no_picking() -> None:
    found = agenda_from(raw(steps=[canvas()]))
    assert for_cards(found, 12) == found


def test_by_post_nobody_can_pick_cards_first() -> None:
    with pytest.raises(BadAgenda, match="exactly nine cards"):
        for_cards(agenda("by-post"), 10)


def canvas(**more: Any) -> dict[str, Any]:
    """A canvas with one question."""
    prompts = [{"key": "q", "words": "What?", "about": ""}]
    return {"key": "levels", "kind": "canvas", "name": "Levels", "says": "Talk.", "minutes": 5, "prompts": prompts} | more


def test_an_unknown_agenda_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadAgenda, match="Choose one of: south-east-2019, diamond-alone, by-post"):
        agenda("nowhere")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            'kind = "diamond"',
            'kind = "prayer"',
            "Step 2, line 14 has the kind “prayer”. Write one of: talk, pick, diamond, canvas, foresight, close",
        ),
        ("minutes = 10", "minutes = -1", "Step 2, line 14 should have “minutes”: a whole number from 0 to 480"),
        ("minutes = 10", 'minutes = "10"', "Step 2, line 14 should have “minutes”: a whole number from 0 to 480"),
        ("minutes = 10", "minutes = true", "Step 2, line 14 should have “minutes”: a whole number from 0 to 480"),
        ('key = "diamond"', 'key = "Diamond nine"', "Step 2, line 14 should have a “key” of small letters, digits and hyphens, at most 40"),
        ('key = "diamond"', "key = 9", "Step 2, line 14 should have a “key” of small letters, digits and hyphens, at most 40"),
        ('name = "Diamond"', 'name = " "', "Step 2, line 14 should have “name”: words in quotation marks, at most 160 letters"),
        ('name = "Diamond"', "name = 3", "Step 2, line 14 should have “name”: words in quotation marks, at most 160 letters"),
        ('name = "Diamond"', f'name = "{"x" * 161}"', "Step 2, line 14 should have “name”: words in quotation marks, at most 160 letters"),
        (
            "minutes = 10",
            "minutes = 10\nlunch = 1",
            "Step 2, line 14 holds “lunch”, which means nothing here. Take it out, "
            "or write one of: key, kind, minutes, name, prompts, says",
        ),
        ('key = "diamond"', 'key = "opening"', "Step 2, line 14: the key “opening” stands twice. Give each step its own"),
        ('kind = "talk"', 'kind = "close"', "Step 2, line 14: it comes after the close. Move it up"),
        ('kind = "talk"', 'kind = "diamond"', "Step 2, line 14: a workshop has one step of the kind “diamond”. Take one out"),
        ('kind = "diamond"', 'kind = "talk"', "The agenda asks nothing of anybody. Add a diamond, a canvas or foresight"),
        ("version = 1", "version = 0", "The agenda should have “version”: a whole number from 1 to 9999"),
        ("version = 1", 'version = 1\ntogether = "yes"', "The agenda should have “together” as true or false, without quotation marks"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_line_and_the_remedy(before: str, after: str, said: str) -> None:
    assert refusal(FIRST.replace(before, after, 1)) == f"{said}. Nothing was changed."


def test_text_that_is_no_file_of_this_kind_names_its_line() -> None:
    said = refusal(FIRST.replace("version = 1", "version = one"))
    assert (said[:28], "line 2" in said) == ("The agenda cannot be read: I", True)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([], "The agenda has no step. Begin one with “[[steps]]”"),
        ("none", "The agenda should have “steps” as a list, each begun with “[[steps]]”"),
        (["opening"], "Step 1 should be a table of keys and values"),
        ([canvas(prompts=[])], "Step 1: a canvas needs a question. Add “[[steps.prompts]]” beneath it"),
        (
            [canvas(prompts=[{"key": "q", "words": "A?"}, {"key": "q", "words": "B?"}])],
            "Step 1: two of its questions have the same key. Give each its own",
        ),
        (
            [canvas(prompts=[{"key": "q", "words": "A?", "about": "moon"}])],
            "Step 1, question 1 is about “moon”. Write cluster, alliance or board, or leave “about” out",
        ),
        ([canvas(prompts="none")], "Step 1 should have “prompts” as a list, each begun with “[[prompts]]”"),
        ([canvas(kind="diamond"), canvas(key="late", kind="pick")], "Step 2: cards are picked before they are placed. Move it up"),
    ],
)
def test_steps_that_no_room_could_follow_are_refused(steps: Any, said: str) -> None:
    with pytest.raises(BadAgenda) as error:
        agenda_from(raw(steps=steps))
    assert str(error.value) == f"{said}. Nothing was changed."


def test_an_agenda_without_set_times_takes_no_time() -> None:
    found: Agenda = agenda("by-post")
    assert (found.minutes, found.together) == (0, True)
