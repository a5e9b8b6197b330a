"""Whom an early conversation concerns: the school's head and chair, whom a letter tells that something waits; and brokers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from convenor.partnership.models import Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Broker, ChairOfGovernors, Head, Permission
from convenor.registers.models import School

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person and, where a letter reaches them, their address."""

    person_id: int
    name: str
    email: str


def speakers(urn: str, *, viewer: Viewer, at: date | datetime) -> list[Somebody]:
    """The heads and chairs of a school today, whom a letter tells that something waits; for its broker and its own people. One query."""
    if viewer.partnership is None or not (viewer.may(Permission.CONVERSATION_HOLD) or viewer.sees_record(urn)):
        return []
    posts = Q(post__school_id=urn, post__role__in=(Head.key, ChairOfGovernors.key))
    return _people(viewer, day_of(at), posts)


def brokers(urn: str, *, viewer: Viewer, at: date | datetime) -> list[Somebody]:
    """The brokers of today who hold no post at the school or at its trust, for brokers and the school's own people. Three queries.

    The school's own people may know who the brokers are: a letter tells them that a school asks.
    """
    if viewer.partnership is None or not (viewer.may(Permission.CONVERSATION_HOLD) or viewer.sees_record(urn)):
        return []
    on = day_of(at)
    trust = School.objects.filter(urn=urn).values_list("trust_id", flat=True).first()
    near = Q(post__school_id=urn) | (Q(post__trust_id=trust) if trust else Q())
    of_school = set(Tenure.objects.filter(in_force(on), near).values_list("person_id", flat=True))
    found = _people(viewer, on, Q(post__role=Broker.key))
    return [each for each in found if each.person_id not in of_school]


def _people(viewer: Viewer, on: date, posts: Q) -> list[Somebody]:
    assert viewer.partnership is not None
    rows = Tenure.objects.filter(in_force(on), posts, partnership_id=viewer.partnership.id, person__is_active=True)
    named = rows.order_by("person__name", "id").values_list("person_id", "person__name", "person__email")
    return list({pk: Somebody(pk, name, email or "") for pk, name, email in named}.values())
