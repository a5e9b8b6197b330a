"""Noting a soft signal: who may, what is put back, what the school sees at once, who reads it, and what it can never do alone."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from convenor.intelligence import actions
from convenor.intelligence.models import Response, SoftSignal
from convenor.intelligence.queries import suggestions
from convenor.intelligence.queries.entered import entered_lines
from convenor.intelligence.queries.soft_signals import SchoolSignals, school_signals
from convenor.intelligence.rules.lines import Level
from convenor.intelligence.rules.soft_signals import SignalRefused
from convenor.intelligence.rules.wording import Kind
from convenor.journal.models import Entry
from convenor.journal.queries import entries as journal
from convenor.partnership.gate import ANYONE, NotAllowed
from convenor.partnership.rules.refusals import NotThere, Refused
from convenor.post.models import Letter
from tests.factories.intelligence_conversations import conversation, suggested
from tests.factories.intelligence_entered import AT, FACT, ON, SCHOOL, SLUG, World, circle, in_days, noted

pytestmark = pytest.mark.django_db
OWN = {"head", "school leader", "chair of governors", "broker of the school"}
WRITERS = OWN | {"cluster lead", "alliance lead", "officer", "broker", "other broker"}


@pytest.fixture
def here() -> World:
    return circle()


def seen_by(here: World, who: str) -> SchoolSignals:
    found = school_signals(SLUG, SCHOOL, viewer=here[who], at=ON)
    assert found is not None
    return found


def levels(here: World, on: date = ON) -> list[Level | None]:
    return [each.level for each in entered_lines([SCHOOL], partnership_id=here.partnership.pk, at=on).get(SCHOOL, [])]


def test_those_who_know_the_school_may_note_a_fact_and_nobody_else(here: World) -> None:
    for who in here.viewers:
        if who in WRITERS:
            assert noted(here, who, words=f"There were {len(who)} empty places in May.").own is (who in OWN)
        else:
            with pytest.raises(NotAllowed):
                noted(here, who)
    assert SoftSignal.objects.count() == len(WRITERS)
    with pytest.raises(NotThere, match="No member school of the partnership has the URN 123456"):
        noted(here, urn="123456")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Mrs Smith has left the school this term.", Kind.PERSON),
        ("Since October the deputy works from another site.", Kind.PERSON),
        ("Three members of staff are off sick this week.", Kind.HEALTH),
        ("An allegation was made about the after-school club.", Kind.SAFEGUARDING),
        ("Behaviour is poor in the corridors at lunch time.", Kind.JUDGEMENT),
        ("Short.", Kind.LENGTH),
    ],
)
def test_what_is_no_fact_about_a_school_leaves_nothing_behind(here: World, words: str, kind: Kind) -> None:
    with pytest.raises(SignalRefused) as told:
        noted(here, words=words)
    assert {each.kind for each in told.value.findings} == {kind}
    assert (SoftSignal.objects.count(), Letter.objects.count(), Entry.objects.filter(verb="signal.noted").count()) == (0, 0, 0)


def test_the_schools_own_name_may_stand_in_its_signal(here: World) -> None:
    here.partnership.memberships.get(school=SCHOOL).school.__class__.objects.filter(urn=SCHOOL).update(name="Thomas Keble")
    assert noted(here, words="Thomas Keble closed its hall in May for repairs.").pk


def test_the_school_reads_each_signal_at_once_and_is_told_without_a_word_of_it(here: World) -> None:
    noted(here, confidence="told", source="families")
    seen = seen_by(here, "head")
    assert [(each.words, each.kind, each.source, each.told_by, each.own, each.mine) for each in seen.fresh] == [
        (FACT, "Staffing", "Cluster lead", "Families", False, False)
    ]
    assert (seen.sees_all, seen.own_people, seen.aside) == (True, True, ())
    letters = list(Letter.objects.all())
    assert {each.to_address for each in letters} == {"ada.example@example.org", "gwen.ford@example.org"}
    assert all(word not in each.body + each.subject for each in letters for word in ("teachers", "signal", "Staffing", SCHOOL))


def test_nobody_outside_the_circle_reads_what_another_noted(here: World) -> None:
    noted(here)
    reads = {}
    for who, viewer in here.viewers.items():
        found = school_signals(SLUG, SCHOOL, viewer=viewer, at=ON)
        reads[who] = len(found.signals) if found is not None else 0
    assert {who for who, number in reads.items() if number} == OWN | {"cluster lead"}
    assert school_signals(SLUG, SCHOOL, viewer=ANYONE, at=ON) is None
    assert school_signals("mossshire", SCHOOL, viewer=here["head"], at=ON) is None
    assert school_signals(SLUG, "123456", viewer=here["head"], at=ON) is None


def test_the_named_broker_reads_all_and_a_cluster_lead_let_in_not_what_is_for_the_broker_alone(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    says = suggested(SCHOOL)
    monkeypatch.setattr(suggestions, "_assessed", lambda urns, *_: {urn: says[urn] for urn in urns if urn in says})
    noted(here, "officer")
    noted(here, "officer", sensitivity="broker", words="The budget of May shows a deficit.", kind="money")
    conversation(here, cluster=True)
    assert [each.broker_only for each in seen_by(here, "broker").signals] == [True, False]
    assert [each.broker_only for each in seen_by(here, "cluster lead").signals] == [False]
    assert [each.broker_only for each in seen_by(here, "other broker").signals] == []
    noted(here, "cluster lead", sensitivity="broker", words="The roof of the hall leaks since May.", kind="buildings")
    assert [(each.broker_only, each.mine) for each in seen_by(here, "cluster lead").signals] == [(True, True), (False, False)]


def test_one_signal_is_a_note_and_two_independent_ones_a_medium(here: World) -> None:
    assert levels(here) == []
    noted(here)
    assert levels(here) == [Level.NOTE]
    noted(here, "officer", confidence="second-hand", source="families")
    assert levels(here) == [Level.NOTE]
    noted(here, "broker", confidence="told", source="governors")
    assert levels(here) == [Level.MEDIUM]


def test_a_disputed_signal_weighs_nothing_until_it_is_said_to_be_still_so(here: World) -> None:
    first, _ = noted(here), noted(here, "officer")
    actions.answer_signal(
        slug=SLUG, urn=SCHOOL, signal_id=first.pk, words="All nine posts are filled.", disputes=True, by=here["head"], at=in_days(1)
    )
    assert levels(here, in_days(1).date()) == [Level.NOTE]
    renewed = actions.renew_signal(
        slug=SLUG, urn=SCHOOL, signal_id=first.pk, as_of_on=in_days(5).date(), by=here["cluster lead"], at=in_days(5)
    )
    assert (renewed.happened_on, renewed.as_of_on) == (date(2026, 10, 20), in_days(5).date())
    assert levels(here, in_days(5).date()) == [Level.MEDIUM]


def test_a_signal_a_year_old_is_set_aside_and_its_words_stay_readable(here: World) -> None:
    noted(here)
    seen = school_signals(SLUG, SCHOOL, viewer=here["head"], at=date(2027, 10, 20))
    assert seen is not None
    assert ([each.expired for each in seen.aside], seen.fresh) == ([True], ())
    assert levels(here, date(2027, 10, 19)) == [Level.NOTE]
    assert levels(here, date(2027, 10, 20)) == []


@pytest.mark.parametrize("days", [-20, -13, 1])
def test_renewing_needs_a_later_day_that_has_come(here: World, days: int) -> None:
    row = noted(here)
    with pytest.raises(SignalRefused, match="later than the last"):
        actions.renew_signal(slug=SLUG, urn=SCHOOL, signal_id=row.pk, as_of_on=ON + timedelta(days=days), by=here["cluster lead"], at=AT)
    row.refresh_from_db()
    assert (row.as_of_on, row.renewed_at) == (date(2026, 10, 20), None)


def test_only_its_writer_renews_a_signal_or_takes_it_back(here: World) -> None:
    row = noted(here)
    known = {"slug": SLUG, "urn": SCHOOL, "signal_id": row.pk, "at": AT}
    for who in ("head", "officer", "broker"):
        with pytest.raises(NotAllowed, match="Only whoever noted it may do this"):
            actions.renew_signal(**known, as_of_on=ON, by=here[who])
        with pytest.raises(NotAllowed):
            actions.withdraw_signal(**known, why="It is wrong.", by=here[who])
    for why, message in ((" ", "Say why it is taken back"), ("Mrs Smith is back.", "seems to speak of a person")):
        with pytest.raises(Refused, match=message):
            actions.withdraw_signal(**known, why=why, by=here["cluster lead"])
    actions.withdraw_signal(**known, why="Both posts were filled.", by=here["cluster lead"])
    assert levels(here) == []
    assert [each.withdrawn_why for each in seen_by(here, "head").aside] == ["Both posts were filled."]
    with pytest.raises(NotThere):
        actions.withdraw_signal(**known, why="Again.", by=here["cluster lead"])


def test_the_same_words_are_noted_once_by_one_writer(here: World) -> None:
    row = noted(here)
    with pytest.raises(SignalRefused, match="You noted this already"):
        noted(here, words=f"  {FACT} ", happened_on=ON)
    actions.withdraw_signal(slug=SLUG, urn=SCHOOL, signal_id=row.pk, why="The day was wrong.", by=here["cluster lead"], at=AT)
    assert noted(here, happened_on=ON).pk != row.pk


def test_a_schools_own_renewal_writes_to_nobody(here: World) -> None:
    row = noted(here, "head")
    actions.renew_signal(slug=SLUG, urn=SCHOOL, signal_id=row.pk, as_of_on=ON, by=here["head"], at=AT)
    assert Letter.objects.count() == 0


def test_the_schools_answer_stands_beside_a_signal(here: World) -> None:
    row = noted(here)
    known = {"slug": SLUG, "urn": SCHOOL, "words": "Both posts were filled.", "disputes": False, "at": AT}
    for who in ("cluster lead", "other head", "manager", "broker"):
        with pytest.raises(NotAllowed):
            actions.answer_signal(**known, signal_id=row.pk, by=here[who])
    with pytest.raises(NotThere):
        actions.answer_signal(**known, signal_id=row.pk + 99, by=here["head"])
    actions.answer_signal(**known, signal_id=row.pk, by=here["chair of governors"])
    told = seen_by(here, "cluster lead").one(row.pk)
    assert told is not None
    assert ([(each.words, each.disputes) for each in told.responses], told.disputed) == ([("Both posts were filled.", False)], False)
    assert Response.objects.get().record_class == "reply"
    assert seen_by(here, "cluster lead").one(row.pk + 99) is None


def test_the_common_journal_tells_nothing_of_signals(here: World) -> None:
    noted(here)
    page = journal(SLUG, viewer=here["auditor"])
    assert page is not None
    assert [each.verb for each in page.entries if each.verb.startswith("signal.")] == []
    entry = Entry.objects.get(verb="signal.noted")
    assert (entry.urn, entry.detail) == (SCHOOL, {"kind": "staffing"})
    assert FACT not in f"{entry.subject_label} {entry.why} {entry.detail}"


def test_the_database_itself_refuses_a_signal_without_its_source_or_before_its_day(here: World) -> None:
    row = noted(here)
    for change in ({"confidence": "told"}, {"as_of_on": date(2026, 10, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SoftSignal.objects.filter(pk=row.pk).update(**change)


def test_another_partnerships_signal_is_not_there(here: World) -> None:
    row = noted(here)
    with pytest.raises(NotAllowed):
        actions.withdraw_signal(slug="mossshire", urn=SCHOOL, signal_id=row.pk, why="Not ours.", by=here["cluster lead"], at=AT)
    with pytest.raises(NotThere):
        actions.withdraw_signal(slug=SLUG, urn="990002", signal_id=row.pk, why="Not ours.", by=here["cluster lead"], at=AT)
