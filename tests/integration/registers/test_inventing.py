"""Invented schools stand beside the published record and never count in it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from convenor.england.authorities import area
from convenor.journal.models import Entry
from convenor.registers.actions import NotInventedError, invent_schools, load
from convenor.registers.actions.context import compute_contexts
from convenor.registers.models import AreaContext, Edition, Group, Inspection, Reading, School
from convenor.registers.queries.areas import schools_on_map
from convenor.registers.queries.standing import standing

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 9, tzinfo=UTC)


def school(urn: str = "900001", name: str = "Otterwick Primary School", authority: str = "916") -> dict[str, Any]:
    return {
        "urn": urn, "laestab": f"{authority}9000", "name": name, "authority_id": authority, "phase": "Primary",
        "type_name": "Community school", "pupils": 100, "easting": 385_000, "northing": 218_000,
    }  # fmt: skip


def invent(*schools: dict[str, Any]) -> Edition:
    graded = {"vocabulary": "overall_effectiveness", "kind": "graded", "overall": "4", "started_on": AT.date()}
    return invent_schools(
        key="fictitious-somewhere", title="Fictitious schools",
        groups=[{"uid": "F1", "name": "Otter Trust", "kind": "Multi-academy trust"}],
        schools=list(schools), readings=[(each["urn"], "pupils_on_roll", "2024-25", 100.0, None, None, None, "") for each in schools],
        inspections=[{"urn": each["urn"], "urn_at_inspection": each["urn"], **graded} for each in schools], by="the demonstration", at=AT,
    )  # fmt: skip


@pytest.fixture
def published(data: Path) -> Path:
    """Ofsted's register as the project carries it."""
    source = data / "ofsted" / "management_information_2025-08-31.parquet"
    load(files=[source], by="the operator", at=AT)
    return source


def test_invented_schools_are_marked_and_rest_on_an_edition_that_says_so() -> None:
    edition = invent(school())
    made = School.objects.get(urn="900001")
    assert (made.fictitious, made.status, made.search_name) == (True, "open", "otterwick primary school")
    assert (edition.publisher, edition.family, edition.licence) == ("Convenor", "fictitious", "Invented; free to use")
    assert Group.objects.get(uid="F1").fictitious
    assert Reading.objects.get().edition == edition
    assert Entry.objects.get(verb="schools.invented").subject_key == edition.key


def test_inventing_twice_changes_nothing() -> None:
    assert invent(school()) == invent(school())
    assert (School.objects.count(), Reading.objects.count(), Inspection.objects.count()) == (1, 1, 1)


def test_a_urn_or_a_name_of_a_published_school_is_refused_and_leaves_nothing(published: Path) -> None:
    real = School.objects.filter(fictitious=False).order_by("urn")[0]
    for each in (school(urn=real.urn), school(name=real.name)):
        with pytest.raises(NotInventedError, match="is a published school"):
            invent(each)
    assert not School.objects.filter(fictitious=True).exists()
    assert not Edition.objects.filter(family="fictitious").exists()


def test_no_context_counts_an_invented_school(published: Path) -> None:
    before = list(AreaContext.objects.order_by("area_kind", "area_code", "as_at").values_list("area_code", "as_at", "indicators"))
    codes = list(School.objects.order_by("authority_id").values_list("authority_id", flat=True).distinct())
    invent(*(school(urn=f"90000{n}", name=f"Otterwick {n}", authority=code) for n, code in enumerate(codes[:9])))
    compute_contexts(by="the operator", at=AT)
    assert before
    assert list(AreaContext.objects.order_by("area_kind", "area_code", "as_at").values_list("area_code", "as_at", "indicators")) == before


def test_no_map_and_no_standing_place_is_an_invented_schools() -> None:
    invent(school())
    assert schools_on_map(area("916"), viewer=None).total == 0
    assert standing(["916"]) == ([], frozenset())
