"""Whose a row is and who only did it; what is a part of what."""

from __future__ import annotations

import pytest

from convenor.archive.rules.belonging import Belongs, owned_by, says_who_did_it
from tests.unit.archive.test_belonging import key, placed, table


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("person", False),
        ("mentor", False),
        ("by", True),
        ("broker", True),
        ("offered_by", True),
        ("history_user", True),
        ("standby", False),
    ],
)
def test_a_key_says_who_did_it_or_whom_it_is_about(field: str, told: bool) -> None:
    assert says_who_did_it(key(field, "accounts.person")) is told


def test_a_part_is_what_reaches_the_partnership_over_its_whole() -> None:
    found = placed(
        table("support.visit", key("package", "support.package"), key("supporter", "support.supporter")),
        table("support.package", key("partnership", "partnership.partnership"), key("supporter", "support.supporter")),
        table("support.supporter", key("partnership", "partnership.partnership")),
    )
    owns = {(t.label, c.field): owned_by(t, c) for t in found.values() for c in t.columns if c.to}
    assert {pair for pair, told in owns.items() if told} == {("support.visit", "package")}


def test_what_stays_behind_is_the_partnerships_all_the_same_and_carries_nothing_along() -> None:
    found = placed(
        table("moving_in.movein", key("partnership", "partnership.partnership")),
        table("moving_in.file", key("move_in", "moving_in.movein")),
        table("a.thing", key("move_in", "moving_in.movein")),
    )
    assert {
        label: (each.belongs, each.path, each.held) for label, each in found.items() if "." in label and each.app in {"moving_in", "a"}
    } == {
        "moving_in.movein": (Belongs.LEFT, ("partnership",), True),
        "moving_in.file": (Belongs.LEFT, ("move_in", "partnership"), True),
        "a.thing": (Belongs.NOWHERE, (), False),
    }
