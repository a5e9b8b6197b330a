"""`convenor restore DIR`: the installation as a backup holds it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from convenor.archive.actions import restore
from convenor.archive.management.commands.archive import operator
from convenor.partnership.rules.refusals import Refused


class Command(BaseCommand):
    """Puts a backup back."""

    help = (
        "The installation as a backup holds it; DIR is a backup, or a folder of several, of which the newest is taken. Every file is "
        "looked at before anything is changed. Over a living database only with --over; the old one is kept beside. Stop the site and the "
        "worker first; start them again afterwards, which brings tables of an older version up to date."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """DIR [--over] [--json]."""
        parser.add_argument("dir", metavar="DIR")
        parser.add_argument("--over", action="store_true", help="in the place of a living database, which is kept beside")
        parser.add_argument("--json", action="store_true", dest="as_json", help="JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Does it, or refuses with the reason and the remedy (exit status 1)."""
        try:
            done = restore(source=Path(options["dir"]), over=options["over"], by=operator(), at=timezone.now())
        except Refused as error:
            raise CommandError(str(error)) from error
        if options["as_json"]:
            self.stdout.write(json.dumps({"made": done.backup.made, "made_with": done.backup.made_with, "kept": done.kept}))
            return
        self.stdout.write(f"Everything is as it was on {done.backup.made[:16].replace('T', ' at ')} UTC.")
        if done.kept:
            self.stdout.write(f"What stood here before is kept in {done.kept}: delete it when you no longer need it.")
