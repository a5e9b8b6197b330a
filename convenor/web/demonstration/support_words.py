"""What the demonstration's packages of support say: plainly invented, of no real school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Story:
    """One theme: what a school asks, what a plan sets and where it begins, what a supporter sees, what came of it.

    `outcome` is the published measure that would show it, "" where none does.
    """

    theme: str
    asks: str
    title: str
    owner: str
    measure: str
    baseline: str
    baseline_n: int
    target: str
    seen: tuple[str, str, str]
    agreed: str
    behind: str
    came: str
    lesson: str
    outcome: str = ""


STORIES: Final[tuple[Story, ...]] = (
    Story(
        "reading", "Our youngest readers start well and fall behind in year 2. We would like somebody to look at it with us.",
        "Every child in year 2 reads a book that fits, every day", "Reading lead", "Children who read their book to an adult without help",
        "Eleven of thirty in the first week", 30, "Twenty-four of thirty by the end of the spring",
        ("Sat in on four reading sessions. Books fit in two groups; in the others they were a step too hard.",
         "Read with nine children together with the reading lead. Seven now have a book that fits.",
         "Looked at the new check of sounds with both teachers of year 2. They run it themselves."),
        "The lead regroups on Friday; I send the check we use.",
        "Behind, since a teacher was away for three weeks. The deputy takes her group until half-term.",
        "Twenty-three of thirty read without help. The two teachers run the check by themselves.",
        "Regroup readers every two weeks, not every half-term: it takes twenty minutes and saves a term.", "ks2_reading_expected",
    ),
    Story(
        "mathematics", "Pupils in years 5 and 6 can calculate and cannot explain. We would like to see how another school teaches it.",
        "Pupils explain how they know, in words and drawings", "Mathematics lead", "Books with a written explanation in the last week",
        "Nine of sixty", 60, "Forty of sixty before the summer",
        ("Taught a lesson beside the lead in year 6; we stopped three times to ask “how do you know?”.",
         "Watched two lessons. Questions were open in both; waiting was short.",
         "Looked through books with two pupils. They could say what they would write next."),
        "Each teacher tries one open question a day and tells the lead on Friday.",
        "On its way in year 6; year 5 begins after half-term.",
        "Forty-four of sixty. Teachers say that they plan the question first.",
        "Plan the question before the task. It changed more than any scheme.", "ks2_maths_expected",
    ),
    Story(
        "attendance", "A small group misses many Fridays. We have tried letters. We would like to think with a school that changed it.",
        "The group is in on Fridays", "Deputy headteacher", "Pupils of the group who were in on the last four Fridays",
        "Six of seventeen", 17, "Thirteen of seventeen by the summer",
        ("Walked round on a Friday with the deputy. Two lessons were quiet reading; pupils knew it.",
         "Met four families at the gate with the deputy, over tea. Three talked about mornings, none about school.",
         "Fridays now begin with the choir and end with the club that pupils chose."),
        "The club moves to Friday; the deputy rings four families each week before anything is wrong.",
        "Behind with two pupils whose family moved. A lift is being arranged.",
        "Twelve of seventeen. Two more come most Fridays.",
        "Put something on Fridays that nobody would want to miss, and ring before anything is wrong.",
    ),
    Story(
        "inclusion", "We have more pupils with plans than we planned for. Our teachers would like to see this done well.",
        "Pupils with plans begin a task by themselves", "SEND coordinator", "Pupils who have begun after two minutes, in six lessons",
        "Two of nine", 9, "Seven of nine by July",
        ("Four pupils waited for an adult before the first line. The task had been said once, in one long sentence.",
         "Planned three lessons with two teachers: the first step drawn on the board.",
         "Seven of nine began by themselves in the lessons I saw."),
        "Every lesson's first step is drawn or written.",
        "On track.",
        "Seven of nine begin by themselves, in the lessons of four teachers.",
        "Draw the first step. Adults stop being what a child waits for.",
    ),
    Story(
        "leadership", "I am new as a head and would like somebody beside me while we set our priorities for the year.",
        "Leaders know each subject and say what they will change", "Headteacher", "Subjects whose lead has watched lessons this term",
        "Three of eleven", 11, "Nine of eleven by Easter",
        ("We went through the year's plan and crossed out a third of it.",
         "Sat beside the head while she talked with two subject leads.",
         "Three leads showed what they had changed. The head said little, which was right."),
        "Two leads watch a lesson each week; the head covers.",
        "Behind, since cover was short in November. It is planned into the timetable from January.",
        "Nine of eleven leads have watched lessons and changed something.",
        "Cross a third out of the plan before you begin.",
    ),
    Story(
        "early-years", "Talk in our reception is quick and ends soon. We would like to see it done differently.",
        "Talk that lasts", "Early years lead", "Turns in a conversation of ten minutes, over a week",
        "Five", 12, "Ten",
        ("In ten minutes an adult asked nineteen questions; most were answered with one word.",
         "We practised saying what we wonder instead of asking.",
         "Two children talked about a snail for a quarter of an hour, and an adult listened."),
        "Each adult records ten minutes a week, for themselves alone.",
        "On track.",
        "Eleven turns, over a week with four adults.",
        "Ask less and wait longer.",
    ),
)  # fmt: skip

#: What a school says is not accurate in a note of visit.
DISPUTE: Final = "There were five sessions, not four, and the group with the hard books had a supply teacher that day."
WHY_CHANGE: Final = "Two teachers were ill for long; the first target moves to the summer, and a second one is added for them."
SECOND: Final = "Teachers new to the year group plan with the lead"
#: Why a broker chose.
WHY_CHOSEN: Final = "They have done this in a school much like yours, they have the days, and they are twenty minutes away."
CONCERN: Final = "Two dates fell through"
CONCERN_WORDS: Final = "Twice a visit was called off the day before. We spoke; a deputy now keeps the dates."
#: Notes of contact: kind, words, the next step.
CONTACTS: Final[tuple[tuple[str, str, str], ...]] = (
    ("annual", "Talked through the year. Two new teachers settled; the roof is mended. Asked for nothing now.", "Ring in the spring"),
    ("call", "Rang to ask how the moderation went. Well, and they would host the next one.", "Put them in touch with the cluster"),
    ("meeting", "Met after the cluster's meeting. Wonders about mixed-age classes next year.", "Send two schools that do it"),
    ("visit", "Walked round with the deputy. Calm, and a new library.", ""),
)
CONTACT_WRONG: Final = "We did not say that we would host: we said that we would ask our governors."
