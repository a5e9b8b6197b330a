"""What support adds to homes, to School-at-a-glance and to what is held about a school: for those who take part, and nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.urls import reverse

from convenor.partnership.gate import ANYONE, navigation, viewer_for
from convenor.partnership.models import Partnership
from convenor.registers.models import School
from convenor.support.models import ContactNote, InspectionCall, Mentoring, Need, Ring, RingLink, SchoolAnswer, Visit
from convenor.support.queries.front import support_home
from convenor.support.queries.support_of_school import held_support, support_of_school
from convenor.support.queries.waiting import assurance_ending, at_school, followed_turns, for_brokers, own_turns
from convenor.support.rules.states import Who
from convenor.web.support_parts import ask_door, broker_things, coordinator_things, personal_things, totals_door
from tests.factories.support import LENDER, RECEIVER, SECRETS, SLUG, World, need, package, supporter, supporting
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
ON = NOW.date()
OTHERS = ("other head", "trust lead", "board member", "officer", "cluster lead", "reviewer", "auditor", "somebody with no post")


@pytest.fixture
def here() -> World:
    return supporting()


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with patch("django.utils.timezone.now", return_value=NOW) as now:
        yield now


def things(here: World, who: str, urns: tuple[str, ...] = (), on: date = ON) -> list[str]:
    return [each.title for each in personal_things(here[who], on, urns)[0]]


def off(here: World) -> None:
    """The room is switched off; everybody's viewer knows."""
    Partnership.objects.filter(pk=here.partnership.pk).update(rooms_off=["support"])
    for who, person in here.people.items():
        here.viewers[who] = viewer_for(person, on=ON)


def text(here: World, who: str, path: str) -> str:
    answer = signed_in(here.people[who], code=True).get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# Whose turn it is


def test_each_side_is_told_what_waits_for_it_and_nobody_else_anything(here: World) -> None:
    row = package(here, "agreeing")
    turns = {who: own_turns(viewer=here[who], at=ON) for who in ("head", "supporter", "lender", "broker")}
    assert [[(each.pk, each.stands) for each in found] for found in turns.values()] == [[(row.pk, "Agreeing the plan")]] * 4
    assert {who: found[0].who for who, found in turns.items()} == {
        "head": {Who.RECEIVING}, "supporter": {Who.SUPPORTER}, "lender": {Who.SUPPLYING}, "broker": {Who.BROKER},
    }  # fmt: skip
    assert [own_turns(viewer=here[who], at=ON) for who in OTHERS] == [()] * len(OTHERS)


def test_the_first_thing_of_a_package_stands_on_a_home(here: World) -> None:
    package(here, "ending")
    [turn] = own_turns(viewer=here["head"], at=ON)
    assert turn.mine is not None
    found, _, _ = personal_things(here["head"], ON, (RECEIVER,))
    [thing] = [each for each in found if each.key == f"support-{turn.pk}"]
    assert (thing.title, thing.delegable) == (turn.mine.name, False)
    assert things(here, "other head", ("990005",)) == ["Say what you can offer, and what you want to learn"]


def test_a_paused_package_asks_nothing(here: World) -> None:
    package(here, "agreeing", paused=True)
    [turn] = own_turns(viewer=here["head"], at=ON)
    assert (turn.mine, turn.next) == (None, None)


def test_a_package_that_ended_is_open_to_the_giving_side_for_thirty_days(here: World) -> None:
    row = package(here, "after")
    ended = row.ended_on
    assert ended is not None
    seen = {who: [len(own_turns(viewer=here[who], at=date(2027, 1, day))) for day in (16, 17)] for who in ("head", "supporter", "lender")}
    assert (ended, seen) == (date(2026, 12, 17), {"head": [1, 1], "supporter": [1, 0], "lender": [1, 0]})


def test_the_days_to_come_are_those_of_ones_own_packages(here: World) -> None:
    row = package(here, "active")
    Visit.objects.create(package=row, supporter=row.supporter, on=date(2026, 11, 4), half_days=1)
    Visit.objects.create(package=row, supporter=row.supporter, on=date(2026, 10, 1), half_days=1)
    days = {who: [(each.on, each.label) for each in personal_things(here[who], ON, (RECEIVER,))[1]] for who in ("head", "supporter")}
    assert days == {
        "head": [(date(2026, 11, 4), "Support visit at your school")],
        "supporter": [(date(2026, 11, 4), "Support visit at Fernhollow Primary School")],
    }
    assert personal_things(here["other head"], ON, ("990005",))[1] == []


def test_a_school_is_asked_what_it_offers_and_wants_until_it_has_answered(here: World) -> None:
    asked = "Say what you can offer, and what you want to learn"
    assert asked in things(here, "head", (RECEIVER,))
    SchoolAnswer.objects.create(
        partnership=here.partnership, school_id=RECEIVER, year="2026-27", answered_at=NOW, answered_by="Ada Example, headteacher"
    )
    assert asked not in things(here, "head", (RECEIVER,))
    assert at_school(RECEIVER, viewer=here["other head"], at=ON) is None


def test_notes_of_contact_rings_and_mentors_wait_for_the_school_they_are_about(here: World) -> None:
    ContactNote.objects.create(
        partnership=here.partnership, school_id=RECEIVER, kind="call", on=ON, words="Spoke with the head", at=NOW,
        by=here.people["broker"], by_label="a broker",
    )  # fmt: skip
    ring = Ring.objects.create(partnership=here.partnership, proposed_at=NOW, by=here.people["broker"])
    RingLink.objects.create(ring=ring, giver_id=RECEIVER, receiver_id=LENDER, theme="reading")
    Mentoring.objects.create(
        partnership=here.partnership, school_id=RECEIVER, head=here.people["head"], mentor=supporter(here), offered_at=NOW,
        offered_by=here.people["broker"], from_on=ON, until_on=date(2027, 10, 20),
    )  # fmt: skip
    found = at_school(RECEIVER, viewer=here["head"], at=ON)
    assert found is not None
    assert (found.answered, found.contact_notes, found.rings, found.mentors) == (False, 1, 1, 1)
    other = at_school(RECEIVER, viewer=here["school leader"], at=ON)
    assert other is not None
    assert (other.rings, other.mentors) == (1, 0)


# Whoever matches, and whoever follows


def test_a_broker_is_told_how_many_wait_without_their_own_and_anothers(here: World) -> None:
    need(here, broker=None)
    need(here, school="990005", broker=here.people["manager"])
    need(here, school="990006", state="unmet")
    found = for_brokers(viewer=here["broker"], at=ON)
    assert found is not None
    assert (found.waiting, found.unmet, found.first_on) == (2, 1, date(2026, 9, 4))
    [thing] = broker_things(here["broker"], ON)
    assert thing.title == "2 requests for support wait"
    assert [for_brokers(viewer=here[who], at=ON) for who in ("head", "manager", "officer")] == [None, None, None]


def test_a_broker_is_led_to_their_packages_by_number_alone(here: World) -> None:
    package(here, "matching")
    found = broker_things(here["broker"], date(2026, 9, 30))
    assert [each.title for each in found] == ["A package you hold waits for you"]
    assert "Fernhollow" not in " ".join(each.title + each.why for each in found)


def test_whoever_follows_is_told_how_many_are_late(here: World) -> None:
    package(here, "matching")
    assert [each.title for each in coordinator_things(here["manager"], date(2026, 12, 1))] == ["A package is past a planned day"]
    assert [each.title for each in coordinator_things(here["manager"], date(2026, 9, 21))] == []
    assert [coordinator_things(here[who], date(2026, 12, 1)) for who in ("head", "broker", "officer", "cluster lead")] == [[], [], [], []]
    assert [followed_turns(viewer=here[who], at=ON) for who in ("head", "broker", "cluster lead")] == [(), (), ()]


def test_whoever_keeps_the_directory_is_told_whose_assurance_ends(here: World) -> None:
    supporter(here)
    assert [assurance_ending(viewer=here["manager"], at=day) for day in (date(2028, 7, 1), date(2028, 7, 2), date(2029, 1, 1))] == [0, 1, 1]
    assert assurance_ending(viewer=here["broker"], at=date(2029, 1, 1)) == 0


# School-at-a-glance, and what is held


def test_the_panel_is_for_those_who_take_part_and_says_nothing_to_others(here: World) -> None:
    package(here, "active")
    for who in ("head", "school leader", "broker", "supporter", "lender", "manager"):
        found = support_of_school(RECEIVER, viewer=here[who], at=ON)
        assert found is not None
        assert [(each.stands, each.supporter) for each in found.packages] == [("Under way", "Sol Carr")]
    assert [support_of_school(RECEIVER, viewer=here[who], at=ON) for who in OTHERS] == [None] * len(OTHERS)
    assert support_of_school(RECEIVER, viewer=ANYONE, at=ON) is None
    assert (
        "Under way" in text(here, "head", f"/schools/{RECEIVER}/"),
        "Under way" in text(here, "other head", f"/schools/{RECEIVER}/"),
    ) == (
        True,
        False,
    )


def test_the_panel_of_ones_own_school_says_that_asking_is_good(here: World) -> None:
    need(here)
    found = support_of_school(RECEIVER, viewer=here["head"], at=ON)
    assert found is not None
    assert (found.packages, found.needs, found.own) == ((), 1, True)
    assert "1 request of yours waits for somebody" in text(here, "head", f"/schools/{RECEIVER}/")


def test_what_is_held_counts_every_kind_for_the_schools_own_people(here: World) -> None:
    row = package(here, "after")
    found = held_support(RECEIVER, viewer=here["head"])
    assert found is not None
    assert [(each.pk, each.kinds) for each in found.packages] == [
        (
            row.pk,
            (
                "1 objective", "5 tasks with something entered", "1 visit", "1 note of a visit", "1 word of yours about a note",
                "1 progress review", "1 cost", "1 evaluation",
            ),
        )
    ]  # fmt: skip
    assert [(pk, themes) for pk, themes, _ in found.needs] == [(Need.objects.get().pk, "Reading")]
    assert [held_support(RECEIVER, viewer=here[who]) for who in ("broker", "supporter", "manager", "other head")] == [None] * 4
    shown = text(here, "head", f"/schools/{RECEIVER}/held/")
    assert ("1 note of a visit" in shown, SECRETS["note"] in shown) == (True, False)


def test_a_call_before_an_inspection_is_counted_only_for_those_who_were_told(here: World) -> None:
    InspectionCall.objects.create(
        partnership=here.partnership, school_id=RECEIVER, called_at=NOW, from_on=ON, until_on=date(2026, 10, 23),
        knows=[str(here.people["chair of governors"].pk)], by=here.people["head"],
    )  # fmt: skip
    counted = {who: held_support(RECEIVER, viewer=here[who]) for who in ("head", "chair of governors", "school leader")}
    assert {who: found.kinds if found else None for who, found in counted.items()} == {
        "head": ("1 call before an inspection, of which you know",),
        "chair of governors": ("1 call before an inspection, of which you know",),
        "school leader": None,
    }
    InspectionCall.objects.update(ended_on=ON)
    assert held_support(RECEIVER, viewer=here["head"]) is None  # over: what came of it is public, and nothing more is held


# The front page of the room


def test_the_front_page_shows_each_what_they_have_a_part_in(here: World) -> None:
    package(here, "active")
    need(here)
    seen = {who: support_home(SLUG, viewer=here[who], at=ON) for who in ("head", "supporter", "broker", "manager", "other head")}
    kinds = ("own", "giving", "held", "needs")
    assert {who: (*(len(getattr(each, kind)) for kind in kinds), each.followed) for who, each in seen.items() if each} == {
        "head": (1, 0, 0, 1, 0), "supporter": (0, 1, 0, 0, 0), "broker": (0, 0, 1, 0, 0), "manager": (0, 0, 0, 0, 1),
        "other head": (0, 0, 0, 0, 0),
    }  # fmt: skip
    for who in ("head", "supporter", "broker", "manager", "other head", "board member", "auditor"):
        shown = text(here, who, reverse("support", args=[SLUG]))
        assert [word for word in SECRETS.values() if word in shown] == []
    assert "Fernhollow" not in text(here, "other head", reverse("support", args=[SLUG]))
    assert support_home("elsewhere", viewer=here["head"], at=ON) is None


@pytest.mark.parametrize("who", ["head", "supporter", "broker", "manager"])
def test_the_front_page_asks_no_more_of_the_database_for_more_packages(here: World, who: str, django_assert_max_num_queries: Any) -> None:
    for state in ("asked", "matching", "agreeing", "active"):
        package(here, state, school="990006")
    package(here, "active")
    with django_assert_max_num_queries(22):
        support_home(SLUG, viewer=here[who], at=ON)


def test_a_room_that_is_off_shows_nothing_of_support_anywhere(here: World) -> None:
    package(here, "active")
    need(here)
    off(here)
    everybody = ("head", "supporter", "broker", "manager")
    assert [personal_things(here[who], ON, (RECEIVER,)) for who in everybody] == [([], [], None)] * 4
    assert [(broker_things(here[who], ON), coordinator_things(here[who], ON)) for who in everybody] == [([], [])] * 4
    assert [(support_of_school(RECEIVER, viewer=here[who], at=ON), held_support(RECEIVER, viewer=here[who])) for who in everybody] == [
        (None, None)
    ] * 4
    assert (totals_door(here["board member"]), support_home(SLUG, viewer=here["head"], at=ON)) == ("", None)
    assert "Support" not in [each.label for each in navigation(here["head"])]
    assert signed_in(here.people["head"], code=True).get(reverse("support", args=[SLUG])).status_code == 404


def test_support_stands_in_the_navigation_beside_reviews(here: World) -> None:
    rooms = navigation(here["head"], f"/p/{SLUG}/support/packages/7/")
    assert [(each.label, each.current) for each in rooms if each.label in ("Partnership", "Reviews", "Support")] == [
        ("Partnership", False), ("Reviews", False), ("Support", True),
    ]  # fmt: skip
    assert "Support" not in [each.label for each in navigation(ANYONE)]


def test_the_door_to_totals_is_for_those_who_see_totals(here: World) -> None:
    assert {who: bool(totals_door(here[who])) for who in ("board member", "officer", "manager", "lender")} == {
        "board member": True, "officer": True, "manager": True, "lender": False,
    }  # fmt: skip
    assert "How support goes" in text(here, "board member", "/")


# Doors


def test_a_head_s_home_leads_to_asking(here: World) -> None:
    assert "Ask for support from a colleague who knows the question." in text(here, "head", "/")
    doors = {who: ask_door(here[who], RECEIVER) for who in ("head", "chair of governors", "school leader", "other head", "clerk", "broker")}
    own = f"/p/{SLUG}/support/needs/ask/?school={RECEIVER}"
    assert doors == {"head": own, "chair of governors": own, "school leader": own, "other head": "", "clerk": "", "broker": ""}
    off(here)
    assert ask_door(here["head"], RECEIVER) == ""


def test_the_front_page_leads_to_what_came_of_it_together(here: World) -> None:
    people = ("board member", "manager", "school leader")
    led = {who: "What came of it, together" in text(here, who, f"/p/{SLUG}/support/") for who in people}
    assert led == {"board member": True, "manager": True, "school leader": False}


def test_a_primary_is_asked_about_no_sixth_form(here: World) -> None:
    School.objects.filter(urn="990005").update(phase="Secondary")
    asked = {
        who: ["Sixth form" in text(here, who, f"/p/{SLUG}/support/{page}/?school={urn}") for page in ("needs/ask", "answers/yours")]
        for who, urn in (("head", RECEIVER), ("other head", "990005"))
    }
    assert asked == {"head": [False, False], "other head": [True, True]}
