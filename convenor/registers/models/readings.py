"""Inspections, each in its own vocabulary, and readings, each with its mark."""

from django.db import models

from convenor.england import keeping
from convenor.registers.models.editions import PUBLISHED, PUBLISHED_AUTHORITY, Edition


class Inspection(models.Model):
    """One inspection event in the vocabulary of its day; the three are never converted into each other.

    `urn` is the school today; `urn_at_inspection` the school that was inspected, often a predecessor.
    Judgements hold the publisher's own codes by area, as in {"quality_of_education": "2"}; a report card holds its areas' words.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, db_index=False)
    urn = models.CharField(max_length=8)
    urn_at_inspection = models.CharField(max_length=8)
    number = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=20, help_text="graded, ungraded or short")
    vocabulary = models.CharField(max_length=30, help_text="overall_effectiveness, key_judgements or report_card")
    started_on = models.DateField(null=True)
    published_on = models.DateField(null=True)
    overall = models.CharField(max_length=30, blank=True, help_text="The overall grade, 1 to 4, where that vocabulary has one")
    outcome = models.CharField(max_length=120, blank=True, help_text="What an ungraded visit found, in its own words")
    judgements = models.JSONField(default=dict)
    safeguarding = models.CharField(max_length=20, blank=True)
    category_of_concern = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["urn", "-started_on"], name="inspection_urn"),
            models.Index(fields=["edition"], name="inspection_edition"),
        ]

    class Privacy:
        open = (
            "id", "edition", "urn", "urn_at_inspection", "number", "kind", "vocabulary", "started_on", "published_on", "overall",
            "outcome", "judgements", "safeguarding", "category_of_concern",
        )  # fmt: skip
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return f"{self.urn} {self.kind} {self.started_on}"


class Reading(models.Model):
    """One figure of one school in one period. It never travels alone: cohort, interval, mark and edition go with it.

    `value` is None where the publisher withheld it; `mark` then says why. `measure` is a key of `registers.rules.measures`.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, db_index=False)
    urn = models.CharField(max_length=8)
    measure = models.CharField(max_length=40)
    period = models.CharField(max_length=10, help_text="School year as 2022-23")
    value = models.FloatField(null=True)
    low = models.FloatField(null=True, help_text="Lower end of the published 95 % interval")
    high = models.FloatField(null=True)
    cohort = models.PositiveIntegerField(null=True)
    mark = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["urn", "measure", "period"], name="reading_urn"),
            models.Index(fields=["edition"], name="reading_edition"),
        ]

    class Privacy:
        open = ("id", "edition", "urn", "measure", "period", "value", "low", "high", "cohort", "mark")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return f"{self.urn} {self.measure} {self.period}"
