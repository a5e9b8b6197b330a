"""What has been drawn once, kept compressed, so that the same picture of the same rows is not drawn again."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock


class Kept:
    """Texts by key, the least lately used dropped first. A key must tell apart everything on which its text depends."""

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._texts: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], str]) -> str:
        """The text of this key, made now where it is not kept."""
        with self._lock:
            found = self._texts.get(key)
            if found is not None:
                self._texts.move_to_end(key)
        if found is not None:
            return zlib.decompress(found).decode()
        text = make()
        with self._lock:
            self._texts[key] = zlib.compress(text.encode(), 4)
            while len(self._texts) > self._at_most:
                self._texts.popitem(last=False)
        return text
