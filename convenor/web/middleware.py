"""What every answer carries, and the door that officers pass with a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from convenor.partnership.gate import day_of, viewer_of_request

Answer = Callable[[HttpRequest], HttpResponseBase]

#: The session's note that somebody came in by the demonstration's own door, which asks for no second factor.
BY_DEMONSTRATION = "by_demonstration"


class HeadersMiddleware:
    """Pages of somebody signed in are kept by no cache, shared or their own; nothing of the machine is offered to a page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and set the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        session = getattr(request, "session", None)
        if session is not None and session.accessed and SESSION_KEY in session:
            response.headers["Cache-Control"] = "no-store, private"
        else:
            response.headers.setdefault("Cache-Control", "no-cache")
        return response


class ReadableMiddleware:
    """An address with a null character is nobody's: PostgreSQL cannot be asked about one, and the page would fail."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Raises BadRequest for such an address."""
        if "\0" in request.path or any("\0" in value for values in request.GET.lists() for value in (values[0], *values[1])):
            raise BadRequest("The address holds a null character.")


class SecondFactorMiddleware:
    """Whoever holds a role that asks for a second factor reaches nothing without it but the page that sets it up.

    It stands before every page, ours and others', so that none can be forgotten; a page that must stay open says so with
    the class attribute `before_second_factor`.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> HttpResponse | None:
        """Lead to the set-up page, or None to go on."""
        if getattr(getattr(view, "view_class", None), "before_second_factor", False):
            return None
        if SESSION_KEY not in request.session or gave_second_factor(request):
            return None
        viewer = viewer_of_request(request, slug=kwargs.get("slug"), on=day_of(timezone.now()))
        return redirect("mfa_index") if viewer.needs_second_factor else None


def gave_second_factor(request: HttpRequest) -> bool:
    """Whether this session gave a code, or came in by the demonstration's door while this is still a demonstration."""
    if settings.DEMONSTRATION and request.session.get(BY_DEMONSTRATION):
        return True
    records = get_authentication_records(request, request.user) if request.user.is_authenticated else []
    return any(record.get("method") == "mfa" for record in records)
