"""`convenor workflows`: which workflows packages of support can follow, and what is wrong with a file of one's own."""

from __future__ import annotations

import pathlib
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from convenor.support.queries.workflows import own_folder, workflows_here
from convenor.support.rules.refusals import BadWorkflow
from convenor.support.rules.workflows import workflow_of_text


class Command(BaseCommand):
    """Lists the workflows of this installation, or reads files and says what is wrong with them."""

    help = (
        "Workflows of packages of support. `convenor workflows list` names those of this installation and the folder for your own; "
        "`convenor workflows check FILE...` reads files and names the line that is wrong and its remedy."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """list | check FILE..."""
        parser.add_argument("what", choices=["list", "check"], help="list: name them; check: read files")
        parser.add_argument("files", nargs="*", metavar="FILE", type=pathlib.Path, help="a workflow, as TOML")

    def handle(self, *args: Any, **options: Any) -> None:
        """Lists, or checks each file and stops at the first that is wrong (exit status 1)."""
        if options["what"] == "list":
            for each in workflows_here(viewer="operator"):
                self.stdout.write(f"{each.key}  version {each.version}  {each.name}")
            self.stdout.write(f"Files of your own stand in {own_folder(viewer='operator')}")
            return
        if not options["files"]:
            raise CommandError("Say which file: convenor workflows check FILE")
        for path in options["files"]:
            try:
                found = workflow_of_text(path.read_text(encoding="utf-8"))
            except OSError as error:
                raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
            except UnicodeDecodeError as error:
                raise CommandError(f"{path} is no text in UTF-8.") from error
            except BadWorkflow as refused:
                raise CommandError(f"{path}: {refused}") from refused
            counts = f"{len(found.states)} states, {len(found.tasks)} tasks, {len(found.moves)} moves"
            self.stdout.write(f"{path}: “{found.name}” ({found.key}, version {found.version}) can be followed: {counts}.")
