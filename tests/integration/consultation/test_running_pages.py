"""The pages of whoever runs a consultation or a vote, and of those who vote, as browsers send them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.urls import reverse

from convenor.consultation.models import Ballot, Consultation, ForumVote, Invitation
from convenor.governance.models import Decision
from tests.factories.consultation import AT, SLUG, World, asking, ballot, consultation, vote
from tests.integration.consultation.test_answering_pages import words
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Iterator[World]:
    with patch("django.utils.timezone.now", return_value=AT):
        yield asking()


def test_manager_moves_reminds_closes_and_withdraws(here: World) -> None:
    manager = signed_in(here.people["manager"], code=True)
    row = Consultation.objects.get()

    def post(name: str, data: dict[str, Any] | None = None) -> Any:
        return manager.post(reverse(name, args=[SLUG, row.pk]), data or {}, follow=True)

    days = {"version": row.version, "title": "Ours", "says": "We ask.", "opens_on": "2026-10-26", "closes_on": "2026-11-18", "public": "on"}
    assert words(post("consultation-change", days)).count("Answers until 18 November 2026") == 1
    Invitation.objects.update(invited_at=AT - timedelta(days=8))
    assert words(post("consultation-remind")).count("2 letters are on the way.") == 1
    assert words(post("consultation-remind")).count("Nobody was written to: everybody has answered") == 1
    early = post("consultation-close")
    assert (early.status_code, words(early).count("Schools were told that they may answer until 18 November 2026")) == (422, 1)
    Consultation.objects.update(closes_on=AT.date() - timedelta(days=1))
    assert words(post("consultation-close")).count("Closed. Drafts that were not sent stay with their schools.") == 1
    assert post("consultation-close").status_code == 404
    assert words(post("consultation-withdraw", {"why": "No longer asked."})).count("Withdrawn. What schools answered is kept") == 1
    assert signed_in(here.people["head"]).get(reverse("consultation", args=[SLUG, row.pk])).status_code == 404


def test_opening_later_says_when_and_whom_no_letter_reaches(here: World) -> None:
    row = consultation(here, "draft", title="Later", opens_on=AT.date() + timedelta(days=3), closes_on=AT.date() + timedelta(days=20))
    manager = signed_in(here.people["manager"], code=True)
    address = reverse("consultation-open", args=[SLUG, row.pk])
    assert words(manager.get(address)).count("No letter reaches 4 of them") == 1
    assert words(manager.post(address, follow=True)).count("It opens by itself on 5 November 2026") == 1
    assert manager.get(reverse("consultation-rates", args=[SLUG, row.pk])).status_code == 404
    assert manager.get(reverse("consultation-paper", args=[SLUG, row.pk])).status_code == 404
    assert manager.get(reverse("consultation-view", args=[SLUG, row.pk])).status_code == 404


def test_vote_goes_from_its_declaration_to_a_decision(here: World) -> None:
    manager, head = signed_in(here.people["manager"], code=True), signed_in(here.people["head"])
    asked = {
        "words": "That we begin", "constituency": "schools", "quorum_percent": 10, "majority_percent": 50, "silence": "consents",
        "opens_on": "2026-11-02", "closes_on": "2026-11-10", "consultation": str(Consultation.objects.get().pk),
    }  # fmt: skip
    plan = reverse("forum-vote-plan", args=[SLUG])
    assert manager.post(plan, asked | {"quorum_percent": 0}).status_code == 422
    declared = manager.post(plan, asked, follow=True)
    row = ForumVote.objects.get()
    address = reverse("forum-vote", args=[SLUG, row.pk])
    assert (declared.redirect_chain[-1][0], head.get(address).status_code) == (address, 404)
    manager.post(reverse("forum-vote-open", args=[SLUG, row.pk]))
    assert words(head.get(address)).count("What is not returned counts as a vote for, once there is a quorum.") == 1
    nothing = head.post(address, {"voter": "990001"})
    assert (nothing.status_code, words(nothing).count("Choose for, against or abstain. Nothing was counted.")) == (422, 1)
    assert words(head.post(address, {"voter": "990001", "choice": "against"}, follow=True)).count("Cast: Against") == 1
    again = head.post(address, {"voter": "990001", "choice": "for"})
    assert (again.status_code, words(again).count("This vote was cast already"), Ballot.objects.count()) == (422, 1, 1)
    for who in ("manager", "head"):
        assert words(signed_in(here.people[who], code=True).get(address)).count("Against 1") == 0
    ForumVote.objects.update(opens_on=AT.date() - timedelta(days=9), closes_on=AT.date() - timedelta(days=1))
    manager.post(reverse("forum-vote-close", args=[SLUG, row.pk]))
    assert words(head.get(address)).count("Carried: 5 of 6 counted for it; more than 50 per cent had to.") == 1
    decide = reverse("forum-vote-decide", args=[SLUG, row.pk])
    assert words(manager.get(decide)).count("Carried: 5 of 6") == 1
    manager.post(decide, {"body": "board"})
    assert Decision.objects.get().words == "Agreed: That we begin"
    assert manager.get(decide).status_code == 404


def test_list_of_votes_says_whose_vote_is_waited_for(here: World) -> None:
    vote(here)
    few = vote(here, "closed", words="That nobody came to")
    ballot(here, few, "990005")
    shown = words(signed_in(here.people["head"]).get(reverse("forum-votes", args=[SLUG])))
    assert (shown.count("your vote is waited for"), shown.count("Not quorate: 1 of 6 voted, and 3 had to.")) == (1, 1)
