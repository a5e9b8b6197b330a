"""The text of a data protection impact assessment, filled from the system's own register of fields: what is held, in which class, for
how long, and who may see it. What only people can say is left for them, and marked so. Pure.

The order of its parts follows the Information Commissioner's template
(https://ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/accountability-and-governance/data-protection-impact-assessments-dpias/).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from convenor.consultation.rules.report import Part, Report
from convenor.records.rules.classes import RecordClass, readers

FOR_YOU: Final = "For the partnership to write:"


@dataclass(frozen=True, slots=True)
class TableTold:
    """One table, as the register of fields tells it: `personal`, `shared` and `secret` are its fields' names in words."""

    name: str
    says: str
    personal: tuple[str, ...]
    shared: tuple[str, ...]
    secret: tuple[str, ...]
    period: str
    authority: str
    goes: str


@dataclass(frozen=True, slots=True)
class ClassTold:
    """One class of record with its tables."""

    about: RecordClass
    tables: tuple[TableTold, ...]

    @property
    def personal(self) -> tuple[TableTold, ...]:
        """The tables that hold something personal."""
        return tuple(each for each in self.tables if each.personal or each.secret)


def dpia(*, partnership: str, made_on: str, classes: Sequence[ClassTold]) -> Report:
    """The whole text. `made_on` is the day in words."""
    personal = [each for each in classes if each.personal]
    fields = sum(len(table.personal) + len(table.secret) for each in personal for table in each.personal)
    about = (
        ("Made on", made_on),
        ("Filled from", "the system’s own register of tables, fields, keeping periods and roles"),
        ("Classes of record with personal data", f"{len(personal)} of {len(classes)}"),
        ("Fields that hold something personal", str(fields)),
    )
    parts = (*_need(), *_processing(classes), *_held(classes), *_readers(classes), *_necessity(), *_risks(), *_sign_off())
    return Report("Data protection impact assessment", partnership, about, parts)


def _need() -> tuple[Part, ...]:
    return (
        Part("heading", "1. Why this assessment"),
        Part(
            "words",
            "The partnership keeps records about schools and about the people who lead, review and support them. It holds no data about "
            "pupils as individuals, and the system refuses it. Figures of small cohorts are shown as their publisher releases them.",
        ),
        Part("words", f"{FOR_YOU} why the partnership decided to assess this, and who decided it."),
    )


def _processing(classes: Sequence[ClassTold]) -> tuple[Part, ...]:
    rows = tuple((each.about.name, f"Held {each.about.purpose}.", each.about.holder.value) for each in classes)
    return (
        Part("heading", "2. What is done, and what for"),
        Part(
            "words",
            "Staff of schools and others enter records on web pages; some are brought in from the partnership’s spreadsheets; published "
            "figures are loaded from their publishers’ files. Nothing is decided about a person or a school by machine alone.",
        ),
        Part("table", "Classes of record and their purposes", columns=("Class", "Purpose", "Who answers for it"), rows=rows),
        Part("words", f"{FOR_YOU} where the system runs, who runs it for you and under which contract, and where backups are kept."),
        Part("heading", "3. Who was asked"),
        Part("words", f"{FOR_YOU} how schools, their staff and your data protection officers were consulted, and what they said."),
    )


def _held(classes: Sequence[ClassTold]) -> tuple[Part, ...]:
    parts = [
        Part("heading", "4. What is held, and for how long"),
        Part(
            "words",
            "Every table that holds something personal, by class. Fields in brackets are kept most closely: few read them, or nobody.",
        ),
    ]
    for each in classes:
        if each.personal:
            rows = tuple(
                (
                    table.name, "; ".join(table.personal) + (f" (closely: {'; '.join(table.secret)})" if table.secret else ""),
                    f"{table.period[:1].upper()}{table.period[1:]}. {table.goes}", table.authority,
                )
                for table in each.personal
            )  # fmt: skip
            parts.append(Part("heading", each.about.name, level=3))
            parts.append(
                Part("table", f"{each.about.name}: personal fields", columns=("Record", "Personal fields", "Kept", "Authority"), rows=rows)
            )
    return tuple(parts)


def _readers(classes: Sequence[ClassTold]) -> tuple[Part, ...]:
    rows = tuple((each.about.name, "; ".join(readers(each.about)) or "Nobody by a role alone") for each in classes)
    return (
        Part("heading", "5. Who may see it"),
        Part(
            "words",
            "Roles are held at a school, a body or the partnership, from a day until a day, and open only what lies there. Within a class "
            "each page asks further: a broker opens only schools whose conversation they hold. Each look at a school’s record that is "
            "not public is written down, and that school sees it.",
        ),
        Part("table", "Classes of record and the roles that may read in them", columns=("Class", "Who may read in it"), rows=rows),
    )


def _necessity() -> tuple[Part, ...]:
    return (
        Part("heading", "6. Necessity and proportion"),
        Part(
            "list",
            lines=(
                "What is published is never asked for again.",
                "No data about pupils as individuals is taken.",
                "A school reads what is written about it, and replies, before others do.",
                "What is past its keeping period is deleted each night, unless a legal hold keeps it.",
                "Requests for information are kept in a register with their clocks, and a person decides on each record.",
                "Everything can leave again in one archive.",
            ),
        ),
        Part("words", f"{FOR_YOU} the lawful basis of each purpose, and how data subjects are told."),
    )


def _risks() -> tuple[Part, ...]:
    rows = (
        ("What was said in confidence is asked for by anybody", "Pages say so beside each promise; who holds it is on record"),
        ("Somebody reads what they should not", "Deny by default; second factors; each look is written down and shown to the school"),
        ("A shared mailbox opens a confidential page", "Links are spent by a tap; such pages ask for a passkey, second factor or PIN"),
        ("A judgement about a school follows it for years", "Keeping periods end; nothing is ranked or labelled; replies stand beside"),
        ("Records are lost", "Verified backups; one archive that loads elsewhere"),
        ("Records that are needed are deleted", "Legal holds by school, person or class; deletion is whole or not at all"),
    )  # fmt: skip
    return (
        Part("heading", "7. Risks, and what lessens them"),
        Part("table", "Risks that the system was built against", columns=("Risk", "What lessens it"), rows=rows),
        Part("words", f"{FOR_YOU} how likely and how severe each is for you, further risks, and what remains."),
    )


def _sign_off() -> tuple[Part, ...]:
    rows = tuple(
        (each, "", "")
        for each in ("Measures approved by", "Remaining risks accepted by", "Data protection officer’s advice", "To be reviewed by")
    )
    return (
        Part("heading", "8. Signed off"),
        Part("table", "Who signed", columns=("What", "Name and post", "Day"), rows=rows),
    )
