"""The pages of a result: what stands on them for whom, what is taken away, and what somebody typed that is no proper priority."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from convenor.conditions.models import DiamondNine, Workshop
from convenor.governance.models import Priority, TaskGroup
from convenor.partnership.actions import load_constitution
from tests.factories.partnership import file
from tests.factories.workshops import AT, SECRETS, SLUG, USUAL, World, diamond, note, phone, room, table, workshop, world
from tests.integration.conditions.test_results_actions import GROUP
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def here() -> Iterator[World]:
    with patch("django.utils.timezone.now", return_value=AT):
        yield world()


def browser(here: World, who: str) -> Client:
    """Somebody's browser."""
    return signed_in(here.people[who], code=True)


def address(row: Workshop, name: str = "workshop-results", *more: object) -> str:
    return reverse(name, args=[SLUG, row.pk, *more])


def test_result_holds_nothing_of_one_person(here: World) -> None:
    row = room(here, shown=["diamond"])
    note(table(row, label=SECRETS["label"]), SECRETS["note"])
    page = browser(here, "head").get(address(row)).content.decode()
    found = {what: words in page for what, words in SECRETS.items()}
    # The canvas has not been shown; a label is for its own table; three heads and three officers are no groups.
    assert found == {"comment": True, "note": False, "hidden": False, "label": False}
    assert re.findall(r"Heads|Officers", page) == []
    row.shown = ["diamond", "levels"]
    row.save()
    assert SECRETS["note"] in browser(here, "head").get(address(row)).content.decode()


def test_result_that_is_not_shown_is_no_page_for_members(here: World) -> None:
    row = room(here)
    names = ("workshop-results", "workshop-results-table", "workshop-results-slide")
    said = {who: [browser(here, who).get(address(row, name)).status_code for name in names] for who in ("head", "manager")}
    assert said == {"head": [404] * 3, "manager": [200] * 3}


def test_too_few_entries_are_said_to_be_too_few_and_nothing_can_be_taken_away(here: World) -> None:
    row = room(here, personal=4, tables=1, shown=["diamond"])
    client = browser(here, "manager")
    page = client.get(address(row))
    assert (page.status_code, "Too few entries have come to tell anything together" in page.content.decode()) == (200, True)
    assert (SECRETS["comment"] in page.content.decode(), "Mean rank" in page.content.decode()) == (False, False)
    files = ("workshop-results-table", "workshop-results-slide", "workshop-priorities")
    assert [client.get(address(row, name)).status_code for name in files] == [404] * 3


def test_large_groups_stand_side_by_side_with_what_differs(here: World) -> None:
    row = workshop(here, shown=["diamond"])
    for number in range(24):
        who, _ = phone(row, role="head" if number % 2 else "officer")
        diamond(who, "122333445" if number % 2 else "322133445")  # heads place vision on top, officers structures' neighbour
    page = browser(here, "head").get(address(row)).content.decode()
    assert re.search(r"<h2 id=\"groups\">([^<]+)</h2>", page).group(1) == "Heads and officers differ on two"  # type: ignore[union-attr]
    assert re.findall(r"<td[^>]*>(4\.0 \*)</td>", page) == ["4.0 *", "4.0 *"]


def test_script_in_words_and_names_is_shown_as_text(here: World) -> None:
    cards = [{"key": f"card-{number}", "name": f"{SCRIPT[:30]}{number}", "wording": "=1+1", "source": ""} for number in range(9)]
    row = workshop(here, cards=cards, shown=["diamond"], title=f"A {SCRIPT}")
    keys = tuple(each["key"] for each in cards)
    for _ in range(6):
        diamond(phone(row)[0], USUAL, comments={"card-1": f"Words {SCRIPT}"}, keys=keys)
    client = browser(here, "manager")
    for name in ("workshop-results", "workshop-results-slide"):
        page = client.get(address(row, name)).content.decode()
        assert (SCRIPT in page, "&lt;script&gt;alert(1)" in page) == (False, True)


def test_table_for_a_spreadsheet_holds_what_the_page_tells_and_runs_nothing(here: World) -> None:
    row = room(here, personal=12, tables=0, shown=["diamond"])
    row.cards = [each | {"wording": "=HYPERLINK(1)"} for each in row.cards]
    row.save()
    got = browser(here, "head").get(address(row, "workshop-results-table"))
    lines = list(csv.DictReader(io.StringIO(got.content.decode("utf-8-sig"))))
    assert [(each["part"], each["group"], each["entries"]) for each in lines[::9]] == [
        ("all entries", "", "12"),
        ("Roles", "Heads", "6"),
        ("Roles", "Officers", "6"),
    ]
    assert {each["wording"] for each in lines} == {"'=HYPERLINK(1)"}
    assert got.headers["Content-Disposition"] == f'attachment; filename="workshop-{row.pk}-result.csv"'


def test_another_diamond_that_fits_as_well_can_be_drawn(here: World) -> None:
    row = workshop(here, shown=["diamond"])
    for digits in (USUAL, "212333445"):
        diamond(table(row), digits)
    client = browser(here, "head")
    pictures = [
        re.findall(r"Row 1 \(strength\): ([A-Za-z]+),", client.get(address(row), {"diamond": number}).content.decode())[0]
        for number in ("1", "2", "3", "x", "99999")
    ]
    assert pictures == ["Vision", "Trust", "Vision", "Vision", "Vision"]
    assert "The other diamond" in client.get(address(row)).content.decode()


def test_slide_is_1920_by_1080_and_says_the_diamond_in_words(here: World) -> None:
    row = room(here, shown=["diamond"])
    got = browser(here, "head").get(address(row, "workshop-results-slide"))
    words = got.content.decode()
    assert re.search(r'width="(\d+)" height="(\d+)"', words).groups() == ("1920", "1080")  # type: ignore[union-attr]
    assert re.search(r"<desc>A diamond of nine cards in five rows. Row 1 \(strength\): Vision, mean rank", words) is not None
    assert got.headers["Content-Type"] == "image/svg+xml; charset=utf-8"


def test_words_are_taken_out_by_a_button_and_put_back(here: World) -> None:
    row = room(here, shown=["diamond"])
    written = DiamondNine.objects.exclude(comments={}).get()
    at = address(row, "workshop-words-hide", written.pk, "trust")
    lead, member = browser(here, "manager"), browser(here, "head")
    assert SECRETS["comment"] in lead.get(at).content.decode()
    seen = [SECRETS["comment"] in member.get(address(row)).content.decode()]
    for given in ({}, {"back": "yes"}):
        assert lead.post(at, given).headers["Location"] == f"{address(row)}#words"
        seen.append(SECRETS["comment"] in member.get(address(row)).content.decode())
    assert seen == [True, False, True]
    assert lead.get(address(row, "workshop-words-hide", written.pk, "vision")).status_code == 404


def test_bottom_three_are_taken_on_and_what_was_typed_is_not_lost(here: World) -> None:
    row = room(here, shown=["diamond"])
    client = browser(here, "manager")
    at = address(row, "workshop-priorities")
    days = {"from_on": "2026-11-02", "until_on": "2027-11-02"}
    typed = {"take-contributions": "on", "title-contributions": "Money that lasts, by July", "measure-contributions": ""}
    again = client.post(at, days | typed)
    assert (again.status_code, Priority.objects.count()) == (422, 0)
    assert ("Money that lasts, by July" in again.content.decode(), "Say how anyone will know" in again.content.decode()) == (True, True)
    done = client.post(at, days | typed | {"measure-contributions": "Costs of each tier are known"})
    assert done.headers["Location"] == address(row)
    assert [(each.title, each.came_from) for each in Priority.objects.all()] == [
        ("Money that lasts, by July", "Workshop: Our nine conditions")
    ]
    assert "Money that lasts, by July" in browser(here, "head").get(address(row)).content.decode()
    assert "take-contributions" not in client.get(at).content.decode()


def test_group_of_the_constitution_is_charged_from_the_same_form(here: World) -> None:
    load_constitution(text=file() + GROUP, by="the test", at=AT)
    row = room(here, shown=["diamond"])
    client = browser(here, "manager")
    given = {
        "from_on": "2026-11-02", "until_on": "2027-11-02", "due_on": "2027-07-01", "group": "money-group", "task": "Write them",
        "output": "", "take-structures": "on", "title-structures": "Structures", "measure-structures": "Terms of reference for each body",
    }  # fmt: skip
    again = client.post(address(row, "workshop-priorities"), given)
    assert (again.status_code, "Fill this in for the group, or choose no group" in again.content.decode()) == (422, True)
    assert client.post(address(row, "workshop-priorities"), given | {"output": "A paper"}).status_code == 302
    charged = TaskGroup.objects.get()
    assert (charged.body.key, charged.output, charged.priority.title if charged.priority else "") == (
        "money-group",
        "A paper",
        "Structures",
    )
