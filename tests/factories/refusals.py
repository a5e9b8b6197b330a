"""What a rule says to something: the kind of refusal, or nothing."""

from __future__ import annotations

from collections.abc import Callable


def refusal_of(rule: Callable[..., object], *words: object, **more: object) -> type[Exception] | None:
    """The kind of error that a rule raises to these arguments; None where it lets them pass."""
    try:
        rule(*words, **more)
    except Exception as refused:
        return type(refused)
    return None
