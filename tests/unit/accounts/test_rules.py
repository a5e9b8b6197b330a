"""Addresses compared, and the letter that carries a link."""

from hypothesis import given
from hypothesis import strategies as st

from convenor.accounts.rules import same_address, sign_in_letter


def test_addresses_are_the_same_in_any_case_and_with_spaces_around():
    assert same_address("  Ada@Fernhollow.Example\n") == "ada@fernhollow.example"
    assert same_address("") == ""


@given(st.text(max_size=40))
def test_comparing_twice_changes_nothing(text):
    assert same_address(same_address(text)) == same_address(text)


def test_letter_says_what_to_do_and_how_long_it_lasts():
    letter = sign_in_letter(name="Ada Example", address="https://here.example/sign-in/link/?key=k")
    assert letter.subject == "Your link to sign in"
    assert letter.body.splitlines() == [
        "Dear Ada,",
        "",
        "You asked to sign in to Convenor. Open this page and press the button on it:",
        "",
        "https://here.example/sign-in/link/?key=k",
        "",
        "The link works once, and for 20 minutes. If you did not ask for it, nothing has happened and you need do nothing.",
    ]


def test_letter_of_a_demonstration_says_so():
    assert sign_in_letter(name=" ", address="x", demonstration=True).body.splitlines()[0::8] == [
        "Dear colleague,",
        "This is a demonstration: the people in it are invented.",
    ]
