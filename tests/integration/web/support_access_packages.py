"""Packages of support for the table of access: who sees which page, with one package at each point that a page is for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from convenor.support.actions.concerns import raise_concern
from convenor.support.models import EngagementConcern, Package
from convenor.support.rules.workflows import workflow
from tests.factories.partnership import SLUG, World
from tests.factories.support import package, supporter

#: Of the receiving school, 990001; in the table the head is of 990005, which has no part.
RECEIVING = frozenset({"school-leader", "chair-of-governors"})
SPEAKS = frozenset({"chair-of-governors"})
BROKER = frozenset({"broker"})
MANAGER = frozenset({"manager"})
SUPPORTER = frozenset({"system-leader"})
SEES = RECEIVING | BROKER | MANAGER | SUPPORTER
#: page -> the title of the package for which it is asked, who sees it
STAGES: dict[str, tuple[str, frozenset[str]]] = {
    "support-package": ("active", SEES),
    "support-package-task": ("checking", BROKER),
    "support-package-move": ("checking", BROKER),
    "support-package-pause": ("active", SPEAKS | BROKER),
    "support-package-resume": ("paused", SPEAKS | BROKER),
    "support-package-stop": ("active", SPEAKS | BROKER),
    "support-package-step-up": ("active", BROKER),
    "support-package-step-down": ("active", BROKER),
    "support-package-follow": ("active", RECEIVING | BROKER | MANAGER),
    "support-package-end-closed": ("active", BROKER | MANAGER),
    "support-package-hand-over": ("active", BROKER | MANAGER),
    "support-package-formal": ("active", RECEIVING | BROKER | MANAGER),
    "support-package-concern": ("targeted", BROKER | MANAGER),
    "support-package-concern-resolve": ("targeted", BROKER | MANAGER),
}
PAGES: dict[str, frozenset[str]] = {name: who for name, (_, who) in STAGES.items()}
#: Each member finds the packages in which they have a part.
FOR_MEMBERS = ("support-packages",)
#: A member who has no part in a package is told that there is no such page.
HIDDEN_FROM_MEMBERS = tuple(name for name in PAGES if name not in ("support-package-step-up", "support-package-step-down"))
HIDDEN_FROM: dict[str, frozenset[str]] = {}
READ = ("support-package",)


def begin(everyone: World) -> None:
    """One package for each stage."""
    everyone.people.setdefault("supporter", everyone.people["system leader"])
    everyone.viewers.setdefault("supporter", everyone.viewers["system leader"])
    everyone.people.setdefault("lender", everyone.people["other head"])
    everyone.viewers.setdefault("lender", everyone.viewers["other head"])
    for stage in ("checking", "active"):
        _named(package(everyone, stage), stage)
    _named(package(everyone, "active", paused=True), "paused")
    row = package(everyone, "improving", flow=workflow("targeted"), given_by=supporter(everyone))
    _named(row, "targeted")
    at = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    raise_concern(slug=SLUG, package_id=row.pk, summary="For the table", by=everyone["broker"], at=at)


def _named(row: Package, stage: str) -> None:
    Package.objects.filter(pk=row.pk).update(title=f"For the table, {stage}")


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    rows = dict(Package.objects.filter(title__startswith="For the table, ").values_list("title", "pk"))
    given: dict[str, list[Any]] = {name: [SLUG, rows[f"For the table, {stage}"]] for name, (stage, _) in STAGES.items()}
    given["support-package-task"] += ["fit", 1]
    given["support-package-move"] += ["choose-again"]
    given["support-package-concern-resolve"] += [EngagementConcern.objects.get(summary="For the table").pk]
    return given | {"support-packages": [SLUG]}
