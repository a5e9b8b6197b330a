"""The law of access, held by what it says."""

import pytest

from convenor.partnership.gate import ANYONE, Holding, NotAllowed, PartnershipHere, Viewer, allow
from convenor.partnership.roles import GIVEN_BY_SCHOOL, ROLES, SEAT_ROLES, HeldAt, Permission, role_of_seat

HERE = PartnershipHere(1, "fernshire", "Fernshire Education Partnership")


def holding(role: str, **more: object) -> Holding:
    return Holding(role, ROLES[role].name, 1, "fernshire", **more)  # type: ignore[arg-type]


def viewer(*held: Holding) -> Viewer:
    return Viewer(7, "Ada Example", HERE, held)


def test_every_role_says_what_it_is() -> None:
    silent = [key for key, role in ROLES.items() if not (role.name and role.says.endswith(".") and role.permissions and role.key == key)]
    assert silent == []


def test_every_permission_is_carried_by_some_role() -> None:
    carried = frozenset().union(*(role.permissions for role in ROLES.values()))
    assert carried == frozenset(Permission)


def test_only_a_schools_own_people_open_its_record() -> None:
    openers = {key for key, role in ROLES.items() if Permission.SCHOOL_RECORD_SEE in role.permissions}
    assert openers == {"head", "school-leader", "chair-of-governors", "trust-lead"}
    assert {ROLES[key].held_at for key in openers} == {HeldAt.SCHOOL, HeldAt.TRUST}


def test_the_school_office_acts_without_opening_confidential_pages() -> None:
    office = ROLES["school-office"].permissions
    assert (Permission.SCHOOL_ACT in office, Permission.SCHOOL_RECORD_SEE in office) == (True, False)


def test_board_members_see_aggregates_only() -> None:
    named = {Permission.ENGAGEMENT_FOLLOW_UP, Permission.SCHOOL_RECORD_SEE, Permission.JOURNAL_SEE, Permission.ENGAGEMENT_RECORD}
    assert ROLES["board-member"].permissions & named == frozenset()


def test_an_auditor_changes_nothing() -> None:
    assert ROLES["auditor"].permissions == {
        Permission.PARTNERSHIP_SEE, Permission.REPRESENTATION_SEE, Permission.ENGAGEMENT_SEE, Permission.JOURNAL_SEE, Permission.FUND_SEE,
        Permission.EARLY_TOTALS_SEE, Permission.REVIEW_TOTALS_SEE, Permission.SUPPORT_TOTALS_SEE, Permission.CONDITIONS_SEE,
    }  # fmt: skip


def test_those_who_change_or_watch_much_need_a_second_factor() -> None:
    assert {key for key, role in ROLES.items() if role.second_factor} == {"manager", "auditor", "officer", "regional-link", "broker"}


def test_posts_that_a_school_gives_are_held_at_a_school() -> None:
    assert {ROLES[key].held_at for key in GIVEN_BY_SCHOOL} == {HeldAt.SCHOOL}
    assert {ROLES[key].held_at for key in SEAT_ROLES} == {HeldAt.BODY}


@pytest.mark.parametrize(
    ("part", "hue", "role"),
    [
        ("chair", "board", "board-member"), ("observer", "board", "board-member"), ("lead", "cluster", "cluster-lead"),
        ("chair", "alliance", "alliance-lead"), ("co-chair", "alliance", "alliance-lead"), ("member", "alliance", "body-member"),
        ("clerk", "cluster", "body-member"),
    ],
)  # fmt: skip
def test_a_seat_brings_its_role(part: str, hue: str, role: str) -> None:
    assert role_of_seat(part, hue) == role


def test_a_role_reaches_only_its_own_school() -> None:
    head = viewer(holding("head", urn="990001", urns=("990001",)))
    assert head.may(Permission.SCHOOL_RECORD_SEE, urn="990001") is True
    assert head.may(Permission.SCHOOL_RECORD_SEE, urn="990002") is False
    assert head.may(Permission.SCHOOL_RECORD_SEE) is True


def test_a_role_reaches_only_its_own_body() -> None:
    lead = viewer(holding("cluster-lead", body_id=5))
    assert [lead.may(Permission.BODY_LEAD, body_id=each) for each in (5, 6)] == [True, False]
    assert lead.may(Permission.ENGAGEMENT_FOLLOW_UP, urn="990001") is False


def test_a_post_of_the_partnership_reaches_all_of_it() -> None:
    manager = viewer(holding("manager"))
    assert manager.may(Permission.BODY_LEAD, body_id=6) is True


def test_anyone_may_nothing() -> None:
    assert [each for each in Permission if ANYONE.may(each)] == []
    assert (ANYONE.signed_in, ANYONE.urns, ANYONE.journal_of) == (False, (), "")


def test_the_journal_names_somebody_by_post_and_place() -> None:
    head = viewer(holding("head", place="Fernhollow Primary School"))
    link = viewer(Holding("regional-link", "DfE regional director's link", 1, "fernshire", place="Fernshire"))
    assert head.label == "Ada Example, headteacher, Fernhollow Primary School"
    assert link.label == "Ada Example, DfE regional director's link, Fernshire"
    assert Viewer(7, "Ada Example").label == "Ada Example"


def test_an_action_is_allowed_only_in_ones_own_partnership() -> None:
    manager = viewer(holding("manager"))
    allow(manager, Permission.SEAT_FILL, partnership="fernshire")
    allow("the operator", Permission.SEAT_FILL, partnership="elsewhere")
    with pytest.raises(NotAllowed, match=r"^You cannot open a call, decide it, .* Nothing was changed\.$"):
        allow(manager, Permission.SEAT_FILL, partnership="elsewhere")
    with pytest.raises(NotAllowed):
        allow(Viewer(7, "Ada Example"), Permission.PARTNERSHIP_SEE, partnership="fernshire")
