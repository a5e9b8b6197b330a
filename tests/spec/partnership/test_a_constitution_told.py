"""A partnership's constitution.

In these examples Marlshire Learning Partnership, which is nowhere, began on 1 September 2024. Its Strategic Board has a chair, for two
years. Its sub-group Inclusion has two or three co-chairs, each a headteacher. The chairs of all sub-groups sit on the Board.
"""

from __future__ import annotations

import re
from datetime import date

from convenor.partnership.rules.checking import check
from convenor.partnership.rules.constitution import Constitution
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.structure import describe, terms_ending, vacancies
from tests.spec.telling import Row, day, table, written

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


SEATS = {
    "Chair of the Board": ("board", "chair", ""),
    "Co-chair of Inclusion": ("inclusion", "co-chairs", 'role = "headteacher"'),
}


def partnership_of(appointments: list[Row], more: str = "") -> Constitution:
    """Marlshire with these appointments: columns Seat, Who, From, Until; also Role and Trust where they matter."""
    text = BOARD + INCLUSION + more
    for row in appointments:
        body, seat, usual = SEATS[row["Seat"]]
        text += f'\n[[appointment]]\nbody = "{body}"\nseat = "{seat}"\nperson = "{row["Who"]}"\nfrom = {day(row["From"])}\n'
        text += f"until = {day(row['Until'])}\n" if row.get("Until") else ""
        text += f'role = "{row["Role"]}"\n' if row.get("Role") else f"{usual}\n"
        text += f'trust = "{row["Trust"]}"\n' if row.get("Trust") else ""
    return parse(text)


def said(of: Constitution, on: date) -> str:
    """What the check says on the day; its sentences are parted by a stroke."""
    return " / ".join(problem.message for problem in check(of, on)) or "nothing"


def test_the_chairs_of_all_sub_groups_sit_on_the_board() -> None:
    """A seat that comes with an office.

    Nobody writes down that a co-chair of a sub-group sits on the Board: it follows from the office, and goes with it.
    """
    given = table("""
        Written down:

        | Seat                  | Who      | From             | Until            |
        | Chair of the Board    | Quill    | 1 September 2025 |                  |
        | Co-chair of Inclusion | Brack    | 1 September 2024 | 1 September 2026 |
        | Co-chair of Inclusion | Tidewell | 1 September 2024 |                  |
        | Co-chair of Inclusion | Skerry   | 1 September 2026 |                  |
    """)
    follows = table("""
        So on the Board sit:

        | On               | Who                     |
        | 31 August 2026   | Quill, Brack, Tidewell  |
        | 1 September 2026 | Quill, Tidewell, Skerry |
    """)
    partnership = partnership_of(given)
    for row in follows:
        on_board = describe(partnership, day(row["On"])).bodies[0].people
        assert ", ".join(holder.person for holder in on_board) == row["Who"]


def test_an_empty_place_is_seen_with_the_day_since_when() -> None:
    """An empty place is seen, with the day since when.

    A place that nobody ever held is empty since the partnership began. The two places on the Board that come with the office of co-chair
    fill themselves when the co-chairs do; they are not asked for twice.
    """
    given = table("""
        Written down:

        | Seat                  | Who   | From             | Until            |
        | Chair of the Board    | Quill | 1 September 2024 | 1 September 2026 |
        | Co-chair of Inclusion | Brack | 1 September 2025 |                  |
    """)
    follows = table("""
        Empty on 1 October 2026:

        | Seat                    | Since            |
        | Strategic Board: Chair  | 1 September 2026 |
        | Inclusion: Co-chair     | 1 September 2024 |
    """)
    empty = [each for each in vacancies(partnership_of(given), date(2026, 10, 1)) if not each.derived]
    assert [(f"{each.body_name}: {each.title}", written(each.empty_since or date.min)) for each in empty] == [
        (row["Seat"], row["Since"]) for row in follows
    ]


def test_a_fourth_co_chair_and_a_governor_are_named() -> None:
    """Too many people, or people whom the seat is not for, are named.

    The check says what is wrong and what to do. It removes nobody.
    """
    given = table("""
        Written down:

        | Seat                  | Who      | Role        | From             |
        | Chair of the Board    | Quill    |             | 1 September 2025 |
        | Co-chair of Inclusion | Brack    | headteacher | 1 September 2025 |
        | Co-chair of Inclusion | Tidewell | headteacher | 1 September 2025 |
        | Co-chair of Inclusion | Skerry   | headteacher | 1 September 2025 |
        | Co-chair of Inclusion | Brine    | governor    | 1 September 2025 |
    """)
    follows = table("""
        The check says:

        | Message                                                                                                                          |
        | Co-chair of Inclusion has 4 people for 2 or 3 to hold it: Brack, Tidewell, Skerry, Brine. End an appointment, or add places.      |
        | Brine as Co-chair of Inclusion: the seat is for headteacher, not governor or trustee.                                             |
    """)  # noqa: E501
    assert said(partnership_of(given), date(2026, 1, 1)) == " / ".join(row["Message"] for row in follows)


CAP = '\n[[cap]]\nbodies = ["board"]\nper = ["school", "trust"]\nwho = ["senior-leader", "trust-leader"]\n'


def test_a_cap_keeps_one_trust_from_filling_the_board() -> None:
    """A cap keeps one school or trust from filling a board.

    Here the Board may have at most one senior leader of each school and each trust. Two heads of one trust both co-chair Inclusion, and
    so both come to sit on the Board.
    """
    given = table("""
        Written down:

        | Seat                  | Who      | Trust        | From             |
        | Chair of the Board    | Quill    |              | 1 September 2025 |
        | Co-chair of Inclusion | Brack    | Beacon Trust | 1 September 2025 |
        | Co-chair of Inclusion | Tidewell | Beacon Trust | 1 September 2025 |
    """)
    follows = table("""
        The check names it, with what it may have:

        | Body            | Has      | Of                 | May have |
        | Strategic Board | 2 people | trust Beacon Trust | 1        |
    """)
    broken = [each.message for each in check(partnership_of(given, CAP), date(2026, 1, 1)) if each.rule == "cap-broken"]
    parts = [re.match(r"(.+) has (\d+ people) of (.+): Brack.*, Tidewell.*\. It may have (\d+)\b", each) for each in broken]
    assert [found and found.groups() for found in parts] == [(row["Body"], row["Has"], row["Of"], row["May have"]) for row in follows]
    other_trust = [{**row, "Trust": "Harbour Trust"} if row["Who"] == "Tidewell" else row for row in given]
    assert said(partnership_of(other_trust, CAP), date(2026, 1, 1)) == "nothing"


def test_a_term_that_ends_is_seen_coming() -> None:
    """The end of a term is seen six months ahead.

    Once somebody is appointed to follow, nothing more is said. If nobody follows, Quill sits on: the seat is not empty, and the check
    says that the term has ended.
    """
    alone = table("""
        Quill chairs the Board for two years, and nobody is named to follow:

        | Seat                  | Who      | From             |
        | Chair of the Board    | Quill    | 1 September 2025 |
        | Co-chair of Inclusion | Brack    | 1 September 2025 |
        | Co-chair of Inclusion | Tidewell | 1 September 2025 |
    """)
    follows = table("""
        | On               | The check says                                                                                        |
        | 28 February 2027 | nothing                                                                                               |
        | 1 March 2027     | Quill as Chair of Strategic Board: the term ends on 1 September 2027 and nobody is named to follow.   |
        | 1 September 2027 | Quill as Chair of Strategic Board: the term ended on 1 September 2027 and has not been renewed.       |
    """)
    for row in follows:
        assert said(partnership_of(alone), day(row["On"])) == row["The check says"]
    sitting_on = describe(partnership_of(alone), date(2027, 9, 1)).bodies[0].people[0].person
    assert (sitting_on, [each.person for each in terms_ending(partnership_of(alone), date(2027, 2, 28))]) == ("Quill", [])

    quill, *others = alone
    brine = {"Seat": "Chair of the Board", "Who": "Brine", "From": "1 September 2027"}
    followed = partnership_of([{**quill, "Until": "1 September 2027"}, *others, brine])
    assert (said(followed, date(2027, 3, 1)), said(followed, date(2027, 9, 1))) == ("nothing", "nothing")


def test_a_restructure_keeps_its_history() -> None:
    """A restructure keeps its history.

    Two clusters become one on 1 September 2026. Asked about the day before, the structure is as it was.
    """
    follows = table("""
        | On               | Clusters                     |
        | 31 August 2026   | North Cluster, South Cluster |
        | 1 September 2026 | Coast Cluster                |
    """)
    clusters = ""
    for name, dates in (
        ("north", "until = 2026-09-01"),
        ("south", "until = 2026-09-01"),
        ("coast", 'from = 2026-09-01\nreplaces = ["north", "south"]'),
    ):
        clusters += (
            f'\n[[body]]\nid = "{name}"\nname = "{name.title()} Cluster"\nkind = "cluster"\ntier = "board"\nreports_to = "board"\n{dates}\n'
        )
    partnership = parse(BOARD + clusters)
    for row in follows:
        assert ", ".join(body.name for body in describe(partnership, day(row["On"])).bodies if body.kind == "cluster") == row["Clusters"]
