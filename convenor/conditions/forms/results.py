"""Taking the bottom three of a result on as priorities, with a task-and-finish group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from convenor.conditions.actions.priorities import Charge, Chosen
from convenor.conditions.rules.results_told import CardTold


def _day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, help_text=hint, required=required, widget=forms.DateInput(attrs={"type": "date"}))


class PrioritiesForm(forms.Form):
    """Each of the bottom three, to be taken on or left; then, where a group of the constitution can be charged, its charge."""

    from_on = _day("From")
    until_on = _day("Until", "A priority ends, and is then looked at")
    lead_body = forms.ChoiceField(label="Led by", required=False)
    group = forms.ChoiceField(
        label="Task-and-finish group", required=False,
        help_text="A body of the constitution with an end and no charge yet. It is charged with the first priority chosen above",
    )  # fmt: skip
    task = forms.CharField(label="What it is to do", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    output = forms.CharField(
        label="What it hands over when it finishes", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    due_on = _day("Its work is due on", required=False)

    def __init__(
        self, data: Any = None, *, cards: Sequence[CardTold], entries: int, bodies: Iterable[tuple[str, str]],
        groups: Sequence[tuple[str, str]], today: date, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, **kwargs)
        self.cards = cards
        year = today.replace(year=today.year + 1, day=min(today.day, 28))
        self.fields["from_on"].initial, self.fields["until_on"].initial = today, year
        self.fields["lead_body"].choices = [("", "Not decided yet"), *bodies]  # type: ignore[attr-defined]
        self.fields["group"].choices = [("", "No group now"), *groups]  # type: ignore[attr-defined]
        if not groups:
            for name in ("group", "task", "output", "due_on"):
                del self.fields[name]
        for card in cards:
            self._ask_about(card, entries)

    def _ask_about(self, card: CardTold, entries: int) -> None:
        measure = (
            f"The same nine placed again in a year. Now: mean rank {card.mean:.1f} of 9 over {entries} entries. To be: nearer the top."
        )
        self.fields[f"take-{card.key}"] = forms.BooleanField(label=f"Take on: {card.name}", required=False, help_text=card.wording)
        self.fields[f"title-{card.key}"] = forms.CharField(
            label="Priority",
            required=False,
            max_length=200,
            initial=card.wording[:200] or card.name,
            help_text="In words a head would recognise",
        )
        self.fields[f"measure-{card.key}"] = forms.CharField(
            label="How anyone will know", required=False, max_length=2000, initial=measure, widget=forms.Textarea(attrs={"rows": 2}),
            help_text="What is measured, from where and to where",
        )  # fmt: skip

    @property
    def asked(self) -> list[tuple[CardTold, Any, Any, Any]]:
        """Each card with its three boxes."""
        return [(card, self[f"take-{card.key}"], self[f"title-{card.key}"], self[f"measure-{card.key}"]) for card in self.cards]

    def clean(self) -> dict[str, Any]:
        """A group that is charged has a charge and a day."""
        found = super().clean() or {}
        if found.get("group"):
            for name in ("task", "output", "due_on"):
                if not found.get(name):
                    self.add_error(name, "Fill this in for the group, or choose no group")
        return found

    @property
    def chosen(self) -> list[Chosen]:
        """The cards that were ticked."""
        given = self.cleaned_data
        return [
            Chosen(each.key, given[f"title-{each.key}"], given[f"measure-{each.key}"])
            for each in self.cards
            if given.get(f"take-{each.key}")
        ]

    @property
    def charge(self) -> Charge | None:
        """The group's charge, where one was chosen."""
        given = self.cleaned_data
        return Charge(given["group"], given["task"], given["output"], given["due_on"]) if given.get("group") else None
