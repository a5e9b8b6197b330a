"""The structure's drawing: nothing overlaps, nothing is lost, everything stays inside."""

import itertools
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.web.drawing import Drawing, structure_column, structure_drawing

TIERS = [
    {"key": "board", "name": "Boards", "hue": "board", "purpose": "set vision and priorities"},
    {"key": "alliance", "name": "Alliances", "hue": "alliance", "purpose": "commission and broker"},
    {"key": "cluster", "name": "Clusters", "hue": "cluster", "purpose": "help each other"},
]


def body(key: str, tier: str = "board", above: str | None = None, **more: object) -> dict[str, object]:
    return {
        "id": key,
        "name": more.pop("name", f"Body {key}"),
        "tier": tier,
        "reports_to": above,
        "seats": 5,
        "filled": 4,
        "href": "/x",
        **more,
    }


def area(alliances: int, clusters: int, schools: int) -> tuple[list[dict[str, object]], dict[str, list[dict[str, object]]]]:
    """A board, its alliances, their clusters, and schools in the clusters."""
    chance = random.Random(7)
    bodies = [
        body("top", name="Learning Partnership Board"),
        body("sub", above="top", name="Inclusion sub-group", subtitle="chair to be found"),
    ]
    bodies += [body(f"a{n}", "alliance", "top", name=f"Alliance {n}", subtitle="two co-chairs") for n in range(alliances)]
    names = ["Vale", "Forest and Berkeley Vale", "Gloucestershire North", "Ash"]
    bodies += [body(f"c{n}", "cluster", f"a{n % alliances}" if alliances else "top", name=f"{names[n % 4]} {n}") for n in range(clusters)]
    held: dict[str, list[dict[str, object]]] = {}
    for n in range(schools):
        held.setdefault(f"c{n % clusters}", []).append({"name": f"School {n}", "pupils": chance.choice([None, 20, 210, 1500])})
    return bodies, held


def touching(drawing: Drawing) -> list[tuple[str, str]]:
    """Pairs of boxes, or a box and a school, that overlap."""
    frames = [(box.id, box.x, box.y, box.x + box.width, box.y + box.height) for box in drawing.boxes]
    frames += [(dot.name, dot.x - dot.r, dot.y - dot.r, dot.x + dot.r, dot.y + dot.r) for dot in drawing.dots]
    frames.sort(key=lambda frame: frame[2])
    found = []
    for n, (one, left, _, right, bottom) in enumerate(frames):
        for other, left2, top2, right2, _ in frames[n + 1 :]:
            if top2 >= bottom:
                break
            if left < right2 and left2 < right:
                found.append((one, other))
    return found


def outside(drawing: Drawing) -> list[str]:
    found = [
        box.id
        for box in drawing.boxes
        if box.x < 0 or box.y < 0 or box.x + box.width > drawing.width or box.y + box.height > drawing.height
    ]
    found += [dot.name for dot in drawing.dots if dot.x - dot.r < 0 or dot.x + dot.r > drawing.width or dot.y + dot.r > drawing.height]
    return found


def crossing(drawing: Drawing) -> list[tuple[str, str]]:
    """Lines that run through the inside of a box."""
    found = []
    for join in drawing.joins:
        places = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", join)]
        for (x1, y1), (x2, y2) in itertools.pairwise(places):
            for box in drawing.boxes:
                inside_x = (
                    max(min(x1, x2), box.x + 1) < min(max(x1, x2), box.x + box.width - 1) or box.x + 1 < x1 == x2 < box.x + box.width - 1
                )
                inside_y = (
                    max(min(y1, y2), box.y + 1) < min(max(y1, y2), box.y + box.height - 1) or box.y + 1 < y1 == y2 < box.y + box.height - 1
                )
                if inside_x and inside_y:
                    found.append((join, box.id))
    return found


def drawn(drawing: Drawing) -> list[str]:
    """Every body that has a box or a line in a roll."""
    return [each.id for box in drawing.boxes for each in (box.chips or (box,))]


SIZES = [(0, 1, 1), (2, 6, 127), (3, 60, 350), (0, 60, 350), (12, 60, 350), (1, 3, 350), (25, 25, 100)]


@pytest.mark.parametrize(("alliances", "clusters", "schools"), SIZES)
@pytest.mark.parametrize("draw", [structure_drawing, structure_column])
def test_nothing_overlaps_and_nothing_is_lost(draw: object, alliances: int, clusters: int, schools: int) -> None:
    bodies, held = area(alliances, clusters, schools)
    drawing = draw(TIERS, bodies, held)  # type: ignore[operator]
    assert (touching(drawing), outside(drawing), crossing(drawing)) == ([], [], [])
    assert sorted(drawn(drawing)) == sorted(str(b["id"]) for b in bodies)
    assert len(drawing.dots) == schools


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["board", "alliance", "cluster", "unheard-of"]),
            st.integers(-1, 24),
            st.none() | st.integers(0, 70),
            st.text("abc dé", max_size=60),
            st.integers(0, 40),
        ),
        max_size=24,
    )
)
def test_any_partnership_can_be_drawn(rows: list[tuple[str, int, int | None, str, int]]) -> None:
    bodies = [body(str(n), tier, str(above), name=name, seats=seats) for n, (tier, above, seats, name, _) in enumerate(rows)]
    held = {str(n): [{"name": f"{n}-{m}", "pupils": m * 30} for m in range(row[4])] for n, row in enumerate(rows)}
    for draw in (structure_drawing, structure_column):
        drawing = draw(TIERS, bodies, held)
        assert (touching(drawing), outside(drawing), crossing(drawing)) == ([], [], [])
        assert len(drawing.boxes) == len(rows)


def test_small_partnership_keeps_its_width() -> None:
    bodies, held = area(2, 6, 30)
    assert structure_drawing(TIERS, bodies, held).width == 1056


def test_tiers_stand_above_one_another() -> None:
    bodies, held = area(2, 6, 30)
    tops = {box.id: box.y for box in structure_drawing(TIERS, bodies, held).boxes}
    assert len({tops["a0"], tops["a1"]}) == 1
    assert len({tops[f"c{n}"] for n in range(6)}) == 1
    assert tops["top"] < tops["sub"] < tops["a0"] < tops["c0"]


def test_empty_seats_are_open_and_held_ones_first() -> None:
    box = structure_drawing(TIERS, [body("top", seats=5, filled=3)]).boxes[0]
    assert [seat.empty for seat in box.seats] == [False, False, False, True, True]


def test_seats_that_are_not_described_are_not_drawn() -> None:
    box = structure_drawing(TIERS, [body("top", seats=None, filled=0, subtitle="chair elected")]).boxes[0]
    assert (box.seats, box.says) == ((), "Body top: chair elected; seats not described")


def test_very_many_seats_are_said_in_words() -> None:
    box = structure_drawing(TIERS, [body("top", seats=60, filled=51)]).boxes[0]
    assert (box.seats, box.seats_said and box.seats_said.text) == ((), "51 of 60 seats held")


def test_area_of_a_dot_follows_the_pupils() -> None:
    held = {"c": [{"name": "small", "pupils": 375}, {"name": "large", "pupils": 1500}]}
    small, large = structure_drawing(TIERS, [body("c", "cluster")], held).dots
    assert round((large.r / small.r) ** 2, 1) == 4.0


def test_bodies_that_report_in_a_circle_are_still_drawn() -> None:
    drawing = structure_drawing(TIERS, [body("a", above="b"), body("b", above="a"), body("c", above="c")])
    assert sorted(box.id for box in drawing.boxes) == ["a", "b", "c"]


def test_outline_follows_the_reporting_lines() -> None:
    bodies, held = area(1, 2, 5)
    outline = structure_drawing(TIERS, bodies, held).outline
    assert [item.name for item in outline] == ["Learning Partnership Board"]
    assert [item.name for item in outline[0].children] == ["Inclusion sub-group", "Alliance 0"]
    assert [item.schools for item in outline[0].children[1].children] == [3, 2]


def test_tiers_are_named_beside_the_picture_without_touching() -> None:
    bodies, held = area(2, 6, 30)
    labels = structure_drawing(TIERS, bodies, held).tiers
    assert [[line.text for line in label.name] for label in labels] == [["Boards"], ["Alliances"], ["Clusters"], ["Schools"]]
    ends = [(label.name[0].y, max([label.name[0].y, *(line.y for line in label.purpose)])) for label in labels]
    assert [later[0] > earlier[1] for earlier, later in itertools.pairwise(ends)] == [True, True, True]


def test_no_bodies_draw_nothing() -> None:
    assert (structure_drawing(TIERS, []).boxes, structure_column(TIERS, []).boxes) == ((), ())


def test_many_bodies_under_one_are_listed_in_a_roll_and_few_are_not() -> None:
    many, few = structure_drawing(TIERS, *area(3, 60, 350)), structure_drawing(TIERS, *area(3, 20, 120))
    assert [len(box.chips) for box in many.boxes if box.chips] == [10, 10] * 3
    assert [box for box in few.boxes if box.chips] == []
    assert many.height < 2 * 800


def test_lines_of_a_roll_stand_inside_it_one_beneath_another() -> None:
    for draw in (structure_drawing, structure_column):
        for box in draw(TIERS, *area(3, 60, 350)).boxes:
            ends = [chip.y + chip.height for chip in box.chips]
            assert [chip.y for chip in box.chips[1:]] == pytest.approx(ends[:-1], abs=0.2)
            assert all(box.y <= chip.y and end <= box.y + box.height + 0.2 for chip, end in zip(box.chips, ends, strict=True))


def test_last_word_that_all_share_is_left_out_of_a_roll_and_said_in_full() -> None:
    bodies = [{"id": "board", "name": "Board", "tier": "board"}]
    bodies += [{"id": f"c{n}", "name": f"Place{n} cluster", "tier": "cluster", "reports_to": "board", "seats": 2} for n in range(40)]
    chip = next(box for box in structure_drawing(TIERS, bodies).boxes if box.chips).chips[0]
    assert ([line.text for line in chip.name], chip.says) == (["Place0"], "Place0 cluster: 0 of 2 seats held")


def test_school_in_two_bodies_is_drawn_twice_and_counted_once() -> None:
    bodies = [{"id": key, "name": key, "tier": "cluster"} for key in ("one", "other")]
    school = {"urn": "990001", "name": "Fernhollow", "pupils": 200}
    drawing = structure_drawing(TIERS, bodies, {"one": [school], "other": [school]})
    assert (len(drawing.dots), drawing.schools) == (2, 1)
