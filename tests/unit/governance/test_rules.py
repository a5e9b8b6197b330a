"""What makes a proper priority, group and decision."""

from collections.abc import Callable
from datetime import date

import pytest

from convenor.governance.rules import MOST_AT_ONCE, Refused, refuse_decision, refuse_priority, refuse_task_group
from tests.factories.refusals import refusal_of

DAY, LATER = date(2026, 9, 1), date(2027, 8, 31)
PRIORITY = {"title": "Reading", "measure": "From 14 to all", "from_on": DAY, "until_on": LATER, "running": 0}
GROUP = {"task": "Map the offers", "output": "A directory", "due_on": LATER, "body_from": DAY, "body_until": LATER}
DECISION = {"words": "Agreed", "decided_on": DAY, "today": LATER, "votes": (5, 1, 0), "quorum": 6}


@pytest.mark.parametrize(
    ("rule", "proper"),
    [
        (refuse_priority, PRIORITY), (refuse_task_group, GROUP), (refuse_decision, DECISION),
        (refuse_decision, DECISION | {"votes": (None, None, None)}),
    ],
)  # fmt: skip
def test_a_proper_one_is_not_refused(rule: Callable[..., None], proper: dict[str, object]) -> None:
    assert refusal_of(rule, **proper) is None


@pytest.mark.parametrize("wrong", [{"title": " "}, {"measure": ""}, {"until_on": DAY}, {"running": MOST_AT_ONCE}])
def test_an_improper_priority_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        refuse_priority(**(PRIORITY | wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong", [{"task": ""}, {"output": ""}, {"body_until": None}, {"due_on": date(2028, 1, 1)}, {"due_on": date(2020, 1, 1)}]
)
def test_an_improper_group_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        refuse_task_group(**(GROUP | wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"words": ""}, {"decided_on": date(2030, 1, 1)}, {"votes": (5, None, 0)}, {"quorum": 7}])
def test_an_improper_decision_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        refuse_decision(**(DECISION | wrong))  # type: ignore[arg-type]
