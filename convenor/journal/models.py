"""The journal: what was done, and who looked."""

from django.db import models

from convenor.england import keeping


class Entry(models.Model):
    """One thing that somebody did. Labels and keys, no foreign keys, so that history never holds anything in place."""

    at = models.DateTimeField(db_index=True)
    by_key = models.CharField(max_length=40, blank=True, help_text="Key of the person; empty for the system itself")
    by_label = models.CharField(max_length=200)
    partnership = models.CharField(max_length=80, blank=True, help_text="The partnership's slug; empty for the shared registers")
    verb = models.CharField(max_length=80, help_text="The field's word for it, as in 'seat.filled'")
    subject_kind = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=80)
    subject_label = models.CharField(max_length=300)
    urn = models.CharField(max_length=8, blank=True, help_text="The school it is about, if one")
    why = models.TextField(blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "entries"
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["partnership", "-at"], name="entry_partnership_at"),
            models.Index(fields=["urn", "-at"], name="entry_urn_at"),
        ]

    class Privacy:
        open = ("id",)
        shared = ("at", "partnership", "verb", "subject_kind", "subject_key", "subject_label", "urn", "why", "detail")
        personal = ("by_key", "by_label")
        secret = ()

    class Keeping:
        period = "the current year and six more"
        authority = "Limitation Act 1980, section 5"
        rule = keeping.years_after_year_end(6, "at")

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_label}"


class Look(models.Model):
    """One look at a school's non-public record, written before the page is answered and visible to that school."""

    at = models.DateTimeField()
    by_key = models.CharField(max_length=40)
    by_label = models.CharField(max_length=200)
    role = models.CharField(max_length=80, help_text="The role that allowed it")
    partnership = models.CharField(max_length=80)
    urn = models.CharField(max_length=8)
    record = models.CharField(max_length=120, help_text="What was looked at, in the field's words")

    class Meta:
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=["urn", "-at"], name="look_urn_at")]

    class Privacy:
        open = ("id",)
        shared = ("at", "role", "partnership", "urn", "record")
        personal = ("by_key", "by_label")
        secret = ()

    class Keeping:
        period = "two years"
        authority = "the partnership's data-sharing agreement: a school may see who looked"
        rule = keeping.years(2, "at")

    def __str__(self) -> str:
        return f"{self.by_label} looked at {self.record}"
