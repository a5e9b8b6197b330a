"""What people fill in about one review before its report: few boxes, none that is published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from django import forms

from convenor.peer_review.rules.gates import PLAIN_REASON, REASON_AT_MOST, said
from convenor.peer_review.rules.mirror import NAMED, Expected
from convenor.peer_review.rules.mirror import WORDS_AT_MOST as EXPECTED_AT_MOST
from convenor.peer_review.rules.preparing import KIND_SAYS, QUESTION_AT_MOST, print_of
from convenor.peer_review.rules.themes import THEMES

THEME_CHOICES = [(each.key, each.name) for each in THEMES.values()]
SIDES = [("strength", "A strength"), ("even-better", "Even better if")]


def _words(
    label: str, hint: str = "", *, required: bool = True, rows: int = 3, most: int = REASON_AT_MOST, initial: str = ""
) -> forms.CharField:  # fmt: skip
    """Several lines of words."""
    lines = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, required=required, max_length=most, widget=lines, initial=initial)


class NothingToFillIn(forms.Form):
    """A button alone."""


class FocusForm(forms.Form):
    """What the host would like the team to look into."""

    question_1 = _words("Your question", "One that a visitor can answer in a day", rows=2, most=QUESTION_AT_MOST)
    question_2 = _words("A second question", "Only if you need it", required=False, rows=2, most=QUESTION_AT_MOST)
    kind = forms.ChoiceField(
        label="What should the team look at?", widget=forms.RadioSelect,
        choices=[(kind.value, f"{title}. {says}") for kind, (title, says) in KIND_SAYS.items()],
        error_messages={"required": "Say what the team should look at"},
    )  # fmt: skip
    themes = forms.MultipleChoiceField(
        label="Which themes does it touch?", help_text="It helps the team to prepare", required=False, choices=THEME_CHOICES,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    scale = _words(
        "A scale in your own words", "One word or phrase a line, the first step first. Leave it empty for no grade, as most schools do",
        required=False, rows=4, most=220,
    )  # fmt: skip

    @property
    def steps(self) -> list[str]:
        """The words of the scale."""
        return str(self.cleaned_data["scale"]).splitlines()

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions as they were typed."""
        return (self.cleaned_data["question_1"], self.cleaned_data["question_2"])


class SelfReviewForm(forms.Form):
    """The school's words, one box for each heading of the way. Each carries the print of what stood there when the page was read."""

    def __init__(self, *args: Any, headings: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in headings:
            self.fields[each.key] = forms.CharField(
                label=each.title, help_text=each.prompt, required=False, strip=False, initial=each.words,
                widget=forms.Textarea(attrs={"rows": 6}),
            )  # fmt: skip
            self.fields[f"was-{each.key}"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=each.was)
        self._keys = [each.key for each in headings]

    @property
    def words(self) -> dict[str, str]:
        """What was typed, by heading; headings that were not sent are left out."""
        return {key: self.cleaned_data[key] for key in self._keys if self.add_prefix(key) in self.data}

    @property
    def was(self) -> dict[str, str]:
        """The prints, by heading."""
        return {key: self.cleaned_data[f"was-{key}"] for key in self._keys}

    def met_another(self, key: str, now: str) -> bool:
        """Whether what stands under a heading now is neither what was read nor what was typed."""
        return now not in (self.was[key], print_of(self.cleaned_data[key]))

    def beside(self, prints: dict[str, str], headings: Sequence[Any]) -> SelfReviewForm:
        """The same typed words beside what stands now, so that the next saving knows of it; the errors stay."""
        given = {**{key: str(self.data.get(key, "")) for key in self._keys}, **{f"was-{key}": each for key, each in prints.items()}}
        again = SelfReviewForm(given, headings=headings)
        again.full_clean()
        for each in self.non_field_errors():
            again.add_error(None, str(each))
        return again


class ActivityForm(forms.Form):
    """One activity of the visit."""

    title = forms.CharField(label="What is done", max_length=160)
    on = forms.TypedChoiceField(label="Day", coerce=date.fromisoformat)
    starts = forms.TimeField(label="From", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label="Until", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    host_partner = forms.CharField(
        label="Who of the school does it with the team", help_text="By role, such as “Reading lead”", max_length=120
    )
    place = forms.CharField(label="Where", required=False, max_length=80)
    reviewers = forms.TypedMultipleChoiceField(
        label="Which reviewers", help_text="None ticked: the whole team", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, days: Iterable[date], team: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].choices = [(day.isoformat(), said(day)) for day in days]  # type: ignore[attr-defined]
        self.fields["reviewers"].choices = list(team)  # type: ignore[attr-defined]


class SuggestForm(forms.Form):
    """Where a suggested agenda begins, and with whom."""

    host_partner = forms.CharField(
        label="Who of the school goes with the team", help_text="By role; you can change it for each activity afterwards", max_length=120,
        initial="Headteacher",
    )  # fmt: skip
    starts = forms.TimeField(label="Beginning at", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial=time(9, 0))


class ExpectForm(forms.Form):
    """Three findings that one side expects."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, nth in enumerate(("First", "Second", "Third"), 1):
            self.fields[f"theme_{number}"] = forms.ChoiceField(
                label=f"{nth}: which theme?", choices=[("", "Choose"), *THEME_CHOICES],
                error_messages={"required": f"Choose a theme for the {nth.lower()}"},
            )  # fmt: skip
            self.fields[f"side_{number}"] = forms.ChoiceField(
                label=f"{nth}: as what?", choices=SIDES, widget=forms.RadioSelect,
                error_messages={"required": f"Say as what you expect the {nth.lower()}"},
            )  # fmt: skip
            self.fields[f"words_{number}"] = forms.CharField(label=f"{nth}: in a few words", required=False, max_length=EXPECTED_AT_MOST)

    @property
    def findings(self) -> tuple[Expected, ...]:
        """The three as they were given."""
        given = self.cleaned_data
        return tuple(
            Expected(given[f"theme_{each}"], given[f"side_{each}"] == "strength", given[f"words_{each}"]) for each in range(1, NAMED + 1)
        )

    @staticmethod
    def of(findings: Iterable[Expected]) -> dict[str, str]:
        """What stands already, to begin from."""
        found: dict[str, str] = {}
        for number, each in enumerate(findings, 1):
            found |= {f"theme_{number}": each.theme, f"side_{number}": SIDES[0 if each.strength else 1][0], f"words_{number}": each.words}
        return found


class PostponeForm(forms.Form):
    """Why a review is put off."""

    why = _words("Why", "The school, the team and the coordinator read it. Name no child and no member of staff", initial=PLAIN_REASON)


class ResumeForm(forms.Form):
    """A review goes on, on new days where the old ones have passed."""

    from_on = forms.DateField(
        label="First day of the visit", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Leave it empty to keep the days as they are",
        error_messages={"invalid": "Enter a day, such as 2027-02-01"},
    )  # fmt: skip
    asked = forms.BooleanField(label="The team and the school have agreed to these days", required=False)
    why = _words("A word to the team", required=False, most=300)


class WithdrawForm(forms.Form):
    """The school takes its review back."""

    why = _words("Why", "As you like; only your own school will see it", required=False)
