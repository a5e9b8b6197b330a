"""What invented schools and reviewers say in the demonstration's peer reviews: one set of words for each subject that a host asks about.

Every word is made up and none is about a place, a person or a pupil that exists. Figures are said in words, since nobody measured them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

STRENGTH, EVEN_BETTER = "strength", "even-better"


@dataclass(frozen=True, slots=True)
class Subject:
    """One enquiry from question to what had come of it. `seen` are the notes of a visit: kind ("" for neither), theme, words."""

    theme: str
    question: str
    strengths: str
    working_on: str
    tried: str
    eyes: str
    seen: tuple[tuple[str, str, str], ...]
    summary: str
    found: tuple[tuple[bool, str, str], ...]
    priority: str
    owner: str
    measure: str
    baseline: str
    came_of_it: str
    excellence: str = ""


SUBJECTS: Final[tuple[Subject, ...]] = (
    Subject(
        "reading", "How well do our youngest readers catch up?",
        "Phonics is taught in the same way in every class. Children like being read to.",
        "Children who join us during the year are often behind, and stay behind for longer than they should.",
        "A second short session each afternoon. It helped most children in year 1, fewer in year 2.",
        "Whether the books that children take home fit what they have been taught.",
        (
            (STRENGTH, "reading", "Year 1: every adult used the same words and the same gestures for the new sound."),
            (STRENGTH, "behaviour", "Children went from carpet to table without being told twice. No time was lost."),
            (EVEN_BETTER, "reading", "Three of five readers in year 2 had a book that was too hard: they guessed from the pictures."),
            (EVEN_BETTER, "assessment", "The half-termly check is kept on paper; the class teacher could not say who had moved on."),
            ("", "parents", "Two pupils said that nobody hears them read at home, and that they would like to read to somebody."),
        ),
        "We were asked how well the youngest readers catch up. Those in year 1 do, since teaching is the same wherever one looks. Those "
        "who join later do not yet have books that fit what they know.",
        (
            (True, "reading", "Phonics is taught in one way throughout, and children know what comes next."),
            (True, "behaviour", "Routines are calm and quick; lessons begin at once."),
            (False, "reading", "Match the books that children in year 2 take home to the sounds that they know."),
            (False, "assessment", "Keep the half-termly check where the class teacher sees it, so that groups move sooner."),
        ),
        "Every child in year 2 takes home a book that fits", "Reading lead", "Children who can read their home book to an adult",
        "About half of them in November", "Nearly all can. The lead checks one class a week.",
        "The way in which phonics is taught, from reception to year 2",
    ),
    Subject(
        "mathematics", "Does our new mathematics sequence show in books?",
        "Teachers know the sequence and keep to it. Pupils talk about number with confidence.",
        "Reasoning is written down less often than it is spoken.",
        "A reasoning question at the end of each lesson. It is done when there is time.",
        "Whether pupils who finish early are given something worth doing.",
        (
            (STRENGTH, "mathematics", "Year 4 could say why a fraction with a larger bottom number is smaller, and drew it."),
            (STRENGTH, "leadership", "The subject leader has watched each class this year, and each teacher could say what they changed."),
            (EVEN_BETTER, "mathematics", "Books of the quickest six: two pages of the same sums, then a puzzle that was not marked."),
            (EVEN_BETTER, "assessment", "Marking says “well done” and a tick. Pupils could not say what to do next."),
        ),
        "The sequence shows: books of three year groups follow it. What pupils reason aloud is seldom written, and those who are quick are "
        "kept busy rather than stretched.",
        (
            (True, "mathematics", "The sequence is taught as it is planned, and pupils can explain it."),
            (True, "leadership", "The subject leader knows each class, and teachers change what they do after talking with her."),
            (False, "mathematics", "Give those who finish early a harder question on the same thing, and look at what they write."),
            (False, "assessment", "Say in one line what a pupil does next."),
        ),
        "A reasoning task in every book, every week", "Mathematics lead", "Books with a reasoning task of the last week",
        "Four of ten", "Eight of ten, and pupils like them.",
    ),
    Subject(
        "attendance", "What brings pupils back whom we see too seldom?",
        "We know every family. The first call is made before half past nine.",
        "A small group misses many Fridays.",
        "A breakfast club. The same children come who would come anyway.",
        "Whether pupils feel that it matters to us that they are there.",
        (
            (STRENGTH, "behaviour", "At the gate: four adults greeted children by name, and asked one after a baby brother."),
            (STRENGTH, "parents", "A father said that the school rings to help, not to scold."),
            (EVEN_BETTER, "attendance", "Friday's timetable: two lessons are quiet reading and golden time. Pupils know that."),
            (EVEN_BETTER, "assessment", "Work missed is not picked up: three pupils showed gaps in their books and nobody had asked."),
        ),
        "Families trust the school, and pupils are greeted as if they had been missed. What pupils miss on a Friday is worth little to "
        "them, and what they missed is not picked up again.",
        (
            (True, "behaviour", "Pupils are known and greeted, and feel that they belong."),
            (True, "parents", "Families are met with help."),
            (False, "attendance", "Put something on Fridays that nobody would want to miss."),
            (False, "assessment", "Pick up the work that was missed within a week."),
        ),
        "A Friday nobody wants to miss", "Deputy headteacher", "Pupils of the group who are in on Fridays",
        "Six of eleven", "Nine of eleven by the summer.",
        "How families are met at the gate",
    ),
    Subject(
        "inclusion", "What do pupils with plans learn when nobody sits beside them?",
        "Adults know each pupil's plan. Classrooms are calm.",
        "Pupils wait for an adult before they begin.",
        "Task cards on tables. Some pupils use them, others do not look.",
        "Whether lessons are planned for these pupils, or mended for them afterwards.",
        (
            (STRENGTH, "inclusion", "Pupil with a visual timetable told us what comes next, and why she likes Tuesdays."),
            (STRENGTH, "behaviour", "A quiet corner was used twice, without fuss, and pupils came back by themselves."),
            (EVEN_BETTER, "inclusion", "Four pupils waited six minutes for an adult before the first line."),
            (EVEN_BETTER, "teaching", "The task was explained once, in one long sentence."),
        ),
        "Pupils with plans are known and calm. They depend on an adult to begin, because tasks are explained once and at length.",
        (
            (True, "inclusion", "Adults know what helps each pupil."),
            (True, "behaviour", "Pupils calm themselves and come back to their work."),
            (False, "inclusion", "Give pupils a way to begin by themselves: the first step, written or drawn."),
            (False, "teaching", "Explain in short steps, and ask a pupil to say them back."),
        ),
        "Every pupil begins within two minutes", "SEND coordinator", "Pupils who have begun after two minutes, in six lessons",
        "Two of nine", "Seven of nine.",
    ),
    Subject(
        "writing", "Do pupils write for somebody, or for us?",
        "Handwriting is good, and children are proud of their best books.",
        "Long pieces are alike: the same opening, the same ending.",
        "A writers' hour on Fridays. Year 5 loves it.",
        "Whether children choose anything about what they write.",
        (
            (STRENGTH, "writing", "Year 5 writers' hour: eleven different kinds of text, and readers from year 3."),
            (STRENGTH, "behaviour", "Twenty minutes of silence that nobody had to ask for."),
            (EVEN_BETTER, "writing", "Year 3: twenty-four stories that begin “One stormy night”."),
            (EVEN_BETTER, "assessment", "The list of features at the front of the book is what is marked, not what is said."),
        ),
        "Where children have a reader, they write for that reader. In most lessons their reader is a list of features.",
        (
            (True, "writing", "Writers' hour shows how well children write for a reader of their own choice."),
            (True, "behaviour", "Children work for a long time without being told."),
            (False, "writing", "Give each piece a reader, and let children choose the form."),
            (False, "assessment", "Answer what a piece says before how it is made."),
        ),
        "Each long piece has a reader outside the class", "English lead", "Long pieces of a half-term that somebody read",
        "One of six", "Five of six.",
        "Writers' hour in year 5",
    ),
    Subject(
        "early-years", "What do children in reception find out by themselves?",
        "The outdoor area is used in all weather. Children are curious.",
        "Adults ask many questions; children answer few.",
        "Fewer, longer activities. They are played with for longer.",
        "Whether talk with adults takes children further.",
        (
            (STRENGTH, "early-years", "A den of three children stood for forty minutes: they measured, argued, and began again."),
            (STRENGTH, "behaviour", "Children settled a quarrel with the words on the wall."),
            (EVEN_BETTER, "early-years", "In ten minutes an adult asked nineteen questions; most were answered with one word."),
            (EVEN_BETTER, "teaching", "The mathematics table was visited by four children all morning."),
        ),
        "Children find out much by themselves, and stay with it. Talk with adults is quick, and ends a thought as often as it begins one.",
        (
            (True, "early-years", "Children plan, build and begin again, for long stretches."),
            (True, "behaviour", "They settle quarrels in words."),
            (False, "early-years", "Ask less and wait longer; say what you wonder about yourself."),
            (False, "teaching", "Bring number to where children already play."),
        ),
        "Talk that lasts", "Early years lead", "Turns in a conversation of ten minutes, over a week",
        "Five", "Eleven.",
    ),
)  # fmt: skip

#: What a host says is not accurate in a draft, and what it adds.
CORRECTION: Final = (
    "On page 1: the check is made every six weeks, not every half-term, and the results stand on the shared drive. Otherwise we recognise "
    "ourselves."
)
WORKSHOP: Final = "We chose one thing and let two others rest until the summer. Everybody who teaches these pupils was in the room."
IMPACT: Final = "We walked through the same classes with the same question. Pupils told us what is different before we asked."
EXPECTED_BY_TEAM: Final = ("We expect calm classrooms", "Marking may say little", "The subject leader may be new to it")
EXPECTED_BY_HOST: Final = ("Routines will be praised", "They will see that this is where we are stuck", "Leaders know their subjects")
