"""`convenor load FILE... [--as-at DATE] [--simulate] [--json]`: publishers' files, each recognised by its header, not its name."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from convenor.partnership.models import Membership
from convenor.registers.actions import LoadReport, load
from convenor.web.operator import operator_name
from convenor.web.reckoning import reckon_for_partnerships


def day(text: str) -> date:
    """A day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"'{text}' is not a day such as 2025-08-31") from error


class Command(BaseCommand):
    help = (
        "Load publishers' files. Each is recognised by its columns, whatever it is called, and loaded whole or not at all; every "
        "row that is not "
        "taken is named with its reason. A folder stands for every file below it. The same file twice changes nothing. "
        "Exit status 1 when a file was refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="A file, or a folder of files")
        parser.add_argument(
            "--as-at", type=day, metavar="DATE", help="The day the figures describe (YYYY-MM-DD), for a file that does not say it"
        )
        parser.add_argument("--simulate", action="store_true", help="Report what would happen, and write nothing")
        parser.add_argument(
            "--later", action="store_true", help="Load only, and leave similar schools and England's reckoning to a later load or `signals`"
        )
        parser.add_argument("--json", action="store_true", help="The whole report as JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        files = files_of(options["files"])
        heads = frozenset(Membership.objects.filter(until_on=None).values_list("school_id", flat=True))
        now = timezone.now()
        with Bar(self.stderr) as bar:
            reports = load(
                files=files,
                by=operator_name(),
                at=now,
                as_at=options["as_at"],
                simulate=options["simulate"],
                heads_for=heads,
                progress=bar.show,
            )
            if not (options["simulate"] or options["later"]) and any(each.status == "loaded" for each in reports):
                reckon_for_partnerships(by=operator_name(), at=now, say=lambda words: bar.show(len(files), len(files), words))
        if options["json"]:
            self.stdout.write(json.dumps([report.as_dict() for report in reports], ensure_ascii=False, indent=1))
        else:
            for report in reports:
                self.tell(report, simulate=options["simulate"])
        refused = [report for report in reports if report.status == "refused"]
        if refused:
            for report in refused if options["json"] else []:
                self.stderr.write(f"{report.file}: refused. {report.reason}")
            self.stderr.write(f"{len(refused)} of {len(reports)} files were refused; the others are loaded.")
            sys.exit(1)

    def tell(self, report: LoadReport, *, simulate: bool) -> None:
        """One file in words."""
        if report.status == "refused":
            self.stdout.write(f"{report.file}\n  refused: {report.reason}")
            return
        done = "is loaded already" if report.already_loaded else "would load" if simulate else "loaded"
        self.stdout.write(f"{report.file}\n  {done}: {report.edition} ({report.source}), as at {report.as_at}")
        self.stdout.write(
            f"  {report.rows_read:,} rows read: {report.rows_loaded:,} loaded, {report.rows_refused:,} refused, "
            f"{report.rows_aggregate:,} of areas"
        )
        for warning in report.warnings:
            self.stdout.write(f"  note: {warning}")
        for each in report.refusals[:10]:
            who = f" (URN {each.urn})" if each.urn else ""
            self.stdout.write(f"  row {each.row}{who}: {each.reason}")
        if len(report.refusals) > 10:
            self.stdout.write(
                f"  and {len(report.refusals) - 10:,} more; --json names every one, and so does the page /editions/{report.edition}/"
            )


def files_of(names: list[str]) -> list[Path]:
    """The files named, and those below the folders named, in order."""
    found: list[Path] = []
    for name in names:
        path = Path(name)
        if path.is_dir():
            found += sorted(each for each in path.rglob("*") if each.is_file() and not each.name.startswith("."))
        elif path.exists():
            found.append(path)
        else:
            raise CommandError(f"There is no file '{name}'.")
    if not found:
        raise CommandError("There is no file in the folder given.")
    return found


class Bar:
    """Progress on a terminal; nothing where standard error is none."""

    def __init__(self, stream: Any) -> None:
        self.shown = bool(getattr(stream, "isatty", lambda: False)())

    def __enter__(self) -> Bar:
        if self.shown:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self.progress = Progress(*columns, console=Console(stderr=True), transient=True)
            self.task = self.progress.add_task("Recognising files", total=None)
            self.progress.start()
        return self

    def show(self, done: int, total: int, name: str) -> None:
        """Before each file."""
        if self.shown:
            self.progress.update(self.task, completed=done, total=total, description=name[:60] or "Working out contexts")

    def __exit__(self, *_: object) -> None:
        if self.shown:
            self.progress.stop()
