"""`convenor directory export` and `convenor directory import FILE`: the directory of support as Open Referral."""

from __future__ import annotations

import json
import pathlib
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from convenor.partnership.gate import ANYONE
from convenor.partnership.queries.holdings import partnership_here
from convenor.partnership.rules.refusals import Refused
from convenor.support.actions.taking_in import take_in
from convenor.support.queries.published import published
from convenor.support.queries.supporters import designations
from convenor.support.rules.hsds import names_of_terms, service_list

OPERATOR = "an operator at the command line"


class Command(BaseCommand):
    """Writes the published directory out, or takes somebody else's in."""

    help = (
        "The directory of support as Open Referral writes it (Human Services Data Specification 3), with days of the school year in half "
        "days and evidence of quality beside it. Only entries that agreed to be published and that something vouches for today are "
        "written, persons without their names. What is taken in says where it came from; taken in again it is renewed, and one's own "
        "entries are never changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """export [--partnership SLUG]; import FILE --source NAME [--partnership SLUG] [--json]."""
        parser.add_argument("what", choices=("export", "import"))
        parser.add_argument("file", nargs="?", metavar="FILE", help="the file to take in; - for standard input")
        parser.add_argument("--partnership", required=True, metavar="SLUG", help="its short name, as in the address of its pages")
        parser.add_argument("--source", default="", metavar="NAME", help="whose directory it is: shown beside each entry that is taken in")
        parser.add_argument("--json", action="store_true", dest="as_json", help="JSON on standard output (export always writes it)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Does it, or refuses with the reason and the remedy (exit status 1)."""
        slug = options["partnership"]
        if partnership_here(slug) is None:
            raise CommandError(f"There is no partnership called {slug}. `convenor structure list` names those there are.")
        if options["what"] == "export":
            self._export(slug)
        else:
            self._import(slug, options)

    def _export(self, slug: str) -> None:
        now = timezone.now()
        listed = published(slug, viewer=ANYONE, at=now)
        names = names_of_terms({key: each.said for key, each in designations(slug, viewer=ANYONE).items()})
        found = service_list(listed, at=now, names=names, size=max(1, len(listed)))
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))

    def _import(self, slug: str, options: dict[str, Any]) -> None:
        if not options["file"]:
            raise CommandError("Say which file to take in. Nothing was changed.")
        try:
            content = json.loads(_text(options["file"]))
            done = take_in(slug=slug, content=content, source=options["source"], by=OPERATOR, at=timezone.now())
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise CommandError("This is no JSON. Save it as the other directory gives it. Nothing was changed.") from error
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}. Nothing was changed.") from error
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        for each in done.left:
            self.stderr.write(each)
        if options["as_json"]:
            told = {"new": done.new, "renewed": done.renewed, "own": done.own, "left": list(done.left)}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(f"{done.new} new, {done.renewed} renewed, {done.own} of one's own and left as they are.")


def _text(name: str) -> str:
    return sys.stdin.read() if name == "-" else pathlib.Path(name).read_text(encoding="utf-8-sig")
