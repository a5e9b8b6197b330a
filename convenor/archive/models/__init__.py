"""Archives that were asked for: a file each, for whoever takes everything, for a few days."""

from __future__ import annotations

from django.db import models

from convenor.archive.rules.taking import TakingState
from convenor.england import keeping
from convenor.partnership.models import Partnership


class Taking(models.Model):
    """One time that a partnership's everything was asked for. The file stands in the data directory for a week; its row stays."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="takings")
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in TakingState])
    with_published = models.BooleanField(default=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    begun_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    file_name = models.CharField(max_length=140, blank=True, help_text="In the folder of archives; empty once it is gone")
    size_bytes = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file")
    problem = models.CharField(max_length=500, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True, help_text="When the file was removed")

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["partnership"], condition=models.Q(state__in=["asked", "making"]), name="taking_one_at_a_time")
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = (
            "state", "with_published", "asked_at", "begun_at", "made_at", "file_name", "size_bytes", "rows", "digest", "problem", "gone_at",
        )  # fmt: skip
        personal = ("asked_by",)
        secret = ()

    class Keeping:
        period = "two years from the day it was asked for; the file itself for a week"
        authority = "the partnership's data-sharing agreement: who took everything out, and when"
        rule = keeping.years(2, "asked_at")

    def __str__(self) -> str:
        return f"archive asked for on {self.asked_at:%d %B %Y}"
