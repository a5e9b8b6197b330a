"""What was heard, for the table of access: words that only the manager reads, and results and a report that anyone may, once published."""

from __future__ import annotations

from typing import Any

from convenor.consultation.models import Consultation, ConsultationReport, ResultsRun, Theme
from convenor.consultation.rules.report import About, as_data, report
from convenor.consultation.rules.results import as_data as results_as_data
from convenor.consultation.rules.results import work_out
from tests.factories import consultation as made
from tests.factories.partnership import AT, ON, SLUG, World
from tests.integration.web.consultation_access_asking import ANYONE

MANAGER = frozenset({"manager"})
CLOSED, REPORTED = "Closed, for the table", "Reported, for the table"
PAGES: dict[str, frozenset[str]] = {
    "consultation-results": ANYONE,  # of what is reported; before that, in tests/integration/consultation/test_hearing_pages.py
    "consultation-work-out": MANAGER,
    "consultation-themes": MANAGER,
    "consultation-theme-name": MANAGER,
    "consultation-suggestions": MANAGER,
    "consultation-theme": MANAGER,
    "consultation-theme-say": MANAGER,
    "consultation-theme-drop": MANAGER,
    "consultation-publish": MANAGER,
    "consultation-report": ANYONE,
    "consultation-report-file": ANYONE,
}
#: Pages that are only read.
READ = ("consultation-themes", "consultation-suggestions")


def begin(everyone: World) -> None:
    """A consultation that has closed, with results and a theme, and one that is reported."""
    row = made.consultation(everyone, "closed", title=CLOSED)
    found = work_out([], [], asked=6)
    made.respond(everyone, row, "990001")
    question = row.questions.get(key="anything")
    Theme.objects.create(consultation=row, question=question, name="Time", named_by="the test", named_at=AT)
    told = made.consultation(everyone, "reported", title=REPORTED, reported_at=AT)
    for each in (row, told):
        ResultsRun.objects.create(consultation=each, content=results_as_data(found), method="1", worked_out_at=AT, by="the test")
    about = About(REPORTED, "Fernshire", "", ON, ON, (), 1)
    ConsultationReport.objects.create(consultation=told, content=as_data(report(about, found, ())), published_at=AT, by="the test")


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    row, told = (Consultation.objects.get(title=title).pk for title in (CLOSED, REPORTED))
    theme = Theme.objects.get(consultation_id=row).pk
    given: dict[str, list[Any]] = {name: [SLUG, row] for name in PAGES}
    given |= {name: [SLUG, row, "anything"] for name in ("consultation-theme-name", "consultation-suggestions")}
    given |= {name: [SLUG, row, theme] for name in ("consultation-theme", "consultation-theme-say", "consultation-theme-drop")}
    given |= {name: [SLUG, told] for name in ("consultation-results", "consultation-report")}
    return given | {"consultation-report-file": [SLUG, told, "html"]}
