"""The forms of the set-up journey."""

from __future__ import annotations

from django import forms

from convenor.consultation.rules.journeys import MOST_OWNER, MOST_WORDS
from convenor.consultation.rules.states import StepState

STATES = (
    (StepState.TO_DO.value, "To do"),
    (StepState.DOING.value, "Being done"),
    (StepState.DONE.value, "Done"),
    (StepState.LEFT_OUT.value, "Left out"),
)


class StartForm(forms.Form):
    """The first day."""

    starts_on = forms.DateField(label="First day", widget=forms.SelectDateWidget)


class StepForm(forms.Form):
    """One step."""

    state = forms.ChoiceField(label="Where it stands", choices=STATES, widget=forms.RadioSelect)
    owner = forms.CharField(label="Who does it", required=False, max_length=MOST_OWNER, help_text="A name or a post. Empty: you.")
    starts_on = forms.DateField(label="First day", widget=forms.SelectDateWidget)
    due_on = forms.DateField(label="Last day", widget=forms.SelectDateWidget)
    done_on = forms.DateField(
        label="Done on", required=False, widget=forms.SelectDateWidget, help_text="Empty, for a step that is done: today"
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What came of it, where the papers are, why it was left out. Whoever takes over from you reads this.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
