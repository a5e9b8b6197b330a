"""The register: who is on it, training, and what is declared in private, which nobody else can come to read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from convenor.journal.models import Entry
from convenor.journal.queries import entries, entries_for_school
from convenor.partnership.gate import NotAllowed, viewer_for
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.peer_review.actions import register as actions
from convenor.peer_review.models import DeclaredInterest, Objection, Reviewer, Training
from convenor.peer_review.queries import register as queries
from convenor.peer_review.rules.register import RegisterRefused, TrainingState
from convenor.peer_review.rules.states import Interest, TrainingKind
from tests.factories.review_rounds import AT, LATER, ON, SLUG, World, reviewer, rounds_world

pytestmark = pytest.mark.django_db
OWN, OTHER = "990001", "990005"


@pytest.fixture
def here() -> World:
    return rounds_world()


def train(here: World, *rows: Reviewer, kind: TrainingKind = TrainingKind.INITIAL, on: date = date(2026, 5, 4)) -> int:
    return actions.record_training(
        slug=SLUG, reviewer_ids=[each.pk for each in rows], kind=kind, trained_on=on, by_whom="The alliance", by=here["manager"], at=AT
    )


def test_somebody_goes_on_the_register_once(here: World) -> None:
    row = reviewer(here, "school leader", urn=OWN, can_lead=True, expertise=["writing", "reading", "latin"])
    assert (row.school_id, row.can_lead, row.expertise, row.easting) == (OWN, True, ["reading", "writing"], None)
    with pytest.raises(AlreadyThere, match=r"^Sia Brook is on the register already"):
        reviewer(here, "school leader", urn=OWN)
    assert list(Entry.objects.filter(verb="reviewer.added").values_list("subject_label", "urn")) == [("Sia Brook", OWN)]


def test_an_independent_reviewer_has_a_place(here: World) -> None:
    assert reviewer(here, "reviewer", near=OTHER).easting == 401000
    with pytest.raises(RegisterRefused, match=r"^Say near which school"):
        actions.add_reviewer(slug=SLUG, person_id=here.people["diocese"].pk, by=here["manager"], at=AT)
    with pytest.raises(NotThere):
        actions.add_reviewer(slug=SLUG, person_id=here.people["diocese"].pk, near="123456", by=here["manager"], at=AT)
    with pytest.raises(NotThere):
        actions.add_reviewer(slug=SLUG, person_id=0, near=OWN, by=here["manager"], at=AT)


def test_somebody_new_may_sign_in_and_offer(here: World) -> None:
    row = actions.add_new_reviewer(
        slug=SLUG, name="Ines Vale", email="ines@example.org", near=OWN, can_lead=True, by=here["manager"], at=AT
    )
    assert (row.school_id, row.can_lead, viewer_for(row.person, on=ON).label) == (
        None, True, "Ines Vale, peer reviewer, Fernshire Education Partnership",
    )  # fmt: skip
    with pytest.raises(RegisterRefused):
        actions.add_new_reviewer(slug=SLUG, name="Una Fell", email="una@example.org", by=here["manager"], at=AT)
    assert Reviewer.objects.count() == 1
    of_school = actions.add_new_reviewer(slug=SLUG, name="Una Fell", email="una@example.org", urn=OWN, by=here["manager"], at=AT)
    assert (of_school.school_id, viewer_for(of_school.person, on=ON).sees_record(OWN)) == (OWN, False)


def test_only_whoever_keeps_the_register_changes_it(here: World) -> None:
    row = reviewer(here, "school leader", urn=OWN)
    for who in ("head", "cluster lead", "alliance lead", "board member", "reviewer", "auditor", "somebody with no post"):
        with pytest.raises(NotAllowed):
            actions.add_reviewer(slug=SLUG, person_id=here.people["diocese"].pk, near=OWN, by=here[who], at=AT)
        with pytest.raises(NotAllowed):
            actions.change_reviewer(slug=SLUG, reviewer_id=row.pk, can_lead=True, can_champion=True, urn=OWN, by=here[who], at=AT)
        with pytest.raises(NotAllowed):
            actions.record_training(slug=SLUG, reviewer_ids=[row.pk], kind=TrainingKind.REFRESHER, trained_on=ON, by=here[who], at=AT)
        with pytest.raises(NotAllowed):
            actions.end_reviewer(slug=SLUG, reviewer_id=row.pk, by=here[who], at=AT)
        assert queries.register(viewer=here[who], at=AT) is None
        assert queries.reviewer_on_register(row.pk, viewer=here[who], at=AT) is None


def test_somebody_puts_themselves_on_the_register_of_their_own_school(here: World) -> None:
    row = actions.join_register(slug=SLUG, urn=OTHER, by=here["other head"], at=AT)
    assert (row.school_id, row.can_lead, row.from_on) == (OTHER, False, ON)
    with pytest.raises(NotAllowed, match=r"^Choose a school at which you hold a post"):
        actions.join_register(slug=SLUG, urn=OTHER, by=here["head"], at=AT)
    with pytest.raises(NotAllowed):
        actions.join_register(slug=SLUG, urn="", near=OWN, by=here["clerk"], at=AT)
    assert queries.register(viewer=here["manager"], at=AT).reviewers[0].training is TrainingState.NONE  # type: ignore[union-attr]


def test_an_entry_is_changed(here: World) -> None:
    row = reviewer(here, "school leader", urn=OWN)
    actions.change_reviewer(slug=SLUG, reviewer_id=row.pk, can_lead=True, can_champion=True, near=OTHER, by=here["manager"], at=AT)
    row.refresh_from_db()
    assert (row.school_id, row.easting, row.can_lead) == (None, 401000, True)
    actions.change_reviewer(slug=SLUG, reviewer_id=row.pk, can_lead=False, can_champion=False, urn=OWN, by=here["manager"], at=AT)
    row.refresh_from_db()
    assert (row.school_id, row.easting, row.can_lead) == (OWN, None, False)


def test_training_is_recorded_for_several_or_for_none(here: World) -> None:
    one, two = reviewer(here, "school leader", urn=OWN, trained=False), reviewer(here, "reviewer", trained=False)
    assert train(here, one, two) == 2
    assert set(Training.objects.values_list("reviewer_id", "valid_until_on", "by_whom")) == {
        (one.pk, date(2028, 5, 4), "The alliance"), (two.pk, date(2028, 5, 4), "The alliance"),
    }  # fmt: skip
    assert queries.trained_until([one.pk, two.pk, 0], viewer=None) == {one.pk: date(2028, 5, 4), two.pk: date(2028, 5, 4)}
    three = reviewer(here, "other head", urn=OTHER, trained=False)
    with pytest.raises(RegisterRefused, match=r"^Sia Brook: That training is recorded already"):
        train(here, three, one)
    assert Training.objects.filter(reviewer=three).count() == 0
    with pytest.raises(RegisterRefused, match=r"^Choose at least one"):
        train(here)


def test_training_in_the_future_is_refused(here: World) -> None:
    row = reviewer(here, "school leader", urn=OWN, trained=False)
    with pytest.raises(RegisterRefused, match=r"^Sia Brook: That day has not come yet"):
        train(here, row, on=ON + timedelta(days=1))


def test_a_champion_is_one_by_training(here: World) -> None:
    row = reviewer(here, "school leader", urn=OWN)
    train(here, row, kind=TrainingKind.CHAMPION)
    row.refresh_from_db()
    assert (row.can_champion, queries.champion_until([row.pk], viewer=None)) == (True, {row.pk: date(2028, 5, 4)})
    train(here, row, kind=TrainingKind.CHAMPION, on=date(2026, 6, 1))


def test_the_register_says_how_training_stands(here: World) -> None:
    rows = [reviewer(here, "school leader", urn=OWN, can_lead=True), reviewer(here, "reviewer"), reviewer(here, "other head", urn=OTHER)]
    Training.objects.filter(reviewer=rows[1]).update(valid_until_on=ON + timedelta(days=30))
    Training.objects.filter(reviewer=rows[2]).update(valid_until_on=ON - timedelta(days=1))
    reviewer(here, "diocese", trained=False)
    seen = queries.register(viewer=here["manager"], at=AT)
    assert seen is not None
    assert [(each.name, each.training.value, each.independent, each.placed) for each in seen.reviewers] == [
        ("Dele Stone", "ended", False, True),
        ("Dora Pell", "not yet trained", True, True),
        ("Rae Holt", "ends soon", True, True),
        ("Sia Brook", "in date", False, True),
    ]
    assert (seen.leads, seen.counted(TrainingState.ENDED), seen.left) == (1, 1, 0)


def test_somebody_leaves_and_what_they_declared_is_gone(here: World) -> None:
    row = reviewer(here, "school leader", urn=OWN)
    actions.declare_interest(slug=SLUG, urn=OTHER, kind=Interest.FAMILY, by=here["school leader"], at=AT)
    with pytest.raises(RegisterRefused):
        actions.end_reviewer(slug=SLUG, reviewer_id=row.pk, until_on=date(2026, 1, 1), by=here["school leader"], at=AT)
    actions.end_reviewer(slug=SLUG, reviewer_id=row.pk, by=here["school leader"], at=AT)
    assert DeclaredInterest.objects.count() == 0
    seen = queries.register(viewer=here["manager"], at=AT)
    assert seen is not None
    assert (seen.reviewers, seen.left) == ((), 1)
    for gone in (actions.end_reviewer, actions.change_reviewer):
        with pytest.raises(NotThere):
            gone(
                slug=SLUG,
                reviewer_id=row.pk,
                by=here["manager"],
                at=AT,
                **({"can_lead": True, "can_champion": True} if gone is actions.change_reviewer else {}),
            )
    with pytest.raises(NotThere):
        actions.keep_own_profile(slug=SLUG, expertise=[], days_a_year=5, by=here["school leader"], at=AT)
    again = reviewer(here, "school leader", urn=OWN, trained=False)
    assert (again.pk, again.until_on) == (row.pk, None)


def test_a_reviewer_says_what_they_bring(here: World) -> None:
    row = reviewer(here, "school leader", urn=OWN)
    actions.keep_own_profile(slug=SLUG, expertise=["science"], days_a_year=6, by=here["school leader"], at=AT)
    row.refresh_from_db()
    assert (row.expertise, row.days_a_year) == (["science"], 6)
    with pytest.raises(RegisterRefused):
        actions.keep_own_profile(slug=SLUG, expertise=[], days_a_year=16, by=here["school leader"], at=AT)
    with pytest.raises(NotThere, match=r"^You are not on the register"):
        actions.keep_own_profile(slug=SLUG, expertise=[], days_a_year=5, by=here["head"], at=AT)


def test_an_interest_is_read_by_nobody_but_its_own(here: World) -> None:
    reviewer(here, "school leader", urn=OWN)
    reviewer(here, "head", urn=OWN)
    kept = actions.declare_interest(
        slug=SLUG, urn=OTHER, kind=Interest.PAID_SUPPORT, until_on=date(2028, 1, 1), by=here["school leader"], at=AT
    )  # fmt: skip
    own = queries.reviewer_me(viewer=here["school leader"], at=AT)
    assert own is not None
    assert [(each.urn, each.kind, each.until_on) for each in own.interests] == [(OTHER, Interest.PAID_SUPPORT, date(2028, 1, 1))]
    for who in here.viewers:
        if who == "school leader":
            continue
        mine = queries.reviewer_me(viewer=here[who], at=AT)
        assert mine is None or mine.interests == ()
        if mine is not None and mine.reviewer is not None:
            with pytest.raises(NotThere):
                actions.take_back_interest(slug=SLUG, interest_id=kept.pk, by=here[who], at=AT)
    assert Entry.objects.filter(verb__startswith="interest").count() == 0
    with pytest.raises(AlreadyThere):
        actions.declare_interest(slug=SLUG, urn=OTHER, kind=Interest.OTHER, by=here["school leader"], at=AT)
    actions.take_back_interest(slug=SLUG, interest_id=kept.pk, by=here["school leader"], at=AT)
    assert DeclaredInterest.objects.count() == 0


def test_an_interest_ends_by_itself_and_can_be_declared_again(here: World) -> None:
    reviewer(here, "school leader", urn=OWN)
    given = {"slug": SLUG, "urn": OTHER, "kind": Interest.OTHER, "by": here["school leader"]}
    with pytest.raises(RegisterRefused):
        actions.declare_interest(**given, until_on=ON, at=AT)  # type: ignore[arg-type]
    actions.declare_interest(**given, until_on=ON + timedelta(days=2), at=AT)  # type: ignore[arg-type]
    seen = queries.reviewer_me(viewer=here["school leader"], at=LATER)
    assert seen is not None
    assert seen.interests == ()
    actions.declare_interest(**given, at=LATER)  # type: ignore[arg-type]
    assert DeclaredInterest.objects.count() == 1
    with pytest.raises(NotThere):
        actions.declare_interest(slug=SLUG, urn="123456", kind=Interest.OTHER, by=here["school leader"], at=AT)


def test_an_objection_is_read_by_those_who_speak_for_the_school_alone(here: World) -> None:
    kept = actions.declare_objection(slug=SLUG, urn=OWN, objects_to=OTHER, by=here["head"], at=AT)
    for who in here.viewers:
        seen = queries.objections(OWN, viewer=here[who], at=AT)
        told = [each.urn for each in seen.objections] if seen else None
        assert told == ([OTHER] if who in ("head", "chair of governors") else None)
    for who in ("school leader", "manager", "other head", "cluster lead"):
        with pytest.raises(NotAllowed):
            actions.withdraw_objection(slug=SLUG, urn=OWN, objection_id=kept.pk, by=here[who], at=AT)
    with pytest.raises(NotThere):
        actions.withdraw_objection(slug=SLUG, urn=OTHER, objection_id=kept.pk, by=here["other head"], at=AT)
    actions.withdraw_objection(slug=SLUG, urn=OWN, objection_id=kept.pk, by=here["chair of governors"], at=AT)
    assert Objection.objects.get().withdrawn_at == AT


def test_the_journal_of_the_partnership_does_not_tell_of_objections(here: World) -> None:
    actions.declare_objection(slug=SLUG, urn=OWN, objects_to=OTHER, by=here["head"], at=AT)
    for who in ("manager", "auditor"):
        seen = entries(SLUG, viewer=here[who])
        assert seen is not None
        assert [each.verb for each in seen.entries if each.verb.startswith("objection")] == []
    told = Entry.objects.filter(verb="objection.declared").values_list("urn", "subject_label", "why", "detail")
    assert list(told) == [(OWN, "Fernhollow Primary School", "", {})]
    kept = {who: entries_for_school(urn, viewer=here[who]) for who, urn in (("head", OWN), ("other head", OTHER))}
    assert {who: sum(each.verb == "objection.declared" for each in rows) for who, rows in kept.items()} == {"head": 1, "other head": 0}


def test_what_cannot_be_objected_to(here: World) -> None:
    with pytest.raises(RegisterRefused):
        actions.declare_objection(slug=SLUG, urn=OWN, objects_to=OWN, by=here["head"], at=AT)
    with pytest.raises(NotThere):
        actions.declare_objection(slug=SLUG, urn=OWN, objects_to="123456", by=here["head"], at=AT)
    actions.declare_objection(slug=SLUG, urn=OWN, objects_to=OTHER, by=here["head"], at=AT)
    with pytest.raises(AlreadyThere):
        actions.declare_objection(slug=SLUG, urn=OWN, objects_to=OTHER, by=here["head"], at=AT)
    assert queries.objections("123456", viewer=here["head"], at=AT) is None
