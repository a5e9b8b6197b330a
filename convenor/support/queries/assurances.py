"""What vouches for supporters, read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from convenor.support.models import Assurance
from convenor.support.rules.assurance import Assured


def assured_of(supporter_ids: Iterable[int], *, viewer: Any) -> dict[int, tuple[Assured, ...]]:
    """For each supporter everything that ever vouched for them; whoever has nothing is absent. One query.

    For the rules that ask whether assurance is in date; within the partnership it is shared.
    """
    found: dict[int, list[Assured]] = defaultdict(list)
    rows = Assurance.objects.filter(supporter_id__in=list(supporter_ids)).order_by("assured_on", "id")
    for pk, assured_on, until, withdrawn_on in rows.values_list("supporter_id", "assured_on", "valid_until_on", "withdrawn_on"):
        found[pk].append(Assured(assured_on, until, withdrawn_on))
    return {pk: tuple(each) for pk, each in found.items()}
