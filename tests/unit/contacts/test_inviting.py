"""Inviting heads: one letter to each address, who is asked again, whom no letter reaches, and what a letter says."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.contacts.rules.inviting import LINK_OF_PRACTICE, KnownHead, Left, circular, invitation, standing
from convenor.post.rules import check

ON = date(2026, 11, 22)
SCHOOLS = {"1": "Ashwater", "2": "Brookmoor", "3": "Coldbrook"}


def head(urn: str = "1", name: str = "Ada Example", email: str = "head@ashwater.example", **more: object) -> KnownHead:
    return KnownHead(urn, SCHOOLS.get(urn, "Elsewhere"), name, email, **more)  # type: ignore[arg-type]


def test_executive_head_gets_one_letter_for_all_their_schools() -> None:
    found = standing(SCHOOLS, [head(), head("2", "Mrs Ada Example")], on=ON)
    assert [(each.email, each.name, each.schools) for each in found.first] == [
        ("head@ashwater.example", "Ada Example", ("Ashwater", "Brookmoor"))
    ]
    assert (found.schools, [(each.urn, each.why) for each in found.left]) == (2, [("3", Left.NOBODY)])


def test_address_of_two_people_is_asked_about_and_never_written_to() -> None:
    found = standing(SCHOOLS, [head(), head("2", "Bo Other"), head("3", "Ada", "c@x.example", known_as="Cy Vane")], on=ON)
    assert (found.first, [(each.urn, each.why) for each in found.left]) == ((), [(urn, Left.TWO_NAMES) for urn in SCHOOLS])


def test_person_with_two_addresses_is_named() -> None:
    found = standing(SCHOOLS, [head(), head("2", "Dr. Ada Example", "ada@brookmoor.example")], on=ON)
    assert found.twice == (("Ada Example", ("ada@brookmoor.example", "head@ashwater.example")),)


@pytest.mark.parametrize(
    ("known", "group"),
    [
        (head(), "first"),
        (head(last_on=ON - timedelta(days=7)), "again"),
        (head(last_on=ON - timedelta(days=6)), "waiting"),
        (head(last_on=ON, came_in=True), "inside"),
        (head(came_in=True), "inside"),
    ],
)
def test_head_is_in_the_group_of_the_table(known: KnownHead, group: str) -> None:
    found = standing({"1": "Ashwater"}, [known], on=ON)
    assert [key for key in ("first", "again", "waiting", "inside") if getattr(found, key)] == [group]


def test_school_that_comes_to_an_invited_head_makes_a_first_letter() -> None:
    found = standing(SCHOOLS, [head(last_on=ON), head("2")], on=ON)
    assert [len(each) for each in (found.first, found.waiting)] == [1, 0]


@pytest.mark.parametrize(
    ("known", "why"), [(head(email=""), Left.NO_ADDRESS), (head(email="Back@x.example"), Left.CAME_BACK), (head("9"), Left.NOBODY)]
)
def test_school_without_a_way_is_left_and_told_why(known: KnownHead, why: Left) -> None:
    found = standing({"1": "Ashwater"}, [known], come_back=["back@x.example"], on=ON)
    assert (found.first, [each.why for each in found.left]) == ((), [why])


KNOWN = st.builds(
    KnownHead, st.sampled_from(["1", "2", "3", "9"]), st.just("A school"), st.sampled_from(["", "Ada", "Bo"]),
    st.sampled_from(["", "a@x.example", "b@x.example"]), came_in=st.booleans(), last_on=st.sampled_from([None, ON, ON - timedelta(days=9)]),
)  # fmt: skip


@given(st.lists(KNOWN, max_size=8))
def test_every_school_is_in_a_letter_or_left_with_a_reason(heads: list[KnownHead]) -> None:
    found = standing(SCHOOLS, heads, on=ON)
    letters = (*found.first, *found.again, *found.waiting, *found.inside)
    assert {each.urn for letter in letters for each in letter.heads} | {each.urn for each in found.left} == set(SCHOOLS)
    assert len({each.email for each in letters}) == len(letters)


def test_words_of_an_invitation_carry_one_link_and_no_concern() -> None:
    said = invitation(
        partnership="Fernshire Education Partnership", name="", schools=["Ashwater", "Brookmoor", "Coldbrook"], link=LINK_OF_PRACTICE,
        site="https://here.example", by="Mara Hollis",
    )  # fmt: skip
    check(subject=said.subject, body=said.body)
    assert said.subject == "Fernshire Education Partnership: your way in"
    assert said.body.startswith(
        "Dear colleague,\n\nFernshire Education Partnership invites you in as head of Ashwater, Brookmoor and Coldbrook.\n"
    )
    assert [said.body.count(each) for each in (LINK_OF_PRACTICE, "https://here.example/sign-in/\n", "Mara Hollis")] == [1, 1, 1]


def test_words_of_a_circular_say_why_they_come_and_how_they_stop() -> None:
    said = circular(
        partnership="Fernshire", name="Ada", subject="The autumn conference", words=" Come. ",
        standing_for=["head of Ashwater", "SENCO of Brookmoor"], stop="https://here.example/stop", by="Mara Hollis",
    )  # fmt: skip
    assert said.body.split("----\n") == [
        "Dear Ada,\n\nCome.\n\nMara Hollis\nFernshire\n\n",
        "You get this as head of Ashwater; SENCO of Brookmoor. No address of another reader is in it.\n"
        "No more letters to many, without signing in:\nhttps://here.example/stop\n",
    ]
