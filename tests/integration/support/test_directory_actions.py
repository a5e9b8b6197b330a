"""Who stands in the directory, what vouches for them, and what they declare, which nobody else can come to read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from convenor.journal.models import Entry
from convenor.partnership.actions import take_post
from convenor.partnership.gate import NotAllowed, viewer_for
from convenor.partnership.models import Engagement, Tenure
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.registers.models import School, SchoolLink
from convenor.support.actions import directory as actions
from convenor.support.models import Assurance, CapacityYear, Package, StandingInterest, Supporter
from convenor.support.queries import directory as queries
from convenor.support.queries import supporters
from convenor.support.rules.assurance import AssuranceState
from convenor.support.rules.directory import Asked
from convenor.support.rules.entries import Offering
from convenor.support.rules.refusals import ChangedMeanwhile, Conflict, Missing, NoWords, OutOfTurn, WrongDay, WrongSum
from convenor.support.rules.states import AssuranceKind, ConflictKind, SupporterKind
from tests.factories.registers import edition
from tests.factories.support_directory import AT, ON, SLUG, YEAR, World, directory_world, supporter

pytestmark = pytest.mark.django_db
OWN, OTHER = "990001", "990005"
READING = Offering(expertise=("reading",), formats=("coaching",), says="Early reading.")


@pytest.fixture
def here() -> World:
    return directory_world()


def add(here: World, who: str = "manager", **more: Any) -> Supporter:
    given: dict[str, Any] = {
        "kind": SupporterKind.PERSON, "person_id": here.people["system leader"].pk, "urn": "990003", "offering": READING, "half_days": 20,
    }  # fmt: skip
    return actions.add_supporter(slug=SLUG, by=here[who], at=AT, **given | more)


def vouch(here: World, row: Supporter, who: str = "manager", **more: Any) -> Assurance:
    given: dict[str, Any] = {
        "kind": AssuranceKind.LOCAL_PANEL, "assurer": "The alliance", "source": "Panel of June", "assured_on": date(2026, 6, 30),
    }  # fmt: skip
    return actions.record_assurance(slug=SLUG, supporter_id=row.pk, by=here[who], at=AT, **given | more)


def found(here: World, who: str, **asked: Any) -> list[str]:
    seen = queries.directory(SLUG, viewer=here[who], at=AT, asked=Asked(**asked))
    return [each.name for each in seen.found.entries] if seen else []


def test_whoever_keeps_it_puts_somebody_in_and_records_what_vouches(here: World) -> None:
    row = add(here, given=["system-leader"])
    assert (row.name, row.school_id, row.designations, row.expertise) == ("Sol Carr", "990003", ["system-leader"], ["reading"])
    assert CapacityYear.objects.get(supporter=row).half_days_offered == 20
    assert found(here, "head") == []
    assert vouch(here, row).valid_until_on == date(2028, 6, 30)
    assert found(here, "head") == ["Sol Carr"]
    with pytest.raises(AlreadyThere, match=r"^Sol Carr is in the directory already"):
        add(here)
    verbs = Entry.objects.filter(subject_kind="supporter").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["days.offered", "supporter.added", "assurance.recorded"]


def test_every_kind_of_supporter_has_a_name_and_a_place(here: World) -> None:
    school = add(here, kind=SupporterKind.SCHOOL, person_id=None, urn=OTHER)
    trust = add(here, kind=SupporterKind.TRUST, person_id=None, urn="", trust_uid="T1")
    hub = add(here, kind=SupporterKind.HUB, person_id=None, urn="", name=" Vale  Maths Hub ", near=OWN, organisation="Vale Trust")
    alone = add(here, person_id=here.people["diocese"].pk, urn="", near=OTHER)
    assert [each.name for each in (school, trust, hub, alone)] == [
        school.school.name if school.school else "", "Waterside Trust", "Vale Maths Hub", "Dora Pell",
    ]  # fmt: skip
    assert [(each.easting, each.school_id, each.trust_id) for each in (school, trust, hub, alone)] == [
        (None, OTHER, None), (None, None, "T1"), (385000, None, None), (401000, None, None),
    ]  # fmt: skip


def test_somebody_without_a_post_for_it_gets_one_that_opens_no_record(here: World) -> None:
    clerk = here.people["clerk"]
    row = add(here, person_id=clerk.pk, urn=OWN)
    now = viewer_for(clerk, on=ON)
    assert (now.may(Permission.SUPPORT_GIVE, urn=OWN), now.sees_record(OWN), now.holds("system-leader")) == (True, False, True)
    assert supporters.interests(row.pk, viewer=now, at=AT) == ()
    add(here)
    assert Tenure.objects.filter(person=here.people["system leader"]).count() == 1


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"person_id": None}, Missing),
        ({"person_id": 0}, Missing),
        ({"urn": "123456"}, NotThere),
        ({"kind": SupporterKind.SCHOOL, "urn": ""}, Missing),
        ({"kind": SupporterKind.TRUST, "trust_uid": "T9"}, NotThere),
        ({"kind": SupporterKind.SERVICE, "name": " "}, NoWords),
        ({"offering": Offering()}, NoWords),
        ({"given": ["maths-hub"]}, NoWords),
        ({"half_days": -1}, WrongSum),
    ],
)
def test_an_entry_that_cannot_be_is_refused_and_nothing_is_kept(here: World, more: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        add(here, **more)
    assert (Supporter.objects.count(), CapacityYear.objects.count()) == (0, 0)


def test_nobody_else_keeps_the_directory(here: World) -> None:
    row = supporter(here, "Una Fell")
    evidence = Assurance.objects.get(supporter=row)
    for who in ("head", "broker", "cluster lead", "system leader", "auditor", "board member", "somebody with no post"):
        with pytest.raises(NotAllowed):
            add(here, who)
        with pytest.raises(NotAllowed):
            vouch(here, row, who)
        with pytest.raises(NotAllowed):
            actions.give_designations(slug=SLUG, supporter_id=row.pk, given=[], by=here[who], at=AT)
        with pytest.raises(NotAllowed):
            actions.withdraw_assurance(slug=SLUG, assurance_id=evidence.pk, why="No", by=here[who], at=AT)
        with pytest.raises(NotAllowed):
            actions.name_designation(slug=SLUG, name="Reading lead", says="Seen at work", by=here[who], at=AT)


def test_somebody_puts_themselves_and_their_school_in(here: World) -> None:
    row = actions.offer_support(
        slug=SLUG, kind=SupporterKind.PERSON, urn=OWN, offering=READING, half_days=10, by=here["school leader"], at=AT
    )
    school = actions.offer_support(slug=SLUG, kind=SupporterKind.SCHOOL, urn=OWN, offering=READING, half_days=4, by=here["head"], at=AT)
    assert (row.name, row.designations, school.kind, school.person_id) == ("Sia Brook", [], "school", None)
    assert Engagement.objects.filter(school_id=OWN, kind="offered").count() == 2
    seen = queries.directory(SLUG, viewer=here["school leader"], at=AT, asked=Asked())
    assert seen is not None
    assert ([each.name for each in seen.waiting], seen.found.entries) == (["Sia Brook"], ())
    for who, kind, urn in (
        ("school leader", SupporterKind.SCHOOL, OWN), ("head", SupporterKind.PERSON, OTHER), ("clerk", SupporterKind.PERSON, OWN),
        ("head", SupporterKind.HUB, OWN),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            actions.offer_support(slug=SLUG, kind=kind, urn=urn, offering=READING, half_days=1, by=here[who], at=AT)


def test_an_entry_is_changed_by_its_own_people_and_not_twice_at_once(here: World) -> None:
    row = supporter(here, "Sia Brook", school_id=OWN, person=here.people["school leader"])
    new = Offering(expertise=("writing", "latin"), phases=("Primary", "Moon"), formats=("remote",), says=" Words. ", reach_km=9)
    given: dict[str, Any] = {"slug": SLUG, "supporter_id": row.pk, "offering": new, "half_days": 8, "at": AT}
    actions.change_entry(**given, version=1, by=here["school leader"])
    row.refresh_from_db()
    assert (row.expertise, row.phases, row.formats, row.says, row.reach_km, row.published, row.version) == (
        ["writing"], ["Primary"], ["remote"], "Words.", 9, False, 2,
    )  # fmt: skip
    with pytest.raises(ChangedMeanwhile) as refused:
        actions.change_entry(**given, version=1, by=here["head"])
    assert refused.value.now == 2
    actions.change_entry(**given, version=2, by=here["manager"])
    for who in ("other head", "broker", "system leader"):
        with pytest.raises(NotAllowed):
            actions.change_entry(**given, version=3, by=here[who])
    with pytest.raises(NotThere):
        actions.change_entry(**given | {"supporter_id": 0}, version=1, by=here["manager"])


def test_nobody_vouches_for_themselves_or_their_own(here: World) -> None:
    row = supporter(here, "Mara Hollis", person=here.people["manager"], assure=False, school_id=None)
    with pytest.raises(NotAllowed, match=r"^Nobody records what vouches for themselves"):
        vouch(here, row)
    with pytest.raises(NoWords, match=r"^Nobody vouches for themselves"):
        actions.record_assurance(
            slug=SLUG, supporter_id=row.pk, kind=AssuranceKind.REFERENCE, assurer="Mara Hollis", source="Own word", assured_on=ON,
            by="an operator", at=AT,
        )  # fmt: skip
    assert Assurance.objects.count() == 0


def test_what_is_withdrawn_vouches_no_more_from_that_day(here: World) -> None:
    row = supporter(here)
    evidence = Assurance.objects.get(supporter=row)
    with pytest.raises(NoWords):
        actions.withdraw_assurance(slug=SLUG, assurance_id=evidence.pk, why=" ", by=here["manager"], at=AT)
    actions.withdraw_assurance(slug=SLUG, assurance_id=evidence.pk, why="The panel took it back.", by=here["manager"], at=AT)
    assert found(here, "head") == []
    with pytest.raises(NotThere):
        actions.withdraw_assurance(slug=SLUG, assurance_id=evidence.pk, why="Again", by=here["manager"], at=AT)
    told = [Entry.objects.get(verb="assurance.withdrawn")]
    assert [(each.why, each.detail) for each in told] == [("", {})]


def test_designations_of_the_partnership_itself(here: World) -> None:
    own = actions.name_designation(slug=SLUG, name="Fernshire reading lead", says="Seen at work by two heads", by=here["manager"], at=AT)
    assert own.key == "local-own-fernshire-reading-lead"
    row = add(here, given=[own.key, "national-leader", "nonsense"])
    assert row.designations == [own.key, "national-leader"]
    vouch(here, row)
    seen = queries.offer_here(SLUG, row.pk, viewer=here["head"], at=AT)
    assert seen is not None
    assert seen.offer.designation_names == ("Fernshire reading lead", "National leader of education (historic)")
    for name in ("fernshire reading lead", "System leader"):
        with pytest.raises(NoWords):
            actions.name_designation(slug=SLUG, name=name, says="Again", by=here["manager"], at=AT)
    with pytest.raises(AlreadyThere):
        actions.name_designation(slug=SLUG, name="Fernshire-reading lead", says="Again", by=here["manager"], at=AT)
    actions.give_designations(slug=SLUG, supporter_id=row.pk, given=["system-leader"], by=here["manager"], at=AT)
    row.refresh_from_db()
    assert (row.designations, row.version) == (["system-leader"], 2)


def test_somebody_leaves_and_what_they_declared_is_gone(here: World) -> None:
    row = supporter(here, "Sol Carr", person=here.people["system leader"])
    actions.declare_interest(slug=SLUG, supporter_id=row.pk, urn=OWN, kind=ConflictKind.FAMILY, by=here["system leader"], at=AT)
    with pytest.raises(NotAllowed):
        actions.leave_directory(slug=SLUG, supporter_id=row.pk, by=here["head"], at=AT)
    actions.leave_directory(slug=SLUG, supporter_id=row.pk, by=here["system leader"], at=AT)
    assert (StandingInterest.objects.count(), found(here, "manager")) == (0, [])
    with pytest.raises(NotThere):
        actions.leave_directory(slug=SLUG, supporter_id=row.pk, by=here["manager"], at=AT)
    assert add(here).pk != row.pk


def test_an_interest_is_read_by_nobody_but_its_own(here: World) -> None:
    row = supporter(here, "Sol Carr", person=here.people["system leader"])
    kept = actions.declare_interest(
        slug=SLUG, supporter_id=row.pk, urn=OWN, kind=ConflictKind.MONEY, until_on=date(2028, 1, 1), by=here["system leader"], at=AT
    )
    told = {who: supporters.interests(row.pk, viewer=viewer, at=AT) for who, viewer in here.viewers.items()}
    assert {who: [(each.urn, each.kind, each.until_on) for each in seen] for who, seen in told.items() if seen is not None} == {
        "system leader": [(OWN, ConflictKind.MONEY, date(2028, 1, 1))]
    }
    for who in here.viewers:
        if who != "system leader":
            with pytest.raises(NotThere):
                actions.take_back_interest(slug=SLUG, supporter_id=row.pk, interest_id=kept.pk, by=here[who], at=AT)
    assert Entry.objects.filter(verb__contains="interest").count() == 0
    with pytest.raises(NotThere):
        actions.take_back_interest(slug=SLUG, supporter_id=row.pk, interest_id=0, by=here["system leader"], at=AT)
    actions.take_back_interest(slug=SLUG, supporter_id=row.pk, interest_id=kept.pk, by=here["system leader"], at=AT)
    assert StandingInterest.objects.count() == 0


def test_a_school_declares_through_those_who_speak_for_it(here: World) -> None:
    row = supporter(here, "Fernhollow Primary School", kind="school", school_id=OWN)
    given: dict[str, Any] = {"slug": SLUG, "supporter_id": row.pk, "urn": OTHER, "kind": ConflictKind.OTHER, "at": AT}
    actions.declare_interest(**given, by=here["head"])
    seen = supporters.interests(row.pk, viewer=here["chair of governors"], at=AT)
    assert seen is not None
    assert [each.urn for each in seen] == [OTHER]
    assert supporters.interests(row.pk, viewer=here["school leader"], at=AT) is None
    with pytest.raises(AlreadyThere):
        actions.declare_interest(**given, by=here["head"])


def test_interests_that_cannot_be_and_that_end_by_themselves(here: World) -> None:
    row = supporter(here, "Sol Carr", person=here.people["system leader"])
    given: dict[str, Any] = {"slug": SLUG, "supporter_id": row.pk, "kind": ConflictKind.OTHER, "by": here["system leader"]}
    with pytest.raises(NotThere):
        actions.declare_interest(**given, urn="123456", at=AT)
    with pytest.raises(WrongDay):
        actions.declare_interest(**given, urn=OWN, until_on=ON, at=AT)
    actions.declare_interest(**given, urn=OWN, until_on=ON + timedelta(days=1), at=AT)
    later = AT + timedelta(days=2)
    assert supporters.interests(row.pk, viewer=here["system leader"], at=later) == ()
    actions.declare_interest(**given, urn=OWN, at=later)
    assert StandingInterest.objects.count() == 1


def test_an_entry_that_nothing_vouches_for_is_for_few(here: World) -> None:
    row = supporter(here, "Sol Carr", person=here.people["system leader"], school_id=OTHER, assure=False)
    seen = {who: queries.offer_here(SLUG, row.pk, viewer=viewer, at=AT) for who, viewer in here.viewers.items()}
    assert {who for who, page in seen.items() if page} == {"manager", "broker", "system leader", "other head"}
    own = seen["system leader"]
    assert own is not None
    assert (own.offer.assurance, own.may_change, own.keeps) == (AssuranceState.NONE, True, False)


def test_only_its_own_people_and_its_keeper_read_what_ended(here: World) -> None:
    row = supporter(here)
    Assurance.objects.create(
        supporter=row, kind="reference", assurer="Old Council", source="A letter", assured_on=date(2023, 1, 1),
        valid_until_on=date(2025, 1, 1), recorded_at=AT, recorded_by="the test",
    )  # fmt: skip
    told = {}
    for who in ("head", "manager"):
        page = queries.offer_here(SLUG, row.pk, viewer=here[who], at=AT)
        told[who] = [each.assurer for each in page.assurances] if page else None
    assert told == {"head": ["The alliance"], "manager": ["The alliance", "Old Council"]}
    assert CapacityYear.objects.get(supporter=row, year=YEAR).half_days_offered == 30


def closed(urn: str = "990003", *, became: str = "") -> None:
    """A school closes; the register may say what it became."""
    School.objects.filter(urn=urn).update(status="closed", closed_on=date(2026, 9, 1))
    if became:
        told_by = edition("gias-links", family="gias-links")
        SchoolLink.objects.create(edition=told_by, urn=urn, linked_urn=became, kind="Successor", established_on=date(2026, 9, 1))
        SchoolLink.objects.create(edition=told_by, urn=became, linked_urn=urn, kind="Predecessor", established_on=date(2026, 9, 1))


def test_an_entry_follows_its_school_to_what_it_became(here: World) -> None:
    row, school = supporter(here, "Sol Carr"), supporter(here, "Brookmoor", kind="school")
    with pytest.raises(OutOfTurn, match=r"^Their school stands"):
        actions.follow_supporter(slug=SLUG, supporter_id=row.pk, by=here["manager"], at=AT)
    closed(became=OTHER)
    assert (found(here, "head"), queries.offers_for_matching(viewer=here["broker"], at=AT)) == ([], [])
    with pytest.raises(NotAllowed):
        actions.follow_supporter(slug=SLUG, supporter_id=row.pk, by=here["broker"], at=AT)
    actions.follow_supporter(slug=SLUG, supporter_id=row.pk, by=here["manager"], at=AT)
    moved = actions.follow_supporter(slug=SLUG, supporter_id=school.pk, by=here["manager"], at=AT)
    assert (moved.school_id, moved.name) == (OTHER, School.objects.get(urn=OTHER).name)
    assert found(here, "head") == [moved.name, "Sol Carr"]


def test_an_entry_of_a_school_that_became_none_leaves(here: World) -> None:
    row, nobodys = supporter(here, "Sol Carr"), supporter(here, "Una Fell", school_id=None)
    closed()
    actions.follow_supporter(slug=SLUG, supporter_id=row.pk, by=here["manager"], at=AT)
    row.refresh_from_db()
    assert (row.until_on, found(here, "head")) == (ON, ["Una Fell"])
    with pytest.raises(OutOfTurn):
        actions.follow_supporter(slug=SLUG, supporter_id=nobodys.pk, by=here["manager"], at=AT)


def test_a_school_that_is_there_already_is_not_followed_twice(here: World) -> None:
    row = supporter(here, "Brookmoor", kind="school")
    supporter(here, "Dunmarsh", kind="school", school_id=OTHER)
    closed(became=OTHER)
    actions.follow_supporter(slug=SLUG, supporter_id=row.pk, by=here["manager"], at=AT)
    assert Supporter.objects.filter(kind="school", school_id=OTHER).count() == 1


@pytest.mark.parametrize("served", [OTHER, "990002"])
def test_an_entry_never_follows_into_the_house_of_a_school_that_it_supports(here: World, served: str) -> None:
    row = supporter(here, "Sol Carr")
    Package.objects.create(
        partnership=here.partnership, school_id=served, supporter=row, broker=here.people["broker"], title="Reading", workflow={},
        workflow_key="lifecycle", workflow_version=1, state="active", kind="working", status="waits", opened_on=ON, since_on=ON,
    )  # fmt: skip
    School.objects.filter(urn__in=("990002", OTHER)).update(trust_id="T1")
    closed(became=OTHER)
    with pytest.raises(Conflict, match=r"would come to be of that school, its trust or its federation"):
        actions.follow_supporter(slug=SLUG, supporter_id=row.pk, by=here["manager"], at=AT)
    row.refresh_from_db()
    assert (row.school_id, row.version) == ("990003", 1)
    Package.objects.update(ended_on=ON)
    assert actions.follow_supporter(slug=SLUG, supporter_id=row.pk, by=here["manager"], at=AT).school_id == OTHER


def test_an_entry_never_follows_into_the_organisation_of_its_broker(here: World) -> None:
    row = supporter(here, "Sol Carr")
    take_post(
        slug=SLUG, role="head", title="Headteacher", person_id=here.people["broker"].pk, urn=OTHER, from_on=date(2026, 9, 1), by="the test",
        at=AT,
    )  # fmt: skip
    Package.objects.create(
        partnership=here.partnership, school_id=OWN, supporter=row, broker=here.people["broker"], title="Reading", workflow={},
        workflow_key="lifecycle", workflow_version=1, state="active", kind="working", status="waits", opened_on=ON, since_on=ON,
    )  # fmt: skip
    closed(became=OTHER)
    with pytest.raises(Conflict, match=r"of its broker’s own organisation. Hand that package to another broker first"):
        actions.follow_supporter(slug=SLUG, supporter_id=row.pk, by=here["manager"], at=AT)
