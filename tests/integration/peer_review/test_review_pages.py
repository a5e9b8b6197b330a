"""The pages of one review: who opens which, what none of them may show, who looked, and how much they ask of the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.journal.models import Entry, Look
from convenor.partnership.gate import viewer_for
from convenor.peer_review.models import Activity, Expectation, PeerReview, SelfReview
from convenor.peer_review.rules.ownership import TEAM_READS_FOR
from convenor.peer_review.rules.preparing import print_of
from convenor.peer_review.rules.states import WAY, State
from convenor.post.models import Letter
from convenor.registers.models import School, SchoolLink
from tests.factories.peer_review import AT, HOST, MOMENTS, QUESTION, SECRETS, SLUG, World, after, review, reviewing
from tests.factories.registers import edition
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
HOSTS = {"head", "school leader", "chair of governors"}
TEAM = {"lead", "second", "champion"}
#: Those whose role follows states and dates: the manager, the lead of the host's cluster, and of the alliance above it.
FOLLOW = {"manager", "cluster lead", "alliance lead"}
#: The same person under two names of the world.
ALSO = {"other head": "lead", "system leader": "second", "reviewer": "champion"}
HIDDEN_WORDS = sorted(SECRETS.values())


@pytest.fixture
def clock() -> Iterator[Any]:
    """The day that the site believes it is; `clock.return_value` may be moved."""
    with patch("django.utils.timezone.now", return_value=AT) as now:
        yield now


@pytest.fixture
def here() -> World:
    return reviewing()


def page(name: str, *parts: object) -> str:
    return reverse(name, args=[SLUG, *parts])


def browsers(here: World) -> dict[str, Client]:
    one_each = {who: person for who, person in here.people.items() if who not in ALSO}
    return {who: signed_in(person, code=True) for who, person in one_each.items()} | {"nobody": Client()}


def answers(here: World, address: str, post: dict[str, Any] | None = None) -> dict[str, int]:
    return {
        who: (client.get(address) if post is None else client.post(address, post)).status_code for who, client in browsers(here).items()
    }


def only(got: dict[str, int], *statuses: int) -> set[str]:
    return {who for who, each in got.items() if each in statuses}


def shown(here: World, who: str, address: str) -> str:
    return str(signed_in(here.people[who], code=True).get(address).content.decode())


@pytest.mark.parametrize("until", WAY)
def test_the_review_is_opened_by_those_who_have_a_part_in_it(here: World, clock: Any, until: State) -> None:
    row = review(here, until=until)
    clock.return_value = MOMENTS[until]
    got = answers(here, page("review", row.pk))
    assert only(got, 200) == HOSTS | TEAM | FOLLOW
    assert only(got, 302) == {"nobody"}
    assert only(got, 403) >= {"somebody with no post"}
    assert only(got, 404, 403) == set(got) - HOSTS - TEAM - FOLLOW - {"nobody"}


#: Of what each may read on the page of the review: the words that are secret to others.
READS: dict[str, set[str]] = {
    "head": {"question"}, "school leader": {"question"}, "chair of governors": {"question"}, "lead": {"question"}, "second": {"question"},
    "champion": {"question"}, "manager": set(), "cluster lead": set(), "alliance lead": set(),
}  # fmt: skip


@pytest.mark.parametrize("until", [State.DATA_SHARED, State.ACTIONS_AGREED])
def test_the_page_of_a_review_shows_each_no_more_than_is_theirs(here: World, clock: Any, until: State) -> None:
    row = review(here, until=until, expectations=True)
    clock.return_value = MOMENTS[until]
    for who, may in READS.items():
        words = shown(here, who, page("review", row.pk))
        assert {name for name, secret in SECRETS.items() if secret in words} == may, who


def test_the_team_reads_nothing_more_thirty_days_after_the_report_is_final(here: World, clock: Any) -> None:
    row = review(here, until=State.REPORT_FINAL)
    clock.return_value = MOMENTS[State.REPORT_FINAL] + TEAM_READS_FOR
    assert QUESTION in shown(here, "lead", page("review", row.pk))
    clock.return_value = datetime(2027, 1, 11, 9, 0, tzinfo=AT.tzinfo)
    words = shown(here, "lead", page("review", row.pk))
    assert ("Peer review" in words, QUESTION in words) == (True, False)
    got = answers(here, page("review-self", row.pk))
    assert only(got, 200) == HOSTS


def test_a_review_taken_back_is_closed_to_the_team_at_once(here: World, clock: Any) -> None:
    row = review(here, until=State.WITHDRAWN, resumes=State.ON_SITE)
    clock.return_value = after(State.ON_SITE)
    assert [QUESTION in shown(here, who, page("review", row.pk)) for who in ("head", "lead", "manager")] == [True, False, False]
    assert only(answers(here, page("review-activities", row.pk)), 200) == HOSTS


def test_the_self_review_is_the_hosts_until_it_is_shared(here: World, clock: Any) -> None:
    row = review(here, until=State.FOCUS_AGREED)
    SelfReview.objects.create(review=row, words={"strengths": SECRETS["self-review"]}, saved_at=AT, saved_by="Ada Example")
    clock.return_value = MOMENTS[State.FOCUS_AGREED]
    assert only(answers(here, page("review-self", row.pk)), 200) == HOSTS
    other = review(here, until=State.DATA_SHARED, school="990003")
    clock.return_value = MOMENTS[State.DATA_SHARED]
    got = answers(here, page("review-self", other.pk))
    assert only(got, 200) == TEAM
    assert SECRETS["self-review"] in shown(here, "lead", page("review-self", other.pk))


@pytest.mark.parametrize("name", ["review-activities", "review-expect"])
def test_agenda_and_expectation_are_for_host_and_team(here: World, clock: Any, name: str) -> None:
    row = review(here, until=State.DATA_SHARED, expectations=True)
    clock.return_value = MOMENTS[State.DATA_SHARED]
    got = answers(here, page(name, row.pk))
    assert only(got, 200) == HOSTS | TEAM
    assert only(got, 404, 403) == set(got) - HOSTS - TEAM - {"nobody"}


def test_neither_side_ever_reads_what_the_other_expects(here: World, clock: Any) -> None:
    for until in (State.DATA_SHARED, State.REPORT_FINAL):
        row = review(here, until=until, expectations=True, school=HOST if until is State.DATA_SHARED else "990003")
        clock.return_value = MOMENTS[until]
        words = {who: shown(here, who, page("review-expect", row.pk)) for who in ("head", "lead")}
        host, team = SECRETS["host expects"], SECRETS["team expects"]
        if until is State.DATA_SHARED:
            assert [(host in words[who], team in words[who]) for who in ("head", "lead")] == [(True, False), (False, True)]
        else:
            assert (host in words["lead"], team in words["lead"]) == (False, True)


#: page -> where the review stands, who opens it
STEPS: dict[str, tuple[State, set[str]]] = {
    "review-focus": (State.SCHEDULED, HOSTS),
    "review-share": (State.FOCUS_AGREED, HOSTS),
    "review-start": (State.DATA_SHARED, HOSTS | {"lead"}),
    "review-fed-back": (State.ON_SITE, {"lead"}),
    "review-postpone": (State.SCHEDULED, HOSTS | FOLLOW),
    "review-withdraw": (State.ACTIONS_AGREED, HOSTS),
    "review-activity-add": (State.SCHEDULED, HOSTS | {"lead"}),
    "review-activities-suggest": (State.FOCUS_AGREED, HOSTS | {"lead"}),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_opened_by_whoever_takes_it(here: World, clock: Any, name: str) -> None:
    until, able = STEPS[name]
    row = review(here, until=until)
    clock.return_value = after(until)
    got = answers(here, page(name, row.pk))
    assert only(got, 200) == able
    assert only(got, 404, 403) == set(got) - able - {"nobody"}
    for who, client in browsers(here).items():
        if who not in able:
            client.post(page(name, row.pk), {"why": "Because", "host_partner": "Headteacher", "starts": "09:00"})
    row.refresh_from_db()
    assert (row.state, Activity.objects.filter(review=row, host_partner="Headteacher").count()) == (until.value, 0)


def test_there_is_no_such_review_in_any_other_place(here: World, clock: Any) -> None:
    row = review(here)
    client = signed_in(here.people["head"])
    got = [client.get(address).status_code for address in (page("review", 0), f"/p/elsewhere/reviews/{row.pk}/", page("review", 2**63))]
    assert got == [404, 403, 404]


def test_every_look_from_outside_the_school_is_written_down(here: World, clock: Any) -> None:
    row = review(here, until=State.DATA_SHARED)
    clock.return_value = MOMENTS[State.DATA_SHARED]
    for who in ("head", "lead", "manager", "cluster lead"):
        for name in ("review", "review-activities", "review-self"):
            signed_in(here.people[who], code=True).get(page(name, row.pk))
    looks = list(Look.objects.order_by("id").values_list("by_label", "role", "urn", "record"))
    assert looks == [
        (here["lead"].label, "Headteacher", HOST, "peer review: plan"),
        (here["lead"].label, "Headteacher", HOST, "peer review: plan"),
        (here["lead"].label, "Headteacher", HOST, "peer review: self-review"),
    ]


def test_the_panel_on_safeguarding_stands_on_every_page_for_the_team(here: World, clock: Any) -> None:
    row = review(here, until=State.DATA_SHARED)
    clock.return_value = MOMENTS[State.DATA_SHARED]
    names = ("review", "review-activities", "review-self", "review-expect", "review-activity-add", "review-start")
    panel = "If you are worried about a child"
    assert [name for name in names if panel not in shown(here, "lead", page(name, row.pk))] == []
    assert [name for name in names if panel in shown(here, "head", page(name, row.pk))] == []
    assert "designated officer (LADO) of Fernshire" in shown(here, "lead", page("review", row.pk))


@pytest.mark.parametrize(("who", "most"), [("head", 40), ("lead", 40), ("manager", 40)])
def test_the_page_asks_little_of_the_database(here: World, clock: Any, who: str, most: int) -> None:
    row = review(here, until=State.ACTIONS_AGREED, expectations=True)
    for _ in range(12):
        Activity.objects.create(
            review=row, title="Talk", on=date(2026, 12, 1), starts="10:00", ends="10:30", host_partner="Reading lead", reviewers=[1]
        )
    clock.return_value = MOMENTS[State.ACTIONS_AGREED]
    client = signed_in(here.people[who], code=True)
    client.get(page("review", row.pk))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(page("review", row.pk))
    assert len(asked) <= most


def test_a_host_walks_from_its_question_to_sharing(here: World, clock: Any) -> None:
    row = review(here, until=State.SCHEDULED)
    clock.return_value = MOMENTS[State.FOCUS_AGREED]
    head = signed_in(here.people["head"])
    asked = {"question_1": QUESTION, "question_2": "", "kind": "enquiry", "themes": ["reading"], "version": str(row.version)}
    assert head.post(page("review-focus", row.pk), asked).status_code == 302
    wrote = {"strengths": "We read daily.", "was-strengths": ""}
    assert head.post(page("review-self", row.pk), wrote | {"then": "share"}).headers["Location"] == page("review-share", row.pk)
    row.refresh_from_db()
    assert head.post(page("review-share", row.pk), {"version": str(row.version)}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.questions, row.kind, row.themes, row.shared_on) == (
        "data_shared", [QUESTION], "enquiry", ["reading"], MOMENTS[State.FOCUS_AGREED].date(),
    )  # fmt: skip
    assert SelfReview.objects.get(review=row).words == {"strengths": "We read daily."}
    assert [each.body for each in Letter.objects.all() if "Fernhollow" in each.body or "read daily" in each.body] == []
    assert [each for each in Entry.objects.filter(subject_kind="peer-review") if QUESTION in f"{each.why}{each.detail}"] == []


def test_a_scale_in_the_words_of_an_inspection_is_refused(here: World, clock: Any) -> None:
    row = review(here, until=State.SCHEDULED)
    head = signed_in(here.people["head"])
    asked = {"question_1": QUESTION, "kind": "enquiry", "scale": "Just begun\nOut-standing"}
    got = head.post(page("review-focus", row.pk), asked)
    assert (got.status_code, "reads as an inspection’s word" in got.content.decode()) == (422, True)
    assert head.post(page("review-focus", row.pk), asked | {"scale": "Just begun\nUnder way"}).status_code == 302
    row.refresh_from_db()
    assert row.scale == ["Just begun", "Under way"]


def test_two_who_write_the_self_review_lose_nothing(here: World, clock: Any) -> None:
    row = review(here, until=State.FOCUS_AGREED)
    clock.return_value = MOMENTS[State.FOCUS_AGREED]
    head, deputy = signed_in(here.people["head"]), signed_in(here.people["school leader"])
    save = page("review-self-save", row.pk)
    empty = {"was-strengths": "", "was-tried": ""}
    first = head.post(save, {"strengths": "We read daily.", "tried": "", **empty})
    assert (first.status_code, first.json()["says"]) == (200, "Saved 09:00.")
    assert deputy.post(save, {"strengths": "", "tried": "A phonics course.", **empty}).status_code == 200
    both = deputy.post(save, {"strengths": "Daily reading.", "tried": "A phonics course.", **empty})
    assert both.status_code == 409
    assert SelfReview.objects.get(review=row).words == {"strengths": "We read daily.", "tried": "A phonics course."}
    shown_both = deputy.post(page("review-self", row.pk), {"strengths": "Daily reading.", "tried": "A phonics course.", **empty})
    words = shown_both.content.decode()
    assert (shown_both.status_code, "We read daily." in words, "Daily reading." in words) == (422, True, True)
    prints = {f"was-{key}": print_of(now) for key, now in {"strengths": "We read daily.", "tried": "A phonics course."}.items()}
    assert [value for value in prints.values() if f'value="{value}"' not in words] == []
    assert deputy.post(page("review-self", row.pk), {"strengths": "Both.", "tried": "A phonics course.", **prints}).status_code == 302
    assert SelfReview.objects.get(review=row).words["strengths"] == "Both."


def test_what_was_typed_stands_after_somebody_else_changed_the_review(here: World, clock: Any) -> None:
    row = review(here, until=State.SCHEDULED)
    clock.return_value = MOMENTS[State.FOCUS_AGREED]
    asked = {"question_1": "And what of us?", "kind": "enquiry", "version": str(row.version)}
    PeerReview.objects.filter(pk=row.pk).update(version=row.version + 1)
    got = signed_in(here.people["head"]).post(page("review-focus", row.pk), asked)
    words = got.content.decode()
    assert (got.status_code, "And what of us?" in words, "Somebody changed this review" in words) == (422, True, True)
    assert f'name="version" value="{row.version + 1}"' in words
    assert signed_in(here.people["head"]).post(page("review-focus", row.pk), asked | {"version": str(row.version + 1)}).status_code == 302


def test_the_lead_suggests_changes_and_takes_out(here: World, clock: Any) -> None:
    row = review(here, until=State.SCHEDULED)
    clock.return_value = MOMENTS[State.SCHEDULED]
    lead = signed_in(here.people["lead"])
    given = {"host_partner": "Headteacher", "starts": "09:00"}
    assert lead.post(page("review-activities-suggest", row.pk), given).status_code == 302
    planned = list(Activity.objects.filter(review=row))
    assert planned[0].host_partner == "Headteacher"
    one = planned[0]
    change = {
        "title": "Welcome", "on": "2026-12-01", "starts": "08:45", "ends": "09:15", "host_partner": "Deputy", "place": "Hall",
        "reviewers": [], "version": str(one.version),
    }  # fmt: skip
    assert lead.post(page("review-activity-change", row.pk, one.pk), change).status_code == 302
    one.refresh_from_db()
    assert (one.title, one.starts.isoformat(), one.host_partner, one.version) == ("Welcome", "08:45:00", "Deputy", 2)
    stale = lead.post(page("review-activity-change", row.pk, one.pk), change | {"title": "Hello"})
    assert (stale.status_code, "Hello" in stale.content.decode()) == (422, True)
    assert lead.post(page("review-activity-remove", row.pk, one.pk), {}).status_code == 302
    assert lead.get(page("review-activity-change", row.pk, one.pk)).status_code == 404
    clash = change | {"title": "Two at once", "starts": "09:30", "ends": "11:00"}
    met = lead.post(page("review-activity-add", row.pk), clash)
    assert (met.status_code, "would be in two places" in met.content.decode()) == (422, True)


def test_each_side_names_three(here: World, clock: Any) -> None:
    row = review(here, until=State.DATA_SHARED)
    clock.return_value = MOMENTS[State.DATA_SHARED]
    three = {
        "theme_1": "reading", "side_1": "strength", "words_1": "Phonics", "theme_2": "writing", "side_2": "even-better",
        "theme_3": "attendance", "side_3": "even-better",
    }  # fmt: skip
    for who in ("school leader", "second"):
        assert signed_in(here.people[who]).post(page("review-expect", row.pk), three).status_code == 302
    assert list(Expectation.objects.order_by("side").values_list("side", "by_id")) == [
        ("host", here.people["school leader"].pk), ("team", here.people["second"].pk),
    ]  # fmt: skip
    twice = signed_in(here.people["lead"]).post(page("review-expect", row.pk), three | {"theme_2": "reading", "side_2": "strength"})
    assert (twice.status_code, "Two of the three are the same" in twice.content.decode()) == (422, True)


def test_a_visit_begins_and_is_fed_back(here: World, clock: Any) -> None:
    row = review(here, until=State.DATA_SHARED)
    clock.return_value = MOMENTS[State.DATA_SHARED]
    assert "The visit begins on Tuesday 1 December." in shown(here, "lead", page("review-start", row.pk))
    clock.return_value = MOMENTS[State.ON_SITE]
    lead = signed_in(here.people["lead"])
    assert lead.post(page("review-start", row.pk), {"version": str(row.version)}).headers["Location"] == page("review", row.pk)
    clock.return_value = MOMENTS[State.FED_BACK]
    lead = signed_in(here.people["lead"])
    assert lead.post(page("review-fed-back", row.pk), {}).headers["Location"] == page("review", row.pk)
    row.refresh_from_db()
    assert (row.state, row.fed_back_at) == ("fed_back", MOMENTS[State.FED_BACK])


def test_a_review_is_put_off_goes_on_and_is_taken_back(here: World, clock: Any) -> None:
    row = review(here, until=State.FOCUS_AGREED)
    clock.return_value = after(State.FOCUS_AGREED)
    head, manager = signed_in(here.people["head"]), signed_in(here.people["manager"], code=True)
    assert head.post(page("review-postpone", row.pk), {"why": "Snow."}).headers["Location"] == page("review", row.pk)
    assert "Snow." in manager.get(page("review", row.pk)).content.decode()
    assert manager.post(page("review-resume", row.pk), {"asked": "on"}).headers["Location"] == page("review", row.pk)
    assert head.post(page("review-withdraw", row.pk), {"why": "A death in the school."}).status_code == 302
    words = {who: shown(here, who, page("review", row.pk)) for who in ("head", "manager", "lead")}
    assert ["A death in the school." in each for each in words.values()] == [True, False, False]
    assert ["The school took this review back." in each for each in words.values()] == [True] * 3


def test_a_school_that_closes_has_its_door_and_its_end(here: World, clock: Any) -> None:
    row = review(here, until=State.SCHEDULED)
    clock.return_value = MOMENTS[State.SCHEDULED]
    manager = signed_in(here.people["manager"], code=True)
    said = {name: manager.get(page(name, row.pk)).content.decode() for name in ("review-follow", "review-end-closed")}
    assert ["names no one school" in said["review-follow"], "has not closed" in said["review-end-closed"]] == [True, True]
    School.objects.filter(urn=HOST).update(status="closed", closed_on=date(2026, 10, 1))
    assert page("review-end-closed", row.pk) in manager.get(page("review", row.pk)).content.decode()
    assert manager.post(page("review-end-closed", row.pk), {}).headers["Location"] == page("review", row.pk)
    assert "The school has closed. What was written stays with its own people." in manager.get(page("review", row.pk)).content.decode()


def test_a_review_goes_on_with_the_new_school_by_its_door(here: World, clock: Any) -> None:
    row = review(here, until=State.SCHEDULED)
    clock.return_value = MOMENTS[State.SCHEDULED]
    old = School.objects.get(urn=HOST)
    School.objects.create(
        urn="990011", name="Fernhollow Academy", authority=old.authority, phase="Primary", status="open", type_name="Academy converter"
    )
    School.objects.filter(urn=HOST).update(status="closed", closed_on=date(2026, 10, 1))
    SchoolLink.objects.create(
        urn=HOST, linked_urn="990011", linked_name="Fernhollow Academy", kind="Successor", established_on=date(2026, 10, 1),
        edition=edition("links", family="links"),
    )  # fmt: skip
    head = signed_in(here.people["head"])
    words = head.get(page("review", row.pk)).content.decode()
    assert [page("review-follow", row.pk) in words, "Fernhollow Academy" in words] == [True, True]
    assert head.post(page("review-follow", row.pk), {}).headers["Location"] == page("reviews")
    row.refresh_from_db()
    assert row.school_id == "990011"


def test_the_head_of_a_school_elsewhere_sees_nothing(here: World, clock: Any) -> None:
    row = review(here)
    assert viewer_for(here.people["trust lead"], on=AT.date()).signed_in is True
    assert signed_in(here.people["trust lead"]).get(page("review", row.pk)).status_code == 404
