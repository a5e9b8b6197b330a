"""What a school fills in when it asks for support, and what a broker does when choosing: few boxes, filled in as far as it is known."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from convenor.peer_review.rules.themes import THEMES
from convenor.support.rules.needs import FORMAT_SAYS, NEED_SAYS, THEMES_AT_MOST, WHY_AT_MOST, WORDS_AT_MOST, Asked, themes_for
from convenor.support.rules.states import NeedState, Payer

THEME_CHOICES = [(each.key, each.name) for each in THEMES.values()]
#: How much help, in the words of a head; a guess is enough.
HALF_DAYS = {
    1: "Half a day", 2: "A day", 4: "Two days", 6: "Three days", 10: "Five days", 12: "Six days: one each half term", 20: "Ten days",
    40: "Twenty days",
}  # fmt: skip
#: Values and labels to choose from.
Choices = Sequence[tuple[str, str]]
PAYERS = (("", "Not settled"), (Payer.RECEIVING.value, "Our school"), (Payer.FUND.value, "We hope for a fund of the partnership"))


#: Whole days in words; more are told in figures.
DAYS = (
    "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve", "Thirteen", "Fourteen",
    "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen", "Twenty",
)  # fmt: skip


def half_day_words(number: int) -> str:
    """So many half days in days, always in the same way: "A day", "One and a half days", "Four days"."""
    if number in (1, 2):
        return HALF_DAYS[number]
    whole, half = divmod(number, 2)
    said = DAYS[whole] if whole < len(DAYS) else f"{whole}"
    return f"{said} and a half days" if half else f"{said} days"


class AskForm(forms.Form):
    """A request for support. `asked` is what is known of it; `for_school` asks for the head's agreement, where a broker fills it in."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    themes = forms.MultipleChoiceField(
        label="What would you like support with?", choices=THEME_CHOICES, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tap what you would like support with: one, or up to three"},
    )  # fmt: skip
    first = forms.ChoiceField(
        label="If you tapped several: which matters most?", required=False, choices=[("", "All alike"), *THEME_CHOICES]
    )
    words = forms.CharField(
        label="What would help?", max_length=WORDS_AT_MOST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A sentence or two, in your own words. Name no pupil and no member of staff.",
        error_messages={"required": "Say in a sentence or two what would help"},
    )  # fmt: skip
    formats = forms.MultipleChoiceField(
        label="How would you like it?", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(each.value, said) for each, said in FORMAT_SAYS.items()],
    )  # fmt: skip
    half_days = forms.TypedChoiceField(label="About how much?", coerce=int, choices=list(HALF_DAYS.items()))
    payer = forms.ChoiceField(label="Who pays?", required=False, choices=PAYERS)
    budget = forms.DecimalField(
        label="What there is for it, in pounds", required=False, min_value=Decimal(0), decimal_places=2, max_digits=8,
        widget=forms.NumberInput(attrs={"width": "5", "inputmode": "decimal"}), help_text="Leave it empty where it is not settled",
    )  # fmt: skip
    wanted_by_on = forms.DateField(
        label="By when would it help?", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day, such as 2027-01-11"},
    )  # fmt: skip
    agreed = forms.BooleanField(
        label="The head has agreed to ask for this, in these words", required=False,
        help_text="They are told at once, read every word of it, and may change it or take it back.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, asked: Asked, version: int | None = None, for_school: bool = False, phase: str = "") -> None:
        """Filled in with `asked`; for a school of this phase."""
        stands = {
            "version": version, "themes": list(asked.themes), "first": asked.themes[0] if len(asked.themes) > 1 else "",
            "words": asked.words, "formats": list(asked.formats), "half_days": asked.half_days,
            "payer": asked.payer.value if asked.payer else "", "wanted_by_on": asked.wanted_by_on,
            "budget": None if asked.budget_pence is None else Decimal(asked.budget_pence) / 100,
        }  # fmt: skip
        super().__init__(data, initial=stands)
        themes = themes_for(phase, asked.themes)
        self.fields["themes"].choices, self.fields["first"].choices = themes, [("", "All alike"), *themes]  # type: ignore[attr-defined]
        numbers = sorted({*HALF_DAYS, asked.half_days})
        self.fields["half_days"].choices = [(number, HALF_DAYS.get(number, half_day_words(number))) for number in numbers]  # type: ignore[attr-defined]
        if asked.payer is not None and asked.payer.value not in dict(PAYERS):
            self.fields["payer"].choices = [*PAYERS, (asked.payer.value, "As it was settled")]  # type: ignore[attr-defined]
        if not for_school:
            del self.fields["agreed"]

    def clean_themes(self) -> list[str]:
        """At most three."""
        themes: list[str] = self.cleaned_data["themes"]
        if len(themes) > THEMES_AT_MOST:
            raise forms.ValidationError("At most three: support that does few things does them well")
        return themes

    @property
    def asked(self) -> Asked:
        """What was asked for, the most wanted first; only after the form is valid."""
        data = self.cleaned_data
        first = data["first"]
        themes = sorted(data["themes"], key=lambda each: each != first)
        budget = data["budget"]
        return Asked(
            themes=tuple(themes), formats=tuple(data["formats"]), words=data["words"], half_days=data["half_days"],
            budget_pence=None if budget is None else int(budget * 100), payer=Payer(data["payer"]) if data["payer"] else None,
            wanted_by_on=data["wanted_by_on"],
        )  # fmt: skip


class WhyWithdrawForm(forms.Form):
    """A reason, if the school wants to give one."""

    why = forms.CharField(label="Why, if you want to say", required=False, max_length=WHY_AT_MOST)


class UnmetForm(forms.Form):
    """What the school is told."""

    why = forms.CharField(
        label="What the school should know", max_length=WHY_AT_MOST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who was looked for, and what happens next. The school reads it.",
    )  # fmt: skip


class CarriedForm(forms.Form):
    """How a package goes, and which part of the partnership carries it where that is known."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    flow = forms.ChoiceField(label="How the package goes", widget=forms.RadioSelect)
    tier = forms.ChoiceField(label="Which tier carries it?", required=False)
    priority = forms.ChoiceField(label="Which priority does it serve?", required=False)

    def __init__(
        self, data: Any = None, *, version: int | None = None, flows: Choices, tiers: Choices = (), priorities: Choices = ()
    ) -> None:
        """`flows` are the workflows to choose from, the usual one first; none where the package is open and keeps its own."""
        super().__init__(data, initial={"version": version, "flow": flows[0][0] if flows else ""})
        offered = {"flow": list(flows), "tier": [("", "Not said"), *tiers], "priority": [("", "None, or as it was asked"), *priorities]}
        for name, choices in offered.items():
            if (name == "flow" and flows) or len(choices) > 1:
                self.fields[name].choices = choices  # type: ignore[attr-defined]
            else:
                del self.fields[name]


class ChooseForm(CarriedForm):
    """Why this supporter, besides how its package goes."""

    why = forms.CharField(
        label="Why you choose them", max_length=WORDS_AT_MOST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Both schools may read it. A sentence is enough.",
    )  # fmt: skip


class NeedsFilter(forms.Form):
    """Which requests of the area are shown."""

    state = forms.ChoiceField(label="Where it stands", required=False)
    theme = forms.ChoiceField(label="Theme", required=False, choices=[("", "Any"), *THEME_CHOICES])

    def __init__(self, data: Any = None, *, counts: dict[NeedState, int]) -> None:
        super().__init__(data)
        said = [(each.value, f"{NEED_SAYS[each][:1].upper()}{NEED_SAYS[each][1:]} ({count})") for each, count in counts.items()]
        self.fields["state"].choices = [("", "All on their way"), *said]  # type: ignore[attr-defined]


class NothingForm(forms.Form):
    """Nothing to fill in."""
