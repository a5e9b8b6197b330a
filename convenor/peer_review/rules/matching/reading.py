"""ROUND.json into a Round, or a refusal that lists everything that is wrong with it and what to do about each."""

from __future__ import annotations

import difflib
import json
import math
from collections import Counter
from datetime import date
from typing import Any

from convenor.peer_review.rules.matching.permitted import may_review
from convenor.peer_review.rules.matching.round import PHASES, WAIVABLE, Led, Person, Round, Rule, School, Weights

_ROUND = ("seed", "on", "team_size", "school_serves_at_most", "lead_rest_cycles", "waive", "schools", "people", "history", "weights")
_SCHOOL = ("id", "phase", "trust", "federation", "easting", "northing", "hosts", "team_size", "focus", "objects_to", "circle")
_PERSON = (
    "id", "school", "easting", "northing", "can_lead", "trained_until", "reviews_left", "expertise", "declared_interests",
)  # fmt: skip
_LED = ("cycles_ago", "host", "lead_school")
_WEIGHTS = ("travel_per_km", "phase_missing", "focus_missing", "competitor", "second_review")
#: A key this like one of ours is taken for a slip of the pen: ignoring it could send someone where they must not go.
_ALIKE = 0.8
_MISSING = object()


class RoundRefusedError(ValueError):
    """The round cannot be matched as it is written. `problems` lists every reason with its remedy."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_round(text: str) -> Round:
    """The round that `text` describes (the shape of ROUND.json). Raises RoundRefusedError."""
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise RoundRefusedError([f"This is not JSON: {error}. Correct the file at that place."]) from error
    return round_from(raw)


def round_from(raw: Any) -> Round:
    """The round in the decoded JSON `raw`. Raises RoundRefusedError with all problems at once."""
    reader = _Reader()
    found = reader.round(raw)
    if found is None or reader.problems:
        raise RoundRefusedError(reader.problems)
    return found


class _Reader:
    """Reads one round and gathers what is wrong with it, so that a coordinator mends the file once."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.ignored: list[str] = []

    def wrong(self, where: str, says: str) -> None:
        self.problems.append(f"{where}: {says}")

    def round(self, raw: Any) -> Round | None:
        """The round, or None where its frame is missing."""
        if not isinstance(raw, dict):
            self.wrong("The file", "it must hold one object with the keys schools and people. See docs/how-to/match-reviewers.md.")
            return None
        self.keys(raw, _ROUND, "The round")
        size = self.whole(raw, "team_size", "The round", least=1)
        schools = [self.school(item, n) for n, item in enumerate(self.items(raw, "schools", _MISSING), 1)]
        people = [self.person(item, n) for n, item in enumerate(self.items(raw, "people", _MISSING), 1)]
        history = [self.led(item, n) for n, item in enumerate(self.items(raw, "history", []), 1)]
        on = self.day(raw, "on", "The round")
        rest = self.whole(raw, "lead_rest_cycles", "The round", default=2)
        serves = self.whole(raw, "school_serves_at_most", "The round", default=size + 1)
        waive, seed, weights = self.waive(raw), self.whole(raw, "seed", "The round", default=0, least=None), self.weights(raw)
        if self.problems or on is None:
            return None
        found = Round(
            schools=tuple(s for s in schools if s),
            people=tuple(p for p in people if p),
            on=on,
            team_size=size,
            seed=seed,
            school_serves_at_most=serves,
            lead_rest_cycles=rest,
            waive=waive,
            history=tuple(led for led in history if led),
            weights=weights,
            ignored=tuple(self.ignored),
        )
        self.together(found)
        return found

    def keys(self, raw: dict[str, Any], known: tuple[str, ...], where: str) -> None:
        """Keys that are none of ours: refused where they look like a slip, listed as ignored otherwise."""
        for key in raw:
            if key in known:
                continue
            like = difflib.get_close_matches(key, known, n=1, cutoff=_ALIKE)
            if like:
                self.wrong(where, f"the key '{key}' is unknown. Write '{like[0]}' if that is meant, or take it out.")
            else:
                self.ignored.append(f"{where}: {key}")

    def items(self, raw: dict[str, Any], key: str, default: Any) -> list[Any]:
        """A list of objects under `key`."""
        value = raw.get(key, default)
        if not isinstance(value, list):
            self.wrong("The round", f"'{key}' must be a list. Add it, empty if there is nothing to say.")
            return []
        return value

    def school(self, raw: Any, number: int) -> School | None:
        """One school of the list."""
        where = self.where(raw, "School", number)
        if where is None:
            return None
        self.keys(raw, _SCHOOL, where)
        phase = raw.get("phase")
        if phase not in PHASES:
            self.wrong(where, f"phase is {_said(phase)}. Write one of {', '.join(PHASES)}.")
        focus = self.texts(raw, "focus", where)
        return School(
            id=raw["id"],
            phase=str(phase),
            trust=self.text_or_none(raw, "trust", where),
            federation=self.text_or_none(raw, "federation", where),
            easting=self.metres(raw, "easting", where),
            northing=self.metres(raw, "northing", where),
            hosts=self.yes_or_no(raw, "hosts", where, default=True),
            team_size=None if raw.get("team_size") is None else self.whole(raw, "team_size", where, least=1),
            focus=tuple(focus),
            objects_to=frozenset(self.texts(raw, "objects_to", where)),
            circle=self.text_or_none(raw, "circle", where),
        )

    def person(self, raw: Any, number: int) -> Person | None:
        """One person of the list."""
        where = self.where(raw, "Person", number)
        if where is None:
            return None
        self.keys(raw, _PERSON, where)
        trained = self.day(raw, "trained_until", where)
        return Person(
            id=raw["id"],
            school=self.text_or_none(raw, "school", where, must=True),
            easting=self.metres(raw, "easting", where),
            northing=self.metres(raw, "northing", where),
            can_lead=self.yes_or_no(raw, "can_lead", where, default=False),
            trained_until=trained or date.min,
            reviews_left=self.whole(raw, "reviews_left", where),
            expertise=frozenset(self.texts(raw, "expertise", where)),
            declared_interests=frozenset(self.texts(raw, "declared_interests", where)),
        )

    def led(self, raw: Any, number: int) -> Led | None:
        """One line of the history."""
        where = f"Line {number} of the history"
        if not isinstance(raw, dict):
            self.wrong(where, "it must be an object with cycles_ago, host and lead_school.")
            return None
        self.keys(raw, _LED, where)
        host, lead = (self.text_or_none(raw, key, where, must=True) for key in ("host", "lead_school"))
        ago = self.whole(raw, "cycles_ago", where, least=1)
        # Led by an independent reviewer: no school led, so no school rests.
        return Led(ago, host, lead) if host and lead else None

    def where(self, raw: Any, kind: str, number: int) -> str | None:
        """How a message names this item; None, with a problem noted, where it has no id of its own."""
        if not isinstance(raw, dict):
            self.wrong(f"{kind} {number}", "it must be an object. See docs/how-to/match-reviewers.md.")
            return None
        if not isinstance(raw.get("id"), str) or not raw["id"].strip():
            self.wrong(
                f"{kind} {number}", f"its id is {_said(raw.get('id'))}. Give it a text of its own, such as its URN in quotation marks."
            )
            return None
        return f"{kind} {raw['id']}"

    def text_or_none(self, raw: dict[str, Any], key: str, where: str, *, must: bool = False) -> str | None:
        """A text, or nothing; `must` asks that the key is written even where it holds nothing."""
        value = raw.get(key, _MISSING if must else None)
        if value is None or (isinstance(value, str) and value.strip()):
            return value
        self.wrong(where, f"{key} is {_said(value)}. Write a text in quotation marks, or null.")
        return None

    def texts(self, raw: dict[str, Any], key: str, where: str) -> list[str]:
        """A list of different texts; nothing written means none."""
        value = raw.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.wrong(where, f'{key} must be a list of texts, such as ["reading"]. Correct it.')
            return []
        for item, times in Counter(value).items():
            if times > 1:
                self.wrong(where, f"{key} names {item} {times} times. Name it once.")
        return value

    def whole(self, raw: dict[str, Any], key: str, where: str, *, least: int | None = 0, default: int | None = None) -> int:
        """A whole number not below `least`; `default` where nothing is written."""
        value = raw.get(key, _MISSING)
        if default is not None and (value is _MISSING or value is None):
            return default
        if isinstance(value, bool) or not isinstance(value, int) or (least is not None and value < least):
            asked = "a whole number" if least is None else f"a whole number, {least} or more"
            self.wrong(where, f"{key} is {_said(value)}. Write {asked}.")
            return least or 0
        return value

    def metres(self, raw: dict[str, Any], key: str, where: str) -> float | None:
        """A coordinate in metres of the national grid, or nothing."""
        value = raw.get(key)
        if value is None or _is_number(value):
            return value
        self.wrong(where, f"{key} is {_said(value)}. Write metres of the national grid as a number, or null.")
        return None

    def yes_or_no(self, raw: dict[str, Any], key: str, where: str, *, default: bool) -> bool:
        """true or false."""
        value = raw.get(key, default)
        if isinstance(value, bool):
            return value
        self.wrong(where, f"{key} is {_said(value)}. Write true or false.")
        return default

    def day(self, raw: dict[str, Any], key: str, where: str) -> date | None:
        """A date written as 2026-11-21; None, with a problem noted, otherwise."""
        value = raw.get(key, _MISSING)
        if isinstance(value, str) and len(value) == len("2026-11-21"):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        self.wrong(where, f"{key} is {_said(value)}. Write a date that exists as year-month-day, such as 2026-11-21.")
        return None

    def waive(self, raw: dict[str, Any]) -> frozenset[Rule]:
        """The rules waived; only those that may be."""
        named = self.texts(raw, "waive", "The round")
        for name in named:
            if name not in WAIVABLE:
                self.wrong("The round", f"'{name}' cannot be waived. Only same_trust can; take it out of waive.")
        return frozenset(rule for rule in WAIVABLE if rule in named)

    def weights(self, raw: dict[str, Any]) -> Weights:
        """The weights given, the usual ones for the rest."""
        given = raw.get("weights")
        if given is None:
            return Weights()
        if not isinstance(given, dict):
            self.wrong("The round", "weights must be an object. Correct it, or take it out.")
            return Weights()
        self.keys(given, _WEIGHTS, "The weights")
        sound = {}
        for key in _WEIGHTS:
            if key in given:
                if _is_number(given[key]) and given[key] >= 0:
                    sound[key] = float(given[key])
                else:
                    self.wrong("The weights", f"{key} is {_said(given[key])}. Write a number, 0 or more.")
        return Weights(**sound)

    def together(self, found: Round) -> None:
        """What can be seen only when all is read: ids used twice or never given, places that are missing."""
        for kind, ids in (("School", [s.id for s in found.schools]), ("Person", [p.id for p in found.people])):
            for each, times in Counter(ids).items():
                if times > 1:
                    self.wrong(f"{kind} {each}", f"the id stands {times} times. Give each its own.")
        known = {school.id for school in found.schools}
        named: list[tuple[str, str, frozenset[str]]] = []
        named += [(f"School {s.id}", "objects_to", s.objects_to) for s in found.schools]
        named += [(f"Person {p.id}", "school", frozenset({p.school} if p.school else ())) for p in found.people]
        named += [(f"Person {p.id}", "declared_interests", p.declared_interests) for p in found.people]
        for where, key, ids_named in named:
            for unknown in sorted(ids_named - known):
                self.wrong(where, f"{key} names {unknown}, which is no school of this round. Correct the id, or add the school.")
        if not self.problems:
            self.places(found)

    def places(self, found: Round) -> None:
        """Everyone who could be matched needs a place, and so does every host."""
        at = {school.id: school for school in found.schools}
        hosts = found.hosts
        for host in hosts:
            if host.easting is None or host.northing is None:
                self.wrong(f"School {host.id}", "it hosts and has no easting and northing. Give both, or set hosts to false.")
        told: set[str] = set()
        for person in found.people:
            place: School | Person = at[person.school] if person.school else person
            if place.easting is not None and place.northing is not None:
                continue
            where = f"School {place.id}" if person.school else f"Person {person.id}"
            if where not in told and any(may_review(found, person, host) for host in hosts):
                told.add(where)
                whose = f"{person.id} could be matched from there" if person.school else "they could be matched"
                self.wrong(where, f"no easting and northing, and {whose}. Give both, or set reviews_left to 0.")


def _is_number(value: Any) -> bool:
    """Whether this is a finite number (true and false are not)."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _said(value: Any) -> str:
    """A value as a message shows it."""
    return "missing" if value is _MISSING or value is None else json.dumps(value, ensure_ascii=False)[:40]
