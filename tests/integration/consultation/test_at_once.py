"""At one moment: two heads answer for one school, ten ballots for one voter, two colleagues begin the draft."""

from __future__ import annotations

import pytest

from convenor.consultation import actions
from convenor.consultation.actions import votes
from convenor.consultation.models import Ballot, Consultation, Response
from convenor.journal.models import Entry
from convenor.partnership.models import Engagement
from tests.factories.consultation import ANSWERS, AT, SLUG, asking, vote
from tests.integration.support.test_at_once import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_school_answers_once_however_many_press_at_one_moment() -> None:
    here = asking()
    known = {"slug": SLUG, "consultation_id": Consultation.objects.get().pk, "urn": "990001", "at": AT}

    def draft(who: str) -> None:
        actions.save_draft(**known, answers=ANSWERS, by=here[who])

    assert together(lambda: draft("head"), lambda: draft("school leader"), lambda: draft("clerk")) == ["done"] * 3
    assert Response.objects.filter(school_id="990001").count() == 1
    pressed = [lambda who=who: actions.send_response(**known, by=here[who]) for who in ("head", "chair of governors") * 2]
    assert together(*pressed) == ["AlreadySent", "AlreadySent", "AlreadySent", "done"]
    told = (Response.objects.get().version, Engagement.objects.count(), Entry.objects.filter(verb="consultation.answered").count())
    assert told == (4, 1, 1)


def test_a_voter_votes_once_however_many_press_at_one_moment() -> None:
    here = asking()
    row = vote(here)

    def press(who: str, choice: str) -> None:
        votes.cast(slug=SLUG, vote_id=row.pk, voter="990001", choice=choice, by=here[who], at=AT)

    pressed = [
        lambda who=who, choice=choice: press(who, choice)
        for who, choice in (("head", "for"), ("chair of governors", "against"), ("head", "abstain"), ("chair of governors", "for"))
    ]
    assert together(*pressed) == ["AlreadySent", "AlreadySent", "AlreadySent", "done"]
    assert Ballot.objects.count() == 1
