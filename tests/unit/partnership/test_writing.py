"""A constitution survives being written and read again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.partnership.rules import constitution as c
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.shipped import AREAS, PATTERNS, constitution_of
from convenor.partnership.rules.vocabulary import (
    BODY_KINDS,
    PHASES,
    ROLES,
    SCHOOL_TYPES,
    Chairing,
    How,
    Hue,
    Part,
    PartnershipKind,
    Per,
    Status,
)
from convenor.partnership.rules.writing import to_toml

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(lambda text: bool(text.strip()))
maybe_words = st.just("") | words
ids = st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,4})?", fullmatch=True)
maybe_id = st.just("") | ids
days = st.none() | st.dates(date(1990, 1, 1), date(2060, 1, 1))
numbers = st.none() | st.integers(1, 40)
places = st.builds(c.Places, st.integers(0, 30), st.none() | st.integers(0, 30))
urns = st.from_regex(r"[0-9]{6}", fullmatch=True)
selectors = ids | st.builds("{}{}".format, st.sampled_from(["kind:", "tier:", "under:"]), ids)


def some(of: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[Any]:
    return st.lists(of, min_size=least, max_size=3).map(tuple)


DATED = {"from_on": days, "until_on": days}
TOLD = {"sources": some(ids), "not_found": some(words)}
SCHOOL = {
    "phase": st.sampled_from(["", *PHASES]),
    "type": st.sampled_from(["", *SCHOOL_TYPES]),
    "trust": maybe_words,
    "federation": maybe_words,
}
ex_officio = st.builds(c.ExOfficio, some(st.sampled_from(list(Part)), 1), some(selectors, 1))
seats = st.builds(
    c.Seat,
    id=ids,
    title=words,
    part=st.sampled_from(list(Part)),
    places=places,
    constituency=maybe_words,
    how=st.none() | st.sampled_from(list(How)),
    by=maybe_words,
    who=some(st.sampled_from([*ROLES, "pilot"])),
    phases=some(st.sampled_from(list(PHASES))),
    types=some(st.sampled_from(list(SCHOOL_TYPES))),
    post=maybe_words,
    independent=st.booleans(),
    among_members=st.booleans(),
    term_months=numbers,
    terms_running=numbers,
    release_funded=st.booleans(),
    release=maybe_words,
    ex_officio=st.none() | ex_officio,
    note=maybe_words,
    **DATED,
    **TOLD,
)
bodies = st.builds(
    c.Body,
    id=ids,
    name=words,
    kind=st.sampled_from([*BODY_KINDS, "pier"]),
    tier=ids,
    reports_to=maybe_id,
    review_on=days,
    purpose=maybe_words,
    phases=some(st.sampled_from(list(PHASES))),
    members=st.none() | places,
    schools=st.none() | places,
    quorum=numbers,
    quorum_percent=st.none() | st.integers(1, 100),
    meets=maybe_words,
    meetings_a_year=numbers,
    no_individual_schools=st.booleans(),
    chair=st.sampled_from(list(Chairing)),
    replaces=some(ids),
    note=maybe_words,
    reporting_lines=some(st.builds(c.ReportingLine, ids, days, days)),
    seats=some(seats),
    **DATED,
    **TOLD,
)
constitutions = st.builds(
    c.Constitution,
    id=ids,
    name=words,
    kind=st.sampled_from(list(PartnershipKind)),
    purpose=maybe_words,
    status=st.sampled_from(list(Status)),
    review_on=days,
    note=maybe_words,
    cites=some(ids),
    not_found=some(words),
    kinds=st.just((("pier", "Pier"),)),
    roles=st.just((("pilot", "Pilot"),)),
    areas=some(st.builds(c.Area, st.from_regex(r"[0-9]{3}", fullmatch=True), words, days, days)),
    sources=some(st.builds(c.Source, ids, words, maybe_words, maybe_words, maybe_words)),
    tiers=some(st.builds(c.Tier, ids, words, st.sampled_from(list(Hue)), maybe_words, some(ids), some(words))),
    bodies=some(bodies),
    caps=some(
        st.builds(
            c.Cap,
            some(selectors, 1),
            some(st.sampled_from(list(Per)), 1),
            st.integers(1, 5),
            some(st.sampled_from(list(ROLES))),
            days,
            days,
        )
    ),
    belongings=some(st.builds(c.Belonging, st.sampled_from([*BODY_KINDS, "pier"]), st.integers(0, 3), numbers, days, days)),
    members=some(st.builds(c.Member, school=urns, name=maybe_words, bodies=some(ids), **SCHOOL, **DATED)),
    appointments=some(
        st.builds(
            c.Appointment,
            body=ids,
            seat=ids,
            person=words,
            role=st.sampled_from(["", *ROLES, "pilot"]),
            school=st.just("") | urns,
            how=st.none() | st.sampled_from(list(How)),
            successor=maybe_words,
            handover=maybe_words,
            **SCHOOL,
            **DATED,
        )
    ),
    **DATED,
)


@settings(max_examples=150, deadline=None)
@given(constitutions)
def test_constitution_survives_the_round_trip(original: c.Constitution) -> None:
    assert parse(to_toml(original)) == original


@pytest.mark.parametrize("name", AREAS + PATTERNS)
def test_shipped_constitution_survives_the_round_trip(name: str) -> None:
    assert parse(to_toml(constitution_of(name))) == constitution_of(name)


def test_file_is_written_plainly() -> None:
    seat = c.Seat(
        "co-chairs", 'The "chairs"', Part.CO_CHAIR, c.Places(2, 3), term_months=24, ex_officio=c.ExOfficio((Part.CHAIR,), ("board",))
    )
    body = c.Body(
        "board", "Board", "board", "board", from_on=date(2026, 9, 1), no_individual_schools=True, phases=("primary",), seats=(seat,)
    )
    written = to_toml(c.Constitution("x", "X", PartnershipKind.CHARITABLE_COMPANY, kinds=(("pier", "Pier"),), bodies=(body,)))
    assert (
        written
        == """[partnership]
id = "x"
name = "X"
kind = "charitable-company"

[kinds]
pier = "Pier"

[[body]]
id = "board"
name = "Board"
kind = "board"
tier = "board"
from = 2026-09-01
phases = ["primary"]
no_individual_schools = true

[[body.seat]]
id = "co-chairs"
title = "The \\"chairs\\""
part = "co-chair"
places = "2 or 3"
term = "2 years"
ex_officio = { part = ["chair"], bodies = ["board"] }
"""
    )


@pytest.mark.parametrize(("months", "words_for_it"), [(1, "1 month"), (18, "18 months"), (12, "1 year"), (36, "3 years")])
def test_term_is_written_in_words(months: int, words_for_it: str) -> None:
    body = c.Body("b", "B", "board", "t", seats=(c.Seat("s", "S", term_months=months),))
    assert f'term = "{words_for_it}"' in to_toml(c.Constitution("x", "X", PartnershipKind.CHARITABLE_COMPANY, bodies=(body,))).splitlines()
