"""What a school fills in: what it agrees to, who signs; and what it withdraws from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from convenor.agreements.actions.agreeing import NAME_AT_MOST, ROLE_AT_MOST, WHY_AT_MOST
from convenor.agreements.rules.classes import NAMES, DataClass


class AgreeForm(forms.Form):
    """The classes of record, the schools where somebody speaks for several, who signs and in which post."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    classes = forms.MultipleChoiceField(
        label="What your school agrees to", choices=[(each.value, NAMES[each]) for each in DataClass], widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one class of record, or leave it for now"},
    )  # fmt: skip
    schools = forms.MultipleChoiceField(
        label="For which schools", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Tick at least one school"}
    )
    name = forms.CharField(
        label="Your name", max_length=NAME_AT_MOST, widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Say who signs"},
    )  # fmt: skip
    role = forms.CharField(
        label="The post in which you sign", max_length=ROLE_AT_MOST, widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": "Say in which post you sign"},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, schools: Sequence[tuple[str, str]], initial: Any = None) -> None:
        """`schools`: URN and name of those for which this person may sign; with one alone nothing is asked."""
        super().__init__(data, initial=initial)
        if len(schools) > 1:
            self.fields["schools"].choices = list(schools)  # type: ignore[attr-defined]
        else:
            del self.fields["schools"]

    @property
    def chosen(self) -> list[DataClass]:
        """The classes ticked. Only after the form is valid."""
        return [DataClass(each) for each in self.cleaned_data["classes"]]


class WithdrawForm(forms.Form):
    """The classes to withdraw from, and a reason for whoever wants to give one."""

    classes = forms.MultipleChoiceField(
        label="What your school withdraws from", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick what your school withdraws from"},
    )  # fmt: skip
    why = forms.CharField(
        label="Why, if you would like to say", required=False, max_length=WHY_AT_MOST, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The partnership manager reads it. Nothing depends on it.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, classes: Sequence[DataClass]) -> None:
        """`classes` are those that can be withdrawn from now."""
        super().__init__(data)
        self.fields["classes"].choices = [(each.value, NAMES[each]) for each in classes]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[DataClass]:
        """The classes ticked. Only after the form is valid."""
        return [DataClass(each) for each in self.cleaned_data["classes"]]
