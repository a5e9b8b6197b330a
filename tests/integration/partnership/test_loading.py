"""Loading a constitution: whole or not at all, and a restructure that keeps its history."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from convenor.accounts.models import Person
from convenor.journal.models import Entry
from convenor.partnership.actions import add_area, appoint, load_constitution, remove_area, switch_room, take_post
from convenor.partnership.gate import ANYONE, NotAllowed, viewer_for
from convenor.partnership.models import Appointment, Body, BodySchool, Constitution, Membership, Partnership, ReportingLine, Seat, Tenure
from convenor.partnership.queries.constitution import newest_version, preview, versions
from convenor.partnership.queries.structure import structure
from convenor.partnership.queries.whole import read_whole
from convenor.partnership.rules.constitution import ConstitutionError
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.partnership.rules.structure import describe
from convenor.registers.models import LocalAuthority
from tests.factories.partnership import APPOINTMENTS, AT, CONSTITUTION, ON, SLUG, file, members, schools, someone, world

pytestmark = pytest.mark.django_db
SHIPPED = sorted(Path("convenor/partnership/constitutions").glob("*.toml"))
LATER = AT + timedelta(days=30)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_constitution_reads_back_as_it_was_written(path: Path) -> None:
    text = path.read_text()
    partnership = load_constitution(text=text, by="the test", at=AT)
    whole, written = read_whole(partnership.slug, members=True), parse(text)
    assert whole is not None
    assert whole.constitution.bodies == written.bodies
    assert [describe(whole.constitution, day) for day in (ON, date(2018, 6, 1))] == [
        describe(written, day) for day in (ON, date(2018, 6, 1))
    ]
    assert (whole.constitution.caps, whole.constitution.sources, whole.constitution.tiers) == (written.caps, written.sources, written.tiers)


def test_members_and_appointments_read_back() -> None:
    world()
    whole = read_whole(SLUG, members=True)
    assert whole is not None
    assert sorted(each.school for each in whole.constitution.members) == [f"99000{n}" for n in range(1, 7)]
    assert [each.person for each in whole.constitution.appointments] == ["Idris Vale", "Ada Example", "Cora Fields", "Ben Marsh"]
    assert {each.phase for each in whole.constitution.members} == {"primary", "secondary", "special"}


def test_a_broken_file_leaves_nothing_behind() -> None:
    schools()
    broken = file() + '\n[[appointment]]\nbody = "board"\nseat = "chair"\nperson = "Second Chair"\nfrom = 2026-01-01\n'
    with pytest.raises(ConstitutionError) as refused:
        load_constitution(text=broken, by="the test", at=AT)
    assert [problem.severity.value for problem in refused.value.problems] == ["error"] * len(refused.value.problems)
    assert (Partnership.objects.count(), Person.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_schools_that_no_edition_knows_are_named() -> None:
    with pytest.raises(ConstitutionError) as refused:
        load_constitution(text=file(), by="the test", at=AT)
    assert {problem.rule for problem in refused.value.problems} == {"unknown-school"}
    assert "URN 990001" in refused.value.problems[0].message


def test_the_demonstrations_people_are_marked_as_invented() -> None:
    world()
    assert set(Person.objects.filter(appointments__isnull=False).values_list("fictitious", flat=True)) == {True}


def test_names_may_be_given_their_people() -> None:
    schools()
    idris = someone("Idris Vale")
    load_constitution(text=file(), by="the test", at=AT, people={"Idris Vale": idris.pk})
    assert Appointment.objects.get(seat__key="chair", seat__body__key="board").person == idris


def restructured() -> str:
    """The South cluster goes; the North reports to the board; the board's chair gives way to two co-chairs."""
    text = CONSTITUTION[: CONSTITUTION.index('[[body]]\nid = "south-cluster"')] + CONSTITUTION[CONSTITUTION.index("[[cap]]") :]
    text = text.replace('tier = "clusters"\nreports_to = "alliance"', 'tier = "clusters"\nreports_to = "board"')
    text = text.replace("quorum = 2", "quorum = 3")
    chair = text[text.index('[[body.seat]]\nid = "chair"\ntitle = "Independent chair"') : text.index('[[body.seat]]\nid = "primary-heads"')]
    chairs = '[[body.seat]]\nid = "co-chairs"\ntitle = "Co-chairs"\npart = "co-chair"\nplaces = "2 or 3"\nwho = ["headteacher"]\n\n'
    return text.replace(chair, chairs)


def test_a_restructure_ends_things_and_keeps_them() -> None:
    world()
    load_constitution(text=restructured(), by="the test", at=LATER)
    day = LATER.date()
    assert Body.objects.get(key="south-cluster").until_on == day
    assert set(BodySchool.objects.filter(body__key="south-cluster").values_list("until_on", flat=True)) == {day}
    assert Seat.objects.get(body__key="board", key="chair").until_on == day
    ended = Appointment.objects.get(seat__body__key="board", seat__key="chair")
    assert (ended.person.name, ended.until_on, ended.ended_why) == ("Idris Vale", day, "The seat came to its end.")
    lines = ReportingLine.objects.filter(body__key="north-cluster").order_by("id").values_list("reports_to__key", "from_on", "until_on")
    assert list(lines) == [("alliance", None, day), ("board", day, None)]
    assert Membership.objects.filter(until_on=None).count() == 6


def test_the_structure_before_a_restructure_is_still_to_be_seen() -> None:
    everyone = world()
    load_constitution(text=restructured(), by="the test", at=LATER)
    before = structure(SLUG, viewer=everyone["head"], at=ON)
    after = structure(SLUG, viewer=everyone["head"], at=LATER)
    assert before is not None
    assert after is not None
    assert [each.key for each in before.bodies] == ["board", "alliance", "north-cluster", "south-cluster"]
    assert [each.key for each in after.bodies] == ["board", "alliance", "north-cluster"]
    assert [(each.reports_to) for each in before.bodies if each.key == "north-cluster"] == ["alliance"]
    assert [(each.reports_to) for each in after.bodies if each.key == "north-cluster"] == ["board"]
    assert [each.name for each in before.bodies[0].chairs] == ["Idris Vale"]


def test_a_restructure_changes_what_its_first_version_said_of_a_body() -> None:
    world()
    load_constitution(text=restructured(), by="the test", at=LATER)
    board = Body.objects.get(key="board")
    assert (board.quorum, board.history.count()) == (3, 2)
    assert Entry.objects.get(verb="constitution.changed").detail["changes"] == [
        "body changes: Strategic Board (quorum)", "body changes: North cluster (reports to)", "body ends: South cluster",
        "seat begins: Co-chairs", "seat ends: Independent chair",
    ]  # fmt: skip


def test_a_role_that_came_with_an_ended_seat_ends_too() -> None:
    everyone = world()
    load_constitution(text=restructured(), by="the test", at=LATER)
    chair = viewer_for(everyone.people["board member"], on=LATER.date())
    assert chair.holdings == ()


def test_posts_at_an_ended_body_end() -> None:
    everyone = world()
    person = everyone.people["reviewer"]
    take_post(slug=SLUG, role="cluster-lead", title="", person_id=person.pk, body="south-cluster", from_on=ON, by="the test", at=AT)
    load_constitution(text=restructured(), by="the test", at=LATER)
    assert Tenure.objects.get(post__role="cluster-lead").until_on == LATER.date()


def test_an_earlier_constitution_may_be_taken_up_again() -> None:
    world()
    load_constitution(text=restructured(), by="the test", at=LATER)
    load_constitution(text=CONSTITUTION, by="the test", at=LATER + timedelta(days=30))
    whole = structure(SLUG, viewer=ANYONE, at=LATER + timedelta(days=31))
    assert whole is not None
    assert [each.key for each in whole.bodies] == ["board", "alliance", "north-cluster", "south-cluster"]
    assert Constitution.objects.count() == 3


def test_a_school_that_the_file_moves_leaves_its_old_cluster() -> None:
    world()
    moved = members().replace(
        '"Fernhollow Primary School"\nbodies = ["north-cluster"]', '"Fernhollow Primary School"\nbodies = ["south-cluster"]'
    )
    load_constitution(text=CONSTITUTION + moved + APPOINTMENTS + "\n# moved", by="the test", at=LATER)
    rows = BodySchool.objects.filter(school="990001").order_by("id").values_list("body__key", "until_on")
    assert list(rows) == [("north-cluster", LATER.date()), ("south-cluster", None)]


def test_a_new_version_says_what_it_would_change_first() -> None:
    everyone = world()
    seen = preview(restructured(), viewer=everyone["manager"], on=LATER.date())
    assert [str(each) for each in seen.differences if each.what == "body"] == [
        "body changes: Strategic Board (quorum)", "body changes: North cluster (reports to)", "body ends: South cluster",
    ]  # fmt: skip
    assert Body.objects.get(key="south-cluster").until_on is None


def test_a_preview_tells_a_stranger_nothing_of_the_partnership() -> None:
    everyone = world()
    seen = preview(restructured(), viewer=everyone["head"], on=LATER.date())
    assert {each.change.value for each in seen.differences} == {"begins"}


def test_only_the_manager_or_an_operator_restructures() -> None:
    everyone = world()
    with pytest.raises(NotAllowed):
        load_constitution(text=restructured(), by=everyone["head"], at=LATER)
    load_constitution(text=restructured(), by=everyone["manager"], at=LATER)
    assert Constitution.objects.order_by("-id")[0].loaded_by == "Mara Hollis, partnership manager, Fernshire Education Partnership"


def test_nobody_but_an_operator_begins_a_partnership() -> None:
    everyone = world()
    with pytest.raises(NotAllowed):
        load_constitution(text=CONSTITUTION.replace('id = "fernshire"', 'id = "mossshire"'), by=everyone["manager"], at=AT)


def test_the_published_text_names_nobody() -> None:
    everyone = world()
    newest = newest_version(SLUG, viewer=ANYONE)
    assert newest is not None
    assert parse(newest.text).bodies == parse(CONSTITUTION).bodies
    assert ("Idris Vale" in newest.text, "990001" in newest.text) == (False, False)
    outside, inside = versions(SLUG, viewer=ANYONE)[0], versions(SLUG, viewer=everyone["head"])[0]
    assert (outside.loaded_by, "Idris Vale" in outside.text) == ("", False)
    assert (inside.loaded_by, "Idris Vale" in inside.text) == ("the test", True)


def test_a_room_is_switched_off_and_on_again() -> None:
    everyone = world()
    switch_room(slug=SLUG, room="engagement", on=False, by=everyone["manager"], at=AT)
    assert Partnership.objects.get().rooms_off == ["engagement"]
    with pytest.raises(AlreadyThere):
        switch_room(slug=SLUG, room="engagement", on=False, by=everyone["manager"], at=AT)
    switch_room(slug=SLUG, room="engagement", on=True, by=everyone["manager"], at=AT)
    assert Partnership.objects.get().rooms_off == []
    with pytest.raises(NotThere):
        switch_room(slug=SLUG, room="structure", on=False, by=everyone["manager"], at=AT)
    assert list(Entry.objects.filter(subject_kind="room").order_by("id").values_list("verb", flat=True)) == ["room.closed", "room.opened"]


def test_areas_are_added_and_removed() -> None:
    everyone = world()
    LocalAuthority.objects.create(code="997", name="Mossshire")
    add_area(slug=SLUG, code="997", by=everyone["manager"], at=AT)
    with pytest.raises(AlreadyThere):
        add_area(slug=SLUG, code="997", by=everyone["manager"], at=AT)
    with pytest.raises(NotThere):
        add_area(slug=SLUG, code="996", by=everyone["manager"], at=AT)
    remove_area(slug=SLUG, code="998", by=everyone["manager"], at=AT, why="Reorganised")
    with pytest.raises(NotThere):
        remove_area(slug=SLUG, code="998", by=everyone["manager"], at=AT, why="Again")
    assert list(Partnership.objects.get().areas.values_list("code", flat=True)) == ["997"]


def test_an_abolished_authority_stands_for_those_that_took_its_place() -> None:
    for code in ("909", "942", "943"):
        LocalAuthority.objects.create(code=code, name=code)
    text = CONSTITUTION.replace('code = "998"', 'code = "909"')
    partnership = load_constitution(text=text, by="the test", at=AT)
    assert sorted(partnership.areas.values_list("code", flat=True)) == ["942", "943"]


def test_two_people_of_one_name_are_told_apart() -> None:
    everyone = world()
    other = someone("Ada Example the Second")
    Person.objects.filter(pk=other.pk).update(name="Ada Example")
    appoint(
        slug=SLUG, body="south-cluster", seat="lead", person_id=other.pk, role="headteacher", urn="990005", from_on=ON,
        by=everyone["manager"], at=AT,
    )  # fmt: skip
    seen = structure(SLUG, viewer=everyone["manager"], at=ON)
    assert seen is not None
    held = [(each.name, each.person_id) for body in seen.bodies for seat in body.seat_list for each in seat.holders if "Ada" in each.name]
    assert held == [("Ada Example", everyone.people["head"].pk), ("Ada Example", other.pk)]
