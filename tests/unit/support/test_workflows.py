"""Workflows as data: read whole, kept unchanged, and refused in words that name the line and the remedy."""

# ruff: noqa: E501 - each refusal stands whole on its line, as somebody reads it
from __future__ import annotations

import json
from typing import Any

import pytest

from convenor.support.rules.refusals import BadWorkflow
from convenor.support.rules.states import StateKind, Who
from convenor.support.rules.workflows import (
    FOLDER,
    WORKFLOW_KEYS,
    Due,
    Unit,
    base_of,
    nth,
    number_of,
    workflow,
    workflow_from,
    workflow_of_text,
    workflows,
)

SMALL = """
key = "small"
version = 1
name = "Small"
says = "Ask, then help."
source = "https://example.org/"

[[states]]
key = "asked"
name = "Asked"
kind = "waiting"

[[states]]
key = "helping"
name = "Helping"
kind = "working"

[[states]]
key = "done"
name = "Done"
kind = "ended"

[[tasks]]
key = "call"
name = "Call"
who = "supporter"
states = ["asked"]
due = { after = "state:asked", days = 7 }
fields = [{ key = "on", label = "Day", kind = "date" }, { key = "how", label = "How", kind = "choice", required = false, options = [{ key = "phone", label = "By phone" }] }]

[[tasks]]
key = "report"
name = "Report"
who = "supporter"
needs = ["call"]
repeat = true
again = { after = "task:report", months = 1 }

[[moves]]
key = "begin"
name = "Begin"
from = ["asked"]
to = "helping"
who = ["broker"]
needs = ["call"]
gates = ["supporter-chosen"]

[[moves]]
key = "end"
name = "End"
from = ["helping"]
to = "done"
who = ["broker"]
"""


def refusal(text: str) -> str:
    with pytest.raises(BadWorkflow) as refused:
        workflow_of_text(text)
    return str(refused.value)


def small(**changes: Any) -> dict[str, Any]:
    return workflow_of_text(SMALL).as_dict() | changes


def test_every_shipped_workflow_is_read_and_kept_unchanged() -> None:
    for each in workflows():
        assert workflow_from(json.loads(json.dumps(each.as_dict()))) == each
    assert tuple(each.key for each in workflows()) == WORKFLOW_KEYS
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == sorted(WORKFLOW_KEYS)


def test_every_shipped_workflow_names_its_source_and_what_is_proposed() -> None:
    assert [each.key for each in workflows() if not each.source.startswith("https://") or not each.proposed] == []


def test_a_small_workflow_needs_nothing_else() -> None:
    flow = workflow_of_text(SMALL)
    assert (flow.first.key, flow.levels, flow.timers, flow.concerns) == ("asked", (), (), False)
    assert flow.stops == (Who.RECEIVING, Who.SUPPLYING, Who.BROKER)
    assert [each.key for each in flow.moves_from("helping")] == ["end"]
    assert flow.task("call").due == Due("state:asked", 7, Unit.DAYS)


def test_the_whole_way_has_the_limits_that_the_field_states() -> None:
    flow = workflow("lifecycle")
    assert flow.task("supporter").due == Due("state:matching", 48, Unit.HOURS)
    assert flow.task("contact").due == Due("day:chosen", 7, Unit.DAYS)
    assert {each.key: each.due for each in flow.timers} == {
        "note": Due("day:visit-without-note", 5, Unit.WORKING_DAYS),
        "mark": Due("day:note-without-mark", 10, Unit.WORKING_DAYS),
        "review": Due("day:reviewed", 4, Unit.MONTHS),
    }


def test_east_sussex_has_its_six_steps() -> None:
    flow = workflow("east-sussex")
    assert [each.name for each in flow.states if each.kind is not StateKind.ENDED] == [
        "1. Asked for", "2. Funding and a match", "3. Accept and release", "4. First contact and plan", "5. Working to the plan",
        "6. Report and evaluation",
    ]  # fmt: skip
    assert flow.task("contact").due == Due("state:plan", 7, Unit.DAYS)


def test_the_targeted_list_has_twenty_four_tasks_before_its_reviews() -> None:
    flow = workflow("targeted")
    phases = [each.phase for each in flow.tasks]
    assert [phases.count(each) for each in flow.phases] == [6, 9, 9, 1]
    assert sum(bool(each.not_required_when) and each.not_required_when[0].task == "decision" for each in flow.tasks) == 13
    assert [each.label for each in flow.task("band").fields[1].options] == [
        "No grant", "Up to £40,000", "Up to £80,000", "Up to £100,000"
    ]  # fmt: skip
    assert flow.task("planning-grant").fields[0].initial == "300000"


def test_only_a_workflow_with_concerns_keeps_a_head_from_stopping() -> None:
    assert [(each.key, Who.RECEIVING in each.stops and Who.SUPPLYING in each.stops, each.concerns) for each in workflows()] == [
        ("lifecycle", True, False), ("east-sussex", True, False), ("targeted", False, True)
    ]  # fmt: skip
    with pytest.raises(BadWorkflow) as refused:
        workflow_from(small(stops=["broker"]))
    assert str(refused.value) == (
        'Where a workflow knows no concerns about taking part, either head may stop. Write stops = ["receiving", "supplying", "broker"], or '
        "leave “stops” out. Nothing was changed."
    )


def test_a_key_that_is_no_workflow_is_refused() -> None:
    with pytest.raises(KeyError):
        workflow("../settings")


def test_a_part_that_is_not_there_is_refused() -> None:
    flow = workflow_of_text(SMALL)
    for find in (flow.state, flow.task, flow.move):
        with pytest.raises(KeyError):
            find("nowhere")
    assert (flow.state("done").name, flow.task("report#3").key, flow.move("end").to) == ("Done", "report", "done")


def test_keys_of_a_repeated_task_are_counted() -> None:
    assert [nth("review", 1), nth("review", 2), base_of("review#2"), number_of("review#2"), number_of("review")] == [
        "review", "review#2", "review", 2, 1
    ]  # fmt: skip


def test_text_that_is_no_toml_is_refused_with_its_line() -> None:
    assert refusal('key = "a"\nname = Ada\n') == (
        "The file is no TOML: Invalid value (at line 2, column 8). Mend that line; each text stands in quotation marks."
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('who = "supporter"', 'who = "teacher"', "Line 23, task “call”: “who” should be one of: receiving, supplying, supporter, broker, coordinator, sign-off. Nothing was changed."),
        ('states = ["asked"]', 'states = ["askd"]', "Line 23, task “call”: “states” names the state “askd”, which there is not. There are: asked, done, helping. Nothing was changed."),
        ("days = 7", "days = 0", "Line 23, task “call”, “due”: “days” should be a whole number of at least 1. Nothing was changed."),
        ("days = 7", "weeks = 1", "Line 23, task “call”, “due”: “weeks” means nothing here. Take it out, or write one of: after, days, hours, months, school_days, working_days. Nothing was changed."),
        ("days = 7", "days = 7, hours = 1", "Line 23, task “call”, “due”: say how long in exactly one of: hours, days, working_days, school_days, months. Nothing was changed."),
        ('after = "state:asked"', 'after = "asked"', "Line 23, task “call”: “due” counts after “asked”. Write state:, task: or day: and what it is, such as state:asked. Nothing was changed."),
        ('after = "state:asked"', 'after = "day:never"', "Line 23, task “call”: “due” names the day “never”, which there is not. There are: chosen, ended, note-without-mark, opened, reviewed, started, visit-without-note, wanted-by. Nothing was changed."),
        ('kind = "date"', 'kind = "choice"', 'Line 23, task “call”, field “on”: a choice, and nothing else, has “options”, such as [{ key = "match", label = "Match" }]. Nothing was changed.'),
        ('key = "on", label', 'key = "how", label', "Line 23, task “call”: the field “how” stands twice. Give one of the two another key. Nothing was changed."),
        ('label = "Day"', 'label = "Day", colour = "red"', "Line 23, task “call”, field “on”: “colour” means nothing here. Take it out, or write one of: hint, initial, key, kind, label, must, options, required. Nothing was changed."),
        ('label = "Day", kind = "date"', 'label = "Day", kind = "date", must = true', "Line 23, task “call”: “must” of the field “on” is for a field of kind yes-no. Take it out. Nothing was changed."),
        ('key = "report"\n', 'key = "call"\n', "Line 31, task “call”: the key “call” stands twice. Give one of the two another key. Nothing was changed."),
        ('key = "report"\n', 'key = "re port"\n', "Line 31, task “re port”: “key” should have no space and no #, and at most 40 letters; “re port” does not. Nothing was changed."),
        ('needs = ["call"]\nrepeat', 'needs = ["report"]\nrepeat', "Line 31, task “report”: it waits for itself by its “needs”. Take one of them out. Nothing was changed."),
        ("repeat = true\n", "", "Line 31, task “report”: “again” is for a task that is repeated. Write repeat = true, or take “again” out. Nothing was changed."),
        ("repeat = true\n", 'repeat = "yes"\n', "Line 31, task “report”: “repeat” should be true or false, without quotation marks. Nothing was changed."),
        ("repeat = true\n", "repeat = true\noptional = true\n", "Line 31, task “report”: an optional task has no time limit. Take “due” and “again” out, or “optional”. Nothing was changed."),
        ("repeat = true\n", 'repeat = true\nfact = "evaluated"\n', "Line 31, task “report”: a task with a “fact” is done on another page: it has no fields, and is not repeated. Take them out. Nothing was changed."),
        ("repeat = true\n", 'fact = "assurance-in-date"\n', "Line 31, task “report”: “fact” names the fact “assurance-in-date”, which there is not. There are: baseline-set, both-heads-agreed, costs-agreed, effect-frozen, evaluated, final-review, first-contact, looked-again, notes-marked, notes-written, objectives-set, receiving-head-agreed, reviewed, supporter-chosen, visit-delivered. Nothing was changed."),
        ("repeat = true\n", 'repeat = true\nnot_required_when = [{ task = "call", field = "on", is = ["yes"] }]\n', "Line 31, task “report”: “not_required_when” can ask a field of kind choice or yes-no; “on” is neither. Nothing was changed."),
        ("repeat = true\n", 'repeat = true\nnot_required_when = [{ task = "call", field = "how", is = ["fax"] }]\n', "Line 31, task “report”: “not_required_when” names the answer “fax”, which there is not. There are: phone. Nothing was changed."),
        ("repeat = true\n", 'repeat = true\nnot_required_when = [{ task = "call", field = "how", is = [] }]\n', 'Line 31, task “report”, “not_required_when”: “is” should be a list, such as ["one", "two"]. Nothing was changed.'),
        ('gates = ["supporter-chosen"]', 'gates = ["a-full-moon"]', "Line 39, move “begin”: “gates” names the gate “a-full-moon”, which there is not. There are: assurance-in-date, baseline-set, both-heads-agreed, costs-agreed, effect-frozen, evaluated, final-review, first-contact, looked-again, notes-marked, notes-written, objectives-set, receiving-head-agreed, reviewed, supporter-chosen, visit-delivered. Nothing was changed."),
        ('gates = ["supporter-chosen"]', 'level = "sideways"', "Line 39, move “begin”: “level” should be “up” or “down”, or left out. Nothing was changed."),
        ('gates = ["supporter-chosen"]', 'level = "up"', "Line 39, move “begin”: it changes the level, and there are no levels. Write [[levels]], or take “level” out. Nothing was changed."),
        ('who = ["broker"]\nneeds', 'who = ["teacher"]\nneeds', "Line 39, move “begin”: “who” names “teacher”. It should name some of: receiving, supplying, supporter, broker, coordinator, sign-off. Nothing was changed."),
        ('who = ["broker"]\nneeds', "needs", 'Line 39, move “begin”: nobody may take it. Say who, such as who = ["broker"]. Nothing was changed.'),
        ('from = ["helping"]', 'from = "helping"', 'Line 48, move “end”: “from” should be a list, such as ["one", "two"]. Nothing was changed.'),
        ('from = ["helping"]', 'from = ["done"]', "Line 8, state “asked”: nothing leads from it to an end. Write a move from it. Nothing was changed."),
        ('from = ["helping"]', 'from = ["asked", "helping", "done"]', "Line 18, state “done”: it ends the package, and a move leaves it. Take the move out, or give the state another kind. Nothing was changed."),
        ('to = "helping"', 'to = "done"', "Line 13, state “helping”: no move leads to it from “asked”. Write a move with to = “helping”, or take the state out. Nothing was changed."),
        ('kind = "ended"', 'kind = "after"', 'No state ends the package. Give one state kind = "ended". Nothing was changed.'),
        ('name = "Helping"', "name = 3", "Line 13, state “helping”: “name” should be words in quotation marks. Nothing was changed."),
        ("version = 1", "version = true", "The workflow: “version” should be a whole number of at least 1. Nothing was changed."),
        ("version = 1", 'version = 1\nchosen = "found"', "The workflow: “chosen” names the state “found”, which there is not. There are: asked, done, helping. Nothing was changed."),
        ("version = 1", 'version = 1\nphases = ["First"]', "Line 24, task “call”: “phase” should be one of: First. Nothing was changed."),
        ('states = ["asked"]\ndue', 'states = ["helping"]\ndue', "Line 39, move “begin”: it needs the task “call”, which cannot be done in “asked” or before it. Mend the task’s “states”. Nothing was changed."),
        ("[[moves]]\nkey = \"end\"", "[[timers]]\nkey = \"t\"\nname = \"T\"\nwho = \"broker\"\n\n[[moves]]\nkey = \"end\"", 'Line 48, timer “t”: a timer has a “due”, such as { after = "day:reviewed", months = 4 }. Nothing was changed.'),
        ("[[moves]]\nkey = \"end\"", "[[timers]]\nkey = \"t\"\nname = \"T\"\nwho = \"broker\"\nuntil = \"snow\"\ndue = { after = \"day:opened\", days = 3 }\n\n[[moves]]\nkey = \"end\"", "Line 48, timer “t”: “until” names the fact “snow”, which there is not. There are: baseline-set, both-heads-agreed, costs-agreed, effect-frozen, evaluated, final-review, first-contact, looked-again, notes-marked, notes-written, objectives-set, receiving-head-agreed, reviewed, supporter-chosen, visit-delivered. Nothing was changed."),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_with_its_remedy(old: str, new: str, says: str) -> None:
    assert SMALL.count(old) >= 1
    assert refusal(SMALL.replace(old, new, 1)) == says


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"states": []}, "A workflow has at least one state and one move. Write them as [[states]] and [[moves]]. Nothing was changed."),
        ({"states": "asked"}, "The workflow: “states” should be a list of tables. Nothing was changed."),
        (
            {"states": ["asked"]},
            "State number 1: should be a table of keys and values, as “[[states]]” begins one. Nothing was changed.",
        ),
        ({"colour": "red"}, "The workflow: “colour” means nothing here. Take it out, or write one of: chosen, concerns, key, levels, moves, "
                            "name, pauses, phases, proposed, says, source, states, stops, tasks, timers, version. Nothing was changed."),
        ({"tasks": [{"key": "a", "name": "A", "who": "broker", "fields": ["on"]}]},
         "Task “a”, field “”: should be a table of keys and values, as “[[fields]]” begins one. Nothing was changed."),
    ],
)  # fmt: skip
def test_a_kept_copy_that_is_wrong_names_the_entry(change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadWorkflow) as refused:
        workflow_from(small(**change))
    assert str(refused.value) == says


def test_a_timer_that_is_whole_is_read() -> None:
    timer = {"key": "t", "name": "T", "who": "broker", "until": "evaluated", "due": {"after": "day:opened", "hours": 3}}
    flow = workflow_from(small(timers=[timer]))
    assert flow.timers[0].due == Due("day:opened", 3, Unit.HOURS)
