"""Matching the whole area and choosing: what is kept and for whom, what is refused, two brokers at one moment."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection

from convenor.governance.models import Priority
from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from convenor.registers.models import Group, School
from convenor.support.actions import placing as actions
from convenor.support.models import Assurance, CapacityYear, Choice, Need, Package, StandingInterest, Supporter, SupportMatching, Visit
from convenor.support.queries.gathering import brokers_own, gathered
from convenor.support.queries.needs import carriers
from convenor.support.queries.proposals import fits, last_matching, matching_page
from convenor.support.rules.placing import Need as Asked
from convenor.support.rules.placing import Offer, Rule
from convenor.support.rules.refusals import AssuranceEnded, ChangedMeanwhile, Conflict, Missing, NoDaysLeft, NoWords, OutOfTurn, WrongSum
from tests.factories.support import package
from tests.factories.support_brokerage import AT, ON, SLUG, SPLIT, World, brokerage, need, offer, supporter

pytestmark = pytest.mark.django_db
WHY = "She has done this in a school like theirs."


@pytest.fixture
def here() -> World:
    return brokerage()


def choose(here: World, row: Need, given: Supporter, who: str = "broker", **more: Any) -> Choice:
    stands: dict[str, Any] = {"slug": SLUG, "need_id": row.pk, "supporter_id": given.pk, "why": WHY, "by": here[who], "at": AT}
    return actions.choose(**stands | more)


def test_a_broker_chooses_and_a_package_opens_with_the_supporter(here: World) -> None:
    row, given = need(here, broker=None), supporter(here)
    made = choose(here, row, given)
    row.refresh_from_db()
    opened = Package.objects.get()
    assert (row.state, row.broker_id, row.version) == ("chosen", here["broker"].person_id, 2)
    assert (opened.need_id, opened.supporter_id, opened.choice_id, opened.broker_id) == (
        row.pk,
        given.pk,
        made.pk,
        here["broker"].person_id,
    )
    assert (made.why, made.explained[0]) == (WHY, "Knows Reading, which the school asked for.")
    assert "Hal Rivers" in set(Letter.objects.values_list("to_name", flat=True))
    assert Entry.objects.filter(verb="need.chosen", subject_key=str(row.pk)).count() == 1


def test_a_choice_names_the_proposal_it_came_from(here: World) -> None:
    row, given = need(here), supporter(here)
    kept = actions.propose(slug=SLUG, by=here["broker"], at=AT)
    assert choose(here, row, given, matching_id=kept.pk).matching_id == kept.pk
    assert choose(here, need(here, school="990002"), given, matching_id=10**9).matching_id is None


@pytest.mark.parametrize("who", ["head", "manager", "other head", "supporter", "auditor", "clerk"])
def test_only_a_broker_matches_and_chooses(here: World, who: str) -> None:
    row, given = need(here), supporter(here)
    with pytest.raises(NotAllowed):
        choose(here, row, given, who)
    with pytest.raises(NotAllowed):
        actions.propose(slug=SLUG, by=here[who], at=AT)
    assert (gathered(SLUG, viewer=here[who], at=ON), matching_page(SLUG, viewer=here[who], at=ON)) == (None, None)
    assert (fits(SLUG, row.pk, viewer=here[who], at=ON), last_matching(SLUG, viewer=here[who])) == (None, None)
    assert (Choice.objects.count(), Package.objects.count(), SupportMatching.objects.count()) == (0, 0, 0)


def own_school(here: World, given: Supporter) -> None:
    Supporter.objects.filter(pk=given.pk).update(school_id=SPLIT)


def own_trust(here: World, given: Supporter) -> None:
    School.objects.filter(urn=SPLIT).update(trust=Group.objects.get(uid="T1"))
    Supporter.objects.filter(pk=given.pk).update(school_id=None, trust_id="T1")


def own_employer(here: World, given: Supporter) -> None:
    supporter(here, "split", school=None, organisation="Downland Hub")
    Supporter.objects.filter(pk=given.pk).update(school_id=None, organisation="downland  hub")


def own_federation(here: World, given: Supporter) -> None:
    group = Group.objects.create(uid="F9", name="Moor Federation", kind="Federation", fictitious=True)
    School.objects.filter(urn__in=(SPLIT, given.school_id)).update(federation=group)


def themselves(here: World, given: Supporter) -> None:
    Supporter.objects.filter(pk=given.pk).update(person=here.people["split"], school_id=None)


@pytest.mark.parametrize("makes", [own_school, own_trust, own_employer, own_federation, themselves])
def test_a_broker_never_places_their_own_organisation(here: World, makes: Callable[[World, Supporter], None]) -> None:
    row, given = need(here, school="990005"), supporter(here, phases=[])
    makes(here, given)
    with pytest.raises(Conflict, match=r"^They are of your own organisation, and a broker never places their own\."):
        choose(here, row, given, "split")
    found = fits(SLUG, row.pk, viewer=here["split"], at=ON)
    assert found
    assert ([each.supporter_id for each in found.able], Package.objects.count()) == ([], 0)
    answer = actions.propose(slug=SLUG, by=here["split"], at=AT).answer
    assert answer["placed"] == []
    assert choose(here, row, given, "broker").supporter_id == given.pk


def test_a_broker_chooses_for_no_school_of_their_own(here: World) -> None:
    row, given = need(here, school=SPLIT), supporter(here, phases=[])
    with pytest.raises(Conflict, match=r"^A broker looks for nobody on behalf of their own school\."):
        choose(here, row, given, "split")
    area = gathered(SLUG, viewer=here["split"], at=ON)
    assert area
    assert (area.needs, area.own_school) == ((), 1)
    with pytest.raises(Missing, match=r"^No request waits that you could match"):
        actions.propose(slug=SLUG, by=here["split"], at=AT)


def test_what_stands_in_the_way_of_a_choice_is_said(here: World) -> None:
    row, given = need(here, budget_pence=None), supporter(here, half_days=6)

    def refused() -> str:
        with pytest.raises((Conflict, AssuranceEnded, NoDaysLeft, Missing)) as error:
            choose(here, row, given)
        return str(error.value).split(".")[0]

    apart = "They may not serve this school: its own people, one trust or federation, or kept apart for another reason"
    StandingInterest.objects.create(supporter=given, school_id="990001", kind="family", declared_at=AT)
    assert refused() == apart
    StandingInterest.objects.update(until_on=ON)
    Supporter.objects.update(school_id="990001")
    assert refused() == apart
    Supporter.objects.update(school_id="990003")
    Assurance.objects.update(valid_until_on=date(2026, 9, 1))
    assert refused() == "Nothing that vouches for them is in date today"
    Assurance.objects.update(valid_until_on=date(2028, 8, 31))
    CapacityYear.objects.update(half_days_booked=1)
    assert refused() == "They have 5 half days left this school year, and 6 half days are asked for"
    CapacityYear.objects.update(half_days_booked=0)
    Supporter.objects.update(reach_km=7)
    assert refused() == "They come up to 7 km, and the school is farther, or its place is not known"
    Supporter.objects.update(reach_km=8, phases=["Secondary"])
    assert refused() == "They serve other phases than this school's"
    Supporter.objects.update(phases=[], expertise=["staff"])
    assert refused() == "They do not know what the school asks for"
    Supporter.objects.update(expertise=["reading"])
    Choice.objects.create(need=row, supporter=given, why=WHY, at=AT, by=here.people["broker"])
    assert refused() == "They were chosen for this request before, and it came to nothing"
    assert Package.objects.count() == 0


def test_a_price_beyond_the_budget_is_said() -> None:
    asked = Asked(id="1", urn="990001", themes=("reading",), half_days=4, budget_pence=50_000)
    said = actions.refusal({Rule.BUDGET}, asked, Offer(id="2", day_pence=40_000))
    assert (type(said), str(said)) == (WrongSum, "They would cost £800, and there is £500. Nothing was changed.")


def test_a_choice_asks_for_a_reason_a_request_that_waits_and_the_version_read(here: World) -> None:
    row, given = need(here), supporter(here)
    with pytest.raises(NoWords, match=r"^Say why you choose them"):
        choose(here, row, given, why=" ")
    with pytest.raises(ChangedMeanwhile):
        choose(here, row, given, version=9)
    with pytest.raises(NotThere):
        choose(here, row, given, supporter_id=10**9)
    with pytest.raises(NotThere):
        choose(here, row, given, need_id=10**9)
    choose(here, row, given, version=1)
    with pytest.raises(OutOfTurn, match=r"^While somebody is looked for somebody can be chosen"):
        choose(here, row, given)
    assert Choice.objects.count() == 1


def test_a_closed_school_is_followed_first(here: World) -> None:
    row, given = need(here), supporter(here)
    School.objects.filter(urn="990001").update(status="closed")
    with pytest.raises(Missing, match=r"^The register says that this school has closed\."):
        choose(here, row, given)
    area, found = gathered(SLUG, viewer=here["broker"], at=ON), fits(SLUG, row.pk, viewer=here["broker"], at=ON)
    assert area
    assert found
    assert (area.closed, area.needs, found.able, found.unmet) == (1, (), (), None)


def test_promised_days_are_given_away_before_a_visit_books_them(here: World) -> None:
    given = supporter(here, half_days=10)
    choose(here, need(here), given)
    area = gathered(SLUG, viewer=here["broker"], at=ON)
    assert area
    assert area.offers[0].half_days_left == 4
    Visit.objects.create(package=Package.objects.get(), supporter=given, on=date(2026, 12, 1), half_days=2)
    CapacityYear.objects.filter(year="2026-27").update(half_days_booked=2)
    again = gathered(SLUG, viewer=here["broker"], at=ON)
    assert again
    assert again.offers[0].half_days_left == 4
    with pytest.raises(NoDaysLeft, match=r"^They have 4 half days left this school year, and 6 half days are asked for"):
        choose(here, need(here, school="990002"), given)
    Package.objects.update(ended_on=ON)
    ended = gathered(SLUG, viewer=here["broker"], at=ON)
    assert ended
    assert ended.offers[0].half_days_left == 8


def test_a_proposal_is_kept_without_what_was_declared(here: World) -> None:
    given = supporter(here)
    StandingInterest.objects.create(supporter=given, school_id="990002", kind="family", declared_at=AT)
    need(here)
    need(here, school="990002")
    row = actions.propose(slug=SLUG, by=here["broker"], at=AT, seed=7)
    assert (row.seed, row.answer["status"], [each["offer"] for each in row.answer["placed"]]) == (7, "optimal", [str(given.pk)])
    assert json.dumps(row.asked).count("interests") == 0
    told = Entry.objects.get(verb="support.matched")
    assert (told.detail, told.urn) == ({"status": "optimal", "needs": 2}, "")


def test_the_page_of_a_proposal_names_schools_people_and_reasons(here: World) -> None:
    given, served, left = supporter(here), need(here, themes=["reading", "writing"]), need(here, school="990005", themes=["science"])
    actions.propose(slug=SLUG, by=here["broker"], at=AT)
    page = matching_page(SLUG, viewer=here["broker"], at=ON)
    assert page
    assert page.proposal
    (pair,), (short,) = page.proposal.placed, page.proposal.unmet
    assert (pair.need_id, pair.school, pair.supporter, pair.lent_by, pair.stands) == (
        served.pk, "Fernhollow Primary School", "Sol Carr", "Brookmoor Church of England Primary School", True,
    )  # fmt: skip
    assert pair.why[0] == "Knows Reading and Writing, which the school asked for."
    assert (short.need_id, short.says, short.reasons) == (
        left.pk, "",
        ("Nobody in the directory offers Science yet. Asking schools what they could offer is the way to find somebody.",),
    )  # fmt: skip
    assert (page.waiting, page.offers, page.proposal.newer, page.proposal.gap) == (2, 1, 0, 0.0)
    need(here, school="990004")
    choose(here, served, given)
    later = matching_page(SLUG, viewer=here["broker"], at=ON)
    assert later
    assert later.proposal
    assert (later.waiting, later.proposal.newer, later.proposal.placed[0].stands) == (2, 1, False)


def test_a_proposal_is_for_the_broker_who_made_it_alone(here: World) -> None:
    supporter(here, phases=[])
    need(here, school=SPLIT)
    actions.propose(slug=SLUG, by=here["broker"], at=AT)
    mine, theirs = matching_page(SLUG, viewer=here["broker"], at=ON), matching_page(SLUG, viewer=here["split"], at=ON)
    assert mine
    assert theirs
    assert (mine.proposal is not None, theirs.proposal) == (True, None)
    assert (last_matching(SLUG, viewer=here["broker"]), last_matching(SLUG, viewer=here["split"])) == (
        mine.proposal and mine.proposal.pk,
        None,
    )
    assert last_matching("elsewhere", viewer=here["broker"]) is None


def test_a_school_leant_on_is_named(here: World) -> None:
    supporter(here, phases=[])
    for urn in ("990001", "990002", "990005"):
        need(here, school=urn)
    actions.propose(slug=SLUG, by=here["broker"], at=AT)
    page = matching_page(SLUG, viewer=here["broker"], at=ON)
    assert page
    assert page.proposal
    assert [(each.name, each.needs, each.half_days) for each in page.proposal.overused] == [
        ("Brookmoor Church of England Primary School", 3, 18)
    ]


def test_who_could_serve_a_request_stands_with_why_the_nearest_first(here: World) -> None:
    near, far = offer(here, "Una Fell", school="990002"), offer(here, "Gil Reeve", school="990005", phases=[])
    row = need(here)
    found = fits(SLUG, row.pk, viewer=here["broker"], at=ON)
    assert found is not None
    assert [(each.supporter_id, each.name, each.lent_by) for each in found.able] == [
        (near.pk, "Una Fell", "Ashwater Primary School"), (far.pk, "Gil Reeve", "Dunmarsh High School"),
    ]  # fmt: skip
    assert found.unmet is None
    Assurance.objects.all().delete()
    nobody = fits(SLUG, row.pk, viewer=here["broker"], at=ON)
    assert nobody
    assert nobody.unmet
    assert [each.says for each in nobody.unmet.reasons] == ["2 have no assurance in date. Renewing it would let them be asked."]


def test_what_a_broker_belongs_to_holds_every_post_and_employer(here: World) -> None:
    own = brokers_own(viewer=here["trust lead"], at=ON)
    assert (own.urns, own.trusts, own.organisations) == (frozenset({"990002", "990004"}), frozenset({"T1"}), frozenset({"waterside trust"}))
    officer = brokers_own(viewer=here["officer"], at=ON)
    assert officer.organisations == frozenset({"fernshire"})
    nobody = replace(here["broker"], person_id=None)
    assert brokers_own(viewer=nobody, at=ON).offers == frozenset()


def test_a_package_is_opened_before_anybody_is_chosen_and_takes_the_choice(here: World) -> None:
    row, given = need(here, broker=None), supporter(here)
    opened = actions.begin(slug=SLUG, need_id=row.pk, by=here["broker"], at=AT, version=1)
    row.refresh_from_db()
    assert (opened.supporter_id, opened.need_id, row.broker_id, row.state) == (None, row.pk, here["broker"].person_id, "open")
    with pytest.raises(Conflict, match=r"^A package of this request is open already"):
        actions.begin(slug=SLUG, need_id=row.pk, by=here["split"], at=AT)
    with pytest.raises(Conflict, match=r"^Another broker holds the package of this request"):
        choose(here, row, given, "split")
    choose(here, row, given)
    assert list(Package.objects.values_list("pk", "supporter_id")) == [(opened.pk, given.pk)]
    with pytest.raises(OutOfTurn):
        actions.begin(slug=SLUG, need_id=row.pk, by=here["broker"], at=AT)


def test_a_broker_says_which_tier_carries_it_and_which_priority_it_serves(here: World) -> None:
    aim = Priority.objects.create(
        partnership=here.partnership, title="Every child reads", from_on=date(2026, 9, 1), until_on=date(2027, 9, 1)
    )
    row, other, given = need(here), need(here, school="990002"), supporter(here)
    tiers, priorities = carriers(SLUG, viewer=here["broker"], at=ON)
    key = tiers[0][0]
    assert priorities == ((str(aim.pk), "Every child reads"),)
    choose(here, row, given, tier=key, priority=str(aim.pk))
    actions.begin(slug=SLUG, need_id=other.pk, by=here["broker"], at=AT, tier=key)
    said = Package.objects.order_by("pk").values_list("tier__key", "priority__title")
    assert list(said) == [(key, "Every child reads"), (key, None)]
    third = need(here, school="990005")
    for more in ({"tier": "nowhere"}, {"priority": "0"}):
        with pytest.raises(NotThere, match=r"^There is no such tier or priority"):
            actions.begin(slug=SLUG, need_id=third.pk, by=here["broker"], at=AT, **more)
    assert carriers(SLUG, viewer=here["head"], at=ON) == ((), ())


def test_nobody_opens_a_package_for_their_own_school_or_without_being_a_broker(here: World) -> None:
    row = need(here, school=SPLIT, broker=None)
    with pytest.raises(Conflict, match=r"^A broker looks for nobody on behalf of their own school"):
        actions.begin(slug=SLUG, need_id=row.pk, by=here["split"], at=AT)
    for who in ("head", "manager"):
        with pytest.raises(NotAllowed):
            actions.begin(slug=SLUG, need_id=row.pk, by=here[who], at=AT)
    assert Package.objects.count() == 0


def test_a_package_on_its_way_keeps_its_need_out_of_the_matching(here: World) -> None:
    row = package(here, "active")
    area = gathered(SLUG, viewer=here["broker"], at=ON)
    assert area
    assert row.need_id is not None
    assert (area.need(row.need_id), area.offer(10**9)) == (None, None)


def at_once(*tasks: Callable[[], object]) -> list[str]:
    """Runs the tasks at one moment, each with a connection of its own; what came of each."""
    ready, said = threading.Barrier(len(tasks)), []

    def run(task: Callable[[], object]) -> None:
        try:
            ready.wait(10)
            task()
            said.append("chosen")
        except NoDaysLeft as refused:
            said.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(said)


@pytest.mark.django_db(transaction=True)
def test_two_brokers_promise_the_last_days_and_one_gets_them() -> None:
    here = brokerage()
    given = supporter(here, half_days=6)
    one, two = need(here), need(here, school="990002")
    said = at_once(lambda: choose(here, one, given), lambda: choose(here, two, given, "split"))
    refused = "They have 0 half days left this school year, and 6 half days are asked for. Nothing was changed."
    assert said == [refused, "chosen"]
    assert (Choice.objects.count(), Package.objects.count()) == (1, 1)
