"""The law of the tests themselves: a test that can only fail by accident proves nothing."""

import ast
import pathlib
from collections.abc import Iterator

TESTS = pathlib.Path("tests")
#: Calls that fail when what they are told is not so.
ASKING = frozenset({
    "raises", "expect", "warns", "fail", "wait_for", "wait_for_url", "wait_for_function", "django_assert_num_queries",
    "django_assert_max_num_queries",
})  # fmt: skip
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _trees() -> dict[pathlib.Path, ast.Module]:
    return {path: ast.parse(path.read_text()) for path in sorted(TESTS.rglob("*.py"))}


def _functions(tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _called(function: Function) -> set[str]:
    """The bare names of what a function calls: `expect`, `raises` of `pytest.raises`, `calm`."""
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {func.attr if isinstance(func, ast.Attribute) else func.id for func in calls if isinstance(func, ast.Attribute | ast.Name)}


def _asks_itself(function: Function) -> bool:
    return any(isinstance(node, ast.Assert) for node in ast.walk(function)) or bool(_called(function) & ASKING)


def silent(trees: dict[pathlib.Path, ast.Module]) -> list[str]:
    """The tests in which nothing is asked, neither in the test nor in a helper of the tests that it calls, however far down."""
    helpers: dict[str, list[Function]] = {}
    for tree in trees.values():
        for function in _functions(tree):
            helpers.setdefault(function.name, []).append(function)
    asking = {name for name, found in helpers.items() if all(map(_asks_itself, found)) and not name.startswith("test_")}
    while more := {
        name
        for name, found in helpers.items()
        if name not in asking and not name.startswith("test_") and all(_asks_itself(one) or _called(one) & asking for one in found)
    }:
        asking |= more
    return [
        f"{path}: {function.name}"
        for path, tree in trees.items()
        for function in _functions(tree)
        if function.name.startswith("test_") and not _asks_itself(function) and not _called(function) & asking
    ]


def test_every_test_asks_something() -> None:
    assert silent(_trees()) == []


def test_a_test_that_asks_nothing_is_named() -> None:
    breach = {pathlib.Path("tests/test_breach.py"): ast.parse("def look(): return 1\ndef test_nothing(): look()\n")}
    assert silent(breach) == ["tests/test_breach.py: test_nothing"]
