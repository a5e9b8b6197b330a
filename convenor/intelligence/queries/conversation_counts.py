"""What totals and lines need to know of early conversations. Nothing here is shown as it is: totals go through disclosure control."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from convenor.intelligence.models import ConversationStep, EarlyConversation
from convenor.intelligence.rules.conversation import Origin, State, school_alone_until
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


def states_on(on: date, *, viewer: Viewer) -> dict[str, str]:
    """The state, by URN, of each conversation open as a day began, of those whose school had had its ten working days before it.

    What is done on the day itself changes nothing, so that two looks on it cannot be held against each other. Only for counting, and
    only for whoever may see totals; empty for anybody else. The state is a value of `State`. Two queries.
    """
    if viewer.partnership is None or not viewer.may(Permission.EARLY_TOTALS_SEE):
        return {}
    rows = EarlyConversation.objects.filter(partnership_id=viewer.partnership.id, opened_on__lt=on).defer("lines")
    rows = rows.filter(Q(ended_on=None) | Q(ended_on__gte=on))
    shown = {row.pk: (row.school_id, row.standing.shown_on) for row in rows}
    past = {pk: urn for pk, (urn, shown_on) in shown.items() if shown_on is not None and on > school_alone_until(shown_on)}
    steps = ConversationStep.objects.filter(conversation_id__in=past).order_by("at", "id")
    state = dict.fromkeys(past, State.SUGGESTED.value)
    for pk, at, after in steps.values_list("conversation_id", "at", "state"):
        if day_of(at) < on:
            state[pk] = after
    return {urn: state[pk] for pk, urn in past.items()}


def asked_themselves(urns: Iterable[str], *, viewer: Any, at: date | datetime, partnership_id: int) -> dict[str, date]:
    """On which day each of these schools asked for a conversation itself, where it is open still: what the line SELF says. One query.

    It suggests by itself, counts in the school's favour and contributes nothing to any score. Whoever calls this shows it only to
    those whom the circle lets read the school's lines.
    """
    rows = EarlyConversation.objects.filter(partnership_id=partnership_id, school_id__in=list(urns), origin=Origin.SCHOOL.value)
    return dict(rows.filter(ended_on=None, opened_on__lte=day_of(at)).values_list("school_id", "opened_on"))
