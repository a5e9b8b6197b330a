"""Taking in a directory that another partnership, or anybody, published as Open Referral."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.support.models import Assurance, CapacityYear, Supporter
from convenor.support.queries.supporters import school_place
from convenor.support.rules.hsds import Listed
from convenor.support.rules.hsds_reading import Reading, read
from convenor.support.rules.refusals import NoWords


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of it: entries that are new, renewed and left because they are one's own; and what could not be read, each with why."""

    new: int
    renewed: int
    own: int
    left: tuple[str, ...] = field(default=())


def take_in(*, slug: str, content: Any, source: str, by: Viewer | str, at: datetime) -> TakenIn:
    """Takes in the entries of a published directory; taken in again, they are renewed. An entry of one's own is never overwritten.

    Evidence that counts today comes with them, and their days of the year as far as nothing is booked here. Entries taken in stand in no
    published directory of ours. All or nothing. Raises NotAllowed, NoWords without a source, DirectoryRefused for a file that is none.
    """
    allow(by, Permission.DIRECTORY_KEEP, partnership=slug)
    told = " ".join(source.split())[:200]
    if not told:
        raise NoWords("Say whose directory it is: that stands beside each entry. Nothing was changed.")
    found: Reading = read(content, on=day_of(at))
    here = partnership_id(slug)
    counts = {"new": 0, "renewed": 0, "own": 0}
    with transaction.atomic():
        for entry in found.entries:
            counts[_take(entry, here, told, by, at)] += 1
        journal.record(
            by=by, at=at, verb="directory.taken-in", subject_kind="directory", subject_key=slug, subject_label=told, partnership=slug,
            detail=dict(counts),
        )  # fmt: skip
    return TakenIn(counts["new"], counts["renewed"], counts["own"], found.left)


def _take(entry: Listed, here: int, source: str, by: Viewer | str, at: datetime) -> str:
    """One entry: "new", "renewed", or "own" for one that this partnership itself keeps."""
    row = Supporter.objects.select_for_update(of=("self",)).filter(partnership_id=here, uid=entry.uid).first()
    if row is not None and not row.taken_from:
        return "own"
    said = "new" if row is None else "renewed"
    row = row or Supporter(partnership_id=here, uid=entry.uid, from_on=day_of(at))
    school = school_place(entry.urn, viewer=by) if entry.urn else None
    row.kind, row.name, row.organisation, row.taken_from = entry.kind.value, entry.name, entry.organisation[:200], source
    taken = Supporter.objects.filter(partnership_id=here, kind="school", school_id=entry.urn, until_on=None).exclude(pk=row.pk)
    row.school_id = school.urn if school and not (entry.kind.value == "school" and taken.exists()) else None
    row.designations, row.expertise = list(entry.designations), list(entry.expertise)
    row.phases, row.formats = list(entry.phases), list(entry.formats)
    row.says, row.reach_km, row.published, row.until_on = entry.says, entry.reach_km, False, None
    row.version += said == "renewed"
    row.save()
    _evidence(row, entry, source, by, at)
    if entry.year:
        year, _ = CapacityYear.objects.get_or_create(supporter=row, year=entry.year, defaults={"half_days_offered": 0})
        year.half_days_offered = max(entry.half_days_left + year.half_days_booked, year.half_days_booked)
        year.save()
    return said


def _evidence(row: Supporter, entry: Listed, source: str, by: Viewer | str, at: datetime) -> None:
    """The evidence as the file has it now: what it no longer names is withdrawn, what it names anew is recorded."""
    standing = {(each.assurer, each.source, each.assured_on): each for each in Assurance.objects.filter(supporter=row, withdrawn_on=None)}
    for each in entry.assurances:
        known = standing.pop((each.assurer, each.source, each.assured_on), None)
        if known is None:
            Assurance.objects.create(
                supporter=row, kind=each.kind.value, assurer=each.assurer, source=each.source, assured_on=each.assured_on,
                valid_until_on=each.valid_until_on, recorded_at=at, recorded_by=f"taken in from {source}"[:200],
            )  # fmt: skip
    for gone in standing.values():
        gone.withdrawn_on, gone.withdrawn_why = day_of(at), f"No longer in the directory of {source}"[:300]
        gone.save()
