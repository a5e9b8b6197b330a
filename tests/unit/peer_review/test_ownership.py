"""Who sees what of a peer review."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.peer_review.rules.ownership import TEAM_READS_FOR, Onlooker, Sight, sights, team_still_reads
from convenor.peer_review.rules.states import WAY, State

FINAL = date(2027, 3, 1)
HOST, TEAM, GRANTED, FOLLOWS = Onlooker(host=True), Onlooker(team=True), Onlooker(granted=True), Onlooker(follows=True)
STATES_AND_TEAM = {Sight.STATES, Sight.TEAM}


def seen(looking: Onlooker, state: State, *, resumes: State | None = None, final_on: date | None = None, on: date = FINAL) -> set[Sight]:
    return set(sights(looking, state=state, resumes=resumes, final_on=final_on, on=on))


def test_nobody_without_a_part_sees_anything() -> None:
    assert [seen(Onlooker(), state, final_on=FINAL) for state in State] == [set()] * len(State)


def test_whoever_follows_sees_states_and_team_and_never_more() -> None:
    assert [seen(FOLLOWS, state, final_on=FINAL) for state in State] == [STATES_AND_TEAM] * len(State)


def test_host_reads_evidence_and_draft_once_the_draft_is_shared() -> None:
    assert {Sight.DRAFT, Sight.EVIDENCE} & seen(HOST, State.FED_BACK) == set()
    assert {Sight.DRAFT, Sight.EVIDENCE} - seen(HOST, State.REPORT_DRAFT) == set()


def test_overlap_is_the_hosts_alone_and_only_after_the_final_report() -> None:
    at = {state: seen(HOST, state, final_on=FINAL) for state in WAY}
    assert [state for state in WAY if Sight.OVERLAP in at[state]] == list(WAY[WAY.index(State.REPORT_FINAL) :])
    others = Onlooker(team=True, granted=True, follows=True)
    assert [state for state in State if Sight.OVERLAP in seen(others, state, final_on=FINAL)] == []


def test_team_reads_the_self_review_only_once_it_is_shared() -> None:
    assert Sight.SELF_REVIEW not in seen(TEAM, State.FOCUS_AGREED)
    assert Sight.SELF_REVIEW in seen(TEAM, State.DATA_SHARED)


@pytest.mark.parametrize(("days", "reads"), [(0, True), (30, True), (31, False)])
def test_team_loses_sight_thirty_days_after_the_final_report(days: int, reads: bool) -> None:
    on = FINAL + timedelta(days=days)
    assert TEAM_READS_FOR.days == 30
    assert team_still_reads(State.REPORT_FINAL, FINAL, on) is reads
    assert (Sight.REPORT in seen(TEAM, State.IMPACT_REVIEWED, final_on=FINAL, on=on)) is reads
    assert (seen(TEAM, State.IMPACT_REVIEWED, final_on=FINAL, on=on) == STATES_AND_TEAM) is not reads


def test_priorities_are_read_by_somebody_of_the_team_whom_the_host_lets_back_in() -> None:
    late = FINAL + timedelta(days=180)
    both = Onlooker(team=True, granted=True)
    reading = [state for state in WAY if Sight.PRIORITIES in seen(both, state, final_on=FINAL, on=late)]
    assert reading == list(WAY[WAY.index(State.ACTIONS_AGREED) :])
    assert [one for one in (TEAM, GRANTED, FOLLOWS) if Sight.PRIORITIES in seen(one, State.CLOSED, final_on=FINAL, on=late)] == []


def test_team_loses_sight_at_once_when_the_host_withdraws() -> None:
    assert seen(TEAM, State.WITHDRAWN, resumes=State.FED_BACK) == STATES_AND_TEAM


def test_host_keeps_what_it_could_read_of_a_review_postponed_or_withdrawn() -> None:
    for state in (State.POSTPONED, State.WITHDRAWN):
        assert seen(HOST, state, resumes=State.REPORT_DRAFT) == seen(HOST, State.REPORT_DRAFT)


def test_named_person_reads_the_final_report_and_nothing_else() -> None:
    assert seen(GRANTED, State.REPORT_DRAFT) == set()
    assert seen(GRANTED, State.CLOSED, final_on=FINAL) == {Sight.STATES, Sight.REPORT}


@given(st.sampled_from(list(State)), st.sampled_from([None, *WAY]), st.booleans(), st.integers(-400, 400))
def test_only_host_team_and_named_people_ever_read_content(state: State, resumes: State | None, final: bool, days: int) -> None:
    content = set(Sight) - STATES_AND_TEAM
    on = FINAL + timedelta(days=days)
    assert content & seen(FOLLOWS, state, resumes=resumes, final_on=FINAL if final else None, on=on) == set()
