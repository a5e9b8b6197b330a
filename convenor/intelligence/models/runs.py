"""Runs: what the published figures of all England told on a day, school by school. Written once, never changed, kept when withdrawn."""

from __future__ import annotations

from typing import Any

from django.db import models

from convenor.england import keeping
from convenor.registers.models.editions import PUBLISHED_AUTHORITY

WITH_THE_PARTNERSHIP = "while the partnership lasts, so that a conversation can show what it rested on"


class RunStands(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A run is never changed; it can only be withdrawn, with the edition it rests on."""


class Run(models.Model):
    """One reckoning over all schools.

    `digest` names it: of the editions it rests on, the year of the weights and the version of the rules. `editions` are their keys.
    `lists` is what the compact lines of its schools point into (`rules.compact.Lists`); `england` the distribution of England's schools as
    it was used, by phase and indicator. A run whose edition was taken back is marked as withdrawn and kept.
    """

    digest = models.CharField(max_length=64, db_index=True)
    as_at = models.DateField(help_text="The newest day that one of its editions describes")
    weights_year = models.PositiveSmallIntegerField()
    rules_version = models.CharField(max_length=20)
    editions = models.JSONField(default=list)
    lists = models.JSONField(default=dict)
    england = models.JSONField(default=dict)
    schools = models.PositiveIntegerField()
    suggested = models.PositiveIntegerField(help_text="England's schools for which the published figures suggest a conversation")
    computed_at = models.DateTimeField()
    computed_by = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        ordering = ("-computed_at", "-id")
        constraints = [models.UniqueConstraint(fields=["digest"], condition=models.Q(withdrawn_at=None), name="run_once")]

    class Privacy:
        open = (
            "id", "digest", "as_at", "weights_year", "rules_version", "editions", "lists", "england", "schools", "suggested", "computed_at",
            "withdrawn_at", "withdrawn_why",
        )  # fmt: skip
        shared = ("computed_by",)
        personal = ()
        secret = ()

    class Keeping:
        period = WITH_THE_PARTNERSHIP
        authority = PUBLISHED_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"run {self.key}, as at {self.as_at}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds the run. One that stands can only be marked as withdrawn; anything else raises RunStands."""
        if not self._state.adding and set(kwargs.get("update_fields") or ("*",)) - {"withdrawn_at", "withdrawn_why"}:
            raise RunStands("A run stands as it was computed.")
        super().save(*args, **kwargs)

    @property
    def key(self) -> str:
        """How a run is named on a page and in a letter."""
        return self.digest[:12]


class RunSchool(models.Model):
    """One school's part of a run: its lines (compact), score and place. Read by key when a page is shown, within the circle only.

    `contributions` are in the order of the run's scored indicators; ranks are None where there is none. A fictitious school is scored
    against England's schools and stands in nobody's comparison.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="rows", db_index=False)
    urn = models.CharField(max_length=8)
    authority_code = models.CharField(max_length=3, blank=True)
    phase = models.CharField(max_length=30, blank=True)
    fictitious = models.BooleanField(default=False)
    lines = models.JSONField(default=list)
    contributions = models.JSONField(default=list)
    score = models.FloatField()
    score_maximum = models.PositiveSmallIntegerField()
    uncertainty = models.FloatField()
    rank_raw = models.PositiveIntegerField(null=True)
    rank_similar = models.PositiveSmallIntegerField(null=True)
    suggested = models.BooleanField()
    suggested_by = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["run", "urn"], name="run_school_urn"),
            models.Index(fields=["run", "authority_code"], name="run_school_area"),
        ]

    class Privacy:
        open = ("id", "run", "urn", "authority_code", "phase", "fictitious")
        shared = (
            "lines", "contributions", "score", "score_maximum", "uncertainty", "rank_raw", "rank_similar", "suggested", "suggested_by",
        )  # fmt: skip
        personal = ()
        secret = ()

    class Keeping:
        period = WITH_THE_PARTNERSHIP
        authority = PUBLISHED_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"{self.urn} in run {self.run_id}"
