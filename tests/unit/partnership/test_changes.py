"""What a new version of a constitution would change."""

from dataclasses import replace
from datetime import date

from convenor.partnership.rules.changes import differences
from convenor.partnership.rules.constitution import Appointment, Area, Member, ReportingLine
from convenor.partnership.rules.reading import parse
from tests.factories.fernshire import APPOINTMENTS, CONSTITUTION, ON

OLD = parse(CONSTITUTION + APPOINTMENTS)


def said(new: object, old: object = OLD, on: date = ON) -> list[str]:
    return [str(each) for each in differences(old, new, on)]  # type: ignore[arg-type]


def test_the_same_again_changes_nothing() -> None:
    assert said(OLD) == []


def test_everything_begins_where_nothing_was() -> None:
    found = differences(None, OLD, ON)
    kinds = [each.what for each in found]
    assert {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)} == {
        "partnership": 1, "tier": 3, "area": 1, "body": 4, "seat": 6, "appointment": 4
    }  # fmt: skip
    assert {each.change.value for each in found} == {"begins"}


def test_a_body_not_named_any_more_ends() -> None:
    assert said(replace(OLD, bodies=OLD.bodies[:-1])) == ["body ends: South cluster"]


def test_a_body_that_ended_already_does_not_end_again() -> None:
    ended = replace(OLD, bodies=(*OLD.bodies[:-1], replace(OLD.bodies[-1], until_on=ON)))
    assert said(replace(OLD, bodies=OLD.bodies[:-1]), old=ended) == []


def test_what_changes_in_a_body_is_said() -> None:
    board = replace(OLD.bodies[0], quorum=3, name="Board", seats=OLD.bodies[0].seats[:2])
    assert said(replace(OLD, bodies=(board, *OLD.bodies[1:]))) == ["body changes: Board (name, quorum)", "seat ends: Alliance chairs"]


def test_what_changes_in_a_seat_is_said() -> None:
    board = OLD.bodies[0]
    seats = (replace(board.seats[0], term_months=36, from_on=ON), *board.seats[1:])
    changed = replace(OLD, bodies=(replace(board, seats=seats), *OLD.bodies[1:]))
    assert said(changed) == ["seat changes: Independent chair (term in months, from)"]


def test_a_first_day_left_out_is_no_change() -> None:
    dated = replace(OLD, bodies=tuple(replace(body, from_on=date(2025, 9, 1)) for body in OLD.bodies))
    assert said(OLD, old=dated) == []


def test_a_reporting_line_is_compared_as_it_stands() -> None:
    lines = (ReportingLine("board", None, ON), ReportingLine("alliance", ON))
    dated = replace(OLD, bodies=(*OLD.bodies[:-1], replace(OLD.bodies[-1], reports_to="", reporting_lines=lines)))
    assert said(dated) == []
    assert said(dated, on=date(2026, 1, 1)) == ["body changes: South cluster (reports to)"]


def test_the_partnerships_own_words_and_areas_are_compared() -> None:
    renamed = replace(OLD, name="Fernshire Together", areas=(Area("997", "Mossshire"),))
    assert said(renamed) == ["partnership changes: Fernshire Together (name)", "area begins: Mossshire", "area ends: Fernshire"]


def test_members_and_appointments_are_only_added() -> None:
    bare = replace(OLD, appointments=())
    assert said(bare) == []
    more = replace(
        bare,
        members=(Member("990001", "Fernhollow"), Member("990001", "Fernhollow", from_on=ON), Member("990002")),
        appointments=(Appointment("board", "chair", "Sky Fresh"),),
    )
    assert said(more) == ["member begins: Fernhollow", "member begins: 990002", "appointment begins: Sky Fresh"]
