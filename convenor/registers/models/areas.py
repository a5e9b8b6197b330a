"""Local authorities, their neighbours, their boundaries and their figures."""

from django.db import models

from convenor.england import keeping
from convenor.registers.models.editions import PUBLISHED, PUBLISHED_AUTHORITY, Edition


class LocalAuthority(models.Model):
    """A local authority with responsibility for education, live or abolished. The key is the Department's three digits."""

    code = models.CharField(max_length=3, primary_key=True)
    gss_code = models.CharField(max_length=9, blank=True, db_index=True)
    name = models.CharField(max_length=100)
    region = models.CharField(max_length=60, blank=True)
    region_code = models.CharField(max_length=9, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "local authorities"
        ordering = ("name",)

    class Privacy:
        open = ("code", "gss_code", "name", "region", "region_code", "opened_on", "closed_on")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return self.name


class StatisticalNeighbour(models.Model):
    """One of an authority's ten statistical neighbours, nearest first."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE)
    authority_code = models.CharField(max_length=3, db_index=True)
    neighbour_code = models.CharField(max_length=3)
    rank = models.PositiveSmallIntegerField()
    closeness = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("authority_code", "rank")

    class Privacy:
        open = ("id", "edition", "authority_code", "neighbour_code", "rank", "closeness")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return f"{self.authority_code} {self.rank}: {self.neighbour_code}"


class District(models.Model):
    """A local authority district and the education authority it lies in, by year."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE)
    code = models.CharField(max_length=9)
    name = models.CharField(max_length=100)
    authority_gss_code = models.CharField(max_length=9, db_index=True)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("code",)

    class Privacy:
        open = ("id", "edition", "code", "name", "authority_gss_code", "first_year", "last_year")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return self.name


class Boundary(models.Model):
    """An outline in longitude and latitude, as GeoJSON."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE)
    layer = models.CharField(max_length=20, help_text="UTLA, LTLA, RGN, CAUTH, or 'dissolved' when made from districts by us")
    code = models.CharField(max_length=9, db_index=True)
    name = models.CharField(max_length=100)
    geometry = models.JSONField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "boundaries"

    class Privacy:
        open = ("id", "edition", "layer", "code", "name", "geometry", "note")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return self.name


class SmallArea(models.Model):
    """A lower-layer super output area's deprivation: rank 1 and decile 1 are the most deprived."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE)
    lsoa_code = models.CharField(max_length=9, db_index=True)
    imd_rank = models.PositiveIntegerField()
    imd_decile = models.PositiveSmallIntegerField()

    class Privacy:
        open = ("id", "edition", "lsoa_code", "imd_rank", "imd_decile")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return self.lsoa_code


class AreaMeasure(models.Model):
    """What one of the area measures means, in its publisher's words."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE)
    key = models.CharField(max_length=80, db_index=True)
    name = models.CharField(max_length=300)
    topic = models.CharField(max_length=100, blank=True)
    unit = models.CharField(max_length=100, blank=True)
    polarity = models.CharField(max_length=20, blank=True)
    description = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Privacy:
        open = ("id", "edition", "key", "name", "topic", "unit", "polarity", "description", "source")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return self.name


class AreaReading(models.Model):
    """One figure of an authority, a region or England in one period. No value means a mark, never zero."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, db_index=False)
    area_kind = models.CharField(max_length=10, help_text="authority, region or england")
    area_code = models.CharField(max_length=20)
    measure = models.CharField(max_length=80)
    period = models.CharField(max_length=20)
    value = models.FloatField(null=True)
    mark = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["area_code", "measure"], name="area_reading_area"),
            models.Index(fields=["edition"], name="area_reading_edition"),
        ]

    class Privacy:
        open = ("id", "edition", "area_kind", "area_code", "measure", "period", "value", "mark")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return f"{self.area_code} {self.measure} {self.period}"
