"""Fixing what will be compared, and what the review of effect says as figures come out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.journal.models import Entry
from convenor.partnership.models.lasting import StandsForEver
from convenor.partnership.rules.refusals import NotThere
from convenor.registers.models import Edition, Reading, School
from convenor.support.actions.effect import freeze, keep_reading, read_all, read_due
from convenor.support.models import EffectReading, EffectStudy, PackageLog
from convenor.support.queries.effect import outcomes_to_choose, pooled_here, studies_of, verdicts_by_supporter
from convenor.support.queries.standing import package_here
from convenor.support.rules.refusals import Missing, NoWords, OutOfTurn
from convenor.support.rules.states import Met, Verdict
from tests.factories.partnership import SLUG, World
from tests.factories.registers import link, school
from tests.factories.support import RECEIVER, package, supporting
from tests.factories.support_effect import AFTER, BEFORE, RWM, england_after, england_before, results

pytestmark = pytest.mark.django_db
#: Before support begins on 12 October 2026; before and after the figures of 2027-28 come out.
START = datetime(2026, 10, 5, 9, tzinfo=UTC)
UNDER_WAY = datetime(2027, 5, 5, 9, tzinfo=UTC)
LATER = datetime(2029, 1, 8, 9, tzinfo=UTC)


@pytest.fixture
def here() -> World:
    return supporting()


@pytest.fixture
def england(here: World) -> list[School]:
    """Needs Fernshire first: the package's school is one of it."""
    return england_before()


def fix(here: World, row: Any, *outcomes: str, who: str = "head", at: datetime = START) -> list[EffectStudy]:
    return freeze(slug=SLUG, package_id=row.pk, outcomes=outcomes or (RWM,), by=here[who], at=at)


def said(here: World, row: Any, at: datetime, who: str = "head") -> dict[str, Any]:
    """What the first study says on a day."""
    package = package_here(SLUG, row.pk, viewer=here[who], at=at)
    assert package is not None
    return dict(studies_of(package, viewer=here[who], at=at)[0].said)


def begin(row: Any) -> None:
    row.started_on = datetime(2026, 10, 12, tzinfo=UTC).date()
    row.save()


@pytest.mark.usefixtures("england")
def test_freezing_keeps_outcome_comparators_years_and_figures(here: World) -> None:
    row = package(here, "agreeing")
    (study,) = fix(here, row)
    assert (study.outcome, study.years) == (RWM, list(BEFORE))
    assert [each["value"] for each in study.series] == [30.0, 30.0, 30.0]
    assert len(study.comparators) == 24
    assert [each["rank"] for each in study.comparators] == list(range(1, 25))
    assert study.comparators[0]["distance"] <= study.comparators[-1]["distance"]
    assert [len(each["figures"]) for each in study.comparators] == [3] * 24
    assert (study.basis["method"], study.basis["fixed_on"]) == ("convenor", "2026-10-05")
    assert PackageLog.objects.filter(package=row, task="effect-frozen").count() == 1
    assert Entry.objects.filter(verb="support.task", subject_key=str(row.pk)).count() == 1


@pytest.mark.usefixtures("england")
def test_a_study_is_never_changed(here: World) -> None:
    (study,) = fix(here, package(here, "agreeing"))
    study.outcome = "ks2_maths_average"
    with pytest.raises(StandsForEver):
        study.save()


@pytest.mark.usefixtures("england")
def test_what_is_fixed_is_not_fixed_again(here: World) -> None:
    row = package(here, "agreeing")
    fix(here, row)
    with pytest.raises(OutOfTurn, match="is fixed already, and stands"):
        fix(here, row, who="broker")
    assert EffectStudy.objects.count() == 1


@pytest.mark.usefixtures("england")
@pytest.mark.parametrize("who", ["supporter", "lender", "manager", "other head", "board member"])
def test_nobody_else_fixes_it(here: World, who: str) -> None:
    row = package(here, "active")
    with pytest.raises(NotThere):
        fix(here, row, who=who)
    assert not EffectStudy.objects.exists()


@pytest.mark.usefixtures("england")
@pytest.mark.parametrize("who", ["head", "school leader", "broker"])
def test_the_school_and_its_broker_may_fix_it(here: World, who: str) -> None:
    fix(here, package(here, "agreeing"), who=who)
    assert EffectStudy.objects.get().by == here.people[who]


@pytest.mark.usefixtures("england")
@pytest.mark.parametrize(
    ("outcomes", "why"),
    [
        (("happiness",), "There is no outcome called happiness"),
        ((RWM, RWM), "chosen more than once"),
        (("none", RWM), "Choose one of the two"),
        ((RWM, "ks2_maths_average", "ks2_reading_average", "ks2_gps_average"), "at most 3 outcomes"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(here: World, outcomes: tuple[str, ...], why: str) -> None:
    with pytest.raises(NoWords, match=why):
        fix(here, package(here, "agreeing"), *outcomes)


def test_no_outcome_at_all_is_refused(here: World) -> None:
    row = package(here, "agreeing")
    with pytest.raises(NoWords, match="Choose at least one outcome"):
        freeze(slug=SLUG, package_id=row.pk, outcomes=(), by=here["head"], at=START)


def test_nothing_published_may_measure_it(here: World) -> None:
    row = package(here, "agreeing")
    fix(here, row, "none")
    begin(row)
    found = said(here, row, LATER)
    assert found["verdict"] == "not measurable"
    assert found["why"].startswith("It was said at the start that nothing published measures")


def test_nobody_to_compare_with_is_said(here: World) -> None:
    with pytest.raises(Missing, match=r"There is nobody to compare with\. It has no similar schools"):
        fix(here, package(here, "agreeing"))


@pytest.mark.usefixtures("england")
def test_a_review_needs_a_baseline_first(here: World) -> None:
    with pytest.raises(Missing, match="a baseline comes before a review"):
        fix(here, package(here, "agreeing"), "ks2_maths_average")


@pytest.mark.usefixtures("england")
def test_a_measure_that_breaks_between_is_refused(here: World) -> None:
    row = package(here, "agreeing", started_on=datetime(2027, 9, 1, tzinfo=UTC).date())
    with pytest.raises(Missing, match="primary progress is counted from another beginning"):
        fix(here, row, "ks2_maths_progress")


def test_what_is_known_already_is_not_fixed(here: World, england: list[School]) -> None:
    row = package(here, "active")
    england_after(england, 52.0)
    with pytest.raises(OutOfTurn, match="The figures of 2027-28 are known already"):
        fix(here, row, at=LATER)
    assert fix(here, row, at=UNDER_WAY), "an edition of a later day is not known on an earlier one"


@pytest.mark.usefixtures("england")
def test_a_package_that_ended_is_not_fixed_any_more(here: World) -> None:
    with pytest.raises(OutOfTurn, match="The package has ended"):
        fix(here, package(here, "after"), at=datetime(2026, 12, 20, tzinfo=UTC))


@pytest.mark.usefixtures("england")
def test_two_terms_later_it_is_too_early(here: World) -> None:
    row = package(here, "agreeing")
    fix(here, row)
    assert said(here, row, START)["verdict"] == "too early", "it has not begun"
    begin(row)
    found = said(here, row, UNDER_WAY)
    assert found["verdict"] == "too early"
    assert found["why"] == "The first full school year of support is 2027-28. Its figures are usually out by 15 December 2028."
    assert said(here, row, datetime(2026, 10, 6, tzinfo=UTC))["why"] == (
        "Support begins on 12 October 2026. The first full school year is 2027-28."
    )


@pytest.mark.parametrize(
    ("own", "verdict"), [(52.0, "within chance"), (75.0, "better than expected"), (25.0, "worse than expected"), (None, "not measurable")]
)
def test_published_figures_give_the_verdict(here: World, england: list[School], own: float | None, verdict: str) -> None:
    row = package(here, "agreeing")
    fix(here, row)
    begin(row)
    england_after(england, own)
    found = said(here, row, LATER)
    assert found["verdict"] == verdict
    if own is not None:
        assert (found["comparators_before"], found["comparators_after"], found["gap_before"]) == (50.0, 60.0, -20.0)
        assert (found["r"], found["expected_without_support"]) == pytest.approx((0.5, 50.0))
        assert found["difference_in_differences"] == pytest.approx(own - 50)
        assert found["placebo_p"] == found["placebo_rank"] / 25


def test_figures_fixed_outlast_those_published_since(here: World, england: list[School]) -> None:
    row = package(here, "agreeing")
    fix(here, row)
    begin(row)
    england_after(england, 52.0)
    for each in (RECEIVER, england[0].urn):
        Reading.objects.filter(urn=each, period=BEFORE[-1]).update(value=90.0)
    found = said(here, row, LATER)
    assert (found["before"], found["gap_before"]) == (30.0, -20.0)


def test_a_later_run_does_not_change_who_is_compared(here: World, england: list[School]) -> None:
    row = package(here, "agreeing")
    (study,) = fix(here, row)
    begin(row)
    Reading.objects.filter(measure="pupils_on_roll", urn=england[0].urn).update(value=5000.0)
    assert [each["urn"] for each in said(here, row, UNDER_WAY)["comparators"]] == [each["urn"] for each in study.comparators]


def test_a_school_that_converts_is_followed(here: World, england: list[School]) -> None:
    row = package(here, "agreeing")
    fix(here, row)
    begin(row)
    england_after(england, None)
    new = school("Fernhollow Academy", urn="990901")
    link(new.urn, "Predecessor", RECEIVER, Edition.objects.all()[0], on=datetime(2027, 9, 1, tzinfo=UTC).date())
    Reading.objects.filter(urn=RECEIVER, period=AFTER).delete()
    results(new, {AFTER: 52.0})
    found = said(here, row, LATER)
    assert (found["verdict"], found["name"], found["after"]) == ("within chance", "Fernhollow Academy", 52.0)
    assert found["notes"][0] == (
        "The figures to 2025-26 stand under its number of then (990001): the school was converted, and is read as one."
    )


def test_a_school_that_merged_or_closed_is_not_measurable(here: World, england: list[School]) -> None:
    row = package(here, "agreeing")
    fix(here, row)
    begin(row)
    School.objects.filter(urn=RECEIVER).update(status="closed", closed_on=datetime(2027, 8, 31, tzinfo=UTC).date())
    found = said(here, row, LATER)
    assert found["verdict"] == "not measurable"
    assert found["why"].startswith("The school closed on 31 August 2027. There is no figure of the school since support began")
    big = school("Joined School", urn="990902")
    told_by = Edition.objects.all()[0]
    for each in (RECEIVER, england[0].urn):
        link(each, "Successor - amalgamated", big.urn, told_by, on=datetime(2027, 9, 1, tzinfo=UTC).date())
    assert said(here, row, LATER)["why"] == (
        "The school was merged on 1 September 2027. Its figures before and after are not of one school."
    )


def test_what_was_said_is_kept_once_and_never_rewritten(here: World, england: list[School]) -> None:
    row = package(here, "agreeing")
    (study,) = fix(here, row)
    begin(row)
    first = keep_reading(study_id=study.pk, by=here["head"], at=UNDER_WAY)
    again = keep_reading(study_id=study.pk, by="the system", at=datetime(2027, 6, 1, tzinfo=UTC))
    assert first.pk == again.pk
    england_after(england, 75.0)
    assert read_all(slug=SLUG, by=here["head"], at=LATER) == 1
    assert read_all(slug=SLUG, by=here["head"], at=LATER) == 0
    assert [each.verdict for each in EffectReading.objects.all()] == ["too early", "better than expected"]
    assert len(EffectReading.objects.all()[1].editions) == 4
    with pytest.raises(StandsForEver):
        first.save()


@pytest.mark.usefixtures("england")
def test_only_the_school_and_its_broker_see_an_effect(here: World) -> None:
    row = package(here, "agreeing")
    fix(here, row)
    begin(row)
    seen = {}
    for who in ("head", "broker", "supporter", "lender", "manager", "other head"):
        found = package_here(SLUG, row.pk, viewer=here[who], at=UNDER_WAY)
        seen[who] = len(studies_of(found, viewer=here[who], at=UNDER_WAY)) if found is not None else None
    assert seen == {"head": 1, "broker": 1, "supporter": 0, "lender": 0, "manager": 0, "other head": None}


@pytest.mark.usefixtures("england")
def test_outcomes_to_choose_are_those_published_of_the_school(here: World) -> None:
    found = package_here(SLUG, package(here, "agreeing").pk, viewer=here["head"], at=START)
    assert found is not None
    choices = outcomes_to_choose(found, viewer=here["head"], at=START)
    assert [(each.outcome.key, [year for year, _ in each.years]) for each in choices] == [(RWM, list(BEFORE))]


def test_an_effect_takes_few_queries_whatever_the_number_of_comparators(here: World, england: list[School]) -> None:
    row = package(here, "agreeing")
    fix(here, row)
    begin(row)
    england_after(england, 52.0)
    found = package_here(SLUG, row.pk, viewer=here["head"], at=LATER)
    assert found is not None
    with CaptureQueriesContext(
        connection,
    ) as counted:
        studies_of(found, viewer=here["head"], at=LATER)
    assert len(counted) <= 12


def pool(here: World, values: list[float], *, stopped: int = 0) -> None:
    """Packages that each say a difference of so many standard errors; some of them stopped."""
    for place, value in enumerate(values):
        row = package(here, "active")
        row.met = Met.STOPPED.value if place < stopped else ""
        row.save()
        study = EffectStudy.objects.create(
            package=row, outcome=RWM, started_on=row.started_on, comparators=[], years=[], series=[], basis={}, frozen_at=START,
            by=here.people["head"],
        )  # fmt: skip
        answer = {"outcome": {"better": "higher"}, "difference_in_differences": 2.0 * value, "standard_error": 2.0, "why": ""}
        EffectReading.objects.create(study=study, verdict=Verdict.WITHIN_CHANCE.value, answer=answer, at=LATER)


def test_seven_packages_say_nothing_together(here: World) -> None:
    pool(here, [1.0] * 7)
    found = pooled_here(SLUG, viewer=here["manager"])
    assert found is not None
    assert (found.verdict, found.measured, found.rank_p) == (Verdict.NOT_MEASURABLE, 7, None)


def test_packages_are_pooled_with_those_that_stopped_and_those_without_a_study(here: World) -> None:
    pool(here, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, -8.0], stopped=1)
    package(here, "active")
    package(here, "agreeing")
    found = pooled_here(SLUG, viewer=here["manager"])
    assert found is not None
    assert (found.listed, found.measured, found.stopped, found.above) == (9, 8, 1, 7)
    assert found.verdict is Verdict.WITHIN_CHANCE


def test_a_reading_that_is_too_early_counts_for_nothing(here: World) -> None:
    pool(here, [1.0])
    study = EffectStudy.objects.get()
    EffectReading.objects.create(study=study, verdict=Verdict.TOO_EARLY.value, answer={"why": ""}, at=datetime(2030, 1, 1, tzinfo=UTC))
    found = pooled_here(SLUG, viewer=here["manager"])
    assert found is not None
    assert (found.listed, found.measured) == (1, 0)


def test_totals_of_effect_are_for_whoever_sees_totals(here: World) -> None:
    assert {who: pooled_here(SLUG, viewer=here[who]) is not None for who in ("manager", "board member", "school leader", "supporter")} == {
        "manager": True, "board member": True, "school leader": False, "supporter": False,
    }  # fmt: skip
    assert pooled_here("elsewhere", viewer=here["manager"]) is None


def test_the_directory_is_fed_with_the_newest_word_of_each_school(here: World) -> None:
    pool(here, [1.0, 2.0])
    row = EffectStudy.objects.all()[0].package
    assert row.supporter_id is not None
    told = {row.supporter_id: {row.school_id: "within chance"}}
    assert verdicts_by_supporter([row.supporter_id], viewer=here["head"], before=date(2031, 1, 1)) == told
    assert verdicts_by_supporter([row.supporter_id], viewer=here["head"], before=date(2020, 1, 1)) == {}
    assert verdicts_by_supporter([], viewer=here["head"], before=date(2031, 1, 1)) == {}


# Looked at by itself, each night


def test_the_worker_looks_again_once_a_day_at_packages_that_began(here: World, england: list[School]) -> None:
    began, waits = package(here, "agreeing"), package(here, "agreeing", school="990002")
    fix(here, began)
    begin(began)
    later = datetime(2027, 6, 1, 1, 0, tzinfo=UTC)
    assert [read_due(by="the system", at=later), read_due(by="the system", at=later)] == [1, 0]
    assert list(EffectReading.objects.values_list("study__package_id", "verdict")) == [(began.pk, "too early")]
    began.refresh_from_db()
    waits.refresh_from_db()
    assert (began.effect_read_on, waits.effect_read_on) == (later.date(), None)
    assert read_due(by="the system", at=later + timedelta(days=1)) == 1
    assert EffectReading.objects.count() == 1  # it said the same


def test_the_worker_looks_at_few_at_a_time(here: World, england: list[School]) -> None:
    for _ in range(3):
        row = package(here, "agreeing")
        fix(here, row)
        begin(row)
    later = datetime(2027, 6, 1, 1, 0, tzinfo=UTC)
    assert [read_due(by="the system", at=later, limit=2) for _ in range(3)] == [2, 1, 0]


def test_nothing_due_asks_one_query(here: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert read_due(by="the system", at=START) == 0
