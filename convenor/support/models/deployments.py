"""What a package does: objectives, visits, notes, reviews of progress, money, and what both sides say at the end."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.england import keeping
from convenor.funding.models import Commitment
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS, LastingRow
from convenor.support.models.directory import Supporter
from convenor.support.models.packages import Package
from convenor.support.rules.plan import Goal
from convenor.support.rules.states import Accuracy, Payer, ReviewDecision, Who


class Objective(models.Model):
    """One of the one to five things a package is to bring about: where it began, where it should be, and how that is seen."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="objectives")
    number = models.PositiveSmallIntegerField()
    area = models.CharField(max_length=40, help_text="Key of a theme")
    title = models.CharField(max_length=200)
    owner = models.CharField(max_length=120, help_text="Who of the school sees to it, by role")
    measure = models.CharField(max_length=300)
    baseline = models.CharField(max_length=300)
    baseline_on = models.DateField()
    baseline_n = models.PositiveIntegerField(null=True, blank=True, help_text="Over how many")
    target = models.CharField(max_length=300)
    target_by_on = models.DateField()
    half_days = models.PositiveSmallIntegerField(default=0)
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("package", "number")
        constraints = [
            models.UniqueConstraint(fields=["package", "number"], name="objective_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1, number__lte=5), name="five_objectives_at_most"),
        ]

    class Privacy:
        open = ("id",)
        shared = ("package", "number", "area", "half_days", "ended_on", "version", "baseline_on", "target_by_on")
        personal = ()
        secret = ("title", "owner", "measure", "baseline", "baseline_n", "target")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "baseline_on", "ended_on", "package__ended_on", within=("package",))

    def __str__(self) -> str:
        return f"objective {self.number}"

    @property
    def goal(self) -> Goal:
        """The objective as the rules read it."""
        return Goal(
            self.title, self.area, self.owner, self.measure, self.baseline, self.baseline_on, self.baseline_n, self.target,
            self.target_by_on, self.half_days,
        )  # fmt: skip


class Visit(models.Model):
    """One time the supporter gives: planned, and then delivered or cancelled. Days are counted in halves."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="visits")
    supporter = models.ForeignKey(Supporter, on_delete=models.PROTECT, related_name="visits")
    on = models.DateField()
    half_days = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=160, blank=True)
    objectives = models.JSONField(default=list, blank=True, help_text="Numbers of objectives")
    delivered_on = models.DateField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField(max_length=300, blank=True)
    draft = models.JSONField(default=dict, blank=True, help_text="A note that is not sent yet; only whoever writes it reads it")
    draft_at = models.DateTimeField(null=True, blank=True)
    draft_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("on", "id")
        constraints = [models.CheckConstraint(condition=models.Q(half_days__gt=0), name="support_visit_takes_time")]
        indexes = [models.Index(fields=["supporter", "on"], name="support_visit_days")]

    class Privacy:
        open = ("id",)
        shared = ("package", "supporter", "on", "half_days", "objectives", "delivered_on", "cancelled_at", "version")
        personal = ("draft_by", "draft_at")
        secret = ("what", "cancelled_why", "draft")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "on", "delivered_on", "cancelled_at", within=("package",))

    def __str__(self) -> str:
        return f"visit {self.pk}"


class NoteOfVisit(LastingRow):
    """What the supporter writes after a visit, for the school to read and mark. Written once; what is wrong is answered, not erased."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="notes")
    number = models.PositiveSmallIntegerField()
    seen = models.TextField(help_text="What was done and seen")
    agreed = models.TextField(blank=True, help_text="What was agreed")
    next_time = models.TextField(blank=True)
    late = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=["visit", "number"], name="note_number_once")]

    class Privacy:
        open = ("id",)
        shared = ("visit", "number", "late", "at")
        personal = ("by",)
        secret = ("seen", "agreed", "next_time")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at", within=("visit",))

    def __str__(self) -> str:
        return f"note {self.pk}"


class NoteMark(LastingRow):
    """What the head says of a note: accurate or not, and why. A dispute is kept beside the note for ever."""

    note = models.ForeignKey(NoteOfVisit, on_delete=models.PROTECT, related_name="marks")
    accuracy = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Accuracy])
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("at", "id")

    class Privacy:
        open = ("id",)
        shared = ("note", "accuracy", "at")
        personal = ("by",)
        secret = ("words",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at", within=("note",))

    def __str__(self) -> str:
        return f"{self.accuracy}"


class ProgressReview(LastingRow):
    """A look at the plan while it runs: how each objective goes, and whether to go on, change or leave."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="progress_reviews")
    held_on = models.DateField()
    ratings = models.JSONField(help_text="[{number, progress, words}]")
    decision = models.CharField(max_length=20, choices=[(each.value, each.value) for each in ReviewDecision])
    words = models.TextField(blank=True)
    next_on = models.DateField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("held_on", "id")

    class Privacy:
        open = ("id",)
        shared = ("package", "held_on", "decision", "next_on", "at")
        personal = ("by",)
        secret = ("ratings", "words")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "held_on", "at", within=("package",))

    def __str__(self) -> str:
        return f"review {self.held_on}"


class PackageCost(models.Model):
    """What a part of a package costs, who pays, and how much of it stays with the broker.

    Money is whole pence; shares are hundredths of a per cent.
    """

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="costs")
    what = models.CharField(max_length=160)
    payer = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Payer])
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Where a fund pays"
    )
    payer_named = models.CharField(max_length=160, blank=True)
    half_days = models.PositiveSmallIntegerField(default=0)
    day_pence = models.PositiveBigIntegerField(default=0)
    broker_share = models.PositiveSmallIntegerField(default=0, help_text="Hundredths of a per cent, as 1500 for 15 per cent")
    broker_pence = models.PositiveBigIntegerField(default=0)
    pence = models.PositiveBigIntegerField(help_text="What is paid in all, VAT apart")
    vat = models.BooleanField(default=False)
    agreed_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("agreed_on", "id")

    class Privacy:
        open = ("id",)
        shared = (
            "package",
            "what",
            "payer",
            "commitment",
            "payer_named",
            "half_days",
            "day_pence",
            "broker_share",
            "broker_pence",
            "pence",
            "vat",
            "agreed_on",
            "ended_on",
            "version",
        )
        personal = ()
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "agreed_on", "ended_on", "package__ended_on", within=("package",))

    def __str__(self) -> str:
        return self.what


class Evaluation(models.Model):
    """What one side says at the end, or two terms after: how far each objective came, how useful the support was, what it was worth."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="evaluations")
    side = models.CharField(max_length=20, choices=[(each.value, each.value) for each in (Who.RECEIVING, Who.SUPPLYING)])
    moment = models.CharField(max_length=20, help_text="end, six-months, twelve-months")
    objectives = models.JSONField(default=list, help_text="[{number, met, evidence}]")
    useful = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 to 5")
    worth = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Value for money, 1 to 5")
    words = models.TextField(blank=True)
    lesson = models.TextField(blank=True, help_text="What others could learn; both heads agree before the directory shows it")
    lesson_shared = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=["package", "side", "moment"], name="evaluation_once_a_moment")]

    class Privacy:
        open = ("id",)
        shared = ("package", "side", "moment", "useful", "worth", "lesson_shared", "at")
        personal = ("by",)
        secret = ("objectives", "words", "lesson")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at", within=("package",))

    def __str__(self) -> str:
        return f"evaluation {self.pk}"
