"""The picture of weeks by cluster, and calendars as text: what RFC 5545 and RFC 5546 ask of them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from convenor.partnership.rules.terms import SchoolCalendar, Stretch
from convenor.peer_review.calendars import Party, feed, invitation
from convenor.peer_review.rules.calendar import Appointments, CalendarEntry, Entry, Method, digest_of, entries_of, uid_of, visit_entry
from convenor.peer_review.rules.gates import Next, Who
from convenor.peer_review.rules.states import State, Step
from convenor.peer_review.rules.weeks import Cell, Dated, picture

AT = datetime(2026, 11, 2, 9, 0, 30, 250, tzinfo=UTC)
BEGAN = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)
FIRST, UNTIL = date(2026, 11, 24), date(2026, 11, 26)
CALENDAR = SchoolCalendar({2026: (Stretch(date(2026, 9, 2), date(2026, 10, 24)), Stretch(date(2026, 11, 2), date(2026, 12, 19)))}, {}, {})


def appointments(**more: Any) -> Appointments:
    given: dict[str, Any] = {
        "pk": 7, "slug": "fernshire", "school": "Fernhollow; by the sea", "state": State.SCHEDULED,
        "next": Next(Step.DATA_SHARED, Who.HOST, "Share your self-review."), "due_on": date(2026, 11, 10), "mine": True,
        "visit_from_on": FIRST, "visit_until_on": UNTIL, "workshop_on": None, "impact_on": None, "version": 3, "changed_at": AT,
        "round_began_at": BEGAN,
    }  # fmt: skip
    return Appointments(**given | more)


def test_weeks_stand_by_cluster_with_holidays_and_edges() -> None:
    found = picture(
        [Dated("North", date(2026, 11, 3)), Dated("North", date(2026, 11, 5), True), Dated("", date(2026, 10, 20))],
        CALENDAR, date(2026, 10, 26), date(2026, 11, 14), [date(2026, 11, 3)],
    )  # fmt: skip
    assert [(week.monday, week.school_days, week.edge, week.closed) for week in found.weeks] == [
        (date(2026, 10, 19), 5, False, False), (date(2026, 10, 26), 0, False, True), (date(2026, 11, 2), 5, True, False),
        (date(2026, 11, 9), 5, False, False),
    ]  # fmt: skip
    assert [(line.body, line.many, line.cells) for line in found.lines] == [
        ("North", 2, (Cell(), Cell(), Cell(1, 1), Cell())),
        ("In no cluster", 1, (Cell(1, 0), Cell(), Cell(), Cell())),
    ]
    assert ([cell.many for cell in found.whole], found.most) == ([1, 0, 2, 0], 2)


def test_a_picture_of_nothing_has_weeks_and_no_lines() -> None:
    found = picture([], CALENDAR, date(2026, 11, 2), date(2026, 11, 14), [])
    assert (len(found.weeks), found.lines, found.most) == (2, (), 0)


def test_a_picture_never_grows_beyond_a_year_of_school_weeks() -> None:
    found = picture([Dated("North", date(2027, 11, 9))], CALENDAR, date(2026, 11, 2), date(2026, 11, 14), [])
    assert (len(found.weeks), found.lines[0].many) == (44, 0)


def test_a_calendar_says_what_kind_of_day_and_at_which_school() -> None:
    found = entries_of([appointments(workshop_on=date(2026, 12, 8), impact_on=date(2027, 5, 25))], on=FIRST)
    assert [(each.summary, each.from_on, each.until_on, each.takes_the_day) for each in found] == [
        ("Peer review, Fernhollow; by the sea: share the self-review by today", date(2026, 11, 10), date(2026, 11, 11), False),
        ("Peer review visit: Fernhollow; by the sea", FIRST, UNTIL, True),
        ("Improvement workshop: Fernhollow; by the sea", date(2026, 12, 8), date(2026, 12, 9), True),
        ("Impact visit: Fernhollow; by the sea", date(2027, 5, 25), date(2027, 5, 26), True),
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"state": State.DRAFT}, {"state": State.WITHDRAWN}, {"state": State.POSTPONED}, {"visit_from_on": None},
        {"visit_from_on": date(2024, 1, 9), "visit_until_on": date(2024, 1, 10)},
    ],
)  # fmt: skip
def test_what_does_not_stand_or_is_long_ago_is_in_no_calendar(more: dict[str, Any]) -> None:
    assert entries_of([appointments(mine=False, workshop_on=None, **more)], on=FIRST) == []


@pytest.mark.parametrize("more", [{"mine": False}, {"due_on": None}, {"next": None}, {"next": Next(Step.SCHEDULED, Who.COORDINATOR, "x")}])
def test_only_what_is_due_from_oneself_is_in_ones_calendar(more: dict[str, Any]) -> None:
    assert [each.summary for each in entries_of([appointments(**more)], on=FIRST)] == ["Peer review visit: Fernhollow; by the sea"]


def test_names_of_entries_last_and_differ_by_kind_and_round() -> None:
    assert uid_of(7, "fernshire", Entry.VISIT, BEGAN) == "visit-7-20260914090000@fernshire.convenor"
    assert uid_of(7, "fernshire", Entry.IMPACT, None) == "impact-7-0@fernshire.convenor"
    found = entries_of([appointments()], on=FIRST)
    assert len({each.uid for each in found}) == len(found)


def invite(method: Method = Method.REQUEST, entry: CalendarEntry | None = None, name: str = "Ada Example") -> str:
    return invitation(
        entry or visit_entry(appointments()), method, organiser=Party("Fernshire", "no-reply@convenor.example"),
        attendee=Party(name, "ada@example.org"), site="https://convenor.example",
    )  # fmt: skip


@pytest.mark.parametrize(("method", "status"), [(Method.REQUEST, "CONFIRMED"), (Method.CANCEL, "CANCELLED")])
def test_an_invitation_holds_what_the_standard_asks(method: Method, status: str) -> None:
    calendar = Calendar.from_ical(invite(method))
    [event] = calendar.walk("VEVENT")
    assert (str(calendar["version"]), str(calendar["method"]), bool(calendar["prodid"])) == ("2.0", method.value, True)
    assert (
        str(event["uid"]), event.decoded("dtstamp"), int(event["sequence"]), str(event["status"]), event["organizer"], event["attendee"],
        event["attendee"].params["PARTSTAT"], event["attendee"].params["RSVP"],
    ) == (
        "visit-7-20260914090000@fernshire.convenor", AT.replace(microsecond=0), 3, status, "mailto:no-reply@convenor.example",
        "mailto:ada@example.org", "NEEDS-ACTION", "FALSE",
    )  # fmt: skip
    assert (event["dtstart"].params["VALUE"], event.decoded("dtstart"), event.decoded("dtend")) == ("DATE", FIRST, UNTIL)


def test_an_entry_without_a_place_or_site_leaves_them_out() -> None:
    [due] = [each for each in entries_of([appointments()], on=FIRST) if not each.takes_the_day]
    [event] = Calendar.from_ical(feed([due], name="Peer reviews")).walk("VEVENT")
    assert ("location" in event, "url" in event, str(event["transp"])) == (False, False, "TRANSPARENT")


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200),
    st.text("aé,;\\:\"^'☃ ", max_size=40),
)
def test_any_name_is_folded_at_75_octets_ends_lines_with_crlf_and_reads_back(school: str, name: str) -> None:
    entry = visit_entry(appointments(school=school))
    for text in (feed([entry], name="Peer reviews", site="https://convenor.example"), invite(entry=entry, name=name)):
        raw = text.encode()
        assert (raw.endswith(b"\r\n"), raw.count(b"\n"), max(len(line) for line in raw.split(b"\r\n")) <= 75) == (
            True,
            raw.count(b"\r\n"),
            True,
        )
        [event] = Calendar.from_ical(text).walk("VEVENT")
        assert str(event["summary"]) == f"Peer review visit: {school}"


def test_a_feed_without_entries_is_a_calendar_still() -> None:
    assert Calendar.from_ical(feed([], name="Peer reviews")).walk("VEVENT") == []


def test_the_digest_of_an_address_is_not_the_address() -> None:
    assert (len(digest_of("x")), digest_of("x") == digest_of("x"), digest_of("x") == digest_of("y")) == (64, True, False)
