"""Who may open which page: every role as a table, on a partnership with people in all of them."""

import pytest
from django.test import Client
from django.urls import reverse

from convenor.partnership import actions
from convenor.partnership.actions import open_call
from convenor.partnership.models import Appointment, Tenure
from tests.factories.partnership import AT, SLUG, World, world

pytestmark = pytest.mark.django_db

EVERYONE = (
    "manager", "auditor", "head", "other head", "school leader", "chair of governors", "clerk", "school office", "trust lead",
    "system leader", "reviewer", "diocese", "regional link", "officer", "board member", "cluster lead", "alliance lead",
    "somebody with no post",
)  # fmt: skip
MEMBERS = frozenset(EVERYONE) - {"somebody with no post"}
MANAGER = frozenset({"manager"})

#: page -> who may open it. The head of Fernhollow sits on the board, and so sees what the board sees.
PAGES: dict[str, tuple[tuple[object, ...], frozenset[str]]] = {
    "partnership": ((), frozenset(EVERYONE)),
    "structure": ((), frozenset(EVERYONE)),
    "members": ((), frozenset(EVERYONE)),
    "seats": ((), MEMBERS),
    "seat-call": (("call",), MEMBERS),
    "seat-call-nominate": (
        ("call",),
        frozenset({"manager", "head", "other head", "school leader", "chair of governors", "clerk", "trust lead", "system leader",
                   "diocese", "cluster lead", "alliance lead"}),
    ),
    "seat-call-decide": (("call",), MANAGER),
    "seat-call-withdraw": (("call",), MANAGER),
    "seat-call-open": (("south-cluster", "lead"), MANAGER),
    "seat-appoint": (("south-cluster", "lead"), MANAGER),
    "appointment-end": (("appointment",), MANAGER),
    "appointment-successor": (("appointment",), frozenset({"manager", "cluster lead"})),
    "appointment-hand-over": (("appointment",), frozenset({"manager", "cluster lead"})),
    "member-join": ((), MANAGER),
    "member-leave": (("990003",), MANAGER),
    "member-place": (("990003",), MANAGER),
    "member-take-out": (("990003",), MANAGER),
    "engagement": (
        (),
        frozenset({"manager", "auditor", "head", "diocese", "regional link", "officer", "board member", "cluster lead", "alliance lead"}),
    ),
    "engagement-note": ((), frozenset({"manager", "cluster lead", "alliance lead"})),
    "representation": ((), MEMBERS),
    "posts": ((), MANAGER),
    "post-give": ((), MANAGER),
    "post-leave": (("tenure",), MANAGER),
    "rooms": ((), MANAGER),
    "journal": ((), frozenset({"manager", "auditor"})),
}  # fmt: skip


@pytest.fixture
def everyone(settings: pytest.FixtureRequest) -> World:
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "SecondFactor" not in each]  # type: ignore[attr-defined]
    return world()


def keys(everyone: World) -> dict[str, int]:
    call = open_call(
        slug=SLUG, body="south-cluster", seat="lead", places=1, closes_on=AT.date().replace(year=2030),
        term_from_on=AT.date().replace(year=2031), by=everyone["manager"], at=AT,
    )  # fmt: skip
    lead = Appointment.objects.get(person=everyone.people["cluster lead"])
    return {"call": call.pk, "appointment": lead.pk, "tenure": Tenure.objects.get(person=everyone.people["reviewer"]).pk}


def test_each_page_opens_for_those_who_may_and_nobody_else(everyone: World, client: Client) -> None:
    known = keys(everyone)
    opened: dict[str, frozenset[str]] = {}
    for page, (parts, _) in PAGES.items():
        address = reverse(page, args=[SLUG, *(known.get(str(part), part) for part in parts)])
        able = set()
        for who in EVERYONE:
            client.force_login(everyone.people[who])
            status = client.get(address).status_code
            assert status in (200, 403, 404), (page, who, status)
            if status == 200:
                able.add(who)
        opened[page] = frozenset(able)
    assert opened == {page: able for page, (_, able) in PAGES.items()}


def test_somebody_who_has_not_signed_in_is_led_to_sign_in(everyone: World, client: Client) -> None:
    known = keys(everyone)
    led = {}
    for page, (parts, _) in PAGES.items():
        address = reverse(page, args=[SLUG, *(known.get(str(part), part) for part in parts)])
        answer = client.get(address)
        led[page] = "open" if answer.status_code == 200 else answer["Location"].split("?")[0]
    assert led == {page: "open" if page in ("partnership", "structure", "members") else "/sign-in/" for page in PAGES}


def test_a_post_that_ended_opens_nothing(everyone: World, client: Client) -> None:
    tenure = Tenure.objects.get(person=everyone.people["manager"])
    actions.leave_post(slug=SLUG, tenure_id=tenure.pk, until_on=AT.date(), by=everyone["manager"], at=AT)
    client.force_login(everyone.people["manager"])
    assert client.get(reverse("journal", args=[SLUG])).status_code == 403
