"""The pages of a room: what each role reads there, what it does not, and that buttons do what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.conditions.models import CanvasNote, DiamondNine, Participant, Prediction, Workshop
from convenor.conditions.queries.wall import wall
from convenor.conditions.queries.workshops import before, canvas_of, canvases, console, foreseen, workshop, workshops
from convenor.conditions.rules.agendas import agenda, as_text
from tests.factories import workshops as make
from tests.factories.workshops import AT, KEYS, ON, SECRETS, SLUG, World
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
OTHERS = ("head", "officer", "board member", "alliance lead")


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with patch("django.utils.timezone.now", return_value=AT + timedelta(minutes=9)) as now:
        yield now


@pytest.fixture
def here() -> World:
    """Fernshire."""
    return make.world()


def browser(here: World, who: str) -> Client:
    """Somebody's browser."""
    return signed_in(here.people[who], code=True)


def at(name: str, row: Workshop, *more: int) -> str:
    """The address of a page of a workshop."""
    return reverse(name, args=[SLUG, row.pk, *more])


def words(got: Any) -> str:
    """The text of a page, blanks as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", got.content.decode())).replace("&#39;", "’")


def busy(here: World, **more: Any) -> Workshop:
    """A room that has something in it that not everybody may read."""
    row = make.room(here, facilitator="cluster lead", **more)
    make.note(make.table(row), SECRETS["note"])
    make.note(make.table(row), SECRETS["hidden"], hidden_on=ON)
    make.paper(row, label="Sheet of the window table")
    return row


# --- what is read by whom


@pytest.mark.parametrize("who", OTHERS)
def test_nothing_that_a_room_wrote_is_read_before_it_is_shown(here: World, who: str) -> None:
    row, client = busy(here), browser(here, who)
    pages = [client.get(at(name, row)).content.decode() for name in ("workshop", "workshop-board", "workshop-canvases")]
    pages.append(client.get(reverse("workshops", args=[SLUG])).content.decode())
    held = [*SECRETS.values(), row.join_code, make_read(row.join_code), "Sheet of the window table"]
    assert [(number, secret) for number, page in enumerate(pages) for secret in held if secret in page] == []
    assert client.get(at("workshop-canvases", row)).status_code == 404


def make_read(code: str) -> str:
    """A code as a page writes it."""
    return f"{code[:4]} {code[4:]}"


@pytest.mark.parametrize("who", OTHERS)
def test_a_canvas_that_is_shown_is_read_without_the_lines_taken_off(here: World, who: str) -> None:
    row = busy(here, shown=["levels"])
    make.note(make.table(row), "Not of a shown step", step="factors", prompt="factors")
    page = browser(here, who).get(at("workshop-canvases", row)).content.decode()
    said = [secret in page for secret in (SECRETS["note"], SECRETS["hidden"], SECRETS["label"], "Not of a shown step", "Take off")]
    assert said == [True, False, False, False, False]


@pytest.mark.parametrize("who", ["cluster lead", "manager"])
def test_who_leads_reads_all_lines_and_can_take_them_off(here: World, who: str) -> None:
    page = browser(here, who).get(at("workshop-canvases", busy(here))).content.decode()
    assert [SECRETS[key] in page for key in ("note", "hidden", "label", "comment")] == [True, True, False, False]
    assert (page.count("Take off"), page.count("Put back")) == (1, 1)


@pytest.mark.parametrize("who", ["cluster lead", "manager"])
def test_console_and_wall_count_and_tell_nothing_of_one_entry(here: World, who: str) -> None:
    row, client = busy(here), browser(here, who)
    pages = [client.get(at(name, row)).content.decode() for name in ("workshop-lead", "workshop-wall")]
    held = [*SECRETS.values(), "Sheet of the window table", "secret-of-phone"]
    assert [(number, secret) for number, page in enumerate(pages) for secret in held if secret in page] == []


def test_a_planned_workshop_is_for_who_leads_it_alone(here: World) -> None:
    row = make.workshop(here, state="planned", facilitator="cluster lead")
    seen = {who: (bool(workshops(SLUG, viewer=here[who])), workshop(SLUG, row.pk, viewer=here[who]) is not None) for who in here.viewers}
    assert {who for who, each in seen.items() if each == (True, True)} == {"cluster lead", "manager"}
    assert {each for who, each in seen.items() if who not in ("cluster lead", "manager")} == {(False, False)}


def test_no_other_partnership_is_reached(here: World) -> None:
    row = busy(here, shown=["levels"])
    found = (
        workshops("othershire", viewer=here["manager"]), workshop("othershire", row.pk, viewer=here["manager"]),
        console("othershire", row.pk, viewer=here["manager"], at=AT), before("othershire", viewer=here["manager"]),
        canvases("othershire", row.pk, viewer=here["manager"]),
    )  # fmt: skip
    assert found == ([], None, None, [], None)


def test_who_does_not_lead_gets_no_console_and_no_wall(here: World) -> None:
    row = busy(here)
    found = {who: (console(SLUG, row.pk, viewer=here[who], at=AT), wall(SLUG, row.pk, viewer=here[who], at=AT)) for who in OTHERS}
    assert found == dict.fromkeys(OTHERS, (None, None))


# --- counting


def test_the_room_is_counted_by_phones_sheets_and_steps(here: World) -> None:
    row = make.room(here, personal=5, tables=2)
    make.note(make.table(row))
    busy_table = make.table(row)
    for words_ in ("One", "Two"):
        make.note(busy_table, words_)
    make.paper(row, size=3)
    found = console(SLUG, row.pk, viewer=here["manager"], at=AT)
    assert found is not None
    assert (found.progress.phones, found.progress.sheets, found.progress.joined, found.progress.people) == (9, 1, 10, 5 + 4 * 6 + 3)
    assert dict(found.progress.sent) == {"diamond": 7, "levels": 2, "factors": 0, "changes": 0}


def test_picks_are_counted_card_by_card(here: World) -> None:
    row = make.workshop(here, cards=make.twelve_cards(10), step="pick")
    make.pick(make.phone(row)[0], (*KEYS[1:], "more-1"))
    make.pick(make.phone(row)[0])
    found = console(SLUG, row.pk, viewer=here["manager"], at=AT)
    assert found is not None
    assert ({card.key: many for card, many in found.picks}, found.progress.sent["pick"]) == (
        dict.fromkeys(KEYS[1:], 2) | {"vision": 1, "more-1": 1}, 2,
    )  # fmt: skip


def test_a_busy_console_asks_the_database_as_often_as_an_empty_one(here: World) -> None:
    counted = []
    for row in (make.room(here, personal=1, tables=0), make.room(here, personal=30, tables=9)):
        with CaptureQueriesContext(connection) as found:
            console(SLUG, row.pk, viewer=here["manager"], at=AT)
        counted.append(len(found))
    assert (counted[0] == counted[1], counted[0] <= 9) == (True, True)


# --- the wall


def test_the_wall_says_nothing_new_where_nothing_is_new(here: World) -> None:
    row, client = make.room(here), browser(here, "manager")
    token = re.search(r"token=([0-9a-f]{16})", client.get(at("workshop-wall", row)).content.decode())
    assert token is not None
    address = f"{at('workshop-wall', row)}?token={token[1]}"
    same = client.get(address, headers=HTMX).status_code
    make.phone(row)
    assert (same, client.get(address, headers=HTMX).status_code) == (204, 200)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"step": "diamond"}, (False, False, True)),
        ({"step": "diamond", "shown": ["diamond"]}, (True, False, True)),
        ({"step": "levels", "shown": ["diamond"]}, (False, False, True)),
        ({"step": "levels", "shown": ["levels"]}, (False, True, True)),
        ({"step": "close", "shown": ["diamond"]}, (True, False, True)),
        ({"state": "closed", "shown": ["diamond"]}, (True, False, False)),
        ({"state": "closed"}, (False, False, False)),
        ({"state": "planned"}, (False, False, False)),
    ],
)
def test_results_stand_on_the_wall_only_where_they_were_shown(here: World, more: dict[str, Any], expected: tuple[bool, ...]) -> None:
    row = busy(here, **more)
    page = browser(here, "manager").get(at("workshop-wall", row)).content.decode()
    assert ("diamond__card" in page, SECRETS["note"] in page, make_read(row.join_code) in page) == expected
    assert SECRETS["hidden"] not in page


@pytest.mark.parametrize(("shown", "expected"), [(["changes"], True), ([], False)])
def test_what_a_room_foresees_stands_on_the_wall_once_shown(here: World, shown: list[str], expected: bool) -> None:
    row = make.workshop(here, step="changes", shown=shown)
    given: dict[str, Any] = {"due_on": ON + timedelta(days=400), "asks_until": ON, "made_at": AT, "made_by": "A phone in the room"}
    Prediction.objects.create(partnership=here.partnership, workshop=row, words="Every cluster has met twice", **given)
    page = browser(here, "manager").get(at("workshop-wall", row)).content.decode()
    assert ("Every cluster has met twice" in page, "A phone in the room" in page) == (expected, False)


@pytest.mark.parametrize(("days", "code"), [(14, True), (15, False)])
def test_by_post_the_code_stands_there_until_the_last_day(here: World, days: int, code: bool, clock: Any) -> None:
    row = make.workshop(here, kind="by-post")
    clock.return_value = AT + timedelta(days=days)
    client = browser(here, "manager")
    pages = [client.get(at(name, row)).content.decode() for name in ("workshop-lead", "workshop-wall")]
    assert [make_read(row.join_code) in page for page in pages] == [code, code]
    assert ("has gone by: phones can send nothing more" in pages[0]) is not code


def test_lines_and_foresight_of_another_partnership_are_not_read(here: World) -> None:
    row = busy(here, shown=["levels"])
    step = agenda("south-east-2019").step("levels")
    assert step is not None
    stranger = here["somebody with no post"]
    assert (canvas_of(row.pk, step, viewer=stranger).count, foreseen(row.pk, viewer=stranger)) == (0, [])
    assert canvas_of(row.pk, step, viewer=here["manager"]).count == 1


def test_a_long_canvas_is_drawn_as_far_as_it_goes(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convenor.conditions.queries.workshops.LINES_AT_MOST", 2)
    row = make.workshop(here, shown=["levels"])
    for number in range(3):
        make.note(make.table(row), f"Line {number}")
    page = words(browser(here, "head").get(at("workshop-canvases", row)))
    assert ("Line 1" in page, "Line 2" in page, "1 further line not drawn here." in page) == (True, False, True)


def test_below_the_threshold_the_wall_tells_nothing(here: World) -> None:
    row = make.room(here, personal=4, tables=1, shown=["diamond"])
    page = browser(here, "manager").get(at("workshop-wall", row)).content.decode()
    assert ("diamond__card" in page, "Too few" in page) == (False, True)


def test_the_picture_holds_this_rooms_address_and_the_code_is_spelled_out(here: World) -> None:
    row = make.workshop(here, join_code="CDFGHJKM")
    page = browser(here, "manager").get(at("workshop-wall", row)).content.decode()
    assert ("C D F G H J K M" in page, page.count('<svg role="img" aria-label="QR picture')) == (True, 1)


# --- the console and its buttons


def test_a_console_that_is_open_is_told_when_another_device_was_quicker(here: World) -> None:
    row, client = make.workshop(here, version=4), browser(here, "manager")
    same, old = (client.get(f"{at('workshop-lead', row)}?version={version}", headers=HTMX) for version in (4, 3))
    assert (same.headers.get("HX-Refresh"), old.headers.get("HX-Refresh"), "<html" in same.content.decode()) == (None, "true", False)


def test_a_facilitator_runs_the_agenda_from_opening_to_close(here: World) -> None:
    client = browser(here, "cluster lead")
    plan = {"title": "Our nine conditions", "agenda": "south-east-2019", "held_on": ON.isoformat(), "which": "nine"}
    got = client.post(reverse("workshop-plan", args=[SLUG]), plan)
    row = Workshop.objects.get()
    assert (got.status_code, got.headers["Location"]) == (302, at("workshop-lead", row))
    client.post(at("workshop-open", row), {"version": 1})
    seen = []
    while True:
        row.refresh_from_db()
        seen.append(row.step)
        page = client.get(at("workshop-lead", row)).content.decode()
        following = re.search(r'name="step" value="([a-z-]+)"><button class="govuk-button"', page)
        if following is None:
            break
        client.post(at("workshop-step", row), {"step": following[1], "version": row.version})
    client.post(at("workshop-show", row), {"step": "diamond"})
    client.post(at("workshop-close", row), {})
    row.refresh_from_db()
    assert seen == ["opening", "diamond", "why-and-how", "examples", "levels", "factors", "changes", "close"]
    assert (row.state, row.shown, row.facilitator) == ("closed", ["diamond"], here.people["cluster lead"])


def test_a_refusal_is_said_on_the_console(here: World) -> None:
    row, client = make.workshop(here, version=5), browser(here, "manager")
    got = client.post(at("workshop-step", row), {"step": "levels", "version": 2}, follow=True)
    row.refresh_from_db()
    assert (row.step, "It was changed on another device since this page was read." in words(got)) == ("diamond", True)


@pytest.mark.parametrize("name", ["workshop-open", "workshop-step", "workshop-show", "workshop-hide", "workshop-close"])
def test_a_button_opened_as_a_page_changes_nothing(here: World, name: str) -> None:
    row = make.workshop(here)
    held = Workshop.objects.values().get()
    got = browser(here, "manager").get(at(name, row))
    assert (got.status_code, Workshop.objects.values().get()) == (200, held)


def test_hiding_and_withdrawing_lead_back_to_where_one_was(here: World) -> None:
    row, plan, client = make.workshop(here, shown=["diamond"]), make.workshop(here, state="planned"), browser(here, "manager")
    line = make.note(make.table(row))
    led = [
        client.post(at("workshop-hide", row), {"step": "diamond"}).headers["Location"],
        client.post(at("workshop-note-hide", row, line.pk), {"hidden": "yes"}).headers["Location"],
        client.post(at("workshop-withdraw", plan)).headers["Location"],
        client.post(at("workshop-withdraw", row)).headers["Location"],
    ]
    line.refresh_from_db()
    assert led == [at("workshop-lead", row), at("workshop-canvases", row), reverse("workshops", args=[SLUG]), at("workshop-lead", row)]
    assert (line.hidden_on, Workshop.objects.get().shown) == (ON, [])


# --- forms: nothing typed is lost


def test_a_plan_that_is_refused_stands_as_it_was_typed(here: World) -> None:
    given = {"title": "Ten cards by post", "agenda": "by-post", "held_on": ON.isoformat(), "closes_on": "", "which": "nine"}
    got = browser(here, "manager").post(reverse("workshop-plan", args=[SLUG]), given)
    assert (got.status_code, "Ten cards by post" in got.content.decode(), "needs a last day" in words(got)) == (422, True, True)


def test_cards_that_are_too_few_are_refused_beside_the_box(here: World) -> None:
    given = {"title": "Ours", "agenda": "diamond-alone", "held_on": ON.isoformat(), "which": "other", "other": "Attendance\nReading"}
    got = browser(here, "manager").post(reverse("workshop-plan", args=[SLUG]), given)
    assert (got.status_code, "There are 2 cards." in words(got), "Attendance\nReading" in got.content.decode()) == (422, True, True)


def test_other_cards_are_planned_and_changed(here: World) -> None:
    client, cards = browser(here, "manager"), "\n".join(f"Card {number}: words {number}" for number in range(1, 12))
    given = {"title": "Ours", "agenda": "diamond-alone", "held_on": ON.isoformat(), "which": "other", "other": cards}
    client.post(reverse("workshop-plan", args=[SLUG]), given)
    row = Workshop.objects.get()
    page = client.get(at("workshop-change", row)).content.decode()
    client.post(at("workshop-change", row), given | {"title": "Theirs", "version": 1})
    row.refresh_from_db()
    assert ("Card 11: words 11" in page, len(row.cards), row.title, row.version) == (True, 11, "Theirs", 2)


def test_an_agenda_of_ones_own_is_planned_and_stands_there_to_be_changed(here: World) -> None:
    client, own = browser(here, "manager"), as_text(agenda("diamond-alone")).replace("minutes = 8", "minutes = 11")
    given = {"title": "Ours", "agenda": "own", "own": own.replace("\n", "\r\n"), "held_on": ON.isoformat(), "which": "nine"}
    client.post(reverse("workshop-plan", args=[SLUG]), given)
    row = Workshop.objects.get()
    page = client.get(at("workshop-change", row)).content.decode()
    assert ([each["minutes"] for each in row.agenda["steps"]], "minutes = 11" in page) == ([2, 11, 5], True)
    assert re.findall(r'value="([a-z0-9-]+)" checked', page) == ["own", "nine"]


def test_an_agenda_that_cannot_be_read_is_refused_with_its_line(here: World) -> None:
    own = as_text(agenda("diamond-alone")).replace('kind = "diamond"', 'kind = "prayer"')
    given = {"title": "Ours", "agenda": "own", "own": own, "held_on": ON.isoformat(), "which": "nine"}
    got = browser(here, "manager").post(reverse("workshop-plan", args=[SLUG]), given)
    assert (got.status_code, "Step 2, line 14 has the kind “prayer”." in words(got), Workshop.objects.count()) == (422, True, 0)
    assert "kind = &#34;prayer&#34;" in got.content.decode()


def test_an_open_workshop_has_no_plan_to_change(here: World) -> None:
    got = browser(here, "manager").get(at("workshop-change", make.workshop(here)))
    assert got.status_code == 404


def test_the_nine_that_the_room_picked_most_are_ticked(here: World) -> None:
    row, client = make.workshop(here, cards=make.twelve_cards(11), step="pick"), browser(here, "manager")
    for _ in range(2):
        make.pick(make.phone(row)[0], (*KEYS[2:], "more-1", "more-2"))
    page = client.get(at("workshop-choose", row)).content.decode()
    ticked = re.findall(r'value="([a-z0-9-]+)"[^>]*checked', page)
    client.post(at("workshop-choose", row), {"cards": ticked})
    row.refresh_from_db()
    assert (sorted(ticked), row.chosen) == (sorted([*KEYS[2:], "more-1", "more-2"]), [*KEYS[2:], "more-1", "more-2"])


def test_a_sheet_is_typed_in_by_nine_digits_and_the_next_follows(here: World) -> None:
    row, client = make.workshop(here), browser(here, "manager")
    given = {
        "label": "Table 3",
        "group_size": "6",
        "digits": "122 333 445",
        "comment-trust": "Thin.",
        "lines-levels-clusters": "One\nTwo\n",
    }
    got = client.post(at("workshop-paper", row), given, follow=True)
    assert (DiamondNine.objects.get().rows, DiamondNine.objects.get().comments) == (make.rows(), {"trust": "Thin."})
    assert list(CanvasNote.objects.values_list("words", flat=True)) == ["One", "Two"]
    assert "Kept: Table 3. The next sheet?" in words(got)


def test_a_board_without_script_types_a_sheet_in_too(here: World) -> None:
    row = make.workshop(here)
    given = {"group_size": "1"} | {f"rows-{key}": str(number) for key, number in make.rows().items()}
    browser(here, "manager").post(at("workshop-paper", row), given)
    assert (DiamondNine.objects.get().rows, Participant.objects.get().way) == (make.rows(), "alone")


@pytest.mark.parametrize(
    ("digits", "said"),
    [("112333445", "row 1 has 2, one too many"), ("12233344", "There are 8 digits, and 9 cards"), ("12233344x", "“x” is no row")],
)
def test_a_sheet_that_is_refused_stands_as_it_was_typed(here: World, digits: str, said: str) -> None:
    given = {"label": "Table 3", "group_size": "6", "digits": digits, "comment-trust": "Thin since.", "lines-levels-clusters": "A line"}
    got = browser(here, "manager").post(at("workshop-paper", make.workshop(here)), given)
    page = got.content.decode()
    assert (got.status_code, said in words(got), Participant.objects.count()) == (422, True, 0)
    assert [each in page for each in ("Table 3", digits, "Thin since.", "A line")] == [True, True, True, True]


def test_script_on_a_sheet_is_shown_as_text(here: World) -> None:
    row, client = make.workshop(here, shown=["levels"]), browser(here, "manager")
    client.post(at("workshop-paper", row), {"group_size": "2", "lines-levels-clusters": "<script>alert(1)</script>"})
    page = client.get(at("workshop-canvases", row)).content.decode()
    assert ("<script>alert" in page, "&lt;script&gt;alert(1)&lt;/script&gt;" in page) == (False, True)


def test_a_sheet_is_typed_again_and_taken_out(here: World) -> None:
    row, client = make.workshop(here), browser(here, "manager")
    who = make.paper(row, label="Table 3")
    make.diamond(who, comments={"trust": "Thin."})
    make.note(who, "A line")
    page = client.get(at("workshop-paper-change", row, who.pk)).content.decode()
    client.post(at("workshop-paper-change", row, who.pk), {"label": "Table 4", "group_size": "5", "digits": make.UPSIDE_DOWN})
    again = (Participant.objects.get().label, DiamondNine.objects.get().rows)
    client.post(at("workshop-paper-remove", row, who.pk))
    assert ([each in page for each in ("Table 3", "Thin.", "A line")], again, Participant.objects.count()) == (
        [True, True, True], ("Table 4", make.rows(make.UPSIDE_DOWN)), 0,
    )  # fmt: skip


def test_long_after_the_close_no_sheet_is_typed_in(here: World) -> None:
    row = make.workshop(here, state="closed", closed_at=AT - timedelta(days=20))
    assert browser(here, "manager").get(at("workshop-paper", row)).status_code == 404


@pytest.mark.parametrize(("who", "code"), [("manager", True), ("head", False)])
def test_the_printed_board_has_the_code_for_who_leads_alone(here: World, who: str, code: bool) -> None:
    row = make.workshop(here)
    page = browser(here, who).get(at("workshop-board", row)).content.decode()
    assert (make_read(row.join_code) in page, page.count("board-paper__place")) == (code, 9)
