"""The classes of record, in the words of the page *What is held*: what each holds, who answers for it, and by which right it is read.

Facts, never advice. Three owners, three rules: the school owns its self-review and peer review; the partnership owns cases and
aggregates; a publisher answers for what it published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from convenor.partnership.roles import ROLES, Permission

P = Permission


class Holder(StrEnum):
    """Who answers for a record when it is asked for."""

    PARTNERSHIP = "the partnership, on behalf of its members"
    SCHOOL = "the school"
    PUBLISHER = "its publisher; a copy is kept here"
    AUTHORITY = "the local authority"
    OTHER = "somebody else"


@dataclass(frozen=True, slots=True)
class RecordClass:
    """A class of record: the tables of one feature. `purpose` follows "Held" on a page; `rights` open it beyond the people it is about."""

    key: str
    name: str
    purpose: str
    holder: Holder = Holder.PARTNERSHIP
    rights: tuple[Permission, ...] = ()
    own_school: bool = False
    themselves: bool = False


CLASSES: Final[Mapping[str, RecordClass]] = {
    each.key: each
    for each in (
        RecordClass("accounts", "People and how they sign in", "so that people can sign in and be named where they take part",
                    rights=(P.PEOPLE_CHANGE,), themselves=True),
        RecordClass("journal", "The journal, and who looked", "so that it can be seen what was done, and a school sees who looked",
                    rights=(P.JOURNAL_SEE,), own_school=True),
        RecordClass("post", "Letters", "as proof of what was sent, and to try again what did not leave", rights=(P.LETTER_SEE,)),
        RecordClass("papers", "Stored documents", "so that papers can be read by those they are meant for", rights=(P.PAPERS_READ,)),
        RecordClass("registers", "Published figures", "so that nobody is asked for what is published", Holder.PUBLISHER),
        RecordClass("partnership", "The partnership: bodies, seats, posts, members", "as the partnership’s memory of who took part in what",
                    rights=(P.PARTNERSHIP_SEE,)),
        RecordClass("contacts", "Addresses of schools", "so that schools can be reached", rights=(P.CONTACTS_SEE,), own_school=True),
        RecordClass("agreements", "Agreements", "to know who agreed to which use of what", rights=(P.AGREEMENT_RUN,), own_school=True),
        RecordClass("governance", "Priorities, groups and decisions", "as the partnership’s memory", rights=(P.PARTNERSHIP_SEE,)),
        RecordClass("funding", "Funds", "to account for the partnership’s money", rights=(P.FUND_SEE,)),
        RecordClass("intelligence", "Early identification", "so that a school and a broker can talk early", rights=(P.CONVERSATION_HOLD,),
                    own_school=True),
        RecordClass("conditions", "Nine conditions and workshops", "to hear how the nine conditions stand, in aggregate",
                    rights=(P.WORKSHOP_RUN,), themselves=True),
        RecordClass("consultation", "Consultations", "to hear every school, and say what was done", rights=(P.CONSULTATION_RUN,),
                    own_school=True),
        RecordClass("peer_review", "Peer review", "so that schools learn from each other’s visits", Holder.SCHOOL,
                    rights=(P.REVIEW_OFFER,), own_school=True),
        RecordClass("support", "Support", "to find support, agree it, and see whether it worked", rights=(P.SUPPORT_BROKER, P.SUPPORT_GIVE),
                    own_school=True),
        RecordClass("archive", "Archives", "so that the partnership can leave with everything", rights=(P.ARCHIVE_TAKE,)),
        RecordClass("records", "Requests and holds", "to answer whoever asks what is held, in time", rights=(P.REQUEST_ANSWER,)),
        RecordClass("moving_in", "What was brought in", "to bring in what the partnership had in its spreadsheets", rights=(P.MOVE_IN,)),
    )
}  # fmt: skip


def class_of(label: str) -> RecordClass:
    """The class to which a table belongs, by its label; one that nobody has put into words bears the name of its feature."""
    app = label.split(".")[0].lower()
    return CLASSES.get(app) or RecordClass(app, app.replace("_", " ").capitalize(), "for what its feature does")


def readers(record_class: RecordClass) -> tuple[str, ...]:
    """Who may read records of this class beside those they are about, as the roles' own law says it, in words."""
    found = [role.name for role in ROLES.values() if role.permissions & set(record_class.rights)]
    own = [f"{role.name} (of their own school)" for role in ROLES.values() if P.SCHOOL_RECORD_SEE in role.permissions]
    return (
        *(("The person themselves",) if record_class.themselves else ()),
        *(own if record_class.own_school else ()),
        *found,
        *(("Anybody",) if record_class.holder is Holder.PUBLISHER else ()),
    )


def in_words(keys: Iterable[str]) -> list[str]:
    """The names of these classes, in the order of the house."""
    wanted = set(keys)
    return [each.name for each in CLASSES.values() if each.key in wanted]
