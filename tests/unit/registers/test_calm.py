"""A while without the search for circles."""

import gc

import pytest

from convenor.registers.calm import calm


def test_search_for_circles_rests_inside_and_goes_on_after_an_error_too() -> None:
    with pytest.raises(KeyError), calm():
        with calm():
            inner = gc.isenabled()
        outer = gc.isenabled()
        raise KeyError
    assert (inner, outer, gc.isenabled()) == (False, False, True)
