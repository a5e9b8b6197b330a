"""A consultation: what is proposed, in versions, what is asked about it, and who was invited."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.consultation.rules.states import ConsultationState, QuestionKind
from convenor.england import keeping
from convenor.partnership.models import LASTING, LASTING_AUTHORITY, Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS, LastingRow
from convenor.registers.models import School


class Consultation(models.Model):
    """One consultation, from its draft to its report. `public`: views from anyone, by a link without an account."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="consultations")
    title = models.CharField(max_length=160)
    says = models.TextField(blank=True, help_text="In two sentences: what is asked, and what will be done with the answers")
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in ConsultationState])
    opens_on = models.DateField()
    closes_on = models.DateField(help_text="The last day of answers")
    public = models.BooleanField(default=True)
    source = models.CharField(max_length=80, blank=True, help_text="Key and version of the template it began from")
    sections = models.JSONField(
        default=list, blank=True, help_text="What is proposed, while it is being written; each version put to schools has a row of its own"
    )
    ready_at = models.DateTimeField(null=True, blank=True, help_text="When it was said that it may open on its day")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-opens_on", "-id")
        indexes = [models.Index(fields=["partnership", "state"], name="consultation_state")]
        constraints = [
            models.CheckConstraint(condition=models.Q(closes_on__gte=models.F("opens_on")), name="consultation_closes_after_opening")
        ]

    class Privacy:
        open = ("id", "partnership", "title", "says", "state", "opens_on", "closes_on", "public", "opened_at", "closed_at", "reported_at")
        shared = ("source", "sections", "ready_at", "started_at", "version")
        personal = ("started_by",)
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return self.title


class Proposition(LastingRow):
    """One version of what is proposed. Answers keep the version they were given to."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="propositions")
    number = models.PositiveSmallIntegerField()
    sections = models.JSONField(help_text="Key, heading and paragraphs of each section, in order")
    changes = models.TextField(blank=True, help_text="What is different from the version before, in words for whoever answered that")
    from_at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ("consultation", "number")
        constraints = [models.UniqueConstraint(fields=["consultation", "number"], name="proposition_version_once")]

    class Privacy:
        open = ("id", "consultation", "number", "sections", "changes", "from_at")
        shared = ()
        personal = ("by",)
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"version {self.number}"


class Question(models.Model):
    """One question. Fixed from the day the consultation opens."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="questions")
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=[(each.value, each.value) for each in QuestionKind])
    words = models.CharField(max_length=400)
    hint = models.CharField(max_length=400, blank=True)
    options = models.JSONField(default=list, blank=True, help_text="Key and words of each option, card or principle")
    about = models.CharField(max_length=40, blank=True, help_text="Key of the section of the proposition; empty: the whole")
    required = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("consultation", "order", "id")
        constraints = [models.UniqueConstraint(fields=["consultation", "key"], name="question_key_once")]

    class Privacy:
        open = ("id", "consultation", "key", "kind", "words", "hint", "options", "about", "required", "order")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return self.words[:60]


class Invitation(models.Model):
    """That a school was asked, and how often it was reminded. Its groups are kept as they were on the day of opening."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="invitations")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    phase = models.CharField(max_length=40)
    type = models.CharField(max_length=60)
    trust = models.CharField(max_length=200, blank=True)
    cluster = models.CharField(max_length=200, blank=True)
    size = models.CharField(max_length=40, blank=True, help_text="Key of a band of size; empty: not known")
    invited_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("consultation", "school")
        constraints = [models.UniqueConstraint(fields=["consultation", "school"], name="invitation_once")]

    class Privacy:
        open = ("id", "consultation", "school", "phase", "type", "trust", "cluster", "size")
        shared = ("invited_at", "reminded_at", "reminders")
        personal = ()
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "invited_at", "reminded_at", "consultation__closes_on")

    def __str__(self) -> str:
        return f"invitation {self.pk}"
