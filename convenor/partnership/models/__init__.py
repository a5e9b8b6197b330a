"""The partnership's tables. Every row bears its partnership's key; no query crosses that line.

Periods are half-open: `from_on` is the first day (empty: since before anyone wrote it down), `until_on` the first day no
longer (empty while it lasts).
"""

from convenor.partnership.models.members import BodySchool, Engagement, Membership
from convenor.partnership.models.people import Appointment, Nomination, Post, SeatCall, Tenure
from convenor.partnership.models.structure import (
    LASTING,
    LASTING_AUTHORITY,
    Body,
    Constitution,
    Partnership,
    ReportingLine,
    Seat,
    Tier,
)
from convenor.partnership.models.terms import DayOff, TermDates

__all__ = [
    "LASTING",
    "LASTING_AUTHORITY",
    "Appointment",
    "Body",
    "BodySchool",
    "Constitution",
    "DayOff",
    "Engagement",
    "Membership",
    "Nomination",
    "Partnership",
    "Post",
    "ReportingLine",
    "Seat",
    "SeatCall",
    "Tenure",
    "TermDates",
    "Tier",
]
