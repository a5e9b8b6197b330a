"""Early conversations begun, shared, answered, agreed, reviewed: done, refused, written down, and told by letters that say nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from convenor.intelligence import actions
from convenor.intelligence.models import ConversationStep, EarlyConversation, Reply
from convenor.intelligence.queries import suggestions
from convenor.intelligence.rules.conversation import NotYours, NoWords, Outcome, OutOfTurn, ReplyKind, TooSoon, WrongDay
from convenor.intelligence.rules.lines import from_dict
from convenor.journal import queries as journal
from convenor.journal.models import Entry
from convenor.partnership.actions import take_post
from convenor.partnership.gate import NotAllowed, viewer_for
from convenor.partnership.models.lasting import StandsForEver
from convenor.partnership.rules.refusals import AlreadyThere, NotThere, Refused
from convenor.post.models import Letter
from tests.factories.intelligence_conversations import AT, LATER, ON, SCHOOL, SLUG, World, circle, conversation, lines, suggested

pytestmark = pytest.mark.django_db
SUPPORT, WATCH = Outcome.SUPPORT, Outcome.WATCH


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the newest run says; a test may change it."""
    says = suggested()
    monkeypatch.setattr(suggestions, "_assessed", lambda urns, *_: {urn: says[urn] for urn in urns if urn in says})
    return says


@pytest.fixture
def here(run: dict[str, Any]) -> World:
    return circle()


def rows() -> tuple[object, ...]:
    """Everything that an action may change."""
    counted = (ConversationStep.objects.count(), Reply.objects.count(), Entry.objects.count(), Letter.objects.count())
    return (*counted, *EarlyConversation.objects.order_by("id").values_list("id", "state", "broker_id", "cluster_may_see", "ended_on"))


def steps() -> list[str]:
    return list(ConversationStep.objects.order_by("id").values_list("step", flat=True))


def letters() -> list[str]:
    return sorted(Letter.objects.values_list("to_name", flat=True))


def test_a_school_asks_for_a_conversation_itself(here: World, django_capture_on_commit_callbacks: Callable) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = actions.refer_self(
            slug=SLUG, urn=SCHOOL, about=["money", "staff", "nonsense"], words=" Numbers are falling. ", by=here["head"], at=AT
        )
    assert (row.origin, row.state, row.opened_on, row.broker_id, row.asked_about, row.asked_words) == (
        "school", "suggested", ON, None, ["staff", "money"], "Numbers are falling.",
    )  # fmt: skip
    assert (row.record_class, row.holder) == ("self-referral", "the partnership, on behalf of its members")
    assert letters() == ["Bea Marlow", "Bo Ridge", "Gwen Ford"]  # the other brokers and the chair; not the deputy, who is of the school
    assert {each.subject for each in mail.outbox} == {
        "There is something for you in Convenor", "There is something for you in Convenor about your school",
    }  # fmt: skip
    assert steps() == ["referred"]


def test_a_school_asks_with_no_words_at_all(here: World) -> None:
    row = actions.refer_self(slug=SLUG, urn="990002", by=here["trust lead"], at=AT)
    assert (row.asked_about, row.asked_words) == ([], "")


def test_a_school_has_one_conversation_at_a_time(here: World) -> None:
    actions.refer_self(slug=SLUG, urn=SCHOOL, by=here["head"], at=AT)
    before = rows()
    with pytest.raises(AlreadyThere):
        actions.refer_self(slug=SLUG, urn=SCHOOL, by=here["head"], at=AT)
    assert rows() == before


def test_a_school_that_no_edition_knows_cannot_ask(here: World) -> None:
    with pytest.raises(NotAllowed):
        actions.refer_self(slug=SLUG, urn="123456", by=here["head"], at=AT)
    with pytest.raises(NotThere):
        actions.refer_self(slug=SLUG, urn="123456", by="an operator", at=AT)  # type: ignore[arg-type]
    with pytest.raises(NoWords):
        actions.refer_self(slug=SLUG, urn=SCHOOL, words="x" * 1001, by=here["head"], at=AT)


def test_letters_carry_nothing(here: World) -> None:
    row = conversation(here, until="closed", cluster=False)
    actions.refer_self(slug=SLUG, urn=SCHOOL, words="Falling rolls", by=here["head"], at=AT)
    told = "\n".join(f"{each.kind} {each.subject} {each.body} {each.partnership}" for each in Letter.objects.all())
    leaks = ["Fernhollow", SCHOOL, "conversation", "line", "dispute", "support", "Falling", SLUG, "Bea", str(row.pk)]
    names = {each.to_name for each in Letter.objects.all()}
    assert [each for each in leaks if each.lower() in told.replace("Bea Marlow", "").lower()] == []
    assert names == {"Ada Example", "Gwen Ford", "Bea Marlow", "Bo Ridge"}


def test_a_broker_takes_up_what_a_run_suggests(here: World) -> None:
    row = actions.take_up(slug=SLUG, urn=SCHOOL, by=here["broker"], at=AT)
    assert (row.origin, row.state, row.run, row.broker_id, row.shared_on) == (
        "run", "suggested", "2026-10-15", here.people["broker"].pk, None,
    )  # fmt: skip
    assert steps() == ["taken-up"]


@pytest.mark.parametrize(
    ("who", "urn", "error"),
    [
        ("broker", "990003", OutOfTurn), ("broker", "000000", OutOfTurn), ("broker of the school", SCHOOL, NotYours),
        ("manager", SCHOOL, NotAllowed), ("head", SCHOOL, NotAllowed), ("cluster lead", SCHOOL, NotAllowed),
        ("somebody with no post", SCHOOL, NotAllowed),
    ],
)  # fmt: skip
def test_nothing_else_is_taken_up(here: World, who: str, urn: str, error: type[Exception]) -> None:
    before = rows()
    with pytest.raises(error) as refused:
        actions.take_up(slug=SLUG, urn=urn, by=here[who], at=AT)
    assert (type(refused.value), rows()) == (error, before)


def test_of_two_brokers_one_gets_it(here: World) -> None:
    actions.take_up(slug=SLUG, urn=SCHOOL, by=here["broker"], at=AT)
    for who in ("broker", "other broker"):
        with pytest.raises(NotYours):
            actions.take_up(slug=SLUG, urn=SCHOOL, by=here[who], at=AT)


def test_what_ended_is_suggested_again_by_a_new_run_alone(here: World, run: dict[str, Any]) -> None:
    first = conversation(here, until="closed")
    with pytest.raises(OutOfTurn):
        actions.take_up(slug=SLUG, urn=SCHOOL, by=here["broker"], at=LATER)
    run |= suggested(run="2027-02-01")
    second = actions.take_up(slug=SLUG, urn=SCHOOL, by=here["other broker"], at=LATER)
    assert (second.pk != first.pk, second.state, second.run) == (True, "suggested", "2027-02-01")


def test_sharing_freezes_the_lines_as_they_stand(here: World, run: dict[str, Any]) -> None:
    row = conversation(here)
    assert (row.state, row.shared_on, row.run, row.weights_year) == ("shared", ON, "2026-10-15", "2026")
    run.clear()
    row.refresh_from_db()
    assert from_dict(row.lines) == lines()
    assert letters() == ["Ada Example", "Gwen Ford"]


def test_lines_that_are_gone_cannot_be_shared(here: World, run: dict[str, Any]) -> None:
    row = conversation(here, until="suggested")
    run.clear()
    before = rows()
    with pytest.raises(OutOfTurn):
        actions.share(slug=SLUG, conversation_id=row.pk, by=here["broker"], at=AT)
    assert rows() == before


def test_a_school_that_asked_itself_needs_no_lines(here: World, run: dict[str, Any]) -> None:
    run.clear()
    row = actions.refer_self(slug=SLUG, urn=SCHOOL, by=here["head"], at=AT)
    actions.take_up(slug=SLUG, urn=SCHOOL, by=here["broker"], at=AT)
    actions.share(slug=SLUG, conversation_id=row.pk, by=here["broker"], at=AT)
    row = actions.triage(slug=SLUG, conversation_id=row.pk, outcome=SUPPORT, why="Agreed on the day.", by=here["broker"], at=AT)
    assert (row.state, row.lines, steps()) == ("triaged", None, ["referred", "taken-up", "shared", "triaged"])


def test_a_reply_stands_for_ever_and_moves_what_was_shared(here: World) -> None:
    row = conversation(here, until="replied")
    said = Reply.objects.get()
    assert (row.state, said.kind, said.line, said.words, said.conversation_id) == (
        "replied", "dispute", "ATT", "One cohort of thirty.", row.pk,
    )  # fmt: skip
    actions.reply(slug=SLUG, urn=SCHOOL, kind=ReplyKind.COMMENT, words="And we know it.", by=here["chair of governors"], at=AT)
    assert steps() == ["taken-up", "shared", "replied"]
    for change in (said.save, said.delete, Reply.objects.all().delete, lambda: Reply.objects.update(words="")):
        with pytest.raises(StandsForEver):
            change()
    with pytest.raises(StandsForEver):
        ConversationStep.objects.all()[0].save()
    assert sorted(Reply.objects.values_list("words", flat=True)) == ["And we know it.", "One cohort of thirty."]


def test_a_school_may_speak_without_a_conversation(here: World) -> None:
    said = actions.reply(
        slug=SLUG, urn=SCHOOL, kind=ReplyKind.CORRECTION, line="ROL", words="We have 214.", source="Census, October", by=here["head"], at=AT
    )
    assert (said.conversation, said.source, letters()) == (None, "Census, October", [])


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"words": " "}, NoWords), ({"line": "XYZ"}, OutOfTurn), ({"kind": ReplyKind.ANSWER}, OutOfTurn),
        ({"kind": ReplyKind.CORRECTION}, NoWords), ({"kind": ReplyKind.CORRECTION, "line": "ATT"}, NoWords),
    ],
)  # fmt: skip
def test_a_reply_that_nobody_could_act_on_is_refused(here: World, more: dict[str, Any], error: type[Exception]) -> None:
    conversation(here)
    before = rows()
    given: dict[str, Any] = {"slug": SLUG, "urn": SCHOOL, "kind": ReplyKind.COMMENT, "words": "x", "by": here["head"], "at": AT}
    with pytest.raises(error) as refused:
        actions.reply(**(given | more))
    assert (type(refused.value), rows()) == (error, before)


def test_the_broker_answers_beside_what_was_said(here: World) -> None:
    row = conversation(here, until="replied")
    said = actions.answer(slug=SLUG, reply_id=Reply.objects.get().pk, words="Noted; we look at three years.", by=here["broker"], at=AT)
    assert (said.kind, said.line, said.answers.kind, said.conversation_id) == ("answer", "ATT", "dispute", row.pk)
    for who, reply in (("other broker", said.answers_id), ("broker", said.pk), ("broker", 0)):
        with pytest.raises(NotYours):
            actions.answer(slug=SLUG, reply_id=reply, words="x", by=here[who], at=AT)
    with pytest.raises(NoWords):
        actions.answer(slug=SLUG, reply_id=said.answers_id, words="", by=here["broker"], at=AT)


def test_what_comes_next_is_written_down_with_its_review(here: World) -> None:
    row = conversation(here, until="triaged")
    assert (row.state, row.outcome, row.triaged_on, row.review_due_on) == ("triaged", "support", ON, date(2027, 3, 4))
    step = ConversationStep.objects.get(step="triaged")
    assert (step.why, step.outcome, step.until_on) == ("Reading in year 3, with Ashwater.", "support", date(2027, 3, 4))


def test_silence_blocks_nothing_after_the_ten_days(here: World) -> None:
    row = conversation(here)
    given: dict[str, Any] = {"slug": SLUG, "conversation_id": row.pk, "outcome": WATCH, "by": here["broker"]}
    day = date(2027, 1, 20)
    with pytest.raises(TooSoon):
        actions.triage(**given, why="Not yet heard from.", watch_until_on=day, at=AT + timedelta(days=14))
    with pytest.raises(NoWords):
        actions.triage(**given, why="", watch_until_on=day, at=LATER)
    with pytest.raises(WrongDay):
        actions.triage(**given, why="Not yet heard from.", at=LATER)
    row = actions.triage(**given, why="Not yet heard from.", watch_until_on=day, at=LATER)
    assert (row.state, row.review_due_on) == ("triaged", day)


def test_a_review_ends_it_or_lets_it_go_on(here: World) -> None:
    row = conversation(here, until="reviewed")
    assert (row.state, row.review_due_on, row.ended_on) == ("reviewed", None, None)
    known: dict[str, Any] = {"slug": SLUG, "conversation_id": row.pk, "by": here["broker"], "at": LATER}
    with pytest.raises(OutOfTurn):
        actions.review(**known, words="Again.", ends=True)
    actions.triage(**known, outcome=Outcome.NO_ACTION, why="All is well.")
    row = actions.review(**known, words="Nothing more to do.", ends=True)
    assert (row.state, row.ended_on, row.cluster_may_see) == ("closed", LATER.date(), False)
    assert steps()[-4:] == ["reviewed", "triaged", "reviewed", "closed"]


def test_a_conversation_is_handed_to_another_broker(here: World) -> None:
    row = conversation(here, until="replied")
    known: dict[str, Any] = {"slug": SLUG, "conversation_id": row.pk, "at": AT}
    for to, error in (("head", NotYours), ("broker of the school", NotYours), ("broker", NotYours), ("manager", NotYours)):
        with pytest.raises(error):
            actions.hand_over(**known, to_person_id=here.people[to].pk, why="Holiday", by=here["broker"])
    with pytest.raises(NotYours):
        actions.hand_over(**known, to_person_id=0, why="Holiday", by=here["broker"])
    with pytest.raises(NoWords):
        actions.hand_over(**known, to_person_id=here.people["other broker"].pk, why=" ", by=here["broker"])
    row = actions.hand_over(**known, to_person_id=here.people["other broker"].pk, why="Holiday", by=here["broker"])
    assert (row.broker_id, row.state) == (here.people["other broker"].pk, "replied")
    with pytest.raises(NotThere):
        actions.step_aside(**known, why="x", by=here["broker"])


def test_a_broker_steps_aside_and_another_takes_it_up(here: World) -> None:
    row = conversation(here, until="replied")
    row = actions.step_aside(slug=SLUG, conversation_id=row.pk, why="A friend works there.", by=here["broker"], at=AT)
    assert (row.broker_id, row.state) == (None, "replied")
    row = actions.take_up(slug=SLUG, urn=SCHOOL, by=here["other broker"], at=AT)
    assert (row.broker_id, row.state) == (here.people["other broker"].pk, "replied")


def test_a_broker_who_comes_to_act_for_the_school_can_do_nothing_more(here: World) -> None:
    row = conversation(here, until="replied")
    take_post(
        slug=SLUG, role="chair-of-governors", title="Co-chair of governors", person_id=here.people["broker"].pk, urn=SCHOOL, from_on=ON,
        by="the test", at=AT,
    )  # fmt: skip
    by = viewer_for(here.people["broker"], on=ON)
    with pytest.raises(NotYours):
        actions.triage(slug=SLUG, conversation_id=row.pk, outcome=SUPPORT, why="x", by=by, at=AT)


def test_a_school_takes_back_what_it_asked_for(here: World) -> None:
    row = actions.refer_self(slug=SLUG, urn=SCHOOL, by=here["head"], at=AT)
    actions.reply(slug=SLUG, urn=SCHOOL, kind=ReplyKind.COMMENT, words="Soon, please.", by=here["head"], at=AT)
    actions.take_up(slug=SLUG, urn=SCHOOL, by=here["broker"], at=AT)
    row = actions.withdraw(slug=SLUG, conversation_id=row.pk, by=here["chair of governors"], at=LATER)
    assert (row.state, row.ended_on) == ("withdrawn", LATER.date())
    assert Letter.objects.order_by("-id")[0].to_name == "Bea Marlow"
    with pytest.raises(OutOfTurn):
        actions.withdraw(slug=SLUG, conversation_id=row.pk, by=here["head"], at=LATER)
    with pytest.raises(OutOfTurn):
        actions.withdraw(slug=SLUG, conversation_id=conversation(here).pk, by=here["head"], at=LATER)
    with pytest.raises(NotYours):  # what was said in confidence and taken back is nobody's to answer, not even to be found
        actions.answer(slug=SLUG, reply_id=Reply.objects.get().pk, words="x", by=here["broker"], at=LATER)
    again = actions.refer_self(slug=SLUG, urn="990005", by=here["other head"], at=AT)
    assert actions.withdraw(slug=SLUG, conversation_id=again.pk, why="Sorted.", by=here["other head"], at=AT).state == "withdrawn"


def test_a_school_lets_its_cluster_lead_in_and_out(here: World) -> None:
    row = conversation(here)
    known: dict[str, Any] = {"slug": SLUG, "conversation_id": row.pk, "by": here["head"], "at": AT}
    assert actions.let_cluster_lead_see(**known, agreed=True).cluster_may_see is True
    with pytest.raises(AlreadyThere):
        actions.let_cluster_lead_see(**known, agreed=True)
    assert actions.let_cluster_lead_see(**known, agreed=False).cluster_may_see is False
    asked = actions.refer_self(slug=SLUG, urn="990005", by=here["other head"], at=AT)
    with pytest.raises(OutOfTurn):
        actions.let_cluster_lead_see(slug=SLUG, conversation_id=asked.pk, agreed=True, by=here["other head"], at=AT)


#: What each may do to a conversation that stands replied, by everyone who is somebody.
def attempts(pk: int, at: datetime, to: int) -> dict[str, Callable[[Any], object]]:
    known: dict[str, Any] = {"slug": SLUG, "conversation_id": pk, "at": at}
    said = Reply.objects.get().pk
    return {
        "share": lambda by: actions.share(**known, by=by),
        "answer": lambda by: actions.answer(slug=SLUG, reply_id=said, words="x", by=by, at=at),
        "triage": lambda by: actions.triage(**known, outcome=SUPPORT, why="x", by=by),
        "review": lambda by: actions.review(**known, words="x", ends=True, by=by),
        "hand over": lambda by: actions.hand_over(**known, to_person_id=to, why="x", by=by),
        "step aside": lambda by: actions.step_aside(**known, why="x", by=by),
        "withdraw": lambda by: actions.withdraw(**known, by=by),
        "cluster": lambda by: actions.let_cluster_lead_see(**known, agreed=True, by=by),
        "reply": lambda by: actions.reply(slug=SLUG, urn=SCHOOL, kind=ReplyKind.COMMENT, words="x", by=by, at=at),
        "refer": lambda by: actions.refer_self(slug=SLUG, urn=SCHOOL, by=by, at=at),
        "take up": lambda by: actions.take_up(slug=SLUG, urn=SCHOOL, by=by, at=at),
    }


BROKERS = {"answer", "triage", "review", "share", "hand over", "step aside"}
SPEAKERS = {"withdraw", "cluster", "reply", "refer"}


@pytest.mark.parametrize("what", [*sorted(BROKERS), *sorted(SPEAKERS), "take up"])
def test_everybody_else_is_refused_and_nothing_changes(here: World, what: str) -> None:
    row = conversation(here, until="replied")
    act = attempts(row.pk, AT, here.people["other broker"].pk)[what]
    before, refused = rows(), {}
    of_school, brokers = {"head", "chair of governors"}, {"broker", "other broker", "broker of the school"}
    for who, viewer in here.viewers.items():
        if (who == "broker" and what in BROKERS) or (who in of_school and what in SPEAKERS):
            continue
        with pytest.raises((NotAllowed, Refused)) as told:
            act(viewer)
        refused[who] = type(told.value)
        assert rows() == before
    other = {NotThere, NotYours}
    wrong = {who: each for who, each in refused.items() if each is not NotAllowed and not (who in brokers and each in other)}
    assert wrong == {}


def test_another_partnerships_broker_is_refused(here: World) -> None:
    row = conversation(here)
    for slug in ("elsewhere", ""):
        with pytest.raises(NotAllowed):
            actions.share(slug=slug, conversation_id=row.pk, by=here["broker"], at=AT)
    with pytest.raises(NotThere):
        actions.share(slug=SLUG, conversation_id=0, by=here["broker"], at=AT)
    with pytest.raises(NotAllowed):
        actions.withdraw(slug=SLUG, conversation_id=0, by=here["head"], at=AT)


def test_the_journal_tells_the_school_and_nobody_else(here: World) -> None:
    conversation(here, until="closed")
    own = [each.said for each in journal.entries_for_school(SCHOOL, viewer=here["head"]) if each.verb.startswith("conversation.")]
    assert own == [
        "Conversation ended", "Conversation reviewed", "What comes next agreed", "Conversation replied to", "School’s word added",
        "Lines shared with the school", "Conversation taken up by a broker",
    ]  # fmt: skip
    said = " ".join(f"{each.why} {each.detail} {each.subject_label}" for each in Entry.objects.filter(verb__startswith="conversation."))
    assert [word for word in ("thirty", "Reading", "All is well") if word in said] == []
    for who in ("manager", "auditor"):
        seen = journal.entries(SLUG, viewer=here[who])
        assert seen is not None
        assert [each.verb for each in seen.entries if each.verb.startswith("conversation.")] == []
        assert [verb for verb, _ in seen.verbs if verb.startswith("conversation.")] == []
        asked = journal.entries(SLUG, viewer=here[who], verb="conversation.shared", urn=SCHOOL)
        assert asked is not None
        assert (asked.total, asked.entries) == (0, ())
