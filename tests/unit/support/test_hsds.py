"""The directory as Open Referral writes it: valid by the publisher's schemas, and read back as it was written."""

from __future__ import annotations

import json
import pathlib
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from convenor.support.rules.hsds import Listed, Vouched, names_of_terms, organization, service, service_list
from convenor.support.rules.hsds_extension import SCHEMA
from convenor.support.rules.hsds_reading import SERVICES_AT_MOST, DirectoryRefused, read
from convenor.support.rules.states import AssuranceKind, SupporterKind
from tests.conftest import shared_data

AT, ON = datetime(2026, 11, 2, 9, 30, tzinfo=UTC), date(2026, 11, 2)
CUT = pathlib.Path("tests/data/hsds")
NAMES = names_of_terms({"local-own-lead": "Reading lead"})
PANEL = Vouched(AssuranceKind.LOCAL_PANEL, "The alliance", "Panel of June", date(2026, 6, 30), date(2028, 6, 30))
WHOLE = Listed(
    uid=UUID("8a4b1f6e-5f0e-4a0e-9d54-0f4f4f6f1a01"), kind=SupporterKind.PERSON, name="System leader, Fernhollow Primary School",
    organisation="Fernhollow Primary School", urn="990001", says="Early reading.", designations=("system-leader",),
    expertise=("reading", "early-years"), phases=("Primary",), formats=("coaching",), longitude=-2.1, latitude=51.8, reach_km=25,
    assurances=(PANEL,), year="2026-27", half_days_offered=12, half_days_left=9,
)  # fmt: skip
BARE = Listed(
    uid=UUID("8a4b1f6e-5f0e-4a0e-9d54-0f4f4f6f1a02"), kind=SupporterKind.HUB, name="Vale Maths Hub", organisation="Vale Trust",
    expertise=("mathematics",), assurances=(PANEL,),
)  # fmt: skip


def schema(folder: pathlib.Path, name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((folder / f"{name}.json").read_text()), format_checker=FormatChecker())


def problems(validator: Draft202012Validator, value: Any) -> list[str]:
    return [f"{'/'.join(map(str, each.path))}: {each.message}" for each in validator.iter_errors(value)]


@pytest.mark.parametrize("entry", [WHOLE, BARE])
def test_what_is_published_is_valid_by_the_publishers_schemas(entry: Listed) -> None:
    assert problems(schema(CUT, "service"), service(entry, at=AT, names=NAMES)) == []
    assert problems(schema(CUT, "organization"), organization(entry)) == []
    assert problems(Draft202012Validator(SCHEMA, format_checker=FormatChecker()), service(entry, at=AT, names=NAMES)) == []


@pytest.mark.shared
def test_it_is_valid_by_the_whole_schemas() -> None:
    found = shared_data()
    if found is None or not (found / "hsds").is_dir():
        pytest.skip("the publisher's whole schemas are not beside this checkout (set CONVENOR_SHARED to the folder that holds data/)")
    for entry in (WHOLE, BARE):
        assert problems(schema(found / "hsds", "service"), service(entry, at=AT, names=NAMES)) == []
        assert problems(schema(found / "hsds", "organization"), organization(entry)) == []
        listed = json.loads((found / "hsds" / "service_list.json").read_text())
        assert problems(Draft202012Validator(listed, format_checker=FormatChecker()), service(entry, at=AT, names=NAMES)) == []


def test_the_cut_schemas_still_refuse_what_is_wrong() -> None:
    wrong = service(WHOLE, at=AT, names=NAMES) | {"status": "resting", "id": "no uuid"}
    wrong["attributes"][0]["taxonomy_term"].pop("name")
    assert len(problems(schema(CUT, "service"), wrong)) == 3
    bad = service(WHOLE, at=AT, names=NAMES)
    bad["capacities"][0]["available"] = -1
    bad["assurances"] = []
    assert len(problems(Draft202012Validator(SCHEMA, format_checker=FormatChecker()), bad)) == 2


def test_a_service_says_what_the_standard_has_words_for() -> None:
    found = service(WHOLE, at=AT, names=NAMES)
    assert (found["name"], found["assured_date"], found["accreditations"]) == (
        "System leader, Fernhollow Primary School", "2026-06-30", "The alliance, until 2028-06-30",
    )  # fmt: skip
    assert [(each["link_type"], each["taxonomy_term"]["code"], each["taxonomy_term"]["name"]) for each in found["attributes"]] == [
        ("kind", "person", "Person"), ("theme", "reading", "Reading"), ("theme", "early-years", "Early years"),
        ("phase", "Primary", "Primary"), ("format", "coaching", "Coaching"), ("designation", "system-leader", "System leader"),
    ]  # fmt: skip
    capacity = found["capacities"][0]
    assert (capacity["available"], capacity["maximum"], capacity["unit"]["name"], capacity["description"]) == (
        9, 12, "Half day", "School year 2026-27",
    )  # fmt: skip
    assert [key for key in ("capacities", "service_at_locations") if key in service(BARE, at=AT, names=NAMES)] == []


def test_an_entry_without_evidence_says_nothing_of_any() -> None:
    found = service(replace(BARE, assurances=()), at=AT, names=NAMES)
    assert ([key for key in ("accreditations", "assured_date") if key in found], found["assurances"]) == ([], [])


def test_identifiers_are_the_same_each_time_and_never_shared() -> None:
    one, two = service(WHOLE, at=AT, names=NAMES), service(WHOLE, at=AT, names=NAMES)
    assert one == two
    other = service(BARE, at=AT, names=NAMES)
    assert {one["organization_id"], one["service_areas"][0]["id"]} & {other["organization_id"], other["service_areas"][0]["id"]} == set()
    assert service(WHOLE, at=AT, names={})["attributes"][1]["taxonomy_term"]["name"] == "reading"


def test_a_list_is_told_in_pages() -> None:
    first, second, third = (service_list([WHOLE, BARE], at=AT, names=NAMES, page=n, size=1) for n in (1, 2, 3))
    assert [(each["first_page"], each["last_page"], each["empty"], each["size"]) for each in (first, second, third)] == [
        (True, False, False, 1), (False, True, False, 1), (False, True, True, 0),
    ]  # fmt: skip
    assert (first["total_items"], first["total_pages"], first["contents"][0]["id"]) == (2, 2, str(WHOLE.uid))
    empty = service_list([], at=AT, names=NAMES)
    assert (empty["total_items"], empty["total_pages"], empty["empty"]) == (0, 1, True)


def test_what_is_written_is_read_back() -> None:
    text = json.dumps(service_list([WHOLE, BARE], at=AT, names=NAMES))
    assert read(json.loads(text), on=ON).entries == (WHOLE, BARE)
    assert read(service(WHOLE, at=AT, names=NAMES), on=ON).entries == (WHOLE,)
    assert read([service(BARE, at=AT, names=NAMES)], on=ON).entries == (BARE,)


@given(
    st.sets(st.sampled_from(["reading", "writing", "science"]), min_size=1), st.sampled_from(SupporterKind), st.integers(0, 400),
    st.integers(0, 400), st.none() | st.integers(1, 300),
)  # fmt: skip
def test_any_entry_is_read_back_as_it_was_written(themes: set[str], kind: SupporterKind, booked: int, left: int, reach: int | None) -> None:
    entry = Listed(
        uid=WHOLE.uid, kind=kind, name="Somebody", organisation="A body", expertise=tuple(sorted(themes)), assurances=(PANEL,),
        year="2026-27", half_days_offered=booked + left, half_days_left=left, reach_km=reach,
    )  # fmt: skip
    assert read(json.loads(json.dumps(service(entry, at=AT, names=NAMES))), on=ON).entries == (entry,)


@pytest.mark.parametrize(
    "content",
    [
        "words", {"total": 3}, 7, None, [{}] * (SERVICES_AT_MOST + 1), {"contents": [], "last_page": False},
        {"contents": [], "first_page": False},
    ],
)  # fmt: skip
def test_a_file_that_is_no_directory_is_refused_whole(content: Any) -> None:
    with pytest.raises(DirectoryRefused):
        read(content, on=ON)


def changed(**more: Any) -> dict[str, Any]:
    return deepcopy(service(WHOLE, at=AT, names=NAMES)) | more


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("words", "Service 1: it is no service"),
        (changed(id="no"), "Service 1: its identifier is no UUID"),
        (changed(name=" "), "Service 1: it has no name"),
        (changed(name=7), "Service 1: it has no name"),
        (changed(status="defunct"), "Service 1: “System leader, Fernhollow Primary School” is not active"),
    ],
)
def test_a_service_that_cannot_be_read_is_left_and_named(raw: Any, why: str) -> None:
    assert (read([raw], on=ON).entries, read([raw], on=ON).left) == ((), (why,))


def test_the_same_service_is_read_once() -> None:
    found = read([changed(), changed(name="Another")], on=ON)
    assert ([each.name for each in found.entries], found.left) == (
        [WHOLE.name], ("Service 2: it stands in the file twice, and the first was read",),
    )  # fmt: skip


def test_what_is_not_known_here_is_left_out_and_named() -> None:
    raw = changed()
    raw["attributes"][1]["taxonomy_term"].update(code="latin", name="Latin")
    raw["attributes"][2]["link_type"] = "somebody else's"
    raw["attributes"][0]["taxonomy_term"] = "words"
    raw["attributes"].append("words")
    found = read([raw], on=ON)
    assert (found.entries[0].expertise, found.entries[0].kind) == ((), SupporterKind.SERVICE)
    assert found.left == ("Service 1, “System leader, Fernhollow Primary School”: the term “Latin” is not known here and was left out",)


def test_evidence_that_does_not_count_stays_behind() -> None:
    good = changed()["assurances"][0]
    raw = changed(
        assurances=[
            good, good | {"kind": "magic"}, good | {"assured_on": "soon"}, good | {"assurer": ""}, good | {"assured_on": "2027-01-01"},
            good | {"assured_on": "2023-01-01", "valid_until_on": "2024-06-30"}, "words",
        ]
    )  # fmt: skip
    found = read([raw], on=ON)
    assert (found.entries[0].assurances, len(found.left)) == ((PANEL,), 5)
    assert found.left[-1].endswith("evidence that ended on 2024-06-30 was left out")


@pytest.mark.parametrize(
    "more",
    [
        {"capacities": [{"unit": {"name": "Bed"}, "available": 1, "maximum": 2, "description": "School year 2026-27"}]},
        {"capacities": [{"unit": {"name": "half day"}, "available": 1, "maximum": 2, "description": "This year"}]},
        {"capacities": [{"unit": {"name": "half day"}, "available": 3, "maximum": 2, "description": "School year 2026-27"}]},
        {"capacities": [{"unit": {"name": "half day"}, "available": True, "maximum": 2, "description": "School year 2026-27"}]},
        {"capacities": [{"unit": "half day"}]},
        {"capacities": None},
    ],
)
def test_days_that_cannot_be_understood_are_none(more: dict[str, Any]) -> None:
    entry = read([changed(**more)], on=ON).entries[0]
    assert (entry.year, entry.half_days_offered, entry.half_days_left) == ("", 0, 0)


def test_places_and_numbers_that_cannot_be_are_left_out() -> None:
    raw = changed(service_at_locations=["words", {"location": 7}, {"location": {"longitude": 120.0, "latitude": 10.0}}])
    raw["service_areas"] = [{"reach_km": -4}, {"reach_km": "far"}]
    raw["organization"] = {"name": "Far\x07away", "organization_identifiers": [{"identifier_scheme": "GB-EDU", "identifier": "9900"}]}
    entry = read([raw], on=ON).entries[0]
    assert (entry.longitude, entry.latitude, entry.reach_km, entry.urn, entry.organisation) == (None, None, None, "", "Faraway")
    assert read([changed(organization="words")], on=ON).entries[0].organisation == ""
