"""The twelve-to-eighteen-month ledger: what was foreseen, how likely it was thought, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.conditions.models.workshops import Participant, Workshop
from convenor.conditions.rules.states import Outcome
from convenor.england import keeping
from convenor.partnership.models import LASTING, LASTING_AUTHORITY, Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS


class Prediction(models.Model):
    """One thing that the partnership expects, said so that on its day anybody can tell whether it came true."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="predictions")
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, null=True, blank=True, related_name="predictions")
    words = models.CharField(max_length=300)
    about = models.CharField(max_length=40, blank=True, help_text="Key of a card or of a tier; empty: neither")
    told_by = models.CharField(max_length=300, blank=True, help_text="How anybody will know")
    due_on = models.DateField()
    asks_until = models.DateField(help_text="The last day on which likelihoods are taken; they are told after it, of five people or more")
    reminded_on = models.DateField(null=True, blank=True, help_text="When whoever settles it was last told that it is due")
    told_of = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How many had said how likely, once it was settled")
    told_percent = models.FloatField(null=True, blank=True, help_text="What they thought together; empty: fewer than five, never told")
    outcome = models.CharField(max_length=12, blank=True, choices=[(each.value, each.value) for each in Outcome])
    settled_on = models.DateField(null=True, blank=True)
    settled_why = models.CharField(max_length=300, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("due_on", "id")
        indexes = [models.Index(fields=["partnership", "due_on"], name="prediction_due")]

    class Privacy:
        open = ("id", "partnership")
        shared = (
            "workshop", "words", "about", "told_by", "due_on", "asks_until", "reminded_on", "outcome", "settled_on",
            "settled_why", "made_at", "version", "told_of", "told_percent",
        )  # fmt: skip
        personal = ("made_by", "settled_by")
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return self.words[:60]


class Likelihood(models.Model):
    """How likely one participant, or one member later, thought a prediction. Told of the group alone, never by person."""

    prediction = models.ForeignKey(Prediction, on_delete=models.CASCADE, related_name="likelihoods")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, null=True, blank=True, related_name="likelihoods")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    percent = models.PositiveSmallIntegerField(help_text="0 to 100")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prediction", "participant"], condition=models.Q(participant__isnull=False), name="likelihood_phone_once"
            ),
            models.UniqueConstraint(
                fields=["prediction", "person"], condition=models.Q(person__isnull=False), name="likelihood_person_once"
            ),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="likelihood_of_a_hundred"),
        ]

    class Privacy:
        open = ("id",)
        shared = ("prediction", "sent_at")
        personal = ("participant", "person")
        secret = ("percent",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "sent_at")

    def __str__(self) -> str:
        return f"likelihood {self.pk}"
