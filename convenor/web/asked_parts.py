"""What consultations and the nine conditions ask at home: a school's answer, what one thinks oneself, what is due to be settled."""

from __future__ import annotations

from datetime import date
from typing import Any

from convenor.conditions.queries.assessments import is_open, to_answer
from convenor.conditions.queries.foresight import PredictionSeen, to_settle
from convenor.consultation.queries.responses import OwnLine, is_asked, own_lines
from convenor.consultation.rules.states import ResponseState
from convenor.web.addresses import address
from convenor.web.todo import Door, Thing, Weight, Work, said

CONSULTED = Work(words=560, letters=80, presses=20, choices=14, thought_seconds=60)
CONDITIONS = Work(words=260, presses=11, choices=9, thought_seconds=30)
SETTLE = Work(words=80, letters=80, presses=3, choices=1, thought_seconds=30)


CONSULTATION, NINE = "consultation", "conditions"


def questions(viewer: Any, on: date, urns: tuple[str, ...]) -> dict[str, Any]:
    """Whether anything is asked of somebody, as parts of one query that another feature's part of the home asks anyway."""
    here = viewer.partnership
    if here is None:
        return {}
    found = {}
    if "consultation" not in here.rooms_off and urns:
        found[CONSULTATION] = is_asked(urns, viewer=viewer, at=on)
    if "conditions" not in here.rooms_off:
        found[NINE] = is_open(viewer=viewer, at=on)
    return found


def personal_things(viewer: Any, on: date, urns: tuple[str, ...], so: frozenset[str]) -> list[Thing]:
    """What somebody is asked for their school and for themselves, where `so` says that anything is. No query where nothing is."""
    here, found = viewer.partnership, []
    if CONSULTATION in so:
        lines = [each for each in own_lines(here.slug, viewer=viewer, at=on) if each.urn in urns]
        found += [_consulted(each, here.slug) for each in lines if each.state is not ResponseState.SENT]
    asked = to_answer(here.slug, viewer=viewer, at=on) if NINE in so else None
    if asked is not None:
        why = f"Nine taps, as you see it; only what at least five say together is told. By {said(asked.closes_on)}."
        door = Door("Say it", address("conditions-say", here.slug), main=True)
        title = f"Say how the nine conditions stand: {asked.title}"
        found.append(Thing("conditions", title, why, CONDITIONS.minutes, (door,), Weight.WORTH, asked.closes_on))
    return found


def _consulted(line: OwnLine, slug: str) -> Thing:
    """The one answer of a school."""
    begun = "It is begun. " if line.state is ResponseState.DRAFT else ""
    why = f"{begun}Each school gives one answer, by {said(line.closes_on)}. You can stop and go on later, or hand it to a colleague."
    door = Door("Go on" if begun else "Answer", address("consultation-answer", slug, line.consultation_id, line.urn), main=True)
    title = f"Answer for your school: {line.title}"
    return Thing(f"consultation-{line.consultation_id}", title, why, CONSULTED.minutes, (door,), Weight.DATED, line.closes_on)


def coordinator_things(viewer: Any, on: date) -> list[Thing]:
    """Predictions whose day has come. One query where there is none."""
    here = viewer.partnership
    if here is None or "conditions" in here.rooms_off:
        return []
    due = to_settle(here.slug, viewer=viewer, at=on)[:1]
    return [_due(each, here.slug) for each in due]


def _due(each: PredictionSeen, slug: str) -> Thing:
    """Something that was foreseen, on its day or after."""
    door = Door("Say what became of it", address("foresight-settle", slug, each.id), main=True)
    why = f"“{each.words}” Its day was {said(each.due_on)}."
    title = "Say what became of something that was foreseen"
    return Thing(f"foresight-{each.id}", title, why, SETTLE.minutes, (door,), Weight.DATED, each.due_on)
