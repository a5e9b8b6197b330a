"""A school agrees and withdraws, a trust for all its schools at once: who may, what is refused, what the journal says, who is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from convenor.agreements.actions import agree, withdraw
from convenor.agreements.models import Agreed, AgreementText
from convenor.agreements.queries.agreeing import asked_of, school_agreement, signed_rows
from convenor.agreements.rules.classes import DataClass
from convenor.agreements.rules.refusals import AlreadyAgreed, ChangedMeanwhile, NoText, NothingChosen, NothingToWithdraw
from convenor.agreements.rules.standing import State
from convenor.journal.models import Entry
from convenor.partnership.actions import take_post
from convenor.partnership.gate import NotAllowed, viewer_for
from convenor.partnership.models import Membership
from convenor.post.models import Letter
from tests.factories.agreements import AT, ON, SLUG, World, adopted, agreeing, signed
from tests.factories.partnership import world

pytestmark = pytest.mark.django_db
OTHER, OWN, TRUST = "990005", "990001", ("990002", "990004")
FIRST = date(2027, 11, 2)


@pytest.fixture
def here() -> World:
    return agreeing()


def signs(here: World, who: str, *urns: str, classes: tuple[DataClass, ...] = tuple(DataClass), **more: Any) -> list[Agreed]:
    given: dict[str, Any] = {"name": "Dele Stone", "role": "Headteacher", "number": 1, "at": AT}
    return agree(slug=SLUG, urns=urns, classes=classes, by=here[who], **given | more)


def states(here: World, urn: str) -> list[State]:
    seen = school_agreement(SLUG, urn, viewer=here["head" if urn == OWN else "other head"], at=ON)
    assert seen is not None
    return [each.state for each in seen.standings]


def test_head_agrees_class_by_class_for_twelve_months(here: World) -> None:
    made = signs(here, "other head", OTHER, classes=(DataClass.REVIEWS, DataClass.PUBLISHED))
    kept = [(each.data_class, each.name, each.role, each.trust, each.until_on, each.remind_on, each.text.number) for each in made]
    assert kept == [(one, "Dele Stone", "Headteacher", "", FIRST, FIRST - timedelta(days=42), 1) for one in ("published", "review-reports")]
    assert states(here, OTHER) == [State.AGREED, State.NOT_YET, State.AGREED, State.NOT_YET]
    said = Entry.objects.get(verb="agreement.agreed")
    assert (said.urn, said.subject_label, said.detail) == (
        OTHER, "Dunmarsh High School: what is published, peer reviews",
        {"version": 1, "classes": ["published", "review-reports"], "role": "Headteacher", "trust": ""},
    )  # fmt: skip


def test_trust_leader_agrees_for_every_school_of_the_trust_at_once(here: World) -> None:
    signs(here, "trust lead", *TRUST, name="Tess Moor", role="Trust leader")
    found = list(Agreed.objects.exclude(school_id=OWN).order_by("school_id").values_list("school_id", "trust").distinct())
    assert found == [(urn, "Waterside Trust") for urn in TRUST]
    assert Agreed.objects.exclude(school_id=OWN).count() == 8
    assert list(Entry.objects.filter(verb="agreement.agreed").order_by("urn").values_list("urn", flat=True)) == list(TRUST)


@pytest.mark.parametrize("who", ["school leader", "clerk", "school office", "manager", "officer", "cluster lead", "board member"])
def test_nobody_agrees_who_does_not_speak_for_the_school(here: World, who: str) -> None:
    for do in (lambda: signs(here, who, OWN), lambda: withdraw(slug=SLUG, urn=OWN, classes=[DataClass.ENTERED], by=here[who], at=AT)):
        with pytest.raises(NotAllowed, match="speak for a school"):
            do()
    assert (Agreed.objects.count(), Agreed.objects.exclude(withdrawn_at=None).count()) == (4, 0)


def test_one_school_too_many_and_none_agrees(here: World) -> None:
    with pytest.raises(NotAllowed, match="speak for a school"):
        signs(here, "trust lead", *TRUST, OTHER)
    assert Agreed.objects.exclude(school_id=OWN).count() == 0


@pytest.mark.parametrize(
    ("more", "error", "says"),
    [
        ({"classes": ()}, NothingChosen, "Tick at least one class"),
        ({"name": "  "}, NothingChosen, "Say who signs"),
        ({"role": ""}, NothingChosen, "Say who signs"),
        ({"number": 2}, ChangedMeanwhile, "A new version of the agreement"),
    ],
)
def test_what_is_not_said_is_asked_for(here: World, more: dict[str, Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        signs(here, "other head", OTHER, **more)
    with pytest.raises(NothingChosen, match="Choose the school"):
        signs(here, "other head")
    assert Agreed.objects.filter(school_id=OTHER).count() == 0


def test_what_stands_is_not_signed_a_second_time_and_says_who_signed(here: World) -> None:
    with pytest.raises(AlreadyAgreed, match="Ada Example, Headteacher, signed it on 3 May 2026"):
        signs(here, "head", OWN)
    assert (Agreed.objects.count(), Entry.objects.filter(verb="agreement.agreed").count()) == (4, 0)


def test_renewing_is_open_in_the_last_sixty_days_and_keeps_both_signatures(here: World) -> None:
    Agreed.objects.filter(data_class="published").update(until_on=ON + timedelta(days=60))
    made = signs(here, "head", OWN)
    assert [each.data_class for each in made] == ["published"]
    rows = signed_rows(here.partnership.pk, [OWN], viewer=here["head"])[OWN]
    assert [each.until_on for each in rows if each.data_class is DataClass.PUBLISHED] == [ON + timedelta(days=60), FIRST]
    assert states(here, OWN) == [State.AGREED] * 4


def test_newer_version_can_be_agreed_to_at_once_and_the_older_stands_until_then(here: World) -> None:
    adopted(here, 2, changes="Support is shorter.")
    seen = school_agreement(SLUG, OWN, viewer=here["head"], at=ON)
    assert seen is not None
    assert (seen.newer, [each.state for each in seen.standings]) == (True, [State.AGREED] * 4)
    assert len(signs(here, "head", OWN, number=2)) == 4


def test_without_a_text_nothing_can_be_agreed_to_or_withdrawn() -> None:
    here = world()
    for do in (lambda: signs(here, "head", OWN), lambda: withdraw(slug=SLUG, urn=OWN, classes=[DataClass.ENTERED], by=here["head"], at=AT)):
        with pytest.raises(NoText, match="has put no agreement"):
            do()


def test_agreeing_joins_a_school_that_is_no_member(here: World) -> None:
    Membership.objects.filter(school_id=OTHER).update(until_on=ON - timedelta(days=9), from_on=ON - timedelta(days=99))
    signs(here, "other head", OTHER)
    assert Membership.objects.filter(school_id=OTHER, until_on=None).values_list("from_on", flat=True).get() == ON


def test_withdrawing_ends_the_class_at_once_and_keeps_what_was_signed(here: World) -> None:
    withdraw(slug=SLUG, urn=OWN, classes=[DataClass.SUPPORT], why="Our governors\n would rather not.", by=here["head"], at=AT)
    assert states(here, OWN) == [State.AGREED, State.AGREED, State.AGREED, State.WITHDRAWN]
    row = Agreed.objects.get(data_class="support-records")
    assert (row.signed_at is not None, row.withdrawn_at, row.why, row.remind_on) == (True, AT, "Our governors would rather not.", None)
    assert row.withdrawn_by == "Ada Example, headteacher, Fernhollow Primary School"
    said = Entry.objects.get(verb="agreement.withdrawn")
    assert (said.urn, said.why, said.detail["classes"]) == (OWN, "Our governors would rather not.", ["support-records"])


def test_manager_is_told_that_a_school_withdrew_and_neither_from_what_nor_why(here: World) -> None:
    withdraw(slug=SLUG, urn=OWN, classes=[DataClass.SUPPORT], why="Our governors would rather not.", by=here["head"], at=AT)
    letter = Letter.objects.get()
    assert (letter.to_name, letter.kind, letter.subject) == (
        "Mara Hollis", "agreement-withdrawn", "A school changed its agreement: Fernhollow Primary School",
    )  # fmt: skip
    assert ("support" in letter.body.lower(), "rather not" in letter.body) == (False, False)


def test_withdrawing_again_says_that_nothing_is_used(here: World) -> None:
    withdraw(slug=SLUG, urn=OWN, classes=[DataClass.SUPPORT], by=here["head"], at=AT)
    with pytest.raises(NothingToWithdraw, match="takes part in none of these"):
        withdraw(slug=SLUG, urn=OWN, classes=[DataClass.SUPPORT], by=here["head"], at=AT)
    with pytest.raises(NothingChosen, match="Choose at least one class"):
        withdraw(slug=SLUG, urn=OWN, classes=[], by=here["head"], at=AT)
    assert Entry.objects.filter(verb="agreement.withdrawn").count() == 1


def test_school_that_never_agreed_may_say_no_at_once_and_yes_later(here: World) -> None:
    withdraw(slug=SLUG, urn=OTHER, classes=[DataClass.ENTERED], by=here["other head"], at=AT)
    row = Agreed.objects.get(school_id=OTHER)
    assert (row.signed_at, row.withdrawn_at, row.name, row.role) == (None, AT, "Dele Stone", "Headteacher")
    assert states(here, OTHER)[1] is State.WITHDRAWN
    signs(here, "other head", OTHER, classes=(DataClass.ENTERED,))
    assert states(here, OTHER)[1] is State.AGREED


def test_own_agreement_is_for_those_who_act_for_the_school(here: World) -> None:
    seen = {who: school_agreement(SLUG, OWN, viewer=viewer, at=ON) is not None for who, viewer in here.viewers.items()}
    assert {who for who, sees in seen.items() if sees} == {"head", "school leader", "chair of governors", "clerk", "school office"}
    hidden = {who: signed_rows(here.partnership.pk, [OWN], viewer=viewer) for who, viewer in here.viewers.items()}
    assert {who for who, rows in hidden.items() if rows} == {who for who, sees in seen.items() if sees} | {"manager"}


def test_whoever_speaks_is_asked_at_home_until_the_school_has_said(here: World) -> None:
    assert asked_of([OWN], viewer=here["head"], at=ON) == []
    first = asked_of([OTHER], viewer=here["other head"], at=ON)
    assert [(each.urn, each.renews, each.until_on) for each in first] == [(OTHER, False, AgreementText.objects.get().agree_by_on)]
    assert asked_of([OWN], viewer=here["school leader"], at=ON) == []
    for each in DataClass:
        signed(here, OTHER, each, withdrawn=each is DataClass.SUPPORT)
    assert asked_of([OTHER], viewer=here["other head"], at=ON) == []
    Agreed.objects.filter(school_id=OTHER, data_class="published").update(until_on=ON + timedelta(days=20))
    renewing = asked_of([OTHER], viewer=here["other head"], at=ON)
    assert [(each.renews, each.until_on) for each in renewing] == [(True, ON + timedelta(days=20))]


def test_head_of_a_school_and_leader_of_its_trust_signs_as_its_head(here: World) -> None:
    take_post(
        slug=SLUG, role="head", title="Executive headteacher", urn="990002", person_id=here.people["trust lead"].pk,
        from_on=ON - timedelta(days=1), by="the test", at=AT,
    )  # fmt: skip
    both = viewer_for(here.people["trust lead"], on=ON)
    made = agree(slug=SLUG, urns=TRUST, classes=[DataClass.PUBLISHED], name="Tess Moor", role="Executive head", number=1, by=both, at=AT)
    assert [(each.school_id, each.trust) for each in made] == [("990002", ""), ("990004", "Waterside Trust")]
