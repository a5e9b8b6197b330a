"""The pages of teams: what a coordinator sees and can do there, what each reviewer reads, and what stands on none of them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from convenor.partnership.actions import take_post
from convenor.partnership.roles import Permission
from convenor.peer_review.actions.matching import begin_run, run_matching
from convenor.peer_review.actions.publishing import publish_teams
from convenor.peer_review.models import (
    DeclaredInterest,
    Matching,
    MatchingWork,
    Objection,
    PeerReview,
    Reviewer,
    ReviewRound,
    RoundOffer,
    RoundSchool,
    TeamMember,
)
from convenor.peer_review.rules.states import State
from convenor.peer_review.rules.team_words import PRIVATE_BROKEN, PRIVATE_CLASH
from convenor.peer_review.rules.teams import reviewer_key
from convenor.peer_review.views import matching as views
from convenor.registers.models import School
from tests.factories.review_matching import AT, SLUG, County, county, urn
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


def browser(found: County, who: str = "manager") -> Client:
    return signed_in(found.here.people[who], code=True)


def page(found: County, name: str = "review-matching", *more: object) -> str:
    return reverse(name, args=[SLUG, found.round.pk, *more])


def text(answer: Any) -> str:
    """What a page says, without its mark-up."""
    main = answer.content.decode().split('id="main"', 1)[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def matched(found: County) -> Matching:
    return run_matching(slug=SLUG, round_id=found.round.pk, by=found.here["manager"], at=AT)


def published(found: County) -> Matching:
    made = matched(found)
    publish_teams(slug=SLUG, matching_id=made.pk, by=found.here["manager"], at=AT)
    return made


def test_before_the_first_matching_the_page_says_whether_there_is_enough() -> None:
    found = county(clusters=1, size=5)
    RoundSchool.objects.filter(school_id=urn(1, 5)).update(hosts=None, answered_at=None)
    said = text(browser(found).get(page(found)))
    assert re.findall(r"(\d+) (schools host|places on teams|reviews offered|of them can lead)", said) == [
        ("4", "schools host"), ("12", "places on teams"), ("20", "reviews offered"), ("20", "of them can lead"),
    ]  # fmt: skip
    assert ("1 not yet heard from" in said, "No teams yet" in said) == (True, True)


def test_a_coordinator_matches_and_reads_what_is_proved(django_assert_max_num_queries: Any) -> None:
    found = county(clusters=2, size=5)
    client = browser(found)
    answer = client.post(page(found, "review-matching-run"))
    assert (answer.status_code, answer.headers["Location"]) == (302, page(found))
    with django_assert_max_num_queries(18):
        answer = client.get(page(found))
    said = text(answer)
    assert re.findall(r"Proved: no better teams exist|10 teams", said) == ["Proved: no better teams exist", "10 teams"]
    assert len(re.findall(r"ways__line ", answer.content.decode())) + len(re.findall(r'ways__line"', answer.content.decode())) == 30
    assert re.findall(r'<h3 class="ways__title">([^<]+)', answer.content.decode()) == ["Cluster 1", "Cluster 2"]


def test_the_page_of_a_county_is_paged_and_takes_no_more_queries(django_assert_max_num_queries: Any) -> None:
    found = county(clusters=9, size=5)
    matched(found)
    client = browser(found)
    with django_assert_max_num_queries(18):
        answer = client.get(page(found))
    rows = re.findall(r'<th scope="row" role="rowheader">Cluster \d+ School \d+', answer.content.decode())
    assert len(rows) == views.TEAMS
    second = client.get(page(found), {"page": 2}).content.decode()
    assert len(re.findall(r'<th scope="row" role="rowheader">Cluster \d+ School \d+', second)) == 45 - views.TEAMS


def hosts_shown(answer: Any) -> list[str]:
    return re.findall(r'<th scope="row" role="rowheader">(Cluster \d+ School \d+)', answer.content.decode())


def test_teams_are_narrowed_by_cluster_name_and_lack() -> None:
    found = county(clusters=2, size=5)
    School.objects.filter(urn=urn(2, 3)).update(phase="Secondary")
    made = matched(found)
    key = reviewer_key(found.reviewer(1, 4, 1).pk)
    on = [each["host"] for each in made.answer["teams"] if key in each["members"]]
    client = browser(found)
    assert hosts_shown(client.get(page(found), {"cluster": "Cluster 2"})) == [f"Cluster 2 School {n}" for n in range(1, 6)]
    assert hosts_shown(client.get(page(found), {"find": "person 1.4.1 "})) == [School.objects.get(urn=host).name for host in on]
    assert hosts_shown(client.get(page(found), {"lacking": "on"})) == ["Cluster 2 School 3"]
    assert hosts_shown(client.get(page(found), {"find": "nobody at all"})) == []


def test_two_versions_are_told_apart_and_an_unknown_one_is_not_there() -> None:
    found = county(clusters=1)
    matched(found)
    matched(found)
    client = browser(found)
    assert "An older version" in text(client.get(page(found), {"version": "1"}))
    assert "An older version" not in text(client.get(page(found), {"version": "2"}))
    assert [client.get(page(found), {"version": given}).status_code for given in ("7", "x", "9" * 30)] == [404, 200, 200]


def test_while_a_matching_goes_on_the_page_asks_again_and_a_second_is_refused() -> None:
    found = county(clusters=1)
    begin_run(slug=SLUG, round_id=found.round.pk, by=found.here["manager"], at=AT)
    client = browser(found)
    answer = client.get(page(found))
    assert re.findall(r'hx-trigger="(every 2s)"|<meta http-equiv="(refresh)"', answer.content.decode()) == [
        ("", "refresh"),
        ("every 2s", ""),
    ]
    assert "Reading schools, people and declarations." in text(answer)
    again = client.post(page(found, "review-matching-run"), follow=True)
    assert "has begun a matching of this round" in text(again)
    assert Matching.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_what_takes_long_goes_on_beside_the_page(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.POST_LEAVES = "beside"
    waited: list[float] = []
    found = county(clusters=1)
    join = views.threading.Thread.join
    monkeypatch.setattr(views.threading.Thread, "join", lambda thread, seconds=None: (waited.append(seconds), join(thread))[1])
    browser(found).post(page(found, "review-matching-run"))
    assert waited == [views.WAITS_SECONDS]
    work = MatchingWork.objects.get()
    assert (work.running, work.problem, Matching.objects.count()) == (False, "", 1)


def test_why_a_matching_came_to_nothing_is_said() -> None:
    found = county(clusters=1)
    School.objects.filter(urn=urn(1, 1)).update(easting=None)
    client = browser(found)
    client.post(page(found, "review-matching-run"))
    said = text(client.get(page(found)))
    assert "School Cluster 1 School 1: it hosts and has no easting and northing." in said
    assert Matching.objects.count() == 0


@pytest.mark.parametrize("beside", [True, False])
def test_what_nobody_expected_leaves_the_round_free(settings: Any, monkeypatch: pytest.MonkeyPatch, beside: bool) -> None:
    found = county(clusters=1)
    begin_run(slug=SLUG, round_id=found.round.pk, by=found.here["manager"], at=AT)

    def broken(**_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(views.actions, "run_matching", broken)
    monkeypatch.setattr(views.connection, "close", lambda: None)
    if beside:
        settings.POST_LEAVES = "beside"
        views._match(SLUG, found.round.pk, found.here["manager"], AT)
    else:
        with pytest.raises(ZeroDivisionError):
            views._match(SLUG, found.round.pk, found.here["manager"], AT)
    work = MatchingWork.objects.get()
    assert (work.running, work.problem) == (False, views.UNEXPECTED)


def test_a_round_that_went_on_meanwhile_is_said_on_its_page() -> None:
    found = county(clusters=1)
    begin_run(slug=SLUG, round_id=found.round.pk, by=found.here["manager"], at=AT - timedelta(hours=1))
    ReviewRound.objects.update(state="ended")
    views._match(SLUG, found.round.pk, found.here["manager"], AT)
    assert MatchingWork.objects.get().problem.startswith("The round is ended.")


def test_a_clash_names_rules_schools_and_doors() -> None:
    found = county(clusters=2, size=4)
    Reviewer.objects.filter(school__urn__startswith="99102").update(can_lead=False)
    matched(found)
    answer = browser(found).get(page(found))
    said = text(answer)
    assert "Cluster 1: why there are no teams" in said
    assert "needs a lead. Nobody in the round may lead there." in said
    assert "Proved: no smaller set of rules and schools clashes." in said
    assert re.findall(r'<a class="no-print" href="([^"]+)">(Open the register)', answer.content.decode())[0] == (
        reverse("reviewers", args=[SLUG]), "Open the register",
    )  # fmt: skip
    assert hosts_shown(answer) == [f"Cluster 2 School {n}" for n in range(1, 5)]


def clash_page(found: County) -> str:
    matched(found)
    return text(browser(found).get(page(found)))


def test_a_clash_of_declarations_says_the_same_whoever_declared() -> None:
    """The whole page, word by word: nothing on it lets anybody see whether a school objected or three people declared an interest."""
    found = county(clusters=1, size=4)
    for number in (2, 3, 4):
        Objection.objects.create(partnership=found.here.partnership, school_id=urn(1, 1), objects_to_id=urn(1, number), declared_at=AT)
    by_host = clash_page(found)
    Matching.objects.all().delete()
    Objection.objects.all().delete()
    for reviewer in Reviewer.objects.exclude(school_id=urn(1, 1)):
        DeclaredInterest.objects.create(reviewer=reviewer, school_id=urn(1, 1), kind="family", declared_at=AT)
    assert clash_page(found) == by_host
    assert (PRIVATE_CLASH in by_host, "objects" in by_host, "interest" in by_host) == (True, False, False)


def hand(found: County, made: Matching, **changed: str) -> dict[str, str]:
    team = made.answer["teams"][0]
    others = [each for each in team["members"] if each != team["lead"]]
    return {
        "version": str(made.pk),
        "lead": team["lead"],
        "member1": others[0],
        "member2": others[1],
        "why": "She led there lately",
        **changed,
    }


def test_a_team_is_changed_by_hand_and_the_difference_is_shown() -> None:
    found = county(clusters=1, size=6)
    made = matched(found)
    client = browser(found)
    form = client.get(page(found, "review-matching-change", urn(1, 1)))
    assert len(re.findall(r"<option value=\"r\d+\"", form.content.decode())) == 3 * 10  # everybody of the cluster but the host's own two
    given = hand(found, made)
    given["lead"], given["member1"] = given["member1"], given["lead"]
    answer = client.post(page(found, "review-matching-change", urn(1, 1)), given, follow=True)
    said = text(answer)
    new = Reviewer.objects.get(pk=given["lead"][1:]).person.name
    old = Reviewer.objects.get(pk=given["member1"][1:]).person.name
    assert f"Cluster 1 School 1 : {new} leads in place of {old}." in said
    assert "Changed by hand; every rule holds" in said
    assert "“She led there lately”" in said


def test_a_refusal_by_hand_keeps_what_was_chosen_and_tells_no_declaration() -> None:
    found = county(clusters=1, size=6)
    made = matched(found)
    given = hand(found, made)
    member = Reviewer.objects.get(pk=given["member1"][1:])
    Objection.objects.create(partnership=found.here.partnership, school_id=urn(1, 1), objects_to_id=member.school_id, declared_at=AT)
    client = browser(found)
    answer = client.post(page(found, "review-matching-change", urn(1, 1)), given)
    assert (answer.status_code, PRIVATE_BROKEN in text(answer)) == (422, True)
    assert re.findall(r'<option value="(r\d+)" selected', answer.content.decode()) == [given["lead"], given["member1"], given["member2"]]
    listed = re.findall(r'<option value="(r\d+)"', client.get(page(found, "review-matching-change", urn(1, 1))).content.decode())
    assert reviewer_key(member.pk) in listed  # leaving them out of the list would tell


def test_the_same_person_twice_is_refused_in_the_form() -> None:
    found = county(clusters=1, size=6)
    made = matched(found)
    given = hand(found, made)
    answer = browser(found).post(page(found, "review-matching-change", urn(1, 1)), given | {"member2": given["member1"]})
    assert (answer.status_code, text(answer).count("Choose each person once")) == (422, 4)


def test_a_stale_version_is_told_and_nothing_typed_is_lost() -> None:
    found = county(clusters=1, size=6)
    made = matched(found)
    matched(found)
    answer = browser(found).post(page(found, "review-matching-change", urn(1, 1)), hand(found, made))
    assert (answer.status_code, "Somebody made version 2 of the teams while you were reading version 1." in text(answer)) == (422, True)
    assert 'value="She led there lately"' in answer.content.decode()


def test_planning_again_without_somebody() -> None:
    found = county(clusters=1, size=6)
    made = matched(found)
    gone = made.answer["teams"][0]["members"][1]
    client = browser(found)
    given = {"version": str(made.pk), "person": gone, "host": urn(1, 6), "why": "On leave"}
    said = text(client.post(page(found, "review-matching-replan"), given, follow=True))
    assert "Planned again; proved: no plan changes fewer places" in said
    new = Matching.objects.get(number=2)
    assert (gone in str(new.answer["teams"]), urn(1, 6) in {each["host"] for each in new.answer["teams"]}) == (False, False)
    empty = client.post(page(found, "review-matching-replan"), {"version": str(new.pk), "why": "As it is now"})
    assert empty.status_code == 302


def test_teams_are_published_from_their_page() -> None:
    found = county(clusters=1)
    matched(found)
    client = browser(found)
    assert "5 reviews begin." in text(client.get(page(found, "review-matching-publish")))
    answer = client.post(page(found, "review-matching-publish"), follow=True)
    assert ("Published. Everybody on a team" in text(answer), PeerReview.objects.count()) == (True, 5)
    assert "The reviews whose team differs get the new one." in text(client.get(page(found, "review-matching-publish")))


def test_pages_of_teams_are_not_there_before_there_are_teams() -> None:
    found = county(clusters=1)
    client = browser(found)
    names = ("review-matching-replan", "review-matching-publish")
    assert [client.get(page(found, name)).status_code for name in names] == [404, 404]
    assert client.get(page(found, "review-matching-change", urn(1, 1))).status_code == 404
    matched(found)
    assert client.get(page(found, "review-matching-change", "990001")).status_code == 404


def test_a_published_round_can_no_longer_be_matched_from_the_beginning() -> None:
    found = county(clusters=1)
    published(found)
    answer = browser(found).get(page(found))
    assert re.findall(
        r">\s*(Match again|Match the teams|Publish the teams|Plan again with fewest changes)\s*<", answer.content.decode()
    ) == ["Plan again with fewest changes"]
    assert answer.content.decode().count("Somebody leaves") == 5


def test_each_reads_why_they_were_matched_and_nobody_else_does() -> None:
    found = county(clusters=1)
    published(found)
    part = TeamMember.objects.filter(part="lead").select_related("reviewer__person", "review__school")[0]
    address = reverse("review-why", args=[SLUG, part.review_id])
    for person in (part.reviewer.person, found.reviewer(1, 5, 2).person):
        take_post(slug=SLUG, role="reviewer", title="Peer reviewer", person_id=person.pk, from_on=AT.date(), by="the test", at=AT)
    said = text(signed_in(part.reviewer.person).get(address))
    assert f"You lead the review of {part.review.school.name}." in said
    off = Reviewer.objects.exclude(parts__review=part.review).filter(person__name__startswith="Person")[0].person
    if not off.tenures.exists():
        take_post(slug=SLUG, role="reviewer", title="Peer reviewer", person_id=off.pk, from_on=AT.date(), by="the test", at=AT)
    assert signed_in(off).get(address).status_code == 404
    assert browser(found).get(address).status_code == 403
    assert signed_in(part.reviewer.person).get(reverse("review-why", args=[SLUG, 2**70])).status_code == 404


def test_somebody_leaves_a_published_team_from_its_page() -> None:
    found = county(clusters=1, size=6)
    made = published(found)
    review = PeerReview.objects.get(school_id=urn(1, 1))
    address = reverse("review-team-leave", args=[SLUG, review.pk])
    client = browser(found)
    gone = Reviewer.objects.get(pk=made.answer["teams"][0]["members"][1][1:])
    assert gone.person.name in text(client.get(address))
    answer = client.post(address, {"person": gone.pk, "altogether": "no", "why": "Ill"})
    assert answer.status_code == 302
    assert TeamMember.objects.filter(review=review, reviewer=gone, left_on=None).exclude(part="champion").count() == 0
    PeerReview.objects.filter(pk=review.pk).update(state=State.ON_SITE.value)
    other = TeamMember.objects.filter(review=review, left_on=None, part="lead").get().reviewer_id
    refused = client.post(address, {"person": other, "altogether": "yes", "why": "Ill"})
    assert (refused.status_code, "That visit has begun" in text(refused)) == (422, True)
    assert client.get(reverse("review-team-leave", args=[SLUG, 2**70])).status_code == 404


def test_a_short_team_is_said_to_be_short() -> None:
    found = county(clusters=1, size=4, people=1)
    RoundOffer.objects.update(reviews=3)
    made = published(found)
    review = PeerReview.objects.get(school_id=urn(1, 1))
    lead = made.answer["teams"][0]["lead"][1:]
    client = browser(found)
    client.post(reverse("review-team-leave", args=[SLUG, review.pk]), {"person": lead, "altogether": "no", "why": "Ill"})
    said = text(client.get(page(found)))
    assert ("nobody yet" in said, "1 place empty" in said) == (True, True)


def test_a_champion_is_named_from_the_page() -> None:
    found = county(clusters=1, size=6)
    made = published(found)
    review = PeerReview.objects.get(school_id=urn(1, 1))
    address = reverse("review-champion", args=[SLUG, review.pk])
    client = browser(found)
    lead = made.answer["teams"][0]["lead"][1:]
    form = client.get(address).content.decode()
    listed = re.findall(r'<option value="(\d+)"', form)
    assert lead not in listed
    able = [each for each in listed if Reviewer.objects.get(pk=each).school_id != urn(1, 1)]
    assert client.post(address, {"person": able[0]}).status_code == 302
    assert TeamMember.objects.get(review=review, part="champion", left_on=None).reviewer_id == int(able[0])


def test_a_lead_of_a_body_sees_only_the_teams_of_rounds_they_run() -> None:
    found = county(clusters=1)
    matched(found)
    lead = browser(found, "cluster lead")
    assert lead.get(page(found)).status_code == 404
    ReviewRound.objects.update(body_id=found.here["cluster lead"].bodies(Permission.ROUND_RUN)[0])
    answer = lead.get(page(found))
    assert (answer.status_code, len(hosts_shown(answer))) == (200, 5)
