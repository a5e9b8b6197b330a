"""Funds: recorded, committed from, released, and shown to those who may see money."""

import pytest

from convenor.funding.actions import commit_money, record_fund, release_money
from convenor.funding.models import Commitment, Fund
from convenor.funding.queries import funds
from convenor.funding.rules import Refused
from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from tests.factories.partnership import AT, ON, SLUG, World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def fund(here: World, **more: object) -> Fund:
    given: dict[str, object] = {
        "slug": SLUG, "name": "Peer review", "source": "Schools", "year": "2026-27", "pence": 100_00, "tier": "clusters",
        "by": here["manager"], "at": AT,
    }  # fmt: skip
    return record_fund(**(given | more))  # type: ignore[arg-type]


def commit(here: World, row: Fund, pence: int, **more: object) -> Commitment:
    given: dict[str, object] = {
        "slug": SLUG, "fund_id": row.pk, "what": "Release days", "pence": pence, "committed_on": ON, "by": here["manager"], "at": AT
    }  # fmt: skip
    return commit_money(**(given | more))  # type: ignore[arg-type]


def test_money_committed_lessens_what_is_left_until_released(here: World) -> None:
    row = fund(here)
    first = commit(here, row, 60_00)
    with pytest.raises(Refused):
        commit(here, row, 41_00)
    release_money(slug=SLUG, commitment_id=first.pk, released_on=ON, why="Not needed", by=here["manager"], at=AT)
    commit(here, row, 41_00)
    seen = funds(SLUG, viewer=here["manager"])
    assert [(each.name, each.tier, each.pence, each.committed_pence, each.left_pence) for each in seen] == [
        ("Peer review", "Clusters", 100_00, 41_00, 59_00)
    ]
    with pytest.raises(Refused):
        release_money(slug=SLUG, commitment_id=first.pk, released_on=ON, why="", by=here["manager"], at=AT)
    verbs = list(Entry.objects.order_by("id").values_list("verb", flat=True))[-4:]
    assert verbs == ["fund.recorded", "money.committed", "money.released", "money.committed"]


@pytest.mark.parametrize("wrong", [{"year": "2026"}, {"pence": -1}, {"name": " "}, {"tier": "nowhere"}])
def test_what_is_no_fund_is_not_recorded(here: World, wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        fund(here, **wrong)
    assert Fund.objects.count() == 0


def test_what_cannot_be_committed_is_not(here: World) -> None:
    row = fund(here)
    for wrong in ({"fund_id": 0}, {"priority_id": 0}):
        with pytest.raises(Refused):
            commit(here, row, 1, **wrong)
    with pytest.raises(NotAllowed):
        commit(here, row, 1, by=here["officer"])
    assert Commitment.objects.count() == 0


def test_funds_are_seen_by_those_who_see_money(here: World) -> None:
    fund(here), fund(here, year="2025-26")
    seen = {who: len(funds(SLUG, viewer=viewer)) for who, viewer in here.viewers.items()}
    assert {who for who, number in seen.items() if number} == {"manager", "auditor", "head", "board member", "alliance lead", "officer"}
    assert [each.year for each in funds(SLUG, viewer=here["manager"], year="2025-26")] == ["2025-26"]
    assert funds("mossshire", viewer=here["manager"]) == []
