"""A small partnership, invented, that breaks no rule on DAY; each test changes one thing in it."""

from __future__ import annotations

from datetime import date

from convenor.partnership.rules.checking import check
from convenor.partnership.rules.constitution import Constitution
from convenor.partnership.rules.reading import parse

DAY = date(2026, 11, 21)

SOUND = """
[partnership]
id = "marlshire"
name = "Marlshire Learning Partnership"
kind = "school improvement partnership"
from = 2020-01-01
review_on = 2030-01-01
sources = ["terms"]

[[source]]
id = "terms"
title = "Terms of reference"

[[area]]
code = "999"
name = "Marlshire"

[[tier]]
key = "cluster"
name = "Clusters"
hue = "cluster"

[[tier]]
key = "alliance"
name = "Alliances"
hue = "alliance"

[[tier]]
key = "board"
name = "Boards"
hue = "board"

[[body]]
id = "board"
name = "Strategic Board"
kind = "board"
tier = "board"
members = "4 to 6"
quorum = 3

[[body.seat]]
id = "chair"
title = "Chair"
part = "chair"
independent = true
who = ["independent"]
term = "4 years"

[[body.seat]]
id = "heads"
title = "Primary head"
places = "1 or 2"
who = ["headteacher"]
phases = ["primary"]
types = ["maintained"]
how = "election"
term = "2 years"
terms_running = 2

[[body.seat]]
id = "sub-group-chairs"
title = "Chairs of sub-groups"
ex_officio = { part = "chair", bodies = "kind:sub-group" }

[[body]]
id = "inclusion"
name = "Inclusion"
kind = "sub-group"
tier = "board"
reports_to = "board"

[[body.seat]]
id = "co-chairs"
title = "Co-chair"
part = "co-chair"
places = "2 or 3"
who = ["headteacher"]

[[body]]
id = "coast"
name = "Coast Alliance"
kind = "alliance"
tier = "alliance"
reports_to = "board"

[[body.seat]]
id = "lead"
title = "Lead head"
part = "lead"

[[body.seat]]
id = "deputy"
title = "Deputy lead"
part = "deputy"
among_members = true

[[body.seat]]
id = "members"
title = "Member"
places = "up to 4"

[[body]]
id = "harbour"
name = "Harbour Cluster"
kind = "cluster"
tier = "cluster"
reports_to = "coast"
schools = "1 to 2"
phases = ["primary", "secondary"]

[[body]]
id = "dunes"
name = "Dunes Cluster"
kind = "cluster"
tier = "cluster"
reports_to = "coast"

[[cap]]
bodies = ["board"]
per = ["school", "trust", "federation"]
who = ["senior-leader", "trust-leader"]

[[belonging]]
kind = "cluster"
at_least = 1
at_most = 1

[[member]]
school = "900001"
name = "Saltmarsh Primary School"
phase = "primary"
type = "community"
bodies = ["harbour"]

[[member]]
school = "900002"
phase = "secondary"
type = "academy"
trust = "Beacon Trust"
bodies = ["harbour"]

[[member]]
school = "900003"
phase = "primary"
type = "foundation"
federation = "Shingle Federation"
bodies = ["dunes"]

[[appointment]]
body = "board"
seat = "chair"
person = "Quill"
role = "independent"
from = 2024-09-01
until = 2028-09-01

[[appointment]]
body = "board"
seat = "heads"
person = "Fenwhistle"
role = "headteacher"
school = "900001"
from = 2025-09-01
until = 2027-09-01

[[appointment]]
body = "inclusion"
seat = "co-chairs"
person = "Brack"
role = "headteacher"
school = "900003"
from = 2025-09-01

[[appointment]]
body = "inclusion"
seat = "co-chairs"
person = "Tidewell"
role = "headteacher"
school = "900002"
from = 2025-09-01

[[appointment]]
body = "coast"
seat = "lead"
person = "Wash"
from = 2025-09-01

[[appointment]]
body = "coast"
seat = "members"
person = "Pennyroyal"
from = 2025-09-01

[[appointment]]
body = "coast"
seat = "deputy"
person = "Pennyroyal"
from = 2025-09-01
"""


def changed(*changes: tuple[str, str], add: str = "") -> str:
    """The sound file with each first piece of text replaced by its second, and more added at the end."""
    text = SOUND
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text + add


def constitution(*changes: tuple[str, str], add: str = "") -> Constitution:
    """The constitution of the changed file."""
    return parse(changed(*changes, add=add))


def broken(*changes: tuple[str, str], add: str = "", on: date = DAY) -> list[tuple[str, str]]:
    """The rules the changed file breaks, each with its body."""
    return [(problem.rule, problem.body) for problem in check(constitution(*changes, add=add), on)]


def messages(*changes: tuple[str, str], add: str = "", on: date = DAY) -> list[str]:
    """What is said of the changed file."""
    return [problem.message for problem in check(constitution(*changes, add=add), on)]


def appointment(body: str, seat: str, person: str, rest: str = "") -> str:
    """One more appointment, as text."""
    return f'\n[[appointment]]\nbody = "{body}"\nseat = "{seat}"\nperson = "{person}"\n{rest}\n'
