"""Contacts at schools: like lines become one, and where two do not agree the manager says which stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from convenor.contacts.rules.roles import CONTACT_ROLES, role_word
from convenor.moving_in.rules.kinds import Kind
from convenor.moving_in.rules.people import bare_name, is_mailbox, name_beside_address
from convenor.moving_in.rules.planning import Question
from convenor.moving_in.rules.planning_desk import Desk, Group, Where, key_of
from convenor.moving_in.rules.planning_people import address_of, same_name
from convenor.moving_in.rules.planning_schools import Schools
from convenor.moving_in.rules.planning_standing import Brought, Contact, Standing
from convenor.moving_in.rules.planning_values import Cells
from convenor.moving_in.rules.planning_work import ContactLine
from convenor.moving_in.rules.states import Verb

TWO_ADDRESSES: Final = Group(
    "each-contact:two-addresses", "{count} contacts stand with two addresses or more. Which are kept?",
    "Nothing says which is still read. A letter that comes back is noticed.",
    (("both", "Keep all of them"), ("last", "The one checked last, or named last")),
)  # fmt: skip
TWO_HOLDERS: Final = Group(
    "each-contact:two-holders", "{count} roles at schools are held by two people or more. Who is it?",
    "Somebody may have left, or they share the role.",
    (("last", "The one checked last, or named last"), ("both", "Keep all of them")),
)  # fmt: skip
ONE_BOX: Final = Group(
    "each-contact:one-address", "{count} addresses stand for people at different schools or in different roles. Are they right?",
    "A letter to one of them would be read by another.",
    (("keep", "Yes, they are shared"), ("first", "Only for whoever was named first")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One contact as the lines tell it; `id` where it stands already, and `where` is then empty."""

    urn: str
    role: str
    name: str
    email: str
    phone: str
    verified_on: date | None
    order: int
    where: Where = ("", 0)
    id: int | None = None

    @property
    def age(self) -> tuple[date, int]:
        """By which the newer of two is told: when it was last checked, then when it was named."""
        return (self.verified_on or date.min, self.order)


@dataclass(slots=True)
class Contacts:
    """The contacts of one plan."""

    standing: Standing
    desk: Desk
    schools: Schools
    cells: Cells
    groups: dict[tuple[str, str], list[Entry]] = field(default_factory=dict)
    work: list[ContactLine] = field(default_factory=list)

    def take(self, sheets: Iterable[Brought]) -> None:
        """Takes in every line of these sheets."""
        for sheet in sheets:
            for line in sheet.lines:
                self._line(dict(line.values), sheet.where(line))
        self._shared_boxes()
        there: dict[tuple[str, str], list[Contact]] = {}
        for each in self.standing.contacts:
            there.setdefault((each.urn, each.role), []).append(each)
        for (urn, role), entries in self.groups.items():
            self._role(urn, role, entries, there.get((urn, role), []))

    def _line(self, values: dict[str, str], where: Where) -> None:
        name, phone = " ".join(values.get("name", "").split())[:200], " ".join(values.get("phone", "").split())[:40]
        email = address_of(values.get("email", ""))
        name = name or name_beside_address(values.get("email", ""))[:200]
        if values.get("email", "").strip() and not email:
            self.desk.tell(f"{where[0]}, line {where[1]}: “{values['email'].strip()[:60]}” is no address; the rest of the line is brought.")
        if not (name or email or phone):
            self.desk.leave(where, "It holds neither a name nor an address.")
            return
        urn = self.schools.member(values, where)
        if not urn:
            return
        role = self.cells.role(values.get("role", ""))
        if role not in CONTACT_ROLES:
            role = "other"
        verified = self.cells.day(values.get("verified", ""), where, "Last checked on")
        if verified is not None and verified > self.standing.on:
            verified = None
        order = sum(len(each) for each in self.groups.values())
        self.groups.setdefault((urn, role), []).append(Entry(urn, role, name, email, phone, verified, order, where))

    def _shared_boxes(self) -> None:
        """One address for people at different places: kept where its name says that it is shared, asked about where not."""
        of: dict[str, list[Entry]] = {}
        for entries in self.groups.values():
            for each in entries:
                if each.email and each.name:
                    of.setdefault(each.email, []).append(each)
        dropped: set[int] = set()
        for email, entries in of.items():
            different = [each for each in entries if not same_name(each.name, entries[0].name)]
            if not different or is_mailbox(email):
                continue
            names = " and ".join(
                dict.fromkeys(f"{each.name} ({role_word(each.role)}, {self.standing.name_of(each.urn)})" for each in entries)
            )
            first, last = entries[0].name, entries[-1].name
            question = Question(
                key_of("address", email, *sorted(bare_name(each.name) for each in entries)), f"{email} stands for {names}. Is that right?",
                "", (("keep", "Yes, it is shared"), ("first", f"It is {first}’s alone"), ("last", f"It is {last}’s alone")),
            )  # fmt: skip
            said = self.desk.ask_like(ONE_BOX, question, [each.where for each in entries])
            if not said:
                dropped |= {each.order for each in entries}
            elif said != "keep":
                owner = entries[0] if said == "first" else entries[-1]
                self._without(email, owner)
        for key, entries in self.groups.items():
            self.groups[key] = [each for each in entries if each.order not in dropped]

    def _without(self, email: str, owner: Entry) -> None:
        for key, entries in self.groups.items():
            self.groups[key] = [
                replace(each, email="") if each.email == email and not same_name(each.name, owner.name) else each for each in entries
            ]  # fmt: skip

    def _role(self, urn: str, role: str, entries: Sequence[Entry], there: list[Contact]) -> None:
        """All that is told of one role at one school, beside what stands."""
        new = _merged(entries)
        old = [Entry(urn, role, each.name, each.email, each.phone, each.verified_on, -1, id=each.id) for each in there]
        people = _people([*old, *new])
        if role != "other" and len(people) > 1 and any(each.id is None for each in people[-1]):
            kept = self._holders(urn, role, people)
            if kept is None:
                return
            new = [each for each in new if any(each in one for one in kept)]
            if len(kept) == 1 and new and old and all(each.id is None for each in kept[0]):
                self._follow(new[-1], old[0])
                return
        for one in _people(new):
            self._person(one, old)

    def _follow(self, each: Entry, old: Entry) -> None:
        """Somebody follows whoever stood in a role: the row is theirs from now on, with nothing of the other in it."""
        assert old.id is not None, "what stands has a row"
        self.work.append(ContactLine(each.urn, each.role, each.name, each.email, each.phone, each.verified_on, each.where[0], old.id))
        words = f"{role_word(each.role)}, {self.standing.name_of(each.urn)}"
        before, after = _said(old.name, old.email, old.phone), _said(each.name, each.email, each.phone)
        self.desk.change(Kind.CONTACTS, Verb.CHANGED, words, each.where, before=before, after=after, urn=each.urn)

    def _holders(self, urn: str, role: str, people: list[list[Entry]]) -> list[list[Entry]] | None:
        """Who holds a role that lists give to several; None while it is asked."""
        names = [one[0].name or one[0].email for one in people]
        words = f"{role_word(role)} of {self.standing.name_of(urn)}: {' or '.join(names)}?"
        choices = (*((bare_name(name), name) for name in names), ("both", "All of them"))
        question = Question(key_of("holder", urn, role, *sorted(names)), words, "", choices)
        where = [each.where for one in people for each in one if each.id is None]
        said = self.desk.ask_like(TWO_HOLDERS, question, where)
        if not said:
            return None
        if said == "both":
            return people
        if said == "last":
            chosen = max(people, key=lambda one: max(each.age for each in one))
        else:
            chosen = next((one for one, name in zip(people, names, strict=True) if bare_name(name) == said), people[-1])
        for one in people:
            for each in one:
                if one is not chosen and each.id is None:
                    self.desk.leave(each.where, f"{each.name or each.email} is not {role_word(role).lower()} any more, as was said.")
        return [chosen]

    def _person(self, one: list[Entry], old: list[Entry]) -> None:
        """One person of a role: their addresses."""
        addresses = list(dict.fromkeys(each.email for each in one if each.email))
        stands = [each for each in old if _alike(each, one[0])]
        known = list(dict.fromkeys([*(each.email for each in stands if each.email), *addresses]))
        chosen = one
        if len(known) > 1:
            said = self._addresses(one, known)
            if not said:
                return
            if said == "last":
                said = max((each for each in one if each.email), key=lambda each: each.age).email
            if said != "both":
                chosen = [each for each in one if each.email in ("", said)] or []
        for each in chosen:
            self._lay(each, old, take_over=len(known) > 1 and len(chosen) < len(known) and len(stands) == 1)

    def _addresses(self, one: list[Entry], known: list[str]) -> str:
        name, urn = one[0].name, one[0].urn
        question = Question(
            key_of("contact-address", urn, one[0].role, name, *sorted(known)),
            f"{name or role_word(one[0].role)}, {self.standing.name_of(urn)}: {' or '.join(known)}?", "",
            (*((each, each) for each in known), ("both", "All of them")),
        )  # fmt: skip
        return self.desk.ask_like(TWO_ADDRESSES, question, [each.where for each in one])

    def _lay(self, each: Entry, old: list[Entry], *, take_over: bool) -> None:
        """Lays one contact beside what stands: the same, changed or new."""
        words = f"{role_word(each.role)}, {self.standing.name_of(each.urn)}"
        exact = next((one for one in old if each.email and one.email == each.email), None)
        near = exact or next((one for one in old if _alike(one, each) and (not one.email or not each.email or take_over)), None)
        after = _said(each.name, each.email, each.phone)
        line = ContactLine(each.urn, each.role, each.name, each.email, each.phone, each.verified_on, each.where[0])
        if near is None:
            self.work.append(line)
            self.desk.change(Kind.CONTACTS, Verb.NEW, words, each.where, after=after, urn=each.urn)
            return
        stood = next((one for one in self.standing.contacts if one.id == near.id), None)
        assert stood is not None, "what stands has a row"
        whole = ContactLine(
            each.urn, each.role, each.name or stood.name, each.email or stood.email, each.phone or stood.phone,
            max(filter(None, (each.verified_on, stood.verified_on)), default=None), each.where[0], stood.id,
        )  # fmt: skip
        same = (whole.name, whole.email, whole.phone, whole.verified_on) == (stood.name, stood.email, stood.phone, stood.verified_on)
        before, after = _said(stood.name, stood.email, stood.phone), _said(whole.name, whole.email, whole.phone)
        if not same:
            self.work.append(whole)
            if before == after and whole.verified_on:
                after = f"{after}, checked {whole.verified_on:%d/%m/%Y}"
        verb = Verb.SAME if same else Verb.CHANGED
        self.desk.change(Kind.CONTACTS, verb, words, each.where, before="" if same else before, after=after, urn=each.urn)

    def close(self) -> tuple[ContactLine, ...]:
        """The contacts to enter or change."""
        return tuple(self.work)


def _alike(one: Entry, other: Entry) -> bool:
    """Whether two entries of one role are of one person: by name, or, where one has none, by address."""
    if one.name and other.name:
        return same_name(one.name, other.name)
    return bool(one.email and one.email == other.email) or not (one.name or other.name)


def _merged(entries: Sequence[Entry]) -> list[Entry]:
    """Lines that say the same as one: the fullest name, each telephone number once, the last day on which it was checked."""
    found: list[Entry] = []
    for each in entries:
        for at, known in enumerate(found):
            if _alike(known, each) and (known.email == each.email or not known.email or not each.email):
                found[at] = replace(
                    known, name=max(known.name, each.name, key=len), email=known.email or each.email, phone=known.phone or each.phone,
                    verified_on=max(filter(None, (known.verified_on, each.verified_on)), default=None), order=each.order,
                )  # fmt: skip
                break
        else:
            found.append(each)
    return found


def _people(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries put together by person, in the order in which each is first named."""
    found: list[list[Entry]] = []
    for each in entries:
        one = next((one for one in found if any(_alike(known, each) for known in one)), None)
        if one is None:
            found.append([each])
        else:
            one.append(each)
    return found


def _said(name: str, email: str, phone: str) -> str:
    return ", ".join(part for part in (name, email, phone) if part)
