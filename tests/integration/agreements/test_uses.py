"""Whose records may not be used beyond the school: the query that features above ask, held against the rule in every case."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.agreements.models import Agreed, AgreementText
from convenor.agreements.queries.agreeing import signed_rows
from convenor.agreements.queries.uses import not_to_be_used, withheld
from convenor.agreements.rules.classes import DataClass
from convenor.agreements.rules.standing import may_be_used, standing_of
from convenor.partnership.models import Membership
from tests.factories.agreements import AT, ON, SLUG, adopted, agreeing, signed
from tests.factories.partnership import SCHOOLS, world

pytestmark = pytest.mark.django_db
EVERYBODY = frozenset(each[0] for each in SCHOOLS)
CLASS = DataClass.ENTERED


def hidden(data_class: DataClass = CLASS) -> frozenset[str]:
    return not_to_be_used(SLUG, data_class, viewer=None, at=AT)


def test_without_a_text_nothing_is_withheld_and_a_draft_changes_nothing() -> None:
    here = world()
    assert hidden() == frozenset()
    adopted(here, agree_by_on=None)
    assert hidden() == frozenset()


def test_until_the_day_asked_for_nothing_is_withheld_but_from_whoever_said_no() -> None:
    here = world()
    adopted(here, agree_by_on=ON)
    signed(here, "990005", CLASS, withdrawn=True)
    assert (hidden(), hidden(DataClass.SUPPORT)) == ({"990005"}, frozenset())


def test_after_it_every_school_that_did_not_agree_is_withheld() -> None:
    agreeing()
    assert hidden() == EVERYBODY - {"990001"}
    Membership.objects.filter(school_id="990006").update(from_on=ON - timedelta(days=30), until_on=ON - timedelta(days=3))
    assert hidden() == EVERYBODY - {"990001"}


def test_withdrawal_and_the_end_of_thirty_days_withhold_one_class() -> None:
    here = agreeing()
    Agreed.objects.filter(data_class=CLASS.value).update(until_on=ON - timedelta(days=29))
    assert "990001" not in hidden()
    Agreed.objects.filter(data_class=CLASS.value).update(until_on=ON - timedelta(days=30))
    assert "990001" in hidden()
    signed(here, "990001", CLASS)
    assert "990001" not in hidden()
    Agreed.objects.filter(data_class=CLASS.value).update(withdrawn_at=AT)
    assert ("990001" in hidden(), "990001" in hidden(DataClass.REVIEWS)) == (True, False)


def test_another_partnerships_text_withholds_nothing_here() -> None:
    here = agreeing()
    assert not_to_be_used("elsewhere", CLASS, viewer=None, at=AT) == frozenset()
    AgreementText.objects.update(adopted_at=None)
    Agreed.objects.all().delete()
    assert (here.partnership.slug, hidden()) == (SLUG, frozenset())


def test_query_and_rule_agree_in_every_case() -> None:
    here = world()
    cases = list(product((None, -100, 0, 29, 30), (False, True), (-1, 0, 1)))
    told, ruled = [], []
    for ended, withdrawn, days in cases:
        AgreementText.objects.all().delete()
        text = adopted(here, agree_by_on=ON + timedelta(days=days))
        if ended is not None:
            signed(here, "990001", CLASS, ended=ended, withdrawn=withdrawn)
        rows = signed_rows(here.partnership.pk, ["990001"], viewer="the system").get("990001", ())
        assert text.agree_by_on is not None
        ruled.append(may_be_used(standing_of(CLASS, rows, on=ON), agree_by_on=text.agree_by_on, on=ON))
        told.append("990001" not in hidden())
        Agreed.objects.all().delete()
    assert told == ruled
    assert {True, False} == set(told)


def test_as_part_of_another_query_it_says_the_same_and_costs_none() -> None:
    agreeing()
    with CaptureQueriesContext(connection) as asked:
        rows = Membership.objects.filter(withheld(CLASS, viewer=None, at=AT)).values_list("school_id", flat=True)
        found = frozenset(rows)
    assert (found, len(asked)) == (hidden(), 1)
