"""The yearly self-assessment: who asks, who answers, what is kept of it and what is told, and to whom letters go."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from convenor.conditions.actions import answer, close_assessment, close_ended, open_assessment, remind_of_assessments
from convenor.conditions.models import SelfAssessment, SelfAssessmentAnswer
from convenor.conditions.queries.assessments import condition_page, over_time, own_answer, to_answer
from convenor.conditions.rules.cards import NINE_CONDITIONS
from convenor.conditions.rules.refusals import ChangedMeanwhile, NotOpen, NoWords, WrongDay
from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from tests.factories.over_time import AT, ON, SECRETS, SLUG, World, answers, assessment, closed, world

pytestmark = pytest.mark.django_db
ALL_TWO = "222222222"


@pytest.fixture
def here() -> World:
    return world()


def later(days: int) -> datetime:
    return AT + timedelta(days=days)


def say(here: World, row: SelfAssessment, who: str = "head", **more: Any) -> SelfAssessmentAnswer:
    given: dict[str, Any] = {"levels": {"trust": 3}, "words": {}, "in_groups": True, "version": 0, "at": AT}
    return answer(slug=SLUG, assessment_id=row.pk, by=here[who], **given | more)


# Asking


def test_asking_writes_to_every_member_who_may_say(here: World) -> None:
    row = open_assessment(slug=SLUG, title="Autumn 2026", closes_on=ON + timedelta(days=21), by=here["manager"], at=AT)
    assert ([card["key"] for card in row.cards], [each["level"] for each in row.levels]) == (
        [card.key for card in NINE_CONDITIONS], [1, 2, 3, 4],
    )  # fmt: skip
    written = set(Letter.objects.filter(kind="assessment-open").values_list("to_name", flat=True))
    assert {"Dele Stone", "Lorna Beck", "Mara Hollis"} <= written
    assert written & {"Otto Lane", "Nia Stranger"} == set()  # the auditor says nothing; nor does somebody with no post
    assert Entry.objects.filter(subject_kind="self-assessment").values_list("verb", "by_label").get()[0] == "conditions.opened"


def test_asking_is_refused_where_it_cannot_be(here: World) -> None:
    given: dict[str, Any] = {"slug": SLUG, "title": "Autumn", "closes_on": ON + timedelta(days=21), "at": AT}
    with pytest.raises(NotAllowed):
        open_assessment(by=here["head"], **given)
    with pytest.raises(WrongDay):
        open_assessment(by=here["manager"], **given | {"closes_on": ON})
    assessment(here)
    with pytest.raises(NotOpen):
        open_assessment(by=here["manager"], **given)
    assert Letter.objects.count() == 0


# Answering


def test_answer_counts_among_people_like_them_unless_they_say_no(here: World) -> None:
    row = assessment(here)
    first = say(here, row, words={"trust": SECRETS["words"]})
    assert (first.levels, first.words, first.role, first.phase, first.type, first.version) == (
        {"trust": 3}, {"trust": SECRETS["words"]}, "head", "primary", "maintained", 1,
    )  # fmt: skip
    again = say(here, row, version=1, in_groups=False, levels={"trust": None, "vision": 1})
    assert (again.pk, again.levels, again.words, again.role, again.phase, again.type) == (first.pk, {"vision": 1}, {}, "", "", "")
    assert Entry.objects.filter(subject_kind="self-assessment").count() == 0


def test_answer_is_refused_where_it_cannot_be(here: World) -> None:
    row = assessment(here)
    for error, more in (
        (NotAllowed, {"who": "auditor"}), (NotAllowed, {"who": "somebody with no post"}), (NoWords, {"levels": {}}),
        (NoWords, {"levels": {"weather": 2}}), (NotOpen, {"at": later(22)}), (ChangedMeanwhile, {"version": 3}),
    ):  # fmt: skip
        with pytest.raises(error):
            say(here, row, **more)
    with pytest.raises(NotThere):
        answer(slug=SLUG, assessment_id=10**9, levels={"trust": 1}, words={}, in_groups=True, version=0, by=here["head"], at=AT)
    assert SelfAssessmentAnswer.objects.count() == 0


def test_page_begins_with_what_one_said_last_year(here: World) -> None:
    old = assessment(here, state="closed", opens_on=date(2025, 11, 3))
    say_then = {"vision": 2, "trust": 4, "weather": 9}
    SelfAssessmentAnswer.objects.create(
        assessment=old, person=here.people["head"], role="head", levels=say_then, words={"trust": "Old words"}, sent_at=later(-365)
    )
    assert own_answer(SLUG, viewer=here["head"], at=AT) is None
    assessment(here)
    begun = own_answer(SLUG, viewer=here["head"], at=AT)
    assert begun is not None
    assert (begun.given, begun.words, begun.version, begun.before) == ({"vision": 2, "trust": 4}, {}, 0, later(-365).date())
    assert begun.groups == ("Head of a school", "Primary", "Maintained by the local authority")
    other = own_answer(SLUG, viewer=here["other head"], at=AT)
    asked = {who: to_answer(SLUG, viewer=here[who], at=AT) for who in ("head", "auditor", "somebody with no post")}
    assert {who: each.title if each else None for who, each in asked.items()} == {
        "head": "Autumn 2026", "auditor": None, "somebody with no post": None,
    }  # fmt: skip
    assert other is not None
    assert (other.given, other.before, other.in_groups) == ({}, None, True)
    assert own_answer(SLUG, viewer=here["auditor"], at=AT) is None


# Closing and telling


def test_closing_keeps_what_members_said_beside_what_the_data_say(here: World) -> None:
    row = assessment(here)
    answers(row, [ALL_TWO] * 4 + ["333333330"], words=SECRETS["words"])
    done = close_assessment(slug=SLUG, assessment_id=row.pk, version=1, by=here["manager"], at=later(3))
    assert done.told["conditions"]["vision"] == {"counts": [0, 4, 1, 0], "groups": {}}
    assert sorted(set(done.told["conditions"]) ^ {card.key for card in NINE_CONDITIONS}) == ["structures"]  # four judged it
    assert {"vision", "capacity", "contributions", "structures"} <= set(done.evidence)
    assert "Dele Stone" in set(Letter.objects.filter(kind="assessment-told").values_list("to_name", flat=True))
    with pytest.raises(NotOpen):
        close_assessment(slug=SLUG, assessment_id=row.pk, version=2, by=here["manager"], at=later(4))
    SelfAssessmentAnswer.objects.all().delete()  # their keeping period is over; what was told stands
    seen = over_time(SLUG, viewer=here["manager"], at=later(3))
    assert seen is not None
    assert seen.newest is not None
    assert [each.whole.counts if each.whole else None for each in seen.newest.told.conditions.values()][-2:] == [(0, 4, 1, 0), None]


def test_closing_is_refused_where_it_cannot_be(here: World) -> None:
    row = assessment(here)
    for error, more in (
        (NotAllowed, {"by": here["head"]}), (NotThere, {"assessment_id": 10**9}), (ChangedMeanwhile, {"version": 2}),
    ):  # fmt: skip
        with pytest.raises(error):
            close_assessment(**{"slug": SLUG, "assessment_id": row.pk, "version": 1, "by": here["manager"], "at": AT} | more)


def test_evidence_that_was_kept_is_read_by_whoever_may_see_its_like(here: World) -> None:
    row = assessment(here)
    answers(row, [ALL_TWO] * 5)
    assert close_ended(by="the system", at=later(21)) == 0
    assert close_ended(by="the system", at=later(22)) == 1
    found = {}
    for who in ("manager", "school leader"):
        seen = over_time(SLUG, viewer=here[who], at=later(22))
        assert seen is not None
        assert seen.newest is not None
        found[who] = {line.source for line in seen.newest.evidence}
    assert "Funds" in found["manager"]
    assert found["school leader"] == {
        "Priorities and decisions", "Members", "The partnership’s structure", "Consultations, rounded to five",
    }  # fmt: skip


def test_nothing_is_told_while_it_is_open_and_of_four_never(here: World) -> None:
    row = assessment(here)
    answers(row, [ALL_TWO] * 4, words=SECRETS["words"])
    before = over_time(SLUG, viewer=here["manager"], at=AT)
    assert before is not None
    assert before.open is not None
    assert (before.open.answered, before.open.mine, before.years) == (4, False, ())
    close_assessment(slug=SLUG, assessment_id=row.pk, version=1, by=here["manager"], at=AT)
    after = condition_page(SLUG, "trust", viewer=here["manager"], at=AT)
    assert after is not None
    assert (after.seen.years[0][1].whole, after.words) == (None, ())
    assert Letter.objects.filter(kind="assessment-told").count() == 0


def test_words_are_read_without_a_name_by_whoever_asks(here: World) -> None:
    row = assessment(here)
    answers(row, [ALL_TWO] * 5, words=SECRETS["words"])
    close_assessment(slug=SLUG, assessment_id=row.pk, version=1, by=here["manager"], at=AT)
    read = {who: condition_page(SLUG, "trust", viewer=here[who], at=AT) for who in ("manager", "head", "board member", "auditor")}
    assert {who: page.words if page else None for who, page in read.items()} == {
        "manager": (SECRETS["words"],), "head": (), "board member": (), "auditor": (),
    }  # fmt: skip
    assert condition_page(SLUG, "weather", viewer=here["manager"], at=AT) is None
    assert condition_page(SLUG, "trust", viewer=here["somebody with no post"], at=AT) is None


def test_trend_has_every_year_the_newest_first(here: World) -> None:
    closed(here, [ALL_TWO] * 5, opens_on=date(2024, 11, 4))
    closed(here, ["333333333"] * 6, opens_on=date(2025, 11, 3), roles=["head"] * 6)
    page = condition_page(SLUG, "vision", viewer=here["head"], at=AT)
    assert page is not None
    assert [(year.title, told.whole.counts if told.whole else None) for year, told in page.seen.years] == [
        ("Autumn 2025", (0, 0, 6, 0)), ("Autumn 2024", (0, 5, 0, 0)),
    ]  # fmt: skip


# Letters


def test_those_who_have_not_answered_are_reminded_once(here: World) -> None:
    row = assessment(here)
    say(here, row, "school leader")
    assert [remind_of_assessments(by="the system", at=later(days)) > 0 for days in (15, 16, 17)] == [False, True, False]
    written = set(Letter.objects.filter(kind="assessment-reminder").values_list("to_name", flat=True))
    assert written & {"Sia Brook", "Dele Stone"} == {"Dele Stone"}
