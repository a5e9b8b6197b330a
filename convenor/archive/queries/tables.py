"""The tables of this deployment as the rules know them, made once from the registry of tables."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from convenor.archive.rules.belonging import Column, Kind, Table, place

_KINDS: tuple[tuple[type[models.Field[Any, Any]], Kind], ...] = (
    (models.BooleanField, Kind.YES_NO),
    (models.IntegerField, Kind.WHOLE),
    (models.FloatField, Kind.REAL),
    (models.DateTimeField, Kind.MOMENT),
    (models.DateField, Kind.DAY),
    (models.TimeField, Kind.CLOCK),
    (models.JSONField, Kind.JSON),
    (models.UUIDField, Kind.UID),
    (models.CharField, Kind.TEXT),
    (models.TextField, Kind.TEXT),
)


@cache
def tables() -> tuple[Table, ...]:
    """Every table, why it belongs to a partnership or does not, and by what path; in the order of their labels."""
    return place(_described(each) for each in apps.get_models(include_auto_created=True))


def table(label: str) -> Table:
    """The table of this label, as in "support.visit". KeyError when there is none such."""
    return _by_label()[label]


def model_of(label: str) -> Any:
    """Its class, whose plain manager reaches every row."""
    return apps.get_model(label)


@cache
def _by_label() -> dict[str, Table]:
    return {each.label: each for each in tables()}


def _described(model: type[models.Model]) -> Table:
    meta = model._meta
    privacy = {name: key for key in ("open", "shared", "personal", "secret") for name in getattr(_privacy(model), key, ())}
    return Table(
        label=meta.label_lower,
        name=str(meta.verbose_name),
        key=meta.pk.attname if meta.pk is not None else "",
        columns=tuple(_column(each, privacy.get(each.name, "")) for each in meta.local_concrete_fields),
    )


def _privacy(model: type[models.Model]) -> Any:
    """Its classes of privacy; a history repeats the fields of the table it follows and is held by that one's."""
    followed = getattr(model, "instance_type", None)
    return getattr(model, "Privacy", None) or getattr(followed, "Privacy", None)


def _column(field: Any, privacy: str) -> Column:
    related = field.related_model if field.is_relation else None
    return Column(
        name=field.attname,
        field=field.name,
        kind=_kind(field.target_field if related is not None else field),
        null=field.null,
        to=related._meta.label_lower if related is not None else "",
        privacy=privacy,
        held=bool(getattr(field, "db_constraint", True)),
        unique=bool(field.unique),
    )


def _kind(field: Any) -> Kind:
    """What it holds. A key that is itself a key (one to one) holds what that one holds; bytes and the like are not kept in tables here."""
    while field.is_relation:
        field = field.target_field
    return next((kind for of, kind in _KINDS if isinstance(field, of)), Kind.TEXT)
