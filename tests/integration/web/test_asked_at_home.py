"""What consultations and the nine conditions ask stands at home: for whoever is asked, until they have answered."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest

from convenor.conditions.actions import assessments, foresight
from convenor.conditions.models import Prediction
from convenor.consultation.models import Consultation, Response
from tests.factories.consultation import AT, ON, SLUG, World, asking, respond
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
ANSWER = "Answer for your school: A partnership of Fernshire’s schools"
NINE = "Say how the nine conditions stand"


@pytest.fixture
def here() -> World:
    return asking()


def home(here: World, who: str) -> str:
    with patch("django.utils.timezone.now", return_value=AT):
        return str(signed_in(here.people[who], code=True).get("/").content.decode())


def test_a_school_is_asked_at_the_home_of_its_own_people(here: World) -> None:
    for who in ("head", "school leader", "chair of governors"):
        assert home(here, who).count(ANSWER) == 1
    for who in ("manager", "board member", "officer", "reviewer"):
        assert home(here, who).count(ANSWER) == 0


def test_a_school_that_has_answered_is_asked_no_more(here: World) -> None:
    respond(here, Consultation.objects.get(), "990001")
    assert home(here, "head").count(ANSWER) == 0
    assert home(here, "other head").count(ANSWER) == 1


def test_a_draft_is_gone_on_with(here: World) -> None:
    respond(here, Consultation.objects.get(), "990001", state="draft", sent_at=None)
    assert Response.objects.get().state == "draft"
    assert "It is begun." in home(here, "head")


def test_what_is_closed_or_switched_off_asks_nothing(here: World) -> None:
    Consultation.objects.update(state="closed")
    assert home(here, "head").count(ANSWER) == 0
    Consultation.objects.update(state="open")
    here.partnership.rooms_off = ["consultation", "support"]
    here.partnership.save()
    assert home(here, "head").count(ANSWER) == 0


def test_where_the_room_of_support_is_off_a_school_is_asked_all_the_same(here: World) -> None:
    here.partnership.rooms_off = ["support"]
    here.partnership.save()
    assert home(here, "head").count(ANSWER) == 1


def test_members_are_asked_how_the_conditions_stand_until_they_have_said(here: World) -> None:
    assert home(here, "other head").count(NINE) == 0
    row = assessments.open_assessment(slug=SLUG, title="Autumn", closes_on=ON + timedelta(days=20), by=here["manager"], at=AT)
    assert home(here, "other head").count(NINE) == 1
    assessments.answer(
        slug=SLUG, assessment_id=row.pk, levels={"trust": 3}, words={}, in_groups=True, version=0, by=here["other head"], at=AT
    )  # fmt: skip
    assert home(here, "other head").count(NINE) == 0


def test_whoever_settles_is_told_that_a_prediction_is_due(here: World) -> None:
    said = "Say what became of something that was foreseen"
    made = foresight.add_prediction(
        slug=SLUG, words="Every cluster has met", about="", due_on=ON + timedelta(days=60), told_by="", by=here["manager"], at=AT
    )  # fmt: skip
    assert home(here, "manager").count(said) == 0
    Prediction.objects.filter(pk=made.pk).update(due_on=ON)
    assert home(here, "manager").count(said) == 1
    assert home(here, "head").count(said) == 0
