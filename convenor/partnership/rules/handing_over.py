"""Who may read what a holder left for the next: the holder, the successor named, whoever sits there now, whoever leads the body."""

from __future__ import annotations


def may_read_hand_over(reader: int | None, *, holder: int | None, successor: int | None, holds_now: bool, leads: bool) -> bool:
    """Whether somebody may read a hand-over note. People are their keys; ``reader`` is None for somebody not signed in.

    ``holds_now``: the reader sits in that very seat today. ``leads``: they lead the body today, or run the partnership.
    """
    return reader is not None and (reader in (holder, successor) or holds_now or leads)
