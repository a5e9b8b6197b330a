"""Telling rules so that one text is both what a head reads and what a test holds.

A feature is a folder: its `__init__.py` says what the page is about. A chapter is a file `test_..._told.py`: its docstring is the chapter's
title and what to know first. A section is a test: the first line of its docstring is the heading, the rest its words. What is given and
what follows stand in the test as `table("...")`: words, then rows between bars, the first row naming the columns. The test reads its
examples from that table, so that a page cannot say what is not so. `python -m tests.spec` writes the pages.
"""

from __future__ import annotations

from datetime import date, datetime
from textwrap import dedent

Row = dict[str, str]


def table(text: str) -> list[Row]:
    """The rows of a table told in text, each by its columns' names. Lines without a bar are words for the reader.

    Raises ValueError for a row that has more or fewer cells than there are columns, and for a table without rows.
    """
    columns, *rows = [cells(line) for line in dedent(text).splitlines() if line.startswith("|")]
    if not rows or any(len(row) != len(columns) for row in rows):
        raise ValueError(f"each row needs {len(columns)} cells, and a table a row: {text.strip()[:80]}")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def cells(line: str) -> list[str]:
    """The cells of one row."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def day(text: str) -> date:
    """A day as it is written for people: 1 September 2026."""
    return datetime.strptime(text, "%d %B %Y").date()


def written(on: date) -> str:
    """A day as `day` reads it."""
    return f"{on.day} {on:%B %Y}"
