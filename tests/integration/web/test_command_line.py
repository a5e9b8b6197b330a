"""The program as a stranger first runs it: on a machine where nothing is made ready."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The program as its own process, in a data directory of its own, told nothing else."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CONVENOR_", "DJANGO_", "COV"))}
    environment = kept | {"CONVENOR_DATA_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "convenor", *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.mark.slow
def test_a_command_makes_its_own_ground_and_says_what_is_missing(tmp_path):
    folder = tmp_path / "not" / "there"
    first = run(folder, "context", "Wigan")
    said = "No loaded edition covers the whole of Wigan. Load a register of its schools: convenor load FILE."
    assert (first.returncode, first.stdout) == (1, "")
    assert first.stderr.splitlines() == ["This database is new: making its tables ...", f"CommandError: {said}"]
    assert (folder / "secret-key").stat().st_mode & 0o777 == 0o600
    assert run(folder, "context", "Wigan").stderr.splitlines() == [f"CommandError: {said}"]


def test_a_word_that_is_no_command_is_wrong_usage(tmp_path):
    (tmp_path / "secret-key").write_text("x" * 50)
    told = run(tmp_path, "contxt", "Wigan")
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == "There is no command 'contxt'. `convenor help` lists them all.\n"


def test_a_site_without_a_key_says_the_remedy_and_nothing_else(tmp_path):
    told = run(tmp_path, "serve")
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("There is no secret key yet. Run ./start")
    assert len(told.stderr.splitlines()) == 1
