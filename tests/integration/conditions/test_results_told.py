"""What a room said: told to the right people, of enough of them, and equal to plain arithmetic."""

from __future__ import annotations

from statistics import mean

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.conditions.models import DiamondNine, Workshop
from convenor.conditions.queries.results import comments, led_to, own_agreement, tables_agree, told, told_in_room
from convenor.partnership.gate import ANYONE
from tests.factories.workshops import (
    AT,
    KEYS,
    SECRETS,
    SLUG,
    UPSIDE_DOWN,
    USUAL,
    World,
    diamond,
    paper,
    phone,
    room,
    table,
    workshop,
    world,
)

pytestmark = pytest.mark.django_db
RANKS = {1: 1.0, 2: 2.5, 3: 5.0, 4: 7.5, 5: 9.0}


@pytest.fixture
def here() -> World:
    return world()


def shown(row: Workshop) -> Workshop:
    """The same, once the facilitator has shown its diamond."""
    row.shown = ["diamond"]
    row.save()
    return row


def means(row: Workshop, **only: object) -> dict[str, float]:
    """The mean rank of each card, by plain arithmetic over the rows."""
    placed = list(DiamondNine.objects.filter(participant__workshop=row, **only).values_list("rows", flat=True))
    return {key: mean(RANKS[each[key]] for each in placed) for key in KEYS}


def told_means(row: Workshop, here: World, who: str = "manager") -> dict[str, float]:
    """The same as it is told."""
    found = told(SLUG, row.pk, viewer=here[who], at=AT)
    assert found is not None
    return {card.key: card.mean for card in found.whole.cards} if found.whole is not None else {}


def test_result_is_for_whoever_leads_until_it_is_shown(here: World) -> None:
    row = room(here)
    readers = ("manager", "cluster lead", "head", "board member", "auditor", "somebody with no post")
    before = {who for who in readers if told(SLUG, row.pk, viewer=here[who], at=AT) is not None}
    shown(row)
    after = {who for who in readers if told(SLUG, row.pk, viewer=here[who], at=AT) is not None}
    assert (before, after) == ({"manager"}, set(readers) - {"somebody with no post"})
    assert (told(SLUG, row.pk, viewer=ANYONE, at=AT), told("othershire", row.pk, viewer=here["manager"], at=AT)) == (None, None)


def test_result_is_plain_arithmetic_over_all_that_count(here: World) -> None:
    row = shown(room(here, personal=7, tables=3))
    found = told(SLUG, row.pk, viewer=here["head"], at=AT)
    assert found is not None
    assert found.whole is not None
    assert {card.key: card.mean for card in found.whole.cards} == pytest.approx(means(row))
    assert (found.whole.tables, found.whole.personal, found.whole.people, found.whole.left_out) == (3, 7, 7 + 3 * 6, 0)
    assert [card.key for card in found.bottom_three] == ["structures", "contributions", "links"]


def test_nothing_is_told_of_four_people_or_one_table_not_even_to_whoever_leads(here: World) -> None:
    four, one = room(here, personal=4, tables=0), room(here, personal=0, tables=1)
    assert (told_means(four, here), told_means(one, here)) == ({}, {})
    assert told_means(room(here, personal=5, tables=0), here) != {}


def test_few_personal_entries_are_kept_apart_from_the_tables(here: World) -> None:
    row = room(here, personal=4, tables=2)
    found = told(SLUG, row.pk, viewer=here["manager"], at=AT)
    assert found is not None
    assert found.whole is not None
    assert (found.sent, found.whole.entries, found.whole.left_out) == (6, 2, 4)
    assert told_means(row, here) == pytest.approx(means(row, participant__group_size__gte=2))
    assert comments(found, viewer=here["manager"]) == {}  # the one comment is of a single person


def test_small_groups_are_not_told_and_large_ones_are(here: World) -> None:
    small = told(SLUG, room(here, personal=8).pk, viewer=here["manager"], at=AT)
    assert small is not None
    assert small.groups is not None
    assert (small.groups.comparisons, small.groups.asked) == ((), ("role",))
    large = told(SLUG, room(here, personal=12, tables=0).pk, viewer=here["manager"], at=AT)
    assert large is not None
    assert large.groups is not None
    assert [(each.grouping, each.groups, each.sizes) for each in large.groups.comparisons] == [("role", ("head", "officer"), (6, 6))]


def test_one_lone_officer_comes_back_from_no_table(here: World) -> None:
    row = room(here, personal=12, tables=0)
    lone, _ = phone(row, role="officer")
    diamond(lone, UPSIDE_DOWN)
    DiamondNine.objects.filter(participant__role="officer").exclude(participant=lone).delete()  # six heads and the lone officer
    found = told(SLUG, row.pk, viewer=here["manager"], at=AT)
    assert found is not None
    assert found.whole is not None
    assert found.groups is not None
    assert (found.whole.entries, found.groups.comparisons) == (7, ())


def test_words_on_cards_come_without_who_and_without_those_taken_out(here: World) -> None:
    row = shown(room(here))
    other, _ = phone(row)
    diamond(other, USUAL, comments={"trust": "Taken out.", "vision": " "})
    DiamondNine.objects.filter(participant=other).update(hidden=["trust"])
    found = {who: told(SLUG, row.pk, viewer=here[who], at=AT) for who in ("head", "manager")}
    read = {
        who: {card: sorted(one.words for one in each) for card, each in comments(found[who], viewer=here[who]).items()} for who in found
    }
    assert read == {"head": {"trust": [SECRETS["comment"]]}, "manager": {"trust": ["Taken out.", SECRETS["comment"]]}}


def test_tables_agreement_is_for_whoever_leads_and_of_tables_alone(here: World) -> None:
    row = shown(room(here, personal=6, tables=2))
    mine = told(SLUG, row.pk, viewer=here["manager"], at=AT)
    members = told(SLUG, row.pk, viewer=here["head"], at=AT)
    assert mine is not None
    assert members is not None
    assert [(each.label, each.people) for each in tables_agree(mine, viewer=here["manager"])] == [("Table 2", 6), (SECRETS["label"], 6)]
    assert tables_agree(members, viewer=here["head"]) == []


def test_makers_learn_how_far_their_own_diamond_agrees_once_it_is_shown(here: World) -> None:
    row = room(here, personal=0, tables=0)
    makers = [table(row) for _ in range(3)]
    for who, digits in zip(makers, (USUAL, USUAL, UPSIDE_DOWN), strict=True):
        diamond(who, digits)
    assert (own_agreement(row.pk, viewer=makers[0].pk), told_in_room(row.pk, viewer=makers[0].pk)) == (None, None)
    shown(row)
    assert [own_agreement(row.pk, viewer=who.pk) for who in makers] == [1.0, 1.0, -1.0]
    assert own_agreement(row.pk, viewer=0) is None
    seen = told_in_room(row.pk, viewer=makers[0].pk)
    assert seen is not None
    assert (seen.leads, seen.sent) == (False, 3)


def test_own_agreement_of_an_entry_that_does_not_count_is_not_told(here: World) -> None:
    row = shown(room(here, personal=0, tables=2))
    lone, _ = phone(row)
    diamond(lone, USUAL)
    assert own_agreement(row.pk, viewer=lone.pk) is None
    assert own_agreement(shown(room(here, personal=2, tables=0)).pk, viewer=lone.pk) is None


def test_change_is_told_between_shown_workshops_over_the_same_cards(here: World) -> None:
    before = shown(workshop(here, state="closed", title="The first"))
    row = workshop(here, follows=before)
    for number in range(12):
        diamond(table(before, label=f"Table {number}"), UPSIDE_DOWN)
        diamond(paper(row, label=f"table  {number}"), USUAL)
    found = told(SLUG, row.pk, viewer=here["manager"], at=AT)
    assert found is not None
    assert found.since is not None
    assert [(each.key, each.place_before, each.place_now) for each in found.since.moved if each.place_now == 1] == [("vision", 9, 1)]
    assert (found.since.pairs.entries, found.since.pairs.rose[0], found.since.pairs.fell[-1]) == (12, "vision", "structures")
    before.shown = []
    before.save()
    again = told(SLUG, row.pk, viewer=here["manager"], at=AT)
    assert again is not None
    assert again.since is None


def test_diamonds_over_other_cards_do_not_count(here: World) -> None:
    row = room(here, personal=5, tables=0)
    odd, _ = phone(row)
    DiamondNine.objects.create(participant=odd, rows={f"card-{each}": 1 for each in range(9)}, sent_at=AT)
    found = told(SLUG, row.pk, viewer=here["manager"], at=AT)
    assert found is not None
    assert (found.sent, found.whole is not None and found.whole.entries) == (5, 5)


def test_workshop_without_a_diamond_or_not_yet_opened_tells_nothing(here: World) -> None:
    planned = workshop(here, state="planned")
    unpicked = workshop(here, chosen=[])
    assert [told(SLUG, each.pk, viewer=here["manager"], at=AT) for each in (planned, unpicked)] == [None, None]
    assert led_to(planned.pk, viewer=ANYONE) == []


def test_result_asks_few_questions_of_the_database(here: World) -> None:
    row = shown(room(here, personal=30, tables=10))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        told(SLUG, row.pk, viewer=here["head"], at=AT)
    assert len(asked) == 2
