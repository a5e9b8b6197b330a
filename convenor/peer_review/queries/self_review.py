"""The school's self-review: its own words by heading, beside what is published about it and is never asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from convenor.peer_review.models import SelfReview
from convenor.peer_review.queries.standing import ReviewHere, review_here
from convenor.peer_review.queries.steps import way_of
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.preparing import WHILE_WRITING, print_of
from convenor.registers.queries import readings
from convenor.registers.queries.lineage import lineage
from convenor.registers.queries.schools import school

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One published figure with all that says what it is. Either `value` or `mark_says` is set.

    `england` and `authority` are the same figure of England's and the local authority's schools in the same year, where published.
    """

    key: str
    name: str
    unit: str
    period: str
    value: float | None
    low: float | None
    high: float | None
    cohort: int | None
    mark_says: str
    england: float | None
    authority: float | None
    edition: str
    edition_title: str
    small: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As it is frozen on the day of sharing; `PublishedFigure(**kept)` reads it back unchanged."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class HeadingWritten:
    """One heading of the way's self-review, its prompt, and what the school wrote."""

    key: str
    title: str
    prompt: str
    words: str

    @property
    def was(self) -> str:
        """A short print of the words as they were read, by which a later saving knows whether somebody else changed them."""
        return print_of(self.words)


@dataclass(frozen=True, slots=True)
class SelfReviewPage:
    """The self-review for one viewer. `frozen_on` is the day of sharing, from which its figures stand still; None before.

    `version` counts its savings, 0 before the first. `may_write`: the viewer is of the host, and the visit has not begun.
    """

    here: ReviewHere
    headings: tuple[HeadingWritten, ...]
    figures: tuple[PublishedFigure, ...]
    frozen_on: date | None
    saved_at: datetime | None
    saved_by: str
    version: int
    may_write: bool

    @property
    def written(self) -> bool:
        """Whether the school has written anything."""
        return any(each.words.strip() for each in self.headings)


def self_review(slug: str, pk: int, *, viewer: Viewer, at: datetime) -> SelfReviewPage | None:
    """A review's self-review for whoever may read it today: the school, and from its sharing the team. None for anybody else."""
    here = review_here(slug, pk, viewer=viewer, at=at)
    if here is None or not here.sees(Sight.SELF_REVIEW):
        return None
    kept = SelfReview.objects.filter(review_id=pk).first()
    way, shared_on = way_of(here, viewer=viewer)
    words: Mapping[str, str] = kept.words if kept else {}
    headings = tuple(HeadingWritten(each.key, each.title, each.prompt, str(words.get(each.key, ""))) for each in way.self_review)
    frozen = shared_on is not None and kept is not None
    figures = (
        tuple(PublishedFigure(**each) for each in kept.figures)
        if frozen and kept is not None
        else published_figures(here.urn, viewer=viewer)
    )
    return SelfReviewPage(
        here, headings, figures, shared_on if frozen else None, kept.saved_at if kept else None, kept.saved_by if kept else "",
        kept.version if kept else 0, here.host and (here.resumes or here.state) in WHILE_WRITING,
    )  # fmt: skip


def published_figures(urn: str, *, viewer: Viewer) -> tuple[PublishedFigure, ...]:
    """The newest published figure of each measure of a school, its predecessors' where it has none of its own; open to everybody.

    Withheld figures are among them, with the mark in words: a missing figure is neither good nor bad. Empty for an unknown school.
    """
    facts = school(urn, viewer=viewer)
    if facts is None:
        return ()
    line = [urn, *(each.urn for each in lineage(urn, viewer=viewer).predecessors)]
    found = readings.series(line, viewer=viewer)
    keys = [each.measure.key for each in found]
    beside = readings.beside(keys, phase=facts.phase, authority_code=facts.area.code if facts.area else "", viewer=viewer)
    areas = {(each.area_kind, each.measure, each.period): each.value for each in sorted(beside, key=lambda each: bool(each.group))}
    return tuple(
        PublishedFigure(
            each.measure.key, each.measure.name, each.measure.unit, each.latest.period, each.latest.value, each.latest.low,
            each.latest.high, each.latest.cohort, each.latest.mark_says,
            areas.get(("england", each.measure.key, each.latest.period)),
            areas.get(("authority", each.measure.key, each.latest.period)),
            each.latest.edition_key, each.latest.edition_title, each.latest.small,
        )
        for each in found
    )  # fmt: skip
