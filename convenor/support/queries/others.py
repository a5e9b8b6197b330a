"""Who else works with a school: what the register says, and what was entered; for the school, for brokers, for whoever coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, Q

from convenor.agreements.queries.uses import withheld
from convenor.agreements.rules.classes import DataClass
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.peer_review.rules.themes import in_order, name_of
from convenor.registers.models import School
from convenor.support.models import OtherSupport, Package
from convenor.support.rules.others import KIND_SAYS, REGISTER, Other, crowded, overlap, standing_others
from convenor.support.rules.states import OtherKind

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class OtherSeen:
    """Somebody who works with a school. `standing`: by what it is, from the register, and without a day. `words` and `source` are empty
    for whoever sees states and dates alone."""

    pk: int | None
    kind: OtherKind
    name: str
    about: tuple[str, ...] = ()
    words: str = ""
    from_on: date | None = None
    until_on: date | None = None
    source: str = ""
    standing: bool = False
    version: int = 0

    @property
    def says(self) -> str:
        """What kind of body it is, in words."""
        return KIND_SAYS[self.kind]

    @property
    def themes(self) -> tuple[str, ...]:
        """What it works on, by name."""
        return tuple(name_of(key) for key in self.about)

    def as_rule(self) -> Other:
        """The same, as the rules know it."""
        return Other(self.kind, self.name, self.about, self.standing)


@dataclass(frozen=True, slots=True)
class OthersAtSchool:
    """Everybody who works with a school. `may_enter`: the viewer may enter and end such a line."""

    urn: str
    school: str
    fictitious: bool
    own: bool
    may_enter: bool
    others: tuple[OtherSeen, ...]
    ended: tuple[OtherSeen, ...] = ()

    @property
    def crowded(self) -> bool:
        """Whether those who are there should be brought together before anybody more is sent."""
        return crowded(each.as_rule() for each in self.others)


def others_at(urn: str, *, viewer: Viewer, at: date | datetime) -> tuple[OtherSeen, ...]:
    """Who works with a school on a day, those of the register first; empty for whoever is neither of the school, nor a broker, nor
    coordinates. Two queries."""
    return _at(urn, viewer, day_of(at)) if _sees(urn, viewer) else ()


def others_about(urn: str, themes: tuple[str, ...], *, viewer: Viewer, at: date | datetime) -> tuple[OtherSeen, ...]:
    """Of those, whoever works on one of these themes already: to be spoken with before somebody more is matched. Two queries."""
    seen = others_at(urn, viewer=viewer, at=at)
    on_it = overlap((each.as_rule() for each in seen), themes)
    return tuple(each for each in seen if each.as_rule() in on_it)


def others_of_school(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> OthersAtSchool | None:
    """The page of a member school: who works with it now, and who did; None for anybody who may not see it. Four queries."""
    if viewer.partnership is None or viewer.partnership.slug != slug or not _sees(urn, viewer):
        return None
    row = School.objects.filter(urn=urn, memberships__partnership__slug=slug).values_list("name", "fictitious").first()
    if row is None:
        return None
    on = day_of(at)
    past = OtherSupport.objects.filter(partnership__slug=slug, school_id=urn, until_on__lte=on).order_by("-until_on", "-pk")
    ended = tuple(_seen(each, _reads(urn, viewer)) for each in past)
    return OthersAtSchool(urn, row[0], row[1], viewer.sees_record(urn), may_enter(urn, viewer=viewer), _at(urn, viewer, on), ended)


def may_enter(urn: str, *, viewer: Viewer) -> bool:
    """Whether this viewer may enter who works with a school: its own people, brokers, whoever coordinates."""
    return viewer.may(Permission.SUPPORT_ASK, urn=urn) or viewer.may(Permission.SUPPORT_BROKER) or _coordinates(viewer)


def _coordinates(viewer: Viewer) -> bool:
    return any(each.body_id is None and each.allows(Permission.PACKAGE_FOLLOW) for each in viewer.holdings)


def _sees(urn: str, viewer: Viewer) -> bool:
    return viewer.partnership is not None and (_reads(urn, viewer) or _coordinates(viewer))


def _reads(urn: str, viewer: Viewer) -> bool:
    """Whether they read the words too."""
    return viewer.sees_record(urn) or viewer.may(Permission.SUPPORT_BROKER)


def _at(urn: str, viewer: Viewer, on: date) -> tuple[OtherSeen, ...]:
    assert viewer.partnership is not None
    published = School.objects.filter(urn=urn).values_list("trust__name", "federation__name", "diocese").first() or ("", "", "")
    trust, federation, diocese = (each or "" for each in published)
    standing = standing_others(trust=trust, federation=federation, diocese=diocese)
    rows = OtherSupport.objects.filter(Q(until_on=None) | Q(until_on__gt=on), partnership_id=viewer.partnership.id, school_id=urn)
    if not viewer.sees_record(urn):
        works = Package.objects.filter(partnership_id=viewer.partnership.id, school_id=urn, broker_id=viewer.person_id, ended_on=None)
        rows = rows.filter(~Q(withheld(DataClass.SUPPORT, viewer=viewer, at=on)) | Q(Exists(works)))
    reads = _reads(urn, viewer)
    return (
        *(OtherSeen(None, each.kind, each.name, source=REGISTER, standing=True) for each in standing),
        *(_seen(row, reads) for row in rows.filter(from_on__lte=on).order_by("-from_on", "pk")),
    )


def _seen(row: OtherSupport, reads: bool) -> OtherSeen:
    words, source = (row.words, row.source) if reads else ("", "")
    return OtherSeen(
        row.pk, OtherKind(row.kind), row.name, in_order(row.about), words, row.from_on, row.until_on, source, version=row.version
    )  # fmt: skip
