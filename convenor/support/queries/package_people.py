"""Who takes part in a package, for letters and for handing it over: for actions, never for a page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from convenor.accounts.models import Person
from convenor.partnership.models import Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Broker, Head, Manager
from convenor.support.models import Package
from convenor.support.rules.states import Who

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


def people_of(row: Package, whom: Iterable[Who], *, viewer: Viewer | str, at: date | datetime) -> list[Person]:
    """The people who take these parts in a package today, each once, who can still sign in. One query a part."""
    found: dict[int, Person] = {}
    for who in whom:
        for person in _people(row, who, at):
            if person is not None and person.is_active:
                found.setdefault(person.pk, person)
    return list(found.values())


def _people(row: Package, who: Who, at: date | datetime) -> list[Person | None]:
    supporter = row.supporter
    if who is Who.BROKER:
        return [row.broker]
    if who is Who.SUPPORTER:
        return [supporter.person] if supporter is not None and supporter.person_id else _people(row, Who.SUPPLYING, at)
    if who is Who.RECEIVING:
        posts = Q(post__school_id=row.school_id, post__role=Head.key)
    elif who is Who.SUPPLYING:
        if supporter is None:
            return []
        if not supporter.school_id:
            return [supporter.person]
        posts = Q(post__school_id=supporter.school_id, post__role=Head.key)
    else:
        posts = Q(post__role=Manager.key)
    held = Tenure.objects.filter(in_force(day_of(at)), posts, partnership_id=row.partnership_id).select_related("person")
    return [each.person for each in held.order_by("person__name", "id")]


def broker_of(slug: str, person_id: int | None, *, viewer: Viewer, at: date | datetime) -> Person | None:
    """A broker of this partnership who can still sign in; None for anybody else. One query."""
    held = Tenure.objects.filter(in_force(day_of(at)), post__role=Broker.key, partnership__slug=slug, person_id=person_id or 0)
    found = held.filter(person__is_active=True).select_related("person").first()
    return found.person if found is not None else None


def brokers_beside(slug: str, *, viewer: Viewer, at: date | datetime, but: int | None) -> list[tuple[int, str]]:
    """The partnership's brokers other than one, for a package that is handed over, by name."""
    held = Tenure.objects.filter(in_force(day_of(at)), post__role=Broker.key, partnership__slug=slug, person__is_active=True)
    rows = held.exclude(person_id=but or 0).order_by("person__name").values_list("person_id", "person__name")
    return list(dict(rows).items())
