"""Bodies on a day: reporting lines, dates to end or review by, who leads, and quorum."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from convenor.partnership.rules.checking.known import broken, in_words
from convenor.partnership.rules.constitution import Body, Problem, Seat, in_force
from convenor.partnership.rules.roll import Roll
from convenor.partnership.rules.vocabulary import BODIES_THAT_MUST_REPORT, CHAIRING_PARTS, COUNTED_PARTS, Chairing, Part


def body_problems(roll: Roll, on: date) -> Iterator[Problem]:
    """Breaches of the rules about bodies, as they stand on the day."""
    constitution = roll.constitution
    bodies = roll.bodies(on)
    if not constitution.bodies:
        yield broken("partnership-empty", "", f"{constitution.name} has no bodies. Add at least a board, with [[body]].")
    elif not in_force(constitution, on):
        yield broken("partnership-not-in-force", "", f"{constitution.name} is not in force on {in_words(on)}.")
    elif not bodies:
        yield broken("partnership-empty", "", f"{constitution.name} has no body in force on {in_words(on)}.")
    yield from _own_review(roll, bodies, on)
    for body in bodies:
        yield from _reporting(roll, body, on)
        yield from _end_and_review(roll, body, on)
        seats = roll.seats(body, on)
        if seats:
            yield from _leading(body, seats)
        yield from _quorum(body, seats)
    yield from _circles(roll, bodies, on)


def _reporting(roll: Roll, body: Body, on: date) -> Iterator[Problem]:
    above = roll.reports_to(body, on)
    rank, top = roll.rank_by_tier.get(body.tier), len(roll.rank_by_tier) - 1
    if not above:
        if body.kind in BODIES_THAT_MUST_REPORT or (rank is not None and rank < top):
            yield broken(
                "no-reporting-line", body.id, f"{body.name} reports to nobody. Add reports_to with the id of a body, so that it is heard."
            )
        return
    target = roll.body_by_id.get(above)
    if target is None:
        return
    if not in_force(target, on):
        yield broken("reports-to-ended", body.id, f"{body.name} reports to {target.name}, which is not in force on {in_words(on)}.")
    target_rank = roll.rank_by_tier.get(target.tier)
    if rank is not None and target_rank is not None and target_rank < rank:
        yield broken(
            "reports-to-lower-tier",
            body.id,
            f"{body.name} reports to {target.name}, which stands in a lower tier. Tiers are listed from the schools upward.",
        )


def _circles(roll: Roll, bodies: tuple[Body, ...], on: date) -> Iterator[Problem]:
    told: set[str] = set()
    for body in bodies:
        path: list[str] = []
        here = body.id
        while here in roll.body_by_id and here not in path and here not in told:
            path.append(here)
            here = roll.reports_to(roll.body_by_id[here], on)
        if here in path:
            circle = path[path.index(here) :]
            names = ", ".join(roll.body_by_id[each].name for each in circle)
            yield broken(
                "reports-in-a-circle",
                circle[0],
                f"The reporting lines go round in a circle: {names}. One of them should report further up.",
            )
        told.update(path)


def _own_review(roll: Roll, bodies: tuple[Body, ...], on: date) -> Iterator[Problem]:
    """The partnership's own review, once for all the bodies that go by it."""
    review_on = roll.constitution.review_on
    inherit = [body.name for body in bodies if body.review_on is None]
    if review_on is not None and review_on <= on and inherit:
        whom = inherit[0] if len(inherit) == 1 else f"{len(inherit)} bodies without a review date of their own"
        yield broken(
            "review-overdue",
            "",
            f"{roll.constitution.name} was to be reviewed by {in_words(review_on)}, and with it {whom}. Review it and set the next date.",
        )


def _review_not_found(roll: Roll, body: Body) -> bool:
    """Whether the file says that nobody knows when the body is reviewed."""
    return any("review" in words.lower() for words in (*body.not_found, *roll.constitution.not_found))


def _end_and_review(roll: Roll, body: Body, on: date) -> Iterator[Problem]:
    if body.until_on is None and body.kind == "task-and-finish-group":
        yield broken(
            "end-date-missing", body.id, f"{body.name} is a task-and-finish group and has no end. Add until with the day it is to finish."
        )
    elif body.until_on is None and body.review_on is None and roll.constitution.review_on is None and not _review_not_found(roll, body):
        yield broken("review-date-missing", body.id, f"{body.name} has neither an end nor a review date. Add review_on.")
    if body.review_on is not None and body.review_on <= on:
        yield broken(
            "review-overdue", body.id, f"{body.name} was to be reviewed by {in_words(body.review_on)}. Review it and set the next date."
        )


def _leading(body: Body, seats: tuple[Seat, ...]) -> Iterator[Problem]:
    parts = {seat.part for seat in seats}
    leads = bool(parts & CHAIRING_PARTS)
    if not leads and body.chair is Chairing.REQUIRED:
        yield broken(
            "chair-missing",
            body.id,
            f'{body.name} has no seat for a chair, co-chairs or a lead. Add one, or write chair = "none" or chair = "not found".',
        )
    if Part.DEPUTY in parts and not leads and body.chair is not Chairing.NOT_FOUND:
        yield broken("deputy-without-chair", body.id, f"{body.name} has a deputy and no chair to stand in for.")
    most = _most([seat for seat in seats if seat.part is Part.CHAIR])
    if most is None or most > 1 or {Part.CHAIR, Part.CO_CHAIR} <= parts:
        yield broken("two-chairs", body.id, f"{body.name} has room for more than one chair. Make them co-chairs, or keep one chair.")
    co_chairs = _most([seat for seat in seats if seat.part is Part.CO_CHAIR])
    if Part.CO_CHAIR in parts and co_chairs is not None and co_chairs < 2:
        yield broken(
            "co-chairs-too-few", body.id, f"{body.name} has room for one co-chair only. Make the places at least 2, or the part chair."
        )


def _most(seats: list[Seat]) -> int | None:
    """The most people these seats can hold together; None for any number."""
    total = 0
    for seat in seats:
        if seat.places.maximum is None:
            return None
        total += seat.places.maximum
    return total


def _quorum(body: Body, seats: tuple[Seat, ...]) -> Iterator[Problem]:
    if body.quorum is not None and body.quorum_percent is not None:
        yield broken("quorum-twice", body.id, f"{body.name} has both quorum and quorum_percent. Keep the one the body uses.")
    if body.quorum is None:
        return
    if body.members is not None:
        most = body.members.maximum
    else:
        counted = [seat for seat in seats if seat.part in COUNTED_PARTS and not seat.among_members]
        most = _most(counted) if counted and all(seat.ex_officio is None for seat in counted) else None
    if most is not None and body.quorum > most:
        yield broken(
            "quorum-too-large", body.id, f"{body.name} has a quorum of {body.quorum} and at most {most} members. Lower the quorum."
        )
