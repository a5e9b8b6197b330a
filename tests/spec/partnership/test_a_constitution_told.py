"""A partnership's constitution, told as worked examples.

Each example is a small partnership, invented, on one day. Heads and officers can read them to see what the rules do.
"""

from __future__ import annotations

from datetime import date

from convenor.partnership.rules.checking import check
from convenor.partnership.rules.constitution import Constitution
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.structure import describe, terms_ending, vacancies

BOARD = """
[partnership]
id = "marlshire"
name = "Marlshire Learning Partnership"
kind = "collaborative partnership"
from = 2024-09-01
review_on = 2030-09-01

[[tier]]
key = "board"
name = "Board"
hue = "board"

[[body]]
id = "board"
name = "Strategic Board"
kind = "board"
tier = "board"

[[body.seat]]
id = "chair"
title = "Chair"
part = "chair"
term = "2 years"
"""

INCLUSION = """
[[body.seat]]
id = "sub-group-chairs"
title = "Chairs of all sub-groups"
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
"""


def appointed(body: str, seat: str, person: str, *, since: str, until: str = "", more: str = "") -> str:
    """One appointment, as the file has it."""
    end = f"until = {until}\n" if until else ""
    return f'\n[[appointment]]\nbody = "{body}"\nseat = "{seat}"\nperson = "{person}"\nfrom = {since}\n{end}{more}\n'


def on_board(of: Constitution, on: date) -> list[str]:
    """Who sits on the Board on the day."""
    return [holder.person for holder in describe(of, on).bodies[0].people]


def said(of: Constitution, on: date) -> list[str]:
    """What the check says on the day."""
    return [problem.message for problem in check(of, on)]


def test_the_chairs_of_all_sub_groups_sit_on_the_board() -> None:
    """Nobody writes down that a co-chair of a sub-group sits on the Board: it follows from the office, and goes with it.

    Brack and Tidewell co-chair Inclusion. On 1 September 2026 Skerry takes over from Brack, and from that day sits on the Board in
    Brack's place.
    """
    partnership = parse(
        BOARD
        + INCLUSION
        + appointed("board", "chair", "Quill", since="2025-09-01")
        + appointed("inclusion", "co-chairs", "Brack", since="2024-09-01", until="2026-09-01", more='role = "headteacher"')
        + appointed("inclusion", "co-chairs", "Tidewell", since="2024-09-01", more='role = "headteacher"')
        + appointed("inclusion", "co-chairs", "Skerry", since="2026-09-01", more='role = "headteacher"')
    )
    assert on_board(partnership, date(2026, 8, 31)) == ["Quill", "Brack", "Tidewell"]
    assert on_board(partnership, date(2026, 9, 1)) == ["Quill", "Tidewell", "Skerry"]


def test_two_or_three_co_chairs_each_a_headteacher() -> None:
    """Inclusion has two or three co-chairs, each a headteacher.

    With one, a place is empty; a governor cannot be one; a fourth is too many.
    """
    one = parse(BOARD + INCLUSION + appointed("inclusion", "co-chairs", "Brack", since="2025-09-01", more='role = "headteacher"'))
    assert [(empty.body_name, empty.title, empty.empty_since) for empty in vacancies(one, date(2026, 1, 1)) if not empty.derived] == [
        ("Strategic Board", "Chair", date(2024, 9, 1)),
        ("Inclusion", "Co-chair", date(2024, 9, 1)),
    ]

    four = "".join(
        appointed("inclusion", "co-chairs", person, since="2025-09-01", more=f'role = "{role}"')
        for person, role in (("Brack", "headteacher"), ("Tidewell", "headteacher"), ("Skerry", "headteacher"), ("Brine", "governor"))
    )
    chaired = BOARD + INCLUSION + appointed("board", "chair", "Quill", since="2025-09-01")
    assert said(parse(chaired + four), date(2026, 1, 1)) == [
        "Co-chair of Inclusion has 4 people for 2 or 3 to hold it: Brack, Tidewell, Skerry, Brine. End an appointment, or add places.",
        "Brine as Co-chair of Inclusion: the seat is for headteacher, not governor or trustee.",
    ]


def test_at_most_one_senior_leader_of_a_trust_on_the_board() -> None:
    """Two heads of Beacon Trust co-chair sub-groups, so both would sit on the Board; the cap names them both."""
    cap = '\n[[cap]]\nbodies = ["board"]\nper = ["school", "trust"]\nwho = ["senior-leader", "trust-leader"]\n'
    partnership = parse(
        BOARD
        + INCLUSION
        + cap
        + appointed("board", "chair", "Quill", since="2025-09-01")
        + appointed("inclusion", "co-chairs", "Brack", since="2025-09-01", more='role = "headteacher"\ntrust = "Beacon Trust"')
        + appointed("inclusion", "co-chairs", "Tidewell", since="2025-09-01", more='role = "headteacher"\ntrust = "Beacon Trust"')
    )
    on = date(2026, 1, 1)
    breaches = [(problem.body, problem.message) for problem in check(partnership, on) if problem.rule == "cap-broken"]
    assert breaches == [("board", "Strategic Board has 2 people of trust Beacon Trust: Brack, Tidewell. It may have 1.")]


def test_a_term_that_ends_is_seen_coming() -> None:
    """Quill's two years began on 1 September 2025. From March 2027 the end is in sight; once Brine is
    appointed to follow, nothing more is said.

    If nobody follows, Quill sits on: the seat is not empty, and the check says that the term has ended.
    """
    alone = parse(BOARD + appointed("board", "chair", "Quill", since="2025-09-01"))
    assert [each.person for each in terms_ending(alone, date(2027, 2, 28))] == []
    assert said(alone, date(2027, 3, 1)) == [
        "Quill as Chair of Strategic Board: the term ends on 1 September 2027 and nobody is named to follow."
    ]
    assert said(alone, date(2027, 9, 1)) == [
        "Quill as Chair of Strategic Board: the term ended on 1 September 2027 and has not been renewed."
    ]

    followed = parse(
        BOARD
        + appointed("board", "chair", "Quill", since="2025-09-01", until="2027-09-01")
        + appointed("board", "chair", "Brine", since="2027-09-01")
    )
    assert said(followed, date(2027, 3, 1)) == []


def test_a_restructure_keeps_its_history() -> None:
    """Two clusters become one on 1 September 2026. Asked about the day before, the structure is as it was."""
    clusters = '\n[[tier]]\nkey = "top"\nname = "Top"\nhue = "board"\n'
    for name, dates in (
        ("north", "until = 2026-09-01"),
        ("south", "until = 2026-09-01"),
        ("coast", 'from = 2026-09-01\nreplaces = ["north", "south"]'),
    ):
        clusters += (
            f'\n[[body]]\nid = "{name}"\nname = "{name.title()} Cluster"\nkind = "cluster"\ntier = "board"\nreports_to = "board"\n{dates}\n'
        )
    partnership = parse(BOARD + clusters)
    assert [body.name for body in describe(partnership, date(2026, 8, 31)).bodies] == ["Strategic Board", "North Cluster", "South Cluster"]
    assert [body.name for body in describe(partnership, date(2026, 9, 1)).bodies] == ["Strategic Board", "Coast Cluster"]
