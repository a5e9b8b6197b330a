"""What is filled in about the directory and about a school's year: few boxes, each with a good beginning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from convenor.england.phases import PHASES
from convenor.peer_review.rules.themes import THEMES
from convenor.support.rules import answers, assurance, designations, entries
from convenor.support.rules.answers import Answer
from convenor.support.rules.capacity import HALF_DAYS_AT_MOST, HALF_DAYS_USUAL
from convenor.support.rules.designations import Designation
from convenor.support.rules.entries import Offering
from convenor.support.rules.states import AssuranceKind, ConflictKind, SupporterKind, SupportFormat

FORMAT_WORDS = {
    SupportFormat.COACHING: "Coaching",
    SupportFormat.VISITS: "Visits",
    SupportFormat.MODELLING: "Showing how",
    SupportFormat.TRAINING: "Training",
    SupportFormat.REVIEW: "A look from outside",
    SupportFormat.REMOTE: "By call",
    SupportFormat.HOSTING: "You come to us",
    SupportFormat.MENTORING: "Mentoring",
}
KIND_WORDS = {
    SupporterKind.PERSON: "Person",
    SupporterKind.SCHOOL: "School",
    SupporterKind.TRUST: "Trust",
    SupporterKind.HUB: "Hub",
    SupporterKind.SERVICE: "Service",
}
ASSURANCE_WORDS = {
    AssuranceKind.LOCAL_PANEL: "Seen by a local panel",
    AssuranceKind.REFERENCE: "A reference from a school they supported",
    AssuranceKind.OUTCOME: "What came of earlier support",
    AssuranceKind.TRAINING: "Trained and accredited",
    AssuranceKind.DESIGNATION: "A designation",
    AssuranceKind.EXCELLENCE: "An area of excellence found in a peer review",
}
CONFLICT_WORDS = {
    ConflictKind.WORKED_THERE: "Worked there",
    ConflictKind.FAMILY: "Family or friends work or learn there",
    ConflictKind.GOVERNOR: "Is or was a governor or trustee there",
    ConflictKind.MONEY: "Money passes, or passed, between them",
    ConflictKind.OTHER: "Another reason, which need not be given",
}
THEME_CHOICES = [(each.key, each.name) for each in THEMES.values()]


def day_field(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    """A day, in the browser's own date box."""
    return forms.DateField(
        label=label, help_text=hint, required=required, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day, such as 2027-01-11"},
    )  # fmt: skip


def ticks(label: str, choices: Iterable[tuple[str, str]], hint: str = "") -> forms.MultipleChoiceField:
    """Tick boxes of which none need be ticked."""
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), help_text=hint, required=False, widget=forms.CheckboxSelectMultiple
    )


class EntryForm(forms.Form):
    """What an entry says. `urn` is the school they come from, asked only where there is a choice."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    urn = forms.ChoiceField(label="From which school", required=False)
    expertise = ticks("What you know well", THEME_CHOICES)
    formats = ticks("How you can help", [(each.value, said) for each, said in FORMAT_WORDS.items()])
    phases = ticks("Phases", [(each, each) for each in PHASES])
    half_days = forms.IntegerField(
        label="Half days you offer this school year", min_value=0, max_value=HALF_DAYS_AT_MOST, initial=HALF_DAYS_USUAL,
        widget=forms.NumberInput(attrs={"width": "4", "inputmode": "numeric"}),
    )  # fmt: skip
    reach_km = forms.IntegerField(
        label="How far you go, in kilometres", required=False, min_value=1, max_value=entries.REACH_AT_MOST_KM,
        help_text="In a straight line. Leave it empty for the whole area", widget=forms.NumberInput(attrs={"width": "4"}),
    )  # fmt: skip
    says = forms.CharField(
        label="In your own words", required=False, max_length=entries.SAYS_AT_MOST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What a school would find you good at. Name no school and no child",
    )  # fmt: skip
    published = forms.BooleanField(label="May stand in the published directory, a person without their name", required=False)

    def __init__(self, *args: Any, homes: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(homes) > 1:
            self.fields["urn"].choices = list(homes)  # type: ignore[attr-defined]
        else:
            del self.fields["urn"]
        self._only = homes[0][0] if homes else ""

    @property
    def chosen_urn(self) -> str:
        """The school they come from."""
        return str(self.cleaned_data.get("urn") or self._only)

    @property
    def offering(self) -> Offering:
        """The entry as the rules know it."""
        data = self.cleaned_data
        return Offering(
            tuple(data["expertise"]), tuple(data["phases"]), tuple(data["formats"]), data["says"], data["reach_km"], data["published"]
        )


class SupporterForm(EntryForm):
    """Whoever keeps the directory puts somebody into it."""

    kind = forms.ChoiceField(label="Who it is", choices=[(each.value, said) for each, said in KIND_WORDS.items()])
    person = forms.ChoiceField(label="A person: who", required=False, help_text="Anybody who holds a post or seat in the partnership")
    school = forms.ChoiceField(label="The school: its own, or where the person comes from", required=False)
    trust = forms.ChoiceField(label="A trust: which", required=False)
    name = forms.CharField(label="A hub or service: its name", required=False, max_length=entries.NAME_AT_MOST)
    organisation = forms.CharField(label="Who employs them, if it is no school", required=False, max_length=200)
    near = forms.ChoiceField(label="If of no school: the school nearest to them", required=False)

    def __init__(
        self, *args: Any, people: Iterable[tuple[str, str]], schools: Sequence[tuple[str, str]], trusts: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "Choose somebody"), *people]  # type: ignore[attr-defined]
        self.fields["school"].choices = [("", "None"), *schools]  # type: ignore[attr-defined]
        self.fields["near"].choices = [("", "Choose a school"), *schools]  # type: ignore[attr-defined]
        self.fields["trust"].choices = [("", "Choose a trust"), *trusts]  # type: ignore[attr-defined]


class DesignationsForm(forms.Form):
    """Which designations somebody holds."""

    given = ticks("Designations", ())

    def __init__(self, *args: Any, known: Mapping[str, Designation], kind: SupporterKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fit = [each for each in known.values() if kind in each.kinds]
        self.fields["given"].choices = [(each.key, each.said) for each in fit]  # type: ignore[attr-defined]


class NameDesignationForm(forms.Form):
    """The partnership names a designation of its own."""

    name = forms.CharField(label="Name", max_length=designations.NAME_AT_MOST, help_text="As “Fernshire reading lead”")
    says = forms.CharField(label="What somebody has shown to be given it", max_length=designations.SAYS_AT_MOST)


class AssuranceForm(forms.Form):
    """What vouches for somebody."""

    kind = forms.ChoiceField(label="What it is", choices=[(each.value, said) for each, said in ASSURANCE_WORDS.items()])
    assurer = forms.CharField(label="Who vouches for them", max_length=assurance.ASSURER_AT_MOST, help_text="A body, not a person")
    source = forms.CharField(
        label="Where it can be read, or what was seen", max_length=assurance.SOURCE_AT_MOST, help_text="Name no child and no school"
    )
    assured_on = day_field("Given on")
    valid_until_on = day_field(
        "Last day on which it counts", f"Empty: {assurance.COUNTS_FOR_MONTHS} months after it was given", required=False
    )


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label="Why", max_length=300)


class NothingForm(forms.Form):
    """Nothing to fill in."""


class InterestForm(forms.Form):
    """A school that a supporter should not work with."""

    urn = forms.ChoiceField(label="School")
    kind = forms.ChoiceField(label="Why", choices=[(each.value, said) for each, said in CONFLICT_WORDS.items()])
    until_on = day_field("Until, if it ends by itself", required=False)

    def __init__(self, *args: Any, schools: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["urn"].choices = [("", "Choose a school"), *schools]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """A school's year: what it can offer, what it wants to learn."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    offers = ticks("What others could come and see", THEME_CHOICES)
    wants = ticks("What you would like to learn", THEME_CHOICES)
    half_days = forms.IntegerField(
        label="Half days you could give this school year", min_value=0, max_value=answers.HALF_DAYS_AT_MOST, initial=0, required=False,
        help_text="None is an answer too", widget=forms.NumberInput(attrs={"width": "3", "inputmode": "numeric"}),
    )  # fmt: skip
    ring = forms.BooleanField(label="We would join a ring: A helps B, B helps C, C helps A, and no money moves", required=False)
    words = forms.CharField(
        label="A note for your school’s next answer", required=False, max_length=answers.WORDS_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 2}), help_text="Only your school reads it",
    )  # fmt: skip

    def __init__(self, *args: Any, themes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in ("offers", "wants"):
            self.fields[each].choices = list(themes)  # type: ignore[attr-defined]

    @property
    def answer(self) -> Answer:
        """The answer as the rules know it."""
        data = self.cleaned_data
        return Answer(tuple(data["offers"]), tuple(data["wants"]), data["words"], data["half_days"] or 0, data["ring"])


class TakeInForm(forms.Form):
    """A directory that somebody else published."""

    file = forms.FileField(label="The file", help_text="JSON, as Open Referral writes it: a list of services")
    source = forms.CharField(label="Whose directory it is", max_length=200, help_text="Shown beside each entry that is taken in")
