"""What a person may decide on each thing that was found, and what has to be said with it. Nothing here advises, and nothing is decided by
the machine: it asks for words where words are needed, and marks what names other people so that somebody looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from convenor.records.rules.refusals import NoWords, OutOfTurn

MOST_WORDS: Final = 4000
MOST_TITLE: Final = 200


class Decision(StrEnum):
    """What becomes of one thing that was found."""

    DISCLOSE = "disclose"
    PART = "part"
    WITHHOLD = "withhold"
    NOT_HELD = "not-held"


DECISION_SAYS: Final = {
    Decision.DISCLOSE: "Disclose it",
    Decision.PART: "Disclose it in part",
    Decision.WITHHOLD: "Withhold it",
    Decision.NOT_HELD: "Not held",
}
#: In the list that goes to the asker.
DECIDED_SAYS: Final = {
    Decision.DISCLOSE: "disclosed",
    Decision.PART: "disclosed in part",
    Decision.WITHHOLD: "withheld",
    Decision.NOT_HELD: "not held",
}
#: Decisions that need the law's words, as whoever decides puts them.
NEEDS_WHY: Final = frozenset({Decision.PART, Decision.WITHHOLD})


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision in order: with its reason where it needs one, and the fields that are left out where only a part is disclosed."""

    decision: Decision
    why: str
    note: str
    left_out: tuple[str, ...]


def decide(
    decision: Decision, *, why: str, note: str, left_out: Sequence[str] = (), fields: Sequence[str] = (), many: bool = False
) -> Decided:
    """A decision, checked. `fields` are those the record has; `many`: it is taken on several at once, where no part can be left out.

    Raises NoWords without the exemption or restriction in the decider's own words where something is kept back, or with too many words;
    OutOfTurn for a part of which nothing or everything is left out.
    """
    why, note = why.strip(), note.strip()
    if max(len(why), len(note)) > MOST_WORDS:
        raise NoWords(f"At most {MOST_WORDS} letters. Nothing was changed.")
    if decision in NEEDS_WHY and not why:
        raise NoWords(
            "Say in your own words which exemption or restriction you rely on, and why it applies here: whoever asked may have it looked "
            "at again. Nothing was changed."
        )
    kept_back = tuple(name for name in fields if name in set(left_out))
    if decision is Decision.PART and many:
        raise OutOfTurn("What is left out differs from record to record: decide on each by itself. Nothing was changed.")
    if decision is Decision.PART and len(kept_back) in (0, len(fields)):
        raise OutOfTurn("Tick the lines that are left out: some of them, and not all. Nothing was changed.")
    return Decided(decision, why if decision in NEEDS_WHY else "", note, kept_back if decision is Decision.PART else ())


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a subject access request is about, as records name them. `key` is "" where nobody known is meant."""

    key: str = ""
    names: tuple[str, ...] = ()

    def is_named_by(self, words: str) -> bool:
        """Whether the words hold one of their names or addresses."""
        said = words.casefold()
        return any(name.casefold() in said for name in self.names if name)


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a record as it was found. `person` is a key of a person, where it leads to one."""

    name: str
    label: str
    value: str
    privacy: str = ""
    person: str = ""
    free_words: bool = False


NAMES_OTHERS: Final = "names somebody else"
READ_IT: Final = "written in free words: read it for names"


def marks(fields: Iterable[Field], subject: Subject) -> dict[str, str]:
    """Which lines hold, or may hold, what is personal to somebody else, and why: for a person to look at. Nothing is taken out by this.

    A line is marked when it leads to another person, when its table counts it as personal and it does not name the asker, or when it is
    written in free words, in which anybody may be named.
    """
    found: dict[str, str] = {}
    for each in fields:
        if not each.value:
            continue
        if each.person:
            if each.person != subject.key:
                found[each.name] = NAMES_OTHERS
        elif each.privacy == "personal" and not subject.is_named_by(each.value):
            found[each.name] = NAMES_OTHERS
        elif each.free_words:
            found[each.name] = READ_IT
    return found


def disclosed(fields: Iterable[Mapping[str, Any]], left_out: Iterable[str]) -> list[dict[str, Any]]:
    """The lines that go to the asker; those left out say so in their place."""
    gone = set(left_out)
    return [dict(each) | ({"value": "(left out)"} if each["name"] in gone else {}) for each in fields]


def letter(*, asker: str, partnership: str, received: str, counts: Mapping[Decision, int], words: str, about_asker: bool) -> str:
    """The first draft of the letter to the asker: what was asked, and what becomes of what was found, in numbers. Somebody writes on.

    `received` is the day in words; `about_asker`: they asked for what is held about themselves. It states what was decided and how to ask
    again; why anything is withheld stands in the list beside it.
    """
    said = [f"{count} {DECIDED_SAYS[each]}" for each in Decision if (count := counts.get(each, 0))]
    beside = " What is held about you is in the files beside it." if about_asker else ""
    return "\n\n".join(
        (
            f"Dear {asker}",
            f"You wrote to {partnership}, and we received it on {received}. You asked: {words.strip()}",
            f"We looked for what is held. Of what was found: {', '.join(said) or 'nothing is held'}. The list says this of each record, "
            f"and why anything is withheld.{beside}",
            "If you think this is wrong, write to us and somebody else will look at it again. You may also complain to the Information "
            "Commissioner (https://ico.org.uk/make-a-complaint/).",
            "Yours sincerely",
        )
    )
