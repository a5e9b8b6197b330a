"""Whom a run holds each school against, and whom the page and the command call its similar schools: one finding, written together."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from convenor.intelligence.actions import compute_run, compute_similar, freeze_set, running
from convenor.intelligence.models import FrozenSet, PhaseBound, Run, SimilarBasis, SimilarSet
from convenor.intelligence.queries import gathering
from convenor.intelligence.queries.similar import similar_to
from convenor.journal.models import Entry
from convenor.registers.actions import withdraw
from convenor.registers.models import Reading, School
from tests.factories.intelligence_runs import MANY, england, figures, struggling, withheld
from tests.factories.partnership import SLUG, world
from tests.factories.registers import edition, reading, school

pytestmark = pytest.mark.django_db
AT = datetime(2023, 11, 1, 12, tzinfo=UTC)
LATER = datetime(2023, 11, 20, 12, tzinfo=UTC)


def shown(urn: str) -> list[str]:
    """The similar schools that a page reads, nearest first; nobody where there is no set."""
    found = similar_to(urn, n=50, viewer=None)
    return [each.urn for each in found.schools] if found else []


def said(urn: str) -> list[str]:
    """Those that `convenor similar` prints."""
    out = StringIO()
    call_command("similar", urn, "--json", stdout=out, stderr=StringIO())
    return [each["urn"] for each in json.loads(out.getvalue())["schools"]]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Filled by each run that is worked out: whom it held each school against, nearest first."""
    found: dict[str, list[str]] = {}
    work_out = gathering.work_out

    def watched(*words: Any, **more: Any) -> Any:
        whole = work_out(*words, **more)
        everyone = whole.assessed.everyone
        found.clear()
        for urn, near in zip(everyone.urns, everyone.similar.tolist(), strict=True):
            found[urn] = [everyone.urns[place] for place in near if place >= 0]
        return whole

    monkeypatch.setattr(gathering, "work_out", watched)
    return found


def test_schools_that_a_run_held_a_school_against_are_those_shown_and_said(held: dict[str, list[str]]) -> None:
    tables = england()
    struggling("200001", tables)
    struggling("990009", tables, fictitious=True)
    withheld("200003", tables)
    # Figures of eight years before, and a newer list without schools: once, one of the two looked at them and the other did not.
    long_ago, outlines = edition("long-ago", period="2015-16"), edition("outlines", family="boundaries", as_at=date(2024, 1, 1))
    for number, one in enumerate(School.objects.filter(urn__startswith="100").order_by("urn")):
        reading(one, long_ago, "ks2_non_mobile_percent", "2015-16", float(number % 9) * 10)
    run = compute_run(by="the system", at=AT)
    assert run is not None
    assert {urn: shown(urn) for urn in held} == held
    assert [len(held[urn]) for urn in ("100001", "200001", "990009", "200003")] == [50, 50, 50, 0]
    assert [said(urn) for urn in ("100001", "200001", "990009")] == [held[urn] for urn in ("100001", "200001", "990009")]
    assert set(SimilarBasis.objects.values_list("run", flat=True)) == {run.digest}
    assert outlines.key not in run.editions


def test_whoever_asks_for_similar_schools_first_has_the_run_made_with_them(held: dict[str, list[str]]) -> None:
    england()
    assert (compute_similar(by="the system", at=AT), compute_similar(by="the system", at=LATER)) == (MANY, 0)
    assert set(SimilarSet.objects.values_list("run", flat=True)) == {Run.objects.get().digest}
    assert (compute_run(by="the system", at=LATER), shown("100001")) == (None, held["100001"])


def test_former_run_that_stands_again_shows_its_own_similar_schools_as_of_its_day(held: dict[str, list[str]]) -> None:
    tables = england()
    closing = school(urn="200001", status="closed", closed_on=date(2023, 11, 10))
    Reading.objects.bulk_create(figures(closing, tables))
    first = compute_run(by="the system", at=AT)
    assert first is not None
    before = dict(held)
    extra = edition("extra", family="census")
    Reading.objects.bulk_create(figures(school(urn="200002"), extra))
    compute_run(by="the system", at=LATER)
    assert (shown("100006") == held["100006"], shown("100006") == before["100006"]) == (True, False)
    withdraw(edition_key=extra.key, by="the system", at=LATER)
    School.objects.filter(urn="200002").delete()
    assert (compute_run(by="the system", at=LATER), compute_similar(by="the system", at=LATER)) == (None, 0)
    assert set(SimilarBasis.objects.values_list("run", flat=True)) == {first.digest}
    assert {urn: shown(urn) for urn in before} == before
    assert "200001" in before["100006"]


def test_similar_schools_found_again_are_counted_and_journalled() -> None:
    england()
    compute_run(by="the system", at=AT)
    SimilarBasis.objects.all().delete()
    assert (compute_similar(by="the system", at=LATER), Run.objects.count()) == (MANY, 1)
    assert Entry.objects.filter(verb="similar.computed").count() == 2


def test_nothing_standing_leaves_no_similar_schools_and_keeps_frozen_sets() -> None:
    england()
    compute_run(by="the system", at=AT)
    world()
    freeze_set(slug=SLUG, urn="100001", purpose="support package 12", n=3, by="the system", at=AT)
    for key in Run.objects.get().editions:
        withdraw(edition_key=key, by="the system", at=LATER)
    compute_run(by="the system", at=LATER)
    kept = [model._default_manager.count() for model in (SimilarBasis, SimilarSet, PhaseBound, FrozenSet)]
    assert kept == [0, 0, 0, 1]


def test_killed_run_leaves_the_former_similar_schools(monkeypatch: pytest.MonkeyPatch) -> None:
    england()
    first = compute_run(by="the system", at=AT)
    assert first is not None
    edition("extra", family="census")

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "record", killed)
    with pytest.raises(KeyboardInterrupt):
        compute_run(by="the system", at=LATER)
    assert set(SimilarSet.objects.values_list("run", flat=True)) == {first.digest}
