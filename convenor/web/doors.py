"""Which page does which thing of the partnership: one place to mend when an address moves. Pages not yet built are not led to."""

from __future__ import annotations

from convenor.web.addresses import address


def _first(*addresses: str) -> str:
    """The first page that is there; the first page of the site where none is."""
    return next((one for one in addresses if one), "/")


def seats(slug: str) -> str:
    """Seats, calls and terms."""
    return _first(address("seats", slug), address("structure", slug), address("partnership", slug))


def call(slug: str, call_id: int) -> str:
    """One call for names."""
    return _first(address("seat-call", slug, call_id), seats(slug))


def decide(slug: str, call_id: int) -> str:
    """Where the manager records a call's outcome."""
    return _first(address("seat-call-decide", slug, call_id), call(slug, call_id))


def open_call(slug: str, body_key: str, seat_key: str) -> str:
    """Where the manager calls for names for a seat."""
    return _first(address("seat-call-open", slug, body_key, seat_key), seats(slug))


def hand_over(slug: str, appointment_id: int) -> str:
    """Where a holder writes the hand-over."""
    return _first(address("appointment-hand-over", slug, appointment_id), seats(slug))


def successor(slug: str, appointment_id: int) -> str:
    """Where a holder, or the manager, names who could follow."""
    return _first(address("appointment-successor", slug, appointment_id), seats(slug))


def body(slug: str, key: str) -> str:
    """A body's page."""
    return _first(address("body", slug, key), address("structure", slug), address("partnership", slug))


def school(urn: str) -> str:
    """A school at a glance."""
    return _first(address("school", urn))


def members(slug: str) -> str:
    """Member schools; where one joins and leaves."""
    return _first(address("members", slug), address("partnership", slug))


def engagement(slug: str) -> str:
    """Who takes part, and whom to invite."""
    return _first(address("engagement", slug), address("partnership", slug))
