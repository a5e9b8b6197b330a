"""What an ended round's reports tell the partnership, told once and frozen."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, Viewer, allow
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.peer_review.models import ReviewRound, RoundThemes
from convenor.peer_review.queries.themes import round_table, runs
from convenor.peer_review.rules.refusals import OutOfTurn
from convenor.peer_review.rules.states import RoundState


def tell_themes(*, slug: str, round_id: int, by: Viewer, at: datetime) -> RoundThemes:
    """Whoever runs an ended round has its themes told: one table, reckoned now from its final reports and never changed.

    Raises OutOfTurn before the round has ended, AlreadyThere where they are told, NotThere for a round that is none.
    """
    allow(by, Permission.ROUND_RUN, partnership=slug)
    with transaction.atomic():
        row = ReviewRound.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=round_id).first()
        if row is None:
            raise NotThere("There is no such round in this partnership. Nothing was changed.")
        if not runs(row.body_id, viewer=by):
            raise NotAllowed(f"You cannot {Permission.ROUND_RUN.value}: this round is not yours to run. Nothing was changed.")
        if row.state != RoundState.ENDED.value:
            raise OutOfTurn("Themes are told once, when the round has ended. Nothing was changed.")
        try:
            with transaction.atomic():
                found = round_table(row, viewer=by, at=at)
                told = RoundThemes.objects.create(round=row, content=found.as_dict(), at=at, by_label=by.label[:200])
        except IntegrityError as error:
            raise AlreadyThere("The themes of this round are told already, and stand. Nothing was changed.") from error
        journal.record(
            by=by, at=at, verb="round.themes-told", subject_kind="review-round", subject_key=row.pk, partnership=slug,
            subject_label=row.name,
        )  # fmt: skip
    return told
