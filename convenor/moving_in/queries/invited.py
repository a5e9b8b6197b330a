"""Whether a partnership has begun to invite: for the actions of moving in, which have asked whether they may."""

from __future__ import annotations

from typing import Any

from convenor.contacts.models import HeadInvitation


def anybody_invited(slug: str, *, viewer: Any) -> bool:
    """Whether any head was invited, in earnest or in practice."""
    return HeadInvitation.objects.filter(partnership__slug=slug).exists()
