"""Other services that may vouch for somebody: how they are set from the environment, and which of them may be believed about what.

One variable lists them, and each has its own, by its key in capitals:

    CONVENOR_OIDC=dfe,council
    CONVENOR_OIDC_DFE_KIND=dfe-sign-in
    CONVENOR_OIDC_DFE_CLIENT=... CONVENOR_OIDC_DFE_SECRET=...
    CONVENOR_OIDC_COUNCIL_NAME="The council" CONVENOR_OIDC_COUNCIL_SERVER=https://login.council.example CONVENOR_OIDC_COUNCIL_CLIENT=...
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

PLAIN, DFE = "plain", "dfe-sign-in"

#: What is asked for unless told otherwise; DfE Sign-in says the organisation that somebody chose at its door.
SCOPES = {PLAIN: "openid profile email", DFE: "openid profile email organisation"}

#: Source: the addresses that the Department's own services are set to, as in github.com/DFE-Digital (seen August 2026).
DFE_SERVER = "https://oidc.signin.education.gov.uk"


class ProvidersRefused(ValueError):  # noqa: N818 - a refusal is an answer, not a fault
    """The environment does not say what is needed of a service; the message names the variable and the remedy."""


@dataclass(frozen=True, slots=True)
class ProviderSet:
    """One service by which people may sign in. `vouches`: its addresses are believed though it does not say that it made sure of them."""

    key: str
    name: str
    kind: str
    server: str
    client: str
    secret: str
    scopes: tuple[str, ...]
    vouches: bool


def providers_of(environment: Mapping[str, str]) -> tuple[ProviderSet, ...]:
    """The services that the environment sets, in its order; none where it sets none. Raises ProvidersRefused."""
    keys = [key.strip() for key in environment.get("CONVENOR_OIDC", "").split(",") if key.strip()]
    if len(set(keys)) != len(keys):
        raise ProvidersRefused("CONVENOR_OIDC names a service twice. Name each once.")
    return tuple(_one(key, environment) for key in keys)


def _one(key: str, environment: Mapping[str, str]) -> ProviderSet:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,29}", key):
        raise ProvidersRefused(f"CONVENOR_OIDC holds “{key}”. A service's key is small letters, digits and hyphens, as in dfe.")
    begin = f"CONVENOR_OIDC_{key.upper().replace('-', '_')}_"

    def said(name: str, default: str = "") -> str:
        return environment.get(begin + name, "").strip() or default

    kind = said("KIND", PLAIN)
    if kind not in SCOPES:
        raise ProvidersRefused(f"{begin}KIND is “{kind}”. It is one of: {', '.join(SCOPES)}.")
    server = said("SERVER", DFE_SERVER if kind == DFE else "").rstrip("/")
    for name, value in (("SERVER", server), ("CLIENT", said("CLIENT")), ("SECRET", said("SECRET"))):
        if not value:
            raise ProvidersRefused(f"{begin}{name} is missing. Set it to what the service gave you, or take “{key}” out of CONVENOR_OIDC.")
    if not may_be_asked(server):
        raise ProvidersRefused(f"{begin}SERVER is {server}. It begins with https://.")
    scopes = tuple(dict.fromkeys(said("SCOPES", SCOPES[kind]).split()))
    if "openid" not in scopes:
        raise ProvidersRefused(f"{begin}SCOPES lacks openid, without which nobody is vouched for.")
    if said("VOUCHES", "0") not in ("0", "1"):
        raise ProvidersRefused(f"{begin}VOUCHES is 1 or 0.")
    name = said("NAME", "DfE Sign-in" if kind == DFE else key.replace("-", " ").capitalize())
    return ProviderSet(key, name, kind, server, said("CLIENT"), said("SECRET"), scopes, said("VOUCHES", "0") == "1")


def may_be_asked(address: str) -> bool:
    """Whether a secret may travel to this address: over HTTPS, or to this very machine."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and _here(parts.hostname or "")


def _here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def same_issuer(one: str, other: str) -> bool:
    """Whether two addresses name one service, its usual port written or not (DfE Sign-in writes it)."""
    first, second = urlsplit(one.rstrip("/")), urlsplit(other.rstrip("/"))
    usual = {"https": 443, "http": 80}
    ports = [each.port or usual.get(each.scheme) for each in (first, second)]
    return (first.scheme, first.hostname, first.path, ports[0]) == (second.scheme, second.hostname, second.path, ports[1])
