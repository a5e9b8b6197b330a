"""A real browser: Debian's Chromium, driven over loopback."""

import os
import shutil
from typing import Any

import pytest

CHROMIUM = os.environ.get("CONVENOR_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser each journey is skipped, and says why."""
    if CHROMIUM:
        return
    for item in items:
        if "functional" in item.nodeid:
            item.add_marker(pytest.mark.skip(reason="no Chromium: install Debian's package chromium, or set CONVENOR_CHROMIUM"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium, quietly and without asking the network for anything."""
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """British readers on a laptop, unless a journey says otherwise."""
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London", "viewport": {"width": 1280, "height": 900}}
