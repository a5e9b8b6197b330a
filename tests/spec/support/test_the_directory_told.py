"""The directory of support.

Who offers support to schools, what vouches for them, and how many days they have. A name that was once given says little: something has to
vouch for everybody today, and it ends.
"""

from __future__ import annotations

from convenor.support.rules.answers import Answer, area
from convenor.support.rules.assurance import Assured, check_assurance, state_on
from convenor.support.rules.capacity import Year, booked, delivered, released
from convenor.support.rules.designations import DESIGNATIONS as LISTED
from convenor.support.rules.designations import Standing, name_of
from convenor.support.rules.directory import likeness
from convenor.support.rules.entries import published_name
from convenor.support.rules.refusals import SupportRefused
from convenor.support.rules.states import AssuranceKind, SupporterKind
from tests.spec.telling import day, table, written

KINDS = {"a local panel": AssuranceKind.LOCAL_PANEL, "a reference": AssuranceKind.REFERENCE, "a designation": AssuranceKind.DESIGNATION}


def test_what_vouches_for_somebody_ends() -> None:
    """What vouches for somebody ends.

    Evidence of quality names its source and who vouches, and counts for 24 months where it names no last day. A designation counts until
    the day that it names, at most five years. Then somebody looks again. Nobody vouches for themselves.
    """
    rows = table("""
        | what           | given on    | says it counts until | counts until |
        | a local panel  | 1 June 2026 |                      | 1 June 2028  |
        | a local panel  | 1 June 2026 | 1 June 2027          | 1 June 2027  |
        | a reference    | 1 June 2026 | 1 June 2031          | refused      |
        | a designation  | 1 June 2026 | 1 June 2031          | 1 June 2031  |
        | a designation  | 1 June 2026 | 2 June 2031          | refused      |
        | a local panel  | 1 June 2027 |                      | refused      |
    """)
    for row in rows:
        says = row["says it counts until"]
        try:
            until = check_assurance(
                KINDS[row["what"]], supporter="Ada Example", assurer="The alliance", source="Seen at work", assured_on=day(row["given on"]),
                valid_until_on=day(says) if says else None, on=day("1 November 2026"),
            )  # fmt: skip
        except SupportRefused:
            assert row["counts until"] == "refused"
        else:
            assert written(until) == row["counts until"]


def test_whoever_nothing_vouches_for_is_not_found() -> None:
    """Whoever nothing vouches for is not found.

    Schools do not find them, and the matching leaves them out. Their own page says so, and what would mend it. That it ends soon is said
    from 90 days before.
    """
    rows = table("""
        | counts from    | counts until    | withdrawn on    | on 1 November 2026 it | found |
        | 1 June 2026    | 1 June 2028     |                 | in date               | yes   |
        | 1 June 2026    | 1 November 2026 |                 | ends soon             | yes   |
        | 1 June 2026    | 30 January 2027 |                 | ends soon             | yes   |
        | 1 June 2026    | 31 January 2027 |                 | in date               | yes   |
        | 1 June 2024    | 1 June 2026     |                 | ended                 | no    |
        | 1 June 2026    | 1 June 2028     | 1 November 2026 | ended                 | no    |
    """)
    for row in rows:
        gone = day(row["withdrawn on"]) if row["withdrawn on"] else None
        state = state_on([Assured(day(row["counts from"]), day(row["counts until"]), gone)], day("1 November 2026"))
        assert (state.value, "yes" if state.stands else "no") == (row["on 1 November 2026 it"], row["found"])


def test_days_are_booked_once() -> None:
    """Days are booked once.

    They are counted in half days of a school year. The booked never pass the offered: of two brokers who book the last one at the same
    moment, one gets it and the other is told how many are left. What is delivered was booked before; what was delivered is not given back.
    """
    rows = table("""
        | offered | booked | delivered | and then   | half days | booked then | delivered then |
        | 10      | 6      | 0         | books      | 4         | 10          | 0              |
        | 10      | 6      | 0         | books      | 5         | refused     | refused        |
        | 10      | 6      | 2         | gives back | 4         | 2           | 2              |
        | 10      | 6      | 2         | gives back | 5         | refused     | refused        |
        | 10      | 6      | 2         | delivers   | 4         | 6           | 6              |
        | 10      | 6      | 2         | delivers   | 5         | refused     | refused        |
    """)
    for row in rows:
        now = Year(int(row["offered"]), int(row["booked"]), int(row["delivered"]))
        said = {"name": "Ada Example", "year": "2026-27"}
        try:
            if row["and then"] == "delivers":
                then = (now.booked, delivered(now, int(row["half days"]), **said))
            else:
                move = booked if row["and then"] == "books" else released
                then = (move(now, int(row["half days"]), **said), now.delivered)
        except SupportRefused:
            assert (row["booked then"], row["delivered then"]) == ("refused", "refused")
        else:
            assert (str(then[0]), str(then[1])) == (row["booked then"], row["delivered then"])


def test_a_national_name_that_is_no_longer_given_is_marked() -> None:
    """A national name that is no longer given is marked.

    It says what somebody was once given, and no more. A partnership names its own designations beside the national ones.
    """
    rows = table("""
        | designation         | given by | shown as                                |
        | system-leader       | local    | System leader                           |
        | teaching-school-hub | national | Teaching school hub                     |
        | national-leader     | historic | National leader of education (historic) |
        | teaching-school     | historic | Teaching school (historic)              |
    """)
    for row in rows:
        assert (LISTED[row["designation"]].standing, name_of(row["designation"])) == (Standing(row["given by"]), row["shown as"])


def test_spelling_is_forgiven() -> None:
    """Spelling is forgiven.

    A word is found where it stands, where it begins another, and from four letters on where it is nearly right. Every word has to be there.
    """
    rows = table("""
        | asked          | an entry says                           | found |
        | fernhollow     | Fernhollow Primary School, Reading      | yes   |
        | fernholow      | Fernhollow Primary School, Reading      | yes   |
        | saint mary     | St Mary's CofE Primary School           | yes   |
        | read           | Fernhollow Primary School, Reading      | yes   |
        | fernhollow art | Fernhollow Primary School, Reading      | no    |
        | art            | Fernhollow Primary School, Arc          | no    |
    """)
    for row in rows:
        assert ("yes" if likeness(row["asked"], row["an entry says"]) else "no") == row["found"]


def test_nobody_is_published_by_name() -> None:
    """Nobody is published by name.

    The published directory holds those who agreed to stand there and for whom something vouches. A person stands there by what they are
    and where they come from.
    """
    rows = table("""
        | who    | name             | designation   | from              | published as                     |
        | person | Ada Example      | System leader | Fernhollow School | System leader, Fernhollow School |
        | person | Ada Example      |               |                   | Supporter of schools             |
        | school | Fernhollow School| Research school | Fernhollow School | Fernhollow School              |
        | hub    | Vale Maths Hub   | Maths hub     | Vale Trust        | Vale Maths Hub                   |
    """)
    for row in rows:
        assert published_name(SupporterKind(row["who"]), row["name"], row["designation"], row["from"]) == row["published as"]


def test_every_school_is_asked_both() -> None:
    """Every school is asked both.

    Once a year a school says what it can offer and what it wants to learn. Who offers is told by name; who wants to learn what is told in
    numbers, and only from three schools on.
    """
    rows = table("""
        | theme   | offered by   | wanted by          | told: offered by | told: schools that want it |
        | reading | Hill and Vale| Down               | Hill, Vale       | under 3                    |
        | science | Hill         | Vale, Down, Lake   | Hill             | 3                          |
    """)
    answers: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        for side, said in (("offers", row["offered by"].replace(" and ", ", ")), ("wants", row["wanted by"])):
            for school in said.split(", "):
                answers.setdefault(school, {"offers": [], "wants": []})[side].append(row["theme"])
    told = {
        each.key: (", ".join(each.offered_by), "under 3" if each.wanted_by is None else str(each.wanted_by))
        for each in area((school, Answer(tuple(each["offers"]), tuple(each["wants"]))) for school, each in answers.items())
    }
    assert told == {row["theme"]: (row["told: offered by"], row["told: schools that want it"]) for row in rows}
