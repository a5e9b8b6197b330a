"""Matchings: every proposal of teams for a round, how it came about and what it proves. None is ever changed."""

from __future__ import annotations

from django.db import models

from convenor.england import keeping
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS
from convenor.peer_review.models.rounds import ReviewRound
from convenor.peer_review.rules.states import MatchingKind


class Matching(models.Model):
    """One proposal of teams: solved, re-planned after a change, or changed by hand with a reason.

    `asked` is the round as the matching read it and `answer` what `convenor match` would print of it; ids are URNs and keys of
    reviewers. `asked` is kept without what was declared in private; no page shows it.
    """

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="matchings")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in MatchingKind])
    status = models.CharField(max_length=20, help_text="optimal, feasible, infeasible, or checked for one made by hand")
    objective = models.FloatField(null=True, blank=True)
    bound = models.FloatField(null=True, blank=True)
    seconds = models.FloatField(default=0)
    asked = models.JSONField()
    answer = models.JSONField()
    after = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    changes = models.PositiveIntegerField(null=True, blank=True, help_text="Places that differ from the one it follows")
    why = models.CharField(max_length=300, blank=True, help_text="Why it was changed by hand or planned again")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("round", "-number")
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="matching_number_once")]

    class Privacy:
        open = ("id",)
        shared = (
            "round", "number", "kind", "status", "objective", "bound", "seconds", "answer", "after", "changes", "why", "made_at",
            "published_at",
        )  # fmt: skip
        personal = ("made_by",)
        secret = ("asked",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "made_at", "published_at")

    def __str__(self) -> str:
        return f"matching {self.number} of {self.round_id}"


class MatchingWork(models.Model):
    """A matching under way: one for each round, so that two coordinators never start two, and a page can say how far it is."""

    round = models.OneToOneField(ReviewRound, on_delete=models.CASCADE, related_name="matching_work")
    running = models.BooleanField(default=False)
    says = models.CharField(max_length=200, blank=True, help_text="How far it is, in words")
    problem = models.TextField(blank=True, help_text="Why the last one came to nothing, a line for each reason")
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=200)

    class Privacy:
        open = ("id",)
        shared = ("round", "running", "says", "problem", "started_at")
        personal = ("started_by",)
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "started_at")

    def __str__(self) -> str:
        return f"matching of {self.round_id} under way"
