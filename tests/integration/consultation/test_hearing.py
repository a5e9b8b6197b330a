"""Results are worked out once, after the last day, and told to those who may see them."""

from __future__ import annotations

from typing import Any

import pytest

from convenor.consultation.actions.reporting import work_out_due, work_out_results
from convenor.consultation.models import Consultation, ResultsRun
from convenor.consultation.queries.hearing import heard as heard_of
from convenor.consultation.rules.refusals import NotOpen
from convenor.consultation.rules.results import as_data, from_data, work_out
from convenor.journal.models import Entry
from convenor.partnership.gate import ANYONE, NotAllowed
from tests.factories.consultation import AT, ON, SLUG, asking, consultation, respond
from tests.factories.hearing import SECRETS, published, sent
from tests.factories.hearing import heard as heard_row
from tests.factories.partnership import World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def test_results_are_worked_out_once_and_written_down(here: World) -> None:
    row = heard_row(here)
    found = heard_of(SLUG, row.pk, viewer=here["manager"], at=ON)
    assert found is not None
    assert found.found is not None
    assert (found.found.asked, found.found.heard, found.found.views) == (66, 48, 9)
    by_key = {each.tally.item.key: each.tally for each in found.found.schools}
    assert (by_key["funding"].answered, by_key["principles.open"].counts) == (48, (32, 0, 16))
    again = work_out_results(slug=SLUG, consultation_id=row.pk, by=here["manager"], at=AT)
    assert again.pk == ResultsRun.objects.get().pk
    assert Entry.objects.filter(verb="consultation.results-worked-out").count() == 1


def test_stored_results_read_back_the_same(here: World) -> None:
    row = heard_row(here)
    content = ResultsRun.objects.get(consultation=row).content
    assert as_data(from_data(content)) == as_data(from_data(as_data(from_data(content))))
    assert from_data(as_data(from_data(content))) == from_data(content)


def test_nothing_is_worked_out_while_answers_come_in() -> None:
    here = asking()
    with pytest.raises(NotOpen):
        work_out_results(slug=SLUG, consultation_id=Consultation.objects.get().pk, by=here["manager"], at=AT)
    assert work_out_due(by="the system", at=AT) == 0


def test_only_whoever_runs_it_has_results_worked_out(here: World) -> None:
    row = sent(here)
    with pytest.raises(NotAllowed):
        work_out_results(slug=SLUG, consultation_id=row.pk, by=here["board member"], at=AT)
    assert work_out_due(by="the system", at=AT) == 1
    assert work_out_due(by="the system", at=AT) == 0


def test_nothing_is_told_of_four_answers(here: World) -> None:
    row = consultation(here, "closed")
    for urn in ("990001", "990002", "990003", "990004"):
        respond(here, row, urn)
    work_out_results(slug=SLUG, consultation_id=row.pk, by="the system", at=AT)
    found = heard_of(SLUG, row.pk, viewer=here["manager"], at=ON)
    assert found is not None
    assert found.found is not None
    assert {(each.tally.answered, each.tally.counts, each.tables) for each in found.found.schools} == {(4, (), ())}


def test_board_sees_totals_before_the_report(here: World) -> None:
    row = heard_row(here)
    whole, totals = (heard_of(SLUG, row.pk, viewer=here[name], at=ON) for name in ("manager", "board member"))
    assert whole is not None
    assert whole.found is not None
    assert totals is not None
    assert totals.found is not None
    assert (any(each.tables for each in whole.found.schools), whole.found.views) == (True, 9)
    assert (any(each.tables for each in totals.found.schools), totals.found.views, totals.found.said_by_views) == (False, 0, ())
    assert [each.tally for each in totals.found.schools] == [each.tally for each in whole.found.schools]


@pytest.mark.parametrize("who", ["other head", "broker", "nobody"])
def test_others_see_nothing_before_the_report(here: World, who: str) -> None:
    row = heard_row(here)
    viewer = here.viewers.get(who, ANYONE)
    assert heard_of(SLUG, row.pk, viewer=viewer, at=ON) is None


def test_anyone_sees_results_after_the_report(here: World) -> None:
    row = published(here)
    found = heard_of(SLUG, row.pk, viewer=ANYONE, at=ON)
    assert found is not None
    assert found.whole


def test_results_hold_no_words_no_school_and_no_lone_role(here: World) -> None:
    content = str(ResultsRun.objects.get(consultation=heard_row(here)).content)
    held = [words for words in (*SECRETS.values(), "980000", "Invented School") if words in content]
    assert held == []


def test_two_who_work_it_out_at_once_keep_one_result(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = sent(here)

    def slowly(*given: Any, **more: Any) -> Any:
        monkeypatch.undo()
        work_out_results(slug=SLUG, consultation_id=row.pk, by="the worker", at=AT)
        return work_out(*given, **more)

    monkeypatch.setattr("convenor.consultation.actions.reporting.work_out", slowly)
    made = work_out_results(slug=SLUG, consultation_id=row.pk, by=here["manager"], at=AT)
    assert (made.by, ResultsRun.objects.count()) == ("the worker", 1)
    assert Entry.objects.filter(verb="consultation.results-worked-out").count() == 1
