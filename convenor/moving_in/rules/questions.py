"""The questions: how they are keyed, which are remembered, and their words."""

from __future__ import annotations

from typing import Final

#: Questions whose answer does not hang on one file, by the word before the first colon of their key.
REMEMBERED: Final = frozenset({"school", "person", "address", "body", "organisation"})


def is_remembered(key: str) -> bool:
    """Whether the answer to a question is remembered for later move-ins."""
    return key.partition(":")[0] in REMEMBERED
