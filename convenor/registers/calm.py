"""A while without the search for circles: where millions of rows come and go, it would take a quarter of the time."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def calm() -> Iterator[None]:
    """Until the block ends, Python does not look for objects that hold each other. What nothing holds is freed at once all the same.

    For computations over all of England, whose rows hold nothing that holds them. One inside another does no harm.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
