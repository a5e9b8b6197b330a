"""What an old log says of a school that the school has perhaps never seen: ratings, and notes of concern."""

from __future__ import annotations

from django.db import models

from convenor.england import keeping
from convenor.moving_in.models.bringing import MoveIn
from convenor.partnership.models import Partnership
from convenor.registers.models import School


class LegacyNote(models.Model):
    """A rating or a note of concern from an old file, set apart: the school alone reads it, replies, keeps it or has it deleted.

    It is part of no score, list or total. Without a word of the school it is deleted after ten working days; one that is deleted leaves
    only a line of the journal that says so. `row` and `column` are its place in the sheet, so that an undoing can put it back.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    move_in = models.ForeignKey(MoveIn, on_delete=models.SET_NULL, null=True, related_name="legacy")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=20, help_text="rating, note or what")
    words = models.TextField()
    file = models.CharField(max_length=200)
    sheet_key = models.PositiveBigIntegerField(help_text="Key of the sheet it was taken from")
    row = models.PositiveIntegerField()
    column = models.PositiveIntegerField()
    shown_from_on = models.DateField()
    until_on = models.DateField(help_text="Deleted on this day unless the school keeps it")
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_by = models.CharField(max_length=200, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    kept_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("school", "id")
        indexes = [
            models.Index(fields=["partnership", "school"], name="legacy_school"),
            models.Index(fields=["until_on"], name="legacy_until"),
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = ("move_in", "school", "field", "file", "sheet_key", "row", "column", "shown_from_on", "until_on", "replied_at", "kept_at")
        personal = ("replied_by", "kept_by")
        secret = ("words", "reply")

    class Keeping:
        period = "ten working days from the day the school could see it; one that the school keeps, the current year and six more"
        authority = "the partnership's data-sharing agreement: a school sees first what is held of it and says whether it stays"
        rule = keeping.years_after_year_end(6, "shown_from_on", "until_on", "replied_at", "kept_at")

    def __str__(self) -> str:
        return f"Set apart for {self.school}"
