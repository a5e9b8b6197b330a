"""What people enter and note about a school: ticks and a few numbers, one fact at a time, and the school's word to each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from convenor.intelligence.rules.entered import QUESTIONS, Answer, Question
from convenor.intelligence.rules.soft_signals import CONFIDENCE_WORDS, KINDS, SENSITIVITY_WORDS, SOURCES
from convenor.intelligence.rules.wording import LONGEST


def day_field(label: str, hint: str = "") -> forms.DateField:
    """A day, in the browser's own date box."""
    return forms.DateField(
        label=label, help_text=hint, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day, such as 2026-09-01"},
    )  # fmt: skip


class EnterForm(forms.Form):
    """The questions that nobody publishes the answer to, filled with what was answered last."""

    def __init__(self, *args: Any, questions: Iterable[Question], before: Mapping[str, Answer], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = tuple(questions)
        for question in self.questions:
            last = before.get(question.code, Answer(question.code))
            if question.ticks:
                self.fields[question.code] = forms.MultipleChoiceField(
                    label=question.asks, required=False, help_text=question.hint,
                    choices=[(each.key, each.words) for each in question.ticks],
                    widget=forms.CheckboxSelectMultiple, initial=sorted(last.ticks),
                )  # fmt: skip
            for number in question.numbers:
                self.fields[f"{question.code}_{number.key}"] = forms.IntegerField(
                    label=number.words, required=False, initial=last.number(number.key),
                    widget=forms.NumberInput(attrs={"width": "4", "inputmode": "numeric"}),
                    error_messages={"invalid": f"{number.words}: enter a whole number"},
                )  # fmt: skip
        self.fields["as_of_on"] = day_field("The day on which all this is so", "Today, unless you know it of another day")
        self.fields["as_of_on"].initial = today

    @property
    def parts(self) -> list[tuple[Question, Any, list[Any]]]:
        """Each question with its box of ticks, if it has one, and its numbers."""
        return [
            (each, self[each.code] if each.ticks else None, [self[f"{each.code}_{number.key}"] for number in each.numbers])
            for each in self.questions
        ]

    @property
    def entries(self) -> list[tuple[str, list[str], dict[str, int | None]]]:
        """What was answered, question by question; only after the form is valid."""
        data = self.cleaned_data
        return [
            (each.code, data.get(each.code, []), {number.key: data.get(f"{each.code}_{number.key}") for number in each.numbers})
            for each in self.questions
        ]

    @classmethod
    def of(cls, data: Any, *, own: bool, before: Mapping[str, Answer], today: date) -> EnterForm:
        """The form for somebody of the school, or for anybody else, who is not asked what only the school can say."""
        questions = [each for each in QUESTIONS.values() if own or not each.own]
        return cls(data, questions=questions, before=before, today=today)


class SignalForm(forms.Form):
    """One fact."""

    kind = forms.ChoiceField(label="What kind of fact is it?", choices=[("", "Choose"), *((key, each.name) for key, each in KINDS.items())])
    words = forms.CharField(
        label="The fact", widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST,
        help_text="What, how many, since when. Of the school, never of a person: “Two of nine class teachers left in July.”",
    )  # fmt: skip
    happened_on = day_field("The day on which it was so", "At most a year ago")
    confidence = forms.ChoiceField(
        label="How do you know it?", widget=forms.RadioSelect, choices=[(each.value, said) for each, said in CONFIDENCE_WORDS.items()]
    )
    source = forms.ChoiceField(
        label="Who saw it, if not you?",
        required=False,
        help_text="A group, never a name",
        choices=[("", "I saw it myself"), *SOURCES.items()],
    )
    sensitivity = forms.ChoiceField(
        label="Who may read it?", widget=forms.RadioSelect, initial="circle",
        choices=[(each.value, said) for each, said in SENSITIVITY_WORDS.items()],
        help_text="The school itself always reads it, at once",
    )  # fmt: skip


class StillSoForm(forms.Form):
    """It is still so."""

    as_of_on = day_field("The day on which it was last seen to be so")


class TakeBackForm(forms.Form):
    """It is taken back."""

    why = forms.CharField(label="Why it is taken back", max_length=200, help_text="The school reads this")


class ResponseForm(forms.Form):
    """The school's word."""

    disputes = forms.ChoiceField(
        label="What do you want to say?", widget=forms.RadioSelect,
        choices=[("no", "It is so, and this belongs beside it"), ("yes", "It is not so")],
    )  # fmt: skip
    words = forms.CharField(
        label="In your words", widget=forms.Textarea(attrs={"rows": 5}), max_length=2000,
        help_text="They stand beside it for ever, for everybody who may read it. Name no pupil and no member of staff",
    )  # fmt: skip
