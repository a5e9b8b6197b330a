"""What is left to others where a school's agreement does not let a record be used beyond it: the rules of the features that ask."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from convenor.intelligence.rules.lines import SELF, Assessment, without_entered
from convenor.peer_review.rules import ownership as reviews
from convenor.peer_review.rules.states import WAY, State
from convenor.support.rules import ownership as support
from tests.factories.intelligence_conversations import line, lines

ON = date(2026, 12, 1)


@pytest.mark.parametrize("state", WAY)
def test_withheld_review_leaves_others_dates_and_team_and_its_host_everything(state: State) -> None:
    final = ON - timedelta(days=1) if WAY.index(state) >= WAY.index(State.REPORT_FINAL) else None
    for looking in (reviews.Onlooker(granted=True), reviews.Onlooker(follows=True), reviews.Onlooker(team=True, granted=True)):
        before = reviews.sights(looking, state=state, resumes=None, final_on=final, on=ON)
        after = reviews.sights(looking, state=state, resumes=None, final_on=final, on=ON, withheld=True)
        works = looking.team and WAY.index(state) < WAY.index(State.WORKSHOP_DONE)
        assert after == (before if works else before & reviews.WITHHELD_LEAVES)
    host = reviews.Onlooker(host=True)
    known = {"state": state, "resumes": None, "final_on": final, "on": ON}
    assert reviews.sights(host, **known, withheld=True) == reviews.sights(host, **known)


@pytest.mark.parametrize("who", ["receiving", "broker", "supplying", "coordinates", "signs_off"])
@pytest.mark.parametrize("ended", [None, ON - timedelta(days=3)])
def test_withheld_package_leaves_dates_and_money_to_whoever_does_not_work_in_it(who: str, ended: date | None) -> None:
    looking = support.Onlooker(**{who: True})
    before = support.sights(looking, agreed=True, ended_on=ended, on=ON)
    after = support.sights(looking, agreed=True, ended_on=ended, on=ON, withheld=True)
    keeps = who == "receiving" or (ended is None and who in ("broker", "supplying"))
    assert after == (before if keeps else before & support.WITHHELD_LEAVES)


def test_shared_lines_lose_what_was_entered_and_what_it_suggested() -> None:
    whole: Assessment = lines()
    told = (line("HD", None, 1.0, edition="", says="A vacancy"), line(SELF, None, 1.0, edition="", says="Asked"))
    found = without_entered(
        Assessment(**{each: getattr(whole, each) for each in whole.__dataclass_fields__} | {"lines": whole.lines + told})
    )
    assert [each.code for each in found.lines] == [each.code for each in whole.lines if each.edition or not each.told]
    assert set(found.suggested_by) <= {each.code for each in found.lines}
