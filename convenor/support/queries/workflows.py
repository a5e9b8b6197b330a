"""The workflows of this installation: those that come with Convenor, and those whose files stand in `workflows/` of its data folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from convenor.support.rules.refusals import BadWorkflow
from convenor.support.rules.workflows import WORKFLOW_KEYS, Workflow, workflow, workflow_of_text, workflows

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


def own_folder(*, viewer: Viewer | str) -> Path:
    """Where this installation's own files stand."""
    return Path(settings.DATA_DIR) / "workflows"


def workflows_here(*, viewer: Viewer | str) -> tuple[Workflow, ...]:
    """Every workflow that a package can be opened with: those of Convenor first. A file of one's own that cannot be read is left out, and
    so is one that takes the key of another: `convenor workflows check FILE` says what is wrong with it."""
    found = {each.key: each for each in workflows()}
    for path in sorted(own_folder(viewer=viewer).glob("*.toml")):
        try:
            own = workflow_of_text(path.read_text(encoding="utf-8"))
        except (BadWorkflow, OSError, UnicodeDecodeError):
            continue
        found.setdefault(own.key, own)
    return tuple(found.values())


def workflow_here(key: str, *, viewer: Viewer | str) -> Workflow:
    """The workflow of a key as it is today. Raises BadWorkflow where there is none."""
    if key in WORKFLOW_KEYS:
        return workflow(key)
    found = next((each for each in workflows_here(viewer=viewer) if each.key == key), None)
    if found is None:
        raise BadWorkflow(f"There is no workflow “{key}” here. There are: {', '.join(each.key for each in workflows_here(viewer=viewer))}.")
    return found
