"""`convenor match`: its exit states, its shape, what goes to which stream."""

import io
import json
import pathlib
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from convenor.peer_review.management.commands import match as command
from convenor.peer_review.rules.matching import UndecidedError, answering
from tests.unit.peer_review.small_rounds import cluster


def run(path: pathlib.Path | str, **options: Any) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("match", str(path), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def written(tmp_path: pathlib.Path) -> Any:
    def write(raw: Any) -> pathlib.Path:
        path = tmp_path / "round.json"
        path.write_text(json.dumps(raw))
        return path

    return write


def test_match_prints_the_fixed_shape(written: Any) -> None:
    raw = cluster(4, 2)
    raw["schools"][0]["name"] = "invented"
    out, err = run(written(raw), as_json=True)
    said = json.loads(out)
    assert list(said) == [
        "status", "objective", "bound", "seconds", "teams", "second_reviews", "waived", "infeasible", "lead_rest_cycles", "ignored",
    ]  # fmt: skip
    assert (said["status"], [team["host"] for team in said["teams"]]) == ("optimal", ["A", "B", "C", "D"])
    assert {len(team["members"]) for team in said["teams"]} == {2}
    assert err == "Not used: School A: name\n"


def test_match_tells_a_terminal_the_same(written: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command.sys.stderr, "isatty", lambda: True, raising=False)
    raw = cluster(3, 1, waive=["same_trust"])
    raw["schools"][0].update(easting=raw["schools"][1]["easting"])
    out, err = run(written(raw))
    lines = out.splitlines()
    assert lines[0].startswith("optimal, ")
    assert lines[1] == "  waived: same_trust"
    assert sorted(line.split(":")[0] for line in lines[2:5]) == ["  A", "  B", "  C"]
    assert lines[5].startswith("  cost ")
    assert err.splitlines()[0].split("  ")[-1] == "pricing people against every host"


def test_match_answers_what_is_infeasible(written: Any) -> None:
    out, _ = run(written(cluster(2, 1)), as_json=True)
    assert json.loads(out)["status"] == "infeasible"
    lines = run(written(cluster(2, 1)))[0].splitlines()
    assert lines[1] == "  lead: A and B need a lead each. 2 people (A1 and B1) may lead there, with 4 reviews between them."
    assert lines[4] == "  at the least 1 place in the round's teams would stay empty"
    assert lines[-1] == "  would mend the round: Any of A and B hosts in a later round."


def test_match_says_when_no_single_change_mends(written: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "mends", lambda *given: [])
    assert run(written(cluster(2, 1)))[0].splitlines()[-1] == "  no single change that was tried mends it"


def test_match_refuses_a_bad_round_with_every_reason(written: Any) -> None:
    with pytest.raises(CommandError, match=r"nothing was matched\.\nThe round: on is missing"):
        run(written({**cluster(2, 1), "on": None}))


def test_match_refuses_a_file_that_is_not_there(tmp_path: pathlib.Path) -> None:
    with pytest.raises(CommandError, match=r"none\.json cannot be read"):
        run(tmp_path / "none.json")


def test_match_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command.sys, "stdin", io.StringIO(json.dumps(cluster(3, 1))))
    assert run("-")[0].startswith("optimal")


def test_match_says_when_it_could_not_tell(written: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def undecided(*given: Any, **more: Any) -> None:
        raise UndecidedError

    monkeypatch.setattr(command, "match", undecided)
    with pytest.raises(CommandError, match="nor was it proved"):
        run(written(cluster(3, 1)))
