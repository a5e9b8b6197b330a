"""The published directory: for anybody, without a person's name; and what somebody else published, taken in."""

from __future__ import annotations

import io
import json
import pathlib
from collections.abc import Iterator
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator, FormatChecker

from convenor.journal.models import Entry
from convenor.partnership.actions import load_constitution
from convenor.partnership.gate import NotAllowed
from convenor.partnership.models import Partnership
from convenor.support.actions import capacity
from convenor.support.actions.taking_in import TakenIn, take_in
from convenor.support.models import Assurance, CapacityYear, StandingInterest, Supporter
from convenor.support.queries.directory import directory
from convenor.support.rules.directory import Asked
from convenor.support.rules.hsds_extension import SCHEMA
from convenor.support.rules.hsds_reading import DirectoryRefused
from convenor.support.rules.refusals import NoWords
from tests.factories.partnership import file
from tests.factories.support_directory import AT, SLUG, YEAR, World, directory_world, supporter
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
SERVICE = json.loads((pathlib.Path("tests/data/hsds") / "service.json").read_text())


@pytest.fixture
def here() -> World:
    return directory_world()


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The day that the site believes it is."""
    with patch("django.utils.timezone.now", return_value=AT) as now:
        yield now


def some(here: World) -> Supporter:
    """A person and a hub that are published; a person who is not, one nothing vouches for, one who left."""
    row = supporter(here, "Sol Carr", person=here.people["system leader"], designations=["system-leader"], says="Early reading.")
    StandingInterest.objects.create(supporter=row, school_id="990001", kind="family", declared_at=AT)
    supporter(
        here, "Vale Maths Hub", kind="hub", school_id=None, organisation="Vale Trust", easting=400000, northing=200000, half_days=None
    )
    supporter(here, "Una Quiet", published=False)
    supporter(here, "Nan Unseen", assure=False)
    supporter(here, "Old Hand", until_on=date(2026, 10, 1))
    return row


def services(client: Client | None = None, **query: str) -> dict[str, Any]:
    answer = (client or Client()).get(reverse("support-published-services", args=[SLUG]), query)
    return json.loads(answer.content)  # type: ignore[no-any-return]


def test_anybody_reads_it_and_no_persons_name_is_there(here: World) -> None:
    row = some(here)
    page = Client().get(reverse("support-published", args=[SLUG])).content.decode()
    text = json.dumps(services(), ensure_ascii=False)
    names = ("Sol Carr", "Una Quiet", "Nan Unseen", "Old Hand")
    assert [name for name in names if name in page or name in text] == []
    listed = services()["contents"]
    assert [each["name"] for each in sorted(listed, key=lambda each: each["name"])] == [
        f"System leader, {row.school.name if row.school else ''}", "Vale Maths Hub",
    ]  # fmt: skip
    assert ("family" in text, "400000" in text, [each["name"] for each in listed if "service_at_locations" in each]) == (
        False, False, [f"System leader, {row.school.name if row.school else ''}"],
    )  # fmt: skip


def test_every_service_is_valid_by_the_publishers_schema_and_ours(here: World) -> None:
    row = some(here)
    one = json.loads(Client().get(reverse("support-published-service", args=[SLUG, row.uid])).content)
    extension = json.loads(Client().get(reverse("support-published-extension", args=[SLUG])).content)
    assert extension == SCHEMA
    for schema in (SERVICE, extension):
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        assert [each.message for entry in (one, *services()["contents"]) for each in validator.iter_errors(entry)] == []
    hidden = Supporter.objects.get(name="Una Quiet")
    assert Client().get(reverse("support-published-service", args=[SLUG, hidden.uid])).status_code == 404


def test_pages_of_the_data(here: World) -> None:
    some(here)
    assert (services(page="2")["empty"], services()["total_items"]) == (True, 2)
    for wrong in ("0", "two", "9999999"):
        assert Client().get(reverse("support-published-services", args=[SLUG]), {"page": wrong}).status_code == 404
    Partnership.objects.update(rooms_off=["support"])
    for name in ("support-published", "support-published-services", "support-published-extension"):
        assert Client().get(reverse(name, args=[SLUG])).status_code == 404


def other_county() -> None:
    """A second partnership, which takes in what the first published."""
    text = file().replace(f'id = "{SLUG}"', 'id = "othershire"').replace("Fernshire Education", "Othershire Education")
    load_constitution(text=text, by="the test", at=AT, demonstration=True)


def taken(content: Any, source: str = "Fernshire") -> TakenIn:
    return take_in(slug="othershire", content=content, source=source, by="the test", at=AT)


def test_another_partnership_takes_it_in_and_renews_it(here: World) -> None:
    row = some(here)
    other_county()
    assert taken(services()) == TakenIn(2, 0, 0)
    copy = Supporter.objects.get(partnership__slug="othershire", uid=row.uid)
    assert (copy.name, copy.person, copy.school_id, copy.taken_from, copy.published, copy.designations, copy.expertise) == (
        f"System leader, {row.school.name if row.school else ''}", None, row.school_id, "Fernshire", False, ["system-leader"], ["reading"],
    )  # fmt: skip
    assert list(Assurance.objects.filter(supporter=copy).values_list("assurer", "valid_until_on", "recorded_by")) == [
        ("The alliance", date(2028, 1, 12), "taken in from Fernshire")
    ]
    assert CapacityYear.objects.get(supporter=copy, year=YEAR).half_days_offered == 30
    capacity.book(copy.pk, YEAR, 4, by="the test", at=AT)
    Assurance.objects.filter(supporter=row).update(assurer="A new panel")
    capacity.book(row.pk, YEAR, 10, by="the test", at=AT)
    assert taken(services()) == TakenIn(0, 2, 0)
    again = CapacityYear.objects.get(supporter=copy, year=YEAR)
    assert (again.half_days_offered, again.half_days_booked) == (24, 4)
    told = Assurance.objects.filter(supporter=copy).order_by("id").values_list("assurer", "withdrawn_on")
    assert list(told) == [("The alliance", AT.date()), ("A new panel", None)]
    assert Entry.objects.filter(verb="directory.taken-in", partnership="othershire").count() == 2
    copy.refresh_from_db()
    assert copy.version == 2


def test_ones_own_entries_are_never_changed_by_what_is_taken_in(here: World) -> None:
    row = some(here)
    content = services()
    for each in content["contents"]:
        each["name"] = "Somebody else"
    done = take_in(slug=SLUG, content=content, source="Ourselves", by=here["manager"], at=AT)
    row.refresh_from_db()
    assert (done, row.name, row.taken_from) == (TakenIn(0, 0, 2), "Sol Carr", "")


def test_a_school_that_stands_there_already_is_not_put_in_twice(here: World) -> None:
    supporter(here, "Fernhollow Primary School", kind="school", school_id="990001")
    other_county()
    Supporter.objects.create(
        partnership=Partnership.objects.get(slug="othershire"), kind="school", name="Fernhollow", school_id="990001", from_on=AT.date()
    )
    assert taken(services()) == TakenIn(1, 0, 0)
    kept = Supporter.objects.filter(partnership__slug="othershire").order_by("id").values_list("name", "school_id")
    assert list(kept) == [("Fernhollow", "990001"), ("Fernhollow Primary School", None)]


def test_what_cannot_be_read_is_named_and_a_file_that_is_none_is_refused(here: World) -> None:
    some(here)
    other_county()
    content = services()
    content["contents"][0]["status"] = "defunct"
    done = taken(content)
    assert (done.new, len(done.left)) == (1, 1)
    with pytest.raises(DirectoryRefused):
        taken({"services": []})
    with pytest.raises(NoWords, match=r"^Say whose directory it is"):
        taken(services(), " ")
    for who in ("head", "broker", "system leader"):
        with pytest.raises(NotAllowed):
            take_in(slug=SLUG, content=services(), source="X", by=here[who], at=AT)


def test_whoever_keeps_the_directory_takes_a_file_in(here: World) -> None:
    some(here)
    text = json.dumps(services())
    Supporter.objects.all().delete()
    client, address = signed_in(here.people["manager"], code=True), reverse("support-take-in", args=[SLUG])

    def send(content: str, source: str = "Vale") -> Any:
        return client.post(address, {"file": SimpleUploadedFile("d.json", content.encode()), "source": source})

    assert [send("no json").status_code, send("{}").status_code, client.post(address, {"source": "Vale"}).status_code] == [422, 422, 422]
    assert send(text).headers["Location"] == reverse("support-directory", args=[SLUG])
    seen = directory(SLUG, viewer=here["head"], at=AT, asked=Asked())
    assert seen is not None
    assert sorted(each.taken_from for each in seen.found.entries) == ["Vale", "Vale"]
    halved = json.loads(text)
    halved["contents"][0]["id"] = "nonsense"
    assert "its identifier is no UUID" in send(json.dumps(halved)).content.decode()


def test_the_command_writes_it_out_and_takes_it_in(here: World, tmp_path: pathlib.Path) -> None:
    some(here)
    out = io.StringIO()
    call_command("directory", "export", "--partnership", SLUG, stdout=out)
    written = tmp_path / "directory.json"
    written.write_text(out.getvalue())
    assert json.loads(out.getvalue())["total_items"] == 2
    other_county()
    told = io.StringIO()
    call_command("directory", "import", str(written), "--partnership", "othershire", "--source", "Fernshire", "--json", stdout=told)
    assert json.loads(told.getvalue()) == {"new": 2, "renewed": 0, "own": 0, "left": []}
    plain = io.StringIO()
    call_command("directory", "import", str(written), "--partnership", "othershire", "--source", "Fernshire", stdout=plain)
    assert plain.getvalue() == "0 new, 2 renewed, 0 of one's own and left as they are.\n"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["export", "--partnership", "nowhere"], "There is no partnership called nowhere"),
        (["import", "--partnership", SLUG], "Say which file to take in"),
        (["import", "/nonexistent.json", "--partnership", SLUG, "--source", "X"], "The file cannot be read"),
        (["import", "README.md", "--partnership", SLUG, "--source", "X"], "This is no JSON"),
        (["import", "tests/data/hsds/service.json", "--partnership", SLUG, "--source", "X"], "This is no list of services"),
    ],
)
def test_the_command_refuses_with_the_reason(here: World, words: list[str], reason: str) -> None:
    with pytest.raises(CommandError, match=f"^{reason}"):
        call_command("directory", *words)


def test_what_cannot_be_read_is_told_on_the_side(here: World, tmp_path: pathlib.Path) -> None:
    written = tmp_path / "directory.json"
    written.write_text(json.dumps([{"status": "active"}]))
    problems = io.StringIO()
    call_command("directory", "import", str(written), "--partnership", SLUG, "--source", "X", stdout=io.StringIO(), stderr=problems)
    assert problems.getvalue() == "Service 1: its identifier is no UUID\n"
