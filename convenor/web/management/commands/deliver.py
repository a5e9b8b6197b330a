"""`convenor deliver`: send the letters that wait, once."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from convenor.post.actions import deliver_waiting


class Command(BaseCommand):
    """Sends what is due and says how it went."""

    help = "Send the letters that wait. Each is tried five times over about three hours, then rests until the manager asks again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to say it."""
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send them."""
        sent, troubled = deliver_waiting(by="the system", at=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps({"sent": sent, "with_problems": troubled}))
        else:
            self.stdout.write(f"{sent} sent, {troubled} met a problem.")
