"""By which day a request for information is to be answered, and what stops or lengthens its clock. The clock counts; it never decides.

Sources: Freedom of Information Act 2000, section 10 (https://www.legislation.gov.uk/ukpga/2000/36/section/10): promptly, and not later than
the twentieth working day after the day of receipt; when more is needed to find what is asked for, the day on which that came counts as
the day of receipt; the working days from a fees notice to the payment do not count. UK GDPR, Article 12(3), and the Information
Commissioner's guidance on the right of access: one month from the day of receipt, to the same date of the next month or its last day,
on to the next working day where that is none; from the day on which the asker's identity was shown where that had to be asked; stopped
while it has to be made clear what is asked for; three months where it is complex or one of several, which the asker is told within the
first.

Working days here are those of England and Wales. The Act leaves out bank holidays of anywhere in the United Kingdom, which are more: the
day said here is therefore never too late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from convenor.england.keeping import add_months
from convenor.england.working_days import LAST_DAY, BeyondTheListError, add_working_days, is_working_day, working_days_between

FREEDOM_OF_INFORMATION_DAYS: Final = 20
MONTHS, MONTHS_LONGER = 1, 3


class RequestKind(StrEnum):
    """Under which law somebody asks."""

    FREEDOM_OF_INFORMATION = "foi"
    SUBJECT_ACCESS = "sar"
    OTHER = "other"


KIND_SAYS: Final = {
    RequestKind.FREEDOM_OF_INFORMATION: "Freedom of information",
    RequestKind.SUBJECT_ACCESS: "Subject access",
    RequestKind.OTHER: "Another request",
}
KIND_MEANS: Final = {
    RequestKind.FREEDOM_OF_INFORMATION: "Anybody asks a public authority for what it holds. Twenty working days.",
    RequestKind.SUBJECT_ACCESS: "Somebody asks for what is held about themselves. One calendar month.",
    RequestKind.OTHER: "No law sets its clock; you may set a day yourself.",
}


class StopKind(StrEnum):
    """What the asker has to do before it can go on."""

    CLARITY = "clarity"
    IDENTITY = "identity"
    FEE = "fee"


STOP_SAYS: Final = {
    StopKind.CLARITY: "We asked what exactly is meant",
    StopKind.IDENTITY: "We asked the person to show who they are",
    StopKind.FEE: "We asked for a fee",
}
#: Stops that make the clock begin anew on the day they end, by the kind of request; the others hold it for as long as they last.
BEGINS_ANEW: Final = {
    RequestKind.FREEDOM_OF_INFORMATION: frozenset({StopKind.CLARITY}),
    RequestKind.SUBJECT_ACCESS: frozenset({StopKind.IDENTITY, StopKind.FEE}),
    RequestKind.OTHER: frozenset[StopKind](),
}


@dataclass(frozen=True, slots=True)
class Stop:
    """The clock stood still from `from_on`, when we asked, until `until_on`, when the answer came; None while we wait for it."""

    kind: StopKind
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Due:
    """When the answer is due. `on` is None while the clock is stopped, or where no law sets one; `says` is that in a sentence."""

    on: date | None
    stopped: bool
    says: str
    left: int | None = None

    def late(self, today: date) -> bool:
        """Whether the day has passed."""
        return self.on is not None and today > self.on


def due(
    kind: RequestKind, received_on: date, stops: Sequence[Stop] = (), *, longer: bool = False, own_day: date | None = None, today: date
) -> Due:
    """By which day the request is to be answered, as it stands on `today`.

    `longer`: a subject access request whose time was lengthened by two months. `own_day`: the day somebody set for a request whose clock
    no law sets. Where the list of bank holidays ends before the day, no day is said.
    """
    waiting = next((each for each in stops if each.until_on is None), None)
    if waiting is not None:
        return Due(None, True, f"The clock stands still: {STOP_SAYS[waiting.kind][:1].lower()}{STOP_SAYS[waiting.kind][1:]}.")
    if kind is RequestKind.OTHER and own_day is None:
        return Due(None, False, "No law sets a day for this.")
    try:
        on = own_day if kind is RequestKind.OTHER else _last_day(kind, received_on, stops, longer)
        assert on is not None
        left = working_days_between(today, on)
    except BeyondTheListError:
        return Due(None, False, f"The bank holidays after {LAST_DAY.year} are not in the list: reckon the day by hand.")
    if today > on:
        return Due(on, False, f"It was due {_working(-left)} ago." if left else "It was due on a day that has passed.", left)
    return Due(on, False, f"{_working(left)} left, today not counted." if left else "It is due today.", left)


def _last_day(kind: RequestKind, received_on: date, stops: Sequence[Stop], longer: bool) -> date:
    begun = max((received_on, *(each.until_on for each in stops if each.until_on is not None and each.kind in BEGINS_ANEW[kind])))
    held = [each for each in stops if each.kind not in BEGINS_ANEW[kind] and each.until_on is not None and each.until_on > begun]
    if kind is RequestKind.FREEDOM_OF_INFORMATION:
        # what the Act says of fees: from the day of the notice to the day of payment, both included
        lost = sum(_working_days(max(each.from_on, begun + timedelta(days=1)), each.until_on) for each in held if each.until_on)
        return add_working_days(begun, FREEDOM_OF_INFORMATION_DAYS + lost)
    day = add_months(begun, MONTHS_LONGER if longer else MONTHS)
    day += timedelta(days=sum((each.until_on - max(each.from_on, begun)).days for each in held if each.until_on))
    return day if is_working_day(day) else add_working_days(day, 1)


def _working_days(first: date, last: date) -> int:
    """Working days from `first` to `last`, both included."""
    return sum(is_working_day(first + timedelta(days=ahead)) for ahead in range((last - first).days + 1))


def _working(days: int) -> str:
    return f"{days} working {'day' if days == 1 else 'days'}"
