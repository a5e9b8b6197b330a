"""The report of a consultation, in one structure from which the page, the PDF and the document for a word processor are all made. Pure.

It is made of parts in order: headings, words, lists, tables, bars and what was done about each theme. Bars begin at nought, go to all that
were asked, and say their number beside them; what the unheard could add to a bar is drawn after it, in outline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from convenor.consultation.rules.comparing import is_small
from convenor.consultation.rules.disclosure import REST
from convenor.consultation.rules.rates import GROUPINGS
from convenor.consultation.rules.results import VIEW_GROUPINGS, Found, ItemFound
from convenor.consultation.rules.states import QuestionKind
from convenor.consultation.rules.tally import LEAST, Tally
from convenor.consultation.rules.themes import ThemeTold
from convenor.consultation.rules.unheard import Reversal, result_says, reversal, unheard_says

HELD_BACK: Final = "held back"
BY_GROUP: Final = "By group"
FEW: Final = f"fewer than {LEAST}"
TOO_FEW: Final = f"Fewer than {LEAST} answered this: nothing is told, since it would tell of each."
SAME: Final = "All who answered said the same, so every group did."


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `value` of `of`, and `most` that it could be with those not heard; `says` is its number in words."""

    label: str
    value: int
    of: int
    most: int
    says: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the report. `kind` is heading, words, list, bars, table or done; each kind uses what it needs of the rest."""

    kind: str
    words: str = ""
    level: int = 2
    lines: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The report: its title, what stands above it, and its parts."""

    title: str
    partnership: str
    about: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class About:
    """What the report says of the consultation itself."""

    title: str
    partnership: str
    says: str
    opens_on: date
    closes_on: date
    sections: tuple[str, ...]
    versions: int


def report(about: About, found: Found, themes: Sequence[tuple[str, Sequence[ThemeTold]]]) -> Report:
    """The report of what was found; `themes` by the words of the question they answer, in the order of the questions."""
    parts = (*heard(found), *_themes(themes), *_how())
    head = (
        ("What was put to schools", "; ".join(about.sections)),
        ("Open", f"{_day(about.opens_on)} to {_day(about.closes_on)}"),
        ("Versions of the proposition", str(about.versions)),
        ("Schools that answered", f"{found.heard} of {found.asked} asked{_share(found.heard, found.asked)}"),
        ("Open views", _count(found.views)),
    )
    return Report(about.title, about.partnership, head, (Part("words", about.says), *parts))


def heard(found: Found) -> tuple[Part, ...]:
    """What was found alone, without what is done about it, in the parts of a report."""
    return (*_answered(found), *_in_short(found), *_each(found), *_views(found))


def as_data(made: Report) -> dict[str, Any]:
    """The report as it is stored."""
    return asdict(made)


def from_data(data: Mapping[str, Any]) -> Report:
    """The report as it was stored."""
    parts = tuple(
        Part(
            each["kind"], each["words"], each["level"], tuple(each["lines"]), tuple(Bar(**bar) for bar in each["bars"]),
            tuple(each["columns"]), tuple(tuple(row) for row in each["rows"]),
        )
        for each in data["parts"]
    )  # fmt: skip
    return Report(data["title"], data["partnership"], tuple((name, words) for name, words in data["about"]), parts)


def _answered(found: Found) -> list[Part]:
    silent = found.asked - found.heard
    said = [
        "Every member school was asked, so these answers are no sample and have no sampling interval. What is not known is what "
        + (
            f"the {silent} schools would say that have not been heard from; "
            if silent != 1
            else "the one school not heard from would say; "
        )
        + "beside each result stands how far that could move it."
        if silent
        else "Every member school was asked, and every one has answered: nothing is left that could change a result."
    ]
    parts = [Part("heading", "How many answered"), Part("words", said[0])]
    if len(found.versions) > 1:
        lines = tuple(
            f"Version {number}: {FEW if count is None else count} {'school' if count == 1 else 'schools'}"
            for number, count in found.versions
        )
        parts += [Part("words", "The proposition changed while schools answered. Each answer counts for the version it was given to:")]
        parts += [Part("list", lines=lines)]
    return parts


def _in_short(found: Found) -> list[Part]:
    rows = []
    for each in found.schools:
        of_it = reversal(each.tally, asked=found.asked) if each.tally.told else None
        said = (result_says(each.tally, of_it), _could_change(of_it)) if of_it else (TOO_FEW, "")
        rows.append((each.tally.item.words, *said))
    columns = ("Question or principle", "What schools said", "Could the unheard change it?")
    return [Part("heading", "In short"), Part("table", "Schools’ answers", columns=columns, rows=tuple(rows))] if rows else []


def _could_change(of_it: Reversal) -> str:
    if not of_it.unheard:
        return "All were heard"
    if of_it.leader is None:
        return "Yes: it is level"
    return "No" if of_it.enough is None else f"Yes: {of_it.enough} of the {of_it.unheard} not heard on it would be enough"


def _each(found: Found) -> list[Part]:
    parts = [Part("heading", "Question by question")]
    heading = ""
    for each in found.schools:
        if each.tally.item.heading and each.tally.item.heading != heading:
            parts.append(Part("words", each.tally.item.heading))
        heading = each.tally.item.heading
        parts.append(Part("heading", each.tally.item.words, level=3))
        if not each.tally.told:
            parts.append(Part("words", TOO_FEW))
            continue
        of_it = reversal(each.tally, asked=found.asked)
        parts.append(Part("words", f"{result_says(each.tally, of_it)} {unheard_says(each.tally, of_it)}"))
        parts.append(bars(each.tally, asked=found.asked))
        parts += by_group(each, GROUPINGS)
    return parts if found.schools else []


def bars(counted: Tally, *, asked: int) -> Part:
    """The answers to one thing as bars, out of all that were asked; for views, for which nobody was asked, `asked` is how many answered."""
    asked = max(asked, counted.answered)
    unheard = asked - counted.answered
    found = []
    for place, option in enumerate(counted.item.options):
        count = counted.counts[place]
        says = f"{count} of {counted.answered} who answered ({counted.percent(place):.0f}%)"
        if unheard:
            says += f"; of all asked, {100 * count / asked:.0f}% to {100 * (count + unheard) / asked:.0f}%"
        if counted.item.kind is QuestionKind.RANKED:
            says = f"first for {count} of {counted.answered}; mean place {counted.mean_places[place]:.1f}"
        found.append(Bar(option.words, count, asked, count + unheard, says))
    first = "Put first by, out of" if counted.item.kind is QuestionKind.RANKED else "Out of"
    whom = f"{asked} schools asked; the outline is how far the {unheard} not heard could take it" if unheard else f"{asked} who answered"
    return Part("bars", f"{first} {whom}. Bars begin at nought.", bars=tuple(found))


def by_group(item: ItemFound, groupings: Mapping[str, str]) -> list[Part]:
    """One thing by group, as far as it may be told; nothing where it is told of no group."""
    rows: list[tuple[str, ...]] = []
    said: list[str] = []
    for table, compared in zip(item.tables, item.comparisons, strict=True):
        name = groupings[table.grouping]
        if table.same:
            return [Part("words", SAME)]
        for row in table.told:
            group = row.group if row.group != REST else f"{REST} ({len(row.names)})"
            small = ", small" if is_small(row) else ""
            cells = (HELD_BACK if count is None else f"{count} ({100 * count / row.answered:.0f}%)" for count in row.counts)
            rows.append((f"{name}: {group}", f"{row.answered}{small}", *cells))
        if compared is not None:
            said.append(f"{name}: {compared.says}")
    if not rows:
        return []
    columns = ("Group", "Answered", *(each.words for each in item.tally.item.options))
    return [Part("table", BY_GROUP, columns=columns, rows=tuple(rows)), *([Part("list", lines=tuple(said))] if said else [])]


def _views(found: Found) -> list[Part]:
    if not found.views:
        return []
    parts = [
        Part("heading", "Open views"),
        Part(
            "words",
            f"{_count(found.views).capitalize()} came from people who chose to write. They are counted apart from schools’ answers, and "
            "say nothing of anybody who did not write.",
        ),
    ]
    for each in found.said_by_views:
        if each.tally.told:
            parts += [Part("heading", each.tally.item.words, level=3), bars(each.tally, asked=each.tally.answered)]
            parts += by_group(each, VIEW_GROUPINGS)
    return parts


def _themes(themes: Sequence[tuple[str, Sequence[ThemeTold]]]) -> list[Part]:
    parts: list[Part] = []
    for question, some in themes:
        if some:
            parts.append(Part("words", question))
        for each in some:
            done = f"{each.heard}. {each.did}" if each.heard else "Not said yet."
            done += f" Decided: {each.decision}" if each.decision else ""
            counts = f"About this: {_told(each.schools, 'school')} and {_told(each.views, 'open view')}."
            parts.append(Part("done", each.name, lines=(each.said or "Not said yet.", done, counts)))
    return [Part("heading", "You said, we did"), *parts] if parts else []


def _told(count: int | None, what: str) -> str:
    return f"{FEW} {what}s" if count is None else f"{count} {what}s"


def _how() -> list[Part]:
    lines = [
        "Each school gave one answer, in the name of a post. Open views are counted apart.",
        "A result could be reversed where the other side could still have more. For an order, an unheard school counts for the most that "
        "one can: the other option first, the leading one last.",
        f"By group, counts under {LEAST} are held back, and so many more that none of them, and no school’s answer, can be worked out by "
        "subtraction, even by a school that knows its own. Groups of fewer than ten are put together.",
        "Groups are compared by what is told alone, against dealing the same answers at random, with chances adjusted for all comparisons "
        "of this report together (Holm). A group of fewer than thirty is marked small: a few answers move its share a lot.",
        "Themes were named, and answers filed under them, by people. No names, no quotations.",
        "Groups of opinion across questions were not looked for.",
        "Phase, type and trust: Get Information about Schools, Department for Education, under the Open Government Licence v3.0.",
    ]
    return [Part("heading", "How this was worked out"), Part("list", lines=tuple(lines))]


def _count(views: int) -> str:
    return "none" if not views else FEW if views < LEAST else str(views)


def _share(part: int, whole: int) -> str:
    return f" ({100 * part / whole:.0f}%)" if whole else ""


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
