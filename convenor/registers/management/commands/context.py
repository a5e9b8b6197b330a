"""`convenor context AREA`: the area's context, in the shape that docs/how-to and other programs rely on."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from convenor.england.authorities import UnknownAreaError
from convenor.registers.management.arguments import day
from convenor.registers.queries import areas
from convenor.registers.rules.context import made_from
from convenor.registers.rules.context_words import DEFINITION

#: The operator's shell is nobody signed in: it sees what is published.
NOBODY = None


class Command(BaseCommand):
    """Prints nine figures of a local authority, a region or England."""

    help = (
        "The area's context: schools by phase (number), pupils eligible for free school meals (percent), academies (percent of open "
        "state-funded schools), schools judged good or outstanding (percent of those with an overall grade), teaching schools. AREA is a "
        "local authority's code or name, old or new; a region; or England. An abolished authority gives its successors together."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """AREA, --as-at, --json."""
        parser.add_argument("area", metavar="AREA", help="such as Gloucestershire, 916, E10000013, Cumbria, 'South West' or England")
        parser.add_argument(
            "--as-at", type=day, metavar="DATE", help="figures of the newest loaded date not later than this (default: the newest loaded)"
        )
        parser.add_argument("--beside", action="store_true", help="with --json: also the statistical neighbours, the region and England")
        parser.add_argument("--json", action="store_true", dest="as_json", help="JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answers, or refuses with the reason and the remedy (exit status 1)."""
        try:
            where = areas.area(options["area"], viewer=NOBODY)
        except UnknownAreaError as unknown:
            raise CommandError(str(unknown)) from unknown
        found = areas.contexts(where, viewer=NOBODY, at=options["as_at"])
        if found.area is None:
            raise CommandError(_nothing(where, options["as_at"]))
        said = _shape(found.area)
        if options["as_json"]:
            if options["beside"]:
                said["neighbours"] = [_shape(each.context) for each in found.neighbours if each.context]
                said["neighbour_mean"] = found.neighbour_mean
                said["region"] = _shape(found.region) if found.region else None
                said["england"] = _shape(found.england) if found.england else None
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
        else:
            self._table(found, found.area)

    def _table(self, found: areas.Contexts, own: areas.Context) -> None:
        """The same figures for a reader at a terminal."""
        self.stdout.write(f"{own.name} ({own.code}), as at {own.as_at}")
        if own.note:
            self.stdout.write(own.note)
        for key, line in own.indicators.items():
            self.stdout.write(f"  {DEFINITION[key].name:<45} {_words(line)}")
            if line["edition"]:
                self.stdout.write(f"  {'':<45} {_parts(line)} [{line['edition']}, {line['as_at']}]")
            if line.get("note"):
                self.stdout.write(f"  {'':<45} {line['note']}")
            beside = _beside(found, key)
            if beside:
                self.stdout.write(f"  {'':<45} beside: {beside}")


def _beside(found: areas.Contexts, key: str) -> str:
    """The same figure of the neighbours (their mean), the region and England, where they have one."""
    said = []
    mean = found.neighbour_mean.get(key, {})
    if mean.get("value") is not None:
        said.append(f"mean of {mean['areas']} statistical neighbours {_number(mean['value'], mean['unit'])}")
    for each in (found.region, found.england):
        if each and each.indicators[key]["value"] is not None:
            said.append(f"{each.name} {_words(each.indicators[key])}")
    return ", ".join(said)


def _number(value: float, unit: str) -> str:
    """A value with its unit."""
    return f"{value:g}%" if unit == "percent" else f"{value:,.10g}"


def _shape(context: areas.Context) -> dict[str, Any]:
    """The fixed shape."""
    return {
        "area": {"code": context.code, "name": context.name, "kind": context.kind},
        "as_at": context.as_at.isoformat(),
        "indicators": context.indicators,
        "note": context.note,
        "run": context.run,
    }


def _words(line: Any) -> str:
    """A value with its unit, or its mark."""
    if line["value"] is None:
        return str(line["mark"])
    return _number(line["value"], line["unit"])


def _parts(line: Any) -> str:
    """Numerator of denominator, and those not judged."""
    parts = f"{line['numerator']:,} of {line['denominator']:,}" if line["denominator"] else f"{line['numerator']:,}"
    return f"{parts}; {line['not_judged']:,} not judged" if line["not_judged"] is not None else parts


def _nothing(where: Any, at: date | None) -> str:
    """Why there is no figure, and what to do."""
    days = areas.days(where, viewer=NOBODY)
    before = made_from(where.code) if where.kind == "authority" else ""
    if days and at:
        return f"No loaded edition describes {where.name} on or before {at}; the earliest that does is of {days[-1]}. {before}".strip()
    return f"No loaded edition covers the whole of {where.name}. Load a register of its schools: convenor load FILE. {before}".strip()
