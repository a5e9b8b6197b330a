"""Naming a theme, and saying what was said and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from convenor.consultation.rules.states import Heard
from convenor.consultation.rules.themes import DID_AT_MOST, HEARD, NAME_AT_MOST, SAID_AT_MOST

Choices = Sequence[tuple[str, str]]


class NameForm(forms.Form):
    """A theme's name. `suggested` says that it began from a grouping made by a program."""

    name = forms.CharField(
        label="What are these answers about?", max_length=NAME_AT_MOST, help_text="A few words, as a head would say them",
        error_messages={"required": "Give the theme a name"},
    )  # fmt: skip
    suggested = forms.BooleanField(required=False, widget=forms.HiddenInput)


class SayForm(forms.Form):
    """ "You said, we did"."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label="Name of the theme", max_length=NAME_AT_MOST)
    said = forms.CharField(
        label="You said", required=False, max_length=SAID_AT_MOST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="In your own words: nobody who answered is to be known by them",
    )  # fmt: skip
    heard = forms.ChoiceField(
        label="What comes of it", required=False, widget=forms.RadioSelect,
        choices=[("", "Not said yet"), *((each.value, said) for each, said in HEARD.items())],
    )  # fmt: skip
    did = forms.CharField(
        label="We did, or why not", required=False, max_length=DID_AT_MOST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It goes to everybody who was asked",
    )  # fmt: skip
    decision = forms.ChoiceField(label="The decision on which it rests", required=False, help_text="What is done rests on one")

    def __init__(self, data: Any = None, *, decisions: Choices, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["decision"].choices = [("", "None"), *decisions]  # type: ignore[attr-defined]

    def clean_heard(self) -> Heard | None:
        """What came of it, None where nothing is said yet."""
        given = self.cleaned_data["heard"]
        return Heard(given) if given else None

    def clean_decision(self) -> int | None:
        """The decision's key, None for none."""
        given = self.cleaned_data["decision"]
        return int(given) if given else None


class FileForm(forms.Form):
    """Which of the answers that were shown are about a theme."""

    shown = forms.TypedMultipleChoiceField(coerce=int, required=False)
    about = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data: Any = None, *, answers: Sequence[int], **more: Any) -> None:
        super().__init__(data, **more)
        for field in ("shown", "about"):
            self.fields[field].choices = [(each, str(each)) for each in answers]  # type: ignore[attr-defined]
