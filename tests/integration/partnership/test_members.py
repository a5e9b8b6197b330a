"""Joining, leaving, sitting in bodies, holding posts and taking part."""

from datetime import date, timedelta

import pytest

from convenor.journal.models import Entry
from convenor.partnership.actions import give_post, join, leave, leave_post, place_in_body, record_engagement, take_out_of_body, take_post
from convenor.partnership.gate import ANYONE, NotAllowed, Viewer, viewer_for
from convenor.partnership.models import BodySchool, Engagement, Membership, Tenure
from convenor.partnership.queries import members as queries
from convenor.partnership.queries import posts
from convenor.partnership.queries.place import place_of_school
from convenor.partnership.rules.refusals import AlreadyThere, NotThere, Refused, SeatRefused, WrongDays
from convenor.registers.models import School
from tests.factories.partnership import AT, ON, SLUG, World, world

pytestmark = pytest.mark.django_db
LATER = ON + timedelta(days=30)


@pytest.fixture
def here() -> World:
    found = world()
    School.objects.create(
        urn="990099", name="Newly Built School", phase="Primary", type_name="Free schools", type_group="free school", status="open",
        authority_id="998", fictitious=True,
    )  # fmt: skip
    return found


def last() -> str:
    return Entry.objects.order_by("-id")[0].verb


def test_a_school_joins_and_sits_in_a_cluster(here: World) -> None:
    join(slug=SLUG, urn="990099", from_on=ON, by=here["manager"], at=AT)
    assert last() == "school.joined"
    with pytest.raises(AlreadyThere):
        join(slug=SLUG, urn="990099", from_on=ON, by=here["manager"], at=AT)
    place_in_body(slug=SLUG, body="south-cluster", urn="990099", from_on=ON, by=here["manager"], at=AT)
    assert last() == "school.placed"
    with pytest.raises(AlreadyThere):
        place_in_body(slug=SLUG, body="south-cluster", urn="990099", from_on=ON, by=here["manager"], at=AT)
    with pytest.raises(SeatRefused):
        place_in_body(slug=SLUG, body="north-cluster", urn="990099", from_on=ON, by=here["manager"], at=AT)
    place_in_body(slug=SLUG, body="alliance", urn="990099", from_on=ON, by=here["manager"], at=AT)
    take_out_of_body(slug=SLUG, body="south-cluster", urn="990099", until_on=LATER, by=here["manager"], at=AT)
    place_in_body(slug=SLUG, body="north-cluster", urn="990099", from_on=LATER, by=here["manager"], at=AT)
    sits = BodySchool.objects.filter(school="990099").order_by("id").values_list("body__key", "from_on", "until_on")
    assert list(sits) == [("south-cluster", ON, LATER), ("alliance", ON, None), ("north-cluster", LATER, None)]


def test_what_cannot_be_placed_is_not(here: World) -> None:
    with pytest.raises(NotThere, match="not a member"):
        place_in_body(slug=SLUG, body="south-cluster", urn="990099", from_on=ON, by=here["manager"], at=AT)
    with pytest.raises(NotThere, match="No loaded edition"):
        join(slug=SLUG, urn="123456", from_on=ON, by=here["manager"], at=AT)
    with pytest.raises(NotThere):
        take_out_of_body(slug=SLUG, body="south-cluster", urn="990001", until_on=ON, by=here["manager"], at=AT)
    with pytest.raises(WrongDays):
        take_out_of_body(slug=SLUG, body="north-cluster", urn="990001", until_on=date(2020, 1, 1), by=here["manager"], at=AT)


def test_a_school_leaves_and_its_peoples_access_ends(here: World) -> None:
    leave(slug=SLUG, urn="990001", until_on=ON, why="Moved away", by=here["head"], at=AT)
    assert Membership.objects.filter(school="990001").values_list("until_on", "left_why").get() == (ON, "Moved away")
    assert set(BodySchool.objects.filter(school="990001").values_list("until_on", flat=True)) == {ON}
    assert viewer_for(here.people["school leader"], on=ON).holdings == ()
    assert len(viewer_for(here.people["school leader"], on=ON - timedelta(days=1)).holdings) == 1
    assert last() == "school.left"
    with pytest.raises(NotThere):
        leave(slug=SLUG, urn="990001", until_on=ON, why="", by=here["manager"], at=AT)
    with pytest.raises(WrongDays):
        leave(slug=SLUG, urn="990002", until_on=date(2020, 1, 1), why="", by=here["manager"], at=AT)


def test_a_trust_leader_reaches_only_the_trusts_member_schools(here: World) -> None:
    assert viewer_for(here.people["trust lead"], on=ON).urns == ("990002", "990004")
    leave(slug=SLUG, urn="990004", until_on=ON, why="", by=here["manager"], at=AT)
    assert viewer_for(here.people["trust lead"], on=ON).urns == ("990002",)


def test_who_may_record_that_a_school_leaves(here: World) -> None:
    able = set()
    for who, viewer in here.viewers.items():
        try:
            leave(slug=SLUG, urn="990001", until_on=LATER, why="", by=viewer, at=AT)
        except NotAllowed:
            continue
        able.add(who)
        Membership.objects.filter(school="990001").update(until_on=None)
    assert able == {"manager", "head", "chair of governors"}


def test_members_are_public_and_whom_to_invite_is_the_managers(here: World) -> None:
    for who in ("head", "board member", "somebody with no post"):
        seen = queries.members(SLUG, viewer=here[who], at=AT)
        assert seen is not None
        assert (seen.total, seen.others, seen.may_admit) == (6, (), False)
    seen = queries.members(SLUG, viewer=here["manager"], at=AT)
    assert seen is not None
    assert (seen.others, [(each.name, each.schools) for each in seen.clusters]) == (
        (("990099", "Newly Built School"),), [("North cluster", 3), ("South cluster", 3)],
    )  # fmt: skip
    assert queries.members("nowhere", viewer=ANYONE, at=AT) is None


@pytest.mark.parametrize(
    ("asked", "urns"),
    [
        ({"phase": "Special"}, ["990006"]),
        ({"type_": "Academies"}, ["990002", "990004"]), ({"trust": "Waterside Trust"}, ["990002", "990004"]),
        ({"cluster": "South cluster", "phase": "Secondary"}, ["990004", "990005"]),
        ({"text": "fern"}, ["990001"]), ({"trust": "None such"}, []),
    ],
)  # fmt: skip
def test_members_are_narrowed(here: World, asked: dict[str, str], urns: list[str]) -> None:
    seen = queries.members(SLUG, viewer=ANYONE, at=AT, **asked)
    assert seen is not None
    assert [each.urn for each in seen.shown] == urns
    assert queries.member_counts(SLUG, viewer=ANYONE, at=AT).by_phase == (("Primary", 3), ("Secondary", 2), ("Special", 1))


def took_part(here: World, urn: str = "990001", **more: object) -> Engagement:
    given: dict[str, object] = {
        "slug": SLUG, "urn": urn, "kind": "attended", "what": "Conference", "on": ON, "by": here["manager"], "at": AT,
    }  # fmt: skip
    return record_engagement(**(given | more))  # type: ignore[arg-type]


def test_taking_part_is_noted_once_for_one_source(here: World) -> None:
    rows = [took_part(here, source="conference-1", by="the system") for _ in range(2)]
    took_part(here), took_part(here)
    assert (rows[0], Engagement.objects.count()) == (rows[1], 3)
    assert Entry.objects.filter(verb="school.attended", urn="990001").count() == 3


def test_what_is_no_taking_part_is_not_noted(here: World) -> None:
    for more, error in (
        ({"kind": "signed in"}, NotThere), ({"on": ON + timedelta(days=1)}, WrongDays), ({"urn": "990099"}, NotThere),
        ({"by": here["head"]}, NotAllowed), ({"by": here["cluster lead"], "urn": "990005"}, NotAllowed),
    ):  # fmt: skip
        with pytest.raises(error):
            took_part(here, **more)  # type: ignore[arg-type]
    took_part(here, by=here["cluster lead"])
    assert Engagement.objects.count() == 1


def test_not_yet_heard_from_is_told_only_to_those_who_invite(here: World) -> None:
    took_part(here, "990001")
    seen = {who: queries.engagement(SLUG, viewer=viewer, at=AT) for who, viewer in here.viewers.items()}
    named = {who: sorted(each.urn for each in page.not_heard) for who, page in seen.items() if page and page.not_heard}
    assert named == {"manager": ["990002", "990003", "990004", "990005", "990006"], "cluster lead": ["990002", "990003"]}
    assert {who for who, page in seen.items() if page and page.exact} == {"manager"}
    board = seen["board member"]
    assert board is not None
    assert [(each.name, each.took_part, each.rounded) for each in board.by_phase.groups] == [("3 groups too small to tell apart", 0, True)]
    assert seen["other head"] is None


def test_engagement_counts_only_those_who_belong_in_the_twelve_months(here: World) -> None:
    took_part(here, "990001", on=ON - timedelta(days=30))
    Engagement.objects.update(on=ON - timedelta(days=400))
    seen = queries.engagement(SLUG, viewer=here["manager"], at=AT)
    assert seen is not None
    assert (seen.took_part, seen.schools, len(seen.not_heard)) == (0, 6, 6)


def test_schools_to_note_are_those_one_leads(here: World) -> None:
    led = {who: len(queries.schools_to_note(SLUG, viewer=viewer, at=AT)) for who, viewer in here.viewers.items()}
    assert {who: number for who, number in led.items() if number} == {"manager": 6, "cluster lead": 3}


def test_the_board_is_set_beside_its_schools(here: World) -> None:
    seen = queries.representation(SLUG, viewer=here["head"], at=AT, body="board")
    assert seen is not None
    assert (seen.body_name, seen.standing.seats, seen.standing.other_seats, seen.standing.schools) == ("Strategic Board", 2, 1, 6)
    assert seen.trust_names == {"T1": "Waterside Trust"}
    assert queries.representation(SLUG, viewer=here["somebody with no post"], at=AT) is None
    assert queries.representation("elsewhere", viewer=here["head"], at=AT) is None


def test_the_place_of_a_school_names_its_people_to_members_alone(here: World) -> None:
    places = {who: place_of_school("990001", viewer=viewer, at=AT)[0] for who, viewer in here.viewers.items()}
    assert {tuple(each.name for each in place.bodies) for place in places.values()} == {("North cluster",)}
    assert places["somebody with no post"].people == ()
    assert [each.title for each in places["other head"].people] == ["Primary headteachers"]
    assert len(places["school leader"].people) == 6
    assert place_of_school("990099", viewer=ANYONE, at=AT) == []


def test_a_post_is_taken_and_left(here: World) -> None:
    row = take_post(
        slug=SLUG, role="head", title="Interim headteacher", person_id=here.people["reviewer"].pk, urn="990003", acting=True, from_on=ON,
        by=here["manager"], at=AT,
    )  # fmt: skip
    viewer = viewer_for(here.people["reviewer"], on=ON)
    assert [(each.role, each.acting) for each in viewer.holdings] == [("reviewer", False), ("head", True)]
    leave_post(slug=SLUG, tenure_id=row.pk, until_on=LATER, hand_over="Keys are in the office.", by=here["manager"], at=AT)
    assert [each.role for each in viewer_for(here.people["reviewer"], on=LATER).holdings] == ["reviewer"]
    with pytest.raises(AlreadyThere):
        leave_post(slug=SLUG, tenure_id=row.pk, until_on=LATER, by=here["manager"], at=AT)
    with pytest.raises(WrongDays):
        leave_post(slug=SLUG, tenure_id=row.pk, until_on=ON - timedelta(days=1), by=here["manager"], at=AT)
    with pytest.raises(NotThere):
        leave_post(slug=SLUG, tenure_id=0, until_on=LATER, by=here["manager"], at=AT)
    assert Tenure.objects.get(pk=row.pk).hand_over == "Keys are in the office."


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"role": "king"}, NotThere), ({"urn": ""}, NotThere), ({"urn": "123456"}, NotThere), ({"trust_uid": "T1"}, NotThere),
        ({"person_id": 0}, NotThere), ({"until_on": ON}, WrongDays), ({"role": "trust-lead", "urn": "", "trust_uid": "none"}, NotThere),
        ({"role": "cluster-lead", "urn": "", "body": "none"}, NotThere), ({"role": "manager"}, NotThere),
        ({"role": "officer", "urn": "", "authority_code": "000"}, NotThere),
    ],
)  # fmt: skip
def test_a_post_that_cannot_be_given_is_not(here: World, more: dict[str, object], error: type[Exception]) -> None:
    given: dict[str, object] = {
        "slug": SLUG, "role": "head", "title": "Head", "person_id": here.people["reviewer"].pk, "urn": "990003", "from_on": ON,
        "by": here["manager"], "at": AT,
    }  # fmt: skip
    with pytest.raises(error):
        take_post(**(given | more))  # type: ignore[arg-type]


def test_nobody_holds_one_post_twice_at_a_time(here: World) -> None:
    with pytest.raises(AlreadyThere):
        take_post(
            slug=SLUG,
            role="head",
            title="Headteacher",
            person_id=here.people["head"].pk,
            urn="990001",
            from_on=ON,
            by=here["manager"],
            at=AT,
        )


def test_a_head_opens_the_schools_pages_to_a_deputy_and_to_nobody_elses(here: World) -> None:
    def give(by: Viewer, role: str, urn: str) -> None:
        give_post(slug=SLUG, role=role, title="", name="Sky Fresh", email="", person_id=None, urn=urn, from_on=ON, by=by, at=AT)

    give(here["head"], "school-leader", "990001")
    for by, role, urn in (("head", "head", "990001"), ("head", "school-leader", "990002"), ("school office", "clerk", "990001")):
        with pytest.raises(NotAllowed):
            give(here[by], role, urn)
    assert Tenure.objects.filter(person__name="Sky Fresh").count() == 1


def test_a_post_is_given_to_somebody_new_or_not_at_all(here: World) -> None:
    def give(name: str, email: str) -> None:
        give_post(slug=SLUG, role="reviewer", title="", name=name, email=email, person_id=None, from_on=ON, by=here["manager"], at=AT)

    give("Sky Fresh", "sky@example.org")
    with pytest.raises(Refused):
        give("Another", "sky@example.org")
    known = {who: posts.person_with("SKY@example.org", viewer=here[who]) is not None for who in ("manager", "head")}
    assert known == {"manager": True, "head": False}


def test_posts_are_listed_for_those_who_give_them(here: World) -> None:
    listed = {who: len(posts.posts(SLUG, viewer=viewer, at=AT)) for who, viewer in here.viewers.items()}
    assert {who: number for who, number in listed.items() if number} == {"manager": 16}
    assert [each.name for each in posts.posts(SLUG, viewer=here["manager"], at=AT, text="clerk")] == ["Cass Wood"]
    row = Tenure.objects.get(person__name="Cass Wood")
    assert posts.tenure(SLUG, row.pk, viewer=here["head"], at=AT) is None
    assert posts.places(SLUG, viewer=here["head"], at=AT) == {}
    assert {kind: len(found) for kind, found in posts.places(SLUG, viewer=here["manager"], at=AT).items()} == {
        "school": 6, "trust": 1, "body": 4, "authority": 1
    }  # fmt: skip
