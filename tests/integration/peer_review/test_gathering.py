"""A round's rows as the matching reads them: every fact that decides who may review whom, and the queries that takes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from convenor.partnership.actions import take_post
from convenor.partnership.models import ReportingLine
from convenor.peer_review.models import (
    DeclaredInterest,
    Objection,
    PeerReview,
    Reviewer,
    ReviewRound,
    RoundOffer,
    RoundSchool,
    TeamMember,
    Training,
)
from convenor.peer_review.queries.gathering import round_for_matching
from convenor.peer_review.rules.matching import round_from
from convenor.peer_review.rules.states import Reach, RoundState, State
from convenor.peer_review.rules.teams import reviewer_key
from convenor.peer_review.rules.ways import way
from convenor.registers.models import Group, School
from tests.factories.review_matching import AT, SLUG, VISITS_FROM_ON, County, county, urn

pytestmark = pytest.mark.django_db


def asked(found: County) -> dict[str, Any]:
    return round_for_matching(found.round.pk, viewer=found.here["manager"]).asked


def person(found: County, *of: int) -> dict[str, Any]:
    key = reviewer_key(found.reviewer(*of).pk)
    return next((each for each in asked(found)["people"] if each["id"] == key), {})


def school(found: County, key: str) -> dict[str, Any]:
    return next((each for each in asked(found)["schools"] if each["id"] == key), {})


def test_a_round_is_read_whole_in_seven_queries(django_assert_num_queries: Any) -> None:
    found = county(clusters=3, size=4)
    with django_assert_num_queries(7):
        gathered = round_for_matching(found.round.pk, viewer=found.here["manager"])
    read = round_from(gathered.asked)
    assert (len(read.schools), len(read.people), len(read.hosts)) == (12, 24, 12)
    assert (read.on, read.team_size, read.school_serves_at_most, read.lead_rest_cycles) == (VISITS_FROM_ON, 3, 4, 2)
    assert gathered.names[urn(1, 2)] == "Cluster 1 School 2"
    assert gathered.names[reviewer_key(found.reviewer(1, 2, 1).pk)] == "Person 1.2.1"
    assert sorted(gathered.circles.values()) == ["Cluster 1", "Cluster 2", "Cluster 3"]
    assert gathered.champions == {reviewer_key(each.pk) for name, each in found.reviewers.items() if name.endswith(".1")}


def test_a_school_that_withdrew_is_left_out_and_one_that_does_not_host_sends_people() -> None:
    found = county(clusters=1)
    RoundSchool.objects.filter(school_id=urn(1, 1)).update(withdrawn_on=AT.date())
    RoundSchool.objects.filter(school_id=urn(1, 2)).update(hosts=False)
    RoundSchool.objects.filter(school_id=urn(1, 3)).update(hosts=None, team_size=2, focus=["reading", "reading", "writing"])
    RoundOffer.objects.filter(reviewer__school_id=urn(1, 1)).delete()
    rows = {each["id"]: each for each in asked(found)["schools"]}
    assert urn(1, 1) not in rows  # and nobody of it answered
    assert [rows[urn(1, n)]["hosts"] for n in (2, 3, 4)] == [False, False, True]
    assert (rows[urn(1, 3)]["team_size"], rows[urn(1, 3)]["focus"]) == (2, ["reading", "writing"])


def test_an_offer_counts_while_it_stands_and_its_reviewer_is_on_the_register() -> None:
    found = county(clusters=1)
    offers = RoundOffer.objects.filter(round=found.round)
    offers.filter(reviewer=found.reviewer(1, 1)).update(withdrawn_on=AT.date())
    offers.filter(reviewer=found.reviewer(1, 2)).update(reviews=0)
    found.reviewer(1, 3).person.__class__.objects.filter(pk=found.reviewer(1, 3).person_id).update(is_active=False)
    type(found.reviewer(1, 4)).objects.filter(pk=found.reviewer(1, 4).pk).update(until_on=VISITS_FROM_ON)
    assert [person(found, 1, n)["reviews_left"] for n in (1, 2, 5)] == [0, 0, 2]
    assert [person(found, 1, n) for n in (3, 4)] == [{}, {}]


def test_who_is_on_a_team_already_stays_known_after_leaving_the_register() -> None:
    found = county(clusters=1)
    row = PeerReview.objects.create(partnership=found.here.partnership, round=found.round, school_id=urn(1, 2), state=State.ON_SITE.value)
    TeamMember.objects.create(review=row, reviewer=found.reviewer(1, 1), part="lead", from_on=AT.date())
    Reviewer.objects.filter(pk=found.reviewer(1, 1).pk).update(until_on=AT.date())
    assert person(found, 1, 1)["reviews_left"] == 0
    TeamMember.objects.update(left_on=AT.date())
    assert person(found, 1, 1) == {}


def test_training_is_the_latest_and_a_champions_is_another_thing() -> None:
    found = county(clusters=1)
    who = found.reviewer(1, 1)
    Training.objects.create(
        reviewer=who, kind="champion", trained_on=AT.date(), valid_until_on=date(2030, 1, 1), recorded_at=AT, recorded_by="the test"
    )
    assert person(found, 1, 1)["trained_until"] == "2028-08-31"
    Training.objects.filter(reviewer=who).exclude(kind="champion").delete()
    assert person(found, 1, 1)["trained_until"] == "0001-01-01"


def test_reviews_left_are_what_the_days_of_the_year_allow() -> None:
    found = county(clusters=2, name="Spring 2027")
    who = found.reviewer(1, 1)
    type(who).objects.filter(pk=who.pk).update(days_a_year=3)
    other = ReviewRound.objects.create(
        partnership=found.here.partnership, name="Autumn 2026", way_key="clusters", way=way("clusters").as_dict() | {"visit_days": 2},
        state=RoundState.PUBLISHED.value, reach="area", answers_by_on=date(2026, 9, 20), visits_from_on=date(2026, 10, 1),
        visits_until_on=date(2026, 12, 1),
    )  # fmt: skip
    row = PeerReview.objects.create(partnership=found.here.partnership, round=other, school_id=urn(1, 2), state=State.SCHEDULED.value)
    for part in ("reviewer", "champion"):
        TeamMember.objects.create(review=row, reviewer=who, part=part, from_on=AT.date())
    assert person(found, 1, 1)["reviews_left"] == 1  # three days a year, two given to the autumn's review
    ReviewRound.objects.filter(pk=other.pk).update(visits_from_on=date(2026, 5, 1))
    assert person(found, 1, 1)["reviews_left"] == 2  # another school year
    ReviewRound.objects.filter(pk=other.pk).update(visits_from_on=date(2026, 10, 1))
    PeerReview.objects.filter(pk=row.pk).update(state=State.WITHDRAWN.value)
    assert person(found, 1, 1)["reviews_left"] == 2


def test_declarations_count_on_the_first_day_of_visits() -> None:
    found = county(clusters=1)
    who = found.reviewer(1, 1)
    DeclaredInterest.objects.create(reviewer=who, school_id=urn(1, 2), kind="paid-support", declared_at=AT, until_on=VISITS_FROM_ON)
    DeclaredInterest.objects.create(reviewer=who, school_id=urn(1, 3), kind="family", declared_at=AT)
    DeclaredInterest.objects.create(reviewer=who, school_id="990001", kind="family", declared_at=AT)  # no school of this round
    Objection.objects.create(partnership=found.here.partnership, school_id=urn(1, 1), objects_to_id=urn(1, 2), declared_at=AT)
    Objection.objects.create(
        partnership=found.here.partnership, school_id=urn(1, 1), objects_to_id=urn(1, 3), declared_at=AT, withdrawn_at=AT
    )
    assert person(found, 1, 1)["declared_interests"] == [urn(1, 3)]
    assert school(found, urn(1, 1))["objects_to"] == [urn(1, 2)]


def test_the_register_says_trust_federation_phase_and_place() -> None:
    found = county(clusters=1)
    group = Group.objects.create(uid="F1", name="Two Rivers Federation", kind="Federation", fictitious=True)
    School.objects.filter(urn__in=[urn(1, 1), urn(1, 2)]).update(federation=group)
    School.objects.filter(urn=urn(1, 3)).update(trust_id="T1", phase="16 plus", easting=1, northing=2)
    School.objects.filter(urn=urn(1, 4)).update(phase="")
    rows = {each["id"]: each for each in asked(found)["schools"]}
    assert [rows[urn(1, n)]["federation"] for n in (1, 2, 3)] == [urn(1, 1), urn(1, 1), None]
    assert [rows[urn(1, 3)][key] for key in ("trust", "phase", "easting", "northing")] == ["T1", "secondary", 1, 2]
    gathered = round_for_matching(found.round.pk, viewer=found.here["manager"])
    assert gathered.missing_phase == (urn(1, 4),)


def test_schools_that_share_a_head_count_together_in_any_chain() -> None:
    found = county(clusters=1)
    group = Group.objects.create(uid="F1", name="Two Rivers Federation", kind="Federation", fictitious=True)
    School.objects.filter(urn__in=[urn(1, 1), urn(1, 2)]).update(federation=group)
    for number in (2, 3):
        take_post(
            slug=SLUG, role="head", title="Executive headteacher", person_id=found.reviewer(1, 5).person_id, from_on=date(2025, 9, 1),
            by="the test", at=AT, urn=urn(1, number),
        )  # fmt: skip
    assert [school(found, urn(1, n))["federation"] for n in (1, 2, 3, 4)] == [urn(1, 1), urn(1, 1), urn(1, 1), None]


def test_circles_follow_the_reach() -> None:
    found = county(clusters=2)
    RoundSchool.objects.filter(school_id=urn(2, 5)).update(body=None)
    of = {each["id"]: each["circle"] for each in asked(found)["schools"]}
    assert (of[urn(1, 1)], of[urn(2, 1)], of[urn(2, 5)]) == (str(found.clusters[0].pk), str(found.clusters[1].pk), "none")
    ReviewRound.objects.update(reach=Reach.ALLIANCE.value)
    alliance = ReportingLine.objects.get(body=found.clusters[0]).reports_to
    of = {each["id"]: each["circle"] for each in asked(found)["schools"]}
    assert (of[urn(1, 1)], of[urn(2, 1)], of[urn(2, 5)]) == (str(alliance.pk), str(alliance.pk), "none")
    ReportingLine.objects.filter(body=found.clusters[1]).delete()
    assert school(found, urn(2, 1))["circle"] == str(found.clusters[1].pk)
    ReviewRound.objects.update(reach=Reach.AREA.value)
    assert {each["circle"] for each in asked(found)["schools"]} == {None}


def test_people_of_a_school_that_withdrew_still_serve_their_cluster() -> None:
    found = county(clusters=1)
    RoundSchool.objects.filter(school_id=urn(1, 1)).update(withdrawn_on=AT.date())
    still = school(found, urn(1, 1))
    assert (still["hosts"], still["circle"]) == (False, str(found.clusters[0].pk))


def test_a_reviewer_from_outside_the_round_stays_outside_its_circles() -> None:
    found = county(clusters=2)
    RoundSchool.objects.filter(school_id=urn(2, 5)).delete()
    outside = school(found, urn(2, 5))
    assert (outside["hosts"], outside["circle"]) == (False, f"outside {urn(2, 5)}")


def test_an_independent_lead_is_of_no_school() -> None:
    found = county(clusters=1, way=way("three-days-independent-lead").as_dict())
    who = found.reviewer(1, 1)
    type(who).objects.filter(pk=who.pk).update(school=None, easting=400_000, northing=200_000)
    assert (person(found, 1, 1)["can_lead"], person(found, 1, 2)["can_lead"]) == (True, False)
    assert (person(found, 1, 1)["school"], person(found, 1, 1)["easting"]) == (None, 400_000)


def earlier(found: County, name: str, began: date, host: str, lead: Any, *, state: State = State.CLOSED, left: bool = False) -> None:
    """A review of a host in a former round, with who led it."""
    row, _ = ReviewRound.objects.get_or_create(
        partnership=found.here.partnership, name=name,
        defaults={
            "way_key": "clusters", "way": way("clusters").as_dict(), "state": RoundState.ENDED.value, "reach": "area",
            "answers_by_on": began, "visits_from_on": began, "visits_until_on": date(2029, 1, 1),
        },
    )  # fmt: skip
    review = PeerReview.objects.create(partnership=found.here.partnership, round=row, school_id=host, state=state.value)
    TeamMember.objects.create(review=review, reviewer=lead, part="lead", from_on=began, left_on=began if left else None)


def test_history_counts_each_hosts_own_reviews() -> None:
    found = county(clusters=1)
    host, lead, other = urn(1, 1), found.reviewer(1, 2), found.reviewer(1, 3)
    earlier(found, "Spring 2026", date(2026, 1, 12), host, lead)
    earlier(found, "Spring 2025", date(2025, 1, 12), host, other)
    earlier(found, "Spring 2025", date(2025, 1, 12), urn(1, 2), other)
    earlier(found, "Autumn 2025", date(2025, 9, 12), host, other, state=State.WITHDRAWN)
    earlier(found, "Spring 2026", date(2026, 1, 12), urn(1, 3), lead, left=True)
    assert sorted(asked(found)["history"], key=lambda led: (led["host"], led["cycles_ago"])) == [
        {"cycles_ago": 1, "host": host, "lead_school": urn(1, 2)},
        {"cycles_ago": 2, "host": host, "lead_school": urn(1, 3)},
        {"cycles_ago": 1, "host": urn(1, 2), "lead_school": urn(1, 3)},
    ]


def test_an_independent_lead_makes_no_school_rest() -> None:
    found = county(clusters=1)
    lead = found.reviewer(1, 2)
    type(lead).objects.filter(pk=lead.pk).update(school=None)
    earlier(found, "Spring 2026", date(2026, 1, 12), urn(1, 1), lead)
    assert asked(found)["history"] == []


def test_weights_of_the_round_are_handed_on() -> None:
    found = county(clusters=1, weights={"second_review": 50})
    assert asked(found)["weights"] == {"second_review": 50}
    ReviewRound.objects.update(weights={})
    assert "weights" not in asked(found)
