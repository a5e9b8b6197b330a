"""How much may come from one place: wrong codes and new phones by address, sendings by phone.

Addresses are counted across processes, in the same table as attempts to sign in, and forgotten within the hour: they stand in no record.
What one phone sends is counted in the process alone, since that is asked at every sending and must cost nothing.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections import OrderedDict, deque
from datetime import datetime
from threading import Lock

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from convenor.conditions.rules.joining import JOINS_IN_AN_HOUR, SENDS_IN_A_MINUTE, WRONG_CODES_IN_AN_HOUR

HOUR_SECONDS = 3_600
MINUTE_SECONDS = 60.0
#: So many phones are remembered by a process; the longest silent is forgotten first.
PHONES = 5_000
IPV6_PREFIX = 64


def too_many_wrong(request: HttpRequest, at: datetime) -> bool:
    """Whether so many wrong codes came from this address in this hour that no new phone is let in from there."""
    return int(cache.get(_key("wrong", request, at), 0)) >= WRONG_CODES_IN_AN_HOUR


def count_wrong(request: HttpRequest, at: datetime) -> None:
    """One more wrong code."""
    _count("wrong", request, at)


def too_many_joined(request: HttpRequest, at: datetime) -> bool:
    """Whether as many phones joined from this address in this hour as a conference has."""
    return int(cache.get(_key("joined", request, at), 0)) >= JOINS_IN_AN_HOUR


def count_joined(request: HttpRequest, at: datetime) -> None:
    """One more phone."""
    _count("joined", request, at)


def _count(what: str, request: HttpRequest, at: datetime) -> None:
    key = _key(what, request, at)
    cache.set(key, int(cache.get(key, 0)) + 1, HOUR_SECONDS)


def _key(what: str, request: HttpRequest, at: datetime) -> str:
    """By the hour and the address; of the newer kind of address, by the network that one house has."""
    address = str(get_adapter().get_client_ip(request))
    try:
        found = ipaddress.ip_address(address)
        address = str(ipaddress.ip_network(f"{address}/{IPV6_PREFIX}", strict=False)) if found.version == 6 else address
    except ValueError:
        pass
    return f"join:{what}:{at:%Y%m%d%H}:{hashlib.sha256(address.encode()).hexdigest()[:32]}"


class Pace:
    """How often each phone sent within the last minute, in this process."""

    def __init__(self, most: int = SENDS_IN_A_MINUTE) -> None:
        self.most = most
        self.lock = Lock()
        self.sent: OrderedDict[str, deque[float]] = OrderedDict()

    def too_fast(self, phone: str, at: datetime) -> bool:
        """Counts one sending; whether it is one too many. One that is too many is not counted."""
        now = at.timestamp()
        with self.lock:
            times = self.sent.setdefault(phone, deque())
            self.sent.move_to_end(phone)
            while len(self.sent) > PHONES:
                self.sent.popitem(last=False)
            while times and times[0] <= now - MINUTE_SECONDS:
                times.popleft()
            if len(times) >= self.most:
                return True
            times.append(now)
        return False


pace = Pace()
