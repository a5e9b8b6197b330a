"""What a file says, kept in rows and read back without loss."""

import json
from pathlib import Path

import pytest

from convenor.partnership.rules.constitution import Body
from convenor.partnership.rules.offices import brings_office
from convenor.partnership.rules.published import phase_key, type_key
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.storing import from_row, layout, to_row

SHIPPED = sorted(Path("convenor/partnership/constitutions").glob("*.toml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_body_and_seat_survives(path: Path) -> None:
    constitution = parse(path.read_text())
    tables = layout(constitution.kinds, constitution.roles)

    def again(thing: object, table: str, **instead: object) -> object:
        return from_row(json.loads(json.dumps(to_row(thing, tables[table]))), tables[table], **instead)

    lost: list[object] = []
    for body in constitution.bodies:
        kept = {"seats": body.seats, "reporting_lines": body.reporting_lines}
        lost += [body] if again(body, "body", **kept) != body else []
        lost += [seat for seat in body.seats if again(seat, "seat") != seat]
    for name, things in (("source", constitution.sources), ("tier", constitution.tiers), ("cap", constitution.caps)):
        lost += [thing for thing in things if again(thing, name) != thing]
    assert lost == []
    assert constitution.bodies


def test_what_is_known_better_is_taken_instead() -> None:
    body = Body("board", "Board", "board", "top", quorum=3)
    assert from_row(to_row(body, layout()["body"]), layout()["body"], quorum=5).quorum == 5


@pytest.mark.parametrize(
    ("published", "key"),
    [
        ("Community School", "community"),
        ("Voluntary aided school", "voluntary-aided"),
        ("Academy converter", "academy-converter"),
        ("Academy Sponsor Led", "academy-sponsor-led"),
        ("Free schools", "free-school"),
        ("Free School Special", "free-school"),
        ("Academy Special Converter", "academy-converter"),
        ("LA Nursery School", "maintained-nursery"),
        ("Foundation special school", "foundation"),
        ("Pupil Referral Unit", "pupil-referral-unit"),
        ("Independent School", ""),
    ],
)
def test_a_published_type_has_its_word(published: str, key: str) -> None:
    assert type_key(published) == key


def test_a_published_phase_has_its_word() -> None:
    assert [phase_key(each) for each in ("Primary", "PRU", "16 plus", "All-through", "Unheard of")] == [
        "primary",
        "alternative",
        "post-16",
        "all-through",
        "",
    ]


OFFICE = {"part": "chair", "bodies": ["kind:sub-group", "under:board"]}


@pytest.mark.parametrize(
    ("office", "part", "body", "kind", "tier", "under", "brings"),
    [
        (OFFICE, "chair", "a", "sub-group", "x", "", True),
        (OFFICE, "co-chair", "a", "sub-group", "x", "", True),
        (OFFICE, "member", "a", "sub-group", "x", "", False),
        (OFFICE, "chair", "a", "cluster", "x", "board", True),
        (OFFICE, "chair", "a", "cluster", "x", "alliance", False),
        ({"part": ["deputy", "lead"], "bodies": "a"}, "lead", "a", "cluster", "x", "", True),
        ({"part": ["deputy", "lead"], "bodies": "tier:x"}, "chair", "a", "cluster", "x", "", False),
        ({"part": ["lead"], "bodies": "tier:x"}, "lead", "a", "cluster", "x", "", True),
        (None, "chair", "a", "sub-group", "x", "", False),
    ],
)
def test_an_office_brings_its_seat(
    office: dict[str, object] | None, part: str, body: str, kind: str, tier: str, under: str, brings: bool
) -> None:
    assert brings_office(office, part=part, body=body, kind=kind, tier=tier, under=under) is brings
