"""Every table of ours is a partnership's, everybody's, or left behind with a reason: none is forgotten when a partnership leaves."""

from __future__ import annotations

from django.conf import settings

from convenor.archive.queries.tables import tables
from convenor.archive.rules.belonging import APPS_LEFT, PRIVATE_KEYS, PUBLISHED_TABLES, TABLES_LEFT, Belongs


def test_every_table_is_placed() -> None:
    assert [each.label for each in tables() if each.belongs is Belongs.NOWHERE] == []
    assert len([each for each in tables() if each.of_partnership]) > 100


def test_what_is_named_is_there() -> None:
    labels = {each.label for each in tables()}
    columns = {f"{each.label}.{column.name}" for each in tables() for column in each.columns}
    apps = {each.app for each in tables()} | {"socialaccount"}
    assert sorted({*TABLES_LEFT, *PUBLISHED_TABLES} - labels) == []
    assert sorted(PRIVATE_KEYS - columns) == []
    assert sorted(set(APPS_LEFT) - apps) == []


def test_what_leaves_leans_on_nothing_that_stays() -> None:
    stays = {each.label for each in tables() if not each.leaves}
    leaning = [f"{t.label}.{c.name} -> {c.to}" for t in tables() if t.leaves for c in t.columns if c.to in stays and c.held]
    assert leaning == []


def test_what_is_published_leans_on_nobody() -> None:
    shared = {each.label for each in tables() if each.belongs is Belongs.PUBLISHED}
    assert [
        f"{t.label}.{c.name} -> {c.to}" for t in tables() if t.label in shared for c in t.columns if c.to and c.to not in shared
    ] == []  # fmt: skip


def test_every_column_can_be_written_and_read_again() -> None:
    """A kind of column that the archive does not know (bytes, exact decimals) would leave as something else."""
    from django.db import models

    known = (
        models.BooleanField, models.IntegerField, models.FloatField, models.DateField, models.TimeField, models.JSONField, models.UUIDField,
        models.CharField, models.TextField, models.ForeignKey,
    )  # fmt: skip
    from convenor.archive.queries.tables import model_of

    leaving = [each for each in tables() if each.leaves]
    odd = [f"{t.label}.{f.name}" for t in leaving for f in model_of(t.label)._meta.local_concrete_fields if not isinstance(f, known)]
    assert odd == []
    assert settings.LAYERS.index("archive") > settings.LAYERS.index("support")
