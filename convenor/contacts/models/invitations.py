"""Heads who were invited to come in."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.england import keeping
from convenor.partnership.models import Partnership
from convenor.registers.models import School


class HeadInvitation(models.Model):
    """A head's invitation to come in for one school. Whether they have is seen from their sign-in, never when or how often."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="head_invitations")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("school", "id")
        constraints = [models.UniqueConstraint(fields=["partnership", "school", "person"], name="head_invited_once")]

    class Privacy:
        open = ("id", "partnership", "school")
        shared = ("person", "first_at", "last_at", "times")
        personal = ()
        secret = ()

    class Keeping:
        period = "two years from the last letter"
        authority = "the partnership's data-sharing agreement: proof of who was invited"
        rule = keeping.years(2, "last_at")

    def __str__(self) -> str:
        return f"{self.person_id} for {self.school_id}"
