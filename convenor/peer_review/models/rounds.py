"""Rounds of peer review: who is asked, who hosts, who offers to review and on which days."""

from __future__ import annotations

from django.db import models

from convenor.england import keeping
from convenor.partnership.models import Body, Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS
from convenor.peer_review.rules.states import Reach, RoundState
from convenor.registers.models import School


class ReviewRound(models.Model):
    """One round for a partnership, an alliance or a cluster. `way` is the model of review, as it stood when the round was opened.

    `version` counts every change: whoever changes a round names the version they read, so that two coordinators never overwrite
    each other unseen.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="review_rounds")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="review_rounds")
    name = models.CharField(max_length=120)
    way_key = models.SlugField(max_length=60, help_text="Which model of review: a file of review_ways")
    way = models.JSONField(default=dict, help_text="The model of review, whole, as it was chosen")
    state = models.CharField(max_length=20, choices=[(each.value, each.value) for each in RoundState])
    phases = models.JSONField(default=list, blank=True, help_text="Phases asked, as the register names them; empty: all")
    placed = models.JSONField(default=dict, blank=True, help_text="In which cluster a school of two takes part: {URN: key of the body}")
    reach = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Reach], help_text="How far teams may come from")
    answers_by_on = models.DateField(help_text="Until when schools and reviewers answer")
    visits_from_on = models.DateField()
    visits_until_on = models.DateField(help_text="The first day without visits")
    team_size = models.PositiveSmallIntegerField(default=3)
    school_serves_at_most = models.PositiveSmallIntegerField(default=4)
    lead_rest_cycles = models.PositiveSmallIntegerField(default=2)
    waive = models.JSONField(default=list, blank=True, help_text="Rules waived for the round: same_trust and no other")
    waive_why = models.CharField(max_length=300, blank=True)
    seed = models.PositiveIntegerField(default=1)
    weights = models.JSONField(default=dict, blank=True)
    words = models.TextField(blank=True, help_text="What the coordinator says to schools")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=200, blank=True, help_text="Who changed it last, as the journal names them")
    reviewers_reminded_at = models.DateTimeField(null=True, blank=True, help_text="When reviewers who had not answered were last reminded")
    opened_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("partnership", "-visits_from_on", "-id")
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="round_name_once"),
            models.CheckConstraint(condition=models.Q(visits_until_on__gt=models.F("visits_from_on")), name="round_visits_take_days"),
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = (
            "body", "name", "way_key", "way", "state", "phases", "placed", "reach", "answers_by_on", "visits_from_on",
            "visits_until_on", "team_size", "school_serves_at_most", "lead_rest_cycles", "waive", "waive_why", "seed", "weights", "words",
            "version", "reviewers_reminded_at", "opened_at", "published_at", "ended_on", "ended_why",
        )  # fmt: skip
        personal = ("changed_by",)
        secret = ()

    class Keeping:
        period = "while the partnership lasts: it is the partnership's memory"
        authority = "the partnership's constitution and data-sharing agreement"
        rule = keeping.lasting()

    def __str__(self) -> str:
        return self.name


class RoundSchool(models.Model):
    """A school asked to take part in a round. `hosts` is empty until it has answered; a school that does not host may send people."""

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="schools")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="review_rounds")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The cluster it is in")
    hosts = models.BooleanField(null=True, blank=True)
    focus = models.JSONField(default=list, blank=True, help_text="Keys of rules.themes on which it would like eyes")
    team_size = models.PositiveSmallIntegerField(null=True, blank=True)
    any_day = models.BooleanField(default=True)
    days = models.JSONField(default=list, blank=True, help_text="Days it can host, ISO, where not any school day")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "school"], name="school_in_round_once")]

    class Privacy:
        open = ("id",)
        shared = (
            "round", "school", "body", "hosts", "team_size", "any_day", "days", "answered_at", "withdrawn_on", "invited_at", "reminded_at",
        )  # fmt: skip
        personal = ("answered_by",)
        secret = ("focus", "withdrawn_why")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "invited_at", "answered_at", "withdrawn_on", "round__visits_until_on")

    def __str__(self) -> str:
        return f"{self.school_id} in {self.round_id}"


class RoundOffer(models.Model):
    """A reviewer's offer to one round: how many reviews, and on which days they can."""

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="offers")
    reviewer = models.ForeignKey("peer_review.Reviewer", on_delete=models.PROTECT, related_name="offers")
    reviews = models.PositiveSmallIntegerField(default=1, help_text="How many reviews they offer; 0 says not this time")
    any_day = models.BooleanField(default=True)
    days = models.JSONField(default=list, blank=True, help_text="Days on which they can, ISO, where not any school day")
    answered_at = models.DateTimeField()
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "reviewer"], name="offer_once")]

    class Privacy:
        open = ("id",)
        shared = ("round", "reviewer", "reviews", "any_day", "days", "answered_at", "withdrawn_on")
        personal = ()
        secret = ("withdrawn_why",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "answered_at", "withdrawn_on", "round__visits_until_on")

    def __str__(self) -> str:
        return f"{self.reviewer_id} for {self.round_id}"
