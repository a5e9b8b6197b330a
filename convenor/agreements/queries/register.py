"""The register: which school agreed to which class of record, in which version, signed by whom, until when. For whoever runs agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.agreements.queries.agreeing import signed_rows
from convenor.agreements.queries.texts import Texts, runs, texts
from convenor.agreements.rules.classes import DataClass
from convenor.agreements.rules.standing import Standing, State, may_be_used, standing_of
from convenor.partnership.queries.holdings import PartnershipHere, day_of
from convenor.partnership.queries.members import MemberSeen, members

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class Line:
    """One member school, and where each class stands. `used`: whether it may be used beyond the school today."""

    school: MemberSeen
    standings: tuple[Standing, ...]
    used: tuple[bool, ...]

    @property
    def signed_by(self) -> str:
        """Who signed last, by role, and for which trust; "" for nobody."""
        last = max((each.signed for each in self.standings if each.signed and each.stands), key=lambda each: each.pk, default=None)
        return "" if last is None else f"{last.role}, {last.trust}" if last.trust else last.role

    @property
    def until_on(self) -> date | None:
        """When the first of its agreements ends."""
        return min((each.signed.until_on for each in self.standings if each.stands and each.signed), default=None)

    def in_state(self, state: str) -> bool:
        """Whether any class stands in this state."""
        return any(each.state.value == state for each in self.standings)


@dataclass(frozen=True, slots=True)
class Register:
    """The register of a partnership. `lines` are those asked for; `agreed` counts for each class the schools whose agreement stands."""

    here: PartnershipHere
    texts: Texts
    lines: tuple[Line, ...]
    total: int
    agreed: dict[DataClass, int]
    states: tuple[tuple[State, int], ...]
    not_yet: int


def register(slug: str, *, viewer: Viewer, at: date | datetime, state: str = "", text: str = "") -> Register | None:
    """The register, narrowed to schools of which any class stands in `state` and whose name holds `text`; None for whoever does not run
    agreements. Five queries."""
    if not runs(viewer, slug):
        return None
    on = day_of(at)
    seen = members(slug, viewer=viewer, at=on)
    if seen is None:
        return None
    known = texts(slug, viewer=viewer)
    rows = signed_rows(seen.here.id, [each.urn for each in seen.shown], viewer=viewer)
    until = known.first_asked_until
    everyone = []
    for school in seen.shown:
        standings = tuple(standing_of(one, rows.get(school.urn, ()), on=on) for one in DataClass)
        everyone.append(Line(school, standings, tuple(until is None or may_be_used(each, agree_by_on=until, on=on) for each in standings)))
    wanted = text.strip().lower()
    lines = [each for each in everyone if (not state or each.in_state(state)) and wanted in each.school.name.lower()]
    return Register(
        seen.here, known, tuple(lines), len(everyone),
        {one: sum(each.standings[number].stands for each in everyone) for number, one in enumerate(DataClass)},
        tuple((one, sum(each.in_state(one.value) for each in everyone)) for one in State),
        sum(not any(each.stands or each.state is State.WITHDRAWN for each in line.standings) for line in everyone),
    )  # fmt: skip
