"""Whether a class of record may be used beyond the school. What features above ask; the school itself always sees its own.

While a partnership has adopted no text nothing is withheld. Afterwards a school is withheld that withdrew, whose twelve months and thirty
days are past, or that had said nothing by the day until which schools were first asked. The rule in words is `rules.standing.may_be_used`;
a test holds the two together over every case.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from convenor.agreements.models import Agreed, AgreementText
from convenor.agreements.rules.classes import DataClass
from convenor.agreements.rules.standing import GRACE
from convenor.partnership.models import Membership
from convenor.partnership.queries.holdings import day_of

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


def not_to_be_used(slug: str, data_class: DataClass | str, *, viewer: Viewer | str | None, at: date | datetime) -> frozenset[str]:
    """The URNs of schools whose records of this class are not used beyond the school on the day. One query.

    Of schools that are or were members, or ever agreed. It is asked by our own queries, which then hide from their viewer.
    """
    rows = Membership.objects.filter(partnership__slug=slug).filter(_withheld(data_class, "partnership_id", "school_id", at))
    left = Agreed.objects.filter(partnership__slug=slug).filter(_withheld(data_class, "partnership_id", "school_id", at))
    return frozenset(rows.order_by().values_list("school_id", flat=True).union(left.order_by().values_list("school_id", flat=True)))


def withheld(
    data_class: DataClass | str, *, viewer: Viewer | str | None, at: date | datetime, partnership: str = "partnership_id",
    school: str = "school_id",
) -> ExpressionWrapper[Any]:  # fmt: skip
    """The same as a part of another query, so that it costs none: true for rows whose school's records of this class are withheld.

    `partnership` and `school` are where the row of that other query names its partnership's key and its school's URN.
    """
    return ExpressionWrapper(_withheld(data_class, partnership, school, at), output_field=BooleanField())


def _withheld(data_class: DataClass | str, partnership: str, school: str, at: date | datetime) -> Q:
    on = day_of(at)
    here = Q(partnership_id=OuterRef(partnership))
    texts = AgreementText.objects.filter(here, adopted_at__isnull=False)
    rows = Agreed.objects.filter(here, school_id=OuterRef(school), data_class=DataClass(data_class).value)
    stands = rows.filter(withdrawn_at=None, until_on__gt=on - GRACE)
    return Q(Exists(texts)) & ~Q(Exists(stands)) & (Q(Exists(rows)) | Q(Exists(texts.filter(agree_by_on__lt=on))))
