"""Who stands in which circle: the rule of the circle, asked for a viewer and a school on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.intelligence.models import EarlyConversation
from convenor.intelligence.models.conversations import OPEN_STATES
from convenor.intelligence.rules.circle import Onlooker, Sight, sight
from convenor.partnership.models import BodySchool
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import ClusterLead, Officer, Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


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
    standings = {row.school_id: row.standing for row in rows}
    led = led_schools(asked, viewer=viewer, at=on)
    return {
        urn: sight(onlooker(urn, viewer=viewer, leads=urn in led), standings.get(urn), on=on, suggested=urn in suggested) for urn in asked
    }


def led_schools(urns: Iterable[str], *, viewer: Viewer, at: date | datetime) -> frozenset[str]:
    """Those of the schools that sit in a cluster which this viewer leads. One query, none for anybody who leads no cluster."""
    bodies = [each.body_id for each in viewer.holdings if each.role == ClusterLead.key and each.body_id is not None]
    if not bodies or viewer.partnership is None:
        return frozenset()
    sits = BodySchool.objects.filter(in_force(day_of(at)), partnership_id=viewer.partnership.id, body_id__in=bodies)
    return frozenset(sits.filter(school_id__in=list(urns)).values_list("school_id", flat=True))


def onlooker(urn: str, *, viewer: Viewer, leads: bool) -> Onlooker:
    """This viewer in regard to one school. `leads`: they lead a cluster in which it sits."""
    return Onlooker(
        person_id=viewer.person_id,
        own=viewer.sees_record(urn),
        acts_for=urn in viewer.urns,
        broker=viewer.may(Permission.CONVERSATION_HOLD),
        leads_its_cluster=leads,
        manager=viewer.may(Permission.CONVERSATION_FOLLOW),
        officer=viewer.holds(Officer.key),
    )
