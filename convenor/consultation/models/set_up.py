"""The set-up journey: from a steering group to pilots, as a plan that one person can run."""

from __future__ import annotations

from django.db import models

from convenor.consultation.rules.states import StepState
from convenor.england import keeping
from convenor.partnership.models import LASTING, LASTING_AUTHORITY, Partnership


class SetUpPlan(models.Model):
    """A partnership's set-up, by a journey that is data."""

    partnership = models.OneToOneField(Partnership, on_delete=models.CASCADE, related_name="set_up")
    journey = models.CharField(max_length=60, help_text="Key and version of the journey")
    starts_on = models.DateField()
    started_by = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Privacy:
        open = ("id", "partnership")
        shared = ("journey", "starts_on", "started_at", "version")
        personal = ("started_by",)
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"set-up of {self.partnership_id}"


class SetUpStep(models.Model):
    """One step: when it is due, who does it, and what came of it."""

    plan = models.ForeignKey(SetUpPlan, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=160)
    says = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=[(each.value, each.value) for each in StepState])
    starts_on = models.DateField()
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    owner = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    leads_to = models.CharField(
        max_length=20, blank=True, help_text="What the step makes here: a workshop, a consultation, a body, a round"
    )
    made = models.CharField(max_length=60, blank=True, help_text="Key of what was made")

    class Meta:
        ordering = ("plan", "order")
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="set_up_step_once")]

    class Privacy:
        open = ("id", "plan")
        shared = ("key", "name", "says", "order", "state", "starts_on", "due_on", "done_on", "note", "leads_to", "made")
        personal = ("owner",)
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return self.name
