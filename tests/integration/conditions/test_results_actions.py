"""What comes of a result: priorities with a group, all or nothing; and words taken out, which are kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from convenor.conditions.actions import bottom_three_to_priorities, hide_comment
from convenor.conditions.actions.priorities import Charge, Chosen
from convenor.conditions.models import DiamondNine, WorkshopPriority
from convenor.conditions.queries.results import led_to
from convenor.conditions.rules.refusals import ConditionsRefused, NotOpen
from convenor.governance.models import Priority, TaskGroup
from convenor.journal.models import Entry
from convenor.partnership.actions import load_constitution
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import NotThere
from tests.factories.partnership import file
from tests.factories.workshops import AT, SECRETS, SLUG, World, room, world

pytestmark = pytest.mark.django_db
GROUP = """
[[body]]
id = "money-group"
name = "Money group"
kind = "task-and-finish-group"
tier = "board"
reports_to = "board"
from = 2026-09-01
until = 2027-08-31
chair = "none"
"""
MONEY = Chosen("contributions", "Money that lasts", "What each tier costs, known by July")
STRUCTURES = Chosen("structures", "Structures that serve", "Terms of reference for each body")
CHARGE = Charge("money-group", "Find what each tier costs.", "A paper for the board", date(2027, 7, 1))


@pytest.fixture
def here() -> World:
    found = world()
    load_constitution(text=file() + GROUP, by="the test", at=AT)
    return found


def take_on(here: World, row: Any, *chosen: Chosen, who: str = "manager", **more: Any) -> list[WorkshopPriority]:
    """Takes cards on, from today for a year."""
    days = {"from_on": date(2026, 11, 2), "until_on": date(2027, 11, 2)}
    return bottom_three_to_priorities(slug=SLUG, workshop_id=row.pk, chosen=chosen, by=here[who], at=AT, **days | more)


def test_bottom_three_become_priorities_and_a_group_is_charged(here: World) -> None:
    row = room(here, shown=["diamond"])
    take_on(here, row, MONEY, STRUCTURES, lead_body="board", group=CHARGE)
    read = [(each.card, each.title, each.until_on) for each in led_to(row.pk, viewer=here["head"])]
    assert read == [("contributions", MONEY.title, date(2027, 11, 2)), ("structures", STRUCTURES.title, date(2027, 11, 2))]
    group = TaskGroup.objects.get()
    assert (group.body.key, group.priority.title if group.priority else "", group.due_on) == ("money-group", MONEY.title, CHARGE.due_on)
    assert {each.came_from for each in Priority.objects.all()} == {"Workshop: Our nine conditions"}
    entry = Entry.objects.get(verb="workshop.led-to-priorities")
    assert (entry.subject_key, entry.detail) == (str(row.pk), {"cards": ["contributions", "structures"], "group": "money-group"})


@pytest.mark.parametrize(
    ("chosen", "more", "says"),
    [
        ((), {}, "Choose at least one of the three cards. Nothing was changed."),
        (
            (Chosen("vision", "A", "B"),),
            {},
            "Choose from the bottom three: Structures, Contributions, Regional links. Nothing was changed.",
        ),
        ((MONEY, MONEY), {}, "Contributions is a priority from this workshop already. Nothing was changed."),
        (
            (MONEY, Chosen("structures", "Structures", " ")),
            {},
            "Structures: Say how anyone will know: what is measured, from where and to where. Nothing was changed.",
        ),
        (
            (MONEY,),
            {"group": Charge("north-cluster", "A task", "A paper", date(2027, 7, 1))},
            "The group: A task-and-finish group ends: give its body an end in the constitution first. Nothing was changed.",
        ),
        ((MONEY,), {"lead_body": "no-such"}, "Contributions: There is no such body to lead it. Nothing was changed."),
    ],
)
def test_what_cannot_be_taken_on_is_refused_in_words_and_nothing_is_recorded(
    here: World, chosen: tuple[Chosen, ...], more: dict[str, Any], says: str
) -> None:
    row = room(here, shown=["diamond"])
    with pytest.raises(ConditionsRefused) as refused:
        take_on(here, row, *chosen, **more)
    assert (str(refused.value), Priority.objects.count(), WorkshopPriority.objects.count()) == (says, 0, 0)


def test_card_is_taken_on_once(here: World) -> None:
    row = room(here, shown=["diamond"])
    take_on(here, row, MONEY)
    with pytest.raises(ConditionsRefused, match="already"):
        take_on(here, row, MONEY)
    assert Priority.objects.count() == 1


def test_nothing_comes_of_what_the_room_has_not_seen(here: World) -> None:
    with pytest.raises(NotOpen, match="Show the result to the room first"):
        take_on(here, room(here), MONEY)
    with pytest.raises(NotThere):
        take_on(here, room(here, personal=2, tables=0, shown=["diamond"]), MONEY)


@pytest.mark.parametrize("who", ["head", "cluster lead", "board member", "somebody with no post"])
def test_priorities_are_set_by_whoever_may_set_them(here: World, who: str) -> None:
    row = room(here, shown=["diamond"])
    with pytest.raises(NotAllowed):
        take_on(here, row, MONEY, who=who)
    assert Priority.objects.count() == 0


def test_words_are_taken_out_put_back_and_kept_and_the_journal_does_not_repeat_them(here: World) -> None:
    row = room(here)
    diamond = DiamondNine.objects.exclude(comments={}).get()
    given: dict[str, Any] = {
        "slug": SLUG,
        "workshop_id": row.pk,
        "diamond_id": diamond.pk,
        "card": "trust",
        "by": here["manager"],
        "at": AT,
    }
    assert hide_comment(**given).hidden == ["trust"]
    assert hide_comment(**given).hidden == ["trust"]
    assert hide_comment(**given, hidden=False).hidden == []
    diamond.refresh_from_db()
    assert diamond.comments == {"trust": SECRETS["comment"]}
    written = [(each.verb, each.detail) for each in Entry.objects.filter(verb__startswith="workshop.words").order_by("pk")]
    assert written == [("workshop.words-hidden", {"card": "trust"}), ("workshop.words-back", {"card": "trust"})]


def test_words_are_taken_out_by_whoever_leads_that_workshop(here: World) -> None:
    row = room(here)
    diamond = DiamondNine.objects.exclude(comments={}).get()
    given: dict[str, Any] = {"slug": SLUG, "workshop_id": row.pk, "diamond_id": diamond.pk, "card": "trust", "at": AT}
    for who in ("head", "cluster lead", "somebody with no post"):
        with pytest.raises(NotAllowed):
            hide_comment(**given, by=here[who])
    for wrong in ({"diamond_id": 0}, {"card": "vision"}, {"workshop_id": 0}):
        with pytest.raises(NotThere):
            hide_comment(**given | wrong, by=here["manager"])
    diamond.refresh_from_db()
    assert diamond.hidden == []
