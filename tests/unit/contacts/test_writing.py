"""Who is written to, and why anybody is left out."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.contacts.rules.refusals import NotAContact
from convenor.contacts.rules.roles import is_private, role_word
from convenor.contacts.rules.verifying import checked, said_of
from convenor.contacts.rules.writing import Consent, Reachable, Why, chosen, reach_of, standing_for, why_left


def line(
    key: int = 1, role: str = "head", email: str = "head@fernhollow.example", consent: str = Consent.UNKNOWN, **more: object
) -> Reachable:
    return Reachable(
        key, **{"urn": "990001", "school": "Fernhollow", "role": role, "name": "Ada", "email": email, "consent": consent} | more
    )


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (line(), None),
        (line(email=""), Why.NO_ADDRESS),
        (line(consent=Consent.NO), Why.SAID_NO),
        (line(email="no@x.example"), Why.SAID_NO),
        (line(email="back@x.example"), Why.CAME_BACK),
        (line(email="back@x.example", consent=Consent.YES), Why.CAME_BACK),
        (line(role="other"), Why.NOT_ASKED),
        (line(role="other", consent=Consent.YES), None),
        (line(email="ada@gmail.com"), Why.OWN_MAILBOX),
        (line(email="ada@gmail.com", consent=Consent.YES), None),
    ],
)
def test_line_is_left_for_the_reason_of_the_table(asked: Reachable, why: Why | None) -> None:
    assert why_left(asked, said_no={"no@x.example"}, come_back={"back@x.example"}) == why


def test_one_address_gets_one_letter_however_many_schools_it_stands_for() -> None:
    reach = reach_of([line(1, name=""), line(2, urn="990002"), line(3, email="")])
    assert [(each.email, each.name, len(each.lines)) for each in reach.readers] == [("head@fernhollow.example", "Ada", 2)]
    assert (reach.schools, reach.left_counts) == (2, {"no address": 1})


def test_no_of_one_line_counts_for_its_address_everywhere() -> None:
    reach = reach_of([line(1, consent=Consent.YES), line(2, role="chair", consent=Consent.NO)])
    assert (reach.readers, reach.left_counts) == ((), {"said no": 2})


@given(
    st.lists(
        st.tuples(st.sampled_from(["head", "other"]), st.sampled_from(["", "a@x.example", "b@gmail.com"]), st.sampled_from(list(Consent)))
    )
)
def test_every_line_is_written_to_or_left_and_nobody_who_said_no_is_written_to(given_: list[tuple[str, str, str]]) -> None:
    lines = [line(number, role, email, consent) for number, (role, email, consent) in enumerate(given_)]
    reach = reach_of(lines)
    kept = [each for reader in reach.readers for each in reader.lines]
    assert sorted(each.key for each in [*kept, *(each for each, _ in reach.left)]) == [each.key for each in lines]
    assert {each.consent for each in kept} <= {Consent.YES, Consent.UNKNOWN}
    assert len({reader.email for reader in reach.readers}) == len(reach.readers)


def test_filter_leaves_only_the_roles_phases_and_clusters_asked_for() -> None:
    lines = [
        line(1, phase="Primary", clusters=("North",)),
        line(2, "chair", phase="Primary"),
        line(3, phase="Special", clusters=("South",)),
    ]
    assert [each.key for each in chosen(lines, roles=["head"])] == [1, 3]
    assert [each.key for each in chosen(lines, roles=["head", "chair"], phases=["Primary"])] == [1, 2]
    assert [each.key for each in chosen(lines, roles=["head"], clusters=["South"])] == [3]


@pytest.mark.parametrize(("role", "said"), [("head", "head of F"), ("senco", "SENCO of F"), ("other", "contact of F")])
def test_reader_is_told_as_what_they_get_a_letter(role: str, said: str) -> None:
    assert standing_for(line(role=role, school="F")) == said


@pytest.mark.parametrize(
    "address",
    [
        "a@b",
        "a b@",
        "@x.org",
        "a@x.org;b@x.org",
        "a@x.org, b@y.org",
        "Ada <a@x.org>",
        "a@x..org",
        "a" * 65 + "@x.org",
        "a@" + "x" * 260 + ".org",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(NotAContact, match="is not an e-mail address"):
        checked(role="head", name="Ada", email=address, phone="")


@pytest.mark.parametrize(
    ("given_", "kept"), [(" Head@School.Sch.UK ", "head@school.sch.uk"), ("o'neil+x@a-b.example", "o'neil+x@a-b.example"), ("", "")]
)
def test_address_is_kept_in_small_letters(given_: str, kept: str) -> None:
    assert checked(role="head", name="  Ada   Example ", email=given_, phone=" 01234  567 ") == ("Ada Example", kept, "01234 567")


@pytest.mark.parametrize(
    ("verified", "said"), [(None, "never verified"), (date(2025, 11, 23), "verified"), (date(2025, 11, 22), "not verified for a year")]
)
def test_standing_is_said_in_words(verified: date | None, said: str) -> None:
    assert said_of(verified, date(2026, 11, 22)) == said


@pytest.mark.parametrize(("address", "private"), [("head@x.sch.uk", False), ("ada@GMail.com", True), ("head@gmail.com", True), ("", False)])
def test_private_mailbox_is_told_from_a_schools_own(address: str, private: bool) -> None:
    assert is_private(address) == private


def test_role_is_said_in_the_fields_words() -> None:
    assert (role_word("senco"), role_word("caretaker")) == ("SENCO", "caretaker")
