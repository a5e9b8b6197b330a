"""How many of the schools that were asked have answered, and which have not: names only for whoever may follow up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.consultation.models import Consultation, Invitation, Response
from convenor.consultation.queries.consultations import ConsultationSeen
from convenor.consultation.queries.people import addressees, reach
from convenor.consultation.queries.responses import NO_CLUSTER, NO_TRUST, NOT_SAID
from convenor.consultation.rules.rates import GROUPINGS, SIZE_WORDS, Rate, counts, in_order, may_write
from convenor.consultation.rules.states import ConsultationState, ResponseKind, ResponseState
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.queries.members import members
from convenor.partnership.roles import Permission
from convenor.partnership.rules.engagement import guarded, rounded

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class NotHeard:
    """A school not yet heard from, for somebody who may invite it again."""

    urn: str
    name: str
    phase: str
    cluster: str
    fictitious: bool
    invited_on: date | None
    reminded_on: date | None
    reminders: int
    reached: bool
    rested: bool


@dataclass(frozen=True, slots=True)
class RatesTold:
    """Response rates. `exact` for whoever follows up everywhere; else small groups are put together and counts rounded to five.

    `own` is the exact rate of the bodies that the viewer leads, None for others. `views` counts views from anyone, on the same terms.
    """

    whole: Rate
    by: tuple[tuple[str, tuple[Rate, ...]], ...]
    exact: bool
    own: Rate | None
    not_heard: tuple[NotHeard, ...]
    follows_up: bool
    views: int | None


def whole(seen: ConsultationSeen, *, viewer: Viewer, at: date | datetime) -> Rate | None:
    """How many of all schools have answered: exact for whoever runs it; for everybody, rounded to five, once it has closed. Two queries."""
    if seen.state is ConsultationState.DRAFT:
        return None
    everywhere = _everywhere(viewer, seen)
    if not everywhere and seen.takes:
        return None
    rows, heard = list(Invitation.objects.filter(consultation_id=seen.pk)), _heard(seen.pk)
    return _total(rows, heard, everywhere)


def rates(seen: ConsultationSeen, *, viewer: Viewer, at: date | datetime) -> RatesTold | None:
    """Response rates by phase, type, trust, cluster and size; None for somebody who may not see how schools take part.

    Names of schools not yet heard from: all for whoever follows up everywhere, those of the bodies they lead for their leads, none for
    anybody else. At most six queries.
    """
    if viewer.partnership is None or viewer.partnership.slug != seen.slug or not viewer.may(Permission.ENGAGEMENT_SEE):
        return None
    on = day_of(at)
    everywhere = _everywhere(viewer, seen)
    rows = list(Invitation.objects.filter(consultation_id=seen.pk).select_related("school").order_by("school__name", "school_id"))
    heard = _heard(seen.pk)
    by = tuple((said, _grouped(rows, heard, of, everywhere)) for of, said in GROUPINGS.items())
    mine = reach(viewer=viewer, at=at)
    led = [each for each in rows if mine is None or each.school_id in mine]
    follows_up = viewer.may(Permission.ENGAGEMENT_FOLLOW_UP)
    own = Rate("", len(led), sum(each.school_id in heard for each in led)) if follows_up and mine is not None and led else None
    views = Response.objects.filter(consultation_id=seen.pk, kind=ResponseKind.VIEW.value, state=ResponseState.SENT.value).count()
    silent = _not_heard(seen, led, heard, viewer, on) if follows_up else ()
    return RatesTold(_total(rows, heard, everywhere), by, everywhere, own, silent, follows_up, views if everywhere else None)


@dataclass(frozen=True, slots=True)
class ToBeAsked:
    """How many schools would be asked today, and how many of them no letter reaches."""

    schools: int
    without: int


def to_be_asked(seen: ConsultationSeen, *, viewer: Viewer, at: date | datetime) -> ToBeAsked:
    """Whom opening would ask, for whoever runs it. Four queries."""
    found = members(seen.slug, viewer=viewer, at=at)
    urns = [each.urn for each in found.shown] if found else []
    here = found.here.id if found else 0
    return ToBeAsked(len(urns), len(urns) - len(addressees(here, urns, viewer=viewer, on=day_of(at))))


def without_letter(seen: ConsultationSeen, *, viewer: Viewer, at: date | datetime) -> int | None:
    """How many schools of an open consultation were never written to, for whoever runs it. One query, or none."""
    if not seen.runs or seen.state is not ConsultationState.OPEN:
        return None
    return Invitation.objects.filter(consultation_id=seen.pk, invited_at=None).count()


def _everywhere(viewer: Viewer, seen: ConsultationSeen) -> bool:
    at_home = viewer.partnership is not None and viewer.partnership.slug == seen.slug
    return at_home and any(each.allows(Permission.ENGAGEMENT_FOLLOW_UP) and each.body_id is None for each in viewer.holdings)


def _heard(pk: int) -> frozenset[str]:
    rows = Response.objects.filter(consultation_id=pk, state=ResponseState.SENT.value, kind=ResponseKind.SCHOOL.value)
    return frozenset(rows.values_list("school_id", flat=True))


def _group(row: Invitation, of: str) -> str:
    words: Mapping[str, str] = {
        "phase": row.phase or NOT_SAID, "type": row.type or NOT_SAID, "trust": row.trust or NO_TRUST, "cluster": row.cluster or NO_CLUSTER,
        "size": SIZE_WORDS.get(row.size, row.size),
    }  # fmt: skip
    return words[of]


def _counted(rows: list[Invitation], heard: frozenset[str], of: str) -> dict[str, tuple[int, int]]:
    return in_order(of, counts((_group(each, of), each.school_id in heard) for each in rows))


def _grouped(rows: list[Invitation], heard: frozenset[str], of: str, everywhere: bool) -> tuple[Rate, ...]:
    found = _counted(rows, heard, of)
    if everywhere:
        return tuple(Rate(group, asked, answered) for group, (asked, answered) in found.items())
    told = {each.name: Rate(each.name, each.schools, each.took_part, rounded=True) for each in guarded(found).groups}
    return tuple(told[group] for group in (*found, *(name for name in told if name not in found)) if group in told)


def _total(rows: list[Invitation], heard: frozenset[str], everywhere: bool) -> Rate:
    """All schools together: exact, or rounded; not told where beside the groups it would tell of one."""
    if everywhere:
        return Rate("", len(rows), len(heard))
    telling = any(guarded(_counted(rows, heard, of)).took_part is None for of in GROUPINGS)
    return Rate("", len(rows), None if telling else rounded(len(heard), len(rows)), rounded=True)


def _not_heard(seen: ConsultationSeen, led: list[Invitation], heard: frozenset[str], viewer: Viewer, on: date) -> tuple[NotHeard, ...]:
    silent = [each for each in led if each.school_id not in heard]
    here = Consultation.objects.values_list("partnership_id", flat=True).get(pk=seen.pk)
    reached = addressees(here, [each.school_id for each in silent], viewer=viewer, on=on)

    def line(each: Invitation) -> NotHeard:
        invited, reminded = (day_of(one) if one else None for one in (each.invited_at, each.reminded_at))
        return NotHeard(
            each.school_id, each.school.name, each.phase, each.cluster, each.school.fictitious, invited, reminded, each.reminders,
            each.school_id in reached, may_write(invited_on=invited, reminded_on=reminded, on=on),
        )  # fmt: skip

    return tuple(line(each) for each in silent)
