"""Finding somebody: facets, spelling forgiven, an order that grades nobody; and the map."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.support.rules.directory import CAME_ABOUT, Asked, km_apart, likeness, outcomes_told, search
from convenor.support.rules.entries import Offering, check_offering
from convenor.support.rules.entry_map import HEIGHT_AT_MOST, MARGIN, WIDTH, draw
from convenor.support.rules.refusals import NoWords, WrongSum


@dataclass(frozen=True)
class One:
    """An entry as small as the search allows."""

    name: str
    words: str = ""
    kind: str = "person"
    expertise: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    designations: tuple[str, ...] = field(default=())
    half_days_left: int = 0
    km: float | None = None
    reach_km: int | None = None


def names(entries: list[One], **asked: object) -> list[str]:
    return [each.name for each in search(entries, Asked(**asked)).entries]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("", "anything", True),
        ("fernhollow", "Fernhollow Primary School", True),
        ("fern", "Fernhollow Primary School", True),
        ("fernholow", "Fernhollow Primary School", True),
        ("St Mary", "Saint Mary's Church of England School", True),
        ("sience", "Science", True),
        ("a", "Ada", False),
        ("art", "arc", False),
        ("zebra", "Fernhollow Primary School", False),
        ("fernhollow zebra", "Fernhollow Primary School", False),
        ("reading", "", False),
    ],
)
def test_spelling_is_forgiven_and_every_word_is_asked(text: str, words: str, found: bool) -> None:
    assert (likeness(text, words) > 0) is found


def test_a_word_that_stands_is_likelier_than_one_that_is_nearly_there() -> None:
    assert likeness("reading", "Reading") == 100.0
    assert likeness("reading", "Reading") > likeness("readin", "Reading") > likeness("reeding", "Reading") > 0


def test_the_nearest_come_first_among_those_that_fit_as_well() -> None:
    entries = [One("Cy", km=None), One("Bo", km=9.0), One("Al", km=9.0), One("Di", km=2.0)]
    assert names(entries) == ["Di", "Al", "Bo", "Cy"]


def test_each_facet_narrows() -> None:
    one = One(
        "Al", expertise=("reading",), phases=("Primary",), formats=("visits",), designations=("trust",), half_days_left=4, km=8, reach_km=5
    )
    other = One("Bo", kind="school", expertise=("writing",), half_days_left=1, km=3)
    asked: list[dict[str, object]] = [
        {"theme": "reading"}, {"phase": "Secondary"}, {"phase": "All-through"}, {"format": "visits"}, {"designation": "trust"},
        {"kind": "school"}, {"within_km": 10}, {"within_km": 2}, {"days": 2},
    ]  # fmt: skip
    found = [names([one, other], **each) for each in asked]
    assert found == [["Al"], ["Bo"], ["Bo", "Al"], ["Al"], ["Al"], ["Bo"], ["Bo"], [], ["Al"]]
    assert (Asked().narrows, Asked(days=1).narrows) == (False, True)


def test_a_count_keeps_the_other_choices_and_not_its_own() -> None:
    entries = [One("Al", expertise=("reading",), kind="person"), One("Bo", expertise=("writing",), kind="person"),
               One("Cy", expertise=("reading",), kind="school")]  # fmt: skip
    counts = search(entries, Asked(theme="reading", kind="person")).counts
    assert (dict(counts["theme"]), dict(counts["kind"])) == ({"reading": 1, "writing": 1}, {"person": 1, "school": 1})


def test_distance_is_known_between_two_places_alone() -> None:
    assert km_apart((0, 0), (3000, 4000)) == 5.0
    assert [km_apart((None, 0), (0, 0)), km_apart((0, None), (0, 0)), km_apart((0, 0), (None, 0)), km_apart((0, 0), (0, None))] == [
        None
    ] * 4


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["met"] * 4, "too few to say"), (["met", "partly", "stopped", "stopped", "not-met"], "fewer than a half"),
        (["met", "met", "partly", "stopped", "not-met"], "a half or more"), (["met"] * 5, "a half or more"),
        (["stopped"] * 6, "fewer than a half"),
        (["met"] * 19 + ["stopped"], "three quarters or more"),
    ],
)  # fmt: skip
def test_outcomes_are_told_as_a_part_of_five_schools_or_more(words: list[str], says: str) -> None:
    assert outcomes_told({str(number): word for number, word in enumerate(words)}, CAME_ABOUT).says == says


@given(st.lists(st.booleans(), min_size=5, max_size=40))
def test_no_school_can_be_worked_out_from_what_is_told_of_outcomes(came: list[bool]) -> None:
    told = outcomes_told({str(number): "met" if each else "stopped" for number, each in enumerate(came)}, CAME_ABOUT)
    assert told.low is not None
    assert told.high is not None
    could = [many for many in range(len(came) + 1) if told.low <= 100 * many / len(came) <= told.high]
    assert len(could) >= 3  # whoever knows of one school, or of two, learns nothing of a third


def test_an_entry_keeps_known_terms_alone() -> None:
    kept = check_offering(
        Offering(("writing", "reading", "latin"), ("Secondary", "Primary"), ("visits", "coaching", "magic"), " Yes. ", 300)
    )
    assert (kept.expertise, kept.phases, kept.formats, kept.says) == (
        ("reading", "writing"), ("Primary", "Secondary"), ("coaching", "visits"), "Yes.",
    )  # fmt: skip


def test_an_entry_that_cannot_be() -> None:
    for wrong in (Offering(), Offering(("latin",)), Offering(("reading",), says="x" * 2001)):
        with pytest.raises(NoWords):
            check_offering(wrong)
    for km in (0, 301):
        with pytest.raises(WrongSum):
            check_offering(Offering(("reading",), reach_km=km))


def test_a_map_of_nothing_is_none() -> None:
    assert draw([], []) is None


def test_what_stands_at_one_place_shares_a_dot() -> None:
    drawn = draw([(0, 0), (0, 0)], [((1000, 2000), 1, "Al"), ((1000, 2000), 2, "Bo"), ((0, 0), 3, "Cy")], (1000, 2000))
    assert drawn is not None
    assert [(each.numbers, each.says) for each in drawn.dots] == [((1, 2), "1. Al; 2. Bo"), ((3,), "3. Cy")]
    assert (len(drawn.ground), drawn.own) == (1, (drawn.dots[0].x, drawn.dots[0].y))
    assert draw([(5, 5)], []) is not None


@given(st.lists(st.tuples(st.integers(0, 700_000), st.integers(0, 1_300_000)), min_size=1, max_size=30))
def test_everything_is_drawn_inside_and_north_is_up(places: list[tuple[int, int]]) -> None:
    drawn = draw(places, [])
    assert drawn is not None
    assert all(MARGIN - 1 <= x <= WIDTH - MARGIN + 1 and MARGIN - 1 <= y <= drawn.height - MARGIN + 1 for x, y in drawn.ground)
    assert drawn.height <= HEIGHT_AT_MOST + 1
    top = max(places, key=lambda place: place[1])
    assert draw([top, *places], []).ground[0][1] == min(y for _, y in drawn.ground)  # type: ignore[union-attr]
