"""`convenor impact CASE.json [--today DATE] [--outcomes]`: what can be said of a support package's effect."""

from __future__ import annotations

import json
import pathlib
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from convenor.intelligence.actions import compute_similar
from convenor.registers.management.arguments import day
from convenor.support.queries.effect import answer_now
from convenor.support.queries.series import OutcomeLoaded, lives, outcomes_loaded
from convenor.support.rules.effect_cases import CaseFile, CaseRefused, read_case
from convenor.support.rules.effect_shape import never_shape, shape
from convenor.support.rules.refusals import SupportRefused

#: The operator's shell is nobody signed in: it sees what is published.
NOBODY = None


class Command(BaseCommand):
    """Judges one case; or lists the outcomes that loaded data allow."""

    help = (
        'CASE.json is {"urn", "started_on", "ended_on": null, "outcome", "comparators": null | [URN, ...]}; without, the 50 most '
        "similar schools stand beside the school. The verdict is one of: too early, not measurable, within chance, better than expected, "
        "worse than expected; it never says that support caused anything. Figures are in the outcome’s unit. difference_in_differences is "
        "the school’s mean after less expected_without_support (the comparators’ mean after, plus r times the school’s gap before: "
        "regression to the mean), interval its 95 % interval; placebo_p is the rank over the number of schools."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """CASE.json, --today, --outcomes, --json."""
        parser.add_argument("case", metavar="CASE.json", nargs="?", help="the case; - for standard input")
        parser.add_argument("--today", type=day, metavar="DATE", help="as known on this day (default: today)")
        parser.add_argument(
            "--outcomes", action="store_true", help="list the outcomes that loaded data allow, of any school or of the case’s"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answers, or refuses with every reason and its remedy (exit status 1)."""
        if not options["case"] and not options["outcomes"]:
            self.stderr.write("Give a case, such as CASE.json, or --outcomes.")
            sys.exit(2)
        today = options["today"] or timezone.localdate()
        try:
            case = read_case(_text(options["case"])) if options["case"] else None
            if options["outcomes"]:
                self._outcomes(case, as_json=options["as_json"])
            elif case is not None:
                said = self._said(case, today)
                self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1)) if options["as_json"] else self._table(said)
        except CaseRefused as refused:
            raise CommandError("The case was refused; nothing was worked out.\n" + "\n".join(refused.problems)) from refused
        except SupportRefused as refused:
            raise CommandError(str(refused)) from refused

    def _said(self, case: CaseFile, today: Any) -> dict[str, Any]:
        if case.ignored:
            self.stderr.write(f"Not used: {', '.join(case.ignored)}")
        if case.outcome is None:
            return never_shape(case.urn, case.asked, case.never)
        if case.comparators is None and compute_similar(by="the command line", at=timezone.now()):
            self.stderr.write("The data have changed: everybody's similar schools were worked out anew.")
        return shape(answer_now(case.urn, case.outcome, case.started_on, case.ended_on, case.comparators, viewer=NOBODY, today=today))

    def _outcomes(self, case: CaseFile | None, *, as_json: bool) -> None:
        urns = None
        if case is not None:
            life = lives([case.urn], viewer=NOBODY, on=timezone.localdate()).get(case.urn)
            urns = life.urns if life is not None else frozenset((case.urn,))
        loaded = outcomes_loaded(viewer=NOBODY, urns=urns)
        if as_json:
            self.stdout.write(json.dumps([_outcome(each) for each in loaded], ensure_ascii=False, indent=1))
            return
        for each in loaded:
            self.stdout.write(f"{each.outcome.key:<32} {each.outcome.name} ({each.outcome.unit})")
            self.stdout.write(f"{'':<32} {', '.join(year for year, _ in each.years)}")
        if not loaded:
            self.stdout.write("No outcome is loaded: load the performance tables with `convenor load`.")

    def _table(self, said: dict[str, Any]) -> None:
        """The same for a reader at a terminal."""
        self.stdout.write(f"{said.get('name') or said['urn']}: {said['verdict']}. {said['why']}")
        self.stdout.write(said["means"])
        for note in said["notes"]:
            self.stdout.write(note)
        for year in said["series"]:
            value = f"{year['value']:g}" if year["value"] is not None else (year["mark"] or "not known")
            mean = f"{year['comparators_mean']:.2f} ± {year['comparators_spread'] or 0:.2f}" if year["comparators_mean"] is not None else ""
            broken = f"  [{year['break_before']}]" if year["break_before"] else ""
            self.stdout.write(f"  {year['period']}  {year['role']:<7} {value:<12} comparators {mean}{broken}")
        if said["expected_without_support"] is not None:
            low, high = said["interval"]
            self.stdout.write(
                f"  expected without support {said['expected_without_support']:.2f} (r = {said['r']:.2f}), came {said['after']:.2f}: "
                f"difference {said['difference_in_differences']:+.2f} (95 % interval {low:+.2f} to {high:+.2f}); naive before and after "
                f"{said['before_and_after']:+.2f}; placebo rank {said['placebo_rank']} of {said['placebo_of']}, p = {said['placebo_p']:.3f}"
            )


def _text(name: str) -> str:
    """The case's text, from a file or from standard input. Raises CommandError."""
    if name == "-":
        return sys.stdin.read()
    try:
        return pathlib.Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name} cannot be read: {error}. Give the path of a file of text.") from error


def _outcome(each: OutcomeLoaded) -> dict[str, Any]:
    outcome = each.outcome
    return {
        "key": outcome.key,
        "name": outcome.name,
        "unit": outcome.unit,
        "column": outcome.measure.column,
        "better": "higher" if outcome.better > 0 else "lower",
        "source": outcome.measure.source,
        "periods": [{"period": year, "schools": schools} for year, schools in each.years],
        "runs": [
            {"since": f"{run.since}", "until": f"{run.until}" if run.until else None, "broken_by": run.broken_by} for run in outcome.runs
        ],
    }
