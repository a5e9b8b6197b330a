"""Reading a report of non-delivery, as mail servers write it (RFC 3464): which addresses are dead, and why.

A report says per recipient whether delivery failed for good. "Delayed" and "relayed" say nothing of the address, and neither does a failure
of policy (class 5.7) or a full mailbox (5.2.2).
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage, Message
from typing import Final

#: A report is short; what is longer is cut before it is read.
AT_MOST_BYTES: Final = 2_000_000
#: Classes of failure (RFC 3463) that are about the server, its policy or the moment, and not about the address.
NOT_THE_ADDRESS: Final = ("5.2.2", "5.2.3", "5.3", "5.4", "5.5", "5.7")
ADDRESS: Final = re.compile(r"[^\s<>;,\"]+@[^\s<>;,\"]+")


@dataclass(frozen=True, slots=True)
class Failed:
    """An address to which delivery failed for good, and what its server said."""

    address: str
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a message says: `is_report` is False for anything but a report of non-delivery."""

    is_report: bool
    failed: tuple[Failed, ...] = ()
    passed_over: tuple[str, ...] = ()


def read_report(content: bytes) -> Report:
    """The addresses of a report that failed for good; `passed_over` are those of it that failed for now or for policy."""
    message = email.message_from_bytes(content[:AT_MOST_BYTES], policy=email.policy.default)
    failed: dict[str, str] = {}
    passed: list[str] = []
    blocks = [block for part in message.walk() if part.get_content_type() == "message/delivery-status" for block in _blocks(part)]
    for block in blocks:
        address = _address(block.get("Final-Recipient") or block.get("Original-Recipient") or "")
        if not address:
            continue
        status, why = _word(block.get("Status")), _words(block.get("Diagnostic-Code") or block.get("Status") or "")
        if _word(block.get("Action")).lower() == "failed" and _dead(status, why):
            failed.setdefault(address, why or "not delivered")
        else:
            passed.append(address)
    if not blocks:
        failed |= dict.fromkeys(_older_way(message), "not delivered")
    found = tuple(Failed(address, why) for address, why in failed.items())
    return Report(bool(blocks) or bool(found), found, tuple(each for each in dict.fromkeys(passed) if each not in failed))


def _blocks(part: Message) -> Iterable[Message]:
    """The blocks of a delivery status: the first is about the message, each further one about a recipient."""
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _older_way(message: EmailMessage) -> Iterable[str]:
    """The recipients that servers without RFC 3464 name in a header of their own."""
    said = ", ".join(str(each) for each in message.get_all("X-Failed-Recipients", []))
    return [each.lower() for each in ADDRESS.findall(said)]


def _address(said: object) -> str:
    """The address of "rfc822; Name@Place"."""
    found = ADDRESS.search(str(said).partition(";")[2] or str(said))
    return found.group().lower().rstrip(".") if found else ""


def _word(said: object) -> str:
    return str(said or "").split()[0] if str(said or "").split() else ""


def _words(said: object) -> str:
    """What the server said, in one line, without the kind of server before it."""
    text = " ".join(str(said).split())
    return (text.partition(";")[2].strip() or text)[:300]


def _dead(status: str, why: str) -> bool:
    """Whether a failure is about the address: class 5, and none that is about policy, the server or a full mailbox."""
    code = status or next(iter(re.findall(r"\b[245]\.\d{1,3}\.\d{1,3}\b", why)), "")
    return code.startswith("5.") and not code.startswith(NOT_THE_ADDRESS)
