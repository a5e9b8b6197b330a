"""Seats filled and left, who follows, calls decided: done, refused, and written down."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core import mail

from convenor.journal.models import Entry
from convenor.partnership.actions import (
    appoint,
    decide_call,
    end_appointment,
    name_successor,
    nominate,
    open_call,
    withdraw_call,
    write_hand_over,
)
from convenor.partnership.gate import ANYONE, NotAllowed, viewer_for
from convenor.partnership.models import Appointment, Nomination, SeatCall
from convenor.partnership.queries import seats as queries
from convenor.partnership.rules.refusals import (
    AlreadyThere,
    NotOpen,
    NotThere,
    SeatByOffice,
    SeatRefused,
    SeatTaken,
    StillOpen,
    TooMany,
    Undecided,
    WrongDays,
)
from convenor.post.models import Letter
from tests.factories.partnership import AT, ON, SLUG, World, someone, world

pytestmark = pytest.mark.django_db
CLOSES = ON + timedelta(days=14)
TERM = ON + timedelta(days=60)
AFTER = AT + timedelta(days=15)


@pytest.fixture
def here() -> World:
    return world()


def verbs() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("verb", flat=True))


def fill(here: World, **more: object) -> Appointment:
    given: dict[str, object] = {
        "slug": SLUG, "body": "south-cluster", "seat": "lead", "person_id": here.people["other head"].pk, "role": "headteacher",
        "urn": "990005", "from_on": ON, "by": here["manager"], "at": AT,
    }  # fmt: skip
    return appoint(**(given | more))  # type: ignore[arg-type]


def test_a_seat_is_filled(here: World, django_capture_on_commit_callbacks: Callable) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = fill(here)
    assert (row.person.name, row.how, row.school_id) == ("Dele Stone", "election", "990005")
    entry = Entry.objects.order_by("-id")[0]
    assert (entry.verb, entry.by_label, entry.urn) == (
        "seat.filled", "Mara Hollis, partnership manager, Fernshire Education Partnership", "990005",
    )  # fmt: skip
    assert Letter.objects.get().to_address == "dele.stone@example.org"
    assert [each.subject for each in mail.outbox] == ["Cluster lead, South cluster"]
    assert [each.role for each in viewer_for(here.people["other head"], on=ON).holdings] == ["head", "cluster-lead"]


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"seat": "nothing"}, NotThere), ({"body": "board", "seat": "alliance-chairs"}, SeatByOffice),
        ({"body": "north-cluster"}, SeatTaken), ({"role": "governor"}, SeatRefused), ({"until_on": ON}, WrongDays),
        ({"person_id": 0}, NotThere), ({"urn": "123456"}, NotThere),
    ],
)  # fmt: skip
def test_a_seat_is_not_filled_against_the_constitution(here: World, more: dict[str, object], error: type[Exception]) -> None:
    before = (Appointment.objects.count(), verbs())
    with pytest.raises(error) as refused:
        fill(here, **more)
    assert type(refused.value) is error
    assert (Appointment.objects.count(), verbs()) == before


def test_one_person_from_each_trust_sits_on_the_board(here: World) -> None:
    with pytest.raises(SeatRefused) as refused:
        fill(here, body="board", seat="primary-heads", urn="990002", person_id=someone("Sky Fresh").pk)
    assert {problem.body for problem in refused.value.problems} == {"board"}


def test_nobody_but_the_manager_fills_a_seat(here: World) -> None:
    able = []
    for who, viewer in here.viewers.items():
        try:
            fill(here, by=viewer)
        except NotAllowed:
            continue
        able.append(who)
    assert able == ["manager"]


def test_a_holder_leaves_and_access_ends_that_day(here: World) -> None:
    row = Appointment.objects.get(person__name="Ben Marsh")
    end_appointment(slug=SLUG, appointment_id=row.pk, until_on=ON, why="New post", by=here["manager"], at=AT)
    row.refresh_from_db()
    assert (row.until_on, row.ended_why) == (ON, "New post")
    held = [len(viewer_for(here.people["cluster lead"], on=day).holdings) for day in (ON - timedelta(days=1), ON)]
    assert held == [1, 0]
    with pytest.raises(AlreadyThere):
        end_appointment(slug=SLUG, appointment_id=row.pk, until_on=ON, why="", by=here["manager"], at=AT)
    with pytest.raises(WrongDays):
        end_appointment(slug=SLUG, appointment_id=row.pk, until_on=date(2020, 1, 1), why="", by=here["manager"], at=AT)
    with pytest.raises(NotThere):
        end_appointment(slug=SLUG, appointment_id=0, until_on=ON, why="", by=here["manager"], at=AT)
    assert verbs()[-1] == "seat.left"


def test_a_holder_names_who_follows_and_writes_what_they_need_to_know(here: World) -> None:
    row = Appointment.objects.get(person__name="Ben Marsh")
    name_successor(slug=SLUG, appointment_id=row.pk, person_id=here.people["other head"].pk, by=here["cluster lead"], at=AT)
    write_hand_over(slug=SLUG, appointment_id=row.pk, words=" Two schools wait for an answer. ", by=here["cluster lead"], at=AT)
    row.refresh_from_db()
    assert (row.successor, row.hand_over) == (here.people["other head"], "Two schools wait for an answer.")
    name_successor(slug=SLUG, appointment_id=row.pk, person_id=None, by=here["manager"], at=AT)
    with pytest.raises(NotThere):
        name_successor(slug=SLUG, appointment_id=row.pk, person_id=0, by=here["manager"], at=AT)
    assert verbs()[-3:] == ["successor.named", "hand-over.written", "successor.unnamed"]


def test_nobody_else_names_who_follows(here: World) -> None:
    row = Appointment.objects.get(person__name="Ben Marsh")
    for who in ("head", "alliance lead", "auditor", "somebody with no post"):
        with pytest.raises(NotAllowed):
            name_successor(slug=SLUG, appointment_id=row.pk, person_id=None, by=here[who], at=AT)
        with pytest.raises(NotAllowed):
            write_hand_over(slug=SLUG, appointment_id=row.pk, words="x", by=here[who], at=AT)


def test_a_hand_over_note_is_read_by_holder_and_manager_alone(here: World) -> None:
    row = Appointment.objects.get(person__name="Ben Marsh")
    write_hand_over(slug=SLUG, appointment_id=row.pk, words="Between us", by=here["manager"], at=AT)
    read = {}
    for who, viewer in here.viewers.items():
        seen = queries.seats(SLUG, viewer=viewer, at=AT)
        read[who] = [each.hand_over for each in seen.ending if each.appointment_id == row.pk] if seen else None
        one = queries.appointment(SLUG, row.pk, viewer=viewer, at=AT)
        assert (one.hand_over if one else "") == ("Between us" if read[who] == ["Between us"] else "")
    assert {who for who, notes in read.items() if notes == ["Between us"]} == {"manager", "cluster lead"}
    assert read["somebody with no post"] is None


def test_seats_at_a_glance(here: World) -> None:
    seen = queries.seats(SLUG, viewer=here["manager"], at=AT)
    assert seen is not None
    assert [(each.body.key, each.seat.key, each.places, each.since) for each in seen.vacant] == [
        ("south-cluster", "lead", 1, date(2025, 9, 1))
    ]
    assert [(each.name, each.ends_on, each.overdue, each.successor) for each in seen.ending] == [("Ben Marsh", date(2027, 1, 1), False, "")]
    assert queries.seats(SLUG, viewer=ANYONE, at=AT) is None
    assert queries.seats("elsewhere", viewer=here["manager"], at=AT) is None


def call(here: World, **more: object) -> SeatCall:
    given: dict[str, object] = {
        "slug": SLUG, "body": "south-cluster", "seat": "lead", "places": 1, "closes_on": CLOSES, "term_from_on": TERM,
        "by": here["manager"], "at": AT,
    }  # fmt: skip
    return open_call(**(given | more))  # type: ignore[arg-type]


def put_forward(here: World, row: SeatCall, who: str = "other head", **more: object) -> Nomination:
    given: dict[str, object] = {
        "slug": SLUG, "call_id": row.pk, "person_id": here.people[who].pk, "urn": "990005" if who == "other head" else "990001",
        "role": "headteacher", "by": here[who], "at": AT,
    }  # fmt: skip
    return nominate(**(given | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"seat": "nothing"}, NotThere), ({"body": "board", "seat": "alliance-chairs"}, SeatByOffice), ({"places": 2}, TooMany),
        ({"places": 0}, TooMany), ({"closes_on": ON - timedelta(days=1)}, WrongDays), ({"by": ANYONE}, NotAllowed),
    ],
)  # fmt: skip
def test_a_call_that_cannot_be_opened_is_not(here: World, more: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error) as refused:
        call(here, **more)
    assert (type(refused.value), SeatCall.objects.count()) == (error, 0)


def test_a_seat_has_one_open_call(here: World) -> None:
    call(here)
    with pytest.raises(AlreadyThere):
        call(here)


def test_a_contested_call_is_decided_by_votes(here: World) -> None:
    row = call(here)
    first, second = put_forward(here, row), put_forward(here, row, "head")
    with pytest.raises(StillOpen):
        decide_call(slug=SLUG, call_id=row.pk, by=here["manager"], at=AT)
    with pytest.raises(Undecided):
        decide_call(slug=SLUG, call_id=row.pk, by=here["manager"], at=AFTER)
    chosen = decide_call(slug=SLUG, call_id=row.pk, votes={first.pk: 3, second.pk: 8}, by=here["manager"], at=AFTER)
    assert [(each.person.name, each.from_on, each.how) for each in chosen] == [("Ada Example", TERM, "election")]
    row.refresh_from_db()
    assert (row.decided_on, row.outcome) == (AFTER.date(), "By votes.")
    assert list(row.nominations.order_by("id").values_list("votes", "chosen")) == [(3, False), (8, True)]
    with pytest.raises(NotOpen):
        decide_call(slug=SLUG, call_id=row.pk, by=here["manager"], at=AFTER)
    assert verbs()[-2:] == ["seat.filled", "call.decided"]


def test_a_decision_that_cannot_stand_changes_nothing(here: World) -> None:
    row = call(here, term_from_on=ON)
    put_forward(here, row)
    fill(here)
    before = verbs()
    with pytest.raises(SeatTaken):
        decide_call(slug=SLUG, call_id=row.pk, by=here["manager"], at=AFTER)
    row.refresh_from_db()
    assert (row.decided_on, verbs()) == (None, before)


def test_a_call_is_withdrawn_with_its_reason(here: World) -> None:
    row = call(here)
    withdraw_call(slug=SLUG, call_id=row.pk, why="The seat is to go", by=here["manager"], at=AT)
    with pytest.raises(NotOpen):
        put_forward(here, row)
    with pytest.raises(NotThere):
        withdraw_call(slug=SLUG, call_id=0, why="", by=here["manager"], at=AT)
    assert verbs()[-1] == "call.withdrawn"


def test_names_are_put_forward_by_those_who_may(here: World) -> None:
    row = call(here)
    put_forward(here, row)
    with pytest.raises(AlreadyThere):
        put_forward(here, row)
    with pytest.raises(NotOpen):
        put_forward(here, row, "head", at=AFTER)
    with pytest.raises(SeatRefused):
        put_forward(here, row, "head", role="governor")
    with pytest.raises(NotThere):
        put_forward(here, row, person_id=0)
    with pytest.raises(NotAllowed, match="for a school you act for"):
        put_forward(here, row, "head", urn="990002")
    with pytest.raises(NotAllowed, match="yourself or somebody of your own school"):
        put_forward(here, row, "head", person_id=here.people["trust lead"].pk)
    with pytest.raises(NotAllowed):
        put_forward(here, row, by=here["officer"])
    put_forward(here, row, "head", by=here["clerk"])
    put_forward(here, row, "head", person_id=someone("Sky Fresh").pk, by=here["manager"])
    assert list(row.nominations.order_by("id").values_list("put_forward_by", flat=True)) == [
        "Dele Stone, headteacher, Dunmarsh High School", "Cass Wood, clerk to the governors, Fernhollow Primary School",
        "Mara Hollis, partnership manager, Fernshire Education Partnership",
    ]  # fmt: skip


def test_votes_are_for_whoever_counts_until_it_is_decided(here: World) -> None:
    row = call(here)
    first = put_forward(here, row)
    Nomination.objects.filter(pk=first.pk).update(votes=3)
    seen = {who: queries.call(SLUG, row.pk, viewer=viewer, at=AT) for who, viewer in here.viewers.items()}
    assert {who: page.standing[0].votes for who, page in seen.items() if page and page.standing[0].votes} == {"manager": 3}
    assert seen["somebody with no post"] is None
    assert queries.call(SLUG, 0, viewer=here["manager"], at=AT) is None
    decide_call(slug=SLUG, call_id=row.pk, votes={first.pk: 3}, by=here["manager"], at=AFTER)
    after = queries.call(SLUG, row.pk, viewer=here["head"], at=AFTER)
    assert after is not None
    assert (after.standing[0].votes, after.standing[0].chosen, after.may_nominate) == (3, True, False)


def test_people_to_choose_are_ones_own_school_or_for_the_manager_everybody(here: World) -> None:
    chosen = {who: {each.name for each in queries.people_to_choose(SLUG, viewer=viewer, at=AT)} for who, viewer in here.viewers.items()}
    assert chosen["other head"] == {"Dele Stone"}
    assert chosen["clerk"] == {"Ada Example", "Sia Brook", "Gwen Ford", "Cass Wood", "Olu Reed"}
    assert chosen["somebody with no post"] == set()
    assert len(chosen["manager"]) == 19
