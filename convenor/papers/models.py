"""Stored documents."""

from django.db import models

from convenor.england import keeping


class Paper(models.Model):
    """One version of a document, with the people it is meant for."""

    partnership = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    audience = models.CharField(max_length=60, help_text="public, members, or the key of a body or a school")
    media_type = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content, which names the file")
    size_bytes = models.PositiveBigIntegerField()
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("title", "-version")
        constraints = [models.UniqueConstraint(fields=["partnership", "title", "version"], name="paper_version_once")]

    class Privacy:
        open = ("id",)
        shared = ("partnership", "title", "version", "audience", "media_type", "digest", "size_bytes", "stored_at")
        personal = ("stored_by",)
        secret = ()

    class Keeping:
        period = "the current year and six more"
        authority = "Limitation Act 1980, section 5"
        rule = keeping.years_after_year_end(6, "stored_at")

    def __str__(self) -> str:
        return f"{self.title} (version {self.version})"
