"""What a plan would have done, as the features' own actions take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from convenor.funding.rules import SubscriptionLine
from convenor.moving_in.rules.planning import Shown
from convenor.partnership.rules.constitution import Constitution
from convenor.support.rules.earlier import EarlierLine


@dataclass(frozen=True, slots=True)
class Who:
    """A person of the plan: somebody known by their key, or somebody new by name and address (an empty one never signs in)."""

    name: str
    email: str = ""
    id: int | None = None

    @property
    def key(self) -> tuple[str, str, int]:
        """By which the same person is one person."""
        return (self.name.casefold(), self.email, 0) if self.id is None else ("", "", self.id)


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One contact to enter, or, with `contact_id`, to change."""

    urn: str
    role: str
    name: str
    email: str
    phone: str
    verified_on: date | None
    source: str
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """One training of a reviewer: kind and day."""

    kind: str
    trained_on: date


@dataclass(frozen=True, slots=True)
class ReviewerLine:
    """Somebody to put on the register, or (`reviewer_id`) whose training is added to."""

    who: Who
    urn: str
    can_lead: bool
    can_champion: bool
    expertise: tuple[str, ...]
    days_a_year: int
    trainings: tuple[TrainingLine, ...]
    reviewer_id: int | None = None


@dataclass(frozen=True, slots=True)
class SupporterLine:
    """Somebody to put into the directory."""

    kind: str
    name: str
    who: Who | None
    urn: str
    expertise: tuple[str, ...]
    phases: tuple[str, ...]
    says: str
    designations: tuple[str, ...]
    half_days: int
    assured_by: str
    assured_on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class ApartLine:
    """Words that are set apart for their school: where they stand in the sheet, so that they can leave it. `show` False: deleted."""

    urn: str
    field: str
    words: str
    file: str
    sheet_id: int
    row: int
    column: int
    show: bool


@dataclass(frozen=True, slots=True)
class Work:
    """Everything that saving does, in its order. `constitution` None: it stays as it is; `seated` gives the person behind each new name."""

    constitution: Constitution | None = None
    seated: tuple[tuple[str, Who], ...] = ()
    contacts: tuple[ContactLine, ...] = ()
    reviewers: tuple[ReviewerLine, ...] = ()
    supporters: tuple[SupporterLine, ...] = ()
    earlier: tuple[EarlierLine, ...] = ()
    subscriptions: tuple[SubscriptionLine, ...] = ()
    apart: tuple[ApartLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan: as it is shown, and what it would have done."""

    shown: Shown
    work: Work
