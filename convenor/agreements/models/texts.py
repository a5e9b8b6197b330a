"""The agreement's text, in versions: a draft until it is adopted, and never changed after."""

from __future__ import annotations

from django.db import models

from convenor.england import keeping
from convenor.partnership.models import LASTING, LASTING_AUTHORITY, Partnership


class AgreementText(models.Model):
    """One version of the data-sharing agreement that a partnership puts to its schools. Without `adopted_at` it is a draft."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="agreement_texts")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=80, help_text="Key and version of the template it began from")
    sections = models.JSONField(default=list)
    classes = models.JSONField(default=list, help_text="What it says of each class of record")
    answers_to = models.CharField(max_length=300, blank=True, help_text="Whom a school asks: a role, and where it is reached")
    decided = models.CharField(max_length=200, blank=True, help_text="Who decided on it, and when")
    changes = models.TextField(blank=True, help_text="What is different from the version before, for schools that agreed to that")
    started_at = models.DateTimeField()
    adopted_at = models.DateTimeField(null=True, blank=True)
    adopted_by = models.CharField(max_length=200, blank=True)
    agree_by_on = models.DateField(
        null=True, blank=True, help_text="The last day on which a school that has said nothing is used as before"
    )
    reminded_on = models.DateField(null=True, blank=True, help_text="When schools not yet heard from were written to again")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("partnership", "number")
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="agreement_text_number"),
            models.UniqueConstraint(fields=["partnership"], condition=models.Q(adopted_at=None), name="agreement_text_one_draft"),
            models.CheckConstraint(
                condition=models.Q(adopted_at=None) | models.Q(agree_by_on__isnull=False), name="agreement_text_adopted_with_a_day"
            ),
        ]

    class Privacy:
        open = (
            "id", "partnership", "number", "source", "sections", "classes", "answers_to", "decided", "changes", "adopted_at", "agree_by_on",
        )  # fmt: skip
        shared = ("started_at", "adopted_by", "reminded_on", "version")
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"Agreement of {self.partnership}, version {self.number}"
