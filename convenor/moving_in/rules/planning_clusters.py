"""Clusters and alliances: which bodies there are, which schools sit in them, who leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from rapidfuzz.distance import OSA

from convenor.moving_in.rules.constitution import Draft
from convenor.moving_in.rules.kinds import Kind, folded
from convenor.moving_in.rules.planning import Question
from convenor.moving_in.rules.planning_desk import LEAVE, Desk, Group, Where, key_of
from convenor.moving_in.rules.planning_people import People
from convenor.moving_in.rules.planning_schools import Schools
from convenor.moving_in.rules.planning_standing import Brought, Standing
from convenor.moving_in.rules.states import Verb
from convenor.partnership.rules.constitution import Appointment, in_force

#: Names of so many letters may hold two slips of the hand, shorter ones only one.
LONG: Final = 8
NEW: Final = "new"
_SAID_OF_ALL: Final = frozenset({"cluster", "the", "group", "alliance"})

TWO_CLUSTERS: Final = Group(
    "each-clusters:of-a-school", "{count} schools stand in two clusters or more. Which is theirs?",
    "A school belongs to one cluster at a time, as lists have it.",
    (("last", "The one named last"), ("first", "The one named first"), ("all", "All that are named")),
)  # fmt: skip


#: A name that stands in so many lines or fewer may be a slip of the hand.
FEW: Final = 2


def almost(one: str, other: str) -> bool:
    """Whether two different names may be one, written with a slip of the hand: a letter or two more, fewer, other or swapped."""
    return one != other and OSA.distance(one, other) <= (1 if max(len(one), len(other)) < LONG else 2)


def _without(name: str, usual: set[str]) -> str:
    return " ".join(word for word in name.split() if word not in usual)


def plain(name: str) -> str:
    """A body's name without the words that all such names have: "The Vale Cluster" is "vale"."""
    words = [word for word in folded(name).split() if word not in _SAID_OF_ALL]
    return " ".join(words) or folded(name)


@dataclass(slots=True)
class Clusters:
    """The clusters of one plan."""

    standing: Standing
    desk: Desk
    schools: Schools
    people: People
    draft: Draft
    wanted: dict[str, list[tuple[str, str, Where]]] = field(default_factory=dict)
    leads: dict[str, tuple[str, Where]] = field(default_factory=dict)
    found: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, sheets: Iterable[Brought]) -> None:
        """Takes in every line of these sheets."""
        sheets = tuple(sheets)
        written = [line.values.get(key, "") for sheet in sheets for line in sheet.lines for key in ("cluster",)]
        for sheet in sheets:
            for line in sheet.lines:
                self._line(sheet, dict(line.values), sheet.where(line), written)
        for urn, named in self.wanted.items():
            self._school(urn, named)
        for body, (name, where) in self.leads.items():
            self._lead(body, name, where)

    def _line(self, sheet: Brought, values: dict[str, str], where: Where, written: list[str]) -> None:
        name = " ".join(values.get("cluster", "").split())
        if not name:
            self.desk.leave(where, "It names no cluster.")
            return
        urn = self.schools.member(values, where)
        if not urn:
            return
        above = ""
        if values.get("alliance", "").strip():
            above = self._body(values["alliance"], "alliance", where, [])
        body = self._body(name, "cluster", where, written, above)
        if not body:
            return
        self.wanted.setdefault(urn, []).append((body, name, where))
        if values.get("lead", "").strip():
            self.leads.setdefault(body, (" ".join(values["lead"].split()), where))

    def _body(self, name: str, kind: str, where: Where, written: list[str], above: str = "") -> str:
        """The body that a name means, made where there is none; "" while it is asked which."""
        said = plain(name)
        if (kind, said) in self.found:
            known = self.found[kind, said]
            return known or self._asked(name, kind, where, above)
        standing = {plain(each.name): each.id for each in self.draft.bodies() if each.kind == kind}
        if said in standing:
            self.found[kind, said] = standing[said]
            return standing[said]
        if self._misspelt(said, [*standing], written):
            self.found[kind, said] = ""
            return self._asked(name, kind, where, above)
        return self._made(name, kind, where, above)

    def _misspelt(self, said: str, standing: list[str], written: list[str]) -> bool:
        """Whether a name of few lines is almost that of a body that stands, or of one that many lines name.

        Words that many of the names share, such as "learning community", tell none from another and are passed over.
        """
        counts = Counter(plain(each) for each in written if each)
        shared = Counter(word for each in {*counts, *standing} for word in set(each.split()))
        usual = {word for word, times in shared.items() if times > 2}
        own = _without(said, usual)
        if not own or counts[said] > FEW:
            return False
        others = {_without(each, usual) for each in standing if each not in counts} | {
            _without(each, usual) for each, times in counts.items() if each != said and times > counts[said]
        }
        return any(almost(own, each) for each in others - {""})

    def _made(self, name: str, kind: str, where: Where, above: str) -> str:
        body = self.draft.add_body(name, kind, above)
        self.found[kind, plain(name)] = body
        self.desk.change(Kind.CLUSTERS, Verb.NEW, f"{kind.capitalize()} {name}", where, after=self._reports(body))
        return body

    def _reports(self, body: str) -> str:
        above = self.draft.body(body).reports_to
        return f"reports to {self.draft.body(above).name}" if above else "reports to nobody yet"

    def _asked(self, name: str, kind: str, where: Where, above: str) -> str:
        """Asks whether a name that is almost another's is that other."""
        said = plain(name)
        known = {each.id: each.name for each in self.draft.bodies() if each.kind == kind}
        others = get_close_matches(said, [plain(each) for each in known.values()], 3, 0.6)
        choices = [(key, f"It is {title}") for key, title in known.items() if plain(title) in others]
        key = key_of("body", kind, name)
        said_now = self.desk.said.get(key, "")
        question = Question(
            key, f"“{name}”: is it a {kind} of its own?", "Its name is almost another’s.",
            (*choices, (NEW, f"Yes, a {kind} of its own"), (LEAVE, "Leave its lines out")), free=said_now in known,
        )  # fmt: skip
        answer = self.desk.ask(question, [where])
        if answer == LEAVE:
            self.desk.leave(where, f"You said to leave “{name}” out.")
            return ""
        if answer == NEW:
            body = self._made(name, kind, where, above)
            self.found[kind, said] = body
            return body
        if answer in known:
            self.found[kind, said] = answer
        return answer if answer in known else ""

    def _school(self, urn: str, named: list[tuple[str, str, Where]]) -> None:
        """In which clusters a school is to sit, and how that differs from where it sits."""
        bodies = list(dict.fromkeys(body for body, _, _ in named))
        where = named[-1][2]
        if len(bodies) > 1:
            names = " and ".join(self.draft.body(each).name for each in bodies)
            choices = (*((each, self.draft.body(each).name) for each in bodies), ("all", "All of them"))
            question = Question(
                key_of("clusters", urn, *bodies), f"{self.standing.name_of(urn)} stands in {names}. Which is right?", "", choices
            )  # fmt: skip
            said = self.desk.ask_like(TWO_CLUSTERS, question, [each[2] for each in named])
            if not said:
                return
            bodies = {"last": bodies[-1:], "first": bodies[:1], "all": bodies}.get(said, [said])
        before = self.draft.bodies_of(urn)
        kinds = {each.id: each.kind for each in self.draft.made.bodies}
        old = [each for each in before if kinds.get(each) == "cluster"]
        others = [each for each in before if kinds.get(each) != "cluster"]
        joins = "" if urn in self.standing.members else " joins"
        words, after = f"{self.standing.name_of(urn)}{joins}", ", ".join(self.draft.body(each).name for each in bodies)
        if set(old) == set(bodies):
            self.desk.change(Kind.CLUSTERS, Verb.SAME, words, where, after=after, urn=urn)
            return
        said_before = ", ".join(self.draft.body(each).name for each in old)
        self.desk.change(Kind.CLUSTERS, Verb.CHANGED if old else Verb.NEW, words, where, before=said_before, after=after, urn=urn)
        self.draft.place(urn, (*others, *bodies))

    def _lead(self, body_id: str, name: str, where: Where) -> None:
        """The lead of a cluster, who holds its seat for one: a person; the name of a school is only told."""
        body = self.draft.body(body_id)
        if self.schools.standing.register.match({"school": name}).sure:
            self.desk.tell(f"{body.name} is led by {name}: say who leads there once its head has come in.")
            return
        who = self.people.of(name, "", where)
        if who is None:
            return
        seat = next((each.id for each in body.seats if each.part.value == "lead"), "") or self.draft.add_seat(body_id, "Cluster lead", 1)
        on = self.standing.on
        sitting = [
            each for each in self.draft.made.appointments if each.body == body_id and each.seat == seat and in_force(each, on)
        ]  # fmt: skip
        if any(folded(each.person) == folded(who.name) for each in sitting):
            self.desk.change(Kind.CLUSTERS, Verb.SAME, f"Lead of {body.name}", where, after=who.name)
        elif sitting:
            self.desk.tell(
                f"{body.name} is led by {sitting[0].person} here; the file says {who.name}. End the one before the other begins."
            )
        else:
            self.desk.change(Kind.CLUSTERS, Verb.NEW, f"Lead of {body.name}", where, after=who.name)
            self.draft.appoint(Appointment(body_id, seat, self.people.seated(who)))
