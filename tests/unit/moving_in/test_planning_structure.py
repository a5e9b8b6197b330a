"""Clusters, seats and the constitution that comes of them: what stands is kept, terms stay within it, and it is sound."""

from __future__ import annotations

from datetime import date

import pytest

from convenor.moving_in.rules.constitution import key_from, part_of, problems_of
from convenor.moving_in.rules.kinds import Kind
from convenor.moving_in.rules.planning_work import Plan
from convenor.partnership.rules.constitution import Appointment, Body, Constitution, Member
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.writing import to_toml
from tests.factories.fernshire import file
from tests.factories.planned import ON, asked, changes, left, planned, sheet, standing

FERNHOLLOW, ASHWATER = {"urn": "990001", "school": "Fernhollow Primary"}, {"urn": "990002", "school": "Ashwater Primary"}


def constitution(found: Plan) -> Constitution:
    """The constitution of a plan, written and read again, which keeps its own rules."""
    made = found.work.constitution
    assert made is not None
    assert problems_of(standing().constitution, made, ON) == ()
    assert parse(to_toml(made)) == made
    return made


def body(made: Constitution, name: str) -> Body:
    return next(each for each in made.bodies if each.name == name)


def test_schools_are_placed_in_clusters_new_and_old() -> None:
    found = planned(sheet(Kind.CLUSTERS, {**FERNHOLLOW, "cluster": "North"}, {**ASHWATER, "cluster": "The Vale", "alliance": "East"}))
    made = constitution(found)
    vale = body(made, "The Vale")
    assert (vale.kind, vale.tier, vale.reports_to) == ("cluster", "clusters", body(made, "East").id)
    assert body(made, "East").reports_to == "board"
    assert [(each.school, each.bodies) for each in made.members] == [("990001", ("north-cluster",)), ("990002", (vale.id,))]
    assert changes(found) == [
        ("clusters", "new", "Alliance East", "", "reports to Strategic Board"),
        ("clusters", "new", "Cluster The Vale", "", "reports to East"),
        ("clusters", "new", "Fernhollow Primary School", "", "North cluster"),
        ("clusters", "new", "Ashwater Primary School", "", "The Vale"),
    ]


def test_a_school_that_moves_keeps_its_other_bodies_and_its_history() -> None:
    here = parse(file().replace('bodies = ["north-cluster"]', 'bodies = ["north-cluster", "alliance"]', 1))
    member = next(each for each in here.members if "alliance" in each.bodies)
    found = planned(sheet(Kind.CLUSTERS, {"urn": member.school, "cluster": "South"}), constitution=here, members=frozenset({member.school}))
    made = found.work.constitution
    assert made is not None
    rows = [each for each in made.members if each.school == member.school]
    assert [(each.bodies, each.from_on, each.until_on) for each in rows] == [
        (("north-cluster", "alliance"), member.from_on, ON), (("alliance", "south-cluster"), ON, None),
    ]  # fmt: skip
    assert changes(found)[0][1:] == ("changed", member.name or "Fernhollow Primary School", "North cluster", "South cluster")


def test_a_school_that_sits_there_already_changes_nothing() -> None:
    here = parse(file())
    found = planned(sheet(Kind.CLUSTERS, {**FERNHOLLOW, "cluster": "north cluster"}), constitution=here)
    assert found.work.constitution is None
    assert changes(found) == [("clusters", "same", "Fernhollow Primary School", "", "North cluster")]


def test_a_cluster_that_is_almost_anothers_name_is_asked_about() -> None:
    found = planned(sheet(Kind.CLUSTERS, {**FERNHOLLOW, "cluster": "Nroth cluster"}))
    assert asked(found) == ["“Nroth cluster”: is it a cluster of its own?"]
    same = planned(sheet(Kind.CLUSTERS, {**FERNHOLLOW, "cluster": "Nroth cluster"}), said={"body": "north-cluster"})
    assert constitution(same).members == (Member("990001", "Fernhollow Primary School", "primary", bodies=("north-cluster",), from_on=ON),)
    own = planned(sheet(Kind.CLUSTERS, {**FERNHOLLOW, "cluster": "Nroth cluster"}), said={"body": "new"})
    assert constitution(own).members[0].bodies == ("nroth-cluster",)
    out = planned(sheet(Kind.CLUSTERS, {**FERNHOLLOW, "cluster": "Nroth cluster"}), said={"body": "leave"})
    assert (out.work.constitution, left(out)) == (None, [(2, "You said to leave “Nroth cluster” out.")])


def test_names_that_share_their_usual_words_are_not_taken_for_one_another() -> None:
    lines = [
        {"urn": urn, "cluster": f"{name} Learning Community"}
        for urn, name in (("990001", "Brookmoor"), ("990002", "Fernmoor"), ("990003", "Elmscar"), ("990004", "Elmgate"))
    ]  # fmt: skip
    found = planned(sheet(Kind.CLUSTERS, *lines))
    assert asked(found) == []


def test_a_school_in_two_clusters_is_asked_about() -> None:
    lines = [{**FERNHOLLOW, "cluster": "North"}, {**FERNHOLLOW, "cluster": "South"}]
    found = planned(sheet(Kind.CLUSTERS, *lines))
    assert asked(found) == ["Fernhollow Primary School stands in North cluster and South cluster. Which is right?"]
    said = planned(sheet(Kind.CLUSTERS, *lines), said={"clusters": "south-cluster"})
    assert constitution(said).members[0].bodies == ("south-cluster",)


def test_the_lead_of_a_cluster_takes_its_seat() -> None:
    found = planned(sheet(Kind.CLUSTERS, {**FERNHOLLOW, "cluster": "North", "lead": "Ada Example"}))
    made = constitution(found)
    assert made.appointments == (Appointment("north-cluster", "lead", "Ada Example"),)
    assert [name for name, _ in found.work.seated] == ["Ada Example"]


SEAT = {"body": "Strategic Board", "seat": "Independent chair", "name": "Una Vale", "from": "01/09/2026", "until": "31/08/2028"}


def test_somebody_takes_a_seat_until_the_day_after_the_last() -> None:
    found = planned(sheet(Kind.SEATS, SEAT))
    made = constitution(found)
    assert made.appointments == (Appointment("board", "chair", "Una Vale", date(2026, 9, 1), date(2028, 9, 1)),)
    words = "Una Vale, Independent chair, Strategic Board"
    assert changes(found) == [("seats", "new", words, "", "from 01/09/2026 until 01/09/2028")]
    again = planned(sheet(Kind.SEATS, SEAT), constitution=made)
    assert (again.work.constitution, changes(again)[0][1]) == (None, "same")


def test_a_term_told_in_years_ends_so_long_after_it_began() -> None:
    found = planned(sheet(Kind.SEATS, {**SEAT, "until": "", "term": "2 years"}))
    assert constitution(found).appointments[0].until_on == date(2028, 9, 1)


def test_a_term_from_before_the_constitution_counts_from_its_beginning() -> None:
    found = planned(sheet(Kind.SEATS, {**SEAT, "from": "01/09/2023", "until": "31/08/2027"}))
    assert constitution(found).appointments[0].from_on == date(2025, 9, 1)
    over = planned(sheet(Kind.SEATS, {**SEAT, "from": "01/09/2021", "until": "31/08/2023"}))
    assert left(over) == [(2, "It ended before 01/09/2025, when the constitution begins to tell who sits where.")]


def test_more_holders_than_places_are_asked_about() -> None:
    heads = [
        {"body": "Board", "seat": "Primary headteachers", "name": name, "urn": urn, "from": "2026-09-01"}
        for name, urn in (("Ada Example", "990001"), ("Bo Bell", "990002"), ("Cy Cole", "990003"))
    ]  # fmt: skip
    heads = [{**each, "body": "Strategic Board"} for each in heads]
    found = planned(sheet(Kind.SEATS, *heads))
    assert asked(found) == [
        "Primary headteachers of Strategic Board has 1 or 2 in the constitution, and 3 would hold it: Ada Example, Bo Bell, Cy Cole. "
        "What is right?"
    ]
    wide = constitution(planned(sheet(Kind.SEATS, *heads), said={"seat-room": "widen"}))
    assert len(wide.appointments) == 3
    out = planned(sheet(Kind.SEATS, *heads), said={"seat-room": "leave"})
    assert len(left(out)) == 3


def test_a_body_that_the_constitution_does_not_have_is_asked_about() -> None:
    line = {"body": "Finance Panel", "seat": "Chair", "name": "Una Vale", "from": "2026-09-01"}
    found = planned(sheet(Kind.SEATS, line))
    assert asked(found) == ["The constitution has no body called “Finance Panel”. What is it?"]
    made = constitution(planned(sheet(Kind.SEATS, line), said={"body": "new-panel"}))
    panel = body(made, "Finance Panel")
    assert (panel.kind, panel.from_on, [each.title for each in panel.seats]) == ("panel", date(2026, 9, 1), ["Chair"])
    out = planned(sheet(Kind.SEATS, line), said={"body": "leave"})
    assert left(out) == [(2, "You said to leave “Finance Panel” out.")]


def test_seats_of_a_sheet_without_bodies_are_asked_of_once() -> None:
    lines = [{"seat": "Independent chair", "name": "Una Vale"}, {"seat": "Observer", "name": "Bo Bell"}]
    found = planned(sheet(Kind.SEATS, *lines))
    assert asked(found) == ["On which body are the seats of “Sheet1”?"]
    made = constitution(planned(sheet(Kind.SEATS, *lines), said={"sheet-body": "board"}))
    assert [(each.seat, each.person) for each in made.appointments] == [("chair", "Una Vale"), ("observer", "Bo Bell")]


def test_an_empty_seat_and_a_seat_by_right_of_office_are_left() -> None:
    office = {"body": "Strategic Board", "seat": "Alliance chairs", "name": "Una Vale"}
    found = planned(sheet(Kind.SEATS, {**SEAT, "name": "Vacant"}, office))
    assert left(found) == [
        (2, "Nobody sits there: an empty seat is told by the constitution."),
        (3, "Alliance chairs goes with an office on another body: its holder sits there without being named."),
    ]


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("Chair", "chair"), ("Co-chair", "co-chair"), ("Vice Chair", "deputy"), ("Clerk to the board", "clerk"), ("Observer", "observer"),
        ("Chair of governors", "member"), ("Cluster lead", "lead"), ("Primary head", "member"), ("LA adviser", "adviser"),
    ],
)  # fmt: skip
def test_a_seats_title_names_its_part(title: str, part: str) -> None:
    assert part_of(title) == part


def test_keys_are_made_of_names_and_told_apart() -> None:
    assert [key_from(name, ("north",)) for name in ("The Vale!", "North", "Café", "???")] == ["the-vale", "north-2", "cafe", "body"]
