"""What the machine remembers of what it was told, so that it need not ask again."""

from __future__ import annotations

from django.db import models

from convenor.england import keeping
from convenor.partnership.models import LASTING_AUTHORITY, Partnership

WHILE_IT_LASTS = "while the partnership lasts, or until its manager says otherwise"


class RememberedColumns(models.Model):
    """What a heading was said to mean: a sheet with the same one is read so the next time."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    header_digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    header_first = models.IntegerField()
    header_last = models.IntegerField()
    columns = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "header_digest"], name="columns_remembered_once")]

    class Privacy:
        open = ("id", "partnership")
        shared = ("header_digest", "kind", "header_first", "header_last", "columns", "at", "by")
        personal = ()
        secret = ()

    class Keeping:
        period = WHILE_IT_LASTS
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"Columns of {self.kind}"


class RememberedAnswer(models.Model):
    """What was said to a question that does not hang on one file: which school "St Mary's" is."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    said = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "key"], name="answer_remembered_once")]

    class Privacy:
        open = ("id", "partnership")
        shared = ("at", "by")
        personal = ("key", "said")
        secret = ()

    class Keeping:
        period = WHILE_IT_LASTS
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"{self.key}: {self.said}"
