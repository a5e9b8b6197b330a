"""What every test may ask for, and how the asking is kept quick."""

import gc
import os
import pathlib
from collections.abc import Iterator
from typing import Any

import pytest
from coverage import Coverage

ROOT = pathlib.Path(__file__).resolve().parent.parent
#: Where nothing is measured, since measuring doubles what a test costs: what these ask of is the text of the house, published files, and
#: pages: each rule and action behind them is asked where it is measured, or counts as missing.
UNMEASURED = ("tests/approval/", "tests/architecture/", "tests/functional/", "tests/integration/web/")

# What was imported stands to the end: looking through it for rubbish again and again costs most where tables are made.
gc.set_threshold(100_000, 20, 20)


def pytest_collection_finish() -> None:
    """Never look through what was imported again."""
    gc.collect()
    gc.freeze()


class Measuring:
    """Coverage, held still while tests run that are not measured. Without `--cov` there is none to hold."""

    def __init__(self) -> None:
        self.held: Coverage | None = None

    def hold(self) -> None:
        """Measure nothing from now on."""
        if self.held is None and (running := Coverage.current()) is not None:
            running.stop()
            self.held = running

    def go_on(self) -> None:
        """Measure again."""
        if self.held is not None:
            self.held.start()
            self.held = None


MEASURING = Measuring()


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Measure where rules and actions are asked."""
    (MEASURING.hold if item.nodeid.startswith(UNMEASURED) else MEASURING.go_on)()
    yield


@pytest.hookimpl(hookwrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
    """The tables are made unmeasured too."""
    held = MEASURING.held
    if fixturedef.argname == "django_db_setup":
        MEASURING.hold()
    yield
    if held is None:
        MEASURING.go_on()


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
