"""Everything that the lines page of one school shows to somebody whom the circle lets read it. All others get nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.intelligence.queries.circle import sight_of
from convenor.intelligence.queries.conversations import ConversationSeen, ReplySeen, open_conversation_of, replies
from convenor.intelligence.queries.runs import RunShort, assessed
from convenor.intelligence.queries.soft_signals import as_read_along
from convenor.intelligence.rules.circle import Sight, Told, told
from convenor.intelligence.rules.indicators import THRESHOLDS
from convenor.intelligence.rules.lines import Assessment, Line
from convenor.intelligence.rules.showing import number, period_says
from convenor.intelligence.rules.volatility import YearFigure, change, change_words
from convenor.journal.queries import LookSeen, looks_at
from convenor.partnership.queries.holdings import day_of
from convenor.registers.queries import readings
from convenor.registers.queries.known import school_in_short
from convenor.registers.queries.readings import Point, Series
from convenor.registers.queries.schools import EditionLine, editions, links
from convenor.registers.rules.measures import MEASURES, Measure, Unit

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: How many looks the page shows; the rest stand on the school's own page of what is held.
LOOKS = 5
#: Lines whose figure has a history worth a table: a trend and a roll are changes already.
WITH_YEARS = ("ATT", "PRG", "DIS", "ABS", "PAB", "SEV", "MOB")


@dataclass(frozen=True, slots=True)
class YearSeen:
    """One earlier year of a line's figure, in words; texts are empty where there is nothing to say."""

    year: str
    figure: str
    interval: str
    pupils: str
    england: str


@dataclass(frozen=True, slots=True)
class SchoolLines:
    """A school's lines for one viewer. `assessment` is None where no run has been made or the school is not in it.

    `changes`, `earlier` and `compared` (key and title of editions on which the comparator rests) are by the line's code. `sources` are the
    editions of the lines themselves. `looks` are there for the school's own people alone.
    """

    urn: str
    name: str
    phase: str
    sight: Sight
    of_school: bool
    assessment: Assessment | None
    run: RunShort | None
    sources: tuple[EditionLine, ...]
    compared: Mapping[str, tuple[tuple[str, str], ...]]
    changes: Mapping[str, str]
    earlier: Mapping[str, tuple[YearSeen, ...]]
    replies: tuple[ReplySeen, ...]
    conversation: ConversationSeen | None
    circle: tuple[Told, ...]
    looks: tuple[LookSeen, ...]

    @property
    def own(self) -> bool:
        """Whether the viewer belongs to the school."""
        return self.sight is Sight.OWN

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the lines' own editions, by key."""
        return {each.key: each.title for each in self.sources}

    @property
    def beside(self) -> dict[str, list[ReplySeen]]:
        """What was said beside each line, by its code; under "" what was said of the whole."""
        found: dict[str, list[ReplySeen]] = {}
        for each in self.replies:
            found.setdefault(each.line, []).append(each)
        return found


def may_read(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> bool:
    """Whether the circle lets this viewer read a school's lines today. At most two queries, none for its own people."""
    return viewer.partnership is not None and viewer.partnership.slug == slug and sight_of(urn, viewer=viewer, at=at).reads


def school_lines(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> SchoolLines | None:
    """A school's lines, what was said beside them, its conversation and who looked; None for whoever is outside the circle."""
    here, on = viewer.partnership, day_of(at)
    if here is None or here.slug != slug:
        return None
    sight = sight_of(urn, viewer=viewer, at=on)
    school = school_in_short(urn, viewer=viewer) if sight.reads else None
    if school is None:
        return None
    found = assessed([urn], partnership_id=here.id, at=on, viewer=viewer).get(urn)
    assessment, run = (found.assessment, found.run) if found else (None, None)
    if assessment is not None and sight is Sight.READS:
        assessment = as_read_along(assessment, viewer=viewer)
    lines = assessment.lines if assessment else ()
    known = editions({*run.editions, *(line.edition for line in lines)}, viewer=viewer) if run else []
    conversation = open_conversation_of(urn, viewer=viewer, at=on)
    changes, earlier = _years(assessment, viewer)
    return SchoolLines(
        urn=urn, name=school.name, phase=school.phase, sight=sight, of_school=any(each.urn == urn for each in viewer.holdings),
        assessment=assessment, run=run, sources=_sources(lines, known), compared=_compared(lines, run, known),
        changes=changes, earlier=earlier, replies=replies(urn, viewer=viewer, at=on), conversation=conversation,
        circle=told(conversation.standing if conversation else None, on=on, broker=conversation.broker if conversation else ""),
        looks=tuple(looks_at(urn, viewer=viewer, limit=LOOKS)) if sight is Sight.OWN else (),
    )  # fmt: skip


def _sources(lines: Iterable[Line], known: Iterable[EditionLine]) -> tuple[EditionLine, ...]:
    """The editions that a school's lines come from, newest first as they are known."""
    keys = {line.edition for line in lines if line.edition}
    return tuple(each for each in known if each.key in keys)


def _compared(lines: Iterable[Line], run: RunShort | None, known: Iterable[EditionLine]) -> dict[str, tuple[tuple[str, str], ...]]:
    """For each line that is held against other schools, the editions of the run that tell of them: those of its measure and its years."""
    if run is None:
        return {}
    used = [each for each in known if each.key in run.editions]
    found = {}
    for line in lines:
        measure = MEASURES.get(line.measure)
        if measure is not None and line.comparator is not None and line.code in WITH_YEARS:
            years = {line.period, *line.periods}
            found[line.code] = tuple((each.key, each.title) for each in used if each.family in measure.families and each.period in years)
    return found


def _years(assessment: Assessment | None, viewer: Viewer) -> tuple[dict[str, str], dict[str, tuple[YearSeen, ...]]]:
    """For each line with a history: the change since the year before beside what chance does, and the years. At most four queries."""
    if assessment is None:
        return {}, {}
    lines = [line for line in assessment.lines if line.code in WITH_YEARS and line.measure in MEASURES and line.value is not None]
    measures = list(dict.fromkeys(line.measure for line in lines))
    if not measures:
        return {}, {}
    series = {one.measure.key: one for one in readings.series(assessment.urn, measures, viewer=viewer)}
    if any(not _tells(series.get(line.measure), line) for line in lines):  # the figure is one of the school before it
        line_of = [assessment.urn, *_carried_on(assessment.urn, viewer)]
        series = {one.measure.key: one for one in readings.series(line_of, measures, viewer=viewer)}
    england = _england(readings.beside(measures, phase=assessment.phase, viewer=viewer))
    changes, earlier = {}, {}
    for line in lines:
        one = series.get(line.measure)
        if one is not None:
            changes[line.code] = _change(one, line)
            earlier[line.code] = tuple(_year(one.measure, point, england) for point in one.points)
    return {code: words for code, words in changes.items() if words}, earlier


def _tells(one: Series | None, line: Line) -> bool:
    """Whether a school's own figures hold the year that its line is about."""
    return one is not None and any(point.period == line.period for point in one.points)


def _carried_on(urn: str, viewer: Viewer) -> list[str]:
    """The one school that this one carried on; none after a merger or a split."""
    before = [link for link in links(urn, viewer=viewer) if link.earlier]
    plain = all(word not in link.kind.lower() for link in before for word in ("merge", "amalgam", "split"))
    return [before[0].urn] if len(before) == 1 and plain else []


def _england(points: Iterable[readings.AreaPoint]) -> dict[tuple[str, str], float]:
    """England's figures by measure and year; one of the school's own phase goes before one of all schools."""
    found: dict[tuple[str, str], float] = {}
    for point in sorted(points, key=lambda each: bool(each.group)):
        if point.value is not None:
            found[point.measure, point.period] = point.value
    return found


def _change(one: Series, line: Line) -> str:
    """The newest two years' difference in words; "" where there are no two."""
    known = [point for point in one.points if point.value is not None and point.period <= line.period]
    if len(known) < 2 or one.measure.unit is Unit.PUPILS:
        return ""
    before, now = (YearFigure(each.period, each.value or 0.0, each.cohort, each.low, each.high) for each in known[-2:])
    share = one.measure.is_share and line.code != "ABS"
    found = change(before, now, measure=one.measure.key, unit=one.measure.unit.value, share_of_pupils=share)
    return change_words(found, decimals=one.measure.decimals)


def _year(measure: Measure, point: Point, england: Mapping[tuple[str, str], float]) -> YearSeen:
    beside = england.get((measure.key, point.period))
    few = point.cohort is not None and point.cohort < THRESHOLDS.pooled_under
    shown = point.value is not None and not few
    interval = f"{_figure(measure, point.low)} to {_figure(measure, point.high)}" if shown and point.low is not None else ""
    return YearSeen(
        year=period_says(point.period),
        figure=_figure(measure, point.value) if shown else "too few alone" if few and point.value is not None else point.mark_says,
        interval=interval,
        pupils=f"{point.cohort:,}" if point.cohort is not None else "",
        england=_figure(measure, beside) if beside is not None else "",
    )


def _figure(measure: Measure, value: float | None) -> str:
    return "" if value is None else f"{number(value, measure.decimals)}{'%' if measure.is_share else ''}"
