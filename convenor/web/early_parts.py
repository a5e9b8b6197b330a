"""What early identification adds to a home: to a head's, what waits at their school; to a broker's, how many wait for which step.

A broker's home names no school: names stand on the list of conversations, where each look is written down.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from convenor.intelligence.queries.waiting import AtBroker, AtSchool, at_broker, at_school
from convenor.intelligence.rules.conversation import State
from convenor.partnership.gate import Permission
from convenor.web.addresses import address
from convenor.web.todo import Door, Thing, Weight, Work, said

#: A head reads a page of lines and writes three sentences.
REPLY = Work(words=420, letters=240, presses=4, choices=3, thought_seconds=30)
READ = Work(words=420, presses=3, choices=2, thought_seconds=30)
TAKE_UP = Work(words=160, presses=3, choices=2, thought_seconds=20)
SHARE = Work(words=420, letters=160, presses=4, choices=2, thought_seconds=60)
ANSWER = Work(words=120, letters=240, presses=3, choices=1, thought_seconds=60)
AGREE = Work(words=240, letters=300, presses=6, choices=4, thought_seconds=90)
REVIEW = Work(words=240, letters=400, presses=5, choices=2, thought_seconds=90)


def school_things(viewer: Any, on: date, urn: str, name: str) -> list[Thing]:
    """What waits at one school for somebody who may see what is held about it: lines to read, something to reply to."""
    found = at_school(urn, viewer=viewer, at=on) if viewer.sees_record(urn) else None
    thing = _school_thing(found, viewer, on, urn, name) if found is not None else None
    return [thing] if thing is not None else []


def _school_thing(found: AtSchool, viewer: Any, on: date, urn: str, name: str) -> Thing | None:
    slug = viewer.partnership.slug
    lines = address("early-school", slug, urn)
    if found.state is State.SHARED:
        speaks, early = viewer.may(Permission.SCHOOL_SPEAK, urn=urn), found.alone_until is not None and on <= found.alone_until
        days = f" You have it to yourselves until {said(found.alone_until)}." if early and found.alone_until else ""
        return Thing(
            f"early-{urn}", f"Reply about the lines of {name}" if speaks else f"Read the lines of {name}",
            f"{found.broker or 'A broker'} shared them with your school.{days} What you say stands beside them for ever.",
            (REPLY if speaks else READ).minutes,
            (Door("Read and reply" if speaks else "Read them", address("early-conversation", slug, found.conversation), main=True),),
            Weight.DATED if early else Weight.OPEN, found.alone_until if early else None,
        )  # fmt: skip
    if found.state is None and found.lines:
        count = "one line" if found.lines == 1 else f"{found.lines} lines"
        return Thing(
            f"early-{urn}", f"See the lines of {name} first",
            f"An early conversation is suggested by {count}. Nobody else sees them; brokers see only how many there are.",
            READ.minutes, (Door("Read the lines", lines, main=True),), Weight.OPEN,
        )  # fmt: skip
    return None


def broker_things(viewer: Any, on: date) -> list[Thing]:
    """What waits for a broker, in at most five kinds; none names a school."""
    found = at_broker(viewer=viewer, at=on)
    if found is None:
        return []
    href = address("early-conversations", viewer.partnership.slug)
    return [thing for thing in _broker_things(found, on, href) if thing is not None]


def _broker_things(found: AtBroker, on: date, href: str) -> list[Thing | None]:
    late = found.review_on is not None and found.review_on < on
    return [
        _thing("answer", found.to_answer, "Answer a correction or dispute", "Answer {n} corrections or disputes",
               "A school said that a line is wrong or unfair. Its words wait for yours.", ANSWER, href, Weight.OVERDUE),
        _thing("review", found.to_review, "Review what was agreed", "Review what was agreed with {n} schools",
               f"The first is to be reviewed by {said(found.review_on)}." if found.review_on else "", REVIEW, href,
               Weight.OVERDUE if late else Weight.DATED, found.review_on),
        _thing("agree", found.to_agree, "Agree what comes next with a school", "Agree what comes next with {n} schools",
               "They have replied, or have had their ten working days.", AGREE, href, Weight.OPEN),
        _thing("share", found.to_share, "Share the lines with a school", "Share the lines with {n} schools",
               "You took the conversation up; the school sees from that day that you read its lines.", SHARE, href, Weight.OPEN),
        _thing("take-up", found.to_take_up, "A school waits for a broker", "{n} schools wait for a broker",
               "They asked themselves, or published figures suggest a conversation.", TAKE_UP, f"{href}#waiting", Weight.WORTH),
    ]  # fmt: skip


def _thing(
    key: str, count: int, one: str, many: str, why: str, work: Work, href: str, weight: Weight, by: date | None = None
) -> Thing | None:
    if not count or not href:
        return None
    title = one if count == 1 else many.format(n=count)
    return Thing(f"early-{key}", title, why, work.minutes, (Door("Open the list", href, main=True),), weight, by)
