"""What is reckoned anew when files come and go by the commands, and what is not."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from convenor.intelligence.models import Run, SimilarBasis
from convenor.web.reckoning import reckon

pytestmark = pytest.mark.django_db
MI = "ofsted/management_information_2025-08-31.parquet"


def load(*words: str) -> None:
    call_command("load", *words, stdout=StringIO(), stderr=StringIO())


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
    assert (said, first) == (["Finding similar schools", "Reckoning England's schools"], Run.objects.get().key)
    assert (reckon(by="the system", at=timezone.now(), say=said.append), SimilarBasis.objects.values("run").distinct().count()) == ("", 1)
