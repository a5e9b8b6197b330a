"""What people fill in over time: nine taps, a prediction, how likely it is, what became of it, a reading of the system."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from convenor.conditions.queries.foresight import ABOUT
from convenor.conditions.rules import foresight, self_assessment
from convenor.conditions.rules.cards import Card
from convenor.conditions.rules.self_assessment import Level
from convenor.conditions.rules.states import Outcome

NOT_JUDGED = ""


def day(label: str, hint: str = "") -> forms.DateField:
    """A day in the browser's own box."""
    return forms.DateField(
        label=label, help_text=hint, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day, such as 2027-11-24", "required": "Enter the day"},
    )  # fmt: skip


class Versioned(forms.Form):
    """A form that knows which version of a row it was filled in on."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AskForm(forms.Form):
    """Asking every member."""

    title = forms.CharField(
        label="Title", max_length=self_assessment.TITLE_AT_MOST, error_messages={"required": "Give it a title, such as Autumn 2026"}
    )  # fmt: skip
    closes_on = day("Last day to answer", "Whoever has not answered is reminded once, five days before")


class SayForm(Versioned):
    """How each condition stands: a level each, and words where somebody has some. What is left out is not judged."""

    in_groups = forms.BooleanField(required=False, label="Also count it among people like me")

    def __init__(self, *args: Any, cards: Sequence[Card], levels: Sequence[Level], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cards = cards
        choices = [*((str(each.level), each.name) for each in levels), (NOT_JUDGED, "Cannot say")]
        for card in cards:
            self.fields[f"level-{card.key}"] = forms.ChoiceField(label=card.name, choices=choices, required=False, widget=forms.RadioSelect)
            self.fields[f"words-{card.key}"] = forms.CharField(
                label=f"Why, in a few words: {card.name}", required=False, max_length=self_assessment.WORDS_AT_MOST,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    @property
    def asked(self) -> list[tuple[Card, forms.BoundField, forms.BoundField]]:
        """Each condition with its two fields."""
        return [(card, self[f"level-{card.key}"], self[f"words-{card.key}"]) for card in self.cards]

    @property
    def levels(self) -> dict[str, int | None]:
        """The level of each condition; None where it was not judged."""
        return {card.key: int(said) if (said := self.cleaned_data[f"level-{card.key}"]) else None for card in self.cards}

    @property
    def words(self) -> dict[str, str]:
        """The words of each condition."""
        return {card.key: self.cleaned_data[f"words-{card.key}"] for card in self.cards}


class PredictionForm(forms.Form):
    """Something that the partnership expects."""

    words = forms.CharField(
        label="What will have changed?", max_length=foresight.WORDS_AT_MOST, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Say it so that on its day anybody can tell whether it came true: “Every cluster has reviewed every school once”.",
        error_messages={"required": "Write what you expect"},
    )  # fmt: skip
    told_by = forms.CharField(
        label="How will anybody know?", required=False, max_length=foresight.WORDS_AT_MOST, help_text="The minutes, the register, a count"
    )  # fmt: skip
    due_on = day("By when?", "In twelve to eighteen months, as a rule")
    about = forms.ChoiceField(label="What is it about?", required=False, choices=[("", "None of these"), *ABOUT.items()])


class LikelihoodForm(forms.Form):
    """How likely somebody thinks it: seven words to tap, or a figure of one's own."""

    word = forms.TypedChoiceField(
        label="How likely is it?", required=False, coerce=int, empty_value=None, widget=forms.RadioSelect, choices=foresight.TAPS
    )  # fmt: skip
    percent = forms.IntegerField(
        label="Or a figure of your own, 0 to 100", required=False, min_value=0, max_value=100,
        widget=forms.NumberInput(attrs={"width": "3"}), error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "Enter a whole number from 0 (certainly not) to 100 (certainly)"
        ),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One of the two; a figure says more than a word."""
        given = super().clean() or {}
        if not self.errors and given.get("word") is None and given.get("percent") is None:
            raise forms.ValidationError("Tap how likely you think it, or enter a figure.")
        return given

    @property
    def said(self) -> int:
        """The figure, or that of the word."""
        own = self.cleaned_data["percent"]
        return int(own if own is not None else self.cleaned_data["word"])


class SettleForm(Versioned):
    """What became of it."""

    outcome = forms.ChoiceField(
        label="What became of it?", widget=forms.RadioSelect, choices=[(each.value, says) for each, says in foresight.OUTCOME_SAYS.items()],
        error_messages={"required": "Say what became of it"},
    )  # fmt: skip
    why = forms.CharField(
        label="How can you tell?", max_length=foresight.WORDS_AT_MOST, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It stands beside the prediction for good", error_messages={"required": "Say how you can tell"},
    )  # fmt: skip

    def clean_outcome(self) -> str:
        """The word of the outcome."""
        return Outcome(self.cleaned_data["outcome"]).value


class ReadingForm(Versioned):
    """A reading of the system: one option for each question that somebody can answer."""

    def __init__(self, *args: Any, framework: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.framework = framework
        for question in framework.questions:
            choices = [*((each.key, each.name) for each in question.options), (NOT_JUDGED, "Cannot say")]
            self.fields[question.key] = forms.ChoiceField(label=question.words, choices=choices, required=False, widget=forms.RadioSelect)

    @property
    def answers(self) -> dict[str, str]:
        """The option of each question that was answered."""
        return {each.key: said for each in self.framework.questions if (said := self.cleaned_data[each.key])}
