"""The structure as it stands on a day: seats, holders, vacancies, terms and successors."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from convenor.partnership.rules.constitution import Constitution, Member, Places, in_force, months_later, overlap
from convenor.partnership.rules.roll import Roll
from convenor.partnership.rules.structure import BodyNow, SeatNow, describe, succession, terms_ending, vacancies
from convenor.partnership.rules.vocabulary import Hue, Part
from tests.unit.partnership.sound import DAY, appointment, constitution

FENWHISTLE = 'person = "Fenwhistle"\nrole = "headteacher"\nschool = "900001"\nfrom = 2025-09-01\nuntil = 2027-09-01'
WASH = 'person = "Wash"\nfrom = 2025-09-01'
BRACK = 'person = "Brack"\nrole = "headteacher"\nschool = "900003"\nfrom = 2025-09-01'


def body(of: Constitution, name: str, on: date = DAY) -> BodyNow:
    return next(each for each in describe(of, on).bodies if each.id == name)


def seat(of: Constitution, body_name: str, name: str, on: date = DAY) -> SeatNow:
    return next(each for each in body(of, body_name, on).seat_list if each.id == name)


def test_describe_names_bodies_tiers_and_lines() -> None:
    now = describe(constitution(), DAY)
    assert (now.partnership, now.name, now.on, now.tiers) == (
        "marlshire",
        "Marlshire Learning Partnership",
        DAY,
        ("cluster", "alliance", "board"),
    )
    assert [(each.id, each.kind, each.hue, each.reports_to, each.depth, each.schools) for each in now.bodies] == [
        ("board", "board", Hue.BOARD, "", 0, 0),
        ("inclusion", "sub-group", Hue.BOARD, "board", 1, 0),
        ("coast", "alliance", Hue.ALLIANCE, "board", 1, 0),
        ("harbour", "cluster", Hue.CLUSTER, "coast", 2, 2),
        ("dunes", "cluster", Hue.CLUSTER, "coast", 2, 1),
    ]


def test_describe_counts_seats_and_holders() -> None:
    now = describe(constitution(), DAY)
    assert [(each.id, each.seats, each.filled) for each in now.bodies] == [
        ("board", 4, 4),
        ("inclusion", 2, 2),
        ("coast", 2, 2),
        ("harbour", 0, 0),
        ("dunes", 0, 0),
    ]
    assert (now.seats, now.filled) == (8, 8)


def test_partnership_not_in_force_has_no_bodies() -> None:
    assert describe(constitution(), date(2019, 12, 31)).bodies == ()


def test_ex_officio_seat_is_held_by_the_chairs_of_sub_groups() -> None:
    chairs = seat(constitution(), "board", "sub-group-chairs")
    assert [(holder.person, holder.part, holder.through, holder.school, holder.phase) for holder in chairs.holders] == [
        ("Brack", Part.MEMBER, "inclusion", "900003", "primary"),
        ("Tidewell", Part.MEMBER, "inclusion", "900002", "secondary"),
    ]
    assert (chairs.derived, chairs.places, chairs.seats, chairs.filled, chairs.empty_since) == (True, Places(2, 3), 2, 2, ())


def test_ex_officio_seat_follows_the_office() -> None:
    handed_over = constitution(
        (BRACK, BRACK + "\nuntil = 2026-11-21"), add=appointment("inclusion", "co-chairs", "Skerry", "from = 2026-11-21")
    )
    assert [each.person for each in seat(handed_over, "board", "sub-group-chairs", date(2026, 11, 20)).holders] == ["Brack", "Tidewell"]
    assert [each.person for each in seat(handed_over, "board", "sub-group-chairs", DAY).holders] == ["Tidewell", "Skerry"]


def test_ex_officio_seat_of_an_empty_office_stands_empty() -> None:
    left = constitution((BRACK, BRACK + "\nuntil = 2026-10-01"))
    chairs = seat(left, "board", "sub-group-chairs")
    assert (chairs.seats, chairs.filled, chairs.empty_since) == (2, 1, (date(2026, 10, 1),))


def test_ex_officio_holder_of_two_offices_takes_one_seat() -> None:
    second = '\n[[body]]\nid = "places"\nname = "Places"\nkind = "sub-group"\ntier = "board"\nreports_to = "board"\n'
    second += '[[body.seat]]\nid = "chair"\ntitle = "Chair"\npart = "chair"\n'
    chairs = seat(constitution(add=second + appointment("places", "chair", "Brack")), "board", "sub-group-chairs")
    assert ([each.person for each in chairs.holders], chairs.places, chairs.empty_since) == (["Brack", "Tidewell"], Places(2, 4), ())


def test_ex_officio_seats_that_bring_each_other_bring_nobody() -> None:
    circle = (
        'part = "co-chair"\nplaces = "2 or 3"\nwho = ["headteacher"]',
        'part = "co-chair"\nex_officio = { part = "member", bodies = "board" }',
    )
    round_and_round = constitution(
        circle,
        ('seat = "co-chairs"\nperson = "Brack"', 'seat = "gone"\nperson = "Brack"'),
        ('seat = "co-chairs"\nperson = "Tidewell"', 'seat = "gone"\nperson = "Tidewell"'),
    )
    assert [each.person for each in seat(round_and_round, "board", "sub-group-chairs").holders] == ["Fenwhistle"]


def test_ex_officio_seat_of_any_number_has_any_number_of_places() -> None:
    many = constitution(('part = "co-chair"\nplaces = "2 or 3"', 'part = "co-chair"\nplaces = "at least 2"'))
    assert seat(many, "board", "sub-group-chairs").places == Places(2, None)


def test_holder_beyond_the_least_number_adds_a_seat_up_to_the_most() -> None:
    three = constitution(add=appointment("board", "heads", "Brine") + appointment("board", "heads", "Skerry"))
    assert (seat(three, "board", "heads").seats, seat(three, "board", "heads").filled) == (2, 3)
    any_number = constitution(('places = "up to 4"', 'places = "any number"'), add=appointment("coast", "members", "Brine"))
    assert (seat(any_number, "coast", "members").seats, seat(any_number, "coast", "members").filled) == (2, 2)


def test_body_has_at_least_as_many_seats_as_members() -> None:
    assert body(constitution(('members = "4 to 6"', "members = 25")), "board").seats == 25


def test_office_among_members_adds_no_seat() -> None:
    deputy = seat(constitution(), "coast", "deputy")
    assert (deputy.seats, deputy.filled, [each.person for each in deputy.holders]) == (0, 0, ["Pennyroyal"])
    gone = constitution(
        ('seat = "deputy"\nperson = "Pennyroyal"\nfrom = 2025-09-01', 'seat = "deputy"\nperson = "Pennyroyal"\nuntil = 2025-09-01')
    )
    assert seat(gone, "coast", "deputy").empty_since == (date(2025, 9, 1),)


def test_chairs_and_people_are_told_once_each() -> None:
    coast = body(constitution(), "coast")
    assert [each.person for each in coast.chairs] == ["Wash"]
    assert [each.person for each in coast.people] == ["Wash", "Pennyroyal"]


def test_circle_of_reporting_lines_has_a_depth() -> None:
    circle = constitution(('kind = "board"\ntier = "board"', 'kind = "board"\ntier = "board"\nreports_to = "inclusion"'))
    assert body(circle, "inclusion").depth == 1


def test_reporting_line_holds_for_its_dates() -> None:
    line = '\n[[body.reporting_line]]\nto = "board"\nfrom = 2027-01-01'
    moved = constitution(('name = "Dunes Cluster"\nkind = "cluster"\ntier = "cluster"\nreports_to = "coast"',
                          'name = "Dunes Cluster"\nkind = "cluster"\ntier = "cluster"\nreports_to = "coast"' + line))  # fmt: skip
    assert body(moved, "dunes", date(2026, 12, 31)).reports_to == "coast"
    assert body(moved, "dunes", date(2027, 1, 1)).reports_to == "board"


def test_vacancy_is_empty_since_its_last_holder_left() -> None:
    left = constitution((WASH, WASH + "\nuntil = 2026-10-14"))
    assert [(each.body, each.seat, each.empty_since, each.derived) for each in vacancies(left, DAY)] == [
        ("coast", "lead", date(2026, 10, 14), False)
    ]


def test_vacancy_never_filled_is_empty_since_the_seat_began() -> None:
    never = constitution((WASH, WASH.replace("2025-09-01", "2027-01-01")))
    assert [each.empty_since for each in vacancies(never, DAY)] == [date(2020, 1, 1)]
    later = constitution(
        (WASH, WASH.replace("2025-09-01", "2027-01-01")), ('title = "Lead head"', 'title = "Lead head"\nfrom = 2026-01-01')
    )
    assert [each.empty_since for each in vacancies(later, DAY)] == [date(2026, 1, 1)]


def test_vacancy_of_unknown_beginning_says_so() -> None:
    unknown = constitution((WASH, WASH.replace("2025-09-01", "2027-01-01")), ("from = 2020-01-01\n", ""))
    assert [each.empty_since for each in vacancies(unknown, DAY)] == [None]


def test_each_empty_place_has_its_own_day() -> None:
    emptied = constitution(
        ('title = "Lead head"\npart = "lead"', 'title = "Lead head"\npart = "lead"\nplaces = 3'),
        (WASH, WASH + "\nuntil = 2026-10-14"),
        add=appointment("coast", "lead", "Brine", "from = 2024-01-01\nuntil = 2026-02-01"),
    )
    assert [each.empty_since for each in vacancies(emptied, DAY)] == [date(2026, 10, 14), date(2026, 2, 1), date(2020, 1, 1)]


def test_place_filled_again_is_not_empty() -> None:
    refilled = constitution((WASH, WASH + "\nuntil = 2026-10-14"), add=appointment("coast", "lead", "Brine", "from = 2026-11-01"))
    assert vacancies(refilled, DAY) == ()
    assert [each.empty_since for each in vacancies(refilled, date(2026, 10, 20))] == [date(2026, 10, 14)]


def test_succession_matches_the_first_to_end_with_the_first_to_follow() -> None:
    two = constitution(
        (FENWHISTLE, FENWHISTLE + '\nhandover = "Ask for the list."'),
        add=appointment("board", "heads", "Brine", "from = 2025-01-01\nuntil = 2027-01-01")
        + appointment("board", "heads", "Skerry", "from = 2027-09-01")
        + appointment("board", "heads", "Tern", "from = 2027-01-01"),
    )
    found = [
        (each.person, each.ends_on, each.successor, each.follows_on, each.handover) for each in succession(two, DAY) if each.seat == "heads"
    ]
    assert found == [
        ("Brine", date(2027, 1, 1), "Tern", date(2027, 1, 1), ""),
        ("Fenwhistle", date(2027, 9, 1), "Skerry", date(2027, 9, 1), "Ask for the list."),
    ]


def test_succession_does_not_take_someone_who_begins_earlier() -> None:
    alongside = constitution(add=appointment("board", "heads", "Brine", "from = 2026-12-01"))
    assert [(each.person, each.successor) for each in succession(alongside, DAY) if each.seat == "heads"] == [("Fenwhistle", "")]


def test_term_ending_soon_is_told_with_its_named_successor() -> None:
    soon = constitution((FENWHISTLE, FENWHISTLE.replace("2027-09-01", "2027-05-21") + '\nsuccessor = "Brine"'))
    assert [(each.person, each.ends_on, each.overdue, each.successor, each.follows_on) for each in terms_ending(soon, DAY)] == [
        ("Fenwhistle", date(2027, 5, 21), False, "Brine", None)
    ]
    assert terms_ending(soon, DAY, within_months=5) == ()


def test_term_sat_beyond_is_overdue() -> None:
    beyond = constitution((FENWHISTLE, FENWHISTLE.replace("from = 2025-09-01\nuntil = 2027-09-01", "from = 2024-09-01")))
    assert [(each.person, each.ends_on, each.overdue) for each in terms_ending(beyond, DAY)] == [("Fenwhistle", date(2026, 9, 1), True)]


def test_term_without_a_beginning_has_no_end() -> None:
    unsaid = constitution((FENWHISTLE, FENWHISTLE.replace("from = 2025-09-01\nuntil = 2027-09-01", "")))
    assert [each.person for each in succession(unsaid, DAY)] == ["Quill"]


def test_former_member_school_lends_nothing() -> None:
    left = constitution(('name = "Saltmarsh Primary School"', 'name = "Saltmarsh Primary School"\nuntil = 2026-01-01'))
    assert seat(left, "board", "heads").holders[0].phase == ""
    assert Roll(left).member("900001", DAY) is None


def test_months_later_keeps_to_the_month() -> None:
    assert months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_later(date(2026, 11, 21), 14) == date(2028, 1, 21)


DAYS = st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 20))


@given(DAYS, DAYS, DAYS, DAYS)
def test_periods_overlap_when_a_day_is_in_both(a: date | None, b: date | None, x: date | None, y: date | None) -> None:
    one, other = Member("1", from_on=a, until_on=b), Member("2", from_on=x, until_on=y)
    days = [date(2019, 12, 31), *(date(2020, 1, day) for day in range(1, 22))]
    if all(first is None or last is None or first < last for first, last in ((a, b), (x, y))):
        assert overlap(one, other) == any(in_force(one, day) and in_force(other, day) for day in days)
        assert overlap(one, other) == overlap(other, one)


@given(
    st.lists(st.tuples(st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.integers(1, 40)), max_size=6), st.integers(0, 4), st.integers(0, 4)
)
def test_seats_are_always_the_holders_and_the_vacancies(terms: list[tuple[date, int]], least: int, more: int) -> None:
    rows = "".join(
        appointment("coast", "members", f"P{number}", f"from = {start}\nuntil = {months_later(start, months)}")
        for number, (start, months) in enumerate(terms)
    )
    now = seat(constitution(('places = "up to 4"', f'places = "{least} to {least + more}"'), add=rows), "coast", "members")
    assert len(now.empty_since) == max(0, least - len(now.holders))
    assert now.seats == min(max(least, now.filled), least + more)
    assert all(day is None or day <= DAY for day in now.empty_since)


def test_seat_held_by_appointment_has_no_office_that_brings_it() -> None:
    roll = Roll(constitution())
    assert list(roll.ex_officio_sources(roll.body_by_id["board"].seats[0], DAY)) == []
