"""What a school is asked about its agreement stands at home, for whoever speaks for it, until it has said; and the worker reminds."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.management import call_command

from convenor.agreements.models import Agreed
from convenor.post.models import Letter
from convenor.web.management.commands import worker
from tests.factories.agreements import AT, ON, World, agreeing, all_of
from tests.factories.partnership import world
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
FIRST, AGAIN = "Say what Dunmarsh High School agrees to share", "Renew how Dunmarsh High School shares data"


def home(here: World, who: str) -> str:
    with patch("django.utils.timezone.now", return_value=AT):
        return str(signed_in(here.people[who], code=True).get("/").content.decode())


def test_a_school_is_asked_at_home_until_it_has_said() -> None:
    here = agreeing()
    assert {who: home(here, who).count(FIRST) for who in ("other head", "head", "manager", "school leader")} == {
        "other head": 1, "head": 0, "manager": 0, "school leader": 0,
    }  # fmt: skip
    all_of(here, "990005")
    assert (home(here, "other head").count(FIRST), home(here, "other head").count(AGAIN)) == (0, 0)
    Agreed.objects.filter(school_id="990005", data_class="published").update(until_on=ON + timedelta(days=30))
    assert home(here, "other head").count(AGAIN) == 1
    Agreed.objects.filter(school_id="990005", data_class="published").update(withdrawn_at=AT)
    assert home(here, "other head").count(AGAIN) == 0


def test_without_a_text_no_school_is_asked() -> None:
    assert home(world(), "other head").count("agrees to share") == 0


def test_the_worker_reminds_of_an_agreement_that_ends() -> None:
    here = agreeing()
    all_of(here, "990005", until_on=ON + timedelta(days=42), remind_on=ON)
    with patch("django.utils.timezone.now", return_value=AT), patch(f"{worker.__name__}.close_old_connections"):
        call_command("worker", once=True)
    assert list(Letter.objects.filter(kind="agreement-ends").values_list("to_name", flat=True)) == ["Dele Stone"]
