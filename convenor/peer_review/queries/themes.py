"""What the partnership learns of its reviews: themes of ended rounds as they were frozen, and what schools offer for others to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from convenor.agreements.queries.uses import withheld
from convenor.agreements.rules.classes import DataClass
from convenor.partnership.roles import Permission
from convenor.peer_review.models import ExcellenceOffer, Expectation, Report, ReviewRound, RoundThemes
from convenor.peer_review.rules.mirror import expected_from, overlap
from convenor.peer_review.rules.report import findings, writing_from
from convenor.peer_review.rules.states import ReportStage, RoundState, Side, State
from convenor.peer_review.rules.themes import name_of
from convenor.peer_review.rules.themes_shared import REPORTS_AT_LEAST, Table, ThemeTold, table, table_from

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class RoundTold:
    """One ended round: what is told of it, or that nothing is told yet. `runs`: this viewer may have it told."""

    pk: int
    name: str
    visits_from_on: date
    told_at: datetime | None
    table: Table | None
    runs: bool

    @property
    def strengths(self) -> tuple[ThemeTold, ...]:
        """The themes told as strengths."""
        return tuple(each for each in self.table.themes if each.strength) if self.table else ()

    @property
    def even_better(self) -> tuple[ThemeTold, ...]:
        """The themes told as even better if."""
        return tuple(each for each in self.table.themes if not each.strength) if self.table else ()

    @property
    def too_few(self) -> bool:
        """Whether there were too few reports for any theme to be told."""
        return self.table is not None and self.table.reports < REPORTS_AT_LEAST


def themes(slug: str, *, viewer: Viewer) -> tuple[RoundTold, ...] | None:
    """The ended rounds of a partnership, newest first, each with its frozen table; None for whoever may not see totals. One query.

    What is told is the same for everybody, and nothing that is asked narrows it.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.REVIEW_TOTALS_SEE):
        return None
    rows = ReviewRound.objects.filter(partnership_id=here.id, state=RoundState.ENDED.value).select_related("themes_told")
    return tuple(_told(row, viewer) for row in rows)


def _told(row: ReviewRound, viewer: Viewer) -> RoundTold:
    told: RoundThemes | None = getattr(row, "themes_told", None)
    return RoundTold(
        row.pk, row.name, row.visits_from_on, told.at if told else None, table_from(told.content) if told else None,
        runs(row.body_id, viewer=viewer),
    )  # fmt: skip


def runs(body_id: int | None, *, viewer: Viewer) -> bool:
    """Whether this viewer runs rounds of a body, or of the whole partnership for None: its lead, or somebody who runs the partnership."""
    return any(
        each.allows(Permission.ROUND_RUN, body_id=body_id) and (each.body_id is None or each.body_id == body_id) for each in viewer.holdings
    )


def round_table(row: ReviewRound, *, viewer: Viewer, at: date | datetime) -> Table:
    """What may be told of a round, reckoned from its final reports; for the action that freezes it, never for a page. Three queries.

    A review that its school took back counts no more: nobody else hears anything of it. Nor does one of a school whose agreement does not
    let reviews be used beyond it.
    """
    finals: dict[int, Report] = {}
    reports = Report.objects.filter(review__round_id=row.pk, stage=ReportStage.FINAL.value)
    used = ~Q(withheld(DataClass.REVIEWS, viewer=viewer, at=at, partnership="review__partnership_id", school="review__school_id"))
    for each in reports.filter(used).exclude(review__state=State.WITHDRAWN.value).order_by("number"):
        finals[each.review_id] = each
    found = {pk: findings(writing_from(final.content)) for pk, final in finals.items()}
    expected = Expectation.objects.filter(review_id__in=finals, side=Side.HOST.value)
    matched = [len(overlap(expected_from(each.findings), (), found[each.review_id]).host_met) for each in expected]
    return table(list(found.values()), matched)


@dataclass(frozen=True, slots=True)
class Excellence:
    """What a school offers for others to come and see, in words it approved."""

    urn: str
    school: str
    theme: str
    words: str
    offered_at: datetime
    fictitious: bool = False

    @property
    def theme_name(self) -> str:
        """The theme in words."""
        return name_of(self.theme)


def excellences(slug: str, *, viewer: Viewer) -> tuple[Excellence, ...] | None:
    """What the partnership's schools offer today, by theme and school; None outside the partnership. One query."""
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.PARTNERSHIP_SEE):
        return None
    rows = ExcellenceOffer.objects.filter(review__partnership_id=here.id, withdrawn_at=None).select_related("review__school")
    found = [
        Excellence(each.review.school_id, each.review.school.name, each.theme, each.words, each.offered_at, each.review.school.fictitious)
        for each in rows
    ]
    return tuple(sorted(found, key=lambda each: (each.theme_name, each.school)))
