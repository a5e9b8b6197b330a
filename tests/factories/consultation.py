"""Consultations in Fernshire: begun, open with every school asked, answered, closed; and votes. Nothing here exists anywhere.

`asking()` gives Fernshire with one consultation, open, of the template's proposition, every member school asked. Another stands at any
point of its way: `consultation(here, "draft")`. `respond(here, row, "990001")` is a school's sent response; `view(here, row)`
somebody's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from convenor.consultation.models import Ballot, Consultation, ForumVote, Invitation, Proposition, Question, Response
from convenor.consultation.rules.propositions import as_data, template
from convenor.consultation.rules.questions import options_as_data
from convenor.consultation.rules.rates import size_band
from convenor.registers.models import School
from tests.factories.partnership import AT, ON, SCHOOLS, SLUG, World, world

__all__ = [
    "ANSWERS",
    "AT",
    "CLOSES",
    "ON",
    "OPENS",
    "SECRETS",
    "SLUG",
    "TEMPLATE",
    "World",
    "asking",
    "ballot",
    "consultation",
    "many_schools",
    "respond",
    "view",
    "vote",
]  # fmt: skip

TEMPLATE = "gloucestershire-2018"
OPENS, CLOSES = ON - timedelta(days=7), ON + timedelta(days=14)
TITLE = "A partnership of Fernshire’s schools"
#: Words that only some may read: a leak test looks for each.
SECRETS = {
    "school": "Our governors fear one more meeting a month.",
    "view": "My own child waited two terms for help.",
    "draft": "Not yet agreed with our chair of governors.",
}
PRINCIPLES = ("purpose", "open", "head-led", "capacity", "non-punitive", "impact")
#: A whole answer to the template's questions.
ANSWERS: dict[str, Any] = {
    "principles": dict.fromkeys(PRINCIPLES, "agree") | {"head-led": "unsure"},
    "structure": "yes",
    "solutions": "yes",
    "capacity": "partly",
    "improvement": "yes",
    "funding": "depends",
    "pilots": "later",
    "first": ["capacity", "solutions", "improvement"],
    "anything": SECRETS["school"],
}


def asking() -> World:
    """Fernshire with one open consultation, as `Consultation.objects.get()`."""
    here = world()
    consultation(here)
    return here


def consultation(here: World, state: str = "open", **more: Any) -> Consultation:
    """A consultation in this state; from open on with version 1 and an invitation for each school of Fernshire."""
    begun = template(TEMPLATE)
    given = {
        "title": TITLE, "says": begun.says, "opens_on": OPENS, "closes_on": CLOSES, "public": True, "started_at": AT - timedelta(days=9),
        "started_by": here.people["manager"], "sections": as_data(begun.sections), "source": f"{begun.key}@{begun.version}",
    }  # fmt: skip
    if state != "draft":
        given["opened_at"] = AT - timedelta(days=7)
    if state in ("closed", "reported"):
        given |= {"closes_on": ON - timedelta(days=1), "opens_on": ON - timedelta(days=30), "closed_at": AT}
    row = Consultation.objects.create(partnership=here.partnership, state=state, **given | more)
    Question.objects.bulk_create(
        Question(
            consultation=row, key=each.key, kind=each.kind.value, words=each.words, hint=each.hint, options=options_as_data(each),
            about=each.about, required=each.required, order=order,
        )
        for order, each in enumerate(begun.questions)
    )  # fmt: skip
    if state != "draft":
        Proposition.objects.create(consultation=row, number=1, sections=row.sections, from_at=AT - timedelta(days=7), by="the test")
        invite(row, SCHOOLS)
    return row


def invite(row: Consultation, schools: Any) -> None:
    """An invitation for each of these rows: URN, name, phase, type, trust, cluster, pupils."""
    broad = {True: "Academies", False: "Maintained by the local authority"}
    clusters = {"north-cluster": "North cluster", "south-cluster": "South cluster"}
    Invitation.objects.bulk_create(
        Invitation(
            consultation=row, school_id=urn, phase=phase, type=broad["cademy" in kind], trust="Waterside Trust" if trust else "",
            cluster=clusters.get(cluster, cluster), size=size_band(pupils), invited_at=AT - timedelta(days=7),
        )
        for urn, _, phase, kind, trust, cluster, pupils in schools
    )  # fmt: skip


def respond(here: World, row: Consultation, urn: str, answers: Mapping[str, Any] | None = None, **more: Any) -> Response:
    """A school's response, sent by its head the day before, to the version that stands."""
    said = dict(ANSWERS if answers is None else answers)
    given: dict[str, Any] = {
        "kind": "school", "school_id": urn or None, "state": "sent", "answers": said, "draft": said, "came": "web", "role": "Headteacher",
        "person": here.people["head"], "started_at": AT - timedelta(days=2), "sent_at": AT - timedelta(days=1),
        "drafted_by": "the test", "drafted_at": AT - timedelta(days=1), "proposition": row.propositions.last(),
    }  # fmt: skip
    return Response.objects.create(consultation=row, **given | more)


def view(here: World, row: Consultation, answers: Mapping[str, Any] | None = None, sender: str = "", **more: Any) -> Response:
    """Somebody's own view, without an account."""
    said = {"structure": "no", "anything": SECRETS["view"]} if answers is None else dict(answers)
    given: dict[str, Any] = {
        "kind": "view", "person": None, "role": "Parent or carer", "phase": "Primary",
        "sender": sender or f"{Response.objects.count():064d}",
    }  # fmt: skip
    return respond(here, row, "", said, **given | more)


def many_schools(here: World, row: Consultation, count: int = 60) -> list[str]:
    """So many more schools that were asked, three in four primaries, in twelve clusters, every third in one of five trusts; URNs."""
    area = School.objects.get(urn=SCHOOLS[0][0]).authority
    rows = [
        (
            f"98{number:04d}", f"Invented School {number}", "Secondary" if number % 4 == 3 else "Primary",
            "Academy converter" if number % 3 == 0 else "Community school", f"Trust {number % 5}" if number % 3 == 0 else "",
            f"Cluster {number % 12}", 40 + 37 * number % 1300,
        )
        for number in range(count)
    ]  # fmt: skip
    School.objects.bulk_create(
        School(urn=urn, name=name, authority=area, phase=phase, type_name=kind, status="open", pupils=pupils, fictitious=True)
        for urn, name, phase, kind, _, _, pupils in rows
    )
    invite(row, rows)
    for urn, _, _, _, trust, _, _ in rows:
        if trust:
            Invitation.objects.filter(consultation=row, school_id=urn).update(trust=trust)
    return [each[0] for each in rows]


def vote(here: World, state: str = "open", **more: Any) -> ForumVote:
    """A vote of the six member schools: half must vote, more than half of what is counted carries, silence is not counted."""
    given: dict[str, Any] = {
        "words": "That each school gives £2 a pupil to the partnership", "constituency": "schools", "quorum_percent": 50,
        "silence": "not-counted", "opens_on": OPENS, "closes_on": CLOSES, "made_by": "the test", "made_at": AT,
    }  # fmt: skip
    if state != "draft":
        given["voters"] = [each[0] for each in SCHOOLS]
    if state == "closed":
        given["closes_on"] = ON - timedelta(days=1)
    return ForumVote.objects.create(partnership=here.partnership, state=state, **given | more)


def ballot(here: World, row: ForumVote, urn: str, choice: str = "for", by: str = "head", at: datetime = AT) -> Ballot:
    """One vote cast for a school."""
    return Ballot.objects.create(vote=row, voter=urn, school_id=urn, choice=choice, person=here.people[by], cast_at=at)


def day(number: int) -> date:
    """So many days after the invented day."""
    return ON + timedelta(days=number)
