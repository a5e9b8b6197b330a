"""`convenor move-in FILE... [--preview]` and `move-in --undo ID`: what a partnership has in its own spreadsheets, from a shell."""

from __future__ import annotations

import getpass
import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from convenor.archive.rules.refusals import ChangedSince
from convenor.moving_in.actions import add_file, answer, begin, save, undo
from convenor.moving_in.queries.move_ins import MoveInSeen, move_in, partnership_of
from convenor.moving_in.rules.states import State
from convenor.partnership.gate import ANYONE
from convenor.partnership.queries.fronts import partnerships_to_visit
from convenor.partnership.rules.constitution import ConstitutionError
from convenor.partnership.rules.refusals import Refused


class Command(BaseCommand):
    """Brings files in, all or nothing; shows what they would change; undoes a move-in whole."""

    help = (
        "Brings a partnership's own spreadsheets in: XLSX, ODS, CSV, vCard, ICS. Contacts, clusters, seats and terms, reviewers, the "
        "directory of support, the log of support, subscriptions. All is saved or nothing, and no letter leaves. --preview shows every "
        "change and saves nothing. Where the machine is not sure it asks: answer with --answer KEY=SAID, once for each question, or on the "
        "page of the move-in, which is kept. --undo takes a saved move-in back whole. Exit status 1 when something was refused or a "
        "question is open."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE..., --partnership, --id, --answer, --preview, --undo, --json."""
        parser.add_argument("files", nargs="*", metavar="FILE", help="spreadsheets, address cards, calendars")
        parser.add_argument("--partnership", metavar="SLUG", help="whose they are, where the site serves several")
        parser.add_argument("--id", type=int, metavar="ID", help="go on with a move-in that was begun")
        parser.add_argument("--answer", action="append", default=[], metavar="KEY=SAID", help="an answer to one question")
        parser.add_argument("--preview", action="store_true", help="show what would change, and keep nothing")
        parser.add_argument("--undo", type=int, metavar="ID", help="take a saved move-in back whole")
        parser.add_argument("--json", action="store_true", dest="as_json", help="the result as JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Does it, or refuses with the reason and the remedy (exit status 1)."""
        self.by, self.at = f"{getpass.getuser()}, at the command line", timezone.now()
        try:
            if options["undo"] is not None:
                self._undo(options["undo"])
                return
            if not options["files"] and options["id"] is None:
                raise CommandError("Name at least one file, or a move-in to go on with: --id ID.", returncode=2)
            with transaction.atomic():
                seen = self._bring(options)
                if options["preview"]:
                    transaction.set_rollback(True)
            saved = False
            if not options["preview"] and not seen.questions:
                save(slug=self.slug, move_in_id=seen.id, by=self.by, at=self.at, version=seen.version)
                saved = True
        except ConstitutionError as error:
            raise CommandError("\n".join(each.message for each in error.problems) + "\nNothing was changed.") from error
        except ChangedSince as error:
            raise CommandError(f"{error}\n" + "\n".join(f"  {each}" for each in error.what)) from error
        except Refused as error:
            raise CommandError(str(error)) from error
        self._tell(seen, saved=saved, preview=options["preview"], as_json=options["as_json"])
        if seen.questions and not options["preview"]:
            raise SystemExit(1)

    def _slug(self, options: dict[str, Any]) -> str:
        """The partnership that is meant. Raises CommandError where that cannot be told."""
        if options["id"] is not None:
            slug = partnership_of(options["id"], viewer=self.by)
            if not slug:
                raise CommandError(f"There is no move-in {options['id']}.")
            return slug
        known = [each.slug for each in partnerships_to_visit(viewer=ANYONE)]
        if options["partnership"]:
            if options["partnership"] not in known:
                raise CommandError(f"There is no partnership {options['partnership']}. There are: {', '.join(known) or 'none yet'}.")
            return str(options["partnership"])
        if len(known) != 1:
            remedy = "Name it with --partnership." if known else "Begin one first: convenor structure load FILE.toml."
            raise CommandError(f"There are {len(known)} partnerships here. {remedy}")
        return known[0]

    def _bring(self, options: dict[str, Any]) -> MoveInSeen:
        """Reads the files into a move-in, and answers what the shell answered."""
        self.slug = self._slug(options)
        pk = options["id"] if options["id"] is not None else begin(slug=self.slug, by=self.by, at=self.at).pk
        for name in options["files"]:
            self._watch(f"Reading {name}")
            try:
                content = Path(name).read_bytes()
            except OSError as error:
                raise CommandError(f"{name} cannot be read: {error.strerror or error}. Nothing was changed.") from error
            try:
                add_file(slug=self.slug, move_in_id=pk, name=Path(name).name, content=content, by=self.by, at=self.at)
            except Refused as error:
                raise CommandError(f"{name}: {error}") from error
        for each in options["answer"]:
            key, _, said = each.partition("=")
            answer(slug=self.slug, move_in_id=pk, key=key.strip(), said=said.strip(), by=self.by, at=self.at)
        found = move_in(self.slug, pk, viewer=self.by, at=self.at)
        if found is None:
            raise CommandError(f"There is no move-in {pk}.")
        return found

    def _undo(self, pk: int) -> None:
        slug = partnership_of(pk, viewer=self.by)
        if not slug:
            raise CommandError(f"There is no move-in {pk}.")
        undo(slug=slug, move_in_id=pk, by=self.by, at=self.at)
        self.stdout.write(f"Move-in {pk} of {slug} is undone: every row that it made or changed is as it was.")

    def _watch(self, words: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(words)

    def _tell(self, seen: MoveInSeen, *, saved: bool, preview: bool, as_json: bool) -> None:
        """What was found, asked, changed and left."""
        if as_json:
            self.stdout.write(json.dumps(shape(seen, self.slug, saved=saved, preview=preview), ensure_ascii=False, indent=1, default=_said))
            return
        for sheet in seen.sheets:
            self.stdout.write(f"{sheet.file}, {sheet.name}: {sheet.told}")
        for kind, counts in seen.counts.items():
            self.stdout.write(f"  {kind}: {counts['new']} new, {counts['changed']} changed, {counts['same']} the same")
        self.stdout.write(f"  {len(seen.left)} lines left out.")
        for file, line, why in seen.left if preview else ():
            self.stdout.write(f"    {file}, line {line}: {why}")
        for question in seen.questions:
            self.stdout.write(f"\n{question.words}\n  {question.why}" if question.why else f"\n{question.words}")
            for value, words in question.choices:
                self.stdout.write(f"    --answer '{question.key}={value}'  {words}")
        if saved:
            self.stdout.write(f"Saved as move-in {seen.id}. Undo it whole: convenor move-in --undo {seen.id}.")
        elif preview:
            self.stdout.write("Nothing was saved.")
        else:
            count = len(seen.questions)
            again = f"Answer here with --id {seen.id} --answer KEY=SAID, or at /p/{self.slug}/move-in/{seen.id}/."
            self.stderr.write(f"{count} question{'' if count == 1 else 's'} to answer first; nothing was saved. {again}")


def shape(seen: MoveInSeen, slug: str, *, saved: bool, preview: bool) -> dict[str, Any]:
    """The result as other programs read it. Of a preview the move-in has no key: nothing was kept."""
    return {
        "partnership": slug,
        "move_in": None if preview else seen.id,
        "state": State.SAVED if saved else seen.state,
        "files": [
            {
                "name": file.name, "kind_of_file": file.kind_of_file, "lines": file.lines,
                "sheets": [
                    {"name": each.name, "kind": each.kind, "sure": each.sure, "told": each.told, "lines": each.lines}
                    for each in seen.sheets if each.file_id == file.id
                ],
            }
            for file in seen.files
        ],
        "questions": [asdict(each) for each in seen.questions],
        "counts": seen.counts,
        "changes": [asdict(each) for found in seen.changes.values() for each in found],
        "left": [{"file": file, "line": line, "why": why} for file, line, why in seen.left],
        "told": list(seen.told),
    }  # fmt: skip


def _said(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
