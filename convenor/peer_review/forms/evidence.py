"""The box for one note of evidence, for a browser without script, and what a device sends as one batch."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms

from convenor.peer_review.rules.merging import KINDS, WORDS_AT_MOST
from convenor.peer_review.rules.themes import THEMES


class NoteForm(forms.Form):
    """One note: what was seen or said, at which activity, and under what it is filed."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.UUIDField(widget=forms.HiddenInput)
    parents = forms.CharField(required=False, widget=forms.HiddenInput)
    struck = forms.BooleanField(required=False, widget=forms.HiddenInput)
    activity = forms.TypedChoiceField(label="Activity", required=False, coerce=int, empty_value=None)
    words = forms.CharField(
        label="What you saw, heard or read", required=False, widget=forms.Textarea(attrs={"rows": 5}),
        max_length=WORDS_AT_MOST, error_messages={"max_length": f"{WORDS_AT_MOST:,} characters at most. Write the rest as a second note."},
    )  # fmt: skip
    kind = forms.ChoiceField(label="It is", required=False, choices=[("", "A note"), *KINDS.items()])
    theme = forms.ChoiceField(
        label="Theme", required=False, choices=[("", "No theme"), *((each.key, each.name) for each in THEMES.values())]
    )

    def __init__(self, data: Any = None, *, activities: Iterable[tuple[int, str]] = (), **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["activity"].choices = [("", "No activity"), *activities]  # type: ignore[attr-defined]

    def writing(self, *, written_at: str) -> dict[str, Any]:
        """The note as it travels, written now on a page."""
        given = self.cleaned_data
        parents = [each for each in str(given["parents"]).split() if each]
        return given | {
            "uid": str(given["uid"]), "note": str(given["note"]), "parents": parents, "written_at": written_at, "device": "page",
        }  # fmt: skip


def fresh() -> dict[str, str]:
    """The numbers of a note that is about to be written; sent twice by an impatient finger, it is taken once."""
    return {"uid": str(uuid4()), "note": str(uuid4())}


class UnreadableBatchError(ValueError):
    """What came is no batch of notes."""


def read_batch(body: bytes) -> tuple[str, int, list[dict[str, Any]]]:
    """For whom a device believes it sends, the cursor it has come to, and the writings it sends. Raises UnreadableBatchError."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableBatchError("This is no batch of notes.") from error
    if not isinstance(given, dict):
        raise UnreadableBatchError("This is no batch of notes.")
    items, since = given.get("writings", []), given.get("since", 0)
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        raise UnreadableBatchError("This is no batch of notes.")
    return str(given.get("person", "")), cursor_of(since), items


def cursor_of(given: object) -> int:
    """A cursor as it came, or nought: a device that lost its place is told everything again."""
    try:
        found = int(str(given))
    except ValueError:
        return 0
    return found if 0 <= found < 2**63 else 0
