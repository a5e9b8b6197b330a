"""From a template to the last day: begun, written, opened, changed in versions, closed, withdrawn; letters and the worker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from convenor.consultation import actions
from convenor.consultation.models import Consultation, Invitation, Proposition, Question, Response
from convenor.consultation.queries.consultations import consultation as seen_of
from convenor.consultation.queries.consultations import consultations, questions
from convenor.consultation.rules.refusals import BadProposition, ChangedMeanwhile, NotOpen, NoWords, WrongDay
from convenor.journal.models import Entry
from convenor.partnership.gate import ANYONE, NotAllowed
from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from tests.factories.consultation import AT, CLOSES, ON, OPENS, SLUG, TEMPLATE, World, asking, consultation, day, respond
from tests.factories.partnership import world

pytestmark = pytest.mark.django_db
NEW = {"key": "cost", "kind": "open", "words": "What would it cost you?", "about": "funding"}


@pytest.fixture
def here() -> World:
    return world()


def start(here: World, who: str = "manager", **more: Any) -> Consultation:
    given = {"title": "A  partnership?", "template_key": TEMPLATE, "opens_on": ON, "closes_on": CLOSES}
    return actions.start_consultation(slug=SLUG, by=here[who], at=AT, **given | more)


def sections(row: Consultation, words: str) -> list[dict[str, Any]]:
    return [row.sections[0] | {"paragraphs": [words]}, *row.sections[1:]]


def verbs() -> list[str]:
    return list(Entry.objects.filter(subject_kind="consultation").order_by("id").values_list("verb", flat=True))


def test_consultation_begins_from_a_template_and_is_seen_by_nobody_else(here: World) -> None:
    row = start(here)
    assert (row.title, row.source, len(row.sections), row.says[:24]) == (
        "A partnership?",
        "gloucestershire-2018@1",
        7,
        "Every school is asked wh",
    )
    assert len(questions(row.pk, viewer=here["manager"])) == 9
    assert [questions(row.pk, viewer=here[who]) for who in ("head", "board member")] == [[], []]
    assert [seen_of(SLUG, row.pk, viewer=who, at=ON) for who in (ANYONE, here["head"])] == [None, None]
    told = {who: consultations(SLUG, viewer=here[who], at=ON) for who in ("manager", "head")}
    assert {who: len(each[1]) for who, each in told.items() if each} == {"manager": 1, "head": 0}
    assert (consultations("nowhere", viewer=ANYONE, at=ON), verbs()) == (None, ["consultation.started"])


def test_nobody_else_starts_one_and_it_has_a_title_and_days(here: World) -> None:
    with pytest.raises(NotAllowed):
        start(here, "cluster lead")
    with pytest.raises(NoWords, match=r"^Give it a title"):
        start(here, title=" ")
    with pytest.raises(WrongDay):
        start(here, closes_on=ON)
    assert Consultation.objects.count() == 0


def test_draft_is_written_and_its_questions_put_differently(here: World) -> None:
    row = start(here)
    known: dict[str, Any] = {"slug": SLUG, "consultation_id": row.pk, "by": here["manager"], "at": AT}
    actions.write_sections(**known, sections=[{"key": "funding", "heading": "Money", "paragraphs": ["None."]}], version=1)
    assert set(Question.objects.filter(consultation=row).values_list("about", flat=True)) == {"", "funding"}
    actions.add_question(**known, question=NEW)
    actions.add_question(**known, question=NEW | {"words": "What would it cost?"}, replaces="cost")
    actions.drop_question(**known, key="first")
    asked = questions(row.pk, viewer=here["manager"])
    assert [(each.key, each.words) for each in asked][-1] == ("cost", "What would it cost?")
    assert "first" not in {each.key for each in asked}
    with pytest.raises(BadProposition, match=r"^There is a question of the key “cost” already"):
        actions.add_question(**known, question=NEW)
    with pytest.raises(ChangedMeanwhile) as refused:
        actions.write_sections(**known, sections=sections(row, "Other."), version=1)
    assert refused.value.now == 5


def test_opening_asks_every_member_school_in_its_groups_of_the_day(here: World) -> None:
    row = start(here)
    actions.may_open(slug=SLUG, consultation_id=row.pk, by=here["manager"], at=AT)
    row.refresh_from_db()
    assert (row.state, Proposition.objects.get().number) == ("open", 1)
    asked = Invitation.objects.get(school_id="990002")
    groups = (asked.phase, asked.type, asked.trust, asked.cluster, asked.size)
    assert groups == ("Primary", "Academies", "Waterside Trust", "North cluster", "400-999")
    assert Invitation.objects.count() == 6
    letters = {each.to_address: each for each in Letter.objects.all()}
    assert {each.kind for each in letters.values()} == {"consultation-invitation"}
    # no letter reaches the head of 990001, so that its chair is written to; in the other schools nobody is known
    assert set(letters) == {"gwen.ford@example.org", "dele.stone@example.org"}
    written = set(Invitation.objects.exclude(invited_at=None).values_list("school_id", flat=True))
    assert written == {"990001", "990005"}
    assert f"/p/{SLUG}/consultations/{row.pk}/answer/990005/" in letters["dele.stone@example.org"].body
    with pytest.raises(NotOpen, match=r"^Schools have been asked"):
        actions.drop_question(slug=SLUG, consultation_id=row.pk, key="first", by=here["manager"], at=AT)
    with pytest.raises(NotOpen):
        actions.may_open(slug=SLUG, consultation_id=row.pk, by=here["manager"], at=AT)


def test_it_opens_and_closes_by_itself_on_its_days(here: World) -> None:
    row = start(here, opens_on=day(2), closes_on=day(20))
    start(here, title="Never said to be ready", opens_on=day(2), closes_on=day(20))
    actions.may_open(slug=SLUG, consultation_id=row.pk, by=here["manager"], at=AT)
    row.refresh_from_db()
    assert (row.state, row.ready_at) == ("draft", AT)
    assert actions.run_due(by="the system", at=AT) == (0, 0, 0)
    assert actions.run_due(by="the system", at=AT + timedelta(days=2)) == (1, 0, 0)
    assert actions.run_due(by="the system", at=AT + timedelta(days=12)) == (0, 0, 0)
    assert actions.run_due(by="the system", at=AT + timedelta(days=14)) == (0, 0, 2)
    assert actions.run_due(by="the system", at=AT + timedelta(days=15)) == (0, 0, 0)
    assert actions.run_due(by="the system", at=AT + timedelta(days=21)) == (0, 1, 0)
    assert sorted(Consultation.objects.values_list("title", "state")) == [("A partnership?", "closed"), ("Never said to be ready", "draft")]


def test_it_is_not_opened_empty_or_late(here: World) -> None:
    row = start(here)
    Question.objects.all().delete()
    with pytest.raises(BadProposition, match=r"^Ask one question at least"):
        actions.may_open(slug=SLUG, consultation_id=row.pk, by=here["manager"], at=AT)
    with pytest.raises(WrongDay, match=r"^Its last day is past"):
        actions.open_consultation(slug=SLUG, consultation_id=row.pk, by="the system", at=AT + timedelta(days=30))
    with pytest.raises(NotThere):
        actions.open_consultation(slug=SLUG, consultation_id=0, by="the system", at=AT)


def test_days_move_freely_in_a_draft_and_only_later_once_open(here: World) -> None:
    row = start(here)
    known: dict[str, Any] = {
        "slug": SLUG,
        "consultation_id": row.pk,
        "by": here["manager"],
        "at": AT,
        "title": "T",
        "says": "S",
        "public": False,
    }
    actions.change_consultation(**known, opens_on=day(0), closes_on=day(12))
    actions.may_open(slug=SLUG, consultation_id=row.pk, by=here["manager"], at=AT)
    actions.change_consultation(**known, opens_on=day(0), closes_on=day(15))
    for opens, closes in ((0, 12), (1, 15)):
        with pytest.raises(WrongDay, match=r"^Schools were told these days"):
            actions.change_consultation(**known, opens_on=day(opens), closes_on=day(closes))
    Consultation.objects.update(state="closed")
    with pytest.raises(NotOpen):
        actions.change_consultation(**known, opens_on=day(0), closes_on=day(15))


def test_proposition_changed_while_open_is_a_new_version_and_answers_keep_theirs() -> None:
    here = asking()
    row = Consultation.objects.get()
    respond(here, row, "990005")
    known: dict[str, Any] = {"slug": SLUG, "consultation_id": row.pk, "by": here["manager"], "at": AT}
    made = actions.change_proposition(**known, sections=sections(row, "Seven principles."), changes="One principle more.")
    assert (made.number, Response.objects.get().proposition.number) == (2, 1)
    letter = Letter.objects.get(kind="consultation-changed")
    assert (letter.to_address, letter.body.count("One principle more.")) == ("dele.stone@example.org", 1)
    with pytest.raises(NoWords, match=r"^Say in a sentence what is different"):
        actions.change_proposition(**known, sections=sections(row, "Eight."), changes=" ")
    with pytest.raises(BadProposition, match=r"^Nothing is different"):
        actions.change_proposition(**known, sections=sections(row, "Seven principles."), changes="x")
    with pytest.raises(BadProposition, match=r"^A question stands beside a section that would be gone"):
        actions.change_proposition(**known, sections=row.sections[:2], changes="Shorter.")
    changed = actions.send_response(slug=SLUG, consultation_id=row.pk, urn="990005", by=here["other head"], at=AT)
    assert changed.proposition.number == 2
    Consultation.objects.update(state="closed")
    with pytest.raises(NotOpen, match=r"^Only a proposition that schools are being asked"):
        actions.change_proposition(**known, sections=sections(row, "Nine."), changes="x")


def test_it_closes_after_its_last_day_and_is_withdrawn_with_a_reason() -> None:
    here = asking()
    row = Consultation.objects.get()
    known: dict[str, Any] = {"slug": SLUG, "consultation_id": row.pk, "by": here["manager"]}
    with pytest.raises(WrongDay, match=r"^Schools were told that they may answer until 16 November 2026"):
        actions.close_consultation(**known, at=AT)
    actions.close_consultation(**known, at=AT + timedelta(days=15))
    with pytest.raises(NotOpen):
        actions.close_consultation(**known, at=AT + timedelta(days=15))
    with pytest.raises(NoWords):
        actions.withdraw_consultation(**known, why=" ", at=AT)
    assert seen_of(SLUG, row.pk, viewer=ANYONE, at=ON) is not None
    actions.withdraw_consultation(**known, why="The county changed its mind.", at=AT)
    assert seen_of(SLUG, row.pk, viewer=ANYONE, at=ON) is None
    with pytest.raises(NotOpen):
        actions.withdraw_consultation(**known, why="Again.", at=AT)
    assert verbs()[-2:] == ["consultation.closed", "consultation.withdrawn"]


def test_schools_not_heard_from_are_reminded_at_most_once_a_week_each_by_who_may() -> None:
    here = asking()
    row = Consultation.objects.get()
    known: dict[str, Any] = {"slug": SLUG, "consultation_id": row.pk}
    Invitation.objects.update(invited_at=AT - timedelta(days=6))
    assert actions.remind(**known, by=here["manager"], at=AT) == 0
    respond(here, row, "990001")
    assert actions.remind(**known, by=here["manager"], at=AT + timedelta(days=1)) == 1
    assert actions.remind(**known, by=here["manager"], at=AT + timedelta(days=7)) == 0
    assert Letter.objects.get().to_address == "dele.stone@example.org"
    with pytest.raises(NotAllowed):
        actions.remind(**known, by=here["head"], at=AT)
    with pytest.raises(NotAllowed, match=r"^You can remind schools of a body you lead"):
        actions.remind(**known, by=here["cluster lead"], at=AT, urns=["990005"])
    with pytest.raises(NotOpen, match=r"^It takes no answers now"):
        actions.remind(**known, by=here["manager"], at=AT + timedelta(days=15))


def test_cluster_lead_reminds_only_the_schools_of_the_cluster() -> None:
    here = asking()
    row = Consultation.objects.get()
    assert actions.remind(slug=SLUG, consultation_id=row.pk, by=here["cluster lead"], at=AT + timedelta(days=1)) == 1
    assert set(Invitation.objects.exclude(reminded_at=None).values_list("school_id", flat=True)) == {"990001"}


def test_trust_leader_of_two_partnerships_days_is_asked_once_for_each_school(here: World) -> None:
    row = consultation(here)
    seen = seen_of(SLUG, row.pk, viewer=here["trust lead"], at=ON)
    assert seen is not None
    assert (seen.takes, seen.runs, seen.opens_on, len(seen.steps)) == (True, False, OPENS, 8)
