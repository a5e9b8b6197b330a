"""What a later version of a file says of things that are there already."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from convenor.partnership.actions import load_constitution, place_in_body, take_post
from convenor.partnership.gate import ANYONE, viewer_for
from convenor.partnership.models import Appointment, BodySchool, Constitution, Membership, Post, ReportingLine
from convenor.partnership.rules.refusals import NotThere
from convenor.registers.models import School
from tests.factories.partnership import APPOINTMENTS, AT, CONSTITUTION, ON, SLUG, file, members, world

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=30)
DAY = LATER.date()


def again(text: str) -> None:
    load_constitution(text=text, by="the test", at=LATER)


def test_a_school_that_the_file_says_has_left_leaves() -> None:
    world()
    elmscar = 'name = "Elmscar School"\nbodies = ["south-cluster"]\nfrom = 2025-09-01'
    left = members().replace(elmscar, f"{elmscar}\nuntil = 2026-11-20")
    again(CONSTITUTION + left + APPOINTMENTS)
    assert Membership.objects.values_list("until_on", flat=True).get(school="990006") == date(2026, 11, 20)
    assert BodySchool.objects.values_list("until_on", flat=True).get(school="990006") == date(2026, 11, 20)


def test_a_school_new_in_the_file_joins_on_the_day_of_the_change() -> None:
    world()
    School.objects.create(urn="990095", name="New School", phase="Primary", status="open", authority_id="998", fictitious=True)
    again(CONSTITUTION + '[[member]]\nschool = "990095"\nbodies = ["south-cluster"]\n')
    assert Membership.objects.values_list("from_on", "until_on").get(school="990095") == (DAY, None)
    assert BodySchool.objects.values_list("from_on", flat=True).get(school="990095") == DAY
    assert Membership.objects.count() == 7


def test_a_school_that_moved_and_came_back_is_one_member_with_three_places() -> None:
    world()
    rows = "".join(
        f'[[member]]\nschool = "990094"\nbodies = ["{body}"]\nfrom = {start}\n{f"until = {end}" if end else ""}\n'
        for body, start, end in (
            ("north-cluster", "2026-09-01", "2027-09-01"), ("south-cluster", "2027-09-01", "2028-09-01"),
            ("north-cluster", "2028-09-01", "2029-09-01"), ("north-cluster", "2030-09-01", ""),
        )
    )  # fmt: skip
    School.objects.create(urn="990094", name="Roaming School", phase="Primary", status="open", authority_id="998", fictitious=True)
    again(CONSTITUTION + rows)
    stays = Membership.objects.filter(school="990094").order_by("from_on").values_list("from_on__year", "until_on__year")
    places = BodySchool.objects.filter(school="990094").order_by("from_on").values_list("body__key", "from_on__year", "until_on__year")
    assert list(stays) == [(2026, 2029), (2030, None)]
    assert list(places) == [
        ("north-cluster", 2026, 2027), ("south-cluster", 2027, 2028), ("north-cluster", 2028, 2029), ("north-cluster", 2030, None),
    ]  # fmt: skip


def test_a_term_that_the_file_ends_is_ended() -> None:
    world()
    ended = APPOINTMENTS.replace('role = "independent"\nfrom = 2025-09-01', 'role = "independent"\nfrom = 2025-09-01\nuntil = 2026-11-30')
    again(CONSTITUTION + members() + ended)
    assert Appointment.objects.values_list("until_on", flat=True).get(person__name="Idris Vale") == date(2026, 11, 30)
    assert Appointment.objects.count() == 4


def test_who_follows_in_the_file_becomes_somebody_known() -> None:
    world()
    more = """
[[appointment]]
body = "south-cluster"
seat = "lead"
person = "Fay New"
role = "headteacher"
school = "990005"
from = 2026-11-01
successor = "Dele Stone"
handover = "Soon."
"""
    again(file() + more)
    row = Appointment.objects.get(person__name="Fay New")
    assert (row.successor is not None and row.successor.name, row.hand_over) == ("Dele Stone", "Soon.")
    assert row.successor is not None
    assert row.successor.tenures.count() == 1


def test_a_dated_reporting_line_is_kept_and_ended() -> None:
    def lines(until: str) -> str:
        south = CONSTITUTION.index('id = "south-cluster"')
        head, tail = CONSTITUTION[:south], CONSTITUTION[south:]
        tail = tail.replace('reports_to = "alliance"\n', "", 1)
        seat = tail.index("[[body.seat]]")
        first = f'[[body.reporting_line]]\nto = "alliance"\nfrom = 2025-09-01\n{until}\n'
        line = first + '[[body.reporting_line]]\nto = "board"\nfrom = 2027-09-01\n\n'
        return head + tail[:seat] + line + tail[seat:]

    load_constitution(text=lines("until = 2027-09-01"), by="the test", at=AT)
    again(lines("until = 2027-01-01"))
    rows = ReportingLine.objects.filter(body__key="south-cluster").order_by("from_on").values_list("reports_to__key", "until_on")
    assert list(rows) == [("alliance", date(2027, 1, 1)), ("board", None)]


def test_a_version_takes_effect_on_the_day_it_names() -> None:
    world()
    again(CONSTITUTION.replace("from = 2025-09-01\nreview_on", "from = 2027-01-01\nreview_on"))
    assert list(Constitution.objects.order_by("id").values_list("from_on", flat=True)) == [date(2025, 9, 1), date(2027, 1, 1)]


def test_a_body_cannot_be_filled_before_there_is_a_constitution() -> None:
    everyone = world()
    Constitution.objects.all().delete()
    with pytest.raises(NotThere, match="no constitution yet"):
        place_in_body(slug=SLUG, body="alliance", urn="990001", from_on=ON, by=everyone["manager"], at=AT)


def test_somebody_of_two_partnerships_stands_in_one_at_a_time() -> None:
    everyone = world()
    load_constitution(text=CONSTITUTION.replace('"fernshire"', '"mossshire"'), by="the test", at=AT)
    person = everyone.people["manager"]
    take_post(slug="mossshire", role="auditor", title="Auditor", person_id=person.pk, from_on=ON, by="the test", at=AT)
    first, other = viewer_for(person, on=ON), viewer_for(person, partnership_slug="mossshire", on=ON)
    assert [(each.slug) for each in first.elsewhere] == ["mossshire"]
    assert ([each.role for each in first.holdings], [each.role for each in other.holdings]) == (["manager"], ["auditor"])
    chosen = viewer_for(person, on=ON, post_id=other.holdings[0].post_id)
    assert chosen.partnership is not None
    assert (chosen.partnership.slug, chosen.holds("auditor"), chosen.holds("manager")) == ("mossshire", True, False)
    nowhere = viewer_for(person, partnership_slug="nowhere", on=ON)
    assert (nowhere.partnership, nowhere.holdings, len(nowhere.elsewhere)) == (None, (), 2)


def test_nobody_in_particular_is_anyone() -> None:
    assert (viewer_for(None, on=ON), viewer_for(AnonymousUser(), on=ON)) == (ANYONE, ANYONE)


def test_a_post_of_a_role_that_is_no_more_allows_nothing() -> None:
    everyone = world()
    Post.objects.filter(role="reviewer").update(role="inspector")
    assert viewer_for(everyone.people["reviewer"], on=ON).holdings == ()


def test_those_who_run_or_watch_need_a_second_factor() -> None:
    everyone = world()
    assert {who for who, viewer in everyone.viewers.items() if viewer.needs_second_factor} == {
        "manager", "auditor", "officer", "regional link", "broker"
    }  # fmt: skip
