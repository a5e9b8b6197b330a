"""The outbox, the practice in which nothing leaves, and addresses from which letters come back."""

from django.db import models

from convenor.england import keeping


class Letter(models.Model):
    """One message to one address. It says that something waits and where; it never carries a concern."""

    partnership = models.CharField(max_length=80, blank=True)
    to_address = models.EmailField()
    to_name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=60, help_text="Which template, as in 'sign-in-link'")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    calendar = models.TextField(blank=True, help_text="An iCalendar message that goes with it: an invitation, or one taken back")
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True)
    practice = models.BooleanField(default=False, help_text="Written in practice mode: it never leaves")

    class Meta:
        ordering = ("queued_at", "id")
        indexes = [models.Index(fields=["sent_at", "queued_at"], name="letter_waiting")]

    class Privacy:
        open = ("id",)
        shared = ("partnership", "kind", "queued_at", "sent_at", "attempts", "problem", "practice")
        personal = ("to_address", "to_name", "subject")
        secret = ("body", "calendar")

    class Keeping:
        period = "one year from the day it was written"
        authority = "the partnership's data-sharing agreement: proof of what was sent"
        rule = keeping.years(1, "queued_at")

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_address}"


class Practice(models.Model):
    """A partnership that practises: its letters are written and kept, and none leaves."""

    partnership = models.CharField(max_length=80, unique=True)
    since = models.DateTimeField()
    by = models.CharField(max_length=200, help_text="Who began it, as the journal names them")

    class Privacy:
        open = ("id",)
        shared = ("partnership", "since", "by")
        personal = ()
        secret = ()

    class Keeping:
        period = "until the practice ends; the journal keeps when it began and ended"
        authority = "the partnership's data-sharing agreement"
        rule = keeping.until_act("the manager ends the practice")

    def __str__(self) -> str:
        return self.partnership


class Bounce(models.Model):
    """An address from which a letter of this partnership came back for good. Gone once the address is verified or changed."""

    partnership = models.CharField(max_length=80)
    address = models.EmailField(help_text="In small letters")
    why = models.CharField(max_length=300)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "address"], name="bounce_once")]

    class Privacy:
        open = ("id",)
        shared = ("partnership", "noted_at", "why")
        personal = ("address",)
        secret = ()

    class Keeping:
        period = "one year from the day it was noted, or until the address is verified"
        authority = "UK GDPR Article 5(1)(d): accuracy"
        rule = keeping.years(1, "noted_at")

    def __str__(self) -> str:
        return self.address
