"""Somebody joins a team after the days of its visit were set: their own days are looked at, and whoever runs the round is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse

from convenor.peer_review.actions.dates import move_visit, set_visit
from convenor.peer_review.actions.matching import replan_after, run_matching
from convenor.peer_review.actions.publishing import drop_out, name_champion, publish_teams
from convenor.peer_review.models import PeerReview, Reviewer, RoundOffer, TeamMember
from convenor.peer_review.queries.dates import visits_in_the_way
from convenor.peer_review.rules.states import State
from convenor.post.models import Letter
from tests.factories.review_matching import AT, SLUG, County, county, urn
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
DAY = date(2027, 1, 20)
LATER = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


@pytest.fixture
def found() -> County:
    """One cluster of six, its teams published, the visit of the first school set; nobody else offered that day."""
    here = county(clusters=1, size=6)
    known: dict[str, Any] = {"slug": SLUG, "by": here.here["manager"], "at": AT}
    publish_teams(matching_id=run_matching(round_id=here.round.pk, **known).pk, **known)
    set_visit(review_id=first(here).pk, from_on=DAY, **known)
    on = TeamMember.objects.filter(review=first(here)).values_list("reviewer_id", flat=True)
    RoundOffer.objects.exclude(reviewer_id__in=list(on)).update(any_day=False, days=["2027-02-02"])
    Letter.objects.all().delete()
    return here


def first(found: County) -> PeerReview:
    return PeerReview.objects.get(round=found.round, school_id=urn(1, 1))


def somebody(found: County) -> TeamMember:
    """A member of the team who neither leads it nor is its champion."""
    champion = TeamMember.objects.filter(review=first(found), part="champion", left_on=None).values("reviewer_id")
    members = TeamMember.objects.filter(review=first(found), part="reviewer", left_on=None)
    return members.exclude(reviewer_id__in=champion).order_by("pk")[0]


def leaves(found: County, **more: Any) -> Any:
    gone = {"review_id": first(found).pk, "reviewer_id": somebody(found).reviewer_id, "why": "Ill", "at": LATER}
    return drop_out(slug=SLUG, by=found.here["manager"], **gone | more)


def newcomers(found: County) -> list[str]:
    rows = TeamMember.objects.filter(review=first(found), left_on=None, from_on=LATER.date())
    return sorted(set(rows.values_list("reviewer__person__name", flat=True)))


def waiting(found: County, who: str = "manager") -> dict[str, tuple[str, ...]]:
    rows = visits_in_the_way(SLUG, found.round.pk, viewer=found.here[who], at=LATER)
    return {each.school: each.in_the_way for each in rows}


def letters(found: County) -> list[str]:
    address = found.here.people["manager"].email
    return list(Letter.objects.filter(to_address=address).values_list("body", flat=True))


def test_whoever_joins_without_having_offered_the_day_is_said_to_the_coordinator(found: County) -> None:
    out = leaves(found)
    [new] = newcomers(found)
    said = (f"{new} has not offered Wednesday 20 January 2027.",)
    assert [(each.school, each.in_the_way) for each in out.in_the_way] == [("Cluster 1 School 1", said)]
    assert waiting(found) == {"Cluster 1 School 1": said}
    [letter] = letters(found)
    assert (new in letter, "School" in letter, "January" in letter, "Please sign in" in letter) == (False, False, False, True)
    assert first(found).visit_from_on == DAY


def test_nothing_is_said_where_the_newcomer_can_come(found: County) -> None:
    RoundOffer.objects.update(any_day=True, days=[])
    assert (leaves(found).in_the_way, len(newcomers(found)), waiting(found), letters(found)) == ((), 1, {}, [])


def test_nothing_is_said_of_a_visit_that_has_no_day(found: County) -> None:
    PeerReview.objects.filter(pk=first(found).pk).update(visit_from_on=None, visit_until_on=None, state=State.DRAFT.value)
    assert (leaves(found).in_the_way, len(newcomers(found)), letters(found)) == ((), 1, [])


def test_a_newcomer_on_another_visit_that_day_is_said_too(found: County) -> None:
    RoundOffer.objects.update(any_day=True, days=[])
    leaves(found)
    [new] = newcomers(found)
    other = TeamMember.objects.filter(reviewer__person__name=new, left_on=None).exclude(review=first(found)).first()
    assert other is not None
    PeerReview.objects.filter(pk=other.review_id).update(visit_from_on=DAY, visit_until_on=date(2027, 1, 21), state=State.SCHEDULED.value)
    assert waiting(found)["Cluster 1 School 1"] == (f"{new} is at {other.review.school.name} on Wednesday 20 January 2027.",)


def test_once_the_visit_is_set_again_nothing_waits(found: County) -> None:
    leaves(found)
    move_visit(
        slug=SLUG, review_id=first(found).pk, from_on=DAY, why="They can come after all", asked=True, by=found.here["manager"], at=LATER
    )
    assert waiting(found) == {}


def test_nobody_but_whoever_runs_the_round_is_told_of_somebodys_days(found: County) -> None:
    leaves(found)
    assert [waiting(found, who) for who in ("head", "officer", "broker", "cluster lead")] == [{}, {}, {}, {}]
    assert list(waiting(found)) == ["Cluster 1 School 1"]


def test_teams_planned_again_and_published_are_looked_at_as_well(found: County) -> None:
    known: dict[str, Any] = {"slug": SLUG, "by": found.here["manager"], "at": LATER}
    newest = found.round.matchings.order_by("-number")[0]
    again = replan_after(matching_id=newest.pk, people=[somebody(found).reviewer_id], why="Away", **known)
    client = signed_in(found.here.people["manager"], code=True)
    page = client.post(reverse("review-matching-publish", args=[SLUG, found.round.pk]), {"version": again.pk}, follow=True)
    [new] = newcomers(found)
    said = f"{new} has not offered Wednesday 20 January 2027."
    assert (page.content.decode().count(said), len(letters(found))) == (1, 1)


def test_a_champion_named_later_is_looked_at_as_well(found: County) -> None:
    on = TeamMember.objects.filter(review=first(found), left_on=None).values_list("reviewer_id", flat=True)
    able = Reviewer.objects.filter(can_champion=True, school__urn__startswith="9910").exclude(pk__in=list(on)).exclude(school_id=urn(1, 1))
    name_champion(slug=SLUG, review_id=first(found).pk, reviewer_id=able[0].pk, by=found.here["manager"], at=LATER)
    assert waiting(found) == {"Cluster 1 School 1": (f"{able[0].person.name} has not offered Wednesday 20 January 2027.",)}
    assert len(letters(found)) == 1


def test_the_pages_say_it_to_the_coordinator(found: County) -> None:
    client = signed_in(found.here.people["manager"], code=True)
    given = {"person": somebody(found).reviewer_id, "altogether": "no", "why": "Ill"}
    after = client.post(reverse("review-team-leave", args=[SLUG, first(found).pk]), given, follow=True).content.decode()
    [new] = newcomers(found)
    said = f"{new} has not offered Wednesday 20 January 2027."
    assert f"The visit to Cluster 1 School 1 has its days already. {said} Ask them, or move the visit." in after
    dates = client.get(reverse("review-dates", args=[SLUG, found.round.pk])).content.decode()
    assert f"The team has changed since. {said}" in dates


def test_the_page_of_a_review_leads_whoever_runs_its_round_to_the_team(found: County) -> None:
    doors = {name: reverse(name, args=[SLUG, first(found).pk]) for name in ("review-team-leave", "review-champion")}

    def shown(person: Any) -> set[str]:
        page = signed_in(person, code=True).get(reverse("review", args=[SLUG, first(found).pk])).content.decode()
        return {name for name, href in doors.items() if f'href="{href}"' in page}

    member = Reviewer.objects.get(pk=somebody(found).reviewer_id).person
    assert (shown(found.here.people["manager"]), shown(member)) == (set(doors), set())
    PeerReview.objects.filter(pk=first(found).pk).update(state=State.ON_SITE.value)
    assert shown(found.here.people["manager"]) == {"review-champion"}
