"""Evidence gathered on a visit: notes made on several devices, with or without a network, of which no word is ever lost."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.england import keeping
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS, LastingRow
from convenor.peer_review.models.reviews import Activity, PeerReview
from convenor.peer_review.rules.merging import Writing


class EvidenceNote(LastingRow):
    """One note, named by the device that began it. What it says is its newest texts; two that stand side by side are both shown."""

    uid = models.UUIDField(unique=True)
    review = models.ForeignKey(PeerReview, on_delete=models.PROTECT, related_name="evidence")
    begun_at = models.DateTimeField(help_text="By the device's clock")
    received_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("review", "begun_at", "id")

    class Privacy:
        open = ("id",)
        shared = ("uid", "review", "begun_at", "received_at")
        personal = ("by",)
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "received_at", within=("review",))

    def __str__(self) -> str:
        return f"note {self.uid}"


class EvidenceText(LastingRow):
    """One writing of a note. `parents` are the uids of the writings it was made from: none for the first, two where it joins two."""

    uid = models.UUIDField(unique=True)
    note = models.ForeignKey(EvidenceNote, on_delete=models.PROTECT, related_name="texts")
    parents = models.JSONField(default=list, blank=True)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    kind = models.CharField(max_length=20, blank=True, help_text="strength, even-better or empty")
    theme = models.CharField(max_length=40, blank=True, help_text="Key of rules.themes")
    words = models.TextField(blank=True)
    struck = models.BooleanField(default=False, help_text="The writer took the note back; the words stay in the log of the host")
    device = models.CharField(max_length=40, blank=True)
    sequence = models.PositiveIntegerField(default=0, help_text="Order on the device")
    written_at = models.DateTimeField(help_text="By the device's clock")
    received_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("note", "written_at", "sequence", "id")

    class Privacy:
        open = ("id",)
        shared = ("uid", "note", "parents", "activity", "struck", "device", "sequence", "written_at", "received_at")
        personal = ("by",)
        secret = ("kind", "theme", "words")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "received_at", within=("note",))

    def __str__(self) -> str:
        return f"text {self.uid}"

    @property
    def writing(self) -> Writing:
        """This writing as the rules know it; its note is read with it."""
        return Writing(
            str(self.uid), str(self.note.uid), tuple(self.parents), self.words, self.written_at, self.activity_id, self.kind, self.theme,
            self.struck, self.device, self.sequence, self.by_id,
        )  # fmt: skip
