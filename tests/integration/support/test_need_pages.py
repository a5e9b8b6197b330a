"""The pages of requests and matching: asked on a phone, listed, matched, chosen; looks written down; few queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.funding.models import DayRate
from convenor.governance.models import Priority
from convenor.journal.models import Look
from convenor.partnership.models import Tier
from convenor.registers.models import School
from convenor.support.models import Choice, Need, OtherSupport, Package, SchoolAnswer, Supporter, SupportMatching
from convenor.support.queries.gathering import gathered
from tests.factories.support_brokerage import AT, ON, SLUG, SPLIT, World, brokerage, need, offer, supporter
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
WORDS = "Our youngest readers fall behind by spring."


@pytest.fixture
def here() -> World:
    return brokerage()


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The day that the site believes it is."""
    with patch("django.utils.timezone.now", return_value=AT) as now:
        yield now


def page(name: str, *parts: object, **query: str) -> str:
    return reverse(f"support-{name}", args=[SLUG, *parts], query=query or None)


def browser(here: World, who: str) -> Client:
    return signed_in(here.people[who], code=True)


def boxes(**more: Any) -> dict[str, Any]:
    """The form of a request as a phone sends it."""
    return {"themes": ["reading", "writing"], "first": "writing", "words": WORDS, "half_days": "4", "payer": "", "budget": ""} | more


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_head_asks_on_one_page_that_is_filled_in(here: World) -> None:
    SchoolAnswer.objects.create(
        partnership=here.partnership, school_id="990001", year="2026-27", wants=["attendance"], answered_at=AT, answered_by="the test"
    )
    client = browser(here, "head")
    text = shown(client, page("need-ask"))
    assert text.count('value="attendance" checked') == 1
    assert "Filled in with what your school said in 2026-27 that it would like to learn" in text
    done = client.post(page("need-ask"), boxes(budget="1200.50", payer="receiving", wanted_by_on="2027-01-11"))
    row = Need.objects.get()
    assert (done.status_code, done.headers["Location"]) == (302, page("need", row.pk))
    assert (row.themes, row.half_days, row.budget_pence, row.payer, row.wanted_by_on) == (
        ["writing", "reading"], 4, 120_050, "receiving", date(2027, 1, 11),
    )  # fmt: skip
    after = shown(client, page("need", row.pk))
    assert "Thank you for asking." in after
    assert "You hear first when somebody is found" in after


def test_nothing_typed_is_lost_where_something_is_missing(here: World) -> None:
    client = browser(here, "head")
    answer = client.post(page("need-ask"), boxes(themes=[], wanted_by_on="2020-01-01"))
    text = answer.content.decode()
    assert (answer.status_code, Need.objects.count(), WORDS in text) == (422, 0, True)
    assert "Tap what you would like support with: one, or up to three" in text
    four = client.post(page("need-ask"), boxes(themes=["reading", "writing", "staff", "science"])).content.decode()
    assert "At most three: support that does few things does them well" in four
    past = client.post(page("need-ask"), boxes(wanted_by_on="2020-01-01"))
    assert (past.status_code, "The day by which it would help lies between today and two years from now" in past.content.decode()) == (
        422,
        True,
    )


def test_an_executive_head_chooses_for_which_school(here: World) -> None:
    client = browser(here, "trust lead")
    text = shown(client, page("need-ask"))
    assert page("need-ask", school="990004") in text
    client.post(page("need-ask", school="990004"), boxes())
    assert Need.objects.get().school_id == "990004"


@pytest.mark.parametrize(("who", "school"), [("other head", "990001"), ("manager", ""), ("clerk", "990001"), ("broker", "990001")])
def test_the_form_is_not_there_for_anybody_who_may_not_ask(here: World, who: str, school: str) -> None:
    assert browser(here, who).get(page("need-ask", school=school)).status_code == 404


def test_a_broker_asks_for_a_school_from_a_priority_with_its_agreement(here: World) -> None:
    row = Priority.objects.create(
        partnership=here.partnership, title="Every child reads", from_on=ON - timedelta(days=30), until_on=ON + timedelta(days=300)
    )
    client, address = browser(here, "broker"), page("need-ask", school="990001", **{"from": "priority", "key": str(row.pk)})
    assert "From the partnership’s priority: Every child reads." in shown(client, address)
    assert client.post(address, boxes()).status_code == 422
    assert client.post(address, boxes(agreed="on")).status_code == 302
    assert Need.objects.get().priority_id == row.pk
    assert "Or begin from" in shown(browser(here, "head"), page("need-ask"))


def test_a_school_changes_and_takes_back_its_request(here: World) -> None:
    row, client = need(here, half_days=7, payer="elsewhere"), browser(here, "head")
    text = shown(client, page("need-change", row.pk))
    assert text.count('<option value="7" selected>Three and a half days</option>') == 1
    assert client.post(page("need-change", row.pk), boxes(version="1", half_days="7", payer="elsewhere")).status_code == 302
    row.refresh_from_db()
    assert (row.themes, row.half_days, row.payer, row.version) == (["writing", "reading"], 7, "elsewhere", 2)
    assert client.post(page("need-change", row.pk), boxes(version="1")).status_code == 422
    assert client.post(page("need-withdraw", row.pk), {"why": ""}).status_code == 302
    assert [client.get(page(name, row.pk)).status_code for name in ("need-change", "need-withdraw")] == [404, 404]
    assert "Taken back on 2 November 2026" in shown(client, page("need", row.pk))


def test_a_brokers_look_at_a_request_is_written_down_and_the_schools_is_not(here: World) -> None:
    row = need(here, broker=None)
    assert WORDS in shown(browser(here, "head"), page("need", row.pk))
    assert Look.objects.count() == 0
    assert WORDS in shown(browser(here, "broker"), page("need", row.pk))
    assert list(Look.objects.values_list("urn", "record", "role")) == [("990001", "what it asks support for", "Broker")]
    given = supporter(here)
    shown(browser(here, "broker"), page("need-choose", row.pk, given.pk))
    assert Look.objects.count() == 2


def test_a_brokers_list_shows_no_words_and_narrows(here: World) -> None:
    need(here, broker=None)
    need(here, school="990004", themes=["science"], words="Practical work in years 7 and 8.", broker=None)
    client = browser(here, "broker")
    text = shown(client, page("needs"))
    assert (WORDS in text, "Coldbrook Academy" in text, "2 requests wait for somebody." in text) == (False, True, True)
    narrowed = shown(client, page("needs", theme="reading", state="open"))
    assert ("Fernhollow Primary School" in narrowed, "Coldbrook Academy" in narrowed) == (True, False)
    odd = shown(client, page("needs", theme="nonsense", state="nonsense"))
    assert "Coldbrook Academy" in odd


@pytest.mark.parametrize(("who", "says"), [("manager", "Nothing here for you"), ("head", "Nothing asked for yet")])
def test_a_list_without_anything_says_what_will_be_there(here: World, who: str, says: str) -> None:
    need(here, school="990004")
    text = shown(browser(here, who), page("needs"))
    assert (says in text, "Coldbrook" in text) == (True, False)


def test_a_broker_sees_who_else_is_in_there_before_choosing(here: World) -> None:
    row, given = need(here, broker=None), supporter(here)
    OtherSupport.objects.create(
        partnership=here.partnership, school_id="990001", kind="hub", name="Downs English Hub", about=["reading"], from_on=date(2026, 9, 1),
        source="The head", recorded_at=AT, recorded_by="the test",
    )  # fmt: skip
    client = browser(here, "broker")
    text = shown(client, page("need", row.pk))
    assert text.index("Downs English Hub") < text.index("Who could serve it") < text.index(given.name)
    assert "works on this already: speak with them first." in text


def test_a_broker_chooses_with_a_reason(here: World) -> None:
    row, given, client = need(here, broker=None), supporter(here), browser(here, "broker")
    address = page("need-choose", row.pk, given.pk)
    text = shown(client, address)
    assert ("Knows Reading, which the school asked for." in text, "Which tier carries it?" in text) == (True, True)
    assert client.post(address, {"why": "", "flow": "lifecycle", "version": "1"}).status_code == 422
    assert client.post(address, {"why": "She knows it.", "flow": "lifecycle", "version": "7"}).status_code == 422
    done = client.post(address, {"why": "She knows it.", "flow": "lifecycle", "version": "1", "tier": "alliances"})
    assert Package.objects.get().tier == Tier.objects.get(key="alliances")
    assert (done.status_code, done.headers["Location"], Choice.objects.get().why) == (302, page("need", row.pk), "She knows it.")
    assert [client.get(address).status_code, client.get(page("need-choose", row.pk, 10**9)).status_code] == [404, 404]
    package = reverse("support-package", args=[SLUG, Package.objects.get().pk])
    assert package in shown(client, page("need", row.pk))
    other = shown(browser(here, "split"), page("need", row.pk))
    assert (WORDS in other, package in other) == (False, False)


def test_a_broker_opens_the_package_first_and_chooses_later(here: World) -> None:
    row, given, client = need(here, broker=None), supporter(here), browser(here, "broker")
    assert page("need-begin", row.pk) in shown(client, page("need", row.pk))
    done = client.post(page("need-begin", row.pk), {"flow": "lifecycle", "version": "1"})
    opened = Package.objects.get()
    assert (done.status_code, done.headers["Location"]) == (302, reverse("support-package", args=[SLUG, opened.pk]))
    assert client.get(page("need-begin", row.pk)).status_code == 404
    other = shown(browser(here, "split"), page("need", row.pk))
    assert "Bea Marlow holds its package, and chooses for it." in other
    text = shown(client, page("need-choose", row.pk, given.pk))
    assert ("How the package goes" in text, client.post(page("need-choose", row.pk, given.pk), {"why": "She knows it."}).status_code) == (
        False,
        302,
    )
    opened.refresh_from_db()
    assert opened.supporter_id == given.pk


def test_a_long_list_is_shown_in_pages(here: World) -> None:
    for _ in range(53):
        need(here, broker=None)
    client = browser(here, "broker")
    assert [shown(client, page("needs", page=number)).count("asked 59 days ago") for number in ("1", "2")] == [50, 3]


def test_nobody_of_the_brokers_own_organisation_can_be_chosen_or_is_listed(here: World) -> None:
    row, given = need(here, broker=None), supporter(here, school=SPLIT, phases=[])
    client = browser(here, "split")
    assert client.get(page("need-choose", row.pk, given.pk)).status_code == 404
    refused = client.post(page("need-choose", row.pk, given.pk), {"why": "Mine.", "flow": "lifecycle", "version": "1"})
    text = refused.content.decode()
    assert (refused.status_code, "They are of your own organisation" in text, Choice.objects.count()) == (422, True, 0)
    assert "of the broker&#39;s own organisation. Another broker may choose them." in shown(client, page("need", row.pk))


def test_a_broker_matches_the_whole_area_on_one_page(here: World) -> None:
    client = browser(here, "broker")
    assert "Nobody waits" in shown(client, page("matching"))
    assert "No request waits that you could match" in client.post(page("matching"), follow=True).content.decode()
    supporter(here, phases=[])
    rows = [need(here, school=urn, broker=None) for urn in ("990001", "990002", "990005")]
    left = need(here, school="990006", themes=["science"], broker=None)
    assert "No proposal yet" in shown(client, page("matching"))
    text = client.post(page("matching"), follow=True).content.decode()
    assert (SupportMatching.objects.count(), WORDS in text) == (1, False)
    for row in rows:
        assert page("need-choose", row.pk, Supporter.objects.get().pk) in text
    assert text.index("What cannot be met, and why") < text.rindex(page("need", left.pk)) < text.index("Who is leant on")
    assert "Most is not met in Science: 6 of 6 half days." in text
    assert "no better proposal exists" in text
    need(here, school="990004", broker=None)
    assert "1 request is not in this proposal. Match again to take it in." in shown(client, page("matching"))


def test_a_long_proposal_is_shown_in_pages(here: World) -> None:
    supporter(here, phases=[], half_days=300)
    for _ in range(45):
        need(here, broker=None, half_days=1)
    client = browser(here, "broker")
    text = client.post(page("matching"), follow=True).content.decode()
    second = shown(client, page("matching", page="2"))
    assert (text.count('class="fit"'), second.count('class="fit"')) == (40, 5)


def test_a_school_that_closed_is_followed_or_ended(here: World) -> None:
    row, client = need(here, broker=None), browser(here, "broker")
    assert client.get(page("need-follow", row.pk)).status_code == 404
    School.objects.filter(urn="990001").update(status="closed")
    assert page("need-follow", row.pk) in shown(client, page("need", row.pk))
    assert "1 request belongs to a school that has closed" in shown(client, page("matching"))
    assert client.post(page("need-follow", row.pk), {}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.ended_why) == ("withdrawn", "The school closed.")


def test_a_broker_tells_a_school_that_nobody_was_found_yet(here: World) -> None:
    row, client = need(here, broker=None), browser(here, "broker")
    assert "Nobody in the directory offers Reading yet." in shown(client, page("need", row.pk))
    assert client.post(page("need-unmet", row.pk), {"why": "Everybody is booked until spring."}).status_code == 302
    assert "Everybody is booked until spring." in shown(browser(here, "head"), page("need", row.pk))
    client.post(page("need-withdraw", row.pk), {"why": ""})
    Need.objects.update(state="withdrawn")
    assert client.get(page("need-unmet", row.pk)).status_code == 404


def test_the_rate_card_prices_an_offer_by_the_dearest_that_applies(here: World) -> None:
    dear, cheap = supporter(here, designations=["sle", "nle"]), offer(here, "Una Fell", designations=["unpriced"])
    for key, pence in (("sle", 40_000), ("nle", 60_000)):
        DayRate.objects.create(
            partnership=here.partnership, key=key, name=key, day_pence=pence, day_hours=7, from_on=date(2026, 9, 1), recorded_at=AT,
            recorded_by="the test",
        )  # fmt: skip
    area = gathered(SLUG, viewer=here["broker"], at=ON)
    assert area is not None
    assert {each.id: each.day_pence for each in area.offers} == {str(dear.pk): 60_000, str(cheap.pk): None}


def asked_in(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        shown(client, address)
    return len(asked)


def test_pages_ask_no_more_of_a_larger_area(here: World) -> None:
    supporter(here, phases=[])
    row, client = need(here, broker=None), browser(here, "broker")
    client.post(page("matching"))
    addresses = [page("needs"), page("need", row.pk), page("matching")]
    few = [asked_in(client, address) for address in addresses]
    for number in range(12):
        offer(here, f"Somebody {number}", phases=[])
        need(here, school="990002", broker=None)
    client.post(page("matching"))
    many = [asked_in(client, address) for address in addresses]
    assert many[:2] == few[:2]
    assert many[2] - few[2] == 1  # the names of schools leant on, all in one
    assert max(many) <= 24
