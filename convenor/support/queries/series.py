"""The published figures of a school and its comparators, each read as one school through conversions. All of it is open to everyone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any, Final

from django.db.models import Count, Q

from convenor.registers.models import Reading, School, SchoolLink
from convenor.registers.queries.readings import Point, by_year
from convenor.registers.rules import lineage as rule
from convenor.registers.rules.intervals import Z_95
from convenor.support.rules.effect import Figure, Line
from convenor.support.rules.effect_years import said
from convenor.support.rules.outcomes import OUTCOMES, Outcome

#: Links followed in either direction.
MOST_STEPS: Final = 6


@dataclass(frozen=True, slots=True)
class Life:
    """A school through its numbers: that of today (or its last), those it had before, and what ended it, in words.

    `unbroken` False: it merged into another or was split, so that what follows is not it.
    """

    asked: str
    urn: str
    name: str
    phase: str
    former: tuple[str, ...]
    note: str = ""
    unbroken: bool = True

    @property
    def urns(self) -> frozenset[str]:
        """Every number that means this school."""
        return frozenset((self.urn, self.asked, *self.former))


def lives(urns: Sequence[str], *, viewer: Any, on: date) -> dict[str, Life]:
    """The life of each school by the URN asked for; URNs that no edition knows are absent. At most eight queries, for any number.

    A register of today leaves out schools that closed long ago: their figures, and what they became, are known all the same.
    """
    links = _links(urns)
    lines = {urn: rule.lineage(urn, links) for urn in urns}
    every = {each for line in lines.values() for each in line.urns}
    rows = {row[0]: row for row in School.objects.filter(urn__in=every).values_list("urn", "name", "phase", "status", "closed_on")}
    unlisted = [urn for urn in urns if urn not in rows]
    told = Reading.objects.filter(urn__in=unlisted, edition__withdrawn_at=None).order_by("urn").values_list("urn", flat=True).distinct()
    rows |= {urn: (urn, f"School {urn}", "", "", None) for urn in told}  # figures tell of it, and no register
    return {urn: _life(urn, links, rows, on) for urn in urns if urn in rows or set(lines[urn].urns) & rows.keys()}


def _links(urns: Iterable[str]) -> list[rule.Link]:
    """Every link of the chains that these schools are in."""
    links: set[rule.Link] = set()
    seen: set[str] = set()
    edge = set(urns)
    for _ in range(MOST_STEPS):
        found = SchoolLink.objects.filter(Q(urn__in=edge) | Q(linked_urn__in=edge))
        links |= {rule.Link(*row) for row in found.values_list("urn", "linked_urn", "kind", "established_on") if rule.direction(row[2])}
        seen |= edge
        edge = {each for link in links for each in (link.urn, link.linked_urn)} - seen
        if not edge:
            break
    return sorted(links, key=lambda link: (link.urn, link.linked_urn, link.kind))


def _life(urn: str, links: Sequence[rule.Link], rows: Mapping[str, Any], on: date) -> Life:
    """Forward through plain conversions to the number of the day, then back through them; one school became one other, and nothing else."""
    here, note, unbroken = urn, "", True
    for _ in range(MOST_STEPS):
        later = _next(here, links, forward=True)
        happened = [step for step in later if step.on is None or step.on <= on]
        if not happened:
            break
        if len(later) > 1 or len(_next(later[0].urn, links, forward=False)) > 1 or later[0].urn not in rows:
            what, day = ("was split" if len(later) > 1 else "was merged"), _on(happened[0].on)
            note, unbroken = f"The school {what}{day}.", False
            break
        here = later[0].urn
    _, name, phase, status, closed_on = rows.get(here) or (here, f"School {here}", "", "", None)
    if unbroken and status == "closed" and (closed_on is None or closed_on <= on):
        note = f"The school closed{_on(closed_on)}."
    former: list[str] = []
    back = here
    for _ in range(2 * MOST_STEPS):
        earlier = _next(back, links, forward=False)
        if len(earlier) != 1 or len(_next(earlier[0].urn, links, forward=True)) != 1 or earlier[0].urn in former:
            break
        back = earlier[0].urn
        former.append(back)
    return Life(urn, here, name, phase, tuple(former), note, unbroken)


def _next(urn: str, links: Sequence[rule.Link], *, forward: bool) -> list[rule.Step]:
    """What a school became, or was, one link away."""
    line = rule.lineage(urn, [link for link in links if urn in (link.urn, link.linked_urn)])
    return [step for step in (line.successors if forward else line.predecessors) if step.distance == 1]


def _on(day: date | None) -> str:
    return f" on {said(day)}" if day is not None else ""


def lines(found: Sequence[Life], outcome: Outcome, *, viewer: Any, on: date, distances: Mapping[str, float] | None = None) -> list[Line]:
    """The figures of schools, in the order given, as known on a day: editions of a later day are not looked at. One query."""
    former = {old: life.urn for life in found for old in (*life.former, life.asked) if old != life.urn}
    points = by_year([life.urn for life in found], [outcome.key], viewer=viewer, before=former)
    figures: dict[str, dict[str, Point]] = {}
    for (urn, _measure, period), point in points.items():
        if point.edition_as_at <= on:
            figures.setdefault(urn, {})[period] = point
    apart = distances or {}
    return [_line(life, figures.get(life.urn, {}), outcome, apart.get(life.asked)) for life in found]


def _line(life: Life, points: Mapping[str, Point], outcome: Outcome, distance: float | None) -> Line:
    older = sorted(period for period, point in points.items() if point.urn != life.urn)
    note = life.note
    if older and not note:
        other = "an earlier number" if life.urn == life.asked else f"its number of then ({life.asked})"
        note = f"The figures to {older[-1]} stand under {other}: the school was converted, and is read as one."
    return Line(life.asked, life.name, {period: _figure(point, outcome) for period, point in points.items()}, distance, note, life.unbroken)


def _figure(point: Point, outcome: Outcome) -> Figure:
    """A published figure with its 95 % interval: the published one, else Wilson's for a share, else from the spread of single pupils."""
    low, high = point.low, point.high
    if low is None and point.value is not None and outcome.spread is not None and point.cohort:
        half = Z_95 * outcome.spread / sqrt(point.cohort)
        low, high = point.value - half, point.value + half
    return Figure(point.value, low, high, point.cohort, point.mark_says, point.edition_key)


@dataclass(frozen=True, slots=True)
class OutcomeLoaded:
    """An outcome with the school years of which any figure is loaded, oldest first, and how many schools have one."""

    outcome: Outcome
    years: tuple[tuple[str, int], ...]


def outcomes_loaded(*, viewer: Any, urns: Iterable[str] | None = None) -> list[OutcomeLoaded]:
    """The outcomes that loaded data allow, of any school or of one (its numbers). One query over the readings."""
    rows = Reading.objects.filter(measure__in=list(OUTCOMES), value__isnull=False, edition__withdrawn_at=None)
    if urns is not None:
        rows = rows.filter(urn__in=list(urns))
    counted = rows.order_by("measure", "period").values_list("measure", "period").annotate(schools=Count("urn", distinct=True))
    years: dict[str, list[tuple[str, int]]] = {}
    for measure, period, schools in counted:
        years.setdefault(measure, []).append((period, schools))
    return [OutcomeLoaded(outcome, tuple(years[key])) for key, outcome in OUTCOMES.items() if key in years]
