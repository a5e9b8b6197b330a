"""One formal response a school: drafted by colleagues, sent by who speaks for it, changed until the last day; views; paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from convenor.consultation import actions
from convenor.consultation.models import Consultation, Response
from convenor.consultation.queries import responses
from convenor.consultation.rules.answers import print_of
from convenor.consultation.rules.refusals import AlreadySent, BadAnswer, ChangedMeanwhile, NotOpen
from convenor.journal.models import Entry
from convenor.partnership.actions import leave
from convenor.partnership.gate import ANYONE, NotAllowed
from convenor.partnership.models import Engagement
from convenor.partnership.rules.refusals import NotThere
from tests.factories.consultation import ANSWERS, AT, CLOSES, ON, SECRETS, SLUG, World, asking, consultation, respond, view

pytestmark = pytest.mark.django_db
SCHOOL = "990001"
LATE = AT + timedelta(days=15)


@pytest.fixture
def here() -> World:
    return asking()


def known(urn: str = SCHOOL) -> dict[str, Any]:
    return {"slug": SLUG, "consultation_id": Consultation.objects.get().pk, "urn": urn}


def draft(here: World, who: str = "head", **more: Any) -> Response:
    return actions.save_draft(**known(), by=here[who], at=AT, **{"answers": ANSWERS} | more)


def send(here: World, who: str = "head", **more: Any) -> Response:
    return actions.send_response(**known(), by=here[who], **{"at": AT} | more)


def test_deputy_drafts_and_the_head_sends_in_the_name_of_the_post(here: World) -> None:
    kept = draft(here, "school leader")
    assert (kept.state, kept.answers, kept.drafted_by) == ("draft", {}, "Sia Brook, deputy headteacher, Fernhollow Primary School")
    with pytest.raises(NotAllowed):
        send(here, "school leader")
    sent = send(here)
    assert (sent.state, sent.role, sent.answers, sent.sent_at) == ("sent", "Headteacher", ANSWERS, AT)
    told = Engagement.objects.get()
    assert (told.school_id, told.kind, told.source) == (SCHOOL, "answered", f"consultation-{sent.consultation_id}")
    entry = Entry.objects.filter(verb="consultation.answered").get()
    assert (entry.urn, entry.detail) == (SCHOOL, {"post": "Headteacher", "came": "web"})


def test_second_formal_response_is_refused_with_who_sent_the_first(here: World) -> None:
    draft(here)
    send(here)
    with pytest.raises(AlreadySent) as refused:
        send(here, "chair of governors")
    assert str(refused.value) == (
        "A school has one formal response, and Headteacher of Fernhollow Primary School sent it on 2 November 2026 in the school’s name. "
        "It stands. Whoever speaks for the school may change it until the last day. Nothing was sent a second time."
    )
    paper = {key: value for key, value in known().items() if key != "urn"}
    with pytest.raises(AlreadySent, match=r"^A school has one formal response, and Headteacher of Fernhollow"):
        actions.enter_paper(**paper, urn=SCHOOL, role="Chair", answers={"structure": "no"}, by=here["manager"], at=AT)
    assert Response.objects.get().answers == ANSWERS


def test_change_counts_only_once_it_is_sent_and_until_the_last_day(here: World) -> None:
    draft(here)
    send(here)
    draft(here, answers={"structure": "no"})
    assert responses.sent(known()["consultation_id"], viewer=here["manager"])[0].answers["structure"] == "yes"
    send(here, "chair of governors")
    row = Response.objects.get()
    assert (row.answers["structure"], row.role) == ("no", "Chair of governors")
    assert list(Entry.objects.filter(verb__startswith="consultation.answer").order_by("id").values_list("verb", flat=True)) == [
        "consultation.answered", "consultation.answer-changed",
    ]  # fmt: skip
    assert Engagement.objects.count() == 1


def test_answer_after_closing_is_kept_as_a_draft_and_not_sent(here: World) -> None:
    actions.save_draft(**known(), by=here["head"], at=LATE, answers=ANSWERS)
    with pytest.raises(
        NotOpen, match=r"^The last day of answers was 16 November 2026\. What you wrote is kept as a draft; it was not sent\."
    ):
        send(here, at=LATE)
    row = Response.objects.get()
    assert (row.state, row.draft, row.answers) == ("draft", ANSWERS, {})
    with pytest.raises(NotOpen):
        actions.send_view(
            slug=SLUG, consultation_id=row.consultation_id, answers={"structure": "no"}, secret="s", by=ANYONE, at=LATE
        )  # fmt: skip


def test_incomplete_answer_says_what_is_left(here: World) -> None:
    draft(here, answers={"structure": "yes", "principles": {"purpose": "agree"}})
    with pytest.raises(BadAnswer) as refused:
        send(here)
    said = str(refused.value)
    assert (said.startswith("Still to answer: Do you agree with each principle?; Should"), said.endswith("What you wrote is kept.")) == (
        True,
        True,
    )


def test_what_a_colleague_changed_meanwhile_stands_and_everything_else_is_kept(here: World) -> None:
    draft(here, answers={"structure": "yes"})
    draft(here, "school leader", answers={"structure": "no"}, was={"structure": print_of("yes")})
    with pytest.raises(ChangedMeanwhile, match=r"^A colleague changed an answer here"):
        draft(here, answers={"structure": "partly", "solutions": "no"}, was={"structure": print_of("yes"), "solutions": print_of(None)})
    assert Response.objects.get().draft == {"structure": "no", "solutions": "no"}
    again = draft(here, answers={"structure": "partly", "solutions": ""}, was={"structure": print_of("no")})
    assert again.draft == {"structure": "partly"}
    same = draft(here, answers={"structure": "partly"}, was={"structure": "stale"})
    assert same.draft == {"structure": "partly"}


def test_only_the_school_s_own_people_write_and_only_where_it_was_asked(here: World) -> None:
    for who in ("other head", "manager", "board member"):
        with pytest.raises(NotAllowed):
            draft(here, who)
    consultation(here, "withdrawn", title="Gone")
    gone = Consultation.objects.get(title="Gone").pk
    with pytest.raises(NotThere, match=r"^This school was not asked"):
        actions.save_draft(slug=SLUG, consultation_id=gone, urn=SCHOOL, answers=ANSWERS, by=here["head"], at=AT)


def test_school_that_has_left_since_still_has_its_answer(here: World) -> None:
    leave(slug=SLUG, urn="990005", until_on=ON, why="It closed.", by=here["manager"], at=AT)
    given = known("990005")
    actions.save_draft(**given, answers=ANSWERS, by=here["other head"], at=AT)
    sent = actions.send_response(**given, by=here["other head"], at=AT)
    assert (sent.state, Engagement.objects.count()) == ("sent", 0)


def test_view_needs_no_account_is_one_for_a_browser_and_stands_apart(here: World) -> None:
    given: dict[str, Any] = {"slug": SLUG, "consultation_id": known()["consultation_id"], "by": ANYONE, "at": AT}
    first = actions.send_view(**given, answers={"structure": "no"}, secret="one", role="Parent or carer", phase="Primary")
    again = actions.send_view(**given, answers={"anything": "<script>alert(1)</script>"}, secret="one")
    other = actions.send_view(**given, answers={"structure": "yes"}, secret="two")
    assert (first.pk == again.pk, again.answers, other.pk == first.pk) == (True, {"anything": "<script>alert(1)</script>"}, False)
    assert Response.objects.filter(sender__in=("one", "two")).count() == 0
    with pytest.raises(BadAnswer, match=r"^Say something to one question"):
        actions.send_view(**given, answers={}, secret="three")
    Consultation.objects.update(public=False)
    with pytest.raises(NotThere):
        actions.send_view(**given, answers={"structure": "yes"}, secret="four")


def test_paper_is_typed_in_for_a_school_or_for_a_person(here: World) -> None:
    given: dict[str, Any] = {"slug": SLUG, "consultation_id": known()["consultation_id"], "by": here["manager"], "at": AT}
    row = actions.enter_paper(**given, urn=SCHOOL, role="Headteacher", answers={"structure": "partly"})
    assert (row.came, row.role, row.entered_by, row.answers) == (
        "paper", "Headteacher", "Mara Hollis, partnership manager, Fernshire Education Partnership", {"structure": "partly"},
    )  # fmt: skip
    own = actions.enter_paper(**given, role="A governor", phase="Primary", answers={"anything": "Go on."})
    assert (own.kind, own.school_id, own.sender, own.phase) == ("view", None, "", "Primary")
    with pytest.raises(BadAnswer, match=r"^The sheet says nothing yet"):
        actions.enter_paper(**given, answers={})
    with pytest.raises(BadAnswer, match=r"^In whose name"):
        actions.enter_paper(**given, urn="990002", answers={"structure": "no"})
    with pytest.raises(NotThere):
        actions.enter_paper(**given | {"consultation_id": 0}, answers={"structure": "no"})
    with pytest.raises(AlreadySent, match=r"on paper, typed in by Mara Hollis"):
        actions.enter_paper(**given, urn=SCHOOL, role="Chair", answers={"structure": "no"})
    with pytest.raises(NotAllowed):
        actions.enter_paper(**given | {"by": here["head"]}, answers={"structure": "no"})


def test_what_was_sent_is_for_who_runs_it_and_for_our_own_reckoning(here: World) -> None:
    row = Consultation.objects.get()
    respond(here, row, SCHOOL)
    view(here, row)
    found = responses.sent(row.pk, viewer=here["manager"])
    assert [(each.kind.value, each.school_urn, each.strata) for each in found] == [
        ("school", SCHOOL, {
            "phase": "Primary", "type": "Maintained by the local authority", "trust": "In no trust", "cluster": "North cluster",
            "size": "200 to 399 pupils",
        }),
        ("view", "", {"role": "Parent or carer", "phase": "Primary"}),
    ]  # fmt: skip
    assert responses.sent(row.pk, viewer="the system") == found
    assert [responses.sent(row.pk, viewer=each) for each in (here["head"], here["board member"], here["cluster lead"], ANYONE)] == [[]] * 4


def test_own_answer_is_prefilled_for_its_people_and_for_nobody_else(here: World) -> None:
    row = Consultation.objects.get()
    own = responses.answer_of_school(SLUG, row.pk, SCHOOL, viewer=here["head"], at=ON)
    assert own is not None
    assert (own.school.name, own.school.phase, own.post, own.speaks, own.draft, len(own.left)) == (
        "Fernhollow Primary School", "Primary", "Headteacher", True, {}, 6,
    )  # fmt: skip
    draft(here, answers={"anything": SECRETS["draft"]})
    for who in ("other head", "manager", "board member", "cluster lead"):
        assert responses.answer_of_school(SLUG, row.pk, SCHOOL, viewer=here[who], at=ON) is None
    lines = responses.own_lines(SLUG, viewer=here["trust lead"], at=ON)
    assert [(each.school, each.closes_on, each.state, each.speaks) for each in lines] == [
        ("Ashwater Primary School", CLOSES, None, True), ("Coldbrook Academy", CLOSES, None, True),
    ]  # fmt: skip
    assert responses.own_lines(SLUG, viewer=here["manager"], at=ON) == responses.own_lines(SLUG, viewer=ANYONE, at=ON) == []
