"""A move-in saved all or nothing and undone whole."""

from __future__ import annotations

import pytest

from convenor.archive.queries.reading import photograph
from convenor.moving_in.actions import save, undo
from convenor.moving_in.models import MoveIn
from tests.factories.moving_in import AT, LATER, SLUG, arriving_world, bring, dirty, seen, settle

pytestmark = pytest.mark.django_db


def test_a_dirty_set_is_saved_and_undone_to_the_very_rows() -> None:
    here = arriving_world()
    before = photograph(SLUG, viewer=here.manager)
    row = bring(here, dirty(here).files)
    settle(here, row)
    top = seen(here, row)
    saved = save(slug=SLUG, move_in_id=row.pk, by=here.manager, at=AT, version=top.version)
    assert saved.state == "saved"
    undo(slug=SLUG, move_in_id=row.pk, by=here.manager, at=LATER)
    assert photograph(SLUG, viewer=here.manager) == before
    assert MoveIn.objects.get(pk=row.pk).state == "undone"
