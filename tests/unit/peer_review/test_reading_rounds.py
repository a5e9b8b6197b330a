"""What is refused of a ROUND.json, and what is said about it."""

import json
import pathlib
from datetime import date
from typing import Any

import pytest

from convenor.peer_review.rules.matching import Led, Rule, Weights, match, read_round, round_from
from convenor.peer_review.rules.matching.reading import RoundRefusedError
from tests.unit.peer_review.small_rounds import cluster, person, school


def refused(raw: Any) -> list[str]:
    with pytest.raises(RoundRefusedError) as told:
        round_from(raw)
    return told.value.problems


def test_a_sound_round_is_read_with_its_defaults() -> None:
    found = read_round(json.dumps(cluster(4, 2)))
    assert (found.team_size, found.school_serves_at_most, found.lead_rest_cycles, found.seed) == (2, 3, 2, 0)
    assert (found.on, found.weights, found.waive, found.history, found.ignored) == (date(2026, 11, 21), Weights(), frozenset(), (), ())
    assert [host.id for host in found.hosts] == ["A", "B", "C", "D"]
    assert found.rest_cycles == 2


def test_a_round_of_three_schools_rests_its_leads_for_one_cycle() -> None:
    assert round_from(cluster(3, 2)).rest_cycles == 1


def test_everything_written_is_read() -> None:
    raw = cluster(4, 2, seed=-3, school_serves_at_most=5, lead_rest_cycles=1, waive=["same_trust"], weights={"competitor": 4})
    raw["history"] = [
        {"cycles_ago": 1, "host": "A", "lead_school": "B"},
        {"cycles_ago": 1, "host": "B", "lead_school": None},
        {"cycles_ago": 2, "host": "gone", "lead_school": "C"},
    ]
    found = round_from(raw)
    assert (found.seed, found.school_serves_at_most, found.waive) == (-3, 5, frozenset({Rule.SAME_TRUST}))
    assert found.weights == Weights(competitor=4.0)
    assert found.history == (Led(1, "A", "B"), Led(2, "gone", "C"))
    assert found.resting == frozenset({("A", "B")})


def test_what_is_no_json_is_refused_with_its_place() -> None:
    with pytest.raises(RoundRefusedError, match=r"line 1 column 2.*Correct the file"):
        read_round("{oops")


def test_the_frame_of_a_round_is_asked_for() -> None:
    assert refused([]) == ["The file: it must hold one object with the keys schools and people. See docs/how-to/match-reviewers.md."]
    assert refused({}) == [
        "The round: team_size is missing. Write a whole number, 1 or more.",
        "The round: 'schools' must be a list. Add it, empty if there is nothing to say.",
        "The round: 'people' must be a list. Add it, empty if there is nothing to say.",
        "The round: on is missing. Write a date that exists as year-month-day, such as 2026-11-21.",
    ]


SLIP = "Write '{}' if that is meant, or take it out."
PERSON_A1, SCHOOL_A = "Person A1: ", "School A: "


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"seed": 1.5}, "The round: seed is 1.5. Write a whole number."),
        ({"team_size": True}, "The round: team_size is true. Write a whole number, 1 or more."),
        ({"on": "2026-02-30"}, 'The round: on is "2026-02-30". Write a date that exists as year-month-day, such as 2026-11-21.'),
        ({"on": "20261121"}, 'The round: on is "20261121". Write a date that exists as year-month-day, such as 2026-11-21.'),
        ({"waive": ["training"]}, "The round: 'training' cannot be waived. Only same_trust can; take it out of waive."),
        ({"weights": 3}, "The round: weights must be an object. Correct it, or take it out."),
        ({"weights": {"competitor": -1}}, "The weights: competitor is -1. Write a number, 0 or more."),
        ({"weights": {"competitors": 1}}, "The weights: the key 'competitors' is unknown. " + SLIP.format("competitor")),
        ({"history": {}}, "The round: 'history' must be a list. Add it, empty if there is nothing to say."),
        ({"history": [7]}, "Line 1 of the history: it must be an object with cycles_ago, host and lead_school."),
        (
            {"history": [{"cycles_ago": 0, "host": "A", "lead_school": "B"}]},
            "Line 1 of the history: cycles_ago is 0. Write a whole number, 1 or more.",
        ),
        (
            {"school_server_at_most": 2},
            "The round: the key 'school_server_at_most' is unknown. " + SLIP.format("school_serves_at_most"),
        ),
    ],
)
def test_a_fault_of_the_round_is_named_with_its_remedy(changed: dict[str, Any], says: str) -> None:
    assert refused({**cluster(2, 1), **changed}) == [says]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"phase": "infant"}, 'phase is "infant". Write one of primary, secondary, all-through, special, nursery, alternative.'),
        ({"trust": 5}, "trust is 5. Write a text in quotation marks, or null."),
        ({"easting": "x"}, 'easting is "x". Write metres of the national grid as a number, or null.'),
        ({"northing": float("nan")}, "northing is NaN. Write metres of the national grid as a number, or null."),
        ({"hosts": 1}, "hosts is 1. Write true or false."),
        ({"team_size": 0}, "team_size is 0. Write a whole number, 1 or more."),
        ({"focus": "reading"}, 'focus must be a list of texts, such as ["reading"]. Correct it.'),
        ({"focus": ["reading", "reading"]}, "focus names reading 2 times. Name it once."),
        ({"objects_to": ["Z"]}, "objects_to names Z, which is no school of this round. Correct the id, or add the school."),
        ({"object_to": ["B"]}, "the key 'object_to' is unknown. Write 'objects_to' if that is meant, or take it out."),
        ({"easting": None}, "it hosts and has no easting and northing. Give both, or set hosts to false."),
    ],
)
def test_a_fault_of_a_school_is_named_with_its_remedy(changed: dict[str, Any], says: str) -> None:
    raw = cluster(2, 1, people=[])
    raw["schools"][0].update(changed)
    assert refused(raw) == [SCHOOL_A + says]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"school": "Z"}, "school names Z, which is no school of this round. Correct the id, or add the school."),
        ({"school": ""}, 'school is "". Write a text in quotation marks, or null.'),
        ({"declared_interests": ["Z"]}, "declared_interests names Z, which is no school of this round. Correct the id, or add the school."),
        ({"trained_until": None}, "trained_until is missing. Write a date that exists as year-month-day, such as 2026-11-21."),
        ({"reviews_left": -1}, "reviews_left is -1. Write a whole number, 0 or more."),
        ({"can_lead": "yes"}, 'can_lead is "yes". Write true or false.'),
    ],
)
def test_a_fault_of_a_person_is_named_with_its_remedy(changed: dict[str, Any], says: str) -> None:
    raw = cluster(2, 1)
    raw["people"][0].update(changed)
    assert refused(raw) == [PERSON_A1 + says]


def test_items_without_an_id_are_named_by_their_number() -> None:
    raw = cluster(2, 1)
    raw["schools"].append({"phase": "primary"})
    raw["people"] += [3, {"id": 7}]
    assert refused(raw) == [
        "School 3: its id is missing. Give it a text of its own, such as its URN in quotation marks.",
        "Person 3: it must be an object. See docs/how-to/match-reviewers.md.",
        "Person 4: its id is 7. Give it a text of its own, such as its URN in quotation marks.",
    ]


def test_ids_given_twice_are_refused() -> None:
    raw = cluster(2, 1)
    raw["schools"].append(school("A"))
    raw["people"].append(person("B1", "A"))
    assert refused(raw) == ["School A: the id stands 2 times. Give each its own.", "Person B1: the id stands 2 times. Give each its own."]


def test_a_missing_place_is_refused_only_where_someone_could_be_matched_from_it() -> None:
    raw = cluster(3, 1)
    raw["schools"].append(school("D", hosts=False, easting=None))
    raw["people"] += [person("D1", "D"), person("D2", "D"), person("I1", None), person("I2", None, reviews_left=0)]
    assert refused(raw) == [
        "School D: no easting and northing, and D1 could be matched from there. Give both, or set reviews_left to 0.",
        "Person I1: no easting and northing, and they could be matched. Give both, or set reviews_left to 0.",
    ]
    for each in raw["people"][3:]:
        each["trained_until"] = "2026-01-01"
    assert [found.id for found in round_from(raw).hosts] == ["A", "B", "C"]


def test_the_example_of_the_how_to_is_a_sound_round() -> None:
    page = pathlib.Path("docs/how-to/match-reviewers.md").read_text()
    found = read_round(page.split("```json\n")[1].split("```")[0])
    assert ([host.id for host in found.hosts], found.ignored) == (["S1", "S2", "S3"], ())
    assert match(found).status == "optimal"
