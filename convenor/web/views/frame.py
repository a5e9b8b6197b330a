"""The frame of the site: what it is, how accessible, what it keeps; and what it says when something is not right."""

from __future__ import annotations

import secrets
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from convenor.partnership.gate import PUBLIC, NotAllowed, Page
from convenor.web.standing import rooms, service_people

log = structlog.get_logger(__name__)


class About(Page):
    """What Convenor is, what it is built on, and whose it is."""

    permission = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return self.page("web/about.jinja")


class Accessibility(Page):
    """The accessibility statement."""

    permission = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return self.page("web/accessibility.jinja", service=service_people())


class Privacy(Page):
    """What is kept about people, why, for how long, and who sees it."""

    permission = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; its table is read from the models' own statements, so that it cannot fall behind them."""
        return self.page(
            "web/privacy.jinja", rows=[vars(row) | {"personal": ", ".join(row.personal)} for row in rooms()], service=service_people()
        )


class Health(Page):
    """For the machine that watches this one: the site answers, and so does its database."""

    permission = PUBLIC
    before_second_factor = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """One word; 503 when the database does not answer or holds none of our tables."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
        except DatabaseError:
            return HttpResponse("the database does not answer\n", status=503, content_type="text/plain; charset=utf-8")
        return HttpResponse("well\n", content_type="text/plain; charset=utf-8")


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the page is there, but not for this reader."""
    reason = str(exception) if isinstance(exception, NotAllowed) else ""
    return _say(request, "403.jinja", 403, reason=reason)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """404."""
    return _say(request, "404.jinja", 404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; words longer than are read say so."""
    return _say(request, "400.jinja", 400, too_long=isinstance(exception, RequestDataTooBig))


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """429: the rate of asking is limited."""
    response = _say(request, "429.jinja", 429)
    response.headers["Retry-After"] = "300"
    return response


def form_went_stale(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django passes it
    """A form came without its token: an old page, a blocked cookie, or another site's doing. Nothing was changed."""
    return _say(request, "web/form_went_stale.jinja", 403)


def went_wrong(request: HttpRequest) -> HttpResponse:
    """500: our fault. The page asks nothing of the database, and gives a reference that stands in the log."""
    reference = secrets.token_hex(4)
    log.error("page failed", reference=reference, path=request.path)
    try:
        return render(None, "500.jinja", {"reference": reference}, status=500)
    except Exception:  # the template itself is broken: still say something
        return HttpResponse(f"Something went wrong on our side. Reference {reference}.", status=500, content_type="text/plain")


def _say(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    """A page of the frame with the navigation of whoever was looking, where that is known already."""
    from convenor.partnership.gate import navigation

    viewer = getattr(request, "viewer", None)
    frame: dict[str, Any] = {}
    if viewer is not None:
        frame = {"viewer": viewer, "navigation": navigation(viewer, request.path)}
        frame["partnership_name"] = viewer.partnership.name if viewer.partnership else ""
    return render(request, template, frame | context, status=status)
