"""The register's groups (trusts, federations, sponsors) and links between schools (predecessors, successors, mergers)."""

from __future__ import annotations

from typing import Any

from convenor.england.phases import read_phase
from convenor.registers.rules.recognise import as_at_day
from convenor.registers.sources import LINKS, Batch, EditionFacts, Header, Hint, Known, OpenedFile, Parsed, Refused, Source
from convenor.registers.sources.columns import RECORD, Row, authority_code, each_row, facts, newest, without_repeats

MULTI, SINGLE, FEDERATION = "Multi-academy trust", "Single-academy trust", "Federation"
_HEADS = frozenset({"Head of Group Title", "Head of Group First Name", "Head of Group Last Name"})


def _tabular(header: Header) -> bool:
    return header.kind in ("csv", "xlsx", "parquet")


def _edition(file: OpenedFile, hint: Hint, title: str, dated: str) -> EditionFacts:
    """The day that the name says. The register holds days to come, and slips of the pen: only many later dates contradict it."""
    as_at = as_at_day(file_name=hint.file_name, folders=hint.folders, as_at=hint.as_at)
    last = newest(file.peek()[dated].to_pylist(), but_for=0.01) if dated in file.header.columns else None
    if last and last > as_at:
        raise Refused(f"The file holds many dates up to {last}, after {as_at}, the day it is said to describe. Check its name, or --as-at.")
    return EditionFacts(f"{title}, {as_at.day} {as_at:%B %Y}", as_at)


# Links


def _links_recognise(header: Header) -> bool:
    return _tabular(header) and header.has("URN", "LinkURN", "LinkType")


def _links_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    return _edition(file, hint, "Links between schools", "LinkEstablishedDate")


def _links_parse(file: OpenedFile, facts_: EditionFacts, known: Known) -> Parsed:
    parsed = Parsed()
    frame = without_repeats(file.frame(), parsed, ("URN", "LinkURN", "LinkType"), conflicting=False)
    links: list[tuple[Any, ...]] = []

    def take(row: Row) -> None:
        links.append(
            (
                row.reference("URN"),
                row.reference("LinkURN"),
                row.text("LinkName")[:200],
                row.text("LinkType")[:60],
                row.date("LinkEstablishedDate"),
            )
        )

    each_row(frame, parsed, take)
    parsed.batches = [Batch("school_link", ("urn", "linked_urn", "linked_name", "kind", "established_on"), links)]
    return parsed


# Groups


def _groups_recognise(header: Header) -> bool:
    return _tabular(header) and header.has("Group UID", "Group Name", "Group Type", "Group Status") and "URN" not in header.columns


def _groups_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    return _edition(file, hint, "Groups of schools", "Open date")


def companies_house(text: str) -> str:
    """A company's number, its leading zeros put back where a spreadsheet dropped them."""
    plain = text.removesuffix(".0")
    return plain.zfill(8)[:10] if plain.isdigit() else plain[:10]


def _group_facts(row: Row) -> dict[str, Any]:
    return facts(
        group_id=row.word("Group ID")[:20],
        name=row.text("Group Name")[:200],
        kind=row.text("Group Type")[:60],
        status=row.text("Group Status")[:40],
        companies_house_number=companies_house(row.word("Companies House Number")),
        ukprn=row.word("UKPRN").removesuffix(".0")[:8],
        opened_on=row.date("Open date", "Incorporated on (open date)"),
        closed_on=row.date("Closed Date"),
    )


def _groups_parse(file: OpenedFile, facts_: EditionFacts, known: Known) -> Parsed:
    parsed = Parsed()
    frame = without_repeats(file.frame(), parsed, ("Group UID",), urn="Group UID")
    groups: list[tuple[str, dict[str, Any]]] = []
    each_row(frame, parsed, lambda row: groups.append((row.text("Group UID"), _group_facts(row))), urn="Group UID")
    parsed.batches = [Batch("group_record", ("uid", "facts"), groups)]
    return parsed


# Schools in groups


def _members_recognise(header: Header) -> bool:
    return (
        _tabular(header)
        and header.has("URN", "Group Name", "Group Type", "Joined date")
        and ("Group UID" in header.columns or "Linked UID" in header.columns)
    )


def _members_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    return _edition(file, hint, "Schools in groups", "Joined date")


def _members_parse(file: OpenedFile, facts_: EditionFacts, known: Known) -> Parsed:
    parsed = Parsed()
    uid_column = "Group UID" if "Group UID" in file.header.columns else "Linked UID"
    # In one published form every row lacks the last value that the header names: known, and filled with a blank.
    frame = without_repeats(file.frame(pad_short_rows=True), parsed, ("URN", uid_column), conflicting=False)
    members: list[tuple[Any, ...]] = []
    groups: dict[str, dict[str, Any]] = {}
    schools: dict[str, tuple[Any, ...]] = {}
    trusts: dict[str, dict[str, str]] = {}

    def take(row: Row) -> None:
        urn, uid, kind = row.reference("URN"), row.text(uid_column), row.text("Group Type")
        joined = row.date("Joined date")
        said = _group_facts(row)
        members.append((urn, uid, joined, None))
        groups[uid] = said
        key = {MULTI: "mat_uid", SINGLE: "sat_uid", FEDERATION: "federation_uid"}.get(kind)
        mine = trusts.setdefault(urn, {})
        if key and row.text("Group Status") != "Closed":
            mine[key] = uid
        if urn not in schools:
            schools[urn] = _member(row, urn)

    each_row(frame, parsed, take)
    records = []
    for urn, school in schools.items():
        mine = trusts[urn]
        if "sat_uid" in mine:
            mine.setdefault("mat_uid", "-")
        records.append((*school[:-1], school[-1] | mine))
    parsed.batches = [
        Batch("group_record", ("uid", "facts"), list(groups.items())),
        Batch("group_membership", ("urn", "group_uid", "joined_on", "left_on"), members),
        Batch("school_record", RECORD, records),
    ]
    return parsed


def _member(row: Row, urn: str) -> tuple[Any, ...]:
    kind = row.text("TypeOfEstablishment (name)")
    code = authority_code(row.text("LA (code)")) or authority_code(row.text("LA (name)"))
    phase = read_phase(row.word("PhaseOfEducation (name)"), kind)
    return (urn, code, phase, kind, "", None, None, facts(name=row.text("EstablishmentName")))


DFE = "Department for Education"
SOURCES = (
    Source(
        family="gias-links",
        publisher=DFE,
        stage=LINKS,
        cadence="daily",
        takes="Every link, in both directions as published, with its kind and date: it carries a school's history through "
        "conversion and merger.",
        leaves="Nothing.",
        recognise=_links_recognise,
        edition=_links_edition,
        parse=_links_parse,
    ),
    Source(
        family="gias-groups",
        publisher=DFE,
        stage=LINKS,
        cadence="daily",
        takes="Trusts, federations, sponsors and other groups: name, kind, status, dates, company and provider numbers.",
        leaves="Addresses, and the names of heads of groups.",
        recognise=_groups_recognise,
        edition=_groups_edition,
        parse=_groups_parse,
        personal_columns=_HEADS,
    ),
    Source(
        family="gias-group-links",
        publisher=DFE,
        stage=LINKS,
        cadence="daily",
        takes="Which school is in which group since when; with it, name, type, phase and authority of the school.",
        leaves="Codes of types and phases (their names are taken), the federation's type.",
        recognise=_members_recognise,
        edition=_members_edition,
        parse=_members_parse,
        personal_columns=_HEADS,
    ),
)
