"""What people fill in about plan, visits, notes, reviews, money and evaluation: few boxes, none that is known already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from convenor.funding.rules import DAY_HOURS_USUAL, DAY_PENCE_AT_MOST, SHARE_USUAL, Rate
from convenor.peer_review.rules.themes import THEMES
from convenor.support.rules import evaluation, money, notes, plan, progress, visits
from convenor.support.rules.evaluation import Came, Said
from convenor.support.rules.notes import Words
from convenor.support.rules.plan import Goal
from convenor.support.rules.progress import Rating
from convenor.support.rules.states import Accuracy, Met, Payer, Progress, ReviewDecision

THEME_CHOICES = [("", "Choose"), *((each.key, each.name) for each in THEMES.values())]
HALVES = [("1", "Half a day"), ("2", "A whole day")]


def _words(label: str, most: int, hint: str = "", *, required: bool = True, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more
    )  # fmt: skip


def _line(label: str, most: int, hint: str = "", *, required: bool = True, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=required, max_length=most, **more)


def _day(label: str, hint: str = "", *, required: bool = True, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, help_text=hint, required=required, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day, such as 2027-02-01"}, **more,
    )  # fmt: skip


def _pounds(label: str, hint: str = "", *, required: bool = False, most: int = money.PENCE_AT_MOST, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=hint, required=required, min_value=0, max_value=Decimal(most) / 100, decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "width": "10"}), **more,
    )  # fmt: skip


def _pence(pounds: Decimal | None) -> int:
    return int(((pounds or Decimal(0)) * 100).to_integral_value())


def _number(label: str, hint: str = "", *, required: bool = False, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=hint, required=required, widget=forms.NumberInput(attrs={"inputmode": "numeric", "width": "4"}), **more
    )  # fmt: skip


class PlanForm(forms.Form):
    """One to five objectives, each in its own boxes, and a word on why the plan changes."""

    NAMES = ("title", "area", "owner", "baseline", "baseline_on", "baseline_n", "measure", "target", "target_by_on", "half_days")

    def __init__(self, *args: Any, stands: Mapping[int, Goal], suggested: Goal, changes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in plan.NUMBERS:
            begins = stands.get(number) or (suggested if number == 1 and not stands else Goal())
            for name, box in self._boxes().items():
                box.initial = getattr(begins, name) or (begins.half_days if name == "half_days" else None)
                self.fields[f"{name}_{number}"] = box
        if changes:
            self.fields["why"] = _words("Why the plan changes", 600, "Both schools read it", required=False, rows=2)

    @staticmethod
    def _boxes() -> dict[str, forms.Field]:
        return {
            "title": _line("What should come about", plan.TITLE_AT_MOST, required=False),
            "area": forms.ChoiceField(label="Area", choices=THEME_CHOICES, required=False),
            "owner": _line("Who of the school sees to it", plan.OWNER_AT_MOST, "By role, such as “Reading lead”", required=False),
            "measure": _line("How you will see it", plan.MEASURE_AT_MOST, "The same now and then", required=False),
            "baseline": _line("Where it stands now", plan.MEASURE_AT_MOST, required=False),
            "baseline_on": _day("Measured on", required=False),
            "baseline_n": _number("Over how many", "Children, classes or staff, if it is a count", min_value=0, max_value=100_000),
            "target": _line("Where it should be", plan.MEASURE_AT_MOST, required=False),
            "target_by_on": _day("By", required=False),
            "half_days": _number("Half days for it", min_value=0, max_value=plan.HALF_DAYS_AT_MOST),
        }

    @property
    def goals(self) -> dict[int, Goal]:
        """The objectives as they were typed, by number."""
        given = self.cleaned_data
        return {number: self._goal(given, number) for number in plan.NUMBERS}

    def _goal(self, given: Mapping[str, Any], number: int) -> Goal:
        values = {name: given.get(f"{name}_{number}") for name in self.NAMES}
        return Goal(**(values | {"half_days": values["half_days"] or 0}))


class AgreeForm(forms.Form):
    """A button that knows which version of the plan was read."""

    plan_version = forms.IntegerField(widget=forms.HiddenInput)


class VisitForm(forms.Form):
    """A visit: its day, how long, what for."""

    on = _day("Day", "Today, a day to come, or one that has passed")
    half_days = forms.TypedChoiceField(label="How long", choices=HALVES, coerce=int, widget=forms.RadioSelect, initial="1")
    what = _line("What it is for", visits.WHAT_AT_MOST, required=False)
    objectives = forms.TypedMultipleChoiceField(
        label="For which objectives", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, objectives: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(objectives)
        self.fields["objectives"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["objectives"]


class MoveForm(forms.Form):
    """Another day for a visit."""

    on = _day("New day")
    half_days = forms.TypedChoiceField(label="How long", choices=HALVES, coerce=int, widget=forms.RadioSelect)
    why = _line("A word on why", visits.WHY_AT_MOST, required=False)


class OffForm(forms.Form):
    """A visit is called off."""

    why = _line("A word on why", visits.WHY_AT_MOST, "As you like; both schools read it", required=False)


class NoteForm(forms.Form):
    """A note of visit: three boxes, the first alone is needed."""

    seen = _words("What you did and saw", notes.SEEN_AT_MOST, "About practice, in a few sentences. No pupil’s name", rows=6)
    agreed = _words("What you agreed", notes.AGREED_AT_MOST, required=False, rows=2)
    next_time = _words("Next time", notes.NEXT_AT_MOST, required=False, rows=2)

    def __init__(self, *args: Any, ask_day: bool = False, held_on: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ask_day:
            self.fields["held_on"] = _day("The visit was on", initial=held_on)

    @property
    def words(self) -> Words:
        """The note as it was typed."""
        return Words(self.cleaned_data["seen"], self.cleaned_data["agreed"], self.cleaned_data["next_time"])


def draft_words(data: Mapping[str, Any]) -> Words:
    """A note as far as it is typed, from what the page sends by itself."""
    return Words(*(str(data.get(key, "")) for key, _, _, _ in notes.BOXES))


class MarkForm(forms.Form):
    """Whether a note is accurate."""

    accuracy = forms.TypedChoiceField(
        label="Is this note accurate?", coerce=Accuracy, widget=forms.RadioSelect,
        choices=[(Accuracy.ACCURATE.value, "Yes, it is accurate"), (Accuracy.NOT_ACCURATE.value, "No, something is not right")],
        error_messages={"required": "Say whether it is accurate"},
    )  # fmt: skip
    words = _words("What is not right, and what is", notes.MARK_AT_MOST, "It stands beside the note for ever", required=False)


class ReviewForm(forms.Form):
    """A progress review: each objective in stated meanings, a decision, the next day."""

    held_on = _day("Held on")

    def __init__(self, *args: Any, objectives: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = [number for number, _ in objectives]
        says = [(value, name if means == f"{name}." else f"{name}. {means}") for value, _, name, means in progress.means()]
        for number, title in objectives:
            self.fields[f"progress_{number}"] = forms.ChoiceField(
                label=f"{number}. {title}", choices=says, widget=forms.RadioSelect,
                error_messages={"required": f"Say how objective {number} goes"},
            )  # fmt: skip
            self.fields[f"words_{number}"] = _words(
                "In a sentence or two", progress.RATING_AT_MOST, "For amber, what will be done; for red, what stands in the way",
                required=False, rows=2,
            )  # fmt: skip
        self.fields["decision"] = forms.TypedChoiceField(
            label="What follows", coerce=ReviewDecision, widget=forms.RadioSelect,
            choices=[(each.value, says) for each, says in progress.DECISION_SAYS.items()],
        )  # fmt: skip
        self.fields["words"] = _words(
            "In words", progress.WORDS_AT_MOST, "Needed where the plan changes or support ends", required=False
        )  # fmt: skip
        self.fields["next_on"] = _day("When you look again", "Within half a year", required=False)

    @property
    def review(self) -> progress.Review:
        """The review as it was filled in."""
        given = self.cleaned_data
        ratings = tuple(Rating(each, Progress(given[f"progress_{each}"]), given[f"words_{each}"]) for each in self.numbers)
        return progress.Review(given["held_on"], ratings, given["decision"], given["words"], given["next_on"])


class CostForm(forms.Form):
    """What something costs and who pays, begun from the rate card."""

    what = _line("What it is for", money.WHAT_AT_MOST)
    payer = forms.TypedChoiceField(label="Who pays", coerce=Payer, choices=[(each.value, says) for each, says in money.PAYER_SAYS.items()])
    payer_named = _line("Who, if somebody else", money.WHAT_AT_MOST, required=False)
    half_days = _number("Half days", min_value=0, max_value=plan.HALF_DAYS_AT_MOST)
    day = _pounds("A whole day costs, in pounds", most=DAY_PENCE_AT_MOST)
    share = forms.DecimalField(
        label="Of that with the broker, per cent", required=False, min_value=0, max_value=50, decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "width": "4"}),
    )  # fmt: skip
    share_pounds = _pounds("Or so much a day, in pounds", most=DAY_PENCE_AT_MOST)
    on_top = forms.BooleanField(label="The broker’s share comes on top of the price", required=False)
    vat = forms.BooleanField(label="VAT is added", required=False)
    total = _pounds("Or a sum, in pounds", "For what is no day: travel, cover, books")

    def __init__(self, *args: Any, funds: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if funds:
            self.fields["fund"] = forms.TypedChoiceField(
                label="From which fund", coerce=int, empty_value=None, required=False, choices=[("", "None, or later"), *funds]
            )

    @property
    def line(self) -> money.Line:
        """The line as it was filled in."""
        given = self.cleaned_data
        half_days = given["half_days"] or 0
        rate = Rate(
            _pence(given["day"]), int((given["share"] or Decimal(0)) * 100), _pence(given["share_pounds"]), given["on_top"], given["vat"]
        )
        if not half_days or given["payer"] is Payer.NOBODY:
            rate = Rate(0)
        return money.Line(
            given["what"], given["payer"], half_days, rate if half_days else None, _pence(given["total"]), given["payer_named"]
        )


class FundForm(forms.Form):
    """From which fund something is paid."""

    fund = forms.TypedChoiceField(label="From which fund", coerce=int)

    def __init__(self, *args: Any, funds: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].choices = list(funds)  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A word on why."""

    why = _line("Why", 200, "Both schools read it", required=False)


class RateForm(forms.Form):
    """What a day of somebody with a designation costs."""

    key = forms.ChoiceField(label="For whom")
    day = _pounds("A day costs, in pounds", required=True, most=DAY_PENCE_AT_MOST)
    day_hours = _number("Hours in a day", "With the writing of its note", required=True, min_value=1, max_value=12, initial=DAY_HOURS_USUAL)
    share = forms.DecimalField(
        label="The broker’s share, per cent", required=False, min_value=0, max_value=50, decimal_places=2,
        initial=Decimal(SHARE_USUAL) / 100, widget=forms.NumberInput(attrs={"inputmode": "decimal", "width": "4"}),
    )  # fmt: skip
    share_pounds = _pounds("Or so much a day, in pounds", most=DAY_PENCE_AT_MOST)
    on_top = forms.BooleanField(label="The share comes on top of the price", required=False)
    vat = forms.BooleanField(label="VAT is added", required=False)
    from_on = _day("From")

    def __init__(self, *args: Any, designations: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [("", "Choose"), *designations]  # type: ignore[attr-defined]

    @property
    def rate(self) -> Rate:
        """The rate as it was filled in."""
        given = self.cleaned_data
        return Rate(
            _pence(given["day"]), int((given["share"] or Decimal(0)) * 100), _pence(given["share_pounds"]), given["on_top"], given["vat"],
            given["day_hours"],
        )  # fmt: skip


class EndRateForm(forms.Form):
    """From when a rate counts no longer."""

    until_on = _day("From which day it counts no longer")


class EvaluationForm(forms.Form):
    """What one side says at the end, or later."""

    def __init__(
        self, *args: Any, objectives: Sequence[tuple[int, str, str, str]], receiving: bool, at_end: bool, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.numbers = [number for number, *_ in objectives]
        if receiving:
            self._ask_objectives(objectives)
            if at_end:
                self.fields["useful"] = _scale("How useful was the support?", evaluation.USEFUL_SAYS)
                self.fields["worth"] = _scale("Was it worth its time and money?", evaluation.WORTH_SAYS)
        self.fields["words"] = _words("In your words", evaluation.WORDS_AT_MOST, required=not receiving)
        if at_end:
            self.fields["lesson"] = _words(
                "What could other schools learn from it?", evaluation.LESSON_AT_MOST,
                "Name no school and nobody. Nobody reads it beyond the two schools unless both heads agree to these words", required=False,
            )  # fmt: skip

    def _ask_objectives(self, objectives: Sequence[tuple[int, str, str, str]]) -> None:
        for number, title, baseline, target in objectives:
            self.fields[f"met_{number}"] = forms.ChoiceField(
                label=f"{number}. {title}", help_text=f"From “{baseline}” to “{target}”", widget=forms.RadioSelect,
                choices=[(each.value, says) for each, says in evaluation.MET_SAYS.items()],
                error_messages={"required": f"Say how far objective {number} came"},
            )  # fmt: skip
            self.fields[f"evidence_{number}"] = _words("What shows it", evaluation.EVIDENCE_AT_MOST, required=False, rows=2)

    @property
    def said(self) -> Said:
        """What was said."""
        given = self.cleaned_data
        came = tuple(Came(each, Met(given[f"met_{each}"]), given[f"evidence_{each}"]) for each in self.numbers if given.get(f"met_{each}"))
        return Said(came, given.get("useful"), given.get("worth"), given["words"], given.get("lesson", ""))


def _scale(label: str, says: Mapping[int, str]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, coerce=int, widget=forms.RadioSelect, choices=[(str(mark), words) for mark, words in says.items()],
        error_messages={"required": f"{label[:-1]}: choose one"},
    )  # fmt: skip


class LessonForm(forms.Form):
    """Words that others may read, once both heads agree to them."""

    read = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    words = _words("What others could learn", evaluation.LESSON_AT_MOST, "Name no school and nobody", rows=5)
