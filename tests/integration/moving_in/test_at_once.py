"""Two managers at the same moment, on both databases: one saves and the other is told."""

from __future__ import annotations

import pytest

from convenor.contacts.models import Contact
from convenor.moving_in.actions import save
from convenor.moving_in.models import MoveIn
from tests.factories.moving_in import AT, SLUG, arriving_world, bring, seen, settle
from tests.integration.support.test_at_once import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_save_at_once_one_does_and_the_other_is_told() -> None:
    here = arriving_world()
    urn = next(each.urn for each in here.schools if each.closed_on is None)
    rows = [
        bring(here, {name: f"URN,Role,Name,Email\n{urn},Head,Ada Example,{address}\n".encode()})
        for name, address in (("one.csv", "ada@one.example"), ("two.csv", "ada@two.example"))
    ]
    for row in rows:
        settle(here, row)
    versions = [seen(here, row).version for row in rows]
    said = together(
        *(
            lambda row=row, version=version: save(slug=SLUG, move_in_id=row.pk, by=here.manager, at=AT, version=version)
            for row, version in zip(rows, versions, strict=True)
        )
    )
    assert (said[-1], said[0] in ("NoLongerFits", "Refused")) == ("done", True)
    assert (Contact.objects.count(), MoveIn.objects.filter(state="saved").count()) == (1, 1)
