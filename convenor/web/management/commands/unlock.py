"""`convenor unlock`: let somebody back in who lost their second factor."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from convenor.accounts.actions import take_off_second_factor
from convenor.accounts.queries import person_to_sign_in
from convenor.journal.actions import record
from convenor.web.operator import operator_name


class Command(BaseCommand):
    """For whoever runs the machine, after speaking with the person: it is as good as handing over a key."""

    help = (
        "Take off somebody's second factor, passkeys and PIN and end their sessions. Speak with them first: it is as good as handing over "
        "a key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and why."""
        parser.add_argument("email", metavar="EMAIL", help="their e-mail address")
        parser.add_argument("--why", required=True, help="how you made sure that it is they; kept in the journal")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and write it down."""
        person = person_to_sign_in(options["email"])
        if person is None:
            self.stderr.write("Nobody who may sign in has that address. Nothing was changed.")
            sys.exit(1)
        by, at = operator_name(), timezone.now()
        take_off_second_factor(person=person, by=by, at=at)
        record(
            by=by, at=at, verb="second-factor.taken-off", subject_kind="person", subject_key=str(person.pk), subject_label=person.name,
            why=options["why"],
        )  # fmt: skip
        self.stdout.write(
            f"{person.name} may sign in by link, and is signed out everywhere. A post that asks for it asks to set it up anew."
        )
