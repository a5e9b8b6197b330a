"""Who may serve a request, and who is proposed.

A broker matches the whole area at once. Some rules are never bent; among all that keep them, the proposal that costs least is found and
proved. A cost is told in kilometres. The broker chooses; the proposal only shows what would serve everybody best.
"""

from __future__ import annotations

from dataclasses import replace

from convenor.support.rules.placing import BrokersOwn, Need, Offer, Weights, may_serve, place
from convenor.support.rules.placing_rules import costs_of
from convenor.support.rules.unmet import cause_of
from tests.spec.telling import table

#: Oakfield asks for reading and writing, two days of it, with £1,000 for it; Jo of another school knows both and comes from 5 km away.
NEED = Need(
    id="Oakfield", urn="1", themes=("reading", "writing"), phase="Primary", half_days=4, budget_pence=100_000, easting=0.0, northing=0.0,
    trust="Elm Trust", federation="Moor Federation",
)  # fmt: skip
JO = Offer(
    id="Jo", urn="2", themes=frozenset({"reading", "writing"}), phases=frozenset({"Primary"}), half_days_left=4, day_pence=40_000,
    easting=3_000.0, northing=4_000.0, reach_km=10, assured=True,
)  # fmt: skip
CHANGES = {
    "nothing": JO,
    "their assurance has ended": replace(JO, assured=False),
    "they have three half days left": replace(JO, half_days_left=3),
    "they are of Oakfield itself": replace(JO, urn="1"),
    "their school is of Oakfield’s trust": replace(JO, trust="Elm Trust"),
    "their school is of Oakfield’s federation": replace(JO, federation="Moor Federation"),
    "they declared an interest in Oakfield": replace(JO, interests=frozenset({"1"})),
    "they know mathematics alone": replace(JO, themes=frozenset({"mathematics"})),
    "they know reading alone": replace(JO, themes=frozenset({"reading"})),
    "they serve secondary schools alone": replace(JO, phases=frozenset({"Secondary"})),
    "they serve all-through schools": replace(JO, phases=frozenset({"All-through"})),
    "they come up to 4 km": replace(JO, reach_km=4),
    "nobody knows where they are": replace(JO, easting=None),
    "a day of theirs costs £600": replace(JO, day_pence=60_000),
    "no day rate is stated": replace(JO, day_pence=None),
    "they are of the broker’s own school": replace(JO, urn="9"),
}
OWN = BrokersOwn(urns=frozenset({"9"}))


def test_rules_that_are_never_bent() -> None:
    """What keeps a supporter from a school.

    Oakfield, a primary school of Elm Trust, asks for reading and writing, for two days, and has £1,000. Jo of another primary school knows
    both, comes from 5 km away and goes up to 10, has two days left and costs £400 a day. Changed alone:
    """
    rows = table("""
        | what is different                        | may serve |
        | nothing                                  | yes       |
        | their assurance has ended                | no        |
        | they have three half days left           | no        |
        | they are of Oakfield itself              | no        |
        | their school is of Oakfield’s trust      | no        |
        | their school is of Oakfield’s federation | no        |
        | they declared an interest in Oakfield    | no        |
        | they know mathematics alone              | no        |
        | they know reading alone                  | yes       |
        | they serve secondary schools alone       | no        |
        | they serve all-through schools           | yes       |
        | they come up to 4 km                     | no        |
        | nobody knows where they are              | no        |
        | a day of theirs costs £600               | no        |
        | no day rate is stated                    | yes       |
        | they are of the broker’s own school      | no        |
    """)
    said = [("yes" if may_serve(NEED, CHANGES[row["what is different"]], OWN) else "no") for row in rows]
    assert said == [row["may serve"] for row in rows]


def test_what_is_weighed() -> None:
    """What a placing costs.

    Told in kilometres: each kilometre counts 1; the theme most wanted missing 30, another theme 15; a hundred pounds 2. A place that nobody
    knows counts as 20.
    """
    rows = table("""
        | what is different       | travel | themes | money | together |
        | nothing                 | 5      | 0      | 16    | 21       |
        | they know reading alone | 5      | 15     | 16    | 36       |
        | no day rate is stated   | 5      | 0      | 0     | 5        |
    """)
    for row in rows:
        costs = costs_of(NEED, CHANGES[row["what is different"]], Weights())
        assert [f"{each:g}" for each in (costs.travel, costs.themes, costs.money, costs.total)] == list(row.values())[1:]


def test_nobody_is_left_out_to_spare_others_a_drive() -> None:
    """As many schools as can be are served.

    Ash and Birch both ask for two days. Kim knows reading and mathematics, Lee reading alone; each has two days. Kim is nearest to Ash, and
    the only one who could help Birch: so Lee, from 30 km away, goes to Ash.
    """
    rows = table("""
        | school | asks for    | is served by |
        | Ash    | reading     | Lee          |
        | Birch  | mathematics | Kim          |
    """)
    needs = [replace(NEED, id=row["school"], urn=row["school"], themes=(row["asks for"],), trust=None, federation=None) for row in rows]
    kim = replace(JO, id="Kim", themes=frozenset({"reading", "mathematics"}))
    lee = replace(JO, id="Lee", urn="3", themes=frozenset({"reading"}), easting=30_000.0, northing=0.0, reach_km=None)
    found = {each.need: each.offer for each in place(needs, [kim, lee]).placed}
    assert found == {row["school"]: row["is served by"] for row in rows}


def test_why_nobody_is_found_is_said_without_telling_a_secret() -> None:
    """Why a request is not met.

    Each supporter who knows the theme is counted once, under what can least be changed. A private declaration is counted with one's own
    school, trust and federation, so that nobody learns of it.
    """
    rows = table("""
        | what is different                     | counted under |
        | they declared an interest in Oakfield | kept-apart    |
        | their school is of Oakfield’s trust   | kept-apart    |
        | their assurance has ended             | assurance     |
        | they have three half days left        | days          |
        | they come up to 4 km                  | reach         |
        | a day of theirs costs £600            | budget        |
    """)
    for row in rows:
        (left,) = place([NEED], [CHANGES[row["what is different"]]]).unmet
        assert [each.cause.value for each in left.reasons] == [row["counted under"]]
    assert cause_of([]).value == "taken"
