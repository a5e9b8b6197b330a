"""What a constitution file would change, before anything is changed; and the versions there have been."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.england.authorities import successors
from convenor.partnership.models import Constitution as Version
from convenor.partnership.models import Partnership
from convenor.partnership.queries.whole import Whole, read_whole
from convenor.partnership.roles import Permission
from convenor.partnership.rules import constitution as rules
from convenor.partnership.rules.changes import Difference, differences
from convenor.partnership.rules.checking import check
from convenor.partnership.rules.merging import Merged, lasting, merge
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.vocabulary import Severity
from convenor.registers.queries.known import groups_called, known_urns

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


ENDED_BY_LOADING = (BODY_ENDED, SEAT_ENDED, NO_LONGER_NAMED) = (
    "The body came to its end.", "The seat came to its end.", "The constitution names them no longer."
)  # fmt: skip
"""Why an appointment ended that nobody ended by hand."""

JUDGED_TOGETHER = frozenset({
    "appointments-overlap", "cap-broken", "dates-reversed", "ex-officio-by-hand", "members-too-many", "not-a-member", "not-independent",
    "phase-not-allowed", "role-not-allowed", "schools-too-many", "term-too-long", "too-many-holders", "too-many-of-a-kind",
    "too-many-terms", "two-seats-one-person", "type-not-allowed",
})  # fmt: skip
"""Errors that a file without fault can make together with those who are there already. All others are the file's own."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What loading a file would do. `errors` say why it would be refused; empty, it would be taken.

    `takes_effect` is the day on which what the file no longer names ends; `merged` every appointment as it would be, and
    `sittings` the keys of those that are there, in the order that `merged` counts them.
    """

    constitution: rules.Constitution
    differences: tuple[Difference, ...]
    problems: tuple[rules.Problem, ...]
    takes_effect: date
    merged: tuple[Merged, ...]
    sittings: tuple[int, ...] = ()

    @property
    def errors(self) -> tuple[rules.Problem, ...]:
        """The problems for which the file would be refused."""
        return tuple(each for each in self.problems if each.severity is Severity.ERROR)


def preview(text: str, *, viewer: Viewer | str, on: date, people: Mapping[str, int] | None = None) -> Preview:
    """What would change if this file were loaded on the day. Changes nothing.

    The file's rules are judged on the day, or on its own first day where that is later: the file by itself, and together with
    the schools and people that are there already. A viewer sees only what the file itself says unless they may change the
    structure of that partnership; an operator sees all. `people` gives the keys of people whom the file's names mean. Raises
    ConstitutionError when the file cannot be read.
    """
    new = parse(text)
    mine = isinstance(viewer, str) or (
        viewer.partnership is not None and viewer.partnership.slug == new.id and viewer.may(Permission.STRUCTURE_CHANGE)
    )
    whole = read_whole(new.id, members=True) if mine else None
    judged_on = max(on, new.from_on) if new.from_on else on
    takes_effect = _effective(new, whole.version_from_on if whole else None, on)
    alone = [*check(new, judged_on), *unknown_schools(new, viewer=viewer)]
    if whole is None:
        merged = merge((), (), new.appointments, takes_effect)
        return Preview(new, tuple(differences(None, new, judged_on, merged)), tuple(alone), takes_effect, merged)
    old = _named_as_in_file(whole, people or {})
    standing = {
        (body.id, seat.id) for body in new.bodies for seat in body.seats
        if all(each.until_on is None or each.until_on > takes_effect for each in (body, seat))
    }  # fmt: skip
    ended = {
        place for place, each in enumerate(whole.sittings) if each.ended_why in ENDED_BY_LOADING and (each.body, each.seat) in standing
    }
    merged = merge(old.appointments, _former(new.id), new.appointments, takes_effect, ended_by_loading=ended)
    problems = [*_together(old, new, merged, judged_on, alone, viewer), *_left(merged)]
    found = differences(old, new, judged_on, merged)
    return Preview(new, tuple(found), tuple(problems), takes_effect, merged, tuple(each.id for each in whole.sittings))


def _effective(new: rules.Constitution, last_from: date | None, day: date) -> date:
    """When a version takes effect: on the day it names, unless the version before it began then or later; else today."""
    return new.from_on if new.from_on is not None and (last_from is None or new.from_on > last_from) else day


def _former(slug: str) -> tuple[rules.Appointment, ...]:
    """The appointments of the last version that named any; none where no version did, or that text can be read no longer."""
    texts = Version.objects.filter(partnership__slug=slug, text__contains="appointment").order_by("-loaded_at", "-id")
    for text in texts.values_list("text", flat=True).iterator():
        with suppress(rules.ConstitutionError):
            if named := parse(text).appointments:
                return named
    return ()


def _named_as_in_file(whole: Whole, people: Mapping[str, int]) -> rules.Constitution:
    """What the tables hold, with each person by the name that the file has for them."""
    names = {key: name for name, key in people.items()}
    loaded = tuple(
        replace(each, person=names.get(sitting.person_id, each.person))
        for each, sitting in zip(whole.constitution.appointments, whole.sittings, strict=True)
    )
    return replace(whole.constitution, appointments=loaded)


def _together(
    old: rules.Constitution, new: rules.Constitution, merged: tuple[Merged, ...], on: date, alone: list[rules.Problem], viewer: Viewer | str
) -> list[rules.Problem]:
    """The file's own errors, those it makes with what is there already, and the warnings of both together.

    An error that stands today already, before the file is loaded, is no reason to refuse the file: it is shown as a warning.
    """
    names = ({row.trust for row in new.members} | {row.trust for row in new.appointments}) - {""}
    trusts = {uid: name for name, uid in groups_called(names, viewer=viewer).items() if name in names}
    seats = {(body.id, seat.id): seat for body in new.bodies for seat in body.seats}
    named = {row.school for row in new.members}
    bodies = {body.id for body in new.bodies}
    members = [*new.members]
    for row in old.members:
        if row.school not in named:
            inside = tuple(key for key in row.bodies if key in bodies)
            members.append(replace(row, bodies=inside, trust=trusts.get(row.trust, row.trust)))
    sitting = (replace(each, trust=trusts.get(each.trust, each.trust)) for each in lasting(merged, seats, on))
    both = check(replace(new, members=tuple(members), appointments=tuple(sitting)), on)
    errors = [each for each in alone if each.severity is Severity.ERROR]
    known, before = set(errors), set(check(old, on))
    for each in both:
        if each.severity is Severity.WARNING:
            errors.append(each)
        elif each.rule in JUDGED_TOGETHER and each not in known:
            errors.append(replace(each, severity=Severity.WARNING) if each in before else each)
    return errors


def _left(merged: tuple[Merged, ...]) -> list[rules.Problem]:
    """Those who would end because the file names them no longer, and were changed on the site since: a person decides."""
    return [
        rules.Problem(
            each.after.body, "appointment-left", Severity.WARNING,
            f"The file names {each.after.person} no longer, in seat {each.after.seat} of {each.after.body}. They were changed on the site "
            "since the version before, so they stay: end their time there if it is over.",
        )
        for each in merged if each.stays
    ]  # fmt: skip


def schools_named(new: rules.Constitution) -> dict[str, str]:
    """The URN of every school that a file names, with the body it is named for; "" for a member."""
    return {each.school: "" for each in new.members} | {each.school: each.body for each in new.appointments if each.school}


def unknown_schools(new: rules.Constitution, *, viewer: Viewer | str, severity: Severity = Severity.ERROR) -> list[rules.Problem]:
    """Schools that the file names and the register does not know: loading the file is refused for them. One query."""
    named = schools_named(new)
    known = known_urns(named, viewer=viewer) if named else frozenset()
    return [
        rules.Problem(
            body, "unknown-school", severity,
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
