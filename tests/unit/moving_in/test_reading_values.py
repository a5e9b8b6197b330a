"""What cells say: days, money, half days, ticks, roles; who people are; what judges."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.england.school_years import SchoolYear
from convenor.moving_in.rules.concerns import Concern, concerns_in, is_rating, words_of_concern
from convenor.moving_in.rules.kinds import Kind
from convenor.moving_in.rules.people import KnownPerson, People, alike, bare_name, doubts, is_mailbox, name_beside_address, read_addresses
from convenor.moving_in.rules.refusals import NotReadable
from convenor.moving_in.rules.values import Day, read_day, read_half_days, read_pence, read_role, read_year, read_yes

FIRST = date(2025, 9, 1)


@pytest.mark.parametrize(
    "text",
    ["01/09/2025", "1/9/25", "1.9.2025", "1 Sept 2025", "1st September 2025", "01-Sep-25", "Monday 1 September 2025",
        "Mon, 1st of Sep 2025", "September 1, 2025", "2025-09-01",
     "2025-09-01 10:00", "45901", "20250901"],
)  # fmt: skip
def test_day_in_any_spelling_is_exact(text: str) -> None:
    assert read_day(text) == Day(FIRST, True)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Sept 2025", FIRST, date(2025, 9, 30)), ("Sep-25", FIRST, date(2025, 9, 30)), ("09/2025", FIRST, date(2025, 9, 30)),
        ("2025-26", FIRST, date(2026, 8, 31)),
        ("25/26", FIRST, date(2026, 8, 31)), ("2025/2026", FIRST, date(2026, 8, 31)), ("Autumn 2025", FIRST, date(2025, 12, 31)),
        ("Autumn term 2025", FIRST, date(2025, 12, 31)),
        ("Spring 2025/26", date(2026, 1, 1), date(2026, 4, 5)), ("Summer 2026", date(2026, 4, 1), date(2026, 8, 31)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)  # fmt: skip
def test_part_of_a_year_is_its_first_day_or_its_last(text: str, first: date, last: date) -> None:
    told = read_day(text), read_day(text, end=True)
    assert [(each.on, each.exact, each.told != "") for each in told] == [(first, False, True), (last, False, True)]


def test_month_first_is_read_only_where_nothing_else_can_be_meant() -> None:
    assert read_day("09/25/2025") == Day(date(2025, 9, 25), False, "'09/25/2025' has the month first; read as 25 September 2025.")
    assert read_day("03/04/2025") == Day(date(2025, 4, 3), True)
    assert read_day("01/09/85") == Day(date(1985, 9, 1), True)


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "31/02/2025",
        "99/99/2025",
        "Spring 2025 28",
        "12345678901",
        "1/1/1900",
        "32 January 2025",
        "1 Foo 2025",
        "Foo 1, 2025",
        "Marching 2025",
    ],
)
def test_what_is_no_day_says_so(text: str) -> None:
    with pytest.raises(NotReadable, match="is not a day we can read"):
        read_day(text)


@pytest.mark.parametrize("text", ["", "-", "n/a", "TBC", "unknown", "–"])
def test_nothing_is_nothing(text: str) -> None:
    assert (read_day(text), read_pence(text), read_half_days(text), read_yes(text), read_role(text), read_year(text)) == (
        None,
        None,
        None,
        None,
        "",
        None,
    )


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("£1,250.00", 125_000), ("1250", 125_000), ("1.2k", 120_000), ("(250.00)", -25_000), ("-£5", -500), ("£-5", -500),
        ("£500 + VAT", 50_000), ("£500 p.a.", 50_000),
        ("£ 99.5", 9_950), ("free", 0), ("12.3456", 1_235), ("0", 0), ("GBP 10", 1_000),
    ],
)  # fmt: skip
def test_money_in_pence(text: str, pence: int) -> None:
    assert read_pence(text) == pence


@pytest.mark.parametrize("text", ["1.250,00", "abc", "1,25", "£10 or £20", "99999999999", "12,34,567"])
def test_what_is_no_money_says_so(text: str) -> None:
    with pytest.raises(NotReadable):
        read_pence(text)


@pytest.mark.parametrize(
    ("text", "halves"),
    [("2", 4), ("2.5", 5), ("2½", 5), ("½", 1), ("half a day", 1), ("1/2", 1), ("3 days", 6), ("10.0", 20), ("up to 5 days", 10),
    ("4 half days", 4), ("one and a half", None), ("1 and a half days", 3), ("0", 0)],
)  # fmt: skip
def test_days_in_half_days(text: str, halves: int | None) -> None:
    if halves is None:
        with pytest.raises(NotReadable):
            read_half_days(text)
    else:
        assert read_half_days(text) == halves


@pytest.mark.parametrize("text", ["0.25", "2-3", "an hour", "400", "2.55"])
def test_what_is_no_half_day_says_so(text: str) -> None:
    with pytest.raises(NotReadable):
        read_half_days(text)


def test_ticks_are_yes_and_no() -> None:
    assert [read_yes(text) for text in ("Y", "yes", "✓", "x", "Paid", "TRUE", "n", "No", "unpaid", "✗", "0", "")] == [True] * 6 + [
        False
    ] * 5 + [None]
    with pytest.raises(NotReadable):
        read_yes("perhaps")


def test_school_year_of_a_subscription() -> None:
    assert [read_year(text) for text in ("2025-26", "2025/26", "25/26", "2025 to 2026")] == [SchoolYear(2025)] * 4
    with pytest.raises(NotReadable):
        read_year("2025")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Headteacher", "head"), ("Head Teacher (acting)", "head"), ("Exec Head", "head"), ("Principal", "head"), ("Head",
            "head"), ("Head of School", "head"),
        ("Deputy Head", "other"), ("Vice Chair of Governors", "other"), ("PA to the Headteacher", "other"), ("Head of Maths",
            "other"), ("Caretaker", "other"),
        ("Chair of Governors", "chair"), ("Co-Chair", "chair"), ("Clerk to the Governors", "clerk"), ("SENDCo",
            "senco"), ("Inclusion Lead / SENCO", "senco"),
        ("School Business Manager", "business-manager"), ("Bursar", "business-manager"), ("Finance Officer and Bursar", "business-manager"),
    ],
)  # fmt: skip
def test_role_words_become_roles(text: str, role: str) -> None:
    assert read_role(text) == role


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=25), st.sampled_from([read_day, read_pence, read_half_days, read_yes, read_year, read_role]))
def test_any_cell_is_read_or_said_not_to_be(text: str, reader) -> None:
    told = ""
    try:
        reader(text)
    except NotReadable as reason:
        told = str(reason)
    assert told == "" or told.startswith("'")


@settings(max_examples=80, deadline=None)
@given(
    st.dates(date(1971, 1, 1), date(2069, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%Y-%m-%d", "%d-%m-%y", "%B %d, %Y"]),
)
def test_day_comes_back_as_it_was_written(day: date, form: str) -> None:
    assert read_day(day.strftime(form)) == Day(day, True)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 900_000_000))
def test_money_comes_back_as_it_was_written(pence: int) -> None:
    assert read_pence(f"£{pence // 100:,}.{pence % 100:02d}") == pence


PEOPLE = People(
    [
        KnownPerson("1", "Ann Bee", ("a.bee@x.example",)),
        KnownPerson("2", "Bob Cee", ("b@x.example", "bob@home.example")),
        KnownPerson("3", "Alan Bee", ("alan@x.example",)),
        KnownPerson("4", "Twin One", ("t@x.example",)),
        KnownPerson("5", "Twin Two", ("t@x.example",)),
        KnownPerson("6", "", ()),
    ]
)


@pytest.mark.parametrize(
    ("name", "email", "key", "how"),
    [
        ("Ann Bee", "A.Bee@x.example", "1", "email"), ("BEE, Mrs Ann MBE", "a.bee@x.example", "1", "email"), ("A Bee",
            "a.bee@x.example", "1", "email"),
        ("", "bob@home.example", "2", "email"), ("Bob Cee", "", "2", "name"), ("Cy Dee", "c@x.example", "", "new"), ("Cy Dee", "", "",
            "new"), ("", "c@x.example", "", "new"),
        ("", "Ann Bee <a.bee@x.example>", "1", "email"),
    ],
)  # fmt: skip
def test_person_is_matched_without_asking(name: str, email: str, key: str, how: str) -> None:
    match = PEOPLE.match(name, email)
    assert (match.key, match.how, match.sure) == (key, how, True)


@pytest.mark.parametrize(
    ("name", "email", "how", "told"),
    [
        ("Ann Bee", "ann@y.example", "name", "Ann Bee is known with a.bee@x.example. Is Ann Bee with ann@y.example the same person?"),
        ("Cy Dee", "a.bee@x.example", "email",
            "a.bee@x.example is the address of Ann Bee. Is Cy Dee the same person, or do two people share the address?"),
        ("Twin One", "t@x.example", "email",
            "t@x.example is the address of Twin One and Twin Two. Is Twin One the same person, or do two people share the address?"),
        ("Ann Bee", "head@x.example", "mailbox",
            "head@x.example is a mailbox that several people may read, so it says nothing about who Ann Bee is."),
        ("A Bee", "", "name", "Ann Bee is known with a.bee@x.example. Is A Bee the same person?"),
        ("Cy Dee", "nonsense", "name", "'nonsense' is not an e-mail address."),
        ("Cy Dee", "c@x.example; d@x.example", "email", "'c@x.example; d@x.example' holds 2 addresses. Which is Cy Dee?"),
        ("", "", "none", "Nobody is named."),
        ("", "nonsense", "none", "'nonsense' is not an e-mail address."),
    ],
)  # fmt: skip
def test_person_is_asked_where_a_line_does_not_say_it(name: str, email: str, how: str, told: str) -> None:
    match = PEOPLE.match(name, email)
    assert (match.how, match.sure) == (how, False)
    assert match.told == told


def test_one_person_with_two_addresses_and_one_address_of_two_are_found() -> None:
    entries = [
        (2, "Ann Bee", "a@x.example"),
        (3, "Mrs A Bee", "a@x.example"),
        (4, "Ann Bee", "b@x.example"),
        (5, "Cy Dee", "a@x.example"),
        (6, "Q R", "head@x.example"),
        (7, "S T", "head@x.example"),
        (8, "", "z@x.example"),
        (9, "Ann", ""),
    ]
    found = doubts(entries)
    assert [(each.kind, each.name, each.email, each.numbers) for each in found] == [
        ("two-addresses", "Ann Bee", "a@x.example", (2, 4)), ("two-people", "Ann Bee", "a@x.example", (2, 3, 5)),
    ]  # fmt: skip
    assert found[0].told == "Ann Bee stands with 2 addresses: a@x.example, b@x.example. Is that one person, and which address is right?"
    assert found[1].told == "a@x.example stands with 2 names: Ann Bee, Cy Dee. Whose is it?"


def test_mailboxes_are_told_from_peoples_addresses() -> None:
    assert [
        is_mailbox(f"{each}@x.example") for each in ("head", "Office", "head.fern", "clerk-to-governors", "a.head", "ann.bee", "headley")
    ] == [True] * 4 + [False] * 3


def test_names_and_addresses_are_read() -> None:
    assert bare_name("BEE, Dr Ann (she/her)") == "ann bee"
    assert bare_name("Bee, , Ann") == "bee ann"
    assert (alike("Ann Bee", "Ann Bee"), alike("", "Ann"), alike("A Bee", "Ann Bee") > 88, alike("Ann Bee", "Alan Bee") > 88) == (
        100.0,
        0.0,
        True,
        False,
    )
    assert alike("Ann Bee", "Ann Cee") < 88
    assert read_addresses("mailto:Ann@X.example, 'b@x.example' c(at)x.example") == ("ann@x.example", "b@x.example", "c@x.example")
    assert (name_beside_address('"Ann Bee" <a@x.example>'), name_beside_address("a@x.example")) == ("Ann Bee", "")


@pytest.mark.parametrize(
    "text",
    [
        "Red",
        "AMBER",
        "g",
        "Good",
        "RI",
        "Requires Improvement",
        "Grade 3",
        "2",
        "Cat. B",
        "High risk",
        "Special measures",
        "3/4",
        "Needs attention",
    ],
)
def test_ratings_are_recognised(text: str) -> None:
    assert is_rating(text)


@pytest.mark.parametrize("text", ["", "Phonics", "Open", "2025", "Two sessions in the hall", "green energy project"])
def test_plain_words_are_no_ratings(text: str) -> None:
    assert not is_rating(text)


def test_judging_words_of_a_note_are_named() -> None:
    assert words_of_concern("Head struggling; governors worried, results poor") == ("struggling", "worried", "poor")
    assert words_of_concern("Two sessions in the hall, thanks to all") == ()
    assert (words_of_concern("Safeguarding audit"), words_of_concern("Safeguarding audit", strong=True)) == (("safeguarding",), ())


def test_concerns_of_a_line_are_set_apart() -> None:
    values = {
        "school": "Weak Hill School",
        "what": "Phonics",
        "rating": "anything",
        "status": "Red",
        "note": "Head off sick",
        "who": "Ann",
        "days": "",
    }
    assert concerns_in(Kind.SUPPORT_LOG, values) == (
        Concern("rating", "anything", "rating", "it stands in a column of ratings"), Concern("status", "Red", "rating", "it is a rating"),
        Concern("note", "Head off sick", "note", "it says: off sick"),
    )  # fmt: skip
    assert concerns_in(Kind.SUPPORT_LOG, {"note": "Amber", "status": "Closed", "what": "School causing concern"}) == (
        Concern("note", "Amber", "rating", "it is a rating"), Concern("what", "School causing concern", "note", "it says: causing concern"),
    )  # fmt: skip
    assert concerns_in(Kind.DIRECTORY, {"expertise": "Poor behaviour", "says": "Calm", "note": " "}) == ()


def test_name_with_nothing_but_a_title_after_the_comma_keeps_its_order() -> None:
    assert bare_name("Ann Bee, MBE") == "ann bee"


def test_too_much_money_and_odd_halves_are_said() -> None:
    with pytest.raises(NotReadable, match="more money than a school pays"):
        read_pence("£20,000,000")
    assert read_half_days("½ day") == 1
