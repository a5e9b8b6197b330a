"""Entering what nobody publishes: who may, what is refused, what the school sees at once, and that nobody else sees more than their own."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.intelligence import actions
from convenor.intelligence.actions.entering import tell_school
from convenor.intelligence.models import EnteredFigure, Response
from convenor.intelligence.queries import suggestions
from convenor.intelligence.queries.entered import answers_before, entered_lines, school_entries
from convenor.intelligence.queries.reach import addressees, member, member_list, schools_led, standpoint
from convenor.intelligence.queries.secrecy import held_about
from convenor.intelligence.rules.categories import Voice
from convenor.intelligence.rules.entered import Answer, AnswerRefused
from convenor.intelligence.rules.lines import Level
from convenor.journal.models import Entry
from convenor.journal.queries import entries as journal
from convenor.journal.queries import entries_for_school
from convenor.partnership.gate import ANYONE, NotAllowed, Permission
from convenor.partnership.models import Body, BodySchool
from convenor.partnership.models.lasting import StandsForEver
from convenor.partnership.rules.refusals import NotThere, Refused
from convenor.post.models import Letter
from tests.factories.intelligence_conversations import conversation, suggested
from tests.factories.intelligence_entered import AT, ON, SCHOOL, SLUG, World, circle, entered, in_days, judged, noted, switched_on

pytestmark = pytest.mark.django_db

#: Who may enter a figure about Fernhollow, and the role that its source is told by.
MAY = {
    "head": "Headteacher", "school leader": "School leader", "chair of governors": "Chair of the governing board or trustees",
    "cluster lead": "Cluster lead", "alliance lead": "Alliance lead", "officer": "Local authority officer", "broker": "Broker",
    "other broker": "Broker", "broker of the school": "School leader",
}  # fmt: skip


@pytest.fixture
def here() -> World:
    return circle()


def test_those_who_know_the_school_may_enter_and_nobody_else(here: World) -> None:
    for who, viewer in here.viewers.items():
        if who in MAY:
            row = entered(here, who, HD=["vacant"])[0]
            assert (row.source_role, row.own) == (MAY[who], who in {"head", "school leader", "chair of governors", "broker of the school"})
        else:
            with pytest.raises(NotAllowed):
                actions.enter_figures(slug=SLUG, urn=SCHOOL, entries=[("HD", ["vacant"], {})], as_of_on=ON, by=viewer, at=AT)
    assert EnteredFigure.objects.count() == len(MAY)
    assert set(EnteredFigure.objects.values_list("holder", "record_class")) == {
        ("the partnership, on behalf of its members", "entered-figure")
    }


def test_a_lead_reaches_the_schools_of_their_body_and_of_bodies_beneath(here: World) -> None:
    north = {"990001", "990002", "990003"}
    assert schools_led(here["cluster lead"], permission=Permission.FIGURE_ENTER, at=ON) == north
    assert schools_led(here["alliance lead"], permission=Permission.FIGURE_ENTER, at=ON) == north | {"990004", "990005", "990006"}
    BodySchool.objects.create(partnership=here.partnership, body=Body.objects.get(key="south-cluster"), school_id=SCHOOL)
    assert entered(here, "alliance lead", FIN=["deficit"])[0].source_role == "Alliance lead"  # by two ways to one alliance
    assert schools_led(here["head"], permission=Permission.FIGURE_ENTER, at=ON) == frozenset()
    assert schools_led(ANYONE, permission=Permission.FIGURE_ENTER, at=ON) == frozenset()
    far = member("990005", slug=SLUG, viewer=here["cluster lead"], at=ON)
    assert far is not None
    assert standpoint(far, viewer=here["cluster lead"], permission=Permission.FIGURE_ENTER, at=ON) is None
    with pytest.raises(NotAllowed, match="Dunmarsh High School: no post you hold today reaches it"):
        actions.enter_figures(slug=SLUG, urn="990005", entries=[("HD", ["vacant"], {})], as_of_on=ON, by=here["cluster lead"], at=AT)


def test_an_officer_reaches_the_schools_of_their_own_area(here: World) -> None:
    school = member(SCHOOL, slug=SLUG, viewer=here["officer"], at=ON)
    assert school is not None
    assert (school.name, school.phase, school.authority_code, school.fictitious) == ("Fernhollow Primary School", "Primary", "998", True)
    elsewhere = replace(school, authority_code="997")
    assert standpoint(elsewhere, viewer=here["officer"], permission=Permission.FIGURE_ENTER, at=ON) is None
    assert [each.urn for each in member_list(SLUG, viewer=here["officer"], at=ON)][:2] == ["990002", "990003"]


@pytest.mark.parametrize("urn", ["990099", "123456"])
def test_an_unknown_urn_is_refused(here: World, urn: str) -> None:
    with pytest.raises(NotThere, match=f"No member school of the partnership has the URN {urn}"):
        actions.enter_figures(slug=SLUG, urn=urn, entries=[("HD", ["vacant"], {})], as_of_on=ON, by=here["broker"], at=AT)
    assert school_entries(SLUG, urn, viewer=here["broker"], at=ON) is None
    assert EnteredFigure.objects.count() == 0


@pytest.mark.parametrize(
    ("entries", "as_of_on", "field"),
    [
        ([("HD", ["vacant"], {}), ("GOV", [], {"empty": 13, "places": 12})], ON, "GOV.empty"),
        ([("HD", ["vacant"], {})], ON + timedelta(days=1), "as_of_on"),
        ([("HD", ["vacant"], {})], date(2025, 11, 2), "as_of_on"),
        ([("HD", [], {}), ("SUS", [], {"latest": None})], ON, ""),
        ([("SELF", ["finance"], {})], ON, "SELF"),
    ],
)
def test_what_cannot_be_so_is_refused_whole(
    here: World, entries: list[tuple[str, list[str], dict[str, int]]], as_of_on: date, field: str
) -> None:
    with pytest.raises(AnswerRefused) as told:
        actions.enter_figures(slug=SLUG, urn=SCHOOL, entries=entries, as_of_on=as_of_on, by=here["officer"], at=AT)
    assert told.value.field == field
    assert (EnteredFigure.objects.count(), Letter.objects.count()) == (0, 0)


def test_the_school_sees_each_entry_at_once_and_is_told_without_a_word_of_it(here: World) -> None:
    row = entered(here, "officer", FIN=["deficit"])[0]
    seen = school_entries(SLUG, SCHOOL, viewer=here["head"], at=ON)
    assert seen is not None
    assert [(each.id, each.says, each.source, each.own, each.mine) for each in seen.figures] == [
        (row.pk, "There is a cumulative deficit.", "Local authority officer", False, False)
    ]
    letters = Letter.objects.all()
    assert {each.to_address for each in letters} == {"ada.example@example.org", "gwen.ford@example.org"}
    assert {(each.partnership, each.subject) for each in letters} == {("", "There is something for you in Convenor about your school")}
    assert all("deficit" not in each.body and "officer" not in each.body.lower() and SCHOOL not in each.body for each in letters)


def test_the_schools_own_entry_writes_to_nobody(here: World) -> None:
    entered(here, "head", FIN=["deficit"])
    assert Letter.objects.count() == 0


def test_nobody_is_written_to_about_what_they_did_themselves(here: World) -> None:
    tell_school(SLUG, SCHOOL, by=here["head"], at=AT)
    assert [each.to_address for each in Letter.objects.all()] == ["gwen.ford@example.org"]


def test_a_school_sees_how_much_is_held_of_each_class_and_by_whom(here: World) -> None:
    row = entered(here, "officer", FIN=["deficit"], HD=["vacant"])[0]
    noted(here, at=in_days(1))
    actions.answer_figure(slug=SLUG, urn=SCHOOL, figure_id=row.pk, words="Not so.", disputes=True, by=here["head"], at=in_days(2))
    found = held_about(["990001", "990002"], viewer=here["head"])
    assert {urn: [(each.record_class, each.number, each.newest) for each in held] for urn, held in found.items()} == {
        SCHOOL: [("entered-figure", 2, ON), ("reply", 1, in_days(2).date()), ("soft-signal", 1, in_days(1).date())]
    }
    assert {each.holder for each in found[SCHOOL]} == {"the partnership, on behalf of its members"}
    assert [held_about([SCHOOL], viewer=here[who]) for who in ("officer", "broker", "manager", "other head")] == [{}] * 4
    assert held_about([SCHOOL], viewer=ANYONE) == {}


def test_nobody_outside_the_circle_sees_what_another_entered(here: World) -> None:
    entered(here, "officer", FIN=["deficit"])
    sees = {}
    for who, viewer in here.viewers.items():
        seen = school_entries(SLUG, SCHOOL, viewer=viewer, at=ON)
        sees[who] = len(seen.figures) if seen is not None else 0
    own = {"head", "school leader", "chair of governors", "broker of the school"}
    assert {who for who, number in sees.items() if number} == own | {"officer"}
    assert school_entries(SLUG, SCHOOL, viewer=ANYONE, at=ON) is None
    assert school_entries("mossshire", SCHOOL, viewer=here["head"], at=ON) is None


def test_the_named_broker_reads_what_was_entered_and_another_broker_does_not(here: World) -> None:
    entered(here, "officer", FIN=["deficit"])
    before = school_entries(SLUG, SCHOOL, viewer=here["broker"], at=ON)
    assert before is not None
    assert (before.sees_all, before.figures) == (False, ())


def test_a_form_is_filled_with_what_its_reader_may_know(here: World) -> None:
    entered(here, "head", HD=["first-year"])
    entered(here, "officer", FIN=["deficit"], HD=["vacant"])
    assert answers_before(SLUG, SCHOOL, viewer=here["chair of governors"], at=ON) == {"HD": Answer("HD", frozenset({"first-year"}))}
    assert set(answers_before(SLUG, SCHOOL, viewer=here["officer"], at=ON)) == {"FIN", "HD"}
    assert answers_before(SLUG, SCHOOL, viewer=here["cluster lead"], at=ON) == {}
    assert answers_before("mossshire", SCHOOL, viewer=here["head"], at=ON) == {}


def test_the_same_answer_again_is_still_so(here: World) -> None:
    first = entered(here, "head", HD=["first-year"])[0]
    again = actions.renew_figure(slug=SLUG, urn=SCHOOL, figure_id=first.pk, as_of_on=in_days(30).date(), by=here["head"], at=in_days(30))
    assert (again.pk != first.pk, again.ticks, again.as_of_on) == (True, ["first-year"], in_days(30).date())
    assert list(Entry.objects.filter(urn=SCHOOL, verb__startswith="figure.").order_by("id").values_list("verb", flat=True)) == [
        "figure.entered", "figure.renewed",
    ]  # fmt: skip
    seen = school_entries(SLUG, SCHOOL, viewer=here["head"], at=in_days(30))
    assert seen is not None
    assert [(each.id, each.newest) for each in seen.figures] == [(again.pk, True), (first.pk, False)]
    with pytest.raises(AnswerRefused, match="was said to be so on 2 December 2026 already"):
        actions.renew_figure(slug=SLUG, urn=SCHOOL, figure_id=again.pk, as_of_on=ON, by=here["head"], at=in_days(31))


def test_an_entry_is_taken_back_by_whoever_made_it_or_by_its_school(here: World) -> None:
    theirs, own = entered(here, "officer", FIN=["deficit"])[0], entered(here, "head", HD=["vacant"])[0]
    take = {"slug": SLUG, "urn": SCHOOL, "at": AT}
    with pytest.raises(NotAllowed, match="Only whoever entered it may do this"):
        actions.withdraw_figure(**take, figure_id=theirs.pk, why="It is wrong.", by=here["head"])
    with pytest.raises(NotAllowed):
        actions.withdraw_figure(**take, figure_id=own.pk, why="It is wrong.", by=here["officer"])
    with pytest.raises(Refused, match="Say why it is taken back"):
        actions.withdraw_figure(**take, figure_id=own.pk, why=" ", by=here["head"])
    with pytest.raises(Refused, match="seems to speak of a person"):
        actions.withdraw_figure(**take, figure_id=own.pk, why="Mrs Smith is head now.", by=here["head"])
    actions.withdraw_figure(**take, figure_id=own.pk, why="The post was filled in October.", by=here["school leader"])
    with pytest.raises(NotThere):
        actions.withdraw_figure(**take, figure_id=own.pk, why="Again.", by=here["head"])
    assert entered_lines([SCHOOL], partnership_id=here.partnership.pk, at=ON)[SCHOOL][0].code == "FIN"
    seen = school_entries(SLUG, SCHOOL, viewer=here["head"], at=ON)
    assert seen is not None
    assert {each.withdrawn_why for each in seen.figures} == {"", "The post was filled in October."}


def test_the_schools_answer_stands_beside_an_entry_for_ever(here: World) -> None:
    row = entered(here, "officer", FIN=["deficit"])[0]
    say = {"slug": SLUG, "urn": SCHOOL, "at": AT}
    response = actions.answer_figure(**say, figure_id=row.pk, words="The budget balances since May.", disputes=True, by=here["head"])
    seen = school_entries(SLUG, SCHOOL, viewer=here["officer"], at=ON)
    assert seen is not None
    assert [(each.words, each.disputes, each.by) for each in seen.figures[0].responses] == [
        ("The budget balances since May.", True, "Ada Example, headteacher, Fernhollow Primary School")
    ]
    line = entered_lines([SCHOOL], partnership_id=here.partnership.pk, at=ON)[SCHOOL][0]
    assert (line.level, line.says.endswith("The school disputes this.")) == (Level.NOTE, True)
    response.words = "Never mind."
    with pytest.raises(StandsForEver):
        response.save()
    with pytest.raises(StandsForEver):
        Response.objects.all().delete()


def test_an_answer_is_the_schools_alone_and_has_words(here: World) -> None:
    row = entered(here, "officer", FIN=["deficit"])[0]
    say = {"slug": SLUG, "urn": SCHOOL, "at": AT, "disputes": False}
    for who in ("officer", "cluster lead", "other head", "manager", "clerk"):
        with pytest.raises(NotAllowed):
            actions.answer_figure(**say, figure_id=row.pk, words="Not so.", by=here[who])
    for words in ("  ", "x" * 2001):
        with pytest.raises(Refused, match="at most 2000 characters"):
            actions.answer_figure(**say, figure_id=row.pk, words=words, by=here["head"])
    with pytest.raises(NotThere):
        actions.answer_figure(**say, figure_id=row.pk + 999, words="Not so.", by=here["head"])
    actions.withdraw_figure(slug=SLUG, urn=SCHOOL, figure_id=row.pk, why="It was last year's.", by=here["officer"], at=AT)
    with pytest.raises(Refused, match="It was taken back"):
        actions.answer_figure(**say, figure_id=row.pk, words="Not so.", by=here["head"])
    assert Response.objects.count() == 0


def test_lines_are_of_this_partnership_and_of_these_schools(here: World) -> None:
    entered(here, "head", HD=["vacant"])
    key = here.partnership.pk
    assert {urn: [each.code for each in lines] for urn, lines in entered_lines([SCHOOL, "990002"], partnership_id=key, at=ON).items()} == {
        SCHOOL: ["HD"]
    }
    assert entered_lines([SCHOOL], partnership_id=key + 99, at=ON) == {}
    assert entered_lines([SCHOOL], partnership_id=None, at=ON) == {}
    assert entered_lines([], partnership_id=key, at=ON) == {}
    assert entered_lines([SCHOOL], partnership_id=key, at=date(2027, 11, 2)) == {}


def test_lines_of_many_schools_take_three_queries(here: World) -> None:
    entered(here, "head", HD=["vacant"])
    with CaptureQueriesContext(
        connection,
    ) as asked:
        entered_lines(["990001", "990002", "990003", "990004"], partnership_id=here.partnership.pk, at=ON)
    assert len(asked) == 3


def test_the_common_journal_tells_nothing_and_the_schools_record_does(here: World) -> None:
    entered(here, "officer", FIN=["deficit"])
    page = journal(SLUG, viewer=here["manager"])
    assert page is not None
    assert [each.verb for each in page.entries if each.verb.startswith("figure.")] == []
    own = entries_for_school(SCHOOL, viewer=here["head"])
    assert [(each.verb, each.said) for each in own][:1] == [("figure.entered", "Fact or figure entered")]


def test_addresses_are_for_those_who_write_about_a_school(here: World) -> None:
    assert [each[2] for each in addressees(SLUG, SCHOOL, viewer=here["officer"], at=ON)] == [
        "ada.example@example.org",
        "gwen.ford@example.org",
    ]
    assert addressees(SLUG, SCHOOL, viewer=here["board member"], at=ON) == []
    assert addressees(SLUG, SCHOOL, viewer=ANYONE, at=ON) == []


def test_the_named_broker_reads_along_once_the_conversation_is_shared(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    says = suggested(SCHOOL)
    monkeypatch.setattr(suggestions, "_assessed", lambda urns, *_: {urn: says[urn] for urn in urns if urn in says})
    entered(here, "officer", FIN=["deficit"])
    conversation(here)
    seen = school_entries(SLUG, SCHOOL, viewer=here["broker"], at=ON)
    other = school_entries(SLUG, SCHOOL, viewer=here["other broker"], at=ON)
    assert seen is not None
    assert other is not None
    assert ([each.code for each in seen.figures], other.figures) == (["FIN"], ())


def test_rows_name_themselves_without_their_words(here: World) -> None:
    figure, signal = entered(here, "officer", FIN=["deficit"])[0], noted(here)
    response = actions.answer_figure(slug=SLUG, urn=SCHOOL, figure_id=figure.pk, words="Not so.", disputes=True, by=here["head"], at=AT)
    scheme = switched_on(here)
    judgement = judged(here, "head", Voice.SCHOOL)
    draw = actions.draw_moderation(slug=SLUG, seed="0123456789abcdef", by="an operator", at=AT)
    assert [str(each) for each in (figure, signal, response, scheme, judgement, draw)] == [
        "FIN of 990001, 2026-11-02", "staffing of 990001, 2026-10-20", "990001, 2026-11-02 09:00:00+00:00",
        "Fernshire Education Partnership, from 2026-11-02", "school of 990001, 2026-11-02 09:00:00+00:00", "Draw of 2026-27",
    ]  # fmt: skip
