"""`convenor structure check|load|list`: a partnership's constitution and its bodies, from a shell."""

from __future__ import annotations

import getpass
import json
from argparse import ArgumentTypeError
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from convenor.partnership.actions import load_constitution
from convenor.partnership.gate import ANYONE, day_of
from convenor.partnership.queries.constitution import areas_served, preview, schools_named, unknown_schools
from convenor.partnership.queries.fronts import partnerships_to_visit
from convenor.partnership.queries.members import members
from convenor.partnership.queries.structure import structure
from convenor.partnership.rules.checking import check, check_ahead, has_errors
from convenor.partnership.rules.constitution import Constitution, ConstitutionError, Problem
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.structure import BodyNow, describe
from convenor.partnership.rules.vocabulary import BODY_KINDS, Severity
from convenor.registers.queries.known import knows_any_school

SHIPPED = Path(__file__).resolve().parents[2] / "constitutions"


def day(text: str) -> date:
    """A day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"'{text}' is not a day such as 2026-09-01") from error


class Command(BaseCommand):
    help = (
        "A partnership's constitution. `check` names every broken rule of a file on a day, the errors it will make on a later day, and, "
        "where a register is loaded, the schools that it does not know; `load` begins or restructures a partnership from a file, whole or "
        "not at all, keeping its history (--simulate shows what would change); `list` gives the partnerships with their bodies. FILE may "
        "also be the name of a shipped constitution, such as bexley. Days are YYYY-MM-DD; the default is today. Exit status 1 when the "
        "file has an error, or a partnership cannot be read."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        doing = parser.add_subparsers(dest="doing", required=True, metavar="check|load|list")
        checking = doing.add_parser("check", help="Name every broken rule of a file")
        loading = doing.add_parser("load", help="Begin or restructure a partnership from a file")
        listing = doing.add_parser("list", help="The partnerships, their bodies, and seats held of seats described")
        for each in (checking, loading):
            each.add_argument("file", metavar="FILE.toml", help="The constitution, or the name of a shipped one")
        for each in (checking, listing):
            each.add_argument("--on", type=day, metavar="DATE", help="The day to judge it on (YYYY-MM-DD; today)")
        loading.add_argument("--simulate", action="store_true", help="Show what would change, and change nothing")
        for each in (checking, loading, listing):
            each.add_argument("--json", action="store_true", help="The result as JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        today = day_of(timezone.now())
        if options["doing"] == "list":
            self._list(options.get("on") or today, as_json=options["json"])
            return
        text = self._text(options["file"])
        if options["doing"] == "check":
            self._check(text, options["file"], options.get("on") or today, today, as_json=options["json"])
        else:
            self._load(text, simulate=options["simulate"], as_json=options["json"])

    def _text(self, name: str) -> str:
        path = Path(name)
        if not path.exists() and (SHIPPED / f"{name}.toml").exists():
            path = SHIPPED / f"{name}.toml"
        try:
            return path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            shipped = ", ".join(sorted(each.stem for each in SHIPPED.glob("*.toml")))
            reason = "it is not text in UTF-8" if isinstance(error, UnicodeDecodeError) else (error.strerror or str(error))
            if isinstance(error, UnicodeDecodeError):
                self.stderr.write(f"{name} cannot be read: {reason}. Open it in a plain text editor and save it again as UTF-8.")
            else:
                self.stderr.write(f"{name} cannot be read: {reason}. Name a file, or one of the shipped constitutions: {shipped}.")
            raise SystemExit(1) from error

    def _check(self, text: str, name: str, on: date, today: date, *, as_json: bool) -> None:
        constitution: Constitution | None = None
        ahead: list[tuple[date, Problem]] = []
        try:
            constitution = parse(text)
            problems = [*check(constitution, on), *self._schools(constitution)]
            ahead = check_ahead(constitution, max(on, today))
        except ConstitutionError as error:
            problems = list(error.problems)
        if as_json:
            self._json(
                {
                    "partnership": constitution.id if constitution else None,
                    "on": on.isoformat(),
                    "problems": [*map(_problem, problems), *(_problem(each) | {"from": day.isoformat()} for day, each in ahead)],
                    "bodies": bodies_of(constitution, on) if constitution else [],
                }
            )
        else:
            if constitution is not None:
                self._tell_bodies(constitution, on)
            self._tell_problems([*problems, *(each for _, each in ahead)])
        if has_errors(problems):
            errors = sum(each.severity.value == "error" for each in problems)
            self.stderr.write(f"{name}: {errors} {'error' if errors == 1 else 'errors'} on {on}.")
            raise SystemExit(1)

    def _schools(self, constitution: Constitution) -> list[Problem]:
        """Schools that the register does not know, as warnings; where no register can be asked, that is said instead."""
        named = len(schools_named(constitution))
        if not named:
            return []
        unknown: list[Problem] = []
        with suppress(DatabaseError):
            unknown = unknown_schools(constitution, viewer=ANYONE, severity=Severity.WARNING)
            if len(unknown) < named or knows_any_school(viewer=ANYONE):
                return unknown
        what = "The 1 school it names was" if named == 1 else f"The {named} schools it names were"
        self.stderr.write(
            f"{what} not looked up: no register is loaded here. `structure load` refuses a URN that the register does not know."
        )
        return []

    def _tell_bodies(self, constitution: Constitution, on: date) -> None:
        self.stdout.write(f"{constitution.name}, on {on}")
        kinds = BODY_KINDS | dict(constitution.kinds)
        for body in describe(constitution, on).bodies:
            self.stdout.write(f"  {'  ' * body.depth}{body.name} ({kinds.get(body.kind, body.kind).lower()}): {seats_in_words(body)}")
        untold = len(constitution.not_found) + sum(len(tier.not_found) for tier in constitution.tiers)
        untold += sum(len(body.not_found) + sum(len(seat.not_found) for seat in body.seats) for body in constitution.bodies)
        if untold:
            things = "1 thing is" if untold == 1 else f"{untold} things are"
            self.stdout.write(
                f"{things} marked as not found: look for not_found in the file, or on the page of the structure once it is loaded."
            )

    def _tell_problems(self, problems: Iterable[Problem]) -> None:
        errors = False
        for each in problems:
            errors = errors or each.severity is Severity.ERROR
            where = f" [{each.body}]" if each.body else ""
            self.stdout.write(f"{each.severity.value}{where} {each.rule}: {each.message}")
        if not errors:
            self.stdout.write("No errors.")

    def _load(self, text: str, *, simulate: bool, as_json: bool) -> None:
        now = timezone.now()
        by = f"{getpass.getuser()}, at the command line"
        try:
            seen = preview(text, viewer=by, on=day_of(now))
            if not simulate:
                load_constitution(text=text, by=by, at=now)
            elif seen.errors:
                raise ConstitutionError(seen.errors)
        except ConstitutionError as error:
            if as_json:
                problems = [_problem(each) for each in error.problems]
                self._json({"partnership": None, "loaded": False, "changes": [], "problems": problems})
            for each in error.problems:
                self.stderr.write(f"{each.severity.value} {each.rule}: {each.message}")
            self.stderr.write("Nothing was changed. Mend the file and load it again.")
            raise SystemExit(1) from error
        changes = [
            {"change": each.change.value, "what": each.what, "key": each.key, "name": each.name, "words": each.words}
            for each in seen.differences
        ]
        if as_json:
            problems = [_problem(each) for each in seen.problems]
            self._json({"partnership": seen.constitution.id, "loaded": not simulate, "changes": changes, "problems": problems})
            return
        for difference in seen.differences:
            self.stdout.write(f"  {difference}")
        ahead = [each for _, each in check_ahead(seen.constitution, day_of(now))] if changes else []
        if changes and (seen.problems or ahead):
            self._tell_problems([*seen.problems, *ahead])
        done = "would change" if simulate else "changed"
        self.stdout.write(f"{seen.constitution.name}: {len(changes) or 'nothing'} {done}.")

    def _list(self, on: date, *, as_json: bool) -> None:
        found, unread = [], []
        for front in partnerships_to_visit(viewer=ANYONE, limit=10_000):
            try:
                told = _partnership(front.slug, front.name, on)
            except Exception as error:  # whatever is wrong with one, it must not hide the others
                unread.append(f"{front.slug}: {front.name} cannot be read: {error}. The others are listed.")
                continue
            if told is not None:
                found.append(told)
        if as_json:
            self._json(found)
        else:
            self._tell_list(found)
        for words in unread:
            self.stderr.write(words)
        if unread:
            raise SystemExit(1)

    def _tell_list(self, found: list[dict[str, Any]]) -> None:
        for each in found:
            self.stdout.write(f"{each['partnership']}: {each['name']} ({each['kind']}), {each['members']} schools")
            for body in each["bodies"]:
                self.stdout.write(f"  {body['id']}: {body['name']}, {body['filled']} of {body['seats']} seats held")
        if not found:
            self.stdout.write("There is no partnership yet. Begin one with: convenor structure load FILE.toml")

    def _json(self, what: Any) -> None:
        self.stdout.write(json.dumps(what, ensure_ascii=False, indent=1))


def _partnership(slug: str, name: str, on: date) -> dict[str, Any] | None:
    """A partnership and its bodies, as `structure list` gives them; None where it has no constitution yet."""
    whole = structure(slug, viewer=ANYONE, at=on)
    if whole is None:
        return None
    joined = members(slug, viewer=ANYONE, at=on)
    areas = [{"code": code, "name": called} for code, called in areas_served(slug, viewer=ANYONE)]
    bodies = [_body(each.key, each.name, each.tier, each.reports_to, each.kind, each.seats, each.filled) for each in whole.bodies]
    return {
        "partnership": slug, "name": name, "kind": whole.kind, "areas": areas, "on": on.isoformat(),
        "members": joined.total if joined else 0, "seats": whole.seats, "filled": whole.filled, "bodies": bodies,
    }  # fmt: skip


def _problem(problem: Problem) -> dict[str, str]:
    return {"body": problem.body, "rule": problem.rule, "severity": problem.severity.value, "message": problem.message}


def _body(key: str, name: str, tier: str, reports_to: str, kind: str, seats: int, filled: int) -> dict[str, Any]:
    said = reports_to or None
    return {"id": key, "name": name, "tier": tier, "reports_to": said, "kind": kind, "seats": seats, "filled": filled}


def seats_in_words(body: BodyNow) -> str:
    """How many seats a body has and how many are held: "2 of 3 seats held", "any number of seats, 5 held", "seats not described"."""
    own = [seat for seat in body.seat_list if not seat.among_members]
    if own and body.seats == body.filled and all(seat.places.minimum == 0 for seat in own):
        most = [seat.places.maximum for seat in own]
        number = "any number of" if None in most else f"up to {sum(each or 0 for each in most)}"
        return f"{number} seats, {body.filled} held"
    if body.seats:
        return f"{body.filled} of {body.seats} seats held"
    return "offices among its members only" if body.seat_list else "seats not described"


def bodies_of(constitution: Constitution, on: date) -> Iterable[dict[str, Any]]:
    """Each body of a file on a day, in the fixed shape: `seats` described and `filled`; `reports_to` None for the top."""
    found = describe(constitution, on).bodies
    return [_body(each.id, each.name, each.tier, each.reports_to, each.kind, each.seats, each.filled) for each in found]
