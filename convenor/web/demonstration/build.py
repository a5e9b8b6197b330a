"""Building a demonstration from the outside in, by the same actions that a real partnership uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from convenor.accounts import actions as accounts
from convenor.partnership import actions as partnership
from convenor.partnership.queries.demonstration import is_built
from convenor.partnership.rules.constitution import Constitution
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.writing import to_toml
from convenor.registers import actions as registers
from convenor.registers.queries.standing import standing
from convenor.web.demonstration import consulting, early, keeping, over_time, reviews, support, workshops
from convenor.web.demonstration import schools as invented
from convenor.web.demonstration.areas import Area
from convenor.web.demonstration.backtest import SHIPPED, keep_backtest
from convenor.web.demonstration.inspections import inspections
from convenor.web.demonstration.life import live
from convenor.web.demonstration.names import address
from convenor.web.demonstration.partnership import InventedPerson, invent
from convenor.web.demonstration.readings import readings
from convenor.web.reckoning import reckon

BY = "the demonstration"
SAMPLE = Path(settings.BASE_DIR) / "sample"
CONSTITUTIONS = Path(settings.BASE_DIR) / "convenor" / "partnership" / "constitutions"
Say = Callable[[str], None]


def sample_files() -> list[Path]:
    """Every published file of the sample."""
    found = (path for path in SAMPLE.rglob("*") if path.is_file() and path.suffix not in {".md", ".py", ".pyc"})
    return sorted(path for path in found if not path.match(SHIPPED))


def build(area: Area, *, at: datetime, say: Say) -> str:
    """Everything that a demonstration of the area needs; what is there already is left. Returns the partnership's slug."""
    slug = f"{area.key}-demonstration"
    if is_built(slug):
        _reckon(area, slug, at, say)  # a former build may have been ended before it came to this
        return slug
    say("Loading the sample of published files ...")
    reports = registers.load(files=sample_files(), by=BY, at=at)
    loaded = sum(report.rows_loaded for report in reports if report.status == "loaded")
    say(f"  {loaded:,} rows of {sum(report.status == 'loaded' for report in reports)} published files stand in the registers.")
    for report in reports:
        if report.status != "loaded":
            say(f"  Not loaded: {report.file}: {report.reason}")
    say(f"Inventing schools and people for {area.name} ...")
    with transaction.atomic():
        stand, names = standing(area.authorities)
        schools = invented.schools(area, stand, names)
        groups = invented.groups(area)
        _invent_schools(area, schools, groups, at)
        shipped = parse((CONSTITUTIONS / f"{area.constitution}.toml").read_text(encoding="utf-8"))
        constitution, people = invent(area, shipped, schools, groups, at.date())
        keys = _add_people(area, people, constitution, at)
        partnership.load_constitution(text=to_toml(constitution), by=BY, at=at, people=keys, demonstration=True)
        live(area, slug, schools, people, keys, at)
    _reckon(area, slug, at, say)
    return slug


def _reckon(area: Area, slug: str, at: datetime, say: Say) -> None:
    """Similar schools and the run over England, the invented schools among them; then the conversations that begin with it."""
    reckon(by=BY, at=at, say=lambda words: say(f"{words} ..."))
    keep_backtest(SAMPLE, by=BY, at=at)
    say("Letting brokers and schools talk ...")
    early.begin(area, slug, at)
    say("Leading rounds of peer review ...")
    reviews.begin(area, slug, at, say)
    say("Putting packages of support together ...")
    support.begin(area, slug, at, say)
    say("Holding workshops and asking every school ...")
    workshops.begin(area, slug, at)
    over_time.begin(area, slug, at)
    consulting.begin(area, slug, at)
    say("Keeping addresses, agreements and requests ...")
    keeping.begin(area, slug, at)


def _invent_schools(area: Area, schools: Sequence[invented.InventedSchool], groups: Sequence[invented.InventedGroup], at: datetime) -> None:
    rows = []
    for school in schools:
        row = asdict(school)
        del row["disadvantage"], row["strength"], row["slipping"]
        row["authority_id"] = row.pop("authority")
        row["trust_id"] = row.pop("trust") or None
        row["federation_id"] = row.pop("federation") or None
        rows.append(row | {"sixth_form": school.high_age >= 18 and school.phase == "Secondary"})
    registers.invent_schools(
        key=f"fictitious-{area.key}", title=f"Fictitious schools of the demonstration of {area.name}",
        groups=[{"uid": g.uid, "name": g.name, "kind": g.kind, "status": "Open"} for g in groups], schools=rows,
        readings=(
            (r.urn, r.measure, r.period, r.value, r.low, r.high, r.cohort, r.mark) for school in schools for r in readings(school)
        ),
        inspections=[each for school in schools for each in inspections(school, at.date())], by=BY, at=at,
    )  # fmt: skip


def _add_people(area: Area, people: Sequence[InventedPerson], constitution: Constitution, at: datetime) -> dict[str, int]:
    """Everybody as a person who can sign in, and successors besides; keys by name."""
    names = [person.name for person in people] + [one.successor for one in constitution.appointments if one.successor]
    return {
        name: accounts.add_person(name=name, email=address(name, area.key), by=BY, at=at, fictitious=True).pk
        for name in dict.fromkeys(names)
    }
