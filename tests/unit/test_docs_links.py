"""Every relative link of the documentation leads to a file, and to a heading, that is there."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "bench").glob("*.md"), *(ROOT / "sample").glob("*.md")])
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|<(?:img|a)\b[^>]*?(?:src|href)=\"([^\"]+)\"")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//")
ORDINAL = re.compile(r"^# (\d+)\. \S", re.MULTILINE)


def links(text: str) -> list[str]:
    """The addresses that a page leads to within the project; code is no link."""
    found = [first or second for first, second in LINK.findall(CODE.sub("", text))]
    return [address for address in found if not ELSEWHERE.match(address)]


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as readers of Markdown make them."""
    headings = re.findall(r"^#+ +(.+?) *$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    text, gone = page.read_text(encoding="utf-8"), []
    for address in links(text):
        name, _, anchor = address.partition("#")
        target = (page.parent / unquote(name)).resolve() if name else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8"))):
            gone.append(address)
    return gone


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_page_leads_only_to_what_is_there(page: Path) -> None:
    assert broken(page) == []


def test_broken_link_and_broken_anchor_are_named(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# What is there\n\n```\n# no heading\n```\n", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](there.md) [b](there.md#what-is-there) [c](https://example.org/) `[d](in-code.md)`\n"
        '[e](gone.md) [f](there.md#no-heading) [g](#nowhere) ![h](picture.png) <img src="drawn.svg">\n',
        encoding="utf-8",
    )
    assert broken(page) == ["gone.md", "there.md#no-heading", "#nowhere", "picture.png", "drawn.svg"]


def test_decisions_are_numbered_as_their_files_are() -> None:
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))
    said = [ORDINAL.search(page.read_text(encoding="utf-8")) for page in pages]
    assert [int(found[1]) if found else None for found in said] == [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
