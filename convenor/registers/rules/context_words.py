"""What the figures of an area's context count, in words that a page prints beside them.

Source of the seven indicators: Isos Partnership, 2018 report for the Local Government Association, "context of participating local areas".
Nursery, primary and secondary schools are counted apart, and academies and judgements by phase, so they become nine figures.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """What one figure counts. `unit` is schools, percent, or teaching schools per school."""

    key: str
    name: str
    unit: str
    words: str
    #: Where the definition has aged: until when the series runs under it, and what to know.
    aged: str = ""


_GRADES_ENDED = (
    "Overall grades ended in August 2024. The series is kept under this definition; fewer schools have a grade each year, and it cannot "
    "be carried on with the judgements or report cards that came after, which are something else."
)
_TEACHING_SCHOOLS_ENDED = (
    "The designation of teaching schools ended in August 2021, when teaching school hubs took their place. No list of them is "
    "published any more, and no edition loaded here holds one."
)


def _schools(phase: str, how: str) -> Definition:
    words = f"State-funded schools open on the date whose phase is {phase}, {how}."
    return Definition(f"{phase.lower()}_schools", f"{phase} schools", "schools", words)


def _academies(phase: str) -> Definition:
    return Definition(
        f"{phase.lower()}_academies_percent",
        f"{phase} schools that are academies",
        "percent",
        f"Of the state-funded {phase.lower()} schools open on the date, those that are academies: free schools, university technical "
        "colleges, studio schools and city technology colleges included.",
    )


def _good_or_outstanding(phase: str) -> Definition:
    return Definition(
        f"{phase.lower()}_good_or_outstanding_percent",
        f"{phase} schools judged good or outstanding",
        "percent",
        f"Of the state-funded {phase.lower()} schools whose latest graded inspection (a predecessor's included) has an overall grade, "
        "those with good or outstanding. Schools without an overall grade are counted apart as not judged, never as a failure.",
        _GRADES_ENDED,
    )


DEFINITIONS: tuple[Definition, ...] = (
    _schools("Nursery", "as Ofsted counts phases"),
    _schools("Primary", "as Ofsted counts phases: middle schools deemed primary are among them"),
    _schools("Secondary", "as Ofsted counts phases: all-through schools and middle schools deemed secondary are among them"),
    Definition(
        "fsm_percent",
        "Pupils eligible for free school meals",
        "percent",
        "Pupils known to be eligible for free school meals on census day, of all pupils on roll in state-funded schools of every phase, "
        "non-maintained special schools included. Schools for which the census gives no number of eligible pupils are left out of both.",
    ),
    _academies("Primary"),
    _academies("Secondary"),
    _good_or_outstanding("Primary"),
    _good_or_outstanding("Secondary"),
    Definition(
        "teaching_schools_per_school",
        "Teaching schools for each school",
        "teaching schools per school",
        "Teaching schools, divided by all state-funded nursery, primary and secondary schools.",
        _TEACHING_SCHOOLS_ENDED,
    ),
)
DEFINITION: dict[str, Definition] = {each.key: each for each in DEFINITIONS}
KEYS: tuple[str, ...] = tuple(DEFINITION)
