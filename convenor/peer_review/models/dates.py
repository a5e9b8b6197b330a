"""Dates of visits as they are proposed, and the keys to calendar feeds."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.england import keeping
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS
from convenor.peer_review.models.rounds import ReviewRound


class DateProposal(models.Model):
    """One proposal of visit dates for a round's reviews: {review: first day}, and for each that found none, why in words."""

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="date_proposals")
    number = models.PositiveIntegerField()
    days = models.JSONField(default=dict)
    unplaced = models.JSONField(default=dict)
    status = models.CharField(max_length=20, help_text="optimal or feasible")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("round", "-number")
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="date_proposal_number_once")]

    class Privacy:
        open = ("id",)
        shared = ("round", "number", "days", "unplaced", "status", "made_at", "taken_at")
        personal = ("made_by",)
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "made_at", "taken_at")

    def __str__(self) -> str:
        return f"dates {self.number} of {self.round_id}"


class CalendarKey(models.Model):
    """The secret address of a person's own calendar feed; only its digest is kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_keys")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        open = ("id",)
        shared = ()
        personal = ("person", "made_at", "ended_at")
        secret = ("digest",)

    class Keeping:
        period = "until the person makes another or ends it"
        authority = "the partnership's data-sharing agreement"
        rule = keeping.years(0, "made_at", "ended_at", ended="ended_at")

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"
