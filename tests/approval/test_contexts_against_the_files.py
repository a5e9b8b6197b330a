"""Every authority's, region's and England's context, worked out a second way straight from the published files.

Nothing of ours is used on the other side but the list of regions: DuckDB reads Ofsted's Parquet and the census as they stand.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from convenor.england.authorities import AUTHORITIES, live_codes, predecessors
from convenor.registers.actions import load
from convenor.registers.models import AreaContext

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 1, 12, tzinfo=UTC)

MI = "ofsted/ofsted_mi_latest_inspections_2025-08-31.parquet"
CENSUS = "performance_tables/2022-2023/england_census.csv"
ACADEMIES = (
    "Academy Converter", "Academy Sponsor Led", "Free School", "University Technical College", "Studio School", "City Technology College",
)  # fmt: skip
#: An authority is known by its name; its code is the one that most of its schools' LAESTABs begin with (four schools keep another's).
FROM_MI = """
    SELECT code, "Ofsted phase" AS phase, count(*) AS schools,
        count(*) FILTER ("Type of education" IN {academies}) AS academies,
        count(*) FILTER ("Overall effectiveness" IN ('1', '2')) AS good,
        count(*) FILTER ("Overall effectiveness" IN ('1', '2', '3', '4')) AS graded
    FROM read_parquet('{path}') JOIN (
        SELECT "Local authority" AS name, mode(substr(CAST("LAESTAB" AS BIGINT)::TEXT, 1, 3)) AS code FROM read_parquet('{path}') GROUP BY 1
    ) ON name = "Local authority" WHERE "URN" IS NOT NULL GROUP BY 1, 2
"""
FROM_CENSUS = """
    SELECT LA AS code, sum(NUMFSM::INT) AS eligible, sum(NOR::INT) AS on_roll
    FROM read_csv('{path}', all_varchar=true, header=true)
    WHERE SCHOOLTYPE <> 'Independent school' AND URN <> 'NAT' AND NUMFSM SIMILAR TO '[0-9]+' AND NOR SIMILAR TO '[0-9]+' GROUP BY 1
"""


def half_up(part: int, whole: int) -> float | None:
    """A share in percent to one decimal, by whole numbers only."""
    return (2000 * part + whole) // (2 * whole) / 10 if whole else None


def expected(mi: dict[tuple[str, str], Any], pupils: dict[str, Any], codes: list[str]) -> dict[str, tuple[float | None, int, int | None]]:
    """Value, numerator and denominator of each figure of these authorities together."""

    def total(phase: str, place: int) -> int:
        return sum(mi.get((code, phase), (0, 0, 0, 0))[place] for code in codes)

    found: dict[str, tuple[float | None, int, int | None]] = {}
    for phase in ("Nursery", "Primary", "Secondary"):
        found[f"{phase.lower()}_schools"] = (total(phase, 0), total(phase, 0), None)
    for phase in ("Primary", "Secondary"):
        schools, academies, good, graded = (total(phase, place) for place in range(4))
        found[f"{phase.lower()}_academies_percent"] = (half_up(academies, schools), academies, schools)
        found[f"{phase.lower()}_good_or_outstanding_percent"] = (half_up(good, graded), good, graded)
    named = [*codes, *sorted({old for code in codes for old in predecessors(code)})]  # the census of 2023 still names Cumbria
    eligible, on_roll = (sum(pupils[code][place] for code in named if code in pupils) for place in (0, 1))
    found["fsm_percent"] = (half_up(eligible, on_roll), eligible, on_roll)
    return found


@pytest.fixture
def published(shared: Path) -> tuple[dict[tuple[str, str], Any], dict[str, Any]]:
    """Counts straight from the files."""
    mi = duckdb.sql(FROM_MI.format(path=shared / MI, academies=ACADEMIES)).fetchall()
    pupils = duckdb.sql(FROM_CENSUS.format(path=shared / CENSUS)).fetchall()
    return {(code, phase): tuple(rest) for code, phase, *rest in mi}, {code: tuple(rest) for code, *rest in pupils}


def test_every_context_equals_a_second_working_out(shared: Path, published: tuple[dict[tuple[str, str], Any], dict[str, Any]]) -> None:
    reports = load(files=[shared / MI, shared / CENSUS], by="the operator", at=AT)
    assert [report.status for report in reports] == ["loaded", "loaded"]
    groups = {("authority", code): [code] for code in live_codes()}
    groups |= {("authority", "909"): ["942", "943"], ("authority", "928"): ["940", "941"]}
    for code in live_codes():
        groups.setdefault(("region", AUTHORITIES[code].region_code), []).append(code)
    groups["england", "E92000001"] = list(live_codes())
    wrong = []
    for (kind, code), codes in groups.items():
        row = AreaContext.objects.get(area_kind=kind, area_code=code, as_at=date(2025, 8, 31))
        for key, said in expected(*published, codes).items():
            line = row.indicators[key]
            if code in {"942", "943"} and key == "fsm_percent":
                continue  # see below
            if (line["value"], line["numerator"], line["denominator"]) != said:
                wrong.append((code, key, (line["value"], line["numerator"], line["denominator"]), said))
    assert wrong == []
    parts = [AreaContext.objects.get(area_code=code, as_at=date(2025, 8, 31)).indicators["fsm_percent"] for code in ("942", "943")]
    whole = AreaContext.objects.get(area_code="909", as_at=date(2025, 8, 31)).indicators["fsm_percent"]
    assert 0.95 < sum(part["denominator"] for part in parts) / whole["denominator"] <= 1
    assert {part["note"] for part in parts} == {"The census names Cumbria: its schools are counted by the authority they are in now."}


def test_england_agrees_with_what_its_publishers_print(shared: Path) -> None:
    # Ofsted, State-funded schools inspections and outcomes as at 31 August 2018: 87 % of primary and 75 % of secondary schools good or
    # outstanding. Department for Education, Schools, pupils and their characteristics: 23.8 % eligible for free school meals in 2022/23.
    files = ["ofsted/2017-2018_england_ofsted-schools_2018-07-31.xlsx", "performance_tables/2017-2018/2017-2018_england_spine.xlsx", CENSUS]
    load(files=[shared / name for name in files], by="the operator", at=AT)
    lines: dict[str, float] = {}
    for row in AreaContext.objects.filter(area_kind="england").order_by("as_at"):
        lines |= {f"{key} {line['as_at']}": line["value"] for key, line in row.indicators.items() if line["as_at"]}
    assert round(lines["primary_good_or_outstanding_percent 2018-07-31"]) == 87
    assert round(lines["secondary_good_or_outstanding_percent 2018-07-31"]) == 75
    assert lines["fsm_percent 2023-01-19"] == 23.8
