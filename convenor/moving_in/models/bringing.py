"""A move-in: its files and sheets as they were read, what the manager said of them, the plan that was shown, and what saving it changed."""

from __future__ import annotations

from django.db import models

from convenor.england import keeping
from convenor.moving_in.rules.states import State
from convenor.partnership.models import Partnership

THIRTY_DAYS = "until the move-in is dropped, or thirty days after it was saved or undone"
MINIMAL = "UK GDPR Article 5(1)(e): no longer than bringing it in needs"


class MoveIn(models.Model):
    """One bringing-in of what a partnership has. `plan` is what was shown and is saved, `changes` what saving changed, for its undoing."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="move_ins")
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in State], default=State.OPEN.value)
    version = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=200)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=200, blank=True)
    plan = models.JSONField(default=dict, blank=True, help_text="Questions, changes and what is left, as they were last worked out")
    plan_digest = models.CharField(max_length=64, blank=True)
    changes = models.JSONField(null=True, blank=True, help_text="Rows that saving made and changed, with their values before")

    class Meta:
        ordering = ("-begun_at", "-id")
        indexes = [models.Index(fields=["partnership", "state"], name="move_in_state")]

    class Privacy:
        open = ("id", "partnership")
        shared = ("state", "version", "begun_at", "begun_by", "saved_at", "saved_by", "undone_at", "undone_by", "plan_digest")
        personal = ()
        secret = ("plan", "changes")

    class Keeping:
        period = THIRTY_DAYS
        authority = MINIMAL
        rule = keeping.days(30, "begun_at", "saved_at", "undone_at", ended="saved_at")

    def __str__(self) -> str:
        return f"Move-in {self.pk} of {self.partnership}"


class BroughtFile(models.Model):
    """One file, or one pasting, as it was read. The file itself is not kept, only the words of its cells."""

    move_in = models.ForeignKey(MoveIn, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    kind_of_file = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    brought_at = models.DateTimeField()
    brought_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("move_in", "id")
        constraints = [models.UniqueConstraint(fields=["move_in", "digest"], name="brought_once")]

    class Privacy:
        open = ("id",)
        shared = ("move_in", "name", "kind_of_file", "digest", "brought_at", "brought_by")
        personal = ()
        secret = ()

    class Keeping:
        period = THIRTY_DAYS
        authority = MINIMAL
        rule = keeping.days(30, "brought_at", "move_in__saved_at", "move_in__undone_at", ended="move_in__saved_at")

    def __str__(self) -> str:
        return self.name


class BroughtSheet(models.Model):
    """One sheet of a file: its cells as a reader sees them, and what it is taken to be. Ratings and notes that were set apart leave it."""

    file = models.ForeignKey(BroughtFile, on_delete=models.CASCADE, related_name="sheets")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=120)
    rows = models.JSONField(default=list)
    notes = models.JSONField(default=list, blank=True)
    uneven = models.JSONField(default=list, blank=True, help_text="Numbers of lines with more cells than the others")
    kind = models.CharField(max_length=20)
    header_first = models.IntegerField(default=-1, help_text="First row of the heading, from 0; -1 for none")
    header_last = models.IntegerField(default=-1)
    columns = models.JSONField(default=dict, help_text="The number of the column of each field")
    sure = models.FloatField(default=0)
    told = models.TextField(blank=True)
    header_digest = models.CharField(max_length=64, blank=True)
    said_by = models.CharField(max_length=200, blank=True, help_text="Who said what it is; empty while the machine took it so")

    class Meta:
        ordering = ("file", "order", "id")

    class Privacy:
        open = ("id",)
        shared = (
            "file", "order", "name", "notes", "uneven", "kind", "header_first", "header_last", "columns", "sure", "told", "header_digest",
            "said_by",
        )  # fmt: skip
        personal = ()
        secret = ("rows",)

    class Keeping:
        period = THIRTY_DAYS
        authority = MINIMAL
        rule = keeping.until_act("the file that it is of goes", within=("file",))

    def __str__(self) -> str:
        return f"{self.name} of {self.file}"


class Said(models.Model):
    """What the manager said to one question of a move-in."""

    move_in = models.ForeignKey(MoveIn, on_delete=models.CASCADE, related_name="said")
    key = models.CharField(max_length=200)
    said = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["move_in", "key"], name="said_once")]

    class Privacy:
        open = ("id",)
        shared = ("move_in", "at", "by")
        personal = ("key", "said")
        secret = ()

    class Keeping:
        period = THIRTY_DAYS
        authority = MINIMAL
        rule = keeping.days(30, "at", "move_in__saved_at", "move_in__undone_at", ended="move_in__saved_at")

    def __str__(self) -> str:
        return f"{self.key}: {self.said}"
