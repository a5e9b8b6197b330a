"""What a phone in the room sees: the step the room is at, what it sent itself, and what is expected, to say how likely.

A phone is known by its secret alone. Of others it sees what the room sees: words of what is expected, never who said them, and results only
as `queries.results` tells them. `viewer` is nobody known; it stands there so that nothing else is shown by mistake.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from convenor.conditions.models import CanvasNote, Likelihood, Participant, Prediction, Workshop
from convenor.conditions.rules.agendas import Agenda, Step, agenda_from
from convenor.conditions.rules.cards import Card, cards_from
from convenor.conditions.rules.joining import digest_of
from convenor.conditions.rules.phone import is_secret
from convenor.conditions.rules.planning import takes_entries
from convenor.conditions.rules.states import StepKind
from convenor.partnership.queries.holdings import day_of

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

ROOM: Final = "conditions"
#: Asked fifty times a second by two hundred phones. Written out, since making the same of objects takes longer than all else together.
_WHERE_THE_ROOM_IS: Final = """
SELECT w.id, w.state, w.closes_on, w.step, w.shown, w.chosen,
       (SELECT MAX(p.id) FROM conditions_prediction p WHERE p.workshop_id = w.id AND p.outcome = '')
FROM conditions_participant t JOIN conditions_workshop w ON w.id = t.workshop_id
WHERE w.join_code = %s AND t.secret = %s
"""
#: What is expected and shown to a phone, at most; a room says fewer.
PREDICTIONS_AT_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Now:
    """Where the room is. `version` changes with anything of it."""

    version: str
    state: str
    step: str
    shown: tuple[str, ...]
    chosen: tuple[str, ...]
    predictions: tuple[tuple[int, str, date], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As a phone is told."""
        said = [{"id": pk, "words": words, "due": f"{due:%-d %B %Y}"} for pk, words, due in self.predictions]
        return {
            "version": self.version, "state": self.state, "step": self.step, "shown": {"steps": list(self.shown)},
            "chosen": list(self.chosen), "predictions": said,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line that this phone wrote on a canvas."""

    step: str
    prompt: str
    words: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """Something that is expected, and how likely this phone said it is; None: not said."""

    pk: int
    words: str
    due_on: date
    percent: int | None


@dataclass(frozen=True, slots=True)
class PhoneRoom:
    """A workshop as one phone sees it. `joined` is False for a phone that has not said who is at it; then nothing of it is here."""

    slug: str
    partnership: str
    pk: int
    title: str
    code: str
    agenda: Agenda
    cards: tuple[Card, ...]
    nine: tuple[Card, ...]
    open: bool
    now: Now
    closes_on: date | None
    joined: bool = False
    participant: int = 0
    heard: int = 0
    about: Mapping[str, Any] | None = None
    rows: Mapping[str, int] | None = None
    comments: Mapping[str, str] | None = None
    picked: tuple[str, ...] = ()
    lines: tuple[OwnLine, ...] = ()
    expectations: tuple[Expectation, ...] = ()

    @property
    def results_shown(self) -> bool:
        """Whether the facilitator has shown what the room said of its diamond."""
        return any(each.kind is StepKind.DIAMOND and each.key in self.now.shown for each in self.agenda.steps)

    @property
    def step(self) -> Step:
        """The step that the room is at; the first before it has begun, the last once it has closed."""
        return self.agenda.step(self.now.step) or self.agenda.steps[0 if self.open else -1]

    def reached(self, step: Step) -> bool:
        """Whether the room has come to a step; all that ask stand open at once in a workshop by post."""
        order = [each.key for each in self.agenda.steps]
        return self.agenda.together or order.index(step.key) <= order.index(self.step.key)


def room_of_phone(code: str, *, viewer: Viewer, secret: str, at: datetime) -> PhoneRoom | None:
    """The workshop of a code as this phone sees it: to anybody while it is open, afterwards to its own phones alone; None otherwise."""
    if viewer.signed_in or not code:
        return None
    row = Workshop.objects.select_related("partnership").filter(join_code=code).first()
    if row is None or ROOM in row.partnership.rooms_off:
        return None
    who = _participant(row, secret)
    takes = takes_entries(row.state, row.closes_on, on=day_of(at))
    if who is None and not takes:
        return None
    cards = cards_from(row.cards)
    here: dict[str, Any] = {
        "slug": row.partnership.slug, "partnership": row.partnership.name, "pk": row.pk, "title": row.title, "code": code,
        "agenda": agenda_from(row.agenda), "cards": cards, "nine": tuple(card for card in cards if card.key in row.chosen), "open": takes,
        "closes_on": row.closes_on,
    }  # fmt: skip
    told = _predictions(row.pk)
    now = _now(row.pk, row.state if takes or row.state != "open" else "closed", row.step, row.shown, row.chosen, _newest(told), told)
    if who is None:
        return PhoneRoom(**here, now=now)
    diamond, picked = getattr(who, "diamond", None), getattr(who, "picked", None)
    said = dict(Likelihood.objects.filter(participant=who).values_list("prediction_id", "percent")) if told else {}
    return PhoneRoom(
        **here, now=now, joined=True, participant=who.pk, heard=who.heard,
        about={name: getattr(who, name) for name in ("way", "group_size", "label", "role", "phase", "tier", "type")},
        rows=diamond.rows if diamond else None, comments=diamond.comments if diamond else None,
        picked=tuple(picked.cards) if picked else (),
        lines=tuple(
            OwnLine(each.step, each.prompt, each.words) for each in CanvasNote.objects.filter(participant=who).order_by("sent_at", "id")
        ),
        expectations=tuple(Expectation(pk, words, due, said.get(pk)) for pk, words, due in told),
    )  # fmt: skip


def now_of_phone(code: str, *, viewer: Viewer, secret: str, since: str, at: datetime) -> Now | None:
    """Where the room is, for a phone that has joined it; None for any other, whatever the code. One query; two where something is expected
    and the phone has not the newest."""
    if viewer.signed_in or not code or not is_secret(secret):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_WHERE_THE_ROOM_IS, [code, digest_of(secret)])
        row = cursor.fetchone()
    if row is None:
        return None
    pk, state, last_day, step, shown_text, chosen_text, last = row
    closes_on = date.fromisoformat(last_day) if isinstance(last_day, str) else last_day
    shown, chosen = (json.loads(each) if isinstance(each, str) else each for each in (shown_text, chosen_text))
    state = state if state != "open" or takes_entries(state, closes_on, on=day_of(at)) else "closed"
    now = _now(pk, state, step, shown, chosen, last)
    if last is None or now.version == since:
        return now
    return _now(pk, state, step, shown, chosen, last, _predictions(pk))


def _participant(row: Workshop, secret: str) -> Participant | None:
    if not is_secret(secret):
        return None
    return Participant.objects.select_related("diamond", "picked").filter(workshop=row, secret=digest_of(secret)).first()


def _predictions(workshop_id: int) -> tuple[tuple[int, str, date], ...]:
    """What is expected, the newest first."""
    rows = Prediction.objects.filter(workshop_id=workshop_id, outcome="").order_by("-id")
    return tuple(rows.values_list("id", "words", "due_on")[:PREDICTIONS_AT_MOST])


def _newest(told: tuple[tuple[int, str, date], ...]) -> int | None:
    return told[0][0] if told else None


def _now(
    pk: int, state: str, step: str, shown: list[str], chosen: list[str], last: int | None, told: tuple[tuple[int, str, date], ...] = ()
) -> Now:
    """With a version made of what is told, so that the same is never told as new."""
    version = hashlib.sha256(json.dumps([pk, state, step, shown, chosen, last]).encode()).hexdigest()[:16]
    return Now(version, state, step, tuple(shown), tuple(chosen), told)
