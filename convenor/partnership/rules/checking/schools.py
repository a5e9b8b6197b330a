"""Member schools on a day: one membership each, in bodies that serve them, as many of a kind as the partnership allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from convenor.partnership.rules.checking.known import broken, in_words
from convenor.partnership.rules.constitution import Belonging, Member, Problem, in_force, overlap
from convenor.partnership.rules.roll import Roll
from convenor.partnership.rules.vocabulary import phase_within


def school_problems(roll: Roll, on: date) -> Iterator[Problem]:
    """Breaches of the rules about member schools. Nothing is said where the file lists no members."""
    members = roll.members(on) if in_force(roll.constitution, on) else ()
    yield from _repeated(roll.constitution.members)
    for member in members:
        yield from _in_bodies(roll, member, on)
        for belonging in roll.constitution.belongings:
            if in_force(belonging, on):
                yield from _belongs(roll, member, belonging, on)
    if members:
        yield from _counts(roll, members, on)


def _called(member: Member) -> str:
    return f"{member.name} ({member.school})" if member.name else f"School {member.school}"


def _repeated(members: tuple[Member, ...]) -> Iterator[Problem]:
    seen: dict[str, list[Member]] = {}
    for member in members:
        earlier = seen.setdefault(member.school, [])
        if any(overlap(member, other) for other in earlier):
            yield broken(
                "member-repeated",
                "",
                f"{_called(member)} is listed as a member twice at once. Keep one, or let one end where the next begins.",
            )
        earlier.append(member)


def _in_bodies(roll: Roll, member: Member, on: date) -> Iterator[Problem]:
    for body_id in member.bodies:
        body = roll.body_by_id.get(body_id)
        if body is None:
            continue
        if not in_force(body, on):
            yield broken(
                "member-of-ended-body", body.id, f"{_called(member)} belongs to {body.name}, which is not in force on {in_words(on)}."
            )
        elif body.phases and member.phase and not phase_within(member.phase, body.phases):
            yield broken("phase-not-served", body.id, f"{_called(member)} is {member.phase}; {body.name} serves {', '.join(body.phases)}.")


def _belongs(roll: Roll, member: Member, belonging: Belonging, on: date) -> Iterator[Problem]:
    bodies = [roll.body_by_id[each] for each in dict.fromkeys(member.bodies) if each in roll.body_by_id]
    mine = [body for body in bodies if body.kind == belonging.kind and in_force(body, on)]
    names = " and ".join(body.name for body in mine) or f"no {belonging.kind}"
    if belonging.at_most is not None and len(mine) > belonging.at_most:
        yield broken(
            "too-many-of-a-kind", mine[0].id, f"{_called(member)} belongs to {names}; a school belongs to at most {belonging.at_most}."
        )
    elif len(mine) < belonging.at_least:
        yield broken("in-none-of-a-kind", "", f"{_called(member)} belongs to {names}; a school belongs to at least {belonging.at_least}.")


def _counts(roll: Roll, members: tuple[Member, ...], on: date) -> Iterator[Problem]:
    counts = Counter(body_id for member in members for body_id in dict.fromkeys(member.bodies))
    for body in roll.bodies(on):
        if body.schools is None:
            continue
        words = f"{body.name} has {counts[body.id]} schools; it is to have {body.schools}."
        if counts[body.id] < body.schools.minimum:
            yield broken("schools-too-few", body.id, words)
        elif body.schools.maximum is not None and counts[body.id] > body.schools.maximum:
            yield broken("schools-too-many", body.id, words)
