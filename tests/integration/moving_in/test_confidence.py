"""What an old file says of a school reaches that school's own people alone: over the pages of moving in and those around them."""

from __future__ import annotations

from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from convenor.moving_in.models import LegacyNote, MoveIn
from convenor.partnership.models import Partnership
from tests.factories.partnership import AT, SLUG, World, world
from tests.integration.web.confidence import told_at
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db

SECRETS = {"words": "Head not coping since Easter", "reply": "It was one hard term."}
MOVE_INS = f"/p/{SLUG}/move-in/"
SET_APART = f"{MOVE_INS}set-apart/990001/"


@pytest.fixture
def here() -> World:
    """The invented partnership, with a note set apart of 990001 and its reply."""
    found = world()
    row = MoveIn.objects.create(
        partnership=Partnership.objects.get(slug=SLUG),
        begun_at=AT,
        begun_by="Mara Hollis",
        state="saved",
        saved_at=AT,
        saved_by="Mara Hollis",
    )
    LegacyNote.objects.create(
        partnership=row.partnership, move_in=row, school_id="990001", field="note", words=SECRETS["words"], file="log.csv", sheet_key=1,
        row=1, column=1, shown_from_on=AT.date(), until_on=date(2026, 12, 7), reply=SECRETS["reply"], replied_at=AT, replied_by="Ada",
    )  # fmt: skip
    return found


@pytest.fixture(autouse=True)
def now() -> Any:
    """The invented day."""
    with patch("django.utils.timezone.now", return_value=AT) as clock:
        yield clock


def addresses() -> list[str]:
    """Every page of moving in, and those on which something of it might come to light."""
    one = f"{MOVE_INS}{MoveIn.objects.get().pk}/"
    note = f"{SET_APART}{LegacyNote.objects.get().pk}/"
    own = [MOVE_INS, one, *(f"{one}{path}" for path in ("questions/", "changes/?what=all", "changes/changes.csv", "undo/", "set-apart/"))]
    around = ["/", "/schools/990001/", "/schools/990001/held/", f"/p/{SLUG}/journal/", f"/p/{SLUG}/members/", "/search/?q=coping"]
    return [*own, f"{MOVE_INS}constitution.toml", SET_APART, note, f"{note}delete/", *around]


@pytest.mark.parametrize("who", ["", "manager", "auditor", "broker", "clerk", "other head", "cluster lead", "officer", "trust lead"])
def test_nobody_else_is_told_what_an_old_file_says_of_a_school(here: World, who: str) -> None:
    browser = signed_in(here.people[who], code=True) if who else Client()
    assert told_at(browser, addresses(), SECRETS, signed_in=bool(who)) == {}


def test_its_own_head_is_told_on_its_own_pages_alone(here: World) -> None:
    note = LegacyNote.objects.get().pk
    told = told_at(signed_in(here.people["head"]), addresses(), SECRETS, signed_in=True)
    assert told == {"words": [SET_APART, f"{SET_APART}{note}/", f"{SET_APART}{note}/delete/"], "reply": [SET_APART, f"{SET_APART}{note}/"]}
