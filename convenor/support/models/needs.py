"""What schools ask for, how the whole area's offers would serve it, and what a broker chose."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.england import keeping
from convenor.governance.models import Priority
from convenor.partnership.models import Partnership, Tier
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS, LastingRow
from convenor.registers.models import School
from convenor.support.models.directory import Supporter
from convenor.support.rules.states import NeedOrigin, NeedState, Payer


class Need(models.Model):
    """What a school asks for, or agreed to ask for: first and best, it asked itself. `origin_key` names the conversation, review or
    priority that it came from."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="support_needs")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="support_needs")
    origin = models.CharField(max_length=20, choices=[(each.value, each.value) for each in NeedOrigin])
    origin_key = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=20, choices=[(each.value, each.value) for each in NeedState])
    themes = models.JSONField(help_text="Keys of themes, the most wanted first")
    formats = models.JSONField(default=list, blank=True)
    words = models.TextField(help_text="In the school's own words")
    half_days = models.PositiveSmallIntegerField(help_text="How many half days would help")
    budget_pence = models.PositiveBigIntegerField(null=True, blank=True, help_text="What there is for it; empty: not settled")
    payer = models.CharField(max_length=20, blank=True, choices=[(each.value, each.value) for each in Payer])
    wanted_by_on = models.DateField(null=True, blank=True)
    broker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    ended_on = models.DateField(null=True, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("asked_at", "id")
        indexes = [models.Index(fields=["partnership", "state"], name="need_state"), models.Index(fields=["school"], name="need_school")]

    class Privacy:
        open = ("id", "partnership")
        shared = (
            "school",
            "origin",
            "origin_key",
            "state",
            "themes",
            "formats",
            "half_days",
            "budget_pence",
            "payer",
            "wanted_by_on",
            "broker",
            "tier",
            "priority",
            "asked_at",
            "ended_on",
            "version",
        )
        personal = ("asked_by",)
        secret = ("words", "ended_why")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "asked_at", "wanted_by_on", "ended_on", ended="ended_on")

    def __str__(self) -> str:
        return f"need {self.pk}"


class SupportMatching(LastingRow):
    """One reckoning over the whole area: which offers would serve which needs best. What went in and what came out, kept as it stood."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    seed = models.PositiveIntegerField()
    asked = models.JSONField(help_text="As rules.placing reads it; declared interests are not kept")
    answer = models.JSONField(help_text="As rules.placing gives it")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-at", "-id")

    class Privacy:
        open = ("id", "partnership")
        shared = ("seed", "at")
        personal = ("by",)
        secret = ("asked", "answer")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at")

    def __str__(self) -> str:
        return f"matching {self.pk}"


class Choice(LastingRow):
    """A broker's choice of a supporter for a need, with the reason. Whoever turns it down says no more than that."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="choices")
    supporter = models.ForeignKey(Supporter, on_delete=models.PROTECT, related_name="choices")
    matching = models.ForeignKey(SupportMatching, on_delete=models.PROTECT, null=True, blank=True, related_name="choices")
    why = models.TextField()
    explained = models.JSONField(default=list, help_text="Why they fit, sentences for both schools to read")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("at", "id")

    class Privacy:
        open = ("id",)
        shared = ("need", "supporter", "matching", "at")
        personal = ("by", "explained")
        secret = ("why",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at", within=("need",))

    def __str__(self) -> str:
        return f"choice {self.pk}"
