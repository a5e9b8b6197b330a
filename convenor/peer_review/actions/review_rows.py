"""What every action on a review shares: the locked row, the step written down, the letter that carries nothing.

An action on a review goes like this::

    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        row.kind = ...                                  # what it changes
        row.save()
        pass_gate(row, here, Step.FOCUS_AGREED, by=by, at=at)      # who may, the gate, the step, the journal
        tell_team(row, here, by=by, at=at)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, day_of
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.models import PeerReview, ReviewStep
from convenor.peer_review.queries.standing import ReviewHere, review_here
from convenor.peer_review.queries.steps import Somebody, facts, host_people, team_people, whos
from convenor.peer_review.rules.gates import INTO, check_step, check_who
from convenor.peer_review.rules.refusals import ChangedMeanwhile
from convenor.peer_review.rules.states import Part, State, Step
from convenor.post import actions as post

#: One kind for every letter about a review, so that not even its kind says what it is about.
SOMETHING_WAITS = "something-waits"
NOT_THERE = "There is no such review in this partnership. Nothing was changed."
#: The state into which a step leads; a step that is not here leaves the state as it is.
_LEADS_INTO = {step: state for state, step in INTO.items()} | {Step.POSTPONED: State.POSTPONED, Step.WITHDRAWN: State.WITHDRAWN}


def locked(slug: str, pk: int, *, by: Viewer, at: datetime, version: int | None = None) -> tuple[PeerReview, ReviewHere]:
    """The review, held until the transaction ends, and what `by` may see of it. `version` is the one they read.

    Raises NotThere for anybody who sees nothing of it, and ChangedMeanwhile where somebody changed it since.
    """
    row = PeerReview.objects.select_for_update(of=("self",)).select_related("school", "round").filter(partnership__slug=slug, pk=pk).first()
    here = review_here(slug, pk, viewer=by, at=at) if row is not None else None
    if row is None or here is None:
        raise NotThere(NOT_THERE)
    if version is not None and version != row.version:
        raise ChangedMeanwhile(
            "Somebody changed this review while you were reading it. Look at it as it stands now; what you wrote is still here. "
            "Nothing was changed.",
            now=row.version,
        )  # fmt: skip
    return row, here


def pass_gate(
    row: PeerReview, here: ReviewHere, what: Step, *, by: Viewer, at: datetime, why: str = "", held_on: date | None = None
) -> bool:
    """Takes a step: is it theirs, does its gate let it through (as the rows stand now: save them before), then `step`. Says if late.

    `held_on` is the day on which the thing was done where it is written down later. Raises what `rules.gates` raises.
    """
    check_who(what, whos(here, viewer=by))
    late = check_step(what, facts(here, viewer=by), held_on or day_of(at))
    step(row, what, slug=here.slug, by=by, at=at, why=why, late=late)
    return late


def step(row: PeerReview, what: Step, *, slug: str, by: Viewer, at: datetime, why: str = "", late: bool = False) -> None:
    """Moves the review where the step leads, counts its version, writes the step down for ever and records it.

    The journal says that it was done and at which school, never what was said: a reason stays in the step.
    """
    row.version += 1
    _move(row, what, at)
    row.save()
    ReviewStep.objects.create(
        review=row, step=what.value, state=row.state, at=at, by_key=str(by.person_id), by_label=by.label[:200], late=late, why=why,
    )  # fmt: skip
    journal.record(
        by=by, at=at, verb=f"review.{what.value}", subject_kind="peer-review", subject_key=row.pk, partnership=slug,
        subject_label=row.school.name, urn=row.school_id,
    )  # fmt: skip


def _move(row: PeerReview, what: Step, at: datetime) -> None:
    """The state and the days that follow from a step by themselves."""
    on = day_of(at)
    if what is Step.RESUMED:
        row.state, row.resumes = row.resumes, ""
    elif what in (Step.POSTPONED, Step.WITHDRAWN):
        row.resumes = row.resumes or row.state
        row.state = _LEADS_INTO[what].value
    elif what in _LEADS_INTO:
        row.state = _LEADS_INTO[what].value
    if what is Step.DATA_SHARED:
        row.shared_on = on
    elif what is Step.FED_BACK:
        row.fed_back_at = at
    elif what is Step.REPORT_DRAFT:
        row.draft_on = on
    elif what is Step.REPORT_FINAL:
        row.final_on = on
    elif what in (Step.CLOSED, Step.WITHDRAWN):
        row.ended_on = on


def tell_host(row: PeerReview, here: ReviewHere, *, by: Viewer, at: datetime, subject: str = "") -> None:
    """A letter to the host's heads and chair that something waits: not what, not from whom."""
    _tell(host_people(here, viewer=by, at=at), subject or "There is something for you in Convenor about your school", by=by, at=at)


def tell_team(
    row: PeerReview, here: ReviewHere, *, by: Viewer, at: datetime, subject: str = "", only: frozenset[Part] = frozenset()
) -> None:  # fmt: skip
    """A letter to the team, or to those in some parts of it, that something waits: not what, and not about which school."""
    _tell(team_people(here, viewer=by, only=only), subject or "There is something for you in Convenor", by=by, at=at)


def _tell(people: Iterable[Somebody], subject: str, *, by: Viewer, at: datetime) -> None:
    for each in people:
        if each.email and each.person_id != by.person_id:
            post.enqueue(
                by=by, at=at, to_address=each.email, to_name=each.name, kind=SOMETHING_WAITS, subject=subject,
                body=f"Dear {each.name},\n\n{subject}. Please sign in to read it.\n\nThis letter says nothing more on purpose.\n",
            )  # fmt: skip
