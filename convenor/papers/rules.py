"""The rules of stored documents: which kinds are taken, how large, and who an audience is."""

from __future__ import annotations

import hashlib
import re

#: Largest document taken, in bytes.
LARGEST_BYTES = 20 * 1024 * 1024

#: Kinds taken. A spreadsheet or a page may hold script when opened, so nothing is ever shown in the browser: it is downloaded.
MEDIA_TYPES = {
    "application/pdf": "PDF",
    "text/plain": "text",
    "text/csv": "CSV",
    "application/toml": "TOML",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
}

_RUNS = re.compile(r"^\s*[=+\-@\t\r\n]")

PUBLIC_AUDIENCE = "public"
MEMBERS_AUDIENCE = "members"


class PaperRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A document that is not taken; the message says why and what to do."""


def never_run(text: str) -> str:
    """Words as they may stand in a cell of any file that we write: what a spreadsheet would run as a formula gets an apostrophe first.

    A cell that begins with = + - @, a tab or a line break, after any spaces, could be run. Numbers are not words: leave them as they are.
    """
    return f"'{text}" if _RUNS.match(text) else text


def check(*, title: str, media_type: str, content: bytes) -> str:
    """The digest (SHA-256, hexadecimal) that names the content. Raises PaperRefused when it is not to be taken."""
    if not title.strip():
        raise PaperRefused("Give the document a title.")
    if media_type not in MEDIA_TYPES:
        raise PaperRefused(f"Documents may be {', '.join(sorted(MEDIA_TYPES.values()))}; save it as one of these.")
    if not content:
        raise PaperRefused("The document is empty.")
    if len(content) > LARGEST_BYTES:
        raise PaperRefused(f"The document is larger than {LARGEST_BYTES // 1024 // 1024} MB; split it or make it smaller.")
    return hashlib.sha256(content).hexdigest()


def may_read(audience: str, *, member: bool, places: frozenset[str]) -> bool:
    """Whether an audience takes in a reader: everybody, members, or those who stand in the body or school named."""
    if audience == PUBLIC_AUDIENCE:
        return True
    return member if audience == MEMBERS_AUDIENCE else member and audience in places
