"""`convenor check`: how the installation stands, and what to do where it does not stand well."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from convenor.archive.management.commands.archive import operator
from convenor.archive.queries.health import health
from convenor.archive.rules.health import State, is_well

MARKS = {State.WELL: "well   ", State.NOTE: "to know", State.FAULT: "FAULT  "}


class Command(BaseCommand):
    """Looks at everything and says how it stands."""

    help = (
        "A health report: the database, its tables and keys, documents and editions, letters that wait, the worker, room on the disk, the "
        "last backup. Exit status 1 where something is a fault, with what to do."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """[--json]."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says it; exit status 1 where there is a fault."""
        now = timezone.now()
        found = health(viewer=operator(), at=now)
        if options["as_json"]:
            lines = [{"key": each.key, "state": each.state.value, "says": each.says, "remedy": each.remedy} for each in found]
            self.stdout.write(json.dumps({"ok": is_well(found), "checked_at": now.isoformat(), "checks": lines}))
        else:
            for each in found:
                self.stdout.write(f"{MARKS[each.state]}  {each.says}")
                if each.remedy:
                    self.stdout.write(f"         {each.remedy}")
        if not is_well(found):
            sys.exit(1)
