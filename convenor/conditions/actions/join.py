"""Joining a room: one phone, known by what only it holds, and what it says of whoever is at it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from convenor.conditions.models import Participant, Workshop
from convenor.conditions.rules.joining import PARTICIPANTS_AT_MOST, digest_of
from convenor.conditions.rules.phone import About, is_secret
from convenor.conditions.rules.planning import takes_entries
from convenor.conditions.rules.refusals import ConditionsRefused, TooMany
from convenor.conditions.rules.states import Came
from convenor.journal import actions as journal
from convenor.partnership.gate import day_of
from convenor.partnership.rules.refusals import NotThere

NO_ROOM = "No workshop is open under this code. Look at the wall again: eight signs. Nothing was changed."
#: By whom the journal says it was done: nobody in the room gives a name.
A_PHONE = "a phone in the room"
#: The room of the partnership that it belongs to, as it is switched on and off.
ROOM = "conditions"


class NotJoined(ConditionsRefused):
    """This phone has not joined yet, and whoever asks has not said that it may."""


def join_room(*, code: str, secret: str, about: About, by: str, at: datetime) -> Participant:
    """Lets a phone into the open workshop of this code, once: a phone that asks again is the one it was.

    What is known of it afterwards is `about` and the digest of its secret. Raises NotThere where no workshop is open under the code,
    TooMany where the room is full. The journal says that a phone joined, not which.
    """
    with transaction.atomic():
        room = Workshop.objects.select_related("partnership").filter(join_code=code).first() if code else None
        if room is None or not takes_entries(room.state, room.closes_on, on=day_of(at)) or ROOM in room.partnership.rooms_off:
            raise NotThere(NO_ROOM)
        if not is_secret(secret):
            raise NotJoined("This phone has to open the page of the workshop first. Nothing was changed.")
        digest = digest_of(secret)
        who = Participant.objects.filter(workshop=room, secret=digest).first()
        if who is not None:
            return who
        if Participant.objects.filter(workshop=room).count() >= PARTICIPANTS_AT_MOST:
            raise TooMany(f"{PARTICIPANTS_AT_MOST} have joined this workshop, and it takes no more. Ask the facilitator for paper.")
        who, new = Participant.objects.get_or_create(
            workshop=room, secret=digest,
            defaults={"came": Came.PHONE.value, "joined_at": at, **asdict(about), "way": about.way.value},
        )  # fmt: skip
        if new:
            journal.record(
                by=by, at=at, verb="workshop.joined", subject_kind="workshop", subject_key=room.pk, subject_label=room.title,
                partnership=room.partnership.slug, detail={"way": about.way.value, "people": about.group_size},
            )  # fmt: skip
    return who
