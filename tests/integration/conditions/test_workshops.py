"""What a facilitator does with a workshop: done, refused in words with nothing changed, and written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from convenor.conditions.actions import workshops as actions
from convenor.conditions.models import Workshop
from convenor.conditions.rules.agendas import agenda
from convenor.conditions.rules.cards import NINE_CONDITIONS, Card, as_dicts, cards_from
from convenor.conditions.rules.joining import as_typed
from convenor.conditions.rules.planning import Plan
from convenor.conditions.rules.refusals import BadCards, ChangedMeanwhile, ConditionsRefused, NotOpen, NoWords, WrongDay
from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import NotThere
from tests.factories.workshops import AT, KEYS, ON, SLUG, World, diamond, later, note, phone, pick, table, twelve_cards, workshop, world

pytestmark = pytest.mark.django_db
PLAN = Plan("Our nine conditions", agenda("south-east-2019"), NINE_CONDITIONS, ON)


@pytest.fixture
def here() -> World:
    """Fernshire."""
    return world()


def verbs() -> list[str]:
    """What the journal has of workshops, in order."""
    return list(Entry.objects.filter(subject_kind="workshop").order_by("pk").values_list("verb", flat=True))


def given(here: World, row: Workshop, who: str = "manager", **more: Any) -> dict[str, Any]:
    """What every action on a workshop is given."""
    return {"slug": SLUG, "pk": row.pk, "by": here[who], "at": AT} | more


def refused(error: type[Exception], row: Workshop | None, act: Any, **more: Any) -> str:
    """What is said of an action that is refused; the workshop and the journal are then as they were."""
    before = None if row is None else Workshop.objects.values().get(pk=row.pk)
    with pytest.raises(error) as told:
        act(**more)
    after = None if row is None else Workshop.objects.values().get(pk=row.pk)
    assert (after, verbs()) == (before, [])
    return str(told.value)


# --- planning


def test_a_plan_keeps_the_agenda_the_cards_and_a_code_of_its_own(here: World) -> None:
    row = actions.plan_workshop(slug=SLUG, plan=PLAN, by=here["cluster lead"], at=AT)
    again = actions.plan_workshop(slug=SLUG, plan=PLAN, by=here["manager"], at=AT)
    assert (row.state, row.agenda, cards_from(row.cards), row.chosen) == ("planned", PLAN.agenda.as_dict(), NINE_CONDITIONS, list(KEYS))
    assert (row.facilitator_id, as_typed(row.join_code) == row.join_code, row.join_code == again.join_code, verbs()) == (
        here.people["cluster lead"].pk, True, False, ["workshop.planned", "workshop.planned"],
    )  # fmt: skip


def test_a_code_that_another_workshop_has_is_not_given_again(here: World) -> None:
    taken = workshop(here).join_code
    with patch("convenor.conditions.actions.workshops.code_by", side_effect=[taken, "CDFGHJKM"]):
        row = actions.plan_workshop(slug=SLUG, plan=PLAN, by=here["manager"], at=AT)
    assert row.join_code == "CDFGHJKM"


def test_with_more_than_nine_cards_the_room_picks_before_it_places(here: World) -> None:
    plan = replace(PLAN, cards=cards_from(twelve_cards(11)))
    row = actions.plan_workshop(slug=SLUG, plan=plan, by=here["manager"], at=AT)
    assert (row.chosen, [each["key"] for each in row.agenda["steps"]][:3]) == ([], ["opening", "pick", "diamond"])


def test_a_plan_is_changed_until_it_opens(here: World) -> None:
    row = workshop(here, state="planned")
    plan = replace(PLAN, title="  Spring  ", agenda=agenda("by-post"), closes_on=ON + timedelta(days=7))
    actions.plan_workshop(**given(here, row, plan=plan, version=1))
    row.refresh_from_db()
    assert (row.title, row.agenda["key"], row.closes_on, row.version, verbs()) == (
        "Spring", "by-post", ON + timedelta(days=7), 2, ["workshop.changed"],
    )  # fmt: skip


def test_an_open_workshop_keeps_its_agenda_and_cards(here: World) -> None:
    row = workshop(here)
    said = refused(NotOpen, row, actions.plan_workshop, **given(here, row, plan=PLAN))
    assert said == "The workshop has been opened: its agenda and its cards stay as the room met them. Nothing was changed."


def test_a_plan_read_before_somebody_changed_it_is_refused(here: World) -> None:
    row = workshop(here, state="planned", version=3)
    said = refused(ChangedMeanwhile, row, actions.plan_workshop, **given(here, row, plan=PLAN, version=2))
    assert said == "It was changed on another device since this page was read. Nothing was changed: look, then tap again."


@pytest.mark.parametrize("who", ["head", "officer", "board member", "somebody with no post"])
def test_who_may_not_run_workshops_plans_none(here: World, who: str) -> None:
    refused(NotAllowed, None, actions.plan_workshop, slug=SLUG, plan=PLAN, by=here[who], at=AT)
    assert Workshop.objects.count() == 0


def test_a_plan_without_a_title_is_refused(here: World) -> None:
    said = refused(NoWords, None, actions.plan_workshop, slug=SLUG, plan=replace(PLAN, title=""), by=here["manager"], at=AT)
    assert (said, Workshop.objects.count()) == ("Give the workshop a title of at most 160 letters. Nothing was changed.", 0)


def test_a_workshop_follows_one_of_before_with_the_same_cards(here: World) -> None:
    first = workshop(here, state="closed", held_on=ON - timedelta(days=365))
    row = actions.plan_workshop(slug=SLUG, plan=replace(PLAN, follows=first.pk), by=here["manager"], at=AT)
    assert row.follows == first


def test_what_cannot_be_compared_is_refused(here: World) -> None:
    same_day = workshop(here)
    other = [Card(f"c{number}", f"C{number}", "x") for number in range(9)]
    others = workshop(here, held_on=ON - timedelta(days=1), cards=as_dicts(other))
    said = [
        refused(error, None, actions.plan_workshop, slug=SLUG, plan=replace(PLAN, follows=pk), by=here["manager"], at=AT)
        for error, pk in ((WrongDay, same_day.pk), (BadCards, others.pk), (NotThere, 0))
    ]
    assert said == [
        "The workshop to compare with was not held before this one. Nothing was changed.",
        "The workshop to compare with had other cards, so the two cannot be compared. Nothing was changed.",
        "There is no such workshop to compare with. Nothing was changed.",
    ]


def test_a_plan_that_was_never_opened_is_taken_back(here: World) -> None:
    actions.withdraw_workshop(**given(here, workshop(here, state="planned")))
    assert (Workshop.objects.count(), verbs()) == (0, ["workshop.withdrawn"])


@pytest.mark.parametrize("state", ["open", "closed"])
def test_what_a_room_said_is_not_taken_back(here: World, state: str) -> None:
    row = workshop(here, state=state)
    said = refused(NotOpen, row, actions.withdraw_workshop, **given(here, row))
    assert said.endswith("Nothing was changed.")


# --- opening and closing


def test_an_opened_workshop_stands_at_its_first_step(here: World) -> None:
    row = actions.open_workshop(**given(here, workshop(here, state="planned"), version=1))
    assert (row.state, row.step, row.step_since, row.opened_at, row.version, verbs()) == ("open", "opening", AT, AT, 2, ["workshop.opened"])


def test_a_workshop_is_opened_once(here: World) -> None:
    row = workshop(here)
    assert refused(ConditionsRefused, row, actions.open_workshop, **given(here, row)) == "It is open already. Nothing was changed."


@pytest.mark.parametrize("days", [-1, 15])
def test_one_by_post_opens_between_its_days(here: World, days: int) -> None:
    row = workshop(here, state="planned", kind="by-post")
    refused(WrongDay, row, actions.open_workshop, **given(here, row, at=later(days)[0]))
    assert actions.open_workshop(**given(here, row, at=later(14)[0])).state == "open"


def test_one_closed_by_mistake_is_opened_again_on_that_day_alone(here: World) -> None:
    row = workshop(here, state="closed")
    refused(ConditionsRefused, row, actions.open_workshop, **given(here, row, at=later(1)[0]))
    again = actions.open_workshop(**given(here, row, at=AT + timedelta(hours=3)))
    assert (again.state, again.step, again.opened_at, again.closed_at) == ("open", "close", AT, None)


def test_a_closed_workshop_stands_at_no_step_and_keeps_what_it_showed(here: World) -> None:
    row = workshop(here, shown=["diamond"])
    phone(row)
    row = actions.close_workshop(**given(here, row, version=1))
    assert (row.state, row.step, row.closed_at, row.shown) == ("closed", "", AT, ["diamond"])
    assert Entry.objects.get(verb="workshop.closed").detail == {"entries": 1}


@pytest.mark.parametrize("state", ["planned", "closed"])
def test_only_an_open_workshop_is_closed(here: World, state: str) -> None:
    row = workshop(here, state=state)
    said = refused(ConditionsRefused, row, actions.close_workshop, **given(here, row))
    assert said.endswith("Nothing was changed.")


# --- leading the room


def test_the_room_goes_to_any_step(here: World) -> None:
    row = workshop(here)
    for step in ("why-and-how", "opening"):
        row = actions.go_to_step(**given(here, row, step=step, at=AT + timedelta(minutes=9)))
    assert (row.step, row.step_since, row.version, verbs()) == ("opening", AT + timedelta(minutes=9), 3, ["workshop.step", "workshop.step"])


def test_a_second_tap_changes_nothing(here: World) -> None:
    row = workshop(here, step="levels", version=7)
    again = actions.go_to_step(**given(here, row, step="levels", version=2))
    assert (again.version, again.step_since, verbs()) == (7, AT, [])


def test_the_slower_of_two_devices_is_told_where_the_room_is(here: World) -> None:
    row = workshop(here, step="factors", version=7)
    said = refused(ChangedMeanwhile, row, actions.go_to_step, **given(here, row, step="levels", version=6))
    assert said == (
        "It was changed on another device since this page was read. The room is at “Activity 2: factors influencing your system”. "
        "Nothing was changed: look, then tap again."
    )


def test_no_room_goes_where_it_cannot_be(here: World) -> None:
    unpicked, closed = workshop(here, cards=twelve_cards(), step="pick"), workshop(here, state="closed")
    refused(NotThere, unpicked, actions.go_to_step, **given(here, unpicked, step="lunch"))
    refused(BadCards, unpicked, actions.go_to_step, **given(here, unpicked, step="diamond"))
    refused(NotOpen, closed, actions.go_to_step, **given(here, closed, step="diamond"))


def test_nine_cards_are_settled_for_the_whole_room(here: World) -> None:
    row = workshop(here, cards=twelve_cards(), step="pick")
    pick(phone(row)[0], (*KEYS[1:], "more-1"))
    row = actions.choose_cards(**given(here, row, keys=["more-1", *KEYS[1:]]))
    again = actions.choose_cards(**given(here, row, keys=["more-1", *KEYS[1:]]))
    assert (row.chosen, again.version, verbs()) == ([*KEYS[1:], "more-1"], 2, ["workshop.cards-chosen"])
    assert Entry.objects.get(verb="workshop.cards-chosen").detail == {"cards": [*KEYS[1:], "more-1"], "picks": 1}


def test_cards_stay_once_a_diamond_of_them_has_come_in(here: World) -> None:
    row = workshop(here, cards=twelve_cards(), step="diamond", chosen=list(KEYS))
    diamond(phone(row)[0])
    said = refused(BadCards, row, actions.choose_cards, **given(here, row, keys=[*KEYS[1:], "more-1"]))
    assert said == "A diamond of the cards chosen before has come in, so they stay. Nothing was changed."


def test_other_than_nine_of_the_cards_are_refused(here: World) -> None:
    row, nine = workshop(here, cards=twelve_cards(), step="pick"), workshop(here)
    refused(BadCards, row, actions.choose_cards, **given(here, row, keys=KEYS[:8]))
    refused(BadCards, nine, actions.choose_cards, **given(here, nine, keys=KEYS))


def test_what_a_step_said_is_shown_and_hidden_again(here: World) -> None:
    row = actions.show(**given(here, workshop(here), step="diamond"))
    twice = actions.show(**given(here, row, step="diamond"))
    shown = list(twice.shown)
    hidden = actions.hide(**given(here, row, step="diamond"))
    assert (shown, hidden.shown, hidden.version, verbs()) == (["diamond"], [], 3, ["workshop.shown", "workshop.hidden"])


def test_what_nobody_was_asked_is_not_shown(here: World) -> None:
    row, planned = workshop(here), workshop(here, state="planned")
    refused(NotThere, row, actions.show, **given(here, row, step="opening"))
    refused(NotThere, row, actions.hide, **given(here, row, step="lunch"))
    refused(NotOpen, planned, actions.show, **given(here, planned, step="diamond"))


def test_a_line_is_taken_off_the_wall_kept_and_put_back(here: World) -> None:
    row = workshop(here)
    line = note(table(row))
    off = actions.hide_note(**given(here, row, note_id=line.pk))
    again = actions.hide_note(**given(here, row, note_id=line.pk))
    hidden = (off.hidden_on, again.hidden_on, again.words)
    back = actions.hide_note(**given(here, row, note_id=line.pk, hidden=False))
    row.refresh_from_db()
    assert (hidden, back.hidden_on, row.version) == ((ON, ON, line.words), None, 3)
    assert verbs() == ["workshop.line-hidden", "workshop.line-back"]


def test_a_line_of_another_workshop_is_not_touched(here: World) -> None:
    row, line = workshop(here), note(table(workshop(here)))
    refused(NotThere, row, actions.hide_note, **given(here, row, note_id=line.pk))


# --- who leads


BUTTONS: dict[str, dict[str, Any]] = {
    "plan_workshop": {"plan": PLAN}, "open_workshop": {}, "go_to_step": {"step": "levels"}, "choose_cards": {"keys": KEYS},
    "show": {"step": "diamond"}, "hide": {"step": "diamond"}, "close_workshop": {}, "withdraw_workshop": {}, "hide_note": {"note_id": 1},
}  # fmt: skip


@pytest.mark.parametrize("name", BUTTONS)
def test_no_button_is_for_others_than_who_leads(here: World, name: str) -> None:
    row = workshop(here, facilitator="cluster lead")
    act, more = getattr(actions, name), BUTTONS[name]
    said = [refused(NotAllowed, row, act, **given(here, row, who, **more)) for who in ("alliance lead", "head", "officer")]
    none = refused(NotThere, row, act, **given(here, row, pk=0, **more))
    assert (said[0], none) == (
        "This workshop is led by somebody else. Ask them, or the partnership’s manager. Nothing was changed.",
        "There is no such workshop in this partnership. Nothing was changed.",
    )


@pytest.mark.parametrize("who", ["cluster lead", "manager"])
def test_its_facilitator_and_the_manager_lead_it(here: World, who: str) -> None:
    row = workshop(here, facilitator="cluster lead")
    assert actions.go_to_step(**given(here, row, who, step="levels")).step == "levels"
