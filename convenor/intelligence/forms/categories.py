"""Switching categories on, judging a school's category, and drawing whom to moderate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from convenor.intelligence.forms.entered import day_field
from convenor.intelligence.rules.categories import LONGEST_WORDS, MOST_CATEGORIES, SCHEMES, Category


class SchemeForm(forms.Form):
    """A scheme with its names and criteria, the board's decision, and what schools said."""

    decision = forms.ChoiceField(label="Which decision of the board?", help_text="Only decisions that are recorded and still stand")
    consulted_on = day_field("The last day on which schools were asked", "Before the day of the decision")
    said = forms.CharField(
        label="What schools said", widget=forms.Textarea(attrs={"rows": 5}), max_length=4000,
        help_text="For it and against it, in fair parts. Members read this beside the criteria",
    )  # fmt: skip

    def __init__(self, *args: Any, scheme: str, decisions: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = [("", "Choose"), *decisions]  # type: ignore[attr-defined]
        base = SCHEMES[scheme]
        number = base.number or MOST_CATEGORIES
        known = [each.name for each in base.categories]
        for place in range(1, number + 1):
            name = known[place - 1] if place <= len(known) else ""
            self.fields[f"name_{place}"] = forms.CharField(
                label=f"Category {place}: its name", required=base.number is not None, initial=name, max_length=60,
                help_text="Words, not a colour" if not name else "",
            )  # fmt: skip
            self.fields[f"criteria_{place}"] = forms.CharField(
                label=f"Category {place}: when is a school in it?", required=base.number is not None, max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}), help_text="Schools read this, and judge themselves by it",
            )  # fmt: skip
        self.places = number

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """Name and criteria of each category, as boxes."""
        return [(self[f"name_{place}"], self[f"criteria_{place}"]) for place in range(1, self.places + 1)]

    @property
    def categories(self) -> list[tuple[str, str]]:
        """Name and criteria of each category; only after the form is valid."""
        return [(self.cleaned_data[f"name_{place}"], self.cleaned_data[f"criteria_{place}"]) for place in range(1, self.places + 1)]


class EndSchemeForm(forms.Form):
    """Categories end."""

    why = forms.CharField(label="Why categories end", max_length=300, help_text="Members read this")


class JudgementForm(forms.Form):
    """One voice's category, with the reason."""

    category = forms.ChoiceField(label="Which category?", widget=forms.RadioSelect)
    why = forms.CharField(
        label="Why, by the criteria", widget=forms.Textarea(attrs={"rows": 6}), max_length=LONGEST_WORDS,
        help_text="Of the school, never of a person. The school reads it at once",
    )  # fmt: skip

    def __init__(self, *args: Any, categories: Iterable[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [(each.key, each.name) for each in categories]  # type: ignore[attr-defined]


class DrawForm(forms.Form):
    """A button: nothing is filled in, so that nothing can be chosen."""
