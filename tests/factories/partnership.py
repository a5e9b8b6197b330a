"""An invented county and its partnership, for tests and scratch databases: nothing here exists anywhere.

`world()` loads a constitution of three tiers with two clusters, six schools and people in seats, and gives back who is who.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from convenor.accounts.models import Person
from convenor.partnership.actions import load_constitution, take_post
from convenor.partnership.gate import Viewer, viewer_for
from convenor.partnership.models import Body, Partnership, Post
from convenor.registers.models import Group, LocalAuthority, School
from tests.factories.fernshire import APPOINTMENTS, AT, CONSTITUTION, ON, SCHOOLS, SLUG, file, members
from tests.factories.remembered import remembered

__all__ = ["APPOINTMENTS", "AT", "CONSTITUTION", "ON", "SCHOOLS", "SLUG", "World", "file", "members", "schools", "someone", "world"]


@dataclass
class World:
    """What a test needs at hand. `viewers` are named after what they hold."""

    partnership: Partnership
    viewers: dict[str, Viewer] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Viewer:
        return self.viewers[name]


#: who -> (name, role, title, place)
POSTS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "manager": ("Mara Hollis", "manager", "Partnership manager", {}),
    "auditor": ("Otto Lane", "auditor", "Auditor", {}),
    "head": ("Ada Example", "head", "Headteacher", {"urn": "990001"}),
    "other head": ("Dele Stone", "head", "Headteacher", {"urn": "990005"}),
    "school leader": ("Sia Brook", "school-leader", "Deputy headteacher", {"urn": "990001"}),
    "chair of governors": ("Gwen Ford", "chair-of-governors", "Chair of governors", {"urn": "990001"}),
    "clerk": ("Cass Wood", "clerk", "Clerk to the governors", {"urn": "990001"}),
    "school office": ("Olu Reed", "school-office", "School office", {"urn": "990001"}),
    "trust lead": ("Tess Moor", "trust-lead", "Trust leader", {"trust_uid": "T1"}),
    "system leader": ("Sol Carr", "system-leader", "System leader", {"urn": "990003"}),
    "independent supporter": ("Ines Vail", "independent-supporter", "Independent supporter", {}),
    "reviewer": ("Rae Holt", "reviewer", "Peer reviewer", {}),
    "diocese": ("Dora Pell", "diocese", "Diocesan adviser", {}),
    "regional link": ("Rhys Dean", "regional-link", "DfE regional director's link", {}),
    "broker": ("Bea Marlow", "broker", "Broker", {}),
    "officer": ("Lorna Beck", "officer", "School improvement officer", {"authority_code": "998"}),
}
#: Those whose role comes with a seat of the file.
SEATED = {"board member": "Idris Vale", "cluster lead": "Ben Marsh", "alliance lead": "Cora Fields"}


def schools() -> None:
    """The invented authority, trust and schools."""
    area, _ = LocalAuthority.objects.get_or_create(code="998", defaults={"name": "Fernshire", "region": "South West"})
    trust, _ = Group.objects.get_or_create(
        uid="T1", defaults={"name": "Waterside Trust", "kind": "Multi-academy trust", "fictitious": True}
    )
    for urn, name, phase, type_name, trust_uid, _, pupils in SCHOOLS:
        School.objects.get_or_create(
            urn=urn,
            defaults={
                "name": name, "authority": area, "phase": phase, "type_name": type_name, "status": "open", "pupils": pupils,
                "trust": trust if trust_uid else None, "fictitious": True,
                "type_group": "academy" if "cademy" in type_name else "maintained",
            },
        )  # fmt: skip


@remembered
def world(on: date = ON) -> World:
    """The partnership with its schools, its seats and one person for every role."""
    schools()
    partnership = load_constitution(text=file(), by="the test", at=AT, demonstration=True)
    found = World(partnership)
    for who, (name, role, title, place) in POSTS.items():
        person = Person.objects.filter(name=name).first() or someone(name)
        take_post(slug=SLUG, role=role, title=title, person_id=person.pk, from_on=date(2025, 9, 1), by="the test", at=AT, **place)
        found.people[who] = person
    for who, name in SEATED.items():
        found.people[who] = Person.objects.get(name=name)
    found.people["somebody with no post"] = someone("Nia Stranger")
    found.viewers = dict(viewers(found, on))
    return found


#: Viewers of worlds made before: whatever has the same rows under the same keys is the same world, as every rolled-back test begins.
_KNOWN: dict[tuple[Any, ...], dict[str, Viewer]] = {}


def viewers(here: World, on: date) -> dict[str, Viewer]:
    """What each of these people may do on the day; looked up once for each set of rows, since that is half of what a world costs."""
    bodies, posts = (tuple(each.objects.order_by("pk").values_list("pk", flat=True)) for each in (Body, Post))
    key = (here.partnership.pk, on, bodies, posts, *((who, person.pk) for who, person in here.people.items()))
    if key not in _KNOWN:
        _KNOWN[key] = {who: viewer_for(person, on=on) for who, person in here.people.items()}
    return _KNOWN[key]


def someone(name: str) -> Person:
    """A person who can sign in by link."""
    address = name.lower().replace(" ", ".") + "@example.org"
    return Person.objects.create(name=name, email=address, created_at=AT, fictitious=True)
