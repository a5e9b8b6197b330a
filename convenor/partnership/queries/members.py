"""Member schools, how they take part, and whom the board stands for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.partnership.models import BodySchool, Engagement, Membership, Partnership
from convenor.partnership.queries.holdings import PartnershipHere, day_of, in_force, partnership_here
from convenor.partnership.queries.structure import sees_names
from convenor.partnership.queries.whole import read_whole
from convenor.partnership.roles import Permission
from convenor.partnership.rules import engagement as rules
from convenor.partnership.rules.constitution import months_later
from convenor.partnership.rules.representation import Representation, representation_of
from convenor.partnership.rules.roll import Roll
from convenor.registers.queries.known import open_schools

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

NO_TRUST = "In no trust"
NO_CLUSTER = "In no cluster"
NOT_SAID = "Not said"
BROAD_TYPES = {"academy": "Academies", "free school": "Free schools", "maintained": "Maintained by the local authority"}


@dataclass(frozen=True, slots=True)
class MemberSeen:
    """A member school. `bodies` are those in which it sits, key and name; `clusters` the names of those nearest the schools."""

    urn: str
    name: str
    phase: str
    type_name: str
    type_group: str
    trust: str
    pupils: int | None
    fictitious: bool
    since: date | None
    bodies: tuple[tuple[str, str], ...]
    clusters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow the list, and how many schools it leaves."""

    key: str
    name: str
    schools: int


@dataclass(frozen=True, slots=True)
class MembersSeen:
    """Members by phase, type, trust and cluster. `shown` are those asked for; `others` open schools of its areas that are not members."""

    here: PartnershipHere
    shown: tuple[MemberSeen, ...]
    total: int
    phases: tuple[Choice, ...]
    types: tuple[Choice, ...]
    trusts: tuple[Choice, ...]
    clusters: tuple[Choice, ...]
    left: int
    others: tuple[tuple[str, str], ...]
    may_admit: bool


def _members(slug: str, on: date) -> tuple[MemberSeen, ...]:
    """Every member on the day with its bodies. Two queries."""
    bodies: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    placed = BodySchool.objects.filter(in_force(on), in_force(on, "body__"), partnership__slug=slug)
    for urn, key, name, hue in placed.order_by("body__order").values_list("school_id", "body__key", "body__name", "body__tier__hue"):
        bodies[urn].append((key, name, hue))
    rows = Membership.objects.filter(in_force(on), partnership__slug=slug).order_by("school__name", "school_id").values_list(
        "school_id", "school__name", "school__phase", "school__type_name", "school__type_group", "school__trust__name", "school__pupils",
        "school__fictitious", "from_on",
    )  # fmt: skip
    return tuple(
        MemberSeen(
            *row[:5], row[5] or "", *row[6:9], tuple((key, name) for key, name, _ in bodies.get(row[0], ())),
            tuple(name for _, name, hue in bodies.get(row[0], ()) if hue == "cluster"),
        )
        for row in rows
    )  # fmt: skip


def broad_type(member: MemberSeen) -> str:
    """Academies, free schools, maintained schools; the register's own word for what is none of these."""
    return BROAD_TYPES.get(member.type_group, member.type_name or NOT_SAID)


def members(
    slug: str, *, viewer: Viewer, at: date | datetime, phase: str = "", type_: str = "", trust: str = "", cluster: str = "", text: str = ""
) -> MembersSeen | None:
    """The members on the day, narrowed as asked; None when there is no such partnership. At most five queries.

    Membership is public. Which open schools of the areas are not members is shown to whoever may record that one joins.
    """
    on = day_of(at)
    here = partnership_here(slug)
    if here is None:
        return None
    everyone = _members(slug, on)
    asked = (
        (phase, lambda each: (each.phase or NOT_SAID,)), (type_, lambda each: (broad_type(each),)),
        (trust, lambda each: (each.trust or NO_TRUST,)), (cluster, lambda each: each.clusters or (NO_CLUSTER,)),
    )  # fmt: skip
    shown = [
        each
        for each in everyone
        if all(not wanted or wanted in of(each) for wanted, of in asked) and text.strip().lower() in each.name.lower()
    ]
    may_admit = here.slug == (viewer.partnership.slug if viewer.partnership else "") and viewer.may(Permission.MEMBER_ADMIT)
    others: tuple[tuple[str, str], ...] = ()
    left = 0
    if may_admit:
        there = {each.urn for each in everyone}
        open_now = open_schools(_areas(slug), viewer=viewer, fictitious=here.demonstration)
        others = tuple((urn, name) for urn, name in open_now if urn not in there)
        left = Membership.objects.filter(partnership__slug=slug, until_on__lte=on).count()
    return MembersSeen(
        here=here,
        shown=tuple(shown),
        total=len(everyone),
        phases=_choices((each.phase or NOT_SAID) for each in everyone),
        types=_choices(broad_type(each) for each in everyone),
        trusts=_choices((each.trust or NO_TRUST) for each in everyone),
        clusters=_choices(name for each in everyone for name in (each.clusters or (NO_CLUSTER,))),
        left=left,
        others=others,
        may_admit=may_admit,
    )


def _areas(slug: str) -> list[str]:
    """The codes of the local authorities that a partnership serves. One query."""
    return list(Partnership.areas.through.objects.filter(partnership__slug=slug).values_list("localauthority_id", flat=True))


def _choices(values: Iterable[str]) -> tuple[Choice, ...]:
    counts = Counter(values)
    return tuple(Choice(name, name, counts[name]) for name in sorted(counts))


@dataclass(frozen=True, slots=True)
class NotHeard:
    """A member school not yet heard from since a day: one to invite. `clusters` say who may do so."""

    urn: str
    name: str
    phase: str
    clusters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EngagementSeen:
    """Taking part since a day. `exact` says that counts are exact; else small groups stand together and counts are rounded.

    `took_part` of the `schools` did; None where that, beside any of the groupings, would tell of single schools.

    `not_heard` lists schools to invite, for the manager all of them, for the lead of a body those in it; for anyone else none.
    `invites` says that the viewer is one of those.
    """

    here: PartnershipHere
    since: date
    on: date
    exact: bool
    schools: int
    took_part: int | None
    by_phase: rules.Told
    by_type: rules.Told
    by_trust: rules.Told
    by_cluster: rules.Told
    by_kind: tuple[tuple[str, int], ...]
    not_heard: tuple[NotHeard, ...]
    invites: bool


def engagement(
    slug: str, *, viewer: Viewer, at: date | datetime, since: date | None = None, exactly: bool = True
) -> EngagementSeen | None:  # fmt: skip
    """How members take part, over the twelve months before the day or since another; None for those who may not see it.

    A school took part when it attended, reviewed, answered or offered anything. Who signed in or read what is not recorded.
    Only whoever may follow up across the whole partnership sees exact counts, and not where what is told is kept for others (`exactly`).
    At most four queries.
    """
    on = day_of(at)
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.ENGAGEMENT_SEE):
        return None
    since = since or months_later(on, -12)
    everyone = _members(slug, on)
    acts = list(Engagement.objects.filter(partnership=here.id, on__gte=since, on__lte=on).values_list("school_id", "kind"))
    heard = frozenset(urn for urn, _ in acts) & {each.urn for each in everyone}
    exact = exactly and any(each.allows(Permission.ENGAGEMENT_FOLLOW_UP) and each.body_id is None for each in viewer.holdings)
    tell = rules.exact if exact else rules.guarded
    kinds = Counter(kind for urn, kind in {(urn, kind) for urn, kind in acts} if urn in {each.urn for each in everyone})
    mine = _reach(viewer, everyone, exact, on)
    not_heard = tuple(NotHeard(each.urn, each.name, each.phase, each.clusters) for each in mine if each.urn not in heard)

    def told(of: str) -> rules.Told:
        return tell(rules.took_part_counts(((each.urn, _groups(each, of)) for each in everyone), heard))

    ways = {of: told(of) for of in ("phase", "type", "trust", "cluster")}
    telling = any(each.took_part is None for each in ways.values())
    return EngagementSeen(
        here=here,
        since=since,
        on=on,
        exact=exact,
        schools=len(everyone),
        took_part=None if telling else ways["phase"].took_part,
        by_phase=ways["phase"],
        by_type=ways["type"],
        by_trust=ways["trust"],
        by_cluster=ways["cluster"],
        by_kind=tuple((kind.value, kinds[kind.value] if exact else rules.rounded(kinds[kind.value], len(everyone))) for kind in rules.Kind),
        not_heard=not_heard,
        invites=viewer.may(Permission.ENGAGEMENT_FOLLOW_UP),
    )


def _groups(member: MemberSeen, of: str) -> tuple[str, ...]:
    return {
        "phase": (member.phase or NOT_SAID,), "type": (broad_type(member),), "trust": (member.trust or NO_TRUST,),
        "cluster": member.clusters or (NO_CLUSTER,),
    }[of]  # fmt: skip


def _reach(viewer: Viewer, everyone: tuple[MemberSeen, ...], whole: bool, on: date) -> tuple[MemberSeen, ...]:
    """The members whose names this viewer may see beside whether they were heard from."""
    if whole:
        return everyone
    led = viewer.bodies(Permission.ENGAGEMENT_FOLLOW_UP)
    if not led:
        return ()
    mine = set(BodySchool.objects.filter(in_force(on), body__in=led).values_list("school_id", flat=True))
    return tuple(each for each in everyone if each.urn in mine)


@dataclass(frozen=True, slots=True)
class RepresentationSeen:
    """A board beside the schools it stands for. `body` is its key, "" for all at the top; `bodies` those that may be chosen."""

    here: PartnershipHere
    body: str
    body_name: str
    bodies: tuple[tuple[str, str], ...]
    standing: Representation
    trust_names: dict[str, str]


def representation(slug: str, *, viewer: Viewer, at: date | datetime, body: str = "") -> RepresentationSeen | None:
    """For whom a board speaks, by phase, trust and type of school; None for those who may not see it. Eight queries.

    Without `body`, the bodies at the top of the partnership are taken together.
    """
    on = day_of(at)
    if not sees_names(viewer, slug) or not viewer.may(Permission.REPRESENTATION_SEE):
        return None
    whole = read_whole(slug, on=on, members=True)
    if whole is None:
        return None
    bodies = tuple((each.id, each.name) for each in Roll(whole.constitution).bodies(on) if each.seats)
    chosen = body if body in dict(bodies) else ""
    standing = representation_of(whole.constitution, on, chosen)
    in_trusts = Membership.objects.filter(partnership=whole.here.id, school__trust__isnull=False)
    names = dict(in_trusts.values_list("school__trust_id", "school__trust__name"))
    return RepresentationSeen(whole.here, chosen, dict(bodies).get(chosen, ""), bodies, standing, names)


def schools_to_note(slug: str, *, viewer: Viewer, at: date | datetime) -> list[tuple[str, str]]:
    """URN and name of the members for which this viewer may note that they took part: all, or those in the bodies they lead."""
    on = day_of(at)
    if viewer.partnership is None or viewer.partnership.slug != slug or not viewer.may(Permission.ENGAGEMENT_RECORD):
        return []
    everyone = _members(slug, on)
    return [(each.urn, each.name) for each in _reach(viewer, everyone, viewer.may(Permission.MEMBER_ADMIT), on)]


@dataclass(frozen=True, slots=True)
class MemberCounts:
    """How many members, and how many of each phase, most first."""

    total: int
    by_phase: tuple[tuple[str, int], ...]


def member_counts(slug: str, *, viewer: Viewer, at: date | datetime) -> MemberCounts:
    """Members on the day by phase; membership is public. One query."""
    on = day_of(at)
    phases = Counter(Membership.objects.filter(in_force(on), partnership__slug=slug).values_list("school__phase", flat=True))
    return MemberCounts(phases.total(), tuple((phase or NOT_SAID, count) for phase, count in phases.most_common()))
