"""Reports of non-delivery: the dead address is found, what is only late or mistrusted is passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.contacts.rules.bounces import Failed, Report, read_report

HEAD = (
    "From: MAILER-DAEMON@here.example\r\nTo: partnership@here.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
    'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="X"\r\n\r\n'
)


def report(*recipients: str) -> bytes:
    blocks = "\r\n\r\n".join(("Reporting-MTA: dns; here.example", *recipients))
    return (
        f"{HEAD}--X\r\nContent-Type: text/plain\r\n\r\nSorry, to somebody@elsewhere.example too.\r\n"
        f"--X\r\nContent-Type: message/delivery-status\r\n\r\n{blocks}\r\n\r\n"
        "--X\r\nContent-Type: message/rfc822\r\n\r\nTo: head@x.example\r\nSubject: Dates\r\n\r\nDear Ada\r\n--X--\r\n"
    ).encode()


def recipient(address: str, action: str, status: str, said: str = "") -> str:
    more = f"\r\nDiagnostic-Code: smtp; {said}" if said else ""
    return f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}{more}"


def test_dead_address_is_found_with_what_its_server_said() -> None:
    content = report(recipient("Head@Fernhollow.Example", "failed", "5.1.1", "550 5.1.1 No such\r\n user here"))
    assert read_report(content) == Report(True, (Failed("head@fernhollow.example", "550 5.1.1 No such user here"),))


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("failed", "4.2.2"), ("failed", "5.2.2"), ("failed", "5.7.1"), ("relayed", "2.0.0")]
)
def test_what_is_late_full_or_mistrusted_says_nothing_of_the_address(action: str, status: str) -> None:
    assert read_report(report(recipient("head@x.example", action, status))) == Report(True, (), ("head@x.example",))


def test_each_recipient_of_a_report_is_read_for_itself() -> None:
    found = read_report(report(recipient("a@x.example", "failed", "5.1.1"), recipient("b@x.example", "delayed", "4.4.7")))
    assert ([each.address for each in found.failed], found.passed_over) == (["a@x.example"], ("b@x.example",))


def test_older_server_names_the_recipient_in_a_header() -> None:
    content = b"From: MAILER-DAEMON@x.example\r\nX-Failed-Recipients: Head@X.example,\r\n b@x.example\r\nSubject: failed\r\n\r\nSorry.\r\n"
    assert [each.address for each in read_report(content).failed] == ["head@x.example", "b@x.example"]


@pytest.mark.parametrize("content", [b"", b"Subject: I am away\r\n\r\nUntil Monday; write to office@x.example.\r\n", b"\xff\xfe\x00" * 40])
def test_anything_else_is_no_report(content: bytes) -> None:
    assert read_report(content) == Report(False)


@given(st.binary(max_size=400))
def test_no_message_however_broken_stops_the_reader(tail: bytes) -> None:
    assert read_report(HEAD.encode() + b"--X\r\nContent-Type: message/delivery-status\r\n\r\n" + tail).passed_over is not None
