"""What Fernshire says of itself over time: predictions with likelihoods, self-assessments with answers, readings of the system.

The rows are written directly, so that a test of one part depends on no other. `several(12)` are people who hold a post as head.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from convenor.accounts.models import Person
from convenor.conditions.models import Likelihood, Prediction
from tests.factories.partnership import AT, ON, SLUG, World, someone, world

__all__ = ["AT", "ON", "SLUG", "Person", "World", "likelihoods", "prediction", "several", "world"]

#: Words that only some may read: a leak test looks for each.
SECRETS = {"words": "Nobody answers our letters.", "settled_why": "The minutes of the board of 3 March say so."}


def several(count: int) -> list[Person]:
    """So many people, of whom nothing else is known."""
    return [someone(f"Member Number{number}") for number in range(count)]


def prediction(here: World, *, due_on: date = ON + timedelta(days=400), made_at: datetime = AT, **more: Any) -> Prediction:
    """A prediction of the partnership, of which likelihoods are taken for four weeks."""
    given: dict[str, Any] = {
        "words": "Every cluster has reviewed every school once", "about": "engagement", "told_by": "The register of reviews",
        "asks_until": made_at.date() + timedelta(days=28), "made_by": "the test",
    }  # fmt: skip
    return Prediction.objects.create(partnership=here.partnership, due_on=due_on, made_at=made_at, **given | more)


def likelihoods(row: Prediction, percents: Iterable[int], *, at: datetime = AT) -> list[Likelihood]:
    """One person for each percentage, in this order."""
    asked = list(percents)
    begun = Person.objects.count()
    people = [someone(f"Teller Number{begun + number}") for number in range(len(asked))]
    return [
        Likelihood.objects.create(prediction=row, person=who, percent=each, sent_at=at) for who, each in zip(people, asked, strict=True)
    ]
