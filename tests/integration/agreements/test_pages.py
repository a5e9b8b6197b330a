"""The pages of agreements, as browsers send them: nothing typed is lost, nothing is told to whom it is not for."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.agreements.forms.texts import WriteForm
from convenor.agreements.models import Agreed, AgreementText
from convenor.agreements.queries.notice import what_is_held
from convenor.agreements.queries.register import register
from convenor.agreements.queries.texts import texts
from convenor.agreements.rules.classes import DataClass
from tests.architecture.test_house import ours
from tests.factories.agreements import AT, ON, SLUG, World, adopted, agreeing, signed
from tests.factories.partnership import world
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
OTHER = "990005"
ALL = [each.value for each in DataClass]
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def here() -> Iterator[World]:
    with patch("django.utils.timezone.now", return_value=AT):
        yield agreeing()


@pytest.fixture
def clock() -> Iterator[None]:
    with patch("django.utils.timezone.now", return_value=AT):
        yield


def at(name: str, *more: Any, **query: Any) -> str:
    return reverse(name, args=[SLUG, *more], query=query or None)


def words(response: Any) -> str:
    """What the page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode().split("<main")[1])).split())


def test_first_page_leads_to_the_second_and_the_button_signs(here: World) -> None:
    head = signed_in(here.people["other head"])
    first = words(head.get(at("agreement-school", OTHER)))
    assert [first.count(each) for each in ("Page 1 of 2", "Next: the agreement", "What it never does")] == [1, 1, 1]
    second = head.get(at("agreement-agree", OTHER)).content.decode()
    assert (second.count('value="Dele Stone"'), second.count('value="Headteacher"'), second.count(" checked")) == (1, 1, 0)
    given = {"number": 1, "classes": ["published"], "name": "Dele Stone", "role": "Headteacher"}
    answer = head.post(at("agreement-agree", OTHER), given)
    assert (answer.status_code, answer.headers["Location"]) == (302, at("agreement-school", OTHER))
    after = words(head.get(at("agreement-school", OTHER)))
    assert after.count("Agreed to what is published by Dele Stone, Headteacher, until 1 November 2027.") == 1
    assert after.count("Used by your school alone.") == 3


def test_what_was_typed_and_ticked_stands_where_something_is_missing(here: World) -> None:
    head = signed_in(here.people["other head"])
    given = {"number": 1, "classes": ["support-records"], "name": SCRIPT, "role": ""}
    answer = head.post(at("agreement-agree", OTHER), given)
    page = answer.content.decode()
    assert (answer.status_code, page.count("Say in which post you sign"), page.count(SCRIPT)) == (422, 2, 0)
    assert re.search(r'id="agree-support-records"[^>]*checked', page) is not None
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 1
    assert Agreed.objects.filter(school_id=OTHER).count() == 0


def test_a_newer_version_meanwhile_is_said_and_nothing_is_signed(here: World) -> None:
    adopted(here, 2, changes="Shorter.")
    given = {"number": 1, "classes": ALL, "name": "Dele Stone", "role": "Headteacher"}
    answer = signed_in(here.people["other head"]).post(at("agreement-agree", OTHER), given)
    assert (answer.status_code, words(answer).count("A new version of the agreement was put to schools")) == (422, 1)
    assert Agreed.objects.filter(school_id=OTHER).count() == 0


def test_school_of_somebody_else_is_signed_by_nobody_who_types_it_in(here: World) -> None:
    given = {"number": 1, "classes": ALL, "name": "Tess Moor", "role": "Trust leader", "schools": ["990002", OTHER]}
    answer = signed_in(here.people["trust lead"]).post(at("agreement-agree", "990002"), given)
    assert (answer.status_code, Agreed.objects.exclude(school_id="990001").count()) == (422, 0)


def test_leader_of_a_trust_finds_every_school_ticked_and_a_head_of_one_none_to_tick(here: World) -> None:
    leader = signed_in(here.people["trust lead"]).get(at("agreement-agree", "990002")).content.decode()
    assert re.findall(r'name="schools"[^>]*value="(\d+)"', leader) == ["990002", "990004"]
    assert len(re.findall(r'name="schools"[^>]*checked', leader)) == 2
    assert 'name="schools"' not in signed_in(here.people["other head"]).get(at("agreement-agree", OTHER)).content.decode()


def test_withdrawing_shows_what_follows_and_keeps_the_reason(here: World) -> None:
    head = signed_in(here.people["head"])
    assert words(head.get(at("agreement-withdraw", "990001"))).count("it takes no figure away") == 1
    answer = head.post(at("agreement-withdraw", "990001"), {"why": "We would rather not."})
    assert (answer.status_code, answer.content.decode().count("We would rather not.")) == (422, 1)
    head.post(at("agreement-withdraw", "990001"), {"classes": ["review-reports"], "why": "We would rather not."})
    after = words(head.get(at("agreement-school", "990001")))
    assert after.count("Withdrawn from peer reviews by Ada Example, headteacher, Fernhollow Primary School. “We would rather not.”") == 1
    assert after.count("agreed until 2 May 2027") == 3


def test_deputy_reads_and_does_not_sign(here: World) -> None:
    page = words(signed_in(here.people["school leader"]).get(at("agreement-school", "990001")))
    assert (page.count("agrees and withdraws for your school"), page.count("Renew"), page.count("Withdraw ")) == (1, 0, 0)


@pytest.mark.usefixtures("clock")
def test_before_a_text_every_page_says_so_and_asks_nothing() -> None:
    here = world()
    head, manager = signed_in(here.people["head"]), signed_in(here.people["manager"], code=True)
    assert words(head.get(at("agreement-school", "990001"))).count("Nothing to agree to yet.") == 1
    assert words(head.get(at("agreement-agree", "990001"))).count("nothing to agree to yet") == 1
    assert words(head.get(at("agreement-withdraw", "990001"))).count("nothing to withdraw from") == 1
    assert words(Client().get(at("agreement-text"))).count("No agreement was put to schools yet") == 1
    assert words(manager.get(at("agreements"))).count("Begin the agreement") == 1
    given = {"number": 0, "classes": ALL, "name": "Ada Example", "role": "Headteacher"}
    assert head.post(at("agreement-agree", "990001"), given).status_code == 422
    assert [manager.get(at(name)).status_code for name in ("agreement-write", "agreement-adopt", "agreement-drop")] == [404, 404, 404]


def test_manager_begins_changes_and_adopts_a_new_version(here: World) -> None:
    manager = signed_in(here.people["manager"], code=True)
    assert manager.post(at("agreement-begin")).status_code == 302
    seen = texts(SLUG, viewer=here["manager"]).draft
    assert seen is not None
    assert manager.get(at("agreement-write")).status_code == 200
    form = WriteForm(seen=seen)
    boxes = {name: str(form.get_initial_for_field(box, name) or "") for name, box in form.fields.items()}
    boxes |= {"version": "1", "heading-1": SCRIPT, "heading-12": "Who pays", "words-12": "Nobody."}
    answer = manager.post(at("agreement-write"), boxes | {"words-1": "x" * 3001})
    assert (answer.status_code, answer.content.decode().count("x" * 3001)) == (422, 1)
    assert manager.post(at("agreement-write"), boxes).status_code == 302
    draft = AgreementText.objects.get(number=2)
    assert [each["key"] for each in draft.sections][-1] == "who-pays"
    assert draft.sections[0]["heading"] == SCRIPT
    given = {"version": draft.version, "decided": "Strategic Board", "changes": "Who pays.", "agree_by_on": "2027-01-04"}
    assert manager.post(at("agreement-adopt"), given | {"decided": ""}).status_code == 422
    assert manager.post(at("agreement-adopt"), given).status_code == 302
    public = Client().get(at("agreement-text")).content.decode()
    assert (public.count("Nobody."), public.count(SCRIPT)) == (1, 0)


def test_draft_is_put_away_by_its_manager_alone(here: World) -> None:
    adopted(here, 2, agree_by_on=None)
    assert Client().get(at("agreement-text", version=2)).status_code == 404
    manager = signed_in(here.people["manager"], code=True)
    assert words(manager.get(at("agreement-text", version=2))).count("a draft that only you see") == 1
    assert manager.post(at("agreement-drop"), {"version": 9}).status_code == 422
    assert manager.post(at("agreement-drop"), {"version": 1}).status_code == 302
    assert list(AgreementText.objects.values_list("number", flat=True)) == [1]


def test_register_narrows_and_downloads_without_a_formula(here: World) -> None:
    signed(here, OTHER, DataClass.SUPPORT, name="=1+1", ended=10)
    manager = signed_in(here.people["manager"], code=True)
    assert words(manager.get(at("agreements"))).count("6 of 6 schools.") == 1
    narrowed = words(manager.get(at("agreements", state="ended, still counts")))
    assert (narrowed.count("1 of 6 schools."), narrowed.count("Dunmarsh High School"), narrowed.count("Elmscar")) == (1, 1, 0)
    found = manager.get(at("agreements-file"))
    rows = list(csv.reader(found.content.decode("utf-8-sig").splitlines()))
    assert (len(rows), found.headers["Content-Disposition"]) == (25, f'attachment; filename="agreements-{SLUG}-2026-11-02.csv"')
    assert [row[3:7] for row in rows if row[0] == OTHER and row[2] == "Support"] == [["ended, still counts", "yes", "1", "'=1+1"]]


def test_register_is_for_whoever_runs_agreements(here: World) -> None:
    found = {who for who, viewer in here.viewers.items() if register(SLUG, viewer=viewer, at=ON) is not None}
    assert (found, register("elsewhere", viewer=here["manager"], at=ON)) == ({"manager"}, None)


def test_register_asks_the_database_as_often_for_many_schools(here: World) -> None:
    manager = signed_in(here.people["manager"], code=True)
    manager.get(at("agreements"))
    counts = []
    for urns in ((), (OTHER, "990002", "990006")):
        for urn in urns:
            signed(here, urn, DataClass.SUPPORT)
        with CaptureQueriesContext(connection) as asked:
            manager.get(at("agreements"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 14


def test_notice_tells_of_every_table_once_with_its_own_words(here: World) -> None:
    held = what_is_held(viewer="the system")
    told = sorted((table.feature, table.name) for each in held for table in each.tables)
    assert told == sorted((model._meta.app_label, model.__name__) for model in ours())
    page = words(Client().get(at("agreement-privacy")))
    for each in held:
        assert all(group.authority in page for group in each.held)
    assert (page.count("does not rest on consent"), page.count("Data protection officer, dpo@fernshire.example")) == (1, 1)
    assert here.partnership.name in page


def test_what_a_school_signed_is_shown_to_nobody_outside_it(here: World) -> None:
    row = Agreed.objects.first()
    assert row is not None
    Agreed.objects.update(name="Whoever Signed")
    pages = [at("agreement-text"), at("agreement-privacy"), at("agreement-school", "990001"), at("agreements")]
    found = {}
    for who in ("head", "clerk", "manager", "other head", "board member", "officer", "cluster lead"):
        browser = signed_in(here.people[who], code=True)
        found[who] = any("Whoever Signed" in browser.get(page).content.decode() for page in pages)
    assert found == dict.fromkeys(found, False) | {"head": True, "clerk": True}
    assert row.until_on > ON
