"""Choosing what a package's effect will be judged by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from convenor.support.queries.series import OutcomeLoaded
from convenor.support.rules.effect_studies import NOTHING


class FixForm(forms.Form):
    """The main outcome, and up to two further ones; or that nothing published measures it."""

    main = forms.ChoiceField(
        label="What is the package mainly for?", widget=forms.RadioSelect,
        error_messages={"required": "Choose the outcome that the package is mainly for, or that nothing published measures it"},
    )  # fmt: skip
    further = forms.MultipleChoiceField(
        label="And besides", required=False, widget=forms.CheckboxSelectMultiple, help_text="At most two. None is best."
    )

    def __init__(self, data: Any = None, *, loaded: Sequence[OutcomeLoaded]) -> None:
        super().__init__(data)
        outcomes = [(each.outcome.key, f"{each.outcome.name} ({each.years[0][0]} to {each.years[-1][0]})") for each in loaded]
        self.fields["main"].choices = [*outcomes, (NOTHING, "Nothing published measures what it is for")]  # type: ignore[attr-defined]
        self.fields["further"].choices = outcomes  # type: ignore[attr-defined]
        if not outcomes:
            del self.fields["further"]

    @property
    def outcomes(self) -> list[str]:
        """What was chosen, the main outcome first."""
        return [self.cleaned_data["main"], *(each for each in self.cleaned_data.get("further", []) if each != self.cleaned_data["main"])]
