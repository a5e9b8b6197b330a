"""Which version the plan of a package stands at, and who agrees to it: for decisions, and for whoever sees the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from convenor.support.models import HeadAgreement, PackageLog
from convenor.support.rules.plan import Agreed
from convenor.support.rules.states import PackageStep, Who

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: A plan that nobody has changed yet stands at its first version.
FIRST = 1


def agreed_of(package_id: int, *, viewer: Viewer) -> Agreed:
    """Who agrees to the plan, and the version at which it stands: one more than the times it was changed. Two queries."""
    changes = PackageLog.objects.filter(package_id=package_id, step=PackageStep.PLAN_CHANGED.value).count()
    stands = HeadAgreement.objects.filter(package_id=package_id, withdrawn_at=None).values_list("side", "plan_version")
    return Agreed(FIRST + changes, {Who(side): version for side, version in stands})


def agreed_in_one(package_id: int, *, viewer: Viewer) -> Agreed:
    """The same in one query, where nothing is asked of a plan to which nobody agrees: its version is then 0."""
    logged = PackageLog.objects.filter(package_id=OuterRef("package_id"), step=PackageStep.PLAN_CHANGED.value).order_by()
    counted = Subquery(logged.values("package_id").annotate(many=Count("pk")).values("many"), output_field=IntegerField())
    rows = HeadAgreement.objects.filter(package_id=package_id, withdrawn_at=None).annotate(changes=Coalesce(counted, Value(0)))
    found = list(rows.values_list("side", "plan_version", "changes"))
    return Agreed(FIRST + found[0][2] if found else 0, {Who(side): version for side, version, _ in found})
