"""Dirty spreadsheets recognised: how many columns, schools and people were matched rightly, asked, or wrongly without asking.

    python -m bench.recognising                     invented schools, five seeds
    python -m bench.recognising ../shared/data      also real names: the open schools of Surrey in 2021, predecessors by published links

The baseline is what a careful spreadsheet does: columns by their exact heading, schools by exact URN, then exact LAESTAB, then exact
name; people by exact address, then exact name. "Lines that only a person can tell" are those whose numbers and names contradict each
other: to ask is right there. The last measure takes each school out of the register and asks for it by name and town: whatever is then
matched without asking is wrong.
"""

from __future__ import annotations

import argparse
import csv
import random
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from convenor.moving_in.rules.kinds import FIELDS, Kind, folded
from convenor.moving_in.rules.people import KnownPerson, People
from convenor.moving_in.rules.reading import read_file
from convenor.moving_in.rules.recognising import SURE_FROM, headings, recognise
from convenor.moving_in.rules.recognising_lines import Line, read_lines
from convenor.moving_in.rules.schools import KnownSchool, Register
from tests.factories.dirty_spreadsheets import DirtySet, TrueLine, dirty_set, invented_register

SURREY = Path("gias/2021_936_gias_all_columns.csv")
LINKS = Path("gias/links_edubasealldata20250422.csv")


def surrey(folder: Path) -> tuple[KnownSchool, ...]:
    """The open schools of one authority as published, and as closed ones whatever the published links call their predecessors."""
    with (folder / SURREY).open(encoding="cp1252", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["EstablishmentNumber"] and "hildren" not in row["EstablishmentTypeGroup (name)"]]
    found = {row["URN"]: _school(row) for row in rows}
    with (folder / LINKS).open(encoding="cp1252", newline="") as file:
        for link in csv.DictReader(file):
            before, after = link["LinkURN"], link["URN"]
            if link["LinkType"].startswith("Predecessor") and after in found and before not in found:
                laestab = found[after].laestab
                found[before] = KnownSchool(
                    before, laestab, link["LinkName"], "", "", "", None, date(2019, 8, 31), (after,), authority="936"
                )
    return tuple(found.values())


def _school(row: Mapping[str, str]) -> KnownSchool:
    laestab = row["LA (code)"] + row["EstablishmentNumber"].zfill(4)
    return KnownSchool(
        row["URN"], laestab, row["EstablishmentName"], row["Postcode"], row["Town"], row["PhaseOfEducation (name)"], authority="936"
    )


class Exact:
    """The baseline of schools and people: equal or nothing."""

    def __init__(self, schools: Sequence[KnownSchool], people: Iterable[KnownPerson]) -> None:
        self.urns = {school.urn: school.urn for school in schools}
        self.laestabs = {school.laestab: school.urn for school in schools if school.laestab and school.closed_on is None}
        names = Counter(school.name.casefold() for school in schools)
        self.names = {school.name.casefold(): school.urn for school in schools if names[school.name.casefold()] == 1}
        self.emails = {email: person.key for person in people for email in person.emails}
        self.people = {person.name.casefold(): person.key for person in people}

    def school(self, values: Mapping[str, str]) -> str:
        """The URN joined to, or empty."""
        found = self.urns.get(values.get("urn", "").strip()) or self.laestabs.get(values.get("laestab", "").strip())
        return found or self.names.get(values.get("school", "").strip().casefold(), "")

    def person(self, values: Mapping[str, str]) -> str:
        """The person joined to, or empty."""
        return self.emails.get(values.get("email", "").strip()) or self.people.get(values.get("name", "").strip().casefold(), "")


def columns(dirty: DirtySet, ours: Counter[str], exact: Counter[str]) -> dict[tuple[str, str], tuple[Line, ...]]:
    """Recognise every sheet; count columns; give the lines as a person would have them after answering what was asked."""
    found: dict[tuple[str, str], tuple[Line, ...]] = {}
    for name, content in dirty.files.items():
        for sheet in read_file(name, content).sheets:
            truth = dirty.truth.columns.get((name, sheet.name))
            seen = recognise(sheet, file_name=name)
            if truth is None:
                ours["nothing to bring, left or asked" if seen.sure < SURE_FROM else "wrong"] += 1
                continue
            kind, rows, right = truth
            sure = seen.sure >= SURE_FROM
            for key, at in right.items():
                got = seen.columns.get(key) if seen.kind is kind and seen.header_rows == rows else None
                ours["right" if sure and got == at else "asked" if not sure or got is None else "wrong"] += 1
            ours["wrong"] += sum(1 for key in seen.columns if key not in right) if sure else 0
            _exact_columns(sheet.rows[rows[1] - 1], kind, right, exact)
            headings(sheet, rows)
            found[name, sheet.name] = read_lines(sheet, kind, rows, right).lines
    return found


def _exact_columns(row: Sequence[str], kind: Kind, right: Mapping[str, int], exact: Counter[str]) -> None:
    known = {folded(word): each.key for each in FIELDS[kind] for word in (each.key, each.name)}
    told = {known[folded(text)]: at for at, text in enumerate(row) if folded(text) in known}
    for key, at in right.items():
        exact["right" if told.get(key) == at else "missed" if key not in told else "wrong"] += 1


def spoilt_headings(sets: Sequence[tuple[int, tuple[KnownSchool, ...]]]) -> Counter[str]:
    """Columns again, a third of all headings misspelt, shortened, lengthened or put otherwise: nobody's list is headed as ours are."""
    counts: Counter[str] = Counter()
    for seed, known in sets:
        dirty, chance = dirty_set(seed, known), random.Random(seed)
        for name, content in dirty.files.items():
            for sheet in read_file(name, content).sheets:
                kind, rows, right = dirty.truth.columns.get((name, sheet.name), (Kind.UNKNOWN, (0, 0), {}))
                if not right:
                    continue
                table = list(sheet.rows)
                for at in range(rows[0] - 1, rows[1]):
                    table[at] = tuple(_spoilt(text, chance) for text in table[at])
                seen = recognise(replace(sheet, rows=tuple(table)), file_name=name)
                sure = seen.sure >= SURE_FROM
                for key, at in right.items():
                    got = seen.columns.get(key) if seen.kind is kind else None
                    counts["right" if sure and got == at else "left out or asked" if not sure or got is None else "wrong"] += 1
                counts["wrong"] += sum(1 for key in seen.columns if key not in right) if sure else 0
    return counts


def _spoilt(text: str, chance: random.Random) -> str:
    """A heading as another office would have it, one time in three."""
    if not text or chance.random() > 0.33:
        return text
    at = chance.randrange(len(text))
    return chance.choice((
        text[:at] + text[at + 1 :], text[:at] + text[at : at + 1] + text[at:], f"{text} *", f"{text} (please complete)",
        f"{text} 2025-26", text.upper(),
        f"Current {text.lower()}", text.replace(" ", ""), text[: max(3, len(text) // 2)], f"{text}:",
    ))  # fmt: skip


def schools(
    dirty: DirtySet, lines: Mapping[tuple[str, str], tuple[Line, ...]], register: Register, exact: Exact, counts: dict[str, Counter[str]]
) -> float:
    """Count every line whose school is known; seconds for matching alone."""
    asked: set[tuple[str, ...]] = set()
    began = time.perf_counter()
    for (file, sheet), each in lines.items():
        truth: dict[int, TrueLine] = dirty.truth.of(file, sheet)
        for line in {line.number: line for line in each}.values():
            true = truth.get(line.number)
            if true is None or not true.urn:
                continue
            match = register.match(line.values)
            place = counts["only a person can tell" if true.must_ask else "the rest"]
            place["right" if match.sure and match.urn == true.urn else "asked" if not match.sure else "wrong"] += 1
            if not match.sure:
                asked.add(tuple(line.values.get(key, "") for key in ("urn", "laestab", "school", "postcode", "town")))
                place["asked, the right one first or second"] += true.urn in [one.urn for one in match.candidates[:2]]
            joined = exact.school(line.values)
            counts["baseline"]["right" if joined == true.urn else "missed" if not joined else "wrong"] += 1
    counts["the rest"]["different questions"] += len(asked)
    return time.perf_counter() - began


def persons(dirty: DirtySet, lines: Mapping[tuple[str, str], tuple[Line, ...]], counts: dict[str, Counter[str]]) -> Exact:
    """Members of the board and every second other person are known; lines of seats, reviewers and the directory are matched."""
    told = sorted({(line.person, line.name, line.kind is Kind.SEATS) for line in dirty.truth.lines if line.person and not line.dirt})
    known = [KnownPerson(email, name, (email,)) for at, (email, name, seated) in enumerate(told) if seated or at % 2 == 0]
    keys, people, exact = {person.key for person in known}, People(known), Exact((), known)
    for (file, sheet), each in lines.items():
        truth = dirty.truth.of(file, sheet)
        for line in each:
            true = truth.get(line.number)
            if true is None or not true.person or true.kind is Kind.CONTACTS:
                continue
            right = true.person if true.person in keys else ""
            match = people.match(line.values.get("name", ""), line.values.get("email", ""))
            counts["people"]["right" if match.sure and match.key == right else "asked" if not match.sure else "wrong"] += 1
            joined = exact.person(line.values)
            counts["people baseline"]["right" if joined == right else "wrong"] += 1
    return exact


def without_each(known: Sequence[KnownSchool]) -> Counter[str]:
    """Each open school taken out of the register and asked for by name and town: every match without asking is wrong."""
    counts: Counter[str] = Counter()
    for school in (each for each in known if each.closed_on is None):
        rest = Register([each for each in known if each.urn != school.urn and school.urn not in each.became])
        match = rest.match({"school": school.name, "town": school.town})
        counts["wrong" if match.sure else "asked"] += 1
    return counts


def measure(name: str, sets: Sequence[tuple[int, tuple[KnownSchool, ...]]]) -> int:
    """Print the figures of some dirty sets together; how many schools and people were wrongly matched without asking."""
    ours, exact_columns = Counter[str](), Counter[str]()
    counts = {key: Counter[str]() for key in ("only a person can tell", "the rest", "baseline", "people", "people baseline")}
    seconds = []
    for seed, known in sets:
        dirty = dirty_set(seed, known)
        lines = columns(dirty, ours, exact_columns)
        persons(dirty, lines, counts)
        seconds.append(schools(dirty, lines, Register(known), Exact(known, ()), counts))
    print(f"\n## {name}: {len(sets)} sets, {sum(1 for each in sets[0][1] if each.closed_on is None)} open schools each\n")
    print(
        "| | right | asked | wrong without asking | baseline: right | missed | wrong |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    _row("columns", ours, exact_columns)
    spoilt = spoilt_headings(sets)
    print(f"| columns, a third of headings spoilt | {spoilt['right']} | {spoilt['left out or asked']} | {spoilt['wrong']} | | | |")
    both = counts["the rest"] + counts["only a person can tell"]
    _row("lines with a school", both, counts["baseline"])
    hard = counts["only a person can tell"]
    print(f"| of these, only a person can tell | {hard['right']} | {hard['asked']} | {hard['wrong']} | | | |")
    _row("lines with a person", counts["people"], counts["people baseline"])
    right, asked = both["asked, the right one first or second"], both["different questions"] / len(sets)
    print(f"\nDifferent questions about schools in a set: {asked:.0f}; the right one is first or second in {right} of {both['asked']}.")
    print(f"Sheets with nothing to bring, not taken for data: {ours['nothing to bring, left or asked']}.", end=" ")
    print(f"Matching alone: {max(seconds):.2f} s a set at the most.")
    return both["wrong"] + counts["people"]["wrong"]


def _row(name: str, ours: Mapping[str, int], exact: Mapping[str, int]) -> None:
    cells = [*(ours.get(key, 0) for key in ("right", "asked", "wrong")), *(exact.get(key, 0) for key in ("right", "missed", "wrong"))]
    print(f"| {name} | " + " | ".join(f"{cell:,}" for cell in cells) + " |")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, help="the folder of published files")
    asked = parser.parse_args()
    wrong = measure("Invented schools", [(seed, invented_register(seed)) for seed in range(1, 6)])
    print(f"Taken out of the register one by one: {dict(without_each(invented_register(1)))}")
    if asked.data and (asked.data / SURREY).exists():
        known = surrey(asked.data)
        wrong += measure("Real names (Surrey, 2021)", [(seed, known) for seed in range(1, 4)])
        print(f"Taken out of the register one by one: {dict(without_each(known))}")
    elif asked.data:
        print("\nThe register's file is not there: real names were not measured.")
    print(f"\nSchools and people wrongly matched without asking, in all: {wrong}")


if __name__ == "__main__":
    main()
