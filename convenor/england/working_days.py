"""Working days: Monday to Friday but for the bank holidays of England and Wales, 2015 to 2028, as data.

Source: https://www.gov.uk/bank-holidays (and its bank-holidays.json). The days proclaimed once are the moved early May holiday of 2020
(VE Day), the Platinum Jubilee in June 2022, the State Funeral on 19 September 2022 and the Coronation on 8 May 2023.
"""

from datetime import date, timedelta

#: For each year, its holidays as month and day.
_LIST = {
    2015: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2016: "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
    2017: "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}
BANK_HOLIDAYS: frozenset[date] = frozenset(date(year, int(day[:2]), int(day[3:])) for year, days in _LIST.items() for day in days.split())
FIRST_DAY, LAST_DAY = date(min(_LIST), 1, 1), date(max(_LIST), 12, 31)


class BeyondTheListError(ValueError):
    """The bank holidays of that year are not in the list."""


def is_working_day(day: date) -> bool:
    """Whether a day is a working day. Raises BeyondTheListError outside 2015 to 2028."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BeyondTheListError(
            f"the bank holidays of {day.year} are not in the list, which runs from {FIRST_DAY.year} to {LAST_DAY.year}"
        )
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


def add_working_days(day: date, count: int) -> date:
    """The day that lies `count` working days after `day` (before it, when negative); for 0, `day` itself if it is one, else the next.

    Raises BeyondTheListError outside 2015 to 2028.
    """
    step = timedelta(days=-1 if count < 0 else 1)
    while count == 0 and not is_working_day(day):
        day += step
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first` up to and including `last`; negative when `last` is earlier.

    So that add_working_days(first, working_days_between(first, last)) is `last` when both are working days.
    """
    if last < first:
        return -working_days_between(last, first)
    return sum(is_working_day(first + timedelta(days=ahead)) for ahead in range(1, (last - first).days + 1))
