"""Requests and offers in Fernshire, with places, so that a broker can match them."""

from __future__ import annotations

from typing import Any

from convenor.accounts.models import Person
from convenor.partnership.actions import take_post
from convenor.partnership.gate import viewer_for
from convenor.registers.models import School
from convenor.support.models import Supporter
from convenor.support.rules.needs import Asked
from tests.factories.partnership import AT, ON, SLUG, World, someone
from tests.factories.remembered import remembered
from tests.factories.support import need, supporter, supporting

__all__ = ["ASKED", "AT", "ON", "SLUG", "SPLIT", "World", "brokerage", "need", "offer", "supporter"]

ASKED = Asked(themes=("reading",), words="Our youngest readers fall behind by spring.", half_days=4)
#: The school of the broker who is also a head.
SPLIT = "990006"
PLACES = {
    urn: (385_000 + 4_000 * number, 215_000) for number, urn in enumerate(("990001", "990002", "990003", "990004", "990005", "990006"))
}


@remembered
def brokerage() -> World:
    """Fernshire with places, 4 km apart, and besides everybody of `supporting` "split": Ida Marsh, broker and head of 990006."""
    here = supporting()
    for urn, (easting, northing) in PLACES.items():
        School.objects.filter(urn=urn).update(easting=easting, northing=northing)
    person: Person = someone("Ida Marsh")
    take_post(slug=SLUG, role="broker", title="Broker", person_id=person.pk, from_on=ON.replace(year=2025), by="the test", at=AT)
    take_post(
        slug=SLUG, role="head", title="Headteacher", person_id=person.pk, urn=SPLIT, from_on=ON.replace(year=2025), by="the test", at=AT
    )
    here.people["split"], here.viewers["split"] = person, viewer_for(person, on=ON)
    return here


def offer(here: World, name: str, **more: Any) -> Supporter:
    """Somebody new in the directory, by name; everything else as `supporter` has it."""
    here.people[name] = someone(name)
    return supporter(here, name, **more)
