"""Facts, not judgements, and never a person: what is put back to the writer of a soft signal, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.intelligence.rules import wording_words as words
from convenor.intelligence.rules.soft_signals import KINDS
from convenor.intelligence.rules.wording import INSTEAD, LONGEST, SHORTEST, Finding, Kind, about_a_person, check, tidy

FACTS = (
    "The post of headteacher has been vacant since 1 September 2026.",
    "The posts of head and deputy are both vacant this term.",
    "The chair's seat on the governing board has been vacant since May.",
    "Two of nine class teachers left in July.",
    "Year 5 has been taught by supply teachers since 4 October.",
    "The school was judged inadequate in 2023 and is in special measures.",
    "Attendance on Fridays fell from 94% to 88% over the autumn.",
    "The governing board met twice with too few members to decide (11 May, 6 July).",
    "Key Stage Two classes moved into Green Lane in May.",
    "Since Ofsted visited in March the school has closed its Nursery.",
    "Mark schemes were changed in May and pupils miss Maths lessons.",
    "The boiler failure of 3 November closed the hall for two weeks.",
    "Chipping Campden School shares its site until Easter.",
    "South Gloucestershire Council has proposed to reduce the admission number to 30.",
    "The budget approved in May shows a deficit of 84,000 pounds.",
    "There were 12 cases of head lice per head office's list.",
)
ABOUT_PEOPLE = {
    "Mrs Smith has left the school this term.": "Mrs Smith",
    "It was mr smith who was leaving at Easter": "mr smith",
    "Staff say that J. Smith was sent home on Friday": "J. Smith",
    "It is said by Reverend Green that the church hall is closed": "Reverend Green",
    "Since May Mrs Jane Hall has run the office with others": "Mrs Jane Hall",
    "In the corridor she shouted at five members of staff.": "she",
    "The headteacher resigned on 3 May 2026.": "headteacher",
    "The head shouts and the post of clerk is vacant.": "head",
    "Since October the deputy works from another site.": "deputy",
    "On Friday a teacher was seen to leave before the bell.": "a teacher",
    "In May a young pupil was hurt in the playground.": "a young pupil",
    "In July the school said goodbye to Jane at a party": "Jane",
    "the office is run by jane smith since July": "jane",
    "Since May the office is run by Mark on three days": "Mark",
    "Priyanka Patel runs the office on three days now": "Priyanka Patel",
    "The site was closed by Head Priyanka Patel in May": "Head Priyanka Patel",
    "Write to a.b@example.org about the building works": "a.b@example.org",
    "Ring 01452 000 000 to hear about the building works": "01452 000 000",
}
HARM = {
    "An allegation was made in June about the after-school club.": "allegation",
    "Two pupils disclosed something to a visitor in June.": "disclosed",
}
HEALTH = {"Three members of staff are off sick this week.": "off sick", "Since May the office is run part time, after surgery.": "surgery"}
JUDGED = {
    "Behaviour is poor in the corridors at lunch time.": ("poor", words.WHAT_WAS_SEEN),
    "There are too many pupils in the hall at lunch time.": ("too many", words.HOW_MANY),
    "Rumour has it that the nursery closes in July.": ("Rumour", words.WHOSE_VIEW),
    "The school will probably close its nursery in July.": ("probably", words.HOW_KNOWN),
    "Attendance deteriorated in the course of the autumn.": ("deteriorated", words.WHAT_CHANGED),
}


@pytest.mark.parametrize("text", [*FACTS, *(kind.example for kind in KINDS.values())])
def test_a_fact_about_a_school_is_kept(text: str) -> None:
    assert check(text) == ()


@pytest.mark.parametrize(("text", "word"), ABOUT_PEOPLE.items())
def test_a_person_is_put_back(text: str, word: str) -> None:
    found = [each for each in check(text) if each.kind is Kind.PERSON]
    assert [each.word for each in found] == [word]
    assert found[0].instead == INSTEAD[Kind.PERSON]
    assert about_a_person(found)


@pytest.mark.parametrize(("text", "word"), HEALTH.items())
def test_anybodys_health_is_put_back(text: str, word: str) -> None:
    assert [(each.kind, each.word) for each in check(text)] == [(Kind.HEALTH, word)]
    assert about_a_person(check(text))


@pytest.mark.parametrize(("text", "word"), HARM.items())
def test_harm_is_sent_where_it_belongs(text: str, word: str) -> None:
    found = check(text)
    assert [(each.kind, each.word) for each in found] == [(Kind.SAFEGUARDING, word)]
    assert found[0].instead.startswith("Speak to the school's designated safeguarding lead")


@pytest.mark.parametrize(("text", "expected"), JUDGED.items())
def test_a_judging_word_comes_back_as_a_question(text: str, expected: tuple[str, str]) -> None:
    found = check(text)
    assert [(each.kind, each.word, each.question) for each in found] == [(Kind.JUDGEMENT, *expected)]
    assert not about_a_person(found)


def test_a_school_may_bear_a_persons_name() -> None:
    text = "Thomas Keble moved its sixth form to another site in May."
    assert [each.word for each in check(text)] == ["Thomas Keble"]
    assert check(text, school="Thomas Keble") == ()
    assert check("Sir Thomas Rich's School moved its sixth form in May.") == ()


def test_what_ends_like_an_institution_is_no_person() -> None:
    assert check("The bus now stops at Jane Austen Academy in the mornings.") == ()


@pytest.mark.parametrize(("text", "size"), [("Too short.", 10), ("a" * (LONGEST + 1), LONGEST + 1), ("", 0)])
def test_a_text_of_a_wrong_length_is_put_back(text: str, size: int) -> None:
    found = check(text)
    assert [(each.kind, each.start, each.end) for each in found] == [(Kind.LENGTH, 0, size)]
    assert not about_a_person(found)


def test_tidying_leaves_what_can_be_read() -> None:
    assert tidy("  The\u200b head’s   post\r\n\n is vacant\x00 ") == "The head's post\nis vacant"


def test_invisible_letters_hide_nobody() -> None:
    assert [each.word for each in check("In July we saw that Mrs\u200b Smi\u200bth had left us")] == ["Mrs Smith"]


SENTENCES = st.sampled_from([*FACTS, *ABOUT_PEOPLE, *HARM, *HEALTH, *JUDGED])


@given(st.text(max_size=300))
def test_every_finding_stands_where_it_says(text: str) -> None:
    said = tidy(text)
    assert [said[each.start : each.end] for each in check(text) if each.kind is not Kind.LENGTH] == [
        each.word for each in check(text) if each.kind is not Kind.LENGTH
    ]


@given(st.text(max_size=300))
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert check(tidy(text)) == check(text)


@given(st.lists(SENTENCES, min_size=1, max_size=4))
def test_no_fact_beside_it_hides_a_person(sentences: list[str]) -> None:
    one_by_one = {(each.kind, each.word) for text in sentences for each in check(text) if each.kind is not Kind.LENGTH}
    together = {(each.kind, each.word) for each in check("\n".join(sentences)) if each.kind is not Kind.LENGTH}
    assert together == one_by_one


@given(
    st.sampled_from(FACTS), st.sampled_from(["Mr", "Mrs", "Ms", "Dr", "Dame", "Revd"]), st.from_regex(r"[A-Z][a-z]{2,8}", fullmatch=True)
)
def test_nobody_with_a_title_gets_through(fact: str, title: str, name: str) -> None:
    assert any(each.kind is Kind.PERSON and each.word.startswith(f"{title} {name}") for each in check(f"{fact} {title} {name} said so."))


@given(st.sampled_from(FACTS), st.sampled_from(sorted(words.GIVEN_NAMES)))
def test_no_given_name_gets_through(fact: str, name: str) -> None:
    assert Kind.PERSON in {each.kind for each in check(f"{fact} It was seen by {name} on that day.")}


@given(SENTENCES, st.sampled_from(["", "\n", "  ", " \u2003"]))
def test_capitals_and_blanks_change_no_pronoun(text: str, blank: str) -> None:
    assert {each.word.lower() for each in check(text.lower() + blank) if each.word in words.PRONOUNS} == {
        each.word.lower() for each in check(text) if each.word.lower() in words.PRONOUNS
    }


def test_a_finding_is_told_once() -> None:
    text = "In May Mrs Jane Smith opened the new library building."
    assert check(text) == (
        Finding(
            Kind.PERSON, "Mrs Jane Smith", 7, 21, "This seems to be about a person. What is it about the school?", INSTEAD[Kind.PERSON]
        ),
    )
    assert SHORTEST < len(text) < LONGEST
