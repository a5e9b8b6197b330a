"""What people enter of a school: figures and facts that nobody publishes, soft signals, and what the school says to each."""

from __future__ import annotations

from django.db import models

from convenor.england import keeping
from convenor.intelligence.rules.entered import QUESTIONS
from convenor.intelligence.rules.soft_signals import KINDS, SOURCES, Confidence, Sensitivity
from convenor.partnership.models import Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS, LastingRow
from convenor.registers.models import School


class EnteredFigure(models.Model):
    """An answer to one question about a school, with the day on which it was so. A newer answer of the same source takes its place."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="entered_figures")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="entered_figures")
    code = models.CharField(max_length=20, choices=[(key, each.name) for key, each in QUESTIONS.items()])
    ticks = models.JSONField(default=list, blank=True, help_text="Keys of what was ticked (rules.entered)")
    numbers = models.JSONField(default=dict, blank=True, help_text="Numbers by their keys (rules.entered)")
    as_of_on = models.DateField(help_text="The day on which it was so")
    entered_at = models.DateTimeField()
    own = models.BooleanField(help_text="Entered by the school itself")
    source_role = models.CharField(max_length=80, help_text="The role of whoever entered it")
    by_key = models.CharField(max_length=40)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)
    holder = models.CharField(max_length=120, help_text="Who answers when it is asked for (rules.secrecy)")
    record_class = models.CharField(max_length=40, help_text="Key of its class in the register of records (rules.secrecy)")

    class Meta:
        ordering = ("school", "code", "as_of_on", "id")
        indexes = [models.Index(fields=["partnership", "school", "code"], name="entered_school")]

    class Privacy:
        open = ("id", "partnership")
        shared = (
            "school", "code", "ticks", "numbers", "as_of_on", "entered_at", "own", "source_role", "withdrawn_at", "withdrawn_why", "holder",
            "record_class",
        )  # fmt: skip
        personal = ("by_key",)
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "as_of_on", "entered_at", "withdrawn_at")

    def __str__(self) -> str:
        return f"{self.code} of {self.school_id}, {self.as_of_on}"


class SoftSignal(models.Model):
    """A dated fact about a school, with the role of whoever noted it and how they know. Set aside a year after it was last so."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="soft_signals")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="soft_signals")
    kind = models.CharField(max_length=20, choices=[(key, each.name) for key, each in KINDS.items()])
    words = models.TextField()
    happened_on = models.DateField(help_text="The day on which it was first seen to be so")
    as_of_on = models.DateField(help_text="The day on which it was last seen to be so; renewed")
    confidence = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Confidence])
    source = models.CharField(max_length=20, blank=True, choices=list(SOURCES.items()), help_text="Who saw it, where the writer was told")
    sensitivity = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Sensitivity])
    own = models.BooleanField(help_text="Noted by the school of itself")
    source_role = models.CharField(max_length=80, help_text="The role of whoever noted it")
    noted_at = models.DateTimeField()
    by_key = models.CharField(max_length=40)
    renewed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)
    holder = models.CharField(max_length=120, help_text="Who answers when it is asked for (rules.secrecy)")
    record_class = models.CharField(max_length=40, help_text="Key of its class in the register of records (rules.secrecy)")

    class Meta:
        ordering = ("-as_of_on", "-id")
        constraints = [
            models.CheckConstraint(condition=models.Q(as_of_on__gte=models.F("happened_on")), name="signal_so_since_it_happened"),
            models.CheckConstraint(
                condition=models.Q(confidence=Confidence.SEEN.value) | ~models.Q(source=""), name="signal_told_by_somebody"
            ),
        ]
        indexes = [models.Index(fields=["partnership", "school", "-as_of_on"], name="signal_school")]

    class Privacy:
        open = ("id", "partnership")
        shared = (
            "school", "kind", "words", "happened_on", "as_of_on", "confidence", "source", "sensitivity", "own", "source_role", "noted_at",
            "renewed_at", "withdrawn_at", "withdrawn_why", "holder", "record_class",
        )  # fmt: skip
        personal = ("by_key",)
        secret = ()

    class Keeping:
        period = "12 months from the day it was last so, then two years set aside"
        authority = "the partnership's data-sharing agreement"
        rule = keeping.years(3, "happened_on", "as_of_on", "noted_at", "renewed_at", "withdrawn_at")

    def __str__(self) -> str:
        return f"{self.kind} of {self.school_id}, {self.as_of_on}"


class Response(LastingRow):
    """What a school says to one thing entered or noted about it. It stands beside that thing for ever."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    figure = models.ForeignKey(EnteredFigure, on_delete=models.PROTECT, null=True, blank=True, related_name="responses")
    signal = models.ForeignKey(SoftSignal, on_delete=models.PROTECT, null=True, blank=True, related_name="responses")
    disputes = models.BooleanField(help_text="The school says that it is not so")
    words = models.TextField()
    at = models.DateTimeField()
    by_key = models.CharField(max_length=40)
    by_label = models.CharField(max_length=200)
    holder = models.CharField(max_length=120)
    record_class = models.CharField(max_length=40)

    class Meta:
        ordering = ("at", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(figure__isnull=True, signal__isnull=False) | models.Q(figure__isnull=False, signal__isnull=True),
                name="response_to_one_thing",
            )
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = ("school", "figure", "signal", "disputes", "words", "at", "holder", "record_class")
        personal = ("by_key", "by_label")
        secret = ()

    class Keeping:
        period = "as long as what it answers"
        authority = "the partnership's data-sharing agreement: a school's reply stands beside what is said of it"
        rule = keeping.years(0, "at", within=("figure", "signal"))

    def __str__(self) -> str:
        return f"{self.school_id}, {self.at}"
