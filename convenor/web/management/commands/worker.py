"""`convenor worker`: the background jobs. Letters that could not leave at once are tried again; what is due is brought to mind; once
a night reviews of effect are looked at again, and what is past its keeping period is deleted."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone

from convenor.accounts.actions import forget_ended_sessions
from convenor.agreements.actions import remind_of_agreements
from convenor.archive.actions import forget_archives, make_waiting, note_worker
from convenor.conditions.actions import close_ended, remind_of_assessments, remind_of_due
from convenor.consultation.actions import run_due
from convenor.moving_in.actions import forget_due
from convenor.post.actions import deliver_waiting
from convenor.records.actions import retain_due
from convenor.support.actions import read_due, send_reminders


class Command(BaseCommand):
    """Sends waiting letters, then waits, until it is stopped."""

    help = "Run the background jobs: send waiting letters, try again those that met a problem, remind of what is due. Stop it with Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How often to look."""
        parser.add_argument("--every", type=float, default=15.0, metavar="SECONDS", help="seconds between looks (default: 15)")
        parser.add_argument("--once", action="store_true", help="look once and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, send, wait; a letter in hand is finished before it stops."""
        stop = threading.Event()
        if threading.current_thread() is threading.main_thread() and not options["once"]:
            signal.signal(signal.SIGTERM, lambda *_: stop.set())
            signal.signal(signal.SIGINT, lambda *_: stop.set())
        while True:
            close_old_connections()
            try:
                sent, troubled = deliver_waiting(by="the system", at=timezone.now())
                forget_ended_sessions(by="the system", at=timezone.now())
                send_reminders(by="the system", at=timezone.now())
                run_due(by="the system", at=timezone.now())
                read_due(by="the system", at=timezone.now())
                retain_due(by="the system", at=timezone.now())
                forget_due(by="the system", at=timezone.now())
                for remind in (remind_of_due, remind_of_assessments, close_ended, remind_of_agreements):
                    remind(by="the system", at=timezone.now())
                make_waiting(by="the system", at=timezone.now())
                forget_archives(by="the system", at=timezone.now())
                note_worker(by="the system", at=timezone.now())
                if sent or troubled:
                    self.stdout.write(f"{sent} sent, {troubled} met a problem.")
            except OperationalError as error:  # the database is away for a moment: look again later
                self.stderr.write(f"The database did not answer: {error}")
                connection.close()
            if options["once"] or stop.wait(max(1.0, options["every"])):
                return
