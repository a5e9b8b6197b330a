"""A row as it leaves and as it arrives, and as a spreadsheet may show it."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.archive.rules.belonging import Column, Kind, Table, place
from convenor.archive.rules.leaving import MADE_ANEW, cell, leaves, same, with_new_keys, without_keys
from tests.unit.archive.test_belonging import PERSON, table, text

PICK = random.Random(1).choice
PERSONS = next(each for each in place([PERSON]) if each.label == "accounts.person")
ROOMS = place([table("conditions.workshop", text("join_code")), table("conditions.participant", text("secret"))])
LETTER = table("post.letter", text("subject"), text("body"), text("calendar"))


def test_what_opens_something_leaves_as_a_word_and_arrives_as_something_new() -> None:
    row = {"id": 1, "password": "pbkdf2$x", "name": "Ada Example"}
    gone = without_keys(PERSONS, row)
    assert gone == {"id": 1, "password": MADE_ANEW, "name": "Ada Example"}
    come = with_new_keys(PERSONS, gone, PICK)
    assert (come["password"][0], len(come["password"]), come["name"]) == ("!", 41, "Ada Example")
    assert without_keys(PERSONS, come) == gone
    assert same(PERSONS, come, row)
    assert not same(PERSONS, come, row | {"name": "Another"})


def test_codes_and_digests_arrive_in_their_own_shape_and_nothing_stays_nothing() -> None:
    shapes = {t.label: with_new_keys(t, {c.name: MADE_ANEW for c in t.columns}, PICK) for t in ROOMS}
    assert len(shapes["conditions.workshop"]["join_code"]) == 8
    assert len(shapes["conditions.participant"]["secret"]) == 64
    assert with_new_keys(ROOMS[0], {"id": 1, "secret": ""}, PICK) == {"id": 1, "secret": ""}
    assert without_keys(ROOMS[0], {"id": 1, "secret": ""}) == {"id": 1, "secret": ""}


def test_a_row_that_opens_nothing_is_the_very_row() -> None:
    row = {"id": 1, "words": "w"}
    assert with_new_keys(table("a.b", text("words")), row, PICK) is row


def test_a_letter_leaves_once_it_was_sent_and_without_addresses_of_the_site() -> None:
    assert [leaves(LETTER, {"sent_at": at}) for at in (None, "2026-11-02T09:00:00.000000Z")] == [False, True]
    assert leaves(PERSONS, {"sent_at": None}) is True
    row = {"id": 1, "subject": "http://kept.example", "body": "Go to https://a.example/x?y=1 <http://b.example/z> now", "calendar": ""}
    assert without_keys(LETTER, row) == row | {"body": "Go to (link) <(link)> now"}


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        (Kind.TEXT, "=1+1", "'=1+1"), (Kind.TEXT, "  @SUM(A1)", "'  @SUM(A1)"), (Kind.TEXT, "+44 1452", "'+44 1452"),
        (Kind.TEXT, "\t=1", "'\t=1"), (Kind.TEXT, "-", "'-"), (Kind.TEXT, "plain", "plain"), (Kind.WHOLE, -3, "-3"),
        (Kind.REAL, -0.5, "-0.5"), (Kind.YES_NO, True, "yes"), (Kind.YES_NO, False, "no"), (Kind.TEXT, None, ""),
        (Kind.JSON, ["=1", "é"], '["=1", "é"]'), (Kind.JSON, "=1", '"=1"'), (Kind.JSON, -1, "'-1"), (Kind.TEXT, "", ""),
    ],
)  # fmt: skip
def test_a_cell_never_runs(kind: Kind, value: object, told: str) -> None:
    assert cell(kind, value) == told


@given(st.text(), st.sampled_from([Kind.TEXT, Kind.JSON, Kind.DAY, Kind.UID]))
def test_no_text_begins_a_formula(words: str, kind: Kind) -> None:
    assert cell(kind, words).lstrip()[:1] not in {"=", "+", "-", "@"}


def test_a_table_of_columns_keeps_its_order() -> None:
    of = Table("a.b", "b", "id", (Column("z", "z", Kind.TEXT), Column("a", "a", Kind.TEXT)))
    assert json.dumps(without_keys(of, {"z": "1", "a": "2"})) == '{"z": "1", "a": "2"}'
