"""The pages of what is entered, noted and agreed: who opens which, what none of them shows, what is written down, what nothing loses."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.intelligence.models import CategoryJudgement, EnteredFigure, ModerationDraw, Response, SchemeInUse, SoftSignal
from convenor.intelligence.rules.categories import Voice
from convenor.journal.models import Look
from convenor.partnership.actions import switch_room
from tests.factories.intelligence_entered import (
    AT,
    CRITERIA,
    FACT,
    REASON,
    SCHOOL,
    SLUG,
    World,
    circle,
    decided,
    entered,
    in_days,
    judged,
    noted,
    switched_on,
)  # fmt: skip
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db

OWN = {"head", "school leader", "chair of governors", "broker of the school"}
WRITERS = OWN | {"cluster lead", "alliance lead", "officer", "broker", "other broker"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The day that the site believes it is."""
    with patch("django.utils.timezone.now", return_value=AT) as now:
        yield now


@pytest.fixture
def here() -> World:
    return circle()


def at(name: str, *parts: object) -> str:
    return reverse(name, args=[SLUG, *parts])


def browser(here: World, who: str) -> Client:
    return signed_in(here.people[who], code=True)


def opens(here: World, address: str) -> set[str]:
    """Who sees the page; nobody else gets anything but a refusal or the door."""
    got = {who: signed_in(person, code=True).get(address).status_code for who, person in here.people.items()}
    assert {status for status in got.values() if status != 200} <= {403, 404}
    assert Client().get(address).status_code == 302
    return {who for who, status in got.items() if status == 200}


MEMBERS_ALONE = {
    "manager", "auditor", "head", "other head", "school leader", "chair of governors", "clerk", "school office", "trust lead",
    "system leader", "independent supporter", "reviewer", "diocese", "regional link", "officer", "board member", "cluster lead",
    "alliance lead", "broker", "other broker", "broker of the school",
}  # fmt: skip


def test_pages_of_entering_open_for_those_who_may_enter(here: World) -> None:
    assert opens(here, at("early-enter", SCHOOL)) == WRITERS
    assert opens(here, at("early-signal-note", SCHOOL)) == WRITERS
    assert opens(here, at("early-signals", SCHOOL)) == WRITERS
    assert opens(here, at("early-records")) == MEMBERS_ALONE
    assert opens(here, at("categories")) == MEMBERS_ALONE


def test_pages_about_one_thing_open_for_those_whose_it_is(here: World) -> None:
    signal, figure = noted(here, "officer").pk, entered(here, "officer", FIN=["deficit"])[0].pk
    for kind, key in (("signal", signal), ("entered", figure)):
        assert opens(here, at(f"early-{kind}-answer", SCHOOL, key)) == OWN
        assert opens(here, at(f"early-{kind}-renew", SCHOOL, key)) == {"officer"}
        assert opens(here, at(f"early-{kind}-withdraw", SCHOOL, key)) == {"officer"}
        assert browser(here, "head").get(at(f"early-{kind}-answer", SCHOOL, 2**40)).status_code == 404


def test_what_the_school_entered_is_its_own_peoples_and_what_one_of_them_noted_is_theirs(here: World) -> None:
    signal, figure = noted(here, "head").pk, entered(here, "head", FIN=["deficit"])[0].pk
    assert opens(here, at("early-entered-withdraw", SCHOOL, figure)) == OWN
    assert opens(here, at("early-signal-withdraw", SCHOOL, signal)) == {"head"}


def test_pages_of_categories_open_for_those_who_have_a_part(here: World) -> None:
    for name in ("categories-switch-off", "categories-draw"):
        assert opens(here, at(name)) == {"manager"}
    assert opens(here, at("categories-switch-on", "surrey")) == {"manager"}
    assert browser(here, "manager").get(at("categories-switch-on", "ofsted")).status_code == 404
    assert opens(here, at("category-school", SCHOOL)) == set()
    switched_on(here)
    assert opens(here, at("category-school", SCHOOL)) == OWN | {"broker", "other broker", "cluster lead", "alliance lead"}
    judges = {voice: opens(here, at("category-judge", SCHOOL, voice.value)) for voice in Voice}
    assert judges == {
        Voice.SCHOOL: {"head", "chair of governors"}, Voice.PEERS: {"cluster lead", "alliance lead"},
        Voice.BROKER: {"broker", "other broker"}, Voice.MODERATOR: set(),
    }  # fmt: skip
    assert browser(here, "head").get(at("category-judge", SCHOOL, "ofsted")).status_code == 404


def test_nothing_is_there_for_an_unknown_school_or_with_the_room_switched_off(here: World) -> None:
    client = browser(here, "broker")
    assert [client.get(at(name, "123456")).status_code for name in ("early-enter", "early-signals", "early-signal-note")] == [404] * 3
    assert client.get(at("category-school", "123456")).status_code == 403
    switch_room(slug=SLUG, room="early-identification", on=False, by=here["manager"], at=AT)
    assert browser(here, "head").get(at("early-signals", SCHOOL)).status_code == 404


ENTER = {"as_of_on": "2026-11-02"}
SIGNAL = {
    "kind": "staffing", "words": FACT, "happened_on": "2026-10-20", "confidence": "seen", "source": "", "sensitivity": "circle",
}  # fmt: skip


def test_a_head_answers_and_finds_it_filled_in_next_time(here: World) -> None:
    client = browser(here, "head")
    got = client.post(at("early-enter", SCHOOL), ENTER | {"HD": ["first-year"], "GOV_empty": "4", "GOV_places": "12"})
    assert (got.status_code, got.headers["Location"]) == (302, at("early-signals", SCHOOL))
    assert sorted(EnteredFigure.objects.values_list("code", "own")) == [("GOV", True), ("HD", True)]
    form = client.get(at("early-enter", SCHOOL)).content.decode()
    assert [each for each in ('value="first-year" checked', 'value="4"', 'value="12"') if each not in form] == []
    assert "In which areas would a conversation help your school?" in form
    assert (
        "In which areas would a conversation help your school?"
        not in browser(here, "officer").get(at("early-enter", SCHOOL)).content.decode()
    )


def test_an_officer_is_told_that_the_school_sees_it(here: World) -> None:
    entered(here, "head", FIN=["deficit"])
    officer = browser(here, "officer")
    got = officer.post(at("early-enter", SCHOOL), ENTER | {"HD": ["vacant"]}, follow=True)
    assert "Kept. The school sees each answer, with your role, and may answer it." in got.content.decode()
    assert "Held about your school now" in browser(here, "head").get(at("early-records")).content.decode()
    assert "Held about your school" not in officer.get(at("early-records")).content.decode()


def test_an_officers_form_shows_nothing_of_the_schools_answers(here: World) -> None:
    entered(here, "head", HD=["first-year"])
    for who in ("officer", "broker", "cluster lead"):
        assert " checked" not in browser(here, who).get(at("early-enter", SCHOOL)).content.decode()
    assert " checked" in browser(here, "head").get(at("early-enter", SCHOOL)).content.decode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"GOV_empty": "13", "GOV_places": "12"}, "Places empty now: 13 of 12 cannot be."),
        ({"HD": ["settled", "vacant"]}, "cannot stand together with another answer."),
        ({"as_of_on": "2027-01-01", "HD": ["vacant"]}, "Enter the day on which it was so"),
        ({}, "Nothing was answered."),
        ({"CMP_upheld": "three"}, "Complaints upheld in the last twelve months: enter a whole number"),
    ],
)
def test_what_cannot_be_so_is_said_at_its_box_and_nothing_is_lost(here: World, data: dict[str, Any], message: str) -> None:
    got = browser(here, "head").post(at("early-enter", SCHOOL), ENTER | ({"FIN": ["deficit"]} | data if data else {}))
    shown = html.unescape(got.content.decode())
    assert (got.status_code, EnteredFigure.objects.count(), message in shown) == (422, 0, True)
    assert not data or 'value="deficit" checked' in shown


def test_a_fact_is_noted_and_the_school_reads_and_answers_it(here: World) -> None:
    lead, head = browser(here, "cluster lead"), browser(here, "head")
    assert lead.post(at("early-signal-note", SCHOOL), SIGNAL).status_code == 302
    key = SoftSignal.objects.get().pk
    assert FACT in head.get(at("early-signals", SCHOOL)).content.decode()
    assert Look.objects.count() == 0
    got = head.post(at("early-signal-answer", SCHOOL, key), {"disputes": "yes", "words": "All nine posts are filled."})
    assert got.headers["Location"] == at("early-signals", SCHOOL)
    shown = lead.get(at("early-signals", SCHOOL)).content.decode()
    assert ("All nine posts are filled." in shown, "The school says that it is not so." in shown) == (True, True)
    assert Response.objects.get().by_label == "Ada Example, headteacher, Fernhollow Primary School"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Mrs Smith has left the school this term.", "This seems to be about a person. What is it about the school?"),
        ("Behaviour is poor in the corridors at lunch.", "What was seen or heard, where and when?"),
        ("An allegation was made about the club in June.", "Speak to the school's designated safeguarding lead"),
    ],
)
def test_what_is_put_back_stands_above_a_form_that_lost_nothing(here: World, words: str, told: str) -> None:
    got = browser(here, "officer").post(
        at("early-signal-note", SCHOOL), SIGNAL | {"words": words, "confidence": "told", "source": "families"}
    )
    shown = html.unescape(got.content.decode())
    assert (got.status_code, SoftSignal.objects.count()) == (422, 0)
    assert [
        each for each in (words, told, "Your words are still in the form", '<option value="families" selected>') if each not in shown
    ] == []


def test_whoever_is_not_of_the_school_is_written_down_before_the_page(here: World) -> None:
    noted(here)
    browser(here, "head").get(at("early-signals", SCHOOL))
    browser(here, "broker of the school").get(at("early-signals", SCHOOL))
    assert Look.objects.count() == 0
    browser(here, "cluster lead").get(at("early-signals", SCHOOL))
    browser(here, "manager").get(at("early-signals", SCHOOL))
    assert list(Look.objects.values_list("by_label", "urn", "record")) == [
        ("Ben Marsh, cluster lead, North cluster", SCHOOL, "soft signals and figures entered about the school")
    ]
    assert "Ben Marsh, cluster lead, North cluster" in browser(here, "head").get(at("early-signals", SCHOOL)).content.decode()


def test_a_page_shows_nobody_what_another_noted_or_entered(here: World) -> None:
    noted(here, "officer")
    entered(here, "officer", FIN=["deficit"])
    shown = {who: browser(here, who).get(at("early-signals", SCHOOL)).content.decode() for who in WRITERS}
    assert {who for who, page in shown.items() if FACT in page} == OWN | {"officer"}
    assert {who for who, page in shown.items() if "cumulative deficit" in page} == OWN | {"officer"}


def test_what_was_noted_is_renewed_and_taken_back_by_its_writer(here: World, clock: Any) -> None:
    row, figure = noted(here, "officer"), entered(here, "officer", FIN=["deficit"])[0]
    clock.return_value = in_days(10)
    officer = browser(here, "officer")
    assert officer.post(at("early-signal-renew", SCHOOL, row.pk), {"as_of_on": "2026-11-10"}).status_code == 302
    assert officer.post(at("early-entered-renew", SCHOOL, figure.pk), {"as_of_on": "2026-11-10"}).status_code == 302
    assert officer.post(at("early-signal-renew", SCHOOL, row.pk), {"as_of_on": "2026-11-10"}).status_code == 422
    assert browser(here, "head").post(at("early-signal-withdraw", SCHOOL, row.pk), {"why": "Not so."}).status_code == 403
    assert officer.post(at("early-signal-withdraw", SCHOOL, row.pk), {"why": "Both posts are filled."}).status_code == 302
    newest = EnteredFigure.objects.latest("pk").pk
    assert officer.post(at("early-entered-withdraw", SCHOOL, newest), {"why": "It balances now."}).status_code == 302
    answered = browser(here, "head").post(at("early-entered-answer", SCHOOL, figure.pk), {"disputes": "no", "words": "It does."})
    assert answered.status_code == 302
    assert officer.get(at("early-signal-answer", SCHOOL, row.pk)).status_code == 403
    shown = browser(here, "head").get(at("early-signals", SCHOOL)).content.decode()
    assert [each for each in ("Both posts are filled.", "It balances now.", "It does.") if each not in shown] == []


SCHEME = {
    "consulted_on": "2026-09-20", "said": "Nineteen answered: eleven for it, five against, three unsure.",
    "name_1": "Light Touch", "name_2": "Light Touch+", "name_3": "Support and Challenge", "name_4": "Support and Challenge+",
    **{f"criteria_{place}": CRITERIA for place in range(1, 5)},
}  # fmt: skip


def test_categories_are_switched_on_judged_drawn_and_switched_off(here: World) -> None:
    manager, head, broker = browser(here, "manager"), browser(here, "head"), browser(here, "broker")
    address = at("categories-switch-on", "surrey")
    assert "The board has no decision on record that stands." in manager.get(address).content.decode()
    decision = str(decided().pk)
    refused = manager.post(address, SCHEME | {"decision": decision, "consulted_on": "2026-10-01"})
    assert (refused.status_code, SchemeInUse.objects.count()) == (422, 0)
    assert "Schools are consulted before the board decides, not after." in refused.content.decode()
    assert manager.post(address, SCHEME | {"decision": decision}).headers["Location"] == at("categories")
    said = {"category": "light-touch", "why": REASON}
    assert broker.post(at("category-judge", SCHOOL, "broker"), said).headers["Location"] == at("category-school", SCHOOL)
    assert head.post(at("category-judge", SCHOOL, "school"), said).status_code == 302
    assert head.post(at("category-judge", SCHOOL, "school"), said).status_code == 422
    assert "It was agreed." in head.get(at("category-school", SCHOOL)).content.decode()
    assert CategoryJudgement.objects.count() == 2
    with patch("secrets.token_hex", return_value="00000000000000000000000000000002"):  # a seed by which Fernhollow is drawn
        assert manager.post(at("categories-draw")).status_code == 302
    assert manager.post(at("categories-draw")).status_code == 422
    row = ModerationDraw.objects.get()
    assert row.seed in head.get(at("categories")).content.decode()
    reviewer = browser(here, "reviewer")
    assert reviewer.post(at("category-judge", SCHOOL, "moderator"), {"category": "light-touch-plus", "why": REASON}).status_code == 302
    assert "It was moderated." in head.get(at("category-school", SCHOOL)).content.decode()
    assert manager.post(at("categories-switch-off"), {"why": "Schools asked for it."}).status_code == 302
    assert "This partnership uses none." in head.get(at("categories")).content.decode()


def test_a_look_at_a_category_is_written_down_and_no_list_shows_where_a_school_stands(here: World) -> None:
    switched_on(here)
    judged(here, "head", Voice.SCHOOL)
    judged(here, "broker", Voice.BROKER)
    for who in ("broker", "manager", "board member", "cluster lead", "reviewer", "officer"):
        assert REASON not in browser(here, who).get(at("categories")).content.decode()
    assert Look.objects.count() == 0
    browser(here, "broker").get(at("category-school", SCHOOL))
    browser(here, "head").get(at("category-school", SCHOOL))
    assert list(Look.objects.values_list("by_label", "record")) == [
        ("Bea Marlow, broker, Fernshire Education Partnership", "the school's category")
    ]


def test_the_board_reads_totals_that_tell_of_no_school(here: World, clock: Any) -> None:
    switched_on(here)
    judged(here, "head", Voice.SCHOOL)
    judged(here, "broker", Voice.BROKER)
    clock.return_value = in_days(40)
    shown = browser(here, "board member").get(at("categories")).content.decode()
    assert ("Small numbers are not told" in shown, "Fernhollow" in shown) == (True, False)


def test_the_register_of_records_names_the_host(here: World, settings: Any) -> None:
    settings.HOSTED_BY = "Fernshire Council"
    shown = browser(here, "head").get(at("early-records")).content.decode()
    assert shown.count("whoever runs this server (Fernshire Council)") == 1


@pytest.mark.parametrize(
    ("name", "who", "most"), [("early-enter", "head", 25), ("early-signals", "head", 30), ("categories", "manager", 25)]
)
def test_a_page_asks_little_of_the_database(here: World, name: str, who: str, most: int) -> None:
    switched_on(here)
    for number in range(3):
        noted(here, words=f"There were {number + 20} places taken in May.")
        entered(here, "head", FIN=["deficit"])
    client = browser(here, who)
    address = at(name, *([SCHOOL] if name != "categories" else []))
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    assert len(asked) <= most


def test_an_entry_made_elsewhere_is_no_business_of_this_partnership(here: World) -> None:
    key = noted(here).pk
    assert browser(here, "head").get(reverse("early-signal-answer", args=["mossshire", SCHOOL, key])).status_code == 403
