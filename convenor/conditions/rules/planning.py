"""What can be done with a workshop, and when: planning it, its days, sheets that come in late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from convenor.conditions.rules.agendas import Agenda
from convenor.conditions.rules.cards import Card, check_cards
from convenor.conditions.rules.diamonds import CARDS, SHAPE
from convenor.conditions.rules.refusals import BadCards, ConditionsRefused, NoWords, WrongDay
from convenor.conditions.rules.states import Way, WorkshopState

TITLE_AT_MOST: Final = 160
#: So long after its close a workshop still takes sheets of paper: somebody finds one in a bag.
PAPER_DAYS: Final = 14
#: A workshop by post stands open for at most so long.
BY_POST_DAYS: Final = 92
#: Planned so far ahead at most.
AHEAD_DAYS: Final = 730


@dataclass(frozen=True, slots=True)
class Plan:
    """A workshop as it is planned. `closes_on`: the last day of one by post, None for a room; `follows`: the workshop that it repeats."""

    title: str
    agenda: Agenda
    cards: tuple[Card, ...]
    held_on: date
    closes_on: date | None = None
    follows: int | None = None


def check_plan(plan: Plan, *, on: date) -> None:
    """That a workshop can be planned so, on this day. Raises NoWords, BadCards, WrongDay."""
    if not plan.title.strip() or len(plan.title) > TITLE_AT_MOST:
        raise NoWords(f"Give the workshop a title of at most {TITLE_AT_MOST} letters. Nothing was changed.")
    check_cards(plan.cards)
    if plan.held_on > on + timedelta(days=AHEAD_DAYS):
        raise WrongDay("That day is more than two years away. Nothing was changed.")
    if plan.agenda.together:
        if len(plan.cards) != CARDS:
            raise BadCards("A workshop by post places exactly nine cards: no room could pick them first. Nothing was changed.")
        if plan.closes_on is None or not plan.held_on <= plan.closes_on <= plan.held_on + timedelta(days=BY_POST_DAYS):
            raise WrongDay(
                f"A workshop by post needs a last day, on or after its first and at most {BY_POST_DAYS} days later. Nothing was changed."
            )
    elif plan.closes_on is not None:
        raise WrongDay("Only a workshop by post has a last day of entries. Leave it empty for a room. Nothing was changed.")


def takes_entries(state: str, closes_on: date | None, *, on: date) -> bool:
    """Whether phones may send on this day: it is open, and, by post, its last day has not gone by."""
    return state == WorkshopState.OPEN.value and (closes_on is None or on <= closes_on)


def takes_paper(state: str, closed_on: date | None, *, on: date) -> bool:
    """Whether a sheet of paper may be typed in: while it is open, and for PAPER_DAYS after its close."""
    if state == WorkshopState.CLOSED.value and closed_on is not None:
        return on <= closed_on + timedelta(days=PAPER_DAYS)
    return state == WorkshopState.OPEN.value


def check_chosen(keys: Sequence[str], cards: Sequence[Card]) -> tuple[str, ...]:
    """The nine cards that the room places, in the order of the cards. Raises BadCards for another number, and for a card not there."""
    wanted = set(keys)
    if len(keys) != CARDS or len(wanted) != CARDS or not wanted <= {card.key for card in cards}:
        raise BadCards(f"The room places nine cards, and {len(wanted)} are chosen. Choose nine of those on the list. Nothing was changed.")
    return tuple(card.key for card in cards if card.key in wanted)


def picks_in_order(cards: Sequence[Card], picks: Sequence[Sequence[str]]) -> list[tuple[Card, int]]:
    """Each card with how many picked it, most first; of two picked alike, the one that comes first on the list."""
    held: Mapping[str, int] = {card.key: sum(card.key in each for each in picks) for card in cards}
    return sorted(((card, held[card.key]) for card in cards), key=lambda each: -each[1])


def rows_typed(digits: str, keys: Sequence[str]) -> dict[str, int]:
    """The rows of nine cards from nine digits, in the order of the cards: how a sheet is typed in under a minute.

    Blanks and commas between them are all right. Raises BadCards for another number of digits, and for one that is no row.
    """
    found = [sign for sign in digits if not sign.isspace() and sign not in ",;"]
    wrong = next((sign for sign in found if sign not in "12345"), None)
    if wrong is not None:
        raise BadCards(f"“{wrong}” is no row: rows are 1 (top) to 5 (bottom). Nothing was saved.")
    if len(found) != len(keys):
        raise BadCards(f"There are {len(found)} digits, and {len(keys)} cards: one digit for each card, in order. Nothing was saved.")
    return dict(zip(keys, map(int, found), strict=True))


def shape_in_words(rows: Mapping[str, int]) -> str:
    """What is still wrong with a sheet's rows, row by row, in words for whoever types; "" where it is a diamond."""
    held = {row: sum(each == row for each in rows.values()) for row in range(1, 6)}
    said = [
        f"row {row} has {held[row]}, one too many"
        if held[row] == most + 1
        else f"row {row} has {held[row]}, {held[row] - most} too many"
        if held[row] > most
        else f"row {row} has {held[row]} of {most}"
        for row, most in enumerate(SHAPE, 1)
        if held[row] != most
    ]
    return "; ".join(said)


def way_of(size: int) -> Way:
    """Who makes an entry of so many people."""
    return Way.ALONE if size == 1 else Way.PAIR if size == 2 else Way.TABLE


def next_state_refusal(state: str, wanted: WorkshopState) -> ConditionsRefused | None:
    """Why a workshop cannot go there, None where it can: planned, then open, then closed."""
    order = [each.value for each in WorkshopState]
    if order.index(wanted.value) == order.index(state) + 1:
        return None
    said = {
        (WorkshopState.OPEN, "open"): "It is open already.",
        (WorkshopState.OPEN, "closed"): "It has been closed. Open it again only on the day of its close.",
        (WorkshopState.CLOSED, "planned"): "It has not been opened yet, so there is nothing to close.",
        (WorkshopState.CLOSED, "closed"): "It is closed already.",
    }
    return ConditionsRefused(said.get((wanted, state), "That cannot be done now.") + " Nothing was changed.")
