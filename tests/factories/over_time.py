"""What Fernshire says of itself over time: predictions with likelihoods, self-assessments with answers, readings of the system.

The rows are written directly, so that a test of one part depends on no other. `several(12)` are people who hold a post as head.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from convenor.accounts.models import Person
from convenor.conditions.models import DiagnosisReading, Likelihood, Prediction, SelfAssessment, SelfAssessmentAnswer
from convenor.conditions.rules import cards
from convenor.conditions.rules import self_assessment as rules
from convenor.conditions.rules.cards import NINE_CONDITIONS
from convenor.conditions.rules.diagnosis import framework
from tests.factories.partnership import AT, ON, SLUG, World, someone, world

__all__ = [
    "AT", "ON", "SECRETS", "SLUG", "Person", "World", "answers", "assessment", "closed", "likelihoods", "prediction", "readings", "several",
    "world",
]  # fmt: skip

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


def assessment(here: World, *, state: str = "open", opens_on: date = ON, **more: Any) -> SelfAssessment:
    """A self-assessment of the nine conditions, open for three weeks."""
    given: dict[str, Any] = {
        "title": f"Autumn {opens_on.year}", "cards": cards.as_dicts(NINE_CONDITIONS), "levels": rules.as_dicts(), "opens_on": opens_on,
        "closes_on": opens_on + timedelta(days=21), "opened_by": here.people["manager"], "opened_at": AT,
    }  # fmt: skip
    return SelfAssessment.objects.create(partnership=here.partnership, state=state, **given | more)


def answers(row: SelfAssessment, levels: Iterable[str], *, roles: Iterable[str] = (), words: str = "") -> list[SelfAssessmentAnswer]:
    """One person for each text of up to nine digits, a level for each condition in order; "0" is not judged. `words` are the first's."""
    said, found = list(roles), []
    for number, digits in enumerate(levels):
        given = {card.key: int(digit) for card, digit in zip(NINE_CONDITIONS, digits, strict=False) if digit != "0"}
        person = someone(f"Member Number{Person.objects.count()}")
        found.append(
            SelfAssessmentAnswer.objects.create(
                assessment=row, person=person, levels=given, role=said[number] if number < len(said) else "", sent_at=AT,
                words={"trust": words} if words and number == 0 else {},
            )
        )  # fmt: skip
    return found


def closed(here: World, levels: Iterable[str], *, opens_on: date = ON, roles: Iterable[str] = (), **more: Any) -> SelfAssessment:
    """A self-assessment that was closed, with what was told of these answers."""
    row = assessment(here, state="closed", opens_on=opens_on, closed_at=AT, **more)
    answers(row, levels, roles=roles)
    told = rules.tell(
        [rules.Answer(each.levels, each.role, each.phase, each.type) for each in row.answers.all()],
        conditions=[card.key for card in NINE_CONDITIONS],
    )  # fmt: skip
    row.told = rules.kept(told)
    row.save()
    return row


def readings(here: World, side: str, answers_of: Iterable[dict[str, str]], *, year: int = 2026) -> list[DiagnosisReading]:
    """One person's reading for each of these answers, a minute after another, before AT."""
    found = []
    for number, given in enumerate(answers_of):
        person = someone(f"Reader Number{Person.objects.count()}")
        found.append(
            DiagnosisReading.objects.create(
                partnership=here.partnership, framework=framework().label, school_year=year, side=side, person=person, answers=given,
                sent_at=AT - timedelta(minutes=60 - number),
            )
        )  # fmt: skip
    return found
