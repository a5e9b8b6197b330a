"""An area's context as its page says it: one sentence first, then each figure beside neighbours, region and England.

Figures are said, never judged: more or fewer academies, or free meals, is neither good nor bad.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from convenor.registers.queries.areas import Context, Contexts, Point, Series
from convenor.registers.rules.context_words import DEFINITION
from convenor.web.words import and_list, day, month_year, number

COUNTS: Final = ("nursery_schools", "primary_schools", "secondary_schools")
SHARES: Final = (
    "fsm_percent", "primary_academies_percent", "secondary_academies_percent", "primary_good_or_outstanding_percent",
    "secondary_good_or_outstanding_percent",
)  # fmt: skip
OF_WHAT: Final = {
    "fsm_percent": "pupils",
    "primary_academies_percent": "primary schools",
    "secondary_academies_percent": "secondary schools",
    "primary_good_or_outstanding_percent": "primary schools with an overall grade",
    "secondary_good_or_outstanding_percent": "secondary schools with an overall grade",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """One large number with what it is."""

    value: str
    label: str
    note: str
    evidence: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One share beside the others: `rows` as the comparison chart takes them, and what must be said with it."""

    key: str
    title: str
    finding: str
    caption: str
    rows: list[dict[str, Any]]
    definition: str
    aged: str
    note: str


@dataclass(frozen=True, slots=True)
class OverTime:
    """One figure over the loaded dates."""

    title: str
    finding: str
    caption: str
    unit: str
    points: list[dict[str, Any]]
    rows: list[tuple[str, tuple[str, str, str]]]


@dataclass(frozen=True, slots=True)
class TableLine:
    """One figure in the table of all: the area's, its neighbours' mean, the region's and England's, with its edition."""

    name: str
    area: str
    how: str
    neighbours: str
    region: str
    england: str
    edition: str
    as_at: str


def said(line: Mapping[str, Any] | None) -> str:
    """A figure as it is written, or its mark; "not loaded" where there is nothing at all."""
    if not line:
        return "not loaded"
    value = line.get("value")
    if value is None:
        return str(line.get("mark") or "not loaded")
    return f"{number(value, 1)}%" if line.get("unit") == "percent" else number(value)


def how(line: Mapping[str, Any]) -> str:
    """Numerator of denominator, and those not judged, in words; empty where there is neither."""
    parts = []
    if line.get("denominator") is not None and line.get("numerator") is not None:
        parts.append(f"{number(line['numerator'])} of {number(line['denominator'])}")
    if line.get("not_judged") is not None:
        parts.append(f"{number(line['not_judged'])} not judged")
    return "; ".join(parts)


def _value(context: Context | None, key: str) -> float | None:
    line = context.indicators.get(key) if context else None
    return line["value"] if line else None


def sentence(found: Contexts) -> str:
    """What the context says, plainly, in at most three sentences; empty when nothing is loaded."""
    own = found.area
    if own is None:
        return ""
    counts = [(key.removesuffix("_schools"), _value(own, key)) for key in COUNTS]
    named = [f"{number(value)} {phase}" for phase, value in counts if value]
    parts = []
    if named:
        last = counts[-1][1] if counts[-1][1] else 2
        parts.append(f"{own.name} has {and_list(named)} school{'s' if len(named) > 1 or last != 1 else ''}")
    meals = _value(own, "fsm_percent")
    if meals is not None:
        parts.append(f"{number(meals, 1)}% of its pupils are eligible for free school meals{_beside(found, 'fsm_percent')}")
    primary, secondary = _value(own, "primary_academies_percent"), _value(own, "secondary_academies_percent")
    if primary is not None and secondary is not None:
        england = [_value(found.england, key) for key in ("primary_academies_percent", "secondary_academies_percent")]
        beside = (
            f" (England: {number(england[0], 0)}% and {number(england[1], 0)}%)" if None not in england and own.kind != "england" else ""
        )
        parts.append(f"{number(primary, 0)}% of its primary and {number(secondary, 0)}% of its secondary schools are academies{beside}")
    return f"{'. '.join(parts)}." if parts else ""


def _beside(found: Contexts, key: str) -> str:
    mean = found.neighbour_mean.get(key, {}).get("value") if found.neighbour_mean else None
    england = _value(found.england, key)
    words = []
    if mean is not None:
        words.append(f"{number(mean, 1)}% among its statistical neighbours")
    if england is not None and found.area is not None and found.area.kind != "england":
        words.append(f"{number(england, 1)}% in England")
    return f", {'against ' if words else ''}{and_list(words)}" if words else ""


def headlines(own: Context, titles: Mapping[str, str]) -> list[Headline]:
    """The numbers of schools by phase."""
    return [
        Headline(said(own.indicators[key]), DEFINITION[key].name.lower(), own.indicators[key].get("note", ""), evidence(own, key, titles))
        for key in COUNTS
        if key in own.indicators
    ]


def evidence(context: Context, key: str, titles: Mapping[str, str]) -> dict[str, Any]:
    """All that a figure can say of itself, for the component that shows it."""
    line = context.indicators[key]
    return {
        "label": DEFINITION[key].name,
        "definition": line["definition"],
        "cohort": how(line) or None,
        "interval": None,
        "year": day(date.fromisoformat(line["as_at"])) if line["as_at"] else "",
        "source": titles.get(line["edition"] or "", line["edition"] or ""),
        "edition": line["edition"] or "",
        "mark": line["mark"],
    }


def comparison(key: str, found: Contexts, titles: Mapping[str, str]) -> Comparison | None:
    """One share of the area beside its neighbours (nearest first), region and England; None when the area has no context."""
    own = found.area
    if own is None:
        return None
    line, definition = own.indicators[key], DEFINITION[key]
    rows = [_row(own, key, "own")]
    rows += [_row(near.context, key, "other", near.name, near.code) for near in found.neighbours]
    mean = found.neighbour_mean.get(key)
    if mean and mean["value"] is not None:
        rows.append({"label": "Mean of neighbours", "value": mean["value"], "kind": "reference", "shown": said(mean)})
    if found.region:
        rows.append(_row(found.region, key, "reference"))
    if found.england and own.kind != "england":
        rows.append(_row(found.england, key, "reference"))
    source = titles.get(line["edition"] or "", "")
    as_at = f"as at {day(date.fromisoformat(line['as_at']))}" if line["as_at"] else ""
    if as_at in source:
        as_at = ""
    mean_of = f"mean of {mean['areas']} neighbours" if mean and mean["areas"] else ""
    return Comparison(
        key=key,
        title=definition.name,
        finding=_finding(key, line),
        caption=", ".join(part for part in (source, as_at, mean_of) if part),
        rows=rows,
        definition=line["definition"],
        aged=definition.aged,
        note=line.get("note", ""),
    )


def _finding(key: str, line: Mapping[str, Any]) -> str:
    if line["value"] is None:
        return f"Not known: {line['mark']}." if line["mark"] else "Not known."
    judged = f" {number(line['not_judged'])} more were not judged." if line.get("not_judged") else ""
    return f"{said(line)}: {number(line['numerator'])} of {number(line['denominator'])} {OF_WHAT[key]}.{judged}"


def _row(context: Context | None, key: str, kind: str, name: str = "", code: str = "") -> dict[str, Any]:
    line = context.indicators.get(key) if context else None
    label = name or (context.name if context else "")
    href = f"/areas/{code or (context.code if context else '')}/" if kind != "own" else ""
    value = line["value"] if line else None
    return {
        "label": label,
        "value": value,
        "kind": kind,
        "shown": said(line) if value is not None else "",
        "mark": _short(line),
        "href": href,
    }


def _short(line: Mapping[str, Any] | None) -> str:
    return "not loaded" if not line or not line.get("mark") else "no figure"


def over_time(series: Sequence[Series], titles: Mapping[str, str]) -> list[OverTime]:
    """The figures that have at least two loaded dates, each with its own definition's age said."""
    shown = []
    for one in series:
        known = [point for point in one.points if point.value is not None]
        if len(known) < 2:
            continue
        first, last = known[0], known[-1]
        unit = "%" if one.unit == "percent" else ""
        finding = f"{_written(first, unit)} in {month_year(first.as_at)}, {_written(last, unit)} in {month_year(last.as_at)}."
        if any(point.aged for point in one.points):
            finding += " " + one.aged
        labels = _labels(one.points)
        rows = [
            (day(point.as_at), (_written(point, unit) if point.value is not None else "–", _note(point), titles.get(point.edition, "–")))
            for point in one.points
        ]
        points = [
            {
                "period": label,
                "value": point.value,
                "low": None,
                "high": None,
                "cohort": None,
                "mark": "" if point.value is not None else point.mark,
            }
            for label, point in zip(labels, one.points, strict=True)
        ]
        sources = dict.fromkeys(titles.get(point.edition, point.edition) for point in known)
        shown.append(OverTime(one.name, finding, f"{'; '.join(sources)}.", unit, points, rows))
    return shown


def _written(point: Point, unit: str) -> str:
    return f"{number(point.value, 1 if unit else None)}{unit}"


def _note(point: Point) -> str:
    if point.value is None:
        return point.mark or "no figure"
    parts = []
    if point.numerator is not None and point.denominator is not None:
        parts.append(f"{number(point.numerator)} of {number(point.denominator)}")
    if point.not_judged is not None:
        parts.append(f"{number(point.not_judged)} not judged")
    return "; ".join(parts)


def _labels(points: Iterable[Point]) -> list[str]:
    """The year of each point, or month and year where a year has several."""
    days = [point.as_at for point in points]
    years = [str(on.year) for on in days]
    return years if len(set(years)) == len(years) else [month_year(on) for on in days]


def table(found: Contexts, titles: Mapping[str, str]) -> list[TableLine]:
    """All nine figures, one line each."""
    own = found.area
    if own is None:
        return []
    lines = []
    for key, definition in DEFINITION.items():
        line = own.indicators.get(key)
        if line is None:
            continue
        mean = found.neighbour_mean.get(key) if found.neighbour_mean else None
        lines.append(
            TableLine(
                name=definition.name,
                area=said(line),
                how=how(line),
                neighbours=said(mean) if mean and mean["value"] is not None else "",
                region=said(found.region.indicators.get(key)) if found.region and _value(found.region, key) is not None else "",
                england=said(found.england.indicators.get(key)) if found.england and _value(found.england, key) is not None else "",
                edition=titles.get(line["edition"] or "", line["edition"] or ""),
                as_at=day(date.fromisoformat(line["as_at"])) if line["as_at"] else "",
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class Beside:
    """The shares of every area shown, as one table."""

    columns: list[str]
    rows: list[tuple[str, list[str]]]


def beside(charts: Sequence[Comparison]) -> Beside:
    """One table of all the comparisons: a line for each area, a column for each share."""
    if not charts:
        return Beside([], [])
    labels = [str(row["label"]) for row in charts[0].rows]
    cells = {one.key: {str(row["label"]): row["shown"] or row.get("mark") or "–" for row in one.rows} for one in charts}
    rows = [(label, [cells[one.key].get(label, "–") for one in charts]) for label in labels]
    return Beside(["Area", *(one.title for one in charts)], rows)


def as_cells(lines: Sequence[TableLine]) -> list[tuple[str, tuple[str, ...]]]:
    """The table of all figures as plain cells; what is not known is a dash."""
    return [
        (one.name, tuple(cell or "–" for cell in (one.area, one.how, one.neighbours, one.region, one.england, one.edition, one.as_at)))
        for one in lines
    ]
