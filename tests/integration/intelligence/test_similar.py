"""Similar schools from the loaded figures to the command line: worked out when data change, read by key, frozen where relied on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.intelligence.actions import compute_similar, freeze_set
from convenor.intelligence.models import FrozenSet, PhaseBound, SimilarSet
from convenor.intelligence.queries.similar import frozen_set, similar_to
from convenor.intelligence.rules.similar import SetRefused
from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.models.lasting import StandsForEver
from convenor.registers.models import School, SmallArea
from tests.factories.intelligence_similar import census, small_england
from tests.factories.partnership import SLUG, world
from tests.factories.registers import edition, reading, school

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 1, 12, tzinfo=UTC)


def compute() -> int:
    return compute_similar(by="the system", at=AT)


def said(urn: str = "100001", *options: str) -> dict[str, Any]:
    """What `convenor similar` prints as JSON."""
    out = StringIO()
    call_command("similar", urn, "--json", *options, stdout=out, stderr=StringIO())
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_sets_are_worked_out_once_for_the_same_editions_and_anew_when_data_change() -> None:
    small_england()
    assert compute() == 12
    before = set(SimilarSet.objects.values_list("run", flat=True))
    assert compute() == 0
    later = edition("census-new", family="census")
    census(school(urn="200001"), later, 3)
    assert compute() == 13
    assert set(SimilarSet.objects.values_list("run", flat=True)).isdisjoint(before)
    assert Entry.objects.filter(verb="similar.computed").count() == 2


def test_school_is_not_its_own_neighbour_and_none_comes_twice() -> None:
    small_england()
    compute()
    for method in ("convenor", "dfe30"):
        found = similar_to("100005", method=method, viewer=None)
        assert found is not None
        urns = [each.urn for each in found.schools]
        assert len(urns) == 11
        assert set(urns) == {str(100_001 + number) for number in range(12)} - {"100005"}
        assert [each.rank for each in found.schools] == list(range(1, 12))
        assert [each.distance for each in found.schools] == sorted(each.distance for each in found.schools) or method == "dfe30"


def test_invented_independent_and_closed_schools_are_nobodys_neighbours() -> None:
    small_england()
    told_by = edition("more", family="census")
    others = [
        school(urn="900001", fictitious=True), school(urn="300001", type_group="independent"), school(urn="300002", status="closed"),
    ]  # fmt: skip
    for other in others:
        census(other, told_by, 4)
    compute()
    held = {urn for members in SimilarSet.objects.values_list("members", flat=True) for urn in members.split()}
    assert held == {str(100_001 + number) for number in range(12)}
    invented = similar_to("900001", n=3, viewer=None)
    assert invented is not None
    assert len(invented.schools) == 3
    assert [similar_to(urn, viewer=None) for urn in ("300001", "300002")] == [None, None]


def test_missing_figures_are_named_and_stand_at_the_median() -> None:
    schools = small_england()
    gap = school(urn="200001")
    census(gap, edition("gap", family="census"), 5, without=("eal_percent",))
    compute()
    found = similar_to("200001", n=3, viewer=None)
    assert found is not None
    assert found.missing == ("Pupils with English as an additional language",)
    assert all(each.parts[2] is None and each.parts[0] is not None for each in found.schools)
    neighbour = next(each for each in (similar_to(schools[5].urn, viewer=None) or found).schools if each.urn == "200001")
    assert neighbour.missing == 1


def test_school_of_which_too_little_is_published_has_a_row_and_no_neighbours() -> None:
    small_england()
    reading(school(urn="200001"), edition("little", family="census"), "eal_percent", "2023-24", 4.0)
    compute()
    found = similar_to("200001", viewer=None)
    assert found is not None
    assert found.schools == ()


def test_figures_of_one_year_are_used_for_all_and_a_later_file_of_few_does_not_make_a_year() -> None:
    schools = small_england()
    census(schools[0], edition("next-year", family="census", period="2024-25"), 9, period="2024-25")
    compute()
    found = similar_to("100001", viewer=None)
    assert found is not None
    assert {(axis.period, axis.editions) for axis in found.axes} == {("2023-24", ("census-primary-100001",))}


def test_distances_are_read_with_their_parts_in_four_queries() -> None:
    small_england()
    compute()
    with CaptureQueriesContext(connection) as seen:
        found = similar_to("100003", n=5, viewer=None)
    assert len(seen) == 4
    assert found is not None
    first = found.schools[0]
    weights = [axis.weight for axis in found.axes]
    worked_out = (sum(w * (part or 0) ** 2 for w, part in zip(weights, first.parts, strict=True)) / sum(weights)) ** 0.5
    assert first.distance == pytest.approx(worked_out, abs=0.001)


def test_unknown_method_is_refused() -> None:
    with pytest.raises(ValueError, match="no method 'best'"):
        similar_to("100001", method="best", viewer=None)


def test_weakest_fifth_of_england_is_kept_only_of_recent_years_and_enough_schools() -> None:
    recent, old = edition("recent", period="2023-24"), edition("old", period="2017-18")
    for number in range(120):
        one = school(urn=str(100_001 + number))
        reading(one, recent, "absence_overall", "2023-24", 4 + number / 10)
        reading(one, old, "ks2_rwm_expected", "2017-18", float(number % 100))
        if number < 99:
            reading(one, recent, "absence_persistent", "2023-24", float(number))
    compute()
    kept = list(PhaseBound.objects.values_list("measure", "period", "schools", "bound", "share"))
    assert kept == [("absence_overall", "2023-24", 120, 13.6, pytest.approx(23 / 120))]


def test_command_gives_the_fixed_shape() -> None:
    small_england()
    found = said("100001", "-n", "4")
    assert [each["rank"] for each in found["schools"]] == [1, 2, 3, 4]
    assert {"urn", "name", "distance", "rank"} <= set(found["schools"][0])
    assert [(each["name"], each["weight"], each["value"]) for each in found["variables"]][:2] == [
        ("Pupils on roll", 2, 100.0), ("Pupils eligible for free school meals in the last six years", 3, 5.0),
    ]  # fmt: skip
    assert (found["urn"], found["edition"]) == ("100001", "census-primary-100001")


def test_command_offers_the_departments_method() -> None:
    small_england(40)
    found = said("100001", "--method", "dfe30")
    assert len(found["schools"]) == 29
    assert [(each["key"], each["weight"]) for each in found["variables"]] == [("pupils", 0.5), ("fsm", 0.4), ("sen", 0.1)]


def test_command_says_the_same_in_words() -> None:
    small_england()
    out = StringIO()
    call_command("similar", "100001", "-n", "2", "--method", "dfe30", stdout=out, stderr=StringIO())
    lines = out.getvalue().splitlines()
    assert len(lines) == 1 + 3 + 1 + 2
    assert lines[1].split() == ["Pupils", "on", "roll", "weight", "0.5", "100", "pupils"]


@pytest.mark.parametrize(
    ("urn", "why"),
    [
        ("999999", "No loaded edition knows"),
        ("x", "is not a URN"),
        ("300001", "state-funded schools that are open"),
        ("300002", "Too little"),
    ],
)
def test_command_refuses_with_the_reason(urn: str, why: str) -> None:
    small_england()
    census(school(urn="300001", type_group="independent"), edition("independent", family="census"), 4)
    school(urn="300002")
    with pytest.raises(CommandError, match=why) as refused:
        said(urn)
    assert refused.value.returncode == 1


@pytest.mark.parametrize("options", [("-n", "0"), ("-n", "51"), ("-n", "many"), ("--method", "best")])
def test_command_of_wrong_usage_says_so(options: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"argument|invalid"):
        said("100001", *options)


def test_frozen_set_stands_when_everything_is_worked_out_anew() -> None:
    small_england()
    compute()
    world()
    kept = freeze_set(slug=SLUG, urn="100001", purpose="support package 12", n=3, by="the system", at=AT)
    before = frozen_set(kept.pk, partnership=SLUG, viewer=None)
    census(school(urn="200001"), edition("census-new", family="census"), 0)
    compute()
    newest = similar_to("100001", n=3, viewer=None)
    assert newest is not None
    assert newest.schools[0].urn == "200001"
    assert frozen_set(kept.pk, partnership=SLUG, viewer=None) == before
    assert before is not None
    assert "200001" not in dict(before.members)
    with pytest.raises(StandsForEver):
        FrozenSet.objects.update(purpose="another")
    with pytest.raises(StandsForEver):
        kept.delete()


def test_frozen_set_needs_a_purpose_and_similar_schools() -> None:
    small_england()
    compute()
    world()
    with pytest.raises(SetRefused, match="what the set is for"):
        freeze_set(slug=SLUG, urn="100001", purpose=" ", by="the system", at=AT)
    with pytest.raises(SetRefused, match="no similar schools yet"):
        freeze_set(slug=SLUG, urn="999999", purpose="support", by="the system", at=AT)
    assert FrozenSet.objects.count() == 0


def test_frozen_set_is_for_the_schools_own_people_and_brokers_and_stays_in_its_partnership() -> None:
    small_england()
    here = world()
    census(School.objects.get(urn="990001"), edition("own", family="census"), 3)
    compute()
    kept = freeze_set(slug=SLUG, urn="990001", purpose="our own review", n=2, by=here["head"], at=AT)
    assert kept.frozen_by == here["head"].label
    for who in ("manager", "board member", "other head", "clerk"):
        with pytest.raises(NotAllowed):
            freeze_set(slug=SLUG, urn="100001", purpose="curiosity", by=here[who], at=AT)
    known = freeze_set(slug=SLUG, urn="100001", purpose="support", n=2, by="the system", at=AT)
    assert frozen_set(known.pk, partnership=SLUG, viewer=here["manager"]) is not None
    assert frozen_set(known.pk, partnership="elsewhere", viewer=here["manager"]) is None
    assert frozen_set(known.pk + 1, partnership=SLUG, viewer=here["manager"]) is None


def test_deprivation_of_the_place_counts_where_it_is_loaded() -> None:
    schools = small_england()
    indices = edition("imd", family="deprivation")
    for number, one in enumerate(schools):
        School.objects.filter(pk=one.pk).update(lsoa_code=f"E0100000{number % 10}")
    for number in range(10):
        SmallArea.objects.create(edition=indices, lsoa_code=f"E0100000{number}", imd_rank=3_000 * (number + 1), imd_decile=number + 1)
    compute()
    found = similar_to("100001", viewer=None)
    assert found is not None
    axis = found.axes[-1]
    assert (axis.key, axis.value, axis.editions, axis.weight) == ("deprivation", 3_000.0, ("imd",), 2)
