"""What keeps a supporter apart from a school or a broker, asked of one supporter; the matching asks it of all (`queries.gathering`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from convenor.partnership.queries.holdings import day_of
from convenor.registers.models import School
from convenor.support.models import StandingInterest, Supporter
from convenor.support.queries.gathering import brokers_own
from convenor.support.rules.placing import Offer
from convenor.support.rules.placing_rules import of_broker

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


def of_own_organisation(supporter: Supporter, *, viewer: Viewer, at: date | datetime) -> bool:
    """Whether a supporter is this viewer, or of a school, trust, federation or employer of theirs. At most six queries."""
    school, trust = supporter.school, supporter.trust
    offer = Offer(
        str(supporter.pk), supporter.school_id, supporter.trust_id or (school.trust_id if school else None),
        school.federation_id if school else None, supporter.organisation or (trust.name if trust else ""),
    )  # fmt: skip
    return of_broker(offer, brokers_own(viewer=viewer, at=at))


def kept_from(supporter: Supporter, urn: str, *, viewer: Viewer, at: date | datetime) -> bool:
    """Whether a supporter may not serve a school: one trust or federation, or an interest they declared. At most four queries."""
    on = day_of(at)
    if of_one_house(supporter, urn, viewer=viewer):
        return True
    declared = StandingInterest.objects.filter(Q(until_on=None) | Q(until_on__gt=on), supporter_id=supporter.pk, school_id=urn)
    return declared.exists()


def of_one_house(supporter: Supporter, urn: str, *, viewer: Viewer) -> bool:
    """Whether a supporter is of a school, or of its trust or federation. At most three queries."""
    school = supporter.school
    theirs = School.objects.filter(urn=urn).values_list("trust_id", "federation_id").first() or (None, None)
    trusts = {supporter.trust_id, school.trust_id if school else None} - {None}
    federations = {school.federation_id if school else None} - {None}
    return supporter.school_id == urn or theirs[0] in trusts or theirs[1] in federations
