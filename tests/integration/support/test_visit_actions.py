"""Visits are planned, moved, called off and held, and half days go with them; notes are written, late or not, and answered."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from convenor.partnership.gate import NotAllowed
from convenor.partnership.models.lasting import StandsForEver
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.rules.refusals import NoWords
from convenor.peer_review.rules.states import State
from convenor.support.actions.notes import keep_draft, mark_note, write_note
from convenor.support.actions.visits import cancel, hold, move, plan_visit
from convenor.support.models import Assurance, CapacityYear, NoteMark, NoteOfVisit, Package, PackageLog, Visit
from convenor.support.queries.package_tasks import facts_of
from convenor.support.queries.standing import PackageHere, package_here
from convenor.support.queries.visits import free_days, visits
from convenor.support.rules.gates import Gate
from convenor.support.rules.notes import NoteStands, Words
from convenor.support.rules.refusals import AssuranceEnded, ChangedMeanwhile, Missing, NoDaysLeft, NotYours, OutOfTurn, WrongDay, WrongSum
from convenor.support.rules.states import Accuracy
from tests.factories.peer_review import review
from tests.factories.support import SLUG, World, package, supporter, supporting
from tests.factories.support_deployments import NOW, TODAY, WORDS, visit

pytestmark = pytest.mark.django_db
#: A day to come, and one that has passed, while support runs.
AHEAD, BEHIND = date(2026, 11, 18), date(2026, 11, 4)


@pytest.fixture
def here() -> World:
    return supporting()


def seen(here: World, row: Package, who: str) -> PackageHere:
    found = package_here(SLUG, row.pk, viewer=here[who], at=NOW)
    assert found is not None
    return found


def days(row: Package, year: str = "2026-27") -> tuple[int, int]:
    """Booked and delivered half days of the package's supporter."""
    found = CapacityYear.objects.get(supporter=row.supporter, year=year)
    return found.half_days_booked, found.half_days_delivered


def test_a_planned_visit_books_its_half_days(here: World) -> None:
    row = package(here)
    found = visit(here, row, on=AHEAD, half_days=2, what="Lessons in year 1", objectives=[1, 4])
    assert (days(row), found.delivered_on, found.objectives) == ((2, 0), None, [1])


def test_a_visit_of_a_day_that_has_passed_is_held(here: World) -> None:
    row = package(here)
    found = visit(here, row, on=BEHIND)
    assert (days(row), found.delivered_on) == ((1, 1), BEHIND)


@pytest.mark.parametrize(
    ("on", "half_days", "why"),
    [
        (date(2026, 11, 14), 1, WrongDay), (date(2026, 12, 25), 1, WrongDay), (date(2026, 9, 1), 1, WrongDay), (AHEAD, 3, WrongSum),
        (TODAY + timedelta(days=800), 1, WrongDay),
    ],
)  # fmt: skip
def test_a_visit_that_cannot_be_books_nothing(here: World, on: date, half_days: int, why: type[Exception]) -> None:
    row = package(here)
    with pytest.raises(why):
        visit(here, row, on=on, half_days=half_days)
    assert (days(row), Visit.objects.count()) == ((0, 0), 0)


def test_visits_take_no_more_than_was_agreed(here: World) -> None:
    row = package(here)
    for ahead in range(3):
        visit(here, row, on=AHEAD + timedelta(days=7 * ahead), half_days=2)
    with pytest.raises(WrongSum):
        visit(here, row, on=date(2026, 12, 9))
    assert days(row) == (6, 0)


def test_nobody_books_days_that_are_not_there(here: World) -> None:
    row = package(here, given_by=supporter(here, half_days=1))
    visit(here, row, on=AHEAD)
    with pytest.raises(NoDaysLeft):
        visit(here, row, on=date(2026, 11, 25))
    assert (days(row), Visit.objects.count()) == ((1, 0), 1)


def test_nobody_visits_after_their_assurance_ended(here: World) -> None:
    row = package(here)
    Assurance.objects.update(valid_until_on=date(2026, 11, 17))
    with pytest.raises(AssuranceEnded):
        visit(here, row, on=AHEAD)
    assert days(row) == (0, 0)


def test_nobody_is_in_two_schools_at_once(here: World) -> None:
    row, other = package(here), package(here, school="990002")
    visit(here, other, on=AHEAD, half_days=2, by="trust lead")
    with pytest.raises(WrongDay):
        visit(here, row, on=AHEAD)


def test_nobody_visits_while_on_a_peer_review(here: World) -> None:
    for who, known in (("lead", "other head"), ("second", "system leader"), ("champion", "reviewer")):
        here.people[who], here.viewers[who] = here.people[known], here.viewers[known]
    review(here, until=State.SCHEDULED, school="990002")
    row = package(here)
    with pytest.raises(WrongDay):
        visit(here, row, on=date(2026, 12, 1))
    assert date(2026, 12, 1) not in free_days(seen(here, row, "supporter"), viewer=here["supporter"], at=NOW, after=date(2026, 11, 27))


def test_visits_wait_until_both_heads_agree(here: World) -> None:
    row = package(here, "agreeing")
    with pytest.raises(Missing):
        plan_visit(slug=SLUG, package_id=row.pk, on=AHEAD, half_days=1, by=here["broker"], at=NOW)


def test_who_takes_no_part_plans_no_visit(here: World) -> None:
    row = package(here)
    for who in ("manager", "other head", "auditor"):
        with pytest.raises(NotThere):
            visit(here, row, on=AHEAD, by=who)


def test_a_visit_moves_with_its_half_days_across_school_years(here: World) -> None:
    row = package(here)
    found = visit(here, row, on=AHEAD, half_days=2)
    move(slug=SLUG, visit_id=found.pk, on=date(2027, 9, 13), half_days=1, by=here["head"], at=NOW, why="Inspection")
    found.refresh_from_db()
    assert (days(row), days(row, "2027-28"), found.on, found.half_days) == ((0, 0), (1, 0), date(2027, 9, 13), 1)


def test_a_visit_stays_where_it_is_while_its_new_day_cannot_be(here: World) -> None:
    row = package(here)
    found = visit(here, row, on=AHEAD)
    with pytest.raises(WrongDay):
        move(slug=SLUG, visit_id=found.pk, on=date(2026, 12, 26), by=here["supporter"], at=NOW)
    with pytest.raises(ChangedMeanwhile):
        move(slug=SLUG, visit_id=found.pk, on=date(2026, 11, 25), by=here["supporter"], at=NOW, version=0)
    move(slug=SLUG, visit_id=found.pk, on=AHEAD, half_days=2, by=here["supporter"], at=NOW, version=1)
    assert days(row) == (2, 0)


def test_a_visit_that_is_called_off_gives_its_days_back(here: World) -> None:
    row = package(here)
    found = visit(here, row, on=AHEAD)
    cancel(slug=SLUG, visit_id=found.pk, by=here["head"], at=NOW, why="A school trip")
    assert days(row) == (0, 0)
    for again in (cancel, hold):
        with pytest.raises(OutOfTurn):
            again(slug=SLUG, visit_id=found.pk, by=here["head"], at=NOW)
    with pytest.raises(OutOfTurn):
        write_note(slug=SLUG, visit_id=found.pk, words=WORDS, by=here["supporter"], at=NOW)


def test_a_visit_is_held_once_and_not_before_its_day(here: World) -> None:
    row = package(here)
    found = visit(here, row, on=AHEAD)
    with pytest.raises(WrongDay):
        hold(slug=SLUG, visit_id=found.pk, by=here["supporter"], at=NOW)
    hold(slug=SLUG, visit_id=found.pk, by=here["supporter"], at=NOW + timedelta(days=9))
    with pytest.raises(OutOfTurn):
        move(slug=SLUG, visit_id=found.pk, on=date(2026, 12, 2), by=here["supporter"], at=NOW)
    assert (days(row), facts_of(row, viewer=here["broker"], on=TODAY).holds(Gate.VISIT_DELIVERED)) == ((1, 1), True)


def test_a_visit_of_another_partnership_is_not_there(here: World) -> None:
    found = visit(here, package(here), on=AHEAD)
    for slug, pk in (("elsewhere", found.pk), (SLUG, found.pk + 1)):
        with pytest.raises((NotThere, NotAllowed)):
            cancel(slug=slug, visit_id=pk, by=here["head"], at=NOW)


def test_free_days_are_school_days_on_which_the_supporter_is_free(here: World) -> None:
    row = package(here)
    visit(here, row, on=date(2026, 11, 11), half_days=2)
    assert free_days(seen(here, row, "head"), viewer=here["head"], at=NOW, half_days=1)[:3] == [
        date(2026, 11, 12), date(2026, 11, 13), date(2026, 11, 16),
    ]  # fmt: skip
    assert free_days(seen(here, row, "manager"), viewer=here["manager"], at=NOW) == []


def note(here: World, row: Package, *, at: datetime = NOW, on: date = BEHIND, words: Words = WORDS) -> NoteOfVisit:
    return write_note(slug=SLUG, visit_id=visit(here, row, on=on).pk, words=words, by=here["supporter"], at=at)


def test_a_note_of_a_planned_visit_says_that_it_was_held(here: World) -> None:
    row = package(here)
    found = note(here, row, on=TODAY)
    assert (days(row), found.visit.delivered_on, found.late, found.number) == ((1, 1), TODAY, False, 1)


def test_a_note_after_five_working_days_says_so(here: World) -> None:
    row = package(here)
    found = visit(here, row, on=BEHIND)
    late = write_note(slug=SLUG, visit_id=found.pk, words=WORDS, by=here["supporter"], at=NOW + timedelta(days=2))
    second = write_note(slug=SLUG, visit_id=found.pk, words=Words("One more thing."), by=here["supporter"], at=NOW + timedelta(days=3))
    assert [(each.late, each.number) for each in (late, second)] == [(True, 1), (False, 2)]
    assert PackageLog.objects.filter(package=row, step="noted", late=True).count() == 1


def test_a_note_is_written_by_the_side_that_visits(here: World) -> None:
    row = package(here)
    found = visit(here, row, on=BEHIND)
    with pytest.raises(NotYours):
        write_note(slug=SLUG, visit_id=found.pk, words=WORDS, by=here["head"], at=NOW)
    with pytest.raises(NotAllowed):
        write_note(slug=SLUG, visit_id=found.pk, words=WORDS, by=here["broker"], at=NOW)
    with pytest.raises(NoWords):
        write_note(slug=SLUG, visit_id=found.pk, words=Words(""), by=here["supporter"], at=NOW)
    assert NoteOfVisit.objects.count() == 0


def test_a_draft_is_for_its_writer_alone_and_goes_when_the_note_is_sent(here: World) -> None:
    row = package(here)
    found = visit(here, row, on=BEHIND)
    keep_draft(slug=SLUG, visit_id=found.pk, words=Words("Half a thought"), by=here["supporter"], at=NOW)
    drafts = {who: [each.draft for each in visits(seen(here, row, who), viewer=here[who]) or ()] for who in ("supporter", "head", "lender")}
    assert drafts == {"supporter": [Words("Half a thought")], "head": [None], "lender": [None]}
    with pytest.raises(OutOfTurn):
        keep_draft(slug=SLUG, visit_id=found.pk, words=Words("Mine"), by=here["lender"], at=NOW)
    write_note(slug=SLUG, visit_id=found.pk, words=WORDS, by=here["supporter"], at=NOW)
    found.refresh_from_db()
    assert (found.draft, found.draft_by_id) == ({}, None)


def test_a_dispute_stands_beside_the_note_for_ever(here: World) -> None:
    row = package(here)
    found = note(here, row)
    mark_note(slug=SLUG, note_id=found.pk, accuracy=Accuracy.NOT_ACCURATE, words="There were five.", by=here["head"], at=NOW)
    mark_note(slug=SLUG, note_id=found.pk, accuracy=Accuracy.ACCURATE, by=here["head"], at=NOW + timedelta(days=1))
    (shown,) = visits(seen(here, row, "supporter"), viewer=here["supporter"]) or ()
    assert ([(each.accuracy, each.words) for each in shown.notes[0].marks], shown.notes[0].stands) == (
        [(Accuracy.NOT_ACCURATE, "There were five."), (Accuracy.ACCURATE, "")], NoteStands.SETTLED,
    )  # fmt: skip
    with pytest.raises(StandsForEver):
        NoteMark.objects.all().delete()
    with pytest.raises(StandsForEver):
        found.delete()


def test_the_gate_of_marks_waits_for_the_head(here: World) -> None:
    row = package(here)
    found = note(here, row)
    before = facts_of(row, viewer=here["broker"], on=TODAY)
    mark_note(slug=SLUG, note_id=found.pk, accuracy=Accuracy.ACCURATE, by=here["school leader"], at=NOW)
    after = facts_of(row, viewer=here["broker"], on=TODAY)
    assert [each.holds(gate) for each in (before, after) for gate in (Gate.NOTES_WRITTEN, Gate.NOTES_MARKED)] == [True, False, True, True]


def test_nobody_but_the_school_marks_a_note(here: World) -> None:
    found = note(here, package(here))
    for who, why in (("lender", NotYours), ("supporter", NotAllowed), ("broker", NotAllowed), ("other head", NotThere)):
        with pytest.raises(why):
            mark_note(slug=SLUG, note_id=found.pk, accuracy=Accuracy.ACCURATE, by=here[who], at=NOW)
    with pytest.raises(NoWords):
        mark_note(slug=SLUG, note_id=found.pk, accuracy=Accuracy.NOT_ACCURATE, by=here["head"], at=NOW)
    with pytest.raises(NotThere):
        mark_note(slug=SLUG, note_id=found.pk + 1, accuracy=Accuracy.ACCURATE, by=here["head"], at=NOW)
    assert NoteMark.objects.count() == 0


def test_what_was_seen_is_hidden_from_whoever_runs_the_partnership(here: World) -> None:
    row = package(here)
    note(here, row)
    shown = {who: visits(seen(here, row, who), viewer=here[who]) for who in ("manager", "head")}
    assert (shown["manager"], [each.words for each in (shown["head"] or ())[0].notes]) == (None, [WORDS])


def test_a_visit_whose_note_waits_says_until_when(here: World) -> None:
    row = package(here)
    visit(here, row, on=BEHIND)
    visit(here, row, on=AHEAD)
    shown = visits(seen(here, row, "head"), viewer=here["head"]) or ()
    assert [(each.held, each.note_due_on) for each in shown] == [(True, date(2026, 11, 11)), (False, None)]
