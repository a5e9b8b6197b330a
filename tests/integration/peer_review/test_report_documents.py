"""Documents of a review: accessible, tagged, named without a secret; and brought back unchanged, or refused in words."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.peer_review.actions.documents import import_document
from convenor.peer_review.models import AgreedPriority, EvidenceNote, EvidenceText, PeerReview, Report
from convenor.peer_review.queries.documents import document
from convenor.peer_review.queries.standing import review_here
from convenor.peer_review.rules.documents import (
    BYTES_AT_MOST,
    KINDS,
    Changed,
    Differs,
    Document,
    Foreign,
    NoDocument,
    filename,
    opened,
    sealed,
)
from convenor.peer_review.rules.states import State
from tests.factories.peer_review import MOMENTS, SECRETS, SLUG, World, review, reviewing
from tests.factories.review_reports import NOTES, notes
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
AT = MOMENTS[State.CLOSED]


@pytest.fixture
def here() -> World:
    return reviewing()


@pytest.fixture
def row(here: World) -> PeerReview:
    found = review(here, until=State.CLOSED)
    notes(found, here)
    return found


@pytest.fixture
def clock() -> Iterator[Any]:
    with patch("django.utils.timezone.now", return_value=AT) as now:
        yield now


def made(here: World, row: PeerReview, kind: str, who: str = "head") -> Document:
    seen = review_here(SLUG, row.pk, viewer=here[who], at=AT)
    assert seen is not None
    found = document(seen, kind, viewer=here[who])
    assert found is not None
    return found


def emptied() -> None:
    """A database that lost what documents hold: rows that are never removed otherwise."""
    for table in ("accuracyreply", "report", "evidencetext", "evidencenote", "activity", "agreedpriority"):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM peer_review_{table}")
    PeerReview.objects.update(workshop_on=None, workshop_words="", impact_on=None, impact_words="", outcome="")


def unpacked(body: bytes) -> bytes:
    """A PDF with its packed parts beside it, in which marks can be looked for."""
    parts = [body]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", body, flags=re.S):
        with contextlib.suppress(zlib.error):
            parts.append(zlib.decompress(packed))
    return b"\n".join(parts)


def test_each_document_is_brought_back_unchanged(here: World, row: PeerReview) -> None:
    before = {kind: sealed(made(here, row, kind)) for kind in KINDS}
    emptied()
    counts = [import_document(slug=SLUG, document=opened(before[kind].encode()), by="an operator", at=AT) for kind in KINDS]
    assert counts == [1, 6, 5]
    assert {kind: sealed(made(here, row, kind)) for kind in KINDS} == before
    again = [import_document(slug=SLUG, document=opened(before[kind].encode()), by="an operator", at=AT) for kind in KINDS]
    assert again == [0, 0, 0]
    assert Entry.objects.filter(verb="review.imported").count() == 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_that_was_changed_is_refused(here: World, row: PeerReview, kind: str) -> None:
    text = sealed(made(here, row, kind))
    for old, new in (("990001", "990002"), ("Autumn 2026", "Autumn 2027"), ("reading", "writing")):
        if old in text:
            with pytest.raises(Changed):
                opened(text.replace(old, new, 1).encode())


@pytest.mark.parametrize(
    "given",
    [b"", b"{}", b"[1]", b"\xff", b"null", b'{"format": "Convenor peer review document", "version": 2}', b" " * (BYTES_AT_MOST + 1)],
)
def test_what_is_no_document_is_refused(given: bytes) -> None:
    with pytest.raises(NoDocument):
        opened(given)


def test_a_document_with_a_part_too_many_is_refused() -> None:
    good = Document("agenda", SLUG, "R", "990001", {}, {"activities": []})
    assert opened(sealed(good).encode()) == good
    for part in ({"document": "letter"}, {"urn": 1}, {"extra": 1}):
        body = {**good.as_dict(), **part}
        seal = hashlib.sha256(json.dumps(body, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
        with pytest.raises(NoDocument):
            opened(json.dumps(body | {"seal": seal}).encode())


def test_a_foreign_document_is_refused_and_nothing_is_added(here: World, row: PeerReview) -> None:
    mine = made(here, row, "report")
    for foreign in (
        Document("report", "elsewhere", mine.round, mine.urn, mine.about, mine.content),
        Document("report", SLUG, "Another round", mine.urn, mine.about, mine.content),
        Document("report", SLUG, mine.round, "990003", mine.about, mine.content),
    ):
        with pytest.raises(Foreign):
            import_document(slug=SLUG, document=foreign, by="an operator", at=AT)
    stranger = json.loads(sealed(mine).replace("Dele Stone", "Nobody Known"))
    emptied()
    with pytest.raises(Foreign):
        import_document(
            slug=SLUG, document=Document("report", SLUG, mine.round, mine.urn, {}, stranger["content"]), by="an operator", at=AT
        )
    assert (Report.objects.count(), EvidenceNote.objects.count()) == (0, 0)


def test_what_stands_is_never_overwritten(here: World, row: PeerReview) -> None:
    documents = {kind: made(here, row, kind) for kind in KINDS}
    AgreedPriority.objects.update(title="Changed since")
    row.activities.update(place="Hall")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE peer_review_evidencetext SET words = 'Changed since' WHERE words <> ''")
    for kind in KINDS:
        with pytest.raises(Differs):
            import_document(slug=SLUG, document=documents[kind], by="an operator", at=AT)
    assert {each.words for each in EvidenceText.objects.all()} == {"Changed since"}


def test_content_that_cannot_be_read_is_refused(here: World, row: PeerReview) -> None:
    for kind, content in (("report", {}), ("evidence", {"notes": [{"uid": "x"}]}), ("agenda", {"activities": [{"title": 1, "on": "no"}]})):
        with pytest.raises(NoDocument):
            import_document(slug=SLUG, document=Document(kind, SLUG, row.round.name, "990001", {}, content), by="an operator", at=AT)


def test_documents_are_brought_back_by_whoever_runs_the_installation(here: World, row: PeerReview) -> None:
    with pytest.raises(NotAllowed):
        import_document(slug=SLUG, document=made(here, row, "report"), by=here["head"], at=AT)


def test_the_command_says_what_it_did(here: World, row: PeerReview, tmp_path: Path) -> None:
    path, out = tmp_path / "report.json", io.StringIO()
    path.write_text(sealed(made(here, row, "report")), encoding="utf-8")
    call_command("reviews", "import", str(path), stdout=out)
    assert out.getvalue() == f"{path}: report of school 990001 in “Autumn 2026”: nothing to add, all of it is here.\n"
    path.write_text(path.read_text(encoding="utf-8").replace("990001", "990002"), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("reviews", "import", str(path))
    assert str(refused.value) == f"{path}: The document was changed after it was made: its seal does not fit. Nothing was brought back."
    with pytest.raises(CommandError):
        call_command("reviews", "import", str(tmp_path / "none.json"))


def test_documents_hold_what_their_reader_may_read(here: World, row: PeerReview, clock: Any) -> None:
    clock.return_value = MOMENTS[State.REPORT_FINAL]
    found = {}
    for who in ("head", "lead"):
        client = signed_in(here.people[who])
        for kind in KINDS:
            got = client.get(reverse("review-document", args=[SLUG, row.pk, kind, "json"]))
            text = got.content.decode()
            found[who, kind] = [name for name, words in SECRETS.items() if words in text]
    assert found == {
        ("head", "agenda"): ["question"],
        ("head", "evidence"): ["question", "evidence"],
        ("head", "report"): ["question", "draft", "correction", "priority", "baseline", "workshop", "impact"],
        ("lead", "agenda"): ["question"],
        ("lead", "evidence"): ["question", "evidence"],
        ("lead", "report"): ["question", "draft", "correction"],
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_is_a_tagged_pdf_with_its_words_and_a_name_without_secrets(here: World, row: PeerReview, clock: Any, kind: str) -> None:
    got = signed_in(here.people["head"]).get(reverse("review-document", args=[SLUG, row.pk, kind, "pdf"]))
    body = got.content
    assert (got.status_code, got["Content-Type"], body[:5]) == (200, "application/pdf", b"%PDF-")
    assert (
        got["Content-Disposition"]
        == f'attachment; filename="peer-review-{kind}-{row.pk}.pdf"'
        == f'attachment; filename="{filename(kind, row.pk, "pdf")}"'
    )
    plain = unpacked(body)
    assert [mark for mark in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang", b"pdfuaid:part", b"/Title") if mark not in plain] == []


def test_a_document_is_a_whole_page_under_the_strict_policy(here: World, row: PeerReview, clock: Any) -> None:
    got = signed_in(here.people["head"]).get(reverse("review-document", args=[SLUG, row.pk, "evidence", "html"]))
    text = got.content.decode()
    plain = re.sub(r"<style>.*</style>", "", text, flags=re.S)
    assert (got.status_code, '<html lang="en-GB">' in text, "<script" in text, "http" in plain) == (200, True, False, False)
    assert "'sha256-" in got["Content-Security-Policy"]
    assert NOTES[0][2] in text
    assert got["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(("kind", "fmt"), [("letter", "html"), ("report", "docx"), ("report", "exe")])
def test_there_is_no_other_document(here: World, row: PeerReview, clock: Any, kind: str, fmt: str) -> None:
    assert signed_in(here.people["head"]).get(reverse("review-document", args=[SLUG, row.pk, kind, fmt])).status_code == 404


def test_a_note_of_another_review_and_an_activity_that_is_gone_are_refused(here: World, row: PeerReview) -> None:
    log, agenda = made(here, row, "evidence"), made(here, row, "agenda")
    other = review(here, until=State.SCHEDULED, school="990003", round=row.round)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE peer_review_evidencenote SET review_id = %s", [other.pk])
    with pytest.raises(Foreign):
        import_document(slug=SLUG, document=log, by="an operator", at=AT)
    emptied()
    with pytest.raises(Foreign) as refused:
        import_document(slug=SLUG, document=log, by="an operator", at=AT)
    assert "bring the agenda back first" in str(refused.value)
    assert import_document(slug=SLUG, document=agenda, by="an operator", at=AT) == 1
    assert import_document(slug=SLUG, document=log, by="an operator", at=AT) == 6


def test_a_report_that_says_something_else_here_is_not_overwritten(here: World, row: PeerReview) -> None:
    document_ = made(here, row, "report")
    PeerReview.objects.update(workshop_words="Changed since")
    with pytest.raises(Differs):
        import_document(slug=SLUG, document=document_, by="an operator", at=AT)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE peer_review_report SET summary = 'Changed since'")
    with pytest.raises(Differs):
        import_document(slug=SLUG, document=document_, by="an operator", at=AT)


def test_without_the_pdf_library_the_page_to_print_is_still_there(here: World, row: PeerReview, clock: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    head = signed_in(here.people["head"])
    got = {fmt: head.get(reverse("review-document", args=[SLUG, row.pk, "report", fmt])).status_code for fmt in ("pdf", "html", "json")}
    assert got == {"pdf": 404, "html": 200, "json": 200}
