"""`convenor match ROUND.json`: peer review teams, in the shape that docs/how-to and other programs rely on."""

from __future__ import annotations

import json
import pathlib
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from convenor.peer_review.rules.matching import Answer, RoundRefusedError, UndecidedError, match, read_round, shape


class Command(BaseCommand):
    """Matches one round: teams of least cost, proved; or which rules and schools clash."""

    help = (
        "Peer review teams for one round. Costs are in the units of the round's weights: by default 1 for each kilometre in a straight "
        "line, 25 for a team without anybody of the host's phase, 15 for each focus that nobody knows, 30 for a member from a local "
        "competitor, 10 for each review by a person beyond their first. A round that cannot be matched is answered too (exit 0): the rules "
        "and schools that clash, and what would mend it. The same file gives the same teams."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """ROUND.json, --json."""
        parser.add_argument("round", metavar="ROUND.json", help="the round: schools, people, history, weights; - for standard input")
        parser.add_argument("--json", action="store_true", dest="as_json", help="JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answers, or refuses with every reason and its remedy (exit status 1)."""
        begun = time.perf_counter()
        try:
            found = read_round(_text(options["round"]))
            answer = match(found, watch=self._watch(begun))
        except RoundRefusedError as refused:
            raise CommandError("The round was refused; nothing was matched.\n" + "\n".join(refused.problems)) from refused
        except UndecidedError as undecided:
            raise CommandError(str(undecided)) from undecided
        seconds = round(time.perf_counter() - begun, 3)
        if found.ignored:
            self.stderr.write(f"Not used: {'; '.join(found.ignored)}")
        if options["as_json"]:
            self.stdout.write(json.dumps(shape(answer, seconds=seconds), ensure_ascii=False, indent=1))
        else:
            self._table(answer, seconds)

    def _watch(self, begun: float) -> Any:
        """Says on a terminal how far the work has come."""

        def watch(step: str) -> None:
            if sys.stderr.isatty():
                self.stderr.write(f"{time.perf_counter() - begun:6.1f} s  {step}")

        return watch

    def _table(self, answer: Answer, seconds: float) -> None:
        """The same for a reader at a terminal."""
        said = shape(answer, seconds=seconds)
        self.stdout.write(f"{said['status']}, {seconds} s")
        for waived in said["waived"]:
            self.stdout.write(f"  waived: {waived}")
        for team in said["teams"]:
            costs = ", ".join(f"{part} {cost:.1f}" for part, cost in team["cost"].items() if cost)
            others = ", ".join(member for member in team["members"] if member != team["lead"])
            self.stdout.write(f"  {team['host']}: {team['lead']} leads{', with ' + others if others else ''} ({costs or 'no cost'})")
        if said["objective"] is not None:
            self.stdout.write(f"  cost {said['objective']:.2f}, bound {said['bound']:.2f}, second reviews {said['second_reviews']}")
        for line in said["infeasible"]:
            self.stdout.write(f"  {line['rule']}: {line['explanation']}")
        if answer.impossible:
            empty = answer.impossible.empty_seats
            self.stdout.write(f"  at the least {empty} place{'s' if empty > 1 else ''} in the round's teams would stay empty")
            if not answer.impossible.mends:
                self.stdout.write("  no single change that was tried mends it")
        for mend in said.get("mends", ()):
            self.stdout.write(f"  would mend {'the round' if mend['mends_all'] else 'this clash'}: {mend['says']}")


def _text(path: str) -> str:
    """What the file holds. Raises CommandError where it cannot be read."""
    if path == "-":
        return sys.stdin.read()
    try:
        return pathlib.Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}. Give the path of a file of UTF-8 text in the shape of ROUND.json.") from error
