"""Who is written to about the conditions: for actions, never for a page."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from convenor.accounts.models import Person
from convenor.partnership.gate import Holding, Viewer
from convenor.partnership.models import Tenure
from convenor.partnership.queries.holdings import day_of, in_force, partnership_here
from convenor.partnership.roles import ROLES, Manager, Permission


def whoever_settles(slug: str, *, viewer: Viewer | str, at: date | datetime) -> list[Person]:
    """Whoever may settle what was foreseen, by a post held today, who can still sign in; by name. One query."""
    return _holders(slug, Permission.CONDITIONS_ASK, at)


def whoever_says(slug: str, *, viewer: Viewer | str, at: date | datetime) -> list[Person]:
    """Whoever holds a post today by which they may say how the conditions stand, and can still sign in; by name. One query.

    Whoever holds no more than a seat is a head or an officer as well, as a rule, and is then among them.
    """
    return _holders(slug, Permission.CONDITIONS_SAY, at)


def _holders(slug: str, permission: Permission, at: date | datetime) -> list[Person]:
    roles = [key for key, role in ROLES.items() if permission in role.permissions]
    held = Tenure.objects.filter(in_force(day_of(at)), Q(post__role__in=roles), partnership__slug=slug)
    return list(Person.objects.filter(pk__in=held.values("person_id"), is_active=True).order_by("name", "pk"))


def as_manager(slug: str, *, viewer: Viewer | str) -> Viewer:
    """A partnership as its manager sees it, for what is kept of a day whoever acts on it, and read later by each as far as they may.

    It stands for nobody: it is never the author of anything. One query. Raises ValueError where there is no such partnership.
    """
    here = partnership_here(slug)
    if here is None:
        raise ValueError(f"There is no partnership {slug}.")
    holding = Holding(Manager.key, Manager.name, here.id, here.slug)
    return Viewer(0, Manager.name, here, (holding,))
