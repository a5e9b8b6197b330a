"""The structure drawn, a body's page and a person's: on any date, and to each viewer what is theirs to see."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.accounts.models import Person
from convenor.governance.actions import set_priority
from convenor.partnership.actions import appoint, end_appointment, load_constitution, open_call, write_hand_over
from convenor.partnership.gate import ANYONE, viewer_for
from convenor.partnership.models import Appointment, Body, ReportingLine, Tenure
from convenor.partnership.queries.body import body_page
from convenor.partnership.queries.drawn import structure_page
from convenor.partnership.queries.person import person_page
from convenor.registers.models import School
from tests.factories.partnership import AT, CONSTITUTION, ON, SLUG, World, file, someone, world

pytestmark = pytest.mark.django_db

Show = Callable[..., str]
NOTE = "The summer dates are agreed; ask the clerk for the key."
MEMBERS_ALONE = ("Ada Example", "Mara Hollis", "Dele Stone", "Sia Brook")


@pytest.fixture
def here(settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "SecondFactor" not in each]  # type: ignore[attr-defined]
    monkeypatch.setattr("convenor.partnership.gate.timezone", SimpleNamespace(now=lambda: AT))
    return world()


@pytest.fixture
def show(here: World) -> Show:
    """The main part of a page, as somebody sees it; without anybody, as anyone does."""

    def shown(name: str, *parts: object, who: str = "", on: date | None = None, slug: str = SLUG) -> str:
        client = Client()
        if who:
            client.force_login(here.people[who])
        answer = client.get(reverse(name, args=[slug, *parts]) + (f"?on={on.isoformat()}" if on else ""))
        assert answer.status_code == 200
        return answer.content.decode().partition("<main")[2].partition("</main>")[0]

    return shown


def status(name: str, *parts: object, person: Person | None = None, slug: str = SLUG, on: str = "") -> int:
    client = Client()
    if person:
        client.force_login(person)
    return client.get(reverse(name, args=[slug, *parts]) + on).status_code


def named(shown: str, *names: str) -> list[str]:
    everybody = names or ("Idris Vale", "Cora Fields", "Ben Marsh", *MEMBERS_ALONE)
    return [name for name in everybody if name in shown]


def lead_of_north() -> Appointment:
    return Appointment.objects.get(person__name="Ben Marsh")


def hand_over(here: World, *, successor: str = "") -> Appointment:
    row = lead_of_north()
    write_hand_over(slug=SLUG, appointment_id=row.pk, words=NOTE, by=here["manager"], at=AT)
    row.refresh_from_db()
    if successor:
        row.successor = here.people[successor]
        row.save()
    return row


# The structure


def test_finding_tells_bodies_empty_seats_and_terms(show: Show) -> None:
    said = show("structure").partition('class="lede">')[2].partition("</p>")[0]
    assert said == (
        "Four bodies in three tiers: the Strategic Board; the Fernshire Alliance; two clusters. "
        "<strong>One seat is empty</strong>, and one term ends within six months."
    )


def test_structure_names_to_anyone_those_who_chair(show: Show) -> None:
    assert named(show("structure")) == ["Idris Vale", "Cora Fields", "Ben Marsh"]


def test_a_term_that_ends_names_its_holder_to_members_and_a_post_to_anyone(here: World, show: Show) -> None:
    Appointment.objects.filter(person__name="Ada Example").update(until_on=ON + timedelta(days=60))
    assert (named(show("structure"), "Ada Example"), named(show("structure", who="clerk"), "Ada Example")) == ([], ["Ada Example"])
    assert show("structure").count("Primary headteachers") == 1


def test_who_is_to_follow_is_for_members(here: World, show: Show) -> None:
    hand_over(here, successor="school leader")
    assert (named(show("structure"), "Sia Brook"), named(show("structure", who="clerk"), "Sia Brook")) == ([], ["Sia Brook"])


def test_what_was_drawn_for_a_member_is_not_shown_to_anyone_else(here: World, show: Show) -> None:
    Appointment.objects.filter(person__name="Ada Example").update(until_on=ON + timedelta(days=60))
    seen = [named(show("structure", who=who), "Ada Example") for who in ("manager", "", "somebody with no post", "manager", "")]
    assert seen == [["Ada Example"], [], [], ["Ada Example"], []]


def test_a_change_is_seen_at_once(here: World, show: Show) -> None:
    before = show("structure")
    end_appointment(slug=SLUG, appointment_id=lead_of_north().pk, until_on=ON, why="", by=here["manager"], at=AT)
    Person.objects.filter(name="Idris Vale").update(name="Idris Vale-Moss")
    School.objects.filter(urn="990001").update(name="Fernhollow Community School")
    after = show("structure")
    told = ("Ben Marsh", "Idris Vale-Moss", "Fernhollow Community School", "Two seats are empty")
    assert (named(before, *told), named(after, *told)) == (["Ben Marsh"], list(told[1:]))


def test_only_who_fills_seats_is_led_to_call_for_names(here: World, show: Show) -> None:
    able = [who for who in here.viewers if "Call for names" in show("structure", who=who)]
    assert (able, "Call for names" in show("structure")) == (["manager"], False)


def test_a_standing_call_is_shown_to_members(here: World, show: Show) -> None:
    call = open_call(
        slug=SLUG, body="south-cluster", seat="lead", places=1, closes_on=ON + timedelta(days=20), term_from_on=ON + timedelta(days=40),
        by=here["manager"], at=AT,
    )  # fmt: skip
    address = reverse("seat-call", args=[SLUG, call.pk])
    assert [who for who in ("", "somebody with no post", "clerk", "manager") if address in show("structure", who=who)] == [
        "clerk",
        "manager",
    ]


def test_a_body_that_ended_yesterday_stood_the_day_before(here: World, show: Show) -> None:
    Body.objects.filter(key="south-cluster").update(until_on=ON, from_on=date(2025, 9, 1))
    days = (ON - timedelta(days=1), None, ON + timedelta(days=1))
    assert ["South cluster" in show("structure", on=day) for day in days] == [True, False, False]
    assert [status("body", "south-cluster", on=on) for on in ("", f"?on={days[0]}")] == [404, 200]


def test_an_appointment_that_ends_today_is_over_today(here: World, show: Show) -> None:
    end_appointment(slug=SLUG, appointment_id=lead_of_north().pk, until_on=ON, why="", by=here["manager"], at=AT)
    seen = {day: named(show("structure", on=day), "Ben Marsh", "without a lead") for day in (ON - timedelta(days=1), None)}
    assert seen == {ON - timedelta(days=1): ["Ben Marsh", "without a lead"], None: ["without a lead"]}


def test_another_date_is_said_and_kept_in_every_link(show: Show) -> None:
    shown = show("structure", on=date(2026, 5, 1))
    links = [part.partition('"')[0] for part in shown.split('href="')[1:] if "/bodies/" in part.partition('"')[0]]
    assert ("as it stood on <strong>1 May 2026</strong>" in shown, {link.partition("?")[2] for link in links}) == (True, {"on=2026-05-01"})


def test_a_date_that_cannot_be_read_is_said_and_today_shown(here: World) -> None:
    shown = Client().get(reverse("structure", args=[SLUG]) + "?on=soon").content.decode()
    assert ("“soon” is not a date we can read" in shown, "as on 2 November 2026" in shown) == (True, True)


def test_a_day_before_the_partnership_has_nothing_to_draw(show: Show) -> None:
    assert named(show("structure", on=date(2019, 1, 1)), "Nothing stood on that day", "<svg") == ["Nothing stood on that day"]


def test_a_constitution_without_people_says_that_nobody_is_recorded(here: World, show: Show) -> None:
    load_constitution(text=CONSTITUTION.replace('"fernshire"', '"bare"', 1), by="the test", at=AT)
    shown = show("structure", slug="bare")
    assert shown.count("Nobody is recorded in a seat") == 2
    told = ("without a chair", "1 Sept 2025", "Empty since 1 September 2025", "Nobody is recorded here.")
    assert (named(shown, *told), named(show("body", "board", slug="bare"), *told)) == ([], [told[3]])


def test_a_partnership_that_is_not_there_is_not_found(here: World) -> None:
    assert [status("structure", slug="nowhere"), status("body", "board", slug="nowhere"), status("person", 1, slug="nowhere")] == [404] * 3


# A body


def test_body_names_the_chair_to_anyone_and_everybody_to_members(here: World, show: Show) -> None:
    seen = {who: named(show("body", "board", who=who)) for who in ("", "somebody with no post", "clerk", "manager")}
    chair, everybody = ["Idris Vale"], ["Idris Vale", "Cora Fields", "Ada Example"]
    assert seen == {"": chair, "somebody with no post": chair, "clerk": everybody, "manager": everybody}


def test_body_tells_what_it_is_to_whom_it_reports_and_what_is_not_known(here: World, show: Show) -> None:
    set_priority(
        slug=SLUG, title="Reading by seven", measure="From 14 to all", from_on=ON, until_on=ON + timedelta(days=300), lead_body="alliance",
        by=here["manager"], at=AT,
    )  # fmt: skip
    said = (
        "Sets the vision and agrees the priorities.",
        "it stands at the top",
        "Termly",
        "does not discuss individual schools",
        "not known",
    )
    assert named(show("body", "board"), *said) == list(said[:4])
    said = ("Reading by seven", "Strategic Board", "North cluster", "South cluster", "not known")
    assert named(show("body", "alliance"), *said) == list(said)


def test_priorities_are_gone_with_their_room(here: World, show: Show) -> None:
    set_priority(
        slug=SLUG, title="Reading by seven", measure="From 14 to all", from_on=ON, until_on=ON + timedelta(days=300), lead_body="alliance",
        by=here["manager"], at=AT,
    )  # fmt: skip
    here.partnership.rooms_off = ["priorities"]
    here.partnership.save()
    assert named(show("body", "alliance"), "Reading by seven") == []


def test_body_lists_its_schools_with_phase_and_pupils(show: Show) -> None:
    assert named(show("body", "north-cluster"), "3 schools, 711 pupils", "Ashwater Primary School", "Coldbrook Academy") == [
        "3 schools, 711 pupils", "Ashwater Primary School",
    ]  # fmt: skip


def test_a_restructure_keeps_the_earlier_reporting_line(here: World) -> None:
    bodies = {body.key: body for body in Body.objects.filter(partnership=here.partnership)}
    ReportingLine.objects.filter(body=bodies["north-cluster"]).delete()
    for to, from_on, until_on in (("board", date(2025, 9, 1), ON), ("alliance", ON, None)):
        ReportingLine.objects.create(
            partnership=here.partnership, body=bodies["north-cluster"], reports_to=bodies[to], from_on=from_on, until_on=until_on
        )
    seen = body_page(SLUG, "north-cluster", viewer=ANYONE, at=AT)
    before = body_page(SLUG, "north-cluster", viewer=ANYONE, at=ON - timedelta(days=1))
    assert seen is not None
    assert before is not None
    assert ([(line.key, line.until_on) for line in seen.lines], seen.above and seen.above.key) == ([("board", ON)], "alliance")
    assert ([(line.key, line.from_on) for line in before.lines], before.above and before.above.key) == ([("alliance", ON)], "board")


def test_hand_over_note_is_for_holder_successor_lead_and_manager(here: World, show: Show) -> None:
    hand_over(here, successor="school leader")
    readers = {who for who in here.viewers if NOTE in show("body", "north-cluster", who=who)}
    assert readers == {"cluster lead", "school leader", "manager"}
    assert NOTE not in show("body", "north-cluster")


def test_hand_over_note_on_the_board_is_for_its_chair_too(here: World, show: Show) -> None:
    row = Appointment.objects.get(person__name="Ada Example")
    write_hand_over(slug=SLUG, appointment_id=row.pk, words=NOTE, by=here["manager"], at=AT)
    assert {who for who in here.viewers if NOTE in show("body", "board", who=who)} == {"head", "board member", "manager"}


def test_hand_over_note_stays_for_whoever_follows(here: World, show: Show) -> None:
    end_appointment(slug=SLUG, appointment_id=hand_over(here).pk, until_on=ON, why="Retired", by=here["manager"], at=AT)
    appoint(
        slug=SLUG, body="north-cluster", seat="lead", person_id=here.people["head"].pk, role="headteacher", urn="990001", from_on=ON,
        by=here["manager"], at=AT,
    )  # fmt: skip
    readers = {who for who in here.viewers if NOTE in show("body", "north-cluster", who=who)}
    assert readers == {"head", "manager"}  # who left holds nothing here any more, and so reads nothing
    assert {who for who in here.viewers if "Retired" in show("body", "north-cluster", who=who)} == set(here.viewers) - {
        "somebody with no post", "cluster lead",
    }  # fmt: skip


def test_a_former_chair_reads_no_note_by_asking_for_an_earlier_date(here: World, show: Show) -> None:
    row = Appointment.objects.get(person__name="Ada Example")
    write_hand_over(slug=SLUG, appointment_id=row.pk, words=NOTE, by=here["manager"], at=AT)
    chair = Appointment.objects.get(person__name="Idris Vale")
    end_appointment(slug=SLUG, appointment_id=chair.pk, until_on=ON, why="", by=here["manager"], at=AT)
    Tenure.objects.create(
        partnership=here.partnership, post=Tenure.objects.get(person=here.people["reviewer"]).post, person=here.people["board member"],
        from_on=ON,
    )  # fmt: skip
    assert NOTE not in show("body", "board", who="board member", on=ON - timedelta(days=1))


def test_only_holder_and_manager_are_led_to_the_hand_over(here: World, show: Show) -> None:
    address = reverse("appointment-hand-over", args=[SLUG, lead_of_north().pk])
    assert {who for who in here.viewers if address in show("body", "north-cluster", who=who)} == {"cluster lead", "manager"}


# A person


def test_person_who_chairs_is_public_and_nobody_else(here: World) -> None:
    seen = {who for who in here.people if status("person", here.people[who].pk) == 200}
    assert seen == {"board member", "cluster lead", "alliance lead"}


def test_person_is_known_to_members_and_to_nobody_outside(here: World) -> None:
    ada = here.people["head"].pk
    assert {who for who in here.people if status("person", ada, person=here.people[who]) == 200} == set(here.people) - {
        "somebody with no post"
    }
    assert status("person", here.people["somebody with no post"].pk, person=here.people["manager"]) == 404


def test_what_a_chair_holds_besides_is_for_members(here: World) -> None:
    ben = here.people["cluster lead"].pk
    Tenure.objects.create(
        partnership=here.partnership, post=Tenure.objects.get(person=here.people["reviewer"]).post, person_id=ben, from_on=date(2025, 9, 1)
    )
    outside, inside = (person_page(SLUG, ben, viewer=viewer, at=AT) for viewer in (ANYONE, here["clerk"]))
    assert outside is not None
    assert inside is not None
    assert ([each.title for each in outside.seats], outside.posts, outside.past) == (["Cluster lead"], (), ())
    assert [each.title for each in inside.posts] == ["Peer reviewer"]


def test_seat_by_office_stands_on_the_persons_page(here: World) -> None:
    seen = person_page(SLUG, here.people["alliance lead"].pk, viewer=here["clerk"], at=AT)
    assert seen is not None
    assert [(each.title, each.through) for each in seen.seats] == [("Alliance chairs", "Fernshire Alliance"), ("Chair of the alliance", "")]


def test_address_is_for_themselves_and_for_whoever_looks_after_posts(here: World, show: Show) -> None:
    Person.objects.filter(name__in=("Ada Example", "Idris Vale")).update(email=None)
    Person.objects.filter(name="Ada Example").update(email="ada@example.org")
    Person.objects.filter(name="Idris Vale").update(email="idris@example.org")
    ada = here.people["head"]
    assert {who for who in set(here.people) - {"somebody with no post"} if "ada@example.org" in show("person", ada.pk, who=who)} == {
        "head", "manager",
    }  # fmt: skip
    assert "idris@example.org" not in show("person", here.people["board member"].pk)


def test_hand_over_note_of_a_post_is_for_who_holds_it_next(here: World, show: Show) -> None:
    before = Tenure.objects.get(person=here.people["reviewer"])
    Tenure.objects.filter(pk=before.pk).update(until_on=ON, hand_over=NOTE)
    Tenure.objects.create(partnership=here.partnership, post=before.post, person=here.people["clerk"], from_on=ON)
    rae = here.people["reviewer"].pk
    readers = {who for who in set(here.people) - {"somebody with no post", "reviewer"} if NOTE in show("person", rae, who=who)}
    assert readers == {"clerk", "manager"}


def test_what_was_held_before_is_for_members(here: World) -> None:
    end_appointment(slug=SLUG, appointment_id=lead_of_north().pk, until_on=ON, why="Ill health", by=here["manager"], at=AT)
    ben = here.people["cluster lead"].pk
    inside = person_page(SLUG, ben, viewer=here["clerk"], at=AT)
    assert person_page(SLUG, ben, viewer=ANYONE, at=AT) is None
    assert inside is not None
    assert (inside.seats, [(each.title, each.until_on, each.why) for each in inside.past]) == ((), [("Cluster lead", ON, "Ill health")])


# Another partnership


def elsewhere() -> None:
    text = file().replace('"fernshire"', '"elsewhere"', 1).replace("Fernshire Education", "Elsewhere Education")
    for name in ("Ada Example", "Idris Vale", "Cora Fields", "Ben Marsh"):
        text = text.replace(name, f"{name} Elsewhere")
    load_constitution(text=text, by="the test", at=AT)


def test_another_partnerships_people_and_seats_stay_its_own(here: World, show: Show) -> None:
    elsewhere()
    theirs = Person.objects.get(name="Ada Example Elsewhere")
    assert [status("person", theirs.pk, slug=slug, person=here.people["manager"]) for slug in (SLUG, "elsewhere")] == [404, 404]
    assert [status("person", here.people["head"].pk, slug="elsewhere", person=here.people["manager"])] == [404]
    shown = show("body", "board", who="manager", slug="elsewhere")
    assert named(shown, "Idris Vale Elsewhere", "Ada Example", "Cora Fields", "Record an appointment") == ["Idris Vale Elsewhere"]
    assert named(show("structure", who="manager", slug="elsewhere"), "Ada Example", "Call for names") == []


def test_queries_answer_nothing_of_what_is_not_there(here: World) -> None:
    stranger = viewer_for(someone("Uma Stray"), on=ON)
    assert [
        structure_page("nowhere", viewer=stranger, at=AT),
        body_page(SLUG, "nowhere", viewer=stranger, at=AT),
        person_page(SLUG, 0, viewer=stranger, at=AT),
    ] == [None, None, None]


# What it costs


@pytest.mark.parametrize(
    ("name", "parts", "who", "most"),
    [
        ("structure", (), "", 6), ("structure", (), "manager", 11), ("body", ("board",), "", 7), ("body", ("board",), "manager", 12),
        ("person", ("cluster lead",), "", 6), ("person", ("cluster lead",), "manager", 12),
    ],
)  # fmt: skip
def test_pages_take_few_queries_whatever_the_size(
    here: World, client: Client, name: str, parts: tuple[str, ...], who: str, most: int
) -> None:
    if who:
        client.force_login(here.people[who])
    address = reverse(name, args=[SLUG, *(here.people[part].pk if part in here.people else part for part in parts)])
    with CaptureQueriesContext(connection) as taken:
        assert client.get(address).status_code == 200
    asked = [each["sql"] for each in taken.captured_queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
    assert len(asked) == most, asked
