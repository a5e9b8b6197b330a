"""People read, name and file; suggestions suggest; what is done rests on decisions; the report goes to everybody who was asked."""

from __future__ import annotations

import pytest

from convenor.consultation.actions.reporting import publish_report
from convenor.consultation.actions.themes import drop_theme, file_answers, name_theme, say_theme
from convenor.consultation.models import Coding, ConsultationReport, Theme
from convenor.consultation.queries.report import report
from convenor.consultation.queries.themes import reading, suggestions, themes_told, written
from convenor.consultation.queries.themes import theme as theme_of
from convenor.consultation.rules.refusals import BadAnswer, ChangedMeanwhile, NotOpen, NoWords
from convenor.consultation.rules.states import Heard
from convenor.journal.models import Entry
from convenor.partnership.gate import ANYONE, NotAllowed
from convenor.partnership.models.lasting import StandsForEver
from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from tests.factories.consultation import AT, ON, SLUG, asking, respond
from tests.factories.hearing import DID, SAID, SECRETS, heard, named, published, say, sent
from tests.factories.partnership import World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def test_theme_is_named_and_answers_are_filed_under_it(here: World) -> None:
    row = sent(here)
    theme = named(here, row)
    read = theme_of(SLUG, row.pk, theme.pk, viewer=here["manager"], at=ON)
    assert read is not None
    assert (read.theme.name, read.theme.filed, sum(each.filed for each in read.answers)) == ("Release time", 6, 6)
    assert read.theme.from_suggestion.startswith("Made by a program from shared words alone")
    first = next(each.pk for each in read.answers if each.filed)
    assert file_answers(slug=SLUG, theme_id=theme.pk, shown=[first], about=[], by=here["manager"], at=AT) == (0, 1)
    assert Coding.objects.filter(theme=theme).count() == 5
    assert Entry.objects.filter(verb="consultation.answers-filed").count() == 2


def test_suggestions_file_nothing_and_leave_out_what_is_filed(here: World) -> None:
    row = sent(here)
    before = suggestions(SLUG, row.pk, "anything", viewer=here["manager"], at=ON)
    assert before is not None
    assert ("release" in before.suggestions.groups[0].terms, Coding.objects.count(), Theme.objects.count()) == (True, 0, 0)
    named(here, row)
    after = suggestions(SLUG, row.pk, "anything", viewer=here["manager"], at=ON)
    assert after is not None
    assert len(after.words) == len(before.words) - 6


def test_answers_to_read_have_no_senders(here: World) -> None:
    row = sent(here)
    theme = named(here, row)
    read = theme_of(SLUG, row.pk, theme.pk, viewer=here["manager"], at=ON)
    assert read is not None
    assert [words for words in ("Invented School", "98000", SECRETS["role"]) if words in str(read.answers)] == []


@pytest.mark.parametrize("who", ["board member", "other head", "cluster lead"])
def test_words_are_for_whoever_runs_it(here: World, who: str) -> None:
    row = sent(here)
    theme = named(here, row)
    assert written(row.pk, "anything", viewer=here[who]) == {}
    assert reading(SLUG, row.pk, viewer=here[who], at=ON) is None
    assert theme_of(SLUG, row.pk, theme.pk, viewer=here[who], at=ON) is None
    assert suggestions(SLUG, row.pk, "anything", viewer=here[who], at=ON) is None
    with pytest.raises(NotAllowed):
        name_theme(slug=SLUG, consultation_id=row.pk, question="anything", name="Time", by=here[who], at=AT)


def test_nothing_is_read_while_answers_come_in() -> None:
    here = asking()
    from convenor.consultation.models import Consultation

    row = Consultation.objects.get()
    respond(here, row, "990001")
    assert reading(SLUG, row.pk, viewer=here["manager"], at=ON) is None
    with pytest.raises(NotOpen):
        name_theme(slug=SLUG, consultation_id=row.pk, question="anything", name="Time", by=here["manager"], at=AT)


def test_a_theme_is_named_once_and_of_an_open_question(here: World) -> None:
    row = sent(here)
    theme = named(here, row)
    with pytest.raises(NoWords, match="already"):
        name_theme(slug=SLUG, consultation_id=row.pk, question="anything", name="release TIME", by=here["manager"], at=AT)
    with pytest.raises(NotThere):
        name_theme(slug=SLUG, consultation_id=row.pk, question="structure", name="Time", by=here["manager"], at=AT)
    drop_theme(slug=SLUG, theme_id=theme.pk, by=here["manager"], at=AT)
    assert (Theme.objects.count(), Coding.objects.count()) == (0, 0)
    with pytest.raises(NotThere):
        drop_theme(slug=SLUG, theme_id=theme.pk, by=here["manager"], at=AT)


def test_only_answers_to_the_question_are_filed(here: World) -> None:
    row = sent(here)
    theme = named(here, row)
    silent = row.responses.filter(answers__anything="").first()
    assert silent is not None
    for shown, about in (([silent.pk], [silent.pk]), ([], [written(row.pk, "anything", viewer="x").popitem()[0]])):
        with pytest.raises(BadAnswer):
            file_answers(slug=SLUG, theme_id=theme.pk, shown=shown, about=about, by=here["manager"], at=AT)


def test_what_is_done_rests_on_a_decision_and_quotes_nobody(here: World) -> None:
    row = sent(here)
    theme = named(here, row)
    for more in ({"decision_id": None}, {"said": "A school said: the one governor left cannot release anybody before June"}):
        with pytest.raises(NoWords):
            say(here, theme, **more)
    with pytest.raises(NotThere):
        say(here, theme, decision_id=999_999)
    said = say(here, theme)
    assert (said.said, said.did, said.heard, said.version) == (SAID, DID, "doing", 2)
    with pytest.raises(ChangedMeanwhile):
        say_theme(
            slug=SLUG, theme_id=theme.pk, name="Time", said="", heard=None, did="", decision_id=None, version=1, by=here["manager"], at=AT
        )


def test_few_answers_of_a_theme_are_not_counted_out(here: World) -> None:
    row = sent(here)
    theme = named(here, row)
    views = [pk for pk, words in written(row.pk, "anything", viewer="x").items() if words.startswith("View ")][:4]
    file_answers(slug=SLUG, theme_id=theme.pk, shown=views, about=views, by=here["manager"], at=AT)
    told = themes_told(row, viewer=here["manager"])[0][1][0]
    assert (told.schools, told.views) == (6, None)


def test_report_is_published_once_and_every_school_is_told(here: World) -> None:
    row = published(here)
    assert (row.state, row.reported_at, ConsultationReport.objects.count()) == ("reported", AT, 1)
    letter = Letter.objects.filter(kind="consultation-report").first()
    assert letter is not None
    assert f"/p/{SLUG}/consultations/{row.pk}/report/" in letter.body
    assert [words for words in SECRETS.values() if Letter.objects.filter(body__contains=words).exists()] == []
    with pytest.raises(NotOpen):
        publish_report(slug=SLUG, consultation_id=row.pk, by=here["manager"], at=AT)
    with pytest.raises(NotOpen):
        say(here, Theme.objects.get(), heard=Heard.LATER)
    with pytest.raises(StandsForEver):
        ConsultationReport.objects.get().delete()


def test_unfinished_themes_hold_the_report_back(here: World) -> None:
    row = heard(here)
    named(here, row)
    with pytest.raises(NoWords, match="Release time"):
        publish_report(slug=SLUG, consultation_id=row.pk, by=here["manager"], at=AT)


def test_nothing_is_reported_before_it_is_worked_out(here: World) -> None:
    row = sent(here)
    with pytest.raises(NotOpen):
        publish_report(slug=SLUG, consultation_id=row.pk, by=here["manager"], at=AT)
    assert report(SLUG, row.pk, viewer=here["manager"], at=ON) is None


def test_draft_is_for_whoever_runs_it_and_the_report_for_anyone(here: World) -> None:
    row = heard(here)
    theme = named(here, row)
    draft = report(SLUG, row.pk, viewer=here["manager"], at=ON)
    assert draft is not None
    assert (draft.published_at, draft.left) == (None, ("Release time",))
    assert [report(SLUG, row.pk, viewer=viewer, at=ON) for viewer in (here["board member"], here["head"], ANYONE)] == [None] * 3
    say(here, theme)
    publish_report(slug=SLUG, consultation_id=row.pk, by=here["manager"], at=AT)
    made = report(SLUG, row.pk, viewer=ANYONE, at=ON)
    assert made is not None
    assert (made.published_at, made.left) == (AT, ())
    assert [words for words in (*SECRETS.values(), "Invented School") if words in str(made.report)] == []


def test_report_outlasts_the_answers(here: World) -> None:
    row = published(here)
    before = report(SLUG, row.pk, viewer=ANYONE, at=ON)
    Coding.objects.all().delete()
    row.responses.all().delete()
    assert report(SLUG, row.pk, viewer=ANYONE, at=ON) == before
