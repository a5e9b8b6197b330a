"""Strict reading of entries: what is taken, and what each broken entry is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.conditions.rules.entries import EntriesError, Entry, read_entries, what_is_wrong
from tests.unit.conditions.rooms import ITEMS, table

TOP_FIRST = (1, 2, 2, 3, 3, 3, 4, 4, 5)
SOUND = table({"T1": TOP_FIRST, "T2": TOP_FIRST[::-1]}, sizes={"T1": 4}, roles={"T2": "Officer"})


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(EntriesError) as refused:
        read_entries(text)
    return refused.value.problems


def changed(old: str, new: str) -> str:
    assert SOUND.count(old) == 1
    return SOUND.replace(old, new)


def test_entries_are_read_with_size_role_and_rows() -> None:
    read = read_entries(SOUND)
    assert read.items == ITEMS
    assert read.entries == (Entry("T1", 4, "Head", TOP_FIRST), Entry("T2", 1, "Officer", TOP_FIRST[::-1]))
    assert read.left == ()


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + SOUND,
        SOUND.replace("\n", "\r\n"),
        SOUND.replace("\n", "\r"),
        SOUND.replace("\n", "\n\n") + "\n , ,\n",
        SOUND.replace("T1,4,Head,", '" T1 ",4,"Head",'),
        "\n".join([SOUND.splitlines()[0].upper(), *SOUND.splitlines()[1::2], *SOUND.splitlines()[2::2]]),
        SOUND.rstrip("\n"),
    ],
    ids=["mark", "crlf", "cr", "blank lines", "quoted", "any order", "no last end"],
)
def test_a_table_may_be_written_in_several_ways(text: str) -> None:
    assert set(read_entries(text).entries) == set(read_entries(SOUND).entries)


def test_columns_stand_in_any_order_and_others_are_left() -> None:
    turned = "\n".join(",".join([*reversed(line.split(",")), "x"]) for line in SOUND.splitlines()).replace("entry,x", "entry,comment")
    read = read_entries(turned)
    assert (read.entries, read.left) == (read_entries(SOUND).entries, ("comment",))


def test_commas_quotes_and_line_ends_within_a_name_are_kept() -> None:
    read = read_entries(SOUND.replace(",A,", ',"Trust, ""high"" and\nsocial",'))
    assert read.items[-1] == 'Trust, "high" and\nsocial'


def test_an_accent_written_in_two_ways_is_one() -> None:
    composed, parted = "Caf\u00e9", "Cafe\u0301"
    read = read_entries(SOUND.replace("T1,4,Head,A,", f"T1,4,Head,{composed},").replace("T2,1,Officer,A,", f"T2,1,Officer,{parted},"))
    assert read.items[:3] == ("B", "C", "Café")


def test_a_role_may_be_left_blank() -> None:
    assert [entry.role for entry in read_entries(SOUND.replace("Officer", " ")).entries] == ["Head", ""]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("T2,1,Officer,A,5", "T2,1,Officer,A,4",
         "Entry 'T2': its shape is not 1-2-3-2-1: row 4 holds 3 where it should hold 2, row 5 holds 0 where it should hold 1."),
        ("T2,1,Officer,A,5", "T2,1,Officer,A,6", "Entry 'T2': 'A' has the row '6', and rows are 1 to 5."),
        ("T2,1,Officer,A,5", "T2,1,Officer,A,0", "Entry 'T2': 'A' has the row '0', and rows are 1 to 5."),
        ("T2,1,Officer,A,5", "T2,1,Officer,A,5.0", "Entry 'T2': 'A' has the row '5.0', and rows are 1 to 5."),
        ("T2,1,Officer,A,5", "T2,1,Officer,A,", "Entry 'T2': 'A' has the row '', and rows are 1 to 5."),
        ("T2,1,Officer,A,5", "T2,1,Officer,A,٥", "Entry 'T2': 'A' has the row '٥', and rows are 1 to 5."),
        ("T2,1,Officer,A,5", "T2,1,Officer,B,5", "Entry 'T2': 'B' is placed 2 times."),
        ("T2,1,Officer,A,5", "T2,1,Officer,,5", "Entry 'T2': a line names no card."),
        ("T2,1,Officer,A,5\n", "", "Entry 'T2': 8 cards are placed, and a diamond has 9."),
        ("T2,1,Officer,A,5", "T2,1,Officer,A,5\nT2,1,Officer,K,5", "Entry 'T2': 10 cards are placed, and a diamond has 9."),
        ("T2,1,Officer,A,5", "T2,2,Officer,A,5", "Entry 'T2': it gives several group sizes (2, 1), and one entry has one."),
        ("T2,1,Officer,A,5", "T2,,Officer,A,5", "Entry 'T2': it gives several group sizes (blank, 1), and one entry has one."),
        ("T2,1,Officer,A,5", "T2,1,Head,A,5", "Entry 'T2': it gives several roles (Head, Officer), and one entry has one."),
        ("T2,1,Officer,A,5", "T2,1,Officer,A", "Entry 'T2': line 11 has 4 cells where the header has 5."),
        ("T2,1,Officer,A,5", "T2,1,Officer,A,5,", "Entry 'T2': line 11 has 6 cells where the header has 5."),
        ("T2,1,Officer,A,5", "T2,1,Officer,K,5",
         "Entry 'T2': its nine cards are not those of the others: it has 'K' and lacks 'A'."),
        ("T2,1,Officer,A,5", ",1,Officer,A,5", "Line 11 does not say whose entry it is. Give every line its entry."),
    ],
)  # fmt: skip
def test_a_broken_entry_is_named_and_nothing_is_taken(old: str, new: str, says: str) -> None:
    assert problems(changed(old, new)) == (says,)


@pytest.mark.parametrize("size", ["0", "-1", "1.5", "four", "", "10000", "²"])
def test_a_group_size_is_a_whole_number_of_people(size: str) -> None:
    assert problems(SOUND.replace("T1,4", f"T1,{size}")) == (
        f"Entry 'T1': its group size '{size}' is not a whole number of people, 1 to 9999.",
    )


def test_an_entry_whose_place_is_missing_is_no_entry() -> None:
    assert problems("group_size,role,item,row,entry\n4,Head,A,1\n") == (
        "Line 2 does not say whose entry it is. Give every line its entry.",
    )


def test_the_entry_unlike_most_is_the_one_named() -> None:
    text = table({"T1": TOP_FIRST, "T2": TOP_FIRST, "T3": TOP_FIRST}).replace("T1,1,Head,A", "T1,1,Head,a")
    assert problems(text) == ("Entry 'T1': its nine cards are not those of the others: it has 'a' and lacks 'A'.",)


def test_an_entry_given_twice_is_refused() -> None:
    assert problems(SOUND + SOUND.split("\n", 1)[1]) == ("Entry 'T1': 'A' is placed 2 times.", "Entry 'T2': 'A' is placed 2 times.")


def test_every_broken_entry_is_told_and_the_first_twenty_named() -> None:
    entries = {f"T{number}": TOP_FIRST for number in range(25)}
    with pytest.raises(EntriesError) as refused:
        read_entries(table(entries).replace(",A,1", ",A,2"))
    assert len(refused.value.problems) == 25
    lines = str(refused.value).splitlines()
    assert (len(lines), lines[0][:11], lines[-1]) == (21, "Entry 'T0':", "and 5 more entries")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The table has no column entry, group_size, role, item, row. Its first line must be entry,group_size,role,item,row."),
        ("entry,role,item,row\n", "The table has no column group_size. Its first line must be entry,group_size,role,item,row."),
        ("entry,group_size,role,item,row,row\n",
         "The table has the column row more than once. Its first line must be entry,group_size,role,item,row."),
        ("entry,group_size,role,item,row\n", "The table has a header and no entries. Give each entry nine lines, one for each card."),
        ('entry,group_size,role,item,row\nT1,1,"Head,A,1\n', "Line 2 is not comma-separated text: unexpected end of data. "
         "Save the table as CSV."),
        ("entry,group_size,role,item,row\nT1,1,\0,A,1\n", "The table holds characters that no text has. Save it as CSV with UTF-8 text."),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(text: str, says: str) -> None:
    assert problems(text) == (says,)


@given(rows=st.dictionaries(st.sampled_from(ITEMS), st.integers(0, 6), max_size=9))
def test_only_a_diamond_has_nothing_wrong(rows: dict[str, int]) -> None:
    assert (what_is_wrong(rows) == "") == (sorted(rows.values()) == [1, 2, 2, 3, 3, 3, 4, 4, 5])


@given(text=st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert problems(text) != ()
