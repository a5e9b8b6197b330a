"""A while without the search for circles."""

import contextlib
import gc

from convenor.registers.calm import calm


def test_search_for_circles_rests_inside_and_goes_on_after_an_error_too() -> None:
    seen = []
    with contextlib.suppress(KeyError), calm():
        with calm():
            seen.append(gc.isenabled())
        seen.append(gc.isenabled())
        raise KeyError
    assert (seen, gc.isenabled()) == ([False, False], True)
