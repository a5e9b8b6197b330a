"""A service that vouches for people over OpenID Connect, run by the tests on this machine, and the way through its door."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import requests

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its library warns of its own next version
    import oidc_provider_mock


@dataclass(frozen=True, slots=True)
class Voucher:
    """The service, and those whom it knows."""

    address: str

    def knows(self, sub: str, **claims: Any) -> None:
        """Tell it of somebody."""
        requests.put(f"{self.address}/users/{sub}", json=claims, timeout=5).raise_for_status()

    def let_in(self, door: str, sub: str, **altered: str) -> str:
        """Through its door as this person; the address to which it sends them back. `altered` replaces what was asked of it."""
        parts = urlsplit(door)
        asked = dict(parse_qsl(parts.query)) | altered
        done = requests.post(urlunsplit(parts._replace(query=urlencode(asked))), data={"sub": sub}, allow_redirects=False, timeout=5)
        assert done.status_code == 302, done.text
        return done.headers["Location"]

    def refuse(self, door: str) -> str:
        """The person changes their mind at the door."""
        done = requests.post(door, data={"action": "deny"}, allow_redirects=False, timeout=5)
        return done.headers["Location"]


@contextmanager
def vouching() -> Iterator[Voucher]:
    """The service, on a free port of this machine, until the end of the block."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with oidc_provider_mock.run_server_in_thread() as server:
            yield Voucher(f"http://localhost:{server.server_port}")


def altered(address: str, **changes: str) -> str:
    """An address with parts of its query changed; "" takes one out."""
    parts = urlsplit(address)
    said = dict(parse_qsl(parts.query)) | changes
    return urlunsplit(parts._replace(query=urlencode({key: value for key, value in said.items() if value})))
