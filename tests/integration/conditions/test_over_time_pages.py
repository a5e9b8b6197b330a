"""Pages over time: what each shows to whom, that nothing typed is lost, and that no page tells of a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.conditions.actions import send_reading
from convenor.conditions.models import DiagnosisReading, Likelihood, Prediction, SelfAssessment, SelfAssessmentAnswer
from convenor.conditions.queries.assessments import over_time
from convenor.conditions.queries.diagnosis import diagnosis
from convenor.conditions.queries.foresight import ledger
from convenor.partnership.gate import NotAllowed
from tests.factories.over_time import AT, ON, SECRETS, SLUG, World, answers, closed, likelihoods, prediction, readings, world
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with patch("django.utils.timezone.now", return_value=AT) as now:
        yield now


@pytest.fixture
def here() -> World:
    return world()


def page(name: str, *parts: object) -> str:
    return reverse(name, args=[SLUG, *parts])


def shown(here: World, who: str, address: str, status: int = 200) -> str:
    answer = signed_in(here.people[who], code=True).get(address)
    assert answer.status_code == status
    return " ".join(str(answer.content.decode()).split())


def sent(here: World, who: str, address: str, given: dict[str, Any], status: int = 302) -> Any:
    answer = signed_in(here.people[who], code=True).post(address, given)
    assert answer.status_code == status
    return answer


def test_conditions_are_asked_answered_on_one_page_closed_and_told(here: World) -> None:
    address = page("conditions-say")
    assert shown(here, "head", address, 404)
    sent(here, "manager", page("conditions-ask"), {"title": "Autumn 2026", "closes_on": "2026-11-23"})
    row = SelfAssessment.objects.get()
    before = closed(here, ["222222222"] * 4, opens_on=date(2025, 11, 3))  # fewer than five
    answers(row, ["123412341"] * 5, words=SECRETS["words"])
    # Nothing typed is lost where something is wrong.
    again = sent(here, "other head", address, {"version": "0", "level-trust": "9", "words-trust": "My own words"}, 422)
    assert "My own words" in again.content.decode()
    # ticked level 3 for trust, nothing for the rest
    sent(here, "other head", address, {"version": "0", "level-trust": "3", "words-trust": "My own words", "in_groups": "on"})
    kept = SelfAssessmentAnswer.objects.get(person=here.people["other head"])
    assert (kept.levels, kept.words, kept.role) == ({"trust": 3}, {"trust": "My own words"}, "head")
    going = shown(here, "officer", page("conditions"))
    assert "6 people have answered" in going
    assert [each for each in ("My own words", SECRETS["words"], "1 emerging") if each in going] == []
    sent(here, "manager", page("conditions-close", row.pk), {"version": "1"})
    told = shown(here, "officer", page("conditions"))
    assert "0 emerging, 5 forming, 1 established, 0 self-improving; 6 judged it." in told
    assert told.count("Too few to say: told when five or more judge it.") == 9  # last year, of four
    assert before.title in told
    one = {who: shown(here, who, page("conditions-one", "trust")) for who in ("manager", "board member", "auditor")}
    assert [who for who, text in one.items() if "My own words" in text or SECRETS["words"] in text] == ["manager"]
    table = signed_in(here.people["head"], code=True).get(page("conditions-table")).content.decode().splitlines()
    assert table[0].startswith("self-assessment,closed on,answered,condition,judged,Emerging")
    assert "Autumn 2026,2026-11-02,6,Trust,6,0,5,1,0" in table
    assert "Autumn 2025,2026-11-02,4,Trust,too few to say" in table
    sent(here, "manager", page("conditions-ask"), {"title": "Again", "closes_on": "2026-11-23"})
    assert 'value="3" checked' in shown(here, "other head", address)  # filled in as they said last time


def test_prediction_is_added_thought_likely_told_settled_and_scored(here: World) -> None:
    given = {"words": "Two clusters merge", "told_by": "The constitution", "due_on": "2027-11-02", "about": "structures"}
    wrong = sent(here, "head", page("foresight-add"), given | {"due_on": "2020-01-01"}, 422)
    assert "Two clusters merge" in wrong.content.decode()
    assert "falls due on a day to come" in wrong.content.decode()
    first = sent(here, "head", page("foresight-add"), given)
    row = Prediction.objects.get()
    assert first.headers["Location"] == page("foresight-say", row.pk)
    likelihoods(row, [90, 80, 70, 61])
    sent(here, "head", page("foresight-say", row.pk), {"percent": "101"}, 422)
    sent(here, "head", page("foresight-say", row.pk), {}, 422)
    sent(here, "head", page("foresight-say", row.pk), {"word": "97"})
    assert Likelihood.objects.get(person=here.people["head"]).percent == 97
    asked = shown(here, "head", page("foresight"))
    assert "You said 97%" in asked
    other = shown(here, "manager", page("foresight"))
    assert [each for each in ("97%", "90%", "80%", "79.6", "80 people") if each in other] == []
    sent(here, "manager", page("foresight-tell", row.pk), {})
    assert "We think it likely (80%, 5 people)" in shown(here, "board member", page("foresight"))
    assert shown(here, "head", page("foresight-say", row.pk), 404)
    sent(here, "manager", page("foresight-settle", row.pk), {"outcome": "came-true", "why": SECRETS["settled_why"], "version": "2"})
    settled = shown(here, "auditor", page("foresight"))
    assert "It came true" in settled
    assert SECRETS["settled_why"] in settled
    assert "Brier score is <strong>0.04</strong>" in settled
    assert shown(here, "manager", page("foresight-settle", row.pk), 404)


def test_ledger_tells_nothing_of_four_people_even_when_due(here: World) -> None:
    row = prediction(here, due_on=ON - timedelta(days=1), made_at=AT - timedelta(days=400), asks_until=ON - timedelta(days=300))
    likelihoods(row, [90, 80, 70, 60])
    seen = shown(here, "manager", page("foresight"))
    assert "fewer than five said how likely (4): not told" in seen
    assert "75" not in seen.split("Due now")[1].split("</ul>")[0]


def test_two_readings_are_told_side_by_side_from_five_of_each(here: World) -> None:
    readings(here, "heads", [{"stage": "status-quo", "champion": "little"}] * 5)
    readings(here, "officers", [{"stage": "direction", "champion": "fully"}] * 4)
    before = shown(here, "board member", page("diagnosis"))
    assert "1 more of officers of the authority is needed." in before
    assert "Maintaining the status quo 5" not in before
    sent(here, "officer", page("diagnosis-read"), {"version": "0", "stage": "no-direction"})
    assert DiagnosisReading.objects.get(person=here.people["officer"]).side == "officers"
    after = shown(here, "board member", page("diagnosis"))
    assert "Clear strategic direction 0; Maintaining the status quo 5; Lacking direction, or U-turns 0" in after
    assert "Clear strategic direction 4; Maintaining the status quo 0; Lacking direction, or U-turns 1" in after
    assert "Indicative." in after
    # It is counted and stands.
    sent(here, "officer", page("diagnosis-read"), {"version": "1", "stage": "direction"}, 422)
    assert "is counted and stands" in shown(here, "officer", page("diagnosis-read"))
    sent(here, "other head", page("diagnosis-read"), {"version": "0"}, 422)
    sent(here, "other head", page("diagnosis-read"), {"version": "0", "stage": "direction"})
    sent(here, "other head", page("diagnosis-read"), {"version": "0", "stage": "status-quo"}, 422)  # answered elsewhere meanwhile
    sent(here, "other head", page("diagnosis-read"), {"version": "1", "stage": "status-quo"})
    assert "Maintaining the status quo 5" in shown(here, "auditor", page("diagnosis") + "?year=2026")
    assert shown(here, "clerk", page("diagnosis-read"), 404)
    with pytest.raises(NotAllowed):
        send_reading(slug=SLUG, answers={"stage": "direction"}, version=0, by=here["clerk"], at=AT)


def test_what_the_pages_ask_of_the_database_does_not_grow_with_what_they_show(here: World) -> None:
    def asked() -> dict[str, int]:
        counts = {}
        for name, query in (("over time", over_time), ("ledger", ledger), ("readings", diagnosis)):
            with CaptureQueriesContext(connection) as queries:
                query(SLUG, viewer=here["manager"], at=AT)
            counts[name] = len(queries)
        return counts

    def more(year: int) -> None:
        closed(here, ["222222222"] * 5, opens_on=date(year, 11, 3))
        likelihoods(prediction(here), [10, 20, 30, 40, 50])
        readings(here, "heads", [{"stage": "direction"}] * 3)

    more(2024)
    first = asked()
    more(2025)
    assert asked() == first
    assert (first["ledger"], first["readings"], first["over time"] <= 45) == (2, 1, True)
