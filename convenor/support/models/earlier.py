"""Support that a school had before the partnership kept its records here."""

from __future__ import annotations

from django.db import models

from convenor.england import keeping
from convenor.partnership.models import Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS
from convenor.registers.models import School


class EarlierSupport(models.Model):
    """One line of an older log: who helped a school, when and with what. Ratings are no part of it; the school's own people read it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="earlier_support")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, help_text="The last day, where the log says it")
    who = models.CharField(max_length=200)
    what = models.CharField(max_length=300)
    half_days = models.PositiveSmallIntegerField(null=True, blank=True)
    pence = models.PositiveBigIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    status = models.CharField(max_length=60, blank=True, help_text="In the log's own words")
    source = models.CharField(max_length=200, blank=True, help_text="The file it came from")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("-from_on", "-id")
        indexes = [models.Index(fields=["partnership", "school"], name="earlier_support_school")]

    class Privacy:
        open = ("id", "partnership")
        shared = ("school", "from_on", "until_on", "half_days", "pence", "status", "source", "recorded_at")
        personal = ("who", "recorded_by")
        secret = ("what", "note")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "from_on", "until_on")

    def __str__(self) -> str:
        return f"earlier support {self.pk}"
