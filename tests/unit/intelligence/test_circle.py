"""The circle: what each onlooker sees of a school, in every state and on every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.intelligence.rules.circle import Onlooker, Sight, Told, sight, told
from convenor.intelligence.rules.conversation import Origin, Outcome, OutOfTurn, Standing, State, Step, school_alone_until, step_to

ON = date(2026, 11, 2)
AFTER = date(2026, 11, 17)

WHO = {
    "nobody": Onlooker(),
    "a member": Onlooker(1),
    "the head": Onlooker(2, own=True, acts_for=True),
    "its office": Onlooker(3, acts_for=True),
    "the broker": Onlooker(7, broker=True),
    "another broker": Onlooker(8, broker=True),
    "a broker of the school itself": Onlooker(9, broker=True, acts_for=True),
    "the cluster lead": Onlooker(10, leads_its_cluster=True),
    "the manager": Onlooker(11, manager=True),
    "an officer": Onlooker(12, officer=True),
}
N, S, F, T, R, H, O = Sight.NOTHING, Sight.SUGGESTED, Sight.FORMAL, Sight.STATE, Sight.READS, Sight.HOLDS, Sight.OWN  # noqa: E741


def conversation(state: State, **more: object) -> Standing:
    given_: dict[str, object] = {"origin": Origin.RUN, "opened_on": ON, "shared_on": ON, "broker_id": 7}
    return Standing(state, **(given_ | more))  # type: ignore[arg-type]


#: conversation, day, suggested by the newest run, then what each of WHO sees in that order
TABLE: list[tuple[str, Standing | None, date, bool, list[Sight]]] = [
    ("nothing suggested", None, ON, False, [N, N, O, N, N, N, N, N, N, N]),
    ("suggested by a run", None, ON, True, [N, N, O, N, S, S, N, N, N, N]),
    (
        "asked for by the school, nobody has it", conversation(State.SUGGESTED, origin=Origin.SCHOOL, broker_id=None, shared_on=None),
        ON, False, [N, N, O, N, S, S, N, N, N, N],
    ),
    (
        "the same, after ten working days", conversation(State.SUGGESTED, origin=Origin.SCHOOL, broker_id=None, shared_on=None),
        AFTER, False, [N, N, O, N, S, S, N, N, T, N],
    ),
    ("taken up", conversation(State.SUGGESTED, shared_on=None), AFTER, True, [N, N, O, N, H, N, N, N, N, N]),
    ("shared, within ten days", conversation(State.SHARED), ON, True, [N, N, O, N, H, N, N, N, N, N]),
    ("shared, after ten days", conversation(State.SHARED), AFTER, True, [N, N, O, N, H, N, N, N, T, N]),
    ("cluster invited", conversation(State.REPLIED, cluster_may_see=True), ON, True, [N, N, O, N, H, N, N, R, N, N]),
    (
        "cluster invited before sharing", conversation(State.SUGGESTED, cluster_may_see=True, shared_on=None), ON, True,
        [N, N, O, N, H, N, N, N, N, N],
    ),
    ("formal route noted early", conversation(State.TRIAGED, outcome=Outcome.FORMAL_ROUTE), ON, True, [N, N, O, N, H, N, N, N, N, N]),
    ("formal route noted", conversation(State.TRIAGED, outcome=Outcome.FORMAL_ROUTE), AFTER, True, [N, N, O, N, H, N, N, N, T, F]),
    ("support agreed", conversation(State.TRIAGED, outcome=Outcome.SUPPORT), AFTER, True, [N, N, O, N, H, N, N, N, T, N]),
    ("no broker for now", conversation(State.REPLIED, broker_id=None), ON, True, [N, N, O, N, S, S, N, N, N, N]),
    ("ended", conversation(State.CLOSED, cluster_may_see=True), AFTER, True, [N, N, O, N, R, N, N, N, N, N]),
    ("taken back", conversation(State.WITHDRAWN, cluster_may_see=True), AFTER, True, [N, N, O, N, N, N, N, N, N, N]),
]  # fmt: skip


@pytest.mark.parametrize(("standing", "on", "suggested", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_each_sees_what_the_table_says(standing: Standing | None, on: date, suggested: bool, expected: list[Sight]) -> None:
    assert {who: sight(each, standing, on=on, suggested=suggested) for who, each in WHO.items()} == dict(zip(WHO, expected, strict=True))


def test_lines_are_read_by_the_circle_alone() -> None:
    assert [each.reads for each in (N, S, F, T, R, H, O)] == [False, False, False, False, True, True, True]


days = st.integers(0, 400).map(lambda ahead: ON + timedelta(days=ahead))
paths = st.lists(st.sampled_from(Step), max_size=14)
onlookers = st.builds(
    Onlooker, st.integers(1, 30), acts_for=st.booleans(), broker=st.booleans(), leads_its_cluster=st.booleans(), manager=st.booleans(),
    officer=st.booleans(),
)  # fmt: skip


def walked(path: list[Step], origin: Origin) -> Standing:
    """Where a conversation stands after these steps, those out of turn left out; the seventh person is its broker."""
    now = Standing(State.SUGGESTED, origin, ON)
    for step in path:
        try:
            after = step_to(now, step)
        except OutOfTurn:
            continue
        invited = {Step.CLUSTER_INVITED: True, Step.CLUSTER_ASKED_OUT: False}.get(step, now.cluster_may_see)
        broker = {Step.TAKEN_UP: 7, Step.STEPPED_ASIDE: None}.get(step, now.broker_id)
        now = Standing(
            after, origin, ON, ON if step is Step.SHARED else now.shared_on, broker,
            Outcome.FORMAL_ROUTE if step is Step.TRIAGED else now.outcome, invited,
        )  # fmt: skip
    return now


@given(paths, st.sampled_from(Origin), onlookers, days)
def test_nobody_outside_the_circle_reads_on_any_path(path: list[Step], origin: Origin, onlooker: Onlooker, on: date) -> None:
    standing = walked(path, origin)
    seen = sight(onlooker, standing, on=on, suggested=True)
    named = onlooker.broker and onlooker.person_id == standing.broker_id and not onlooker.acts_for
    invited = onlooker.leads_its_cluster and standing.cluster_may_see
    assert not seen.reads or named or invited
    assert seen is not Sight.OWN


@given(paths, st.sampled_from(Origin), onlookers, days)
def test_nobody_above_sees_anything_before_the_school_has_had_its_days(
    path: list[Step], origin: Origin, onlooker: Onlooker, on: date
) -> None:
    standing = walked(path, origin)
    above = Onlooker(onlooker.person_id, manager=True, officer=True)
    seen = sight(above, standing, on=on)
    had = standing.shown_on is not None and on > school_alone_until(standing.shown_on)
    assert seen in ((Sight.NOTHING, Sight.STATE) if had else (Sight.NOTHING,))


@given(paths, st.sampled_from(Origin), days)
def test_the_school_sees_everything_on_every_path(path: list[Step], origin: Origin, on: date) -> None:
    assert sight(WHO["the head"], walked(path, origin), on=on) is Sight.OWN


@given(paths, st.sampled_from(Origin), onlookers, days)
def test_what_was_taken_back_is_seen_by_the_school_alone(path: list[Step], origin: Origin, onlooker: Onlooker, on: date) -> None:
    taken_back = Standing(State.WITHDRAWN, origin, ON, ON, 7, Outcome.FORMAL_ROUTE, True)
    assert sight(onlooker, taken_back, on=on, suggested=True) is Sight.NOTHING


def test_a_school_is_told_who_sees_what_and_from_when() -> None:
    rows = told(conversation(State.SHARED), on=ON, broker="Bea Marlow")
    assert rows == (
        Told("Your school’s own people", "everything, before anyone else", "always"),
        Told("Bea Marlow, your broker", "what you see; each look is written down for you", "now"),
        Told("Your cluster lead", "nothing", "unless you agree"),
        Told(
            "The partnership manager", "your school’s name and where it stands: no line, no word",
            "from 17 November 2026, while it is open",
        ),
        Told("Local authority officers", "only that a formal route was noted, if one was", "from 17 November 2026, while it is open"),
        Told(
            "Other brokers", "only your school’s name, how many lines suggest a conversation, and whether you asked for it yourselves",
            "while no broker holds it",
        ),
        Told("The board and everyone else", "totals, in which no school can be made out", "always"),
    )  # fmt: skip


def test_what_a_school_is_told_follows_the_conversation() -> None:
    said = {
        "none yet": told(None, on=ON)[3].when,
        "later": told(conversation(State.SHARED), on=AFTER)[3].when,
        "ended": told(conversation(State.CLOSED), on=AFTER)[3].when,
        "no broker": told(None, on=ON)[1].when,
        "ended with one": told(conversation(State.CLOSED), on=AFTER, broker="Bea Marlow")[1].when,
        "cluster": told(conversation(State.SHARED, cluster_may_see=True), on=ON)[2].when,
    }
    assert said == {
        "none yet": "not before the school has had it for 10 working days",
        "later": "since 17 November 2026, while it is open",
        "ended": "no longer: it has ended",
        "no broker": "once one takes it up",
        "ended with one": "as it stood when it ended",
        "cluster": "for as long as you agree",
    }


def test_another_reader_is_told_the_same_of_the_school() -> None:
    rows = told(conversation(State.SHARED, cluster_may_see=True), on=ON, broker="Bea Marlow", to_school=False)
    assert [each.who for each in rows[:3]] == ["The school’s own people", "Bea Marlow, its broker", "The cluster lead"]
    assert [(each.sees, each.when) for each in rows[1:3]] == [
        ("what the school sees; each look is written down for it", "now"),
        ("what the school sees, to read only", "for as long as the school agrees"),
    ]
    assert "you" not in " ".join(f"{each.who} {each.sees} {each.when}" for each in rows).lower().split()
