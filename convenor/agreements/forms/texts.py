"""What whoever runs agreements fills in: from which template, the words, who decided and until when schools are asked."""

from __future__ import annotations

from typing import Any

from django import forms

from convenor.agreements.queries.texts import TextSeen
from convenor.agreements.rules.classes import NAMES
from convenor.agreements.rules.standing import State
from convenor.agreements.rules.texts import (
    CLASS_WORDS_AT_MOST,
    HEADING_AT_MOST,
    SECTIONS_AT_MOST,
    Part,
    paragraphs_of,
    section_key,
    templates,
)

#: What the text says of each class, by the name of its box.
OF_CLASS = (("items", "What it is"), ("used_for", "What it is used for"), ("seen_by", "Who sees it"))
PARTS = [(Part.FOR_WHAT.value, "First page: what the partnership is for"), (Part.AGREEMENT.value, "Second page: what is agreed")]


class BeginForm(forms.Form):
    """From which template."""

    template = forms.ChoiceField(label="Begin from", widget=forms.RadioSelect)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"template": templates()[0].key})
        self.fields["template"].choices = [(each.key, each.name) for each in templates()]  # type: ignore[attr-defined]


class NothingForm(forms.Form):
    """Nothing to fill in."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class WriteForm(forms.Form):
    """Every word of the draft; an empty section at the end is for more, and one left empty goes."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    answers_to = forms.CharField(
        label="Whom does a school ask about its data, and how are they reached?", required=False, max_length=300,
        help_text="A role and a shared address: Data protection officer, dpo@partnership.example",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, seen: TextSeen) -> None:
        super().__init__(data, initial={"version": seen.version, "answers_to": seen.answers_to})
        self.stands = seen
        self.numbers = range(1, min(len(seen.sections) + 1, SECTIONS_AT_MOST) + 1)
        for number in self.numbers:
            each = seen.sections[number - 1] if number <= len(seen.sections) else None
            self.fields[f"part-{number}"] = forms.TypedChoiceField(
                label="It stands on the", choices=PARTS, coerce=int, initial=each.part.value if each else Part.AGREEMENT.value
            )
            self.fields[f"heading-{number}"] = forms.CharField(
                label="Heading", required=False, max_length=HEADING_AT_MOST, initial=each.heading if each else ""
            )
            self.fields[f"words-{number}"] = forms.CharField(
                label="Words", required=False, initial=each.words if each else "", widget=forms.Textarea(attrs={"rows": 5}),
                help_text="Leave a line empty between paragraphs" if number == 1 else "",
            )  # fmt: skip
        for said in seen.classes:
            for name, label in OF_CLASS:
                self.fields[f"{said.data_class.value}-{name}"] = forms.CharField(
                    label=label, max_length=CLASS_WORDS_AT_MOST, initial=getattr(said, name), widget=forms.Textarea(attrs={"rows": 2})
                )

    @property
    def parts(self) -> list[tuple[int, Any, Any, Any]]:
        """For each section its number and its boxes: page, heading, words."""
        return [(number, self[f"part-{number}"], self[f"heading-{number}"], self[f"words-{number}"]) for number in self.numbers]

    @property
    def of_classes(self) -> list[tuple[str, list[Any]]]:
        """For each class its name and its boxes."""
        return [(NAMES[each.data_class], [self[f"{each.data_class.value}-{name}"] for name, _ in OF_CLASS]) for each in self.stands.classes]

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The sections as data; one with neither heading nor words is left out. Only after the form is valid."""
        found: list[dict[str, Any]] = []
        known = [each.key for each in self.stands.sections]
        for number in self.numbers:
            heading, words = self.cleaned_data[f"heading-{number}"].strip(), self.cleaned_data[f"words-{number}"]
            if not heading and not words.strip():
                continue
            key = known[number - 1] if number <= len(known) else section_key(heading, known)
            found.append({"key": key, "part": self.cleaned_data[f"part-{number}"], "heading": heading, "paragraphs": paragraphs_of(words)})
        return found

    @property
    def classes(self) -> list[dict[str, str]]:
        """What is said of the classes, as data. Only after the form is valid."""
        return [
            {"key": each.data_class.value} | {name: self.cleaned_data[f"{each.data_class.value}-{name}"] for name, _ in OF_CLASS}
            for each in self.stands.classes
        ]


class AdoptForm(forms.Form):
    """Who decided, what is different, and until when schools are asked."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    decided = forms.CharField(
        label="Who decided on this text, and when?", max_length=200, help_text="Strategic Board, 12 October 2026",
        error_messages={"required": "Say who decided on this text, and when"},
    )  # fmt: skip
    changes = forms.CharField(
        label="What is different, in a sentence for schools that agreed to the version before", max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}), error_messages={"required": "Say in a sentence what is different"},
    )  # fmt: skip
    agree_by_on = forms.DateField(
        label="The last day on which everything stays as it is", widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Choose a day", "invalid": "Enter a day, such as 2026-12-31"},
        help_text="After it, records of a school that has said nothing are used by that school alone. Eight weeks let governors meet.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, initial: Any, first: bool) -> None:
        super().__init__(data, initial=initial)
        if first:
            del self.fields["changes"]


class RegisterFilter(forms.Form):
    """What the register shows."""

    state = forms.ChoiceField(
        label="Any class is", required=False, choices=[("", "anything"), *((each.value, each.value) for each in State)]
    )
    text = forms.CharField(label="School", required=False, max_length=80)
