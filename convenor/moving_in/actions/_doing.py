"""A plan carried out through the features' own actions, in the order in which one thing leans on another. It posts no letter."""

from __future__ import annotations

from datetime import datetime

from convenor.accounts import actions as accounts
from convenor.contacts.actions import set_contact
from convenor.funding.actions import record_subscriptions
from convenor.moving_in.rules.planning_work import ReviewerLine, SupporterLine, Who, Work
from convenor.partnership.actions import load_constitution
from convenor.partnership.gate import Viewer
from convenor.partnership.rules.writing import to_toml
from convenor.peer_review.actions import add_reviewer, record_training
from convenor.peer_review.rules.states import TrainingKind
from convenor.support.actions import add_supporter, record_assurance, record_earlier
from convenor.support.rules.entries import Offering
from convenor.support.rules.states import AssuranceKind, SupporterKind


class _People:
    """People of a plan, added when they are first needed."""

    def __init__(self, by: Viewer | str, at: datetime) -> None:
        self.by, self.at = by, at
        self.known: dict[tuple[str, str, int], int] = {}

    def key(self, who: Who) -> int:
        """The key of a person."""
        if who.id is not None:
            return who.id
        if who.key not in self.known:
            self.known[who.key] = accounts.add_person(name=who.name, email=who.email or None, by=self.by, at=self.at).pk
        return self.known[who.key]


def carry_out(work: Work, *, slug: str, by: Viewer | str, at: datetime) -> None:
    """Does what a plan says, within the transaction of whoever asks. Raises what the features' actions raise."""
    people = _People(by, at)
    if work.constitution is not None:
        named = {each.person for each in work.constitution.appointments} | {each.successor for each in work.constitution.appointments}
        known = {name: people.key(who) for name, who in work.seated if name in named}
        load_constitution(text=to_toml(work.constitution), by=by, at=at, people=known)
    for each in work.contacts:
        set_contact(
            slug=slug, urn=each.urn, role=each.role, name=each.name, email=each.email, phone=each.phone, verified_on=each.verified_on,
            source=each.source, contact_id=each.contact_id, by=by, at=at,
        )  # fmt: skip
    for reviewer in work.reviewers:
        _reviewer(reviewer, people, slug=slug, by=by, at=at)
    for supporter in work.supporters:
        _supporter(supporter, people, slug=slug, by=by, at=at)
    if work.earlier:
        record_earlier(slug=slug, lines=work.earlier, by=by, at=at)
    if work.subscriptions:
        record_subscriptions(slug=slug, lines=work.subscriptions, by=by, at=at)


def _reviewer(line: ReviewerLine, people: _People, *, slug: str, by: Viewer | str, at: datetime) -> None:
    """Puts one reviewer on the register, and records their training."""
    pk = line.reviewer_id
    if pk is None:
        pk = add_reviewer(
            slug=slug, person_id=people.key(line.who), urn=line.urn, can_lead=line.can_lead, can_champion=line.can_champion,
            expertise=line.expertise, days_a_year=line.days_a_year, by=by, at=at,
        ).pk  # fmt: skip
    for each in sorted(line.trainings, key=lambda one: (one.trained_on, one.kind != TrainingKind.INITIAL.value)):
        record_training(
            slug=slug, reviewer_ids=[pk], kind=TrainingKind(each.kind), trained_on=each.trained_on, by=by, at=at,
            by_whom="As the list has it",
        )  # fmt: skip


def _supporter(line: SupporterLine, people: _People, *, slug: str, by: Viewer | str, at: datetime) -> None:
    """Puts one supporter into the directory, with what vouches for them."""
    row = add_supporter(
        slug=slug, kind=SupporterKind(line.kind), person_id=people.key(line.who) if line.who is not None else None, urn=line.urn,
        name=line.name, offering=Offering(expertise=line.expertise, phases=line.phases, says=line.says), given=line.designations,
        half_days=line.half_days, by=by, at=at,
    )  # fmt: skip
    if line.assured_by and line.assured_on is not None:
        record_assurance(
            slug=slug, supporter_id=row.pk, kind=AssuranceKind.REFERENCE, assurer=line.assured_by, source=f"As {line.source} has it",
            assured_on=line.assured_on, by=by, at=at,
        )  # fmt: skip
