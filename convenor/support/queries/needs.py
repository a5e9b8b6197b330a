"""What schools ask for, as each may see it: a school its own requests, a broker those of other schools, everybody else none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from convenor.governance.queries import priorities
from convenor.partnership.models import Membership, Tier
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Permission
from convenor.peer_review.rules.themes import name_of
from convenor.support.models import Need, Package
from convenor.support.rules.needs import FORMAT_SAYS, NEED_SAYS, ORIGIN_SAYS, Asked
from convenor.support.rules.states import NeedOrigin, NeedState, Payer, SupportFormat

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: States of a request that a list shows until somebody asks for the others.
NOW: Final = (NeedState.OPEN, NeedState.UNMET, NeedState.CHOSEN)


@dataclass(frozen=True, slots=True)
class NeedSeen:
    """One request. `words` and `ended_why` are "" for whoever may not read them; `package_id` is that of its newest package.

    `held`: the viewer is its broker. `own`: the viewer is of the school.
    `brokers`: they may look for somebody. `days`: so long it has waited, whole days.
    """

    pk: int
    slug: str
    urn: str
    school: str
    phase: str
    fictitious: bool
    closed: bool
    origin: NeedOrigin
    origin_key: str
    state: NeedState
    themes: tuple[str, ...]
    formats: tuple[str, ...]
    half_days: int
    budget_pence: int | None
    payer: Payer | None
    wanted_by_on: date | None
    asked_on: date
    asked_by: str
    days: int
    broker_id: int | None
    broker: str
    package_id: int | None
    held: bool
    words: str
    ended_on: date | None
    ended_why: str
    version: int
    own: bool
    brokers: bool

    @property
    def says(self) -> str:
        """Where it stands, in words."""
        return NEED_SAYS[self.state]

    @property
    def origin_says(self) -> str:
        """Where it came from, in words."""
        return ORIGIN_SAYS[self.origin]

    @property
    def theme_names(self) -> list[str]:
        """What it is about, the most wanted first."""
        return [name_of(each) for each in self.themes]

    @property
    def format_names(self) -> list[str]:
        """The ways of working that the school would like."""
        return [FORMAT_SAYS[SupportFormat(each)] for each in self.formats if each in set(SupportFormat)]

    @property
    def asked(self) -> Asked:
        """It again as it was filled in."""
        return Asked(self.themes, self.formats, self.words, self.half_days, self.budget_pence, self.payer, self.wanted_by_on)


@dataclass(frozen=True, slots=True)
class NeedsPage:
    """The requests that a viewer sees: their own schools', and for a broker those of the area. `counts` are of the area, by state.

    `schools` are those for which they may ask: URN and name.
    """

    own: tuple[NeedSeen, ...]
    area: tuple[NeedSeen, ...]
    counts: dict[NeedState, int]
    schools: tuple[tuple[str, str], ...]
    brokers: bool


def need_here(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> NeedSeen | None:
    """One request for its school's own people and for brokers of other schools; None for everybody else, as if there were none.

    Once a broker has chosen somebody, its words are for that broker alone, and for the school. At most two queries.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or viewer.person_id is None or pk >= 2**63:
        return None
    row = _rows(here.id).filter(pk=pk).first()
    if row is None:
        return None
    seen = _seen(row, slug, viewer, day_of(at))
    if not (seen.own or seen.brokers):
        return None
    newest = Package.objects.filter(need_id=pk).order_by("-pk").values_list("pk", flat=True).first()
    return replace(seen, package_id=newest)


def needs_page(slug: str, *, viewer: Viewer, at: date | datetime, state: NeedState | None = None, theme: str = "") -> NeedsPage | None:
    """The requests that the viewer may see, those that wait longest first; None outside the partnership.

    `state` and `theme` narrow those of the area. Without a state, requests taken back or agreed are left out. At most four queries.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.PARTNERSHIP_SEE):
        return None
    on, brokers = day_of(at), viewer.may(Permission.SUPPORT_BROKER)
    mine = [urn for urn in viewer.urns if viewer.may(Permission.SUPPORT_ASK, urn=urn)]
    members = Membership.objects.filter(in_force(on), partnership_id=here.id, school_id__in=mine) if mine else Membership.objects.none()
    schools = tuple(members.order_by("school__name", "school_id").values_list("school_id", "school__name"))
    rows = _rows(here.id) if brokers else _rows(here.id).filter(school_id__in=viewer.urns)
    seen = [_seen(row, slug, viewer, on) for row in rows] if brokers or viewer.urns else []
    packages = dict(Package.objects.filter(need_id__in=[each.pk for each in seen]).order_by("pk").values_list("need_id", "pk"))
    seen = [replace(each, package_id=packages.get(each.pk)) for each in seen]
    area = [each for each in seen if each.brokers]
    wanted = [
        each
        for each in area
        if (each.state is state if state is not None else each.state in NOW) and (not theme or theme in each.themes)
    ]  # fmt: skip
    counts = {one: sum(each.state is one for each in area) for one in NeedState}
    return NeedsPage(tuple(each for each in seen if each.own), tuple(map(_listed, wanted)), counts, schools, brokers)


def _listed(seen: NeedSeen) -> NeedSeen:
    """As a broker's list shows it: without the school's words, which its own page shows after writing down the look."""
    return replace(seen, words="", ended_why="", asked_by="")


def _rows(partnership_id: int) -> Any:
    rows = Need.objects.filter(partnership_id=partnership_id).select_related("school", "broker")
    return rows.order_by("asked_at", "id")


def _seen(row: Need, slug: str, viewer: Viewer, on: date) -> NeedSeen:
    own = viewer.sees_record(row.school_id)
    state = NeedState(row.state)
    held = row.broker_id is None or row.broker_id == viewer.person_id
    brokers = row.school_id not in viewer.urns and viewer.may(Permission.SUPPORT_BROKER)
    reads = own or (brokers and (held or state.waits))
    school = row.school
    return NeedSeen(
        pk=row.pk, slug=slug, urn=row.school_id, school=school.name, phase=school.phase, fictitious=school.fictitious,
        closed=school.status == "closed" or (school.closed_on is not None and school.closed_on <= on),
        origin=NeedOrigin(row.origin), origin_key=row.origin_key, state=state, themes=tuple(row.themes), formats=tuple(row.formats),
        half_days=row.half_days, budget_pence=row.budget_pence, payer=Payer(row.payer) if row.payer else None,
        wanted_by_on=row.wanted_by_on, asked_on=day_of(row.asked_at), asked_by=row.asked_by if reads else "",
        days=(on - day_of(row.asked_at)).days, broker_id=row.broker_id, broker=row.broker.name if row.broker else "", package_id=None,
        held=row.broker_id is not None and row.broker_id == viewer.person_id,
        words=row.words if reads else "", ended_on=row.ended_on, ended_why=row.ended_why if reads else "", version=row.version, own=own,
        brokers=brokers,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskingSchool:
    """The school for which somebody asks: published facts that nobody types again. `others` are further schools they may ask for."""

    urn: str
    school: str
    phase: str
    fictitious: bool
    others: tuple[tuple[str, str], ...]


def asking_school(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> AskingSchool | None:
    """A member school, for somebody who may ask for it or broker it; None for anybody else. Two queries."""
    here = viewer.partnership
    if here is None or here.slug != slug or not (viewer.may(Permission.SUPPORT_ASK, urn=urn) or viewer.may(Permission.SUPPORT_BROKER)):
        return None
    mine = [each for each in viewer.urns if viewer.may(Permission.SUPPORT_ASK, urn=each)]
    members = Membership.objects.filter(in_force(day_of(at)), partnership_id=here.id)
    row = members.filter(school_id=urn).values_list("school_id", "school__name", "school__phase", "school__fictitious").first()
    others = members.filter(school_id__in=mine).exclude(school_id=urn).order_by("school__name", "school_id")
    return AskingSchool(*row, tuple(others.values_list("school_id", "school__name"))) if row else None


def carriers(slug: str, *, viewer: Viewer, at: date | datetime) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """The tiers that could carry support, by key and name, and the priorities in force that it could serve, by key and title; for brokers,
    and empty for everybody else. Two queries."""
    if viewer.partnership is None or viewer.partnership.slug != slug or not viewer.may(Permission.SUPPORT_BROKER):
        return (), ()
    tiers = Tier.objects.filter(partnership_id=viewer.partnership.id).order_by("level").values_list("key", "name")
    return tuple(tiers), tuple((str(each.id), each.title) for each in priorities(slug, viewer=viewer, at=at))
