"""The partnership's pages: what they do when asked, how many queries they take, and what they keep to themselves."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.governance.actions import set_priority
from convenor.partnership.actions import load_constitution, open_call, record_engagement, switch_room
from convenor.partnership.models import Appointment, BodySchool, Membership, Nomination, SeatCall, Tenure
from convenor.registers.models import School
from tests.factories.partnership import AT, CONSTITUTION, ON, SLUG, World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings: pytest.FixtureRequest) -> World:
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "SecondFactor" not in each]  # type: ignore[attr-defined]
    return world()


def page(name: str, *parts: object) -> str:
    return reverse(name, args=[SLUG, *parts])


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("partnership", None), ("members", None), ("members", "manager"), ("seats", "manager"), ("engagement", "manager"),
        ("engagement", "cluster lead"), ("representation", "head"), ("posts", "manager"), ("rooms", "manager"), ("journal", "manager"),
        ("member-join", "manager"), ("post-give", "manager"), ("engagement-note", "manager"),
    ],
)  # fmt: skip
def test_a_page_takes_at_most_twelve_queries(here: World, client: Client, name: str, who: str | None) -> None:
    if who:
        client.force_login(here.people[who])
    with CaptureQueriesContext(connection) as taken:
        assert client.get(page(name)).status_code == 200
    asked = [each["sql"] for each in taken.captured_queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
    assert len(asked) <= 12, asked


def test_the_public_page_names_chairs_and_nobody_else(here: World, client: Client) -> None:
    set_priority(
        slug=SLUG, title="Reading by seven", measure="From 14 to all", from_on=ON, until_on=ON + timedelta(days=3650),
        lead_body="alliance", by=here["manager"], at=AT,
    )  # fmt: skip
    shown = text(client, page("partnership"))
    names = [each for each in ("Idris Vale", "Cora Fields", "Ada Example", "Mara Hollis", "Dele Stone") if each in shown]
    assert names == ["Idris Vale", "Cora Fields"]
    said = ("Reading by seven", "Fernshire Alliance", "How the board&#39;s chair is paid is not said anywhere.")
    assert [each for each in said if each not in shown] == []


def test_a_partnership_that_is_not_there_is_not_found(here: World, client: Client) -> None:
    assert [client.get(f"/p/nowhere/{tail}").status_code for tail in ("", "members/", "structure/")] == [404, 404, 404]


def test_nothing_of_one_partnership_is_seen_from_another(here: World, client: Client) -> None:
    load_constitution(text=CONSTITUTION.replace('"fernshire"', '"mossshire"'), by="the test", at=AT)
    client.force_login(here.people["manager"])
    answers = {
        name: client.get(reverse(name, args=["mossshire"])).status_code for name in ("seats", "engagement", "journal", "posts", "rooms")
    }
    assert set(answers.values()) == {403}


def test_not_yet_heard_from_stays_out_of_the_boards_page(here: World, client: Client) -> None:
    record_engagement(slug=SLUG, urn="990001", kind="attended", what="Conference", on=ON, by=here["manager"], at=AT)
    client.force_login(here.people["manager"])
    told = text(client, page("engagement"))
    client.force_login(here.people["board member"])
    kept = text(client, page("engagement"))
    names = list(School.objects.values_list("name", flat=True))
    assert sorted(name for name in names if name in told) == sorted(set(names) - {"Fernhollow Primary School"})
    assert [name for name in names if name in kept] == []


def test_the_journal_is_not_for_a_head(here: World, client: Client) -> None:
    client.force_login(here.people["head"])
    assert client.get(page("journal")).status_code == 403


def test_a_room_switched_off_is_gone_for_everybody(here: World, client: Client) -> None:
    client.force_login(here.people["manager"])
    answer = client.post(page("rooms"), {"room": "engagement", "on": "off"})
    assert answer["Location"] == page("rooms")
    assert client.get(page("engagement")).status_code == 404
    assert (page("engagement") in text(client, page("seats"))) is False
    client.post(page("rooms"), {"room": "engagement", "on": "on"})
    assert client.get(page("engagement")).status_code == 200
    assert client.post(page("rooms"), {"room": "cellar", "on": "off"}).status_code == 404


def test_a_room_switched_twice_says_so(here: World, client: Client) -> None:
    switch_room(slug=SLUG, room="funds", on=False, by=here["manager"], at=AT)
    client.force_login(here.people["manager"])
    client.post(page("rooms"), {"room": "funds", "on": "off"})
    assert "Funds is switched off already." in text(client, page("rooms"))


def test_a_call_is_opened_answered_and_decided_on_its_pages(here: World, client: Client) -> None:
    client.force_login(here.people["manager"])
    given = {"places": "1", "closes_on": "2099-01-01", "term_from_on": "2099-02-01", "method": "", "words": "Two days a term"}
    answer = client.post(page("seat-call-open", "south-cluster", "lead"), given)
    assert answer["Location"] == page("seats")
    call = SeatCall.objects.get()
    client.force_login(here.people["other head"])
    choice = f"{here.people['other head'].pk}-990005-headteacher"
    answer = client.post(page("seat-call-nominate", call.pk), {"person": choice, "statement": "I should like to."})
    assert answer["Location"] == page("seat-call", call.pk)
    assert Nomination.objects.get().statement == "I should like to."
    client.force_login(here.people["manager"])
    answer = client.post(page("seat-call-decide", call.pk), {f"votes-{Nomination.objects.get().pk}": "4", "why": ""})
    assert answer.status_code == 422
    assert "Names may be put forward until 2099-01-01." in answer.content.decode()
    SeatCall.objects.update(opened_on=ON - timedelta(days=20), closes_on=ON - timedelta(days=1), term_from_on=ON)
    answer = client.post(page("seat-call-decide", call.pk), {f"votes-{Nomination.objects.get().pk}": "4", "why": ""})
    assert answer["Location"] == page("seat-call", call.pk)
    assert Appointment.objects.get(seat__body__key="south-cluster").person == here.people["other head"]


def test_an_appointment_is_made_and_ended_on_its_pages(here: World, client: Client) -> None:
    client.force_login(here.people["manager"])
    choice = f"{here.people['other head'].pk}-990005-headteacher"
    wrong = client.post(page("seat-appoint", "north-cluster", "lead"), {"person": choice, "from_on": "2026-11-02"})
    assert (wrong.status_code, "has room for 1" in wrong.content.decode()) == (422, True)
    client.post(page("seat-appoint", "south-cluster", "lead"), {"person": choice, "from_on": "2026-11-02"})
    row = Appointment.objects.get(seat__body__key="south-cluster")
    client.post(page("appointment-successor", row.pk), {"person": choice})
    client.post(page("appointment-hand-over", row.pk), {"words": "All in order."})
    client.post(page("appointment-end", row.pk), {"until_on": "2099-01-01", "why": "New post"})
    row.refresh_from_db()
    assert (row.successor, row.hand_over, row.until_on.isoformat()) == (here.people["other head"], "All in order.", "2099-01-01")
    assert client.get(page("seat-appoint", "south-cluster", "nothing")).status_code == 404


def test_a_call_is_withdrawn_on_its_page(here: World, client: Client) -> None:
    call = open_call(slug=SLUG, body="south-cluster", seat="lead", places=1, closes_on=ON, term_from_on=ON, by=here["manager"], at=AT)
    client.force_login(here.people["manager"])
    client.post(page("seat-call-withdraw", call.pk), {"why": "Not needed"})
    assert SeatCall.objects.get().withdrawn_why == "Not needed"


def test_a_school_joins_sits_moves_and_leaves_on_its_pages(here: World, client: Client) -> None:
    School.objects.create(
        urn="990096", name="New School", phase="Primary", type_group="maintained", status="open", authority_id="998", fictitious=True
    )
    client.force_login(here.people["manager"])
    client.post(page("member-join"), {"school": "990096", "from_on": "2026-11-02"})
    client.post(page("member-place", "990096"), {"body": "north-cluster", "on": "2026-11-02"})
    client.post(page("member-take-out", "990096"), {"body": "north-cluster", "on": "2026-11-03"})
    client.post(page("member-leave", "990096"), {"until_on": "2026-11-04", "why": ""})
    assert BodySchool.objects.filter(school="990096").values_list("until_on", flat=True).get().isoformat() == "2026-11-03"
    assert Membership.objects.filter(school="990096").values_list("until_on", flat=True).get().isoformat() == "2026-11-04"
    assert client.get(page("member-leave", "990096")).status_code == 404


def test_taking_part_is_noted_on_its_page(here: World, client: Client) -> None:
    client.force_login(here.people["cluster lead"])
    given = {"kind": "offered", "what": "A day of maths", "on": "2026-11-02"}
    assert client.post(page("engagement-note"), given | {"school": "990005"}).status_code == 422
    assert client.post(page("engagement-note"), given | {"school": "990001"})["Location"] == page("engagement")


def test_a_post_is_given_and_left_on_its_pages(here: World, client: Client) -> None:
    client.force_login(here.people["manager"])
    given = {"role": "head", "title": "Headteacher", "name": "Sky Fresh", "email": "sky@example.org", "from_on": "2026-11-02"}
    wrong = client.post(page("post-give"), given | {"place": ""})
    assert (wrong.status_code, "Headteacher is held at a school: choose one" in wrong.content.decode()) == (422, True)
    client.post(page("post-give"), given | {"place": "school:990006"})
    row = Tenure.objects.get(person__name="Sky Fresh")
    client.post(page("post-leave", row.pk), {"until_on": "2026-12-01", "hand_over": ""})
    row.refresh_from_db()
    assert (row.post.school_id, row.until_on.isoformat()) == ("990006", "2026-12-01")


def test_the_list_of_members_is_narrowed_by_its_address(here: World, client: Client) -> None:
    shown = text(client, page("members") + "?phase=Special")
    assert [name for name in School.objects.order_by("urn").values_list("name", flat=True) if name in shown] == ["Elmscar School"]
