"""Packages of support: where each stands, its tasks, who agreed, and every step of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.england import keeping
from convenor.governance.models import Priority
from convenor.partnership.models import Partnership, Tier
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS, LastingRow
from convenor.registers.models import School
from convenor.support.models.directory import Supporter
from convenor.support.models.needs import Choice, Need
from convenor.support.rules.states import Met, PackageStatus, PackageStep, StateKind, TaskStatus, Who


class Package(models.Model):
    """A package of support for one school. Where it can stand is data: `workflow` is the template as it was when the package was opened.
    `status`, `kind` and `next_due_on` are derived from the tasks and kept only so that lists can be filtered; `since_on` is the day the
    state was entered."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="support_packages")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="support_packages")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, null=True, blank=True, related_name="packages")
    supporter = models.ForeignKey(Supporter, on_delete=models.PROTECT, null=True, blank=True, related_name="packages")
    choice = models.ForeignKey(Choice, on_delete=models.PROTECT, null=True, blank=True, related_name="packages")
    broker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=200)
    workflow_key = models.CharField(max_length=40)
    workflow_version = models.PositiveIntegerField()
    workflow = models.JSONField(help_text="rules.workflows.Workflow as a dictionary")
    state = models.CharField(max_length=40, help_text="Key of a state of the workflow")
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in StateKind])
    status = models.CharField(max_length=20, choices=[(each.value, each.value) for each in PackageStatus])
    level = models.CharField(max_length=40, blank=True, help_text="Key of a level of the workflow, where it has levels")
    next_due_on = models.DateField(null=True, blank=True)
    opened_on = models.DateField()
    since_on = models.DateField()
    started_on = models.DateField(null=True, blank=True, help_text="The day support began: what the review of effect counts from")
    effect_read_on = models.DateField(null=True, blank=True, help_text="The day on which its review of effect was last looked at by itself")
    paused_on = models.DateField(null=True, blank=True)
    paused_until_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    met = models.CharField(max_length=20, blank=True, choices=[(each.value, each.value) for each in Met])
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("opened_on", "id")
        indexes = [
            models.Index(fields=["partnership", "status", "next_due_on"], name="package_status"),
            models.Index(fields=["partnership", "state", "opened_on"], name="package_state"),
            models.Index(fields=["partnership", "broker"], name="package_broker"),
            models.Index(fields=["school"], name="package_school"),
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = (
            "school",
            "need",
            "supporter",
            "choice",
            "broker",
            "workflow_key",
            "workflow_version",
            "workflow",
            "state",
            "kind",
            "status",
            "level",
            "next_due_on",
            "opened_on",
            "since_on",
            "started_on",
            "effect_read_on",
            "paused_on",
            "paused_until_on",
            "ended_on",
            "met",
            "tier",
            "priority",
            "version",
        )
        personal = ()
        secret = ("title",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "opened_on", "since_on", "ended_on", ended="ended_on")

    def __str__(self) -> str:
        return f"package {self.pk}"


class PackageTask(models.Model):
    """One task of a package, once anything was entered or it became due. `status` and `due_on` are derived and kept for lists."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="tasks")
    key = models.CharField(max_length=60, help_text="Key of a task of the workflow; a repeated one ends in #2, #3 ...")
    status = models.CharField(max_length=20, choices=[(each.value, each.value) for each in TaskStatus])
    who = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Who])
    due_on = models.DateField(null=True, blank=True)
    values = models.JSONField(default=dict, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.CharField(max_length=200, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["package", "key"], name="task_once")]
        indexes = [models.Index(fields=["status", "due_on"], name="task_due")]

    class Privacy:
        open = ("id",)
        shared = ("package", "key", "status", "who", "due_on", "completed_at", "reminded_on", "version")
        personal = ("saved_by",)
        secret = ("values",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "due_on", "completed_at", "package__ended_on", within=("package",))

    def __str__(self) -> str:
        return self.key


class PackageLog(LastingRow):
    """One step of a package: what, who, when and why, with the old and new value of a task. Never changed."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="log")
    step = models.CharField(max_length=20, choices=[(each.value, each.value) for each in PackageStep])
    state = models.CharField(max_length=40)
    task = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    by_key = models.CharField(max_length=40)
    by_label = models.CharField(max_length=200)
    late = models.BooleanField(default=False)
    why = models.TextField(blank=True)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("at", "id")

    class Privacy:
        open = ("id", "package")
        shared = ("step", "state", "task", "at", "late")
        personal = ("by_key", "by_label")
        secret = ("why", "before", "after")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at", within=("package",))

    def __str__(self) -> str:
        return f"{self.step}, {self.at}"


class HeadAgreement(models.Model):
    """That one head agreed to the plan as it stood (its version), or took that back. Both must stand on the same version."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="agreements")
    side = models.CharField(max_length=20, choices=[(each.value, each.value) for each in (Who.RECEIVING, Who.SUPPLYING)])
    plan_version = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "side"], condition=models.Q(withdrawn_at=None), name="agreement_once_a_side")
        ]

    class Privacy:
        open = ("id",)
        shared = ("package", "side", "plan_version", "at", "withdrawn_at")
        personal = ("by", "by_label")
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at", "withdrawn_at", within=("package",))

    def __str__(self) -> str:
        return f"{self.side} agrees"


class EngagementConcern(models.Model):
    """A concern about taking part. Only a workflow that copies the Department's own has these; elsewhere either head may simply stop."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="concerns")
    summary = models.CharField(max_length=200)
    details = models.TextField(blank=True)
    raised_at = models.DateTimeField()
    raised_by = models.CharField(max_length=200)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_why = models.TextField(blank=True)

    class Meta:
        ordering = ("raised_at", "id")

    class Privacy:
        open = ("id",)
        shared = ("package", "raised_at", "resolved_at")
        personal = ("raised_by",)
        secret = ("summary", "details", "resolved_why")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "raised_at", "resolved_at", within=("package",))

    def __str__(self) -> str:
        return f"concern {self.pk}"


class FormalStep(LastingRow):
    """That an authority took a formal step about a school: recorded as having happened. No notice is issued here."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    package = models.ForeignKey(Package, on_delete=models.PROTECT, null=True, blank=True, related_name="formal_steps")
    what = models.CharField(max_length=160)
    authority = models.CharField(max_length=160, help_text="Who took it")
    taken_on = models.DateField()
    source = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("taken_on", "id")

    class Privacy:
        open = ("id", "partnership")
        shared = ("package", "taken_on", "recorded_at")
        personal = ("recorded_by",)
        secret = ("school", "what", "authority", "source")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "taken_on", "recorded_at", within=("package",))

    def __str__(self) -> str:
        return f"formal step {self.pk}"
