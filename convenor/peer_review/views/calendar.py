"""A person's own calendar: what stands in it, and the secret address by which a telephone or mail program reads it."""

from __future__ import annotations

from hashlib import sha256
from itertools import groupby
from typing import ClassVar

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.urls import reverse

from convenor.partnership.gate import ANYONE, PUBLIC, Page, Permission, Viewer, viewer_for
from convenor.partnership.views.pages import PartnershipPage
from convenor.peer_review import actions
from convenor.peer_review.calendars import feed
from convenor.peer_review.queries import calendar as queries
from convenor.peer_review.rules.calendar import DAY
from convenor.peer_review.views.reviews import ROOM

#: Where the new address waits for the one page that shows it.
JUST_MADE = "calendar-address"
#: How many addresses that are none may be tried from one network address in an hour. An address that is one is always answered.
MISSES_AN_HOUR = 60
HOUR = 60 * 60


class Calendar(PartnershipPage):
    """One's own appointments, by month, and the address that calendars subscribe to."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, "calendar"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page. A new address is shown once."""
        entries = [each for each in queries.own_entries(viewer=self.viewer, at=self.today) if each.until_on > self.today]
        months = [(month, list(rows)) for month, rows in groupby(entries, key=lambda each: each.from_on.replace(day=1))]
        token = request.session.pop(JUST_MADE, "")
        address = request.build_absolute_uri(reverse("calendar-feed", args=[token])) if token else ""
        answer = self.page(
            "peer_review/calendar.jinja",
            months=months,
            day=DAY,
            key=queries.own_key(viewer=self.viewer),
            address=address,
            webcal=f"webcal://{address.split('://', 1)[1]}" if address else "",
        )
        if address:
            answer["Cache-Control"] = "no-store"
        return answer

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Makes an address, or ends it."""
        if request.POST.get("do") == "make":
            request.session[JUST_MADE] = actions.make_calendar_key(by=self.viewer, at=self.now).token
        elif request.POST.get("do") == "end" and actions.end_calendar_key(by=self.viewer, at=self.now):
            messages.success(request, "The address is ended. Whoever still has it reads nothing more.")
        return HttpResponseRedirect(reverse("calendar", args=[slug]))


class CalendarFeed(Page):
    """The calendar itself, for whoever has its secret address: the appointments of its person as of now, in all their partnerships.

    It shows what that person may see today and nothing else; with their posts it ends. An address that is unknown or ended is not found,
    and many such from one place are asked to wait.
    """

    permission = PUBLIC
    before_second_factor: ClassVar[bool] = True

    def _viewer(self, request: HttpRequest) -> Viewer:
        """Nobody: whoever is signed in beside it does not matter."""
        return ANYONE

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The calendar, or that it has not changed."""
        person = queries.person_of_key(token, viewer=self.viewer)
        if person is None:
            if _misses(request) > MISSES_AN_HOUR:
                told = "Too many addresses that are none. Look at the address, and try again in an hour.\n"
                return HttpResponse(told, status=429, content_type="text/plain; charset=utf-8", headers={"Retry-After": str(HOUR)})
            raise Http404("There is no calendar at this address.")
        first = viewer_for(person, on=self.today)
        viewers = [first, *(viewer_for(person, partnership_slug=each.slug, on=self.today) for each in first.elsewhere)]
        entries = [entry for each in viewers for entry in queries.own_entries(viewer=each, at=self.today)]
        site = request.build_absolute_uri("/").rstrip("/")
        text = feed(entries, name="Peer reviews", site=site).encode()
        tag = f'"{sha256(text).hexdigest()[:32]}"'
        given = [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]
        if tag in given:
            answer: HttpResponse = HttpResponseNotModified()
        else:
            answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
            answer["Content-Disposition"] = 'inline; filename="peer-reviews.ics"'
        answer["ETag"] = tag
        answer["Cache-Control"] = "private, no-cache"
        return answer


def _misses(request: HttpRequest) -> int:
    """How many addresses that are none were tried from where this one was, within the hour, with this one."""
    key = f"calendar-misses:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, HOUR)
    try:
        return int(cache.incr(key))
    except ValueError:  # pragma: no cover - the hour ended this very moment
        return 1
