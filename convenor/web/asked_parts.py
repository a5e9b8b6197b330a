"""What consultations, agreements and the nine conditions ask at home: a school's answer, its agreement, what one thinks oneself."""

from __future__ import annotations

from datetime import date
from typing import Any

from convenor.agreements.queries import agreeing
from convenor.conditions.queries.assessments import is_open, to_answer
from convenor.conditions.queries.foresight import PredictionSeen, to_settle
from convenor.consultation.queries.responses import OwnLine, is_asked, own_lines
from convenor.consultation.rules.states import ResponseState
from convenor.contacts.queries import contacts
from convenor.moving_in.queries.waiting import is_set_apart, set_apart
from convenor.web.addresses import address
from convenor.web.moving_parts import set_apart_thing
from convenor.web.todo import Door, Thing, Weight, Work, said

CONSULTED = Work(words=560, letters=80, presses=20, choices=14, thought_seconds=60)
CONDITIONS = Work(words=260, presses=11, choices=9, thought_seconds=30)
SETTLE = Work(words=80, letters=80, presses=3, choices=1, thought_seconds=30)
AGREE = Work(words=1150, presses=7, choices=4, thought_seconds=60)
RENEW = Work(words=160, presses=2, choices=1, thought_seconds=20)


VERIFY = Work(words=70, presses=1, thought_seconds=15)
CONSULTATION, NINE, AGREEMENT, REACHED, SET_APART = "consultation", "conditions", "agreement", "reached", "set-apart"


def questions(viewer: Any, on: date, urns: tuple[str, ...]) -> dict[str, Any]:
    """Whether anything is asked of somebody, as parts of one query that another feature's part of the home asks anyway."""
    here = viewer.partnership
    if here is None:
        return {}
    found: dict[str, Any] = {}
    if "consultation" not in here.rooms_off and urns:
        found[CONSULTATION] = is_asked(urns, viewer=viewer, at=on)
    if urns:
        found[AGREEMENT] = agreeing.is_asked(urns, viewer=viewer, at=on)
        found[REACHED] = contacts.is_asked(urns, viewer=viewer, at=on)
        found[SET_APART] = is_set_apart(urns, viewer=viewer, at=on)
    if "conditions" not in here.rooms_off:
        found[NINE] = is_open(viewer=viewer, at=on)
    return found


def personal_things(viewer: Any, on: date, urns: tuple[str, ...], so: frozenset[str]) -> list[Thing]:
    """What somebody is asked for their school and for themselves, where `so` says that anything is. No query where nothing is."""
    here, found = viewer.partnership, []
    if CONSULTATION in so:
        lines = [each for each in own_lines(here.slug, viewer=viewer, at=on) if each.urn in urns]
        found += [_consulted(each, here.slug) for each in lines if each.state is not ResponseState.SENT]
    if AGREEMENT in so:
        found += [_agreement(each, here.slug) for each in agreeing.asked_of(urns, viewer=viewer, at=on)]
    if REACHED in so:
        found += [_reached(*each, here.slug) for each in contacts.to_verify(urns, viewer=viewer, at=on)]
    if SET_APART in so:
        found += [set_apart_thing(*each, here.slug) for each in set_apart(urns, viewer=viewer, at=on)]
    asked = to_answer(here.slug, viewer=viewer, at=on) if NINE in so else None
    if asked is not None:
        why = f"Nine taps, as you see it; only what at least five say together is told. By {said(asked.closes_on)}."
        door = Door("Say it", address("conditions-say", here.slug), main=True)
        title = f"Say how the nine conditions stand: {asked.title}"
        found.append(Thing("conditions", title, why, CONDITIONS.minutes, (door,), Weight.WORTH, asked.closes_on))
    return found


def _reached(urn: str, name: str, lines: int, slug: str) -> Thing:
    """That addresses by which a school is reached are to be looked at: one press when they are right."""
    why = f"Nobody has said for a year that {'it is' if lines == 1 else 'they are'} right. One press, where nothing has changed."
    door = Door("Look at it" if lines == 1 else "Look at them", address("school-contacts", slug, urn), main=True)
    title = f"Say how {name} is reached"
    return Thing(f"reached-{urn}", title, why, VERIFY.minutes, (door,), Weight.WORTH)


def _consulted(line: OwnLine, slug: str) -> Thing:
    """The one answer of a school."""
    begun = "It is begun. " if line.state is ResponseState.DRAFT else ""
    why = f"{begun}Each school gives one answer, by {said(line.closes_on)}. You can stop and go on later, or hand it to a colleague."
    door = Door("Go on" if begun else "Answer", address("consultation-answer", slug, line.consultation_id, line.urn), main=True)
    title = f"Answer for your school: {line.title}"
    return Thing(f"consultation-{line.consultation_id}", title, why, CONSULTED.minutes, (door,), Weight.DATED, line.closes_on)


def _agreement(each: agreeing.AskedSchool, slug: str) -> Thing:
    """That a school is asked to agree how data is shared, or to renew it."""
    door = Door("Renew it" if each.renews else "Read it", address("agreement-school", slug, each.urn), main=True)
    if each.renews:
        why = "What your school agreed to stands there already: class by class, for another twelve months."
        title, work = f"Renew how {each.name} shares data", RENEW
    else:
        why = "Two pages: what the partnership is for, and what is agreed, class by class. Your school may agree to some and not to others."
        title, work = f"Say what {each.name} agrees to share", AGREE
    return Thing("agreement", title, why, work.minutes, (door,), Weight.DATED if each.until_on else Weight.OPEN, each.until_on)


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
