"""The pages of plan, visits, reviews, money and evaluation: who opens which, who is written down, and what a round of them does."""

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

from convenor.funding.actions import record_fund
from convenor.funding.models import DayRate
from convenor.journal.models import Look
from convenor.support.actions.agreements import agree
from convenor.support.actions.notes import write_note
from convenor.support.actions.plan import set_plan
from convenor.support.models import Evaluation, HeadAgreement, NoteMark, NoteOfVisit, Objective, Package, PackageCost, ProgressReview, Visit
from convenor.support.queries.evaluation import lesson_stands
from tests.factories.support import MOMENTS, SECRETS, SLUG, World, package, supporting
from tests.factories.support_deployments import GOAL, NOW, TODAY, WORDS, visit
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
SCHOOL = {"head", "school leader", "chair of governors"}
SPEAKS = {"head", "chair of governors"}
GIVES = {"supporter", "system leader", "lender"}  # the first two are one person
WORKS = SCHOOL | GIVES | {"broker"}
FOLLOWS = WORKS | {"manager"}


@pytest.fixture
def here() -> World:
    return supporting()


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The moment that the site believes it is; `clock.return_value` may be moved."""
    with patch("django.utils.timezone.now", return_value=NOW) as now:
        yield now


def address(name: str, row: Package, *parts: object) -> str:
    return reverse(name, args=[SLUG, row.pk, *parts])


def who_opens(here: World, at: str) -> set[str]:
    """Who is shown the page; everybody else is refused, told there is none, or led to sign in."""
    clients = {who: signed_in(person, code=True) for who, person in here.people.items()} | {"nobody": Client()}
    got = {who: client.get(at).status_code for who, client in clients.items()}
    assert {status for who, status in got.items() if status != 200} <= {302, 403, 404}
    assert got["nobody"] == 302
    return {who for who, status in got.items() if status == 200}


def sent(here: World, who: str, at: str, **given: Any) -> Any:
    """What the page answers to a form."""
    return signed_in(here.people[who], code=True).post(at, given)


@pytest.mark.parametrize(
    ("name", "opens"),
    [
        ("support-plan", WORKS),
        ("support-plan-set", WORKS),
        ("support-agree", SPEAKS | {"lender"}),
        ("support-agree-withdraw", SPEAKS | {"lender"}),
        ("support-visits", WORKS),
        ("support-visit-new", WORKS),
        ("support-progress", WORKS),
        ("support-progress-new", WORKS),
        ("support-money", FOLLOWS),
        ("support-cost-new", {"broker", "manager"}),
        ("support-evaluation", FOLLOWS),
        ("support-lesson", set()),
    ],
)
def test_each_page_is_opened_by_those_alone_whose_it_is(here: World, name: str, opens: set[str]) -> None:
    assert who_opens(here, address(name, package(here))) == opens


def test_pages_of_one_visit_are_for_those_whose_it_is(here: World) -> None:
    row = package(here)
    coming = visit(here, row, on=date(2026, 11, 18))
    held = visit(here, row, on=date(2026, 11, 4))
    note = write_note(slug=SLUG, visit_id=held.pk, words=WORDS, by=here["supporter"], at=NOW)
    assert {
        name: who_opens(here, address(name, row, pk))
        for name, pk in (
            ("support-visit-move", coming.pk), ("support-visit-off", coming.pk), ("support-note", coming.pk),
            ("support-note-keep", coming.pk), ("support-note-mark", note.pk), ("support-visit-move", held.pk),
        )
    } == {
        "support-visit-off": WORKS, "support-note": GIVES, "support-note-keep": GIVES, "support-note-mark": SCHOOL,
        "support-visit-move": set(),
    }  # fmt: skip


def test_the_plan_stays_closed_to_the_other_side_until_the_head_agreed(here: World) -> None:
    row = package(here, "agreeing")
    set_plan(slug=SLUG, package_id=row.pk, goals={1: GOAL}, by=here["head"], at=NOW)
    assert who_opens(here, address("support-plan", row)) == SCHOOL | {"broker"}
    shown = signed_in(here.people["lender"]).get(address("support-agree", row)).content.decode()
    assert (GOAL.title in shown, "The head of the receiving school agrees first" in shown) == (False, True)


def test_whoever_is_not_of_the_school_is_written_down_before_they_read(here: World) -> None:
    row = package(here)
    for who in ("head", "supporter", "broker"):
        for name in ("support-plan", "support-visits", "support-progress", "support-evaluation"):
            signed_in(here.people[who], code=True).get(address(name, row))
    looks = Look.objects.order_by("pk").values_list("by_label", "record")
    assert {(label.split(",")[0], record) for label, record in looks} == {
        (name, record)
        for name in ("Sol Carr", "Bea Marlow")
        for record in (
            "support package: plan and tasks", "support package: notes of visits", "support package: progress reviews",
            "support package: evaluation",
        )
    }  # fmt: skip


def goal_fields(number: int = 1) -> dict[str, Any]:
    return {
        f"title_{number}": GOAL.title, f"area_{number}": GOAL.area, f"owner_{number}": GOAL.owner, f"measure_{number}": GOAL.measure,
        f"baseline_{number}": GOAL.baseline, f"baseline_on_{number}": "2026-09-30", f"baseline_n_{number}": "30",
        f"target_{number}": GOAL.target, f"target_by_on_{number}": "2027-07-16", f"half_days_{number}": "4",
    }  # fmt: skip


def test_a_plan_is_set_settled_and_agreed_to_on_its_pages(here: World) -> None:
    row = package(here, "agreeing")
    assert sent(here, "head", address("support-plan-set", row), **goal_fields()).status_code == 302
    assert Objective.objects.get(package=row).goal == GOAL
    cost = {"what": "Six half days", "payer": "receiving", "half_days": "6", "day": "350", "share": "15"}
    assert sent(here, "broker", address("support-cost-new", row), **cost).status_code == 302
    found = PackageCost.objects.get(package=row)
    assert (found.pence, found.broker_pence, found.half_days) == (1050_00, 157_50, 6)
    for who in ("head", "lender"):
        page = signed_in(here.people[who]).get(address("support-agree", row)).content.decode()
        assert (GOAL.title in page, "£1,050" in page) == (True, True)
        assert sent(here, who, address("support-agree", row), plan_version="3").status_code == 302
    assert HeadAgreement.objects.filter(package=row, plan_version=3, withdrawn_at=None).count() == 2
    assert sent(here, "lender", address("support-agree-withdraw", row)).status_code == 302
    assert HeadAgreement.objects.filter(package=row, withdrawn_at=None).count() == 1


def test_what_is_wrong_with_a_plan_is_told_and_nothing_typed_is_lost(here: World) -> None:
    row = package(here, "agreeing")
    got = sent(here, "head", address("support-plan-set", row), **(goal_fields() | {"baseline_1": ""}))
    assert (got.status_code, GOAL.title in got.content.decode(), Objective.objects.count()) == (422, True, 0)


def test_a_plan_that_somebody_else_changed_is_told(here: World) -> None:
    row = package(here)
    got = sent(here, "head", address("support-plan-set", row), **goal_fields(), version="0")
    assert (got.status_code, "Somebody changed this package" in got.content.decode()) == (422, True)


def test_a_supporter_who_was_there_today_is_led_to_the_note(here: World) -> None:
    row = package(here)
    got = sent(here, "supporter", address("support-visit-new", row), on=TODAY.isoformat(), half_days="1", what="Lessons", objectives="1")
    made = Visit.objects.get(package=row)
    assert (got.status_code, got["Location"]) == (302, address("support-note", row, made.pk))
    keep = address("support-note-keep", row, made.pk)
    saved = sent(here, "supporter", keep, seen="Half a thought")
    assert (saved.status_code, saved.json()) == (200, {"says": "Saved 09:00. Nobody else reads it yet.", "was": {}})
    assert "Half a thought" in signed_in(here.people["supporter"]).get(got["Location"]).content.decode()
    assert "Half a thought" not in signed_in(here.people["head"]).get(address("support-visits", row)).content.decode()
    other = sent(here, "lender", keep, seen="Mine")
    assert (other.status_code, sent(here, "head", keep, seen="Mine").status_code) == (422, 404)
    note = {"seen": WORDS.seen, "agreed": WORDS.agreed, "next_time": WORDS.next_time, "held_on": TODAY.isoformat()}
    assert sent(here, "supporter", got["Location"], **note).status_code == 302
    assert (NoteOfVisit.objects.get().seen, Visit.objects.get().delivered_on) == (WORDS.seen, TODAY)


def test_the_note_before_says_what_was_meant_for_this_time(here: World) -> None:
    row = package(here)
    first = visit(here, row, on=date(2026, 11, 4))
    write_note(slug=SLUG, visit_id=first.pk, words=WORDS, by=here["supporter"], at=NOW)
    second = visit(here, row, on=TODAY)
    assert WORDS.next_time in signed_in(here.people["supporter"]).get(address("support-note", row, second.pk)).content.decode()


def test_a_head_says_that_a_note_is_wrong_and_it_stands_beside_it(here: World) -> None:
    row = package(here)
    note = write_note(slug=SLUG, visit_id=visit(here, row, on=date(2026, 11, 4)).pk, words=WORDS, by=here["supporter"], at=NOW)
    at = address("support-note-mark", row, note.pk)
    assert sent(here, "head", at, accuracy="not-accurate", words="").status_code == 422
    assert sent(here, "head", at, accuracy="not-accurate", words="There were five.").status_code == 302
    assert NoteMark.objects.get().words == "There were five."
    assert "There were five." in signed_in(here.people["supporter"]).get(address("support-visits", row)).content.decode()


def test_a_visit_is_moved_and_called_off_on_its_pages(here: World) -> None:
    row = package(here)
    one = visit(here, row, on=date(2026, 11, 18))
    move, off = address("support-visit-move", row, one.pk), address("support-visit-off", row, one.pk)
    assert sent(here, "head", move, on="2026-12-25", half_days="1").status_code == 422
    assert sent(here, "head", move, on="2026-11-20", half_days="2", version="1").status_code == 302
    one.refresh_from_db()
    assert (one.on, one.half_days) == (date(2026, 11, 20), 2)
    assert sent(here, "head", off, why="").status_code == 302
    one.refresh_from_db()
    assert one.cancelled_at is not None


REVIEW = {"held_on": "2026-11-10", "progress_1": "red", "words_1": "Two teachers are ill", "decision": "change", "words": "One class first"}


def test_a_review_that_changes_the_plan_leads_to_it(here: World) -> None:
    row = package(here)
    got = sent(here, "supporter", address("support-progress-new", row), **REVIEW, next_on="2027-02-09")
    assert (got.status_code, got["Location"]) == (302, address("support-plan-set", row))
    for name in ("support-plan", "support-progress"):
        page = signed_in(here.people["head"]).get(address(name, row)).content.decode()
        assert "The last review decided to change the plan." in page
    assert (ProgressReview.objects.get().next_on, "Off track. It will not come about" in page) == (date(2027, 2, 9), True)


def test_a_review_that_leaves_red_as_it_is_is_refused_in_words(here: World) -> None:
    row = package(here)
    got = sent(here, "head", address("support-progress-new", row), **(REVIEW | {"decision": "continue"}), next_on="2027-02-09")
    assert (got.status_code, "An objective is off track" in got.content.decode()) == (422, True)


def test_colour_never_stands_alone(here: World) -> None:
    row = package(here)
    sent(here, "head", address("support-progress-new", row), **REVIEW, next_on="2027-02-09")
    page = signed_in(here.people["head"]).get(address("support-progress", row)).content.decode()
    assert page.count("Red: off track") == 1
    for words in ("Green", "Amber", "Red", "Too early to say", "never about the school"):
        assert words in page


def test_money_of_a_fund_is_set_aside_and_falls_away_on_its_pages(here: World) -> None:
    row = package(here)
    pot = record_fund(slug=SLUG, name="Support", source="Schools", year="2026-27", pence=400_00, by=here["manager"], at=NOW)
    cost = {"what": "Two more", "payer": "fund", "half_days": "2", "day": "350"}
    assert sent(here, "broker", address("support-cost-new", row), **cost).status_code == 302
    made = PackageCost.objects.get(payer="fund")
    fund = address("support-cost-fund", row, made.pk)
    assert who_opens(here, fund) == {"manager"}
    assert sent(here, "manager", fund, fund=str(pot.pk)).status_code == 302
    again = sent(here, "manager", address("support-cost-new", row), **cost, fund=str(pot.pk))
    assert (again.status_code, "This fund cannot pay for it. The fund has £50.00 left" in again.content.decode()) == (422, True)
    page = signed_in(here.people["head"]).get(address("support-money", row)).content.decode()
    assert ("Support 2026-27" in page, "£1,400" in page) == (True, True)
    end = address("support-cost-end", row, made.pk)
    assert sent(here, "broker", end, why="").status_code in (403, 422)
    assert sent(here, "manager", end, why="").status_code == 302
    made.refresh_from_db()
    assert made.ended_on == TODAY


def test_the_rate_card_is_set_ended_and_read(here: World) -> None:
    rates, new = reverse("support-rates", args=[SLUG]), reverse("support-rate-set", args=[SLUG])
    given = {"key": "specialist-leader", "day": "350", "day_hours": "5", "share": "15", "from_on": "2026-09-01"}
    assert sent(here, "manager", new, **given).status_code == 302
    assert sent(here, "manager", new, **given).status_code == 422
    assert "Specialist leader" in signed_in(here.people["head"]).get(rates).content.decode()
    end = reverse("support-rate-end", args=[SLUG, DayRate.objects.get().pk])
    assert (who_opens(here, new), who_opens(here, end)) == ({"manager"}, {"manager"})
    assert sent(here, "manager", end, until_on="2026-01-01").status_code == 422
    assert sent(here, "manager", end, until_on="2026-12-01").status_code == 302
    assert signed_in(here.people["manager"], code=True).get(end).status_code == 404


def test_both_sides_evaluate_and_share_a_lesson_on_their_pages(here: World, clock: Any) -> None:
    row = package(here, "ending")
    clock.return_value = MOMENTS["ending"] + timedelta(days=1)
    at = address("support-evaluate", row, "end")
    assert who_opens(here, at) == SCHOOL | GIVES
    given = {"met_1": "partly", "evidence_1": "Twenty of thirty", "useful": "4", "worth": "3", "words": "", "lesson": "Begin small."}
    assert sent(here, "head", at, **(given | {"evidence_1": ""})).status_code == 422
    assert sent(here, "head", at, **given).status_code == 302
    assert sent(here, "lender", at, words="We learned as much.").status_code == 302
    assert who_opens(here, at) == set()
    assert Evaluation.objects.count() == 2
    lesson = address("support-lesson", row)
    assert who_opens(here, lesson) == SPEAKS | {"lender"}
    for who in ("head", "lender"):
        assert sent(here, who, lesson, words="Begin small.", read="Begin small.").status_code == 302
    assert lesson_stands(row.pk, viewer=here["head"]).shared
    assert "The directory shows these words" in signed_in(here.people["head"]).get(address("support-evaluation", row)).content.decode()
    assert sent(here, "head", address("support-lesson-back", row)).status_code == 302
    assert not lesson_stands(row.pk, viewer=here["head"]).shared


def test_a_moment_that_is_none_is_not_found(here: World) -> None:
    row = package(here, "ending")
    assert signed_in(here.people["head"]).get(address("support-evaluate", row, "someday")).status_code == 404


def test_nothing_of_the_words_reaches_whoever_only_follows(here: World, clock: Any) -> None:
    row = package(here, "ending")
    clock.return_value = MOMENTS["ending"]
    manager = signed_in(here.people["manager"], code=True)
    for name in ("support-money", "support-evaluation"):
        page = manager.get(address(name, row)).content.decode()
        assert [key for key, words in SECRETS.items() if words in page] == []
    own = signed_in(here.people["head"]).get(address("support-visits", row)).content.decode()
    assert [key for key, words in SECRETS.items() if words in own] == ["note", "dispute"]


@pytest.mark.parametrize(
    ("name", "most"),
    [("support-plan", 26), ("support-visits", 26), ("support-progress", 26), ("support-money", 24), ("support-evaluation", 28)],
)
def test_pages_ask_the_database_little(here: World, name: str, most: int) -> None:
    row = package(here, "ending")
    client = signed_in(here.people["head"])
    client.get(address(name, row))
    with CaptureQueriesContext(connection) as asked:
        client.get(address(name, row))
    assert len(asked) <= most


def test_a_head_agrees_again_after_the_plan_changed(here: World) -> None:
    row = package(here)
    set_plan(slug=SLUG, package_id=row.pk, goals={1: GOAL}, by=here["broker"], at=NOW)
    page = signed_in(here.people["head"]).get(address("support-plan", row)).content.decode()
    assert ("The plan has changed, so" in page, "Read it and agree" in page) == (True, True)
    agree(slug=SLUG, package_id=row.pk, plan_version=2, by=here["head"], at=NOW)
    got = signed_in(here.people["head"]).get(address("support-agree", row)).content.decode()
    assert "Your side has agreed to this plan already." in got
