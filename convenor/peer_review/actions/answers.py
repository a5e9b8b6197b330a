"""What schools and reviewers answer to a round. Everyday parts are for anybody of the school; hosting is for whoever speaks for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.actions import record_engagement
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.models import Reviewer, ReviewRound, RoundOffer, RoundSchool
from convenor.peer_review.queries.answers import answer_page
from convenor.peer_review.queries.rounds import reviewers_asked
from convenor.peer_review.rules.answers import AnswerRefused, Days, check_focus, check_reviews
from convenor.peer_review.rules.refusals import ChangedMeanwhile
from convenor.peer_review.rules.states import RoundState

NOT_ASKED = "That school is not asked in this round, or there is no such round. Nothing was changed."
CLOSED = "Answers to this round are closed. Ring the partnership if something has changed. Nothing was changed."


def answer_round(
    *,
    slug: str,
    pk: int,
    urn: str,
    by: Viewer,
    at: datetime,
    hosts: bool | None = None,
    focus: Collection[str] = (),
    days: Days | None = None,
    read_at: datetime | None = None,
    checked: bool = False,
) -> RoundSchool:
    """A school answers: whether it hosts (None leaves that as it is), on what it would like eyes, on which days.

    Whoever speaks for the school says whether it hosts; its other leaders fill in the rest. With `checked`, `read_at` is when the answer
    they read was given, and ChangedMeanwhile is raised where a colleague answered since. Raises NotAllowed, NotThere, AnswerRefused.
    """
    allow(by, Permission.REVIEW_HOST, partnership=slug, urn=urn)
    with transaction.atomic():
        row = _asked(slug, pk, urn)
        if row.round.state != RoundState.OPEN.value:
            raise AnswerRefused(CLOSED)
        if checked and row.answered_at != read_at:
            raise ChangedMeanwhile(
                f"{row.answered_by or 'A colleague'} answered for your school while you had this open. Nothing of yours was saved: "
                "it still stands below. Look again, then send it.",
                now=0, who=row.answered_by,
            )  # fmt: skip
        if hosts is not None and hosts != row.hosts:
            allow(by, Permission.SCHOOL_SPEAK, partnership=slug, urn=urn)
            row.hosts = hosts
        row.focus = list(check_focus(focus))
        kept = days or Days()
        row.any_day, row.days = kept.any_day, [each.isoformat() for each in kept.days]
        row.withdrawn_on = None if row.hosts else row.withdrawn_on
        if row.hosts is not None:
            row.answered_at, row.answered_by = at, by.label[:200]
        row.save()
        if row.hosts is not None:
            record_engagement(
                slug=slug, urn=urn, kind="answered", what=row.round.name[:200], on=day_of(at), by="the system", at=at,
                source=f"review-round-{pk}",
            )  # fmt: skip
        _record(row.round, "round.answered", urn=urn, label=row.school.name, slug=slug, by=by, at=at)
    return row


def withdraw_host(*, slug: str, pk: int, urn: str, by: Viewer, at: datetime, why: str = "") -> RoundSchool:
    """A school that said it hosts takes that back before teams are published; the reason, if it gives one, stays with the school.

    While a round is open it says “not this time” instead. Raises NotAllowed, NotThere, AnswerRefused once teams are published, where its
    review is withdrawn instead.
    """
    allow(by, Permission.SCHOOL_SPEAK, partnership=slug, urn=urn)
    with transaction.atomic():
        row = _asked(slug, pk, urn)
        if row.round.state not in (RoundState.OPEN.value, RoundState.MATCHING.value):
            raise AnswerRefused("Teams are published, or the round is over: withdraw your review on its own page. Nothing was changed.")
        if not row.hosts or row.withdrawn_on is not None:
            raise AnswerRefused("Your school does not host in this round, so there is nothing to take back. Nothing was changed.")
        row.withdrawn_on, row.withdrawn_why, row.hosts = day_of(at), why.strip()[:300], False
        row.save()
        _record(row.round, "round.host-withdrew", urn=urn, label=row.school.name, slug=slug, by=by, at=at)
    return row


def offer_reviews(*, slug: str, pk: int, reviewer_id: int, reviews: int, by: Viewer, at: datetime, days: Days | None = None) -> RoundOffer:
    """A reviewer offers so many reviews to a round (0: not this time), on any school day or on some.

    They themselves may, and whoever speaks for the school they come from. `days` None leaves the days as they were. Raises NotAllowed,
    NotThere for somebody whom the round does not ask, AnswerRefused.
    """
    with transaction.atomic():
        found = Reviewer.objects.select_related("person").filter(partnership__slug=slug, pk=reviewer_id).first()
        _may_offer(found, slug, by)
        row = ReviewRound.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=pk).first()
        asked = row is not None and reviewers_asked(row.pk, on=day_of(at), viewer=by).filter(pk=reviewer_id).exists()
        if row is None or found is None or not asked:
            raise NotThere("This round does not ask that reviewer, or there is no such round. Nothing was changed.")
        if row.state != RoundState.OPEN.value:
            raise AnswerRefused(CLOSED)
        offer = RoundOffer.objects.filter(round=row, reviewer=found).first() or RoundOffer(round=row, reviewer=found)
        offer.reviews, offer.answered_at = check_reviews(reviews), at
        offer.withdrawn_on, offer.withdrawn_why = None, ""
        if days is not None:
            offer.any_day, offer.days = days.any_day, [each.isoformat() for each in days.days]
        offer.save()
        _record(row, "round.offered", urn=found.school_id or "", label=row.name, slug=slug, by=by, at=at)
    return offer


def withdraw_offer(*, slug: str, pk: int, reviewer_id: int, by: Viewer, at: datetime, why: str = "") -> RoundOffer:
    """A reviewer takes an offer back; the reason, if they give one, is shown to nobody. Their places on teams are for the coordinator.

    Raises NotAllowed, NotThere where there is no offer that stands.
    """
    with transaction.atomic():
        found = Reviewer.objects.select_related("person").filter(partnership__slug=slug, pk=reviewer_id).first()
        _may_offer(found, slug, by)
        offers = RoundOffer.objects.select_for_update(of=("self",)).select_related("round")
        offer = offers.filter(round__partnership__slug=slug, round_id=pk, reviewer_id=reviewer_id, withdrawn_on=None).first()
        if offer is None or found is None:
            raise NotThere("There is no offer of yours that stands in this round. Nothing was changed.")
        offer.withdrawn_on, offer.withdrawn_why = day_of(at), why.strip()[:300]
        offer.save()
        _record(offer.round, "round.offer-withdrawn", urn=found.school_id or "", label=offer.round.name, slug=slug, by=by, at=at)
    return offer


def answer_with_colleagues(
    *,
    slug: str,
    pk: int,
    urn: str,
    by: Viewer,
    at: datetime,
    hosts: bool | None,
    focus: Collection[str],
    days: Days,
    offered: Iterable[tuple[int, int]],
    read_at: datetime | None,
) -> RoundSchool:
    """A school's whole answer in one: its own, and for each of its reviewers how many reviews they offer, where that is new.

    `offered` are pairs of a reviewer's key and a number. Either all of it is kept or nothing. Raises what the two actions raise.
    """
    with transaction.atomic():
        row = answer_round(slug=slug, pk=pk, urn=urn, by=by, at=at, hosts=hosts, focus=focus, days=days, read_at=read_at, checked=True)
        page = answer_page(slug, pk, urn, viewer=by, at=at)
        known = {each.reviewer.pk: each.reviews for each in page.colleagues} if page else {}
        for reviewer_id, reviews in offered:
            if known.get(reviewer_id) != reviews:
                offer_reviews(slug=slug, pk=pk, reviewer_id=reviewer_id, reviews=reviews, by=by, at=at)
    return row


def _asked(slug: str, pk: int, urn: str) -> RoundSchool:
    """The school's row in a round, held until the transaction ends. Raises NotThere, also while the round is a draft."""
    rows = RoundSchool.objects.select_for_update(of=("self",)).select_related("round", "school")
    row = rows.filter(round__partnership__slug=slug, round_id=pk, school_id=urn).first()
    if row is None:
        raise NotThere(NOT_ASKED)
    return row


def _may_offer(found: Reviewer | None, slug: str, by: Viewer) -> None:
    """Raises NotAllowed unless they are the reviewer, or speak for the school the reviewer comes from."""
    allow(by, Permission.REVIEW_OFFER, partnership=slug)
    own = found is not None and found.person_id == by.person_id
    speaks = found is not None and found.school_id is not None and by.may(Permission.SCHOOL_SPEAK, urn=found.school_id)
    if not own and not speaks:
        raise NotAllowed("You can offer reviews for yourself, and for reviewers of a school that you speak for. Nothing was changed.")


def _record(row: ReviewRound, verb: str, *, urn: str, label: str, slug: str, by: Viewer, at: datetime) -> None:
    """That it was answered; never what."""
    journal.record(
        by=by, at=at, verb=verb, subject_kind="review-round", subject_key=row.pk, subject_label=label, partnership=slug, urn=urn
    )  # fmt: skip
