"""Practice: letters are written and held, none leaves, and what was written goes when the practice ends."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail

from convenor.post import actions
from convenor.post.models import Bounce, Letter, Practice
from convenor.post.queries import bounces, held_letters, in_practice, practice, practising

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@dataclass
class Here:
    slug: str


@dataclass
class Who:
    partnership: Here | None


MANAGER, STRANGER = Who(Here("fernshire")), Who(Here("othershire"))


def letter(slug="fernshire", kind="seat-call"):
    return actions.enqueue(
        by="test", at=NOW, to_address="ada@fernhollow.example", to_name="Ada", kind=kind, subject="A seat is open", body="It waits.",
        partnership=slug,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_of_a_partnership_that_practises_and_everything_of_another():
    assert actions.begin_practice(slug="fernshire", by="Mara", at=NOW) is True
    letter()
    one = actions.Addressed("bo@ashwater.example", "Bo", "A seat is open", "It waits.")
    actions.enqueue_all(by="test", at=NOW, letters=[one], kind="seat-call", partnership="fernshire")
    letter("othershire")
    assert actions.deliver_waiting(by="test", at=LATER) == (0, 0)
    assert [each.to for each in mail.outbox] == [["ada@fernhollow.example"]]
    assert practice("fernshire", viewer=MANAGER).held == 2
    assert (in_practice("fernshire"), in_practice("othershire"), in_practice("")) == (True, False, False)
    assert practising(["fernshire", "othershire"]) == {"fernshire"}


@pytest.mark.django_db(transaction=True)
def test_what_was_written_in_practice_never_leaves_and_what_waited_before_does(settings):
    settings.POST_LEAVES = "worker"
    before = letter()
    actions.begin_practice(slug="fernshire", by="Mara", at=NOW)
    letter()
    assert actions.deliver_waiting(by="test", at=LATER) == (0, 0)
    assert actions.end_practice(slug="fernshire", by="Mara", at=LATER) == 1
    assert actions.deliver_waiting(by="test", at=LATER) == (1, 0)
    assert list(Letter.objects.values_list("pk", "sent_at")) == [(before.pk, LATER)]


@pytest.mark.django_db
def test_practice_begins_and_ends_once():
    assert [actions.begin_practice(slug="fernshire", by="Mara", at=at) for at in (NOW, LATER)] == [True, False]
    assert Practice.objects.get().since == NOW
    assert [actions.end_practice(slug="fernshire", by="Mara", at=LATER) for _ in range(2)] == [0, None]


@pytest.mark.django_db
def test_words_of_held_letters_are_shown_for_the_kinds_named_and_to_their_own_partnership():
    actions.begin_practice(slug="fernshire", by="Mara", at=NOW)
    letter(kind="head-invitation")
    letter(kind="package-agreed")
    seen = held_letters("fernshire", viewer=MANAGER, with_words={"head-invitation"})
    assert [(each.kind, each.subject, each.body) for each in seen] == [
        ("package-agreed", "", ""),
        ("head-invitation", "A seat is open", "It waits."),
    ]
    assert held_letters("fernshire", viewer=STRANGER, with_words={"head-invitation"}) == []
    assert (practice("fernshire", viewer=STRANGER), practice("fernshire", viewer=Who(None))) == (None, None)


def refusing(monkeypatch, code, said):
    def refuse(self, *args, **kwargs):
        raise SMTPRecipientsRefused({self.to[0]: (code, said)})

    monkeypatch.setattr(actions.EmailMultiAlternatives, "send", refuse)


@pytest.mark.django_db(transaction=True)
def test_dead_address_is_noted_and_its_letter_rests_at_once(monkeypatch):
    refusing(monkeypatch, 550, b"5.1.1 No such user")
    letter()
    letter("")
    assert list(Letter.objects.values_list("attempts", "problem")) == [(5, "550 5.1.1 No such user")] * 2
    assert bounces("fernshire", viewer=MANAGER) == {"ada@fernhollow.example": ("550 5.1.1 No such user", NOW)}
    assert (bounces("fernshire", viewer=STRANGER), Bounce.objects.count()) == ({}, 1)
    assert [actions.forget_bounce(slug="fernshire", address="Ada@Fernhollow.example", by="Mara", at=LATER) for _ in range(2)] == [
        True,
        False,
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("code", "said"), [(451, b"try later"), (550, b"5.7.1 we do not trust you")])
def test_busy_or_mistrustful_server_says_nothing_of_the_address(monkeypatch, code, said):
    refusing(monkeypatch, code, said)
    letter()
    assert (Letter.objects.get().attempts, Bounce.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_old_bounce_goes_with_old_letters():
    actions.note_bounce(address="ada@fernhollow.example", why="gone", partnerships=["fernshire"], by="test", at=NOW)
    actions.forget_old(by="test", at=NOW + timedelta(days=367))
    assert Bounce.objects.count() == 0
