"""The letters of a round: that something waits, until when, and where. What the coordinator says to schools stands on the page alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.urls import reverse

from convenor.partnership.gate import Viewer, day_of
from convenor.peer_review.models import ReviewRound, RoundSchool
from convenor.peer_review.queries.round_people import Reached, people_of_schools, reviewers_to_ask
from convenor.post.actions import Addressed, enqueue_all

KIND = "review-round"
#: What the page itself takes, and so what the letter promises.
MINUTES = "about three minutes"


def invite(
    row: ReviewRound, urns: Collection[str], *, slug: str, site: str, by: Viewer, at: datetime, theirs_alone: bool = False
) -> int:  # fmt: skip
    """Asks schools and reviewers to answer a round that opens; how many letters were queued.

    `theirs_alone`: only reviewers of these schools are asked, where the others have been already.
    """
    schools, _ = people_of_schools(urns, viewer=by, partnership_id=row.partnership_id, on=day_of(at))
    reviewers = reviewers_to_ask(row.pk, viewer=by, on=day_of(at), schools=urns if theirs_alone else None)
    subject = f"Peer review: {row.name}"[:200]
    letters = [*_to_schools(row, schools, subject, slug=slug, site=site), *_to_reviewers(row, reviewers, subject, slug=slug, site=site)]
    return enqueue_all(by=by, at=at, letters=letters, kind=KIND, partnership=slug)


def remind_people(
    row: ReviewRound, urns: Collection[str], *, reviewers: bool, slug: str, site: str, by: Viewer, at: datetime
) -> tuple[int, int]:  # fmt: skip
    """Reminds schools, and the reviewers who have not answered where it is their turn; how many letters of each were queued."""
    schools, _ = people_of_schools(urns, viewer=by, partnership_id=row.partnership_id, on=day_of(at))
    people = reviewers_to_ask(row.pk, viewer=by, on=day_of(at)) if reviewers else []
    subject = f"A reminder: {row.name}, until {_day(row)}"[:200]
    first = list(_to_schools(row, schools, subject, slug=slug, site=site))
    second = list(_to_reviewers(row, people, subject, slug=slug, site=site))
    enqueue_all(by=by, at=at, letters=[*first, *second], kind=KIND, partnership=slug)
    return len(first), len(second)


def tell_withdrawn(row: ReviewRound, *, slug: str, site: str, by: Viewer, at: datetime) -> int:
    """Tells the schools asked that a round is withdrawn; the reason stands on its page."""
    urns = list(RoundSchool.objects.filter(round=row, withdrawn_on=None).values_list("school_id", flat=True))
    schools, _ = people_of_schools(urns, viewer=by, partnership_id=row.partnership_id, on=day_of(at))
    where = f"{site}{reverse('review-round', args=[slug, row.pk])}"
    letters = [
        Addressed(
            each.email, each.name, f"Withdrawn: {row.name}"[:200],
            f"Dear {each.name},\n\nThe round “{row.name}” is withdrawn. Nothing is asked of you. The reason stands here: {where}\n",
        )
        for each in schools
    ]  # fmt: skip
    return enqueue_all(by=by, at=at, letters=letters, kind=KIND, partnership=slug)


def _to_schools(row: ReviewRound, people: Iterable[Reached], subject: str, *, slug: str, site: str) -> Iterable[Addressed]:
    for each in people:
        links = "\n".join(
            f"{name}: {site}{reverse('review-round-answer', args=[slug, row.pk], query={'school': urn})}" for urn, name in each.schools
        )  # fmt: skip
        yield Addressed(
            each.email, each.name, subject,
            f"Dear {each.name},\n\nA round of peer review is open, and your school is asked whether it hosts a review this time. "
            f"Please answer by {_day(row)}; it takes {MINUTES}, and “not this time” needs no reason.\n\n{links}\n",
        )  # fmt: skip


def _to_reviewers(row: ReviewRound, people: Iterable[Reached], subject: str, *, slug: str, site: str) -> Iterable[Addressed]:
    for each in people:
        yield Addressed(
            each.email, each.name, subject,
            f"Dear {each.name},\n\nA round of peer review is open. Please say by {_day(row)} how many reviews you offer, and on which "
            f"days; it takes a minute: {site}{reverse('review-offer', args=[slug, row.pk])}\n",
        )  # fmt: skip


def _day(row: ReviewRound) -> str:
    """Until when answers are taken, as a letter says it."""
    return f"{row.answers_by_on.day} {row.answers_by_on:%B %Y}"
