"""Which school a line means: taken where the register leaves no doubt, asked once for all lines that say the same where it does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from convenor.moving_in.rules.planning import Question
from convenor.moving_in.rules.planning_desk import LEAVE, Desk, Group, Where, key_of
from convenor.moving_in.rules.planning_standing import Standing

SCHOOL_KEYS: Final = ("urn", "laestab", "school", "postcode", "town")
OUTSIDE: Final = "outside:areas"
JOIN: Final = "join:members"
NUMBER_AND_NAME: Final = Group(
    "each-school:number-and-name", "{count} lines carry the number of one school and the name of another. Which is right?",
    "A number is a slip of the hand more often than a whole name is; every line can be asked of by itself.",
    (("name", "The school that the name says"), ("number", "The school that the number says"), (LEAVE, "Leave all of them out")),
)  # fmt: skip
_URN: Final = re.compile(r"\d{6}")


@dataclass(slots=True)
class Schools:
    """The schools of one plan: each set of words is matched once."""

    standing: Standing
    desk: Desk
    known: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)
    outside: dict[str, list[Where]] = field(default_factory=dict)
    joining: dict[str, list[Where]] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)

    def of(self, values: Mapping[str, str], where: Where) -> str:
        """The URN that a line means, "" while it is not known: then the line waits for an answer, or is left out with the reason."""
        said = tuple(" ".join(values.get(key, "").split()) for key in SCHOOL_KEYS)
        if not any(said[:3]):
            self.desk.leave(where, "It names no school.")
            return ""
        if said not in self.known:
            self.known[said] = self._matched(dict(zip(SCHOOL_KEYS, said, strict=True)))
        urn, key = self.known[said]
        if key:
            self.desk.note(key, where)
        if key in self.left and not urn:
            self.desk.leave(where, "You said that its school is none of the register’s.")
        return self._wanted(urn, where) if urn else ""

    def member(self, values: Mapping[str, str], where: Where) -> str:
        """The same, for what only a member school can have: one that is not a member yet is asked about, once for all of them."""
        urn = self.of(values, where)
        if not urn or urn in self.standing.members:
            return urn
        self.joining.setdefault(urn, []).append(where)
        said = self.desk.said.get(JOIN, "")
        if said == LEAVE:
            self.desk.leave(where, f"{self.standing.name_of(urn)} is no member of the partnership, and you said that it does not join.")
        return urn if said == "join" else ""

    def _matched(self, values: Mapping[str, str]) -> tuple[str, str]:
        """URN and key of the question, one of them empty or, where an answer says it, both."""
        found = self.standing.register.match(dict(values))
        if found.sure and found.urn:
            self.desk.tell(found.told)
            return found.urn, ""
        # The name is the question: lines that say the same of a school with another number wait together.
        key = key_of("school", *(values[each] for each in SCHOOL_KEYS))
        choices = tuple((each.urn, f"{each.name} ({each.urn}){': ' + each.why if each.why else ''}") for each in found.candidates[:6])
        words = ", ".join(part for part in (values["school"], values["town"], values["postcode"]) if part) or "No name"
        numbers = ", ".join(f"{name} {values[name_key]}" for name, name_key in (("URN", "urn"), ("LAESTAB", "laestab")) if values[name_key])
        question = Question(
            key, f"Which school is “{words}”{' (' + numbers + ')' if numbers else ''}?", found.told,
            (*choices, (LEAVE, "None of these: leave the lines out")), free=True,
        )  # fmt: skip
        of_two = len(found.candidates) == 2 and found.how in ("urn", "laestab") and "name" in found.candidates[1].why
        said = self.desk.ask_like(NUMBER_AND_NAME, question) if of_two else self.desk.ask(question)
        if said in ("name", "number") and of_two:
            said = found.candidates[said == "name"].urn
        if not said or said == LEAVE:
            self.left |= {key} if said else set()
            return "", key
        urn = said if said in dict(choices) else self._typed(said)
        if not urn:
            self.desk.again(key, f"“{said}” is not the URN of a school that the register knows. Type its six digits, or choose.")
        return urn, key

    def _typed(self, said: str) -> str:
        number = _URN.search(said)
        found = self.standing.register.match({"urn": number[0]}) if number else None
        return found.urn if found is not None and found.sure and found.urn else ""

    def _wanted(self, urn: str, where: Where) -> str:
        """The school, unless it lies outside the partnership's areas and nobody said yet that it is meant."""
        about = self.standing.schools.get(urn)
        if urn in self.standing.members or about is None or about.inside:
            return urn
        self.outside.setdefault(urn, []).append(where)
        said = self.desk.said.get(OUTSIDE, "")
        if said == LEAVE:
            self.desk.leave(where, f"{about.name} lies outside the partnership’s areas, and you said to leave such schools out.")
        return urn if said == "bring" else ""

    def close(self) -> None:
        """Lays down the questions that were gathered for all lines together."""
        if self.outside:
            names = _listed([self.standing.name_of(urn) for urn in self.outside])
            self.desk.ask(
                Question(
                    OUTSIDE, f"{names}: outside the partnership’s areas. Are they meant?",
                    "They may belong to another partnership. A school may belong to several.",
                    (("bring", "Yes, bring their lines"), (LEAVE, "No, leave their lines out")),
                ),
                [line for lines in self.outside.values() for line in lines],
            )  # fmt: skip
        if self.joining:
            names = _listed([self.standing.name_of(urn) for urn in self.joining])
            count = len(self.joining)
            self.desk.ask(
                Question(
                    JOIN, f"{count} school{'' if count == 1 else 's'} in these files {'is' if count == 1 else 'are'} not recorded as "
                    f"{'a member' if count == 1 else 'members'} yet: {names}. Record that they join?",
                    "Only member schools have contacts and clusters here. Membership is open to schools of every type.",
                    (("join", "Yes, they join today"), (LEAVE, "No, leave their lines out")),
                ),
                [line for lines in self.joining.values() for line in lines],
            )  # fmt: skip

    def joined(self) -> tuple[str, ...]:
        """The schools that join with this plan, in the order in which the files name them."""
        return tuple(self.joining) if self.desk.said.get(JOIN) == "join" else ()


def _listed(names: list[str]) -> str:
    """The first few names, and how many more."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
