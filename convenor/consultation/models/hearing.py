"""What was worked out from the answers once they were all in, and the report: both written once."""

from __future__ import annotations

from django.db import models

from convenor.consultation.models.consultations import Consultation
from convenor.england import keeping
from convenor.partnership.models import LASTING, LASTING_AUTHORITY
from convenor.partnership.models.lasting import LastingRow


class ResultsRun(LastingRow):
    """The results of a consultation as they may be told, worked out once after its last day: two tellings would differ."""

    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="results")
    content = models.JSONField(help_text="Counts with those held back left out; see rules/results.py")
    method = models.CharField(max_length=20, help_text="Version of the rules by which they were worked out")
    worked_out_at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Privacy:
        open = ("id", "consultation")
        shared = ("content", "method", "worked_out_at")
        personal = ("by",)
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"results of {self.consultation_id}"


class ConsultationReport(LastingRow):
    """The report as it was published: it outlasts the answers, which are kept for fewer years."""

    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="report")
    content = models.JSONField(help_text="The parts of the report in order; see rules/report.py")
    published_at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Privacy:
        open = ("id", "consultation", "content", "published_at")
        shared = ()
        personal = ("by",)
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"report of {self.consultation_id}"
