"""The engine in totals, and whether it is fair.

A board sees how peer review goes and learns of no school. Whoever runs rounds sees observations about the last one, each with what a next
round could do. Nothing here is a score, and no cluster is ranked.
"""

from __future__ import annotations

from convenor.peer_review.rules.fairness import Ground, Met, new_faces, power
from convenor.peer_review.rules.health import actions, measure, told
from convenor.peer_review.rules.loads import Load, Visited, loads
from tests.spec.telling import table

NOTHING = Ground(trust_of={}, trust_schools={}, can_lead=frozenset(range(1, 13)), several_schools=frozenset(), cluster_led_from={})


def test_a_share_is_told_as_a_range() -> None:
    """A share is told as a range, of five schools or more.

    The range follows from the number of schools alone, so what is told never depends on what is hidden. It always leaves at least two
    schools open: not even a school that knows of itself is sure of another.
    """
    rows = table("""
        | schools | did it | is told         |
        | 4       | 4      | too few to say  |
        | 6       | 6      | 3 to 6 of 6     |
        | 6       | 2      | 0 to 2 of 6     |
        | 12      | 11     | 5 to 12 of 12   |
        | 42      | 21     | 20 to 24 of 42  |
        | 42      | 42     | 35 to 42 of 42  |
    """)
    for row in rows:
        assert told("All", int(row["did it"]), int(row["schools"])).says == row["is told"]


def test_nothing_comes_of_subtracting() -> None:
    """Nothing comes of subtracting.

    Clusters of fewer than five schools stand together. The whole is told so widely that it narrows no cluster's own range, even for a lead
    who knows one cluster exactly; with more clusters it is told more closely.
    """
    rows = table("""
        | clusters of six | each did it | one cluster is told | the whole is told |
        | 2               | 4           | 3 to 6 of 6         | 6 to 12 of 12     |
        | 8               | 4           | 3 to 6 of 6         | 24 to 34 of 48    |
        | 40              | 4           | 3 to 6 of 6         | 160 to 164 of 240 |
    """)
    for row in rows:
        seen = measure("drafts", {f"Cluster {n:02}": (6, int(row["each did it"])) for n in range(int(row["clusters of six"]))})
        assert ({each.says for each in seen.groups}, seen.whole.says) == ({row["one cluster is told"]}, row["the whole is told"])


def test_what_came_of_actions_is_told_of_five_schools_and_ten_actions() -> None:
    """What came of agreed actions is told of five schools and ten actions."""
    rows = table("""
        | schools | actions agreed | done | is told        |
        | 4       | 12             | 9    | too few to say |
        | 5       | 9              | 9    | too few to say |
        | 5       | 12             | 9    | 5 to 12 of 12  |
        | 20      | 48             | 31   | 30 to 34 of 48 |
    """)
    for row in rows:
        schools, agreed, done = int(row["schools"]), int(row["actions agreed"]), int(row["done"])
        assert actions("done", done=done, agreed=agreed, schools=schools).whole.says == row["is told"]


def test_days_are_given_by_the_reviewers_school_and_received_by_the_host() -> None:
    """Days are given by the school that a reviewer comes from, and received by the host.

    A reviewer day is one person on one day of a visit. An independent reviewer's days are received, and given by no school.
    """
    rows = table("""
        | school       | gave | received | balance                         |
        | Alder School | 2    | 6        | 4 days more received than given |
        | Birch School | 2    | 2        | about even                      |
        | Cedar School | 4    | 0        | 4 days more given than received |
    """)
    visits = [
        Visited(1, "Alder School", "", 1, "Cedar School", "", 2), Visited(1, "Alder School", "", 2, "Birch School", "", 2),
        Visited(1, "Alder School", "", 3, "", "", 2), Visited(2, "Birch School", "", 4, "Alder School", "", 2),
        Visited(3, "Elm School", "", 1, "Cedar School", "", 2),
    ]  # fmt: skip
    found: dict[str, Load] = {each.key: each for each in loads(visits).schools}
    for row in rows:
        load = found[row["school"]]
        assert (load.given_days, load.received_days, load.says) == (int(row["gave"]), int(row["received"]), row["balance"])


def test_new_faces_are_first_meetings() -> None:
    """A new face is a reviewer who has not reviewed that school before; told from the second round on."""
    rows = table("""
        | round  | reviewers at Alder School | first meetings |
        | Autumn | 1, 2, 3                   |                |
        | Spring | 1, 4, 5                   | 2 of 3         |
        | Summer | 1, 2, 4                   | 0 of 3         |
    """)
    met = [
        Met(n, n, "Alder School", int(who), "", leads=place == 0)
        for n, row in enumerate(rows)
        for place, who in enumerate(row["reviewers at Alder School"].split(", "))
    ]
    seen = {each.round: each.says for each in new_faces(met, list(range(len(rows))))}
    assert [seen.get(n, "") for n in range(len(rows))] == [row["first meetings"] for row in rows]


def test_few_who_always_lead_are_noticed() -> None:
    """When few of those who can lead do, whoever runs rounds is told; twelve people on the register can lead here."""
    rows = table("""
        | reviews | led by | stands out |
        | 4       | 1      | no         |
        | 6       | 5      | yes        |
        | 6       | 6      | no         |
        | 12      | 3      | yes        |
    """)
    for row in rows:
        count, people = int(row["reviews"]), int(row["led by"])
        met = [Met(1, n, f"School {n}", 1 + n % people, "", leads=True) for n in range(count)]
        seen = next(each for each in power(met, [1], NOTHING) if each.key == "few-lead")
        assert seen.stands_out == (row["stands out"] == "yes")
