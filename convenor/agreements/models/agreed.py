"""What schools agreed to, class by class; and that they withdrew."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.agreements.models.texts import AgreementText
from convenor.agreements.rules.classes import DataClass
from convenor.england import keeping
from convenor.partnership.models import Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS
from convenor.registers.models import School


class Agreed(models.Model):
    """One school's agreement to one class of record, for twelve months; or its withdrawal. Renewed, another row stands beside it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="agreed")
    data_class = models.CharField(max_length=20, choices=[(each.value, each.value) for each in DataClass])
    text = models.ForeignKey(AgreementText, on_delete=models.PROTECT, related_name="agreed", help_text="The version that was agreed to")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120, help_text="Who signed, as they wrote it")
    role = models.CharField(max_length=120, help_text="In which post they signed")
    trust = models.CharField(max_length=200, blank=True, help_text="The trust that agreed for its school, if it was one")
    signed_at = models.DateTimeField(null=True, blank=True, help_text="None where the school withdrew before it ever agreed")
    until_on = models.DateField(help_text="The first day on which it no longer lasts")
    remind_on = models.DateField(null=True, blank=True, help_text="When the next letter about its end is due")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=500, blank=True, help_text="Why it was withdrawn, where the school said")

    class Meta:
        verbose_name = "agreement of a school"
        verbose_name_plural = "agreements of schools"
        ordering = ("partnership", "school", "data_class", "id")
        indexes = [
            models.Index(fields=["partnership", "school", "data_class"], name="agreed_school_class"),
            models.Index(fields=["remind_on"], name="agreed_remind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(signed_at__isnull=False) | models.Q(withdrawn_at__isnull=False), name="agreed_signed_or_withdrawn"
            )
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = ("school", "data_class", "text", "role", "trust", "signed_at", "until_on", "remind_on", "withdrawn_at", "why")
        personal = ("person", "name", "withdrawn_by")
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "signed_at", "until_on", "withdrawn_at")

    def __str__(self) -> str:
        return f"{self.school}: {self.data_class}, {'withdrawn' if self.withdrawn_at else f'until {self.until_on}'}"
