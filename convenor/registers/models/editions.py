"""Editions: which file of which publisher, as at when; and what was computed from them."""

from django.db import models

from convenor.england import keeping

PUBLISHED = "the publisher's own figures, kept while the partnership lasts"
PUBLISHED_AUTHORITY = "Open Government Licence v3.0"


class Edition(models.Model):
    """One published file, loaded whole or not at all. The same bytes are never loaded twice."""

    key = models.SlugField(max_length=120, unique=True, help_text="Names it on the command line, as in ofsted-mi-2025-08-31")
    family = models.CharField(max_length=60, help_text="Which reader read it: registers/sources/<family>")
    publisher = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    as_at = models.DateField(help_text="The day the figures describe")
    period = models.CharField(max_length=20, blank=True, help_text="School year as 2022-23, where the file has one")
    licence = models.CharField(max_length=120)
    note = models.TextField(blank=True, help_text="What a reader must know, as in 'column subset by a third party'")
    digest = models.CharField(max_length=64, db_index=True, help_text="SHA-256 of the file")
    file_name = models.CharField(max_length=255)
    rows_read = models.PositiveIntegerField()
    rows_loaded = models.PositiveIntegerField()
    rows_refused = models.PositiveIntegerField()
    rows_aggregate = models.PositiveIntegerField(help_text="Local-authority and national rows among the school rows")
    warnings = models.JSONField(default=list)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    withdrawn_why = models.TextField(blank=True)
    parquet = models.CharField(max_length=120, blank=True, help_text="File in the editions folder, named by digest")

    class Meta:
        ordering = ("-as_at", "family")
        constraints = [models.UniqueConstraint(fields=["digest"], condition=models.Q(withdrawn_at=None), name="edition_loaded_once")]

    class Privacy:
        open = (
            "id", "key", "family", "publisher", "title", "as_at", "period", "licence", "note", "digest", "file_name", "rows_read",
            "rows_loaded", "rows_refused", "rows_aggregate", "warnings", "loaded_at", "withdrawn_at", "withdrawn_why", "parquet",
        )  # fmt: skip
        shared = ("loaded_by", "withdrawn_by")
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return f"{self.title}, {self.as_at}"


class RefusedRow(models.Model):
    """One row that an otherwise good file held and that we would not take, with the reason."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="refused_rows")
    row = models.PositiveIntegerField(help_text="Line of the file, the header being 1")
    urn = models.CharField(max_length=20, blank=True)
    field = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ("edition", "row")

    class Privacy:
        open = ("id", "edition", "row", "urn", "field", "reason")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}"


class FieldMeaning(models.Model):
    """What a publisher says one of its columns means."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="field_meanings")
    field = models.CharField(max_length=120)
    meaning = models.TextField()

    class Meta:
        ordering = ("edition", "field")

    class Privacy:
        open = ("id", "edition", "field", "meaning")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return self.field


class AreaContext(models.Model):
    """One area's context on one date, computed when data arrive and never changed: the page only reads it by key.

    `run` is the digest of the editions it rests on, so that a page can say which figures it saw.
    """

    run = models.CharField(max_length=64)
    area_kind = models.CharField(max_length=20, help_text="authority, region or england")
    area_code = models.CharField(max_length=20)
    as_at = models.DateField()
    indicators = models.JSONField(help_text="As `convenor context` prints them")
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "area_kind", "area_code", "as_at"], name="context_once"),
        ]
        indexes = [models.Index(fields=["area_kind", "area_code", "as_at"], name="context_area")]

    class Privacy:
        open = ("id", "run", "area_kind", "area_code", "as_at", "indicators", "computed_at")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return f"{self.area_code} as at {self.as_at}"
