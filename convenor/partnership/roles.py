"""Who may do what: the whole law of access, on one page, for a board of headteachers to read.

A permission is one thing that may be seen or done. A role is a name, a sentence, the permissions it carries and the place
where it is held: at a school, a trust, a body, a local authority or the partnership as a whole. People hold roles only
through posts and seats, from a day until a day; when the post or the seat ends, so does the permission. What no role
names, nobody may do. What is published by the Department, Ofsted or the partnership itself is open to anyone.

Three owners, three rules: the school owns what it says of itself; the partnership owns its cases and its aggregates; the
local authority owns the statutory record. Nobody here may see who signed in, or who read what, except that a school sees
who looked at its own record.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import ClassVar, Final


class Open(Enum):
    """What a page may say in place of a permission."""

    PUBLIC = "anyone, signed in or not"
    SIGNED_IN = "anyone who has signed in, whatever they hold"


PUBLIC: Final = Open.PUBLIC
SIGNED_IN: Final = Open.SIGNED_IN


class Permission(StrEnum):
    """One thing that may be seen or done. The value is the sentence that the refusal page shows."""

    # The partnership, as its members see it
    PARTNERSHIP_SEE = "see who sits where in the partnership"
    PAPERS_READ = "read a body's papers, priorities and decisions"
    ENGAGEMENT_SEE = "see how much schools take part, in aggregate"
    REPRESENTATION_SEE = "see whom the board stands for"

    # A school's own affairs
    SCHOOL_ACT = "do a school's everyday business with the partnership"
    SCHOOL_RECORD_SEE = "open what is held about a school and is not public, and see who looked"
    SCHOOL_SPEAK = "speak for a school: join, leave, agree"
    SEAT_NOMINATE = "put somebody forward for a seat"
    HAND_OVER_WRITE = "write a hand-over note for a seat or post one holds"

    # Leading a body
    BODY_LEAD = "lead a body: its schools, its notes, its successor"
    ENGAGEMENT_FOLLOW_UP = "see which schools have not yet been heard from, so as to invite them"
    ENGAGEMENT_RECORD = "note that a school attended, reviewed, answered or offered"

    # Earlier identification
    EARLY_TOTALS_SEE = "see how many early conversations there are, in totals"
    CONVERSATION_HOLD = "hold early conversations with schools as their named broker"
    CONVERSATION_FOLLOW = "see with which schools a conversation is open, ten working days after the school was shown"
    FIGURE_ENTER = "enter a figure or fact about a school that nobody publishes"
    SIGNAL_NOTE = "note a soft signal about a school, with its source"
    CATEGORY_SET = "set up and switch on a scheme of categories that the board has decided on"
    CATEGORY_PROPOSE = "propose a school's category"
    CATEGORY_MODERATE = "moderate a school's judgement of itself"

    # Peer review
    REVIEW_HOST = "host a peer review for a school: its days, its questions, what it shares"
    REVIEW_OFFER = "offer to review other schools, and take part in their reviews"
    REVIEW_FOLLOW = "see states, dates and teams of peer reviews, never what they found"
    REVIEW_TOTALS_SEE = "see how peer review goes, in totals and themes"
    ROUND_RUN = "open a round of peer reviews, match its teams and set its dates"
    REVIEWER_REGISTER = "keep the register of reviewers and their training"

    # Support
    SUPPORT_ASK = "ask for support for a school, agree to it, and mark what is written about it"
    SUPPORT_GIVE = "offer support to other schools, visit them and write notes of visits"
    SUPPORT_BROKER = "match what schools need with what others offer, and hold packages of support as their broker"
    DIRECTORY_KEEP = "keep the directory of quality-assured support: who stands in it, and what vouches for them"
    PACKAGE_FOLLOW = "see states, dates, days and money of packages of support, never what was written about a school"
    PACKAGE_SIGN_OFF = "read the evaluation of a package that ended, and sign it off"
    SUPPORT_TOTALS_SEE = "see how support goes, in totals"
    CONTACT_NOTE = "write a note of contact with a school, which its head reads first"

    # Conditions, workshops and consultation
    CONDITIONS_SEE = "see what members say of the nine conditions, what was foreseen and how workshops went, in aggregate"
    CONDITIONS_SAY = "say how the nine conditions stand, and how likely it is that what was foreseen comes true"
    CONDITIONS_ASK = "ask the members how the nine conditions stand, and settle what was foreseen"
    WORKSHOP_RUN = "plan a workshop, lead it, and read what the room wrote"
    CONSULTATION_RUN = "write a proposition, ask every school, read the answers, and say what was done"
    SET_UP_RUN = "run the set-up of the partnership, from the steering group to the pilots"

    # Running the partnership
    STRUCTURE_CHANGE = "change the constitution, its bodies and its areas"
    SEAT_FILL = "open a call, decide it, appoint to a seat and end an appointment"
    MEMBER_ADMIT = "record that a school joins, leaves or changes cluster"
    PEOPLE_CHANGE = "say who holds which post"
    ROOM_SWITCH = "switch rooms on and off"
    TERM_SET = "enter the terms and holidays of the area's schools"
    PRIORITY_SET = "record priorities, task-and-finish groups and decisions"
    FUND_SEE = "see the partnership's funds"
    FUND_SET = "record funds and commit money"
    LETTER_SEE = "see which messages could not be sent"
    CONTACTS_SEE = "see the addresses by which schools are reached, and when each was last verified"
    CONTACTS_KEEP = "keep the addresses by which schools are reached, and invite their heads"
    CIRCULAR_SEND = "write to a filtered list of schools, whose addresses nobody sees"

    # What is agreed, what is held, and taking it along
    AGREEMENT_RUN = "put the data-sharing agreement to the schools, and see which have agreed to which class of record"
    MOVE_IN = "bring in what the partnership has in its own spreadsheets, and undo it whole"
    ARCHIVE_TAKE = "take everything that the partnership holds out in one archive"
    REQUEST_ANSWER = "keep the register of requests for information, and answer them"
    RETENTION_RUN = "hold records back from deletion, and see what was deleted when its time came"

    # Keeping watch
    JOURNAL_SEE = "read the partnership's journal"
    STATUTORY_SEE = "see the local authority's own statutory line"


class HeldAt(StrEnum):
    """Where a role is held, and so how far its permissions reach."""

    SCHOOL = "school"
    TRUST = "trust"
    BODY = "body"
    AUTHORITY = "authority"
    PARTNERSHIP = "partnership"


class Role:
    """A way of taking part. `permissions` reach only the place where the role is held."""

    key: ClassVar[str]
    name: ClassVar[str]
    says: ClassVar[str]
    held_at: ClassVar[HeldAt]
    permissions: ClassVar[frozenset[Permission]]
    #: The titles by which the field knows holders of this role; the post carries the one in use.
    titles: ClassVar[tuple[str, ...]] = ()
    #: Whoever can change much, or see much, signs in with a second factor.
    second_factor: ClassVar[bool] = False


P = Permission
MEMBER: Final = frozenset({P.PARTNERSHIP_SEE, P.REPRESENTATION_SEE, P.CONDITIONS_SEE, P.CONDITIONS_SAY})
OWN_SCHOOL: Final = MEMBER | {
    P.SCHOOL_ACT, P.SCHOOL_RECORD_SEE, P.SEAT_NOMINATE, P.FIGURE_ENTER, P.SIGNAL_NOTE, P.REVIEW_HOST, P.REVIEW_OFFER,
    P.SUPPORT_ASK, P.SUPPORT_GIVE,
}  # fmt: skip


class Head(Role):
    key = "head"
    name = "Headteacher"
    says = "Leads a school and speaks for it. An executive head holds this post at each of their schools; it may be held acting or interim."
    held_at = HeldAt.SCHOOL
    permissions = OWN_SCHOOL | {P.SCHOOL_SPEAK}
    titles = ("Headteacher", "Executive headteacher", "Head of school", "Principal", "Acting headteacher", "Interim headteacher")


class SchoolLeader(Role):
    key = "school-leader"
    name = "School leader"
    says = "A deputy, assistant head or other senior leader to whom the head has opened the school's own pages."
    held_at = HeldAt.SCHOOL
    permissions = OWN_SCHOOL
    titles = ("Deputy headteacher", "Assistant headteacher", "Senior leader")


class ChairOfGovernors(Role):
    key = "chair-of-governors"
    name = "Chair of the governing board or trustees"
    says = "Answers for a school with its head, sees what the head sees of it, and may speak for it."
    held_at = HeldAt.SCHOOL
    permissions = OWN_SCHOOL | {P.SCHOOL_SPEAK}
    titles = ("Chair of governors", "Chair of trustees", "Co-chair of governors")


class Clerk(Role):
    key = "clerk"
    name = "Clerk to the governing board or trustees"
    says = "Keeps a governing board's business in order and puts names forward on its behalf."
    held_at = HeldAt.SCHOOL
    permissions = MEMBER | {P.SCHOOL_ACT, P.SEAT_NOMINATE}
    titles = ("Clerk to the governors", "Clerk to the trustees", "Governance professional")


class SchoolOffice(Role):
    key = "school-office"
    name = "School office"
    says = "Does the school's everyday business with the partnership without opening its confidential pages."
    held_at = HeldAt.SCHOOL
    permissions = MEMBER | {P.SCHOOL_ACT}
    titles = ("School business manager", "School office")


class TrustLead(Role):
    key = "trust-lead"
    name = "Trust leader"
    says = "Leads a trust and moves between its schools as the head of each would."
    held_at = HeldAt.TRUST
    permissions = OWN_SCHOOL | {P.SCHOOL_SPEAK}
    titles = ("Chief executive of a trust", "Trust leader", "Director of education")


class SystemLeader(Role):
    key = "system-leader"
    name = "System leader"
    says = "Lends expertise to other schools, when a school or the partnership asks."
    held_at = HeldAt.SCHOOL
    permissions = MEMBER | {P.SEAT_NOMINATE, P.CATEGORY_MODERATE, P.REVIEW_OFFER, P.SUPPORT_GIVE}
    titles = ("System leader", "Specialist leader")


class IndependentSupporter(Role):
    key = "independent-supporter"
    name = "Independent supporter"
    says = "Supports schools from outside every school: of a hub, a university, a service, or alone. Opens only packages of their own."
    held_at = HeldAt.PARTNERSHIP
    permissions = MEMBER | {P.SUPPORT_GIVE}
    titles = ("Independent supporter", "Hub specialist", "Consultant")


class Reviewer(Role):
    key = "reviewer"
    name = "Reviewer"
    says = "Takes part in reviews of other schools; opens only what a host school shares."
    held_at = HeldAt.PARTNERSHIP
    permissions = MEMBER | {P.CATEGORY_MODERATE, P.REVIEW_OFFER}
    titles = ("Peer reviewer", "Lead reviewer", "Improvement champion")


class ClusterLead(Role):
    key = "cluster-lead"
    name = "Cluster lead"
    says = "Leads a cluster: knows which of its schools have not yet been heard from and invites them."
    held_at = HeldAt.BODY
    permissions = MEMBER | {
        P.PAPERS_READ,
        P.ENGAGEMENT_SEE,
        P.BODY_LEAD,
        P.ENGAGEMENT_FOLLOW_UP,
        P.ENGAGEMENT_RECORD,
        P.HAND_OVER_WRITE,
        P.SEAT_NOMINATE,
        P.EARLY_TOTALS_SEE,
        P.FIGURE_ENTER,
        P.SIGNAL_NOTE,
        P.REVIEW_FOLLOW,
        P.REVIEW_TOTALS_SEE,
        P.ROUND_RUN,
        P.SUPPORT_TOTALS_SEE,
        P.CONTACT_NOTE,
        P.WORKSHOP_RUN,
    }
    titles = ("Cluster lead", "Consortium lead", "Network lead")


class AllianceLead(Role):
    key = "alliance-lead"
    name = "Alliance lead"
    says = "Leads an alliance, consortium or sub-group: its business, its schools and its place on the body above."
    held_at = HeldAt.BODY
    permissions = ClusterLead.permissions
    titles = ("Alliance lead", "Sub-group chair")


class BodyMember(Role):
    key = "body-member"
    name = "Member of a body"
    says = "Sits on a cluster, alliance, sub-group or other body and reads its papers."
    held_at = HeldAt.BODY
    permissions = MEMBER | {P.PAPERS_READ, P.HAND_OVER_WRITE, P.SEAT_NOMINATE}


class BoardMember(Role):
    key = "board-member"
    name = "Board member"
    says = "Sits on the board and sees the partnership whole, in aggregate: never a school's name beside anything that is not public."
    held_at = HeldAt.BODY
    permissions = MEMBER | {
        P.PAPERS_READ, P.ENGAGEMENT_SEE, P.FUND_SEE, P.HAND_OVER_WRITE, P.EARLY_TOTALS_SEE, P.REVIEW_TOTALS_SEE, P.SUPPORT_TOTALS_SEE,
    }  # fmt: skip
    titles = ("Board member", "Chair of the board", "Independent chair")


class Diocese(Role):
    key = "diocese"
    name = "Diocese"
    says = "Speaks for a diocese or other religious authority beside its schools; opens no school's own record by that."
    held_at = HeldAt.PARTNERSHIP
    permissions = MEMBER | {
        P.PAPERS_READ, P.ENGAGEMENT_SEE, P.SEAT_NOMINATE, P.EARLY_TOTALS_SEE, P.REVIEW_TOTALS_SEE, P.SUPPORT_TOTALS_SEE,
    }  # fmt: skip
    titles = ("Diocesan director of education", "Diocesan adviser")


class RegionalLink(Role):
    key = "regional-link"
    name = "DfE regional director's link"
    says = "Keeps the partnership and the Department's regional office in step; sees aggregates only."
    held_at = HeldAt.PARTNERSHIP
    permissions = MEMBER | {P.ENGAGEMENT_SEE, P.EARLY_TOTALS_SEE, P.REVIEW_TOTALS_SEE, P.SUPPORT_TOTALS_SEE}
    titles = ("DfE regional director's link",)
    second_factor = True


class Officer(Role):
    key = "officer"
    name = "Local authority officer"
    says = "Takes part for the local authority. Its statutory record stays its own; this role opens no school's own record."
    held_at = HeldAt.AUTHORITY
    permissions = MEMBER | {
        P.PAPERS_READ, P.ENGAGEMENT_SEE, P.FUND_SEE, P.STATUTORY_SEE, P.EARLY_TOTALS_SEE, P.FIGURE_ENTER, P.SIGNAL_NOTE,
        P.REVIEW_TOTALS_SEE, P.SUPPORT_TOTALS_SEE, P.CONTACT_NOTE,
    }  # fmt: skip
    titles = ("Director of education", "Head of school improvement", "School improvement officer")
    second_factor = True


class Broker(Role):
    key = "broker"
    name = "Broker"
    says = (
        "Holds early conversations and packages of support, each as the one named broker of a school other than their own. Opens a "
        "school's lines only after taking its conversation up, never places their own organisation, and the school sees that they looked."
    )
    held_at = HeldAt.PARTNERSHIP
    permissions = MEMBER | {
        P.CONVERSATION_HOLD, P.FIGURE_ENTER, P.SIGNAL_NOTE, P.CATEGORY_PROPOSE, P.EARLY_TOTALS_SEE, P.SUPPORT_BROKER,
        P.SUPPORT_TOTALS_SEE, P.CONTACT_NOTE,
    }  # fmt: skip
    titles = ("Broker", "Alliance broker", "School improvement partner")
    second_factor = True


class Manager(Role):
    key = "manager"
    name = "Partnership manager"
    says = (
        "Runs the partnership from day to day: seats, members, invitations, priorities, money and records. Opens no school's own record "
        "but to answer a request for information, and the school sees that they looked."
    )
    held_at = HeldAt.PARTNERSHIP
    permissions = MEMBER | {
        P.PAPERS_READ, P.ENGAGEMENT_SEE, P.BODY_LEAD, P.ENGAGEMENT_FOLLOW_UP, P.ENGAGEMENT_RECORD, P.SEAT_NOMINATE, P.HAND_OVER_WRITE,
        P.STRUCTURE_CHANGE, P.SEAT_FILL, P.MEMBER_ADMIT, P.PEOPLE_CHANGE, P.ROOM_SWITCH, P.TERM_SET, P.PRIORITY_SET, P.FUND_SEE,
        P.FUND_SET, P.LETTER_SEE, P.JOURNAL_SEE, P.EARLY_TOTALS_SEE, P.CONVERSATION_FOLLOW, P.CATEGORY_SET,
        P.REVIEW_FOLLOW, P.REVIEW_TOTALS_SEE, P.ROUND_RUN, P.REVIEWER_REGISTER,
        P.DIRECTORY_KEEP, P.PACKAGE_FOLLOW, P.PACKAGE_SIGN_OFF, P.SUPPORT_TOTALS_SEE, P.CONTACT_NOTE,
        P.CONDITIONS_ASK, P.WORKSHOP_RUN, P.CONSULTATION_RUN, P.SET_UP_RUN,
        P.CONTACTS_SEE, P.CONTACTS_KEEP, P.CIRCULAR_SEND, P.AGREEMENT_RUN, P.MOVE_IN, P.ARCHIVE_TAKE, P.REQUEST_ANSWER, P.RETENTION_RUN,
    }  # fmt: skip
    titles = ("Partnership manager", "Partnership director", "Partnership officer")
    second_factor = True


class Auditor(Role):
    key = "auditor"
    name = "Auditor"
    says = "Reads the journal and the funds to see that the partnership keeps its own rules; changes nothing."
    held_at = HeldAt.PARTNERSHIP
    permissions = frozenset(
        {
            P.PARTNERSHIP_SEE,
            P.REPRESENTATION_SEE,
            P.ENGAGEMENT_SEE,
            P.JOURNAL_SEE,
            P.FUND_SEE,
            P.EARLY_TOTALS_SEE,
            P.REVIEW_TOTALS_SEE,
            P.SUPPORT_TOTALS_SEE,
            P.CONDITIONS_SEE,
        }
    )
    titles = ("Auditor",)
    second_factor = True


ROLES: Final[dict[str, type[Role]]] = {
    role.key: role
    for role in (
        Head, SchoolLeader, ChairOfGovernors, Clerk, SchoolOffice, TrustLead, SystemLeader, IndependentSupporter, Reviewer, ClusterLead,
        AllianceLead, BodyMember, BoardMember, Diocese, RegionalLink, Officer, Broker, Manager, Auditor,
    )
}  # fmt: skip

#: Posts that a school itself gives and takes away: whoever speaks for the school may open its pages to these.
GIVEN_BY_SCHOOL: Final = frozenset({SchoolLeader.key, Clerk.key, SchoolOffice.key})

#: Roles that only ever come with a seat: nobody gives them as a post.
SEAT_ROLES: Final = frozenset({BodyMember.key, BoardMember.key})

#: A role that comes with a seat, by the hue of the body's tier: nobody has to hand it out, and it ends with the seat.
LEADING_PARTS: Final = frozenset({"chair", "co-chair", "lead", "deputy"})


def role_of_seat(part: str, hue: str) -> str:
    """The role that a seat brings its holder: board member on the board; lead of a cluster or an alliance; member otherwise."""
    if hue == "board":
        return BoardMember.key
    if part not in LEADING_PARTS:
        return BodyMember.key
    return ClusterLead.key if hue == "cluster" else AllianceLead.key
