"""The conditions over time for the table of access: who sees which page, with a self-assessment that is open and two predictions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from convenor.conditions.models import Prediction, SelfAssessment
from tests.factories.over_time import assessment, likelihoods, prediction
from tests.factories.partnership import ON, SLUG, World

MANAGER = frozenset({"manager"})
SAYERS = frozenset({
    "head", "school-leader", "chair-of-governors", "clerk", "school-office", "trust-lead", "system-leader", "independent-supporter",
    "reviewer", "cluster-lead", "alliance-lead", "body-member", "board-member", "diocese", "regional-link", "officer", "broker", "manager",
})  # fmt: skip
#: Whoever reads the system: heads and leaders of trusts, officers. In the table the cluster's lead is a head as well by no post.
READERS = frozenset({"head", "trust-lead", "officer"})
PAGES: dict[str, frozenset[str]] = {
    "conditions-ask": MANAGER,
    "conditions-close": MANAGER,
    "conditions-say": SAYERS,
    "foresight-add": SAYERS,
    "foresight-say": SAYERS,
    "foresight-tell": MANAGER,
    "foresight-settle": MANAGER,
    "diagnosis-read": READERS,
}
FOR_MEMBERS = ("conditions", "conditions-table", "conditions-one", "foresight", "diagnosis")
READ = FOR_MEMBERS
#: Whoever says something here and reads on neither side is told that there is no such page; so is who led another workshop.
HIDDEN_FROM = {"diagnosis-read": SAYERS - READERS, "foresight-tell": frozenset({"cluster-lead", "alliance-lead"})}


def begin(everyone: World) -> None:
    """A self-assessment that is open, and a prediction of which likelihoods are taken."""
    assessment(everyone)
    likelihoods(prediction(everyone, words="For the table"), [10, 20, 30, 40, 50])
    prediction(everyone, words="Due, for the table", due_on=ON - timedelta(days=1))


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    row = Prediction.objects.get(words="For the table").pk
    given: dict[str, list[Any]] = {name: [SLUG] for name in (*PAGES, *FOR_MEMBERS)}
    given |= {name: [SLUG, row] for name in ("foresight-say", "foresight-tell", "foresight-settle")}
    return given | {"conditions-close": [SLUG, SelfAssessment.objects.get().pk], "conditions-one": [SLUG, "trust"]}
