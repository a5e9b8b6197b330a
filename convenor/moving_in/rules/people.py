"""Which person a line means. One person with two addresses and one address of two people are asked, never guessed; a mailbox of an office
(`head@`, `office@`) is nobody's own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from convenor.registers.rules.spelling import fold

#: From here on two names are likely one person's, points of 100.
_SAME_FROM: Final = 88.0
_TITLES: Final = frozenset({
    "mr", "mrs", "ms", "miss", "dr", "prof", "professor", "rev", "revd", "reverend", "sir", "dame", "cllr", "councillor", "fr",
    "father", "sister", "sr", "mx", "canon",
    "lady", "lord", "mbe", "obe", "cbe", "npqh", "phd", "jp", "esq", "hon", "the", "ba", "ma", "bsc", "msc",
})  # fmt: skip
_MAILBOXES: Final = frozenset({
    "head", "headteacher", "head.teacher", "ht", "principal", "office", "admin", "administrator", "enquiries", "enquiry", "info",
    "reception", "secretary", "clerk", "chair",
    "chairofgovernors", "cog", "governors", "governor", "senco", "sendco", "sen", "send", "finance", "bursar", "sbm", "businessmanager",
    "business", "contact", "mail", "email",
    "school", "schooloffice", "theoffice", "hello", "post", "general", "accounts", "staff", "team", "dsl", "safeguarding", "pa",
    "executivehead", "execheadteacher", "deputy",
    "deputyhead", "inclusion", "exechead", "headspa", "mainoffice", "admissions", "attendance", "hr", "recruitment", "invoices",
    "clerktogovernors", "headofschool", "postmaster",
    "noreply", "nursery", "receptionist", "manager", "office1", "admin1", "help", "support", "primary", "academy",
})  # fmt: skip
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&*+/=?^_`{|}~'-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")
_WITH_NAME: Final = re.compile(r"^\s*\"?([^\"<>@]{2,80}?)\"?\s*<")


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody the system knows, with every address they have; `key` is whatever the caller knows them by."""

    key: str
    name: str
    emails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """Who a line means. `key` is the known person, empty for nobody known; it may be taken without asking only where `sure`.

    `how`: email, name, new, mailbox, none. `candidates` are keys with names; `told` are words for the page.
    """

    key: str
    how: str
    sure: bool
    candidates: tuple[tuple[str, str], ...]
    told: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about people that only the person who brings the file can say: `kind` is two-addresses or two-people."""

    kind: str
    name: str
    email: str
    numbers: tuple[int, ...]
    told: str


def read_addresses(text: str) -> tuple[str, ...]:
    """The e-mail addresses in a cell, in lower case and in order: "Ann Bee <a.bee@x.org>; office@x.org" has two."""
    plain = text.replace("mailto:", " ").replace("[at]", "@").replace("(at)", "@")
    return tuple(dict.fromkeys(found[0].strip("'.").lower() for found in _ADDRESS.finditer(plain)))


def name_beside_address(text: str) -> str:
    """The name in "Ann Bee <a.bee@x.org>"; empty where there is none."""
    found = _WITH_NAME.match(text)
    return found[1].strip() if found else ""


def is_mailbox(email: str) -> bool:
    """Whether an address is a role's, read by several people: head@, office@, clerk.fern@ ..."""
    local = email.partition("@")[0].lower()
    bare = re.sub(r"[^a-z]", "", local)
    first = re.split(r"[._-]", local)[0]
    return local in _MAILBOXES or bare in _MAILBOXES or (first in _MAILBOXES and len(first) > 2)


def bare_name(text: str) -> str:
    """A name without titles and letters after it, surname last: "BEE, Mrs Ann MBE" is "ann bee"."""
    plain = text.split("(")[0]
    if plain.count(",") == 1:
        last, first = plain.split(",")
        if len([word for word in fold(first).split() if word not in _TITLES]) and len(fold(last).split()) <= 3:
            plain = f"{first} {last}"
    return " ".join(word for word in fold(plain).split() if word not in _TITLES)


def alike(one: str, other: str) -> float:
    """How likely two written names are one person's, 0 to 100: initials and short forms of a first name count as nearly the same."""
    left, right = bare_name(one).split(), bare_name(other).split()
    if not left or not right:
        return 0.0
    if left == right:
        return 100.0
    if left[-1] == right[-1] and len(left) > 1 and len(right) > 1:
        if left[0][0] == right[0][0] and (
            min(len(left[0]), len(right[0])) == 1 or left[0].startswith(right[0]) or right[0].startswith(left[0])
        ):
            return 92.0
        return fuzz.ratio(left[0], right[0]) * 0.6 + 36
    return fuzz.token_sort_ratio(" ".join(left), " ".join(right)) * 0.95


class People:
    """Those known, ready to be matched with."""

    def __init__(self, known: Iterable[KnownPerson]) -> None:
        """Index by address and by surname."""
        self.known = {person.key: person for person in known}
        self._by_email: dict[str, list[KnownPerson]] = defaultdict(list)
        self._by_surname: dict[str, list[KnownPerson]] = defaultdict(list)
        for person in self.known.values():
            for email in person.emails:
                self._by_email[email.lower()].append(person)
            words = bare_name(person.name).split()
            if words:
                self._by_surname[words[-1]].append(person)

    def match(self, name: str, email: str) -> PersonMatch:
        """The person of a name and an address, either of which may be empty."""
        addresses = read_addresses(email)
        name = name.strip() or name_beside_address(email)
        if len(addresses) > 1:
            return self._asked(
                name, addresses[0], f"'{email[:80]}' holds {len(addresses)} addresses. Which is {name or 'the right one'}?", "email"
            )
        address = addresses[0] if addresses else ""
        if email.strip() and not address:
            return self._asked(name, "", f"'{email[:60]}' is not an e-mail address.", "name" if name else "none")
        if address and is_mailbox(address):
            return self._mailbox(name, address)
        if address in self._by_email:
            return self._of_address(name, address)
        return self._of_name(name, address)

    def _mailbox(self, name: str, address: str) -> PersonMatch:
        told = f"{address} is a mailbox that several people may read, so it says nothing about who {name or 'this'} is."
        candidates = self._named(name)
        return PersonMatch("", "mailbox", False, candidates, told)

    def _of_address(self, name: str, address: str) -> PersonMatch:
        """Somebody has this address already."""
        holders = self._by_email[address]
        if len(holders) == 1 and (not bare_name(name) or alike(name, holders[0].name) >= _SAME_FROM):
            return PersonMatch(holders[0].key, "email", True, ((holders[0].key, holders[0].name),), "")
        names = " and ".join(person.name for person in holders[:3])
        told = f"{address} is the address of {names}. Is {name or 'this'} the same person, or do two people share the address?"
        return PersonMatch(holders[0].key, "email", False, tuple((person.key, person.name) for person in holders), told)

    def _of_name(self, name: str, address: str) -> PersonMatch:
        """Nobody has this address: a person of the same name may have another."""
        if not bare_name(name):
            told = f"{address} is known by its address alone." if address else "Nobody is named."
            return PersonMatch("", "new" if address else "none", bool(address), (), told)
        candidates = self._named(name)
        if not candidates:
            return PersonMatch("", "new", True, (), "")
        key, known = candidates[0]
        if not address and len(candidates) == 1 and bare_name(name) == bare_name(known):
            return PersonMatch(key, "name", True, candidates, "")
        held = ", ".join(self.known[key].emails[:2]) or "no address"
        told = f"{known} is known with {held}. Is {name}{f' with {address}' if address else ''} the same person?"
        return PersonMatch(key, "name", False, candidates, told)

    def _asked(self, name: str, address: str, told: str, how: str) -> PersonMatch:
        holders = tuple((person.key, person.name) for person in self._by_email.get(address, ()))
        return PersonMatch("", how, False, holders or self._named(name), told)

    def _named(self, name: str) -> tuple[tuple[str, str], ...]:
        """Known people of such a name, the likest first."""
        words = bare_name(name).split()
        if not words:
            return ()
        near = {person.key: person for person in self._by_surname.get(words[-1], ())}
        scored = sorted(((alike(name, person.name), person) for person in near.values()), key=lambda one: (-one[0], one[1].key))
        return tuple((person.key, person.name) for score, person in scored if score >= _SAME_FROM)


def doubts(entries: Iterable[tuple[int, str, str]]) -> tuple[Doubt, ...]:
    """What lines (number, name, address) say of people that cannot all be so: a name with two addresses, an address with two names.

    Mailboxes of offices are passed over: several people read them. Titles, initials and spelling do not make two people.
    """
    by_name: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    by_email: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    shown: dict[str, str] = {}
    for number, name, email in entries:
        addresses = [each for each in read_addresses(email) if not is_mailbox(each)]
        bare = bare_name(name)
        if not addresses or not bare:
            continue
        shown.setdefault(bare, name.strip())
        for address in addresses:
            by_name[bare][address].append(number)
            by_email[address][bare].append(number)
    found = []
    for bare, held in by_name.items():
        if len(held) > 1 and " " in bare:
            numbers = tuple(sorted({each for lines in held.values() for each in lines}))
            told = (
                f"{shown[bare]} stands with {len(held)} addresses: {', '.join(sorted(held))}. Is that one person, and which "
                f"address is right?"
            )
            found.append(Doubt("two-addresses", shown[bare], sorted(held)[0], numbers, told))
    for email, names in by_email.items():
        people = _distinct(list(names))
        if len(people) > 1:
            numbers = tuple(sorted({each for lines in names.values() for each in lines}))
            told = f"{email} stands with {len(people)} names: {', '.join(shown[each] for each in people)}. Whose is it?"
            found.append(Doubt("two-people", shown[people[0]], email, numbers, told))
    return tuple(found)


def _distinct(names: list[str]) -> list[str]:
    """The names that are not ways to write one of those before."""
    kept: list[str] = []
    for name in names:
        if all(alike(name, each) < _SAME_FROM for each in kept):
            kept.append(name)
    return kept
