"""`convenor withdraw EDITION`: takes an edition back."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from convenor.registers.actions import NoSuchEditionError, withdraw
from convenor.web.operator import operator_name
from convenor.web.reckoning import reckon_for_partnerships


class Command(BaseCommand):
    help = (
        "Take an edition back: its rows go, and schools are described by the editions that stand. It stays on record as withdrawn. "
        "`convenor load` printed its name; the page /editions/ lists them."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("edition", metavar="EDITION", help="As in ofsted-mi-2025-08-31")
        parser.add_argument("--why", default="", help="The reason, kept with the edition and in the journal")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            edition = withdraw(edition_key=options["edition"], by=operator_name(), at=now, why=options["why"])
        except NoSuchEditionError as reason:
            self.stderr.write(str(reason))
            sys.exit(1)
        reckon_for_partnerships(by=operator_name(), at=now, say=self._say)
        if options["json"]:
            self.stdout.write(json.dumps({"edition": edition.key, "withdrawn_at": str(edition.withdrawn_at), "why": edition.withdrawn_why}))
        else:
            self.stdout.write(f"{edition.key} is withdrawn ({edition}).")

    def _say(self, words: str) -> None:
        if getattr(self.stderr, "isatty", lambda: False)():
            self.stderr.write(f"{words} ...")
