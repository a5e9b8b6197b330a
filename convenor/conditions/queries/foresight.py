"""What was foreseen: what is due, what is still asked, what became of the rest, and how well the partnership foresees as a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.conditions.models import Likelihood, Prediction
from convenor.conditions.rules import foresight as rules
from convenor.conditions.rules.cards import NINE_CONDITIONS
from convenor.conditions.rules.foresight import Foresight, Settled
from convenor.conditions.rules.groups import TIERS_IN_ROOM
from convenor.conditions.rules.states import Outcome
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: What a prediction may be about, in words.
ABOUT: Mapping[str, str] = {card.key: card.name for card in NINE_CONDITIONS} | dict(TIERS_IN_ROOM)


@dataclass(frozen=True, slots=True)
class PredictionSeen:
    """One prediction. `said` is how many have said how likely; `percent` what they think together, None where that is not told.

    `mine` is what the viewer said. `taken`: likelihoods are still taken. `due`: its day has come and it is not settled. `may_tell`: the
    viewer may end the taking now.
    """

    id: int
    words: str
    about: str
    told_by: str
    workshop: str
    made_on: date
    due_on: date
    asks_until: date
    said: int
    percent: float | None
    mine: int | None
    taken: bool
    due: bool
    outcome: str
    settled_on: date | None
    settled_why: str
    version: int
    may_tell: bool

    @property
    def outcome_says(self) -> str:
        """What became of it, in words; "" while it is not settled."""
        return rules.OUTCOME_SAYS[Outcome(self.outcome)] if self.outcome else ""

    @property
    def says(self) -> str:
        """What the group thinks, in words and a figure; why it is not told where it is not."""
        if self.percent is not None:
            return f"{rules.in_words(self.percent)} ({self.percent:.0f}%, {self.said} people)"
        if self.taken:
            return f"told after {self.asks_until:%-d %B %Y}, of five people or more; {self.said} so far"
        return f"fewer than five said how likely ({self.said}): not told"


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every prediction: those due, those of which likelihoods are taken, those that wait for their day, those that are settled."""

    due: tuple[PredictionSeen, ...]
    asked: tuple[PredictionSeen, ...]
    waiting: tuple[PredictionSeen, ...]
    settled: tuple[PredictionSeen, ...]
    foresight: Foresight | None
    may_say: bool
    may_settle: bool


def ledger(slug: str, *, viewer: Viewer, at: date | datetime) -> Ledger | None:
    """The whole ledger; None for whoever may not see it. Two queries."""
    if not _sees(slug, viewer):
        return None
    rows = _seen(slug, viewer, day_of(at))
    settled = sorted((each for each in rows if each.outcome), key=lambda each: (each.settled_on or each.due_on, each.id), reverse=True)
    told = [
        Settled(each.percent, each.outcome == Outcome.CAME_TRUE.value)
        for each in settled
        if each.percent is not None and each.outcome != Outcome.CANNOT_TELL.value
    ]
    going = [each for each in rows if not each.outcome]
    return Ledger(
        due=tuple(each for each in going if each.due),
        asked=tuple(each for each in going if each.taken and not each.due),
        waiting=tuple(each for each in going if not each.taken and not each.due),
        settled=tuple(settled),
        foresight=rules.foresight(told),
        may_say=viewer.may(Permission.CONDITIONS_SAY),
        may_settle=viewer.may(Permission.CONDITIONS_ASK),
    )


def prediction(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> PredictionSeen | None:
    """One prediction; None where there is none, or for whoever may not see it. Two queries."""
    return next(iter(_seen(slug, viewer, day_of(at), pk)), None) if _sees(slug, viewer) else None


def to_say(slug: str, *, viewer: Viewer, at: date | datetime) -> tuple[PredictionSeen, ...]:
    """Predictions of which the viewer has not said how likely they are, while that is taken; for their home too. Two queries."""
    if not _sees(slug, viewer) or not viewer.may(Permission.CONDITIONS_SAY):
        return ()
    return tuple(each for each in _seen(slug, viewer, day_of(at)) if each.taken and each.mine is None and not each.due)


def to_settle(slug: str, *, viewer: Viewer, at: date | datetime) -> tuple[PredictionSeen, ...]:
    """Predictions that are due, for whoever settles them. Three queries, or one where none is due."""
    if not _sees(slug, viewer) or not viewer.may(Permission.CONDITIONS_ASK):
        return ()
    if not Prediction.objects.filter(partnership__slug=slug, outcome="", due_on__lte=day_of(at)).exists():
        return ()
    return tuple(each for each in _seen(slug, viewer, day_of(at)) if each.due)


def _sees(slug: str, viewer: Viewer) -> bool:
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.CONDITIONS_SEE)


def _seen(slug: str, viewer: Viewer, on: date, pk: int | None = None) -> list[PredictionSeen]:
    rows = Prediction.objects.filter(partnership__slug=slug).select_related("workshop").order_by("due_on", "pk")
    rows = rows if pk is None else rows.filter(pk=pk)
    said: dict[int, list[tuple[int, int | None]]] = {}
    for prediction_id, percent, person in Likelihood.objects.filter(prediction__in=rows).values_list(
        "prediction_id", "percent", "person_id"
    ):
        said.setdefault(prediction_id, []).append((percent, person))
    return [_one(row, said.get(row.pk, ()), viewer, on) for row in rows]


def _one(row: Prediction, said: Sequence[tuple[int, int | None]], viewer: Viewer, on: date) -> PredictionSeen:
    settled = bool(row.outcome)
    taken = rules.takes_likelihoods(asks_until=row.asks_until, due_on=row.due_on, said=len(said), settled=settled, on=on)
    percents = [percent for percent, _ in said]
    mine = next((percent for percent, person in said if person is not None and person == viewer.person_id), None)
    leads = viewer.may(Permission.WORKSHOP_RUN) and row.workshop is not None and row.workshop.facilitator_id == viewer.person_id
    return PredictionSeen(
        id=row.pk, words=row.words, about=ABOUT.get(row.about, ""), told_by=row.told_by,
        workshop=row.workshop.title if row.workshop else "", made_on=day_of(row.made_at), due_on=row.due_on, asks_until=row.asks_until,
        said=row.told_of if settled and row.told_of is not None else len(said),
        percent=row.told_percent if settled else rules.mean_percent(percents, taken=taken), mine=mine, taken=taken,
        due=on >= row.due_on and not settled, outcome=row.outcome, settled_on=row.settled_on, settled_why=row.settled_why,
        version=row.version, may_tell=taken and len(said) >= rules.FEWEST and (leads or viewer.may(Permission.CONDITIONS_ASK)),
    )  # fmt: skip
