"""The report, which the host owns; what came of it; and whom the host lets read it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from convenor.england import keeping
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS, LastingRow
from convenor.peer_review.models.reviews import PeerReview
from convenor.peer_review.models.rounds import ReviewRound
from convenor.peer_review.rules.states import ActionResult, ReportStage


class Report(LastingRow):
    """One writing of the report: the team's draft, the draft mended after the host's check, the final. None is ever changed."""

    review = models.ForeignKey(PeerReview, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    stage = models.CharField(max_length=20, choices=[(each.value, each.value) for each in ReportStage])
    summary = models.TextField(blank=True)
    strengths = models.JSONField(default=list, help_text="[{theme, words, evidence: [uid]}]")
    even_better = models.JSONField(default=list, help_text="The same, for even better if")
    excellence = models.JSONField(default=dict, blank=True, help_text="{theme, words} of the area of excellence; empty for none")
    grade = models.CharField(max_length=60, blank=True, help_text="A word of the host's own scale; empty where it chose none")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("review", "number")
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="report_number_once")]

    class Privacy:
        open = ("id",)
        shared = ("review", "number", "stage", "at")
        personal = ("by",)
        secret = ("summary", "strengths", "even_better", "excellence", "grade")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at", within=("review",))

    def __str__(self) -> str:
        return f"report {self.number} of {self.review_id}"

    @property
    def content(self) -> dict[str, Any]:
        """What it says, as `rules.report.writing_from` reads it."""
        return {name: getattr(self, name) for name in ("summary", "strengths", "even_better", "excellence", "grade")}


class ReportWorking(models.Model):
    """The lead's own copy of a report while they write it, before any of it is shared. Nobody else reads it; sharing takes it away."""

    review = models.OneToOneField(PeerReview, on_delete=models.CASCADE, related_name="report_working")
    content = models.JSONField(default=dict, help_text="As rules.report.Writing keeps it")
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Privacy:
        open = ("id",)
        shared = ("review", "version", "saved_at")
        personal = ("by",)
        secret = ("content",)

    class Keeping:
        period = "until the draft is shared with the school"
        authority = "the partnership's data-sharing agreement"
        rule = keeping.until_act("the draft is shared with the school", within=("review",))

    def __str__(self) -> str:
        return f"working copy of {self.review_id}"


class RoundThemes(LastingRow):
    """What the partnership learns of an ended round's reports: one table, told once and never changed."""

    round = models.OneToOneField(ReviewRound, on_delete=models.PROTECT, related_name="themes_told")
    content = models.JSONField(help_text="As rules.themes_shared.Table keeps it: no school stands in it")
    at = models.DateTimeField()
    by_label = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "round themes"
        ordering = ("-at", "id")

    class Privacy:
        open = ("id",)
        shared = ("round", "content", "at")
        personal = ("by_label",)
        secret = ()

    class Keeping:
        period = "while the partnership lasts: it is the partnership's memory"
        authority = "the partnership's constitution and data-sharing agreement"
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"themes of {self.round_id}"


class AccuracyReply(LastingRow):
    """The host's check of a draft: accurate, or what is not and what is right. It stands beside the report for ever."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="replies")
    accurate = models.BooleanField()
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "accuracy replies"
        ordering = ("at", "id")

    class Privacy:
        open = ("id",)
        shared = ("report", "at")
        personal = ("by",)
        secret = ("accurate", "words")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at", within=("report",))

    def __str__(self) -> str:
        return f"reply to {self.report_id}"


class AgreedPriority(models.Model):
    """One of at most three things that the host will do, with owner, date, measure, baseline; and what came of it by the impact visit."""

    review = models.ForeignKey(PeerReview, on_delete=models.CASCADE, related_name="priorities")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    theme = models.CharField(max_length=40, blank=True)
    owner = models.CharField(max_length=120, help_text="Who of the school sees to it, by role")
    by_on = models.DateField()
    measure = models.CharField(max_length=300)
    baseline = models.CharField(max_length=300)
    result = models.CharField(max_length=20, blank=True, choices=[(each.value, each.value) for each in ActionResult])
    result_words = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "agreed priorities"
        ordering = ("review", "number")
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="agreed_priority_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1, number__lte=3), name="three_agreed_priorities_at_most"),
        ]

    class Privacy:
        open = ("id",)
        shared = ("review", "number")
        personal = ()
        secret = ("title", "theme", "owner", "by_on", "measure", "baseline", "result", "result_words")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "by_on", within=("review",))

    def __str__(self) -> str:
        return f"priority {self.number} of {self.review_id}"


class Grant(models.Model):
    """A named person whom the host lets read the report, from a moment until the host takes it back."""

    review = models.ForeignKey(PeerReview, on_delete=models.CASCADE, related_name="grants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=200)
    until_on = models.DateField(null=True, blank=True, help_text="The first day without it, where the host set one")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "person"], condition=models.Q(withdrawn_at=None), name="grant_once_at_a_time")
        ]

    class Privacy:
        open = ("id",)
        shared = ("review", "person", "granted_at", "until_on", "withdrawn_at")
        personal = ("granted_by",)
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "granted_at", "until_on", "withdrawn_at", within=("review",))

    def __str__(self) -> str:
        return f"grant {self.pk}"


class ExcellenceOffer(models.Model):
    """An area of excellence that the host offers to the partnership's directory, in words it approved; it may take it back."""

    review = models.OneToOneField(PeerReview, on_delete=models.CASCADE, related_name="excellence_offer")
    theme = models.CharField(max_length=40)
    words = models.TextField()
    offered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        open = ("id",)
        shared = ("review", "theme", "words", "offered_at", "withdrawn_at")
        personal = ()
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "offered_at", "withdrawn_at", within=("review",))

    def __str__(self) -> str:
        return f"excellence of {self.review_id}"
