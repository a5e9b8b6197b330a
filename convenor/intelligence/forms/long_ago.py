"""What a broker may ask of the list of schools that were good long ago."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from convenor.intelligence.queries.long_ago import BY_DATE, BY_NAME
from convenor.intelligence.rules.long_ago import YEARS, YEARS_TO_CHOOSE


class LongAgoForm(forms.Form):
    """How long ago, of which school year's results, in which order. Anything else that is asked is passed over."""

    years = forms.TypedChoiceField(
        label="Last graded inspection", coerce=int, required=False, initial=YEARS,
        choices=[(str(one), f"{one} years ago or more") for one in YEARS_TO_CHOOSE],
    )  # fmt: skip
    primary = forms.ChoiceField(label="Primary results of", required=False)
    secondary = forms.ChoiceField(label="Secondary results of", required=False)
    order = forms.ChoiceField(
        label="In the order of", required=False, choices=[(BY_NAME, "name"), (BY_DATE, "inspection, longest ago first")]
    )

    def __init__(self, data: Any, *, choices: Mapping[str, Sequence[str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, phase in (("primary", "Primary"), ("secondary", "Secondary")):
            years = choices.get(phase, ())
            if years:
                self.fields[name].choices = [(one, one.replace("-", "/")) for one in years]  # type: ignore[attr-defined]
            else:
                del self.fields[name]
