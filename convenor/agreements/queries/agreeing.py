"""A school's own agreement: where each class stands, everything that was ever signed or withdrawn, and who may sign now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, Subquery

from convenor.agreements.models import Agreed, AgreementText
from convenor.agreements.queries.texts import Texts, texts
from convenor.agreements.rules.classes import DataClass
from convenor.agreements.rules.standing import RENEWS_WITHIN, Act, Signed, Standing, State, acts_of, may_be_used, standing_of
from convenor.partnership.models import Membership
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.queries.today import OwnSchool, own_schools
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class SchoolAgreement:
    """A school's agreement for those who act for it. `others` are further schools for which this viewer may sign; `post` their own post
    there.

    `used` tells of each class whether it may be used beyond the school today; `history` is newest first.
    """

    school: OwnSchool
    texts: Texts
    standings: tuple[Standing, ...]
    used: dict[DataClass, bool]
    history: tuple[Signed, ...]
    others: tuple[OwnSchool, ...]
    speaks: bool
    leads_trust: bool
    post: str

    @property
    def asked(self) -> bool:
        """Whether the school is asked now: a class never agreed to, or one that ends; or a newer version stands."""
        return self.texts.now is not None and any(each.renews for each in self.standings)

    @property
    def newer(self) -> bool:
        """Whether a newer version stands than one that the school agreed to."""
        now = self.texts.now
        return now is not None and any(each.stands and each.signed and each.signed.version < now.number for each in self.standings)

    @property
    def acts(self) -> tuple[Act, ...]:
        """What the school did, newest first, classes signed together in one."""
        return acts_of(reversed(self.history))

    @property
    def any_stands(self) -> bool:
        """Whether anything is agreed."""
        return any(each.stands for each in self.standings)

    @property
    def all_stand(self) -> bool:
        """Whether every class is agreed, and nothing waits."""
        return all(each.state is State.AGREED for each in self.standings) and not self.newer

    def standing(self, data_class: DataClass) -> Standing:
        """Where a class stands."""
        return next(each for each in self.standings if each.data_class is data_class)


def signed_rows(partnership_id: int, urns: Collection[str], *, viewer: Viewer | str) -> dict[str, tuple[Signed, ...]]:
    """Everything that these schools ever signed or withdrew, oldest first, by URN: of schools for which the viewer acts, all for whoever
    runs agreements and for our own queries. One query."""
    if not isinstance(viewer, str) and not viewer.may(Permission.AGREEMENT_RUN):
        urns = [urn for urn in urns if viewer.may(Permission.SCHOOL_ACT, urn=urn)]
    found: dict[str, list[Signed]] = defaultdict(list)
    rows = Agreed.objects.filter(partnership_id=partnership_id, school_id__in=urns).select_related("text").order_by("pk")
    for row in rows:
        found[row.school_id].append(
            Signed(
                row.pk, DataClass(row.data_class), row.text.number, row.name, row.role, row.trust,
                day_of(row.signed_at) if row.signed_at else None, row.until_on, day_of(row.withdrawn_at) if row.withdrawn_at else None,
                row.withdrawn_by, row.why,
            )
        )  # fmt: skip
    return {urn: tuple(some) for urn, some in found.items()}


def school_agreement(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> SchoolAgreement | None:
    """A school's agreement as it stands, for whoever acts for the school; None for anybody else. Four queries."""
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.SCHOOL_ACT, urn=urn):
        return None
    on = day_of(at)
    own = own_schools(viewer=viewer, on=on)
    school = next((each for each in own if each.urn == urn), None)
    if school is None:
        return None
    known = texts(slug, viewer=viewer)
    rows = signed_rows(here.id, [urn], viewer=viewer).get(urn, ())
    standings = tuple(standing_of(each, rows, on=on) for each in DataClass)
    asked_until = known.first_asked_until
    return SchoolAgreement(
        school, known, standings,
        {each.data_class: asked_until is None or may_be_used(each, agree_by_on=asked_until, on=on) for each in standings},
        tuple(reversed(rows)),
        tuple(each for each in own if each.urn != urn and viewer.may(Permission.SCHOOL_SPEAK, urn=each.urn)),
        viewer.may(Permission.SCHOOL_SPEAK, urn=urn),
        any(each.trust_uid and urn in each.urns and each.allows(Permission.SCHOOL_SPEAK, urn=urn) for each in viewer.holdings),
        next((each.title for each in viewer.holdings if each.allows(Permission.SCHOOL_SPEAK, urn=urn)), ""),
    )  # fmt: skip


def is_asked(urns: Collection[str], *, viewer: Viewer, at: date | datetime) -> ExpressionWrapper[Any]:
    """Whether any of these schools is asked to agree or to renew, for whoever speaks for it: a part of another query.

    A class from which the school withdrew asks nothing; it is the newest row of each class that counts.
    """
    here, on = viewer.partnership.id if viewer.partnership else 0, day_of(at)
    own = [urn for urn in urns if viewer.may(Permission.SCHOOL_SPEAK, urn=urn)]
    newer = Agreed.objects.filter(
        partnership_id=OuterRef("partnership_id"), school_id=OuterRef("school_id"), data_class=OuterRef("data_class"), pk__gt=OuterRef("pk")
    )
    settled = Agreed.objects.filter(partnership_id=here, school_id=OuterRef("school_id")).filter(~Exists(newer))
    settled = settled.filter(Q(withdrawn_at__isnull=False) | Q(until_on__gt=on + RENEWS_WITHIN))
    counted = settled.order_by().values("school_id").annotate(many=Count("pk")).values("many")
    members = Membership.objects.filter(in_force(on), partnership_id=here, school_id__in=own).annotate(settled=Subquery(counted))
    asked = members.filter(Q(settled=None) | Q(settled__lt=len(DataClass)))
    text = AgreementText.objects.filter(partnership_id=here, adopted_at__isnull=False)
    return ExpressionWrapper(Q(Exists(text)) & Q(Exists(asked)), output_field=BooleanField())


@dataclass(frozen=True, slots=True)
class AskedSchool:
    """One of the viewer's schools that is asked: to agree for the first time, or to renew; until when it still counts as before."""

    urn: str
    name: str
    renews: bool
    until_on: date | None


def asked_of(urns: Collection[str], *, viewer: Viewer, at: date | datetime) -> list[AskedSchool]:
    """Those of these schools that are asked to agree or to renew, for whoever speaks for them. Four queries, or none."""
    here = viewer.partnership
    own = [urn for urn in urns if viewer.may(Permission.SCHOOL_SPEAK, urn=urn)]
    if here is None or not own:
        return []
    on, known = day_of(at), texts(here.slug, viewer=viewer)
    if known.now is None:
        return []
    rows = signed_rows(here.id, own, viewer=viewer)
    found = []
    for school in own_schools(viewer=viewer, on=on):
        if school.urn not in own or not school.member:
            continue
        asking = [each for each in (standing_of(one, rows.get(school.urn, ()), on=on) for one in DataClass) if each.renews]
        if asking:
            ends = [each.signed.until_on for each in asking if each.signed]
            until = min(ends) if ends else known.first_asked_until
            found.append(AskedSchool(school.urn, school.name, bool(ends), until))
    return found
