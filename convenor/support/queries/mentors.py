"""Mentors: the heads who might like one and who could be theirs, for brokers; an offer or a mentoring, for the two whom it concerns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.support.models import Mentoring, Supporter
from convenor.support.queries.beside_people import HeadHere, new_heads
from convenor.support.queries.directory import offers_for_matching
from convenor.support.queries.gathering import brokers_own
from convenor.support.rules.mentors import Mentor, NoMentor, match, why_not
from convenor.support.rules.mentors import why as why_of
from convenor.support.rules.placing import BrokersOwn
from convenor.support.rules.states import SupporterKind, SupportFormat

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

OWN = "A broker never places their own organisation: another broker may."


@dataclass(frozen=True, slots=True)
class MentorHere:
    """Somebody who offers to mentor, as the rules know them and as a page names them. Their declared interests are never shown."""

    mentor: Mentor
    name: str
    school: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """A head without a mentor and the one whom the matching suggests; else why there is none."""

    head: HeadHere
    mentor: MentorHere | None
    why: tuple[str, ...]
    why_not: tuple[str, ...] = ()
    others: tuple[MentorHere, ...] = ()


@dataclass(frozen=True, slots=True)
class MentoringSeen:
    """An offer or a mentoring for one of the two, or for the broker who offered it. `part`: head, mentor or broker.

    The mentor sees one only from the moment at which the head agreed.
    """

    pk: int
    part: str
    head: str
    school: str
    urn: str
    fictitious: bool
    mentor: str
    mentor_school: str
    why: tuple[str, ...]
    head_agreed: bool
    mentor_agreed: bool
    from_on: date
    until_on: date
    ended_on: date | None

    @property
    def runs(self) -> bool:
        """Whether both have agreed and it has not ended."""
        return self.head_agreed and self.mentor_agreed and self.ended_on is None

    @property
    def my_turn(self) -> bool:
        """Whether it waits for this reader's word."""
        return self.ended_on is None and (
            (self.part == "head" and not self.head_agreed) or (self.part == "mentor" and not self.mentor_agreed)
        )


@dataclass(frozen=True, slots=True)
class MentorsSeen:
    """What one viewer sees of mentoring: their own, and for a broker also what waits. `own_left` heads are of the broker's own schools."""

    own: tuple[MentoringSeen, ...]
    offered: tuple[MentoringSeen, ...] = ()
    suggested: tuple[Suggested, ...] = ()
    brokers: bool = False
    own_left: int = 0
    mentors: int = 0


def part_in(row: Mentoring, *, viewer: Viewer) -> str:
    """Which part this viewer takes in an offer: head, mentor (once the head has agreed), broker who offered it, or "" for none."""
    if viewer.person_id is None:
        return ""
    if row.head_id == viewer.person_id:
        return "head"
    if row.mentor.person_id == viewer.person_id:
        return "mentor" if row.head_agreed_at is not None else ""
    return "broker" if row.offered_by_id == viewer.person_id and viewer.may(Permission.SUPPORT_BROKER) else ""


def mentors(slug: str, *, viewer: Viewer, at: date | datetime) -> MentorsSeen | None:
    """Mentoring as this viewer may see it: their own, and for brokers who waits and who is suggested. At most twelve queries."""
    here = viewer.partnership
    if here is None or here.slug != slug or viewer.person_id is None:
        return None
    rows = Mentoring.objects.filter(partnership_id=here.id).select_related("head", "mentor", "mentor__school", "school")
    mine = Q(head_id=viewer.person_id) | Q(mentor__person_id=viewer.person_id) | Q(offered_by_id=viewer.person_id)
    seen = [_seen(row, part) for row in rows.filter(mine).order_by("ended_on", "-offered_at") if (part := part_in(row, viewer=viewer))]
    own = tuple(each for each in seen if each.part != "broker")
    if not viewer.may(Permission.SUPPORT_BROKER):
        return MentorsSeen(own)
    offered = tuple(each for each in seen if each.part == "broker")
    suggested, own_left, count = _suggested(viewer, at)
    return MentorsSeen(own, offered, suggested, True, own_left, count)


def mentoring(slug: str, pk: int, *, viewer: Viewer) -> MentoringSeen | None:
    """One offer for those whom it concerns; None for everybody else. One query."""
    here = viewer.partnership
    if here is None or here.slug != slug:
        return None
    rows = Mentoring.objects.select_related("head", "mentor", "mentor__school", "school")
    row = rows.filter(partnership_id=here.id, pk=pk).first()
    part = part_in(row, viewer=viewer) if row is not None else ""
    return _seen(row, part) if row is not None and part else None


def _seen(row: Mentoring, part: str) -> MentoringSeen:
    school = row.mentor.school
    return MentoringSeen(
        row.pk, part, row.head.name, row.school.name, row.school_id, row.school.fictitious, row.mentor.name, school.name if school else "",
        tuple(row.why), row.head_agreed_at is not None, row.mentor_agreed_at is not None, row.from_on, row.until_on, row.ended_on,
    )  # fmt: skip


def could_be_matched(
    head_id: int, supporter_id: int, *, viewer: Viewer, at: date | datetime
) -> tuple[HeadHere | None, Mentor | None, str]:  # fmt: skip
    """A head who is new or acting, a mentor, and why the two cannot be matched by this broker ("" where they can)."""
    heads = {each.head.key: each for each in new_heads(viewer=viewer, at=at)}
    known = {each.mentor.key: each for each in _mentors(viewer, at)}
    head, found = heads.get(head_id), known.get(supporter_id)
    if head is None or found is None:
        return head, found.mentor if found else None, ""
    refused = why_not(head.head, found.mentor)
    if refused is not None:
        return head, found.mentor, refused.value
    own = brokers_own(viewer=viewer, at=at)
    return head, found.mentor, OWN if _own_head(head, own) or _own_mentor(found.mentor, own) else ""


def _suggested(viewer: Viewer, at: date | datetime) -> tuple[tuple[Suggested, ...], int, int]:
    """Who waits and who is suggested; how many heads are of the broker's own schools; how many offer to mentor."""
    assert viewer.partnership is not None
    own, everybody = brokers_own(viewer=viewer, at=at), _mentors(viewer, at)
    taken = set(Mentoring.objects.filter(partnership_id=viewer.partnership.id, ended_on=None).values_list("head_id", flat=True))
    waiting = [each for each in new_heads(viewer=viewer, at=at) if each.head.key not in taken]
    heads = [each for each in waiting if not _own_head(each, own)]
    able = [each for each in everybody if not _own_mentor(each.mentor, own)]
    by_key = {each.mentor.key: each for each in able}
    pairs, alone = match([each.head for each in heads], [each.mentor for each in able])
    paired = {each.head: each for each in pairs}
    found = []
    for each in heads:
        pair = paired.get(each.head.key)
        chosen = by_key[pair.mentor] if pair else None
        others = tuple(one for one in able if one is not chosen and why_not(each.head, one.mentor) is None)
        reasons = () if pair else tuple(reason.value for reason in alone[each.head.key] if reason is not NoMentor.NOT_HERE)
        found.append(Suggested(each, chosen, why_of(each.head, chosen.mentor) if chosen else (), reasons, others))
    return tuple(found), len(waiting) - len(heads), len(everybody)


def _own_head(head: HeadHere, own: BrokersOwn) -> bool:
    return head.head.urn in own.urns or head.head.trust in own.trusts or head.head.federation in own.federations


def _own_mentor(mentor: Mentor, own: BrokersOwn) -> bool:
    house = mentor.urn in own.urns or mentor.trust in own.trusts or mentor.federation in own.federations
    return house or str(mentor.key) in own.offers


def _mentors(viewer: Viewer, at: date | datetime) -> tuple[MentorHere, ...]:
    """The people of the directory who offer to mentor, with what stands between them and a school. Six queries, for brokers alone."""
    here = viewer.partnership
    if here is None:
        return ()
    offers = {each.id: each for each in offers_for_matching(viewer=viewer, at=at) if SupportFormat.MENTORING.value in each.formats}
    rows = Supporter.objects.filter(pk__in=[int(key) for key in offers], kind=SupporterKind.PERSON.value).exclude(person=None)
    running = Mentoring.objects.filter(partnership_id=here.id, ended_on=None, until_on__gt=day_of(at)).values_list("mentor_id", flat=True)
    heads = Counter(running)
    found = []
    for row in rows.select_related("school").order_by("name", "pk"):
        offer = offers[str(row.pk)]
        mentor = Mentor(
            row.pk, row.person_id, offer.urn or "", tuple(sorted(offer.phases)), offer.trust or "", offer.federation or "", offer.easting,
            offer.northing, offer.reach_km, heads[row.pk], offer.assured, offer.interests,
        )  # fmt: skip
        found.append(MentorHere(mentor, row.name, row.school.name if row.school else row.organisation))
    return tuple(found)
