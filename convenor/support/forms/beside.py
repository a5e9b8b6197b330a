"""What people fill in beside the packages: a note of contact in a minute, who else is there, the call, rings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from convenor.peer_review.rules.gates import REASON_AT_MOST
from convenor.peer_review.rules.themes import THEMES
from convenor.support.queries.beside_people import ToTell
from convenor.support.rules import contact, others, the_call
from convenor.support.rules.states import Accuracy, ContactKind, OtherKind

THEME_CHOICES = [(each.key, each.name) for each in THEMES.values()]


def _day(label: str, *, required: bool = True, hint: str = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=hint, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day, such as 2026-11-24", "required": "Enter the day"},
    )  # fmt: skip


def _words(label: str, hint: str, most: int, *, required: bool = True, rows: int = 3) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, max_length=most, required=required, widget=forms.Textarea(attrs={"rows": rows}))


class NothingToFillIn(forms.Form):
    """A button alone."""


class ContactForm(forms.Form):
    """A note of contact: with which school, how, what was said. The day is filled in."""

    urn = forms.ChoiceField(label="School", error_messages={"required": "Choose the school", "invalid_choice": "Choose the school"})
    kind = forms.ChoiceField(
        label="How", widget=forms.RadioSelect, choices=[(each.value, contact.KIND_SAYS[each]) for each in ContactKind],
        error_messages={"required": "Say how it came about"},
    )  # fmt: skip
    words = _words(
        "What was said", "A sentence or two. The head reads it first. Name no pupil and no member of staff.", contact.WORDS_AT_MOST
    )  # fmt: skip
    next_step = forms.CharField(label="What comes next", required=False, max_length=contact.NEXT_AT_MOST)
    on = _day("Day")

    def __init__(self, *args: Any, schools: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["urn"].choices = [("", "Choose a school"), *schools]  # type: ignore[attr-defined]


class MarkForm(forms.Form):
    """What the school says of a note."""

    accuracy = forms.ChoiceField(
        label="Is the note accurate?", widget=forms.RadioSelect,
        choices=[(Accuracy.ACCURATE.value, "Yes"), (Accuracy.NOT_ACCURATE.value, "No, something in it is not right")],
        error_messages={"required": "Say whether it is accurate"},
    )  # fmt: skip
    words = _words("In your words", "They stand beside the note for everybody who reads it", contact.REPLY_AT_MOST, required=False)


class OtherForm(forms.Form):
    """Somebody else who works with the school. Its trust and diocese are known from the register."""

    kind = forms.ChoiceField(
        label="What they are", widget=forms.RadioSelect,
        choices=[(each.value, others.KIND_SAYS[each]) for each in OtherKind if each not in others.FROM_REGISTER],
        error_messages={"required": "Say what they are"},
    )  # fmt: skip
    name = forms.CharField(label="Who", max_length=others.NAME_AT_MOST, error_messages={"required": "Say who it is"})
    about = forms.MultipleChoiceField(
        label="On what", required=False, choices=THEME_CHOICES, widget=forms.CheckboxSelectMultiple, help_text="As far as you know"
    )
    words = forms.CharField(label="What they do there", required=False, max_length=others.WORDS_AT_MOST)
    source = forms.CharField(
        label="How you know", max_length=others.SOURCE_AT_MOST, help_text="The school reads it",
        error_messages={"required": "Say how you know"},
    )  # fmt: skip
    from_on = _day("Since")
    until_on = _day("Until", required=False, hint="The first day without them, where it is known")


class EndOtherForm(forms.Form):
    """They no longer work with the school."""

    until_on = _day("The first day without them")


class WhoKnows(forms.Form):
    """Who knows of a call, and the calm colleague."""

    told = forms.TypedMultipleChoiceField(
        label="Who knows?", required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text="Nobody else can learn of it here. You may tell more people later.",
    )  # fmt: skip
    colleague = forms.TypedChoiceField(
        label="A calm colleague", required=False, coerce=int, empty_value=None,
        help_text="A head or leader of another school whom you can ring in these days. They learn of it by being named.",
    )  # fmt: skip

    def __init__(self, *args: Any, people: Iterable[ToTell], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        near = [each for each in people if not each.colleague]
        far = [each for each in people if each.colleague]
        self.fields["told"].choices = [(each.person_id, f"{each.name}, {_lower(each.title)}") for each in near]  # type: ignore[attr-defined]
        self.fields["colleague"].choices = [  # type: ignore[attr-defined]
            ("", "Nobody yet"), *((each.person_id, f"{each.name}, {_lower(each.title)}") for each in far),
        ]  # fmt: skip


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


class CallForm(WhoKnows):
    """The school has had the call. Everything but who knows is filled in."""

    from_on = _day("First day of the inspection")
    last_on = _day("Last day")
    why = _words(
        "What those whose visit is put off will read", "Keep it plain: it is all that they learn.", REASON_AT_MOST, rows=2
    )  # fmt: skip
    field_order = ("told", "colleague", "from_on", "last_on", "why")


class OutcomeForm(forms.Form):
    """The outcome, for the head alone until it is published."""

    words = _words("The outcome", "Only you read it until the report is published", the_call.OUTCOME_AT_MOST, required=False, rows=5)


class PublishedForm(forms.Form):
    """The day on which the report was published."""

    published_on = _day("The day on which the report was published")


class ReckonForm(forms.Form):
    """How far apart two schools of a link may be."""

    far_km = forms.IntegerField(
        label="How far apart at most, in kilometres", min_value=1, max_value=300, widget=forms.NumberInput(attrs={"width": "3"}),
        error_messages={"invalid": "Enter a number of kilometres", "required": "Enter a number of kilometres"},
    )  # fmt: skip


class CameForm(forms.Form):
    """What came of the help that a school received in a ring."""

    words = _words("What came of it", "Only the school that helped you reads it", 1000)
