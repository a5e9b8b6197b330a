"""The parts of which homes are made: each asks the features that know, and says it in a form that a page can show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from convenor.england.authorities import AUTHORITIES
from convenor.england.regions import ENGLAND_CODE, REGIONS
from convenor.partnership.queries.today import CallNow, OwnSchool, calls_now, own_schools, terms_ending
from convenor.partnership.rules.published import phase_key
from convenor.partnership.rules.vocabulary import ROLES_WITHIN
from convenor.registers.queries.newest import ContextNow, newest_about
from convenor.registers.queries.readings import Series, beside, series
from convenor.web import doors, todo
from convenor.web.addresses import address
from convenor.web.words import number, school_year

#: What a role of ours is called in a constitution's "who may fill it".
WHO: dict[str, frozenset[str]] = {
    "head": frozenset({"headteacher"}),
    "school-leader": frozenset({"senior-leader"}),
    "chair-of-governors": frozenset({"chair-of-governors"}),
    "trust-lead": frozenset({"trust-leader"}),
    "clerk": frozenset({"governor", "chair-of-governors"}),
    "diocese": frozenset({"diocese"}),
    "officer": frozenset({"officer"}),
}

#: The three figures of the strip, by phase; the first three that any edition tells of.
STRIP: dict[str, tuple[str, ...]] = {
    "Primary": ("ks2_rwm_expected", "absence_overall", "pupils_on_roll", "fsm_eligible_percent"),
    "Secondary": ("ks4_attainment8", "absence_overall", "pupils_on_roll", "ks4_basics_95"),
    "": ("absence_overall", "pupils_on_roll", "fsm_eligible_percent"),
}


def school_year_began(on: date) -> date:
    """The first of September before or on the day."""
    return date(on.year if on.month >= 9 else on.year - 1, 9, 1)


def greeting(hour: int) -> str:
    """Good morning, afternoon or evening, by England's clock."""
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"


def own_term_things(viewer: Any, on: date) -> list[todo.Thing]:
    """What follows from the viewer's own terms that end."""
    slug = viewer.partnership.slug
    return [
        thing
        for term in terms_ending(viewer=viewer, on=on, own=True)
        for thing in todo.term_things(
            title=term.title, body=term.body, ends_on=term.ends_on, handed_over=term.handed_over, successor=bool(term.successor),
            href=doors.hand_over(slug, term.appointment_id), successor_href=doors.successor(slug, term.appointment_id),
            key=str(term.appointment_id),
        )
    ]  # fmt: skip


def open_to(call: CallNow, role: str, phases: Sequence[str], bodies: Sequence[str]) -> bool:
    """Whether a call asks for somebody like this: by role; by phase, where the seat or its body is of certain phases; and for a body
    that schools belong to, by whether theirs does (`bodies` are the keys of those it does)."""
    if call.has_schools and call.body_key not in bodies:
        return False
    mine = WHO.get(role, frozenset())
    fits = not call.who or any(who in mine or mine & ROLES_WITHIN.get(who, frozenset()) for who in call.who)
    own = {phase_key(phase) for phase in phases if phase}
    return fits and (not call.phases or not own or bool(own & set(call.phases)))


def call_things(viewer: Any, on: date, role: str, phases: Sequence[str] = (), bodies: Sequence[str] = ()) -> list[todo.Thing]:
    """Calls open to somebody of this role, these phases and these bodies."""
    slug = viewer.partnership.slug
    found = [
        todo.call_thing(
            title=call.title, body=call.body, closes_on=call.closes_on, mine=call.mine, href=doors.call(slug, call.id), key=str(call.id)
        )
        for call in calls_now(viewer=viewer, on=on)
        if call.closes_on >= on and open_to(call, role, phases, bodies)
    ]
    return [thing for thing in found if thing is not None]


def school_things(viewer: Any, on: date, school: OwnSchool, *, may_join: bool) -> list[todo.Thing]:
    """What waits at one school: joining, and new published figures."""
    found = []
    if not school.member and may_join:
        found.append(todo.join_thing(name=school.name, partnership=viewer.partnership.name, href=doors.members(viewer.partnership.slug)))
    newest = newest_about([school.urn], viewer=viewer)
    if newest is not None:
        loaded_on = newest.loaded_at.date()
        facts = todo.facts_thing(
            edition=f"{newest.publisher}: {newest.title}", loaded_on=loaded_on, today=on, href=doors.school(school.urn)
        )
        if facts is not None:
            found.append(facts)
    return found


def things_at_school(viewer: Any, on: date, school: OwnSchool, role: str, *, may_join: bool) -> list[todo.Thing]:
    """Everything that waits at one school for somebody of this role. Two queries."""
    return [
        *call_things(viewer, on, role, [school.phase], [key for key, _name in school.bodies]),
        *school_things(viewer, on, school, may_join=may_join),
    ]


def delegable(thing: todo.Thing, urn: str) -> todo.Thing:
    """The thing with the way to give it to a colleague, where it may be given."""
    return todo.with_door(thing, todo.Door("Give to a colleague", address("give", urn, thing.key))) if thing.delegable else thing


@dataclass(frozen=True)
class Small:
    """One small chart of the strip: what it shows, what it says in words, and where it comes from."""

    title: str
    finding: str
    caption: str
    points: list[dict[str, Any]]
    unit: str
    small_cohort: int


def strip(viewer: Any, school: OwnSchool) -> list[Small]:
    """At most three small charts of a school's published figures, newest year last. Two queries."""
    wanted = STRIP.get(school.phase, STRIP[""])
    found = {one.measure.key: one for one in series(school.urn, wanted, viewer=viewer)}
    chosen = [found[key] for key in wanted if key in found][:3]
    england = {
        (point.measure, point.period): point.value
        for point in (beside([one.measure.key for one in chosen], phase=school.phase, viewer=viewer) if chosen else [])
        if point.area_kind == "england"
    }
    return [_small(one, england) for one in chosen]


def _small(one: Series, england: dict[tuple[str, str], float | None]) -> Small:
    """One measure as a small chart, its newest year in words."""
    measure, latest = one.measure, one.latest
    unit = "%" if measure.unit == "%" else ""
    year = school_year(latest.period)
    if latest.value is None:
        finding = f"{year}: {latest.mark_says}"
    else:
        finding = f"{number(latest.value, measure.decimals)}{unit}"
        if latest.cohort and unit:
            finding += f" of {number(latest.cohort)} pupils"
        finding += f", {year}"
        beside_it = england.get((measure.key, latest.period))
        if beside_it is not None and measure.key != "pupils_on_roll":
            finding += f"; England {number(beside_it, measure.decimals)}{unit}"
    points = [
        {
            "period": point.period,
            "value": point.value,
            "low": point.low,
            "high": point.high,
            "cohort": point.cohort,
            "mark": point.mark_says,
        }
        for point in one.points
    ]
    return Small(measure.name, finding, f"{latest.edition_title}.", points, unit, measure.small_cohort)


def data_line(titles: Iterable[str]) -> str:
    """The footer's line: from which editions a page's figures come, each once; an empty text when it shows none."""
    said = list(dict.fromkeys(title.rstrip(".") for title in titles if title))
    return f"Figures from: {'; '.join(said)}." if said else ""


def chosen_school(viewer: Any, on: date, wanted: str | None, holding: Any) -> tuple[list[OwnSchool], OwnSchool | None]:
    """The viewer's schools, and the one they are at: the one they chose, or else the one of the post they work under."""
    schools = own_schools(viewer=viewer, on=on)
    return schools, next((one for urn in (wanted, *holding.urns) for one in schools if one.urn == urn), None)


#: The area in five pictures: which figures of the context, and what each is called here.
PICTURES = (
    ("fsm_percent", "Pupils eligible for free school meals"),
    ("primary_good_or_outstanding_percent", "Primary schools good or outstanding, as judged before September 2024"),
    ("secondary_good_or_outstanding_percent", "Secondary schools good or outstanding, as judged before September 2024"),
    ("primary_academies_percent", "Primary schools that are academies"),
    ("secondary_academies_percent", "Secondary schools that are academies"),
)


def context_codes(area: str) -> list[str]:
    """The area, its region and England, as the contexts are kept; the area alone where no authority has that code."""
    known = AUTHORITIES.get(area)
    return [area, *([known.region_code] if known and known.region_code else []), ENGLAND_CODE] if known else [area]


def area_pictures(area: str, contexts: dict[str, ContextNow]) -> list[dict[str, Any]]:
    """Each figure of the area beside its region's and England's; a figure that is not known is said in words. Names no school."""
    here = contexts.get(area)
    if here is None:
        return []
    known = AUTHORITIES.get(area)
    places = [
        (area, known.name if known else "This area", "own"),
        *(
            (one.code, REGIONS[one.code].name if one.code in REGIONS else "Region", "reference")
            for one in contexts.values()
            if one.kind == "region"
        ),
    ]
    places += [(ENGLAND_CODE, "England", "reference")] if ENGLAND_CODE in contexts else []
    pictures = []
    for key, title in PICTURES:
        lines = [(label, kind, contexts[code].indicators.get(key) or {}) for code, label, kind in places]
        rows = [{"label": label, "kind": kind, "value": line.get("value"), "mark": line.get("mark") or ""} for label, kind, line in lines]
        own = lines[0][2]
        on = date.fromisoformat(str(own["as_at"])) if own.get("as_at") else here.as_at
        caption = f"As at {todo.said(on)}. {own.get('definition') or ''}".strip()
        edition = own.get("edition") or ""
        pictures.append(
            {
                "edition": edition if isinstance(edition, str) else ", ".join(map(str, edition)),
                "title": title,
                "rows": rows,
                "finding": _picture_words(own),
                "caption": caption,
            }
        )
    return pictures


def _picture_words(line: dict[str, Any]) -> str:
    """The area's own figure in words, with its numerator and denominator."""
    if line.get("value") is None:
        return str(line.get("mark") or "No figure is loaded")
    of = (
        f" ({number(line['numerator'])} of {number(line['denominator'])})"
        if line.get("numerator") is not None and line.get("denominator")
        else ""
    )
    not_judged = line.get("not_judged")
    beside_it = f"; {number(not_judged)} more have no overall grade" if not_judged else ""
    return f"{number(line['value'], 1)}%{of}{beside_it}"


def map_of(viewer: Any) -> str:
    """The map of the viewer's area, or an empty text."""
    here = viewer.partnership
    return address("area-map", here.area) if here is not None and here.area else ""


def journal_of(viewer: Any) -> str:
    """The partnership's journal, or an empty text."""
    return address("journal", viewer.partnership.slug) if viewer.partnership is not None else ""
