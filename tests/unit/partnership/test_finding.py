"""The words of the structure's page, of a seat and of a hand-over."""

import pytest

from convenor.partnership.rules.constitution import ExOfficio, Seat
from convenor.partnership.rules.finding import Finding, count_in_words, finding, led_by, plural
from convenor.partnership.rules.handing_over import may_read_hand_over
from convenor.partnership.rules.seat_words import how_filled, term_in_words, who_may
from convenor.partnership.rules.vocabulary import ROLES, How, Part

TIERS = [
    [("Board", "The Strategic Board")],
    [("Consortium", "North"), ("Consortium", "South")],
    [],
    [("Cluster", f"C{n}") for n in range(12)],
]


@pytest.mark.parametrize(
    ("noun", "many"),
    [
        ("seat", "seats"), ("consortium", "consortia"), ("primary consortium", "primary consortia"), ("body", "bodies"),
        ("academy", "academies"), ("branch", "branches"), ("members' meeting", "members' meetings"), ("essay", "essays"),
    ],
)  # fmt: skip
def test_plural_of_a_kind_of_body_is_the_fields(noun: str, many: str) -> None:
    assert plural(noun) == many


def test_counts_are_words_up_to_ten_and_figures_beyond() -> None:
    assert [count_in_words(number, "seat") for number in (0, 1, 10, 11, 1200)] == [
        "no seats", "one seat", "ten seats", "11 seats", "1,200 seats",
    ]  # fmt: skip


def test_finding_says_bodies_empty_seats_and_terms() -> None:
    assert finding(TIERS, seats=40, empty=4, terms=3, over=1, not_described=2) == Finding(
        "15 bodies in three tiers: the Strategic Board; two consortia; 12 clusters.",
        "Four seats are empty",
        "three terms end within six months, one of them over already",
        "The evidence does not tell the seats of two bodies.",
    )


@pytest.mark.parametrize(
    ("counts", "empty", "terms"),
    [
        ((10, 0, 0, 0), "Every seat is held", ""),
        ((10, 1, 1, 0), "One seat is empty", "one term ends within six months"),
        ((10, 10, 0, 0), "Nobody is recorded in a seat", ""),
        ((0, 0, 0, 0), "", ""),
        ((10, 1, 1, 1), "One seat is empty", "one term ends within six months, it is over already"),
    ],
)
def test_finding_follows_the_counts(counts: tuple[int, int, int, int], empty: str, terms: str) -> None:
    seats, vacant, ending, over = counts
    found = finding(TIERS, seats=seats, empty=vacant, terms=ending, over=over, not_described=0)
    assert (found.empty, found.terms, found.not_described) == (empty, terms, "")


def test_finding_of_a_day_without_bodies_says_nothing() -> None:
    assert finding([[]], seats=0, empty=0, terms=0, over=0, not_described=0) == Finding("", "", "", "")


def test_box_says_who_leads_or_that_nobody_does() -> None:
    assert [
        led_by(["Ada", "Ben"], held=2, office="chair", recorded=True),
        led_by(["Ada"], held=2, office="chair", recorded=True),
        led_by([], held=1, office="chair", recorded=True),
        led_by([], held=0, office="lead", recorded=True),
        led_by([], held=0, office="lead", recorded=False),
        led_by([], held=0, office="", recorded=True),
    ] == ["Ada and Ben", "Ada", "", "without a lead", "", ""]


@pytest.mark.parametrize(
    ("seat", "words"),
    [
        (Seat("s", "S", who=("headteacher",), phases=("primary",)), "Headteacher of a primary school"),
        (Seat("s", "S", who=("headteacher", "trust-leader")), "Headteacher or trust leader"),
        (Seat("s", "S", who=("headteacher",), types=("academy",)), "Headteacher of an academy"),
        (Seat("s", "S", phases=("alternative",)), "From alternative provision"),
        (Seat("s", "S", who=("headteacher",), phases=("primary", "post-16")), "Headteacher of a primary school or a post-16 provider"),
        (Seat("s", "S", independent=True), "Somebody independent of the schools"),
        (Seat("s", "S", independent=True, who=("independent",)), "Somebody independent of the schools"),
        (Seat("s", "S", independent=True, who=("councillor",)), "Elected member of the local authority, independent of the schools"),
        (Seat("s", "S", post="Director of education"), "Director of education"),
        (Seat("s", "S", ex_officio=ExOfficio((Part.CHAIR,), ("kind:sub-group",))), "Comes with an office"),
        (Seat("s", "S", who=("stargazer",)), "stargazer"),
        (Seat("s", "S"), ""),
    ],
)
def test_who_may_fill_a_seat_is_said_in_words(seat: Seat, words: str) -> None:
    assert who_may(seat, ROLES) == words


@pytest.mark.parametrize(
    ("seat", "words"),
    [
        (Seat("s", "S", how=How.ELECTION, by="primary headteachers"), "elected by primary headteachers"),
        (Seat("s", "S", how=How.NOMINATION), "nominated"),
        (Seat("s", "S", by="the dioceses"), "chosen by the dioceses"),
        (Seat("s", "S", how=How.SELF_NOMINATION, by="governors"), "puts themselves forward (governors)"),
        (Seat("s", "S", how=How.EX_OFFICIO), ""),
        (Seat("s", "S"), ""),
    ],
)
def test_how_a_seat_is_filled_is_said_in_words(seat: Seat, words: str) -> None:
    assert how_filled(seat) == words


def test_term_is_said_in_years_where_it_is_whole_years() -> None:
    assert [term_in_words(months) for months in (None, 0, 1, 12, 18, 24)] == ["", "", "1 month", "1 year", "18 months", "2 years"]


def test_hand_over_is_for_holder_successor_whoever_sits_there_and_whoever_leads() -> None:
    def may(reader: int | None, *, holds_now: bool = False, leads: bool = False) -> bool:
        return may_read_hand_over(reader, holder=1, successor=2, holds_now=holds_now, leads=leads)

    assert [may(1), may(2), may(3), may(3, holds_now=True), may(3, leads=True), may(None), may(None, leads=True)] == [
        True, True, False, True, True, False, False,
    ]  # fmt: skip


def test_hand_over_without_a_successor_is_not_for_somebody_unknown() -> None:
    assert may_read_hand_over(None, holder=1, successor=None, holds_now=False, leads=False) is False
