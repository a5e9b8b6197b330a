"""Categories: off until the board decided after asking schools; judged by people; moderated by one draw; totals that name nobody."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from convenor.governance.actions import record_decision
from convenor.governance.queries import board_decisions, decision_standing
from convenor.intelligence import actions
from convenor.intelligence.models import CategoryJudgement, ModerationDraw, SchemeInUse
from convenor.intelligence.queries import suggestions
from convenor.intelligence.queries.categories import (
    CategoriesPage,
    CategoryPage,
    categories_page,
    category_page,
    drawn_this_year,
    newest_of,
    scheme_in_use,
    voice_of,
)
from convenor.intelligence.queries.reach import member
from convenor.intelligence.rules import moderation
from convenor.intelligence.rules.categories import SCHEMES, CategoryRefused, How, Voice
from convenor.intelligence.rules.moderation import DrawRefused
from convenor.journal.models import Entry
from convenor.journal.queries import entries as journal
from convenor.partnership.gate import ANYONE, NotAllowed
from convenor.partnership.models import Membership
from convenor.partnership.models.lasting import StandsForEver
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.post.models import Letter
from tests.factories.intelligence_conversations import conversation, suggested
from tests.factories.intelligence_entered import (
    AT,
    CRITERIA,
    ON,
    REASON,
    SCHOOL,
    SLUG,
    World,
    circle,
    decided,
    in_days,
    judged,
    switched_on,
)

pytestmark = pytest.mark.django_db
SEED = "0123456789abcdef"
PAIRS = [(each.name, CRITERIA) for each in SCHEMES["surrey"].categories]
SAID = "Nineteen answered: eleven for it, five against, three unsure."


@pytest.fixture
def here() -> World:
    return circle()


def page(here: World, who: str, on: date = ON) -> CategoriesPage:
    found = categories_page(SLUG, viewer=here[who], at=on)
    assert found is not None
    return found


def one(here: World, who: str) -> CategoryPage:
    found = category_page(SLUG, SCHOOL, viewer=here[who], at=ON)
    assert found is not None
    return found


def test_categories_are_off_until_they_are_switched_on(here: World) -> None:
    assert page(here, "head").on is None
    assert [page(here, who).may_set for who in ("head", "manager", "broker")] == [False, True, False]
    assert category_page(SLUG, SCHOOL, viewer=here["head"], at=ON) is None
    for act in (
        lambda: judged(here, "head", Voice.SCHOOL),
        lambda: actions.switch_categories_off(slug=SLUG, why="Never on.", by=here["manager"], at=AT),
        lambda: actions.draw_moderation(slug=SLUG, seed=SEED, by=here["manager"], at=AT),
    ):
        with pytest.raises(NotThere, match="This partnership uses no categories"):
            act()


def test_only_the_manager_switches_them_on_and_by_the_boards_own_decision(here: World) -> None:
    board, cluster = decided(), decided(body="north-cluster")
    known = {"slug": SLUG, "scheme": "surrey", "categories": PAIRS, "consulted_on": date(2026, 9, 20), "said": SAID, "at": AT}
    for who in here.viewers:
        if who != "manager":
            with pytest.raises(NotAllowed):
                actions.switch_categories_on(**known, decision_id=board.pk, by=here[who])
    for key in (cluster.pk, board.pk + 99):
        with pytest.raises(CategoryRefused) as told:
            actions.switch_categories_on(**known, decision_id=key, by=here["manager"])
        assert told.value.field == "decision"
    record_decision(
        slug=SLUG, body="board", words="No categories after all.", decided_on=date(2026, 10, 2), replaces=board.pk, by="the test", at=AT
    )
    with pytest.raises(CategoryRefused):
        actions.switch_categories_on(**known, decision_id=board.pk, by=here["manager"])
    assert (SchemeInUse.objects.count(), Entry.objects.filter(verb="categories.switched-on").count()) == (0, 0)


def test_decisions_of_the_board_are_told_from_others(here: World) -> None:
    board, cluster = decided(), decided(body="north-cluster")
    found = [decision_standing(SLUG, key) for key in (board.pk, cluster.pk, 999)]
    assert [(each.of_the_board, each.replaced) if each else None for each in found] == [(True, False), (False, False), None]
    assert [each.id for each in board_decisions(SLUG, viewer=here["manager"])] == [board.pk]
    assert board_decisions(SLUG, viewer=here["head"]) != board_decisions(SLUG, viewer=here["clerk"]) == []


def test_members_read_the_criteria_the_decision_and_what_schools_said(here: World) -> None:
    switched_on(here)
    for who, viewer in here.viewers.items():
        found = categories_page(SLUG, viewer=viewer, at=ON)
        if who == "somebody with no post":
            assert found is None
            continue
        assert found is not None
        assert found.on is not None
        assert {each.criteria for each in found.on.scheme.categories} == {CRITERIA}
        assert (found.on.decision, found.on.decided_by, found.on.said) == ("Categories are used for two years.", "Strategic Board", SAID)
    assert scheme_in_use("mossshire", viewer=here["manager"]) is None
    assert scheme_in_use(SLUG, viewer=ANYONE) is None


def test_one_scheme_at_a_time_and_off_again_with_a_reason(here: World) -> None:
    switched_on(here)
    with pytest.raises(AlreadyThere, match="is on already"):
        switched_on(here)
    with pytest.raises(CategoryRefused, match="Say why categories end"):
        actions.switch_categories_off(slug=SLUG, why=" ", by=here["manager"], at=AT)
    judged(here, "head", Voice.SCHOOL)
    actions.switch_categories_off(slug=SLUG, why="Schools asked for it.", by=here["manager"], at=in_days(1))
    assert (page(here, "head").on, CategoryJudgement.objects.count()) == (None, 1)
    page_of_journal = journal(SLUG, viewer=here["manager"])
    assert page_of_journal is not None
    verbs = [each.verb for each in page_of_journal.entries if each.verb.startswith("categor")]
    assert verbs == ["categories.switched-off", "categories.switched-on"]
    assert switched_on(here).until_on is None


def test_each_voice_is_for_its_own(here: World) -> None:
    switched_on(here)
    school = member(SCHOOL, slug=SLUG, viewer=here["head"], at=ON)
    assert school is not None
    found = {
        voice: {who for who, viewer in here.viewers.items() if voice_of(school, voice, viewer=viewer, at=ON) is not None} for voice in Voice
    }
    assert found == {
        Voice.SCHOOL: {"head", "chair of governors"},
        Voice.PEERS: {"cluster lead", "alliance lead"},
        Voice.BROKER: {"broker", "other broker"},
        Voice.MODERATOR: {"system leader", "reviewer"},
    }
    for voice, may in found.items():
        for who in here.viewers:
            if who not in may:
                with pytest.raises(NotAllowed):
                    judged(here, who, voice)
    assert CategoryJudgement.objects.count() == 0
    with pytest.raises(NotThere):
        judged(here, "broker", Voice.BROKER, urn="123456")


def test_a_category_stands_when_school_and_broker_say_the_same_and_moves_at_any_time(here: World) -> None:
    switched_on(here)
    assert one(here, "head").how is How.NOTHING
    judged(here, "broker", Voice.BROKER, "support-and-challenge")
    assert (one(here, "head").how, one(here, "head").category) == (How.WAITING, None)
    judged(here, "head", Voice.SCHOOL, "light-touch", at=in_days(0))
    assert one(here, "head").how is How.DIFFERING
    judged(here, "other broker", Voice.BROKER, "light-touch", at=in_days(1))
    found = one(here, "head")
    assert found.category is not None
    assert (found.how, found.category.name, len(found.history)) == (How.AGREED, "Light Touch", 3)
    judged(here, "cluster lead", Voice.PEERS, "light-touch-plus", at=in_days(2))
    assert [(each.voice, each.category) for each in one(here, "head").voices] == [
        (Voice.SCHOOL, "Light Touch"), (Voice.PEERS, "Light Touch+"), (Voice.BROKER, "Light Touch"),
    ]  # fmt: skip


def test_the_school_is_told_of_what_others_say_and_not_of_its_own_word(here: World) -> None:
    switched_on(here)
    judged(here, "head", Voice.SCHOOL)
    assert Letter.objects.count() == 0
    judged(here, "broker", Voice.BROKER)
    assert {each.subject for each in Letter.objects.all()} == {"There is something for you in Convenor about your school"}
    assert Letter.objects.count() == 2


def test_a_judgement_says_something_new_with_a_reason_and_is_never_changed(here: World) -> None:
    switched_on(here)
    row = judged(here, "head", Voice.SCHOOL)
    with pytest.raises(CategoryRefused, match="says this already"):
        judged(here, "head", Voice.SCHOOL, at=in_days(1))
    with pytest.raises(CategoryRefused, match="seems to be about a person"):
        judged(here, "broker", Voice.BROKER, why="Since Mrs Smith came the plan has been met.")
    row.category = "support-and-challenge"
    with pytest.raises(StandsForEver):
        row.save()
    assert newest_of(row.scheme_id, SCHOOL, Voice.BROKER, viewer=here["broker"]) is None


def test_nobody_sees_of_a_school_more_than_their_part_needs(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    says = suggested(SCHOOL)
    monkeypatch.setattr(suggestions, "_assessed", lambda urns, *_: {urn: says[urn] for urn in urns if urn in says})
    switched_on(here)
    judged(here, "head", Voice.SCHOOL)
    judged(here, "cluster lead", Voice.PEERS)
    judged(here, "broker", Voice.BROKER)
    sees = {}
    for who, viewer in here.viewers.items():
        found = category_page(SLUG, SCHOOL, viewer=viewer, at=ON)
        sees[who] = [each.voice.value for each in found.voices] if found is not None else None
    everything, proposers = ["school", "peers", "broker"], ["school", "broker"]
    own = {"head", "school leader", "chair of governors", "broker of the school"}
    parts = {**dict.fromkeys(own, everything), "broker": proposers, "other broker": proposers}
    assert {who: voices for who, voices in sees.items() if voices is not None} == parts | {
        "cluster lead": ["peers"],
        "alliance lead": ["peers"],
    }
    conversation(here)
    assert one(here, "broker").sees_all
    assert [each.voice.value for each in one(here, "broker").voices] == everything
    assert [one(here, who).category for who in ("other broker", "cluster lead")] == [None, None]


def drawn(here: World) -> ModerationDraw:
    """A third of the six schools."""
    return actions.draw_moderation(slug=SLUG, seed=SEED, by=here["manager"], at=in_days(1))


def test_a_third_is_drawn_once_and_never_again_to_taste(here: World) -> None:
    switched_on(here)
    row = drawn(here)
    again = moderation.draw(row.schools, seed=row.seed)
    assert (len(row.schools), len(row.drawn), row.drawn, row.digest, row.school_year) == (6, 2, list(again.drawn), again.digest, "2026-27")
    with pytest.raises(AlreadyThere, match="It is drawn once, and never again to taste"):
        actions.draw_moderation(slug=SLUG, seed="fedcba9876543210", by=here["manager"], at=in_days(2))
    with pytest.raises(NotAllowed):
        actions.draw_moderation(slug=SLUG, seed=SEED, by=here["broker"], at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModerationDraw.objects.create(
            scheme=row.scheme, school_year=row.school_year, seed="x", digest="x", schools=[], drawn=[], at=AT, by_key="", holder="x",
            record_class="moderation",
        )  # fmt: skip
    entry = Entry.objects.get(verb="moderation.drawn")
    assert entry.detail == {"seed": SEED, "digest": row.digest, "schools": 6, "drawn": 2}
    assert [(each.schools, each.drawn) for each in page(here, "head").draws] == [(6, 2)]


def test_a_draw_tells_nobody_which_schools_have_judged_themselves(here: World) -> None:
    switched_on(here)
    judged(here, "head", Voice.SCHOOL)
    row = drawn(here)
    assert row.schools == sorted(f"99000{number}" for number in range(1, 7))


def test_an_operator_may_draw_and_a_partnership_without_schools_may_not(here: World) -> None:
    switched_on(here)
    Membership.objects.filter(partnership=here.partnership).delete()
    with pytest.raises(DrawRefused, match="has no member school"):
        actions.draw_moderation(slug=SLUG, seed=SEED, by="an operator", at=AT)


def test_a_moderator_speaks_of_drawn_schools_alone_after_these_judged_themselves(here: World) -> None:
    switched_on(here)
    row = drawn(here)
    other = next(urn for urn in row.schools if urn not in row.drawn)
    assert drawn_this_year(SLUG, viewer=here["reviewer"], at=ON) == set(row.drawn)
    assert (
        drawn_this_year(SLUG, viewer=here["manager"], at=ON) == drawn_this_year("mossshire", viewer=here["reviewer"], at=ON) == frozenset()
    )
    assert sorted(each.urn for each in page(here, "reviewer").to_moderate) == row.drawn
    first = row.drawn[0]
    with pytest.raises(NotAllowed, match="was not drawn to be moderated this year"):
        judged(here, "reviewer", Voice.MODERATOR, urn=other)
    with pytest.raises(CategoryRefused, match="has not judged itself yet"):
        judged(here, "reviewer", Voice.MODERATOR, urn=first)
    CategoryJudgement.objects.create(
        scheme=row.scheme, school_id=first, voice="school", category="light-touch", why=REASON, at=AT, role="Headteacher", by_key="1",
        holder="the partnership", record_class="category",
    )  # fmt: skip
    found = judged(here, "reviewer", Voice.MODERATOR, "light-touch-plus", urn=first, at=in_days(2))
    assert found.record_class == "moderation"
    seen = category_page(SLUG, first, viewer=here["reviewer"], at=ON)
    assert seen is not None
    assert [each.voice.value for each in seen.voices] == ["school", "moderator"]
    assert category_page(SLUG, other, viewer=here["reviewer"], at=ON) is None
    assert drawn_this_year(SLUG, viewer=here["reviewer"], at=date(2027, 10, 1)) == frozenset()


def test_lists_hold_those_for_whom_one_has_a_part(here: World) -> None:
    switched_on(here)
    lists = {
        who: [len(each) for each in (found.own, found.to_propose, found.to_moderate, found.to_speak_of)]
        for who in ("head", "trust lead", "broker", "broker of the school", "cluster lead", "alliance lead", "manager", "board member")
        for found in [page(here, who)]
    }
    assert lists == {
        "head": [1, 0, 0, 0], "trust lead": [2, 0, 0, 0], "broker": [0, 6, 0, 0], "broker of the school": [1, 5, 0, 0],
        "cluster lead": [0, 0, 0, 3], "alliance lead": [0, 0, 0, 6], "manager": [0, 0, 0, 0], "board member": [0, 0, 0, 0],
    }  # fmt: skip


def test_a_board_gets_totals_in_which_no_school_can_be_made_out(here: World) -> None:
    switched_on(here)
    judged(here, "head", Voice.SCHOOL)
    judged(here, "broker", Voice.BROKER)
    december = date(2026, 12, 3)
    totals = page(here, "board member", december).totals
    assert totals is not None
    assert (totals.on, totals.whole.schools, totals.whole.told, totals.groups, totals.states) == (date(2026, 12, 1), 6, False, (), ())
    assert page(here, "other head", december).totals is None
    before = page(here, "board member").totals
    assert before is not None
    assert before.whole == totals.whole


def test_pages_ask_no_more_of_the_database_for_more_schools(here: World) -> None:
    switched_on(here)
    judged(here, "head", Voice.SCHOOL)
    for who in ("alliance lead", "broker", "board member", "head"):
        with CaptureQueriesContext(connection) as asked:
            page(here, who)
        assert len(asked) <= 10
    with CaptureQueriesContext(connection) as asked:
        one(here, "broker")
    assert len(asked) <= 12
