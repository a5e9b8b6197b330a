"""Early conversations: where each stands, every step of it, and what the school says. Steps and words are never changed or removed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.england import keeping
from convenor.intelligence.rules.conversation import Origin, Outcome, ReplyKind, Standing, State, Step
from convenor.partnership.models import Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS, LastingRow
from convenor.registers.models import School

OPEN_STATES = [state.value for state in State if state.open]
UNSHARED_STATES = [State.SUGGESTED.value, State.WITHDRAWN.value]


class EarlyConversation(models.Model):
    """One early conversation of one school, from the day it was opened. A school has at most one open at a time in a partnership.

    `lines` is what the broker shared, as it stood that day; `run` and `weights_year` say by which reckoning.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="early_conversations")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="early_conversations")
    origin = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Origin])
    state = models.CharField(max_length=20, choices=[(each.value, each.says) for each in State])
    opened_on = models.DateField()
    asked_about = models.JSONField(default=list, blank=True, help_text="What a school that asked itself would like to talk about")
    asked_words = models.TextField(blank=True, help_text="In its own words")
    broker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    shared_on = models.DateField(null=True, blank=True)
    lines = models.JSONField(null=True, blank=True, help_text="The assessment as it was shared (rules.lines.as_dict)")
    run = models.CharField(max_length=80, blank=True, help_text="Key of the run that suggested it, or whose lines were shared")
    weights_year = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=20, blank=True, choices=[(each.value, each.says) for each in Outcome])
    triaged_on = models.DateField(null=True, blank=True)
    review_due_on = models.DateField(null=True, blank=True)
    cluster_may_see = models.BooleanField(default=False, help_text="The school agrees that its cluster lead reads along")
    ended_on = models.DateField(null=True, blank=True)
    holder = models.CharField(max_length=120, help_text="Who answers when it is asked for (rules.secrecy)")
    record_class = models.CharField(max_length=40, help_text="Key of its class in the register of records (rules.secrecy)")

    class Meta:
        ordering = ("-opened_on", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "school"], condition=models.Q(state__in=OPEN_STATES), name="one_conversation_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=UNSHARED_STATES) | models.Q(shared_on__isnull=False), name="conversation_shared_on_a_day"
            ),
        ]
        indexes = [models.Index(fields=["school", "-opened_on"], name="conversation_school")]

    class Privacy:
        open = ("id", "partnership")
        shared = (
            "school", "origin", "state", "opened_on", "broker", "shared_on", "run", "weights_year", "outcome", "triaged_on",
            "review_due_on", "cluster_may_see", "ended_on", "holder", "record_class",
        )  # fmt: skip
        personal = ()
        secret = ("asked_about", "asked_words", "lines")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "opened_on", "triaged_on", "ended_on", ended="ended_on")

    def __str__(self) -> str:
        return f"{self.school}, {self.state}"

    @property
    def standing(self) -> Standing:
        """Where it stands, as the rules know it."""
        return Standing(
            State(self.state), Origin(self.origin), self.opened_on, self.shared_on, self.broker_id,
            Outcome(self.outcome) if self.outcome else None, self.cluster_may_see,
        )  # fmt: skip


class ConversationStep(LastingRow):
    """One step of a conversation: what, who, when and why. Never changed."""

    conversation = models.ForeignKey(EarlyConversation, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=20, choices=[(each.value, each.says) for each in Step])
    state = models.CharField(max_length=20, help_text="Where the conversation stood after it")
    at = models.DateTimeField()
    by_key = models.CharField(max_length=40)
    by_label = models.CharField(max_length=200)
    why = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    until_on = models.DateField(null=True, blank=True, help_text="By when it is reviewed, where the step says so")

    class Meta:
        ordering = ("at", "id")

    class Privacy:
        open = ("id", "conversation")
        shared = ("step", "state", "at", "outcome", "until_on")
        personal = ("by_key", "by_label")
        secret = ("why",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at", within=("conversation",))

    def __str__(self) -> str:
        return f"{self.step}, {self.at}"


class Reply(LastingRow):
    """A school's word beside a line or beside the whole, or the broker's answer to it. It stands beside the score for ever."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(EarlyConversation, on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="answered_by")
    kind = models.CharField(max_length=20, choices=[(each.value, each.says) for each in ReplyKind])
    line = models.CharField(max_length=20, blank=True, help_text="Code of the line it speaks of; empty for the whole")
    words = models.TextField()
    source = models.TextField(blank=True, help_text="Where the right figure stands, for a correction")
    at = models.DateTimeField()
    by_key = models.CharField(max_length=40)
    by_label = models.CharField(max_length=200)
    holder = models.CharField(max_length=120)
    record_class = models.CharField(max_length=40)

    class Meta:
        verbose_name_plural = "replies"
        ordering = ("at", "id")
        indexes = [models.Index(fields=["school", "at"], name="reply_school")]

    class Privacy:
        open = ("id", "partnership")
        shared = ("school", "conversation", "answers", "kind", "line", "at", "holder", "record_class")
        personal = ("by_key", "by_label")
        secret = ("words", "source")

    class Keeping:
        period = "as long as what it answers"
        authority = "the partnership's data-sharing agreement: a school's reply stands beside what is said of it"
        rule = keeping.years_after_year_end(6, "at", within=("conversation", "answers"))

    def __str__(self) -> str:
        return f"{self.kind} of {self.school_id}"
