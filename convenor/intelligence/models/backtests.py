"""Back-tests that were kept: what the score told of past inspections, on which figures, by which code. Written once, never changed."""

from __future__ import annotations

from typing import Any

from django.db import models

from convenor.england import keeping
from convenor.registers.models.editions import PUBLISHED_AUTHORITY


class BacktestStands(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A kept back-test is never changed: run it anew and keep that one beside it."""


class BacktestResult(models.Model):
    """One back-test as it came out. It holds figures of many schools together and names none.

    `result` is what `convenor backtest --json` prints, controls included. `rests_on` says in words which files it was computed from, where
    they are not all loaded here (the demonstration's); `editions` are the keys of those that are.
    """

    features = models.CharField(max_length=40, help_text="School year of the figures, as 2022-23")
    outcomes = models.CharField(max_length=40, help_text="School year of the inspections")
    result = models.JSONField()
    editions = models.JSONField(default=list)
    rests_on = models.TextField(blank=True)
    weights_year = models.PositiveSmallIntegerField()
    computed_at = models.DateTimeField()
    computed_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("-computed_at", "-id")

    class Privacy:
        open = ("id", "features", "outcomes", "result", "editions", "rests_on", "weights_year", "computed_at")
        shared = ("computed_by",)
        personal = ()
        secret = ()

    class Keeping:
        period = "while the partnership lasts, so that it can be seen what the score could and could not tell in each year"
        authority = PUBLISHED_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"back-test of {self.features} on {self.outcomes}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds it; raises BacktestStands for one that stands."""
        if not self._state.adding:
            raise BacktestStands("A kept back-test stands as it was computed.")
        super().save(*args, **kwargs)
