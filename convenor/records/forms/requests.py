"""What people fill in about a request for information."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from convenor.partnership.forms import day_field, words_field
from convenor.records.rules.classes import CLASSES, Holder
from convenor.records.rules.clock import KIND_MEANS, KIND_SAYS, STOP_SAYS, RequestKind, StopKind
from convenor.records.rules.decisions import DECISION_SAYS, Decision

CLASS_CHOICES = [("", "Choose"), *((each.key, each.name) for each in CLASSES.values())]
HOLDER_CHOICES = [(each.value, each.value[:1].upper() + each.value[1:]) for each in Holder]
WHY = "Which exemption or restriction, and why it applies here"
WHY_HINT = "In your own words, where something is kept back. The asker reads them, and may have them looked at again."
NOTE_HINT = "For your own file; the asker does not read it"


class RequestForm(forms.Form):
    """A request that came."""

    kind = forms.ChoiceField(
        label="What kind of request is it?", widget=forms.RadioSelect,
        choices=[(each.value, f"{KIND_SAYS[each]}: {KIND_MEANS[each][:1].lower()}{KIND_MEANS[each][1:]}") for each in RequestKind],
    )  # fmt: skip
    asker = forms.CharField(label="Who asked?", max_length=200)
    answer_to = forms.CharField(label="Where does the answer go?", required=False, max_length=300, help_text="An e-mail or postal address")
    received_on = day_field("On which day did it come?", "Whether or not anybody was at work")
    words = words_field("What was asked?", "As the asker put it", required=True, rows=5)
    person = forms.ChoiceField(label="About which person?", required=False, help_text="For subject access: the asker themselves")
    urn = forms.ChoiceField(label="About which school?", required=False)
    own_day = day_field("By which day do you want to answer?", "Only for another request: no law sets its day", required=False)

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], schools: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "About nobody known here"), *((str(key), name) for key, name in people)]  # type: ignore[attr-defined]
        self.fields["urn"].choices = [("", "About no single school"), *schools]  # type: ignore[attr-defined]


class StopForm(forms.Form):
    """The clock stands still."""

    kind = forms.ChoiceField(
        label="Why", widget=forms.RadioSelect, choices=[(each.value, STOP_SAYS[each]) for each in StopKind]
    )  # fmt: skip
    from_on = day_field("On which day did you ask?")
    note = words_field("What you asked for", NOTE_HINT, rows=2)


class GoOnForm(forms.Form):
    """The clock runs again."""

    until_on = day_field("On which day did the answer come?")


class LongerForm(forms.Form):
    """Two months more."""

    why = words_field("Why two months more are needed", "The asker is told this within the first month", required=True, rows=3)


class SearchForm(forms.Form):
    """Look for what is held."""

    words = forms.CharField(
        label="Words to look for as well", required=False, max_length=100,
        help_text="A name as it was spelt once, a subject. What names the person or the school is found without.",
    )  # fmt: skip


class ElsewhereForm(forms.Form):
    """Something that is held elsewhere."""

    title = forms.CharField(
        label="What is it, and where?", max_length=200, help_text="Such as: minutes of the board on paper, 2019 to 2021"
    )
    record_class = forms.ChoiceField(label="Class of record", choices=CLASS_CHOICES)
    holder = forms.ChoiceField(label="Who answers for it?", choices=HOLDER_CHOICES, widget=forms.RadioSelect)
    note = words_field("Note", NOTE_HINT, rows=2)


class DecideForm(forms.Form):
    """A decision on one thing that was found."""

    field_order = ("decision", "left_out", "why", "holder", "note")
    decision = forms.ChoiceField(
        label="What becomes of it?", widget=forms.RadioSelect, choices=[(each.value, DECISION_SAYS[each]) for each in Decision]
    )  # fmt: skip
    left_out = forms.MultipleChoiceField(
        label="Lines that are left out", required=False, widget=forms.CheckboxSelectMultiple, help_text="Where it is disclosed in part"
    )
    why = words_field(WHY, WHY_HINT, rows=3)
    holder = forms.ChoiceField(label="Who answers for it?", choices=HOLDER_CHOICES)
    note = words_field("Note", NOTE_HINT, rows=2)

    def __init__(self, *args: Any, lines: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["left_out"].choices = list(lines)  # type: ignore[attr-defined]
        if not self.fields["left_out"].choices:  # type: ignore[attr-defined]
            del self.fields["left_out"]


ALL, TICKED = "all", "ticked"


class DecideManyForm(forms.Form):
    """The same decision on several things of one kind."""

    which = forms.ChoiceField(
        label="On which of them?", widget=forms.RadioSelect, choices=[(ALL, "All that wait"), (TICKED, "Only those ticked")]
    )
    items = forms.MultipleChoiceField(label="Those that wait for a decision", required=False, widget=forms.CheckboxSelectMultiple)
    decision = forms.ChoiceField(
        label="What becomes of them?", widget=forms.RadioSelect,
        choices=[(each.value, DECISION_SAYS[each]) for each in Decision if each is not Decision.PART],
    )  # fmt: skip
    why = words_field(WHY, WHY_HINT, rows=3)
    holder = forms.ChoiceField(label="Who answers for them?", required=False, choices=[("", "As it stands beside each"), *HOLDER_CHOICES])
    note = words_field("Note", NOTE_HINT, rows=2)

    def __init__(self, *args: Any, waiting: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = list(waiting)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[int]:
        """The keys of what is decided on; only after the form is valid."""
        every = [key for key, _ in self.fields["items"].choices]  # type: ignore[attr-defined]
        return [int(key) for key in (every if self.cleaned_data["which"] == ALL else self.cleaned_data["items"])]


class LetterForm(forms.Form):
    """The letter to the asker."""

    words = forms.CharField(label="The letter", max_length=20_000, strip=False, widget=forms.Textarea(attrs={"rows": 18}))
    version = forms.IntegerField(widget=forms.HiddenInput)


class EndForm(forms.Form):
    """A request is over."""

    how = forms.ChoiceField(
        label="How did it end?",
        widget=forms.RadioSelect,
        choices=[("answered", "It was answered"), ("taken-back", "The asker took it back")],
    )
    ended_on = day_field("On which day?")
    note = words_field("Note", NOTE_HINT, rows=2)


class NothingForm(forms.Form):
    """Only a button."""
