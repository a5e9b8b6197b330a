"""Support of earlier years: taken over all or none, read by the school alone."""

from __future__ import annotations

from datetime import date

import pytest

from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import Refused
from convenor.support.actions import record_earlier
from convenor.support.models import EarlierSupport
from convenor.support.queries.earlier import EarlierSeen, earlier_support
from convenor.support.queries.support_of_school import held_support
from convenor.support.rules.earlier import EarlierLine
from tests.factories.partnership import AT, SLUG, world

pytestmark = pytest.mark.django_db
LINE = EarlierLine(
    "990001", date(2024, 3, 4), " Sol  Carr ", "Reading in Year 2", date(2024, 3, 18), 3, 45_000, "Two visits.", "closed", "log.csv"
)  # fmt: skip


def test_earlier_support_is_taken_over_and_read_by_its_school_alone() -> None:
    here = world()
    assert record_earlier(slug=SLUG, lines=[LINE], by=here["manager"], at=AT) == 1
    seen = EarlierSeen(
        date(2024, 3, 4), date(2024, 3, 18), "Sol Carr", "Reading in Year 2", 3, 45_000, "Two visits.", "closed", "log.csv"
    )  # fmt: skip
    assert earlier_support(SLUG, "990001", viewer=here["head"]) == (seen,)
    assert earlier_support(SLUG, "990001", viewer=here["other head"]) == ()
    assert earlier_support(SLUG, "990001", viewer=here["manager"]) == ()
    assert earlier_support("elsewhere", "990001", viewer=here["head"]) == ()
    held = held_support("990001", viewer=here["head"])
    assert held is not None
    assert held.earlier == (seen,)
    assert list(Entry.objects.filter(verb="support.taken-over").values_list("urn", "detail")) == [("990001", {"lines": 1})]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (EarlierLine("990001", date(2024, 3, 4), "", "x"), "Earlier support says who helped, and with what. Nothing was changed."),
        (
            EarlierLine("990001", date(2030, 3, 4), "Sol Carr", "x"),
            "Earlier support lies in the past. Open a package for what is to come. Nothing was changed.",
        ),
        (
            EarlierLine("990001", date(2024, 3, 4), "Sol Carr", "x", date(2024, 3, 3)),
            "Earlier support cannot end before it began. Nothing was changed.",
        ),
        (
            EarlierLine("990001", date(2024, 3, 4), "Sol Carr", "x", half_days=2000),
            "The days or the cost of one line of earlier support cannot be so much. Nothing was changed.",
        ),
        (
            EarlierLine("123456", date(2024, 3, 4), "Sol Carr", "x"),
            "No loaded edition of the register knows a school with URN 123456. Nothing was changed.",
        ),
    ],
)
def test_earlier_support_is_refused_whole(line: EarlierLine, words: str) -> None:
    here = world()
    with pytest.raises(Refused) as refused:
        record_earlier(slug=SLUG, lines=[LINE, line], by=here["manager"], at=AT)
    assert str(refused.value) == words
    assert EarlierSupport.objects.count() == 0


def test_a_head_takes_nothing_over() -> None:
    here = world()
    with pytest.raises(NotAllowed) as refused:
        record_earlier(slug=SLUG, lines=[LINE], by=here["head"], at=AT)
    words = "You cannot bring in what the partnership has in its own spreadsheets, and undo it whole: no post you hold today allows it."
    assert str(refused.value) == f"{words} Nothing was changed."
    assert EarlierSupport.objects.count() == 0
