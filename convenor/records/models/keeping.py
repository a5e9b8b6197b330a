"""Legal holds, and what was deleted when its time came."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.england import keeping
from convenor.partnership.models import LASTING_AUTHORITY, Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS, LastingRow
from convenor.records.rules.holds import HoldKind
from convenor.registers.models import School


class Hold(models.Model):
    """A legal hold: what is held about a school, about a person, or in a class of record is not deleted while it stands."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=10, choices=[(each.value, each.value) for each in HoldKind])
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    record_class = models.CharField(max_length=40, blank=True, help_text="Key of a class of record (rules.classes)")
    reason = models.TextField()
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, help_text="The first day without it; empty while it stands")
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=200)
    ended_by = models.CharField(max_length=200, blank=True)
    ended_why = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-placed_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(school__isnull=False, person__isnull=True, record_class="")
                | models.Q(school__isnull=True, person__isnull=False, record_class="")
                | (models.Q(school__isnull=True, person__isnull=True) & ~models.Q(record_class="")),
                name="hold_of_one_thing",
            )
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = ("kind", "school", "record_class", "reason", "from_on", "until_on", "placed_at", "ended_why", "version")
        personal = ("person", "placed_by", "ended_by")
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "placed_at", "until_on", ended="until_on")

    def __str__(self) -> str:
        return f"hold {self.pk}"


class RetentionRun(LastingRow):
    """One time that what was past its keeping period was deleted: how many rows of which tables. It holds nothing of what they said."""

    partnership = models.CharField(max_length=80, blank=True, help_text="Whose rows; empty for those that all partnerships share")
    on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    counts = models.JSONField(default=dict, help_text="How many rows of each table went, by its label")
    failed = models.JSONField(default=dict, help_text="How many could not go, by the label of the table, and stayed whole")

    class Meta:
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=["partnership", "-at"], name="retention_run_partnership")]

    class Privacy:
        open = ("id",)
        shared = ("partnership", "on", "at", "by", "counts", "failed")
        personal = ()
        secret = ()

    class Keeping:
        period = "while the partnership lasts: it is the proof that what was promised was done"
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"deleted on {self.on}"
