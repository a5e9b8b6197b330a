"""What is foreseen: who may say what, what is kept of it, what comes of it on its day, and who is written to."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from convenor.conditions.actions import add_prediction, give_likelihood, remind_of_due, settle, tell_now
from convenor.conditions.models import Likelihood, Prediction
from convenor.conditions.queries.foresight import ledger, to_say, to_settle
from convenor.conditions.rules.refusals import ChangedMeanwhile, NotOpen, NoWords, WrongDay
from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from tests.factories.over_time import AT, ON, SLUG, World, likelihoods, prediction, world
from tests.factories.workshops import paper, phone, workshop

pytestmark = pytest.mark.django_db
DUE = ON + timedelta(days=400)


@pytest.fixture
def here() -> World:
    return world()


def later(days: int) -> datetime:
    return AT + timedelta(days=days)


def add(here: World, who: str = "head", **more: object) -> Prediction:
    given: dict[str, object] = {"words": "  Two clusters  merge ", "about": "structures", "due_on": DUE, "told_by": "The constitution"}
    return add_prediction(slug=SLUG, by=here[who], at=AT, **given | more)  # type: ignore[arg-type]


# Saying what is expected


def test_prediction_is_kept_with_its_day_and_journalled(here: World) -> None:
    row = add(here)
    assert (row.words, row.about, row.due_on, row.asks_until, row.workshop) == (
        "Two clusters merge", "structures", DUE, ON + timedelta(days=28), None,
    )  # fmt: skip
    assert Entry.objects.filter(subject_kind="prediction").values_list("verb", "subject_label").get() == (
        "foresight.added", "Two clusters merge",
    )  # fmt: skip


def test_prediction_is_refused_to_whoever_says_nothing_here(here: World) -> None:
    for who in ("auditor", "somebody with no post"):
        with pytest.raises(NotAllowed):
            add(here, who)
    with pytest.raises(WrongDay):
        add(here, due_on=ON)
    with pytest.raises(NoWords):
        add(here, words=" ")
    assert Prediction.objects.count() == 0


def test_room_that_says_the_same_twice_says_it_once(here: World) -> None:
    room = workshop(here)
    given = {"slug": SLUG, "about": "trust", "due_on": DUE, "told_by": "", "by": "the room", "at": AT}
    rows = [
        add_prediction(words="Heads trust us", workshop=room, **given),  # type: ignore[arg-type]
        add_prediction(words="heads trust us ", workshop=room.pk, **given),  # type: ignore[arg-type]
        add_prediction(words="Heads trust us", workshop=room, **given | {"about": "vision"}),  # type: ignore[arg-type]
    ]
    assert [row.pk for row in rows] == [rows[0].pk, rows[0].pk, rows[2].pk]
    assert (rows[0].workshop_id, rows[0].made_by, Prediction.objects.count()) == (room.pk, "the room", 2)


def test_prediction_of_a_closed_workshop_or_one_of_elsewhere_is_refused(here: World) -> None:
    with pytest.raises(NotOpen):
        add(here, workshop=workshop(here, state="closed"))
    with pytest.raises(NotThere):
        add(here, workshop=10**9)


# How likely it is thought


def test_members_likelihood_replaces_what_they_said_and_no_journal_tells_of_it(here: World) -> None:
    row = prediction(here)
    for percent in (70, 40, 40):
        give_likelihood(prediction_id=row.pk, percent=percent, by=here["head"], at=AT)
    assert Likelihood.objects.values_list("person__name", "percent").get() == ("Ada Example", 40)
    assert not Entry.objects.filter(verb__startswith="foresight").exists()


def test_phone_of_the_room_says_how_likely_while_it_is_open(here: World) -> None:
    room = workshop(here)
    row, who = prediction(here, workshop=room), phone(room)[0]
    give_likelihood(prediction_id=row.pk, percent=15, participant_id=who.pk, at=AT)
    assert Likelihood.objects.values_list("participant", "percent").get() == (who.pk, 15)
    room.state = "closed"
    room.save()
    with pytest.raises(NotOpen):
        give_likelihood(prediction_id=row.pk, percent=20, participant_id=who.pk, at=AT)


def test_participant_of_another_workshop_and_a_prediction_that_is_not_there_are_refused(here: World) -> None:
    row, stranger = prediction(here, workshop=workshop(here)), paper(workshop(here))
    for asked in (
        {"prediction_id": row.pk, "participant_id": stranger.pk},
        {"prediction_id": prediction(here).pk, "participant_id": stranger.pk},
        {"prediction_id": 10**9, "by": here["head"]},
    ):
        with pytest.raises(NotThere):
            give_likelihood(percent=50, at=AT, **asked)
    assert Likelihood.objects.count() == 0


@pytest.mark.parametrize("who", ["auditor", "somebody with no post"])
def test_likelihood_is_refused_to_whoever_says_nothing_here(here: World, who: str) -> None:
    row = prediction(here)
    with pytest.raises(NotAllowed):
        give_likelihood(prediction_id=row.pk, percent=50, by=here[who], at=AT)
    with pytest.raises(NotAllowed):
        give_likelihood(prediction_id=row.pk, percent=50, at=AT)


def test_likelihood_is_taken_until_its_day_and_then_until_the_fifth(here: World) -> None:
    row = prediction(here)
    likelihoods(row, [10, 20, 30, 40])
    give_likelihood(prediction_id=row.pk, percent=50, by=here["head"], at=later(29))
    for who in ("head", "other head"):
        with pytest.raises(NotOpen):
            give_likelihood(prediction_id=row.pk, percent=60, by=here[who], at=later(29))
    assert give_likelihood(prediction_id=row.pk, percent=50, by=here["head"], at=later(30)).percent == 50  # sent again: nothing changes


# Telling sooner


def test_group_is_told_sooner_once_five_have_said(here: World) -> None:
    row = prediction(here)
    likelihoods(row, [10, 20, 30, 40])
    with pytest.raises(NotOpen):
        tell_now(slug=SLUG, prediction_id=row.pk, by=here["manager"], at=AT)
    likelihoods(row, [50])
    assert tell_now(slug=SLUG, prediction_id=row.pk, by=here["manager"], at=AT).asks_until == ON - timedelta(days=1)
    with pytest.raises(NotOpen):
        tell_now(slug=SLUG, prediction_id=row.pk, by=here["manager"], at=AT)
    with pytest.raises(NotOpen):
        give_likelihood(prediction_id=row.pk, percent=60, by=here["head"], at=AT)
    assert list(Entry.objects.filter(verb="foresight.told").values_list("subject_key", flat=True)) == [str(row.pk)]


def test_telling_sooner_is_for_whoever_settles_or_led_the_workshop(here: World) -> None:
    row = prediction(here)
    for who in ("school leader", "cluster lead"):
        with pytest.raises(NotAllowed):
            tell_now(slug=SLUG, prediction_id=row.pk, by=here[who], at=AT)
    own = prediction(here, workshop=workshop(here, facilitator="cluster lead"))
    likelihoods(own, [10, 20, 30, 40, 50])
    assert tell_now(slug=SLUG, prediction_id=own.pk, by=here["cluster lead"], at=AT).asks_until < ON
    with pytest.raises(NotThere):
        tell_now(slug=SLUG, prediction_id=10**9, by=here["manager"], at=AT)


# What became of it


def test_settling_keeps_the_reason_and_what_the_group_thought(here: World) -> None:
    row = prediction(here)
    likelihoods(row, [10, 20, 30, 40, 50, 90])
    settled = settle(
        slug=SLUG, prediction_id=row.pk, outcome="came-true", why="The minutes of March", version=1, by=here["manager"], at=later(401)
    )  # fmt: skip
    assert (settled.outcome, settled.settled_why, settled.told_of, settled.told_percent) == (
        "came-true", "The minutes of March", 6, 40.0,
    )  # fmt: skip
    Likelihood.objects.all().delete()  # their keeping period is over, the score stands
    assert Prediction.objects.values_list("told_of", "told_percent").get() == (6, 40.0)
    assert Entry.objects.filter(verb="foresight.settled").values_list("why", "detail").get() == (
        "The minutes of March", {"outcome": "came-true"},
    )  # fmt: skip


def test_settling_tells_nothing_of_fewer_than_five(here: World) -> None:
    row = prediction(here)
    likelihoods(row, [10, 20, 30, 40])
    settled = settle(slug=SLUG, prediction_id=row.pk, outcome="did-not", why="It did not", version=1, by=here["manager"], at=later(401))
    assert (settled.told_of, settled.told_percent) == (4, None)


def test_settling_is_refused_where_it_cannot_be(here: World) -> None:
    row = prediction(here)
    asked = {"slug": SLUG, "prediction_id": row.pk, "outcome": "did-not", "why": "So it was", "version": 1, "by": here["manager"]}
    for error, more, days in (
        (NotAllowed, {"by": here["head"]}, 401),
        (NotThere, {"prediction_id": 10**9}, 401),
        (NoWords, {"why": " "}, 401),
        (ChangedMeanwhile, {"version": 7}, 401),
        (WrongDay, {}, 399),
    ):
        with pytest.raises(error):
            settle(**asked | more, at=later(days))  # type: ignore[arg-type]
    settle(**asked, at=later(400))  # type: ignore[arg-type]
    with pytest.raises(NotOpen):
        settle(**asked, at=later(401))  # type: ignore[arg-type]


# What waits for whom


def test_what_waits_is_said_to_whoever_can_do_it(here: World) -> None:
    asked, due = prediction(here, words="Asked"), prediction(here, words="Due", due_on=ON)
    said = {who: [each.id for each in to_say(SLUG, viewer=here[who], at=AT)] for who in ("head", "auditor", "somebody with no post")}
    assert said == {"head": [asked.pk], "auditor": [], "somebody with no post": []}
    give_likelihood(prediction_id=asked.pk, percent=50, by=here["head"], at=AT)
    assert to_say(SLUG, viewer=here["head"], at=AT) == ()
    settles = {who: [each.id for each in to_settle(SLUG, viewer=here[who], at=AT)] for who in ("manager", "head", "somebody with no post")}
    assert settles == {"manager": [due.pk], "head": [], "somebody with no post": []}
    assert ledger(SLUG, viewer=here["somebody with no post"], at=AT) is None


# Letters


def test_whoever_settles_is_written_to_on_its_day_and_every_two_weeks(here: World) -> None:
    row = prediction(here, due_on=ON + timedelta(days=10))
    prediction(here, words="Another", due_on=ON + timedelta(days=10))
    prediction(here, words="Not yet due")
    assert [remind_of_due(by="the system", at=later(days)) for days in (9, 10, 11, 23, 24)] == [0, 1, 0, 0, 1]
    letter = Letter.objects.order_by("pk")[0]
    assert (letter.to_name, letter.subject, letter.kind, letter.partnership) == (
        "Mara Hollis", "2 predictions are due: what became of it?", "foresight-due", SLUG,
    )  # fmt: skip
    assert [each for each in (row.words, "Another", "Not yet due") if each in letter.body] == [row.words, "Another"]


def test_nobody_is_written_to_once_it_is_settled(here: World) -> None:
    row = prediction(here, due_on=ON + timedelta(days=10))
    settle(slug=SLUG, prediction_id=row.pk, outcome="came-true", why="Seen", version=1, by=here["manager"], at=AT)
    assert remind_of_due(by="the system", at=later(30)) == 0
