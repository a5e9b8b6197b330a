"""`convenor backtest --features YEAR|FILE.csv --outcomes YEAR|FILE.csv [--controls] [--keep] [--json]`."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from convenor.england.school_years import NotASchoolYearError, SchoolYear, read_school_year
from convenor.intelligence.actions.backtesting import record_backtest
from convenor.intelligence.queries.backtests import KnownSchools, figures_of, known_schools, outcomes_of
from convenor.intelligence.rules.backtest_results import controls, result
from convenor.intelligence.rules.backtesting import BacktestError, Judged, judged
from convenor.intelligence.rules.plain_tables import FeatureTable, OutcomeTable, PlainTableError, read_features, read_outcomes

#: The operator's shell is nobody signed in: it sees what is published.
NOBODY = None
#: Work that takes longer says on a terminal what it is doing.
SILENT_SECONDS = 2.0
TRUTH = "No score predicts an inspection: this says how well published figures told apart schools that inspectors later graded."


@dataclass(frozen=True)
class Features:
    """Figures to test with, older ones for the controls, and the editions behind them."""

    table: FeatureTable
    older: FeatureTable | None
    editions: list[str]


def _year(text: str) -> SchoolYear | None:
    """The school year that a text names; None for a file."""
    if Path(text).exists():
        return None
    try:
        return read_school_year(text)
    except NotASchoolYearError:
        return None


class Command(BaseCommand):
    """Holds the score against later inspections."""

    help = (
        "How well the published figures of a school year, scored as we score them, told which schools inspectors found weak in a later "
        "year (requires improvement or inadequate overall; from September 2024 for the quality of education). YEAR is a school year whose "
        "files are loaded, as 2022-23; FILE.csv a plain table: figures with the columns urn,period,indicator,value,cohort,mark (shares in "
        "percent), outcomes with urn,inspected_on,kind,grade. Figures of the year of the inspection, or later, are never used. AUC is 0.5 "
        "for a coin and 1 for perfect; intervals are of 95 %."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--features, --outcomes, --controls, --keep, --json."""
        parser.add_argument("--features", required=True, metavar="YEAR|FILE.csv", help="the figures: a loaded school year or a plain table")
        parser.add_argument("--outcomes", required=True, metavar="YEAR|FILE.csv", help="the inspections: a school year or a plain table")
        parser.add_argument(
            "--controls", action="store_true", help="also with older figures, by when in the year the inspection came, and by chance"
        )
        parser.add_argument("--keep", action="store_true", help="keep it for the page (two loaded school years only; with the controls)")
        parser.add_argument("--json", action="store_true", dest="as_json", help="JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answers, or refuses with the reason and the remedy (exit status 1)."""
        self.started = time.monotonic()
        by_year = _year(options["features"]) is not None and _year(options["outcomes"]) is not None
        if options["keep"] and not by_year:
            raise CommandError("Only a back-test of two loaded school years is kept: others cannot be traced to their editions.")
        self.say("reading the register")
        known = known_schools(viewer=NOBODY)
        try:
            features = self._features(options["features"])
            outcomes, editions = self._outcomes(options["outcomes"])
            said = self._run(features, outcomes, known, with_controls=options["controls"] or options["keep"])
        except (PlainTableError, BacktestError) as error:
            raise CommandError(str(error)) from error
        said["editions"] = sorted({*features.editions, *editions})
        if options["keep"]:
            record_backtest(
                features=features.table.name,
                outcomes=outcomes.name,
                result=said,
                editions=said["editions"],
                by="the command line",
                at=timezone.now(),
            )
        if options["as_json"]:
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
        else:
            self._table(said)

    def say(self, words: str) -> None:
        """What is being done, to a reader at a terminal who has waited."""
        if self.stderr.isatty() and time.monotonic() - self.started > SILENT_SECONDS:
            self.stderr.write(f"… {words}")

    def _run(self, features: Features, outcomes: OutcomeTable, known: KnownSchools, *, with_controls: bool) -> dict[str, Any]:
        def rows(table: FeatureTable, lag_years: int = 0) -> Judged:
            return judged(table, outcomes, phases=known.phases, before=known.before, not_counted=known.not_counted, lag_years=lag_years)

        tested = rows(features.table)
        said = result(tested, features=features.table.name, outcomes=outcomes.name, say=self.say)
        said["rows"] = {
            "features": features.table.rows,
            "features_of_no_use": features.table.left,
            "features_set_aside": dict(features.table.set_aside),
            "outcomes": outcomes.rows,
            "outcomes_set_aside": dict(outcomes.set_aside),
        }
        if with_controls:
            try:
                older = rows(features.older) if features.older else rows(features.table, lag_years=1)
            except BacktestError:
                older = None
            said["controls"] = controls(tested, older, say=self.say)
        return said

    def _features(self, text: str) -> Features:
        year = _year(text)
        self.say("reading the figures")
        if year is None:
            with self._open(text) as lines:
                return Features(read_features(lines, Path(text).name), None, [])
        found = figures_of(year, viewer=NOBODY)
        if found is None:
            raise CommandError(f"No figures of {year} are loaded. Load that year's performance tables and census with `convenor load`.")
        older = figures_of(year, viewer=NOBODY, earlier=True)
        return Features(found[0], older[0] if older else None, found[1])

    def _outcomes(self, text: str) -> tuple[OutcomeTable, list[str]]:
        year = _year(text)
        self.say("reading the inspections")
        if year is None:
            with self._open(text) as lines:
                return read_outcomes(lines, Path(text).name), []
        found = outcomes_of(year, viewer=NOBODY)
        if found is None:
            raise CommandError(f"No graded inspections of {year} are loaded. Load Ofsted's list of inspections with `convenor load`.")
        return found

    def _open(self, text: str) -> Any:
        try:
            return Path(text).open(encoding="utf-8-sig", newline="")
        except OSError as error:
            raise CommandError(
                f"{text} is no school year such as 2022-23, and no file that can be read ({error.strerror}). Check the spelling."
            ) from error

    def _table(self, said: dict[str, Any]) -> None:
        """The same for a reader at a terminal."""
        self.stdout.write(f"Figures of {said['features']}, inspections of {said['outcomes']}. {TRUTH}")
        for name, each in {"all": said, **said["phases"]}.items():
            self.stdout.write(_words(name, each))
            for at in each["at"]:
                low, high = at["lift_interval"]
                self.stdout.write(
                    f"    top {at['cut']:.0%} ({at['schools']} schools): precision {at['precision']:.0%}, recall {at['recall']:.0%}, "
                    f"lift {at['lift']:.2f} ({low:.2f} to {high:.2f})"
                )
        for reason, number in said["excluded"].items():
            self.stdout.write(f"  left out: {number:,} {reason}")
        for name, each in said.get("controls", {}).items():
            self.stdout.write(f"  control, {name.replace('_', ' ')}: {json.dumps(each, ensure_ascii=False)}")


def _words(name: str, each: dict[str, Any]) -> str:
    """One group of schools in a line."""
    start = f"  {name}: {each['n']:,} schools, {each['positives']:,} found weak"
    if each["auc"] is None:
        return f"{start}; no AUC: {each['why']}"
    low, high = each["auc_interval"]
    line = f"{start} ({each['base_rate']:.1%}); AUC {each['auc']:.3f} ({low:.3f} to {high:.3f})"
    if each["reference_auc"]:
        line += f"; reference {each['reference_auc']:.3f}, ratio {each['ratio']:.3f}"
    if each["best_single"]:
        line += f"; best single figure {each['best_single']['indicator']} {each['best_single']['auc']:.3f}"
    return line
