"""What people fill in about the date of one visit."""

from __future__ import annotations

from typing import Any

from django import forms

from convenor.peer_review.actions.dates import WHY_AT_MOST


class VisitForm(forms.Form):
    """The first day of a visit. Whoever moves one says why; whoever sets one on a day that somebody did not offer has asked them."""

    from_on = forms.DateField(
        label="First day of the visit", widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day, such as 2026-11-24", "required": "Enter the first day of the visit"},
    )  # fmt: skip
    why = forms.CharField(
        label="Why it moves", max_length=WHY_AT_MOST, help_text="Host and team can read it",
        error_messages={"required": "Say in a few words why it moves"},
    )  # fmt: skip
    asked = forms.BooleanField(label="I have asked those who did not offer this day, and they agree", required=False)

    def __init__(self, *args: Any, moves: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not moves:
            del self.fields["why"]
