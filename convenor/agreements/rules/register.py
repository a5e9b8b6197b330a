"""The register of agreements as rows of a file."""

from __future__ import annotations

from typing import Final

from convenor.agreements.rules.classes import NAMES
from convenor.agreements.rules.standing import Standing
from convenor.papers.rules import never_run

COLUMNS: Final = (
    "URN", "School", "Class of record", "Stands", "Used beyond the school", "Version", "Signed by", "Post", "Trust", "Signed on", "Last "
    "day",
    "Withdrawn on", "Withdrawn by", "Why",
)  # fmt: skip


def row_of(urn: str, school: str, standing: Standing, used: bool) -> tuple[str, ...]:
    """One school and one class of record, as texts that no spreadsheet runs: one that begins like a formula gets an apostrophe first."""
    signed = standing.signed
    cells: tuple[object, ...] = (urn, school, NAMES[standing.data_class], standing.state.value, "yes" if used else "no")
    if signed is None:
        cells += ("",) * 9
    else:
        last = signed.last_on if signed.signed_on else ""
        cells += (
            signed.version, signed.name, signed.role, signed.trust, signed.signed_on or "", last, signed.withdrawn_on or "",
            signed.withdrawn_by, signed.why,
        )  # fmt: skip
    return tuple(never_run(str(cell)) for cell in cells)
