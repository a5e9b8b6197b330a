"""Which home a person comes to."""

from dataclasses import dataclass

import pytest

from convenor.partnership.roles import ROLES
from convenor.web.browsers import browser_in_words
from convenor.web.home_parts import greeting, school_year_began
from convenor.web.homes import HOMES, HomeKind, chosen_holding, holding_key, home_of


@dataclass
class Held:
    role: str
    post_id: int | None = None
    body_id: int | None = None


@dataclass
class Who:
    holdings: tuple = ()
    signed_in: bool = True


def test_every_role_that_has_a_home_of_its_own_is_a_role():
    assert sorted(set(HOMES) - set(ROLES)) == []


def test_stranger_comes_to_the_front_and_somebody_without_a_post_is_told_so():
    assert home_of(Who(signed_in=False), None) == HomeKind.FRONT
    assert home_of(Who(), None) == HomeKind.NO_POST


@pytest.mark.parametrize(
    ("role", "kind"),
    [("head", "head"), ("manager", "manager"), ("board-member", "board"), ("reviewer", "member"), ("school-office", "office")],
)
def test_role_comes_to_its_home(role, kind):
    assert home_of(Who(), Held(role)) == kind


def test_chosen_post_is_taken_and_one_not_held_is_not():
    head, chair = Held("head", post_id=1), Held("board-member", body_id=2)
    who = Who((head, chair))
    assert chosen_holding(who, holding_key(chair)) is chair
    assert chosen_holding(who, "manager.9.") is head
    assert chosen_holding(who, None) is head
    assert chosen_holding(Who(), "head.1.") is None


def test_greeting_follows_the_clock():
    assert [greeting(hour) for hour in (0, 11, 12, 17, 18, 23)] == ["Good morning"] * 2 + ["Good afternoon"] * 2 + ["Good evening"] * 2


def test_school_year_begins_in_september():
    from datetime import date

    assert school_year_began(date(2026, 8, 31)) == date(2025, 9, 1)
    assert school_year_began(date(2026, 9, 1)) == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Safari/537.36 Edg/129.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("", "A browser"),
        ("Firefox", "Firefox"),
        ("curl on Windows", "A browser on Windows"),
    ],
)
def test_browser_is_named_as_its_owner_knows_it(agent, said):
    assert browser_in_words(agent) == said
