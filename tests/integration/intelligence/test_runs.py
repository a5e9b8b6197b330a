"""Runs over a small England: computed once, written whole, withdrawn and kept, read by key within the circle, told by the command."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from convenor.intelligence.actions import compute_run, running, withdraw_runs
from convenor.intelligence.models import EarlyConversation, Run, RunSchool, RunStands
from convenor.intelligence.queries import gathering
from convenor.intelligence.queries import lines as queries
from convenor.intelligence.queries.runs import assessed, newest_run, placed
from convenor.intelligence.queries.suggestions import lines_now, suggestions
from convenor.intelligence.rules import assessing
from convenor.intelligence.rules.indicators import CODES
from convenor.journal.models import Entry
from convenor.registers.actions import withdraw
from convenor.registers.models import Edition, Reading
from tests.factories.intelligence_conversations import ON, SCHOOL, SLUG, circle, conversation
from tests.factories.intelligence_runs import AREA, MANY, england, figures, plain, struggling, withheld
from tests.factories.partnership import AT as TERM
from tests.factories.registers import edition, link, school

pytestmark = pytest.mark.django_db
AT = datetime(2023, 11, 1, 12, tzinfo=UTC)


def compute(at: datetime = AT) -> Run | None:
    return compute_run(by="the system", at=at)


def said(area: str = AREA, *options: str) -> dict[str, Any]:
    """What `convenor signals` prints as JSON."""
    out = StringIO()
    call_command("signals", area, "--json", *options, stdout=out, stderr=StringIO())
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_run_holds_a_row_for_every_school_and_its_suggestion() -> None:
    tables = england()
    struggling("200001", tables)
    plain("200002", tables)
    run = compute()
    assert run is not None
    assert (run.schools, run.suggested, run.as_at, run.weights_year) == (MANY + 2, 1, date(2023, 8, 31), 2026)
    rows = {row.urn: row for row in RunSchool.objects.filter(run=run)}
    assert (len(rows), rows["200001"].suggested_by, rows["200002"].suggested) == (MANY + 2, ["ATT", "ABS", "PAB", "ROL", "AGE"], False)
    assert rows["200001"].rank_raw == 1
    assert Entry.objects.filter(verb="run.computed").count() == 1


def test_lines_of_a_school_take_less_than_a_kilobyte_and_a_half() -> None:
    struggling("200001", england())
    compute()
    assert len(json.dumps(RunSchool.objects.get(urn="200001").lines, separators=(",", ":"))) < 1500


def test_same_editions_are_reckoned_once() -> None:
    england()
    assert (compute() is not None, compute(), Run.objects.count()) == (True, None, 1)


def test_nothing_loaded_is_nothing_reckoned() -> None:
    assert (compute(), Run.objects.count()) == (None, 0)


def test_boundaries_and_other_lists_without_schools_move_no_run() -> None:
    england()
    compute()
    edition("outlines", family="boundaries", as_at=date(2024, 1, 1))
    assert compute() is None


def test_new_edition_makes_a_new_run_and_keeps_the_former() -> None:
    england()
    first = compute()
    edition("another", family="census")
    second = compute(datetime(2023, 11, 2, 12, tzinfo=UTC))
    newest = newest_run(None)
    assert newest is not None
    assert first is not None
    assert second is not None
    assert (newest.digest, newest.key, Run.objects.count()) == (second.digest, second.key, 2)
    assert first.digest != second.digest


def test_killed_run_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    england()

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "record", killed)
    with pytest.raises(KeyboardInterrupt):
        compute()
    assert (Run.objects.count(), RunSchool.objects.count()) == (0, 0)


def test_two_who_reckon_at_once_make_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    england()
    work_out, first = gathering.work_out, []

    def meanwhile(*words: Any, **more: Any) -> Any:
        if not first:
            first.append(True)
            first.append(compute())
        return work_out(*words, **more)

    monkeypatch.setattr(gathering, "work_out", meanwhile)
    assert (compute(), Run.objects.count(), first[1] is not None) == (None, 1, True)


def test_run_that_cannot_be_kept_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    england()

    def refuses(*_: object) -> None:
        raise IntegrityError("something else")

    monkeypatch.setattr(running, "insert_rows", refuses)
    with pytest.raises(IntegrityError):
        compute()
    assert Run.objects.count() == 0


def test_run_of_an_edition_taken_back_is_withdrawn_and_kept() -> None:
    england()
    extra = edition("extra", family="census")
    compute()
    withdraw(edition_key=extra.key, by="the system", at=AT)
    again = compute(datetime(2023, 11, 3, 12, tzinfo=UTC))
    former = Run.objects.exclude(withdrawn_at=None).get()
    assert (former.withdrawn_why, former.rows.count()) == ("It rests on extra, which was taken back.", MANY)
    assert again is not None
    assert (again.editions, withdraw_runs(by="the system", at=AT)) == (["inspections-2023", "tables-2022-23"], 0)
    assert Entry.objects.filter(verb="run.withdrawn").count() == 1


def test_former_run_stands_again_when_the_newer_is_withdrawn() -> None:
    england()
    first = compute()
    extra = edition("extra", family="census")
    compute(datetime(2023, 11, 2, 12, tzinfo=UTC))
    withdraw(edition_key=extra.key, by="the system", at=AT)
    assert compute() is None
    newest = newest_run(None)
    assert newest is not None
    assert first is not None
    assert newest.digest == first.digest


def test_run_is_never_changed() -> None:
    england()
    run = compute()
    assert run is not None
    run.suggested = 0
    with pytest.raises(RunStands):
        run.save()
    with pytest.raises(RunStands):
        run.save(update_fields=["suggested"])


def test_changed_rules_make_a_new_run(monkeypatch: pytest.MonkeyPatch) -> None:
    england()
    compute()
    monkeypatch.setattr(assessing, "VERSION", "another")
    assert compute() is not None


def test_invented_school_is_scored_and_stands_in_nobodys_comparison() -> None:
    tables = england()
    before = compute()
    known = dict(RunSchool.objects.values_list("urn", "score"))
    invented = edition("invented", family="fictitious", as_at=date(2023, 10, 31))
    struggling("990009", invented, fictitious=True)
    after = compute(datetime(2023, 11, 2, 12, tzinfo=UTC))
    assert before is not None
    assert after is not None
    assert (after.schools, after.suggested, after.as_at) == (MANY, 0, before.as_at)
    row = RunSchool.objects.get(run=after, urn="990009")
    assert (row.fictitious, row.suggested) == (True, True)
    assert {urn: score for urn, score in RunSchool.objects.filter(run=after).values_list("urn", "score") if urn in known} == known
    assert tables.key in after.editions


def test_predecessors_figures_stand_for_a_school_plainly_converted() -> None:
    tables = england()
    old, new = school(urn="300001", status="closed", closed_on=date(2022, 1, 1)), school(urn="300002")
    Reading.objects.bulk_create(figures(old, tables, before=400))
    Reading.objects.filter(urn=old.urn, measure="ks2_rwm_expected").update(value=44)
    link(new.urn, "Predecessor", old.urn, tables)
    compute()
    found = assessed([new.urn], partnership_id=None, at=ON, viewer=None)[new.urn].assessment
    assert (found.line("ATT").value, found.line("ROL").value) == (44, 5)  # type: ignore[union-attr]


def test_merged_schools_bring_no_figures() -> None:
    tables = england()
    one, two, new = school(urn="300001", status="closed"), school(urn="300003", status="closed"), school(urn="300002")
    for each in (one, two):
        Reading.objects.bulk_create(figures(each, tables))
        link(new.urn, "Predecessor - merged", each.urn, tables)
    compute()
    assert assessed([new.urn], partnership_id=None, at=ON, viewer=None)[new.urn].assessment.line("ATT").value is None  # type: ignore[union-attr]


def test_reading_of_an_unknown_school_counts_for_nobody() -> None:
    tables = england()
    Reading.objects.create(edition=tables, urn="999999", measure="ks2_rwm_expected", period="2022-23", value=1, cohort=60)
    compute()
    assert RunSchool.objects.filter(urn="999999").exists() is False


def test_better_edition_wins_and_a_blank_never_hides_a_figure() -> None:
    tables = england()
    one = plain("200002", tables)
    copy = edition("copy", family="ks2-names", as_at=date(2024, 8, 31))
    Reading.objects.create(edition=copy, urn=one.urn, measure="ks2_rwm_expected", period="2022-23", value=5, cohort=60)
    blank = edition("blank", family="census", as_at=date(2024, 8, 31))
    Reading.objects.create(edition=blank, urn=one.urn, measure="ks2_rwm_expected", period="2022-23", value=None, mark="blank")
    compute()
    line = assessed([one.urn], partnership_id=None, at=ON, viewer=None)[one.urn].assessment.line("ATT")
    assert line is not None
    assert (line.value, line.edition) == (62, tables.key)


def test_signals_tell_every_school_of_an_area_by_name() -> None:
    tables = england()
    struggling("200001", tables)
    plain("200002", tables)
    withheld("200003", tables)
    struggling("990009", tables, fictitious=True)
    found = said("Wigan")
    assert (found["area"], found["run"]) == (
        {"code": "359", "name": "Wigan", "kind": "authority"}, Run.objects.get().key,
    )  # fmt: skip
    assert [(each["urn"], each["suggested"]) for each in found["schools"]] == [("200002", False), ("200001", True), ("200003", False)]
    assert [[line["code"] for line in each["lines"]] for each in found["schools"]] == [list(CODES)] * 3
    line = found["schools"][1]["lines"][0]
    wanted = ("code", "level", "value", "unit", "period", "cohort", "interval", "comparator", "contribution", "maximum", "edition")
    assert tuple(line)[: len(wanted)] == wanted
    assert (line["code"], line["level"], line["value"], line["cohort"], line["edition"]) == ("ATT", "medium", 30, 60, tables.key)
    reasons = {each["code"]: each["reason"] for each in found["schools"][2]["not_assessable"]}
    assert (
        reasons["ATT"]
        == "2022-23: suppressed by the publisher, withheld because few pupils are covered. A suppressed figure is not a good one."
    )
    assert sum(each["contribution"] for each in found["schools"][1]["lines"]) == pytest.approx(found["schools"][1]["score"], abs=0.1)


def test_signals_of_a_past_day_know_only_what_was_known_and_keep_nothing() -> None:
    tables = england()
    struggling("200001", tables)
    later = edition("later", family="absence", as_at=date(2024, 8, 31))
    Reading.objects.create(edition=later, urn="200001", measure="absence_overall", period="2022-23", value=1.0)
    now, then = said("359"), said("359", "--as-at", "2023-12-31")
    told = [next(line for line in each["schools"][0]["lines"] if line["code"] == "ABS") for each in (now, then)]
    assert [(each["value"], each["edition"]) for each in told] == [(1, "later"), (16, tables.key)]
    assert (then["as_at"], now["run"] == then["run"], Run.objects.count()) == ("2023-08-31", False, 1)


def test_signals_for_a_reader_name_the_schools_and_say_why() -> None:
    tables = england()
    struggling("200001", tables)
    plain("200002", tables)
    out = StringIO()
    call_command("signals", "Wigan", stdout=out, stderr=StringIO())
    text = out.getvalue().splitlines()
    assert text[1].startswith(
        "An early conversation is suggested for 1 of 2 schools; for the others nothing is suggested. They stand by name."
    )
    assert [line for line in text if "(200001)" in line] != []
    assert [line for line in text if "200002" in line] == []


@pytest.mark.parametrize(
    ("area", "options", "why"),
    [
        ("Nowhere at all", (), "No area is called 'Nowhere at all'."),
        ("Wigan", (), "No published file is loaded."),
        ("Wigan", ("--as-at", "2001-01-01"), "No published file of 2001-01-01 or earlier is loaded."),
    ],
)
def test_signals_refuse_with_the_reason(area: str, options: tuple[str, ...], why: str) -> None:
    with pytest.raises(CommandError) as refused:
        said(area, *options)
    assert str(refused.value).startswith(why)


def test_signals_of_an_area_without_schools_are_refused() -> None:
    england()
    with pytest.raises(CommandError) as refused:
        said("Wigan")
    assert str(refused.value) == "No state-funded school of Wigan is loaded. Load a register of its schools: convenor load FILE."


def test_abolished_authority_gives_its_successors_together() -> None:
    tables = england()
    struggling("200001", tables, area="942")
    assert [each["urn"] for each in said("Cumbria")["schools"]] == ["200001"]


# The circle


def in_the_run() -> Any:
    """Fernshire with England around it, and one of its schools struggling."""
    here = circle()
    tables = england()
    struggling(SCHOOL, tables)
    compute(TERM)
    return here


def read(here: Any, who: str) -> Any:
    return queries.assessment_of(SCHOOL, partnership_id=here.viewers[who].partnership.id, viewer=here[who], at=ON)


def test_own_people_read_their_lines_at_once() -> None:
    here = in_the_run()
    found = read(here, "head")
    assert found.run.digest == Run.objects.get().digest
    assert found.assessment.suggested_by == ("ATT", "ABS", "PAB", "ROL", "AGE")


@pytest.mark.parametrize("who", ["manager", "officer", "cluster lead", "board member", "auditor", "other head", "broker", "other broker"])
def test_outside_the_circle_nothing_is_read(who: str) -> None:
    here = in_the_run()
    if who not in here.viewers:
        pytest.skip(f"Fernshire has nobody known as {who}")
    assert read(here, who) is None


def test_named_broker_reads_after_taking_up_and_others_do_not() -> None:
    here = in_the_run()
    conversation(here)
    assert (read(here, "broker") is None, read(here, "other broker")) == (False, None)
    assert EarlyConversation.objects.get().lines is not None


def test_nobody_reads_in_another_partnership() -> None:
    here = in_the_run()
    assert queries.assessments([SCHOOL], partnership_id=-1, viewer=here["head"], at=ON) == {}


def test_a_school_page_asks_few_queries() -> None:
    here = in_the_run()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert read(here, "head") is not None
    assert len(asked) <= 8


def test_suggestions_count_lines_and_name_none() -> None:
    here = in_the_run()
    pk = here["broker"].partnership.id
    found = suggestions([SCHOOL, "990002"], partnership_id=pk, viewer=here["broker"], at=ON)
    assert [(each.urn, each.lines) for each in found.values()] == [(SCHOOL, 5)]
    now = lines_now(SCHOOL, partnership_id=pk, viewer=here["broker"], at=ON)
    assert now is not None
    assert (now.weights_year, now.run) == ("2026", Run.objects.get().key)


def test_before_any_run_nothing_is_said() -> None:
    here = circle()
    assert (newest_run(None), read(here, "head"), placed([AREA], viewer=None), assessed([], partnership_id=None, at=ON, viewer=None)) == (
        None,
        None,
        None,
        {},
    )
    assert here["head"].partnership.slug == SLUG
    assert Edition.objects.filter(family="ofsted-mi").exists() is False
