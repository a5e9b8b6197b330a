"""What was answered on a page, read from its boxes; and the few forms beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from convenor.consultation.rules.answers import VIEW_ROLES
from convenor.consultation.rules.questions import QuestionAsked
from convenor.consultation.rules.states import QuestionKind
from convenor.england.phases import PHASES


def given_from(questions: Sequence[QuestionAsked], posted: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they were typed and tapped, by the key of the question; nothing is judged here, so that nothing typed is lost."""
    return {each.key: _given(each, posted) for each in questions}


def prints_from(questions: Sequence[QuestionAsked], posted: Mapping[str, Any]) -> dict[str, str]:
    """What each answer was when the page was read, by the key of the question."""
    return {each.key: str(posted[f"was-{each.key}"]) for each in questions if f"was-{each.key}" in posted}


def _given(each: QuestionAsked, posted: Mapping[str, Any]) -> Any:
    name = f"q-{each.key}"
    if each.kind is QuestionKind.PRINCIPLES:
        return {key: posted[f"{name}-{key}"] for key in each.keys if posted.get(f"{name}-{key}")}
    if each.kind is QuestionKind.RANKED:
        return [posted[f"{name}-{place}"] for place in range(1, len(each.keys) + 1) if posted.get(f"{name}-{place}")]
    return posted.get(name, "")


class ColleagueForm(forms.Form):
    """Whom to ask to go on."""

    person = forms.ChoiceField(label="Who should go on with it?", widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, people: Sequence[Any]) -> None:
        """`people` are colleagues of the same school whom a letter reaches."""
        super().__init__(data)
        self.fields["person"].choices = [(str(each.person_id), f"{each.name}, {each.title}") for each in people]  # type: ignore[attr-defined]


class SenderForm(forms.Form):
    """Who says a view, as far as they want to tell."""

    role = forms.ChoiceField(
        label="Who are you?", required=False, choices=[("", "I would rather not say"), *((each, each) for each in VIEW_ROLES)]
    )
    phase = forms.ChoiceField(
        label="Which schools do you mostly have to do with?", required=False,
        choices=[("", "All, or I would rather not say"), *((each, each) for each in PHASES)],
    )  # fmt: skip


class PaperForm(forms.Form):
    """Whose sheet of paper it is."""

    school = forms.ChoiceField(label="Which school’s sheet is it?", required=False)
    role = forms.CharField(
        label="In whose name?",
        required=False,
        max_length=80,
        help_text="The post, as on the sheet: Headteacher. For a person’s own view, who they are.",
    )

    def __init__(self, data: Any = None, *, schools: Sequence[tuple[str, str]]) -> None:
        """`schools` are those not yet heard from."""
        super().__init__(data)
        self.fields["school"].choices = [("", "No school’s: somebody’s own view"), *schools]  # type: ignore[attr-defined]
