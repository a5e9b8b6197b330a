"""The list of contents of an archive, and what is refused before a row is read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.archive.rules import form
from convenor.archive.rules.form import (
    Contents,
    EditionNamed,
    FileMade,
    Member,
    TableListed,
    check_listed,
    check_members,
    check_tables,
    line_of,
    read_contents,
    row_from,
)
from convenor.archive.rules.refusals import NotAnArchive
from convenor.archive.rules.words import readme
from tests.unit.archive.test_belonging import PARTNERSHIP, placed, table, text

WORDS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)
LISTED = st.builds(TableListed, WORDS, st.lists(WORDS, max_size=3).map(tuple), st.integers(0, 9), st.booleans())
CONTENTS = st.builds(
    Contents, WORDS, WORDS, WORDS, WORDS, st.booleans(), st.lists(LISTED, max_size=3).map(tuple),
    st.lists(st.builds(EditionNamed, st.integers(0, 9), WORDS, WORDS, WORDS), max_size=2).map(tuple),
    st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple),
    st.dictionaries(WORDS, st.builds(FileMade, st.integers(0, 99), WORDS), max_size=3),
)  # fmt: skip


@given(CONTENTS)
def test_a_list_of_contents_is_read_as_it_was_written(contents: Contents) -> None:
    assert read_contents(contents.as_json()) == contents


@given(st.text())
def test_no_text_breaks_the_reader(text_: str) -> None:
    with pytest.raises(NotAnArchive):
        read_contents(text_)


@given(
    CONTENTS, st.sampled_from(["partnership", "made", "tables", "files", "editions", "left_behind"]), st.sampled_from([None, 3, "x", [3]])
)
def test_a_list_with_something_else_in_it_is_refused(contents: Contents, key: str, other: object) -> None:
    said = json.loads(contents.as_json()) | {key: other}
    if key == "made" and other == "x":
        assert read_contents(json.dumps(said)).made == "x"
        return
    with pytest.raises(NotAnArchive, match="damaged"):
        read_contents(json.dumps(said))


def contents(**more: object) -> Contents:
    given = {"slug": "p", "name": "P", "made": "2026-11-02T09:00:00+00:00", "made_with": "Convenor 0", "published": True, "tables": ()}
    return Contents(**given | more)  # type: ignore[arg-type]


def members(*names: str) -> list[Member]:
    return [Member("archive.json", 10, 10), *(Member(name, 10, 10) for name in names)]


def test_names_of_an_archive_are_its_own() -> None:
    fine = [
        "README.txt", "rows/a.b_c.jsonl", "published/registers.school.jsonl", "tables/a.b.csv", "papers/" + "0f" * 32,
        "published/editions/d-1.parquet" + "x" * 108,
    ]  # fmt: skip
    check_members(members(*fine))
    for name in fine:
        with pytest.raises(NotAnArchive, match="which no archive holds"):
            check_members(members(f"{name}.exe"))


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ([], "holds no archive.json"),
        (members("../x"), "“../x”, which no archive holds"),
        (members("rows/a.b.jsonl", "rows/a.b.jsonl"), "two files of one name"),
        ([*members(), Member("README.txt", 10, 10, plain=False)], "which no archive holds"),
        ([*members(), Member("README.txt", 200_000, 10)], "unpack to far more"),
        ([*members(), *(Member(f"papers/{n:064x}", 40 * 1024**3, 40 * 1024**3) for n in range(2))], "unpack to far more"),
        ([Member("archive.json", form.CONTENTS_AT_MOST + 1, form.CONTENTS_AT_MOST)], "longer than any is"),
    ],
)
def test_tricks_are_refused(wrong: list[Member], match: str) -> None:
    with pytest.raises(NotAnArchive, match=match):
        check_members(wrong)


def test_more_files_than_any_archive_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "FILES_AT_MOST", 2)
    with pytest.raises(NotAnArchive, match="holds 3 files"):
        check_members(members("README.txt", "tables/a.b.csv"))


def test_files_and_their_list_agree_or_are_refused() -> None:
    one = TableListed("a.b", ("id",), 0)
    whole = contents(tables=(one,), files={"rows/a.b.jsonl": FileMade(10, "d")})
    check_listed(whole, members("rows/a.b.jsonl"))
    with pytest.raises(NotAnArchive, match=r"“rows/a\.b\.jsonl” is not as"):
        check_listed(whole, members())
    with pytest.raises(NotAnArchive, match=r"“README\.txt” is not as"):
        check_listed(whole, members("rows/a.b.jsonl", "README.txt"))
    with pytest.raises(NotAnArchive, match=r"“rows/c\.d\.jsonl” is not as"):
        check_listed(contents(files={"rows/c.d.jsonl": FileMade(10, "d")}), members("rows/c.d.jsonl"))
    with pytest.raises(NotAnArchive, match=r"“published/a\.b\.jsonl” is not as"):
        check_listed(contents(tables=(TableListed("a.b", ("id",), 0, True),), files={}), members())


def test_tables_are_known_with_their_columns_or_refused() -> None:
    here = placed(table("registers.school", text("name")), table("mfa.authenticator"))
    fine = TableListed("partnership.partnership", tuple(c.name for c in PARTNERSHIP.columns), 1)
    check_tables(contents(tables=(fine, TableListed("registers.school", ("id", "name"), 1, True))), here)
    for wrong in (
        TableListed("a.b", ("id",), 0),
        TableListed("mfa.authenticator", ("id",), 0),
        TableListed("registers.school", ("id", "name"), 0),
        TableListed("registers.school", ("name", "id"), 0, True),
    ):
        with pytest.raises(NotAnArchive, match=r"made with Convenor 0 and holds a table .*Nothing was taken in"):
            check_tables(contents(tables=(wrong,)), here)
    with pytest.raises(NotAnArchive, match="names a table twice"):
        check_tables(contents(tables=(fine, fine)), here)


def test_a_row_comes_back_from_its_line() -> None:
    row, listed = {"id": 1, "words": "a\u2028b\n"}, TableListed("a.b", ("id", "words"), 1)
    assert row_from(line_of(row), listed, 1) == row
    assert line_of(row).count("\n") == 1
    for wrong in ('{"words":"x","id":1}', "[1]", "{"):
        with pytest.raises(NotAnArchive, match=r"Line 3 of rows/a\.b\.jsonl"):
            row_from(wrong, listed, 3)


def test_the_words_on_top_say_what_is_in_it() -> None:
    some = (TableListed("a.b", ("id",), 1200), TableListed("a.c", ("id",), 0))
    first = readme(contents(name="Fernshire", tables=some)).splitlines()
    assert first[:4] == [
        "Everything that Fernshire holds in Convenor",
        "=" * len("Everything that Fernshire holds in Convenor"),
        "",
        "Made on 2026-11-02 with Convenor 0. 1,200 rows of 1 tables.",
    ]
    told = [line.split("  ")[0] for line in readme(contents(published=False)).splitlines() if line.startswith("published")]
    assert told == []
