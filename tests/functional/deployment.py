"""A deployment as a newcomer has it: built by `convenor demo`, served by `convenor serve`, letters kept as files.

It is built once in a run of the tests, whatever the number of worker processes, and copied for whoever needs one of their
own: on SQLite the data directory, on PostgreSQL the database too, by its template.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from convenor.web.demonstration.names import address

ROOT = Path(__file__).resolve().parent.parent.parent
SHOWN = "gloucestershire"
SLUG = f"{SHOWN}-demonstration"
AREA = "916"
TEMPLATE = "convenor_demonstration"
STARTS_WITHIN_SECONDS = 60
#: How letters kept in one file are told apart.
BETWEEN_LETTERS = f"{'-' * 79}\n"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the demonstration offers to sign in as."""

    role: str
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Built:
    """A demonstration that stands ready to be copied. `database` is its PostgreSQL address, "" on SQLite."""

    folder: Path
    database: str
    people: dict[str, Person]


@dataclass(frozen=True, slots=True)
class Site:
    """A demonstration that is being served."""

    address: str
    folder: Path
    people: dict[str, Person]
    database: str = ""

    def at(self, path: str) -> str:
        """The full address of a page."""
        return self.address + path

    def letters(self) -> list[str]:
        """The letters sent, oldest first, as they lie on the disk."""
        kept = sorted((self.folder / "letters").glob("*"), key=lambda path: path.stat().st_mtime_ns)
        texts = (path.read_text(encoding="utf-8") for path in kept)
        return [letter for text in texts for letter in text.split(BETWEEN_LETTERS) if letter.strip()]

    def letter_to(self, address: str) -> str:
        """The newest letter to an e-mail address; waits a little, since letters leave beside the page."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            found = [letter for letter in self.letters() if re.search(rf"^To: .*{re.escape(address)}", letter, re.MULTILINE)]
            if found:
                return found[-1]
            time.sleep(0.1)
        raise AssertionError(f"no letter to {address} was sent")


def email_of(name: str) -> str:
    """The address by which the demonstration knows an invented person."""
    return address(name, SHOWN)


def change(site: Site, words: str) -> None:
    """One statement to a site's own database: for what no page does, such as letting weeks pass."""
    if site.database:
        import psycopg

        with psycopg.connect(site.database, autocommit=True) as served:
            served.execute(words)  # type: ignore[arg-type]
        return
    with closing(sqlite3.connect(site.folder / "convenor.sqlite3", timeout=20)) as kept, kept:
        kept.execute(words)


def kept(site: Site, words: str) -> object:
    """The first value that one question to a site's own database gives: for the address of what no page leads to. None for none."""
    if site.database:
        import psycopg

        with psycopg.connect(site.database) as served:
            row = served.execute(words).fetchone()  # type: ignore[arg-type]
    else:
        with closing(sqlite3.connect(site.folder / "convenor.sqlite3", timeout=20)) as lying:
            row = lying.execute(words).fetchone()
    return row[0] if row else None


def surroundings(folder: Path, database: str) -> dict[str, str]:
    """The environment of a deployment: nothing of the tests' own settings reaches it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CONVENOR_", "DJANGO_", "COV_"))}
    kept |= {"CONVENOR_DATA_DIR": str(folder), "CONVENOR_DEMONSTRATION": "1"}
    return kept | ({"CONVENOR_DATABASE_URL": database} if database else {})


def convenor(*words: str, folder: Path, database: str, more: Mapping[str, str] | None = None) -> str:
    """Run the command to its end; what it said to the reader. `more`: settings of this deployment's own."""
    done = subprocess.run(
        [sys.executable, "-m", "convenor", *words],
        cwd=ROOT,
        env=surroundings(folder, database) | dict(more or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"convenor {' '.join(words)} ended with {done.returncode}:\n{done.stderr}"
    return done.stderr


def people_said(words: str) -> dict[str, Person]:
    """Whom `convenor demo` said one can sign in as, by role: the very lines that a newcomer reads."""
    found = {}
    for name in ROLE_NAMES:
        said = re.search(rf"^ +{re.escape(name)} +(?P<who>[A-Z][a-z]+ [A-Z][a-z]+), (?P<place>.+)$", words, re.MULTILINE)
        if said:
            found[name] = Person(name, said["who"], said["place"])
    return found


ROLE_NAMES = (
    "Headteacher", "School leader", "Chair of the governing board or trustees", "Clerk to the governing board or trustees",
    "School office", "Trust leader", "System leader", "Independent supporter", "Reviewer", "Cluster lead", "Alliance lead",
    "Member of a body", "Board member", "Diocese", "DfE regional director's link", "Local authority officer", "Broker",
    "Partnership manager", "Auditor",
)  # fmt: skip


def database_named(name: str) -> str:
    """The address of another database of the tests' PostgreSQL server; "" where the tests run on SQLite."""
    given = os.environ.get("CONVENOR_DATABASE_URL", "")
    return urlunsplit(urlsplit(given)._replace(path=f"/{name}")) if given.startswith("postgres") else ""


def tell_postgres(words: str) -> None:
    """One statement to the tests' PostgreSQL server."""
    import psycopg

    with psycopg.connect(os.environ["CONVENOR_DATABASE_URL"], autocommit=True) as connection:
        connection.execute(words)  # type: ignore[arg-type]


def build_once(shared: Path) -> Built:
    """The demonstration in a folder that all worker processes share: the first to come builds it, the others wait."""
    shared = Path(os.environ.get("CONVENOR_TESTS_DEMONSTRATION", shared))  # a developer's own, kept from run to run
    folder, said = shared / "demonstration", shared / "demonstration.said"
    shared.mkdir(parents=True, exist_ok=True)
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        database = database_named(TEMPLATE)
        if not said.exists():
            folder.mkdir()
            if database:
                tell_postgres(f"CREATE DATABASE {TEMPLATE}")
            words = convenor("demo", "--no-serve", folder=folder, database=database)
            with serving(folder, database, {}):  # gathers and compresses the static files, which every copy then has
                pass
            said.write_text(words, encoding="utf-8")
        return Built(folder, database, people_said(said.read_text(encoding="utf-8")))


@contextmanager
def copied(built: Built, folder: Path) -> Iterator[Site]:
    """A copy of the demonstration, served until the end of the block, then gone."""
    name = f"convenor_copy_{os.getpid()}_{time.monotonic_ns()}"
    shutil.copytree(built.folder, folder, ignore=shutil.ignore_patterns("editions", "static"))
    for kept in ("editions", "static"):  # never changed by a page: no need of a copy
        (folder / kept).symlink_to(built.folder / kept)
    if built.database:
        tell_postgres(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    try:
        with serving(folder, database_named(name) if built.database else "", built.people) as site:
            yield site
    finally:
        if built.database:
            tell_postgres(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serving(folder: Path, database: str, people: dict[str, Person], more: Mapping[str, str] | None = None) -> Iterator[Site]:
    """`convenor serve` on a free port of this machine, until the end of the block. `more`: settings of this deployment's own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "serve.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "convenor", "serve", "--port", str(port), "--workers", "1", "--threads", "6"],
            cwd=ROOT, env=surroundings(folder, database) | dict(more or {}), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address, server, folder / "serve.log")
            yield Site(address, folder, people, database)
        finally:
            server.terminate()
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Until the site says that it is well."""
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/health/", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")
