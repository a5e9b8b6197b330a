"""A workshop, who is in the room, and what the room places, writes and picks. Nobody in the room gives a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.conditions.rules.states import Came, Way, WorkshopState
from convenor.england import keeping
from convenor.governance.models import Priority
from convenor.partnership.models import LASTING, LASTING_AUTHORITY, Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS


class Workshop(models.Model):
    """One workshop, held in a room or by post: its agenda as it stood when it was planned, its cards, and what the wall shows."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="workshops")
    title = models.CharField(max_length=160)
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in WorkshopState])
    agenda = models.JSONField(help_text="As rules.agendas reads it; fixed when the workshop opens")
    cards = models.JSONField(help_text="Nine to twelve cards: key, name, wording, source; the same for all")
    chosen = models.JSONField(default=list, help_text="Keys of the nine cards that are placed; empty until nine are picked of more")
    held_on = models.DateField()
    closes_on = models.DateField(null=True, blank=True, help_text="For a workshop by post: the last day of entries")
    join_code = models.CharField(max_length=12, unique=True, help_text="What a phone types or a picture carries; of no use once closed")
    step = models.CharField(max_length=40, blank=True, help_text="Key of the step the room is at")
    step_since = models.DateTimeField(null=True, blank=True)
    shown = models.JSONField(default=list, help_text="Keys of the steps whose results the facilitator has shown")
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    facilitator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-held_on", "-id")
        indexes = [models.Index(fields=["partnership", "state"], name="workshop_state")]

    class Privacy:
        open = ("id", "partnership", "title", "agenda", "cards", "held_on")
        shared = (
            "state",
            "chosen",
            "closes_on",
            "step",
            "step_since",
            "shown",
            "follows",
            "planned_at",
            "opened_at",
            "closed_at",
            "version",
        )
        personal = ("facilitator",)
        secret = ("join_code",)

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return self.title


class Participant(models.Model):
    """One phone in the room, or one sheet of paper: an entry's makers by number and group, never by name.

    `secret` is the digest of what only that phone holds; empty for paper. `label` is what the makers call their table; where the next
    workshop has the same label, the change between the two is told.
    """

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="participants")
    secret = models.CharField(max_length=64, blank=True)
    came = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Came])
    way = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Way])
    group_size = models.PositiveSmallIntegerField(default=1)
    label = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=40, blank=True, help_text="Key of a role of rules.groups; empty: not told")
    phase = models.CharField(max_length=40, blank=True)
    tier = models.CharField(max_length=40, blank=True)
    type = models.CharField(max_length=40, blank=True)
    joined_at = models.DateTimeField()
    heard = models.BigIntegerField(default=0, help_text="The highest number of what this phone sent and was taken")
    entered_by = models.CharField(max_length=200, blank=True, help_text="Who typed a sheet of paper in; empty for a phone")

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["workshop"], name="participant_workshop")]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "secret"], condition=~models.Q(secret=""), name="participant_phone_once"),
        ]

    class Privacy:
        open = ("id",)
        shared = ("workshop", "came", "way", "group_size", "joined_at", "heard")
        personal = ("label", "role", "phase", "tier", "type", "entered_by")
        secret = ("secret",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "joined_at")

    def __str__(self) -> str:
        return f"participant {self.pk}"


class DiamondNine(models.Model):
    """One diamond, as its makers last sent it: the row (1 to 5) of each of nine cards, and what they wrote on a card."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="diamond")
    rows = models.JSONField(help_text="Row by the key of the card: 1 is strength, 5 is most improvement needed")
    comments = models.JSONField(default=dict, blank=True, help_text="Words by the key of the card")
    hidden = models.JSONField(default=list, blank=True, help_text="Keys of the cards whose words the facilitator took out of the result")
    version = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField()

    class Privacy:
        open = ("id",)
        shared = ("participant", "hidden", "version", "sent_at")
        personal = ()
        secret = ("rows", "comments")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "sent_at", within=("participant",))

    def __str__(self) -> str:
        return f"diamond of {self.participant_id}"


class CardPick(models.Model):
    """Which of ten to twelve cards one participant would have the room place: nine of them."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="picked")
    cards = models.JSONField()
    sent_at = models.DateTimeField()

    class Privacy:
        open = ("id",)
        shared = ("participant", "sent_at")
        personal = ()
        secret = ("cards",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "sent_at", within=("participant",))

    def __str__(self) -> str:
        return f"picks of {self.participant_id}"


class CanvasNote(models.Model):
    """One line that a table wrote on a canvas. `client_key` is the phone's own number for it: sent twice, it stands once."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="notes")
    step = models.CharField(max_length=40)
    prompt = models.CharField(max_length=40, help_text="Key of the prompt of the step")
    words = models.CharField(max_length=400)
    client_key = models.CharField(max_length=40)
    hidden_on = models.DateField(null=True, blank=True, help_text="The facilitator took it off the wall; it is kept")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ("sent_at", "id")
        indexes = [models.Index(fields=["participant", "step"], name="canvas_step")]
        constraints = [models.UniqueConstraint(fields=["participant", "client_key"], name="canvas_note_once")]

    class Privacy:
        open = ("id",)
        shared = ("participant", "step", "prompt", "hidden_on", "sent_at")
        personal = ()
        secret = ("words", "client_key")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "sent_at", within=("participant",))

    def __str__(self) -> str:
        return f"note {self.pk}"


class WorkshopPriority(models.Model):
    """A priority that a workshop led to, and the card it came from."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="priorities")
    card = models.CharField(max_length=40)
    priority = models.OneToOneField(Priority, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "card"], name="workshop_priority_once")]

    class Privacy:
        open = ("id", "workshop", "card", "priority")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"{self.workshop_id} {self.card}"
