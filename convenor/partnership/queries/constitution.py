"""What a constitution file would change, before anything is changed; and the versions there have been."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.england.authorities import successors
from convenor.partnership.models import Constitution as Version
from convenor.partnership.models import Partnership
from convenor.partnership.queries.whole import read_whole
from convenor.partnership.roles import Permission
from convenor.partnership.rules import constitution as rules
from convenor.partnership.rules.changes import Difference, differences
from convenor.partnership.rules.checking import check
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.vocabulary import Severity
from convenor.registers.queries.known import known_urns

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class Preview:
    """What loading a file would do. `errors` say why it would be refused; empty, it would be taken."""

    constitution: rules.Constitution
    differences: tuple[Difference, ...]
    problems: tuple[rules.Problem, ...]

    @property
    def errors(self) -> tuple[rules.Problem, ...]:
        """The problems for which the file would be refused."""
        return tuple(each for each in self.problems if each.severity is Severity.ERROR)


def preview(text: str, *, viewer: Viewer | str, on: date) -> Preview:
    """What would change if this file were loaded on the day. Changes nothing.

    The file's rules are judged on the day, or on its own first day where that is later. A viewer sees only what the file
    itself says unless they may change the structure of that partnership; an operator sees all. Raises ConstitutionError when
    the file cannot be read.
    """
    new = parse(text)
    mine = isinstance(viewer, str) or (
        viewer.partnership is not None and viewer.partnership.slug == new.id and viewer.may(Permission.STRUCTURE_CHANGE)
    )
    old = read_whole(new.id, members=True) if mine else None
    judged_on = max(on, new.from_on) if new.from_on else on
    problems = [*check(new, judged_on), *_unknown_schools(new, viewer)]
    return Preview(new, tuple(differences(old.constitution if old else None, new, judged_on)), tuple(problems))


def _unknown_schools(new: rules.Constitution, viewer: Viewer | str) -> list[rules.Problem]:
    """Schools that the file names and the register does not know."""
    named = {each.school: "" for each in new.members} | {each.school: each.body for each in new.appointments if each.school}
    known = known_urns(named, viewer=viewer) if named else frozenset()
    return [
        rules.Problem(
            body, "unknown-school", Severity.ERROR,
            f"No loaded edition of the register knows a school with URN {urn}. Check the number, or load a newer edition first.",
        )
        for urn, body in sorted(named.items()) if urn not in known
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """One version of the written constitution. `loaded_by` is empty for those outside the partnership."""

    from_on: date
    loaded_at: datetime
    loaded_by: str
    digest: str
    text: str
    newest: bool


def versions(slug: str, *, viewer: Viewer) -> list[VersionSeen]:
    """Every version of a partnership's constitution, newest first; the people in it and who loaded it for its members. One query."""
    inside = viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.PARTNERSHIP_SEE)
    rows = Version.objects.filter(partnership__slug=slug).order_by("-loaded_at", "-id")
    seen = [
        VersionSeen(
            row.from_on, row.loaded_at, row.loaded_by if inside else "", row.digest, row.text if inside else row.published, newest=False
        )
        for row in rows
    ]
    return [replace(each, newest=number == 0) for number, each in enumerate(seen)]


@dataclass(frozen=True, slots=True)
class NewestVersion:
    """The constitution as it stands. `text` leaves out the member schools and appointments of the file: people are not published."""

    from_on: date
    loaded_at: datetime
    not_found: tuple[dict[str, str], ...]
    text: str


def newest_version(slug: str, *, viewer: Viewer) -> NewestVersion | None:
    """The newest version's text without anybody's name, open to anyone; None when there is no such partnership. One query."""
    row = Version.objects.filter(partnership__slug=slug).defer("text", "rules").order_by("-loaded_at", "-id").first()
    if row is None:
        return None
    return NewestVersion(row.from_on, row.loaded_at, tuple(row.not_found), row.published)


def areas_served(slug: str, *, viewer: Viewer) -> list[tuple[str, str]]:
    """Code and name of each local authority that a partnership serves, by code; open to anyone. Two queries.

    Those that the register knows as it names them; one that its file names and no loaded edition knows as the file does.
    """
    found = dict(Partnership.objects.filter(slug=slug, areas__isnull=False).values_list("areas__code", "areas__name"))
    own = Version.objects.filter(partnership__slug=slug).order_by("-loaded_at", "-id").values_list("rules", flat=True).first() or {}
    for area in own.get("areas", []):
        if not found.keys() & {area["code"], *successors(area["code"])}:
            found[area["code"]] = area["name"]
    return sorted(found.items())
