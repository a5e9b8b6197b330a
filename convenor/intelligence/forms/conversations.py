"""What people fill in about an early conversation: few boxes, none that is published, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from convenor.intelligence.rules.conversation import OUTCOME_WORDS, SCHOOL_SAYS, TOPICS, WORDS_AT_MOST, Outcome, ReplyKind

ALL_OF_IT = "All of it, not one line"
KIND_CHOICES = {
    ReplyKind.COMMENT: "A comment: what one should know beside it",
    ReplyKind.CORRECTION: "A correction: the figure is wrong, and I say where the right one stands",
    ReplyKind.DISPUTE: "A dispute: the figure may be right, what is made of it is not",
}
OUTCOME_CHOICES = {
    Outcome.NO_ACTION: "No action needed",
    Outcome.WATCH: "Look again on a day that we agreed",
    Outcome.PEER_REVIEW: "A peer review",
    Outcome.SUPPORT: "Support from other schools",
    Outcome.FORMAL_ROUTE: "Formal route noted: the local authority has taken a step of its own, and this only says that it happened",
}


def _words(label: str, hint: str = "", *, required: bool = True, rows: int = 5, most: int = WORDS_AT_MOST) -> forms.CharField:
    """Several lines of words."""
    return forms.CharField(label=label, help_text=hint, required=required, max_length=most, widget=forms.Textarea(attrs={"rows": rows}))


class ReferForm(forms.Form):
    """A school asks for a conversation itself."""

    about = forms.MultipleChoiceField(
        label="What would you like to talk about?", required=False, choices=list(TOPICS.items()), widget=forms.CheckboxSelectMultiple,
        help_text="Tick what fits, or nothing at all",
    )  # fmt: skip
    words = _words("In your own words", "Name no pupil and no member of staff", required=False, rows=4, most=1000)


class ReplyForm(forms.Form):
    """A school's word beside a line."""

    line = forms.ChoiceField(label="Which line?", required=False)
    kind = forms.ChoiceField(
        label="What is it?", widget=forms.RadioSelect, choices=[(each.value, KIND_CHOICES[each]) for each in SCHOOL_SAYS]
    )
    words = _words("What do you say?", "It stands beside the score for ever. Name no pupil and no member of staff")
    source = forms.CharField(
        label="Where does the right figure stand?", required=False, max_length=500,
        help_text="For a correction: such as the October census, or the publisher’s own page",
    )  # fmt: skip

    def __init__(self, *args: Any, lines: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [("", ALL_OF_IT), *lines]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """The broker's answer."""

    words = _words("Your answer", "The school reads it at once; it stands beside its own words for ever")


class ShareForm(forms.Form):
    """The lines are shared, with a word to the school."""

    words = _words("A word to the school", "How and when you would like to talk. Ring first, if you can", required=False)


class AgreeForm(forms.Form):
    """What the two agreed comes next."""

    outcome = forms.ChoiceField(
        label="What comes next?", widget=forms.RadioSelect, choices=[(key.value, OUTCOME_CHOICES[key]) for key in OUTCOME_WORDS]
    )
    watch_until_on = forms.DateField(
        label="Look again on", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day, such as 2027-02-01"},
    )  # fmt: skip
    why = _words("What was agreed, and why", "The school reads it at once")

    def __init__(self, *args: Any, latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["watch_until_on"].help_text = f"Only if you chose to look again: by {latest.day} {latest:%B %Y}, a term from now"


class ReviewForm(forms.Form):
    """What came of it."""

    words = _words("What came of it", "In words that the school would agree with: it reads them at once")
    ends = forms.ChoiceField(
        label="And now?", widget=forms.RadioSelect,
        choices=[("yes", "It ends here"), ("no", "It goes on, and we agree what comes next")],
    )  # fmt: skip


class HandOverForm(forms.Form):
    """Another broker follows."""

    person = forms.TypedChoiceField(label="Who follows?", coerce=int)
    why = _words("Why", "The school reads it", rows=3)

    def __init__(self, *args: Any, brokers: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "Choose"), *brokers]  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    """A reason."""

    why = _words("Why", "The school reads it", rows=3)


class WithdrawForm(forms.Form):
    """A school takes its request back."""

    why = _words("Why", "As you like; only your own school will see it", required=False, rows=3)


class NothingToFillIn(forms.Form):
    """A button alone."""


class ClusterForm(forms.Form):
    """Whether the cluster lead reads along."""

    agreed = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], widget=forms.HiddenInput)
