"""Ratings and notes of concern in old files: found, asked about once for each file, and never brought in silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from convenor.england.working_days import BeyondTheListError, add_working_days
from convenor.moving_in.rules.concerns import concerns_in
from convenor.moving_in.rules.planning import Question
from convenor.moving_in.rules.planning_desk import Desk, Where
from convenor.moving_in.rules.planning_standing import Brought
from convenor.moving_in.rules.planning_work import ApartLine
from convenor.moving_in.rules.states import SHOWN_WORKING_DAYS, Legacy
from convenor.support.rules.earlier import SUPPORT_GIVEN

#: Fields that are set apart word for word; a status says nothing that a school need be shown beyond it.
FIELDS: Final = ("rating", "note", "what", "status")


def deleted_on(shown_from: date) -> date:
    """The day on which what a school was shown is deleted without its word: the one after ten working days.

    Beyond the years whose bank holidays are known, weekends alone are counted.
    """
    try:
        return add_working_days(shown_from, SHOWN_WORKING_DAYS + 1)
    except BeyondTheListError:
        weeks, days = divmod(SHOWN_WORKING_DAYS, 5)
        return date.fromordinal(shown_from.toordinal() + 7 * weeks + days + 1)


@dataclass(slots=True)
class LegacyFound:
    """What one plan sets apart, by file."""

    desk: Desk
    found: dict[tuple[int, str], list[tuple[Brought, str, str, str, Where]]] = field(default_factory=dict)

    def cleaned(self, sheet: Brought, values: Mapping[str, str], urn: str, where: Where) -> dict[str, str]:
        """The values of a line without what judges; that is set apart for its school."""
        kept = dict(values)
        for each in concerns_in(sheet.kind, values):
            if each.field not in FIELDS:
                continue
            kept[each.field] = SUPPORT_GIVEN if each.field == "what" else ""
            self.found.setdefault((sheet.file_id, sheet.file), []).append((sheet, urn, each.field, each.text, where))
        return kept

    def close(self) -> tuple[ApartLine, ...]:
        """Asks of each file that has any, and gives what is set apart of those that were answered."""
        work = []
        for (file_id, file), found in self.found.items():
            ratings = sum(each[2] in ("rating", "status") for each in found)
            schools = len({each[1] for each in found})
            said = self.desk.ask(
                Question(
                    f"legacy:{file_id}", f"{file} holds {_counted(ratings, len(found) - ratings)} about {schools} "
                    f"school{'' if schools == 1 else 's'}. What is done with them?",
                    "They never become part of a record, score, list or total here. A school that is shown them replies, keeps them or has "
                    "them deleted; without its word they are deleted after ten working days.",
                    ((Legacy.SHOW.value, "Show each school its own for ten working days"), (Legacy.DELETE.value, "Delete them now")),
                ),
                [each[4] for each in found],
            )  # fmt: skip
            if said:
                work += [self._line(each, said == Legacy.SHOW.value) for each in found]
        return tuple(work)

    @staticmethod
    def _line(found: tuple[Brought, str, str, str, Where], show: bool) -> ApartLine:
        sheet, urn, key, words, where = found
        return ApartLine(urn, key, words, sheet.file, sheet.sheet_id, where[1] - 1, sheet.columns[key], show)


def _counted(ratings: int, notes: int) -> str:
    """How many of each, in words."""
    said = [f"{ratings} rating{'' if ratings == 1 else 's'}"] if ratings else []
    said += [f"{notes} note{'' if notes == 1 else 's'} that judge{'s' if notes == 1 else ''} somebody"] if notes else []
    return " and ".join(said)


def scrubbed(rows: Sequence[Sequence[str]], apart: Sequence[ApartLine]) -> list[list[str]]:
    """The cells of a sheet without what was set apart."""
    found = [list(each) for each in rows]
    for each in apart:
        if each.row < len(found) and each.column < len(found[each.row]):
            found[each.row][each.column] = ""
    return found
