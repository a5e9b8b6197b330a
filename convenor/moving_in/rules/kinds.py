"""What a partnership brings with it: the kinds of sheet, and the columns of each as real ones are headed.

A kind names what one sheet tells; a field names what one column tells. The words in `alike` are those that people write above such a
column, already folded (`folded`): lower case, no punctuation. Wide sheets of contacts, one line a school, have fields such as
`head.email`; reading turns them into one line for each role.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a sheet tells; the value stands in addresses and tables."""

    CONTACTS = "contacts"
    CLUSTERS = "clusters"
    SEATS = "seats"
    REVIEWERS = "reviewers"
    DIRECTORY = "directory"
    SUPPORT_LOG = "support-log"
    SUBSCRIPTIONS = "subscriptions"
    CALENDAR = "calendar"
    UNKNOWN = "unknown"


#: What pages call each kind.
KIND_NAMES: Final[dict[Kind, str]] = {
    Kind.CONTACTS: "Contacts at schools",
    Kind.CLUSTERS: "Clusters and their schools",
    Kind.SEATS: "Seats and terms of office",
    Kind.REVIEWERS: "Peer reviewers and their training",
    Kind.DIRECTORY: "Directory of support",
    Kind.SUPPORT_LOG: "Log of support given",
    Kind.SUBSCRIPTIONS: "Subscriptions",
    Kind.CALENDAR: "Dates of meetings",
    Kind.UNKNOWN: "Not recognised",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its key, what pages call it, whether the kind makes no sense without it, and the words above real ones (folded)."""

    key: str
    name: str
    required: bool
    alike: tuple[str, ...]


_NOT_WORD: Final = re.compile(r"[^a-z0-9£]+")


def folded(text: str) -> str:
    """A header in lower case without accents and punctuation: "E-mail address:" is "e mail address", "Cost (£)" is "cost £"."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "").replace("'", "")).replace("£", " £ ")
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).lower()
    return " ".join(_NOT_WORD.sub(" ", plain).split())


SCHOOL_FIELDS: Final = (
    Field("urn", "URN", False, (
        "urn", "school urn", "urn number", "urn no", "unique reference number", "dfe urn", "gias urn", "urn code", "edubase urn",
        "establishment urn", "ofsted urn", "academy urn",
    )),
    Field("laestab", "LAESTAB (DfE number)", False, (
        "laestab", "la estab", "dfe number", "dfe no", "dfe", "dfe num", "dfes number", "dfes no", "dfe code", "dcsf number",
        "lea estab", "laestab number",
        "laestab no", "la estab number", "establishment number", "estab", "estab no", "school number", "school no", "school code",
        "dfe ref",
    )),
    Field("school", "School", False, (
        "school", "school name", "name of school", "schools", "establishment", "establishment name", "academy", "academy name", "setting",
        "setting name", "school academy", "school setting", "school or setting", "member school", "member", "organisation school",
        "base school", "home school",
        "employing school", "receiving school", "supported school", "school supported", "school receiving support", "invoice to",
        "schools in cluster",
        "name of setting", "school title", "school full name", "full school name",
    )),
    Field("postcode", "Postcode", False, ("postcode", "post code", "school postcode", "pcode", "postal code", "p code", "zip")),
    Field("town", "Town", False, ("town", "village", "locality", "town village", "city", "area town", "school town", "location", "place")),
)  # fmt: skip

#: The roles whose addresses a partnership keeps, with the words that name them (folded).
ROLE_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "head": (
        "head", "headteacher", "head teacher", "principal", "headteachers", "ht", "head of school", "executive head",
        "executive headteacher",
        "exec head", "executive principal", "acting head", "acting headteacher", "interim head", "interim headteacher",
        "co headteacher", "co head",
        "heads", "exec headteacher", "headmaster", "headmistress", "head principal", "headteacher principal", "eht", "hos",
    ),
    "chair": (
        "chair", "chair of governors", "chairs", "chair of governing body", "chair of governing board", "chair of gb", "cog",
        "chair of local board",
        "chair of trustees", "chair of gov", "chair govs", "chair of govs", "governors chair", "chair governor", "chair of lgb",
        "c of g", "chairperson", "chair of board",
    ),
    "clerk": (
        "clerk", "clerk to governors", "clerk to the governors", "governance professional", "governor clerk", "clerk to governing body",
        "clerk to gb",
        "governance clerk", "clerk to board",
    ),
    "senco": ("senco", "sendco", "senco name", "inclusion lead", "inclusion manager", "send lead", "send co", "inco",
    "inclusion leader", "sendco name", "sen coordinator"),
    "business-manager": (
        "business manager", "sbm", "school business manager", "bursar", "business leader", "school business leader", "sbl",
        "finance manager",
        "school business professional", "office manager", "finance officer", "business mgr",
    ),
    "other": (
        "other", "office", "school office", "admin", "administrator", "secretary", "deputy", "deputy head", "deputy headteacher", "dsl",
        "designated safeguarding lead", "general", "main contact", "governor", "assistant head", "assistant headteacher", "pa to head",
        "heads pa", "receptionist",
    ),
}  # fmt: skip

ROLE_NAMES: Final[dict[str, str]] = {
    "head": "Headteacher",
    "chair": "Chair of governors",
    "clerk": "Clerk",
    "senco": "SENCO",
    "business-manager": "Business manager",
    "other": "Other",
}

NAME_WORDS: Final = (
    "name", "full name", "contact", "contact name", "person", "named person", "who", "staff name", "name of contact", "name of person",
    "staff", "name of head",
)  # fmt: skip
EMAIL_WORDS: Final = (
    "email",
    "e mail",
    "email address",
    "e mail address",
    "mail",
    "emails",
    "contact email",
    "email addr",
    "work email",
    "school email",
    "eml",
)
PHONE_WORDS: Final = (
    "phone", "telephone", "tel", "tel no", "phone number", "telephone number", "mobile", "phone no", "contact number", "tel number",
    "telephone no", "mob", "mobile no", "contact no",
)  # fmt: skip


def _wide() -> tuple[Field, ...]:
    """The columns of a sheet with one line a school: a name, an address and a telephone number for each role."""
    fields = []
    for role, words in ROLE_WORDS.items():
        for part, said, plain in (("name", NAME_WORDS, True), ("email", EMAIL_WORDS, False), ("phone", PHONE_WORDS, False)):
            alike = [f"{word} {each}" for word in words for each in said] + [f"{each} of {word}" for word in words for each in said[:2]]
            alike += [f"{each} {word}" for word in words for each in said[:2]]
            alike += [f"{word}s {each}" for word in words for each in said[:3]]
            fields.append(
                Field(f"{role}.{part}", f"{ROLE_NAMES[role]}: {part}", False, tuple(dict.fromkeys([*(words if plain else ()), *alike])))
            )
    return tuple(fields)


_FIRST = Field(
    "first_name", "First name", False, ("first name", "forename", "given name", "firstname", "christian name", "first", "known as", "fname")
)
_LAST = Field("last_name", "Surname", False, ("surname", "last name", "family name", "lastname", "last", "lname", "second name"))
_TITLE = Field("title", "Title", False, ("title", "salutation", "mr mrs ms", "mr mrs miss ms dr", "prefix"))
#: Sheets often hold a person's name in two or three columns; reading joins them into `name`.
NAME_PARTS: Final = (_TITLE, _FIRST, _LAST)

FIELDS: Final[dict[Kind, tuple[Field, ...]]] = {
    Kind.CONTACTS: (
        *SCHOOL_FIELDS,
        Field("role", "Role", False, ("role", "position", "job title", "job", "post", "contact type", "role in school", "role title",
            "type of contact", "post held", "responsibility")),
        Field("name", "Name", False, NAME_WORDS),
        *NAME_PARTS,
        Field("email", "Email address", False, EMAIL_WORDS),
        Field("phone", "Telephone", False, PHONE_WORDS),
        Field("verified", "Last checked on", False, (
            "verified", "last verified", "checked", "last checked", "date checked", "updated", "last updated", "date updated",
            "confirmed", "date verified", "checked on", "verified on", "correct as at",
        )),
        *_wide(),
    ),
    Kind.CLUSTERS: (
        *SCHOOL_FIELDS,
        Field("cluster", "Cluster", True, (
            "cluster", "cluster name", "cluster group", "learning community", "network", "locality cluster", "local cluster",
            "family of schools", "pyramid", "collaborative", "consortium",
            "cluster no", "cluster number", "group", "hub", "partnership group", "school cluster", "family", "name of cluster",
        )),
        Field("alliance", "Alliance", False, ("alliance", "district", "alliance name", "area", "quadrant", "zone", "area alliance",
            "district alliance", "area group", "division")),
        Field("lead", "Lead of the cluster", False, ("lead", "cluster lead", "lead head", "lead school", "cluster chair", "convenor",
            "cluster convenor", "chair of cluster", "lead headteacher", "lead for cluster")),
    ),
    Kind.SEATS: (
        *SCHOOL_FIELDS,
        Field("body", "Body", False, ("body", "board", "committee", "group", "board committee", "board or group", "forum", "panel",
            "meeting", "board group")),
        Field("seat", "Seat", True, ("seat", "role on board", "board role", "position on board", "seat held", "capacity", "position",
            "role", "type of member", "member type", "representing as", "office", "category", "seat title")),
        Field("name", "Name", False, (*NAME_WORDS, "member", "holder", "member name", "name of member", "representative",
            "board member", "held by", "rep")),
        *NAME_PARTS,
        Field("email", "Email address", False, EMAIL_WORDS),
        Field("constituency", "Constituency", False, ("constituency", "representing", "represents", "sector", "phase represented",
            "on behalf of", "electorate", "elected by", "nominated by", "appointed by")),
        Field("from", "From", False, (
            "from", "start", "start date", "term start", "term from", "start of term", "appointed", "date appointed", "appointed on",
            "elected", "date elected", "since", "term of office from", "date from", "term starts", "start of term of office",
            "term begins", "term of office start",
        )),
        Field("until", "Until", False, (
            "until", "to", "end", "end date", "term end", "term to", "end of term", "expires", "expiry", "term ends", "term expires",
            "term of office to", "date to", "end of term of office", "term until", "term of office until", "term of office end",
            "term of office ends", "expiry of term",
        )),
        Field("term", "Term", False, ("term", "term of office", "length of term", "term years", "years", "term length", "term in years",
            "term yrs")),
    ),
    Kind.REVIEWERS: (
        *SCHOOL_FIELDS,
        Field("name", "Name", True, (*NAME_WORDS, "reviewer", "reviewer name", "name of reviewer", "peer reviewer")),
        *NAME_PARTS,
        Field("email", "Email address", False, EMAIL_WORDS),
        Field("training", "Training", False, ("training", "training done", "course", "level", "training level", "status", "trained as",
            "training status", "training attended", "type of training")),
        Field("trained", "Trained on", False, (
            "trained", "date trained", "trained on", "training date", "date of training", "initial training", "trained date",
            "date of initial training", "initial training date", "first trained", "training completed",
        )),
        Field("refreshed", "Refreshed on", False, (
            "refreshed", "refresher", "refresher date", "date of refresher", "last refreshed", "refresher training", "refresh date",
            "update training", "refreshed on", "last refresher", "refresher on",
        )),
        Field("lead", "Lead reviewer", False, ("lead", "lead reviewer", "can lead", "lead y n", "leads", "lead reviewer y n", "is lead",
            "lead trained")),
        Field("champion", "Improvement champion", False, ("champion", "improvement champion", "ic", "improvement champion y n",
            "ic trained", "champion y n", "champion trained")),
        Field("expertise", "Expertise", False, ("expertise", "specialism", "specialisms", "areas of expertise", "strengths", "subject",
            "subjects", "area of expertise", "experience", "specialist area", "focus")),
        Field("days", "Days a year", False, ("days", "days a year", "days available", "availability", "capacity days", "days offered",
            "days per year", "max days", "no of days", "days pa")),
    ),
    Kind.DIRECTORY: (
        *SCHOOL_FIELDS,
        Field("name", "Name", True, (*NAME_WORDS, "provider", "supporter", "organisation", "provider name", "system leader",
            "offered by", "who offers", "name of provider", "consultant", "sle", "nle")),
        *NAME_PARTS,
        Field("kind", "School, person or organisation", False, ("kind", "type", "provider type", "type of provider",
            "school person organisation", "kind of provider")),
        Field("expertise", "Expertise", True, (
            "expertise", "specialism", "specialisms", "areas of expertise", "area of expertise", "support offered", "offer",
            "support available", "strengths", "subject", "focus", "can help with", "area of support", "areas of support", "topics",
            "themes", "what they offer", "specialist area",
        )),
        Field("phases", "Phases", False, ("phases", "phase", "key stage", "key stages", "age range", "phase s", "phases served",
            "phase of support")),
        Field("days", "Days a year", False, ("days", "days available", "days a year", "capacity", "availability", "capacity days",
            "days offered", "days per year", "no of days", "days pa")),
        Field("assured_by", "Assured by", False, ("assured by", "quality assured by", "qa by", "qa d by", "vouched for by",
            "recommended by", "qad by", "reference from", "quality assured", "referee", "endorsed by")),
        Field("assured_on", "Assured on", False, ("assured on", "date assured", "qa date", "date of qa", "quality assured on",
            "date quality assured", "assured", "assured date", "last qa", "date qa d", "date qad", "last quality assured")),
        Field("designation", "Designation", False, ("designation", "status", "designated", "accreditation", "nle sle lle",
            "designated as", "role", "designations")),
        Field("email", "Email address", False, EMAIL_WORDS),
        Field("says", "In their own words", False, ("says", "description", "details", "about", "notes", "summary", "in their words",
            "comments", "profile", "blurb", "further details", "further information", "detail of offer")),
    ),
    Kind.SUPPORT_LOG: (
        *SCHOOL_FIELDS,
        Field("date", "Date", True, (
            "date", "date of support", "start", "start date", "from", "date of visit", "visit date", "when", "date started",
            "support from", "date from", "day", "support date", "date s",
        )),
        Field("until", "Until", False, ("until", "to", "end", "end date", "finished", "date ended", "date to", "support to",
            "completed", "finish", "date completed", "support until")),
        Field("who", "Who helped", True, (
            "who", "supporter", "provided by", "provider", "support from whom", "adviser", "advisor", "by", "supported by",
            "system leader", "consultant", "visited by", "delivered by", "who supported", "support provided by", "officer",
            "lead supporter", "sle", "name of supporter", "sip", "nle",
        )),
        Field("what", "What was done", True, (
            "what", "support", "support given", "focus", "focus of support", "activity", "type of support", "purpose",
            "purpose of visit", "description", "area", "reason", "work done", "support type", "nature of support", "focus of visit",
            "action", "intervention", "area of support", "theme", "support provided",
        )),
        Field("days", "Days", False, ("days", "days used", "no of days", "days delivered", "number of days", "time", "days given",
            "half days", "total days", "days spent")),
        Field("cost", "Cost", False, ("cost", "cost £", "amount", "price", "charge", "charged", "£", "fee", "value", "total cost",
            "spend", "cost gbp")),
        Field("note", "Note", False, ("note", "notes", "comment", "comments", "outcome", "remarks", "impact", "details", "feedback",
            "confidential notes", "observations", "concerns", "note of visit", "additional notes", "officer notes", "next steps")),
        Field("rating", "Rating", False, ("rating", "rag", "rag rating", "grade", "category", "risk", "risk rating", "school category",
            "judgement", "ofsted", "ofsted grade", "risk category", "level of concern", "band", "concern level", "priority",
            "rag status", "support category", "colour", "last ofsted", "concern")),
        Field("status", "State", False, ("status", "state", "stage", "open closed", "progress", "complete", "closed", "case status",
            "ongoing")),
    ),
    Kind.SUBSCRIPTIONS: (
        *SCHOOL_FIELDS,
        Field("year", "Year", False, ("year", "subscription year", "academic year", "financial year", "school year", "for year",
            "sub year", "membership year", "period")),
        Field("amount", "Amount", True, (
            "amount", "subscription", "subscription amount", "fee", "subscription fee", "cost", "amount due", "amount £",
            "membership fee", "£", "contribution", "price", "charge", "total", "sub", "subs", "subscription £", "fee £", "net", "due",
            "annual fee", "annual subscription", "amount gbp", "membership",
        )),
        Field("paid", "Paid", False, ("paid", "date paid", "paid on", "paid y n", "payment received", "payment date", "received",
            "paid date", "payment", "payment status", "has paid", "date received")),
        Field("invoiced", "Invoiced", False, ("invoiced", "invoice date", "date invoiced", "invoiced on", "invoice sent", "invoice",
            "date of invoice", "invoice raised", "inv date", "billed")),
        Field("note", "Note", False, ("note", "notes", "comment", "comments", "invoice no", "invoice number", "po number",
            "purchase order", "remarks", "reference", "po", "order no", "inv no")),
    ),
    Kind.CALENDAR: (
        Field("date", "Date", True, ("date", "start", "day", "when", "meeting date", "start date")),
        Field("until", "Until", False, ("until", "end", "finish", "end date")),
        Field("what", "What", True, ("what", "meeting", "event", "subject", "summary", "title")),
        Field("where", "Where", False, ("where", "venue", "location", "place", "room")),
    ),
    Kind.UNKNOWN: (*SCHOOL_FIELDS,),
}  # fmt: skip


def field(kind: Kind, key: str) -> Field | None:
    """The field of a kind that has this key; None where the kind has none."""
    return next((each for each in FIELDS[kind] if each.key == key), None)


def role_of_wide(key: str) -> tuple[str, str] | None:
    """Role and part of a wide sheet's field: `head.email` is ("head", "email"); None for every other field."""
    role, dot, part = key.partition(".")
    return (role, part) if dot and role in ROLE_WORDS else None
