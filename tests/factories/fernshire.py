"""Fernshire, which is nowhere: its schools and its constitution, as text."""

from __future__ import annotations

from datetime import UTC, date, datetime

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
