"""What leaves in an archive arrives elsewhere the very same; what opens a door does neither."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from convenor.accounts.models import Person
from convenor.archive.actions import load_archive, save_archive
from convenor.archive.rules.refusals import ArchiveRefused, KeysTaken
from convenor.conditions.models import Participant, Workshop
from convenor.journal.models import Entry
from convenor.papers.queries import papers
from convenor.partnership.gate import NotAllowed, viewer_for
from convenor.partnership.models import Partnership
from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from convenor.registers.models import Edition, School
from convenor.support.models import ContactNote
from tests.factories.archived import AT, CODE, FORMULA, LATER, PHONE, SLUG, emptied, full
from tests.factories.partnership import ON, someone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folders() -> Any:
    """The folders of documents and editions, put back after each test."""
    kept = django_settings.PAPERS_DIR, django_settings.EDITIONS_DIR
    yield
    django_settings.PAPERS_DIR, django_settings.EDITIONS_DIR = kept


def read(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as packed:
        return packed.read(name).decode()


def rows(path: Path, label: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in read(path, f"rows/{label}.jsonl").splitlines()]


def test_what_leaves_arrives_and_leaves_again_byte_for_byte(tmp_path: Path) -> None:
    here = full(tmp_path / "here")
    first = save_archive(slug=SLUG, to=tmp_path / "first.zip", by=here["manager"], at=LATER)
    emptied(tmp_path / "there")
    done = load_archive(file=first.path, by="the operator", at=LATER)
    assert (done.rows, done.already, done.files) == (first.contents.rows, 0, 2)
    second = save_archive(slug=SLUG, to=tmp_path / "second.zip", by="the operator", at=LATER)
    assert second.path.read_bytes() == first.path.read_bytes()
    assert (second.digest, second.size) == (first.digest, first.size)
    assert first.digest == hashlib.sha256(first.path.read_bytes()).hexdigest()


def test_what_arrives_is_what_people_see(tmp_path: Path) -> None:
    here = full(tmp_path / "here")
    saved = save_archive(slug=SLUG, to=tmp_path / "all.zip", by=here["manager"], at=LATER)
    before = (list(School.objects.order_by("urn").values_list("urn", "name")), [e.detail for e in Entry.objects.filter(verb="a.b")])
    emptied(tmp_path / "there")
    load_archive(file=saved.path, by="the operator", at=LATER)
    assert (list(School.objects.order_by("urn").values_list("urn", "name")), [e.detail for e in Entry.objects.filter(verb="a.b")]) == before
    manager = viewer_for(Person.objects.get(name="Mara Hollis"), on=ON)
    assert manager.label == here["manager"].label
    assert [each.title for each in papers(SLUG, viewer=manager)] == ["Minutes"]
    assert [p.read_bytes() for p in sorted((tmp_path / "there").rglob("*")) if p.is_file()] == [b"PAR1 invented PAR1", b"What was said"]
    told = Entry.objects.get(verb="archive.loaded")
    assert (told.partnership, told.subject_label, told.detail["rows"]) == ("", "Fernshire Education Partnership", saved.contents.rows)


def test_nothing_that_opens_anything_leaves_and_each_is_made_anew(tmp_path: Path) -> None:
    here = full(tmp_path / "here")
    Person.objects.filter(name="Ada Example").update(password="pbkdf2_sha256$hash-of-hers")
    saved = save_archive(slug=SLUG, to=tmp_path / "all.zip", by=here["manager"], at=LATER)
    with zipfile.ZipFile(saved.path) as packed:
        everything = b"".join(packed.read(name) for name in packed.namelist())
    held = [s for s in ("hash-of-hers", CODE, PHONE, "secret-token", "here.example", "Not yet sent") if s.encode() in everything]
    assert held == []
    assert [letter["body"] for letter in rows(saved.path, "post.letter")] == ["See (link)"]
    emptied(tmp_path / "there")
    load_archive(file=saved.path, by="the operator", at=LATER)
    assert not Person.objects.get(name="Ada Example").has_usable_password()
    code = Workshop.objects.get().join_code
    assert (len(code), code == CODE) == (8, False)
    secrets = list(Participant.objects.order_by("pk").values_list("secret", flat=True))
    assert (len(secrets[0]), secrets[0] == PHONE, secrets[1]) == (64, False, "")
    assert Letter.objects.count() == 1


def test_a_spreadsheet_of_the_archive_runs_nothing_and_the_words_stand_beside(tmp_path: Path) -> None:
    here = full(tmp_path / "here")
    saved = save_archive(slug=SLUG, to=tmp_path / "all.zip", by=here["manager"], at=LATER)
    with zipfile.ZipFile(saved.path) as packed:
        sheets = [name for name in packed.namelist() if name.endswith(".csv")]
        cells = [
            cell for name in sheets for line in list(csv.reader(io.StringIO(packed.read(name).decode("utf-8-sig"))))[1:] for cell in line
        ]  # fmt: skip
    assert [cell for cell in cells if cell.lstrip()[:1] in {"=", "+", "@"} or (cell[:1] == "-" and not cell[1:].isdigit())] == []
    assert [cell for cell in cells if FORMULA in cell] == [f"'{FORMULA}"]
    assert [row["words"] for row in rows(saved.path, "support.contactnote")] == [FORMULA]
    emptied(tmp_path / "there")
    load_archive(file=saved.path, by="the operator", at=LATER)
    assert ContactNote.objects.get().words == FORMULA


def test_the_next_row_gets_a_key_after_those_that_came(tmp_path: Path) -> None:
    here = full(tmp_path / "here")
    last = Person.objects.order_by("-pk").values_list("pk", flat=True)[0]
    saved = save_archive(slug=SLUG, to=tmp_path / "all.zip", by=here["manager"], at=LATER)
    emptied(tmp_path / "there")
    load_archive(file=saved.path, by="the operator", at=LATER)
    assert someone("Nell Afterwards").pk > last - 2
    assert Person.objects.filter(name="Ada Example").count() == 1


def test_it_says_what_it_holds_in_words_and_as_a_list(tmp_path: Path) -> None:
    here = full(tmp_path / "here")
    said: list[str] = []
    saved = save_archive(slug=SLUG, to=tmp_path / "all.zip", by=here["manager"], at=LATER, say=said.append)
    words = read(saved.path, "README.txt")
    assert words.splitlines()[0] == "Everything that Fernshire Education Partnership holds in Convenor"
    contents = json.loads(read(saved.path, "archive.json"))
    with zipfile.ZipFile(saved.path) as packed:
        assert sorted([*contents["files"], "archive.json"]) == sorted(packed.namelist())
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert contents["partnership"] == {"slug": SLUG, "name": "Fernshire Education Partnership"}
    assert {t["table"]: t["rows"] for t in contents["tables"]}["support.contactnote"] == 1
    assert "mfa.authenticator" in {each["table"] for each in contents["left_behind"]}
    assert (len(said), said[-1].split(":")[0]) == (len(contents["tables"]), f"{len(said)} of {len(said)}")
    assert oct(saved.path.stat().st_mode & 0o777) == "0o600"


def test_a_document_whose_file_is_gone_is_told_and_all_else_leaves(tmp_path: Path) -> None:
    here = full(tmp_path / "here")
    gone = next((tmp_path / "here" / "papers").iterdir())
    gone.unlink()
    saved = save_archive(slug=SLUG, to=tmp_path / "all.zip", by=here["manager"], at=LATER)
    told = [each for each in saved.contents.left if each[0].startswith("papers/")]
    assert told == [(f"papers/{gone.name}", "the file of “Minutes, version 1” was not in its folder")]
    emptied(tmp_path / "there")
    assert load_archive(file=saved.path, by="the operator", at=LATER).files == 1


def test_without_what_is_published_it_needs_the_same_editions_where_it_arrives(tmp_path: Path) -> None:
    here = full(tmp_path / "here")
    whole = save_archive(slug=SLUG, to=tmp_path / "whole.zip", by=here["manager"], at=LATER)
    own = save_archive(slug=SLUG, to=tmp_path / "own.zip", by=here["manager"], at=LATER, with_published=False)
    assert {each.published for each in own.contents.tables} == {False}
    emptied(tmp_path / "there")
    with pytest.raises(ArchiveRefused, match=r"rests on 1 published files .*\(Invented figures\).*with its published rows"):
        load_archive(file=own.path, by="the operator", at=LATER)
    load_archive(file=whole.path, by="the operator", at=LATER)
    again = save_archive(slug=SLUG, to=tmp_path / "own-again.zip", by="the operator", at=LATER, with_published=False)
    said = [{each.label: each.rows for each in saved.contents.tables if each.label != "journal.entry"} for saved in (again, own)]
    assert said[0] == said[1]
    published = (School.objects.count(), Edition.objects.count())
    emptied(tmp_path / "there", published=False)
    School.objects.filter(urn="990001").delete()
    with pytest.raises(ArchiveRefused, match=r"rests on school 990001, which is not here"):
        load_archive(file=own.path, by="the operator", at=LATER)
    assert (School.objects.count(), Partnership.objects.count()) == (published[0] - 1, 0)


def test_people_and_published_rows_that_stand_there_the_very_same_are_left_as_they_are(tmp_path: Path) -> None:
    here = full(tmp_path / "here")
    saved = save_archive(slug=SLUG, to=tmp_path / "all.zip", by=here["manager"], at=LATER)
    people = list(Person.objects.all())
    emptied(tmp_path / "there")
    Person.objects.bulk_create(people)
    Person.objects.update(last_login=LATER)
    named = {row["id"] for row in rows(saved.path, "accounts.person")}
    assert load_archive(file=saved.path, by="the operator", at=LATER).already == len(named)
    assert set(Person.objects.filter(pk__in=named).values_list("last_login", flat=True)) == {LATER}


def test_a_key_that_is_taken_is_told_and_nothing_comes(tmp_path: Path) -> None:
    here = full(tmp_path / "here")
    saved = save_archive(slug=SLUG, to=tmp_path / "all.zip", by=here["manager"], at=LATER)
    with pytest.raises(KeysTaken, match="There is a partnership “fernshire” here already"):
        load_archive(file=saved.path, by="the operator", at=LATER)
    emptied(tmp_path / "there")
    first = rows(saved.path, "accounts.person")[0]["id"]
    Person.objects.create(pk=first, name="Another", email="another@example.org", created_at=AT)
    with pytest.raises(KeysTaken, match=r"bear numbers that other rows bear here \(person: 1\)") as error:
        load_archive(file=saved.path, by="the operator", at=LATER)
    assert (error.value.what, Partnership.objects.count(), Person.objects.count()) == (("person: 1",), 0, 1)
    assert [p for p in (tmp_path / "there").rglob("*") if p.is_file()] == []


def test_an_address_that_another_has_is_told(tmp_path: Path) -> None:
    here = full(tmp_path / "here")
    saved = save_archive(slug=SLUG, to=tmp_path / "all.zip", by=here["manager"], at=LATER)
    emptied(tmp_path / "there")
    Person.objects.create(pk=987_654, name="Another", email="Mara.Hollis@example.org", created_at=AT)
    with pytest.raises(KeysTaken, match=r"1 people of the archive have addresses that others have here \(Mara.Hollis@example.org\)"):
        load_archive(file=saved.path, by="the operator", at=LATER)
    assert Partnership.objects.count() == 0


def test_another_file_under_the_name_of_a_document_is_told_and_stays(tmp_path: Path) -> None:
    here = full(tmp_path / "here")
    saved = save_archive(slug=SLUG, to=tmp_path / "all.zip", by=here["manager"], at=LATER)
    emptied(tmp_path / "there")
    (tmp_path / "there" / "editions").mkdir(parents=True)
    (tmp_path / "there" / "editions" / "deadbeef.parquet").write_bytes(b"other")
    with pytest.raises(KeysTaken, match=r"another file deadbeef\.parquet here already"):
        load_archive(file=saved.path, by="the operator", at=LATER)
    assert Partnership.objects.count() == 0
    left = {p.name: p.read_bytes() for p in (tmp_path / "there").rglob("*") if p.is_file()}
    assert left == {"deadbeef.parquet": b"other"}


def test_only_whoever_may_take_everything_takes_it_and_only_the_operator_brings_it_in(tmp_path: Path) -> None:
    here = full(tmp_path / "here")
    able = set()
    for number, (who, viewer) in enumerate(here.viewers.items()):
        try:
            save_archive(slug=SLUG, to=tmp_path / f"{number}.zip", by=viewer, at=LATER, with_published=False)
        except NotAllowed:
            continue
        able.add(who)
    assert able == {"manager"}
    with pytest.raises(NotAllowed):
        save_archive(slug="elsewhere", to=tmp_path / "x.zip", by=here["manager"], at=LATER)
    with pytest.raises(NotThere, match="no partnership “elsewhere” here"):
        save_archive(slug="elsewhere", to=tmp_path / "x.zip", by="the operator", at=LATER)
    with pytest.raises(NotAllowed, match="by the operator"):
        load_archive(file=tmp_path / "x.zip", by=here["manager"], at=LATER)  # type: ignore[arg-type]


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    here = full(tmp_path / "here")
    (tmp_path / "all.zip").write_bytes(b"kept")
    with pytest.raises(ArchiveRefused, match=r"There is a file all\.zip already"):
        save_archive(slug=SLUG, to=tmp_path / "all.zip", by=here["manager"], at=LATER)
    (tmp_path / "a-file").write_bytes(b"")
    with pytest.raises(ArchiveRefused, match="could not be written"):
        save_archive(slug=SLUG, to=tmp_path / "a-file" / "all.zip", by=here["manager"], at=LATER)
    assert (tmp_path / "all.zip").read_bytes() == b"kept"
    taken = Entry.objects.filter(verb="archive.taken").count()
    assert taken == 0


def test_nothing_of_another_partnership_leaves(tmp_path: Path) -> None:
    here = full(tmp_path / "here")
    other = Partnership.objects.create(slug="otherland", name="Otherland", kind=here.partnership.kind)
    ContactNote.objects.create(
        partnership=other, school_id="990005", kind="call", on=ON, words="Otherland alone", at=AT, by=someone("Ole Other"), by_label="Ole"
    )
    saved = save_archive(slug=SLUG, to=tmp_path / "all.zip", by=here["manager"], at=LATER, with_published=False)
    with zipfile.ZipFile(saved.path) as packed:
        everything = b"".join(packed.read(name) for name in packed.namelist())
    assert [word for word in ("Otherland", "otherland", "Ole Other") if word.encode() in everything] == []
