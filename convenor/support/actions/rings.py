"""Support rings: a broker has them reckoned and proposes some; every head agrees; it begins when all have. No money moves."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.support.actions.beside_letters import tell_school
from convenor.support.actions.deployment_rows import writer
from convenor.support.models import Ring, RingLink, RingPlan, SchoolAnswer
from convenor.support.queries.gathering import brokers_own
from convenor.support.queries.rings import asked_for
from convenor.support.queries.rings import ring as ring_seen
from convenor.support.rules.refusals import ChangedMeanwhile, Conflict, Missing, NoWords, OutOfTurn
from convenor.support.rules.ring_packing import pack
from convenor.support.rules.rings import FAR_KM, check_ring
from convenor.support.rules.rings import RingLink as Link

WORDS_AT_MOST = 1000
NOT_THERE = "There is no such ring in this partnership, or your school is not in it. Nothing was changed."


def reckon_rings(*, slug: str, by: Viewer, at: datetime, far_km: float = FAR_KM, seed: int = 1) -> RingPlan:
    """The rings that serve the most schools of those that would join one; kept as it stood, nobody is asked yet.

    Schools of the broker's own organisation are left out: another broker may place them. Raises Missing where fewer than two would join.
    """
    allow(by, Permission.SUPPORT_BROKER, partnership=slug)
    asked = asked_for(viewer=by, at=at)
    if asked is None or len(asked.members) < 2:
        raise Missing("Fewer than two schools have said yet that they would join a ring. Ask them first. Nothing was reckoned.")
    answer = pack(asked.members, far_km=far_km, apart=asked.apart, seed=seed)
    reasons = Counter(why.value for why in answer.left.values())
    kept = {
        "rings": [
            [{"giver": each.giver, "receiver": each.receiver, "theme": each.theme, "km": each.km} for each in ring.links]
            for ring in answer.rings
        ],
        "served": answer.served, "bound": answer.bound, "of": len(asked.members), "status": answer.status,
        "left": sorted(reasons.items(), key=lambda each: (-each[1], each[0])),
    }  # fmt: skip
    assert by.partnership is not None
    with transaction.atomic():
        row = RingPlan.objects.create(
            partnership_id=by.partnership.id, asked={"schools": len(asked.members), "far_km": far_km}, answer=kept, seed=seed, at=at,
            by_id=writer(by),
        )  # fmt: skip
        journal.record(
            by=by, at=at, verb="rings.reckoned", subject_kind="ring-plan", subject_key=row.pk, subject_label="Support rings",
            partnership=slug, detail={"schools": len(asked.members), "served": answer.served, "status": answer.status},
        )  # fmt: skip
    return row


def propose_ring(*, slug: str, plan_id: int, number: int, by: Viewer, at: datetime) -> Ring:
    """A ring of the broker's own reckoning is proposed: every head in it is told that something waits, and each agrees or not.

    Raises NotThere, OutOfTurn where a school stands in a ring by now, Conflict for the broker's own organisation.
    """
    allow(by, Permission.SUPPORT_BROKER, partnership=slug)
    with transaction.atomic():
        plan = RingPlan.objects.filter(partnership__slug=slug, pk=plan_id, by_id=writer(by)).first()
        found = plan.answer["rings"] if plan is not None else []
        if plan is None or not 1 <= number <= len(found):
            raise NotThere("There is no such ring in your reckoning. Nothing was changed.")
        links = [Link(each["giver"], each["receiver"], each["theme"], each["km"]) for each in found[number - 1]]
        check_ring(links)
        _check_free(plan.partnership_id, [each.giver for each in links], by, at)
        row = Ring.objects.create(partnership_id=plan.partnership_id, plan=plan, proposed_at=at, by_id=writer(by))
        for each in links:
            RingLink.objects.create(ring=row, giver_id=each.giver, receiver_id=each.receiver, theme=each.theme)
        _journal(row, "ring.proposed", slug, by, at)
        for each in links:
            tell_school(slug, each.giver, by=by, at=at)
    return row


def _check_free(partnership_id: int, urns: list[str], by: Viewer, at: datetime) -> None:
    """Nobody stands in another ring, and nobody is of the broker's own organisation.

    The schools' answers and the rings are held while this is asked: of two brokers who would ask one school at one moment, one does.
    """
    list(SchoolAnswer.objects.select_for_update(of=("self",)).filter(partnership_id=partnership_id, school_id__in=urns).order_by("pk"))
    list(Ring.objects.select_for_update(of=("self",)).filter(partnership_id=partnership_id, ended_on=None).order_by("pk"))
    if RingLink.objects.filter(ring__partnership_id=partnership_id, ring__ended_on=None, giver_id__in=urns).exists():
        raise OutOfTurn("A school of this ring has been asked about another meanwhile. Reckon again. Nothing was changed.")
    asked, own = asked_for(viewer=by, at=at), brokers_own(viewer=by, at=at)
    if set(urns) & own.urns:
        raise Conflict("A school of this ring is of your own organisation, and a broker never places their own. Nothing was changed.")
    if asked is None or not set(urns) <= {each.urn for each in asked.members}:
        raise OutOfTurn("A school of this ring would no longer join one. Reckon again. Nothing was changed.")


def agree_ring(*, slug: str, ring_id: int, urn: str, by: Viewer, at: datetime, version: int | None = None) -> Ring:
    """Whoever speaks for a school agrees, to its giving and its receiving at once; with the last word the ring begins, and all are told.

    Raises NotThere, OutOfTurn where it began or ended, ChangedMeanwhile.
    """
    with transaction.atomic():
        row = _held(slug, ring_id, urn, by, version)
        if row.begun_on is not None:
            raise OutOfTurn("It has begun already. Nothing was changed.")
        link = RingLink.objects.get(ring=row, giver_id=urn)
        link.giver_agreed_at = link.giver_agreed_at or at
        link.save()
        waits = RingLink.objects.filter(ring=row, giver_agreed_at=None).exists()
        row.begun_on = None if waits else day_of(at)
        row.version += 1
        row.save()
        _journal(row, "ring.agreed" if waits else "ring.begun", slug, by, at)
        if not waits:
            _tell_all(row, slug, by, at)
    return row


def leave_ring(*, slug: str, ring_id: int, urn: str, by: Viewer, at: datetime) -> Ring:
    """A school would rather not, or can no longer: the ring ends, no reason asked; the others are told that it did, not through whom."""
    with transaction.atomic():
        row = _held(slug, ring_id, urn, by, None)
        row.ended_on = day_of(at)
        row.version += 1
        row.save()
        _journal(row, "ring.ended", slug, "the system", at)  # no name: no school is told which head said no
        _tell_all(row, slug, by, at)
    return row


def end_ring(*, slug: str, ring_id: int, by: Viewer, at: datetime) -> Ring:
    """The broker ends a ring that has done its work, or takes back one that not all have agreed to. Raises NotThere, OutOfTurn."""
    allow(by, Permission.SUPPORT_BROKER, partnership=slug)
    with transaction.atomic():
        row = Ring.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=ring_id, by_id=writer(by)).first()
        if row is None:
            raise NotThere(NOT_THERE)
        if row.ended_on is not None:
            raise OutOfTurn("It has ended already. Nothing was changed.")
        row.ended_on = day_of(at)
        row.version += 1
        row.save()
        _journal(row, "ring.ended", slug, by, at)
        _tell_all(row, slug, by, at)
    return row


def say_what_came(*, slug: str, link_id: int, words: str, by: Viewer, at: datetime) -> RingLink:
    """The school that was helped says what came of it; only the two of the link read it. Raises NotThere, OutOfTurn, NoWords."""
    allow(by, Permission.SUPPORT_ASK, partnership=slug)
    said = words.strip()
    if not said or len(said) > WORDS_AT_MOST:
        raise NoWords(f"Say what came of it, in at most {WORDS_AT_MOST} characters. Nothing was changed.")
    with transaction.atomic():
        link = RingLink.objects.select_for_update(of=("self",)).filter(ring__partnership__slug=slug, pk=link_id).first()
        if link is None or not by.may(Permission.SUPPORT_ASK, urn=link.receiver_id):
            raise NotThere(NOT_THERE)
        row = Ring.objects.get(pk=link.ring_id)
        if row.begun_on is None:
            raise OutOfTurn("The ring has not begun yet. Nothing was changed.")
        link.words = said
        link.save()
        _journal(row, "ring.told", slug, by, at)
        tell_school(slug, link.giver_id, by=by, at=at)
    return link


def _held(slug: str, ring_id: int, urn: str, by: Viewer, version: int | None) -> Ring:
    """A ring that has not ended, for whoever speaks for a school in it, held until the transaction ends."""
    allow(by, Permission.SCHOOL_SPEAK, partnership=slug)
    row = Ring.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=ring_id).first()
    seen = ring_seen(slug, ring_id, viewer=by) if row is not None else None
    if row is None or seen is None or urn not in seen.speaks:
        raise NotThere(NOT_THERE)
    if version is not None and version != row.version:
        raise ChangedMeanwhile("Another head answered while you were reading. Look at the ring as it stands now.", now=row.version)
    if row.ended_on is not None:
        raise OutOfTurn("This ring has ended. Nothing was changed.")
    return row


def _tell_all(row: Ring, slug: str, by: Viewer, at: datetime) -> None:
    for urn in RingLink.objects.filter(ring=row).order_by("pk").values_list("giver_id", flat=True):
        tell_school(slug, urn, by=by, at=at)


def _journal(row: Ring, verb: str, slug: str, by: Viewer | str, at: datetime) -> None:
    """That it was done; no school by name, since who would not join is nobody's business."""
    journal.record(
        by=by, at=at, verb=verb, subject_kind="support-ring", subject_key=row.pk, subject_label="Support ring", partnership=slug
    )  # fmt: skip
