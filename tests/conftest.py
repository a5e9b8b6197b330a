"""What every test may ask for."""

import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent


def shared_data() -> pathlib.Path | None:
    """The folder of full published files, where it stands beside the checkout or CONVENOR_SHARED names it."""
    for place in (os.environ.get("CONVENOR_SHARED"), ROOT.parent / "shared"):
        if place and (pathlib.Path(place) / "data").is_dir():
            return pathlib.Path(place) / "data"
    return None


@pytest.fixture(scope="session")
def shared() -> pathlib.Path:
    """The full published files; the test is skipped, with the reason, where they are not to be had."""
    found = shared_data()
    if found is None:
        pytest.skip("the full published files are not beside this checkout (set CONVENOR_SHARED to the folder that holds data/)")
    return found


@pytest.fixture
def data() -> pathlib.Path:
    """The small cuts of published files that the project carries."""
    return ROOT / "tests" / "data"
