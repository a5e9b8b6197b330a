"""What was answered, by whom it was sent, and what the words were found to be about."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.consultation.models.consultations import Consultation, Proposition, Question
from convenor.consultation.rules.states import Came, Heard, ResponseKind, ResponseState
from convenor.england import keeping
from convenor.governance.models import Decision
from convenor.partnership.models import LASTING, LASTING_AUTHORITY
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS
from convenor.registers.models import School


class Response(models.Model):
    """One response: the one formal response of a school, or one person's own view.

    `answers` by the key of the question: an option's key (closed), keys in order (ranked), words (open), a stance by the key of the
    principle (principles). They are what was sent; `draft` is what is being written, and says nothing until it is sent. `sender` is the
    digest of what only that browser holds, for a view without an account.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="responses")
    proposition = models.ForeignKey(Proposition, on_delete=models.PROTECT, related_name="responses")
    kind = models.CharField(max_length=8, choices=[(each.value, each.value) for each in ResponseKind])
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=[(each.value, each.value) for each in ResponseState])
    answers = models.JSONField(default=dict, blank=True)
    draft = models.JSONField(default=dict, blank=True)
    drafted_by = models.CharField(max_length=200, blank=True, help_text="Who wrote at it last")
    drafted_at = models.DateTimeField(null=True, blank=True)
    came = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Came])
    role = models.CharField(max_length=80, blank=True, help_text="In whose name: the title of the post, or what a view's sender is")
    phase = models.CharField(max_length=40, blank=True, help_text="Of a view's sender, where told")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sender = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.CharField(max_length=200, blank=True, help_text="Who typed a sheet of paper in")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("consultation", "id")
        indexes = [models.Index(fields=["consultation", "state"], name="response_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "school"], condition=models.Q(school__isnull=False), name="formal_response_once"
            ),
            models.UniqueConstraint(fields=["consultation", "sender"], condition=~models.Q(sender=""), name="view_once_a_browser"),
        ]

    class Privacy:
        open = ("id", "consultation")
        shared = ("proposition", "kind", "school", "state", "came", "started_at", "drafted_at", "sent_at", "version")
        personal = ("role", "phase", "person", "drafted_by", "entered_by")
        secret = ("answers", "draft", "sender")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "started_at", "sent_at", "consultation__closes_on")

    def __str__(self) -> str:
        return f"response {self.pk}"


class Theme(models.Model):
    """What several answers to one open question are about, named by people, and what was done about it."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="themes")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="themes")
    name = models.CharField(max_length=120)
    said = models.TextField(blank=True, help_text="You said: in our own words, quoting nobody who could be known by it")
    heard = models.CharField(max_length=12, blank=True, choices=[(each.value, each.value) for each in Heard])
    did = models.TextField(blank=True, help_text="We did, or why not")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    from_suggestion = models.CharField(
        max_length=200, blank=True, help_text="How the suggested grouping was made; empty: named by a person from the start"
    )
    named_by = models.CharField(max_length=200)
    named_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("question", "id")
        constraints = [models.UniqueConstraint(fields=["question", "name"], name="theme_name_once")]

    class Privacy:
        open = ("id", "consultation", "question")
        shared = ("name", "said", "heard", "did", "decision", "from_suggestion", "named_at", "version")
        personal = ("named_by",)
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return self.name


class Coding(models.Model):
    """That a person found an answer to be about a theme."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="codings")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="codings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["theme", "response"], name="coding_once")]

    class Privacy:
        open = ("id",)
        shared = ("theme", "response", "at")
        personal = ("by",)
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at", within=("response",))

    def __str__(self) -> str:
        return f"coding {self.pk}"
