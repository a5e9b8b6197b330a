"""Subscriptions: taken over all or none, said anew where they stand, seen by those who see money and by the school itself."""

from __future__ import annotations

from datetime import date

import pytest

from convenor.funding.actions import record_subscriptions
from convenor.funding.models import Subscription
from convenor.funding.queries import subscriptions
from convenor.funding.rules import Refused, SubscriptionLine
from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from tests.factories.partnership import AT, SLUG, world

pytestmark = pytest.mark.django_db
LINES = (
    SubscriptionLine("990001", "2026-27", 45_000, None, date(2026, 9, 30), date(2026, 9, 1), "Order 12"),
    SubscriptionLine("990005", "2026-27", 60_000, False),
)


def test_subscriptions_are_recorded_once_a_school_and_said_anew_where_they_stand() -> None:
    here = world()
    assert record_subscriptions(slug=SLUG, lines=LINES, by=here["manager"], at=AT) == 2
    again = SubscriptionLine("990005", "2026-27", 61_000, True)
    assert record_subscriptions(slug=SLUG, lines=[again], by=here["manager"], at=AT) == 1
    rows = Subscription.objects.order_by("school_id").values_list("school_id", "pence", "paid", "paid_on")
    assert list(rows) == [("990001", 45_000, True, date(2026, 9, 30)), ("990005", 61_000, True, None)]
    said = Entry.objects.filter(verb="subscription.recorded").order_by("pk").values_list("urn", "detail")
    assert list(said) == [("990001", {"years": ["2026-27"]}), ("990005", {"years": ["2026-27"]}), ("990005", {"years": ["2026-27"]})]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (SubscriptionLine("990005", "2026", 1), "'2026' is not a financial year such as 2026-27."),
        (SubscriptionLine("990005", "2026-27", -1), "A subscription is from nothing to £100,000. Nothing was changed."),
        (
            SubscriptionLine("990005", "2026-27", 1, False, date(2026, 9, 1)),
            "A subscription that is not paid has no day on which it was. Nothing was changed.",
        ),
        (LINES[0], "One school stands twice for one year. Nothing was changed."),
        (
            SubscriptionLine("123456", "2026-27", 1),
            "No loaded edition of the register knows a school with URN 123456. Nothing was changed.",
        ),
    ],
)
def test_subscriptions_are_refused_whole(line: SubscriptionLine, words: str) -> None:
    here = world()
    with pytest.raises(Refused) as refused:
        record_subscriptions(slug=SLUG, lines=[LINES[0], line], by=here["manager"], at=AT)
    assert str(refused.value) == words
    assert Subscription.objects.count() == 0


def test_subscriptions_are_hidden_from_other_schools() -> None:
    here = world()
    record_subscriptions(slug=SLUG, lines=LINES, by=here["manager"], at=AT)
    assert sorted(each.urn for each in subscriptions(SLUG, viewer=here["manager"])) == ["990001", "990005"]
    assert [each.pence for each in subscriptions(SLUG, viewer=here["school leader"], urn="990001")] == [45_000]
    assert subscriptions(SLUG, viewer=here["school leader"], urn="990005") == []
    assert subscriptions(SLUG, viewer=here["school leader"]) == []
    assert subscriptions("elsewhere", viewer=here["manager"]) == []


def test_a_head_records_no_subscription() -> None:
    here = world()
    with pytest.raises(NotAllowed) as refused:
        record_subscriptions(slug=SLUG, lines=LINES, by=here["head"], at=AT)
    assert str(refused.value) == "You cannot record funds and commit money: no post you hold today allows it. Nothing was changed."
    assert Subscription.objects.count() == 0
