"""A forum vote: who may vote, how many must, what silence means, and what was cast."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.consultation.models.consultations import Consultation
from convenor.consultation.rules.states import Constituency, Silence, VoteState
from convenor.england import keeping
from convenor.governance.models import Decision
from convenor.partnership.models import LASTING, LASTING_AUTHORITY, Body, Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS
from convenor.registers.models import School


class ForumVote(models.Model):
    """One vote. Constituency, quorum and the rule for what is not returned are declared before it opens and fixed from then on."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="forum_votes")
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, null=True, blank=True, related_name="votes")
    words = models.CharField(max_length=400, help_text="What is voted on, for or against")
    constituency = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Constituency])
    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Whose seats vote, where seats do"
    )
    phases = models.JSONField(default=list, blank=True, help_text="Where schools vote: only of these phases; empty: all")
    voters = models.JSONField(default=list, help_text="Who may vote, fixed on opening: keys of schools or of appointments")
    quorum_percent = models.PositiveSmallIntegerField()
    majority_percent = models.PositiveSmallIntegerField(default=50, help_text="More than this share of what is counted carries it")
    silence = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Silence])
    state = models.CharField(max_length=8, choices=[(each.value, each.value) for each in VoteState])
    opens_on = models.DateField()
    closes_on = models.DateField()
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-opens_on", "-id")
        constraints = [models.CheckConstraint(condition=models.Q(closes_on__gte=models.F("opens_on")), name="vote_closes_after_opening")]

    class Privacy:
        open = ("id", "partnership")
        shared = (
            "consultation",
            "words",
            "constituency",
            "body",
            "phases",
            "voters",
            "quorum_percent",
            "majority_percent",
            "silence",
            "state",
            "opens_on",
            "closes_on",
            "decision",
            "made_at",
            "version",
        )
        personal = ("made_by",)
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return self.words[:60]


class Ballot(models.Model):
    """One vote that was cast, for a school or from a seat. Votes of a forum are not secret among those who may vote; totals are told."""

    vote = models.ForeignKey(ForumVote, on_delete=models.CASCADE, related_name="ballots")
    voter = models.CharField(max_length=40, help_text="As in the list of voters")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    choice = models.CharField(max_length=8, choices=[("for", "for"), ("against", "against"), ("abstain", "abstain")])
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cast_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vote", "voter"], name="ballot_once")]

    class Privacy:
        open = ("id",)
        shared = ("vote", "voter", "school", "cast_at")
        personal = ("person",)
        secret = ("choice",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "cast_at")

    def __str__(self) -> str:
        return f"ballot {self.pk}"
