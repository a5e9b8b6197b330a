"""Categories: the scheme and its criteria for members, a school's own page for its circle, totals for those who see only totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.england.school_years import school_year_of
from convenor.intelligence.models import CategoryJudgement, ModerationDraw, SchemeInUse
from convenor.intelligence.queries.circle import sight_of
from convenor.intelligence.queries.reach import Member, member, member_list, schools_led, standpoint
from convenor.intelligence.rules import categories as rules
from convenor.intelligence.rules import totals
from convenor.intelligence.rules.categories import Category, How, Judgement, Scheme, Voice
from convenor.intelligence.rules.circle import Sight
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import ROLES, Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class SchemeSeen:
    """The scheme that is on: what it is, since when, by which decision, and what schools said before."""

    id: int
    scheme: Scheme
    from_on: date
    decided_on: date
    decided_by: str
    decision: str
    consulted_on: date
    said: str


@dataclass(frozen=True, slots=True)
class DrawSeen:
    """A draw as everybody in the partnership may check it: its seed, the digest of the list, and how many of how many."""

    school_year: str
    seed: str
    digest: str
    schools: int
    drawn: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CategoriesPage:
    """What a member sees of categories. `own` are the member schools this viewer acts for; `to_propose`, `to_moderate` and `to_speak_of`
    those that wait for them in another part; `totals` are None for those who do not see totals."""

    on: SchemeSeen | None
    own: tuple[Member, ...]
    to_propose: tuple[Member, ...]
    to_moderate: tuple[Member, ...]
    to_speak_of: tuple[Member, ...]
    draws: tuple[DrawSeen, ...]
    drawn_now: bool
    totals: totals.Totals | None
    may_set: bool


def scheme_in_use(slug: str, *, viewer: Viewer) -> SchemeSeen | None:
    """The scheme that is on, for members of the partnership; None where none is, and for anybody else. One query."""
    if viewer.partnership is None or viewer.partnership.slug != slug or not viewer.may(Permission.PARTNERSHIP_SEE):
        return None
    row = SchemeInUse.objects.filter(partnership__slug=slug, until_on=None).select_related("decision__body").first()
    if row is None:
        return None
    decision = row.decision
    scheme = rules.from_dict(row.scheme)
    return SchemeSeen(row.pk, scheme, row.from_on, decision.decided_on, decision.body.name, decision.words, row.consulted_on, row.said)


def categories_page(slug: str, *, viewer: Viewer, at: date | datetime) -> CategoriesPage | None:
    """What categories mean here, for any member; None for anybody else. At most ten queries."""
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.PARTNERSHIP_SEE):
        return None
    on = scheme_in_use(slug, viewer=viewer)
    may_set = viewer.may(Permission.CATEGORY_SET)
    if on is None:
        return CategoriesPage(None, (), (), (), (), (), False, None, may_set)
    schools = member_list(slug, viewer=viewer, at=at)
    drawn = drawn_this_year(slug, viewer=viewer, at=at)
    draws = tuple(_draw(row) for row in ModerationDraw.objects.filter(scheme=on.id))
    proposes, moderates = viewer.may(Permission.CATEGORY_PROPOSE), viewer.may(Permission.CATEGORY_MODERATE)
    led = schools_led(viewer, permission=Permission.BODY_LEAD, at=at)
    others = [each for each in schools if each.urn not in viewer.urns]
    return CategoriesPage(
        on=on,
        own=tuple(each for each in schools if viewer.sees_record(each.urn)),
        to_propose=tuple(others) if proposes else (),
        to_moderate=tuple(each for each in others if each.urn in drawn) if moderates else (),
        to_speak_of=tuple(each for each in others if each.urn in led),
        draws=draws,
        drawn_now=any(each.school_year == str(school_year_of(day_of(at))) for each in draws),
        totals=_totals(on, schools, day_of(at)) if viewer.may(Permission.EARLY_TOTALS_SEE) else None,
        may_set=may_set,
    )


def _draw(row: ModerationDraw) -> DrawSeen:
    return DrawSeen(row.school_year, row.seed, row.digest, len(row.schools), len(row.drawn), row.at)


def _judgements(scheme_id: int, **only: str) -> dict[str, list[Judgement]]:
    found: dict[str, list[Judgement]] = {}
    for row in CategoryJudgement.objects.filter(scheme=scheme_id, **only):
        found.setdefault(row.school_id, []).append(_said(row))
    return found


def _said(row: CategoryJudgement) -> Judgement:
    return Judgement(Voice(row.voice), row.category, row.why, row.at, row.role)


def _totals(on: SchemeSeen, schools: list[Member], day: date) -> totals.Totals:
    """How many schools stand in each category as at the first of the month, so told that none can be made out."""
    counted_on = totals.counting_day(day)
    said = _judgements(on.id)
    names = {each.key: each.name for each in on.scheme.categories}
    held = {}
    for urn, judgements in said.items():
        before = [each for each in judgements if day_of(each.at) < counted_on]
        held[urn] = names.get(rules.standing(before, agree=on.scheme.agree).category, "")
    rows = [totals.Standing(each.urn, each.phase, "", held.get(each.urn, "")) for each in schools]
    return totals.tell(rows, on=counted_on, states=[each.name for each in on.scheme.categories])


@dataclass(frozen=True, slots=True)
class VoiceSeen:
    """What one voice last said of a school."""

    voice: Voice
    category: str
    why: str
    at: datetime
    role: str


@dataclass(frozen=True, slots=True)
class CategoryPage:
    """One school's category: where it stands and why, as far as this viewer may see, and in which voices they may speak."""

    school: Member
    on: SchemeSeen
    category: Category | None
    how: How | None
    voices: tuple[VoiceSeen, ...]
    history: tuple[VoiceSeen, ...]
    drawn: bool
    may_speak: tuple[Voice, ...]
    own_people: bool
    sees_all: bool


def category_page(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> CategoryPage | None:
    """A school's category; None where none is on, for no member, and for whoever has no part in it. At most twelve queries.

    The school's own people and its named broker see all that was said. Those who propose see proposals and the school's own judgement;
    a moderator of a drawn school sees the same; whoever speaks for its peers sees only what its peers said, so as to judge freely.
    """
    on = scheme_in_use(slug, viewer=viewer)
    school = member(urn, slug=slug, viewer=viewer, at=at)
    if on is None or school is None:
        return None
    drawn = urn in drawn_this_year(slug, viewer=viewer, at=at)
    may_speak = tuple(
        voice for voice in Voice if (voice is not Voice.MODERATOR or drawn) and voice_of(school, voice, viewer=viewer, at=at) is not None
    )
    sight = sight_of(urn, viewer=viewer, at=at)
    seen = _seen_voices(sight, may_speak)
    if not seen:
        return None
    said = _judgements(on.id, school_id=urn).get(urn, [])
    standing = rules.standing(said, agree=on.scheme.agree) if sight >= Sight.HOLDS else None
    voices = _voices(rules.standing(said, agree=on.scheme.agree).voices, on.scheme, seen)
    return CategoryPage(
        school=school, on=on, category=on.scheme.category(standing.category) if standing else None, how=standing.how if standing else None,
        voices=voices, history=tuple(_voice(each, on.scheme) for each in reversed(said) if each.voice in seen), drawn=drawn,
        may_speak=may_speak, own_people=viewer.sees_record(urn), sees_all=sight >= Sight.HOLDS,
    )  # fmt: skip


def _seen_voices(sight: Sight, may_speak: tuple[Voice, ...]) -> frozenset[Voice]:
    if sight >= Sight.HOLDS:
        return frozenset(Voice)
    seen: set[Voice] = set()
    if Voice.BROKER in may_speak:
        seen |= {Voice.BROKER, Voice.SCHOOL}
    if Voice.MODERATOR in may_speak:
        seen |= {Voice.BROKER, Voice.SCHOOL, Voice.MODERATOR}
    if Voice.PEERS in may_speak:
        seen.add(Voice.PEERS)
    return frozenset(seen)


def _voices(newest: Mapping[Voice, Judgement], scheme: Scheme, seen: frozenset[Voice]) -> tuple[VoiceSeen, ...]:
    return tuple(_voice(newest[voice], scheme) for voice in Voice if voice in newest and voice in seen)


def _voice(each: Judgement, scheme: Scheme) -> VoiceSeen:
    category = scheme.category(each.category)
    return VoiceSeen(each.voice, category.name if category else each.category, each.why, each.at, each.role)


def voice_of(school: Member, voice: Voice, *, viewer: Viewer, at: date | datetime) -> str | None:
    """The name of the role by which this viewer may speak about a school in one voice; None where they may not. At most two queries.

    Nobody but the school's own people speaks about a school for which they act.
    """
    if voice is Voice.SCHOOL:
        own = next((each for each in viewer.holdings if each.allows(Permission.SCHOOL_SPEAK, urn=school.urn)), None)
        return ROLES[own.role].name if own is not None else None
    if school.urn in viewer.urns:
        return None
    if voice is Voice.PEERS:
        found = standpoint(school, viewer=viewer, permission=Permission.BODY_LEAD, at=at)
        return found.role if found is not None and found.body_id is not None else None
    permission = Permission.CATEGORY_PROPOSE if voice is Voice.BROKER else Permission.CATEGORY_MODERATE
    held = next((each for each in viewer.holdings if each.allows(permission)), None)
    return ROLES[held.role].name if held is not None else None


def newest_of(scheme_id: int, urn: str, voice: Voice, *, viewer: Viewer) -> Judgement | None:
    """What one voice last said of a school, for the action that would say something new in that voice. One query."""
    row = CategoryJudgement.objects.filter(scheme=scheme_id, school_id=urn, voice=voice.value).order_by("at", "id").last()
    return _said(row) if row is not None else None


def drawn_this_year(slug: str, *, viewer: Viewer, at: date | datetime) -> frozenset[str]:
    """The schools drawn to be moderated this school year, for those who moderate and the school's own people. One query."""
    here = viewer.partnership
    if here is None or here.slug != slug:
        return frozenset()
    year = str(school_year_of(day_of(at)))
    row = ModerationDraw.objects.filter(scheme__partnership__slug=slug, scheme__until_on=None, school_year=year).first()
    drawn = frozenset(row.drawn) if row is not None else frozenset()
    return drawn if viewer.may(Permission.CATEGORY_MODERATE) else frozenset(urn for urn in drawn if viewer.sees_record(urn))
