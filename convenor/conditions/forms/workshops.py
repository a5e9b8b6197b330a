"""What a facilitator fills in: the plan of a workshop, the nine cards, a sheet of paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms

from convenor.conditions.rules.agendas import AGENDAS, Agenda, agenda, as_text, for_cards, read_agenda
from convenor.conditions.rules.cards import NINE_CONDITIONS, Card, cards_typed
from convenor.conditions.rules.groups import ANSWERS, QUESTIONS
from convenor.conditions.rules.joining import PEOPLE_AT_A_TABLE
from convenor.conditions.rules.phone import read_rows
from convenor.conditions.rules.planning import TITLE_AT_MOST, Plan, rows_typed
from convenor.conditions.rules.refusals import BadAgenda, BadCards, NoDiamond
from convenor.conditions.rules.states import StepKind

NINE: Final = "nine"
OTHER: Final = "other"
OWN: Final = "own"
DAY: Final = {"invalid": "Enter a day, such as 2027-01-11"}


class NothingToFillIn(forms.Form):
    """A button alone."""


def _choices() -> list[tuple[str, str]]:
    found = []
    for each in map(agenda, AGENDAS):
        how_long = f"{each.minutes} minutes" if each.minutes else "between two days"
        found.append((each.key, f"{each.name} ({how_long})"))
    return [*found, (OWN, "An agenda of your own, written below")]


class PlanForm(forms.Form):
    """The plan of a workshop. `follows` are workshops of before with which it can be compared: key, title, day."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label="What is it called?", max_length=TITLE_AT_MOST, help_text="People see it on their phones and on the wall",
        error_messages={"required": "Give the workshop a title"},
    )  # fmt: skip
    agenda = forms.ChoiceField(label="What will you do?", choices=_choices, widget=forms.RadioSelect)
    own = forms.CharField(
        label="An agenda of your own", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 16}),
        help_text="Change names, words, minutes, order; take steps out or put some in. What cannot be read is said with its line.",
    )  # fmt: skip
    held_on = forms.DateField(
        label="On which day?", widget=forms.DateInput(attrs={"type": "date"}), help_text="By post: its first day",
        error_messages=DAY | {"required": "Say on which day it is held"},
    )  # fmt: skip
    closes_on = forms.DateField(
        label="By post: until which day?", required=False, widget=forms.DateInput(attrs={"type": "date"}), error_messages=DAY,
        help_text="Leave it empty for a room",
    )  # fmt: skip
    which = forms.ChoiceField(
        label="Which cards?", widget=forms.RadioSelect,
        choices=[(NINE, "The nine conditions of an effective local school improvement system"), (OTHER, "Other cards, written below")],
    )  # fmt: skip
    other = forms.CharField(
        label="Other cards", required=False, widget=forms.Textarea(attrs={"rows": 9}), max_length=4000,
        help_text="Nine to twelve, one on a line: short name, colon, whole wording. Of more than nine, the room first picks nine.",
    )  # fmt: skip
    follows = forms.TypedChoiceField(label="Compare with an earlier workshop?", required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any = None, *, follows: Sequence[tuple[int, str, date]] = (), plan: Plan | None = None, **more: Any) -> None:
        """Filled in with the plan that stands."""
        super().__init__(data, initial=_stands(plan) | more.pop("initial", {}), **more)
        if follows:
            self.fields["follows"].choices = [  # type: ignore[attr-defined]
                ("", "No"),
                *((pk, f"{title}, {on.day} {on:%B %Y}") for pk, title, on in follows),
            ]
        else:
            del self.fields["follows"]

    def clean(self) -> dict[str, Any]:
        """The agenda and the cards, read."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("agenda") == OWN:
            try:
                found["read"] = read_agenda(found.get("own", "").replace("\r\n", "\n"))
            except BadAgenda as error:
                self.add_error("own", str(error))
        elif found.get("agenda"):
            found["read"] = agenda(found["agenda"])
        found["cards"] = NINE_CONDITIONS
        if found.get("which") == OTHER:
            try:
                found["cards"] = cards_typed(found.get("other", ""))
            except BadCards as error:
                self.add_error("other", str(error))
        return found

    def plan(self) -> Plan:
        """What was filled in."""
        given = self.cleaned_data
        return Plan(
            title=given["title"].strip(), agenda=given["read"], cards=given["cards"], held_on=given["held_on"],
            closes_on=given["closes_on"], follows=given.get("follows"),
        )  # fmt: skip


def _stands(plan: Plan | None) -> dict[str, Any]:
    if plan is None:
        return {"agenda": AGENDAS[0], "which": NINE, "own": as_text(agenda(AGENDAS[0]))}
    of_the_house = plan.agenda.key in AGENDAS and for_cards(agenda(plan.agenda.key), len(plan.cards)) == plan.agenda
    nine = plan.cards == NINE_CONDITIONS
    other = "" if nine else "\n".join(f"{card.name}: {card.wording}" for card in plan.cards)
    return {
        "title": plan.title, "agenda": plan.agenda.key if of_the_house else OWN, "own": as_text(plan.agenda),
        "held_on": plan.held_on, "closes_on": plan.closes_on,
        "which": NINE if nine else OTHER, "other": other, "follows": plan.follows,
    }  # fmt: skip


class ChooseForm(forms.Form):
    """Which nine of up to twelve cards the room places; what it picked most is ticked already."""

    cards = forms.MultipleChoiceField(
        label="The nine cards", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose nine cards"}
    )

    def __init__(self, data: Any = None, *, picks: Iterable[tuple[Card, int]], chosen: Sequence[str] = (), picked: bool = False) -> None:
        """`picks` are the cards with how many picked each, most first."""
        counted = list(picks)
        first = list(chosen) or ([card.key for card, _ in counted[:9]] if picked else [])
        super().__init__(data, initial={"cards": first})
        self.fields["cards"].choices = [  # type: ignore[attr-defined]
            (card.key, f"{card.name}, picked by {many}" if picked else card.name) for card, many in counted
        ]


def rows_posted(posted: Mapping[str, Any], cards: Sequence[Card]) -> dict[str, int]:
    """The rows that somebody typed, as far as they can be read: to show them again."""
    keys = [card.key for card in cards]
    try:
        typed = str(posted.get("digits", ""))
        return rows_typed(typed, keys) if typed.strip() else dict(read_rows(posted, keys))
    except (BadCards, NoDiamond):
        return {}


class PaperForm(forms.Form):
    """A sheet of paper. The rows are nine digits in the order of the cards, or a board; each question of a canvas has a box of lines."""

    label = forms.CharField(
        label="What is the table called?", required=False, max_length=60,
        help_text="As it stands on the sheet; leave it empty where it has no name",
    )  # fmt: skip
    group_size = forms.IntegerField(
        label="How many people made it?", min_value=1, max_value=PEOPLE_AT_A_TABLE,
        widget=forms.NumberInput(attrs={"width": "2", "inputmode": "numeric"}),
        error_messages={"required": "Say how many people made the sheet", "invalid": "Say how many people made the sheet, in digits"},
    )  # fmt: skip
    digits = forms.CharField(
        label="The row of each card, in order", required=False, max_length=40,
        widget=forms.TextInput(attrs={"width": "10", "inputmode": "numeric", "autocomplete": "off", "data-digits": ""}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, cards: Sequence[Card], agenda: Agenda, **more: Any) -> None:
        """For the nine cards of a workshop, in order, and the canvases of its agenda."""
        super().__init__(data, **more)
        self.cards = list(cards)
        names = " ".join(f"{number} {card.name}." for number, card in enumerate(self.cards, 1))
        self.fields["digits"].help_text = f"Nine digits, 1 (top) to 5 (bottom): {names}" if cards else ""
        if not cards:
            del self.fields["digits"]
        for card in self.cards:
            self.fields[f"comment-{card.key}"] = forms.CharField(label=card.name, required=False, max_length=300)
        self.lines = [
            (step, one, f"lines-{step.key}-{one.key}") for step in agenda.steps if step.kind is StepKind.CANVAS for one in step.prompts
        ]
        for _, one, name in self.lines:
            self.fields[name] = forms.CharField(
                label=one.words, required=False, max_length=8_000, widget=forms.Textarea(attrs={"rows": 3}), help_text="One on a line"
            )  # fmt: skip
        for key, words in QUESTIONS.items():
            answers = [("", "Not told"), *ANSWERS[key].items()]
            self.fields[f"group-{key}"] = forms.ChoiceField(label=words, required=False, choices=answers)

    def bound(self, kind: str) -> list[Any]:
        """The boxes of one kind: "comment", "lines" or "group"."""
        return [self[name] for name in self.fields if name.startswith(f"{kind}-")]

    @property
    def written_any(self) -> bool:
        """Whether a line of a canvas stands in it already, so that its boxes are unfolded."""
        return any(str(bound.value() or "").strip() for bound in self.bound("lines"))

    def clean_digits(self) -> str:
        """The digits, where they can be read."""
        typed: str = self.cleaned_data["digits"]
        if typed.strip():
            try:
                rows_typed(typed, [card.key for card in self.cards])
            except BadCards as error:
                raise forms.ValidationError(str(error)) from error
        return typed

    def rows(self) -> Mapping[str, int]:
        """The rows that were typed: the digits, or else the board; empty where neither is filled in."""
        if self.cleaned_data.get("digits", "").strip():
            return rows_typed(self.cleaned_data["digits"], [card.key for card in self.cards])
        return read_rows(self.data, [card.key for card in self.cards])

    def comments(self) -> dict[str, str]:
        """The words on cards."""
        found = {card.key: self.cleaned_data.get(f"comment-{card.key}", "").strip() for card in self.cards}
        return {key: words for key, words in found.items() if words}

    def groups(self) -> dict[str, str]:
        """What the makers said of themselves."""
        return {key: self.cleaned_data.get(f"group-{key}", "") for key in QUESTIONS}

    def written(self) -> tuple[tuple[str, str, str], ...]:
        """The lines of the canvases: step, question, words."""
        return tuple(
            (step.key, one.key, line.strip())
            for step, one, name in self.lines
            for line in self.cleaned_data.get(name, "").splitlines()
            if line.strip()
        )
