"""Categories: the scheme a board decided on, what each voice said of a school, and the draws of whom to moderate."""

from __future__ import annotations

from django.db import models

from convenor.england import keeping
from convenor.governance.models import Decision
from convenor.intelligence.rules.categories import Voice
from convenor.partnership.models import LASTING, LASTING_AUTHORITY, Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS, LastingRow
from convenor.registers.models import School


class SchemeInUse(models.Model):
    """A scheme of categories from the day it was switched on, by which decision, and what schools said before. One at a time."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="category_schemes")
    scheme = models.JSONField(help_text="Names, criteria and rules as they were on the day (rules.categories.as_dict)")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    consulted_on = models.DateField()
    said = models.TextField(help_text="What schools said when they were consulted")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "schemes in use"
        ordering = ("partnership", "-from_on", "-id")
        constraints = [
            models.UniqueConstraint(fields=["partnership"], condition=models.Q(until_on=None), name="one_category_scheme_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")), name="category_scheme_ends_after_it_begins"
            ),
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = ("scheme", "decision", "consulted_on", "said", "from_on", "until_on", "ended_why")
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"{self.partnership}, from {self.from_on}"


class CategoryJudgement(LastingRow):
    """What one voice said of one school's category, and why. Never changed: a later one takes its place."""

    scheme = models.ForeignKey(SchemeInUse, on_delete=models.PROTECT, related_name="judgements")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    voice = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Voice])
    category = models.CharField(max_length=40)
    why = models.TextField()
    at = models.DateTimeField()
    role = models.CharField(max_length=80, help_text="The role of whoever said it")
    by_key = models.CharField(max_length=40)
    holder = models.CharField(max_length=120)
    record_class = models.CharField(max_length=40)

    class Meta:
        ordering = ("at", "id")
        indexes = [models.Index(fields=["scheme", "school", "at"], name="category_judgement_school")]

    class Privacy:
        open = ("id", "scheme")
        shared = ("school", "voice", "category", "why", "at", "role", "holder", "record_class")
        personal = ("by_key",)
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at")

    def __str__(self) -> str:
        return f"{self.voice} of {self.school_id}, {self.at}"


class ModerationDraw(LastingRow):
    """Which schools' own judgements are moderated in a school year: drawn once, by lot, from a recorded seed and list."""

    scheme = models.ForeignKey(SchemeInUse, on_delete=models.PROTECT, related_name="draws")
    school_year = models.CharField(max_length=7, help_text="As 2026-27")
    seed = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the URNs drawn from, sorted, one to a line")
    schools = models.JSONField(help_text="URNs drawn from")
    drawn = models.JSONField(help_text="URNs drawn")
    at = models.DateTimeField()
    by_key = models.CharField(max_length=40)
    holder = models.CharField(max_length=120)
    record_class = models.CharField(max_length=40)

    class Meta:
        ordering = ("scheme", "-school_year")
        constraints = [models.UniqueConstraint(fields=["scheme", "school_year"], name="moderation_drawn_once_a_year")]

    class Privacy:
        open = ("id", "scheme")
        shared = ("school_year", "seed", "digest", "schools", "drawn", "at", "holder", "record_class")
        personal = ("by_key",)
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at")

    def __str__(self) -> str:
        return f"Draw of {self.school_year}"
