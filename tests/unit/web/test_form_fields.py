"""What a Django form's fields become on a page."""

from datetime import date

import pytest
from django import forms

from convenor.web.form_fields import Choice, describe, errors


class Group(forms.Form):
    name = forms.CharField(label="Name", help_text="As it is known in meetings")
    starts_on = forms.DateField(label="From", widget=forms.DateInput)
    ends_on = forms.DateField(label="Until", widget=forms.SelectDateWidget, required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose"), ("Above", [("b", "Board")]), ("c", "Cluster")])
    how = forms.ChoiceField(label="How", widget=forms.RadioSelect, choices=[("e", "Election"), ("n", "Nomination")])
    phases = forms.MultipleChoiceField(label="Phases", widget=forms.CheckboxSelectMultiple, choices=[("p", "Primary"), ("s", "Secondary")])
    told = forms.BooleanField(label="I have told them", required=False)
    why = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 6}), max_length=400)
    paper = forms.FileField(label="Paper", required=False)
    key = forms.CharField(widget=forms.HiddenInput)
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    members = forms.IntegerField(label="Members")


KINDS = ["text", "date", "date-parts", "select", "radios", "checkboxes", "tick", "textarea", "file", "hidden", "password", "text"]


def test_each_widget_has_its_kind() -> None:
    assert [describe(field).kind for field in Group()] == KINDS


def test_labels_say_what_may_be_left_out() -> None:
    form = Group()
    assert [describe(form[name]).label for name in ("name", "ends_on", "told")] == ["Name", "Until (optional)", "I have told them"]


def test_choices_keep_their_groups_and_what_was_chosen() -> None:
    form = Group({"kind": "b", "phases": ["s"]})
    assert describe(form["kind"]).choices == (
        Choice("", "Choose", False),
        Choice("b", "Board", True, "Above"),
        Choice("c", "Cluster", False),
    )
    assert describe(form["phases"]).choices == (Choice("p", "Primary", False), Choice("s", "Secondary", True))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"initial": {"ends_on": date(2027, 2, 3)}}, ["3", "2", "2027"]),
        ({"data": {"ends_on_day": "31", "ends_on_month": "2", "ends_on_year": "2027"}}, ["31", "2", "2027"]),
        ({}, ["", "", ""]),
    ],
)
def test_date_in_three_boxes_shows_what_was_entered(given: dict[str, object], shown: list[str]) -> None:
    parts = describe(Group(**given)["ends_on"]).parts  # type: ignore[arg-type]
    assert [part["value"] for part in parts] == shown
    assert [part["name"] for part in parts] == ["ends_on_day", "ends_on_month", "ends_on_year"]


def test_date_in_one_box_is_written_for_the_browser() -> None:
    assert describe(Group(initial={"starts_on": date(2026, 11, 21)})["starts_on"]).value == "2026-11-21"


def test_password_is_never_sent_back() -> None:
    assert describe(Group({"secret": "once only"})["secret"]).value == ""


def test_missing_answers_are_asked_for_and_linked() -> None:
    form = Group({"name": "", "how": "", "members": "x"})
    said = {line["text"]: line["href"] for line in errors(form)}
    assert said["Name: Fill this in"] == "#id_name"
    assert said["How: Choose one"] == "#id_how"
    assert said["Members: Enter a whole number"] == "#id_members"


def test_error_of_a_date_in_three_boxes_leads_to_the_first() -> None:
    form = Group({"ends_on_day": "31", "ends_on_month": "2", "ends_on_year": "2027"})
    assert {line["text"]: line["href"] for line in errors(form)}["Until: Enter a valid date"] == "#id_ends_on_day"


def test_form_without_mistakes_has_no_summary() -> None:
    assert errors(Group()) == []
