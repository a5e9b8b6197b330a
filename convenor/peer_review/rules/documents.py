"""Documents of a review as data: sealed so that a change is noticed, and opened again unchanged. Pure.

A document says what it is (agenda, evidence or report), of which review (partnership, round, school), and holds what one reader could
read of it. Its seal is a SHA-256 of all of it in one fixed writing. A seal tells that nothing was changed by mishap or by hand; it is no
proof against somebody who makes a new one, which whoever runs the server could do with the rows themselves.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from convenor.peer_review.rules.refusals import ReviewRefused

FORMAT: Final = "Convenor peer review document"
VERSION: Final = 1
KINDS: Final = ("agenda", "evidence", "report")
#: The largest document that is read, in bytes: far more than any review makes.
BYTES_AT_MOST: Final = 5_000_000
NOTHING: Final = "Nothing was brought back."


class NoDocument(ReviewRefused):
    """The file is no document of a review, or not one that this version reads."""


class Changed(ReviewRefused):
    """The file was changed after it was made."""


class Foreign(ReviewRefused):
    """The document belongs to another partnership, or to a review that is not here."""


class Differs(ReviewRefused):
    """What is here says something else. Nothing that stands is overwritten."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as data. `about` is told for its reader and not brought back; `content` is."""

    kind: str
    partnership: str
    round: str
    urn: str
    about: dict[str, Any]
    content: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """All of it but the seal."""
        return {
            "format": FORMAT, "version": VERSION, "document": self.kind, "partnership": self.partnership, "round": self.round,
            "urn": self.urn, "about": self.about, "content": self.content,
        }  # fmt: skip


def sealed(document: Document) -> str:
    """The document as a text that `opened` reads back: the same document always gives the same text."""
    body = document.as_dict()
    return json.dumps(body | {"seal": _seal(body)}, ensure_ascii=False, indent=1) + "\n"


def _seal(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def opened(given: bytes) -> Document:
    """The document that a file holds, unchanged.

    Raises NoDocument for what is none, is too large or of a later version; Changed where the seal does not fit.
    """
    if len(given) > BYTES_AT_MOST:
        raise NoDocument(f"The file is larger than any document of a review. {NOTHING}")
    try:
        body = json.loads(given.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NoDocument(f"The file is not JSON, as documents of a review are. {NOTHING}") from error
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise NoDocument(f"The file is no document of a peer review. {NOTHING}")
    if body.get("version") != VERSION:
        raise NoDocument(f"The document was made by another version of Convenor than this one reads (version {VERSION}). {NOTHING}")
    seal = body.pop("seal", "")
    if seal != _seal(body):
        raise Changed(f"The document was changed after it was made: its seal does not fit. {NOTHING}")
    document = _read(body)
    if document is None or document.as_dict() != body:
        raise NoDocument(f"The document lacks a part, or has one that no document has. {NOTHING}")
    return document


def _read(body: dict[str, Any]) -> Document | None:
    words = [body.get(name) for name in ("document", "partnership", "round", "urn")]
    about, content = body.get("about"), body.get("content")
    if not all(isinstance(each, str) for each in words) or not isinstance(about, dict) or not isinstance(content, dict):
        return None
    kind, partnership, round_, urn = (str(each) for each in words)
    return Document(kind, partnership, round_, urn, about, content) if kind in KINDS else None


def filename(kind: str, review: int, ending: str) -> str:
    """What a download is called: which document of which review by its number, and nothing of the school."""
    return f"peer-review-{kind}-{review}.{ending}"
