"""`convenor structure`: fixed shapes, and exit 1 with the reason when a file is refused."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from convenor.partnership.models import Body, Partnership
from tests.factories.partnership import APPOINTMENTS, CONSTITUTION, schools

pytestmark = pytest.mark.django_db


@pytest.fixture
def good(tmp_path: Path) -> str:
    path = tmp_path / "fernshire.toml"
    path.write_text(CONSTITUTION + APPOINTMENTS.replace('school = "990001"\n', 'phase = "primary"\n'))
    return str(path)


@pytest.fixture
def broken(tmp_path: Path) -> str:
    path = tmp_path / "broken.toml"
    path.write_text(CONSTITUTION + '\n[[appointment]]\nbody = "board"\nseat = "primary-heads"\nperson = "A B"\nrole = "officer"\n')
    return str(path)


def test_check_gives_the_fixed_shape(good: str, capsys: pytest.CaptureFixture) -> None:
    call_command("structure", "check", good, "--on", "2026-11-02", "--json")
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["partnership", "on", "problems", "bodies"]
    assert (told["partnership"], told["on"]) == ("fernshire", "2026-11-02")
    assert {tuple(each) for each in told["problems"]} == {("body", "rule", "severity", "message")}
    assert told["bodies"][0] == {
        "id": "board", "name": "Strategic Board", "tier": "board", "reports_to": None, "kind": "board", "seats": 3, "filled": 3
    }  # fmt: skip


def test_check_of_a_broken_file_ends_in_one(broken: str, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("structure", "check", broken, "--on", "2026-11-02", "--json")
    told = capsys.readouterr()
    assert ended.value.code == 1
    assert {each["rule"] for each in json.loads(told.out)["problems"] if each["severity"] == "error"} == {"role-not-allowed"}
    assert told.err == f"{broken}: 1 error on 2026-11-02.\n"


def test_check_says_in_words_what_is_broken(broken: str, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        call_command("structure", "check", broken, "--on", "2026-11-02")
    first = capsys.readouterr().out.splitlines()[:3]
    assert first == [
        "Fernshire Education Partnership, on 2026-11-02", "  Strategic Board (board): 1 of 3 seats held",
        "    Fernshire Alliance (alliance): 0 of 1 seats held",
    ]  # fmt: skip


def test_check_without_a_register_says_that_no_school_was_looked_up(good: str, capsys: pytest.CaptureFixture) -> None:
    call_command("structure", "check", good, "--on", "2026-11-02")
    told = capsys.readouterr()
    assert told.out.splitlines()[-1] == "No errors."
    assert told.err == (
        "The 2 schools it names were not looked up: no register is loaded here. `structure load` refuses a URN that the register does "
        "not know.\n"
    )


def test_check_of_a_file_without_schools_asks_no_database(django_assert_num_queries: object, capsys: pytest.CaptureFixture) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        call_command("structure", "check", "bexley")
    assert capsys.readouterr().err == ""


def test_check_warns_of_a_school_that_load_would_refuse(good: str, capsys: pytest.CaptureFixture) -> None:
    schools()
    Path(good).write_text(Path(good).read_text().replace("990004", "990404"))
    call_command("structure", "check", good, "--on", "2026-11-02", "--json")
    told = json.loads(capsys.readouterr().out)["problems"]
    assert [(each["body"], each["severity"]) for each in told if each["rule"] == "unknown-school"] == [("alliance", "warning")]


def test_check_tells_errors_of_days_to_come_with_their_day(good: str, capsys: pytest.CaptureFixture) -> None:
    more = '\n[[appointment]]\nbody = "board"\nseat = "chair"\nperson = "Kit Late"\nrole = "independent"\nfrom = 2200-01-01\n'
    Path(good).write_text(
        Path(good).read_text().replace("990004", "990001").replace("990002", "990001") + "\n[[cap]]\nbodies = "
        '["board"]\nper = "school"\nwho = ["independent"]\n' + more.replace("chair", "primary-heads")
    )
    call_command("structure", "check", good, "--on", "2026-11-02", "--json")
    ahead = [each for each in json.loads(capsys.readouterr().out)["problems"] if "from" in each]
    assert [(each["rule"], each["severity"], each["from"]) for each in ahead] == [("role-not-allowed", "warning", "2200-01-01")]
    assert ahead[0]["message"].startswith("From 1 January 2200: Kit Late as Primary headteachers")


def test_seats_of_any_number_are_not_called_undescribed(good: str, capsys: pytest.CaptureFixture) -> None:
    text = Path(good).read_text()
    text = text.replace('id = "lead"\ntitle = "Cluster lead"\npart = "lead"', 'id = "lead"\ntitle = "Head"\nplaces = "any number"')
    Path(good).write_text(text.replace('kind = "cluster"\n', 'kind = "cluster"\nchair = "none"\n', 2))
    call_command("structure", "check", good, "--on", "2026-11-02")
    said = capsys.readouterr().out.splitlines()
    assert said[3:6] == [
        "      North cluster (cluster): any number of seats, 1 held", "      South cluster (cluster): any number of seats, 0 held",
        "1 thing is marked as not found: look for not_found in the file, or on the page of the structure once it is loaded.",
    ]  # fmt: skip


def test_load_shows_the_warnings(good: str, capsys: pytest.CaptureFixture) -> None:
    schools()
    call_command("structure", "load", good)
    said = capsys.readouterr().out.splitlines()
    assert [line for line in said if line.startswith("warning [south-cluster] vacancy")] == [
        "warning [south-cluster] vacancy: Cluster lead of South cluster is empty since 1 September 2025."
    ]
    assert said[-2:] == ["No errors.", "Fernshire Education Partnership: 19 changed."]


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    for name, words in (("nowhere", "No such file"), (str(tmp_path / "latin.toml"), "not text in UTF-8")):
        if name.endswith("latin.toml"):
            Path(name).write_bytes("name = 'Caf\xe9'".encode("latin-1"))
        with pytest.raises(SystemExit) as ended:
            call_command("structure", "check", name)
        assert (ended.value.code, words in capsys.readouterr().err) == (1, True)


def test_a_file_that_is_no_constitution_has_no_bodies(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path = tmp_path / "odd.toml"
    path.write_text("partnership = 3")
    with pytest.raises(SystemExit):
        call_command("structure", "check", str(path), "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["partnership"], told["bodies"], bool(told["problems"])) == (None, [], True)


def test_load_begins_a_partnership_and_the_same_again_changes_nothing(good: str, capsys: pytest.CaptureFixture) -> None:
    schools()
    call_command("structure", "load", good, "--simulate")
    assert Partnership.objects.count() == 0
    call_command("structure", "load", good)
    assert Partnership.objects.get().slug == "fernshire"
    capsys.readouterr()
    call_command("structure", "load", good)
    assert capsys.readouterr().out == "Fernshire Education Partnership: nothing changed.\n"


def test_load_gives_what_changed(good: str, capsys: pytest.CaptureFixture) -> None:
    schools()
    call_command("structure", "load", good, "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["partnership"], told["loaded"]) == ("fernshire", True)
    assert told["changes"][0] == {
        "change": "begins", "what": "partnership", "key": "fernshire", "name": "Fernshire Education Partnership", "words": ""
    }  # fmt: skip


@pytest.mark.parametrize("how", [[], ["--simulate"], ["--json"]])
def test_load_of_a_broken_file_changes_nothing_and_ends_in_one(broken: str, how: list[str], capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("structure", "load", broken, *how)
    assert (ended.value.code, Partnership.objects.count()) == (1, 0)
    assert capsys.readouterr().err.endswith("Nothing was changed. Mend the file and load it again.\n")


def test_list_gives_the_bodies(good: str, capsys: pytest.CaptureFixture) -> None:
    schools()
    call_command("structure", "list")
    assert capsys.readouterr().out.startswith("There is no partnership yet.")
    call_command("structure", "load", good)
    capsys.readouterr()
    call_command("structure", "list", "--on", "2026-11-02", "--json")
    told = json.loads(capsys.readouterr().out)
    assert [(each["partnership"], each["members"], each["seats"], each["filled"], len(each["bodies"])) for each in told] == [
        ("fernshire", 0, 6, 5, 4)
    ]
    call_command("structure", "list", "--on", "2026-11-02")
    assert capsys.readouterr().out.splitlines()[1] == "  board: Strategic Board, 3 of 3 seats held"


def test_list_names_the_areas_with_their_codes(good: str, capsys: pytest.CaptureFixture) -> None:
    call_command("structure", "load", "bexley")
    schools()
    Path(good).write_text(CONSTITUTION)
    call_command("structure", "load", good)
    capsys.readouterr()
    call_command("structure", "list", "--json")
    assert {each["partnership"]: each["areas"] for each in json.loads(capsys.readouterr().out)} == {
        "bexley": [{"code": "303", "name": "Bexley"}], "fernshire": [{"code": "998", "name": "Fernshire"}]
    }  # fmt: skip


def test_one_partnership_that_cannot_be_read_hides_no_other(good: str, capsys: pytest.CaptureFixture) -> None:
    schools()
    Path(good).write_text(CONSTITUTION)
    call_command("structure", "load", good)
    call_command("structure", "load", "bexley")
    Body.objects.filter(partnership__slug="bexley").update(rules={"id": "board", "name": "Board", "kind": "unheard-of", "tier": "board"})
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        call_command("structure", "list", "--json")
    told = capsys.readouterr()
    assert (ended.value.code, [each["partnership"] for each in json.loads(told.out)]) == (1, ["fernshire"])
    assert told.err.startswith("bexley: ")


def test_wrong_usage_says_so() -> None:
    with pytest.raises(CommandError, match="is not a day such as 2026-09-01"):
        call_command("structure", "check", "bexley", "--on", "tomorrow")
