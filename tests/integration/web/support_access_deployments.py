"""Plan, visits, reviews, money and evaluation for the table of access: who sees which page, with a package at the point it is for."""

from __future__ import annotations

from typing import Any

from convenor.funding.actions import record_fund, set_day_rate
from convenor.funding.models import DayRate
from convenor.funding.rules import Rate
from convenor.support.models import Evaluation, NoteOfVisit, Package, PackageCost, Visit
from convenor.support.rules.states import Payer, Who
from tests.factories.partnership import AT, ON, SLUG, World
from tests.factories.support import package

#: Of the receiving school, 990001; in the table the head is of 990005, which has no part.
RECEIVING = frozenset({"school-leader", "chair-of-governors"})
SPEAKS = frozenset({"chair-of-governors"})
BROKER = frozenset({"broker"})
MANAGER = frozenset({"manager"})
SUPPORTER = frozenset({"system-leader"})
WORKS = RECEIVING | BROKER | SUPPORTER
#: page -> the title of the package for which it is asked, who sees it
STAGES: dict[str, tuple[str, frozenset[str]]] = {
    "support-plan": ("deployed", WORKS),
    "support-plan-set": ("deployed", WORKS),
    "support-agree": ("deployed", SPEAKS),
    "support-agree-withdraw": ("deployed", SPEAKS),
    "support-visits": ("deployed", WORKS),
    "support-visit-new": ("deployed", WORKS),
    "support-visit-move": ("deployed", WORKS),
    "support-visit-off": ("deployed", WORKS),
    "support-note": ("deployed", SUPPORTER),
    "support-note-mark": ("over", RECEIVING),
    "support-progress": ("deployed", WORKS),
    "support-progress-new": ("deployed", WORKS),
    "support-money": ("deployed", WORKS | MANAGER),
    "support-cost-new": ("deployed", BROKER | MANAGER),
    "support-cost-end": ("deployed", BROKER | MANAGER),
    "support-cost-fund": ("deployed", MANAGER),
    "support-evaluation": ("over", WORKS | MANAGER),
    "support-evaluate": ("over", RECEIVING | SUPPORTER),
    "support-lesson": ("over said", SPEAKS),
    "support-lesson-back": ("over said", SPEAKS),
    "support-note-keep": ("deployed", SUPPORTER),
}
PAGES: dict[str, frozenset[str]] = {name: who for name, (_, who) in STAGES.items()} | {
    "support-rate-set": MANAGER,
    "support-rate-end": MANAGER,
}
FOR_MEMBERS = ("support-rates",)
#: A member who has no part in a package is told that there is no such page.
HIDDEN_FROM_MEMBERS = tuple(STAGES)
READ = ("support-plan", "support-visits", "support-progress", "support-money", "support-evaluation")


def begin(everyone: World) -> None:
    """A package under way with a visit to come and a fund that is to pay; two that come to their end, of which one was evaluated."""
    everyone.people.setdefault("supporter", everyone.people["system leader"])
    everyone.viewers.setdefault("supporter", everyone.viewers["system leader"])
    everyone.people.setdefault("lender", everyone.people["other head"])
    everyone.viewers.setdefault("lender", everyone.viewers["other head"])
    row = _named(package(everyone, "active"), "deployed")
    assert row.supporter is not None
    Visit.objects.create(package=row, supporter=row.supporter, on=ON, half_days=1)
    PackageCost.objects.create(package=row, what="A fund", payer=Payer.FUND.value, pence=100, agreed_on=ON)
    _named(package(everyone, "ending"), "over")
    said = _named(package(everyone, "ending"), "over said")
    Evaluation.objects.create(
        package=said, side=Who.RECEIVING.value, moment="end", lesson="Begin small", lesson_shared=True, at=AT, by=everyone.people["head"]
    )  # fmt: skip
    record_fund(slug=SLUG, name="For the table", source="Schools", year="2026-27", pence=100_00, by="the test", at=AT)
    set_day_rate(slug=SLUG, key="trust", name="For the table", rate=Rate(100_00), from_on=ON, by="the test", at=AT)


def _named(row: Package, stage: str) -> Package:
    Package.objects.filter(pk=row.pk).update(title=f"For deployments, {stage}")
    return row


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    rows = dict(Package.objects.filter(title__startswith="For deployments, ").values_list("title", "pk"))
    given: dict[str, list[Any]] = {name: [SLUG, rows[f"For deployments, {stage}"]] for name, (stage, _) in STAGES.items()}
    deployed, over = rows["For deployments, deployed"], rows["For deployments, over"]
    visit = Visit.objects.get(package_id=deployed).pk
    for name in ("support-visit-move", "support-visit-off", "support-note", "support-note-keep"):
        given[name] += [visit]
    given["support-note-mark"] += [NoteOfVisit.objects.get(visit__package_id=over).pk]
    cost = PackageCost.objects.get(package_id=deployed, payer=Payer.FUND.value).pk
    for name in ("support-cost-end", "support-cost-fund"):
        given[name] += [cost]
    given["support-evaluate"] += ["end"]
    rate = DayRate.objects.get(name="For the table").pk
    return given | {"support-rates": [SLUG], "support-rate-set": [SLUG], "support-rate-end": [SLUG, rate]}
