"""`convenor similar URN [-n 50] [--method convenor|dfe30] [--json]`: similar schools, distances and the variables used."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from convenor.england.identifiers import NotAnIdentifierError, read_urn
from convenor.intelligence.actions import compute_similar
from convenor.intelligence.queries.similar import CONVENOR, DFE, METHODS, SimilarSchools, similar_to
from convenor.intelligence.rules.similar import KEPT
from convenor.intelligence.rules.similar_dfe import NOT_LOADED, SET
from convenor.registers.queries.known import names_of

#: The operator's shell is nobody signed in: it sees what is published.
NOBODY = None


def _number(text: str) -> int:
    """How many, from 1 to the number kept; wrong usage otherwise."""
    if not text.isdigit() or not 1 <= int(text) <= KEPT:
        raise ArgumentTypeError(f"give a number from 1 to {KEPT}: so many similar schools are kept for each school")
    return int(text)


class Command(BaseCommand):
    """Prints a school's similar schools, nearest first."""

    help = (
        "The open state-funded schools of the same phase that are most like a school in what they were given (never in how they do), "
        "nearest first. Distances of the method 'convenor' are in typical spreads of the phase (0 is the same; weighted root mean square "
        "over the variables); of 'dfe30' as the Department's method has them, whose set of 30 holds the school itself and so gives "
        "29 others. No school is its own neighbour, and none comes twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """URN, -n, --method, --json."""
        parser.add_argument("urn", metavar="URN", help="the school's six-digit number, such as 125273")
        parser.add_argument("-n", type=_number, default=KEPT, metavar="N", help=f"how many, 1 to {KEPT} (default {KEPT})")
        parser.add_argument("--method", choices=tuple(METHODS), default=CONVENOR, help=f"default {CONVENOR}")
        parser.add_argument("--json", action="store_true", dest="as_json", help="JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answers, or refuses with the reason and the remedy (exit status 1)."""
        urn = self._urn(options["urn"])
        if compute_similar(by="the command line", at=timezone.now()):
            self.stderr.write("The data have changed: everybody's similar schools were worked out anew.")
        found = similar_to(urn, n=options["n"], method=options["method"], viewer=NOBODY)
        if found is None:
            name = names_of([urn], viewer=NOBODY)[urn][0]
            raise CommandError(
                f"{name} ({urn}) has no similar schools: they are worked out for the state-funded schools that are open. If it is one, "
                "load a newer register with `convenor load`."
            )
        if not found.schools:
            raise CommandError(
                f"Too little is published of {found.name} ({urn}) to compare it: less than half of the weight of the variables. Load a "
                "school census that holds it with `convenor load`."
            )
        if options["as_json"]:
            self.stdout.write(json.dumps(_shape(found), ensure_ascii=False, indent=1))
        else:
            self._table(found)

    def _urn(self, text: str) -> str:
        try:
            urn = read_urn(text)
        except NotAnIdentifierError as error:
            raise CommandError(f"{error}. It stands in the register and on the school's page.") from error
        if urn not in names_of([urn], viewer=NOBODY):
            raise CommandError(f"No loaded edition knows a school with the URN {urn}. Check the number, or load a register with it.")
        return urn

    def _table(self, found: SimilarSchools) -> None:
        """The same for a reader at a terminal."""
        self.stdout.write(f"{found.name} ({found.urn}), {found.phase}, by {METHODS[found.method]}")
        for axis in found.axes:
            value = "not published" if axis.value is None else f"{axis.value:g}"
            self.stdout.write(f"  {axis.name:<66} weight {axis.weight:g}  {value} {'' if axis.value is None else axis.unit}".rstrip())
        for name, why in found.left_out:
            self.stdout.write(f"  {name}: left out, {why}")
        if found.method == DFE:
            self.stdout.write(f"  The set of {SET} holds the school itself. Not loaded: {'; '.join(NOT_LOADED)}.")
        for each in found.schools:
            self.stdout.write(f"{each.rank:>4}  {each.urn}  {each.distance:7.3f}  {each.name} ({each.authority})")


def _shape(found: SimilarSchools) -> dict[str, Any]:
    """The shape that other programs rely on; more keys may be added."""
    return {
        "urn": found.urn,
        "name": found.name,
        "phase": found.phase,
        "method": found.method,
        "run": found.run,
        "variables": [
            {
                "key": axis.key, "name": axis.name, "measure": axis.axis.measure, "weight": axis.weight, "value": axis.value,
                "unit": axis.unit, "period": axis.period, "missing_schools": axis.missing, "editions": list(axis.editions),
            }
            for axis in found.axes
        ],
        "left_out": [{"name": name, "reason": why} for name, why in found.left_out],
        "schools": [
            {
                "urn": each.urn, "name": each.name, "distance": each.distance, "rank": each.rank,
                "by_variable": {axis.key: part for axis, part in zip(found.axes, each.parts, strict=True)},
                "missing": [axis.key for axis, value in zip(found.axes, each.values, strict=True) if value is None],
            }
            for each in found.schools
        ],
        "edition": found.edition,
        "editions": list(found.editions),
    }  # fmt: skip
