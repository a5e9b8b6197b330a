"""Response rates by group, and whose names may be seen beside whether they were heard from."""

from __future__ import annotations

import pytest

from convenor.consultation.models import Consultation, Invitation
from convenor.consultation.queries import rates
from convenor.consultation.queries.consultations import ConsultationSeen
from convenor.consultation.queries.consultations import consultation as seen_of
from convenor.consultation.rules.rates import Rate
from convenor.partnership.gate import ANYONE, Viewer
from tests.factories.consultation import ON, SLUG, World, asking, consultation, many_schools, respond, view

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    found = asking()
    row = Consultation.objects.get()
    respond(found, row, "990001")
    respond(found, row, "990005", state="draft")
    view(found, row)
    return found


def seen(viewer: Viewer) -> ConsultationSeen:
    found = seen_of(SLUG, Consultation.objects.get().pk, viewer=viewer, at=ON)
    assert found is not None
    return found


def told(here: World, who: str) -> rates.RatesTold | None:
    return rates.rates(seen(here[who]), viewer=here[who], at=ON)


def test_manager_sees_exact_rates_by_every_group_and_every_name(here: World) -> None:
    found = told(here, "manager")
    assert found is not None
    assert (found.whole, found.exact, found.own, found.views) == (Rate("", 6, 1), True, None, 1)
    by = dict(found.by)
    assert by["Phase"] == (Rate("Primary", 3, 1), Rate("Secondary", 2, 0), Rate("Special", 1, 0))
    assert by["Cluster"] == (Rate("North cluster", 3, 1), Rate("South cluster", 3, 0))
    assert by["Trust"] == (Rate("In no trust", 4, 1), Rate("Waterside Trust", 2, 0))
    assert [each.group for each in by["Size"]] == [
        "Fewer than 100 pupils", "100 to 199 pupils", "200 to 399 pupils", "400 to 999 pupils", "1,000 pupils or more",
    ]  # fmt: skip
    assert [each.urn for each in found.not_heard] == ["990002", "990003", "990004", "990005", "990006"]
    assert {each.urn for each in found.not_heard if each.reached} == {"990005"}


def test_cluster_lead_sees_names_of_the_cluster_alone_and_totals_that_tell_no_school(here: World) -> None:
    found = told(here, "cluster lead")
    assert found is not None
    assert (found.exact, found.own, found.views) == (False, Rate("", 3, 1), None)
    assert [each.urn for each in found.not_heard] == ["990002", "990003"]
    assert dict(found.by)["Phase"] == (Rate("3 groups too small to tell apart", 6, 0, True),)
    assert all(rate.rounded for _, some in found.by for rate in some)


@pytest.mark.parametrize("who", ["board member", "diocese", "officer", "auditor"])
def test_others_see_totals_and_no_name(here: World, who: str) -> None:
    found = told(here, who)
    assert found is not None
    assert (found.not_heard, found.follows_up, found.own, found.exact) == ((), False, None, False)


@pytest.mark.parametrize("who", ["head", "school office", "broker", "system leader"])
def test_somebody_without_a_part_in_it_sees_no_rates(here: World, who: str) -> None:
    if who == "head":  # the head of the factory sits on the board; their colleague does not
        who = "other head"
    assert told(here, who) is None


def test_public_is_told_a_rounded_rate_after_the_last_day_and_never_before(here: World) -> None:
    many_schools(here, Consultation.objects.get())
    for urn in Invitation.objects.filter(school__urn__startswith="98").values_list("school_id", flat=True)[:31]:
        respond(here, Consultation.objects.get(), urn)
    assert rates.whole(seen(ANYONE), viewer=ANYONE, at=ON) is None
    assert rates.whole(seen(here["manager"]), viewer=here["manager"], at=ON) == Rate("", 66, 32)
    Consultation.objects.update(state="closed", closed_at=None)
    assert rates.whole(seen(ANYONE), viewer=ANYONE, at=ON) == Rate("", 66, 30, True)


def test_draft_has_no_rate_and_says_whom_it_would_ask(here: World) -> None:
    Consultation.objects.update(title="Open")
    draft = consultation(here, "draft")
    found = seen_of(SLUG, draft.pk, viewer=here["manager"], at=ON)
    assert found is not None
    assert rates.whole(found, viewer=here["manager"], at=ON) is None
    assert rates.to_be_asked(found, viewer=here["manager"], at=ON) == rates.ToBeAsked(6, 4)
    assert rates.without_letter(found, viewer=here["manager"], at=ON) is None
    assert rates.to_be_asked(found, viewer=here["head"], at=ON) == rates.ToBeAsked(6, 6)
