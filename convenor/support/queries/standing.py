"""One package and how much of it this viewer may see: every page and every action about a package begins here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from convenor.agreements.queries.uses import withheld
from convenor.agreements.rules.classes import DataClass
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.support.models import Package
from convenor.support.queries.agreements import agreed_in_one
from convenor.support.rules.ownership import Onlooker, Sight, sights
from convenor.support.rules.states import PackageStatus, StateKind, Who

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class PackageHere:
    """A package for one viewer on a day: which it is, where it stands, in which way they take part, and what they may see of it."""

    pk: int
    slug: str
    urn: str
    school: str
    supporter_id: int | None
    supporter: str
    supplying_urn: str
    broker_id: int | None
    workflow: dict[str, Any]
    state: str
    kind: StateKind
    status: PackageStatus
    agreed: bool
    started_on: date | None
    ended_on: date | None
    version: int
    onlooker: Onlooker
    who: frozenset[Who]
    sights: frozenset[Sight]

    def sees(self, sight: Sight) -> bool:
        """Whether the viewer may see this part of the package."""
        return sight in self.sights

    def acts_as(self, who: Who) -> bool:
        """Whether the viewer takes this part in the package."""
        return who in self.who


def package_here(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> PackageHere | None:
    """The package as this viewer may see it today; None where there is none, or none for them: the two are told apart by nobody.

    The supplying side is the supporter's own person, and whoever speaks for or leads the school that lends them. A broker of one's own
    school's package is of the school and no broker. At most two queries.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or viewer.person_id is None:
        return None
    rows = Package.objects.filter(pk=pk, partnership__slug=slug).select_related("school", "supporter", "supporter__school")
    row = rows.annotate(withheld=withheld(DataClass.SUPPORT, viewer=viewer, at=at)).first()
    if row is None:
        return None
    on = day_of(at)
    agreed = agreed_in_one(row.pk, viewer=viewer)
    who = parts_of(row, viewer=viewer)
    looking = Onlooker(
        receiving=Who.RECEIVING in who,
        broker=Who.BROKER in who,
        supplying=bool(who & {Who.SUPPLYING, Who.SUPPORTER}),
        coordinates=Who.COORDINATOR in who,
        signs_off=Who.SIGN_OFF in who,
    )
    seen = sights(looking, agreed=Who.RECEIVING in agreed.on, ended_on=row.ended_on, on=on, withheld=row.withheld)
    if not seen:
        return None
    supporter = row.supporter
    return PackageHere(
        row.pk, slug, row.school_id, row.school.name, row.supporter_id, supporter.name if supporter else "",
        (supporter.school_id or "") if supporter else "", row.broker_id, row.workflow, row.state, StateKind(row.kind),
        PackageStatus(row.status), agreed.both, row.started_on, row.ended_on, row.version, looking, who, seen,
    )  # fmt: skip


def parts_of(row: Package, *, viewer: Viewer) -> frozenset[Who]:
    """Which parts this viewer takes in a package today. No query where `supporter` was fetched with it.

    Nobody is two sides at once: whoever is of the receiving school acts for it alone.
    """
    if viewer.person_id is None:
        return frozenset()
    if viewer.sees_record(row.school_id):
        return frozenset({Who.RECEIVING})
    found: set[Who] = set()
    supporter = row.supporter
    if supporter is not None:
        if supporter.person_id == viewer.person_id and viewer.may(Permission.SUPPORT_GIVE):
            found.add(Who.SUPPORTER)
        if supporter.school_id and viewer.sees_record(supporter.school_id):
            found.add(Who.SUPPLYING)
        elif supporter.person_id == viewer.person_id and not supporter.school_id and viewer.may(Permission.SUPPORT_GIVE):
            found.add(Who.SUPPLYING)  # nobody lends an independent supporter but they themselves
    if row.broker_id == viewer.person_id and viewer.may(Permission.SUPPORT_BROKER):
        found.add(Who.BROKER)
    if _at_partnership(viewer, Permission.PACKAGE_FOLLOW):
        found.add(Who.COORDINATOR)
    if _at_partnership(viewer, Permission.PACKAGE_SIGN_OFF) and row.broker_id != viewer.person_id:
        found.add(Who.SIGN_OFF)
    return frozenset(found)


def agreed_by_both(row: Package, *, viewer: Viewer) -> bool:
    """Whether both heads agree to the plan as it stands. One query."""
    return agreed_in_one(row.pk, viewer=viewer).both


def _at_partnership(viewer: Viewer, permission: Permission) -> bool:
    return any(each.body_id is None and each.allows(permission) for each in viewer.holdings)
