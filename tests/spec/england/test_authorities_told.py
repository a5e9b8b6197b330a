"""Local authorities that were re-organised.

Schools stay where they are when councils change. Old names and codes still find them, and figures are never added up twice or lost between.
"""

import pytest

from convenor.england.authorities import AUTHORITIES, UnknownAreaError, became, resolve
from convenor.registers.rules.context import made_from
from tests.spec.telling import day, table


def test_an_old_name_finds_todays_authorities() -> None:
    """An old name or code finds today's authorities."""
    for row in table("""
        | Asked for         | Found                                     |
        | Cumbria           | Cumberland and Westmorland and Furness    |
        | 909               | Cumberland and Westmorland and Furness    |
        | Northamptonshire  | North Northamptonshire and West Northamptonshire |
        | Poole             | Bournemouth, Christchurch and Poole       |
        | Somerset          | Somerset                                  |
        | Wigan Council     | Wigan                                     |
    """):
        assert " and ".join(AUTHORITIES[code].name for code in resolve(row["Asked for"])) == row["Found"]


def test_an_authority_exists_from_a_day_until_a_day() -> None:
    """An authority exists from a day until a day."""
    for row in table("""
        | Authority  | Day           | Existed |
        | Cumbria    | 31 March 2023 | yes     |
        | Cumbria    | 1 April 2023  | no      |
        | Cumberland | 31 March 2023 | no      |
        | Cumberland | 1 April 2023  | yes     |
    """):
        named = next(each for each in AUTHORITIES.values() if each.name == row["Authority"])
        assert named.existed_on(day(row["Day"])) == (row["Existed"] == "yes")


def test_the_page_says_what_became_of_an_authority() -> None:
    """The page says what became of an authority."""
    for row in table("""
        | Code | The page says                                                              |
        | 909  | Cumbria became Cumberland and Westmorland and Furness on 1 April 2023.     |
        | 942  | Cumberland was made on 1 April 2023; before, ask for Cumbria.              |
    """):
        assert (became(row["Code"]) or made_from(row["Code"])) == row["The page says"]


def test_a_name_that_is_none_is_answered_with_the_nearest() -> None:
    """A name that is none is answered with the nearest, and never guessed."""
    for row in table("""
        | Asked for       | Answer                                                                          |
        | Glostershire    | No area is called 'Glostershire'. The nearest are: Gloucestershire (916)        |
    """):
        with pytest.raises(UnknownAreaError) as refused:
            resolve(row["Asked for"])
        assert str(refused.value).split(";")[0].removesuffix(".") == row["Answer"]
