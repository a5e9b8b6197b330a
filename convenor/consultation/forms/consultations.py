"""What whoever runs a consultation fills in: its title and days, what is proposed, what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from convenor.consultation.rules.propositions import HEADING_AT_MOST, SECTIONS_AT_MOST, Section, paragraphs_of, templates
from convenor.consultation.rules.questions import KINDS, QuestionAsked, option_key
from convenor.consultation.rules.states import QuestionKind

DAY = forms.DateInput(attrs={"type": "date"})


class DaysForm(forms.Form):
    """Title, days, and whether anyone may answer."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label="Title", max_length=160, help_text="As a head would say it: Should we form a partnership?")
    says = forms.CharField(
        label="In two sentences: what is asked, and what is done with the answers", required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    opens_on = forms.DateField(label="It opens on", widget=DAY)
    closes_on = forms.DateField(label="The last day of answers", widget=DAY)
    public = forms.BooleanField(
        label="Anyone may say what they think, without an account", required=False,
        help_text="Their views are counted apart from the schools’ answers.",
    )  # fmt: skip


class StartForm(DaysForm):
    """From which proposition it begins."""

    template = forms.ChoiceField(label="Begin from", widget=forms.RadioSelect)
    field_order = ("template", "title", "opens_on", "closes_on", "public")

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["template"].choices = [(each.key, f"{each.name} ({each.source})") for each in templates()]  # type: ignore[attr-defined]
        del self.fields["says"], self.fields["version"]


class SectionsForm(forms.Form):
    """What is proposed, section by section; an empty one at the end is for more. `changing`: schools are answering already."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    changes = forms.CharField(
        label="What is different, in a sentence for those who have answered", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say in a sentence what is different: whoever has answered is told it"},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, sections: Sequence[Section], version: int, changing: bool) -> None:
        super().__init__(data, initial={"version": version})
        self.stands = sections
        self.numbers = range(1, min(len(sections) + 1, SECTIONS_AT_MOST) + 1)
        for number in self.numbers:
            each = sections[number - 1] if number <= len(sections) else None
            self.fields[f"heading-{number}"] = forms.CharField(
                label="Heading", required=False, max_length=HEADING_AT_MOST, initial=each.heading if each else ""
            )
            self.fields[f"words-{number}"] = forms.CharField(
                label="What is proposed", required=False, initial=each.words if each else "", widget=forms.Textarea(attrs={"rows": 5}),
                help_text="Leave a line empty between paragraphs" if number == 1 else "",
            )  # fmt: skip
        if not changing:
            del self.fields["changes"]

    @property
    def parts(self) -> list[tuple[int, Any, Any]]:
        """For each section its number, the box of its heading and that of its words."""
        return [(number, self[f"heading-{number}"], self[f"words-{number}"]) for number in self.numbers]

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The sections as data; one with neither heading nor words is left out. Only after the form is valid."""
        found = []
        for number in self.numbers:
            heading, words = self.cleaned_data[f"heading-{number}"], self.cleaned_data[f"words-{number}"]
            if heading.strip() or words.strip():
                key = self.stands[number - 1].key if number <= len(self.stands) else self._new_key(number, heading)
                found.append({"key": key, "heading": heading, "paragraphs": list(paragraphs_of(words))})
        return found

    def _new_key(self, number: int, heading: str) -> str:
        made = option_key(number, heading)
        return made if made not in {each.key for each in self.stands} else f"{made[:36]}-{number}"


class QuestionForm(forms.Form):
    """One question: how it is put, its words, what may be answered, beside which section it stands."""

    kind = forms.ChoiceField(
        label="How is it answered?", widget=forms.RadioSelect, choices=[(key.value, said) for key, said in KINDS.items()]
    )
    words = forms.CharField(label="The question", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    options = forms.CharField(
        label="Answers offered, or principles: one on each line", required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Leave it empty for an answer in their own words.",
    )  # fmt: skip
    hint = forms.CharField(label="A hint below it", required=False, max_length=400)
    about = forms.ChoiceField(label="It stands beside", required=False)
    required = forms.BooleanField(label="A school must answer it before it can send", required=False)

    def __init__(self, data: Any = None, *, sections: Sequence[Section], stands: QuestionAsked | None = None) -> None:
        first: dict[str, Any] = {"kind": QuestionKind.CLOSED.value}
        if stands is not None:
            first = {
                "kind": stands.kind.value, "words": stands.words, "options": "\n".join(each.words for each in stands.options),
                "hint": stands.hint, "about": stands.about, "required": stands.required,
            }  # fmt: skip
        super().__init__(data, initial=first)
        self.stands = stands
        self.fields["about"].choices = [("", "The whole"), *((each.key, each.heading) for each in sections)]  # type: ignore[attr-defined]

    @property
    def question(self) -> dict[str, Any]:
        """The question as data; an option keeps its key as long as its words are the same. Only after the form is valid."""
        data = self.cleaned_data
        before = {each.words: each.key for each in self.stands.options} if self.stands else {}
        lines = [" ".join(line.split()) for line in data["options"].splitlines() if line.strip()]
        options: list[dict[str, str]] = []
        for number, words in enumerate(lines, 1):
            key = before.get(words) or option_key(number, words)
            if key in {each["key"] for each in options} and words not in {each["words"] for each in options}:
                key = f"{key[:36]}-{number}"
            options.append({"key": key, "words": words})
        key = self.stands.key if self.stands else option_key(1, data["words"])
        return {
            "key": key, "kind": data["kind"], "words": data["words"], "hint": data["hint"], "about": data["about"],
            "required": data["required"], "options": [] if data["kind"] == QuestionKind.OPEN.value else options,
        }  # fmt: skip


class WhyForm(forms.Form):
    """Why it is withdrawn."""

    why = forms.CharField(label="Why, in words for the schools that were asked", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class NothingForm(forms.Form):
    """Nothing to fill in."""
