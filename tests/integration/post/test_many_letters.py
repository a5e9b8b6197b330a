"""Many letters at once: queued together, left together, or none."""

import threading
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.db import transaction

from convenor.post import actions
from convenor.post.actions import Addressed
from convenor.post.models import Letter
from convenor.post.rules import LetterRefused

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TWO = [Addressed(f"{who}@fernhollow.example", who.title(), "A round is open", "It waits.") for who in ("ada", "bea")]


def queue(letters=TWO):
    return actions.enqueue_all(by="test", at=NOW, letters=letters, kind="round", partnership="fernshire")


@pytest.mark.django_db(transaction=True)
def test_many_letters_leave_together_when_the_change_stands():
    with transaction.atomic():
        assert queue() == 2
        assert mail.outbox == []
    assert sorted(one.to[0] for one in mail.outbox) == ["ada@fernhollow.example", "bea@fernhollow.example"]
    assert set(Letter.objects.values_list("kind", "partnership", "to_name", "sent_at")) == {
        ("round", "fernshire", "Ada", NOW),
        ("round", "fernshire", "Bea", NOW),
    }


@pytest.mark.django_db
def test_none_is_queued_when_one_may_not_be_posted():
    with pytest.raises(LetterRefused):
        queue([*TWO, Addressed("cy@fernhollow.example", "Cy", "A round is open", "You are inadequate.")])
    assert Letter.objects.count() == 0
    assert queue([]) == 0


@pytest.mark.django_db(transaction=True)
def test_many_letters_leave_beside_the_page(settings):
    settings.POST_LEAVES = "beside"
    queue()
    for thread in [each for each in threading.enumerate() if each.name == "post"]:
        thread.join(10)
    assert len(mail.outbox) == 2


@pytest.mark.django_db(transaction=True)
def test_many_letters_wait_for_the_worker(settings):
    settings.POST_LEAVES = "worker"
    queue()
    assert (len(mail.outbox), Letter.objects.filter(sent_at=None).count()) == (0, 2)
