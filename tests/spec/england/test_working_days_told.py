"""Working days.

Where a rule gives somebody ten working days, weekends and the bank holidays of England do not count.
"""

from convenor.england.working_days import add_working_days, is_working_day
from tests.spec.telling import day, table, written


def test_weekends_and_bank_holidays_are_no_working_days() -> None:
    """Weekends and bank holidays are not working days.

    Days proclaimed once are among the holidays, and a bank holiday that was moved leaves an ordinary day behind.
    """
    for row in table("""
        | Day               | What it is                             | Working day |
        | 18 September 2026 | a Friday                               | yes         |
        | 19 September 2026 | a Saturday                             | no          |
        | 31 August 2026    | the summer bank holiday                | no          |
        | 8 May 2023        | the Coronation                         | no          |
        | 28 December 2026  | Boxing Day, moved from the Saturday    | no          |
        | 4 May 2020        | a Monday; its holiday moved to 8 May   | yes         |
    """):
        assert is_working_day(day(row["Day"])) == (row["Working day"] == "yes")


def test_a_period_passes_over_the_holidays() -> None:
    """A period begins the day after and passes over the holidays.

    Counting no days at all from a holiday gives the next working day. School holidays are not passed over: each school has its own.
    """
    for row in table("""
        | From             | Working days | Falls on        |
        | 19 December 2025 | 10           | 7 January 2026  |
        | 1 April 2026     | 1            | 2 April 2026    |
        | 1 April 2026     | 2            | 7 April 2026    |
        | 25 December 2025 | 0            | 29 December 2025|
    """):
        assert written(add_working_days(day(row["From"]), int(row["Working days"]))) == row["Falls on"]
