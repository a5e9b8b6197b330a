"""Ofsted's lists of inspections: management information, the outcomes of 2018, and report cards.

Three vocabularies live side by side and are never converted into each other. A list repeats what earlier lists said: the same event in two
editions is one event, told by the URN that was inspected, the day it began and its kind; queries take it once.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from convenor.england.inspections import (
    KEY_JUDGEMENTS,
    REPORT_CARD_AREAS,
    InspectionVocabulary,
    read_grade,
    read_report_card_grade,
    vocabulary_on,
)
from convenor.england.phases import read_phase
from convenor.registers.rules.recognise import as_at_day
from convenor.registers.sources import REGISTERS, Batch, EditionFacts, Header, Hint, Known, OpenedFile, Parsed, Refused, Source
from convenor.registers.sources.columns import (
    RECORD,
    BadCellError,
    Row,
    authority_code,
    each_row,
    facts,
    newest,
    sixth_form,
    without_repeats,
)

INSPECTION = (
    "urn", "urn_at_inspection", "number", "kind", "vocabulary", "started_on", "published_on", "overall", "outcome", "judgements",
    "safeguarding", "category_of_concern",
)  # fmt: skip
NO_TRUST = "-"
_GRADE_CODES = {"", "1", "2", "3", "4", "8", "9", "0", "not judged"}
_C1 = re.compile("[\x80-\x9f]")


def mended(text: str) -> str:
    """A text whose Windows-1252 bytes were read as control characters, as they were meant."""
    return _C1.sub(lambda found: bytes([ord(found[0])]).decode("cp1252", "replace"), text) if _C1.search(text) else text


# Management information: latest and previous graded inspection, latest ungraded

_NEEDED = ("URN", "LAESTAB", "School name", "Ofsted phase", "Inspection start date", "URN at time of latest graded inspection")
_LATEST = {
    "number": "Inspection number of latest graded inspection", "started": "Inspection start date", "published": "Publication date",
    "urn": "URN at time of latest graded inspection", "overall": "Overall effectiveness", "category": "Category of concern",
    "safeguarding": "Safeguarding is effective?", "prefix": "",
}  # fmt: skip
_PREVIOUS = {
    "number": "Previous inspection number", "started": "Previous inspection start date", "published": "Previous publication date",
    "urn": "URN at time of previous graded inspection", "overall": "Previous graded inspection overall effectiveness",
    "category": "Previous category of concern", "safeguarding": "Previous safeguarding is effective?", "prefix": "Previous ",
}  # fmt: skip


def _mi_columns(prefix: str) -> dict[str, str]:
    """Judgement to column, for the latest block or the previous one."""
    found = {}
    for judgement in KEY_JUDGEMENTS:
        name = judgement.name + (" (where applicable)" if "provision" in judgement.key else "")
        found[judgement.key] = prefix + (name[0].lower() + name[1:] if prefix else name)
    return found


_JUDGEMENTS = {"": _mi_columns(""), "Previous ": _mi_columns("Previous ")}


def _mi_recognise(header: Header) -> bool:
    return header.kind in ("csv", "parquet", "xlsx") and header.sheet_with(*_NEEDED) is not None


def _mi_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    frame = file.peek(file.header.sheet_with(*_NEEDED))
    columns = [name for name in ("Inspection start date", "Date of latest ungraded inspection") if name in frame.column_names]
    last = max((day for day in (newest(frame[name].to_pylist()) for name in columns) if day), default=None)
    as_at = as_at_day(file_name=hint.file_name, folders=hint.folders, as_at=hint.as_at)
    _refuse_a_later_day(last, as_at)
    warnings: tuple[str, ...] = ()
    if last and (as_at - last).days > 120:
        warnings = (f"the newest inspection in the list began on {last}, long before {as_at}: check that the day is right",)
    return EditionFacts(f"State-funded schools: inspections and outcomes as at {as_at.day} {as_at:%B %Y}", as_at, warnings=warnings)


def _refuse_a_later_day(last: date | None, as_at: date) -> None:
    """Refuse a list that holds inspections after the day it is said to describe."""
    if last and last > as_at:
        raise Refused(f"The list holds an inspection of {last}, after {as_at}, the day it is said to describe. Check its name, or --as-at.")


def _mi_parse(file: OpenedFile, facts_: EditionFacts, known: Known) -> Parsed:
    parsed = Parsed()
    frame = without_repeats(file.frame(file.header.sheet_with(*_NEEDED)), parsed, ("URN",))
    records: list[tuple[Any, ...]] = []
    inspections: list[tuple[Any, ...]] = []
    groups: dict[str, dict[str, Any]] = {}

    def take(row: Row) -> None:
        urn = row.reference("URN")
        record = _mi_record(row, urn)
        found = [each for each in (_graded(row, urn, _LATEST), _graded(row, urn, _PREVIOUS), _ungraded(row, urn)) if each]
        records.append(record)
        inspections.extend(found)
        uid = row.text("Multi-academy trust UID")
        if uid:
            groups[uid] = facts(name=mended(row.text("Multi-academy trust name")), kind="Multi-academy trust")

    each_row(frame, parsed, take)
    parsed.batches = [
        Batch("group_record", ("uid", "facts"), list(groups.items())),
        Batch("school_record", RECORD, records),
        Batch("inspection", INSPECTION, inspections),
    ]
    return parsed


def _mi_record(row: Row, urn: str) -> tuple[Any, ...]:
    laestab = row.text("LAESTAB")
    kind = row.text("Type of education")
    said = facts(
        name=mended(row.text("School name")),
        laestab=laestab,
        admissions=row.word("Admissions policy"),
        sixth_form=sixth_form(row.text("Sixth form")),
        religious_character=row.word("Designated religious character"),
        postcode=row.text("Postcode"),
        pupils=row.whole("Total number of pupils", most=20_000),
        low_age=row.whole("Statutory lowest age", most=99),
        high_age=row.whole("Statutory highest age", most=99),
        mat_uid=row.text("Multi-academy trust UID") or NO_TRUST,
    )
    code = authority_code(row.text("Local authority")) or laestab[:3]
    opened_on = row.date("School open date")
    return (urn, code, read_phase(row.text("Ofsted phase")), kind, "open", opened_on, None, said)


def _grade(row: Row, column: str) -> str:
    """A judgement's code as published; whole floats printed whole."""
    code = row.text(column).removesuffix(".0")
    if code.lower() not in _GRADE_CODES:
        raise BadCellError(column, f"'{code[:20]}' is no grade: 1 to 4, or 0, 8, 9, 'Not judged' or blank where there is none")
    return code


def _graded(row: Row, urn: str, block: dict[str, str]) -> tuple[Any, ...] | None:
    """One graded inspection; None where the school has had none."""
    started = row.date(block["started"])
    if started is None:
        return None
    overall = read_grade(_grade(row, block["overall"]))
    judged = {key: code for key, column in _JUDGEMENTS[block["prefix"]].items() if (code := _grade(row, column))}
    vocabulary = InspectionVocabulary.OVERALL_EFFECTIVENESS if overall else vocabulary_on(date.fromisoformat(started))
    safe = row.text(block["safeguarding"])
    return (
        urn, row.text(block["urn"]).removesuffix(".0") or urn, row.text(block["number"]), "graded", str(vocabulary), started,
        row.date(block["published"]), overall, "", judged, safe if safe in ("Yes", "No") else "", row.text(block["category"]),
    )  # fmt: skip


def _ungraded(row: Row, urn: str) -> tuple[Any, ...] | None:
    """The latest ungraded inspection; None where there was none, or where it became the graded one."""
    started = row.date("Date of latest ungraded inspection")
    outcome = mended(row.text("Ungraded inspection overall outcome"))
    if started is None or (not outcome and row.text("Did the latest ungraded inspection convert to a graded inspection?") == "Yes"):
        return None
    return (
        urn,
        row.text("URN at time of the ungraded inspection").removesuffix(".0") or urn,
        row.text("Latest ungraded inspection number since last graded inspection"),
        "ungraded",
        str(vocabulary_on(date.fromisoformat(started))),
        started,
        row.date("Ungraded inspection publication date"),
        "",
        outcome,
        {},
        "",
        "",
    )


# Outcomes shipped with the performance tables, 2018

_OUTCOMES = ("URN", "School name", "Ofsted phase", "Inspection date", "Publication date", "Overall effectiveness", "REPORURL")


def _outcomes_recognise(header: Header) -> bool:
    return header.kind in ("csv", "xlsx") and header.sheet_with(*_OUTCOMES) is not None and not _mi_recognise(header)


def _outcomes_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    last = newest(file.peek(file.header.sheet_with(*_OUTCOMES))["Inspection date"].to_pylist())
    as_at = as_at_day(file_name=hint.file_name, folders=hint.folders, as_at=hint.as_at)
    _refuse_a_later_day(last, as_at)
    note = "The inspection date is that of the latest visit, short ones included; the grade comes from the graded inspection before it."
    return EditionFacts(f"Ofsted outcomes, {as_at.day} {as_at:%B %Y}", as_at, note=note)


def _outcomes_parse(file: OpenedFile, facts_: EditionFacts, known: Known) -> Parsed:
    parsed = Parsed()
    frame = without_repeats(file.frame(file.header.sheet_with(*_OUTCOMES)), parsed, ("URN",))
    records: list[tuple[Any, ...]] = []
    inspections: list[tuple[Any, ...]] = []

    def take(row: Row) -> None:
        urn = row.reference("URN")
        grade, visited = read_grade(_grade(row, "Overall effectiveness")), row.date("Inspection date")
        records.append((urn, "", read_phase(row.text("Ofsted phase")), "", "open", None, None, facts(name=row.text("School name"))))
        if grade:
            day = date.fromisoformat(visited) if visited else None
            words = f"as it stood on {facts_.as_at.day} {facts_.as_at:%B %Y}" + (
                f"; latest visit, graded or short, {day.day} {day:%B %Y}" if day else ""
            )
            vocabulary = str(InspectionVocabulary.OVERALL_EFFECTIVENESS)
            inspections.append((urn, urn, "", "graded", vocabulary, None, None, grade, words[:120], {}, "", ""))

    each_row(frame, parsed, take)
    parsed.batches = [Batch("school_record", RECORD, records), Batch("inspection", INSPECTION, inspections)]
    return parsed


# Report cards, from 10 November 2025

_AREA_WORDS = {
    "inclusion": "inclusion", "curriculum_and_teaching": "curriculum and teaching", "achievement": "achievement",
    "attendance_and_behaviour": "attendance and behaviour", "personal_development_and_well_being": "personal development and well being",
    "leadership_and_governance": "leadership and governance", "early_years": "early years", "post_16": "post 16",
}  # fmt: skip


def _plain(name: str) -> str:
    """A column's name without capitals, signs and what follows the name of the area."""
    words = " ".join(re.findall(r"[a-z0-9]+", name.lower().replace("&", " and "))).replace("wellbeing", "well being")
    return re.sub(r" (provision|grade|judgement|where applicable)\b.*$", "", words)


def card_columns(columns: tuple[str, ...]) -> dict[str, str]:
    """What a list of report cards holds in which column: the areas, safeguarding, category, dates, number."""
    plain = {_plain(name): name for name in reversed(columns)}
    wanted = dict(_AREA_WORDS) | {
        "safeguarding": "safeguarding",
        "category": "category of concern",
        "started": "inspection start date",
        "published": "publication date",
        "number": "inspection number",
        "urn": "urn",
        "name": "school name",
    }
    found = {key: plain[words] for key, words in wanted.items() if words in plain}
    others = {"safeguarding": ("safeguarding standards", "safeguarding met"), "started": ("inspection date", "date of inspection")}
    for key, spellings in others.items():
        for words in spellings:
            if key not in found and words in plain:
                found[key] = plain[words]
    return found


def _cards_recognise(header: Header) -> bool:
    if header.kind not in ("csv", "xlsx", "parquet"):
        return False
    found = card_columns(header.columns)
    areas = sum(1 for area in REPORT_CARD_AREAS if area.key in found)
    return areas >= 5 and {"urn", "started", "safeguarding"} <= set(found) and not _mi_recognise(header)


def _cards_edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    columns = card_columns(file.header.columns)
    last = newest(file.peek()[columns["started"]].to_pylist())
    as_at = as_at_day(file_name=hint.file_name, folders=hint.folders, as_at=hint.as_at)
    _refuse_a_later_day(last, as_at)
    note = "Report cards cannot be compared with the grades before them."
    return EditionFacts(f"State-funded schools: report cards as at {as_at.day} {as_at:%B %Y}", as_at, note=note)


def _cards_parse(file: OpenedFile, facts_: EditionFacts, known: Known) -> Parsed:
    parsed = Parsed()
    columns = card_columns(file.header.columns)
    frame = without_repeats(file.frame(), parsed, (columns["urn"], columns["started"]), urn=columns["urn"])
    inspections: list[tuple[Any, ...]] = []

    def take(row: Row) -> None:
        urn, started = row.reference(columns["urn"]), row.date(columns["started"])
        if started is None:
            raise BadCellError(columns["started"], "the inspection has no date")
        if vocabulary_on(date.fromisoformat(started)) != InspectionVocabulary.REPORT_CARD:
            raise BadCellError(columns["started"], f"an inspection of {started} gave no report card: they begin on 10 November 2025")
        judged = {area.key: word for area in REPORT_CARD_AREAS if (word := _card_grade(row, columns.get(area.key, "")))}
        inspections.append(
            (
                urn,
                urn,
                row.text(columns.get("number", "")),
                "graded",
                str(InspectionVocabulary.REPORT_CARD),
                started,
                row.date(columns.get("published", "")),
                "",
                "",
                judged,
                _met(row, columns["safeguarding"]),
                row.word(columns.get("category", "")),
            )
        )

    each_row(frame, parsed, take, urn=columns["urn"])
    parsed.batches = [Batch("inspection", INSPECTION, inspections)]
    return parsed


def _card_grade(row: Row, column: str) -> str:
    """An area's word; nothing where the area was not looked at."""
    text = row.word(column)
    if not text:
        return ""
    grade = read_report_card_grade(text)
    if not grade:
        raise BadCellError(column, f"'{text[:30]}' is none of the five words of report cards, and no older grade is converted into them")
    return grade


def _met(row: Row, column: str) -> str:
    word = {"met": "Met", "not met": "Not met", "yes": "Met", "no": "Not met"}.get(row.text(column).lower())
    if word is None:
        raise BadCellError(column, f"'{row.text(column)[:30]}' is neither met nor not met")
    return word


SOURCES = (
    Source(
        family="ofsted-mi",
        publisher="Ofsted",
        stage=REGISTERS,
        cadence="monthly",
        takes="Every open state-funded school (name, LAESTAB, phase, type, authority, trust, ages, pupils, sixth form, postcode); "
        "its latest and previous "
        "graded inspection and latest ungraded one, each in its own vocabulary, with the URN that was inspected.",
        leaves="Constituency, IDACI quintile, warning notices, sponsor, links to reports, counts of monitoring visits.",
        recognise=_mi_recognise,
        edition=_mi_edition,
        parse=_mi_parse,
    ),
    Source(
        family="ofsted-outcomes",
        publisher="Ofsted and Department for Education",
        stage=REGISTERS,
        cadence="yearly to 2018, with the performance tables",
        takes="Open state-funded schools with phase; the overall grade that stood on the day. Its inspection date is not taken for "
        "the date of that grade: "
        "it is the latest visit's, short ones included, and is told in words.",
        leaves="The link to the report (a formula, never run).",
        recognise=_outcomes_recognise,
        edition=_outcomes_edition,
        parse=_outcomes_parse,
    ),
    Source(
        family="ofsted-report-cards",
        publisher="Ofsted",
        stage=REGISTERS,
        cadence="monthly, from November 2025; no file was to be had yet, so the layout is that of the published record of each report card",
        takes="Each report card: its areas in their own five words, safeguarding met or not met, category of concern, dates.",
        leaves="Links to reports.",
        recognise=_cards_recognise,
        edition=_cards_edition,
        parse=_cards_parse,
    ),
)
