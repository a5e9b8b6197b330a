"""The themes and the ways of review: read from data, kept whole with a round, refused in words where they are wrong."""

import json

import pytest

from convenor.peer_review.rules.themes import THEMES, in_order, name_of
from convenor.peer_review.rules.ways import WAY_KEYS, Timings, WayRefusedError, kept_way, way, way_from, ways


def test_every_shipped_way_is_read_and_kept_unchanged():
    for each in ways():
        assert way_from(json.loads(json.dumps(each.as_dict()))) == each
    assert tuple(each.key for each in ways()) == WAY_KEYS


def test_every_shipped_way_names_its_source_and_what_is_proposed():
    assert [each.key for each in ways() if not each.source.startswith("https://") or not each.proposed] == []


def test_the_ways_differ_in_what_they_are_known_for():
    assert [(each.key, each.team_size, each.visit_days, each.independent_lead) for each in ways()] == [
        ("clusters", 3, 1, False),
        ("triads", 2, 2, False),
        ("lead-and-support", 2, 1, False),
        ("two-reviewers-one-day", 2, 1, False),
        ("three-days-independent-lead", 4, 3, True),
    ]


def test_timings_are_those_of_the_field_notes():
    assert way("clusters").timings == Timings(14, 10, 5, 14, 6, 30)


def test_a_key_that_is_no_way_is_refused():
    with pytest.raises(KeyError):
        way("../settings")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"team_size": 5}, "“team_size” should be a whole number from 2 to 4."),
        ({"team_size": True}, "“team_size” should be a whole number from 2 to 4."),
        ({"visit_days": "one"}, "“visit_days” should be a whole number from 1 to 3."),
        ({"champion": 1}, "“champion” should be true or false."),
        ({"name": " "}, "“name” should be words."),
        ({"no_swap": "all"}, "“no_swap” should be “lead” or “none”."),
        ({"documents": ["grade"]}, "“documents” should name some of: agenda, evidence, report."),
        ({"report": []}, "“report” should have at least one heading, and no key twice."),
        (
            {"self_review": [{"key": "a", "title": "A"}, {"key": "a", "title": "B"}]},
            "“self_review” should have at least one heading, and no key twice.",
        ),
        ({"activities": [{"title": "Talk", "kind": "talk", "minutes": 0}]}, "“minutes” should be a whole number from 5 to 600."),
    ],
)
def test_a_wrong_value_is_named(change, says):
    with pytest.raises(WayRefusedError) as refusal:
        way_from(way("clusters").as_dict() | change)
    assert str(refusal.value) == says


def test_an_unknown_key_is_named():
    with pytest.raises(WayRefusedError, match=r"^“grade” is no key of a way of review"):
        way_from(way("clusters").as_dict() | {"grade": "good"})
    with pytest.raises(WayRefusedError, match=r"^“ofsted” is no timing"):
        way_from(way("clusters").as_dict() | {"timings": {"ofsted": 1}})


def test_a_timing_left_out_is_the_usual_one():
    assert way_from(way("clusters").as_dict() | {"timings": {"draft_working_days": 20}}).timings == Timings(draft_working_days=20)


def test_themes_are_keyed_and_kept_in_order():
    assert [key for key, theme in THEMES.items() if theme.key != key] == []
    assert in_order(["science", "reading", "science", "grades"]) == ("reading", "science")
    assert (name_of("inclusion"), name_of("latin")) == ("SEND and inclusion", "latin")


def test_neither_governance_nor_safeguarding_is_reviewed():
    assert {"governance", "safeguarding"} & set(THEMES) == set()


def test_an_older_copy_is_filled_from_the_file_of_its_name():
    kept = {"key": "triads", "name": "Threes", "team_size": 3}
    assert kept_way(kept, "clusters") == way_from(way("triads").as_dict() | {"name": "Threes", "team_size": 3})
    assert kept_way({}, "clusters") == way("clusters")
