"""The directory's pages: searched, kept and changed through the browser; a hundred entries ask no more queries than two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.peer_review.models import ExcellenceOffer
from convenor.peer_review.rules.states import State
from convenor.registers.models import School
from convenor.support.models import Assurance, CapacityYear, Evaluation, LocalDesignation, Package, StandingInterest, Supporter
from convenor.support.queries.directory import outcomes
from convenor.support.rules.commissioning import Part
from tests.factories.peer_review import review
from tests.factories.support_directory import AT, SLUG, World, directory_world, supporter
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
OWN, OTHER = "990001", "990005"


@pytest.fixture
def here() -> World:
    return directory_world()


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The day that the site believes it is."""
    with patch("django.utils.timezone.now", return_value=AT) as now:
        yield now


def page(name: str, *parts: object, **query: str) -> str:
    return reverse(name, args=[SLUG, *parts], query=query or None)


def browser(here: World, who: str) -> Client:
    return signed_in(here.people[who], code=True)


def names(html: str) -> list[str]:
    """The entries of a list, in order."""
    return re.findall(r'<h3><a href="[^"]*directory/\d+/">([^<]+)</a>', html)


def boxes(**more: Any) -> dict[str, Any]:
    return {"expertise": ["reading"], "formats": ["visits"], "half_days": "6", "says": "Early reading.", "published": "on"} | more


def three(here: World) -> None:
    """A person for reading, a school for mathematics and a trust for both, each from somewhere else."""
    supporter(here, "Sol Carr", designations=["system-leader"], school_id="990003")
    supporter(here, "Fernhollow Primary School", kind="school", school_id=OWN, expertise=["mathematics"], phases=["Primary"])
    supporter(here, "Waterside Trust", kind="trust", school_id=None, trust_id="T1", expertise=["reading", "mathematics"], half_days=2)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, ["Fernhollow Primary School", "Sol Carr", "Waterside Trust"]),
        ({"text": "fernhalow"}, ["Fernhollow Primary School"]),
        ({"text": "mathmatics"}, ["Fernhollow Primary School", "Waterside Trust"]),
        ({"text": "carr reading"}, ["Sol Carr"]),
        ({"text": "zebra"}, []),
        ({"theme": "reading"}, ["Sol Carr", "Waterside Trust"]),
        ({"phase": "Secondary"}, ["Sol Carr", "Waterside Trust"]),
        ({"kind": "trust"}, ["Waterside Trust"]),
        ({"designation": "system-leader"}, ["Sol Carr"]),
        ({"format": "coaching", "days": "4"}, ["Fernhollow Primary School", "Sol Carr"]),
        ({"near": OWN, "within": "5"}, ["Fernhollow Primary School"]),
        ({"near": OWN, "within": "nonsense"}, ["Fernhollow Primary School", "Sol Carr", "Waterside Trust"]),
    ],
)
def test_the_directory_is_searched_by_facets_and_words(here: World, query: dict[str, str], shown: list[str]) -> None:
    three(here)
    assert names(browser(here, "head").get(page("support-directory", **query)).content.decode()) == shown


def test_a_facet_says_how_many_it_would_show(here: World) -> None:
    three(here)
    html = browser(here, "head").get(page("support-directory", theme="reading")).content.decode()
    assert re.findall(r'<option value="(reading|mathematics)"( selected)?>([^<]+)<', html) == [
        ("reading", " selected", "Reading (2)"), ("mathematics", "", "Mathematics (2)"),
    ]  # fmt: skip
    assert re.findall(r'<option value="(?:person|school|trust)">([^<]+)<', html) == ["Person (1)", "Trust (1)"]


def test_the_map_draws_who_was_found_and_no_place_of_somebodys_own(here: World) -> None:
    three(here)
    supporter(here, "Una Fell", school_id=None, easting=399999, northing=215000)
    html = browser(here, "head").get(page("support-directory")).content.decode()
    assert (html.count("entry-map__ground"), html.count("entry-map__dot"), html.count("entry-map__own")) == (6, 2, 1)
    assert re.findall(r"<title>(\d\. [^<]+)</title>", html) == ["1. Fernhollow Primary School", "2. Sol Carr"]


def test_whoever_nothing_vouches_for_is_shown_to_the_keeper_and_to_themselves(here: World) -> None:
    supporter(here, "Sol Carr", person=here.people["system leader"], assure=False)
    supporter(here, "Una Fell")
    told = {
        who: "Sol Carr</a></span>" in browser(here, who).get(page("support-directory")).content.decode()
        for who in ("manager", "system leader", "head", "broker")
    }
    assert told == {"manager": True, "system leader": True, "head": False, "broker": False}
    own = browser(here, "system leader").get(page("support-offer", Supporter.objects.get(name="Sol Carr").pk)).content.decode()
    assert "You stand in no shortlist and no school finds you" in own


def test_many_entries_ask_no_more_queries_than_few(here: World) -> None:
    supporter(here, "Nan Ash")
    client = browser(here, "head")
    counts = []
    for _ in range(2):
        client.get(page("support-directory"))
        with CaptureQueriesContext(connection) as seen:
            client.get(page("support-directory"))
        counts.append(len(seen))
        for number in range(60):
            supporter(here, f"Somebody {number}")
    assert (counts[0] == counts[1], counts[1] <= 22) == (True, True), counts


def test_what_a_school_offers_after_its_peer_review_stands_beside(here: World) -> None:
    reviewed = review(reviewing_in(here), until=State.CLOSED)
    ExcellenceOffer.objects.create(review=reviewed, theme="reading", words="Come and hear us read.", offered_at=AT)
    supporter(here)
    shown = browser(here, "other head").get(page("support-directory")).content.decode()
    hidden = browser(here, "other head").get(page("support-directory", theme="mathematics")).content.decode()
    assert ("Come and hear us read." in shown, "Come and hear us read." in hidden) == (True, False)
    ExcellenceOffer.objects.update(withdrawn_at=AT)
    assert "Come and hear us read." not in browser(here, "other head").get(page("support-directory")).content.decode()


def reviewing_in(here: World) -> World:
    """The same county with the people of a review."""
    for who, known in (("lead", "other head"), ("second", "system leader"), ("champion", "reviewer")):
        here.people[who], here.viewers[who] = here.people[known], here.viewers[known]
    return here


def test_somebody_puts_themselves_in_changes_it_and_leaves(here: World) -> None:
    client = browser(here, "school leader")
    assert "Fernhollow Primary School" in client.get(page("support-yours")).content.decode()
    assert client.post(page("support-yours"), boxes()).status_code == 302
    row = Supporter.objects.get()
    assert (row.name, row.kind, row.school_id, row.published, row.years.get().half_days_offered) == (
        "Sia Brook", "person", OWN, True, 6,
    )  # fmt: skip
    wrong = client.post(page("support-offer-change", row.pk), boxes(version="1", expertise=[], says="Kept words."))
    assert (wrong.status_code, "Kept words." in wrong.content.decode()) == (422, True)
    assert client.post(page("support-offer-change", row.pk), boxes(version="1", half_days="9")).status_code == 302
    assert CapacityYear.objects.get().half_days_offered == 9
    late = client.post(page("support-offer-change", row.pk), boxes(version="1", says="Later."))
    assert (late.status_code, 'name="version" value="2"' in late.content.decode()) == (422, True)
    assert client.post(page("support-offer-leave", row.pk)).status_code == 302
    assert Supporter.objects.get().until_on == AT.date()


def test_a_head_puts_the_school_in(here: World) -> None:
    client = browser(here, "head")
    assert 'name="as" value="school"' in client.get(f"{page('support-yours')}?as=school").content.decode()
    assert client.post(page("support-yours"), boxes(**{"as": "school"})).status_code == 302
    assert list(Supporter.objects.values_list("kind", "name", "person")) == [("school", "Fernhollow Primary School", None)]


def test_the_keeper_puts_somebody_in_vouches_designates_and_withdraws(here: World) -> None:
    client = browser(here, "manager")
    assert client.get(page("support-directory-add")).status_code == 200
    nobody = client.post(page("support-directory-add"), boxes(kind="person"))
    assert (nobody.status_code, "Choose somebody whom the partnership knows" in nobody.content.decode()) == (422, True)
    who = str(here.people["system leader"].pk)
    done = client.post(page("support-directory-add"), boxes(kind="person", person=who, school="990003"))
    row = Supporter.objects.get()
    assert (done.status_code, done.headers["Location"]) == (302, page("support-offer", row.pk))
    early = {"kind": "reference", "assurer": "A school", "source": "A letter", "assured_on": "2027-01-01"}
    assert client.post(page("support-vouch", row.pk), early).status_code == 422
    assert client.post(page("support-vouch", row.pk), early | {"assured_on": "2026-09-01"}).status_code == 302
    evidence = Assurance.objects.get()
    assert client.post(page("support-designations"), {"name": "Reading lead", "says": "Seen at work"}).status_code == 302
    own = LocalDesignation.objects.get().key
    assert client.post(page("support-designate", row.pk), {"given": [own]}).status_code == 302
    assert "Reading lead, " in client.get(page("support-offer", row.pk)).content.decode()
    assert client.post(page("support-vouch-withdraw", row.pk, evidence.pk), {"why": "Moved on."}).status_code == 302
    assert client.get(page("support-vouch-withdraw", row.pk, evidence.pk)).status_code == 404
    assert "Moved on." not in client.get(page("support-offer", row.pk)).content.decode()


def test_what_is_declared_stands_on_a_page_of_its_own(here: World) -> None:
    row = supporter(here, "Sol Carr", person=here.people["system leader"])
    client = browser(here, "system leader")
    sent = {"urn": OTHER, "kind": "family", "until_on": ""}
    assert client.post(page("support-private", row.pk), sent).status_code == 302
    assert client.post(page("support-private", row.pk), sent | {"urn": OWN, "until_on": "2020-01-01"}).status_code == 422
    interest = StandingInterest.objects.get()
    assert "Family or friends work or learn there" in client.get(page("support-private", row.pk)).content.decode()
    for who in ("manager", "head", "broker"):
        other = browser(here, who)
        assert [other.get(page("support-private", row.pk)).status_code, other.post(page("support-private", row.pk), sent).status_code] == [
            404, 404,
        ]  # fmt: skip
        assert other.post(page("support-private-end", row.pk, interest.pk)).status_code == 404
    assert client.post(page("support-private-end", row.pk, interest.pk)).status_code == 302
    assert (StandingInterest.objects.count(), client.get(page("support-private-end", row.pk, interest.pk)).status_code) == (0, 404)


def test_an_entry_tells_days_and_evidence(here: World) -> None:
    row = supporter(here, "Sol Carr", half_days=5, formats=["hosting"], reach_km=12)
    html = browser(here, "head").get(page("support-offer", row.pk)).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    wanted = ("You come to us", "as far as 12 km, about 8 km from you", "2½ days left of 2½ days", "counts until 12 January 2028")
    assert [each for each in wanted if each not in text] == []
    assert browser(here, "head").get(page("support-offer", 0)).status_code == 404


def test_a_long_list_is_told_in_pages_that_keep_what_was_asked(here: World) -> None:
    for number in range(45):
        supporter(here, f"Somebody {number:02}")
    html = browser(here, "head").get(page("support-directory", theme="reading", page="2")).content.decode()
    assert names(html) == [f"Somebody {number}" for number in range(40, 45)]
    assert re.findall(r"<title>(\d+)\. Somebody", html) == ["41"]
    assert "?theme=reading&amp;page=1" in html


def ended(here: World, row: Supporter, *met: str, school: str = "", on: date = date(2026, 9, 30)) -> None:
    """Packages that ended, and how: each at another school, the first at one's own, where no school is named."""
    for number, each in enumerate(met, 1):
        Package.objects.create(
            partnership=here.partnership, school_id=school or f"99000{number}", supporter=row, title="Reading", workflow={},
            workflow_key="lifecycle", workflow_version=1, state="closed", kind="ended", status="ended", opened_on=AT.date(),
            since_on=AT.date(), ended_on=on,
            met=each,
        )  # fmt: skip


TOLD = r"<p>(In [^<]+ of the schools [^<]+)</p>"


def test_past_packages_are_told_as_a_part_of_five_schools(here: World) -> None:
    row = supporter(here, "Sol Carr")
    client = browser(here, "other head")
    ended(here, row, "met", "stopped", "met", "partly")
    ended(here, row, "met", on=AT.date())  # this month: two looks in a month never differ
    assert "Earlier support" not in client.get(page("support-offer", row.pk)).content.decode()
    ended(here, row, "", school="990006")
    assert "Earlier support" not in client.get(page("support-offer", row.pk)).content.decode()
    ended(here, row, "stopped", school="990005")
    html = client.get(page("support-offer", row.pk)).content.decode()
    assert re.findall(TOLD, html) == [
        "In a half or more of the schools that they supported, what was agreed came about, in full or in part."
    ]  # fmt: skip
    assert outcomes(row.pk, viewer=here["somebody with no post"], at=AT) == Part()


def test_of_each_school_the_newest_package_alone_counts(here: World) -> None:
    row = supporter(here, "Sol Carr")
    ended(here, row, "met", "met", "met", "stopped", "stopped")
    before = outcomes(row.pk, viewer=here["head"], at=AT)
    ended(here, row, "not-met")  # at the first school, which had one that came about
    assert (before.says, outcomes(row.pk, viewer=here["head"], at=AT).says) == ("a half or more", "fewer than a half")


def test_what_could_be_said_of_effect_is_told_as_a_part_of_five_schools(here: World) -> None:
    row = supporter(here, "Sol Carr")
    client = browser(here, "other head")
    four = {"1": "within chance", "2": "better than expected", "3": "worse than expected", "4": "within chance", "6": "too early"}
    for read, told in (
        (four, []),
        (four | {"5": "within chance"}, ["In fewer than a half of the schools that could be measured, more came about than was expected."]),
    ):
        with patch("convenor.support.queries.directory.verdicts_by_supporter", return_value={row.pk: read}):
            html = client.get(page("support-offer", row.pk)).content.decode()
        assert re.findall(TOLD, html) == told


def test_a_lesson_stands_there_once_both_sides_agreed_to_its_words(here: World) -> None:
    row = supporter(here, "Sol Carr")
    ended(here, row, "met")
    who = {"package": Package.objects.get(), "moment": "end", "at": AT, "by": here.people["head"]}
    Evaluation.objects.create(side="receiving", lesson="Begin with one class.", lesson_shared=True, **who)
    mine = Evaluation.objects.create(side="supplying", lesson="Begin with one class.", lesson_shared=False, **who)
    client = browser(here, "other head")
    shown = []
    for shared in (False, True):
        Evaluation.objects.filter(pk=mine.pk).update(lesson_shared=shared)
        pages = (page("support-directory"), page("support-offer", row.pk), page("support-directory", text="one class"))
        shown.append(["Begin with one class." in client.get(each).content.decode() for each in pages])
    assert shown == [[False, False, False], [True, True, True]]
    assert "Begin with one class." not in client.get(page("support-directory", theme="science")).content.decode()


def test_the_keeper_follows_a_school_that_has_closed(here: World) -> None:
    row = supporter(here, "Sol Carr")
    client = browser(here, "manager")
    assert client.get(page("support-offer-follow", row.pk)).status_code == 404
    School.objects.filter(urn="990003").update(status="closed")
    assert "Their school has closed" in client.get(page("support-directory")).content.decode()
    assert "Follow it" in client.get(page("support-offer", row.pk)).content.decode()
    assert browser(here, "head").get(page("support-offer", row.pk)).status_code == 404
    assert client.get(page("support-offer-follow", row.pk)).status_code == 200
    assert client.post(page("support-offer-follow", row.pk)).headers["Location"] == page("support-directory")
    assert Supporter.objects.get().until_on == AT.date()
