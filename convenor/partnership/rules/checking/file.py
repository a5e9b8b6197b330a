"""What a constitution file says of itself: names that are unique, references that lead somewhere, dates in order. True on any date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from difflib import SequenceMatcher
from functools import lru_cache

from convenor.partnership.rules.checking.known import broken, in_words
from convenor.partnership.rules.constitution import Body, Dated, Places, Problem, Seat, overlap
from convenor.partnership.rules.kinds_of_value import nearest
from convenor.partnership.rules.roll import Roll
from convenor.partnership.rules.vocabulary import BODY_KINDS, How

URN_FIGURES = 6
LONG_ENOUGH = 6
"""Letters from which on two names can be compared: short names differ little and mean much."""

ALIKE = 0.9
"""Names that share so much are likely one name. Ours: "North Trust" and "South Trust" stay below it."""


def file_problems(roll: Roll) -> Iterator[Problem]:
    """Breaches that do not depend on the day asked about."""
    yield from _repeated_names(roll)
    yield from _unknown_references(roll)
    yield from _cited_sources(roll)
    yield from _ex_officio_sources(roll)
    yield from _dates(roll)
    yield from _places(roll)
    yield from _slips(roll)


def _repeated(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    twice: list[str] = []
    for name in names:
        if name in seen and name not in twice:
            twice.append(name)
        seen.add(name)
    return twice


def _repeated_names(roll: Roll) -> Iterator[Problem]:
    said = "Give one of them another name."
    constitution = roll.constitution
    for what, names in (
        ("tiers have the key", [tier.key for tier in constitution.tiers]),
        ("sources have the id", [source.id for source in constitution.sources]),
        ("areas have the code", [area.code for area in constitution.areas]),
    ):
        for name in _repeated(names):
            yield broken("id-repeated", "", f'Two {what} "{name}". {said}')
    for name in _repeated(body.id for body in constitution.bodies):
        yield broken(
            "id-repeated", name,
            f'Two bodies have the id "{name}". Give one of them another: if one was copied from another body, give it the id it should '
            "have, and whatever names that body will find it again.",
        )  # fmt: skip
    for body in constitution.bodies:
        for name in _repeated(seat.id for seat in body.seats):
            yield broken("id-repeated", body.id, f'Two seats of {body.name} have the id "{name}". {said}')


def _unknown_references(roll: Roll) -> Iterator[Problem]:
    tiers, bodies = roll.rank_by_tier, roll.body_by_id
    for body in roll.constitution.bodies:
        if body.tier not in tiers:
            yield broken(
                "tier-unknown", body.id, f'{body.name} stands in tier "{body.tier}", which is not listed{_did_you_mean(body.tier, tiers)}'
            )
        for name in dict.fromkeys([body.reports_to, *(line.to for line in body.reporting_lines)]):
            if name and name not in bodies:
                yield broken(
                    "reports-to-unknown", body.id, f'{body.name} reports to "{name}", which is not described{_did_you_mean(name, bodies)}'
                )
        for name in body.replaces:
            if name not in bodies:
                yield broken("body-unknown", body.id, f'{body.name} replaces "{name}", which is not described{_did_you_mean(name, bodies)}')
    for cap in roll.constitution.caps:
        for selector in cap.bodies:
            if not _selector_known(roll, selector):
                yield broken("body-unknown", "", f'A cap names "{selector}", which is not described{_selector_meant(roll, selector)}')
    for member in roll.constitution.members:
        for name in member.bodies:
            if name not in bodies:
                yield broken(
                    "body-unknown", "", f'School {member.school} belongs to "{name}", which is not described{_did_you_mean(name, bodies)}'
                )
    yield from _unknown_seats(roll)


def _unknown_seats(roll: Roll) -> Iterator[Problem]:
    for appointment in roll.constitution.appointments:
        body = roll.body_by_id.get(appointment.body)
        if body is None:
            hint = _did_you_mean(appointment.body, roll.body_by_id)
            yield broken(
                "seat-unknown", appointment.body, f'{appointment.person} is appointed to "{appointment.body}", which is not described{hint}'
            )
            continue
        seats = {seat.id: seat for seat in body.seats}
        if appointment.seat not in seats:
            hint = _did_you_mean(appointment.seat, seats)
            yield broken(
                "seat-unknown",
                body.id,
                f'{appointment.person} is appointed to seat "{appointment.seat}" of {body.name}, which has no such seat{hint}',
            )
        elif seats[appointment.seat].ex_officio is not None:
            yield broken(
                "ex-officio-by-hand",
                body.id,
                f"{appointment.person} is appointed by hand to {seats[appointment.seat].title} of {body.name}, which goes with an office "
                "on another body. Remove the appointment; make it to that office instead.",
            )


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    return nearest(word, known) or "."


def _selector_meant(roll: Roll, selector: str) -> str:
    """The body or group that a selector was to name; where none is like it, the groups there are."""
    kinds = dict.fromkeys(body.kind for body in roll.constitution.bodies)
    groups = [f"kind:{kind}" for kind in kinds] + [f"tier:{key}" for key in roll.rank_by_tier]
    groups += [f"under:{key}" for key in roll.body_by_id]
    prefix, colon, _ = selector.partition(":")
    known = [each for each in groups if each.startswith(f"{prefix}:")] if colon else [*roll.body_by_id]
    return nearest(selector, known) or (f"; there are: {', '.join(known)}." if known and colon else ".")


def _selector_known(roll: Roll, selector: str) -> bool:
    prefix, colon, word = selector.partition(":")
    if not colon or prefix == "under":
        return (word if colon else selector) in roll.body_by_id
    if prefix == "tier":
        return word in roll.rank_by_tier
    return word in BODY_KINDS or word in dict(roll.constitution.kinds)


def _cited_sources(roll: Roll) -> Iterator[Problem]:
    constitution = roll.constitution
    known = [source.id for source in constitution.sources]
    citing = [("", constitution.name, constitution.cites)]
    citing += [("", tier.name, tier.sources) for tier in constitution.tiers]
    for body in constitution.bodies:
        citing.append((body.id, body.name, body.sources))
        citing += [(body.id, f"{seat.title} of {body.name}", seat.sources) for seat in body.seats]
    for body_id, name, cited in citing:
        for source in cited:
            if source not in known:
                yield broken(
                    "source-unknown", body_id, f'{name} cites source "{source}", which is not listed{_did_you_mean(source, known)}'
                )


def _ex_officio_sources(roll: Roll) -> Iterator[Problem]:
    for body in roll.constitution.bodies:
        for seat in body.seats:
            if seat.ex_officio is None:
                if seat.how is How.EX_OFFICIO and not seat.post:
                    yield broken(
                        "ex-officio-source-missing",
                        body.id,
                        f"{seat.title} of {body.name} is held by right of office, but the office is not said. Add ex_officio for an office "
                        "on another body, or post for a post outside the partnership.",
                    )
                continue
            for selector in seat.ex_officio.bodies:
                if not _selector_known(roll, selector):
                    hint = _selector_meant(roll, selector)
                    yield broken(
                        "ex-officio-source-missing",
                        body.id,
                        f'{seat.title} of {body.name} goes with an office on "{selector}", which is not described{hint}',
                    )


def _dates(roll: Roll) -> Iterator[Problem]:
    constitution = roll.constitution
    yield from _reversed("", constitution.name, constitution)
    for area in constitution.areas:
        yield from _reversed("", f"Area {area.name}", area)
    for cap in constitution.caps:
        yield from _reversed("", f"The cap on {', '.join(cap.bodies)}", cap)
    for belonging in constitution.belongings:
        yield from _reversed("", f"The rule of belonging to a {belonging.kind}", belonging)
    for member in constitution.members:
        yield from _within("", f"School {member.school}'s membership", member, ((constitution.name, constitution),))
    for body in constitution.bodies:
        yield from _body_dates(roll, body)


def _body_dates(roll: Roll, body: Body) -> Iterator[Problem]:
    constitution = roll.constitution
    whole, mine = (constitution.name, constitution), (body.name, body)
    yield from _within(body.id, body.name, body, (whole,))
    for number, line in enumerate(body.reporting_lines):
        yield from _within(body.id, f"{body.name}'s reporting line to {line.to}", line, (mine, whole))
        if any(overlap(line, other) for other in body.reporting_lines[:number]):
            yield broken(
                "two-reporting-lines", body.id, f"{body.name} has two reporting lines at once. Let one end on the day the next begins."
            )
    seen: set[str] = set()
    for seat in body.seats:
        yield from _within(body.id, f"{seat.title} of {body.name}", seat, (mine, whole))
        if seat.id not in seen:
            seen.add(seat.id)
            for appointment in roll.appointments(body, seat):
                around = ((f"the seat {seat.title}", seat), mine, whole)
                yield from _within(body.id, f"{appointment.person} as {seat.title} of {body.name}", appointment, around)


def _reversed(body: str, name: str, thing: Dated) -> Iterator[Problem]:
    if thing.from_on is not None and thing.until_on is not None and thing.until_on <= thing.from_on:
        yield broken(
            "dates-reversed", body, f"{name} ends on {in_words(thing.until_on)}, which is not after it begins on {in_words(thing.from_on)}."
        )


def _within(body: str, name: str, thing: Dated, around: tuple[tuple[str, Dated], ...]) -> Iterator[Problem]:
    """The thing's own dates, in order and inside those of everything around it, each with its name. A date left out asks for nothing."""
    yield from _reversed(body, name, thing)
    first, first_name = max(((each.from_on, called) for called, each in around if each.from_on), default=(date.min, ""))
    last, last_name = min(((each.until_on, called) for called, each in around if each.until_on), default=(date.max, ""))
    begins, ends = thing.from_on, thing.until_on
    words = ""
    if begins is not None and begins < first:
        words = (
            f"begins on {in_words(begins)}, before {first_name} begins on {in_words(first)}. Let it begin then, or {first_name} earlier."
        )
    elif begins is not None and begins >= last:
        words = (
            f"begins on {in_words(begins)}, when {last_name} has ended on {in_words(last)}. Let it begin earlier, or {last_name} end later."
        )
    elif ends is not None and ends > last:
        words = f"ends on {in_words(ends)}, after {last_name} ends on {in_words(last)}. Let it end then, or {last_name} later."
    elif ends is not None and ends <= first:
        words = f"ends on {in_words(ends)}, before {first_name} begins on {in_words(first)}. Correct the one or the other."
    if words:
        yield broken("dates-outside", body, f"{name} {words}")


def _places(roll: Roll) -> Iterator[Problem]:
    for body in roll.constitution.bodies:
        counts: list[tuple[str, Places | None]] = [
            (f"The members of {body.name}", body.members),
            (f"The schools of {body.name}", body.schools),
        ]
        counts += [(f"The places of {seat.title} of {body.name}", seat.places) for seat in _stored(body.seats)]
        for name, places in counts:
            if places is not None and places.maximum is not None and places.minimum > places.maximum:
                yield broken("places-reversed", body.id, f'{name} are written "{places}": write the least number first.')
    for belonging in roll.constitution.belongings:
        if belonging.at_most is not None and belonging.at_least > belonging.at_most:
            yield broken(
                "places-reversed",
                "",
                f"The rule of belonging to a {belonging.kind} asks for at least {belonging.at_least} and at most {belonging.at_most}.",
            )


def _stored(seats: Iterable[Seat]) -> list[Seat]:
    """Seats whose places are the file's to say; those of an ex-officio seat follow from the offices that bring it."""
    return [seat for seat in seats if seat.ex_officio is None]


def _slips(roll: Roll) -> Iterator[Problem]:
    """What is likely a slip of the pen, though it may be meant."""
    constitution = roll.constitution
    named = {row.school for row in constitution.members} | {row.school for row in constitution.appointments if row.school}
    for urn in sorted(each for each in named if len(each) != URN_FIGURES):
        yield broken("urn-not-six-figures", "", f"URN {urn} has {len(urn)} figures; a school's URN has six. Check it in the register.")
    for field, what in (("trust", "trust"), ("federation", "federation")):
        names = {getattr(row, field) for row in constitution.members} | {getattr(row, field) for row in constitution.appointments}
        for one, other in alike(frozenset(names)):
            yield broken(
                "spelt-almost-alike",
                "",
                f'The {what} "{one}" and the {what} "{other}" are counted as two; did you mean one? Then spell it alike everywhere.',
            )
    for body_id, name, thing in _terms_of_years(roll):
        last = thing.until_on
        assert last is not None, "only what ends is given"
        after = last + timedelta(days=1)
        yield broken(
            "until-a-day-early",
            body_id,
            f"{name} ends with {in_words(last - timedelta(days=1))}, as until is the first day no longer. If {in_words(last)} is the last "
            f"day, write until = {after}.",
        )


@lru_cache(maxsize=64)
def alike(names: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of names that differ so little that one is likely a slip. Names told apart by their figures are meant."""
    spelt = sorted(each for each in names if len(each) >= LONG_ENOUGH and not each.isdigit())
    found = []
    for number, one in enumerate(spelt):
        for other in spelt[number + 1 :]:
            if [each for each in one if each.isdigit()] != [each for each in other if each.isdigit()]:
                continue
            matcher = SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False)
            if matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE:
                found.append((one, other))
    return tuple(found)


def _terms_of_years(roll: Roll) -> Iterator[tuple[str, str, Dated]]:
    """What would last for whole years if it ended one day later: 1 September to 31 August."""
    things: list[tuple[str, str, Dated]] = [(body.id, body.name, body) for body in roll.constitution.bodies]
    things += [(body.id, f"{seat.title} of {body.name}", seat) for body in roll.constitution.bodies for seat in body.seats]
    for each in roll.constitution.appointments:
        things.append((each.body, f"{each.person} in seat {each.seat} of {each.body}", each))
    for body_id, name, thing in things:
        if thing.from_on is not None and thing.until_on is not None and thing.until_on > thing.from_on:
            after = thing.until_on + timedelta(days=1)
            if (after.month, after.day) == (thing.from_on.month, thing.from_on.day):
                yield body_id, name, thing
