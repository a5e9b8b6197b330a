"""Reviews of effect for the table of access: who sees which page."""

from __future__ import annotations

from typing import Any

from convenor.support.models import Package
from tests.factories.partnership import SLUG, World
from tests.factories.support import package

#: The receiving school's own people, and the broker who holds the package.
SEES = frozenset({"school-leader", "chair-of-governors", "broker"})
PAGES: dict[str, frozenset[str]] = {
    "support-effect": SEES,
    "support-effect-fix": SEES,
    "support-effects": frozenset(
        {"cluster-lead", "alliance-lead", "board-member", "diocese", "regional-link", "officer", "broker", "manager", "auditor"}
    ),
}
#: A member who may not see the effect of a package is told that there is no such page.
HIDDEN_FROM_MEMBERS = ("support-effect", "support-effect-fix")
READ = ("support-effect", "support-effects")
TITLE = "For the table, effect"


def begin(everyone: World) -> None:
    """One package for which nothing is fixed yet."""
    everyone.people.setdefault("supporter", everyone.people["system leader"])
    everyone.viewers.setdefault("supporter", everyone.viewers["system leader"])
    everyone.people.setdefault("lender", everyone.people["other head"])
    everyone.viewers.setdefault("lender", everyone.viewers["other head"])
    row = package(everyone, "agreeing")
    Package.objects.filter(pk=row.pk).update(title=TITLE)


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    pk = Package.objects.get(title=TITLE).pk
    return {"support-effect": [SLUG, pk], "support-effect-fix": [SLUG, pk], "support-effects": [SLUG]}
