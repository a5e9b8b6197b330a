"""What a package costs, as its rules read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convenor.support.models import PackageCost
from convenor.support.rules.money import Cost
from convenor.support.rules.states import Payer

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


def costs_of(package_id: int, *, viewer: Viewer) -> list[Cost]:
    """The lines that stand. One query."""
    rows = PackageCost.objects.filter(package_id=package_id, ended_on=None).values_list(
        "payer", "half_days", "pence", "broker_pence", "commitment_id"
    )
    return [
        Cost(Payer(payer), half_days, pence, share, Payer(payer) is not Payer.FUND or commitment is not None)
        for payer, half_days, pence, share, commitment in rows
    ]
