"""The constitutions that come with Convenor: eight areas as published sources describe them, and three patterns to begin from."""

from __future__ import annotations

from pathlib import Path

from convenor.partnership.rules.constitution import Constitution
from convenor.partnership.rules.reading import parse

FOLDER = Path(__file__).parent.parent / "constitutions"

AREAS = ("bexley", "cumbria", "east-sussex", "gloucestershire", "hampshire", "portsmouth", "warwickshire", "wigan")
"""Real partnerships, by the id of their constitution. No person is named in them."""

PATTERNS = ("collaborative-partnership", "school-company", "school-improvement-partnership")
"""The three kinds of partnership, as files to copy and change."""


def text_of(name: str) -> str:
    """The TOML of a shipped constitution. Raises KeyError for a name that is not one of AREAS or PATTERNS."""
    if name not in AREAS + PATTERNS:
        raise KeyError(name)
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def constitution_of(name: str) -> Constitution:
    """A shipped constitution. Raises KeyError for a name that is not one of AREAS or PATTERNS."""
    return parse(text_of(name))
