"""Consultation in a demonstration: one that was answered, reported and acted on, one that is open, two votes, and the set-up journey."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from convenor.consultation.actions import consultations, reporting, responses, set_up, themes, votes
from convenor.consultation.queries.consultations import consultations as there_are
from convenor.consultation.queries.responses import sent
from convenor.consultation.queries.set_up import set_up as plan_of
from convenor.consultation.rules.states import Constituency, Heard, Silence, StepState
from convenor.england.phases import SECONDARY
from convenor.partnership.gate import ANYONE, day_of
from convenor.partnership.queries.demonstration import demonstration_people
from convenor.partnership.roles import Manager
from convenor.post.actions import deliver_waiting
from convenor.web.demonstration.areas import Area
from convenor.web.demonstration.consulting_words import ANYTHING, BEFORE, CHOICES, PRINCIPLES, SECONDARY_DOUBTS, THEMES, TITLE, VIEWS
from convenor.web.demonstration.reviews_people import BY, Telling, telling

#: Days before the building: the set-up began, the first consultation opened and closed, the second opened.
BEGAN, OPENED, CLOSED, SECOND = 270, 80, 58, 5
#: Of a hundred schools, how many answered the first and, so far, the second; how many people said what they think.
ANSWERED, SO_FAR, VIEWS_SENT = 55, 9, 21
#: Steps of the set-up that are done, and the one that is being done.
DONE: Final = ("steering-group", "interviews", "context", "elsewhere", "workshops", "proposition", "consultation", "shadow-board")
DOING: Final = "pilots"


def begin(area: Area, slug: str, at: Any) -> None:
    """Everything of consultation that a demonstration shows; what is there already is left."""
    people = {one.role: one.person_id for one in demonstration_people(viewer=ANYONE, on=day_of(at)) if one.slug == slug}
    tell = telling(slug, at, people[Manager.key])
    found = there_are(slug, viewer=tell.manager, at=at)
    if found is None or found[1]:
        return
    leaves, settings.POST_LEAVES = settings.POST_LEAVES, "worker"  # invented letters of the past leave together, at the end
    try:
        with transaction.atomic():
            first = _first(tell, Random(f"consultation {area.key}"))
            _second(tell, Random(f"second consultation {area.key}"))
            _draft(tell)
            decision = _votes(tell, first)
            _heard(tell, first, decision)
            _set_up(tell)
    finally:
        settings.POST_LEAVES = leaves
    if leaves == "now":
        deliver_waiting(by=BY, at=at, limit=5000)


def _open(tell: Telling, title: str, template: str, opened: int, closes: int) -> int:
    """A consultation that begins so many days before the building, and ends so many after (negative: before)."""
    at, today = tell.ago(opened), tell.at.date()
    row = consultations.start_consultation(
        slug=tell.slug, title=title, template_key=template, opens_on=today - timedelta(days=opened),
        closes_on=today + timedelta(days=closes), by=tell.manager, at=at - timedelta(days=3),
    )  # fmt: skip
    consultations.open_consultation(slug=tell.slug, consultation_id=row.pk, by=tell.manager, at=at)
    return int(row.pk)


def _schools(tell: Telling, chance: Random, percent: int) -> list[str]:
    """So many of a hundred schools, without the one whose head anybody may sign in as."""
    urns = sorted(tell.heads)[1:]
    return chance.sample(urns, len(urns) * percent // 100)


def _first(tell: Telling, chance: Random) -> int:
    """The proposition of the source document, answered by half of the schools, and by some who speak for themselves."""
    pk = _open(tell, TITLE, "gloucestershire-2018", OPENED, -CLOSED)
    secondaries = {each.urn for each in tell.schools if each.phase == SECONDARY}
    for number, urn in enumerate(_schools(tell, chance, ANSWERED)):
        at = tell.ago(chance.randint(CLOSED + 1, OPENED - 1))
        answers = _answers(chance, doubts=SECONDARY_DOUBTS if urn in secondaries else 0, number=number)
        if number % 12 == 11:
            responses.enter_paper(
                slug=tell.slug, consultation_id=pk, answers=answers, urn=urn, role="Headteacher", by=tell.manager, at=at
            )  # fmt: skip
        else:
            _send(tell, pk, urn, answers, at)
    for number in range(VIEWS_SENT):
        responses.send_view(
            slug=tell.slug, consultation_id=pk, answers=_answers(chance, doubts=6, number=number * 5), role=VIEWS[number % len(VIEWS)],
            secret=f"demonstration-browser-{number:06d}", by=ANYONE, at=tell.ago(chance.randint(CLOSED + 1, OPENED - 1)),
        )  # fmt: skip
    consultations.close_consultation(slug=tell.slug, consultation_id=pk, by=BY, at=tell.ago(CLOSED - 1))
    return pk


def _send(tell: Telling, pk: int, urn: str, answers: dict[str, Any], at: Any) -> None:
    head = tell.head(urn)
    responses.save_draft(slug=tell.slug, consultation_id=pk, urn=urn, answers=answers, by=head, at=at)
    responses.send_response(slug=tell.slug, consultation_id=pk, urn=urn, by=head, at=at)


def _answers(chance: Random, *, doubts: int, number: int) -> dict[str, Any]:
    """What one school answers; some say nothing in words."""
    found: dict[str, Any] = {"principles": {key: _stance(chance, *of, doubts) for key, of in PRINCIPLES.items()}}
    found |= {key: _choice(chance, of, doubts) for key, of in CHOICES.items()}
    first = ["solutions", "capacity", "improvement"]
    found["first"] = sorted(first, key=lambda key: chance.random() + first.index(key) * 0.3)
    if number % 3 == 0:
        found["anything"] = ANYTHING[number // 3 % len(ANYTHING)][1]
    return found


def _stance(chance: Random, agree: int, disagree: int, doubts: int) -> str:
    drawn = chance.uniform(0, 100)
    return "agree" if drawn < agree - doubts else "disagree" if drawn > 100 - disagree - doubts / 2 else "unsure"


def _choice(chance: Random, of: Sequence[tuple[str, int]], doubts: int) -> str:
    weights = [share - doubts if key == "yes" else share + doubts if key == "no" else share for key, share in of]
    return chance.choices([key for key, _ in of], weights)[0]


def _draft(tell: Telling) -> None:
    """One that is being written: nobody sees it but whoever runs the partnership."""
    first = tell.at.date() + timedelta(days=50)
    consultations.start_consultation(
        slug=tell.slug, title="A second year: who pays, and for what", template_key="gloucestershire-2018", opens_on=first,
        closes_on=first + timedelta(days=20), by=tell.manager, at=tell.ago(1),
    )  # fmt: skip


def _second(tell: Telling, chance: Random) -> None:
    """Three open questions before anything more is drafted: open, with a few answers so far."""
    pk = _open(tell, "What next? Three questions before anything is written", "before-drafting", SECOND, 16)
    for number, urn in enumerate(_schools(tell, chance, SO_FAR)):
        said = {key: words[number % len(words)] for key, words in BEFORE.items()}
        _send(tell, pk, urn, said, tell.ago(chance.randint(1, SECOND - 1)))


def _votes(tell: Telling, consultation: int) -> int:
    """A vote of the secondary schools that was carried, and one of the board's seats that is open."""
    today = tell.at.date()
    at = tell.ago(50)
    made = votes.plan_vote(
        slug=tell.slug, words="That a shadow board is set up for a year, with a seat for every type of school",
        constituency=Constituency.SCHOOLS, phases=(SECONDARY,), quorum_percent=40, silence=Silence.NOT_COUNTED, opens_on=at.date(),
        closes_on=today - timedelta(days=36), by=tell.manager, at=at, consultation_id=consultation,
    )  # fmt: skip
    votes.open_vote(slug=tell.slug, vote_id=made.pk, by=tell.manager, at=at)
    chance = Random("votes")
    secondaries = sorted(each.urn for each in tell.schools if each.phase == SECONDARY and each.urn in tell.heads)
    for urn in chance.sample(secondaries, len(secondaries) * 3 // 5):
        choice = chance.choices(("for", "against", "abstain"), (82, 11, 7))[0]
        votes.cast(slug=tell.slug, vote_id=made.pk, voter=urn, choice=choice, by=tell.head(urn), at=tell.ago(40))
    votes.close_vote(slug=tell.slug, vote_id=made.pk, by=BY, at=tell.ago(35))
    written = votes.record_outcome(slug=tell.slug, vote_id=made.pk, body="shadow-board", by=tell.manager, at=tell.ago(34))
    opened = votes.plan_vote(
        slug=tell.slug, words="To take peer review beyond the pilots from September", constituency=Constituency.SEATS, body="shadow-board",
        quorum_percent=50, silence=Silence.ABSTAINS, opens_on=today, closes_on=today + timedelta(days=10), by=tell.manager, at=tell.at,
    )  # fmt: skip
    votes.open_vote(slug=tell.slug, vote_id=opened.pk, by=tell.manager, at=tell.at)
    assert written.decision_id is not None
    return written.decision_id


def _heard(tell: Telling, pk: int, decision: int) -> None:
    """What was written is read, filed under themes, answered to; then the report is published."""
    known: dict[str, Any] = {"slug": tell.slug, "by": tell.manager, "at": tell.ago(30)}
    reporting.work_out_results(consultation_id=pk, **known)
    about = {words: key for key, words in ANYTHING}
    written = {each.id: about[str(each.answers["anything"])] for each in sent(pk, viewer=tell.manager) if "anything" in each.answers}
    for key, name, said, heard, did in THEMES:
        theme = themes.name_theme(consultation_id=pk, question="anything", name=name, **known)
        filed = [answer for answer, of in written.items() if of == key]
        themes.file_answers(theme_id=theme.pk, shown=list(written), about=filed, **known)
        rests_on = decision if Heard(heard) in (Heard.DOING, Heard.PARTLY) else None
        themes.say_theme(
            theme_id=theme.pk, name=name, said=said, heard=Heard(heard), did=did, decision_id=rests_on, version=theme.version, **known
        )  # fmt: skip
    reporting.publish_report(consultation_id=pk, slug=tell.slug, by=tell.manager, at=tell.ago(28))


def _set_up(tell: Telling) -> None:
    """The journey, nearly at its end."""
    began = tell.ago(BEGAN)
    set_up.start_set_up(slug=tell.slug, starts_on=began.date(), by=tell.manager, at=began)
    plan = plan_of(tell.slug, viewer=tell.manager, at=tell.at)
    assert plan is not None
    for number, step in enumerate(plan.steps):
        if step.key not in (*DONE, DOING):
            continue
        done = step.key in DONE
        set_up.change_step(
            slug=tell.slug, key=step.key, state=StepState.DONE if done else StepState.DOING, starts_on=step.starts_on, due_on=step.due_on,
            done_on=min(step.due_on, tell.at.date()) if done else None, owner="", note="", version=plan.version + number, by=tell.manager,
            at=tell.at,
        )  # fmt: skip
