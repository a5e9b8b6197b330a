"""How names are folded for search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.registers.rules import spelling


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("St. Mary's CofE Primary School", "st marys ce primary school"),
        ("Saint Mary’s Church of England Primary School", "st marys ce primary school"),
        ("Holy Family R.C. School", "holy family rc school"),
        ("Holy Family Roman Catholic School", "holy family rc school"),
        ("Bryn & Ashton", "bryn and ashton"),
        ("Château-Löwe", "chateau lowe"),
        ("  ", ""),
    ],
)
def test_fold_reads_one_name_in_its_many_spellings(written: str, folded: str) -> None:
    assert spelling.fold(written) == folded


@given(st.text(max_size=80))
def test_fold_leaves_only_plain_words(text: str) -> None:
    folded = spelling.fold(text)
    assert folded == " ".join(folded.split())
    assert not set(folded) - set("abcdefghijklmnopqrstuvwxyz0123456789 ")


@pytest.mark.parametrize(
    ("text", "found"), [("wn71ab", "WN7 1AB"), (" WN7 1AB ", "WN7 1AB"), ("gl50", "GL50"), ("leigh", ""), ("100001", ""), ("", "")]
)
def test_postcode_is_read_whole_or_outward(text: str, found: str) -> None:
    assert spelling.postcode(text) == found


@pytest.mark.parametrize(
    ("text", "found"), [("916/2034", "9162034"), ("916 2034", "9162034"), ("9162034", "9162034"), ("916203", ""), ("hello12", "")]
)
def test_laestab_is_read_in_each_spelling(text: str, found: str) -> None:
    assert spelling.laestab(text) == found


@pytest.mark.parametrize(
    ("text", "found"), [("114074", "114074"), ("URN 114074", "114074"), ("urn:114074", "114074"), ("12", ""), ("wigan", "")]
)
def test_urn_is_read_with_and_without_its_name(text: str, found: str) -> None:
    assert spelling.urn(text) == found
