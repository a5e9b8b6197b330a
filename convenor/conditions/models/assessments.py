"""The nine conditions over time, and the two readings of the system."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.conditions.rules.states import AssessmentState, Reading
from convenor.england import keeping
from convenor.partnership.models import LASTING, LASTING_AUTHORITY, Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS


class SelfAssessment(models.Model):
    """One year's asking: how does each condition stand? Cards and levels are kept as they were asked; so is the evidence, once closed."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="self_assessments")
    title = models.CharField(max_length=160)
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in AssessmentState])
    cards = models.JSONField()
    levels = models.JSONField(help_text="Level, name and what it means, lowest first")
    opens_on = models.DateField()
    closes_on = models.DateField()
    evidence = models.JSONField(default=dict, blank=True, help_text="What the data said of each condition on the day of closing")
    told = models.JSONField(default=dict, blank=True, help_text="What members said together, as it was told on the day of closing")
    reminded_on = models.DateField(null=True, blank=True, help_text="When those who had not answered were reminded")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-opens_on", "-id")
        constraints = [
            models.CheckConstraint(condition=models.Q(closes_on__gte=models.F("opens_on")), name="assessment_closes_after_opening")
        ]

    class Privacy:
        open = ("id", "partnership", "title", "cards", "levels")
        shared = ("state", "opens_on", "closes_on", "evidence", "told", "reminded_on", "opened_at", "closed_at", "version")
        personal = ("opened_by",)
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return self.title


class SelfAssessmentAnswer(models.Model):
    """What one member says. Private; only pools of five or more are told."""

    assessment = models.ForeignKey(SelfAssessment, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=40, blank=True)
    phase = models.CharField(max_length=40, blank=True)
    type = models.CharField(max_length=40, blank=True)
    levels = models.JSONField(help_text="Level by the key of the condition; a condition that is left out was not judged")
    words = models.JSONField(default=dict, blank=True, help_text="Words by the key of the condition")
    version = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "person"], name="assessment_answer_once")]

    class Privacy:
        open = ("id",)
        shared = ("assessment", "sent_at", "version")
        personal = ("person", "role", "phase", "type")
        secret = ("levels", "words")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "sent_at")

    def __str__(self) -> str:
        return f"self-assessment answer {self.pk}"


class DiagnosisReading(models.Model):
    """How one head or one officer reads the system, by the questions of a framework that is data. Told by side, never by person."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="diagnosis_readings")
    framework = models.CharField(max_length=60, help_text="Key and version of the framework")
    school_year = models.PositiveSmallIntegerField(help_text="The year in which it began: 2026 is 2026/27")
    side = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Reading])
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField(help_text="Key of the option by the key of the question")
    version = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ("partnership", "school_year", "id")
        constraints = [
            models.UniqueConstraint(fields=["partnership", "framework", "school_year", "person"], name="diagnosis_reading_once"),
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = ("framework", "school_year", "side", "sent_at", "version")
        personal = ("person",)
        secret = ("answers",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "sent_at")

    def __str__(self) -> str:
        return f"reading {self.pk}"
