"""A small England in the registers: a hundred and twenty look-alike primaries, and schools of which a test may say what it likes."""

from __future__ import annotations

from datetime import date

from convenor.registers.models import Edition, Inspection, Reading, School
from tests.factories.registers import authority, edition, inspection, reading, school

MANY = 120
AREA = "359"
OTHER_AREA = "916"


def england(*, area: str = OTHER_AREA) -> Edition:
    """England's primaries as one edition of 2022-23 tells them: results, absence, rolls and whom they serve. All much alike."""
    tables = edition("tables-2022-23", family="census", as_at=date(2023, 8, 31), title="Tables of 2022-23")
    listed = edition("inspections-2023", family="ofsted-mi", as_at=date(2023, 8, 31), title="Inspections to August 2023")
    place = authority(area, "Gloucestershire", "South West")
    schools = [
        School(
            urn=f"{100001 + number}", name=f"Primary {number:03d}", search_name=f"primary {number:03d}", authority=place, phase="Primary",
            type_name="Community school", type_group="maintained", status="open", low_age=4, high_age=11, opened_on=date(1990, 9, 1),
        )
        for number in range(MANY)
    ]  # fmt: skip
    School.objects.bulk_create(schools)
    Reading.objects.bulk_create(each for number, one in enumerate(schools) for each in figures(one, tables, shift=number % 11 - 5))
    Inspection.objects.bulk_create(
        Inspection(
            edition=listed, urn=one.urn, urn_at_inspection=one.urn, kind="graded", vocabulary="overall_effectiveness", overall="2",
            started_on=date(2021, 10, 5),
        )
        for one in schools
    )  # fmt: skip
    return tables


def figures(one: School, told_by: Edition, *, shift: float = 0, rwm: float = 60, absence: float = 6, pupils: int = 420, before: int = 420,
            period: str = "2022-23") -> list[Reading]:  # fmt: skip
    """One school's figures of a year; `shift` moves them a little, so that no two neighbours are quite the same."""
    said = {
        "ks2_rwm_expected": (rwm + shift, 60), "ks2_cohort": (60, None), "absence_overall": (absence + shift / 10, None),
        "absence_persistent": (2.5 * absence + shift / 5, None), "pupils_on_roll": (pupils, None),
        "fsm_ever6_percent": (20 + shift, 420), "eal_percent": (10 + shift / 2, 420), "sen_support_percent": (13 + shift / 3, 420),
        "ehcp_percent": (3 + shift / 9, 420),
    }  # fmt: skip
    rows = [
        Reading(edition=told_by, urn=one.urn, measure=key, period=period, value=value, cohort=cohort)
        for key, (value, cohort) in said.items()
    ]
    return [*rows, Reading(edition=told_by, urn=one.urn, measure="pupils_on_roll", period="2019-20", value=before)]


def struggling(urn: str, told_by: Edition, *, fictitious: bool = False, area: str = AREA) -> School:
    """A school whose published figures suggest a conversation: results, absence, roll, and long uninspected."""
    place = authority(area, "Wigan", "North West") if area == AREA else authority(area, "Gloucestershire", "South West")
    one = School.objects.filter(urn=urn).first() or school(f"Struggling {urn}", urn=urn, area=place, fictitious=fictitious)
    Reading.objects.bulk_create(figures(one, told_by, rwm=30, absence=16, pupils=340))
    inspection(one, Edition.objects.get(family="ofsted-mi", withdrawn_at=None), started_on=date(2016, 5, 4))
    return one


def plain(urn: str, told_by: Edition, *, area: str = AREA) -> School:
    """A school of which nothing stands out."""
    one = school(f"Plain {urn}", urn=urn, area=authority(area, "Wigan", "North West"))
    Reading.objects.bulk_create(figures(one, told_by, rwm=62))
    return one


def withheld(urn: str, told_by: Edition, *, area: str = AREA) -> School:
    """A school whose results were suppressed."""
    one = school(f"Withheld {urn}", urn=urn, area=authority(area, "Wigan", "North West"))
    reading(one, told_by, "ks2_rwm_expected", "2022-23", None, mark="suppressed")
    return one
