"""Types of establishment, and what each is: who funds it, and whether it counts as an academy.

Academies here are what the Department counts as academies: converters, sponsored, free schools, studio schools, university technical
colleges and city technology colleges; special, alternative provision and 16 to 19 ones included. Non-maintained special schools stand in
Ofsted's list of state-funded schools and in the Department's headline of free school meals, and so count as state-funded.

Sources: abbreviations.xlsx of the performance tables 2018/19 and 2022/23 (NFTYPE codes); Ofsted's management information of August 2025
("Type of education"); the register's TypeOfEstablishment and its groups; Academies Act 2010, section 1A to 1D.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

MAINTAINED, ACADEMY, FREE_SCHOOL, SPECIAL, INDEPENDENT, COLLEGE, OTHER = (
    "maintained",
    "academy",
    "free school",
    "special",
    "independent",
    "college",
    "other",
)


@dataclass(frozen=True, slots=True)
class SchoolType:
    """A type of establishment. `group` is who runs it; `counts_as_academy` as the Department counts; `state_funded` as Ofsted lists."""

    name: str
    group: str
    counts_as_academy: bool = False
    state_funded: bool = True


def _maintained(*names: str) -> list[SchoolType]:
    return [SchoolType(name, MAINTAINED) for name in names]


def _academies(group: str, *names: str) -> list[SchoolType]:
    return [SchoolType(name, group, counts_as_academy=True) for name in names]


def _others(group: str, *names: str) -> list[SchoolType]:
    return [SchoolType(name, group, state_funded=False) for name in names]


SCHOOL_TYPES: tuple[SchoolType, ...] = (
    *_maintained(
        "Community School",
        "Voluntary Aided School",
        "Voluntary Controlled School",
        "Foundation School",
        "LA Nursery School",
        "Community Special School",
        "Foundation Special School",
        "Pupil Referral Unit",
        "Community Hospital School",
        "Foundation Hospital School",
    ),
    *_academies(
        ACADEMY,
        "Academy Converter",
        "Academy Sponsor Led",
        "Academy Special Converter",
        "Academy Special Sponsor Led",
        "Academy Alternative Provision Converter",
        "Academy Alternative Provision Sponsor Led",
        "Academy 16-19 Converter",
        "Academy 16-19 Sponsor Led",
        "Academy Secure 16 to 19",
        "City Technology College",
    ),
    *_academies(
        FREE_SCHOOL,
        "Free School",
        "Free School Special",
        "Free School - Alternative Provision",
        "Free School 16-19",
        "University Technical College",
        "Studio School",
    ),
    SchoolType("Non-Maintained Special School", SPECIAL),
    *_others(
        INDEPENDENT,
        "Independent School",
        "Other Independent Special School",
        "International School",
        "British Schools Overseas",
        "Online Provider",
    ),
    *_others(
        COLLEGE,
        "Further Education",
        "Sixth Form Centre",
        "Special Post 16 Institution",
        "Higher Education Institution",
        "Institution funded by other government department",
    ),
    *_others(
        OTHER,
        "Children's Centre",
        "Children's Centre Linked Site",
        "Secure Unit",
        "Miscellaneous",
        "Welsh Establishment",
        "Offshore School",
        "Service Children's Education",
        "Local Authority Nursery Unit",
    ),
)


def _fold(name: str) -> str:
    """A type's name without case, punctuation, "school" and the difference of "maintained" spellings, as names are compared."""
    words = re.findall(r"[a-z0-9]+", name.lower().replace("&", " and ").replace("'", "").replace("/", " "))
    return " ".join(word.rstrip("s") for word in words if word not in {"school", "schools", "the"})


_BY_NAME: dict[str, SchoolType] = {_fold(each.name): each for each in SCHOOL_TYPES}
#: Other publishers' words, and the codes of the performance tables, for the same types.
_ALIASES = {
    "Local authority nursery school": "LA Nursery School",
    "Free schools": "Free School",
    "Free schools special": "Free School Special",
    "Free schools alternative provision": "Free School - Alternative Provision",
    "Free schools 16 to 19": "Free School 16-19",
    "Free School - Mainstream": "Free School",
    "Special Free Schools": "Free School Special",
    "Free School AP": "Free School - Alternative Provision",
    "Free School UTC (University Technical College)": "University Technical College",
    "Free School - UTC": "University Technical College",
    "Free School - University Technical College": "University Technical College",
    "Free School - Studio School": "Studio School",
    "Studio schools": "Studio School",
    "Academy special sponsor led": "Academy Special Sponsor Led",
    "Academy 16 to 19 sponsor led": "Academy 16-19 Sponsor Led",
    "Academy 16-19 converter": "Academy 16-19 Converter",
    "Converter special academies": "Academy Special Converter",
    "Academy Special": "Academy Special Sponsor Led",
    "Academy - Converter Alternative Provision (AP)": "Academy Alternative Provision Converter",
    "Academy - Converter mainstream": "Academy Converter",
    "Academy sponsor led mainstream": "Academy Sponsor Led",
    "Academy - Converter special school": "Academy Special Converter",
    "Academy - Sponsor led special school": "Academy Special Sponsor Led",
    "Academy - Converter alternative provision": "Academy Alternative Provision Converter",
    "Academy - Sponsor led alternative provision": "Academy Alternative Provision Sponsor Led",
    "Service childrens education": "Service Children's Education",
    "Agriculture and horticulture college": "Further Education",
    "Specialist designated college": "Further Education",
    "Art, design and performing art college": "Further Education",
    "Academy - Sponsor led Alternative Provision (AP)": "Academy Alternative Provision Sponsor Led",
    "Other independent school": "Independent School",
    "Other independent special school": "Other Independent Special School",
    "Academies": "Academy Sponsor Led",
    "Sixth form centres": "Sixth Form Centre",
    "Sixth Form Centre/Consortium": "Sixth Form Centre",
    "Sixth form centre/consortia": "Sixth Form Centre",
    "Secure 16 to 19 academy": "Academy Secure 16 to 19",
    "Further Education Sector Institution": "Further Education",
    "General further education college": "Further Education",
    "Sixth form college": "Further Education",
    "AC": "Academy Sponsor Led",
    "CY": "Community School",
    "VA": "Voluntary Aided School",
    "VC": "Voluntary Controlled School",
    "FD": "Foundation School",
    "CTC": "City Technology College",
    "CYS": "Community Special School",
    "FDS": "Foundation Special School",
    "NMSS": "Non-Maintained Special School",
    "IND": "Independent School",
    "FESI": "Further Education",
    "CHS": "Community Hospital School",
    "FHS": "Foundation Hospital School",
    "PRU": "Pupil Referral Unit",
    "MODFC": "Institution funded by other government department",
    "INDSPS": "Other Independent Special School",
    "INDSS": "Other Independent Special School",
    "ACS": "Academy Special Sponsor Led",
    "ACC": "Academy Converter",
    "F": "Free School",
    "FS": "Free School Special",
    "ACCS": "Academy Special Converter",
    "FAP": "Free School - Alternative Provision",
    "FUTC": "University Technical College",
    "FSS": "Studio School",
    "F1619": "Free School 16-19",
    "ACCAP": "Academy Alternative Provision Converter",
    "ACAP": "Academy Alternative Provision Sponsor Led",
    "ACC1619": "Academy 16-19 Converter",
    "AC1619": "Academy 16-19 Sponsor Led",
}
_BY_NAME |= {_fold(alias): _BY_NAME[_fold(name)] for alias, name in _ALIASES.items()}


@lru_cache(maxsize=1024)
def school_type(name: str) -> SchoolType:
    """The type that a publisher's words or code mean. An unknown type is `other` under its own name, not state-funded and no academy."""
    found = _BY_NAME.get(_fold(name))
    return found if found is not None else SchoolType(name.strip(), OTHER, state_funded=False)


def is_known(name: str) -> bool:
    """Whether the type is one of the list."""
    return _fold(name) in _BY_NAME
