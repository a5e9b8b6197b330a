"""Invented schools for a demonstration: marked so in the table, resting on an edition that says of itself that it was made up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from convenor.england.types import school_type
from convenor.journal import actions as journal
from convenor.registers.actions.projecting import ensure_authorities
from convenor.registers.actions.writing import write_rows
from convenor.registers.models import Edition, Group, Inspection, Reading, School
from convenor.registers.rules.spelling import fold

FAMILY = "fictitious"
READING = ("urn", "measure", "period", "value", "low", "high", "cohort", "mark")


class NotInventedError(ValueError):
    """A school meant to be invented has a URN or a name that a published edition already holds."""


def invent_schools(
    *,
    key: str,
    title: str,
    groups: Sequence[Mapping[str, Any]],
    schools: Sequence[Mapping[str, Any]],
    readings: Iterable[tuple[Any, ...]],
    inspections: Sequence[Mapping[str, Any]],
    by: Any,
    at: datetime,
) -> Edition:
    """Add invented schools, their groups, readings and inspections; the same `key` twice changes nothing.

    `schools`, `groups` and `inspections` hold fields of their tables by name; `readings` are rows in the order of READING. Raises
    NotInventedError where a URN or a name is that of a published school: nothing invented may stand beside a real school's name.
    """
    there = Edition.objects.filter(key=key, withdrawn_at=None).first()
    if there is not None:
        return there
    real = School.objects.filter(fictitious=False)
    taken = [*real.filter(urn__in=[s["urn"] for s in schools])[:1], *real.filter(name__in=[s["name"] for s in schools])[:1]]
    if taken:
        raise NotInventedError(f"{taken[0].name} ({taken[0].urn}) is a published school: choose another invented one.")
    content = json.dumps([key, list(schools)], default=str, sort_keys=True).encode()
    with transaction.atomic():
        ensure_authorities({school["authority_id"] for school in schools})
        edition = Edition.objects.create(
            key=key, family=FAMILY, publisher="Convenor", title=title, as_at=at.date(), licence="Invented; free to use",
            note="Made up for the demonstration. It describes no real school and counts in no comparison.",
            digest=hashlib.sha256(content).hexdigest(), file_name="", rows_read=len(schools), rows_loaded=len(schools), rows_refused=0,
            rows_aggregate=0, loaded_at=at, loaded_by=(by if isinstance(by, str) else by.label)[:200],
        )  # fmt: skip
        Group.objects.bulk_create(Group(fictitious=True, edition=edition, **group) for group in groups)
        School.objects.bulk_create(
            School(fictitious=True, search_name=fold(school["name"]), type_group=school_type(school["type_name"]).group, status="open",
                   described_by={"all": key}, **school)
            for school in schools
        )  # fmt: skip
        write_rows(Reading, READING, readings, constants={"edition_id": edition.pk})
        Inspection.objects.bulk_create(Inspection(edition=edition, **inspection) for inspection in inspections)
        journal.record(
            by=by, at=at, verb="schools.invented", subject_kind="edition", subject_key=key, subject_label=title,
            detail={"schools": len(schools)},
        )  # fmt: skip
    return edition
