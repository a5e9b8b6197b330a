"""Letters to many at once."""

from __future__ import annotations

from django.db import models

from convenor.england import keeping
from convenor.partnership.models import Partnership
from convenor.partnership.models.lasting import SIX_YEARS


class Circular(models.Model):
    """One letter to a filtered list of schools. Each reader gets a letter of their own; nobody sees an address."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="circulars")
    subject = models.CharField(max_length=160)
    words = models.TextField(max_length=6000)
    roles = models.JSONField(default=list, blank=True, help_text="Keys of roles; empty: heads")
    phases = models.JSONField(default=list, blank=True, help_text="Empty: every phase")
    clusters = models.JSONField(default=list, blank=True, help_text="Keys of bodies; empty: every school")
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=200)
    sent_at = models.DateTimeField(null=True, blank=True)
    letters = models.PositiveIntegerField(default=0, help_text="How many were sent")
    schools = models.PositiveIntegerField(default=0, help_text="How many schools were reached")
    left = models.JSONField(default=dict, blank=True, help_text="How many were left out, by reason")

    class Meta:
        ordering = ("-written_at", "-id")

    class Privacy:
        open = ("id", "partnership")
        shared = (
            "subject", "words", "roles", "phases", "clusters", "version", "written_at", "written_by", "sent_at", "letters", "schools",
            "left",
        )  # fmt: skip
        personal = ()
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = "the partnership's data-sharing agreement: proof of what was sent"
        rule = keeping.years_after_year_end(6, "written_at", "sent_at")

    def __str__(self) -> str:
        return self.subject
