"""Switching categories on and off, judging a school's category with a reason, and drawing whose own judgements are moderated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from convenor.england.school_years import school_year_of
from convenor.governance.queries import decision_standing
from convenor.intelligence.actions.entering import holder_of, tell_school
from convenor.intelligence.models import CategoryJudgement, ModerationDraw, SchemeInUse
from convenor.intelligence.queries.categories import drawn_this_year, newest_of, voice_of
from convenor.intelligence.queries.reach import member, member_list
from convenor.intelligence.rules import moderation
from convenor.intelligence.rules.categories import (
    BoardDecision,
    CategoryRefused,
    Voice,
    as_dict,
    from_dict,
    refuse_judgement,
    refuse_scheme,
    scheme_with,
)
from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, allow, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import AlreadyThere, NotThere

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: What each voice needs to be allowed.
PERMISSIONS = {
    Voice.SCHOOL: Permission.SCHOOL_SPEAK, Voice.PEERS: Permission.BODY_LEAD, Voice.BROKER: Permission.CATEGORY_PROPOSE,
    Voice.MODERATOR: Permission.CATEGORY_MODERATE,
}  # fmt: skip


def switch_categories_on(
    *,
    slug: str,
    scheme: str,
    categories: Sequence[tuple[str, str]],
    decision_id: int,
    consulted_on: date,
    said: str,
    by: Viewer | str,
    at: datetime,
) -> SchemeInUse:
    """A scheme begins, by a recorded decision of the board: `scheme` is a shipped one's key, `categories` names and criteria in order.

    Raises CategoryRefused when it is not whole, not decided, or schools were not consulted first; AlreadyThere while one is on.
    """
    allow(by, Permission.CATEGORY_SET, partnership=slug)
    found = decision_standing(slug, decision_id)
    decision = BoardDecision(found.of_the_board, found.decided_on, found.replaced) if found else None
    made = scheme_with(scheme, categories)
    refuse_scheme(made, decision=decision, consulted_on=consulted_on, said=said, today=day_of(at))
    try:
        with transaction.atomic():
            row = SchemeInUse.objects.create(
                partnership_id=partnership_id(slug), scheme=as_dict(made), decision_id=decision_id, consulted_on=consulted_on,
                said=said.strip(), from_on=day_of(at),
            )  # fmt: skip
            journal.record(
                by=by, at=at, verb="categories.switched-on", subject_kind="categories", subject_key=row.pk, subject_label=made.name,
                partnership=slug, detail={"decision": decision_id, "consulted": consulted_on.isoformat()},
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyThere("A scheme of categories is on already. Switch it off first. Nothing was changed.") from error
    return row


def switch_categories_off(*, slug: str, why: str, by: Viewer | str, at: datetime) -> SchemeInUse:
    """The scheme ends today, with the reason: no category stands any more. What was said stays on record for each school."""
    allow(by, Permission.CATEGORY_SET, partnership=slug)
    if not why.strip():
        raise CategoryRefused("Say why categories end. Nothing was changed.", "why")
    with transaction.atomic():
        row = _in_use(slug)
        row.until_on, row.ended_why = day_of(at), why.strip()[:300]
        row.save()
        journal.record(
            by=by, at=at, verb="categories.switched-off", subject_kind="categories", subject_key=row.pk, partnership=slug,
            subject_label=from_dict(row.scheme).name, why=row.ended_why,
        )  # fmt: skip
    return row


def _in_use(slug: str) -> SchemeInUse:
    """The scheme that is on, locked. Raises NotThere."""
    row = SchemeInUse.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, until_on=None).first()
    if row is None:
        raise NotThere("This partnership uses no categories. Nothing was changed.")
    return row


def judge_category(*, slug: str, urn: str, voice: Voice, category: str, why: str, by: Viewer, at: datetime) -> CategoryJudgement:
    """One voice says which category a school is in, and why: the school itself, its peers, a broker's proposal, a moderator. At any time.

    Nobody but the school itself speaks about a school for which they act. A moderator speaks only of schools drawn this year, after
    these judged themselves. The school is told at once of what others say. Raises NotAllowed, NotThere, CategoryRefused.
    """
    allow(by, PERMISSIONS[voice], partnership=slug)
    school = member(urn, slug=slug, viewer=by, at=at)
    if school is None:
        raise NotThere(f"No member school of the partnership has the URN {urn}. Nothing was changed.")
    role = voice_of(school, voice, viewer=by, at=at)
    if role is None:
        raise NotAllowed(f"You cannot speak about {school.name} in this way: no post you hold today allows it. Nothing was changed.")
    with transaction.atomic():
        row = _in_use(slug)
        if voice is Voice.MODERATOR and urn not in drawn_this_year(slug, viewer=by, at=at):
            raise NotAllowed(f"{school.name} was not drawn to be moderated this year. Nothing was changed.")
        if voice is Voice.MODERATOR and newest_of(row.pk, urn, Voice.SCHOOL, viewer=by) is None:
            raise CategoryRefused(f"{school.name} has not judged itself yet, so there is nothing to moderate. Nothing was changed.")
        scheme = from_dict(row.scheme)
        refuse_judgement(scheme, category=category, why=why, voice=voice, before=newest_of(row.pk, urn, voice, viewer=by))
        judgement = CategoryJudgement.objects.create(
            scheme=row, school_id=urn, voice=voice.value, category=category, why=why.strip(), at=at, role=role, by_key=str(by.person_id),
            **holder_of("moderation" if voice is Voice.MODERATOR else "category"),
        )  # fmt: skip
        journal.record(
            by=by, at=at, verb="category.judged", subject_kind="category-judgement", subject_key=judgement.pk, subject_label=school.name,
            partnership=slug, urn=urn, detail={"voice": voice.value},
        )  # fmt: skip
        if voice is not Voice.SCHOOL:
            tell_school(slug, urn, by=by, at=at)
    return judgement


def draw_moderation(*, slug: str, seed: str, by: Viewer | str, at: datetime) -> ModerationDraw:
    """Draws a random third of the member schools, whose own judgements are moderated this school year. It is drawn once.

    `seed` is one that nobody chose: the page makes it when the button is pressed. It is kept with the digest of the list, so that
    anybody can repeat the draw. Raises moderation.DrawRefused with nothing to draw from, AlreadyThere when it was drawn.
    """
    allow(by, Permission.CATEGORY_SET, partnership=slug)
    members = sorted(each.urn for each in member_list(slug, viewer=by, at=at))
    with transaction.atomic():
        row = _in_use(slug)
        year = str(school_year_of(day_of(at)))
        if ModerationDraw.objects.filter(scheme=row, school_year=year).exists():
            raise AlreadyThere(f"Schools were drawn for {year} already. It is drawn once, and never again to taste. Nothing was changed.")
        drawn = moderation.draw(members, seed=seed)
        kept = ModerationDraw.objects.create(
            scheme=row, school_year=year, seed=drawn.seed, digest=drawn.digest, schools=members, drawn=list(drawn.drawn), at=at,
            by_key="" if isinstance(by, str) else str(by.person_id), **holder_of("moderation"),
        )  # fmt: skip
        journal.record(
            by=by, at=at, verb="moderation.drawn", subject_kind="moderation-draw", subject_key=kept.pk, subject_label=f"{year}",
            partnership=slug, detail={"seed": drawn.seed, "digest": drawn.digest, "schools": drawn.schools, "drawn": len(drawn.drawn)},
        )  # fmt: skip
    return kept
