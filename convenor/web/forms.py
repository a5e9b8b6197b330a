"""The forms of signing in and of a person's account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation


class LinkForm(forms.Form):
    """Ask for a sign-in link."""

    email = forms.EmailField(
        label="Your work e-mail address",
        max_length=254,
        error_messages={
            "required": "Give the e-mail address that your partnership knows you by.",
            "invalid": "That does not look like an e-mail address. It should be like name@school.example.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class NewPasswordForm(forms.Form):
    """Choose a password."""

    password = forms.CharField(
        label="New password",
        strip=False,
        max_length=200,
        help_text="At least 12 characters. Three or four words that have nothing to do with each other do well.",
        error_messages={"required": "Give the password you would like."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        """Refuse what is short, common, or the person's own name."""
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password, self.person)
        return password


def _pin(label: str, *, hint: str = "", required: str = "Give six digits.") -> forms.CharField:
    """A field for six digits. It is not offered to be remembered: the desk may be shared as the mailbox is."""
    return forms.CharField(
        label=label,
        max_length=20,
        help_text=hint,
        error_messages={"required": required, "max_length": "A PIN is six digits."},
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class PinForm(forms.Form):
    """Give the PIN."""

    pin = _pin("Your PIN", hint="The six digits that you chose.", required="Give your PIN.")


class NewPinForm(forms.Form):
    """Choose a PIN."""

    pin = _pin("Six digits for you alone", hint="Not a birthday, and nothing that is used in the office.")
    again = _pin("The same six digits again", required="Give the same six digits again.")


class ChangePinForm(NewPinForm):
    """Choose another PIN."""

    old = _pin("The PIN you have now", required="Give the PIN you have now.")
    field_order = ("old", "pin", "again")


class GiveForm(forms.Form):
    """Choose whom to ask. `people` are colleagues with `person_id`, `name` and `title`."""

    person = forms.ChoiceField(label="Whom to ask", widget=forms.RadioSelect, error_messages={"required": "Choose a colleague."})

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.person_id), f"{one.name}, {one.title}") for one in people]
