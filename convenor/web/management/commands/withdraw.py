"""`convenor withdraw EDITION`: takes an edition back."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from convenor.registers.actions import NoSuchEditionError, withdraw
from convenor.web.operator import operator_name


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
        try:
            edition = withdraw(edition_key=options["edition"], by=operator_name(), at=timezone.now(), why=options["why"])
        except NoSuchEditionError as reason:
            self.stderr.write(str(reason))
            sys.exit(1)
        if options["json"]:
            self.stdout.write(json.dumps({"edition": edition.key, "withdrawn_at": str(edition.withdrawn_at), "why": edition.withdrawn_why}))
        else:
            self.stdout.write(f"{edition.key} is withdrawn ({edition}).")
