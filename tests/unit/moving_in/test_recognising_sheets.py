"""What a sheet tells, which column is which, and its lines."""

from __future__ import annotations

import pytest

from convenor.moving_in.rules.kinds import FIELDS, KIND_NAMES, Kind, field, folded, role_of_wide
from convenor.moving_in.rules.reading import Sheet, read_file, read_pasted
from convenor.moving_in.rules.recognising import SURE_FROM, Recognised, columns_for, header_digest, headings, recognise
from convenor.moving_in.rules.recognising_lines import Left, Line, lines, read_lines
from tests.factories.dirty_spreadsheets import dirty_set, invented_register


def pasted(text: str) -> Sheet:
    """A sheet of lines, cells parted by |."""
    return read_pasted(text.strip("\n").replace("|", "\t")).sheets[0]


def seen(text: str, name: str = "") -> tuple[Kind, tuple[int, int], dict[str, int], bool]:
    """What is recognised, and whether without asking."""
    found = recognise(pasted(text), file_name=name)
    return found.kind, found.header_rows, found.columns, found.sure >= SURE_FROM


def test_every_kind_has_a_name_and_fields_of_its_own() -> None:
    assert set(FIELDS) == set(KIND_NAMES) == set(Kind)
    assert [kind for kind, fields in FIELDS.items() if len({each.key for each in fields}) != len(fields)] == []
    assert [word for fields in FIELDS.values() for each in fields for word in each.alike if folded(word) != word] == []
    assert field(Kind.CLUSTERS, "cluster").required
    assert field(Kind.CLUSTERS, "email") is None


def test_wide_fields_tell_role_and_part() -> None:
    assert role_of_wide("head.email") == ("head", "email")
    assert role_of_wide("email") is None
    assert role_of_wide("nobody.email") is None


WIDE = """
Heads and chairs 2025

School|Headteacher||Chair of Governors||DfE no.|Fax
|Name|E-mail|Name|Email||
St Mary's|Ann Bee|a@x.example|Cy Dee|c@x.example|936/1234|1
Fern||||office|936/1235|2
Total|2
"""


def test_two_rows_of_headings_below_a_title_are_recognised() -> None:
    columns = {"school": 0, "head.name": 1, "head.email": 2, "chair.name": 3, "chair.email": 4, "laestab": 5}
    assert seen(WIDE) == (Kind.CONTACTS, (3, 4), columns, True)
    assert recognise(pasted(WIDE)).told == "Contacts at schools: headings in lines 3 and 4; 6 of 7 columns recognised. Not used: Fax."
    assert headings(pasted(WIDE), (3, 4))[1:3] == ("Headteacher Name", "Headteacher E-mail")


def test_a_wide_sheet_gives_one_line_for_each_role() -> None:
    sheet = pasted(WIDE)
    found = recognise(sheet)
    school = {"school": "St Mary's", "laestab": "936/1234"}
    read = read_lines(sheet, found.kind, found.header_rows, found.columns)
    assert read.lines == (
        Line(5, {**school, "role": "Headteacher", "name": "Ann Bee", "email": "a@x.example"}),
        Line(5, {**school, "role": "Chair of governors", "name": "Cy Dee", "email": "c@x.example"}),
        Line(6, {"school": "Fern", "laestab": "936/1235", "role": "Chair of governors", "email": "office"}),
    )
    assert read.left == (Left(7, "it is a total"),)


@pytest.mark.parametrize(
    ("text", "kind", "columns"),
    [
        ("URN|School|Role|Title|Forename|Surname|Email\n990001|Fern|Head|Mrs|Ann|Bee|a@x.example", Kind.CONTACTS,
        "urn school role title first_name last_name email"),
        ("School|Cluster|Alliance|Cluster lead\nFern|North|East|Yes", Kind.CLUSTERS, "school cluster alliance lead"),
        ("Member|Seat|Representing|Term start|Term ends|Email\nAnn|Primary head|Primary|2024-09-01|2027-08-31|a@b.example", Kind.SEATS,
        "name seat constituency from until email"),
        ("Name|School|Email|Date trained|Refresher|Lead?|Specialism\nAnn|Fern|a@b.example|2024-09-01||y|Maths", Kind.REVIEWERS,
        "name school email trained refreshed lead expertise"),
        ("Provider|Type|School|Expertise|Phase|Days|QA by|Date QA'd|Designation\nAnn|person|Fern|Maths|Primary|10|LA|2025-01-01|NLE",
        Kind.DIRECTORY, "name kind school expertise phases days assured_by assured_on designation"),
        ("School name|Date of visit|Visited by|Focus of visit|RAG|Notes|Days\nFern|01/09/2025|Ann|Maths|Red|x|1", Kind.SUPPORT_LOG,
        "school date who what rating note days"),
        ("School|URN|Year|Subscription (£)|Paid?|Invoice date\nFern|990001|2025-26|£500|y|2025-09-01", Kind.SUBSCRIPTIONS,
        "school urn year amount paid invoiced"),
        ("Date|Until|What|Where\n2025-10-01 09:30|2025-10-01 11:00|Board|Hall", Kind.CALENDAR, "date until what where"),
    ],
)  # fmt: skip
def test_every_kind_is_recognised_without_asking(text: str, kind: Kind, columns: str) -> None:
    assert seen(text) == (kind, (1, 1), {key: at for at, key in enumerate(columns.split())}, True)


def test_name_in_parts_becomes_one() -> None:
    sheet = pasted("URN|Title|Forename|Surname|Email\n990001|Mrs|Ann|Bee|a@x.example")
    found = recognise(sheet)
    assert lines(sheet, found.kind, found.header_rows, found.columns) == (
        Line(2, {"urn": "990001", "email": "a@x.example", "name": "Mrs Ann Bee"}),
    )


def test_misspelt_headings_are_forgiven() -> None:
    assert seen("Scool name|Clustr|Aliance\nFern|North|East\nAsh|South|West") == (
        Kind.CLUSTERS,
        (1, 1),
        {"school": 0, "cluster": 1, "alliance": 2},
        True,
    )


def test_words_beside_a_heading_are_passed_over() -> None:
    text = "School (please complete)|Current town|Cluster 2025-26 *\nFern|Ferndon|North"
    assert seen(text)[:3] == (Kind.CLUSTERS, (1, 1), {"school": 0, "town": 1, "cluster": 2})


def test_name_below_a_role_that_is_not_known_is_nobodys() -> None:
    text = "School|URN|Headteacher||Site warden|\n||Name|Email|Name|Email\n"
    text += "Fern|990001|Ann|a@x.example|Bo|b@x.example\nAsh|990002|Cy|c@x.example|Di|d@x.example"
    assert {key: at for key, at in seen(text)[2].items() if at > 1} == {"head.name": 2, "head.email": 3, "email": 5}


def test_content_says_more_than_a_heading() -> None:
    text = "School No|School|Head|Contact\n990001|Fern|Ann|a@x.example\n990002|Ash|Bo|b@x.example"
    assert seen(text)[2] == {"urn": 0, "school": 1, "head.name": 2, "email": 3}


def test_address_in_a_column_of_names_is_the_roles_address() -> None:
    text = "School|URN|Head|SENCO\nFern|990001|a@x.example|Sue\nAsh|990002|b@x.example|Tim"
    assert seen(text)[2] == {"school": 0, "urn": 1, "head.email": 2, "senco.name": 3}


def test_sheet_without_headings_is_seen_by_its_content_and_asked() -> None:
    found = recognise(pasted("990001|Ann|a@x.example\n990002|Bo|b@x.example"))
    assert (found.kind, found.header_rows, found.columns, found.sure < SURE_FROM) == (Kind.CONTACTS, (0, 0), {"urn": 0, "email": 2}, True)
    sheet = pasted("990001|Ann|a@x.example\n990002|Bo|b@x.example")
    assert [line.number for line in lines(sheet, Kind.CONTACTS, (0, 0), {"urn": 0, "email": 2})] == [1, 2]


def test_sheet_that_tells_nothing_is_said_to() -> None:
    found = recognise(pasted("Colour|Size\nred|3\nblue|4"))
    assert found == Recognised(Kind.UNKNOWN, (1, 1), {}, 0.0, "Nothing says what this sheet tells. Say what it is, or leave it out.")
    assert recognise(Sheet("x", ())).kind is Kind.UNKNOWN


def test_role_column_of_a_board_is_a_seat_and_of_schools_a_contact() -> None:
    board = "Board|Role|Name|Email|From|To\nStrategic Board|Chair|Ann|a@x.example|Sept 2024|Aug 2027"
    school = "School|Role|Name|Email\nFern|Chair of Governors|Ann|a@x.example\nAsh|Clerk|Bo|b@x.example"
    assert (seen(board)[0], seen(school)[0]) == (Kind.SEATS, Kind.CONTACTS)


def test_columns_of_a_kind_said_by_somebody() -> None:
    sheet = pasted("School|Date|Notes\nFern|2025-09-01|x")
    assert columns_for(sheet, Kind.SUPPORT_LOG, (1, 1)) == {"school": 0, "date": 1, "note": 2}
    assert columns_for(sheet, Kind.SUPPORT_LOG, (0, 0)) == {}


def test_digest_of_headings_forgives_case_and_points() -> None:
    one, other = pasted("School:|E-mail\nFern|a@x.example"), pasted("SCHOOL|E mail\nAsh|b@x.example")
    assert header_digest(one, (1, 1)) == header_digest(other, (1, 1)) != header_digest(pasted("School|Town\na|b"), (1, 1))


def test_lines_that_tell_nothing_are_left_and_said() -> None:
    sheet = pasted(
        "School|URN|Cluster|Lead\nFern|990001|North|\n|||\nSchool|URN|Cluster|Lead\nNorth schools|North schools|North schools|\n"
        "* moved in 2024|||\nAsh|990002|South|Yes\n|||x\nGrand total|2||"
    )
    read = read_lines(sheet, Kind.CLUSTERS, (1, 1), {"school": 0, "urn": 1, "cluster": 2})
    assert [line.number for line in read.lines] == [2, 7]
    assert read.left == (
        Left(4, "the headings come again"), Left(5, "it is a heading inside the table"), Left(6, "it is a remark, not a line of the "
        "table"),
        Left(8, "it holds nothing in the columns that were recognised"), Left(9, "it is a total"),
    )  # fmt: skip


def test_line_with_a_loose_comma_is_left() -> None:
    sheet = read_file("a.csv", b"School,Cluster\r\n" + b"Fern,North\r\n" * 9 + b"Ash, Elm,South\r\n").sheets[0]
    assert read_lines(sheet, Kind.CLUSTERS, (1, 1), {"school": 0, "cluster": 1}).left == (
        Left(11, "it has more cells than there are headings"),
    )


def test_clusters_named_between_the_schools_are_carried_down() -> None:
    sheet = pasted("School|Town\nNorth Cluster|North Cluster\nFern|Ferndon\nAsh|Ashwick\nSouth cluster:|\nElm|Elverton")
    told = [(line.values["school"], line.values["cluster"]) for line in lines(sheet, Kind.CLUSTERS, (1, 1), {"school": 0, "town": 1})]
    assert told == [("Fern", "North Cluster"), ("Ash", "North Cluster"), ("Elm", "South cluster")]


def test_columns_beyond_the_sheet_are_passed_over() -> None:
    assert lines(pasted("School|Cluster\nFern|North"), Kind.CLUSTERS, (1, 1), {"school": 0, "cluster": 1, "lead": 9}) == (
        Line(2, {"school": "Fern", "cluster": "North"}),
    )


def test_dirty_set_is_recognised_whole() -> None:
    dirty = dirty_set(3, invented_register(3, 12), small=True)
    wrong = []
    for name, content in dirty.files.items():
        for sheet in read_file(name, content).sheets:
            found, truth = recognise(sheet, file_name=name), dirty.truth.columns.get((name, sheet.name))
            if truth and (found.kind, found.header_rows, found.columns) != truth:
                wrong.append((name, found, truth))
    assert wrong == []


def test_second_column_of_addresses_is_not_taken_twice() -> None:
    text = "School|URN|Email|Head|Phone\nFern|990001|a@x.example|b@x.example|c@x.example\nAsh|990002|d@x.example|e@x.example|f@x.example"
    assert seen(text)[2] == {"school": 0, "urn": 1, "email": 2, "head.email": 3, "phone": 4}
