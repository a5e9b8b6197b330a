"""Six digits: how they are chosen, when a try counts, and whom a confidential page asks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.accounts.rules.pins import (
    FIRST_WAIT,
    FORM_TAKEN,
    LATER_WAIT,
    PROOF_OPENS,
    PinRefused,
    chosen,
    digits,
    opens_again_at,
    proof_wanted,
)  # fmt: skip

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_pin_is_six_digits_however_spaced():
    assert (chosen("73 91-04", "739104"), digits("73\u00a09104"), digits("73910a"), digits("٧٣٩١٠٤")) == ("739104", "739104", "", "")


@pytest.mark.parametrize("pin", ["", "73910", "7391045", "73910a", "٧٣٩١٠٤", "½39104"])
def test_pin_that_is_not_six_digits_is_refused(pin):
    with pytest.raises(PinRefused, match="A PIN is six digits"):
        chosen(pin, pin)


def test_pin_that_is_not_the_same_twice_is_refused():
    with pytest.raises(PinRefused, match="not the same"):
        chosen("739104", "739105")


@pytest.mark.parametrize("pin", ["000000", "777777", "121212", "123123", "123456", "654321", "890123", "210987"])
def test_pin_that_anybody_would_try_first_is_refused(pin):
    with pytest.raises(PinRefused, match="among the first"):
        chosen(pin, pin)


@pytest.mark.parametrize("failed", [0, 1, 4, 6, 9, 11])
def test_next_try_counts_at_once_between_the_waits(failed):
    assert opens_again_at(failed=failed, last_failed_at=AT) is None


@pytest.mark.parametrize(("failed", "wait"), [(5, FIRST_WAIT), (10, LATER_WAIT), (15, LATER_WAIT)])
def test_each_fifth_wrong_try_begins_a_wait(failed, wait):
    assert opens_again_at(failed=failed, last_failed_at=AT) == AT + wait
    assert opens_again_at(failed=failed, last_failed_at=None) is None


NOW = 1_000_000.0


def wanted(*records, now=NOW, form_sent=False):
    return proof_wanted([(way, again, at) for way, again, at in records], now=now, form_sent=form_sent)


@pytest.mark.parametrize("way", ["link", "invitation"])
def test_session_that_began_by_a_mailed_link_is_asked(way):
    assert wanted((way, False, NOW - 1))


@pytest.mark.parametrize("way", ["password", "mfa", "socialaccount"])
def test_session_that_began_otherwise_is_not_asked(way):
    assert not wanted((way, False, NOW - 90_000))


def test_session_that_nothing_is_known_of_is_not_asked():
    assert not wanted()


def test_second_factor_given_at_the_door_opens_for_the_session():
    assert not wanted(("link", False, NOW - 90_000), ("mfa", False, NOW - 89_990))


@pytest.mark.parametrize(("way", "again"), [("pin", False), ("mfa", True), ("password", True), ("socialaccount", True)])
def test_proof_given_later_opens_for_half_an_hour(way, again):
    given_at = NOW - PROOF_OPENS.total_seconds()
    assert not wanted(("link", False, NOW - 90_000), (way, again, given_at + 1))
    assert wanted(("link", False, NOW - 90_000), (way, again, given_at))


def test_form_begun_before_is_taken_after_the_half_hour_and_not_for_ever():
    kept = ("link", False, NOW - 90_000), ("pin", False, NOW - PROOF_OPENS.total_seconds() - 60)
    assert (wanted(*kept), wanted(*kept, form_sent=True)) == (True, False)
    assert wanted(("link", False, NOW - 90_000), ("pin", False, NOW - FORM_TAKEN.total_seconds()), form_sent=True)


def test_form_of_a_session_that_never_proved_anything_is_asked():
    assert wanted(("link", False, NOW - 5), form_sent=True)


def test_newest_of_several_proofs_counts():
    assert not wanted(("link", False, NOW - 90_000), ("pin", False, NOW - 80_000), ("pin", False, NOW - 60))


@given(st.text(max_size=12), st.integers(0, 40))
def test_whatever_is_typed_is_read_or_refused_in_words(typed, failed):
    assert digits(typed) == "" or digits(typed).isdigit()
    opens = opens_again_at(failed=failed, last_failed_at=AT)
    assert opens is None or timedelta(minutes=15) <= opens - AT <= timedelta(hours=1)
