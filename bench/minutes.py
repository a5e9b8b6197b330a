"""What a whole cycle of peer review, and a package of support, ask of those who take part, in minutes, beside the same by e-mail and forms.

    python -m bench.minutes [reviews|support|consultation]

Runs the browser journeys of one review from its question to its last day (`tests/functional/test_peer_review_cycle.py`) and of one package
of support from the asking to two terms later (`tests/functional/test_support_cycle.py`), and of a head's answer to a consultation
(`tests/functional/test_consultation_answer.py`), in which the browser counts pages, presses, typed
characters and words, and turns them into minutes by the keystroke-level model (`web/todo.py`). The baselines are *estimates*: nobody was
watched. They are the same with Word forms and e-mail, written down below step by step as operators of the same model, typing the same words
of substance as the journeys do, and leaving out what such a cycle does not have (what is expected, access that is taken back). Thinking
about what to write, visits themselves and the workshop are in neither.

`room` is a diamond on a phone in a workshop (`tests/functional/test_phone_in_the_room.py`), beside the same as a web form of nine lists.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.functional.effort import HEADER, Effort, total

ROOT = Path(__file__).resolve().parent.parent
#: Each journey, and the setting that names the file for its counts.
JOURNEYS = {
    "reviews": ("tests/functional/test_peer_review_cycle.py", "CONVENOR_MINUTES"),
    "support": ("tests/functional/test_support_cycle.py", "CONVENOR_SUPPORT_MINUTES"),
    "consultation": ("tests/functional/test_consultation_answer.py", "CONVENOR_CONSULTATION_MINUTES"),
}
#: What a broker does once the package is agreed.
AFTER_IT = "after it"
NOTE = "write a note of visit"
ON_THE_VISIT = "on the visit"
SIGN_IN = "sign in, by a link"
#: A session lasts a fortnight. A host's tasks fall into six of them: the answer; the question; self-review, agenda and expectation;
#: the check and the priorities, each a fortnight or so after the visit; six months on, the lead let in, and the end.
AGAIN = {"host": 5, "lead reviewer": 3, "reviewer": 1, "improvement champion": 0}


@dataclass(frozen=True, slots=True)
class ByHand:
    """One step with e-mail and forms: presses, fields typed into, characters, beside `substance`, those that the journey types for the
    same."""

    what: str
    presses: int
    fields: int
    characters: int
    substance: str = ""


#: A form's head, filled in anew each time: school, URN, head, telephone, date.
HEAD = (5, 75)
#: Open the letter, open its form; save it under a name; answer, attach, choose the file, send. A line of words with it.
OPEN, KEEP, SEND, LINE = 3, 3, 5, 60
BY_HAND: tuple[ByHand, ...] = (
    ByHand("answer the round: a form, its head, days in words", OPEN + KEEP + SEND, HEAD[0] + 3, HEAD[1] + 90 + LINE),
    ByHand("agree a date: three letters there and back", 9, 3, 3 * 120),
    ByHand("ask the question: a form and its head", OPEN + KEEP + SEND, HEAD[0] + 2, HEAD[1] + LINE, "ask the question"),
    ByHand("look up 13 published figures on three sites and copy them", 3 * 4 + 13 * 2, 13, 13 * 6),
    ByHand(
        "write the self-review in its form, send it to four people", OPEN + KEEP + SEND + 4, HEAD[0] + 6, HEAD[1] + 4 * 12 + LINE,
        "write and share the self-review",
    ),
    ByHand("type an agenda of seven rows: what, when, who", OPEN + KEEP + SEND + 4, 21, 7 * (30 + 11 + 14) + LINE),
    ByHand("check the draft: open it, answer", OPEN + 3, 1, LINE),
    ByHand("agree a priority in a form", OPEN + KEEP + SEND + 3, HEAD[0] + 5, HEAD[1] + LINE, "agree a priority"),
    ByHand("remember the impact visit: a date by three letters, the old forms found again", 9 + 6, 3, 3 * 120),
    ByHand("end the review: a survey of ten questions", 14, 3, 120),
)  # fmt: skip
#: A broker, from a school's letter to an agreement that both heads signed. A list of supporters is a spreadsheet, their evidence a folder.
BROKER_BY_HAND: tuple[ByHand, ...] = (
    ByHand("take the school’s letter in: open it, keep it, thank them", OPEN + KEEP + 3, 1, LINE),
    ByHand("ask who else is in there: authority, trust, hub; three letters there and back", 9, 3, 3 * 120),
    ByHand("look for somebody: the list, two filters, four distances on a map", OPEN + 4 + 4 * 4, 4, 4 * 8),
    ByHand("ask three of them for days: three letters there and back", 9, 3, 3 * 120),
    ByHand("look whether what vouches for them is in date: a folder, a letter", OPEN + 3, 0, 0),
    ByHand("tell the school, then the supporter, and why", 6, 2, 2 * LINE, "choose, and say why"),
    ByHand("what it costs: the rate card, a sum with the broker’s share, the form’s head", OPEN + KEEP + 4, HEAD[0] + 5, HEAD[1] + 60),
    ByHand("an agreement for two heads to sign: sent, signed, kept, for each", 2 * (SEND + OPEN + KEEP), 2, 2 * LINE),
    ByHand("write it into the list of packages", 4, 8, 90),
)
DIAMOND_BY_HAND: tuple[ByHand, ...] = (
    ByHand("a link typed from the wall, a form opened", 2, 1, 30),
    ByHand("nine lists, a row chosen in each; three put right after counting the rows", 2 * (9 + 3), 0, 0),
    ByHand("how many you are, what you call your table; send", 1, 2, 12),
)
NOTE_BY_HAND: tuple[ByHand, ...] = (
    ByHand("the note in its form, sent to the head and the broker", OPEN + KEEP + SEND + 2, HEAD[0] + 2, HEAD[1] + 12 + LINE, NOTE),
    ByHand("a line on the claim for the day", OPEN + KEEP, 4, 30),
)
ANSWER = "answer a consultation"
ANSWER_BY_HAND: tuple[ByHand, ...] = (
    ByHand(
        "the form by e-mail: open it, its head, six principles, six answers, an order, a comment", OPEN + 15, HEAD[0] + 1, HEAD[1], ANSWER
    ),
    ByHand("keep it, send it back, with a line", KEEP + SEND, 1, LINE),
)


def walked(journey: str) -> dict[str, list[Effort]]:
    """A journey's counts, by who took part."""
    path, setting = JOURNEYS[journey]
    with tempfile.TemporaryDirectory(prefix="convenor-minutes-") as folder:
        kept = Path(os.environ.get(setting) or Path(folder) / "minutes.json")
        if not kept.exists():
            surroundings = {**os.environ, setting: str(kept)}
            subprocess.run([sys.executable, "-m", "pytest", "-q", path], cwd=ROOT, env=surroundings, check=True)
        return read(json.loads(kept.read_text(encoding="utf-8")))


def read(kept: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, list[Effort]]:
    """The counts as the journey wrote them down."""
    return {who: [Effort(**each) for each in some] for who, some in kept.items()}


def with_sessions(who: str, some: list[Effort]) -> list[Effort]:
    """A person's tasks, and signing in again as often as a cycle asks it; what the pages of signing in say is known by then."""
    first = next((each for each in some if each.name == SIGN_IN), None)
    times = AGAIN.get(who, 0)
    if first is None or not times:
        return some
    again = Effort(
        f"{SIGN_IN}, {times} more", first.pages * times, first.taps * times, first.fields * times, first.characters * times
    )  # fmt: skip
    return [first, again, *(each for each in some if each is not first)]


def by_hand(steps: Iterable[ByHand], done: Iterable[Effort]) -> list[Effort]:
    """The baseline, with the characters of substance that the journey typed for the same."""
    typed = {each.name: each for each in done}
    found = []
    for each in steps:
        same = typed.get(each.substance)
        found.append(Effort(each.what, 0, each.presses, each.fields, each.characters + (same.characters if same else 0)))
    return found


def baseline(title: str, whole: str, estimate: list[Effort], done: Iterable[Effort]) -> None:
    """Prints a baseline, and how much the product asks beside it."""
    print(f"\n{title} by e-mail and forms (an estimate, operator by operator):\n")
    print("| step | presses | fields | characters typed | minutes of doing |\n| --- | ---: | ---: | ---: | ---: |")
    for each in (*estimate, total(f"**{whole}**", estimate)):
        print(f"| {each.name} | {each.taps} | {each.fields} | {each.characters} | {each.minutes:.1f} |")
    ratio = total("", done).minutes / total("", estimate).minutes
    print(f"\nDoing, beside the estimate: {ratio:.2f}")


def reviews() -> None:
    """Prints one table for each who took part in a review, then the baseline of its host."""
    done = {who: with_sessions(who, some) for who, some in walked("reviews").items()}
    for who, some in done.items():
        print(f"\nAs {who}:\n\n{HEADER}")
        for each in some:
            print(each.row())
        outside = [each for each in some if not each.name.startswith(ON_THE_VISIT)]
        print(total("**a whole cycle, outside the visit**", outside).row())
    host = next(iter(done.values()))
    baseline("The host's cycle", "a whole cycle", by_hand(BY_HAND, host), host)


def support() -> None:
    """Prints one table for each who took part in a package of support, then the baselines of its broker and of a note of visit."""
    done = walked("support")
    for who, some in done.items():
        print(f"\nAs {who}:\n\n{HEADER}")
        for each in some:
            print(each.row())
        if who == "broker":
            print(total("**from the need to the agreed package**", [each for each in some if not each.name.startswith(AFTER_IT)]).row())
        else:
            print(total("**a whole package**", some).row())
    agreed = [each for each in done["broker"] if not each.name.startswith(AFTER_IT)]
    baseline("A broker's work", "from the need to the agreed package", by_hand(BROKER_BY_HAND, agreed), agreed)
    note = [each for each in done["supporter"] if each.name == NOTE]
    baseline("A note of visit", "a note of visit", by_hand(NOTE_BY_HAND, note), note)


def consultation() -> None:
    """Prints the table of a head's answer to the template's proposition, then its baseline."""
    done = walked("consultation")["head"]
    print(f"\nAs head, on a telephone:\n\n{HEADER}")
    for each in done:
        print(each.row())
    baseline("An answer", "a whole answer", by_hand(ANSWER_BY_HAND, done), done)


def room() -> None:
    """Prints what a diamond on a phone asks, then the baseline."""
    for who, some in walked("room").items():
        print(f"\nAs {who}:\n\n{HEADER}")
        for each in some:
            print(each.row())
        print(total("**in the room, and the diamond sent**", some).row())
        baseline("A diamond", "a diamond", by_hand(DIAMOND_BY_HAND, some), some)


def main(asked: list[str]) -> None:
    """Prints the tables of what is asked for, or of all, and how busy the machine was."""
    for name, tables in (("reviews", reviews), ("support", support), ("consultation", consultation)):
        if not asked or name in asked:
            print(f"\n## {name}\n\nLoad of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores. Counts do not depend on it.")
            tables()


if __name__ == "__main__":
    main(sys.argv[1:])
