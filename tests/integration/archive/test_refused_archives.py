"""Files that are no archives, or are no longer what was made: each is refused with words, and nothing of it comes."""

from __future__ import annotations

import hashlib
import json
import random
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from convenor.accounts.models import Person
from convenor.archive.actions import load_archive, save_archive
from convenor.archive.rules.refusals import ArchiveRefused, KeysTaken, NotAnArchive
from convenor.partnership.models import Partnership
from tests.factories.archived import LATER, SLUG, emptied, full

pytestmark = pytest.mark.django_db
Files = dict[str, bytes]


#: The sound archive, made once: whatever follows begins with an empty database.
WHOLE: list[bytes] = []


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    """A sound archive, file by file and as `all.zip`, and an empty place to load it."""
    kept = django_settings.PAPERS_DIR, django_settings.EDITIONS_DIR
    if not WHOLE:
        here = full(tmp_path / "here")
        WHOLE.append(save_archive(slug=SLUG, to=tmp_path / "first.zip", by=here["manager"], at=LATER).path.read_bytes())
        emptied(tmp_path / "there")
    django_settings.PAPERS_DIR, django_settings.EDITIONS_DIR = tmp_path / "there" / "papers", tmp_path / "there" / "editions"
    (tmp_path / "all.zip").write_bytes(WHOLE[0])
    with zipfile.ZipFile(tmp_path / "all.zip") as whole:
        yield {name: whole.read(name) for name in whole.namelist()}
    django_settings.PAPERS_DIR, django_settings.EDITIONS_DIR = kept


def packed(path: Path, files: Files, more: Callable[[zipfile.ZipFile], Any] = lambda _: None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content)
        more(out)
    return path


def contents(files: Files) -> Any:
    return json.loads(files["archive.json"])


def told(files: Files, said: Any) -> Files:
    return files | {"archive.json": json.dumps(said).encode()}


def listed(files: Files, name: str, content: bytes, *, rows: int | None = None) -> Files:
    """The file replaced and the list of contents made to fit, as somebody would who alters an archive with care."""
    said = contents(files)
    said["files"][name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    for table in said["tables"]:
        if rows is not None and name.endswith(f"/{table['table']}.jsonl"):
            table["rows"] = rows
    return told(files | {name: content}, said)


def lines(files: Files, label: str) -> list[Any]:
    return [json.loads(line) for line in files[f"rows/{label}.jsonl"].splitlines()]


def relined(files: Files, label: str, rows: list[Any]) -> Files:
    text = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    return listed(files, f"rows/{label}.jsonl", text.encode(), rows=len(rows))


def nothing_comes_of(path: Path, match: str, kind: type[Exception] = NotAnArchive) -> None:
    people = Person.objects.count()
    with pytest.raises(kind, match=match) as error:
        load_archive(file=path, by="the operator", at=LATER)
    assert str(error.value).count("Nothing was taken in.") == 1
    assert (Partnership.objects.count(), Person.objects.count()) == (0, people)
    assert [p for p in Path(django_settings.PAPERS_DIR).parent.rglob("*") if p.is_file()] == []


def test_a_sound_one_is_taken_in(tmp_path: Path, files: Files) -> None:
    load_archive(file=packed(tmp_path / "again.zip", files), by="the operator", at=LATER)
    assert Partnership.objects.count() == 1


def test_what_is_no_archive(tmp_path: Path, files: Files) -> None:
    (tmp_path / "words.txt").write_text("Dear Sir or Madam")
    (tmp_path / "empty.zip").write_bytes(b"")
    nothing_comes_of(tmp_path / "none.zip", r"There is no file none\.zip there")
    nothing_comes_of(tmp_path / "words.txt", "no archive of Convenor, or only a part of one")
    nothing_comes_of(tmp_path / "empty.zip", "no archive of Convenor, or only a part of one")
    nothing_comes_of(packed(tmp_path / "other.zip", {"letter.txt": b"Dear"}), r"it holds no archive\.json")


def test_half_a_file_and_a_file_with_a_bit_turned(tmp_path: Path, files: Files) -> None:
    whole = (tmp_path / "all.zip").read_bytes()
    chance = random.Random(7)
    for number, at in enumerate([len(whole) // 2, 1, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(6))]):
        half = tmp_path / f"half-{number}.zip"
        half.write_bytes(whole[:at])
        nothing_comes_of(half, "only a part of one|damaged or not whole")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        members = [info for info in archive.infolist() if info.compress_size > 60]
    for number, info in enumerate(chance.sample(members, 8)):
        turned = bytearray(whole)
        turned[info.header_offset + 90 + info.compress_size // 2] ^= 1 << chance.randrange(8)
        (tmp_path / f"turned-{number}.zip").write_bytes(turned)
        nothing_comes_of(tmp_path / f"turned-{number}.zip", "damaged or not whole|was altered|list of contents")


def test_an_altered_row_is_known_by_its_digest(tmp_path: Path, files: Files) -> None:
    altered = files["rows/partnership.partnership.jsonl"].replace(b"Fernshire", b"Fernshyre", 1)
    nothing_comes_of(
        packed(tmp_path / "x.zip", files | {"rows/partnership.partnership.jsonl": altered}), "was altered after the archive was made"
    )


def test_a_file_too_many_and_one_too_few(tmp_path: Path, files: Files) -> None:
    nothing_comes_of(packed(tmp_path / "more.zip", files | {"papers/" + "0" * 64: b"x"}), "is not as its list of contents says")
    fewer = {name: content for name, content in files.items() if name != "rows/support.contactnote.jsonl"}
    nothing_comes_of(packed(tmp_path / "fewer.zip", fewer), r"“rows/support\.contactnote\.jsonl” is not as its list of contents says")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "rows/../x.jsonl", "rows\\x.jsonl", "papers/x", "rows/support.contactnote.jsonl/", "a\x00b"]
)
def test_names_that_lead_elsewhere(tmp_path: Path, files: Files, name: str) -> None:
    nothing_comes_of(
        packed(tmp_path / "x.zip", files, lambda out: out.writestr(zipfile.ZipInfo(name), b"x")), "which no archive holds|not whole"
    )


def test_a_link_a_lock_a_double_and_a_strange_packing(tmp_path: Path, files: Files) -> None:
    link = zipfile.ZipInfo("papers/" + "1" * 64)
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    nothing_comes_of(packed(tmp_path / "link.zip", files, lambda out: out.writestr(link, "/etc/passwd")), "which no archive holds")
    strange = zipfile.ZipInfo("papers/" + "2" * 64)
    strange.compress_type = zipfile.ZIP_LZMA
    nothing_comes_of(packed(tmp_path / "lzma.zip", files, lambda out: out.writestr(strange, "x")), "which no archive holds")
    with pytest.warns(UserWarning, match="Duplicate name"):
        packed(tmp_path / "double.zip", files, lambda out: out.writestr("README.txt", "other"))
    nothing_comes_of(tmp_path / "double.zip", "two files of one name")
    locked = (tmp_path / "all.zip").read_bytes().replace(b"PK\x01\x02\x2d\x03\x2d\x00\x00\x00", b"PK\x01\x02\x2d\x03\x2d\x00\x01\x00")
    (tmp_path / "locked.zip").write_bytes(locked)
    assert locked != (tmp_path / "all.zip").read_bytes()
    nothing_comes_of(tmp_path / "locked.zip", "which no archive holds")


def test_a_bomb_is_never_unpacked(tmp_path: Path, files: Files) -> None:
    bomb = packed(tmp_path / "bomb.zip", files | {"papers/" + "3" * 64: b"\x00" * 200_000_000})
    assert bomb.stat().st_size < 1_000_000
    nothing_comes_of(bomb, "would unpack to far more than any archive holds")


def test_a_newer_form_and_other_tables(tmp_path: Path, files: Files) -> None:
    nothing_comes_of(
        packed(tmp_path / "a.zip", told(files, contents(files) | {"format": 2})),
        "of form 2, made with Convenor .*; this version .* up to 1",
    )
    said = contents(files)
    said["tables"][0]["columns"].append("invented")
    nothing_comes_of(packed(tmp_path / "b.zip", told(files, said)), "whose columns are others here.*Install that version")
    said = contents(files)
    said["tables"][0]["table"] = "future.thing"
    said["files"]["rows/future.thing.jsonl"] = said["files"].pop("rows/accounts.person.jsonl")
    renamed = {("rows/future.thing.jsonl" if name == "rows/accounts.person.jsonl" else name): c for name, c in files.items()}
    nothing_comes_of(packed(tmp_path / "c.zip", told(renamed, said)), "a table “future.thing” that this version does not take in")


@pytest.mark.parametrize("text", ["", "{}", "[]", "no", '{"format": true}', '{"format": 1}', '{"format": 1, "tables": 3}', "[" * 100_000])
def test_a_list_of_contents_that_is_none(tmp_path: Path, files: Files, text: str) -> None:
    nothing_comes_of(packed(tmp_path / "x.zip", files | {"archive.json": text.encode()}), "list of contents")


def test_rows_that_are_none(tmp_path: Path, files: Files) -> None:
    name = "rows/support.contactnote.jsonl"
    for number, content in enumerate([b"[]\n", b"{\n", b'{"id": 1}\n', b"\xff\n"]):
        broken = listed(files, name, content, rows=1)
        nothing_comes_of(packed(tmp_path / f"{number}.zip", broken), r"Line 1 of rows/support\.contactnote\.jsonl is no")
    row = lines(files, "support.contactnote")[0]
    nothing_comes_of(packed(tmp_path / "less.zip", listed(files, name, b"", rows=1)), "holds 0 rows and not 1")
    nothing_comes_of(
        packed(tmp_path / "on.zip", relined(files, "support.contactnote", [row | {"on": "yesterday"}])), "does not fit its table: on holds"
    )
    nothing_comes_of(packed(tmp_path / "twice.zip", relined(files, "support.contactnote", [row, row])), "two rows of one key")


def test_rows_that_would_reach_into_another_partnership(tmp_path: Path, files: Files) -> None:
    note, entry = lines(files, "support.contactnote")[0], lines(files, "journal.entry")
    astray = relined(files, "support.contactnote", [note | {"partnership_id": note["partnership_id"] + 1}])
    nothing_comes_of(packed(tmp_path / "a.zip", astray), "point to partnership .*, which is not in it")
    entry[0]["partnership"] = "otherland"
    nothing_comes_of(packed(tmp_path / "b.zip", relined(files, "journal.entry", entry)), "rows of another partnership than “fernshire”")
    here = lines(files, "partnership.partnership")[0]
    nothing_comes_of(
        packed(tmp_path / "c.zip", relined(files, "partnership.partnership", [here | {"slug": "otherland"}])), "another partnership than"
    )
    nothing_comes_of(packed(tmp_path / "d.zip", relined(files, "partnership.partnership", [])), "which is not in it")
    lone = relined(files, "accounts.person", lines(files, "accounts.person")[1:])
    nothing_comes_of(packed(tmp_path / "e.zip", lone), "point to person .*, which is not in it")


def test_two_people_of_one_address_inside_it(tmp_path: Path, files: Files) -> None:
    people = lines(files, "accounts.person")
    named = [row for row in people if row["email"]]
    named[1]["email"] = named[0]["email"]
    nothing_comes_of(packed(tmp_path / "x.zip", relined(files, "accounts.person", people)), "stands here already in another way", KeysTaken)


def test_a_document_that_is_not_what_its_name_says(tmp_path: Path, files: Files) -> None:
    name = next(each for each in files if each.startswith("papers/"))
    nothing_comes_of(packed(tmp_path / "x.zip", listed(files, name, b"Other words")), "is not what its name says")


def test_every_refusal_is_of_one_family() -> None:
    assert {issubclass(each, ArchiveRefused) for each in (NotAnArchive, KeysTaken)} == {True}
