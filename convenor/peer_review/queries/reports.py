"""Reports, and what came of them, as each viewer may see them. The host owns all of it; see `rules.ownership`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.peer_review.models import AccuracyReply, AgreedPriority, ExcellenceOffer, PeerReview, Report, ReportWorking
from convenor.peer_review.queries.evidence import NoteSeen, log
from convenor.peer_review.queries.standing import ReviewHere
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.priorities import OUTCOME_SAYS, RESULT_SAYS
from convenor.peer_review.rules.report import Finding, Writing, writing_from
from convenor.peer_review.rules.states import ActionResult, Outcome, ReportStage, State
from convenor.peer_review.rules.themes import name_of

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class ReplySeen:
    """The host's check of a draft."""

    accurate: bool
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportSeen:
    """One writing of the report, with the host's word beside it."""

    number: int
    final: bool
    writing: Writing
    by: str
    at: datetime
    replies: tuple[ReplySeen, ...]

    @property
    def sides(self) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
        """Strengths and even-better-ifs under their headings."""
        return (("Strengths", self.writing.strengths), ("Even better if", self.writing.even_better))


@dataclass(frozen=True, slots=True)
class PrioritySeen:
    """One agreed priority, and what came of it ("" before the impact visit)."""

    number: int
    title: str
    theme: str
    owner: str
    by_on: date
    measure: str
    baseline: str
    result: str
    result_words: str

    @property
    def theme_name(self) -> str:
        """The theme in words, or nothing."""
        return name_of(self.theme) if self.theme else ""

    @property
    def result_says(self) -> str:
        """What came of it, in words, or nothing."""
        return RESULT_SAYS[ActionResult(self.result)] if self.result else ""


@dataclass(frozen=True, slots=True)
class AfterSeen:
    """What came after the report: workshop, priorities, impact visit, how it ended; for whoever sees the priorities."""

    workshop_on: date | None
    workshop_words: str
    priorities: tuple[PrioritySeen, ...]
    impact_on: date | None
    impact_words: str
    outcome: str


@dataclass(frozen=True, slots=True)
class OfferedExcellence:
    """The area of excellence as its host offered it, and since when; or took it back on a day."""

    theme: str
    words: str
    offered_at: datetime
    withdrawn_at: datetime | None

    @property
    def theme_name(self) -> str:
        """The theme in words."""
        return name_of(self.theme)


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The report for one viewer. `report` is the newest that they may read; `earlier` the writings before it, for host and team.

    `numbers` gives each note of the log that the report rests on its number, for whoever may read the log; else it is empty.
    `after` is None for whoever sees no priorities, `offered` for everybody but the host.
    """

    here: ReviewHere
    questions: tuple[str, ...]
    visit: tuple[date | None, date | None]
    report: ReportSeen
    earlier: tuple[ReportSeen, ...]
    numbers: dict[str, int]
    after: AfterSeen | None
    offered: OfferedExcellence | None


def report(here: ReviewHere, *, viewer: Viewer, at: datetime) -> ReportPage | None:
    """The newest report that this viewer may read; None where there is none for them. At most eight queries."""
    writings = reports_seen(here, viewer=viewer)
    if not writings:
        return None
    row = PeerReview.objects.only("questions", "visit_from_on", "visit_until_on").get(pk=here.pk)
    notes = numbered(here, viewer=viewer, at=at)
    offered = ExcellenceOffer.objects.filter(review_id=here.pk).first() if here.host else None
    return ReportPage(
        here,
        tuple(row.questions),
        (row.visit_from_on, row.visit_until_on),
        writings[-1],
        tuple(reversed(writings[:-1])),
        {each.uid: number for number, each in notes},
        after(here, viewer=viewer),
        OfferedExcellence(offered.theme, offered.words, offered.offered_at, offered.withdrawn_at) if offered else None,
    )


def reports_seen(here: ReviewHere, *, viewer: Viewer) -> list[ReportSeen]:
    """The writings of the report that this viewer may read, oldest first: drafts for host and team alone. At most two queries."""
    stages = [ReportStage.FINAL.value] if here.sees(Sight.REPORT) else []
    if here.sees(Sight.DRAFT):
        stages.append(ReportStage.DRAFT.value)
    if not stages:
        return []
    rows = Report.objects.filter(review_id=here.pk, stage__in=stages).select_related("by").order_by("number")
    replies: dict[int, list[ReplySeen]] = {}
    if here.sees(Sight.DRAFT):
        for each in AccuracyReply.objects.filter(report__review_id=here.pk).select_related("by"):
            replies.setdefault(each.report_id, []).append(ReplySeen(each.accurate, each.words, each.by.name, each.at))
    return [
        ReportSeen(
            row.number, row.stage == ReportStage.FINAL.value, writing_from(row.content), row.by.name, row.at, tuple(replies.get(row.pk, ()))
        )
        for row in rows
    ]


def numbered(here: ReviewHere, *, viewer: Viewer, at: datetime) -> list[tuple[int, NoteSeen]]:
    """The notes of the log that stand, each with its number, in the order of the visit; none for whoever may not read the log."""
    found = log(here, viewer=viewer, at=at)
    if found is None:
        return []
    standing = [each for group in found.groups for each in group.notes if not each.struck]
    return list(enumerate(standing, 1))


@dataclass(frozen=True, slots=True)
class WorkingSeen:
    """What the lead works on. `version` is 0 where nothing was saved yet; `mending` while the host's corrections are answered.

    `reply` is what the host says is not accurate; `notes` are those of the log that stand, with their numbers.
    """

    here: ReviewHere
    writing: Writing
    version: int
    saved_at: datetime | None
    mending: bool
    reply: ReplySeen | None
    notes: tuple[tuple[int, NoteSeen], ...]
    questions: tuple[str, ...]
    scale: tuple[str, ...]


def working(here: ReviewHere, *, viewer: Viewer, at: datetime) -> WorkingSeen | None:
    """The lead's working copy; None for everybody else, and where no draft is to be written now. At most nine queries.

    Before anything is saved it is empty, or what the newest draft says where the host asked for corrections.
    """
    if not here.leads or not here.sees(Sight.DRAFT):
        return None
    drafts = reports_seen(here, viewer=viewer)
    reply = drafts[-1].replies[-1] if drafts and drafts[-1].replies else None
    mending = here.state is State.REPORT_DRAFT and reply is not None and not reply.accurate
    if not mending and here.state not in (State.ON_SITE, State.FED_BACK):
        return None
    row = PeerReview.objects.only("questions", "scale").get(pk=here.pk)
    kept = ReportWorking.objects.filter(review_id=here.pk).first()
    before = drafts[-1].writing if mending else Writing()
    return WorkingSeen(
        here,
        writing_from(kept.content) if kept else before,
        kept.version if kept else 0,
        kept.saved_at if kept else None,
        mending,
        reply if mending else None,
        tuple(numbered(here, viewer=viewer, at=at)),
        tuple(row.questions),
        tuple(row.scale),
    )


def after(here: ReviewHere, *, viewer: Viewer) -> AfterSeen | None:
    """What came after the report; None for whoever sees no priorities. What the workshop worked out is the host's alone. Two queries."""
    if not here.sees(Sight.PRIORITIES):
        return None
    row = PeerReview.objects.get(pk=here.pk)
    return AfterSeen(
        row.workshop_on, row.workshop_words if here.host else "", priorities(here, viewer=viewer), row.impact_on, row.impact_words,
        OUTCOME_SAYS[Outcome(row.outcome)] if row.outcome else "",
    )  # fmt: skip


def priorities(here: ReviewHere, *, viewer: Viewer) -> tuple[PrioritySeen, ...]:
    """The agreed priorities in their order, for whoever sees them. One query."""
    if not here.sees(Sight.PRIORITIES):
        return ()
    return tuple(
        PrioritySeen(
            each.number, each.title, each.theme, each.owner, each.by_on, each.measure, each.baseline, each.result, each.result_words
        )
        for each in AgreedPriority.objects.filter(review_id=here.pk)
    )
