"""The tables of the published record."""

from convenor.registers.models.areas import (
    AreaMeasure,
    AreaReading,
    Boundary,
    District,
    LocalAuthority,
    SmallArea,
    StatisticalNeighbour,
)
from convenor.registers.models.editions import AreaContext, Edition, FieldMeaning, RefusedRow
from convenor.registers.models.readings import Inspection, Reading
from convenor.registers.models.schools import Group, GroupMembership, GroupRecord, HeadOfSchool, School, SchoolLink, SchoolRecord

__all__ = [
    "AreaContext",
    "AreaMeasure",
    "AreaReading",
    "Boundary",
    "District",
    "Edition",
    "FieldMeaning",
    "Group",
    "GroupMembership",
    "GroupRecord",
    "HeadOfSchool",
    "Inspection",
    "LocalAuthority",
    "Reading",
    "RefusedRow",
    "School",
    "SchoolLink",
    "SchoolRecord",
    "SmallArea",
    "StatisticalNeighbour",
]
