"""What peer review adds to a home: to a head's, what waits at their school; to a reviewer's, what waits on a team; to whoever runs
rounds, how many wait for what. And the days to come.

A thing of a review is told only to those who take part in it. Nobody gives one of these to a colleague by letter: the letter and the
journal would tell others that the school is reviewed; its deputies have the same things on their own pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from convenor.partnership.gate import Permission
from convenor.peer_review.queries.turns import Turn, on_room
from convenor.peer_review.queries.waiting import AsCoordinator, Asked, RoundNow, as_coordinator, mine, priorities_due
from convenor.peer_review.rules.gates import Who
from convenor.peer_review.rules.preparing import WHILE_EXPECTING, WHILE_PLANNING
from convenor.peer_review.rules.states import Part, RoundState, State, Step
from convenor.web.addresses import address
from convenor.web.todo import Door, Entry, Thing, Weight, Work, said

ANSWER = Work(words=180, presses=6, choices=5, thought_seconds=30)
OFFER = Work(words=120, presses=4, choices=3, thought_seconds=20)
EXPECT = Work(words=120, letters=180, presses=9, choices=6, thought_seconds=60)
ACTIVITIES = Work(words=150, letters=120, presses=14, choices=8, thought_seconds=60)
PRIORITY = Work(words=80, presses=1, choices=1, thought_seconds=20)
FINAL = Work(words=120, presses=3, choices=1, thought_seconds=20)
CLOSE_ANSWERS = Work(words=160, presses=3, choices=2, thought_seconds=30)
MATCH = Work(words=300, presses=5, choices=4, thought_seconds=60)
DATES = Work(words=240, presses=5, choices=4, thought_seconds=60)
CALLS = Work(words=120, presses=2, choices=2, thought_seconds=60)

#: For each step: what is to be done, the verb of its button, the name of its page, and what it asks of a person.
STEPS: dict[Step, tuple[str, str, str, Work]] = {
    Step.FOCUS_AGREED: (
        "Say what the team should look into", "Set the question", "review-focus",
        Work(words=200, letters=160, presses=5, choices=4, thought_seconds=90),
    ),
    Step.DATA_SHARED: (
        "Share your self-review with the team", "Write and share it", "review-self",
        Work(words=400, letters=800, presses=8, choices=5, thought_seconds=120),
    ),
    Step.REPORT_FINAL: (
        "Check the facts in the draft report", "Check the facts", "review-check",
        Work(words=700, letters=60, presses=3, choices=2, thought_seconds=30),
    ),
    Step.ACTIONS_AGREED: (
        "Agree one to three priorities", "Agree priorities", "review-priorities",
        Work(words=200, letters=450, presses=10, choices=6, thought_seconds=90),
    ),
    Step.CLOSED: (
        "Say how the review ends", "End the review", "review-close",
        Work(words=120, presses=3, choices=2, thought_seconds=20),
    ),
    Step.RESUMED: (
        "Agree a new day for the visit", "Go on", "review-resume",
        Work(words=120, letters=20, presses=4, choices=2, thought_seconds=60),
    ),
    Step.ON_SITE: ("Begin the visit", "Begin", "review-start", Work(words=80, presses=2, choices=1)),
    Step.FED_BACK: (
        "Note that you told the school what you found", "Note it", "review-fed-back", Work(words=80, presses=2, choices=1),
    ),
    Step.REPORT_DRAFT: (
        "Write the draft report", "Write it", "review-draft",
        Work(words=600, letters=2400, presses=20, choices=12, thought_seconds=600),
    ),
    Step.MENDED: (
        "Answer the school’s corrections", "Mend the draft", "review-draft",
        Work(words=500, letters=400, presses=8, choices=4, thought_seconds=120),
    ),
    Step.WORKSHOP_DONE: (
        "Lead the improvement workshop", "Note that it was held", "review-workshop",
        Work(words=150, letters=300, presses=4, choices=3, thought_seconds=60),
    ),
    Step.IMPACT_REVIEWED: (
        "Go back to see what has changed", "Note what has changed", "review-impact",
        Work(words=250, letters=400, presses=10, choices=6, thought_seconds=90),
    ),
}  # fmt: skip

#: A visit's own small tasks are spoken of so long before it.
NEAR = timedelta(days=21)
#: The impact visit may be held so long before its day.
GIVE = timedelta(days=30)


def personal_things(viewer: Any, on: date, urns: tuple[str, ...]) -> tuple[list[Thing], list[Entry]]:
    """What waits for somebody at these schools and on teams, and the days to come. Three queries; four once priorities are agreed."""
    found = mine(urns, viewer=viewer, at=on)
    if found is None:
        return [], []
    slug, several = viewer.partnership.slug, len(viewer.urns) > 1
    things = [asked_thing(each, slug) for each in found.asked]
    things += [offer_thing(each, slug) for each in found.offers]
    things += [thing for turn in found.turns for thing in _of_turn(turn, slug, on, several=several)]
    for pk, title, by_on in priorities_due(found.turns, viewer=viewer, at=on):
        things.append(_priority(pk, title, by_on, slug, on))
    return [thing for thing in things if thing is not None], days_to_come(found.turns, slug, on)


def asked_thing(asked: Asked, slug: str) -> Thing | None:
    """A round that asks whether a school hosts."""
    href = _answer(asked, slug)
    if not href:
        return None
    return Thing(
        f"round-{asked.round_id}", f"Say whether you host a peer review: {asked.name}",
        f"Yes, or not this time; no reason is asked. Answers by {said(asked.answers_by_on)}.",
        ANSWER.minutes, (Door("Answer", href, main=True),), Weight.DATED, asked.answers_by_on,
    )  # fmt: skip


def _answer(asked: Asked, slug: str) -> str:
    """Where a school answers a round."""
    href = address("review-round-answer", slug, asked.round_id)
    return f"{href}?school={asked.urn}" if href else ""


def offer_thing(asked: Asked, slug: str) -> Thing | None:
    """A round that asks what a reviewer offers."""
    href = address("review-offer", slug, asked.round_id)
    if not href:
        return None
    return Thing(
        f"offer-{asked.round_id}", f"Say how many reviews you could do: {asked.name}",
        f"As many as suit you, or none this time. Answers by {said(asked.answers_by_on)}.",
        OFFER.minutes, (Door("Offer", href, main=True),), Weight.DATED, asked.answers_by_on,
    )  # fmt: skip


def _of_turn(turn: Turn, slug: str, on: date, *, several: bool) -> list[Thing | None]:
    """What one review asks of somebody now."""
    return [
        _step(turn, slug, on, several=several),
        _final_after_silence(turn, slug, on),
        _expect(turn, slug, on),
        _activities(turn, slug, on),
    ]


def _where(turn: Turn, *, several: bool) -> str:
    if not turn.host:
        return f"The review of {turn.school}. "
    return f"{turn.school}. " if several else ""


def _step(turn: Turn, slug: str, on: date, *, several: bool) -> Thing | None:
    if not turn.mine or turn.next is None or turn.next.step not in STEPS or not _open_now(turn, turn.next.step, on):
        return None
    title, button, name, work = STEPS[turn.next.step]
    href = address(name, slug, turn.pk) or address("review", slug, turn.pk)
    due = turn.due_on
    why = _where(turn, several=several) + (f"{'It was planned for' if turn.late(on) else 'By'} {said(due)}." if due else turn.next.words)
    weight = Weight.OPEN if due is None else Weight.OVERDUE if turn.late(on) else Weight.DATED
    return Thing(f"review-{turn.pk}", title, why, work.minutes, (Door(button, href, main=True),), weight, due)


def _open_now(turn: Turn, step: Step, on: date) -> bool:
    """Whether the step can be taken already: the visit begins on its first day, the impact visit from a month before its day."""
    if step is Step.ON_SITE:
        return turn.visit_from_on is not None and turn.visit_from_on <= on
    if step is Step.IMPACT_REVIEWED:
        return turn.due_on is not None and turn.due_on - GIVE <= on
    return True


def _final_after_silence(turn: Turn, slug: str, on: date) -> Thing | None:
    """For the lead: the school had its working days to check the draft and said nothing, so the report may be made final."""
    waits = turn.state is State.REPORT_DRAFT and turn.who is Who.HOST and Part.LEAD in turn.parts and not turn.host and turn.late(on)
    if not waits:
        return None
    return Thing(
        f"final-{turn.pk}", "Make the report final",
        f"{turn.school} has had its working days to check the draft and has not replied. A call first is kind.",
        FINAL.minutes, (Door("Make it final", address("review-final", slug, turn.pk) or address("review", slug, turn.pk), main=True),),
        Weight.OPEN,
    )  # fmt: skip


def _expect(turn: Turn, slug: str, on: date) -> Thing | None:
    first = turn.visit_from_on
    href = address("review-expect", slug, turn.pk)
    if turn.named or turn.state not in WHILE_EXPECTING or first is None or not on < first <= on + NEAR or not href:
        return None
    return Thing(
        f"expect-{turn.pk}", "Name three things you expect to be found" if turn.host else f"Name three things you expect at {turn.school}",
        f"In private, before the visit on {said(first)}. Only {'you' if turn.host else 'the school'} will see how far it was right.",
        EXPECT.minutes, (Door("Name three", href, main=True),), Weight.DATED, first,
    )  # fmt: skip


def _activities(turn: Turn, slug: str, on: date) -> Thing | None:
    first, href = turn.visit_from_on, address("review-activities", slug, turn.pk)
    near = first is not None and on < first <= on + NEAR and turn.state in WHILE_PLANNING
    if not near or turn.activities or not href or not (turn.host or Part.LEAD in turn.parts):
        return None
    assert first is not None
    whose = "each with one of your own people beside the team" if turn.host else "each with somebody of the school beside the team"
    return Thing(
        f"activities-{turn.pk}", "Plan the day of the visit" if turn.host else f"Plan the day at {turn.school}",
        f"What is done on {said(first)}, {whose}. A plan to begin with is suggested.",
        ACTIVITIES.minutes, (Door("Plan the day", href, main=True),), Weight.DATED, first,
    )  # fmt: skip


def _priority(pk: int, title: str, by_on: date, slug: str, on: date) -> Thing:
    href = address("review-priorities", slug, pk) or address("review", slug, pk)
    passed = "The day you agreed was" if by_on < on else "The day you agreed is"
    return Thing(
        f"priority-{pk}-{by_on.isoformat()}", f"How is it going: {title}", f"{passed} {said(by_on)}. Only your school sees this.",
        PRIORITY.minutes, (Door("See your priorities", href, main=True),), Weight.WORTH, by_on,
    )  # fmt: skip


def days_to_come(turns: Iterable[Turn], slug: str, on: date) -> list[Entry]:
    """The days of these reviews from today on, in their order: visits, workshops planned, impact visits. At most six."""
    found = []
    for turn in turns:
        href = address("review", slug, turn.pk)
        of = "at your school" if turn.host else f"at {turn.school}"
        if turn.visit_from_on and turn.visit_last_on and turn.visit_last_on >= on and turn.state is not State.POSTPONED:
            found.append(Entry(turn.visit_from_on, f"Peer review visit {of}", href))
        if turn.state is State.REPORT_FINAL and turn.due_on and turn.due_on >= on:
            found.append(Entry(turn.due_on, f"Improvement workshop {of}, by then", href))
        if turn.state is State.ACTIONS_AGREED and turn.due_on and turn.due_on >= on:
            found.append(Entry(turn.due_on, f"Impact visit {of}, about then", href))
    return sorted(found, key=lambda entry: (entry.on, entry.label))[:6]


def coordinator_things(viewer: Any, on: date) -> tuple[list[Thing], list[Entry]]:
    """What waits for whoever runs rounds, and the days of their rounds. None of it names a school."""
    found = as_coordinator(viewer=viewer, at=on)
    if found is None:
        return [], []
    slug = viewer.partnership.slug
    things = [thing for each in found.rounds if (thing := _of_round(each, slug, on)) is not None]
    late = _late(found, slug)
    return [*things, *([late] if late else [])], [entry for each in found.rounds for entry in _round_days(each, slug)]


def _of_round(each: RoundNow, slug: str, on: date) -> Thing | None:
    href = address("review-round", slug, each.pk)
    if each.state is RoundState.OPEN and (each.answers_by_on < on or each.answered == each.schools > 0):
        why = "Every school has answered." if each.answered == each.schools else f"{each.answered} of {each.schools} schools have answered."
        return _round_thing(
            "close", each, "Close the answers", f"{why} Answers were asked for by {said(each.answers_by_on)}.", CLOSE_ANSWERS, href,
            Weight.OVERDUE if each.answers_by_on < on else Weight.OPEN, each.answers_by_on,
        )  # fmt: skip
    if each.state is RoundState.MATCHING:
        return _round_thing(
            "match", each, "Match the teams", f"{each.hosts} schools host; {each.offered} reviews are offered.", MATCH,
            address("review-matching", slug, each.pk) or href, Weight.DATED, each.visits_from_on,
        )  # fmt: skip
    if each.state is RoundState.PUBLISHED and each.dated < each.reviews:
        left = each.reviews - each.dated
        return _round_thing(
            "dates", each, "Set the days of visits", f"{left} of {each.reviews} visits have no date yet.", DATES,
            address("review-dates", slug, each.pk) or href, Weight.DATED, each.visits_from_on,
        )  # fmt: skip
    return None


def _round_thing(key: str, each: RoundNow, title: str, why: str, work: Work, href: str, weight: Weight, by_on: date) -> Thing | None:
    if not href:
        return None
    return Thing(f"round-{key}-{each.pk}", f"{title}: {each.name}", why, work.minutes, (Door(title, href, main=True),), weight, by_on)


def _late(found: AsCoordinator, slug: str) -> Thing | None:
    if not found.late:
        return None
    count = len(found.late)
    title = "One review is past a planned day" if count == 1 else f"{count} reviews are past a planned day"
    return Thing(
        "reviews-late", title, f"Of {found.going} under way. Often a call is all it takes.", CALLS.minutes,
        (Door("See which", f"{address('reviews', slug)}#late", main=True),), Weight.OPEN,
    )  # fmt: skip


def _round_days(each: RoundNow, slug: str) -> list[Entry]:
    href = address("review-round", slug, each.pk)
    days = []
    if each.state is RoundState.OPEN:
        days.append(Entry(each.answers_by_on, f"answers close: {each.name}", href))
    if each.state in (RoundState.OPEN, RoundState.MATCHING, RoundState.PUBLISHED):
        days.append(Entry(each.visits_from_on, f"visits begin: {each.name}", href))
    return days


def engine_door(viewer: Any) -> str:
    """How the engine runs, for whoever sees totals; an empty text for everybody else and where the room is off."""
    return address("review-engine", viewer.partnership.slug) if on_room(viewer) and viewer.may(Permission.REVIEW_TOTALS_SEE) else ""


def next_round(viewer: Any, on: date, urn: str) -> Door | None:
    """The door to the next round that asks a school, for its own people: where an early conversation ended with a peer review."""
    if not viewer.may(Permission.REVIEW_HOST, urn=urn):
        return None
    found = mine((urn,), viewer=viewer, at=on)
    asked = found.asked[0] if found and found.asked else None
    slug = viewer.partnership.slug
    href = _answer(asked, slug) if asked else address("reviews", slug)
    return Door(f"Say that you host: {asked.name}" if asked else "See peer reviews; the next round will ask you", href) if href else None
