"""What people fill in about a package: a task as its workflow describes it, a step, a pause, a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from convenor.support.rules.listing import AGE_SAYS
from convenor.support.rules.states import Met
from convenor.support.rules.task_values import NUMBER_AT_MOST, PENCE_AT_MOST, REASON_AT_MOST, TEXT_AT_MOST
from convenor.support.rules.tasks import DONE, YES
from convenor.support.rules.workflows import Field, FieldKind, Task

MET_CHOICES = [
    (Met.MET.value, "It came about"),
    (Met.PARTLY.value, "In part"),
    (Met.NOT_MET.value, "It did not. That is no fault: it is worth knowing"),
]
YES_NO = [(YES, "Yes"), ("no", "No")]


def _words(label: str, hint: str = "", *, required: bool = True, rows: int = 3, most: int = REASON_AT_MOST) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=required, max_length=most, widget=forms.Textarea(attrs={"rows": rows}))


def _day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, help_text=hint, required=required, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day, such as 2026-11-24"},
    )  # fmt: skip


def field_for(asked: Field) -> forms.Field:
    """The box for one field of a task, whatever its workflow calls it."""
    label, hint, needed = asked.label, asked.hint, asked.required
    if asked.kind is FieldKind.DATE:
        return _day(label, hint, required=needed)
    if asked.kind in (FieldKind.CHOICE, FieldKind.YES_NO):
        choices = YES_NO if asked.kind is FieldKind.YES_NO else [(each.key, each.label) for each in asked.options]
        return forms.ChoiceField(label=label, help_text=hint, required=needed, choices=choices, widget=forms.RadioSelect)
    if asked.kind is FieldKind.NUMBER:
        return forms.IntegerField(label=label, help_text=hint, required=needed, min_value=0, max_value=NUMBER_AT_MOST)
    if asked.kind is FieldKind.PENCE:
        return forms.DecimalField(
            label=label, help_text=hint or "In pounds", required=needed, min_value=0, max_value=PENCE_AT_MOST // 100, decimal_places=2,
            widget=forms.NumberInput(attrs={"width": "10"}),
        )  # fmt: skip
    if asked.kind is FieldKind.SCHOOL:
        return forms.CharField(
            label=label, help_text=hint or "Its URN, six digits", required=needed, max_length=6,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "width": "10"}),
        )  # fmt: skip
    return _words(label, hint, required=needed, most=TEXT_AT_MOST)


def _begins(asked: Field, kept: Any) -> Any:
    """What stands in a box to begin with."""
    value = kept if kept not in (None, "") else asked.initial
    if asked.kind is FieldKind.PENCE and str(value).isdecimal():
        return Decimal(int(value)) / 100
    return value


class TaskForm(forms.Form):
    """One task. What is needed to complete it is named so; it may be saved before all of it is there."""

    def __init__(self, *args: Any, task: Task, kept: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.task = task
        for each in task.fields:
            self.fields[each.key] = field_for(each)
            self.fields[each.key].initial = _begins(each, kept.get(each.key))
        if not task.fields:
            self.fields[DONE] = forms.BooleanField(label="Done", initial=kept.get(DONE) == YES)

    def full_clean(self) -> None:
        """Nothing is needed to save: a task may be filled bit by bit."""
        needed = {name: each.required for name, each in self.fields.items()}
        for each in self.fields.values():
            each.required = False
        super().full_clean()
        for name, each in self.fields.items():
            each.required = needed[name]

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, as the task keeps it: days as 2026-11-22, money in whole pence."""
        found: dict[str, Any] = {}
        for each in self.task.fields:
            value = self.cleaned_data.get(each.key)
            if isinstance(value, Decimal):
                value = int(value * 100)
            found[each.key] = "" if value is None else str(value)
        if not self.task.fields:
            found[DONE] = YES if self.cleaned_data.get(DONE) else ""
        return found


class MoveForm(forms.Form):
    """A step of the workflow: a reason where it asks for one, and how far it came where it ends support that had begun."""

    def __init__(self, *args: Any, reason: bool, met: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if met:
            self.fields["met"] = forms.ChoiceField(
                label="How far did what was agreed come about?", choices=MET_CHOICES, widget=forms.RadioSelect
            )
        if reason:
            self.fields["why"] = _words("Why", "Both schools can read it")


class NothingToFillIn(forms.Form):
    """A button alone."""


class PauseForm(forms.Form):
    """Until when a package rests."""

    until_on = _day("Until", "Leave it empty if you do not know yet", required=False)

    def __init__(self, *args: Any, reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"] = _words("Why", "Both schools can read it" if reason else "No reason is asked", required=reason)


class StopForm(forms.Form):
    """That a package stops."""

    def __init__(self, *args: Any, reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = "Both schools can read it" if reason else "No reason is asked. Leave it empty, or say what would help next time"
        self.fields["why"] = _words("Why", hint, required=reason)


class LevelForm(forms.Form):
    """Why the support is stepped up or down."""

    why = _words("Why", "Both schools can read it")


class HandOverForm(forms.Form):
    """To whom a package is handed over."""

    to_person_id = forms.TypedChoiceField(label="To whom", coerce=int)

    def __init__(self, *args: Any, brokers: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_person_id"].choices = [("", "Choose a broker"), *brokers]  # type: ignore[attr-defined]


class ConcernForm(forms.Form):
    """A concern about taking part."""

    summary = forms.CharField(label="The concern, in a sentence", max_length=200, help_text="The school reads every word")
    details = _words("What happened, and what was tried", required=False, rows=5, most=4000)


class ResolveForm(forms.Form):
    """How a concern was resolved."""

    why = _words("How it was resolved", most=4000)


class FormalForm(forms.Form):
    """A formal step of an authority that has been taken."""

    what = forms.CharField(label="What the step was", max_length=160)
    authority = forms.CharField(label="Who took it", max_length=160)
    taken_on = _day("On which day")
    source = forms.CharField(label="Where it can be read", max_length=300, required=False)


class FilterForm(forms.Form):
    """What of the list to show."""

    status = forms.ChoiceField(label="Status", required=False)
    state = forms.ChoiceField(label="Where it stands", required=False)
    age = forms.ChoiceField(
        label="Opened", required=False, choices=[("", "At any time"), *((key.value, says) for key, says in AGE_SAYS.items())]
    )
    broker = forms.ChoiceField(label="Broker", required=False)

    def __init__(self, *args: Any, seen: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, facets in (("status", seen.statuses), ("state", seen.states), ("broker", seen.brokers)):
            counted = [(each.key, f"{each.label} ({each.count:,})") for each in facets]
            self.fields[name].choices = [("", "All"), *counted]  # type: ignore[attr-defined]
        if len(seen.brokers) < 2:
            del self.fields["broker"]
