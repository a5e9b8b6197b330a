"""The outbox."""

from django.db import models


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

    class Meta:
        ordering = ("queued_at", "id")
        indexes = [models.Index(fields=["sent_at", "queued_at"], name="letter_waiting")]

    class Privacy:
        open = ("id",)
        shared = ("partnership", "kind", "queued_at", "sent_at", "attempts", "problem")
        personal = ("to_address", "to_name", "subject")
        secret = ("body", "calendar")

    class Keeping:
        period = "one year from the day it was written"
        authority = "the partnership's data-sharing agreement: proof of what was sent"

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_address}"
