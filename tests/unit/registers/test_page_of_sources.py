"""`docs/sources.md` says what the readers say."""

from convenor.registers.sources.__main__ import BEGIN, END, PAGE, counts, page
from convenor.registers.sources.registry import all_sources


def test_page_of_sources_is_what_the_readers_say() -> None:
    """When this fails: python -m convenor.registers.sources."""
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(text.split(BEGIN)[1].split(END)[0].strip())


def test_every_family_stands_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [each.family for each in all_sources() if f"### {each.family}\n" not in text] == []


def test_table_of_counts_names_what_was_refused_and_adds_up() -> None:
    numbers = ("rows_read", "rows_loaded", "rows_refused", "rows_aggregate")
    blank = {"row": 4, "reason": "blank row"}
    report = [
        {"file": "/a/b/x.csv", "edition": "x-1", "as_at": "2025-01-01", "refusals": [blank, blank], "status": "loaded", "reason": None}
        | dict(zip(numbers, (1_005, 1_000, 2, 3), strict=True)),
        {"file": "/a/b/c/y.txt", "edition": None, "as_at": None, "refusals": [], "status": "refused", "reason": "This is a text."}
        | dict.fromkeys(numbers, 0),
    ]
    assert counts(report).splitlines()[2:] == [
        "| `x.csv` | x-1 | 2025-01-01 | 1,005 | 1,000 | 2 | 3 | row 4: blank row, and 1 more |",
        "| `c/y.txt` |  |  | 0 | 0 | 0 | 0 | refused: This is a text. |",
        "| **all 2 files** | | | **1,005** | **1,000** | **2** | **3** | |",
    ]
