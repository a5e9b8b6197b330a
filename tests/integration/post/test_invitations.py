"""A letter that carries an invitation: as mail programs expect it, and refused where it could carry a concern."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from django.core import mail

from convenor.post import actions
from convenor.post.models import Letter
from convenor.post.rules import LetterRefused

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Peer review visit: Ærnhollow\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def send(calendar=CALENDAR):
    return actions.enqueue(
        by="test", at=NOW, to_address="ada@fernhollow.example", kind="visit", subject="For your calendar", body="It waits.",
        calendar=calendar,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_an_invitation_travels_as_an_alternative_with_its_method_and_as_a_file():
    send()
    told = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=default)
    parts = [(part.get_content_type(), part.get_param("method"), part.get_filename()) for part in told.walk() if not part.is_multipart()]
    assert parts == [
        ("text/plain", None, None),
        ("text/calendar", "REQUEST", None),
        ("application/ics", None, "invitation.ics"),
    ]
    [alternative] = [part for part in told.walk() if part.get_content_type() == "text/calendar"]
    [file] = [part for part in told.walk() if part.get_content_type() == "application/ics"]
    assert alternative.get_content().splitlines() == CALENDAR.splitlines()
    assert file.get_content() == CALENDAR.encode()


@pytest.mark.django_db(transaction=True)
def test_a_letter_without_one_stays_plain():
    send("")
    assert mail.outbox[0].message().get_content_type() == "text/plain"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "calendar",
    [
        CALENDAR.replace("METHOD:REQUEST\r\n", ""),
        CALENDAR.replace("REQUEST", "PUBLISH"),
        CALENDAR.replace("Ærnhollow", "special\r\n  measures"),
    ],
)
def test_a_calendar_message_without_a_method_or_with_a_concern_in_a_fold_is_refused(calendar):
    with pytest.raises(LetterRefused):
        send(calendar)
    assert Letter.objects.count() == 0
