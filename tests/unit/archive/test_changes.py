"""What became different between two photographs, and whether it still stands as it was left."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.archive.rules.changes import Change, Changes, Photograph, Verb, altered, changes_between

ROWS = st.dictionaries(
    st.sampled_from(["a.one", "b.two"]),
    st.dictionaries(st.integers(1, 6), st.fixed_dictionaries({"id": st.just(0), "name": st.sampled_from("xyz")}), max_size=5),
)


def apply(rows: dict[str, dict[int, dict[str, object]]], changes: Changes, *, back: bool) -> dict[str, dict[int, dict[str, object]]]:
    found = {label: dict(each) for label, each in rows.items()}
    for change in changes.changes:
        here, to = found.setdefault(change.table, {}), change.before if back else change.after
        here.pop(change.key, None)
        if to is not None:
            here[change.key] = to
    return {label: each for label, each in found.items() if each}


def full(rows: dict[str, dict[int, dict[str, object]]]) -> dict[str, dict[int, dict[str, object]]]:
    return {label: each for label, each in rows.items() if each}


@given(ROWS, ROWS)
def test_changes_lead_there_and_back(before: dict, after: dict) -> None:  # type: ignore[type-arg]
    changes = changes_between(Photograph("p", before), Photograph("p", after))
    assert apply(before, changes, back=False) == full(after)
    assert apply(after, changes, back=True) == full(before)


@given(ROWS, ROWS)
def test_changes_come_back_from_json_as_they_were(before: dict, after: dict) -> None:  # type: ignore[type-arg]
    changes = changes_between(Photograph("p", before), Photograph("p", after))
    assert Changes.from_json(json.loads(json.dumps(changes.as_json()))) == changes


@given(ROWS)
def test_nothing_changed_is_no_change(rows: dict) -> None:  # type: ignore[type-arg]
    assert len(changes_between(Photograph("p", rows), Photograph("p", rows))) == 0


def test_each_change_says_what_happened_and_to_which_columns() -> None:
    before = Photograph("p", {"a.one": {1: {"id": 1, "name": "x"}, 2: {"id": 2, "name": "x"}}})
    after = Photograph("p", {"a.one": {1: {"id": 1, "name": "y"}, 3: {"id": 3, "name": "z"}}})
    found = changes_between(before, after)
    assert [(c.key, c.verb, c.columns) for c in found.changes] == [
        (1, Verb.CHANGED, ("name",)), (2, Verb.GONE, ()), (3, Verb.NEW, ()),
    ]  # fmt: skip
    assert found.counts() == {"a.one": {"new": 1, "changed": 1, "gone": 1}}
    assert (before.count, after.count) == (2, 2)


def test_photographs_of_two_partnerships_are_never_compared() -> None:
    with pytest.raises(ValueError, match="two partnerships, a and b"):
        changes_between(Photograph("a"), Photograph("b"))


NEW = Change("a.one", 1, None, {"id": 1, "name": "x"})
GONE = Change("a.one", 1, {"id": 1, "name": "x"}, None)
SIGNED_IN = {"id": 1, "name": "x", "last_login": "2026-11-02"}


@pytest.mark.parametrize(
    ("change", "now", "told"),
    [
        (NEW, {"id": 1, "name": "x"}, False),
        (NEW, {"id": 1, "name": "y"}, True),
        (NEW, None, True),
        (GONE, None, False),
        (GONE, {"id": 1, "name": "z"}, True),
        (Change("accounts.person", 1, {"id": 1, "name": "w", "last_login": None}, {**SIGNED_IN, "last_login": None}), SIGNED_IN, False),
        (Change("accounts.person", 1, None, {**SIGNED_IN, "last_login": None}), SIGNED_IN, True),
        (Change("a.one", 1, {"id": 1, "name": "w", "last_login": None}, {**SIGNED_IN, "last_login": None}), SIGNED_IN, True),
    ],
)
def test_a_row_was_altered_since_or_not(change: Change, now: dict[str, object] | None, told: bool) -> None:
    assert altered(change, now) is told
