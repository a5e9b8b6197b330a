"""Addresses of pages that may not be there: a room that is not built yet is not offered."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page, or an empty text when there is none such."""
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""
