"""The plan of a move-in, worked out from its sheets, what was said, and what stands."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from convenor.moving_in.models import BroughtSheet, MoveIn, RememberedAnswer, Said
from convenor.moving_in.queries.standing import standing_for
from convenor.moving_in.rules.constitution import problems_of
from convenor.moving_in.rules.kinds import Kind
from convenor.moving_in.rules.planning import Shown
from convenor.moving_in.rules.planning_desk import LEAVE
from convenor.moving_in.rules.planning_standing import Brought, Standing
from convenor.moving_in.rules.planning_whole import plan
from convenor.moving_in.rules.planning_work import Work
from convenor.moving_in.rules.questions import STRUCTURE, as_question
from convenor.moving_in.rules.reading import Sheet
from convenor.moving_in.rules.recognising_lines import read_lines

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

_NUMBER = re.compile(r"(?<!\d)(\d{6}|\d{3}[/ -]?\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan: as it is shown, with the digest of that, and what it would have done."""

    shown: Shown
    digest: str
    work: Work


def planned(row: MoveIn, *, viewer: Viewer | str, at: datetime) -> Planned:
    """The plan of a move-in as things stand; for the actions of moving in, which have asked whether they may."""
    rows = list(BroughtSheet.objects.filter(file__move_in=row).select_related("file").order_by("file", "order", "pk"))
    filled = Counter(each.file_id for each in rows if any(map(any, each.rows)))
    sheets = [replace(_brought(each), alone=filled[each.file_id] < 2) for each in rows]
    said = dict(RememberedAnswer.objects.filter(partnership=row.partnership_id).values_list("key", "said"))
    said |= dict(Said.objects.filter(move_in=row).values_list("key", "said"))
    standing = standing_for(row.partnership.slug, _mentioned(sheets), viewer=viewer, at=at)
    found = plan(sheets, standing, said)
    shown, work = found.shown, found.work
    if work.constitution is not None:
        broken = problems_of(standing.constitution, work.constitution, standing.on)
        if broken:
            shown, work = _without_structure(sheets, standing, said, broken)
    return Planned(shown, _digest(shown), work)


#: What is left out where the constitution would break its own rules, by answer.
_LEFT_OUT = {"seats": (Kind.SEATS,), LEAVE: (Kind.CLUSTERS, Kind.SEATS)}


def _without_structure(sheets: list[Brought], standing: Standing, said: dict[str, str], broken: tuple[str, ...]) -> tuple[Shown, Work]:
    """Where the constitution would break its own rules: the manager leaves seats, or clusters too, out; or mends first what clashes."""
    question = as_question(broken)
    left_out = _LEFT_OUT.get(said.get(STRUCTURE, ""), ())
    found = plan([each for each in sheets if each.kind not in left_out], standing, said)
    constitution = found.work.constitution
    still = problems_of(standing.constitution, constitution, standing.on) if constitution is not None else ()
    if not left_out or still:
        kept = replace(found.work, constitution=None, seated=())
        return replace(found.shown, open=(*found.shown.open, as_question(still or broken))), kept
    return replace(found.shown, answered=(*found.shown.answered, replace(question, said=said[STRUCTURE]))), found.work


def _digest(shown: Shown) -> str:
    """Two plans that show the same have the same digest."""
    return hashlib.sha256(json.dumps(shown.as_json(), sort_keys=True).encode()).hexdigest()


def _brought(row: BroughtSheet) -> Brought:
    """A kept sheet as the rules know it."""
    sheet = Sheet(row.name, tuple(tuple(each) for each in row.rows), tuple(row.notes), tuple(row.uneven))
    kind, columns = Kind(row.kind), {str(key): int(at) for key, at in row.columns.items()}
    read = read_lines(sheet, kind, (row.header_first + 1, row.header_last + 1), columns)
    left = tuple((each.number, each.why[:1].upper() + each.why[1:] + ("" if each.why.endswith(".") else ".")) for each in read.left)
    return Brought(row.pk, row.file_id, row.file.name, row.name, kind, row.sure, bool(row.said_by), columns, read.lines, left)


def _mentioned(sheets: Iterable[Brought]) -> set[str]:
    """Every URN and LAESTAB that stands in the columns of schools."""
    found: set[str] = set()
    for sheet in sheets:
        for line in sheet.lines:
            for key in ("urn", "laestab", "school"):
                found |= {re.sub(r"\D", "", number) for number in _NUMBER.findall(line.values.get(key, ""))}
    return found
