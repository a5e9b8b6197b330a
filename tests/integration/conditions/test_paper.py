"""Sheets of paper: typed in, typed again, taken out; while the workshop is open and two weeks after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from convenor.conditions.actions.paper import Sheet, enter_paper, remove_paper
from convenor.conditions.models import CanvasNote, DiamondNine, Participant, Workshop
from convenor.conditions.queries.paper import sheet, sheets
from convenor.conditions.rules.refusals import ConditionsRefused, NoDiamond, NotOpen, NoWords, TooMany
from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import NotThere
from tests.factories.workshops import AT, KEYS, SLUG, UPSIDE_DOWN, World, diamond, later, paper, phone, rows, twelve_cards, workshop, world

pytestmark = pytest.mark.django_db
SHEET = Sheet(
    group_size=6, rows=rows(), comments={"trust": " Thin since the merger. "}, label=" Table 3 ", groups={"role": "head"},
    lines=(("levels", "clusters", "Heads walk"), ("factors", "factors", " ")),
)  # fmt: skip


@pytest.fixture
def here() -> World:
    """Fernshire."""
    return world()


def given(here: World, row: Workshop, typed: Sheet = SHEET, **more: Any) -> dict[str, Any]:
    """What typing a sheet in is given."""
    return {"slug": SLUG, "pk": row.pk, "sheet": typed, "by": here["manager"], "at": AT} | more


def refused(error: type[Exception], **more: Any) -> str:
    """What is said of a sheet that is not taken; nothing is then kept."""
    before = (Participant.objects.count(), DiamondNine.objects.count(), CanvasNote.objects.count())
    with pytest.raises(error) as told:
        enter_paper(**more)
    assert (Participant.objects.count(), DiamondNine.objects.count(), CanvasNote.objects.count()) == before
    return str(told.value)


def test_a_sheet_counts_as_an_entry_of_its_table(here: World) -> None:
    row = workshop(here)
    who = enter_paper(**given(here, row))
    kept = DiamondNine.objects.get(participant=who)
    assert (who.came, who.way, who.group_size, who.label, who.role, who.phase, who.secret) == (
        "paper",
        "table",
        6,
        "Table 3",
        "head",
        "",
        "",
    )
    assert (who.entered_by, kept.rows, kept.comments, kept.version) == (
        here["manager"].label,
        rows(),
        {"trust": "Thin since the merger."},
        1,
    )
    assert list(CanvasNote.objects.values_list("step", "prompt", "words")) == [("levels", "clusters", "Heads walk")]
    assert Entry.objects.get(verb="workshop.paper-entered").detail == {"state": "open", "people": 6}


def test_a_sheet_that_was_misread_is_typed_again(here: World) -> None:
    row = workshop(here)
    who = enter_paper(**given(here, row))
    again = replace(SHEET, rows=rows(UPSIDE_DOWN), group_size=2, lines=(("levels", "strategic", "A chair"),))
    enter_paper(**given(here, row, again, participant_id=who.pk))
    kept, seen = DiamondNine.objects.get(), sheet(SLUG, row.pk, who.pk, viewer=here["manager"])
    assert seen is not None
    assert (kept.rows, kept.version, seen.rows, seen.group_size, seen.label) == (rows(UPSIDE_DOWN), 2, rows(UPSIDE_DOWN), 2, "Table 3")
    assert (dict(seen.lines), dict(seen.groups)["role"], seen.comments) == (
        {("levels", "strategic"): ("A chair",)}, "head", {"trust": "Thin since the merger."},
    )  # fmt: skip


def test_a_sheet_may_have_no_diamond_and_lose_the_one_it_had(here: World) -> None:
    row = workshop(here)
    who = enter_paper(**given(here, row))
    enter_paper(**given(here, row, replace(SHEET, rows={}, comments={}), participant_id=who.pk))
    assert (DiamondNine.objects.count(), [(each.label, each.diamond) for each in sheets(SLUG, row.pk, viewer=here["manager"])]) == (
        0, [("Table 3", False)],
    )  # fmt: skip


def test_a_sheet_is_taken_out(here: World) -> None:
    row = workshop(here)
    who = enter_paper(**given(here, row))
    remove_paper(slug=SLUG, pk=row.pk, participant_id=who.pk, by=here["manager"], at=AT)
    assert (Participant.objects.count(), CanvasNote.objects.count()) == (0, 0)
    assert Entry.objects.filter(verb="workshop.paper-removed").count() == 1


def test_what_a_phone_sent_is_neither_typed_again_nor_taken_out(here: World) -> None:
    row = workshop(here)
    who, _ = phone(row)
    diamond(who)
    said = refused(NotThere, **given(here, row, participant_id=who.pk))
    with pytest.raises(NotThere):
        remove_paper(slug=SLUG, pk=row.pk, participant_id=who.pk, by=here["manager"], at=AT)
    assert (said, Participant.objects.count()) == ("There is no such sheet in this workshop. Nothing was changed.", 1)


def test_late_paper_joins_in_for_two_weeks_after_the_close(here: World) -> None:
    row = workshop(here, state="closed")
    enter_paper(**given(here, row, at=later(14)[0]))
    said = refused(NotOpen, **given(here, row, replace(SHEET, label="Late"), at=later(15)[0]))
    assert said == "Sheets are typed in while a workshop is open, and for 14 days after its close. Nothing was saved."


def test_a_sheet_typed_twice_is_noticed_by_its_label(here: World) -> None:
    row = workshop(here)
    enter_paper(**given(here, row))
    said = refused(ConditionsRefused, **given(here, row))
    enter_paper(**given(here, row, replace(SHEET, label="")))
    enter_paper(**given(here, row, replace(SHEET, label="")))
    assert (said, Participant.objects.count()) == (
        "A sheet labelled “Table 3” is in already. If this is another, give it another label. Nothing was saved.", 3,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"group_size": 0}, NoWords),
        ({"group_size": 31}, NoWords),
        ({"label": "x" * 61}, NoWords),
        ({"groups": {"role": "inspector"}}, NoWords),
        ({"rows": {}, "comments": {}, "lines": ()}, NoWords),
        ({"comments": {"trust": "x" * 301}}, NoWords),
        ({"comments": {"lunch": "Good."}}, NoWords),
        ({"lines": (("levels", "clusters", "x" * 401),)}, NoWords),
        ({"lines": (("levels", "clusters", "x"),) * 61}, NoWords),
        ({"lines": (("lunch", "clusters", "x"),)}, NotThere),
        ({"lines": (("levels", "lunch", "x"),)}, NotThere),
        ({"rows": rows("112333445")}, NoDiamond),
        ({"rows": rows(keys=(*KEYS[1:], "lunch")), "comments": {}}, NoDiamond),
    ],
)
def test_a_sheet_that_cannot_be_right_is_refused_whole(here: World, change: dict[str, Any], error: type[Exception]) -> None:
    said = refused(error, **given(here, workshop(here), replace(SHEET, **change)))
    assert said.rstrip(".").split()[-3:-1] == ["Nothing", "was"]


def test_the_row_that_is_too_full_is_named(here: World) -> None:
    said = refused(NoDiamond, **given(here, workshop(here), replace(SHEET, rows=rows("112333445"))))
    assert said == "The rows make no diamond: row 1 has 2, one too many; row 2 has 1 of 2. Mend the digits. Nothing was saved."


def test_before_the_nine_cards_are_chosen_no_diamond_is_typed_in(here: World) -> None:
    said = refused(NoDiamond, **given(here, workshop(here, cards=twelve_cards(), step="pick")))
    assert said == "Choose the nine cards of this workshop first. Nothing was saved."


def test_a_workshop_takes_no_more_than_a_conference(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convenor.conditions.actions.paper.PARTICIPANTS_AT_MOST", 1)
    row = workshop(here)
    paper(row)
    said = refused(TooMany, **given(here, row))
    assert said.rstrip(".").split()[-3:-1] == ["Nothing", "was"]


def test_only_who_leads_types_sheets_in_and_looks_them_over(here: World) -> None:
    row = workshop(here, facilitator="cluster lead")
    kept = paper(row, label="Ours")
    for who in ("alliance lead", "head"):
        refused(NotAllowed, **given(here, row, by=here[who]))
        assert (sheets(SLUG, row.pk, viewer=here[who]), sheet(SLUG, row.pk, kept.pk, viewer=here[who])) == ([], None)
    refused(NotThere, **given(here, row, pk=0))
    found = sheets(SLUG, row.pk, viewer=here["cluster lead"])
    assert [(each.pk, each.label, each.group_size) for each in found] == [(kept.pk, "Ours", 4)]


def test_a_phone_is_no_sheet(here: World) -> None:
    row = workshop(here)
    who, _ = phone(row, label="Somebody’s phone")
    assert (sheets(SLUG, row.pk, viewer=here["manager"]), sheet(SLUG, row.pk, who.pk, viewer=here["manager"])) == ([], None)
