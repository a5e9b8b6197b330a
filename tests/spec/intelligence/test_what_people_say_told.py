"""What people say of a school

Beside published figures stands what people know: facts that somebody noted, answers that a school gives, and, where a board has decided
to use them, categories. None of it adds to a score, the school reads all of it at once, and its reply stands beside it.
"""

from datetime import UTC, date, datetime, timedelta

from convenor.intelligence.rules.categories import Judgement, Voice, standing
from convenor.intelligence.rules.entered import judge, read_answer
from convenor.intelligence.rules.soft_signals import Confidence, Signal, level_of
from convenor.intelligence.rules.wording import check
from tests.spec.telling import day, table

ON = date(2026, 11, 2)


def test_a_fact_is_kept_and_a_judgement_or_a_person_is_not() -> None:
    """A signal is a fact about a school

    A judging word comes back as a question. What is about a person, anybody's health or a child's safety is not kept at all. Nothing
    that was written is lost from the form.
    """
    for row in table("""
        | what somebody writes | what happens |
        | The post of deputy head has been vacant since 1 September. | kept |
        | Two of nine class teachers left in July. | kept |
        | Behaviour is poor in the corridors at lunch time. | judgement: poor |
        | Mrs Smith has left the school this term. | person: Mrs Smith |
        | The headteacher resigned on 3 May 2026. | person: headteacher |
        | Three members of staff are off sick this week. | health: off sick |
        | An allegation was made in June about a club. | safeguarding: allegation |
    """):
        found = [f"{each.kind.value}: {each.word}" for each in check(row["what somebody writes"])]
        assert (found or ["kept"]) == [row["what happens"]]


def test_what_signals_of_one_kind_weigh_together() -> None:
    """Two that do not depend on each other count; second hand alone never does

    Each row is all that is known of one kind about one school on 2 November 2026, as writer, how they know, whose word they pass on,
    and the day on which it was so. A note never counts towards a conversation.
    """
    for row in table("""
        | what is known | together |
        | lead, seen, 1 October 2026 | note |
        | lead, seen, 1 October 2026; officer, told by governors, 5 October 2026 | medium |
        | lead, told by governors, 1 October 2026; officer, told by governors, 5 October 2026 | note |
        | lead, seen, 1 October 2026; lead, seen, 5 October 2026 | note |
        | lead, second-hand by families, 1 October 2026; officer, second-hand by staff, 5 October 2026 | note |
        | lead, seen, 1 October 2026; officer, seen, 1 November 2025 | note |
        | lead, seen, 1 November 2025 | nothing |
    """):
        found = level_of([_signal(each) for each in row["what is known"].split("; ")], on=ON)
        assert (found.value if found else "nothing") == row["together"]


def _signal(text: str) -> Signal:
    writer, how, on = text.split(", ")
    confidence, _, source = how.partition(" by ")
    return Signal("staffing", Confidence(confidence), day(on), writer, writer, source)


def test_an_answer_weighs_what_its_threshold_says() -> None:
    """What nobody publishes is ticked, and weighed by thresholds that anybody can read

    A head's first year is a note: it brings an offer of help. Why somebody is away is never asked.
    """
    for row in table("""
        | question | ticked | numbers | level |
        | HD | settled | | nothing |
        | HD | first-year | | note |
        | HD | vacant | | medium |
        | GOV | | empty 3, places 12 | nothing |
        | GOV | | empty 4, places 12 | medium |
        | CMP | | upheld 2 | nothing |
        | CMP | | upheld 3 | medium |
        | SUS | | latest 8, before 2 | nothing |
        | SUS | | latest 10, before 5 | medium |
        | SELF | finance | | note |
    """):
        numbers = {key: int(value) for key, value in (each.split() for each in row["numbers"].split(", ") if each)}
        found = judge(read_answer(row["question"], ticks=row["ticked"].split(), numbers=numbers)).level
        assert (found.value if found else "nothing") == row["level"]


def test_a_category_stands_where_people_agree() -> None:
    """A category stands where the school and the broker say the same, and never by a figure

    In the order in which they spoke. A moderator speaks only of schools that were drawn by lot, and that stands until one of the two
    speaks again.
    """
    for row in table("""
        | what was said | category | how |
        | broker Light Touch | none | not everybody has spoken yet |
        | broker Light Touch, school Light Touch | Light Touch | agreed |
        | broker Support, school Light Touch | none | they do not say the same |
        | broker Support, school Light Touch, broker Light Touch | Light Touch | agreed |
        | broker Support, school Light Touch, moderator Support | Support | moderated |
        | broker Support, school Light Touch, moderator Support, school Light Touch | none | they do not say the same |
    """):
        begun = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
        said = [each.split(" ", 1) for each in row["what was said"].split(", ")]
        judgements = [
            Judgement(Voice(voice), category, "By the criteria.", begun + timedelta(days=n)) for n, (voice, category) in enumerate(said)
        ]
        found = standing(judgements, agree=(Voice.SCHOOL, Voice.BROKER))
        assert (found.category or "none", found.how.value) == (row["category"], row["how"])
