"""Workflows: how a package of support goes, held as data. Which states there are, which tasks, whose they are, by when, and what each
move rests on stand in files in `workflows/`, one each; nothing about them is written in code.

A package keeps the workflow as it was on the day it was opened, so that a new version never changes a package that runs. How to write one:
`docs/how-to/write-a-workflow.md`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from convenor.support.rules.refusals import BadWorkflow
from convenor.support.rules.workflow_checking import check_whole
from convenor.support.rules.workflow_reading import read
from convenor.support.rules.workflow_shape import (
    Condition,
    Due,
    Field,
    FieldKind,
    Level,
    Move,
    Option,
    State,
    Task,
    Timer,
    Unit,
    Workflow,
    base_of,
    nth,
    number_of,
)

__all__ = [
    "FOLDER", "WORKFLOW_KEYS", "Condition", "Due", "Field", "FieldKind", "Level", "Move", "Option", "State", "Task", "Timer", "Unit",
    "Workflow", "base_of", "check", "kept_workflow", "lines_of", "nth", "number_of", "workflow", "workflow_from",
    "workflow_of_text", "workflows",
]  # fmt: skip

FOLDER: Final = Path(__file__).parent.parent / "workflows"
#: The workflows that come with Convenor, in the order in which pages offer them.
WORKFLOW_KEYS: Final = ("lifecycle", "east-sussex", "targeted")


def workflow_from(raw: Mapping[str, Any], lines: Mapping[tuple[str, int], int] | None = None) -> Workflow:
    """The workflow that a file or a package's kept copy describes, checked. `lines` says on which line each list's n-th entry begins.

    Raises BadWorkflow, which names the line or the entry and what would mend it.
    """
    found = read(raw, lines or {})
    check(found, lines)
    return found


def kept_workflow(raw: Mapping[str, Any]) -> Workflow:
    """The workflow that a package keeps. Many packages keep the same: each is read once in a process. Raises BadWorkflow."""
    return _kept(json.dumps(raw, sort_keys=True))


@lru_cache(maxsize=128)
def _kept(text: str) -> Workflow:
    return workflow_from(json.loads(text))


def check(workflow: Workflow, lines: Mapping[tuple[str, int], int] | None = None) -> None:
    """That everything a workflow names is there, every state can be reached and left, and no task waits for itself. Raises BadWorkflow."""
    check_whole(workflow, lines or {})


def workflow_of_text(text: str) -> Workflow:
    """The workflow that a TOML file holds. Raises BadWorkflow with the line and the remedy, also for TOML that cannot be read."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadWorkflow(f"The file is no TOML: {error}. Mend that line; each text stands in quotation marks.") from error
    return workflow_from(raw, lines_of(text))


def lines_of(text: str) -> dict[tuple[str, int], int]:
    """On which line of a TOML file each entry of each list begins: ("tasks", 3) -> the line of the fourth [[tasks]]."""
    found: dict[tuple[str, int], int] = {}
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("[[") and "]]" in line:
            name = line[2 : line.index("]]")].strip()
            found[(name, counts.get(name, 0))] = number
            counts[name] = counts.get(name, 0) + 1
    return found


@cache
def workflow(key: str) -> Workflow:
    """A workflow that comes with Convenor. Raises KeyError for a key that is none of WORKFLOW_KEYS."""
    if key not in WORKFLOW_KEYS:
        raise KeyError(key)
    return workflow_of_text((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))


def workflows() -> tuple[Workflow, ...]:
    """Every workflow that comes with Convenor, in the order in which pages offer them."""
    return tuple(workflow(key) for key in WORKFLOW_KEYS)
