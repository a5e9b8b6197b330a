"""The report written, shared, checked by the host, mended and made final.

Each takes `by` (a viewer), `at` and, where a page was read before, the `version` of the review that it showed. NotAllowed and NotThere
for those who may not; a named refusal where the review does not stand there or something is missing; ChangedMeanwhile where somebody
else changed it. Whatever is refused, nothing is changed. No letter and no line of the journal holds a word of any report.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow
from convenor.partnership.roles import Permission
from convenor.peer_review.actions.review_rows import locked, pass_gate, tell_host, tell_team
from convenor.peer_review.models import AccuracyReply, PeerReview, Report, ReportWorking
from convenor.peer_review.queries.reports import WorkingSeen, working
from convenor.peer_review.queries.standing import ReviewHere
from convenor.peer_review.queries.steps import whos
from convenor.peer_review.rules.gates import check_who
from convenor.peer_review.rules.refusals import ChangedMeanwhile, NotYours, OutOfTurn
from convenor.peer_review.rules.report import CHECK_AT_MOST, Writing, check_ready, kept, words_of, writing_from
from convenor.peer_review.rules.scale import check_scale
from convenor.peer_review.rules.states import WAY, Part, ReportStage, State, Step

LEAD_ALONE = frozenset({Part.LEAD})
#: While the host may still choose a scale.
BEFORE_DRAFT = WAY[: WAY.index(State.REPORT_DRAFT)]


def save_working(*, slug: str, review_id: int, writing: Writing, working_version: int, by: Viewer, at: datetime) -> int:
    """The lead saves what they have of the report, for nobody but themselves; the version that stands now.

    `working_version` is the one they read, 0 for a copy not saved yet. Raises ChangedMeanwhile where the lead wrote elsewhere
    meanwhile, NoWords for what is too long, NotYours for anybody but the lead, OutOfTurn where no draft is to be written.
    """
    allow(by, Permission.REVIEW_OFFER, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at)
        seen = _writing(here, by, at)
        if working_version != seen.version:
            raise ChangedMeanwhile(
                "You wrote on this report somewhere else since you opened this page. What you typed here is not saved yet: it stands "
                "below. Look at what is saved, keep what you need of each, then save again.",
                now=seen.version,
            )  # fmt: skip
        copy = ReportWorking.objects.filter(review=row).first() or ReportWorking(review=row, version=0)
        copy.content = kept(writing, known=_known(seen)).as_dict()
        copy.version, copy.saved_at, copy.by_id = copy.version + 1, at, _person(by)
        copy.save()
        return copy.version


def share_draft(*, slug: str, review_id: int, by: Viewer, at: datetime, version: int | None = None) -> Report:
    """The lead shares the draft with the school, or a new draft that answers its corrections; the host is told that something waits.

    It is what the working copy says; the copy is then gone. Later than planned is taken and marked late. Raises Missing for what a
    report lacks: see `rules.report.check_ready`.
    """
    allow(by, Permission.REVIEW_OFFER, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        seen = _writing(here, by, at)
        check_ready(seen.writing, known=_known(seen), scale=row.scale)
        pass_gate(row, here, Step.MENDED if seen.mending else Step.REPORT_DRAFT, by=by, at=at)
        report = _add(row, seen.writing, ReportStage.DRAFT, by=by, at=at)
        ReportWorking.objects.filter(review=row).delete()
        tell_host(row, here, by=by, at=at)
    return report


def _writing(here: ReviewHere, by: Viewer, at: datetime) -> WorkingSeen:
    """What the lead works on. Raises NotYours for anybody but the lead, OutOfTurn where no draft is to be written."""
    if not here.leads:
        raise NotYours("That is for the lead reviewer to do. Nothing was changed.")
    seen = working(here, viewer=by, at=at)
    if seen is None:
        raise OutOfTurn("No draft is to be written where the review stands. Nothing was changed.")
    return seen


def _known(seen: WorkingSeen) -> frozenset[str]:
    """The notes of the log that stand."""
    return frozenset(note.uid for _, note in seen.notes)


def _person(by: Viewer) -> int:
    assert by.person_id is not None, "whoever has a part in a review is known"
    return by.person_id


def _add(row: PeerReview, writing: Writing, stage: ReportStage, *, by: Viewer, at: datetime) -> Report:
    last = Report.objects.filter(review=row).order_by("-number").values_list("number", flat=True).first() or 0
    said = writing.as_dict()
    return Report.objects.create(review=row, number=last + 1, stage=stage.value, at=at, by_id=_person(by), **said)


def check_draft(
    *, slug: str, review_id: int, accurate: bool, by: Viewer, at: datetime, words: str = "", version: int | None = None
) -> AccuracyReply:
    """The host says that the draft is accurate, and it becomes final; or what is not accurate and what is right, and the lead is told.

    What the host says stands beside the draft for ever. Words are needed where it is not accurate (NoWords).
    """
    allow(by, Permission.REVIEW_HOST, partnership=slug)
    said = words_of(words, "what is not accurate, and what is right", CHECK_AT_MOST, needed=not accurate)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        pass_gate(row, here, Step.CHECKED, by=by, at=at)
        draft = Report.objects.filter(review=row).order_by("-number")[0]
        reply = AccuracyReply.objects.create(report=draft, accurate=accurate, words=said, at=at, by_id=_person(by))
        if accurate:
            _final(row, here, draft, by=by, at=at)
            tell_team(row, here, by=by, at=at)
        else:
            tell_team(row, here, by=by, at=at, only=LEAD_ALONE)
    return reply


def make_final(*, slug: str, review_id: int, by: Viewer, at: datetime, version: int | None = None) -> Report:
    """The lead makes the draft final after the school's five working days passed in silence; the school is told. Raises TooSoon before."""
    allow(by, Permission.REVIEW_OFFER, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        draft = Report.objects.filter(review=row).order_by("-number").first()
        report = _final(row, here, draft, by=by, at=at)
        tell_host(row, here, by=by, at=at)
    return report


def _final(row: PeerReview, here: ReviewHere, draft: Report | None, *, by: Viewer, at: datetime) -> Report:
    """The gate, then the draft once more as the final report: its writer stays who wrote it."""
    pass_gate(row, here, Step.REPORT_FINAL, by=by, at=at)
    assert draft is not None, "the gate asks for a draft"
    said = writing_from(draft.content).as_dict()
    return Report.objects.create(
        review=row, number=draft.number + 1, stage=ReportStage.FINAL.value, at=at, by_id=draft.by_id, **said
    )  # fmt: skip


def choose_scale(*, slug: str, review_id: int, words: Iterable[str], by: Viewer, at: datetime, version: int | None = None) -> PeerReview:
    """The host asks for a scale in words of its own, or for no grade (no words), until the draft is shared.

    Raises what `rules.scale.check_scale` raises; OutOfTurn once the draft is shared, NotYours for anybody but the host.
    """
    allow(by, Permission.REVIEW_HOST, partnership=slug)
    chosen = check_scale(words)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        check_who(Step.CHECKED, whos(here, viewer=by))
        if here.state not in BEFORE_DRAFT:
            raise OutOfTurn("A scale is chosen before the draft is shared. Nothing was changed.")
        row.scale = list(chosen)
        row.version += 1
        row.save()
        journal.record(
            by=by, at=at, verb="review.scale-chosen", subject_kind="peer-review", subject_key=row.pk, partnership=slug,
            subject_label=row.school.name, urn=row.school_id,
        )  # fmt: skip
    return row
