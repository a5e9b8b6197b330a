"""To whom the letters of a round go: one person for each school, and the reviewers. For whoever runs the round alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from convenor.partnership.models import Tenure
from convenor.partnership.queries.holdings import in_force
from convenor.partnership.roles import ChairOfGovernors, Head, SchoolLeader, TrustLead
from convenor.peer_review.models import RoundOffer
from convenor.peer_review.queries.rounds import reviewers_asked
from convenor.registers.models import School

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Whose letter it is, the first who can be reached: hosting is for whoever speaks for the school.
IN_TURN = (Head.key, TrustLead.key, ChairOfGovernors.key, SchoolLeader.key)


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody whom a letter reaches, and for which schools: URN and name."""

    person_id: int
    name: str
    email: str
    schools: tuple[tuple[str, str], ...] = ()


def people_of_schools(urns: Collection[str], *, viewer: Viewer | str, partnership_id: int, on: date) -> tuple[list[Reached], list[str]]:
    """Whom letters about these schools reach, each person once with all of theirs; and the URNs whose people no letter reaches.

    The head of a school; where there is none with an address, the leader of its trust, its chair, another leader. Two queries.
    """
    schools = {row[0]: (row[1], row[2]) for row in School.objects.filter(urn__in=urns).values_list("urn", "name", "trust_id")}
    trusts = {trust for _, trust in schools.values() if trust}
    places = Q(post__school_id__in=list(schools)) | Q(post__trust_id__in=trusts)
    rows = Tenure.objects.filter(
        in_force(on), places, partnership_id=partnership_id, person__is_active=True, post__role__in=IN_TURN
    ).exclude(person__email=None)
    at_school: dict[tuple[str, str], tuple[int, str, str]] = {}
    fields = ("post__role", "post__school_id", "post__trust_id", "person_id", "person__name", "person__email")
    for role, urn, trust, pk, name, email in rows.order_by("from_on", "id").values_list(*fields):
        if email:
            at_school[role, urn or trust or ""] = (pk, name, email)
    found: dict[int, Reached] = {}
    missed = []
    for urn in sorted(schools, key=lambda each: (schools[each][0], each)):
        name, trust = schools[urn]
        keys = ((role, (trust or "") if role == TrustLead.key else urn) for role in IN_TURN)
        who = next((at_school[key] for key in keys if key in at_school), None)
        if who is None:
            missed.append(urn)
            continue
        before = found.get(who[0], Reached(*who))
        found[who[0]] = Reached(*who, (*before.schools, (urn, name)))
    return list(found.values()), missed


def reviewers_to_ask(round_id: int, *, viewer: Viewer | str, on: date, schools: Collection[str] | None = None) -> list[Reached]:
    """The reviewers whom a round asks, who have not answered and whom a letter reaches; of these schools alone, where named.

    Two queries.
    """
    answered = set(RoundOffer.objects.filter(round_id=round_id).values_list("reviewer_id", flat=True))
    rows = reviewers_asked(round_id, on=on, viewer=viewer)
    found: Iterable[tuple[int, int, str, str | None]] = (
        (rows if schools is None else rows.filter(school_id__in=schools))
        .order_by("person__name", "id")
        .values_list("id", "person_id", "person__name", "person__email")
    )
    return [Reached(person, name, email) for pk, person, name, email in found if pk not in answered and email]
