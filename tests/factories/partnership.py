"""An invented county and its partnership, for tests and scratch databases: nothing here exists anywhere.

`world()` loads a constitution of three tiers with two clusters, six schools and people in seats, and gives back who is who.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from convenor.accounts.models import Person
from convenor.partnership.actions import load_constitution, take_post
from convenor.partnership.gate import Viewer, viewer_for
from convenor.partnership.models import Partnership
from convenor.registers.models import Group, LocalAuthority, School

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ON = date(2026, 11, 2)
SLUG = "fernshire"

#: URN, name, phase, type, trust, cluster, pupils
SCHOOLS = (
    ("990001", "Fernhollow Primary School", "Primary", "Community school", "", "north-cluster", 210),
    ("990002", "Ashwater Primary School", "Primary", "Academy converter", "T1", "north-cluster", 405),
    ("990003", "Brookmoor Church of England Primary School", "Primary", "Voluntary aided school", "", "north-cluster", 96),
    ("990004", "Coldbrook Academy", "Secondary", "Academy converter", "T1", "south-cluster", 1010),
    ("990005", "Dunmarsh High School", "Secondary", "Foundation school", "", "south-cluster", 870),
    ("990006", "Elmscar School", "Special", "Community special school", "", "south-cluster", 120),
)

CONSTITUTION = """
[partnership]
id = "fernshire"
name = "Fernshire Education Partnership"
kind = "school-improvement-partnership"
purpose = "Every school in Fernshire a good school, by each other's help."
from = 2025-09-01
review_on = 2027-09-01
not_found = ["How the board's chair is paid is not said anywhere."]

[[area]]
code = "998"
name = "Fernshire"

[[tier]]
key = "clusters"
name = "Clusters"
hue = "cluster"
purpose = "Neighbouring schools that review one another."

[[tier]]
key = "alliances"
name = "Alliances"
hue = "alliance"

[[tier]]
key = "board"
name = "Strategic Board"
hue = "board"

[[body]]
id = "board"
name = "Strategic Board"
kind = "board"
tier = "board"
purpose = "Sets the vision and agrees the priorities."
meets = "Termly"
quorum = 2
no_individual_schools = true
review_on = 2027-09-01

[[body.seat]]
id = "chair"
title = "Independent chair"
part = "chair"
independent = true
how = "appointment"
term = "2 years"

[[body.seat]]
id = "primary-heads"
title = "Primary headteachers"
places = "1 or 2"
who = ["headteacher"]
phases = ["primary"]
how = "election"
by = "primary headteachers"
term = "2 years"

[[body.seat]]
id = "alliance-chairs"
title = "Alliance chairs"
ex_officio = { part = "chair", bodies = "tier:alliances" }

[[body]]
id = "alliance"
name = "Fernshire Alliance"
kind = "alliance"
tier = "alliances"
reports_to = "board"
review_on = 2027-09-01

[[body.seat]]
id = "chair"
title = "Chair of the alliance"
part = "chair"
who = ["headteacher"]
how = "election"
term = "2 years"

[[body]]
id = "north-cluster"
name = "North cluster"
kind = "cluster"
tier = "clusters"
reports_to = "alliance"
review_on = 2027-09-01

[[body.seat]]
id = "lead"
title = "Cluster lead"
part = "lead"
who = ["headteacher"]
how = "election"
term = "1 year"

[[body]]
id = "south-cluster"
name = "South cluster"
kind = "cluster"
tier = "clusters"
reports_to = "alliance"
review_on = 2027-09-01

[[body.seat]]
id = "lead"
title = "Cluster lead"
part = "lead"
who = ["headteacher"]
how = "election"
term = "1 year"

[[cap]]
bodies = ["board"]
per = ["school", "trust"]
at_most = 1

[[belonging]]
kind = "cluster"
at_most = 1
"""

APPOINTMENTS = """
[[appointment]]
body = "board"
seat = "chair"
person = "Idris Vale"
role = "independent"
from = 2025-09-01

[[appointment]]
body = "board"
seat = "primary-heads"
person = "Ada Example"
role = "headteacher"
school = "990001"
how = "election"
from = 2025-12-01

[[appointment]]
body = "alliance"
seat = "chair"
person = "Cora Fields"
role = "headteacher"
school = "990004"
how = "election"
from = 2025-09-01
until = 2027-09-01

[[appointment]]
body = "north-cluster"
seat = "lead"
person = "Ben Marsh"
role = "headteacher"
school = "990002"
how = "election"
from = 2026-01-01
"""


def members() -> str:
    """The member schools, as the file writes them."""
    return "\n".join(
        f'[[member]]\nschool = "{urn}"\nname = "{name}"\nbodies = ["{cluster}"]\nfrom = 2025-09-01\n'
        for urn, name, _, _, _, cluster, _ in SCHOOLS
    )


def file() -> str:
    """The whole file: structure, members and appointments."""
    return CONSTITUTION + members() + APPOINTMENTS


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
    "reviewer": ("Rae Holt", "reviewer", "Peer reviewer", {}),
    "diocese": ("Dora Pell", "diocese", "Diocesan adviser", {}),
    "regional link": ("Rhys Dean", "regional-link", "DfE regional director's link", {}),
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
    found.viewers = {who: viewer_for(person, on=on) for who, person in found.people.items()}
    stranger = someone("Nia Stranger")
    found.people["somebody with no post"] = stranger
    found.viewers["somebody with no post"] = viewer_for(stranger, on=on)
    return found


def someone(name: str) -> Person:
    """A person who can sign in by link."""
    address = name.lower().replace(" ", ".") + "@example.org"
    return Person.objects.create(name=name, email=address, created_at=AT, fictitious=True)
