"""The form of taking everything."""

from django import forms


class TakeForm(forms.Form):
    """Whether what is published goes along."""

    with_published = forms.BooleanField(
        required=False, initial=True, label="With the published registers and figures",
        help_text="Leave it ticked unless the archive goes to an installation that holds the very same editions.",
    )  # fmt: skip


class NothingForm(forms.Form):
    """A button and nothing else."""
