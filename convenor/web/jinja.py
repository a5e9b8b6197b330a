"""The template environment: what every page may call on.

Templates are found in each feature's ``templates/<feature>/`` (settings), components in ``components/``, and
govuk-frontend's tested macros under ``govuk_frontend_jinja/``. There is no inline script and no inline style: the content
security policy allows neither.
"""

from __future__ import annotations

import itertools
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader

from convenor.intelligence.rules.showing import shown as lines_shown
from convenor.web import charts, drawing, form_fields, interval_plot, words

GOVUK = "govuk_frontend_jinja"


def environment(**options: Any) -> Environment:
    """The environment that Django's Jinja2 backend asks for; `options` come from settings, a loader among them."""
    own = options.pop("loader", None)
    govuk = PrefixLoader({GOVUK: PackageLoader(GOVUK)})
    options.setdefault("autoescape", True)
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    env = Environment(loader=ChoiceLoader([own, govuk] if own else [govuk]), **options)  # noqa: S701 - escaping is on, from options
    numbers = itertools.count(1)
    env.globals.update(
        static=staticfiles_storage.url,
        url=url,
        new_id=lambda prefix="id": f"{prefix}-{next(numbers)}",
        series_chart=charts.series_chart,
        comparison_chart=charts.comparison_chart,
        shares_chart=charts.shares_chart,
        interval_strip=interval_plot.interval_strip,
        strip_scales=interval_plot.scales_of,
        lines_shown=lines_shown,
        structure_drawing=drawing.structure_drawing,
        structure_column=drawing.structure_column,
        form_field=form_fields.describe,
        form_errors=form_fields.errors,
    )
    env.filters.update(words.FILTERS)
    return env


def url(name: str, *args: Any, query: dict[str, Any] | None = None, **kwargs: Any) -> str:
    """The address of a named page; `query` adds a query string and leaves out what is empty.

    Raises NoReverseMatch when there is no such page.
    """
    said = {key: value for key, value in (query or {}).items() if value not in (None, "", [], ())}
    return reverse(name, args=args or None, kwargs=kwargs or None, query=said or None)
