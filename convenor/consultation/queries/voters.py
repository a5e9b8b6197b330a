"""Who votes in a forum vote, and what was cast: for its own actions and pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from convenor.consultation.models import Ballot
from convenor.consultation.rules.states import Constituency, Silence
from convenor.consultation.rules.votes import ABSTAIN, AGAINST, FOR, Outcome, outcome
from convenor.partnership.models import Appointment, Membership
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class Voter:
    """A school or a seat's holder who may vote: the key in the list of voters, and its name."""

    key: str
    name: str


def voters_now(row: Any, *, viewer: Viewer | str, at: date | datetime) -> list[Voter]:
    """Who would vote if it opened now: member schools of its phases, or appointments to the body's seats. Both are public. One query."""
    on = day_of(at)
    if row.constituency == Constituency.SCHOOLS.value:
        members = Membership.objects.filter(in_force(on), partnership_id=row.partnership_id)
        if row.phases:
            members = members.filter(school__phase__in=row.phases)
        return [Voter(*each) for each in members.order_by("school__name", "school_id").values_list("school_id", "school__name")]
    seats = Appointment.objects.filter(in_force(on), in_force(on, "seat__"), partnership_id=row.partnership_id, seat__body_id=row.body_id)
    return [Voter(str(pk), title) for pk, title in seats.order_by("seat__order", "pk").values_list("pk", "seat__title")]


def ballots_of(row: Any, *, viewer: Viewer, at: date | datetime) -> list[Voter]:
    """The votes that are this viewer's to cast: schools for which they speak, seats that they hold today, among the voters. One query."""
    if row.constituency == Constituency.SCHOOLS.value:
        own = [urn for urn in viewer.urns if urn in row.voters and viewer.may(Permission.SCHOOL_SPEAK, urn=urn)]
        members = Membership.objects.filter(partnership_id=row.partnership_id, school_id__in=own)
        return [Voter(*each) for each in members.order_by("school__name").values_list("school_id", "school__name").distinct()]
    if viewer.person_id is None:
        return []
    held = Appointment.objects.filter(in_force(day_of(at)), person_id=viewer.person_id, pk__in=[int(each) for each in row.voters])
    return [Voter(str(pk), title) for pk, title in held.order_by("pk").values_list("pk", "seat__title")]


def count_of(row: Any, *, viewer: Viewer | str) -> Outcome:
    """The count as it stands, by the declared rules; totals only. Its caller shows it to nobody before the vote has closed. One query."""
    cast = Counter(Ballot.objects.filter(vote=row).values_list("choice", flat=True))
    return outcome(
        voters=len(row.voters), votes_for=cast[FOR], votes_against=cast[AGAINST], abstained=cast[ABSTAIN],
        quorum_percent=row.quorum_percent, majority_percent=row.majority_percent, silence=Silence(row.silence),
    )  # fmt: skip
