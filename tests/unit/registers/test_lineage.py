"""A school's life through conversion, merger and split."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from convenor.registers.rules.lineage import Lineage, Link, Step, direction, lineage

DAY = date(2015, 9, 1)


def test_chain_of_conversions_is_followed_both_ways() -> None:
    links = [Link("100001", "140001", "Successor", DAY), Link("150001", "140001", "Predecessor", date(2020, 1, 1))]
    assert lineage("140001", links) == Lineage(
        "140001", (Step("100001", 1, "Successor", DAY),), (Step("150001", 1, "Predecessor", date(2020, 1, 1)),)
    )
    assert lineage("150001", links).urns == ("100001", "140001", "150001")


def test_link_told_from_both_sides_counts_once_with_its_date() -> None:
    links = [Link("100001", "140001", "Successor"), Link("140001", "100001", "Predecessor", DAY)]
    assert lineage("100001", links).successors == (Step("140001", 1, "Predecessor", DAY),)


def test_merger_gathers_all_that_went_into_it() -> None:
    links = [Link("140001", urn, "Predecessor - merged", DAY) for urn in ("100003", "100001", "100002")]
    assert [step.urn for step in lineage("140001", links).predecessors] == ["100001", "100002", "100003"]
    assert lineage("100001", links).urns == ("100001", "140001")


def test_circle_ends_and_tells_each_school_once() -> None:
    links = [Link("1", "2", "Successor"), Link("2", "3", "Successor"), Link("3", "1", "Successor")]
    assert lineage("1", links).urns == ("3", "1", "2")


def test_schools_side_by_side_are_no_history() -> None:
    kinds = ("Sixth Form Centre Link", "Other", "Expansion", "Result of Amalgamation", "Predecessor - Split School")
    assert [direction(kind) for kind in kinds] == [0, 0, 0, 1, -1]
    assert lineage("1", [Link("1", "2", "Sixth Form Centre School"), Link("1", "1", "Successor")]) == Lineage("1", (), ())


urns = st.sampled_from([str(number) for number in range(8)])
kinds = st.sampled_from(["Successor", "Predecessor", "Successor - merged", "Other"])


@given(st.lists(st.builds(Link, urns, urns, kinds, st.sampled_from([None, DAY]))), urns, st.randoms())
def test_lineage_names_each_school_once_whatever_the_order(links: list[Link], urn: str, random: object) -> None:
    found = lineage(urn, links)
    assert len(found.urns) == len(set(found.urns))
    shuffled = list(links)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sorted(lineage(urn, shuffled).urns) == sorted(found.urns)
