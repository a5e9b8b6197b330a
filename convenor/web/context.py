"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """The frame's words: whether this is a demonstration, and where the reader is."""
    return {"demonstration": settings.DEMONSTRATION, "path": request.path}
