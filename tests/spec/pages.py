"""The pages that the told rules make: one for each feature, and an index. `telling` says how a rule is told."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

from tests.spec.telling import cells

SPEC = Path(__file__).parent
PAGES = SPEC.parent.parent / "docs" / "rules"
MADE = "*This page is made from examples that are checked each time Convenor changes. Do not edit it: `python -m tests.spec` writes it.*"
INDEX = """\
# The rules, told as examples

What Convenor does, in examples small enough to check by hand. Each table on these pages is run as a test, so what you read is what happens.
Every person, school and partnership in them is invented, unless it is a place or a date that everyone knows.
"""


class UntoldError(ValueError):
    """A folder, chapter or section that has no words for its reader."""


def pages() -> dict[str, str]:
    """Each page's name and text, the index (README.md) first. Raises UntoldError where a chapter or a section says nothing."""
    features = {folder.name: folder for folder in sorted(SPEC.iterdir()) if (folder / "__init__.py").exists()}
    index, made = [INDEX], {}
    for name, folder in features.items():
        title, about = _told(ast.parse((folder / "__init__.py").read_text()), folder)
        chapters = [(file, ast.parse(file.read_text())) for file in sorted(folder.glob("test_*_told.py"))]
        text = [f"# {title}", about, MADE]
        index.append(f"## [{title}]({name}.md)")
        for file, tree in chapters:
            heading, _ = _told(tree, file)
            text += _chapter(tree, file)
            index.append(f"**[{heading}]({name}.md#{_anchor(heading)})**\n")
            index.append("\n".join(f"- [{each}]({name}.md#{_anchor(each)})" for each, _ in _sections(tree, file)))
        made[f"{name}.md"] = _joined(text)
    return {"README.md": _joined([*index, MADE]), **made}


def _chapter(tree: ast.Module, file: Path) -> Iterator[str]:
    """A chapter's heading and words, then each section with its tables in the order in which they are told."""
    heading, about = _told(tree, file)
    yield from (f"## {heading}", about)
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            yield from _tables(node)
    for title, test in _sections(tree, file):
        _, words = _told(test, file)
        yield from (f"### {title}", words)
        yield from _tables(test)


def _sections(tree: ast.Module, file: Path) -> list[tuple[str, ast.FunctionDef]]:
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    return [(_told(test, file)[0], test) for test in tests]


def _told(node: ast.Module | ast.FunctionDef, where: Path) -> tuple[str, str]:
    """The first line of a docstring, and the rest."""
    title, _, words = (ast.get_docstring(node) or "").partition("\n")
    if not title.strip():
        raise UntoldError(f"{where.name}: {getattr(node, 'name', 'the file')} has no words for its reader")
    return title.strip().removesuffix("."), words.strip()


def _tables(node: ast.stmt) -> Iterator[str]:
    """Every table told in a statement, as Markdown, in order."""
    calls = [each for each in ast.walk(node) if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "table"]
    for call in sorted(calls, key=lambda each: each.lineno):
        if call.args and isinstance(call.args[0], ast.Constant):
            yield from _markdown(str(call.args[0].value))


def _markdown(text: str) -> Iterator[str]:
    lines = dedent(text).strip().splitlines()
    yield "\n".join(line for line in lines if not line.startswith("|")).strip()
    columns, *rows = [cells(line) for line in lines if line.startswith("|")]
    yield "\n".join("| " + " | ".join(row) + " |" for row in (columns, ["---"] * len(columns), *rows))


def _anchor(heading: str) -> str:
    """The address that a heading has within its page."""
    return "".join(mark for mark in heading.lower().replace(" ", "-") if mark.isalnum() or mark in "-_")


def _joined(parts: list[str]) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"
