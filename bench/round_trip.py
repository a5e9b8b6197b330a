"""Everything out, into an empty installation, and out again: the same bytes, the same pages; and what it takes, beside a plain copy.

    python -m bench.round_trip [--data FOLDER] [--pages 60]

FOLDER is the data directory of a demonstration (made in passing where none is named). It is only read: all is done on copies. Pages are
asked for as each kind of person of the demonstration, from their home along the links, at one moment in both places; only what belongs to a
browser, to the installation's key or was made anew on arrival (tokens of forms, codes of rooms) is taken out before the comparison.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

#: Both archives are made at this moment, so that nothing but what is in them can differ; pages are asked for at it too.
AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
LINK = re.compile(r'href="(/[^"#]*)')
#: What differs between two browsers, and a digest of the reader that is made with the installation's own key.
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|data-person="[^"]+"')
#: Files that hold the moment they were made, addresses that end a session or leave the site.
NOT_ASKED = re.compile(r"\.(?:xlsx|docx|pdf|png|ics|zip)(?:$|\?)|sign-out|^/static/|/calendar/|^/account/|xlsx|docx|picture")


def main() -> None:
    """Do it, or one of its parts in a process of its own (each installation has settings of its own)."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--data", type=Path, help="data directory of a demonstration; default: one is made")
    words.add_argument("--pages", type=int, default=60, help="pages asked for as each person (default: 60)")
    words.add_argument("--part", choices=("save", "load", "pages"), help=argparse.SUPPRESS)
    words.add_argument("--to", type=Path, help=argparse.SUPPRESS)
    words.add_argument("--own", action="store_true", help=argparse.SUPPRESS)
    given = words.parse_args()
    if given.part:
        print(json.dumps(PARTS[given.part](given)))
        return
    with tempfile.TemporaryDirectory(prefix="convenor-round-trip-") as folder:
        round_trip(given.data or demonstration(Path(folder) / "demonstration"), Path(folder), given.pages)


def demonstration(folder: Path) -> Path:
    """A demonstration of its own."""
    run(["-m", "convenor", "demo", "--no-serve"], folder)
    return folder


def round_trip(data: Path, folder: Path, pages: int) -> None:
    """Everything, and what came of it on standard output."""
    here, plain_seconds, plain_bytes = copied(data, folder / "here")
    whole, own = folder / "whole.zip", folder / "own.zip"
    first = part("save", here, to=whole)
    here, *_ = copied(data, folder / "here-again")
    without = part("save", here, "--own", to=own)
    there = folder / "there"
    there.mkdir()
    (there / "secret-key").write_text("another-installation-" + "x" * 40)
    started = time.monotonic()
    run(["-m", "convenor", "migrate", "--verbosity", "0"], there)
    tables = time.monotonic() - started
    loaded = part("load", there, to=whole)
    there_again, *_ = copied(there, folder / "there-again")
    second = part("save", there_again, to=folder / "second.zip")
    print("| what | rows | seconds | MB |\n| --- | ---: | ---: | ---: |")
    print(f"| a plain copy of the database and its files | | {plain_seconds:.2f} | {plain_bytes / 1e6:.1f} |")
    for name, found, size in (
        ("everything out", first, whole), ("out, without what is published", without, own), ("everything in, digests taken", loaded, None),
        ("everything out again, there", second, folder / "second.zip"),
    ):  # fmt: skip
        print(f"| {name} | {found['rows']:,} | {found['seconds']:.2f} | {f'{size.stat().st_size / 1e6:.1f}' if size else ''} |")
    print(f"\nMaking the tables there took {tables:.1f} s; out took {first['seconds'] / plain_seconds:.1f} times a plain copy.")
    differing = differences(whole, folder / "second.zip")
    same = whole.read_bytes() == (folder / "second.zip").read_bytes()
    print(f"Bytes: {'the very same file' if same else 'differ in ' + ', '.join(differing[:9])} (SHA-256 {digest_of(whole)[:16]}…).")
    compare_pages(data, there, folder, pages)


def compare_pages(data: Path, there: Path, folder: Path, pages: int) -> None:
    """The same pages asked for in both places, and which differ."""
    seen = []
    for number, place in enumerate((data, there)):
        fresh, *_ = copied(place, folder / f"pages-{number}")
        seen.append(part("pages", fresh, "--pages", str(pages)))
    one, other = (each["pages"] for each in seen)
    differ = sorted(key for key in {*one, *other} if one.get(key) != other.get(key))
    answers: dict[int, int] = {}
    for status, _ in one.values():
        answers[status] = answers.get(status, 0) + 1
    people = len({key.split(" ")[0] for key in one})
    print(
        f"Pages: {len(one)} asked for as {people} people ({', '.join(f'{n} answered {s}' for s, n in sorted(answers.items()))}); ", end=""
    )
    print(f"{len(one) - len(differ)} the same, {len(differ)} differ.")
    for key in differ[:20]:
        print(f"  {key}: {one.get(key)} {other.get(key)}")


def save(given: Any) -> dict[str, Any]:
    """Everything out, timed."""
    from convenor.archive.actions import save_archive

    started = time.monotonic()
    saved = save_archive(slug=slug(), to=given.to, by="the measurement", at=AT, with_published=not given.own)
    return {"seconds": time.monotonic() - started, "rows": saved.contents.rows}


def load(given: Any) -> dict[str, Any]:
    """Everything in, timed."""
    from convenor.archive.actions import load_archive

    started = time.monotonic()
    done = load_archive(file=given.to, by="the measurement", at=AT)
    return {"seconds": time.monotonic() - started, "rows": done.rows}


def pages(given: Any) -> dict[str, Any]:
    """What each kind of person sees, by person and address: the status and a digest of the page."""
    from unittest.mock import patch

    from convenor.conditions.models import Workshop
    from convenor.partnership.gate import ANYONE
    from convenor.partnership.queries.demonstration import demonstration_people

    codes = [code for code in Workshop.objects.values_list("join_code", flat=True) if code]
    codes += [f"{code[:4]} {code[4:]}" for code in codes]
    found: dict[str, tuple[int, str]] = {}
    with patch("django.utils.timezone.now", lambda: AT):
        for one in sorted(demonstration_people(viewer=ANYONE, on=AT.date()), key=lambda each: each.person_id):
            client, waiting, asked = browser(one.person_id), [f"/p/{one.slug}/", "/"], set()
            while waiting and len(asked) < given.pages:
                address = waiting.pop(0)
                if address in asked or NOT_ASKED.search(address):
                    continue
                asked.add(address)
                answer = client.get(address)
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                text = TOKEN.sub("", body.decode(errors="replace"))
                for code in codes:
                    text = text.replace(code, "(code)")
                found[f"{one.person_id} {address}"] = answer.status_code, hashlib.sha256(text.encode()).hexdigest()[:16]
                waiting += [each.replace("&amp;", "&") for each in LINK.findall(text)]
    return {"pages": found}


PARTS = {"save": save, "load": load, "pages": pages}


def slug() -> str:
    """The demonstration's partnership."""
    from convenor.partnership.models import Partnership

    return str(Partnership.objects.filter(demonstration=True).order_by("pk").values_list("slug", flat=True)[0])


def browser(person_id: int) -> Any:
    """A browser in which this person is signed in by two factors."""
    from django.test import Client

    from convenor.accounts.models import Person

    client = Client()
    client.force_login(Person.objects.get(pk=person_id), backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": AT.timestamp(), "type": "totp"}]
    session["account_authentication_methods_user"] = str(person_id)
    session.save()
    return client


def part(name: str, data: Path, *more: str, to: Path | None = None) -> Any:
    """One part in a process of its own, in the installation of this data directory."""
    where = ["--to", str(to)] if to else []
    said = run(["-m", "bench.round_trip", "--part", name, *where, *more], data)
    return json.loads(said.strip().splitlines()[-1])


def run(words: Iterable[str], data: Path) -> str:
    """A process in the installation of this data directory; what it wrote."""
    env = os.environ | {"CONVENOR_DATA_DIR": str(data), "CONVENOR_DEMONSTRATION": "1"}
    done = subprocess.run([sys.executable, *words], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    return done.stdout


def copied(data: Path, to: Path) -> tuple[Path, float, int]:
    """A plain copy of an installation: where, how many seconds, how many bytes."""
    to.mkdir()
    started = time.monotonic()
    with closing(sqlite3.connect(data / "convenor.sqlite3")) as one, closing(sqlite3.connect(to / "convenor.sqlite3")) as other:
        one.backup(other)
    for name in ("editions", "papers"):
        if (data / name).is_dir():
            shutil.copytree(data / name, to / name)
    seconds = time.monotonic() - started
    size = sum(each.stat().st_size for each in to.rglob("*") if each.is_file())
    shutil.copyfile(data / "secret-key", to / "secret-key")
    return to, seconds, size


def differences(one: Path, other: Path) -> list[str]:
    """Files that are in one archive and not the very same in the other."""
    with zipfile.ZipFile(one) as first, zipfile.ZipFile(other) as second:
        names = sorted({*first.namelist(), *second.namelist()})
        held = [{name: pack.read(name) for name in pack.namelist()} for pack in (first, second)]
    return [name for name in names if held[0].get(name) != held[1].get(name)]


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


if __name__ == "__main__":
    if "--part" in sys.argv:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convenor.settings")
        import django

        django.setup()
        from django.conf import settings

        settings.ALLOWED_HOSTS = ["*"]
        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    main()
