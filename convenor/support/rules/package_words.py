"""What a package's own workflow calls its states and tasks, and counts in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def stands_in(workflow: Mapping[str, Any], state: str) -> str:
    """The name of a state, as the package's own workflow gives it."""
    return next((str(each["name"]) for each in workflow.get("states", ()) if each["key"] == state), state)


def names_of(workflow: Mapping[str, Any]) -> dict[str, str]:
    """The names of a workflow's tasks and time limits by their keys."""
    found = {str(each["key"]): str(each["name"]) for each in workflow.get("tasks", ())}
    return found | {f"timer:{each['key']}": str(each["name"]) for each in workflow.get("timers", ())}


def name_in(names: Mapping[str, str], key: str) -> str:
    """What a task is called; one that is repeated is called as the first."""
    return names.get(key) or names.get(key.split("#")[0]) or key


def said_counts(counts: Iterable[tuple[int, str, str]]) -> tuple[str, ...]:
    """Each count that is not nought, in words: "1 visit", "3 visits"."""
    return tuple(f"{count} {one if count == 1 else many}" for count, one, many in counts if count)
