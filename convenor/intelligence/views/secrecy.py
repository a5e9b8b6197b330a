"""The plain truth about secrecy, with the host that this installation names."""

from __future__ import annotations

from django.conf import settings

from convenor.intelligence.rules.secrecy import plain_truth


def truth(record_class: str) -> str:
    """The sentence that stands wherever confidence is promised for a record of this class; see `rules.secrecy`."""
    return plain_truth(record_class, hosted_by=settings.HOSTED_BY)
