"""What is filled in when something is brought: files, pasted cells, and what a sheet is and its columns hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from convenor.moving_in.rules.kinds import FIELDS, KIND_NAMES, ROLE_NAMES, Kind, role_of_wide

MB = 1024 * 1024
#: Lines of a sheet among which a heading is looked for, and the most lines of one heading.
HEADING_WITHIN = 12
#: What a reply to what an old file says may come to, in letters.
REPLY_AT_MOST = 2000
AGAIN = {"invalid_choice": "choose again from the list", "required": "choose from the list"}


class ManyFiles(forms.ClearableFileInput):
    """A file box that takes several at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; an empty list for none. A file that is too long or empty stays in the list: each is answered for itself."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files, in the order they were chosen."""
        return [each for each in (data if isinstance(data, list | tuple) else [data]) if each]


class BringForm(forms.Form):
    """Files, or cells that are pasted, or both."""

    files = FilesField(label="Your files", required=False)  # type: ignore[assignment]  # the form keeps what was sent elsewhere
    text = forms.CharField(label="Pasted cells", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 6}))

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when there is nothing at all."""
        found = dict(super().clean() or {})
        if not found.get("files") and not str(found.get("text") or "").strip():
            raise forms.ValidationError("Choose a file, or paste cells, and read them again.")
        return found


def too_long(file: UploadedFile[Any]) -> str:
    """Why a file is not taken, by its length alone; "" for one that may be read."""
    size = file.size or 0
    if size > settings.UPLOAD_AT_MOST_BYTES:
        most = settings.UPLOAD_AT_MOST_BYTES // MB
        long = f"“{file.name}” is {-(-size // MB)} MB long; up to {most} MB is read."
        return f"{long} Save its lists alone, without pictures, and choose that."
    if getattr(file, "let_go", False):  # the files of one request were too long together
        return f"“{file.name}” did not fit with the others. Choose it again by itself."
    return "" if size else f"“{file.name}” is empty. Open it, save it again, and choose it once more."


def field_choices(kind: Kind) -> list[Any]:
    """What a column of such a sheet may hold, roles of a wide sheet under their own headings."""
    plain: list[tuple[str, str]] = [("", "Leave this column out")]
    by_role: dict[str, list[tuple[str, str]]] = {}
    for each in FIELDS[kind]:
        wide = role_of_wide(each.key)
        if wide is None:
            plain.append((each.key, f"{each.name}{' (needed)' if each.required else ''}"))
        else:
            by_role.setdefault(ROLE_NAMES[wide[0]], []).append((each.key, each.name))
    return [*plain, *by_role.items()]


class SheetForm(forms.Form):
    """What a sheet is, which of its lines are its heading, and what each column holds; columns are counted from 0.

    `go` is "show" to look at the columns of another kind or heading before anything is kept.
    """

    kind = forms.ChoiceField(label="This sheet is", choices=[(each.value, KIND_NAMES[each]) for each in Kind], error_messages=AGAIN)
    first = forms.TypedChoiceField(label="Its heading begins in line", coerce=int, error_messages=AGAIN)
    last = forms.TypedChoiceField(label="and ends in line", coerce=int, error_messages=AGAIN)

    def __init__(self, data: Any, *, lines: int, headings: Sequence[str], kind: str, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        within = [(number, str(number + 1)) for number in range(min(lines, HEADING_WITHIN))]
        self.fields["first"].choices = [(-1, "it has none"), *within]  # type: ignore[attr-defined]
        self.fields["last"].choices = [(-1, "it has none"), *within]  # type: ignore[attr-defined]
        choices = field_choices(Kind(kind)) if kind in {each.value for each in Kind} else []
        self.width = len(headings)
        for at, words in enumerate(headings):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=words or f"Column {at + 1}", required=False, choices=choices,
                error_messages=AGAIN,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where two columns are said to hold the same, or the heading ends before it begins."""
        found = dict(super().clean() or {})
        columns: dict[str, int] = {}
        for at in range(self.width):
            key = str(found.get(f"column-{at}") or "")
            if key and key in columns:
                first, this = (self.fields[f"column-{each}"].label for each in (columns[key], at))
                self.add_error(f"column-{at}", f"“{first}” and “{this}” cannot both be that: leave one out")
            elif key:
                columns[key] = at
        first, last = found.get("first", -1), found.get("last", -1)
        if isinstance(first, int) and isinstance(last, int) and (last < first or (first == -1) != (last == -1)):
            self.add_error("last", "the heading ends in the line where it begins, or below it")
        return found | {"columns": columns}


class AnswerForm(forms.Form):
    """One answer to one question: a button that was pressed, or words of one's own."""

    key = forms.CharField(max_length=200, strip=False)
    said = forms.CharField(max_length=300, required=False)
    words = forms.CharField(max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """Words of one's own count where no button was pressed."""
        found = dict(super().clean() or {})
        return found | {"said": str(found.get("said") or "").strip() or str(found.get("words") or "").strip()}


class NothingToFillIn(forms.Form):
    """A button alone."""


class ReplyForm(forms.Form):
    """A school's own words beside what an old file says of it."""

    words = forms.CharField(
        label="Your reply", max_length=REPLY_AT_MOST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It stands beside the line, and is deleted with it.", error_messages={"required": "Write your reply first"},
    )  # fmt: skip
