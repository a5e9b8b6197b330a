"""The questions: how they are keyed, which are remembered, and their words."""

from __future__ import annotations

from typing import Final

from convenor.moving_in.rules.planning import Question

#: Questions whose answer does not hang on one file, by the word before the first colon of their key.
REMEMBERED: Final = frozenset({"school", "person", "address", "body", "organisation", "theme", "holder", "contact-address", "clusters"})
#: The question of a constitution that would break its own rules.
STRUCTURE: Final = "structure:broken"


def is_remembered(key: str) -> bool:
    """Whether the answer to a question is remembered for later move-ins."""
    return key.partition(":")[0] in REMEMBERED


def as_question(broken: tuple[str, ...]) -> Question:
    """What is asked where the clusters and seats would break the constitution's rules; `broken` says how."""
    more = f" And {len(broken) - 4} more." if len(broken) > 4 else ""
    return Question(
        STRUCTURE, "The constitution would break its own rules with these clusters and seats. What is left out of this move-in?",
        " ".join(broken[:4]) + more, (("seats", "The seats; the clusters come in"), ("leave", "Clusters and seats")),
    )  # fmt: skip
