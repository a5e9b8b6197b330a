"""What the site says of itself, read from the house rather than written twice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.conf import settings


@dataclass(frozen=True)
class KeptAbout:
    """One kind of record that holds something personal: which fields, how long, by what authority."""

    what: str
    says: str
    personal: tuple[str, ...]
    period: str
    authority: str


#: Fields and records by the names that their owners would use.
WORDS = {
    "email": "e-mail address",
    "last_login": "when you last signed in",
    "by_key": "who did it",
    "by_label": "their name and post",
    "to_address": "e-mail address",
    "to_name": "name",
    "stored_by": "who stored it",
    "first_name": "first name",
    "last_name": "last name",
}
SAYS = {
    "Entry": "One thing that somebody did, when, and why.",
    "HeadOfSchool": "The head's name as the public register gives it, for the partnership's own schools only.",
}
NAMES = {"Entry": "the journal", "Look": "looks at a school's record", "HeadOfSchool": "names of heads"}


@cache
def rooms() -> tuple[KeptAbout, ...]:
    """Every kind of record of ours that holds personal data, in the order of the house."""
    found = []
    for label in settings.LAYERS:
        if not apps.is_installed(f"convenor.{label}"):
            continue
        for model in apps.get_app_config(label).get_models():
            privacy, keeping = getattr(model, "Privacy", None), getattr(model, "Keeping", None)
            if privacy is None or keeping is None or model.__name__.startswith("Historical") or not privacy.personal:
                continue
            names = tuple(WORDS.get(name, str(getattr(model._meta.get_field(name), "verbose_name", name))) for name in privacy.personal)
            says = SAYS.get(model.__name__) or " ".join((model.__doc__ or "").split("\n\n")[0].split())
            plural = NAMES.get(model.__name__, str(model._meta.verbose_name_plural))
            found.append(KeptAbout(plural[:1].upper() + plural[1:], says, names, keeping.period, keeping.authority))
    return tuple(found)


def service_people() -> str:
    """The e-mail address of whoever runs this site, or an empty text where nobody has said."""
    return str(settings.SERVICE_EMAIL)
