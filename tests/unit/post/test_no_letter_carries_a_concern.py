"""Every letter that the code can write, of whatever kind: its words are read from the code itself, so that a new one is read too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from convenor.post.rules import CONCERNS, LetterRefused, check

ROOT = Path(__file__).resolve().parents[3] / "convenor"
POSTS = {"enqueue", "enqueue_all", "Addressed"}
#: What a letter would say if it carried a concern in other words than those which the post refuses.
TOO_MUCH = (*CONCERNS, "at risk", "vulnerable", "underperform", "failing", "weak", "worr", "of concern", "poor results")


def named(call: ast.Call) -> str:
    """What is called, without what it is called on."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def posts(tree: ast.Module) -> bool:
    """Whether a module posts letters."""
    return any(isinstance(node, ast.Call) and named(node) in POSTS for node in ast.walk(tree))


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every text of a module but its docstrings, with its line."""
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def letters() -> list[tuple[Path, ast.Module]]:
    """The modules that post letters, and those that hold the words of one: a letter greets, or is a notice."""
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        if {"demonstration", "migrations"} & set(path.parts) or path.parent.name == "post":
            continue
        words = path.read_text(encoding="utf-8")
        if not re.search(r"enqueue|Addressed\(|\bDear |def \w*letter", words):
            continue
        tree = ast.parse(words)
        greets = any(re.search(r"\bDear ", said) for _, said in texts(tree)) or any(
            isinstance(node, ast.FunctionDef) and re.search(r"letter", node.name) for node in ast.walk(tree)
        )
        if posts(tree) or greets:
            found.append((path, tree))
    return found


LETTERS = letters()


def test_the_letters_of_the_code_are_found():
    features = {path.relative_to(ROOT).parts[0] for path, _ in LETTERS}
    assert {"accounts", "web", "partnership", "intelligence", "conditions", "consultation", "peer_review", "support"} - features == set()
    assert len(LETTERS) > 15


@pytest.mark.parametrize(("path", "tree"), LETTERS, ids=[str(path.relative_to(ROOT)) for path, _ in LETTERS])
def test_no_words_of_a_letter_carry_a_concern(path, tree):
    said = [f"{line}: {text}" for line, text in texts(tree) for word in TOO_MUCH if word in text.lower()]
    assert said == []


@pytest.mark.parametrize("word", CONCERNS)
def test_a_letter_that_would_carry_one_is_refused_when_it_is_posted(word):
    with pytest.raises(LetterRefused, match="never carries a concern"):
        check(subject="Something waits", body=f"It is about {word.upper()}.")
