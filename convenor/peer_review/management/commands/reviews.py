"""`convenor reviews import FILE`: brings a document of a review back, unchanged."""

from __future__ import annotations

import pathlib
from argparse import ArgumentParser
from getpass import getuser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from convenor.partnership.rules.refusals import Refused
from convenor.peer_review.actions.documents import import_document
from convenor.peer_review.rules.documents import BYTES_AT_MOST, opened


class Command(BaseCommand):
    """Brings documents of reviews back."""

    help = (
        "Peer review documents. `convenor reviews import FILE...` reads agendas, evidence logs and reports that were saved as JSON and "
        "adds what is not here. What is here stays; a file that was changed, belongs elsewhere or says something else is refused whole."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """import FILE..."""
        parser.add_argument("what", choices=["import"], help="import: bring documents back")
        parser.add_argument("files", nargs="+", metavar="FILE", type=pathlib.Path, help="a document of a review, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Brings each file back; stops at the first that is refused (exit status 1)."""
        for path in options["files"]:
            try:
                with path.open("rb") as file:
                    document = opened(file.read(BYTES_AT_MOST + 1))
                added = import_document(slug=document.partnership, document=document, by=f"operator {getuser()}", at=timezone.now())
            except OSError as error:
                raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
            except Refused as refused:
                raise CommandError(f"{path}: {refused}") from refused
            said = f"{added} rows added" if added else "nothing to add, all of it is here"
            self.stdout.write(f"{path}: {document.kind} of school {document.urn} in “{document.round}”: {said}.")
