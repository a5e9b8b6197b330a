"""What people fill in about legal holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from convenor.partnership.forms import day_field, words_field
from convenor.records.forms.requests import CLASS_CHOICES
from convenor.records.rules.holds import HoldKind


class HoldForm(forms.Form):
    """Records are held back from deletion."""

    kind = forms.ChoiceField(
        label="What is held back?", widget=forms.RadioSelect,
        choices=[
            (HoldKind.SCHOOL.value, "Everything about one school"), (HoldKind.PERSON.value, "Everything about one person"),
            (HoldKind.CLASS.value, "A whole class of record"),
        ],
    )  # fmt: skip
    urn = forms.ChoiceField(label="Which school?", required=False)
    person = forms.ChoiceField(label="Which person?", required=False)
    record_class = forms.ChoiceField(label="Which class of record?", required=False, choices=CLASS_CHOICES)
    reason = words_field("Why must it not be deleted?", "A claim, an inquiry, a request that is open", required=True, rows=3)
    from_on = day_field("From which day?")

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], schools: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "Choose"), *((str(key), name) for key, name in people)]  # type: ignore[attr-defined]
        self.fields["urn"].choices = [("", "Choose"), *schools]  # type: ignore[attr-defined]


class EndHoldForm(forms.Form):
    """A hold ends."""

    why = words_field("Why may it end?", "What is past its keeping period goes in the night after", required=True, rows=3)
