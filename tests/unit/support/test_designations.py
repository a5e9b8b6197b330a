"""Designations as data: national, historic, local, and a partnership's own."""

from __future__ import annotations

import pytest

from convenor.support.rules.designations import DESIGNATIONS, Standing, check_local, in_order, local, name_of, with_local
from convenor.support.rules.entries import check_designations, check_name, published_name
from convenor.support.rules.refusals import NoWords
from convenor.support.rules.states import SupporterKind

OWN = local("local-own-reading-lead", "Reading lead", "Seen at work")


def test_every_designation_has_words_and_somebody_to_be_given_to() -> None:
    bare = [key for key, each in DESIGNATIONS.items() if not (each.key == key and each.name and each.says and each.kinds)]
    assert bare == []


def test_lapsed_national_names_are_marked_historic() -> None:
    historic = [each.name for each in DESIGNATIONS.values() if each.standing is Standing.HISTORIC]
    assert historic == [
        "National leader of education", "Local leader of education", "Specialist leader of education", "Teaching school", "Behaviour hub",
    ]  # fmt: skip
    assert (name_of("national-leader"), name_of("system-leader"), name_of("gone")) == (
        "National leader of education (historic)", "System leader", "gone",
    )  # fmt: skip


def test_a_partnerships_own_stand_first() -> None:
    known = with_local([OWN])
    assert next(iter(known)) == OWN.key
    assert in_order(["system-leader", OWN.key, "nonsense"], known) == (OWN.key, "system-leader")
    assert in_order(["trust", "system-leader"]) == ("system-leader", "trust")


def test_a_designation_is_named_with_words_of_its_own() -> None:
    assert check_local(" Reading  lead ", "Seen at work", []) == ("local-own-reading-lead", "Reading lead", "Seen at work")
    assert check_local("Ysgol", "Words", ["Other"])[0] == "local-own-ysgol"
    assert check_local("’", "Words", [])[0] == "local-own-own"
    wrong = [("", "Words"), ("Name", " "), ("N" * 121, "Words"), ("Name", "W" * 301), ("taken", "Words"), ("Maths hub", "Words")]
    for name, says in wrong:
        with pytest.raises(NoWords):
            check_local(name, says, ["Taken"])


def test_a_designation_is_given_only_to_whom_it_belongs() -> None:
    assert check_designations(("mentor-head", "system-leader"), SupporterKind.PERSON) == ("system-leader", "mentor-head")
    assert check_designations((OWN.key,), SupporterKind.HUB, with_local([OWN])) == (OWN.key,)
    with pytest.raises(NoWords, match=r"^“Maths hub” is not given to a person"):
        check_designations(("maths-hub",), SupporterKind.PERSON)


def test_a_body_has_a_name() -> None:
    assert check_name(" Vale  Hub ", SupporterKind.HUB) == "Vale Hub"
    for name in ("", "N" * 201):
        with pytest.raises(NoWords, match=r"^Give the hub a name"):
            check_name(name, SupporterKind.HUB)


@pytest.mark.parametrize(
    ("kind", "designation", "house", "said"),
    [
        (SupporterKind.PERSON, "System leader", "Fernhollow Primary School", "System leader, Fernhollow Primary School"),
        (SupporterKind.PERSON, "", "", "Supporter of schools"),
        (SupporterKind.SCHOOL, "Research school", "Fernhollow Primary School", "Ada Example"),
    ],
)
def test_a_person_is_never_published_by_name(kind: SupporterKind, designation: str, house: str, said: str) -> None:
    assert published_name(kind, "Ada Example", designation, house) == said
