"""How the engine runs, and whether it is fair: totals that name no school for a board, observations for whoever runs rounds."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from convenor.partnership.gate import ANYONE
from convenor.partnership.models import Body, BodySchool, Partnership
from convenor.peer_review.models import AgreedPriority, PeerReview, Reviewer, ReviewStep, TeamMember
from convenor.peer_review.queries import engine as queries
from convenor.peer_review.queries.engine import engine
from convenor.peer_review.queries.fairness import fairness
from convenor.peer_review.rules.states import State, Step
from convenor.registers.models import School
from tests.factories.partnership import AT, SLUG, World, someone
from tests.factories.peer_review import review_round, reviewers, reviewing
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db

ON = date(2027, 2, 10)
SEES = ("manager", "board member", "cluster lead", "alliance lead", "officer", "diocese", "regional link", "auditor")
REFUSED = (
    "other head",
    "school leader",
    "chair of governors",
    "clerk",
    "school office",
    "trust lead",
    "system leader",
    "reviewer",
    "broker",
)


def member(here: World, urn: str, cluster: str) -> str:
    """One more invented school, in a cluster."""
    School.objects.create(urn=urn, name=f"School {urn}", phase="Primary", status="open", fictitious=True)
    body = Body.objects.get(key=cluster)
    BodySchool.objects.create(partnership=here.partnership, body=body, school_id=urn, from_on=date(2025, 9, 1))
    return urn


def held(here: World, urn: str, *, late: bool = False, workshop: bool = True) -> PeerReview:
    """A review whose visit was on 1 and 2 December 2026, led by Dele Stone (990005), with Sol Carr (990003)."""
    round_ = here.partnership.review_rounds.first() or review_round(here)
    row = PeerReview.objects.create(
        partnership=here.partnership, round=round_, school_id=urn, state=State.WORKSHOP_DONE.value, visit_from_on=date(2026, 12, 1),
        visit_until_on=date(2026, 12, 3),
    )  # fmt: skip
    team = reviewers(here)
    for who, part in (("lead", "lead"), ("second", "reviewer")):
        TeamMember.objects.create(review=row, reviewer=team[who], part=part, from_on=date(2026, 10, 20))
    steps = [
        Step.SCHEDULED,
        Step.DATA_SHARED,
        Step.FED_BACK,
        Step.REPORT_DRAFT,
        Step.REPORT_FINAL,
        *([Step.WORKSHOP_DONE] if workshop else []),
    ]
    for n, step in enumerate(steps):
        ReviewStep.objects.create(
            review=row, step=step.value, state=step.value, at=datetime(2026, 11, 10, tzinfo=UTC) + timedelta(days=5 * n), by_key="1",
            by_label="the test", late=late and step is Step.REPORT_DRAFT,
        )  # fmt: skip
    return row


@pytest.fixture
def here() -> World:
    """Two clusters of six schools and one of two. North: all in time but one draft, two without a workshop. South: five late drafts."""
    there = reviewing()
    north = [member(there, f"99010{n}", "north-cluster") for n in range(6)]
    south = [member(there, f"99020{n}", "south-cluster") for n in range(6)]
    for n, urn in enumerate(north):
        held(there, urn, late=n == 0, workshop=n > 1)
    for n, urn in enumerate(south):
        held(there, urn, late=n < 5)
    return there


def page(here: World, who: str, name: str = "engine", at: datetime = datetime(2027, 2, 10, 9, tzinfo=UTC)) -> Any:
    """A page of the feature as somebody gets it."""
    with patch("django.utils.timezone.now", return_value=at):
        client = signed_in(here.people[who], code=True) if who else Client()
        return client.get(f"/p/{SLUG}/reviews/{name}/")


def main(answer: Any) -> str:
    """What the page itself says, without the numbers by which its parts find each other."""
    return re.sub(r"-\d+(?=[\"-])", "", answer.content.decode().split("<main")[1].split("</main>")[0])


def test_shares_are_told_of_schools_as_at_the_first_of_the_month(here: World) -> None:
    seen = engine(SLUG, viewer=here["board member"], at=ON)
    assert seen is not None
    assert (seen.on, seen.next_on) == (date(2027, 2, 1), date(2027, 3, 1))
    assert {each.key: each.whole.says for each in seen.milestones} == {
        "scheduled": "5 to 12 of 12", "fed_back": "5 to 12 of 12", "report_final": "5 to 12 of 12", "workshop_done": "5 to 12 of 12",
        "actions_agreed": "0 to 4 of 12", "impact_reviewed": "0 to 4 of 12",
    }  # fmt: skip
    assert {each.key: each.whole.says for each in seen.in_time}["report_draft"] == "5 to 12 of 12"
    assert (seen.workshops.whole.says, {each.groups for each in (*seen.milestones, *seen.in_time, seen.workshops)}) == (
        "5 to 12 of 12",
        {()},
    )


def test_clusters_are_told_of_days_kept_where_there_are_enough_of_them(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "FEWEST_CLUSTERS", 2)
    seen = engine(SLUG, viewer=here["board member"], at=ON)
    assert seen is not None
    told = {each.key: [(share.name, share.says) for share in each.groups] for each in seen.in_time}
    assert told["report_draft"] == [("North cluster", "3 to 6 of 6"), ("South cluster", "0 to 2 of 6")]
    assert (told["workshop_done"], told["fed_back"], seen.workshops.groups) == ([], [], ())
    answer = main(page(here, "board member"))
    assert ("North cluster" in answer, "School 990" in answer) == (True, False)


def test_everybody_is_told_the_same_and_nothing_narrows_it(here: World) -> None:
    told = {who: engine(SLUG, viewer=here[who], at=ON) for who in SEES}
    assert set(map(repr, told.values())) == {repr(told["manager"])}
    with patch("django.utils.timezone.now", return_value=datetime(2027, 2, 10, 9, tzinfo=UTC)):
        client = signed_in(here.people["officer"], code=True)
        plain, narrowed = (client.get(f"/p/{SLUG}/reviews/engine/{asked}") for asked in ("", "?cluster=north-cluster&on=2026-12-15"))
    assert main(narrowed) == main(plain)


def test_what_happened_since_the_first_of_the_month_does_not_show(here: World) -> None:
    before = engine(SLUG, viewer=here["officer"], at=ON)
    for row in PeerReview.objects.filter(school__urn__startswith="9901"):
        ReviewStep.objects.create(
            review=row, step="actions_agreed", state="actions_agreed", at=datetime(2027, 2, 5, tzinfo=UTC), by_key="1", by_label="the test"
        )
    assert engine(SLUG, viewer=here["officer"], at=ON) == before
    later = engine(SLUG, viewer=here["officer"], at=date(2027, 3, 10))
    assert later is not None
    assert later.milestones[4].whole.says == "5 to 12 of 12"


def test_a_handful_of_reviews_is_not_told(here: World) -> None:
    to_come = review_round(here, name="To come", published_at=None)
    PeerReview.objects.exclude(school_id__in=("990100", "990101", "990102", "990103")).update(round=to_come)
    seen = engine(SLUG, viewer=here["manager"], at=ON)
    assert seen is not None
    told = [*seen.milestones, seen.resting, *seen.in_time, seen.workshops, seen.actions_done, seen.new_faces]
    assert {each.whole.says for each in told} == {"too few to say"}
    assert seen.days is None


def test_actions_are_told_without_a_school_from_five_hosts_and_ten_actions(here: World) -> None:
    for n, row in enumerate(PeerReview.objects.order_by("school_id")[:6]):
        ReviewStep.objects.create(
            review=row,
            step="impact_reviewed",
            state="impact_reviewed",
            at=datetime(2027, 1, 20, tzinfo=UTC),
            by_key="1",
            by_label="the test",
        )
        for number in (1, 2):
            AgreedPriority.objects.create(
                review=row, number=number, title="Daily reading", owner="Reading lead", by_on=date(2027, 1, 15), measure="m", baseline="b",
                result="done" if n < 4 else "partly",
            )  # fmt: skip
    seen = engine(SLUG, viewer=here["board member"], at=ON)
    assert seen is not None
    assert (seen.actions_done.whole.says, seen.actions_begun.whole.says) == ("5 to 12 of 12", "5 to 12 of 12")
    AgreedPriority.objects.filter(number=2).delete()
    seen = engine(SLUG, viewer=here["board member"], at=ON)
    assert seen is not None
    assert seen.actions_done.whole.says == "too few to say"


def test_days_are_rounded_and_training_is_told_of_five_reviewers(here: World) -> None:
    seen = engine(SLUG, viewer=here["board member"], at=ON)
    assert seen is not None
    assert seen.days is not None
    assert (seen.days.days, seen.days.schools, seen.days.independent_days) == (50, 10, 0)
    assert seen.trained.whole.says == "too few to say"
    for n in range(6):
        Reviewer.objects.create(partnership=here.partnership, person=someone(f"Some Body{n}"), from_on=date(2025, 9, 1))
    seen = engine(SLUG, viewer=here["board member"], at=ON)
    assert seen is not None
    assert seen.trained.whole.says == "0 to 4 of 10"


@pytest.mark.parametrize("who", SEES)
def test_page_names_no_school_to_anybody(here: World, who: str) -> None:
    answer = page(here, who)
    body = main(answer)
    assert (answer.status_code, "School 990" in body, "9901" in body, "Dele Stone" in body) == (200, False, False, False)


@pytest.mark.parametrize("who", REFUSED)
def test_page_is_refused_to_those_who_see_no_totals(here: World, who: str) -> None:
    assert engine(SLUG, viewer=here[who], at=ON) is None
    assert page(here, who).status_code == 403


def test_other_partnership_and_switched_off_room_show_nothing(here: World) -> None:
    assert engine("elsewhere", viewer=here["manager"], at=ON) is None
    assert engine(SLUG, viewer=ANYONE, at=ON) is None
    Partnership.objects.update(rooms_off=["peer-review"])
    assert [page(here, "manager", name).status_code for name in ("engine", "fairness")] == [404, 404]


def test_engine_costs_as_many_queries_for_many_reviews_as_for_few(here: World, django_assert_max_num_queries: Any) -> None:
    viewer = here["manager"]
    with django_assert_max_num_queries(8):
        engine(SLUG, viewer=viewer, at=ON)
    client = signed_in(here.people["manager"], code=True)
    with patch("django.utils.timezone.now", return_value=AT), django_assert_max_num_queries(14):
        assert client.get(f"/p/{SLUG}/reviews/engine/").status_code == 200


def test_fairness_tells_days_by_school_and_what_there_is_to_see(here: World) -> None:
    seen = fairness(SLUG, viewer=here["manager"], at=ON)
    assert seen is not None
    given = {each.name: (each.load.given_days, each.load.received_days) for each in seen.schools}
    assert given["Dunmarsh High School"] == (24, 0)
    assert given["School 990100"] == (0, 4)
    assert [each.name for each in seen.schools] == sorted(given)
    assert [(each.name, each.days, each.offered_days) for each in seen.over] == [("Dele Stone", 24, 15), ("Sol Carr", 24, 15)]
    few = next(each for each in seen.observations if each.observation.key == "few-lead")
    assert (few.observation.says, few.observation.stands_out) == (
        "12 reviews were led by one person; 4 people on the register can lead.",
        True,
    )
    assert (seen.round_name, seen.faces, seen.trusts) == ("Autumn 2026", (), ())


def test_new_faces_are_told_from_the_second_round_on(here: World) -> None:
    second = review_round(here, name="Spring 2027", published_at=datetime(2027, 1, 5, tzinfo=UTC))
    row = PeerReview.objects.create(partnership=here.partnership, round=second, school_id="990100", state="draft")
    team = reviewers(here)
    TeamMember.objects.create(review=row, reviewer=team["lead"], part="lead", from_on=ON)
    TeamMember.objects.create(review=row, reviewer=team["third"], part="reviewer", from_on=ON)
    seen = fairness(SLUG, viewer=here["manager"], at=ON)
    assert seen is not None
    assert [(name, each.says) for name, each in seen.faces] == [("Spring 2027", "1 of 2")]


def test_cluster_lead_sees_the_fairness_of_their_own_schools_alone(here: World) -> None:
    seen = fairness(SLUG, viewer=here["cluster lead"], at=ON)
    assert seen is not None
    assert (seen.whole, seen.trusts, seen.over) == (False, (), (seen.over[0],))
    assert [each.name for each in seen.schools] == [
        "Brookmoor Church of England Primary School", *(f"School 99010{n}" for n in range(6)),
    ]  # fmt: skip
    body = page(here, "cluster lead", "fairness").content.decode()
    assert ("School 990100" in body, "School 990200" in body, "Dunmarsh" in body.split("<main")[1]) == (True, False, False)


@pytest.mark.parametrize("who", [who for who in (*SEES, *REFUSED) if who not in ("manager", "cluster lead", "alliance lead")])
def test_fairness_is_for_those_who_run_rounds(here: World, who: str) -> None:
    assert fairness(SLUG, viewer=here[who], at=ON) is None
    assert page(here, who, "fairness").status_code == 403


def test_fairness_costs_as_many_queries_for_many_reviews_as_for_few(here: World, django_assert_max_num_queries: Any) -> None:
    viewer = here["manager"]
    with django_assert_max_num_queries(9):
        fairness(SLUG, viewer=viewer, at=ON)
