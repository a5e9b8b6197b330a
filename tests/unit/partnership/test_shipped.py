"""The constitutions that come with Convenor, and the one in the how-to."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from convenor.partnership.rules.checking import RULES, check
from convenor.partnership.rules.constitution import Constitution
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.schema import PARTNERSHIP, tables
from convenor.partnership.rules.shipped import AREAS, FOLDER, PATTERNS, constitution_of, text_of
from convenor.partnership.rules.structure import describe
from convenor.partnership.rules.vocabulary import (
    BODY_KINDS,
    PHASES,
    ROLES,
    SCHOOL_TYPES,
    Chairing,
    How,
    Part,
    PartnershipKind,
    Severity,
    Status,
)
from tests.unit.partnership.sound import DAY

HOW_TO = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "write-a-constitution.md"


def test_every_file_is_listed() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == sorted(AREAS + PATTERNS)


def test_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError):
        text_of("../../settings")


@pytest.mark.parametrize("name", AREAS + PATTERNS)
@pytest.mark.parametrize("on", [date(2019, 6, 7), DAY, date(2035, 1, 1)])
def test_shipped_constitution_has_no_errors(name: str, on: date) -> None:
    assert [problem for problem in check(constitution_of(name), on) if problem.severity is Severity.ERROR] == []


@pytest.mark.parametrize("name", AREAS)
def test_area_names_its_sources_and_nobody(name: str) -> None:
    shipped = constitution_of(name)
    assert (shipped.id, shipped.appointments, shipped.members) == (name, (), ())
    assert [body.id for body in shipped.bodies if not body.sources] == []
    assert [tier.key for tier in shipped.tiers if not tier.sources] == []
    assert shipped.not_found != ()


@pytest.mark.parametrize("name", AREAS + PATTERNS)
def test_body_without_seats_says_that_they_were_not_found(name: str) -> None:
    silent = [body.id for body in constitution_of(name).bodies if not body.seats and not body.not_found and body.chair is not Chairing.NONE]
    assert silent == []


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("bexley", ["303"]),
        ("cumbria", ["909", "942", "943"]),
        ("east-sussex", ["845"]),
        ("gloucestershire", ["916"]),
        ("hampshire", ["850"]),
        ("portsmouth", ["851"]),
        ("warwickshire", ["937"]),
        ("wigan", ["359"]),
    ],
)
def test_area_has_its_authorities(name: str, codes: list[str]) -> None:
    assert [area.code for area in constitution_of(name).areas] == codes


def shape(of: Constitution) -> dict[str, int]:
    """How many bodies of each kind."""
    kinds = [body.kind for body in of.bodies]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("bexley", {"board": 1, "sub-group": 5}),
        ("cumbria", {"board": 1, "alliance": 3}),
        ("wigan", {"board": 3, "consortium": 6}),
        ("gloucestershire", {"shadow-board": 1, "cluster": 1, "committee": 1}),
        ("east-sussex", {"board": 2, "sub-group": 2, "area-group": 3, "education-improvement-partnership": 8}),
        ("warwickshire", {"board": 2, "area-group": 9, "consortium": 15, "network": 1}),
    ],
)
def test_area_has_the_bodies_of_its_sources(name: str, kinds: dict[str, int]) -> None:
    assert shape(constitution_of(name)) == kinds


def test_bexley_board_has_25_seats_and_the_co_chairs_on_it() -> None:
    board = describe(constitution_of("bexley"), DAY).bodies[0]
    assert (board.id, board.seats, board.filled) == ("strategic-board", 25, 0)
    assert [(seat.places.minimum, seat.places.maximum) for seat in board.seat_list if seat.derived] == [(10, 15)]


def test_cumbria_board_has_the_nineteen_seats_of_its_page() -> None:
    assert describe(constitution_of("cumbria"), DAY).bodies[0].seats == 19


def test_company_has_the_directors_of_its_source() -> None:
    directors = next(body for body in constitution_of("school-company").bodies if body.id == "directors")
    assert {seat.id: str(seat.places) for seat in directors.seats if seat.part is Part.MEMBER} == {
        "secondary-directors": "2",
        "primary-directors": "2",
        "special-director": "1",
        "governor-directors": "2",
        "council-director": "1",
        "external-directors": "up to 3",
    }


def example() -> Constitution:
    """The worked example, as the how-to prints it."""
    found = re.search(r"```toml\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return parse(found[1])


def test_how_to_example_breaks_what_the_how_to_says() -> None:
    assert [(problem.rule, problem.body, problem.severity.value) for problem in check(example(), DAY)] == [
        ("vacancy", "board", "warning"),
        ("vacancy", "board", "warning"),
        ("vacancy", "board", "warning"),
        ("vacancy", "board", "warning"),
        ("members-too-few", "board", "warning"),
        ("vacancy", "attendance", "warning"),
        ("vacancy", "coast", "warning"),
    ]


def test_how_to_example_has_no_errors_on_the_day_its_line_changes() -> None:
    assert [problem.rule for problem in check(example(), date(2027, 9, 1)) if problem.severity is Severity.ERROR] == []


def headings() -> dict[str, str]:
    """The how-to's text under each heading of a table."""
    parts = re.split(r"^### ", HOW_TO.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {part.split("\n")[0]: part for part in parts}


def rows(text: str) -> list[str]:
    """The first column of a table's rows."""
    return re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE)


def test_how_to_lists_every_key() -> None:
    layout = {f"[[{name}]]": table for name, table in tables(BODY_KINDS, ROLES).items()}
    body = tables(BODY_KINDS, ROLES)["body"]
    layout |= {f"[[body.{name}]]": table for name, (_, table) in (body.inside or {}).items()}
    layout["[partnership]"] = PARTNERSHIP
    told = {}
    for heading, text in headings().items():
        found = re.match(r"`(\[+[a-z_.]+\]+)`", heading)
        if found is not None and found[1] in layout:
            told[found[1]] = sorted(rows(text))
    assert told == {name: sorted(table.names) for name, table in layout.items()}


def test_how_to_lists_every_word_and_every_rule() -> None:
    text = HOW_TO.read_text(encoding="utf-8")
    words = [*ROLES, *SCHOOL_TYPES, *PHASES, *BODY_KINDS, *Part, *How, *PartnershipKind, *Status, *Chairing]
    spelt = {re.sub("['’]", "", word).replace(" ", "-") for word in re.findall(r"`([a-z0-9' -]+)`", text)}
    assert [word for word in words if word not in spelt] == []
    assert re.findall(r"^\| `([a-z-]+)` \((error|warning)\) \| (.+) \|$", text, re.MULTILINE) == [
        (rule.code, rule.severity.value, rule.asks) for rule in RULES.values()
    ]
