"""`convenor bounces FILE|-`: take in a report of non-delivery, as a mail server hands it over."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from convenor.contacts.actions import note_bounce
from convenor.contacts.rules.bounces import AT_MOST_BYTES, read_report


class Command(BaseCommand):
    """Notes each address of the report to which letters no longer go."""

    help = (
        "Take in a report of non-delivery (a file, or - for standard input, as a mail server pipes it): addresses that are dead are "
        "shown as such to the partnerships that keep them or wrote to them. What is not such a report is left."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which report."""
        parser.add_argument("file", metavar="FILE", help="a message as a file, or - for standard input")
        parser.add_argument("--json", action="store_true", help="print what was noted as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read it and note the addresses. A message that is no report is no fault: a mail server would send it back."""
        report = read_report(self._content(options["file"]))
        noted = [
            (each.address, note_bounce(address=each.address, why=each.why, by="the system", at=timezone.now())) for each in report.failed
        ]
        if options["json"]:
            told = {"report": report.is_report, "failed": [address for address, _ in noted], "passed_over": list(report.passed_over)}
            self.stdout.write(json.dumps(told))
        elif not report.is_report:
            self.stdout.write("This is no report of non-delivery. Nothing was noted.")
        else:
            self.stdout.write(f"{len(noted)} noted, {len(report.passed_over)} passed over as not for good.")

    def _content(self, name: str) -> bytes:
        if name == "-":
            return sys.stdin.buffer.read(AT_MOST_BYTES)
        try:
            with Path(name).open("rb") as file:
                return file.read(AT_MOST_BYTES)
        except OSError as error:
            self.stderr.write(f"{name} cannot be read: {error.strerror}. Give a message as a file, or - for standard input.")
            sys.exit(1)
