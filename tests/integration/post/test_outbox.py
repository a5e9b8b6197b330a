"""The outbox: letters leave once the change they tell of stands, and say what went wrong when they do not."""

import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction

from convenor.post import actions
from convenor.post.models import Letter
from convenor.post.queries import letters_with_problems
from convenor.post.rules import NOT_KEPT, LetterRefused, Tried

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@dataclass
class Here:
    slug: str


@dataclass
class Who:
    partnership: Here | None


def letter(kind="seat-call", partnership="fernshire", address="ada@fernhollow.example", **more):
    return actions.enqueue(
        by="test",
        at=NOW,
        to_address=address,
        kind=kind,
        subject=more.get("subject", "A seat is open"),
        body=more.get("body", "It waits."),
        partnership=partnership,
        to_name="Ada Example",
    )


@pytest.mark.django_db(transaction=True)
def test_letter_leaves_when_the_change_stands():
    with transaction.atomic():
        letter()
        assert mail.outbox == []
    assert [(one.to, one.subject) for one in mail.outbox] == [(["ada@fernhollow.example"], "A seat is open")]
    assert Letter.objects.get().sent_at == NOW


@pytest.mark.django_db(transaction=True)
def test_letter_does_not_leave_when_the_change_is_undone():
    def undone():
        with transaction.atomic():
            letter()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert (mail.outbox, Letter.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_letter_that_carries_a_concern_is_refused_and_not_kept():
    with pytest.raises(LetterRefused):
        letter(body="Your school is judged inadequate.")
    assert Letter.objects.count() == 0


@pytest.fixture
def broken(monkeypatch):
    """A mail server that refuses everything, until told otherwise."""
    state = {"broken": True}
    send = actions.EmailMultiAlternatives.send

    def attempt(self, *args, **kwargs):
        if state["broken"]:
            raise ConnectionRefusedError("no mail server")
        return send(self, *args, **kwargs)

    monkeypatch.setattr(actions.EmailMultiAlternatives, "send", attempt)
    return state


@pytest.mark.django_db(transaction=True)
def test_problem_is_kept_and_the_letter_tried_again_later(broken):
    letter()
    kept = Letter.objects.get()
    assert (kept.sent_at, kept.attempts, kept.problem) == (None, 1, "ConnectionRefusedError: no mail server")
    assert actions.deliver_waiting(by="test", at=NOW + timedelta(seconds=30)) == (0, 0)
    broken["broken"] = False
    assert actions.deliver_waiting(by="test", at=NOW + timedelta(minutes=1)) == (1, 0)
    kept.refresh_from_db()
    assert (kept.attempts, kept.problem) == (2, "")


@pytest.mark.django_db(transaction=True)
def test_letter_rests_after_five_attempts_until_the_manager_asks_again(broken):
    letter()
    for hours in range(1, 10):
        actions.deliver_waiting(by="test", at=NOW + timedelta(hours=hours))
    kept = Letter.objects.get()
    assert kept.attempts == 5
    broken["broken"] = False
    assert actions.deliver_waiting(by="test", at=NOW + timedelta(days=9)) == (0, 0)
    assert actions.try_again(letter_id=kept.pk, partnership="otherton", by="test", at=NOW) is False
    assert actions.try_again(letter_id=kept.pk, partnership="fernshire", by="test", at=NOW + timedelta(days=9)) is True
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_link_is_not_kept_once_sent_and_other_words_are():
    letter(kind="sign-in-link", partnership="", body="https://here.example/?key=secret")
    letter(body="It waits at the seats page.")
    assert list(Letter.objects.order_by("id").values_list("body", flat=True)) == [NOT_KEPT, "It waits at the seats page."]


@pytest.mark.django_db(transaction=True)
def test_letter_is_sent_once_by_senders_at_the_same_moment(settings, monkeypatch):
    settings.POST_LEAVES = "worker"
    for number in range(6):
        letter(address=f"head{number}@fernhollow.example")
    ready, counts, sent = threading.Barrier(3), [], []
    monkeypatch.setattr(actions, "_hand_over", lambda one, carrier: sent.append(one.to_address) or Tried())

    def deliver():
        try:
            ready.wait(5)
            counts.append(actions.deliver_waiting(by="test", at=NOW)[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(sent) == [f"head{number}@fernhollow.example" for number in range(6)]
    assert sum(counts) == 6


@pytest.mark.django_db(transaction=True)
def test_letter_leaves_in_a_thread_of_its_own_when_the_site_serves(settings):
    settings.POST_LEAVES = "beside"
    letter()
    for thread in [thread for thread in threading.enumerate() if thread.name == "post"]:
        thread.join(10)
    assert Letter.objects.get().sent_at == NOW


@pytest.mark.django_db(transaction=True)
def test_worker_and_deliver_send_what_waits(settings):
    settings.POST_LEAVES = "worker"
    letter()
    out = StringIO()
    call_command("deliver", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"sent": 1, "with_problems": 0}
    letter()
    out = StringIO()
    call_command("worker", "--once", stdout=out)
    assert out.getvalue() == "1 sent, 0 met a problem.\n"
    assert len(mail.outbox) == 2


@pytest.mark.django_db
def test_problems_are_told_to_their_own_partnership_alone_and_without_words(broken):
    for slug in ("fernshire", "otherton", ""):
        Letter.objects.create(
            partnership=slug,
            to_address="ada@fernhollow.example",
            kind="seat-call",
            subject="Subject",
            body=f"Words of {slug}",
            queued_at=NOW,
            attempts=1,
            problem="No such mailbox",
        )
    seen = letters_with_problems("fernshire", viewer=Who(Here("fernshire")))
    assert [(one.kind, one.problem, one.resting) for one in seen] == [("seat-call", "No such mailbox", False)]
    assert "Words" not in repr(seen)
    assert letters_with_problems("fernshire", viewer=Who(Here("otherton"))) == []
    assert letters_with_problems("fernshire", viewer=Who(None)) == []
    assert letters_with_problems("", viewer=Who(Here(""))) == []


@pytest.mark.django_db
def test_letters_are_forgotten_after_a_year():
    for days in (365, 367):
        Letter.objects.create(to_address="a@b.example", kind=f"{days} days", subject="s", body="b", queued_at=NOW - timedelta(days=days))
    assert actions.forget_old(by="test", at=NOW) == 1
    assert [one.kind for one in Letter.objects.all()] == ["365 days"]
