"""The register of reviewers: who may review, what they are trained for, and what they declared in private."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.england import keeping
from convenor.partnership.models import Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS
from convenor.peer_review.rules.states import Interest, TrainingKind
from convenor.registers.models import School


class Reviewer(models.Model):
    """Somebody who offers to review other schools. `school` is where they come from; empty for an independent reviewer."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="reviewers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviewer_in")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="reviewers")
    easting = models.PositiveIntegerField(null=True, blank=True, help_text="An independent reviewer's own place, metres")
    northing = models.PositiveIntegerField(null=True, blank=True)
    can_lead = models.BooleanField(default=False)
    can_champion = models.BooleanField(default=False, help_text="Trained as an improvement champion")
    expertise = models.JSONField(default=list, blank=True, help_text="Keys of rules.themes")
    days_a_year = models.PositiveSmallIntegerField(default=15)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "person"], name="reviewer_once")]

    class Privacy:
        open = ("id", "partnership")
        shared = ("person", "school", "can_lead", "can_champion", "expertise", "days_a_year", "from_on", "until_on")
        personal = ("easting", "northing")
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "from_on", "until_on", ended="until_on")

    def __str__(self) -> str:
        return f"reviewer {self.person_id}"


class Training(models.Model):
    """One training of a reviewer: a day to begin with, a refresher every two years."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="trainings")
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in TrainingKind])
    trained_on = models.DateField()
    valid_until_on = models.DateField(help_text="The last day on which it counts")
    by_whom = models.CharField(max_length=120, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("reviewer", "trained_on", "id")

    class Privacy:
        open = ("id",)
        shared = ("reviewer", "kind", "trained_on", "valid_until_on", "by_whom", "recorded_at")
        personal = ("recorded_by",)
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "trained_on", "valid_until_on", "recorded_at", within=("reviewer",))

    def __str__(self) -> str:
        return f"{self.kind}, {self.trained_on}"


class DeclaredInterest(models.Model):
    """A school that a reviewer should not review, as they declared it; nobody but they themselves ever reads it."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="interests")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Interest])
    declared_at = models.DateTimeField()
    until_on = models.DateField(null=True, blank=True, help_text="The first day on which it no longer stands")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reviewer", "school"], name="interest_once")]

    class Privacy:
        open = ("id",)
        shared = ()
        personal = ("reviewer", "declared_at")
        secret = ("school", "kind", "until_on")

    class Keeping:
        period = "until it is taken back or the reviewer leaves the register"
        authority = "the partnership's data-sharing agreement"
        rule = keeping.until_act("it is taken back or the reviewer leaves the register", within=("reviewer",))

    def __str__(self) -> str:
        return f"interest {self.pk}"


class Objection(models.Model):
    """A school that another would rather not be reviewed by. No reason is asked; the other school never learns of it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="review_objections")
    objects_to = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "school", "objects_to"], condition=models.Q(withdrawn_at=None), name="objection_once"
            ),
            models.CheckConstraint(condition=~models.Q(school=models.F("objects_to")), name="objection_to_another"),
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = ()
        personal = ()
        secret = ("school", "objects_to", "declared_at", "withdrawn_at")

    class Keeping:
        period = "until it is withdrawn, and two years"
        authority = "the partnership's data-sharing agreement"
        rule = keeping.years(2, "declared_at", "withdrawn_at", ended="withdrawn_at")

    def __str__(self) -> str:
        return f"objection {self.pk}"
