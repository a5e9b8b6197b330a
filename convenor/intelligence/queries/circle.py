"""Who stands in which circle: the rule of the circle, asked for a viewer and a school on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from convenor.intelligence.models import EarlyConversation
from convenor.intelligence.models.conversations import OPEN_STATES
from convenor.intelligence.rules.circle import Onlooker, Sight, sight
from convenor.intelligence.rules.conversation import Standing
from convenor.partnership.models import BodySchool, Membership, Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Broker, ClusterLead, Officer, Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


def as_they_stand(rows: QuerySet[Any], *, viewer: Any, on: date) -> QuerySet[Any]:
    """Conversations with what `standing_of` needs to know of the day, without a query of its own.

    Somebody holds a conversation while they are a broker and do not act for the school; after that nobody holds it, and another
    may take it up. Whoever calls this asks the circle what `viewer` may read of them.
    """
    here = Q(partnership_id=OuterRef("partnership_id"))
    theirs = Tenure.objects.filter(in_force(on), here, person_id=OuterRef("broker_id"))
    near = Q(post__school_id=OuterRef("school_id")) | Q(post__trust_id=OuterRef("school__trust_id"), post__trust__isnull=False)
    found: QuerySet[Any] = rows.annotate(
        is_broker=Exists(theirs.filter(post__role=Broker.key)),
        of_school=Exists(theirs.filter(near)),
        is_member=Exists(Membership.objects.filter(in_force(on), here, school_id=OuterRef("school_id"))),
    )
    return found.select_related("school")


def standing_of(row: Any, *, viewer: Any) -> Standing:
    """Where a conversation of `as_they_stand` stands on its day: held only by whoever may still hold it."""
    holds = row.is_broker and not row.of_school
    standing: Standing = row.standing
    return replace(standing, broker_id=standing.broker_id if holds else None, member=row.is_member)


def sight_of(urn: str, *, viewer: Viewer, at: date | datetime, suggested: bool = False) -> Sight:
    """How much this viewer sees of a school today: its lines, signals and conversation. At most two queries, none for its own people.

    `suggested` says that the newest run suggests a conversation. Pages about a school's lines ask this before they show any, and
    record the look of everybody who is not of the school.
    """
    return sights([urn], viewer=viewer, at=at, suggested=[urn] if suggested else ()).get(urn, Sight.NOTHING)


def sights(urns: Iterable[str], *, viewer: Viewer, at: date | datetime, suggested: Collection[str] = ()) -> dict[str, Sight]:
    """How much this viewer sees of each of these schools today. At most two queries."""
    on, asked = day_of(at), list(dict.fromkeys(urns))
    here = viewer.partnership
    if here is None or not viewer.signed_in:
        return dict.fromkeys(asked, Sight.NOTHING)
    if all(viewer.sees_record(urn) for urn in asked):
        return dict.fromkeys(asked, Sight.OWN)
    rows = EarlyConversation.objects.filter(partnership_id=here.id, school_id__in=asked, state__in=OPEN_STATES)
    found = {
        row.school_id: (standing_of(row, viewer=viewer), row.school.authority_id or "") for row in as_they_stand(rows, viewer=viewer, on=on)
    }
    led = led_schools(asked, viewer=viewer, at=on)
    seen = {}
    for urn in asked:
        standing, authority = found.get(urn, (None, ""))
        looking = onlooker(urn, viewer=viewer, leads=urn in led, authority=authority)
        seen[urn] = sight(looking, standing, on=on, suggested=urn in suggested)
    return seen


def led_schools(urns: Iterable[str], *, viewer: Viewer, at: date | datetime) -> frozenset[str]:
    """Those of the schools that sit in a cluster which this viewer leads. One query, none for anybody who leads no cluster."""
    bodies = [each.body_id for each in viewer.holdings if each.role == ClusterLead.key and each.body_id is not None]
    if not bodies or viewer.partnership is None:
        return frozenset()
    sits = BodySchool.objects.filter(in_force(day_of(at)), partnership_id=viewer.partnership.id, body_id__in=bodies)
    return frozenset(sits.filter(school_id__in=list(urns)).values_list("school_id", flat=True))


def onlooker(urn: str, *, viewer: Viewer, leads: bool, authority: str) -> Onlooker:
    """This viewer in regard to one school. `leads`: they lead a cluster in which it sits. `authority` is the code of its authority."""
    return Onlooker(
        person_id=viewer.person_id,
        own=viewer.sees_record(urn),
        acts_for=urn in viewer.urns,
        broker=viewer.may(Permission.CONVERSATION_HOLD),
        leads_its_cluster=leads,
        manager=viewer.may(Permission.CONVERSATION_FOLLOW),
        officer=any(each.role == Officer.key and each.authority_code == authority for each in viewer.holdings),
    )
