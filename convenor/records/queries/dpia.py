"""The register of fields of this very system, told as a data protection impact assessment."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Model

from convenor.consultation.rules.report import Report
from convenor.partnership.gate import day_of
from convenor.partnership.roles import Permission
from convenor.records.queries.held import goes
from convenor.records.queries.retention import ours, rule_of
from convenor.records.rules.classes import CLASSES, class_of
from convenor.records.rules.dpia import ClassTold, TableTold
from convenor.records.rules.dpia import dpia as told

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


def dpia(slug: str, *, viewer: Viewer, at: date | datetime) -> Report | None:
    """The text for this partnership; None for anybody else. It reads no record at all, only what could be held."""
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.RETENTION_RUN):
        return None
    found: dict[str, list[TableTold]] = {}
    for label, model in ours().items():
        if model._meta.app_label in settings.LAYERS and rule_of(model) is not None:
            found.setdefault(class_of(label).key, []).append(_told(model))
    on = day_of(at)
    classes = [ClassTold(CLASSES[key], tuple(found[key])) for key in CLASSES if key in found]
    return told(partnership=here.name, made_on=f"{on.day} {on:%B %Y}", classes=classes)


def _told(model: type[Model]) -> TableTold:
    privacy, stated, rule = model.Privacy, model.Keeping, rule_of(model)  # type: ignore[attr-defined]
    assert rule is not None

    def words(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(getattr(model._meta.get_field(name), "verbose_name", name)) for name in names)

    name = str(model._meta.verbose_name_plural)
    says = " ".join((model.__doc__ or "").split("\n\n")[0].split())
    return TableTold(
        name[:1].upper() + name[1:], says, words(privacy.personal), words(privacy.shared), words(privacy.secret), stated.period,
        stated.authority, goes(rule),
    )  # fmt: skip
