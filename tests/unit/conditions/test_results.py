"""What several diamonds say together, worked small enough to check by hand; and the command that prints it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from convenor.conditions.rules.entries import read_entries
from convenor.conditions.rules.results import LISTED, results, shape, together
from tests.unit.conditions.rooms import ITEMS, at_random, table

TOP_FIRST = (1, 2, 2, 3, 3, 3, 4, 4, 5)
#: As the first, with A and B exchanged.
NEARLY = (2, 1, 2, 3, 3, 3, 4, 4, 5)
ROOM = table(
    {"T1": TOP_FIRST, "T2": TOP_FIRST, "T3": NEARLY, "Me": TOP_FIRST[::-1]},
    sizes={"T1": 4, "T3": 3},
    roles={"T3": "Officer", "Me": ""},
)


def evenly_turned() -> dict[str, tuple[int, ...]]:
    """72 diamonds among which every card stands to every other alike: one, its cards moved by the affine maps of nine points that a matrix
    of order 8 gives. Every diamond is then as near to them as any other."""
    entries = {}
    for power in range(8):
        matrix = np.linalg.matrix_power(np.array([[0, 1], [1, 2]]), power) % 3
        for shift in range(9):
            moved = [(matrix @ divmod(card, 3) + divmod(shift, 3)) % 3 for card in range(9)]
            entries[f"{power} {shift}"] = tuple(TOP_FIRST[3 * x + y] for x, y in moved)
    return entries


def said(text: str) -> dict[str, Any]:
    """The shape, as it is after JSON."""
    found: dict[str, Any] = json.loads(json.dumps(shape(results(read_entries(text)))))
    return found


def test_the_shape_has_what_other_programs_rely_on() -> None:
    found = said(ROOM)
    assert (found["entries"], found["people"], found["group_size"]) == (4, 9, {"T1": 4, "T2": 1, "T3": 3, "Me": 1})
    assert found["mean_rank"]["A"] == (1 + 1 + 2.5 + 9) / 4
    assert found["spread"]["E"] == 0.0
    assert (found["top_three_percent"]["A"], found["bottom_three_percent"]["A"]) == (75.0, 25.0)
    assert (found["top_three_percent"]["E"], found["bottom_three_percent"]["E"]) == (0.0, 0.0)
    assert found["consensus"] == [[["A"], ["B", "C"], ["D", "E", "F"], ["G", "H"], ["I"]]]
    assert (found["consensus_count"], found["total_distance"]) == (1, 0 + 0 + 4 + 62)
    assert found["agreement"] == pytest.approx({"T1": 1.0, "T2": 1.0, "T3": 27 / 31, "Me": -1.0})
    assert found["items"] == list(ITEMS)


def test_roles_have_the_same_keys_and_their_own_answer() -> None:
    found = said(ROOM)
    assert list(found["roles"]) == ["Head", "Officer"]
    assert all(set(each) | {"items", "roles"} == set(found) for each in found["roles"].values())
    officer = found["roles"]["Officer"]
    assert (officer["entries"], officer["kendall_w"], officer["p_value"], officer["w_95_percent_point"]) == (1, 1.0, None, None)
    assert officer["consensus"] == [[["B"], ["A", "C"], ["D", "E", "F"], ["G", "H"], ["I"]]]
    assert found["roles"]["Head"]["agreement"] == {"T1": 1.0, "T2": 1.0}


def test_a_large_group_weighs_no_more_than_one_person() -> None:
    once, large = said(ROOM), said(ROOM.replace("T3,3,", "T3,900,"))
    same = {"mean_rank", "kendall_w", "p_value", "consensus", "agreement", "total_distance"}
    assert {key: once[key] for key in same} == {key: large[key] for key in same}


def test_lines_in_another_order_give_the_same_answer() -> None:
    head, *lines = ROOM.splitlines()
    other = said("\n".join([head, *reversed(lines)]))
    whole = said(ROOM)
    assert {k: v for k, v in other.items() if k not in {"agreement", "group_size"}} == {
        k: v for k, v in whole.items() if k not in {"agreement", "group_size"}
    }
    assert other["agreement"] == whole["agreement"]


def test_all_optimal_diamonds_are_counted_and_so_many_listed() -> None:
    found = said(table(evenly_turned()))
    assert (found["consensus_count"], len(found["consensus"])) == (15_120, LISTED)
    assert found["consensus"] == sorted(found["consensus"])
    assert (found["kendall_w"], found["p_value"]) == (0.0, 1.0)
    assert len({round(each, 12) for each in found["agreement"].values()}) == 1


def test_agreement_is_called_so_only_beyond_chance() -> None:
    assert [together(at_random(entries, 5)).agree_more_than_chance for entries in (1, 2, 9)] == [False, False, False]
    assert results(read_entries(table(dict.fromkeys("abc", TOP_FIRST)))).whole.agree_more_than_chance


def run(tmp_path: Path, text: str | bytes, *more: str) -> None:
    file = tmp_path / "entries.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    call_command("diamond", str(file), *more)


def test_the_command_prints_the_shape(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, "\ufeff" + ROOM.replace("\n", "\r\n"), "--json")
    assert json.loads(capsys.readouterr().out) == said(ROOM)


def test_the_command_tells_a_reader_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, ROOM.replace("entry,", "note,entry,").replace("\nT", "\n,T").replace("\nMe", "\n,Me"))
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err == "Not used: the column note.\n"
    assert lines[0] == "4 entries by 9 people. One entry is one vote."
    assert lines[1].partition(", and come")[0] == (
        "Chance alone may well agree so far: Kendall's W is 0.25; 4 random diamonds reach 0.45 in one case of twenty"
    )
    assert lines[2:8] == [
        "The one diamond nearest to all of them (total distance 66):",
        "  1  A", "  2  B  |  C", "  3  D  |  E  |  F", "  4  G  |  H", "  5  I",
    ]  # fmt: skip
    assert lines[10] == "  A       3.38    3.30        75%           25%"
    assert lines[-1] == "  I       9.00    0.00         0%          100%"
    assert "   -1.00  Me (1 person)" in lines
    assert "One entry has nobody to agree with: W says nothing of it." in lines


@pytest.mark.parametrize(
    ("alike", "reversed_too", "says"),
    [
        (8, 0, "in fewer than 1 of 1,000 (p = 0.0001)."),
        (7, 2, "in about 2 of 1,000 (p = 0.0020)."),
        (4, 2, "in about 74 cases of 100 (p = 0.7407)."),
    ],
)
def test_the_command_tells_how_seldom_chance_agrees(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], alike: int, reversed_too: int, says: str
) -> None:
    entries = {f"T{number}": TOP_FIRST if number < alike else TOP_FIRST[::-1] for number in range(alike + reversed_too)}
    run(tmp_path, table(entries))
    assert capsys.readouterr().out.splitlines()[1].partition("as these ")[2] == says


def test_the_command_shows_a_few_of_many_equal_diamonds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, table(evenly_turned()))
    lines = capsys.readouterr().out.splitlines()
    assert lines[2] == "15,120 diamonds are equally near to all of them (total distance 2,542); the first 5 are shown:"
    assert [line for line in lines if line.startswith("  5  ")] == [f"  5  {card}" for card in "IHGIH"] * 2
    run(tmp_path, table({"T1": TOP_FIRST, "T2": NEARLY}))
    assert capsys.readouterr().out.splitlines()[2] == "2 diamonds are equally near to all of them (total distance 4); all are shown:"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ROOM.replace("T3,3,Officer,A,2", "T3,3,Officer,A,3"),
         "Put this right and try again:\nEntry 'T3': its shape is not 1-2-3-2-1: row 2 holds 1 where it should hold 2, "
         "row 3 holds 4 where it should hold 3."),
        (ROOM.encode("utf-16"), "entries.csv is not text in UTF-8. Save it as CSV with UTF-8 text."),
    ],
)  # fmt: skip
def test_the_command_refuses_and_prints_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | bytes, says: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(tmp_path, text, "--json")
    assert (str(refused.value).endswith(says), refused.value.returncode, capsys.readouterr().out) == (True, 1, "")


def test_the_command_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.csv cannot be read: No such file or directory\. Check its name\."):
        call_command("diamond", str(tmp_path / "none.csv"))
