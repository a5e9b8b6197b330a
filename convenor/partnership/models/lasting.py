"""Rows that are written once, whatever feature they belong to, and how long what a school may ask about is kept."""

from __future__ import annotations

from typing import Any

from django.db import models

SIX_YEARS = "the current year and six more"
LIMITATION = "Limitation Act 1980, section 5"


class StandsForEver(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A row that was written down once is neither changed nor removed."""


class Lasting(models.QuerySet[Any]):
    """Rows that are added and never changed."""

    def update(self, **kwargs: Any) -> int:
        """Refused: StandsForEver."""
        raise StandsForEver("What was written down stands.")

    def delete(self) -> Any:
        """Refused: StandsForEver."""
        raise StandsForEver("What was written down stands.")


class LastingRow(models.Model):
    """A row that is written once."""

    objects = Lasting.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds the row; raises StandsForEver for one that is there."""
        if not self._state.adding:
            raise StandsForEver("What was written down stands.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: StandsForEver."""
        raise StandsForEver("What was written down stands.")
