"""`convenor retain`: deletes for good what is past its keeping period, or says what would go."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from convenor.partnership.gate import day_of
from convenor.records.actions import retain
from convenor.records.queries.retention import what_goes


class Command(BaseCommand):
    """Deletes, once; the worker does the same each night."""

    help = (
        "Delete for good what is past its keeping period and under no legal hold. With --simulate nothing is deleted, and what would "
        "go is said. Rows of demonstrations are invented and stay, unless --invented."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        parser.add_argument("--simulate", action="store_true", help="say what would go, and delete nothing")
        parser.add_argument("--invented", action="store_true", help="rows of demonstrations too")
        parser.add_argument("--json", action="store_true", help="say it as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Does it; exit status 1 when something that was past its period could not go."""
        now, invented = timezone.now(), options["invented"]
        failed: dict[str, int] = {}
        why: tuple[str, ...] = ()
        if options["simulate"]:
            plan = what_goes(viewer="an operator", today=day_of(now), invented=invented)
            counts, held = plan.counts, plan.held
        else:
            done = retain(by="an operator", at=now, invented=invented)
            counts, held, failed, why = done.gone, done.held, done.failed, done.why
        if options["json"]:
            told = {"simulated": options["simulate"], "rows": counts, "held": held, "failed": failed}
            self.stdout.write(json.dumps(told, sort_keys=True))
        else:
            self._say(counts, held, simulate=options["simulate"])
        if failed:
            raise CommandError(
                f"{sum(failed.values())} rows stayed, whole. {' '.join(why)} Run it again; if they stay, tell who maintains this."
            )

    def _say(self, counts: dict[str, int], held: int, *, simulate: bool) -> None:
        verb = "would go" if simulate else "deleted for good"
        for label, count in counts.items():
            self.stdout.write(f"{count:>8}  {apps.get_model(label)._meta.verbose_name_plural} ({label})")
        self.stdout.write(f"{sum(counts.values())} rows {verb}; {held} past their period are kept by a legal hold.")
