"""Similar schools: worked out when data change, kept by the run's name, and frozen where somebody has relied on a set."""

from __future__ import annotations

from typing import Any

from django.db import models

from convenor.england import keeping
from convenor.partnership.models import Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS, LastingRow
from convenor.registers.models.editions import PUBLISHED, PUBLISHED_AUTHORITY


class SimilarBasis(models.Model):
    """How the schools of one phase were laid out in one run of one method.

    `run` is the digest of the editions it rests on. `axes` are lists of mappings: key, measure, weight, centre, spread, missing, ratio,
    periods, editions (keys). `left_out` are pairs of a variable and the reason.
    """

    run = models.CharField(max_length=64)
    method = models.CharField(max_length=20, help_text="convenor or dfe30")
    phase = models.CharField(max_length=30)
    schools = models.PositiveIntegerField(help_text="Real schools of the phase that were compared")
    axes = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "method", "phase"], name="similar_basis_once")]

    class Privacy:
        open = ("id", "run", "method", "phase", "schools", "axes", "left_out", "computed_at")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return f"{self.method}, {self.phase}"


class SimilarSet(models.Model):
    """The nearest schools of one school in one run of one method, nearest first.

    `members` are URNs and `distances` thousandths, both with a space between: short, because every school of England has a row.
    `values` are the school's own figures in the order of the basis's axes, None where nothing is published.
    """

    run = models.CharField(max_length=64)
    method = models.CharField(max_length=20)
    urn = models.CharField(max_length=8)
    phase = models.CharField(max_length=30)
    members = models.TextField(blank=True)
    distances = models.TextField(blank=True)
    values = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["urn", "method", "run"], name="similar_set_once")]

    class Privacy:
        open = ("id", "run", "method", "urn", "phase", "members", "distances", "values")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return f"{self.urn} ({self.method})"


class PhaseBound(models.Model):
    """Where the weakest fifth of England's schools of a phase begins, on one measure of one school year.

    `share` is the part (0 to 1) of the schools that really lie beyond the bound: figures are rounded, so it is seldom just a fifth.
    """

    run = models.CharField(max_length=64)
    phase = models.CharField(max_length=30)
    measure = models.CharField(max_length=40)
    period = models.CharField(max_length=10)
    schools = models.PositiveIntegerField(help_text="Schools with the figure")
    of_schools = models.PositiveIntegerField(help_text="Schools of the phase that there are")
    bound = models.FloatField(help_text="In the measure's unit; a school beyond it, on the weaker side, is in the weakest fifth")
    share = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "phase", "measure"], name="phase_bound_once")]

    class Privacy:
        open = ("id", "run", "phase", "measure", "period", "schools", "of_schools", "bound", "share")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return f"{self.phase} {self.measure} {self.period}"


class FrozenSet(LastingRow):
    """A set of similar schools as it stood when somebody relied on it. It is never changed, whatever is worked out later.

    `members` are pairs of URN and distance, `axes` the variables as the basis had them that day.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    urn = models.CharField(max_length=8)
    purpose = models.CharField(max_length=200, help_text="What the set is for, as in 'support package 12'")
    method = models.CharField(max_length=20)
    run = models.CharField(max_length=64)
    members: Any = models.JSONField()
    axes: Any = models.JSONField()
    frozen_at = models.DateTimeField()
    frozen_by = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["partnership", "urn"], name="frozen_set_school")]

    class Privacy:
        open = ("id", "urn", "method", "run", "members", "axes")
        shared = ("partnership", "purpose", "frozen_at", "frozen_by")
        personal = ()
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "frozen_at")

    def __str__(self) -> str:
        return f"{self.urn}: {self.purpose}"
