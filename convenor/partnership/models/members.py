"""Schools in the partnership and its bodies, and how they take part."""

from __future__ import annotations

from django.db import models

from convenor.england import keeping
from convenor.partnership.models.structure import LASTING, LASTING_AUTHORITY, Body, Partnership
from convenor.registers.models import School


class Membership(models.Model):
    """A school's time in the partnership: open to every type, and equal."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="memberships")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="memberships")
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    left_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("partnership", "school")
        constraints = [
            models.UniqueConstraint(fields=["partnership", "school"], condition=models.Q(until_on=None), name="member_once_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")), name="membership_ends_after_it_begins"
            ),
        ]

    class Privacy:
        open = ("id", "partnership", "school", "from_on", "until_on")
        shared = ("left_why",)
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"{self.school} in {self.partnership}"


class BodySchool(models.Model):
    """A school's time in a cluster, alliance or other body: a school may sit in several."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE)
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="schools")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="bodies")
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "school"], condition=models.Q(until_on=None), name="school_in_body_once"),
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")), name="school_leaves_body_after_it_joins"
            ),
        ]
        indexes = [models.Index(fields=["partnership", "school"], name="body_school_school")]

    class Privacy:
        open = ("id", "partnership", "body", "school", "from_on", "until_on")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"{self.school} in {self.body}"


class Engagement(models.Model):
    """One act of taking part by a school: attended, reviewed, answered or offered. Never who signed in, or read what."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="engagements")
    kind = models.CharField(max_length=20, help_text="attended, reviewed, answered or offered")
    what = models.CharField(max_length=200)
    on = models.DateField()
    source = models.CharField(max_length=80, blank=True, help_text="Key of the record in the feature that told it, told once")

    class Meta:
        indexes = [models.Index(fields=["partnership", "on"], name="engagement_on")]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "school", "kind", "source"], condition=~models.Q(source=""), name="engagement_told_once"
            )
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = ("school", "kind", "what", "on", "source")
        personal = ()
        secret = ()

    class Keeping:
        period = "the current year and six more"
        authority = LASTING_AUTHORITY
        rule = keeping.years_after_year_end(6, "on")

    def __str__(self) -> str:
        return f"{self.school} {self.kind} {self.what}"
