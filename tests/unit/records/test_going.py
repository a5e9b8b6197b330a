"""What goes and what stays: over whatever keys lie between rows."""

from hypothesis import given
from hypothesis import strategies as st

from convenor.records.rules.going import Link, Row, batches, bundles, children_first, may_go

ROWS = st.tuples(st.sampled_from("abc"), st.integers(0, 5))
LINKS = st.lists(st.builds(Link, row=ROWS, to=ROWS, stays=st.booleans()), max_size=25)
PAST = st.frozensets(ROWS, max_size=14)


@given(PAST, LINKS)
def test_what_goes_was_past_and_leaves_nothing_pointing_at_nothing(past: frozenset[Row], links: list[Link]) -> None:
    going = may_go(past, links)
    assert going <= past
    assert [link for link in links if link.to in going and link.row not in going] == []
    assert [link for link in links if link.stays and link.row in going and link.to not in going] == []


@given(PAST, LINKS)
def test_everything_goes_that_may(past: frozenset[Row], links: list[Link]) -> None:
    """No larger set would do: whatever stayed is needed by something that is not past."""
    going = may_go(past, links)
    kept = set(past) - going
    assert all(
        any((link.to == row and link.row not in going) or (link.stays and link.row == row and link.to not in going) for link in links)
        for row in kept
    )


@given(PAST, LINKS, ROWS)
def test_holding_one_row_back_lets_nothing_more_go(past: frozenset[Row], links: list[Link], held: Row) -> None:
    with_hold = may_go(past - {held}, links)
    assert with_hold <= may_go(past, links)
    assert held not in with_hold


@given(PAST, LINKS, st.integers(1, 6))
def test_groups_are_never_parted(past: frozenset[Row], links: list[Link], size: int) -> None:
    going = may_go(past, links)
    groups = bundles(going, links)
    assert sorted(row for group in groups for row in group) == sorted(going)
    parts = batches(groups, size=size)
    assert [row for part in parts for row in part] == [row for group in groups for row in group]
    where = {row: number for number, part in enumerate(parts) for row in part}
    assert [link for link in links if link.row in going and link.to in going and where[link.row] != where[link.to]] == []


def test_batches_are_about_as_large_as_asked() -> None:
    assert [len(part) for part in batches([[("a", n)] for n in range(10)], size=4)] == [4, 4, 2]


def test_a_table_is_emptied_before_what_it_points_at() -> None:
    order = children_first(
        {"package": {"school", "need"}, "need": {"school"}, "school": set(), "task": {"package"}, "note": {"note", "task"}}
    )
    assert order == ["note", "task", "package", "need", "school"]


def test_tables_in_a_ring_come_by_their_names() -> None:
    assert children_first({"b": {"a"}, "a": {"b"}}) == ["a", "b"]
