"""The text from its draft to its adoption: who may, what is refused, what the journal says, and which letters leave."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from convenor.agreements.actions import adopt_text, begin_text, drop_text, remind_of_agreements, write_text
from convenor.agreements.models import Agreed, AgreementText
from convenor.agreements.queries.people import speakers
from convenor.agreements.queries.texts import texts
from convenor.agreements.rules.classes import DataClass
from convenor.agreements.rules.refusals import BadText, ChangedMeanwhile, NoText, WrongDay
from convenor.journal.models import Entry
from convenor.partnership.gate import ANYONE, NotAllowed
from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from tests.factories.agreements import ANSWERS_TO, AT, ON, SLUG, World, adopted, agreeing, all_of, signed
from tests.factories.partnership import world

pytestmark = pytest.mark.django_db
BY = ON + timedelta(days=56)
DAY = timedelta(days=1)


def reached(here: World) -> World:
    """A letter reaches the head of 990001, too, whom the constitution names without an address."""
    here.people["head"].email = "ada.example@example.org"
    here.people["head"].save()
    return here


@pytest.fixture
def here() -> World:
    return reached(world())


def begun(here: World, **more: Any) -> AgreementText:
    return begin_text(slug=SLUG, template_key="school-data-sharing", by=here["manager"], at=AT, **more)


def written(here: World, row: AgreementText, **more: Any) -> AgreementText:
    given: dict[str, Any] = {"sections": row.sections, "classes": row.classes, "answers_to": ANSWERS_TO, "version": row.version}
    return write_text(slug=SLUG, by=here["manager"], at=AT, **given | more)


def adopt(here: World, row: AgreementText, **more: Any) -> tuple[AgreementText, int]:
    given: dict[str, Any] = {
        "agree_by_on": BY,
        "decided": "Strategic Board, 12 October 2026",
        "version": row.version,
        "by": here["manager"],
    }
    return adopt_text(slug=SLUG, at=AT, **given | more)


def test_text_goes_from_template_to_draft_to_every_school(here: World) -> None:
    row, letters = adopt(here, written(here, begun(here)))
    assert (row.number, row.source, row.agree_by_on, row.adopted_by) == (
        1, "school-data-sharing@1", BY, "Mara Hollis, partnership manager, Fernshire Education Partnership",
    )  # fmt: skip
    assert row.sections[0]["paragraphs"][0].startswith("Fernshire Education Partnership is schools of every type")
    verbs = list(Entry.objects.filter(verb__startswith="agreement").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["agreement.begun", "agreement.written", "agreement.adopted"]
    assert Entry.objects.get(verb="agreement.adopted").detail == {
        "version": 1, "agree_by": "2026-12-28", "decided": "Strategic Board, 12 October 2026", "letters": letters,
    }  # fmt: skip


def test_whoever_speaks_for_schools_gets_one_letter_with_all_of_theirs(here: World) -> None:
    _, count = adopt(here, written(here, begun(here)))
    sent = {each.to_name: each.body for each in Letter.objects.filter(kind="agreement-asked")}
    assert (count, len(sent)) == (len(sent), len(sent))
    assert {"Ada Example", "Dele Stone", "Tess Moor"} <= set(sent)
    assert "Gwen Ford" not in sent  # the chair of a school whose head is known
    assert sent["Tess Moor"].count("You speak for 2 schools, and can agree for all at once") == 1
    assert sent["Ada Example"].count("Until 28 December 2026 everything stays as it was") == 1
    assert sent["Ada Example"].count(f"/p/{SLUG}/agreements/990001/") == 1


def test_chair_is_written_to_where_no_head_is_known(here: World) -> None:
    here.people["head"].email = None
    here.people["head"].save()
    found = speakers(SLUG, ["990001"], viewer="the system", on=ON)
    assert [(each.name, each.schools) for each in found] == [("Gwen Ford", (("990001", "Fernhollow Primary School"),))]
    assert speakers(SLUG, ["990001"], viewer=here["head"], on=ON) == []


@pytest.mark.parametrize("who", ["head", "trust lead", "officer", "cluster lead", "auditor"])
def test_nobody_but_the_manager_puts_a_text_to_schools(here: World, who: str) -> None:
    row = written(here, begun(here))
    known: dict[str, Any] = {"slug": SLUG, "by": here[who], "at": AT}
    for do in (
        lambda: begin_text(**known), lambda: drop_text(version=row.version, **known),
        lambda: write_text(sections=row.sections, classes=row.classes, answers_to="", version=row.version, **known),
        lambda: adopt_text(agree_by_on=BY, decided="We", version=row.version, **known),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match="put the data-sharing agreement"):
            do()
    assert AgreementText.objects.get().version == row.version


def test_what_a_lawyer_asks_is_said_before_it_is_put_to_schools(here: World) -> None:
    row = begun(here)
    with pytest.raises(BadText, match="whom a school asks"):
        adopt(here, row)
    row = written(here, row)
    for more, error, says in (
        ({"decided": " "}, BadText, "who decided"), ({"agree_by_on": ON + 13 * DAY}, WrongDay, "14 days at least"),
        ({"agree_by_on": date(2027, 8, 1)}, WrongDay, "Half a year"), ({"version": 1}, ChangedMeanwhile, "Somebody changed this"),
    ):  # fmt: skip
        with pytest.raises(error, match=says):
            adopt(here, row, **more)
    assert (AgreementText.objects.get().adopted_at, Letter.objects.count()) == (None, 0)


def test_words_that_are_no_text_are_refused_and_the_draft_stands(here: World) -> None:
    row = begun(here)
    with pytest.raises(BadText, match="one section of each"):
        written(here, row, sections=row.sections[3:])
    with pytest.raises(BadText, match="says nothing of support-records"):
        written(here, row, classes=row.classes[:3])
    with pytest.raises(ChangedMeanwhile, match="What you wrote stands below"):
        written(here, row, version=7)
    assert AgreementText.objects.get().version == 1


def test_two_who_begin_at_once_have_one_draft(here: World) -> None:
    begun(here)
    with pytest.raises(ChangedMeanwhile, match="A draft is there already"):
        begun(here)
    drop_text(slug=SLUG, version=1, by=here["manager"], at=AT)
    with pytest.raises(BadText, match="There is no template"):
        begin_text(slug=SLUG, template_key="none", by=here["manager"], at=AT)
    assert AgreementText.objects.count() == 0


def test_two_drafts_at_the_very_same_moment_are_one(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(**_: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(AgreementText.objects, "create", taken)
    with pytest.raises(ChangedMeanwhile, match="at the same moment"):
        begun(here)


def test_without_a_draft_there_is_nothing_to_change(here: World) -> None:
    with pytest.raises(NoText, match="no draft any more"):
        drop_text(slug=SLUG, version=1, by=here["manager"], at=AT)
    with pytest.raises(NotThere, match="no partnership of that address"):
        begin_text(slug="nowhere", by="an operator", at=AT)


def test_new_version_begins_as_a_copy_and_says_what_is_different() -> None:
    here = reached(agreeing())
    row = begin_text(slug=SLUG, by=here["manager"], at=AT)
    assert (row.number, row.sections, row.answers_to) == (2, AgreementText.objects.get(number=1).sections, ANSWERS_TO)
    with pytest.raises(BadText, match="what is different"):
        adopt(here, row)
    adopt(here, row, changes="Support is told shorter.")
    letter = Letter.objects.filter(kind="agreement-asked", to_name="Ada Example").get()
    assert letter.body.count("What is different: Support is told shorter.") == 1
    assert Agreed.objects.filter(text__number=1).count() == 4


def test_draft_is_shown_to_nobody_but_the_manager(here: World) -> None:
    begun(here)
    seen = {who: texts(SLUG, viewer=viewer).draft is not None for who, viewer in here.viewers.items()}
    assert {who for who, sees in seen.items() if sees} == {"manager"}
    assert (texts(SLUG, viewer=ANYONE).draft, texts(SLUG, viewer=ANYONE).now) == (None, None)


def remind(days: int) -> int:
    return remind_of_agreements(by="the system", at=AT + days * DAY)


def test_school_is_reminded_six_weeks_and_a_week_before_and_on_the_day() -> None:
    here = reached(world())
    adopted(here, agree_by_on=ON - 90 * DAY)
    all_of(here, "990001")  # until 182 days from now
    days = [day for day in range(130, 215) if remind(day)]
    assert days == [140, 175, 182]
    letters = list(Letter.objects.order_by("pk").values_list("to_name", "kind").distinct())
    assert letters == [("Ada Example", "agreement-ends")] * 3
    assert Letter.objects.first().body.count("which ends on 3 May 2027") == 1  # type: ignore[union-attr]
    assert Agreed.objects.exclude(remind_on=None).count() == 0


def test_renewed_or_withdrawn_or_long_past_is_not_reminded() -> None:
    here = world()
    adopted(here, agree_by_on=ON - 90 * DAY)
    signed(here, "990001", DataClass.PUBLISHED, until_on=ON + 5 * DAY)
    signed(here, "990001", DataClass.PUBLISHED)
    signed(here, "990001", DataClass.REVIEWS, withdrawn=True)
    signed(here, "990001", DataClass.SUPPORT, ended=40)
    assert (remind(0), Letter.objects.count()) == (0, 0)


def test_schools_not_yet_heard_from_are_reminded_once_before_the_day() -> None:
    here = world()
    adopted(here, agree_by_on=ON + 20 * DAY)
    signed(here, "990001", DataClass.REVIEWS, withdrawn=True)
    sent = {day: remind(day) for day in range(25)}
    assert [day for day, count in sent.items() if count] == [6]
    names = set(Letter.objects.filter(kind="agreement-not-yet").values_list("to_name", flat=True))
    assert ("Dele Stone" in names, "Tess Moor" in names, "Ada Example" in names) == (True, True, False)


def test_no_letter_names_a_class_of_record() -> None:
    here = world()
    adopted(here, agree_by_on=ON + 10 * DAY)
    all_of(here, "990001", until_on=ON + 3 * DAY, remind_on=ON)
    assert remind(0) > 1
    said = " ".join(f"{each.subject} {each.body}" for each in Letter.objects.all()).lower()
    assert [said.count(each) for each in ("signal", "review", "support", "entered")] == [0, 0, 0, 0]
