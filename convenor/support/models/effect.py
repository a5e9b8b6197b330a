"""The review of effect: what was fixed at the start, and what could be said later."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.england import keeping
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS, LastingRow
from convenor.support.models.packages import Package
from convenor.support.rules.states import Verdict


class EffectStudy(LastingRow):
    """What was fixed at the start of a package so that its effect can be judged honestly later: the outcome, the comparators with their
    distances, the years before. Never changed."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="studies")
    outcome = models.CharField(max_length=40, help_text="Key of rules.outcomes")
    started_on = models.DateField()
    comparators = models.JSONField(help_text="[{urn, distance, rank}]")
    years = models.JSONField(help_text="School years before the start")
    series = models.JSONField(help_text="The school's own readings before the start, with cohort, mark and edition")
    basis = models.JSONField(help_text="Run, method and editions of the similar schools; choice of analysis")
    frozen_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("package", "outcome")
        constraints = [models.UniqueConstraint(fields=["package", "outcome"], name="study_once_an_outcome")]

    class Privacy:
        open = ("id",)
        shared = ("package", "outcome", "started_on", "comparators", "years", "series", "basis", "frozen_at")
        personal = ("by",)
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "frozen_at", "package__ended_on", within=("package",))

    def __str__(self) -> str:
        return f"{self.outcome} of package {self.package_id}"


class EffectReading(LastingRow):
    """What a study said on a day, as it was shown: so that a later edition never rewrites what somebody read."""

    study = models.ForeignKey(EffectStudy, on_delete=models.PROTECT, related_name="readings")
    verdict = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Verdict])
    answer = models.JSONField(help_text="As rules.effect gives it")
    at = models.DateTimeField()
    editions = models.JSONField(default=list)

    class Meta:
        ordering = ("at", "id")

    class Privacy:
        open = ("id",)
        shared = ("study", "verdict", "answer", "at", "editions")
        personal = ()
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at", within=("study",))

    def __str__(self) -> str:
        return f"{self.verdict}, {self.at}"
