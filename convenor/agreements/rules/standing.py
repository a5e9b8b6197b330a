"""Where a school's agreement to a class of record stands on a day, and whether the record may be used beyond the school.

Twelve months, then asked again: annual review is what the authorities' model agreements have in common (field notes, F and H1.2). The
thirty days after the end in which nothing is hidden yet, and the sixty before it in which it can be renewed, are ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from convenor.agreements.rules.classes import NAMES, DataClass
from convenor.agreements.rules.refusals import WrongDay
from convenor.partnership.rules.constitution import months_later

#: An agreement lasts this many months from the day on which it was signed.
MONTHS: Final = 12
#: After its end it still counts for this long, so that a holiday hides nothing.
GRACE: Final = timedelta(days=30)
#: It can be renewed, and is spoken of at home, from this long before its end.
RENEWS_WITHIN: Final = timedelta(days=60)
#: Schools have at least this long to agree to the first text; eight weeks are proposed.
ASKS_AT_LEAST: Final = timedelta(days=14)
ASKS_PROPOSED: Final = timedelta(days=56)
ASKS_AT_MOST: Final = timedelta(days=183)


class State(StrEnum):
    """Where a class of record stands for a school."""

    NOT_YET = "not yet agreed"
    AGREED = "agreed"
    ENDING = "ends soon"
    GRACE = "ended, still counts"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature, or one "no". `signed_on` is None where a school withdrew before it ever agreed; `until_on` is the first day after."""

    pk: int
    data_class: DataClass
    version: int
    name: str
    role: str
    trust: str
    signed_on: date | None
    until_on: date
    withdrawn_on: date | None = None
    withdrawn_by: str = ""
    why: str = ""

    @property
    def last_on(self) -> date:
        """The last day on which it lasts."""
        return self.until_on - timedelta(days=1)

    def counts(self, on: date) -> bool:
        """Whether it stands on the day, the thirty days after its end among them."""
        return self.withdrawn_on is None and self.until_on + GRACE > on


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one class stands for one school on a day. `signed` is the row that says so; None where there is none."""

    data_class: DataClass
    state: State
    signed: Signed | None = None
    last_used_on: date | None = None

    @property
    def stands(self) -> bool:
        """Whether an agreement stands."""
        return self.state in (State.AGREED, State.ENDING, State.GRACE)

    @property
    def renews(self) -> bool:
        """Whether the school is asked: never agreed, or its twelve months end. One that withdrew is left in peace, and may agree again."""
        return self.state in (State.NOT_YET, State.ENDING, State.GRACE, State.ENDED)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a school did about its agreement: on a day it agreed to classes, or withdrew from them. `signed` is one of its
    rows."""

    on: date
    withdrawn: bool
    classes: tuple[str, ...]
    signed: Signed


def acts_of(rows: Iterable[Signed]) -> tuple[Act, ...]:
    """Everything that a school did, newest first: classes that were signed together stand together, and a withdrawal stands beside what
    it ended."""
    found: dict[tuple[object, ...], list[Signed]] = {}
    for each in rows:
        if each.signed_on is not None:
            found.setdefault((each.signed_on, 0, each.name, each.role, each.trust, each.until_on, each.version), []).append(each)
        if each.withdrawn_on is not None:
            found.setdefault((each.withdrawn_on, 1, each.withdrawn_by, each.why), []).append(each)
    made = [
        Act(on, bool(key[1]), tuple(NAMES[each.data_class] for each in some), some[-1])
        for key, some in found.items()
        if isinstance(on := key[0], date)
    ]
    return tuple(sorted(made, key=lambda act: (act.on, act.withdrawn, act.signed.pk), reverse=True))


def until_after(signed_on: date) -> date:
    """The first day on which an agreement signed on a day no longer lasts: the same day a year later."""
    return months_later(signed_on, MONTHS)


def standing_of(data_class: DataClass, rows: Iterable[Signed], *, on: date) -> Standing:
    """Where a class stands, from everything that a school ever signed. Of two that stand, the one that lasts longer counts."""
    of_class = [each for each in rows if each.data_class is data_class]
    now = max((each for each in of_class if each.counts(on)), key=lambda each: (each.until_on, each.pk), default=None)
    if now is not None:
        left = now.until_on - on
        state = State.GRACE if left <= timedelta(0) else State.ENDING if left <= RENEWS_WITHIN else State.AGREED
        return Standing(data_class, state, now, now.until_on + GRACE - timedelta(days=1))
    last = max(of_class, key=lambda each: each.pk, default=None)
    if last is None:
        return Standing(data_class, State.NOT_YET)
    return Standing(data_class, State.WITHDRAWN if last.withdrawn_on is not None else State.ENDED, last)


def may_be_used(standing: Standing, *, agree_by_on: date, on: date) -> bool:
    """Whether a class of record may be used beyond the school: while an agreement stands, and until the day by which schools were first
    asked (`agree_by_on`, its last day) where the school has said nothing yet."""
    if standing.state is State.NOT_YET:
        return on <= agree_by_on
    return standing.stands


def check_agree_by(agree_by_on: date, *, on: date) -> None:
    """Raises WrongDay where schools would have too little time, or so much that the question is forgotten."""
    if agree_by_on < on + ASKS_AT_LEAST:
        raise WrongDay(f"Give schools {ASKS_AT_LEAST.days} days at least: governors meet seldom. Choose a later day. Nothing was changed.")
    if agree_by_on > on + ASKS_AT_MOST:
        raise WrongDay("Half a year is the most: until that day records are used as before. Choose an earlier day. Nothing was changed.")
