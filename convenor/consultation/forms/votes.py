"""Declaring a vote, casting one, and writing down what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from convenor.consultation.rules.states import Constituency
from convenor.consultation.rules.votes import CHOICES, SILENCE_SAYS
from convenor.england.phases import PHASES

DAY = forms.DateInput(attrs={"type": "date"})
NUMBER = forms.NumberInput(attrs={"width": "3", "inputmode": "numeric"})
Choices = Sequence[tuple[str, str]]


class PlanForm(forms.Form):
    """What is voted on, by whom, and by which rules; all of it stands above the ballot."""

    words = forms.CharField(label="What is voted on, for or against", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    constituency = forms.ChoiceField(
        label="Who votes?", widget=forms.RadioSelect,
        choices=[
            (Constituency.SCHOOLS.value, "Member schools, one vote each"), (Constituency.SEATS.value, "The seats of a body, one vote each"),
        ],
    )  # fmt: skip
    phases = forms.MultipleChoiceField(
        label="Where schools vote: only these phases", required=False, choices=[(each, each) for each in PHASES],
        widget=forms.CheckboxSelectMultiple, help_text="None means all",
    )  # fmt: skip
    body = forms.ChoiceField(label="Where seats vote: of which body?", required=False)
    quorum_percent = forms.IntegerField(label="Quorum: how many of a hundred must vote", initial=50, widget=NUMBER)
    majority_percent = forms.IntegerField(label="It carries with more than so many of a hundred", initial=50, widget=NUMBER)
    silence = forms.ChoiceField(
        label="What does it mean when a vote is not returned?", widget=forms.RadioSelect,
        choices=[(each.value, said) for each, said in SILENCE_SAYS.items()],
    )  # fmt: skip
    opens_on = forms.DateField(label="It opens on", widget=DAY)
    closes_on = forms.DateField(label="The last day", widget=DAY)
    consultation = forms.ChoiceField(label="It follows this consultation", required=False)

    def __init__(self, data: Any = None, *, bodies: Choices, consultations: Choices, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["body"].choices = [("", "None"), *bodies]  # type: ignore[attr-defined]
        self.fields["consultation"].choices = [("", "None"), *consultations]  # type: ignore[attr-defined]


class CastForm(forms.Form):
    """For, against or abstain."""

    voter = forms.CharField(max_length=40, widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        label="The vote", widget=forms.RadioSelect, choices=list(CHOICES.items()),
        error_messages={"required": "Choose for, against or abstain"},
    )  # fmt: skip


class DecideForm(forms.Form):
    """Whose decision it is."""

    body = forms.ChoiceField(label="Which body’s decision is it?")

    def __init__(self, data: Any = None, *, bodies: Choices, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["body"].choices = list(bodies)  # type: ignore[attr-defined]


class NothingForm(forms.Form):
    """Nothing to fill in."""
