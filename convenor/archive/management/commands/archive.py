"""`convenor archive save SLUG FILE` and `convenor archive load FILE`: everything that a partnership holds, out and in."""

from __future__ import annotations

import getpass
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from convenor.archive.actions import load_archive, save_archive
from convenor.partnership.rules.refusals import Refused


def operator() -> str:
    """Whoever works at the command line, for the journal."""
    try:
        return f"{getpass.getuser()} at the command line"
    except (KeyError, OSError):
        return "the command line"


class Command(BaseCommand):
    """Takes everything out, or in."""

    help = (
        "Everything that a partnership holds, in one file: its rows with the keys they bear, its documents, and what is published. It "
        "loads whole, or not at all, into an installation that bears none of its keys. Passwords, second factors, links and codes are in "
        "no archive and are made anew where it arrives; letters that were not sent stay behind."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """save SLUG FILE [--without-published]; load FILE; both [--json]."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        save = verbs.add_parser("save", help="write everything that a partnership holds into a file")
        save.add_argument("slug", metavar="SLUG", help="its short name, as in the address of its pages")
        save.add_argument("file", metavar="FILE", help="the file to write; it must not be there yet")
        save.add_argument(
            "--without-published", action="store_true", help="leave published rows and editions out: where the receiver has the same ones"
        )
        load = verbs.add_parser("load", help="take in what such a file holds")
        load.add_argument("file", metavar="FILE")
        for each in (save, load):
            each.add_argument("--json", action="store_true", dest="as_json", help="JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Does it, or refuses with the reason and the remedy (exit status 1)."""
        try:
            said = self._save(options) if options["verb"] == "save" else self._load(options)
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(said, ensure_ascii=False) if options["as_json"] else said["says"])

    def _save(self, options: dict[str, Any]) -> dict[str, Any]:
        saved = save_archive(
            slug=options["slug"], to=Path(options["file"]), by=operator(), at=timezone.now(), say=self._say,
            with_published=not options["without_published"],
        )  # fmt: skip
        says = f"{saved.path}: {saved.contents.rows:,} rows, {saved.size / 1e6:.1f} MB. It holds personal data: keep it as you keep papers."
        return {
            "file": str(saved.path), "partnership": saved.contents.slug, "rows": saved.contents.rows, "bytes": saved.size,
            "sha256": saved.digest, "published": saved.contents.published,
            "tables": {each.label: each.rows for each in saved.contents.tables}, "says": says,
        }  # fmt: skip

    def _load(self, options: dict[str, Any]) -> dict[str, Any]:
        loaded = load_archive(file=Path(options["file"]), by=operator(), at=timezone.now(), say=self._say)
        contents = loaded.contents
        came = f"{loaded.rows:,} rows and {loaded.files} files, as they stood on {contents.made[:10]}"
        says = f"{contents.name}: {came}. Its pages: /p/{contents.slug}/"
        if loaded.already:
            says += f" ({loaded.already:,} published rows and people were here already.)"
        return {
            "partnership": contents.slug, "rows": loaded.rows, "already": loaded.already, "files": loaded.files, "made": contents.made,
            "says": f"{says} Everybody signs in by a link to their address.",
        }  # fmt: skip

    def _say(self, words: str) -> None:
        if getattr(self.stderr, "isatty", lambda: False)():
            self.stderr.write(f"\r{words:<78}", ending="")
            self.stderr.flush()
