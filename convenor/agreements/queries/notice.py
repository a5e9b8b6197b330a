"""The privacy notice's facts, read from the tables' own statements, so that it cannot fall behind them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings

from convenor.agreements.rules.notice import ClassHeld, Table, composed, plural

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


def what_is_held(*, viewer: Viewer | str) -> tuple[ClassHeld, ...]:
    """Every class of record with its tables, periods and authorities: what the system keeps of anybody's, no row of it. No query."""
    return _composed()


@cache
def _composed() -> tuple[ClassHeld, ...]:
    found = []
    for label in settings.LAYERS:
        for model in apps.get_app_config(label).get_models() if apps.is_installed(f"convenor.{label}") else ():
            privacy, keeping = getattr(model, "Privacy", None), getattr(model, "Keeping", None)
            if privacy is None or keeping is None or model.__name__.startswith("Historical"):
                continue
            says = " ".join((model.__doc__ or "").split("\n\n")[0].split())
            personal = tuple(str(getattr(model._meta.get_field(name), "verbose_name", name)) for name in privacy.personal)
            one, many = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
            words = plural(one) if many == f"{one}s" else many  # Django only ever adds an s
            found.append(Table(label, model.__name__, words, says, personal, keeping.period, keeping.authority))
    return composed(found)
