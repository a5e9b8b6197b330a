"""How an area's context is counted.

Seven indicators describe an area: how many nursery, primary and secondary schools there are, how many pupils may have free school meals,
how many schools are academies, how many were judged good or outstanding, and how many teaching schools there were. They say what an area is
like. They are no target and no judgement on any school. Schools are named here by letters.
"""

from datetime import date

from convenor.registers.rules import context
from convenor.registers.rules.context import Count, Editions, Register, indicators, place
from tests.spec.registers.lists import counted, meals, one
from tests.spec.telling import day, table


def test_which_schools_are_counted() -> None:
    """Which schools are counted.

    State-funded schools that are open on the day the list describes. A school that will close is still open until it does. The list is of
    31 July 2024.
    """
    schools = table("""
        | School | Phase     | Type                     | Status                       | Counted as       |
        | A      | Primary   | Community School         | open                         | primary          |
        | B      | Primary   | Academy Converter        | proposed to close            | primary          |
        | C      | Primary   | Voluntary Aided School   | open until 31 August 2024    | primary          |
        | D      | Primary   | Community School         | closed                       | not counted      |
        | E      | Primary   | Community School         | open until 31 July 2024      | not counted      |
        | F      | Primary   | Academy Sponsor Led      | open from 1 September 2024   | not counted      |
        | G      | Primary   | Independent School       | open                         | not counted      |
        | H      | Primary   | Community School         | invented, to show Convenor   | not counted      |
        | I      | Secondary | Foundation School        | open                         | secondary        |
        | J      | Nursery   | LA Nursery School        | open                         | nursery          |
        | K      | Special   | Community Special School | open                         | none of the three|
    """)
    shown = {"not counted": "", "none of the three": "special"}
    assert [one(row)[0] for row in schools] == [shown.get(row["Counted as"], row["Counted as"]) for row in schools]
    found = counted(schools)
    for phase in ("nursery", "primary", "secondary"):
        assert found[f"{phase}_schools"]["value"] == len([row for row in schools if row["Counted as"] == phase])


def test_all_through_schools_are_counted_once_among_the_secondaries() -> None:
    """All-through schools are counted once, among the secondaries.

    This is how Ofsted counts them. A middle school counts as what it is deemed to be.
    """
    schools = table("""
        | School | Phase                   | Counted as |
        | A      | Primary                 | primary    |
        | B      | Middle deemed primary   | primary    |
        | C      | Middle deemed secondary | secondary  |
        | D      | All-through             | secondary  |
        | E      | Secondary               | secondary  |
    """)
    assert [one(row)[0] for row in schools] == [row["Counted as"] for row in schools]
    found = counted(schools)
    assert (found["primary_schools"]["value"], found["secondary_schools"]["value"]) == (2, 3)


def test_what_counts_as_an_academy() -> None:
    """What counts as an academy.

    What the Department counts: converters and sponsored academies, free schools, studio schools, university technical colleges and city
    technology colleges. Six of the eight secondary schools here are academies: 75 %.
    """
    schools = table("""
        | School | Phase     | Type                         | Academy |
        | A      | Secondary | Academy Converter            | yes     |
        | B      | Secondary | Academy Sponsor Led          | yes     |
        | C      | Secondary | Free School                  | yes     |
        | D      | Secondary | Studio School                | yes     |
        | E      | Secondary | University Technical College | yes     |
        | F      | Secondary | City Technology College      | yes     |
        | G      | Secondary | Foundation School            | no      |
        | H      | Secondary | Voluntary Controlled School  | no      |
        | I      | Primary   | Community School             | no      |
    """)
    assert [one(row)[1] for row in schools] == [row["Academy"] == "yes" for row in schools]
    found = counted(schools)["secondary_academies_percent"]
    assert (found["numerator"], found["denominator"], found["value"]) == (6, 8, 75.0)


def test_good_or_outstanding_is_a_share_of_the_schools_that_have_a_grade() -> None:
    """Good or outstanding is a share of the schools that have a grade.

    Of these six schools, four have an overall grade and three of them are good or outstanding: 75 %. The two others are counted apart as
    not judged. They are in neither part of the share, and never stand as a failure. The list is of 31 July 2024.
    """
    schools = table("""
        | School | Latest grade                | In the share         |
        | A      | Outstanding                 | good or outstanding  |
        | B      | Good                        | good or outstanding  |
        | C      | Good                        | good or outstanding  |
        | D      | Requires improvement        | has a grade          |
        | E      | never inspected             | not judged           |
        | F      | inspected, no overall grade | not judged           |
    """)
    schools.append({"School": "Z", "Phase": "Secondary", "Latest grade": "never inspected"})  # an area has schools of both phases
    found = counted(schools)["primary_good_or_outstanding_percent"]
    told = [row.get("In the share", "") for row in schools]
    good = told.count("good or outstanding")
    assert (found["numerator"], found["denominator"], found["not_judged"]) == (
        good,
        good + told.count("has a grade"),
        told.count("not judged"),
    )
    assert (found["value"], found["note"]) == (75.0, "")


def test_since_overall_grades_ended_the_page_says_so() -> None:
    """Since overall grades ended the page says so.

    They ended in August 2024. The old series keeps its definition, and covers fewer schools each year.
    """
    schools = [{"School": "A", "Latest grade": "Good"}, {"School": "B", "Phase": "Secondary", "Latest grade": "Good"}]
    for row in table("""
        | List of        | Beside the figure                                                                                         |
        | 31 August 2024 | nothing                                                                                                   |
        | 31 August 2025 | Overall grades ended in August 2024: a school inspected since then has none and is counted as not judged. |
    """):
        assert counted(schools, day(row["List of"]))["primary_good_or_outstanding_percent"]["note"] == row["Beside the figure"].replace(
            "nothing", ""
        )


def test_free_school_meals_are_a_share_of_pupils_and_not_of_schools() -> None:
    """Free school meals are a share of pupils, not of schools.

    All pupils of the area are taken together: 150 of 500 here, 30 %, and not the middle of the schools' own shares. A school whose
    number of eligible pupils is withheld is left out altogether, its pupils on roll too, and the page says how many were. A withheld number
    is not counted as nought. Independent schools are not counted.
    """
    schools = table("""
        | School | Type               | Pupils on roll | Eligible | Counted  |
        | A      | Community school   | 400            | 100      | yes      |
        | B      | Academy            | 100            | 50       | yes      |
        | C      | Community school   | 60             | withheld | left out |
        | D      | Independent school | 500            | 0        | no       |
    """)
    found = meals(schools)
    assert (found["value"], found["numerator"], found["denominator"]) == (30.0, 150, 500)
    assert found["note"] == "1 school is left out: the census gives no number of eligible pupils."


def test_a_figure_that_is_not_known_is_never_nought() -> None:
    """A figure that is not known is never nought.

    It stays empty, and says why.
    """
    primaries_only = counted([{"School": "A", "Phase": "Primary", "Latest grade": "Good"}])
    never_inspected = counted(
        [{"School": each, "Phase": each, "Latest grade": "inspected, no overall grade"} for each in ("Primary", "Secondary")]
    )
    nothing = indicators(place("authority", "359"), date(2024, 7, 31), Editions())
    cases = {
        "Nothing has been loaded for the area": nothing["primary_schools"],
        "The list holds primary schools only": primaries_only["primary_schools"],
        "No primary school there has an overall grade": never_inspected["primary_good_or_outstanding_percent"],
        "Teaching schools, whose designation ended in 2021": nothing["teaching_schools_per_school"],
    }
    for row in table("""
        | What is asked                                     | Figure | What the page says                                     |
        | Nothing has been loaded for the area              | none   | no edition loaded covers the whole area on this date   |
        | The list holds primary schools only               | none   | no edition loaded covers the whole area on this date   |
        | No primary school there has an overall grade      | none   | no school has an overall grade                         |
        | Teaching schools, whose designation ended in 2021 | none   | no published list exists any more                      |
    """):
        found = cases.pop(row["What is asked"])
        assert (found["value"], found["mark"], row["Figure"]) == (None, row["What the page says"], "none")
    assert cases == {}


def test_a_figure_comes_from_the_newest_list_that_covers_the_area() -> None:
    """A figure comes from the newest list that covers the whole area.

    Never from a later one, and never from part of one: 3 of 100 schools in a file are a cut of the file, not a closing of 97.
    """
    lists = table("""
        Three lists have been loaded:

        | List of        | Primary schools on it | Secondary schools on it |
        | 1 January 2015 | 100                   | 20                      |
        | 1 January 2024 | 75                    | 18                      |
        | 1 January 2025 | 3                     | 1                       |
    """)
    follows = table("""
        What is said on a day:

        | On            | Primary schools | From the list of |
        | 1 June 2014   | not known       | none             |
        | 1 June 2016   | 100             | 1 January 2015   |
        | 1 June 2024   | 75              | 1 January 2024   |
        | 1 June 2025   | 75              | 1 January 2024   |
    """)
    registers = [
        Register(
            row["List of"],
            "",
            day(row["List of"]),
            {("359", phase): Count(int(row[f"{phase} schools on it"])) for phase in ("Primary", "Secondary")},
        )
        for row in lists
    ]
    for row in follows:
        found = indicators(place("authority", "359"), day(row["On"]), Editions(registers))["primary_schools"]
        assert (str(found["value"] or "not known"), found["edition"] or "none") == (row["Primary schools"], row["From the list of"])


def test_neighbours_are_averaged_each_area_once() -> None:
    """Statistical neighbours are averaged, each area once.

    A large neighbour weighs no more than a small one, and one without a figure is left out and not taken for nought.
    """
    neighbours = table("""
        | Neighbour | Pupils eligible for free school meals |
        | one       | 20.0 %                                |
        | another   | 30.0 %                                |
        | a third   | not known                             |
    """)
    shares = [row["Pupils eligible for free school meals"] for row in neighbours]
    found = context.mean_of([{"fsm_percent": {"value": None if share == "not known" else float(share[:-2])}} for share in shares])
    assert (found["fsm_percent"]["value"], found["fsm_percent"]["areas"]) == (25.0, 2)
