"""What a report rests on, for tests of reports: notes in the log, a whole writing, and many reviews of one round."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from convenor.peer_review.models import EvidenceNote, EvidenceText, Expectation, PeerReview, Report, ReviewRound
from convenor.peer_review.rules.report import Finding, Writing
from convenor.peer_review.rules.states import ReportStage, RoundState, Side, State
from convenor.registers.models import School
from tests.factories.peer_review import MOMENTS, SECRETS, World

__all__ = ["NOTES", "UIDS", "WHOLE", "ended_round", "notes"]

UIDS = tuple(str(UUID(int=number)) for number in (1, 2, 3))
NOTES = (("strength", "reading", SECRETS["evidence"]), ("even-better", "writing", "Few books open at story time."), ("", "", "Taken back."))
#: What the lead writes; a leak test looks for each of these words.
WHOLE = Writing(
    "Readers are carried by their teachers.",
    (Finding("reading", "Stories are told with love.", (UIDS[0],)),),
    (Finding("writing", "Open more books.", (UIDS[1],)),),
    Finding("reading", "The story corner in year 2."),
)


def notes(row: PeerReview, here: World) -> None:
    """Three notes in the log of a review, by the second reviewer; the last one is taken back."""
    at = MOMENTS[State.ON_SITE]
    for number, (uid, (kind, theme, words)) in enumerate(zip(UIDS, NOTES, strict=True), 1):
        when = at + timedelta(minutes=number)
        note = EvidenceNote.objects.create(uid=uid, review=row, begun_at=when, received_at=when, by=here.people["second"])
        EvidenceText.objects.create(
            uid=UUID(int=100 + number), note=note, kind=kind, theme=theme, words=words, struck=number == 3, device="phone", sequence=number,
            written_at=when, received_at=when, by=here.people["second"], activity=row.activities.first(),
        )  # fmt: skip


def ended_round(here: World, *, reports: int, reading: int, hosts: int = 0, name: str = "Spring 2026") -> ReviewRound:
    """A round that has ended, with so many final reports, of which so many hold reading as a strength; so many hosts expected just that."""
    from tests.factories.peer_review import review_round

    row = review_round(here, name=name, state=RoundState.ENDED.value)
    known = School.objects.get(urn="990001")
    for number in range(reports):
        school, _ = School.objects.get_or_create(
            urn=f"98{number:04}", defaults={"name": f"Report School {number}", "phase": "Primary", "authority": known.authority}
        )
        one = PeerReview.objects.create(
            partnership=here.partnership, round=row, school=school, state=State.CLOSED.value, final_on=MOMENTS[State.REPORT_FINAL].date()
        )
        theme = "reading" if number < reading else "mathematics" if number % 2 else "attendance"
        Report.objects.create(
            review=one, number=1, stage=ReportStage.FINAL.value, summary=f"Secret of school {number}",
            strengths=[{"theme": theme, "words": "w", "evidence": []}], at=MOMENTS[State.REPORT_FINAL], by=here.people["head"],
        )  # fmt: skip
        if number < hosts:
            Expectation.objects.create(
                review=one, side=Side.HOST.value, named_at=MOMENTS[State.DATA_SHARED], by=here.people["head"],
                findings=[{"theme": key, "strength": key == "reading", "words": ""} for key in ("reading", "science", "parents")],
            )  # fmt: skip
    return row
