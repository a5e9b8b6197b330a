"""Before the visit the host says what it would like the team to look into, writes its self-review and shares it.

Each takes `by` (a viewer), `at` and the `version` that they read. NotAllowed and NotThere for those who may not; a named refusal where
the review does not stand there; ChangedMeanwhile where somebody else changed it. Whatever is refused, nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from convenor.partnership.gate import Viewer, allow
from convenor.partnership.roles import Permission
from convenor.peer_review.actions.review_rows import locked, pass_gate, tell_team
from convenor.peer_review.models import PeerReview, SelfReview
from convenor.peer_review.queries.self_review import published_figures
from convenor.peer_review.queries.standing import ReviewHere
from convenor.peer_review.queries.steps import way_of, whos
from convenor.peer_review.rules.gates import STATE_SAYS, Who
from convenor.peer_review.rules.preparing import WHILE_MENDING, WHILE_WRITING, check_focus, check_words, merge_words
from convenor.peer_review.rules.refusals import ChangedMeanwhile, NotYours, OutOfTurn
from convenor.peer_review.rules.scale import check_scale
from convenor.peer_review.rules.states import ReviewKind, State, Step


def agree_focus(
    *, slug: str, review_id: int, questions: Iterable[str], kind: str, by: Viewer, at: datetime, themes: Iterable[str] = (),
    scale: Iterable[str] | None = None, version: int | None = None,
) -> PeerReview:  # fmt: skip
    """The host asks one or two questions and says which kind of review it would like; the team is told that something waits.

    Until the visit it may mend them: the review stays where it stands then. `scale` are words of the host's own, none for no grade; None
    leaves it as it is.
    """
    allow(by, Permission.REVIEW_HOST, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        focus = check_focus(questions, ReviewKind(kind) if kind else None, themes)
        row.questions, row.kind, row.themes = list(focus.questions), focus.kind.value, list(focus.themes)
        if scale is not None:
            row.scale = list(check_scale(scale))
        if State(row.state) in WHILE_MENDING:
            _hosts(here, by)
            row.version += 1
            row.save()
        else:
            row.save()
            pass_gate(row, here, Step.FOCUS_AGREED, by=by, at=at)
        tell_team(row, here, by=by, at=at)
    return row


def _hosts(here: ReviewHere, by: Viewer) -> None:
    """Raises NotYours for anybody but the host's own people who may do the school's part."""
    if Who.HOST not in whos(here, viewer=by):
        raise NotYours("That is for the school to do. Nothing was changed.")


def save_self_review(
    *, slug: str, review_id: int, words: Mapping[str, str], was: Mapping[str, str], by: Viewer, at: datetime
) -> SelfReview:  # fmt: skip
    """The host's words, by heading of the way; headings that are not given stay as they are. Saved as one goes, by the head or a deputy.

    `was` are the prints of the words as they were read. Where two wrote under different headings both stand, and nobody is troubled;
    where both changed one heading, ChangedMeanwhile: everything else was saved, and that one keeps what the other wrote.
    """
    allow(by, Permission.REVIEW_HOST, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at)
        _hosts(here, by)
        if (here.resumes or here.state) not in WHILE_WRITING:
            raise OutOfTurn(f"The self-review stands as it was shared: {STATE_SAYS[here.state]}. Nothing was changed.")
        way, _ = way_of(here, viewer=by)
        given = check_words(words, [each.key for each in way.self_review])
        kept = SelfReview.objects.select_for_update(of=("self",)).filter(review=row).first() or SelfReview(review=row, version=0)
        merged = merge_words(kept.words, given, was)
        other = kept.saved_by
        if merged.words != kept.words:
            kept.words, kept.saved_at, kept.saved_by, kept.version = merged.words, at, by.name[:200], kept.version + 1
            kept.save()
    if merged.both:
        titles = ", ".join(f"“{each.title}”" for each in way.self_review if each.key in merged.both)
        raise ChangedMeanwhile(
            f"{other} wrote under {titles} since you opened this page. What you wrote there is not saved yet: both texts are shown. Keep "
            "what you need of each, then save again. Everything else is saved.",
            now=kept.version, who=other, what=titles,
        )  # fmt: skip
    return kept


def share_data(*, slug: str, review_id: int, by: Viewer, at: datetime, version: int | None = None) -> PeerReview:
    """The host shares its self-review with the team: published figures are kept as they stand today. Later than planned is taken, and
    marked late. The team is told that something waits."""
    allow(by, Permission.REVIEW_HOST, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        pass_gate(row, here, Step.DATA_SHARED, by=by, at=at)
        kept = SelfReview.objects.select_for_update(of=("self",)).get(review=row)
        kept.figures = [each.as_dict() for each in published_figures(row.school_id, viewer=by)]
        kept.save()
        tell_team(row, here, by=by, at=at)
    return row
