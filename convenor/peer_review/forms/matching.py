"""The boxes for teams: which to show, a change by hand, planning again, somebody who leaves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from convenor.peer_review.rules.team_rounds import LONGEST_WHY

WHY = {"required": "Say why, in a sentence."}
Choices = Iterable[tuple[str, str]]


class TeamsFilter(forms.Form):
    """Which of a round's teams are shown."""

    cluster = forms.ChoiceField(label="Cluster", required=False)
    find = forms.CharField(label="School or person", required=False, max_length=80)
    lacking = forms.BooleanField(label="Only teams that lack something", required=False)

    def __init__(self, data: Any = None, *, clusters: Iterable[str] = ()) -> None:
        super().__init__(data)
        self.fields["cluster"].choices = [("", "All clusters"), *((each, each) for each in clusters)]  # type: ignore[attr-defined]


def why_field(label: str, hint: str = "") -> forms.CharField:
    """A reason, in a sentence."""
    return forms.CharField(label=label, help_text=hint, max_length=LONGEST_WHY, error_messages=WHY)


class HandForm(forms.Form):
    """One team chosen by hand: its lead, the others, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    lead = forms.ChoiceField(label="Lead reviewer")
    waive = forms.BooleanField(label="Waive the rule about schools of one trust in this version; it then says so", required=False)
    why = why_field("Why", "Kept with this version; whoever runs the round reads it.")

    def __init__(self, data: Any = None, *, choices: Choices, others: int, start: tuple[str, ...] = (), version: int = 0) -> None:
        listed = list(choices)
        names = [f"member{n}" for n in range(1, others + 1)]
        chosen = dict(zip(("lead", *names), start, strict=False))
        super().__init__(data, initial={"version": version, **chosen})
        self.fields["lead"].choices = [("", "Choose"), *listed]  # type: ignore[attr-defined]
        for n, name in enumerate(names, 1):
            label = "Other reviewer" if others == 1 else f"Reviewer {n + 1}"
            self.fields[name] = forms.ChoiceField(label=label, choices=[("", "Choose"), *listed])
        self.order_fields(["version", "lead", *names, "waive", "why"])
        self.others = names

    def clean(self) -> dict[str, Any]:
        """The same person twice is seen here already."""
        given: dict[str, Any] = super().clean() or {}
        people = [given.get(name) for name in ("lead", *self.others) if given.get(name)]
        for name in self.others:
            if given.get(name) and people.count(given[name]) > 1:
                self.add_error(name, "Choose each person once.")
        return given

    @property
    def members(self) -> tuple[str, ...]:
        """The whole team, its lead first."""
        return tuple(self.cleaned_data[name] for name in ("lead", *self.others))


class ReplanForm(forms.Form):
    """Planning again with the fewest changes: who or which school drops out, if anybody, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    person = forms.TypedChoiceField(label="Somebody who can no longer review", required=False, coerce=str)
    host = forms.TypedChoiceField(label="A school that does not host now", required=False, coerce=str)
    why = why_field("Why", "Kept with this version; whoever runs the round reads it.")

    def __init__(self, data: Any = None, *, people: Choices = (), hosts: Choices = (), version: int = 0) -> None:
        super().__init__(data, initial={"version": version})
        self.fields["person"].choices = [("", "Nobody"), *people]  # type: ignore[attr-defined]
        self.fields["host"].choices = [("", "None"), *hosts]  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    """Somebody leaves the team of a published review."""

    person = forms.TypedChoiceField(label="Who leaves", coerce=int)
    altogether = forms.TypedChoiceField(
        label="From", coerce=lambda value: value == "yes", initial="no", widget=forms.RadioSelect,
        choices=[("no", "This review only"), ("yes", "Every review of this round whose visit has not begun")],
    )  # fmt: skip
    why = why_field("Why", "Kept beside the part they had. Neither the school nor the team reads it.")

    def __init__(self, data: Any = None, *, people: Iterable[tuple[int, str]] = ()) -> None:
        super().__init__(data)
        self.fields["person"].choices = [("", "Choose"), *people]  # type: ignore[attr-defined]


class ChampionForm(forms.Form):
    """Who leads the improvement workshop of a review."""

    person = forms.TypedChoiceField(label="Improvement champion", coerce=int)

    def __init__(self, data: Any = None, *, people: Iterable[tuple[int, str]] = ()) -> None:
        super().__init__(data)
        self.fields["person"].choices = [("", "Choose"), *people]  # type: ignore[attr-defined]


class SureForm(forms.Form):
    """Nothing to fill in: a button is enough."""
