"""Priorities, groups and decisions: recorded, refused, and shown to those who may."""

from datetime import date

import pytest

from convenor.governance.actions import charge_group, close_priority, finish_group, record_decision, set_priority
from convenor.governance.models import Decision, Priority
from convenor.governance.queries import decisions, priorities, priority_exists, task_groups
from convenor.governance.rules import Refused
from convenor.journal.models import Entry
from convenor.partnership.actions import load_constitution
from convenor.partnership.gate import ANYONE, NotAllowed
from tests.factories.partnership import AT, CONSTITUTION, ON, SLUG, World, world

pytestmark = pytest.mark.django_db
END = date(2027, 8, 31)
GROUP = """
[[body]]
id = "offers"
name = "Offers group"
kind = "task-and-finish-group"
tier = "board"
reports_to = "board"
from = 2026-09-01
until = 2027-08-31
chair = "none"
"""


@pytest.fixture
def here() -> World:
    found = world()
    load_constitution(text=CONSTITUTION + GROUP, by="the test", at=AT)
    return found


def priority(here: World, **more: object) -> Priority:
    given: dict[str, object] = {
        "slug": SLUG, "title": "Reading", "measure": "From 14 to all", "lead_body": "alliance", "from_on": ON, "until_on": END,
        "by": here["manager"], "at": AT,
    }  # fmt: skip
    return set_priority(**(given | more))  # type: ignore[arg-type]


def test_a_priority_is_set_and_anyone_reads_it(here: World) -> None:
    row = priority(here)
    assert [(each.title, each.lead_body, each.lead_key) for each in priorities(SLUG, viewer=ANYONE, at=AT)] == [
        ("Reading", "Fernshire Alliance", "alliance")
    ]
    assert priorities(SLUG, viewer=ANYONE, at=END) == []
    assert (priority_exists(SLUG, row.pk), priority_exists("mossshire", row.pk)) == (True, False)
    assert Entry.objects.order_by("-id")[0].verb == "priority.set"


def test_a_priority_is_closed_before_its_time(here: World) -> None:
    row = priority(here)
    close_priority(slug=SLUG, priority_id=row.pk, until_on=date(2027, 1, 1), why="Done", by=here["manager"], at=AT)
    for day in (date(2027, 1, 1), date(2020, 1, 1)):
        with pytest.raises(Refused):
            close_priority(slug=SLUG, priority_id=row.pk, until_on=day, why="", by=here["manager"], at=AT)
    assert Priority.objects.values_list("until_on", "closed_why").get() == (date(2027, 1, 1), "Done")


def test_what_is_no_priority_is_not_set(here: World) -> None:
    with pytest.raises(Refused):
        priority(here, lead_body="nowhere")
    with pytest.raises(Refused):
        priority(here, measure="")
    with pytest.raises(NotAllowed):
        priority(here, by=here["head"])
    assert Priority.objects.count() == 0


def charge(here: World, **more: object) -> object:
    given: dict[str, object] = {
        "slug": SLUG, "body": "offers", "task": "Map the offers", "output": "A directory", "due_on": date(2027, 6, 1),
        "by": here["manager"], "at": AT,
    }  # fmt: skip
    return charge_group(**(given | more))  # type: ignore[arg-type]


def test_a_group_is_charged_once_and_finishes(here: World) -> None:
    charge(here, priority_id=priority(here).pk)
    with pytest.raises(Refused):
        charge(here)
    finish_group(slug=SLUG, body="offers", finished_on=date(2027, 5, 1), lessons="Start with phone calls", by=here["manager"], at=AT)
    with pytest.raises(Refused):
        finish_group(slug=SLUG, body="offers", finished_on=ON, lessons="", by=here["manager"], at=AT)
    read = {who: task_groups(SLUG, viewer=viewer, at=AT)[0].lessons for who, viewer in here.viewers.items()}
    assert {who for who, lessons in read.items() if lessons} == {
        "manager", "head", "diocese", "officer", "board member", "cluster lead", "alliance lead"
    }  # fmt: skip
    assert task_groups(SLUG, viewer=ANYONE, at=AT)[0].priority == "Reading"


@pytest.mark.parametrize("wrong", [{"body": "nowhere"}, {"body": "board"}, {"task": ""}, {"priority_id": 0}])
def test_what_is_no_group_is_not_charged(here: World, wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        charge(here, **wrong)


def test_a_group_that_is_not_there_does_not_finish(here: World) -> None:
    with pytest.raises(Refused):
        finish_group(slug=SLUG, body="nowhere", finished_on=ON, lessons="", by=here["manager"], at=AT)


def decide(here: World, **more: object) -> Decision:
    given: dict[str, object] = {
        "slug": SLUG, "body": "board", "words": "Fund reading", "decided_on": ON, "votes_for": 2, "votes_against": 0, "abstained": 1,
        "by": here["manager"], "at": AT,
    }  # fmt: skip
    return record_decision(**(given | more))  # type: ignore[arg-type]


def test_a_decision_is_replaced_and_never_edited(here: World) -> None:
    first = decide(here)
    decide(here, words="Fund maths", replaces=first.pk)
    with pytest.raises(Refused):
        decide(here, words="Fund art", replaces=first.pk)
    assert [(each.words, each.votes, each.replaced) for each in decisions(SLUG, viewer=here["manager"])] == [
        ("Fund maths", (2, 0, 1), False), ("Fund reading", (2, 0, 1), True),
    ]  # fmt: skip


def test_what_is_no_decision_is_not_recorded(here: World) -> None:
    for wrong in ({"body": "nowhere"}, {"words": ""}, {"votes_for": 0, "abstained": 0}):
        with pytest.raises(Refused):
            decide(here, **wrong)
    assert Decision.objects.count() == 0


def test_a_decision_is_read_by_those_who_read_its_bodys_papers(here: World) -> None:
    decide(here)
    decide(here, body="north-cluster", words="Review in May", votes_for=None, votes_against=None, abstained=None)
    read = {who: tuple(each.words for each in decisions(SLUG, viewer=viewer)) for who, viewer in here.viewers.items()}
    everything = ("Review in May", "Fund reading")
    assert {who: words for who, words in read.items() if words} == {
        "manager": everything, "diocese": everything, "officer": everything, "board member": ("Fund reading",), "head": ("Fund reading",),
        "alliance lead": ("Fund reading",), "cluster lead": ("Review in May",),
    }  # fmt: skip
    assert [each.words for each in decisions(SLUG, viewer=here["manager"], body="board")] == ["Fund reading"]
    assert decisions("mossshire", viewer=here["manager"]) == []
