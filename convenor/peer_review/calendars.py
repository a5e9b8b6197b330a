"""Calendars as text: a feed of one's own appointments, and invitations that Outlook, Google and Apple accept.

Written with the icalendar library: it folds lines at 75 octets, ends them with CRLF and escapes text. What each must hold is RFC 5545
(sections 3.6, 3.6.1) and, for invitations, RFC 5546 (sections 3.2.2 and 3.2.5).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from convenor.peer_review.rules.calendar import CalendarEntry, Method

if TYPE_CHECKING:
    from icalendar import Calendar, Event

PRODUCT = "-//Convenor//Peer review//EN"
#: How often a calendar is asked to look again.
REFRESH = "PT4H"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody named in an invitation."""

    name: str
    email: str


def feed(entries: Iterable[CalendarEntry], *, name: str, site: str = "") -> str:
    """A calendar to subscribe to. `site` is the web address before each entry's own page, such as https://convenor.example."""
    calendar = _calendar()
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", REFRESH)
    calendar.add("refresh-interval;value=duration", REFRESH)
    for entry in entries:
        calendar.add_component(_event(entry, site))
    return str(calendar.to_ical().decode())


def invitation(entry: CalendarEntry, method: Method, *, organiser: Party, attendee: Party, site: str = "") -> str:
    """One visit, to one person: taken into their calendar, changed there, or taken out. They need not answer."""
    from icalendar import vCalAddress, vText

    calendar = _calendar()
    calendar.add("method", method.value)
    event = _event(entry, site)
    event["status"] = vText("CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    from_whom = vCalAddress(f"mailto:{organiser.email}")
    from_whom.params["CN"] = vText(organiser.name)
    event["organizer"] = from_whom
    to_whom = vCalAddress(f"mailto:{attendee.email}")
    to_whom.params["CN"] = vText(attendee.name)
    to_whom.params["ROLE"] = vText("REQ-PARTICIPANT")
    to_whom.params["PARTSTAT"] = vText("NEEDS-ACTION")
    to_whom.params["RSVP"] = vText("FALSE")
    event.add("attendee", to_whom, encode=False)
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def _calendar() -> Calendar:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(entry: CalendarEntry, site: str) -> Event:
    """One entry: whole days as VALUE=DATE, the end being the first day no longer."""
    from icalendar import Event

    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("summary", entry.summary)
    event.add("dtstart", entry.from_on)
    event.add("dtend", entry.until_on)
    event.add("sequence", entry.sequence)
    event.add("transp", "OPAQUE" if entry.takes_the_day else "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")
    if entry.place:
        event.add("location", entry.place)
    if site and entry.href:
        event.add("url", f"{site}{entry.href}")
    event.add("x-microsoft-cdo-alldayevent", "TRUE")
    event.add("x-microsoft-cdo-busystatus", "BUSY" if entry.takes_the_day else "FREE")
    return event
