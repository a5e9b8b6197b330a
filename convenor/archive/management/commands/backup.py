"""`convenor backup DIR`: a consistent copy of the whole installation, while the site goes on."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from convenor.archive.actions import back_up
from convenor.archive.management.commands.archive import operator
from convenor.partnership.rules.refusals import Refused


class Command(BaseCommand):
    """Makes a backup and looks at it again."""

    help = (
        "A consistent copy of the database, the documents and the editions in a folder of its own below DIR, named by the moment in UTC; "
        "every file is read again after it was written. The key that signs sessions and links is not in it unless you say so: keep it "
        "apart. Without it nothing is lost, but everybody signs in again."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """DIR [--keep N] [--with-key] [--json]."""
        parser.add_argument("dir", metavar="DIR", help="where backups are kept: best another disk")
        parser.add_argument("--keep", type=int, metavar="N", help="how many backups stay in DIR, this one counted (default: all)")
        parser.add_argument(
            "--with-key", action="store_true", help="put the key in too: then whoever has the backup can sign in as anybody"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Does it, or refuses with the reason and the remedy (exit status 1)."""
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("At least one backup is kept: the one that is made now.", returncode=2)
        try:
            made = back_up(
                into=Path(options["dir"]), keep=options["keep"], with_key=options["with_key"], by=operator(), at=timezone.now()
            )  # fmt: skip
        except Refused as error:
            raise CommandError(str(error)) from error
        backup = made.backup
        if options["as_json"]:
            said = {
                "folder": str(made.folder), "made": backup.made, "bytes": backup.size, "files": len(backup.files),
                "forgotten": list(made.forgotten), "key": {"included": backup.key_included, "kept": backup.key_kept},
            }  # fmt: skip
            self.stdout.write(json.dumps(said))
            return
        key = "with the key" if backup.key_included else f"without the key, which is kept in {backup.key_kept}"
        self.stdout.write(f"{made.folder}: {len(backup.files)} files, {backup.size / 1e6:.1f} MB, read again and sound; {key}.")
        if made.forgotten:
            self.stdout.write(f"{len(made.forgotten)} older backups went.")
