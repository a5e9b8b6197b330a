"""Who a line means: somebody the partnership knows, somebody new, and never a guess where a name and an address do not agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from convenor.moving_in.rules.people import alike, bare_name, is_mailbox, name_beside_address, read_addresses
from convenor.moving_in.rules.planning import Question
from convenor.moving_in.rules.planning_desk import LEAVE, Desk, Group, Where, key_of
from convenor.moving_in.rules.planning_standing import Standing
from convenor.moving_in.rules.planning_work import Who

#: From here on two ways to write a name are taken for one person's, points of 100.
_SAME_FROM: Final = 88.0
NEW: Final = "new"

TWO_ADDRESSES: Final = Group(
    "each-person:two-addresses", "{count} people stand with two addresses or more. Which do they sign in with?",
    "One person signs in with one address. Which it is cannot be told from the files.",
    (("known", "The one the partnership has, or that came first"), ("newer", "The one that came last")),
)  # fmt: skip
TWO_PEOPLE: Final = Group(
    "each-address:of-two-people", "{count} addresses stand for two people or more. Whose are they?",
    "Nobody signs in with somebody else’s address: each of the others is then known by name alone.",
    (("first", "Whoever was named first"), ("nobody", "Nobody’s own: it is a shared mailbox")),
)  # fmt: skip


def address_of(text: str) -> str:
    """The first address in a cell, in small letters; "" where there is none."""
    return next(iter(read_addresses(text)), "")


@lru_cache(maxsize=100_000)
def same_name(one: str, other: str) -> bool:
    """Whether two ways to write a name are taken for one person's."""
    return one == other or alike(one, other) >= _SAME_FROM


@dataclass(slots=True)
class People:
    """The people of one plan. `new` are those it would add, by name and address."""

    standing: Standing
    desk: Desk
    by_address: dict[str, Who] = field(default_factory=dict)
    by_name: dict[str, list[Who]] = field(default_factory=dict)
    names: dict[str, Who] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Those the partnership knows."""
        for each in self.standing.people:
            self._know(Who(each.name, each.email, each.id))
        known = {pk: name for name, pk in self.standing.people_of_constitution.items()}
        self.names |= {name: Who(name, "", pk) for pk, name in known.items()}

    def _know(self, who: Who) -> Who:
        if who.email:
            self.by_address.setdefault(who.email, who)
        self.by_name.setdefault(bare_name(who.name), []).append(who)
        return who

    def of(self, name: str, email: str, where: Where) -> Who | None:
        """The person of a name and address; None while it is asked, or where the line is left out."""
        said, address = " ".join((name.strip() or name_beside_address(email)).split()), address_of(email)
        if not said:
            self.desk.leave(where, "It names nobody.")
            return None
        if address and is_mailbox(address):
            self.desk.tell(f"{address} is read by several people, so nobody signs in with it: {said} is brought by name alone.")
            address = ""
        owner = self.by_address.get(address) if address else None
        if owner is not None and same_name(owner.name, said):
            return owner
        if owner is not None:
            return self._of_two(owner, said, address, where)
        named = self.by_name.get(bare_name(said), [])
        if not named:
            return self._know(Who(said, address))
        if len(named) > 1:
            return self._which(named, said, address, where)
        if not address or not named[0].email:
            return named[0] if not address or named[0].id is not None else self._completed(named[0], address)
        return self._two_addresses(named[0], said, address, where)

    def _completed(self, who: Who, address: str) -> Who:
        """Somebody new whom an earlier line named without an address."""
        whole = Who(who.name, address)
        self.by_name[bare_name(who.name)] = [whole if each is who else each for each in self.by_name[bare_name(who.name)]]
        self.by_address[address] = whole
        self.completed[who.key] = whole
        return whole

    completed: dict[tuple[str, str, int], Who] = field(default_factory=dict)

    def last(self, who: Who) -> Who:
        """The person as all lines together know them."""
        return self.completed.get(who.key, who)

    def _of_two(self, owner: Who, name: str, address: str, where: Where) -> Who | None:
        """One address, two people."""
        question = Question(
            key_of("address", address, name), f"{address} stands for {owner.name} and for {name}. Whose is it?", "",
            (("first", owner.name), ("second", name), ("same", f"They are one person: {owner.name}"), ("nobody", "A shared mailbox")),
        )  # fmt: skip
        said = self.desk.ask_like(TWO_PEOPLE, question, [where])
        if not said:
            return None
        if said == "same":
            return owner
        if said == "second" and owner.id is None:
            self.completed[owner.key] = Who(owner.name, "")
            who = Who(name, address)
            self.by_address[address] = who
            return self._know(who)
        if said == "nobody" and owner.id is None:
            self.completed[owner.key] = Who(owner.name, "")
        return self._nameless(name)

    def _nameless(self, name: str) -> Who:
        """Somebody known by name alone."""
        named = [each for each in self.by_name.get(bare_name(name), []) if not each.email]
        return named[0] if named else self._know(Who(name, ""))

    def _two_addresses(self, known: Who, name: str, address: str, where: Where) -> Who | None:
        """One name, two addresses."""
        question = Question(
            key_of("person", name, known.email, address), f"{name} stands with {known.email} and with {address}. Which is right?", "",
            (("known", f"{known.email}"), ("newer", f"{address}"), (NEW, "They are two people of one name")),
        )  # fmt: skip
        said = self.desk.ask_like(TWO_ADDRESSES, question, [where])
        if not said:
            return None
        if said == NEW:
            return self._know(Who(name, address))
        self.by_address.setdefault(address, known)
        if said == "newer" and known.id is None:
            whole = Who(known.name, address)
            self.completed[known.key] = whole
            self.by_name[bare_name(name)] = [whole if each is known else each for each in self.by_name[bare_name(name)]]
            self.by_address[known.email] = self.by_address[address] = whole
            return whole
        if said == "newer":
            self.desk.tell(f"{known.name} signs in with {known.email} and changes that on their own account page.")
        return known

    def _which(self, named: list[Who], name: str, address: str, where: Where) -> Who | None:
        """Several people of one name."""
        choices = tuple(
            (each.email or str(each.id or number), f"{each.name}, {each.email or 'no address'}") for number, each in enumerate(named)
        )
        key = key_of("person", name, address, *sorted(value for value, _ in choices))
        question = Question(key, f"Which {name} is meant?", "", (*choices, (NEW, "Somebody else"), (LEAVE, "Leave the line out")))
        said = self.desk.ask(question, [where])
        if said == LEAVE:
            self.desk.leave(where, f"You said to leave {name} out.")
        if said == NEW:
            return self._know(Who(name, address))
        return next((who for who, (value, _) in zip(named, choices, strict=True) if value == said), None)

    def seated(self, who: Who) -> str:
        """The name by which the constitution knows somebody: their own, with a number where another has it already."""
        for name, known in self.names.items():
            if known.key == who.key or (who.id is not None and known.id == who.id):
                return name
        name, number = who.name, 2
        while name in self.names:
            name, number = f"{who.name} ({number})", number + 1
        self.names[name] = who
        return name

    def seated_people(self) -> tuple[tuple[str, Who], ...]:
        """The person behind each name that the constitution has or would have."""
        return tuple((name, self.last(who)) for name, who in self.names.items())
