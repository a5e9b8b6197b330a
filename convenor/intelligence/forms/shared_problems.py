"""Taking a shared problem on as a priority."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms


class PriorityForm(forms.Form):
    """A priority, filled in from what the figures say and free to be said otherwise."""

    title = forms.CharField(label="Priority", max_length=200, help_text="In words that a head would recognise")
    why = forms.CharField(label="Why", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    measure = forms.CharField(
        label="How anyone will know", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What is measured, from where and to where",
    )  # fmt: skip
    lead_body = forms.ChoiceField(label="Led by", required=False)
    from_on = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until_on = forms.DateField(
        label="Until", widget=forms.DateInput(attrs={"type": "date"}), help_text="A priority ends, and is then looked at"
    )

    def __init__(self, data: Any = None, *, bodies: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["lead_body"].choices = [("", "Not decided yet"), *bodies]  # type: ignore[attr-defined]
