"""`convenor signals AREA`: for which schools an early conversation is suggested, and why, line by line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from convenor.england import authorities
from convenor.england.authorities import UnknownAreaError
from convenor.intelligence.actions import compute_run
from convenor.intelligence.queries import gathering
from convenor.intelligence.queries.gathering import Basis, worked_out_in
from convenor.intelligence.queries.runs import Placed, placed
from convenor.intelligence.rules.indicators import INDICATORS
from convenor.intelligence.rules.lines import Line
from convenor.partnership.queries.holdings import day_of
from convenor.registers.management.arguments import day
from convenor.registers.queries.known import names_of

#: The operator's shell is nobody signed in; whoever can run commands sees everything that is held.
NOBODY = None
OPERATOR = "the command line"


class Command(BaseCommand):
    """Prints every school of an area with its lines."""

    help = (
        "For which state-funded schools of AREA the published figures suggest an early conversation, and why: every indicator has a line, "
        "flagged or not, with value, unit, school year, cohort, 95 percent interval, what it is held against, its points of how many, and "
        "the edition it comes from. A score is a place in a queue for a conversation, not a judgement. AREA is a local authority's code or "
        "name, old or new; a region; or England. What people entered is not among it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """AREA, --as-at, --json."""
        parser.add_argument("area", metavar="AREA", help="such as Gloucestershire, 916, E10000013, Cumbria, 'South West' or England")
        parser.add_argument(
            "--as-at", type=day, metavar="DATE", help="know only the editions that describe this day or earlier (default: all loaded)"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answers, or refuses with the reason and the remedy (exit status 1)."""
        try:
            where = authorities.area(options["area"])
        except UnknownAreaError as unknown:
            raise CommandError(str(unknown)) from unknown
        run, as_at, weights_year, schools = self._schools(where.codes, options["as_at"])
        if not schools:
            raise CommandError(f"No state-funded school of {where.name} is loaded. Load a register of its schools: convenor load FILE.")
        names = {urn: name for urn, (name, _) in names_of([each.urn for each in schools], viewer=NOBODY).items()}
        schools = sorted(schools, key=lambda each: (names.get(each.urn, ""), each.urn))
        if options["as_json"]:
            head = {"area": {"code": where.code, "name": where.name, "kind": where.kind}, "run": run, "as_at": as_at.isoformat(),
                    "weights": weights_year}  # fmt: skip
            # A school to a line: whole areas are long, and an encoder that indents takes many times as long.
            each_line = ",\n".join(json.dumps(shape(each, names.get(each.urn, "")), ensure_ascii=False) for each in schools)
            self.stdout.write(f'{json.dumps(head, ensure_ascii=False)[:-1]}, "schools": [\n{each_line}\n]}}')
        else:
            self._tell(f"{where.name} ({where.code}), as at {as_at}, run {run}, weights of {weights_year}", where.note, schools, names)

    def _schools(self, codes: Sequence[str], at: date | None) -> tuple[str, date, int, list[Placed]]:
        """The run, its day, the year of its weights, and the schools: of the run that is kept, or worked out for a past day."""
        now = timezone.now()
        today, wanted = gathering.basis(viewer=NOBODY), gathering.basis(viewer=NOBODY, at=at)
        if today is None or wanted is None:
            before = f" of {at} or earlier" if at else ""
            raise CommandError(f"No published file{before} is loaded. Load some first: convenor load FILE.")
        if wanted.digest == today.digest:
            self._say("Reckoning all schools of England, where that is not done yet ...")
            compute_run(by=OPERATOR, at=now)
            found = placed(codes, viewer=NOBODY)
            if found is None:
                raise CommandError("No run stands. Load the published files again: convenor load FILE.")
            return found[0].key, found[0].as_at, found[0].weights_year, found[1]
        return self._past(wanted, codes, min(at or day_of(now), day_of(now)))

    def _past(self, wanted: Basis, codes: Sequence[str], on: date) -> tuple[str, date, int, list[Placed]]:
        """Worked out for a past day, and not kept."""
        self._say(f"Reckoning all schools of England as they were known on {on} ...")
        found = gathering.work_out(wanted, viewer=NOBODY, on=on)
        return wanted.digest[:12], wanted.as_at, found.assessed.weights.year, worked_out_in(found, codes, viewer=NOBODY)

    def _say(self, words: str) -> None:
        if getattr(self.stderr, "isatty", lambda: False)():
            self.stderr.write(words)

    def _tell(self, head: str, note: str, schools: Sequence[Placed], names: dict[str, str]) -> None:
        """The same for a reader at a terminal: by name, never a league table."""
        self.stdout.write(head)
        if note:
            self.stdout.write(note)
        suggested = [each for each in schools if each.assessment.suggested]
        self.stdout.write(
            f"An early conversation is suggested for {len(suggested)} of {len(schools)} schools; for the others nothing is suggested. "
            "They stand by name. A score is a place in a queue for a conversation, not a judgement."
        )
        for each in suggested:
            one = each.assessment
            self.stdout.write(
                f"\n{names.get(each.urn, '')} ({each.urn}), {one.phase}: {one.score:g} of {one.score_maximum} points, ± {one.uncertainty:g}"
            )
            for line in one.lines:
                if line.flagged:
                    self.stdout.write(f"  {INDICATORS[line.code].name}{_years(line)}: {line.says} [{line.edition}]")
            missing = ", ".join(INDICATORS[left.code].name.lower() for left in one.not_assessable)
            if missing:
                self.stdout.write(f"  Nothing can be said of: {missing}.")


def _years(line: Line) -> str:
    return f", {line.periods[0]} to {line.periods[-1]}" if len(line.periods) > 1 else f", {line.period}" if line.period else ""


def shape(school: Placed, name: str) -> dict[str, Any]:
    """One school in the fixed shape."""
    found = school.assessment
    return {
        "urn": school.urn, "name": name, "phase": found.phase, "suggested": found.suggested, "suggested_by": list(found.suggested_by),
        "lines": [line_shape(line) for line in found.lines],
        "not_assessable": [{"code": each.code, "reason": each.reason} for each in found.not_assessable],
        "score": found.score, "score_maximum": found.score_maximum, "uncertainty": found.uncertainty, "rank_raw": school.rank_raw,
        "rank_similar": school.rank_similar,
    }  # fmt: skip


def line_shape(line: Line) -> dict[str, Any]:
    """One line in the fixed shape, with what it says in words."""
    interval = [line.low, line.high] if line.low is not None and line.high is not None else None
    return {
        "code": line.code, "level": line.level.value if line.level else None, "value": line.value, "unit": line.unit, "period": line.period,
        "cohort": line.cohort, "interval": interval, "comparator": line.comparator, "contribution": line.contribution,
        "maximum": line.maximum, "edition": line.edition, "measure": line.measure, "periods": list(line.periods), "pooled": line.pooled,
        "care": line.care, "comparator_says": line.comparator_says, "says": line.says, "points_says": line.points_says,
    }  # fmt: skip
