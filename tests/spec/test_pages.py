"""The committed pages are what the told rules make."""

import re

import pytest

from tests.spec.pages import PAGES, pages
from tests.spec.telling import table


def test_pages_are_what_the_told_rules_make() -> None:
    committed = {file.name: file.read_text() for file in PAGES.iterdir()}
    assert committed == pages(), "Run: python -m tests.spec"


def test_no_two_headings_of_a_page_share_an_address() -> None:
    for text in pages().values():
        headings = [line.lstrip("# ").lower() for line in text.splitlines() if line.startswith("#")]
        assert sorted(headings) == sorted(set(headings))


def test_every_address_in_the_index_is_there() -> None:
    made = pages()
    links = re.findall(r"\]\((\w+\.md)#([\w-]+)\)", made["README.md"])
    there = {
        (name, re.sub(r"[^\w-]", "", line.lstrip("# ").lower().replace(" ", "-")))
        for name, text in made.items()
        for line in text.splitlines()
        if line.startswith("##")
    }
    assert [link for link in links if link not in there] == []
    assert len(links) > 20


@pytest.mark.parametrize("text", ["| one | two |\n| 1 |", "| one |"])
def test_a_table_that_does_not_add_up_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cells"):
        table(text)
