"""What every page's frame needs, beside what the page itself gives it.

These words overwrite a page's own of the same name, so only what no page may say otherwise stands here.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from convenor.partnership.gate import Permission
from convenor.peer_review.queries.evidence import device_key
from convenor.web.addresses import address
from convenor.web.homes import chosen_holding

FOOTER = (
    ("About Convenor", "about"),
    ("Accessibility", "accessibility"),
    ("Privacy", "privacy"),
    ("Where the figures come from", "editions"),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """The frame's words: whether this is a demonstration, where the reader is, and who they are."""
    return {
        "demonstration": settings.DEMONSTRATION,
        "path": request.path,
        "search_href": address("search"),
        "account": account(request),
        "practice": practice(request),
        "footer_links": [{"label": label, "href": address(name)} for label, name in FOOTER if address(name)],
    }


def practice(request: HttpRequest) -> dict[str, str] | None:
    """That no letter of the reader's partnership leaves yet, and for whoever may where heads are invited; None once they are."""
    viewer = getattr(request, "viewer", None)
    here = viewer.partnership if viewer is not None else None
    if viewer is None or here is None or not here.practice:
        return None
    return {"name": here.name, "href": address("invite-heads", here.slug) if viewer.may(Permission.CONTACTS_KEEP) else ""}


def account(request: HttpRequest) -> dict[str, str]:
    """Who is signed in and by which post, or where to sign in."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {"sign_in_href": reverse("sign-in")}
    viewer = getattr(request, "viewer", None)
    holding = chosen_holding(viewer, request.session.get("home")) if viewer is not None else None
    held = holding.label if holding is not None else ""
    frame = {"name": person.get_full_name(), "role": held, "href": reverse("account"), "sign_out_href": reverse("sign-out")}
    return frame | {"key": device_key(person.pk)}
