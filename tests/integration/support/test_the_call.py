"""The call before an inspection: nobody but those told can learn of it by any page, total, calendar, letter or journal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from convenor.journal.models import Entry, Look
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.peer_review.models import PeerReview, ReviewStep
from convenor.peer_review.rules.gates import PLAIN_REASON
from convenor.peer_review.rules.states import State
from convenor.post.models import Letter
from convenor.support.actions.the_call import end_call, had_the_call, publish_outcome, tell_more, write_outcome
from convenor.support.models import InspectionCall, Visit
from convenor.support.queries.beside_people import whom_to_tell
from convenor.support.queries.the_call import call_here, calls_known, in_those_weeks, usual_days
from convenor.support.rules.refusals import ChangedMeanwhile, Missing, OutOfTurn, WrongDay
from tests.factories.peer_review import review
from tests.factories.support import package
from tests.factories.support_beside import CALL_FROM, CALL_UNTIL, OUTCOME, RECEIVER, SLUG, World, beside, call
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
#: A Monday in term on which the call comes.
AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ON, LAST = AT.date(), CALL_UNTIL - timedelta(days=1)


@pytest.fixture
def here() -> Iterator[World]:
    with patch("django.utils.timezone.now", return_value=AT):
        yield beside()


def pressed(here: World, by: str = "head", **more: Any) -> tuple[InspectionCall, Any]:
    given = {
        "slug": SLUG, "urn": RECEIVER, "from_on": CALL_FROM, "last_on": LAST, "told": [here.people["clerk"].pk],
        "colleague": here.people["other head"].pk, "why": PLAIN_REASON, "at": AT,
    } | more  # fmt: skip
    return had_the_call(by=here[by], **given)


def planned(here: World) -> tuple[PeerReview, Visit]:
    """A review at the school and a support visit to it, both in the week of the inspection."""
    for who, known in (("lead", "other head"), ("second", "system leader"), ("champion", "reviewer")):
        here.people[who], here.viewers[who] = here.people[known], here.viewers[known]
    asked = review(here, until=State.SCHEDULED)
    PeerReview.objects.filter(pk=asked.pk).update(visit_from_on=date(2026, 11, 17), visit_until_on=date(2026, 11, 19))
    row = package(here, "active")
    visit = Visit.objects.create(package=row, supporter=row.supporter, on=date(2026, 11, 19), half_days=2)
    row.supporter.years.filter(year="2026-27").update(half_days_booked=10)
    return PeerReview.objects.get(pk=asked.pk), visit


def knowing(here: World) -> set[str]:
    return {who for who, viewer in here.viewers.items() if call_here(SLUG, RECEIVER, viewer=viewer, at=ON) is not None}


def test_one_button_notes_the_call_and_only_those_chosen_know_of_it(here: World) -> None:
    row, moved = pressed(here)
    assert (row.from_on, row.until_on, row.knows, moved) == (CALL_FROM, CALL_UNTIL, [here.people["clerk"].pk], ())
    assert knowing(here) == {"head", "clerk", "other head"}
    assert {who for who, viewer in here.viewers.items() if calls_known(viewer=viewer, at=ON)} == {"head", "clerk", "other head"}
    seen = call_here(SLUG, RECEIVER, viewer=here["other head"], at=ON)
    assert seen is not None
    assert (seen.is_colleague, seen.own, seen.told, seen.knows, seen.steps) == (True, False, (), (), ())


def test_nothing_of_it_stands_in_the_journal_or_among_looks_and_letters_say_only_that_something_waits(here: World) -> None:
    before = Entry.objects.count()
    row, _ = pressed(here)
    write_outcome(slug=SLUG, call_id=row.pk, words=OUTCOME, by=here["head"], at=AT, version=1)
    signed_in(here.people["clerk"]).get(reverse("support-call", args=[SLUG, RECEIVER]))
    assert (Entry.objects.count() - before, Look.objects.count()) == (0, 0)
    letters = {(each.to_name, each.kind, each.subject, each.partnership) for each in Letter.objects.all()}
    assert letters == {(name, "something-waits", "There is something for you in Convenor", "") for name in ("Cass Wood", "Dele Stone")}
    words = " ".join(each.body for each in Letter.objects.all()).lower()
    assert [word in words for word in ("inspect", "call", "ofsted", "fernhollow", "ada")] == [False] * 5


def test_the_weeks_review_and_visit_give_way_through_their_own_actions_for_a_plain_reason(here: World) -> None:
    asked, visit = planned(here)
    _, moved = pressed(here)
    asked.refresh_from_db()
    visit.refresh_from_db()
    assert [(each.kind, each.was_on, each.to_on, each.stayed) for each in moved] == [
        ("review", date(2026, 11, 17), None, ""), ("visit", date(2026, 11, 19), date(2026, 11, 23), ""),
    ]  # fmt: skip
    assert (asked.state, asked.resumes, visit.on) == ("postponed", "scheduled", date(2026, 11, 23))
    assert ReviewStep.objects.get(step="postponed").why == PLAIN_REASON
    seen = call_here(SLUG, RECEIVER, viewer=here["head"], at=ON)
    assert seen is not None
    assert [to for _, to in seen.gave_way] == [None, date(2026, 11, 23)]
    told = [f"{each.verb} {each.subject_kind} {each.subject_label} {each.why} {each.detail}" for each in Entry.objects.filter(at=AT)]
    assert [word in " ".join(told).lower() for word in ("inspect", "ofsted", "the call")] == [False, False, False]
    calendars = [each.calendar for each in Letter.objects.exclude(calendar="")]
    assert [word in "".join(calendars).lower() for word in ("inspect", "ofsted", "come up")] == [False] * 3


def test_what_refuses_stays_and_says_why_and_other_weeks_are_left_alone(here: World) -> None:
    _, visit = planned(here)
    other = Visit.objects.create(package=visit.package, supporter=visit.supporter, on=date(2026, 11, 30), half_days=1)
    with patch("convenor.support.actions.the_call.TRIED", 0):
        _, moved = pressed(here)
    assert [(each.kind, each.stayed[:26]) for each in moved] == [("review", ""), ("visit", "No school day after that w")]
    assert Visit.objects.get(pk=other.pk).on == date(2026, 11, 30)
    assert [each["kind"] for each in InspectionCall.objects.get().moved] == ["review"]


def test_a_visit_that_the_supporter_cannot_give_on_any_day_stays_with_their_reason(here: World) -> None:
    _, visit = planned(here)
    visit.supporter.assurances.update(valid_until_on=date(2026, 11, 20))
    _, moved = pressed(here)
    assert ["ended on 20 November 2026" in each.stayed for each in moved] == [False, True]


def test_what_the_schools_people_owe_elsewhere_is_shown_to_the_head_alone(here: World) -> None:
    row = package(here, "active", school="990005")
    Visit.objects.create(package=row, supporter=row.supporter, on=date(2026, 11, 18), half_days=2)
    given = {"from_on": CALL_FROM, "until_on": CALL_UNTIL, "at": ON}
    weeks = in_those_weeks(SLUG, "990003", viewer=here["lender"], **given)
    assert ([each.name for each in weeks.elsewhere], weeks.here) == (["Dunmarsh High School"], ())
    assert in_those_weeks(SLUG, "990003", viewer=here["broker"], **given).elsewhere == ()
    assert in_those_weeks("elsewhere", "990003", viewer=here["lender"], **given).elsewhere == ()


@pytest.mark.parametrize("who", ["school leader", "clerk", "broker", "manager", "other head", "cluster lead", "somebody with no post"])
def test_nobody_presses_the_button_for_a_school_for_which_they_do_not_speak(here: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        pressed(here, by=who)
    assert InspectionCall.objects.count() == 0


def test_pressing_the_button_tells_nobody_whether_somebody_else_pressed_it(here: World) -> None:
    """The chair, whom the head did not tell, sees the button as ever, and presses it as if there had been no call."""
    address, chair = reverse("support-call", args=[SLUG, RECEIVER]), signed_in(here.people["chair of governors"])
    before = bare(chair, address)
    pressed(here, told=[], colleague=None)
    assert (bare(chair, address), call_here(SLUG, RECEIVER, viewer=here["chair of governors"], at=ON)) == (before, None)
    row, _ = pressed(here, by="chair of governors", told=[], colleague=None)
    seen = call_here(SLUG, RECEIVER, viewer=here["chair of governors"], at=ON)
    assert seen is not None
    assert (seen.pk, seen.head) == (row.pk, "Gwen Ford")
    with pytest.raises(AlreadyThere):
        pressed(here)


def test_no_page_of_anybody_who_was_not_told_differs_for_the_call(here: World) -> None:
    names = [("home",), ("support", SLUG), ("school", RECEIVER), ("reviews", SLUG), ("calendar", SLUG), ("support-call", SLUG, RECEIVER)]
    names += [
        ("school-held", RECEIVER),
        ("support-contacts", SLUG),
        ("journal", SLUG),
        ("support-totals", SLUG),
        ("support-packages", SLUG),
    ]
    people = ("chair of governors", "school leader", "broker", "manager", "cluster lead", "lender", "board member")
    browsers = {who: signed_in(here.people[who], code=True) for who in people}
    addresses = [reverse(name, args=rest) for name, *rest in names]
    before = {(who, each): bare(client, each) for who, client in browsers.items() for each in addresses}
    assert sum(status == 200 for status, _ in before.values()) > 40
    row, _ = pressed(here)
    write_outcome(slug=SLUG, call_id=row.pk, words=OUTCOME, by=here["head"], at=AT, version=1)
    after = {(who, each): bare(client, each) for who, client in browsers.items() for each in addresses}
    assert [each for each, said in after.items() if said != before[each]] == []
    assert OUTCOME in signed_in(here.people["head"]).get(addresses[5]).content.decode()


def bare(client: Client, address: str) -> tuple[int, str]:
    """A page as it is answered, without its tokens and made-up ids."""
    got = client.get(address)
    text = got.content.decode()
    main = text.split("<main")[1].split("</main>")[0] if "<main" in text else text
    return got.status_code, re.sub(r'value="[A-Za-z0-9]{40,}"|id="[^"]*"|for="[^"]*"|aria-\w+="[^"]*"', "", main)


def test_the_outcome_is_locked_until_it_is_published_even_for_those_who_know(here: World) -> None:
    row, _ = pressed(here)
    write_outcome(slug=SLUG, call_id=row.pk, words=OUTCOME, by=here["head"], at=AT, version=1)
    clerk, later = signed_in(here.people["clerk"]), AT + timedelta(days=40)
    address = reverse("support-call", args=[SLUG, RECEIVER])
    assert OUTCOME in signed_in(here.people["head"]).get(address).content.decode()
    page = clerk.get(address).content.decode()
    assert (OUTCOME in page, "not told before the report" in page) == (False, True)
    for day in (AT.date(), later.date() + timedelta(days=1)):
        with pytest.raises(WrongDay):
            publish_outcome(slug=SLUG, call_id=row.pk, published_on=day, by=here["head"], at=later, version=2)
    publish_outcome(slug=SLUG, call_id=row.pk, published_on=later.date(), by=here["head"], at=later, version=2)
    assert [call_here(SLUG, RECEIVER, viewer=here[who], at=later) is not None for who in ("clerk", "manager")] == [True, False]
    seen = call_here(SLUG, RECEIVER, viewer=here["clerk"], at=later)
    assert seen is not None
    assert (seen.outcome, seen.published_on) == (OUTCOME, later.date())
    assert list(Entry.objects.filter(subject_kind="inspection-call").values_list("verb", "urn")) == [("inspection.published", RECEIVER)]
    with pytest.raises(OutOfTurn):
        write_outcome(slug=SLUG, call_id=row.pk, words="Better", by=here["head"], at=later, version=3)


def test_whoever_is_left_out_again_sees_nothing_and_only_new_people_get_a_letter(here: World) -> None:
    row, _ = pressed(here)
    Letter.objects.all().delete()
    leader = here.people["school leader"].pk
    tell_more(slug=SLUG, call_id=row.pk, told=[leader], colleague=None, by=here["head"], at=AT, version=1)
    assert (knowing(here), [each.to_name for each in Letter.objects.all()]) == ({"head", "school leader"}, ["Sia Brook"])
    with pytest.raises(ChangedMeanwhile):
        tell_more(slug=SLUG, call_id=row.pk, told=[], colleague=None, by=here["head"], at=AT, version=1)
    with pytest.raises(Missing):
        tell_more(
            slug=SLUG, call_id=row.pk, told=[here.people["somebody with no post"].pk], colleague=None, by=here["head"], at=AT, version=2
        )
    with pytest.raises(NotThere):  # whoever was told is no head of it
        tell_more(slug=SLUG, call_id=row.pk, told=[], colleague=None, by=here["chair of governors"], at=AT, version=2)


def test_after_the_end_nobody_but_the_head_sees_anything_and_there_may_be_another(here: World) -> None:
    row, _ = pressed(here)
    end_call(slug=SLUG, call_id=row.pk, by=here["head"], at=AT, version=1)
    assert (knowing(here), calls_known(viewer=here["clerk"], at=ON)) == ({"head"}, ())
    with pytest.raises(NotThere):
        end_call(slug=SLUG, call_id=row.pk, by=here["head"], at=AT, version=2)
    assert pressed(here)[0].pk != row.pk


def test_whom_to_tell_are_the_schools_own_people_those_who_run_the_partnership_and_colleagues_elsewhere(here: World) -> None:
    found = whom_to_tell(SLUG, RECEIVER, viewer=here["head"], at=ON)
    near = {each.name for each in found if not each.colleague}
    assert near == {"Sia Brook", "Gwen Ford", "Cass Wood", "Olu Reed", "Bea Marlow", "Mara Hollis"}
    assert {each.name for each in found if each.colleague} == {"Dele Stone", "Hal Rivers", "Sol Carr"}
    assert [whom_to_tell(SLUG, RECEIVER, viewer=here[who], at=ON) for who in ("school leader", "manager")] == [(), ()]


def test_the_pages_press_tell_write_publish_and_end(here: World) -> None:
    planned(here)
    head = signed_in(here.people["head"])
    address = reverse("support-call", args=[SLUG, RECEIVER])
    first = head.get(address).content.decode()
    assert [word in first for word in ("2026-11-17", "2026-11-18", "Peer review, Autumn 2026", PLAIN_REASON)] == [True] * 4
    given = {"told": [here.people["clerk"].pk], "colleague": "", "from_on": "2026-11-17", "last_on": "2026-11-18", "why": PLAIN_REASON}
    assert head.post(address, given | {"last_on": "2026-11-30"}).status_code == 422
    assert head.post(address, given).headers["Location"] == address
    row = InspectionCall.objects.get()
    pages = {step: reverse(f"support-call-{step}", args=[SLUG, RECEIVER, row.pk]) for step in ("told", "outcome", "published", "end")}
    others = {who: signed_in(here.people[who]) for who in ("clerk", "chair of governors")}
    assert {client.get(each).status_code for client in others.values() for each in pages.values()} == {403, 404}
    assert head.post(pages["told"], {"told": [], "colleague": here.people["lender"].pk, "version": 1}).status_code == 302
    assert head.post(pages["outcome"], {"words": OUTCOME, "version": 1}).status_code == 422  # read before the other was kept
    assert head.post(pages["outcome"], {"words": OUTCOME, "version": 2}).status_code == 302
    assert head.post(pages["published"], {"published_on": "2026-11-17"}).status_code == 422
    InspectionCall.objects.update(published_on=ON)
    assert [head.get(pages[step]).status_code for step in ("outcome", "published")] == [404, 404]
    assert head.post(pages["end"], {}).status_code == 302
    assert [each["what"] for each in InspectionCall.objects.get().steps] == ["called", "told", "outcome", "ended"]
    assert "We’ve had the call" in head.get(address).content.decode()


def test_the_front_page_leads_those_who_were_told_to_it_and_heads_to_the_button(here: World) -> None:
    pressed(here)
    front = reverse("support", args=[SLUG])
    told = {who: "You were told" in signed_in(here.people[who]).get(front).content.decode() for who in ("clerk", "other head", "lender")}
    button = {who: "had the call" in signed_in(here.people[who]).get(front).content.decode() for who in ("head", "lender", "clerk")}
    assert (told, button) == ({"clerk": True, "other head": True, "lender": False}, {"head": True, "lender": True, "clerk": False})


def test_a_school_that_left_the_partnership_has_no_call_here(here: World) -> None:
    here.partnership.memberships.filter(school_id=RECEIVER).update(until_on=ON)
    with pytest.raises(NotThere):
        pressed(here)
    assert (InspectionCall.objects.count(), signed_in(here.people["head"]).get(button()).status_code) == (0, 404)


def button() -> str:
    return reverse("support-call", args=[SLUG, RECEIVER])


def test_the_form_begins_with_the_next_two_school_days(here: World) -> None:
    assert usual_days(SLUG, RECEIVER, viewer=here["head"], at=ON) == (date(2026, 11, 17), date(2026, 11, 18))


def test_a_call_that_nobody_ended_is_forgotten_by_those_who_were_told(here: World) -> None:
    call(here, knows=[here.people["clerk"].pk])
    late = CALL_UNTIL + timedelta(days=181)
    assert [call_here(SLUG, RECEIVER, viewer=here[who], at=late) is not None for who in ("head", "clerk")] == [True, False]
    assert call_here("elsewhere", RECEIVER, viewer=here["head"], at=ON) is None
