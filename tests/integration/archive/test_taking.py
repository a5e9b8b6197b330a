"""Taking everything from the page: who may, what it says, and that the file goes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from convenor.archive.actions import ask_archive, fetch_archive, forget_archives, make_waiting, note_worker, remove_archive
from convenor.archive.models import Taking
from convenor.archive.queries.takings import progress_file, taking_ready, takings
from convenor.archive.rules.refusals import ArchiveRefused
from convenor.archive.rules.taking import GIVEN_UP, KEPT, TakingState
from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.models import Partnership
from convenor.partnership.rules.refusals import NotThere
from tests.factories.partnership import AT, SLUG, World, world
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(tmp_path: Path) -> Iterator[Path]:
    """A data directory of this test's own."""
    kept = django_settings.DATA_DIR
    django_settings.DATA_DIR = tmp_path
    yield tmp_path / "archives"
    django_settings.DATA_DIR = kept


def asked(here: World, **more: Any) -> Taking:
    return ask_archive(slug=SLUG, by=here["manager"], at=AT, **more)


def verbs() -> list[str]:
    return list(Entry.objects.filter(verb__startswith="archive.").order_by("pk").values_list("verb", flat=True))


def test_it_is_asked_for_made_fetched_and_removed(place: Path) -> None:
    here = world()
    row = asked(here, with_published=False)
    assert [each.says for each in found(here)] == ["It is made next."]
    assert make_waiting(by="the system", at=AT) == 1
    seen = found(here)[0]
    assert (seen.state, seen.with_published, seen.asked_by) == (TakingState.READY, False, here["manager"].label)
    assert (seen.rows > 30, seen.kept_until) == (True, AT + KEPT)
    path = fetch_archive(slug=SLUG, taking_id=row.pk, by=here["manager"], at=AT)
    assert (path.name, path.stat().st_size, path.parent) == (f"convenor-fernshire-2026-11-02-{row.pk}.zip", seen.size_bytes, place)
    assert [p.name for p in place.iterdir()] == [path.name]
    remove_archive(slug=SLUG, taking_id=row.pk, by=here["manager"], at=AT)
    assert (list(place.iterdir()), found(here)[0].says) == ([], "The file has been removed.")
    assert verbs() == ["archive.asked", "archive.taken", "archive.fetched", "archive.removed"]
    for late in (fetch_archive, remove_archive):
        with pytest.raises(NotThere):
            late(slug=SLUG, taking_id=row.pk, by=here["manager"], at=AT)


def found(here: World) -> Any:
    page = takings(SLUG, viewer=here["manager"])
    assert page is not None
    return page.takings


def test_one_is_made_at_a_time() -> None:
    here = world()
    asked(here)
    with pytest.raises(ArchiveRefused, match=r"being made already\. Nothing was changed"):
        asked(here)
    assert Taking.objects.count() == 1


def test_one_whose_process_is_gone_is_begun_again_and_one_under_way_is_left(place: Path) -> None:
    here = world()
    row = asked(here, with_published=False)
    Taking.objects.update(state=TakingState.MAKING.value, begun_at=AT)
    place.mkdir()
    progress_file(row.pk).write_text("40 of 150: visit")
    assert [(each.says, each.progress) for each in found(here)] == [("It is being made. You may leave this page.", "40 of 150: visit")]
    assert make_waiting(by="the system", at=AT + GIVEN_UP) == 0
    (place / f"convenor-fernshire-2026-11-02-{row.pk}.zip").write_bytes(b"half")
    assert make_waiting(by="the system", at=AT + GIVEN_UP + timedelta(seconds=1)) == 1
    assert zipfile.is_zipfile(fetch_archive(slug=SLUG, taking_id=row.pk, by=here["manager"], at=AT))


def test_one_that_cannot_be_made_says_why(place: Path) -> None:
    here = world()
    asked(here)
    place.write_text("a file where a folder should be")
    make_waiting(by="the system", at=AT)
    assert [(each.state, each.says, "File exists" in each.problem) for each in found(here)] == [
        (TakingState.FAILED, "It could not be made.", True)
    ]
    asked(here)
    assert [each.state for each in found(here)] == [TakingState.ASKED, TakingState.FAILED]


def test_the_file_goes_after_a_week(place: Path) -> None:
    here = world()
    asked(here, with_published=False)
    make_waiting(by="the system", at=AT)
    assert forget_archives(by="the system", at=AT + KEPT - timedelta(seconds=1)) == 0
    assert forget_archives(by="the system", at=AT + KEPT) == 1
    assert (list(place.iterdir()), found(here)[0].state) == ([], TakingState.GONE)


def test_the_worker_says_that_it_was_here(place: Path) -> None:
    note_worker(by="the system", at=AT)
    assert (place.parent / "worker-seen").read_text() == "2026-11-02T09:00:00+00:00\n"


def test_nobody_else_may_ask_see_fetch_or_remove() -> None:
    here = world()
    row = asked(here, with_published=False)
    make_waiting(by="the system", at=AT)
    for seen in (lambda viewer: takings(SLUG, viewer=viewer), lambda viewer: taking_ready(SLUG, row.pk, viewer=viewer)):
        assert {who for who, viewer in here.viewers.items() if seen(viewer) is not None} == {"manager"}
    for who, viewer in here.viewers.items():
        if who != "manager":
            for what in (fetch_archive, remove_archive):
                with pytest.raises(NotAllowed):
                    what(slug=SLUG, taking_id=row.pk, by=viewer, at=AT)
            with pytest.raises(NotAllowed):
                ask_archive(slug=SLUG, by=viewer, at=AT)
    assert [takings("elsewhere", viewer=here["manager"]), taking_ready("elsewhere", row.pk, viewer=here["manager"])] == [None, None]


def test_an_archive_of_another_partnership_is_not_there() -> None:
    here = world()
    other = Partnership.objects.create(slug="otherland", name="Otherland", kind=here.partnership.kind)
    row = Taking.objects.create(partnership=other, state="ready", asked_at=AT, asked_by="Ole", made_at=AT, file_name="x.zip")
    assert found(here) == ()
    with pytest.raises(NotThere):
        fetch_archive(slug=SLUG, taking_id=row.pk, by=here["manager"], at=AT)


def test_the_page_asks_shows_and_hands_over(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> None:
    here = world()
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    manager = signed_in(here.people["manager"], code=True)
    page = reverse("archives", args=[SLUG])
    first = manager.get(page)
    assert (first.status_code, "Refresh" in first.headers) == (200, False)
    with django_capture_on_commit_callbacks():
        assert manager.post(page, {}).status_code == 302
    assert manager.get(page).headers["Refresh"] == "5"
    refused = manager.post(page, {})
    assert (refused.status_code, "An archive is being made already" in refused.text) == (422, True)
    make_waiting(by="the system", at=AT)
    row = Taking.objects.get()
    seen = manager.get(page).text
    assert [words in seen for words in ("Fetch the file", row.digest, "without what is published")] == [True, True, True]
    fetch = reverse("archive-fetch", args=[SLUG, row.pk])
    assert [manager.get(fetch).status_code, verbs()[-1]] == [200, "archive.taken"]
    answer = manager.post(fetch)
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == ("application/zip", "no-store, private")
    assert "archive.json" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert manager.post(reverse("archive-remove", args=[SLUG, row.pk])).status_code == 302
    assert [manager.post(fetch).status_code, manager.get(fetch).status_code] == [404, 404]
    for who in ("head", "officer", "broker"):
        client = signed_in(here.people[who], code=True)
        assert [client.get(page).status_code, client.post(fetch).status_code] == [403, 403]
