"""Terms of the area's schools, and single days on which they are closed: what every date of a visit is held against."""

from __future__ import annotations

from django.db import models

from convenor.england import keeping
from convenor.partnership.models.structure import LASTING, LASTING_AUTHORITY, Partnership
from convenor.registers.models import LocalAuthority


class TermDates(models.Model):
    """One stretch of school days without a break of a week: a term, or half of one. The gaps between them are the holidays.

    Half-open: `from_on` is the first day of term, `until_on` the first day of the holiday. `authority` says whose published dates
    they are where a partnership spans several; empty: the partnership's whole area.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="term_dates")
    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=60, help_text="Such as: autumn, first half")
    from_on = models.DateField()
    until_on = models.DateField()

    class Meta:
        verbose_name_plural = "term dates"
        ordering = ("partnership", "from_on", "id")
        constraints = [
            models.UniqueConstraint(fields=["partnership", "authority", "from_on"], name="term_of_authority_begins_once"),
            models.UniqueConstraint(fields=["partnership", "from_on"], condition=models.Q(authority=None), name="term_begins_once"),
            models.CheckConstraint(condition=models.Q(until_on__gt=models.F("from_on")), name="term_takes_days"),
        ]

    class Privacy:
        open = ("id", "partnership", "authority", "name", "from_on", "until_on")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"{self.name}, {self.from_on}"


class DayOff(models.Model):
    """One day inside a term on which the area's schools are closed to pupils, such as a training day. Bank holidays are known."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="days_off")
    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField()
    why = models.CharField(max_length=60, blank=True, help_text="Such as: training day")

    class Meta:
        verbose_name_plural = "days off"
        ordering = ("partnership", "on", "id")
        constraints = [
            models.UniqueConstraint(fields=["partnership", "authority", "on"], name="day_off_of_authority_once"),
            models.UniqueConstraint(fields=["partnership", "on"], condition=models.Q(authority=None), name="day_off_once"),
        ]

    class Privacy:
        open = ("id", "partnership", "authority", "on", "why")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"closed on {self.on}"
