"""Plain truth about secrecy: what can still reach a record that is kept in confidence, and who answers for it.

Confidence is promised on many pages. Beside every such promise stands one sentence that says what it cannot promise. The
register below says of each class of record who holds it, for how long, and what to know when somebody asks for it. It
gives no advice: whether a law's exemption applies is for the holder to decide, each time, with the words of the law.

Sources: Freedom of Information Act 2000, sections 1, 3, 36 (https://www.legislation.gov.uk/ukpga/2000/36); UK GDPR,
article 15; Education Act 2002, section 175, and Working Together to Safeguard Children; Education and Inspections Act
2006, part 4 (schools causing concern). On one authority's list of risk categories the Commissioner ordered disclosure in
2016 (FS50608890) and the Tribunal reversed it on the evidence of that case (UKFTT 2016/0161): neither settles another case.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Reach(StrEnum):
    """A way in which a record may come to be read beyond those it was meant for. The value is its name on a page."""

    FREEDOM_OF_INFORMATION = "freedom of information"
    SUBJECT_ACCESS = "subject access"
    SAFEGUARDING = "safeguarding"
    STATUTORY_DUTY = "statutory duty"
    HOST = "whoever runs the server"


#: What each way means, in a sentence for the page that explains them.
REACH_SAYS: Final[dict[Reach, str]] = {
    Reach.FREEDOM_OF_INFORMATION: (
        "Schools, academies and councils are public authorities. Anyone may ask them for what they hold, or what another holds on "
        "their behalf. The law has exemptions; whether one applies is decided each time, and can be appealed."
    ),
    Reach.SUBJECT_ACCESS: "A person may ask for what is held about them, their own words as a named source included.",
    Reach.SAFEGUARDING: "Where a child may be at risk, whoever reads of it must pass it on, whatever was promised.",
    Reach.STATUTORY_DUTY: (
        "A court may order disclosure, inspectors may ask a school for its records, and a local authority that learns of a serious "
        "concern may have to use its own powers, apart from this partnership."
    ),
    Reach.HOST: "Whoever runs the server and its copies could read what is stored on it.",
}

SCHOOL: Final = "the school"
PARTNERSHIP: Final = "the partnership, on behalf of its members"


@dataclass(frozen=True, slots=True)
class RecordClass:
    """A class of record: what it holds, who answers for it, how long it is kept, and what to know when it is asked for.

    `meant_for` says in words who is to see it; it follows "Meant for" on a page. `foi_note` states facts, never advice.
    """

    key: str
    name: str
    holds: str
    holder: str
    meant_for: str
    kept: str
    authority: str
    reaches: tuple[Reach, ...]
    foi_note: str


_ALL = tuple(Reach)
_NOT_PERSONAL = tuple(each for each in Reach if each is not Reach.SUBJECT_ACCESS)
_SIX_YEARS = "the current year and six more"
_LIMITATION = "Limitation Act 1980, section 5"
_AGREEMENT = "the partnership's data-sharing agreement"

RECORD_CLASSES: Final[dict[str, RecordClass]] = {
    each.key: each
    for each in (
        RecordClass(
            "lines", "Lines about a school", "Published figures of a school held against their comparators, and the score made of them.",
            PARTNERSHIP, "the school first, then its named broker", _SIX_YEARS, _LIMITATION, _NOT_PERSONAL,
            "The figures themselves are published already; what is held here is the comparison.",
        ),
        RecordClass(
            "entered-figure", "Figure entered", "A fact or figure about a school that nobody publishes, with the role that entered it.",
            PARTNERSHIP, "the school and its named broker", _SIX_YEARS, _LIMITATION, _ALL,
            "The school may hold the same figure in its own records, and answers for those itself.",
        ),
        RecordClass(
            "soft-signal", "Soft signal", "A dated fact about a school that somebody saw or was told, with the role of the source.",
            PARTNERSHIP, "the school and its named broker", "12 months unless renewed, then two years set aside", _AGREEMENT, _ALL,
            "The words were checked to be about the school and not a person; the writer is on record.",
        ),
        RecordClass(
            "reply", "The school's reply", "What a school says, corrects or disputes about something held about it.",
            PARTNERSHIP, "those who may see what it answers", "as long as what it answers", _AGREEMENT, _ALL,
            "The words are the school's own, given so as to stand beside what they answer.",
        ),
        RecordClass(
            "early-conversation", "Early conversation", "That a school and a broker talk, its state, and what was agreed between them.",
            PARTNERSHIP, "the school and its named broker, the manager for its name and state, others as the school agrees", _SIX_YEARS,
            _LIMITATION, _ALL,
            "Holds what was said in confidence so that help could be found early.",
        ),
        RecordClass(
            "self-referral", "A school's own request", "That a school asked for a conversation itself, and why.",
            PARTNERSHIP, "the school and its named broker", _SIX_YEARS, _LIMITATION, _ALL,
            "Given freely by the school, on the understanding set out beside the form.",
        ),
        RecordClass(
            "category", "Category", "A school's category, with the school's own judgement, its peers' and the reasons.",
            PARTNERSHIP, "the school, those who propose and moderate, and its named broker", _SIX_YEARS, _LIMITATION, _ALL,
            "A list of schools by category has been asked for elsewhere; the outcome there turned on its own evidence.",
        ),
        RecordClass(
            "moderation", "Moderation", "Which schools' own judgements were drawn to be moderated, how, and what the moderator found.",
            PARTNERSHIP, "the school and its moderator", _SIX_YEARS, _LIMITATION, _ALL,
            "The draw can be repeated from its seed; what was found is held beside the school's own judgement.",
        ),
        RecordClass(
            "peer-review", "Peer review", "A school's self-review, its report, the check of it, and the priorities it agreed.",
            SCHOOL, "the school, its review team until thirty days after the report is final, and whom the school names", _SIX_YEARS,
            _LIMITATION, _ALL,
            "The school owns the report and may have copies of its own. Those of the team hold a copy only if they made one.",
        ),
        RecordClass(
            "evidence", "Evidence of a visit", "Notes that the team took on a visit, with the roles of those they spoke to.",
            SCHOOL, "the team, and the school once it has the draft", _SIX_YEARS, _LIMITATION, _ALL,
            "Holds no pupil's name; notes may say what a person in a known role said.",
        ),
        RecordClass(
            "expectation", "What was expected", "The findings that one side expected before a visit, in its own words.",
            SCHOOL, "the side that wrote it; the school alone sees how far the two and the report agree", _SIX_YEARS, _LIMITATION, _ALL,
            "Written in private before a visit; neither side reads the other's words.",
        ),
        RecordClass(
            "declared", "Declared in private", "Schools that a reviewer should not review; schools by which another would rather not be.",
            PARTNERSHIP, "whoever declared it: the reviewer alone, or those who speak for the school",
            "until it is taken back; a school’s two years more", _AGREEMENT, _ALL,
            "Given in confidence so that teams are fair; the matching keeps to it and shows it to nobody.",
        ),
        RecordClass(
            "look", "Who looked", "That somebody opened a record about a school, when, and in what role.",
            PARTNERSHIP, "the school", "two years", _AGREEMENT, _ALL,
            "Names the people who looked, to the school they looked at.",
        ),
    )
}  # fmt: skip


def plain_truth(record_class: str, *, hosted_by: str = "") -> str:
    """One sentence that says what can still reach a record of this class (a key of `RECORD_CLASSES`), for beside a promise.

    `hosted_by` is who runs the server, as the installation says it; without it the sentence says so in general. Raises
    KeyError for a class that is not in the register: nothing is promised of a record nobody has thought about.
    """
    record = RECORD_CLASSES[record_class]
    host = f"whoever runs this server ({hosted_by})" if hosted_by else "whoever runs this server"
    subject = " by a person it is about under subject access," if Reach.SUBJECT_ACCESS in record.reaches else ""
    return (
        f"Meant for {record.meant_for}; but it may be asked for under freedom of information from any school or council that holds it,"
        f"{subject} must be passed on where a child may be at risk or a law demands it, and could be read by {host}."
    )
