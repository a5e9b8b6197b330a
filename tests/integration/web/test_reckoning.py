"""What is reckoned anew when files come and go by the commands, and what is not."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from convenor.intelligence.models import Run, SimilarBasis
from convenor.partnership.models import Partnership
from convenor.web.reckoning import reckon, reckon_if_never

pytestmark = pytest.mark.django_db
MI = "ofsted/management_information_2025-08-31.parquet"


def load(*words: str) -> None:
    call_command("load", *words, stdout=StringIO(), stderr=StringIO())


@pytest.fixture(autouse=True)
def partnership(db: None) -> Partnership:
    """Somebody who reads what is reckoned."""
    return Partnership.objects.create(slug="fernshire", name="Fernshire Education Partnership", kind="school-improvement-partnership")


def test_load_reckons_nothing_where_no_partnership_reads_it(data: Path, partnership: Partnership) -> None:
    Partnership.objects.update(ended_on=date(2026, 1, 1))
    load(str(data / MI))
    assert (Run.objects.exists(), SimilarBasis.objects.exists()) == (False, False)


def test_files_that_came_before_the_partnership_are_reckoned_when_the_site_starts(data: Path) -> None:
    assert reckon_if_never(by="the system", at=timezone.now(), say=lambda _: None) == ""
    load(str(data / MI), "--later")
    key = reckon_if_never(by="the system", at=timezone.now(), say=lambda _: None)
    assert key == Run.objects.get().key
    assert reckon_if_never(by="the system", at=timezone.now(), say=lambda _: None) == ""


def test_load_reckons_england_once(data: Path) -> None:
    load(str(data / MI))
    assert [run.editions for run in Run.objects.all()] == [["ofsted-mi-2025-08-31"]]
    load(str(data / MI))
    assert Run.objects.count() == 1


@pytest.mark.parametrize("option", ["--later", "--simulate"])
def test_load_leaves_the_reckoning_where_it_is_told_to(data: Path, option: str) -> None:
    load(str(data / MI), option)
    assert Run.objects.exists() is False


def test_refused_file_reckons_nothing(tmp_path: Path) -> None:
    path = tmp_path / "nonsense.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(SystemExit):
        load(str(path))
    assert Run.objects.exists() is False


def test_withdrawal_marks_the_run_that_rested_on_the_edition(data: Path) -> None:
    load(str(data / MI))
    call_command("withdraw", "ofsted-mi-2025-08-31", stdout=StringIO(), stderr=StringIO())
    assert [(run.withdrawn_at is None, run.withdrawn_why) for run in Run.objects.all()] == [
        (False, "It rests on ofsted-mi-2025-08-31, which was taken back.")
    ]


def test_reckoning_says_what_it_does_and_does_nothing_twice(data: Path) -> None:
    load(str(data / MI), "--later")
    said: list[str] = []
    first = reckon(by="the system", at=timezone.now(), say=said.append)
    assert (said, first) == (["Reckoning England's schools, each beside the schools most like it"], Run.objects.get().key)
    assert (reckon(by="the system", at=timezone.now(), say=said.append), SimilarBasis.objects.values("run").distinct().count()) == ("", 1)
