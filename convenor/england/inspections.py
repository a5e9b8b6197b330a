"""Ofsted's three vocabularies. They live side by side and are never converted into each other.

1. *Overall effectiveness*: until the end of August 2024 every graded inspection of a state-funded school gave one overall grade, 1 to 4.
   (Grade 3 was called Satisfactory until the end of August 2012.)
2. *Key judgements*: in 2024/25, and until 9 November 2025, the same four words for each judgement and no overall grade.
3. *Report cards*: from 10 November 2025, areas in five other words, and safeguarding met or not met.

Sources: Ofsted's management information of 31 August 2025 (codes, columns; "Not judged" overall from 3 September 2024 on); Ofsted, School
inspection handbook, changes of September 2024; Ofsted's education inspection framework in use from 10 November 2025.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

#: From this day state-funded schools get no overall grade.
OVERALL_GRADE_ENDED_ON = date(2024, 9, 1)
#: From this day inspections give report cards.
REPORT_CARDS_FROM = date(2025, 11, 10)
#: Until this day grade 3 was called Satisfactory.
SATISFACTORY_ENDED_ON = date(2012, 9, 1)


class InspectionVocabulary(StrEnum):
    """In whose words an inspection speaks."""

    OVERALL_EFFECTIVENESS = "overall_effectiveness"
    KEY_JUDGEMENTS = "key_judgements"
    REPORT_CARD = "report_card"


def vocabulary_on(started_on: date) -> InspectionVocabulary:
    """The vocabulary of a graded inspection that started on a day."""
    if started_on >= REPORT_CARDS_FROM:
        return InspectionVocabulary.REPORT_CARD
    if started_on >= OVERALL_GRADE_ENDED_ON:
        return InspectionVocabulary.KEY_JUDGEMENTS
    return InspectionVocabulary.OVERALL_EFFECTIVENESS


#: The four words of the first two vocabularies, by the publisher's code.
GRADES: dict[str, str] = {"1": "Outstanding", "2": "Good", "3": "Requires improvement", "4": "Inadequate"}
#: Codes that stand among the grades and are none. What 8 and 0 say beyond "no grade" is not stated in the files.
NO_GRADE: dict[str, str] = {
    "9": "not applicable, or inspected under an earlier framework",
    "8": "no grade given",
    "0": "no grade given",
    "": "no grade published",
    "not judged": "not judged: overall grades ended in August 2024",
}


def grade_word(code: str, started_on: date | None = None) -> str:
    """The word of a grade's code, Satisfactory for a 3 before September 2012; empty when the code is no grade."""
    if code == "3" and started_on is not None and started_on < SATISFACTORY_ENDED_ON:
        return "Satisfactory"
    return GRADES.get(code, "")


def read_grade(text: str) -> str:
    """A grade's code, "1" to "4", from what a file holds (`2`, `2.0`, `Good`); empty for the codes and words that are no grade."""
    plain = text.strip().lower().removesuffix(".0")
    if plain in GRADES:
        return plain
    words = {word.lower(): code for code, word in GRADES.items()} | {"satisfactory": "3"}
    # The register's old rating gave the reason for concern in place of the grade.
    words |= {"special measures": "4", "serious weaknesses": "4"}
    return words.get(plain, "")


def is_good_or_outstanding(code: str) -> bool:
    """Whether an overall grade is 1 or 2."""
    return code in {"1", "2"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One thing that inspections judge: its key in our tables and its name in the publisher's words."""

    key: str
    name: str


#: Framework of September 2019 to November 2025.
KEY_JUDGEMENTS: tuple[Judgement, ...] = (
    Judgement("quality_of_education", "Quality of education"),
    Judgement("behaviour_and_attitudes", "Behaviour and attitudes"),
    Judgement("personal_development", "Personal development"),
    Judgement("leadership_and_management", "Effectiveness of leadership and management"),
    Judgement("early_years_provision", "Early years provision"),
    Judgement("sixth_form_provision", "Sixth form provision"),
)
REPORT_CARD_AREAS: tuple[Judgement, ...] = (
    Judgement("inclusion", "Inclusion"),
    Judgement("curriculum_and_teaching", "Curriculum and teaching"),
    Judgement("achievement", "Achievement"),
    Judgement("attendance_and_behaviour", "Attendance and behaviour"),
    Judgement("personal_development_and_well_being", "Personal development and well-being"),
    Judgement("leadership_and_governance", "Leadership and governance"),
    Judgement("early_years", "Early years"),
    Judgement("post_16", "Post-16 provision"),
)
#: Best first.
REPORT_CARD_GRADES = ("Exceptional", "Strong standard", "Expected standard", "Needs attention", "Urgent improvement")
SAFEGUARDING = ("Met", "Not met")
#: Categories of concern, by the code of the management information.
CATEGORIES_OF_CONCERN = {"SM": "Special measures", "SWK": "Serious weaknesses", "NTI": "Notice to improve"}


def read_report_card_grade(text: str) -> str:
    """One of the five words from any capitals and spaces; empty when it is none of them."""
    plain = " ".join(text.split()).lower()
    return next((grade for grade in REPORT_CARD_GRADES if grade.lower() == plain), "")
