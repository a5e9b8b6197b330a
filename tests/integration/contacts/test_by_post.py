"""With a real mail server that the test starts: letters leave, dead addresses are learnt, and reports of non-delivery are taken in."""

import io
import json
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command

from convenor.contacts.actions import set_contact
from convenor.contacts.queries.contacts import contacts
from convenor.post.actions import enqueue
from convenor.post.models import Bounce, Letter
from tests.factories.partnership import AT, SLUG, world
from tests.unit.contacts.test_bounces import recipient, report

DEAD = "gone@fernhollow.example"


class Server:
    """Takes every letter but those to the dead address."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address == DEAD:
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield handler
    controller.stop()


@pytest.mark.django_db(transaction=True)
def test_dead_address_is_shown_to_the_partnership_that_wrote_to_it(server: Server) -> None:
    here = world()
    set_contact(slug=SLUG, urn="990001", role="clerk", name="Cass Wood", email=DEAD, by="the test", at=AT)
    for address in (DEAD, "head@dunmarsh.example"):
        enqueue(by="the test", at=AT, to_address=address, kind="seat-call", subject="A seat is open", body="It waits.", partnership=SLUG)
    assert server.taken == ["head@dunmarsh.example"]
    seen = contacts(SLUG, viewer=here["manager"], at=AT, standing="bounced")
    assert [(each.name, each.came_back) for each in seen.shown] == [("Cass Wood", "550 5.1.1 No such user here")]
    assert Letter.objects.get(to_address=DEAD).attempts == 5


@pytest.mark.django_db
def test_report_is_taken_in_from_a_file_and_from_standard_input(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Letter.objects.create(
        partnership=SLUG, to_address=DEAD, kind="seat-call", subject="s", body="b", queued_at=datetime(2026, 11, 1, tzinfo=UTC)
    )
    content = report(recipient(DEAD, "failed", "5.1.1", "550 no such user"), recipient("b@x.example", "delayed", "4.4.7"))
    path = tmp_path / "report.eml"
    path.write_bytes(content)
    out = io.StringIO()
    call_command("bounces", str(path), "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"report": True, "failed": [DEAD], "passed_over": ["b@x.example"]}
    assert list(Bounce.objects.values_list("partnership", "address", "why")) == [(SLUG, DEAD, "550 no such user")]
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"Subject: hello\r\n\r\nI am away.\r\n")))
    out = io.StringIO()
    call_command("bounces", "-", stdout=out)
    assert out.getvalue() == "This is no report of non-delivery. Nothing was noted.\n"


@pytest.mark.django_db
def test_file_that_is_not_there_is_said(tmp_path: Any) -> None:
    told = io.StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("bounces", str(tmp_path / "none.eml"), stderr=told)
    assert "cannot be read: No such file or directory." in told.getvalue()
