"""`convenor demo`: a complete sample partnership over real published rows of one area, ready to sign in to; then serves it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from convenor.partnership.gate import ANYONE
from convenor.partnership.queries.demonstration import demonstration_people
from convenor.web.demonstration.areas import AREAS, UnknownAreaError, area_named
from convenor.web.demonstration.build import build
from convenor.web.management.commands.serve import refuse_taken_port


class Command(BaseCommand):
    """Set everything up, say what was done and who to sign in as, and serve it."""

    help = "A complete sample partnership over real published rows of one of the demonstration areas; then serves it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which area, which port, and whether to serve."""
        parser.add_argument("--area", default="gloucestershire", metavar="NAME", help=f"one of: {', '.join(AREAS)}")
        parser.add_argument("--port", type=int, default=8000, metavar="N", help="port on 127.0.0.1 (default 8000)")
        parser.add_argument("--no-serve", action="store_true", help="stop when all is ready")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build what is not there yet; then become the server."""
        try:
            area = area_named(options["area"])
        except UnknownAreaError as error:
            raise CommandError(str(error)) from error
        if not options["no_serve"]:
            refuse_taken_port("127.0.0.1", options["port"])
        call_command("migrate", verbosity=0, skip_checks=True)
        slug = build(area, at=timezone.now(), say=self._say)
        self._say_who(slug, options["port"])
        if options["no_serve"]:
            self._say("All is ready.")
            return
        call_command("serve", port=options["port"])

    def _say(self, words: str) -> None:
        self.stderr.write(words)
        self.stderr.flush()

    def _say_who(self, slug: str, port: int) -> None:
        """Where it is, and whom to sign in as: all of them invented."""
        self._say("")
        self._say(f"Convenor's demonstration: http://127.0.0.1:{port}/p/{slug}/")
        self._say(f"Sign in, with one tap and no password, at http://127.0.0.1:{port}/sign-in/ as (all invented):")
        today = timezone.localdate()
        people = [one for one in demonstration_people(viewer=ANYONE, on=today) if one.slug == slug]
        for one in people:
            self._say(f"  {one.role_name:<34} {one.name}, {one.place}")
        self._say("")
