"""What is filled in about role addresses and letters to many. Choices are given by the page, from its queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from convenor.contacts.queries.circulars import Filters
from convenor.contacts.queries.contacts import ContactSeen
from convenor.contacts.rules.roles import CONTACT_ROLES
from convenor.contacts.rules.writing import Consent

CONSENT_WORDS = [
    (Consent.UNKNOWN.value, "They have not said"),
    (Consent.YES.value, "Yes, they agreed"),
    (Consent.NO.value, "No, they asked for none"),
]


class ContactForm(forms.Form):
    """One person or mailbox of a school, in one role."""

    role = forms.ChoiceField(label="Role", choices=list(CONTACT_ROLES.items()))
    name = forms.CharField(label="Name", required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.CharField(
        label="E-mail address", required=False, max_length=254, help_text="The school’s own, where there is one: it outlives its holder",
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )  # fmt: skip
    phone = forms.CharField(
        label="Telephone",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "width": "20"}),
    )
    consent = forms.ChoiceField(
        label="Letters to many, such as dates of a conference", choices=CONSENT_WORDS, initial=Consent.UNKNOWN.value,
        help_text="The school’s role addresses are written to in the partnership’s own business; anybody else only after a yes",
    )  # fmt: skip
    source = forms.CharField(
        label="Where it is from", required=False, max_length=200, help_text="Such as: telephone call, the school’s website"
    )
    checked = forms.BooleanField(label="It was verified with the school today", required=False)

    def __init__(self, *args: Any, own: bool = False, roles: Iterable[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if roles is not None:
            self.fields["role"].choices = list(roles)  # type: ignore[attr-defined]
        if own:  # a school's own people: what they say is verified by that
            del self.fields["source"], self.fields["checked"]


class AddContactForm(ContactForm):
    """The same, for a school to be chosen."""

    school = forms.ChoiceField(label="School")
    field_order = ("school", "role", "name", "email", "phone", "consent", "source", "checked")

    def __init__(self, *args: Any, schools: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = [("", "Choose"), *schools]  # type: ignore[attr-defined]


def first_of(seen: ContactSeen) -> dict[str, Any]:
    """What stands, to be changed."""
    return {
        "role": seen.role, "name": seen.name, "email": seen.email, "phone": seen.phone, "consent": seen.consent, "source": seen.source,
    }  # fmt: skip


class ContactsFilter(forms.Form):
    """Which lines to show. Everything may be left empty."""

    text = forms.CharField(label="School, name or address", required=False)
    role = forms.ChoiceField(label="Role", required=False)
    phase = forms.ChoiceField(label="Phase", required=False)
    cluster = forms.ChoiceField(label="Cluster", required=False)
    standing = forms.ChoiceField(label="What stands out", required=False)

    def __init__(self, *args: Any, choices: Mapping[str, Iterable[tuple[str, str, int]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in choices.items():
            self.fields[name].choices = [("", "All"), *((key, f"{said} ({count})") for key, said, count in found)]  # type: ignore[attr-defined]


class CircularForm(forms.Form):
    """A letter to many: to whom, and its words."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    roles = forms.MultipleChoiceField(
        label="To whom", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Tick at least one role"}
    )
    phases = forms.MultipleChoiceField(
        label="Only schools of these phases", required=False, widget=forms.CheckboxSelectMultiple, help_text="None ticked: every phase"
    )
    clusters = forms.MultipleChoiceField(
        label="Only schools of these bodies", required=False, widget=forms.CheckboxSelectMultiple, help_text="None ticked: every school"
    )
    subject = forms.CharField(label="Subject", max_length=160)
    words = forms.CharField(
        label="Words", max_length=6000, widget=forms.Textarea(attrs={"rows": 12}),
        help_text="It begins with “Dear” and the reader’s name, and ends with yours. Never a concern about a school.",
    )  # fmt: skip

    def __init__(self, *args: Any, filters: Filters, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = list(filters.roles)  # type: ignore[attr-defined]
        self.fields["phases"].choices = list(filters.phases)  # type: ignore[attr-defined]
        self.fields["clusters"].choices = list(filters.clusters)  # type: ignore[attr-defined]
        if len(filters.phases) < 2:
            del self.fields["phases"]
        if not filters.clusters:
            del self.fields["clusters"]


class NothingForm(forms.Form):
    """Nothing to fill in."""
