"""What is filled in about the register of reviewers, and what reviewers and schools declare in private."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from convenor.peer_review.forms.rounds import day_field
from convenor.peer_review.rules.register import MOST_DAYS_A_YEAR
from convenor.peer_review.rules.states import Interest, TrainingKind
from convenor.peer_review.rules.themes import THEMES

KIND_WORDS = {
    TrainingKind.INITIAL: "First training, one day",
    TrainingKind.REFRESHER: "Refresher",
    TrainingKind.CHAMPION: "Training as an improvement champion",
}
INTEREST_WORDS = {
    Interest.WORKED_THERE: "I worked there",
    Interest.FAMILY: "Family or friends work or learn there",
    Interest.GOVERNOR: "I am or was a governor or trustee there",
    Interest.PAID_SUPPORT: "I am or was paid to support it, in the last 24 months",
    Interest.OTHER: "Another reason, which I need not give",
}


class ReviewerForm(forms.Form):
    """Somebody goes on the register."""

    person = forms.ChoiceField(label="Who", required=False, help_text="Anybody who holds a post or seat in the partnership")
    name = forms.CharField(
        label="Somebody new: their name", required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(label="Their e-mail address", required=False, help_text="They sign in by a link to it")
    urn = forms.ChoiceField(label="School they come from", required=False)
    near = forms.ChoiceField(label="If independent: the school nearest to where they live", required=False)
    can_lead = forms.BooleanField(label="Can lead a team", required=False)
    can_champion = forms.BooleanField(label="Can lead an improvement workshop, as a champion", required=False)

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]] | None, schools: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people is None:
            for name in ("person", "name", "email"):
                del self.fields[name]
        else:
            self.fields["person"].choices = [("", "Choose, or enter somebody new below"), *people]  # type: ignore[attr-defined]
        self.fields["urn"].choices = [("", "None: they are independent"), *schools]  # type: ignore[attr-defined]
        self.fields["near"].choices = [("", "Choose a school"), *schools]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Somebody known or somebody new, and not both."""
        data = super().clean() or {}
        if "person" in self.fields and not data.get("person") and not (data.get("name") and data.get("email")):
            self.add_error("person", "Choose somebody, or enter the name and address of somebody new")
        return data


class LeaveForm(forms.Form):
    """Nothing to fill in."""


class TrainingForm(forms.Form):
    """One training of several people."""

    kind = forms.ChoiceField(
        label="Which training", widget=forms.RadioSelect, choices=[(each.value, said) for each, said in KIND_WORDS.items()]
    )
    trained_on = day_field("The day on which it was held")
    by_whom = forms.CharField(label="Who gave it", required=False, max_length=120)
    reviewers = forms.MultipleChoiceField(label="Who took part", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, reviewers: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewers"].choices = list(reviewers)  # type: ignore[attr-defined]


class ProfileForm(forms.Form):
    """What a reviewer says of themselves."""

    expertise = forms.MultipleChoiceField(
        label="What you know well", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(each.key, each.name) for each in THEMES.values()],
        help_text="Hosts who want eyes on it are more likely to get you. No theme is graded",
    )  # fmt: skip
    days_a_year = forms.IntegerField(
        label="Days a year that you give", min_value=1, max_value=MOST_DAYS_A_YEAR, widget=forms.NumberInput(attrs={"width": "3"}),
        help_text=f"From 1 to {MOST_DAYS_A_YEAR}; you are never matched to more",
    )  # fmt: skip


class JoinForm(forms.Form):
    """A person puts themselves on the register."""

    urn = forms.ChoiceField(label="The school you come from", required=False)
    near = forms.ChoiceField(label="If you come from none: the school nearest to where you live", required=False)

    def __init__(self, *args: Any, homes: Sequence[tuple[str, str]], schools: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if homes:
            del self.fields["near"]
            self.fields["urn"].choices = list(homes)  # type: ignore[attr-defined]
            self.fields["urn"].required = True
        else:
            del self.fields["urn"]
            self.fields["near"].choices = [("", "Choose a school"), *schools]  # type: ignore[attr-defined]


class InterestForm(forms.Form):
    """A school that a reviewer should not review."""

    urn = forms.ChoiceField(label="School")
    kind = forms.ChoiceField(label="Why", choices=[(each.value, said) for each, said in INTEREST_WORDS.items()])
    until_on = day_field("Until, if it ends by itself", required=False)

    def __init__(self, *args: Any, schools: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["urn"].choices = [("", "Choose a school"), *schools]  # type: ignore[attr-defined]


class ObjectionForm(forms.Form):
    """A school that another would rather not be reviewed by."""

    objects_to = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, schools: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objects_to"].choices = [("", "Choose a school"), *schools]  # type: ignore[attr-defined]
