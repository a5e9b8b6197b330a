"""A partnership on the morning it moves in: an invented register, a constitution without members, a manager and one head; served.

As a program (`python -m tests.functional.arriving FOLDER`) it lays the rows and writes six dirty spreadsheets into the folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.functional import deployment
from tests.functional.deployment import ROOT, Built, Person, Site

SLUG = "fernshire"
BROUGHT = "brought"
PEOPLE = {
    "Partnership manager": Person("Partnership manager", "Mara Hollis", "Fernshire Education Partnership"),
    "Headteacher": Person("Headteacher", "Ada Example", ""),
}


@contextmanager
def arrived(built: Built, folder: Path, more: Mapping[str, str] | None = None) -> Iterator[Site]:
    """The partnership, served until the end of the block: on a copy of the demonstration's tables, emptied. `more`: settings of its own."""
    name = f"convenor_arriving_{os.getpid()}_{time.monotonic_ns()}"
    database = deployment.database_named(name) if built.database else ""
    shutil.copytree(built.folder, folder, ignore=shutil.ignore_patterns("editions", "static", "letters", "papers"))
    (folder / "static").symlink_to(built.folder / "static")
    if database:
        deployment.tell_postgres(f"CREATE DATABASE {name} TEMPLATE {deployment.TEMPLATE}")
    try:
        surroundings = deployment.surroundings(folder, database) | {"DJANGO_SETTINGS_MODULE": "convenor.settings"}
        program = [sys.executable, "-m", "tests.functional.arriving", str(folder / BROUGHT)]
        subprocess.run(program, cwd=ROOT, env=surroundings, check=True, capture_output=True)
        with deployment.serving(folder, database, PEOPLE, more) as site:
            yield site
    finally:
        if database:
            deployment.tell_postgres(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        shutil.rmtree(folder, ignore_errors=True)


def lay(brought: Path) -> None:
    """The rows, in place of all that stand there, and the files of what the partnership has."""
    import django

    django.setup()
    from datetime import date

    from django.core.management import call_command

    from convenor.partnership.actions import take_post
    from tests.factories.fernshire import AT
    from tests.factories.moving_in import arriving, dirty
    from tests.factories.partnership import someone

    call_command("flush", interactive=False, verbosity=0)
    here = arriving()
    files = dirty(here)
    brought.mkdir()
    for name, content in files.files.items():
        (brought / name).write_bytes(content)
    rated = {line.number: line.urn for line in files.truth.lines if line.file.startswith("Support log")}
    urn = next(rated[number] for _, number, _ in files.truth.legacy if rated.get(number))
    take_post(
        slug=SLUG, role="head", title="Headteacher", person_id=someone("Ada Example").pk, from_on=date(2025, 9, 1), urn=urn,
        by="the test", at=AT,
    )  # fmt: skip


if __name__ == "__main__":
    lay(Path(sys.argv[1]))
