"""Agreements in Fernshire: a text adopted, schools that agreed, withdrew or let it end. Nothing here exists anywhere.

`agreeing()` gives Fernshire with version 1 adopted a year ago, so that its first day is long past: of its schools 990001 has agreed to
everything, and nobody else has said anything. `signed(here, urn, ...)` is a row at any point of its way.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from convenor.agreements.models import Agreed, AgreementText
from convenor.agreements.rules.classes import DataClass
from convenor.agreements.rules.reminding import first_reminder_on
from convenor.agreements.rules.texts import classes_as_data, named, sections_as_data, template
from tests.factories.partnership import AT, ON, SLUG, World, world
from tests.factories.remembered import remembered

__all__ = ["ANSWERS_TO", "AT", "ON", "SLUG", "World", "adopted", "agreeing", "all_of", "signed"]

ANSWERS_TO = "Data protection officer, dpo@fernshire.example"
PAST = ON - timedelta(days=200)


def adopted(here: World, number: int = 1, agree_by_on: date | None = PAST, **more: Any) -> AgreementText:
    """A version that was put to schools; with no `agree_by_on`, a draft."""
    begun = template("school-data-sharing")
    given: dict[str, Any] = {
        "sections": sections_as_data(named(begun.sections, here.partnership.name)), "classes": classes_as_data(begun.classes),
        "source": "school-data-sharing@1", "answers_to": ANSWERS_TO, "started_at": AT - timedelta(days=300), "number": number,
    }  # fmt: skip
    if agree_by_on is not None:
        given |= {
            "adopted_at": AT - timedelta(days=256),
            "adopted_by": "the test",
            "decided": "Strategic Board",
            "agree_by_on": agree_by_on,
        }
    return AgreementText.objects.create(partnership=here.partnership, **given | more)


def signed(here: World, urn: str, data_class: DataClass, *, ended: int | None = None, withdrawn: bool = False, **more: Any) -> Agreed:
    """One agreement that lasts for half a year more; one that `ended` so many days ago; or one that was withdrawn yesterday."""
    until = ON + timedelta(days=182) if ended is None else ON - timedelta(days=ended)
    given: dict[str, Any] = {
        "text": AgreementText.objects.filter(partnership=here.partnership).exclude(adopted_at=None).latest("number"),
        "person": here.people["head"], "name": "Ada Example", "role": "Headteacher", "signed_at": AT - timedelta(days=183),
        "until_on": until, "remind_on": None if withdrawn else first_reminder_on(until),
    }  # fmt: skip
    if withdrawn:
        given |= {"withdrawn_at": AT - timedelta(days=1), "withdrawn_by": "Ada Example, headteacher"}
    return Agreed.objects.create(partnership=here.partnership, school_id=urn, data_class=data_class.value, **given | more)


def all_of(here: World, *urns: str, **more: Any) -> None:
    """These schools agree to every class."""
    for urn in urns:
        for each in DataClass:
            signed(here, urn, each, **more)


@remembered
def agreeing() -> World:
    """Fernshire with a text, and one school that agreed to everything."""
    here = world()
    adopted(here)
    all_of(here, "990001")
    return here
