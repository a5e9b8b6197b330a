"""How inviting heads stands: whom a first letter would reach, who has come in, whom no letter reaches."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.accounts.models import Person
from convenor.contacts.models import Contact, HeadInvitation
from convenor.contacts.queries.contacts import member_schools
from convenor.contacts.rules.inviting import (
    KIND,
    LINK_OF_PRACTICE,
    LINK_OF_THEIR_OWN,
    Inviting,
    KnownHead,
    ToInvite,
    Words,
    invitation,
    standing,
)
from convenor.contacts.rules.roles import plain
from convenor.partnership.models import Tenure
from convenor.partnership.queries.holdings import day_of, in_force, posts_of, seats_of
from convenor.partnership.roles import ROLES, Head, HeldAt, Permission
from convenor.post.queries import HeldLetter, PracticeSeen, bounces, held_letters, practice, practising
from convenor.registers.queries.heads import heads_of

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Kinds of letters whose words the manager may read while they are held: their own.
OWN_KINDS = frozenset({KIND, "circular"})


@dataclass(frozen=True, slots=True)
class InvitingSeen:
    """The page: how inviting stands, the words of one letter, and the practice, if there is one."""

    inviting: Inviting
    practice: PracticeSeen | None
    example: Words
    fictitious: frozenset[str]


def may_invite(slug: str, *, viewer: Viewer | str) -> bool:
    """Whether they may invite heads of this partnership."""
    if isinstance(viewer, str):
        return True
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.CONTACTS_KEEP)


def inviting(slug: str, *, viewer: Viewer | str, at: date | datetime) -> Inviting | None:
    """How inviting stands; None for whoever may not invite. At most eight queries."""
    if not may_invite(slug, viewer=viewer):
        return None
    on = day_of(at)
    schools = {urn: each.name for urn, each in member_schools(slug, viewer=viewer, at=at).items()}  # type: ignore[arg-type]
    last = {
        (urn, person): day_of(when)
        for urn, person, when in HeadInvitation.objects.filter(partnership__slug=slug).values_list("school_id", "person_id", "last_at")
    }
    heads = _holders(slug, on, last)
    entered = defaultdict(list)
    rows = Contact.objects.filter(partnership__slug=slug, role="head", school__in=schools).order_by("school", "id")
    for urn, name, email in rows.values_list("school_id", "name", "email"):
        entered[urn].append((name, email))
    heads = [_reached(each, entered[each.urn]) for each in heads if each.urn in schools]
    held = {each.urn for each in heads}
    open_ = {urn: some for urn, some in entered.items() if urn not in held}
    published = heads_of(open_, viewer=viewer)
    asked = {email for some in open_.values() for _, email in some if email}
    known = {(each.email or "").lower(): each for each in Person.objects.filter(is_active=True, email__in=asked)} if asked else {}
    for urn, some in open_.items():
        for name, email in some:
            person = known.get(email)
            said = name or (person.name if person else "") or (published[urn].name if urn in published else "")
            asked_on = last.get((urn, person.pk)) if person else None
            known_as = person.name if person else ""
            heads.append(KnownHead(urn, schools[urn], said, email, person.pk if person else None, last_on=asked_on, known_as=known_as))
    return standing(schools, heads, come_back=bounces(slug, viewer=viewer), on=on)


def _holders(slug: str, on: date, last: dict[tuple[str, int], date]) -> list[KnownHead]:
    """Those who hold the post of head on the day. One query."""
    rows = Tenure.objects.filter(in_force(on), partnership__slug=slug, post__role=Head.key, person__is_active=True).order_by("id")
    fields = ("post__school_id", "post__school__name", "person__name", "person__email", "person_id", "person__last_login")
    return [
        KnownHead(urn, school, name, email or "", person, True, bool(seen), last.get((urn, person)))
        for urn, school, name, email, person, seen in rows.values_list(*fields)
    ]


def _reached(head: KnownHead, entered: list[tuple[str, str]]) -> KnownHead:
    """A head known by name alone, with the address that stands for them at the school: by the same name, or the only one there."""
    if head.email:
        return head
    some = [(name, email) for name, email in entered if email]
    named = [email for name, email in some if plain(name) == plain(head.name)]
    alone = [email for name, email in some if not name] if len(some) == 1 else []
    return replace(head, email=next(iter((*named, *alone)), ""))


def invite_page(slug: str, *, viewer: Viewer, at: date | datetime, site: str) -> InvitingSeen | None:
    """The page *Invite heads*; None for whoever may not. At most eleven queries."""
    found = inviting(slug, viewer=viewer, at=at)
    if found is None or viewer.partnership is None:
        return None
    still = practice(slug, viewer=viewer)
    one = next(iter((*found.first, *found.again, *found.waiting)), None)
    name, schools = (one.name, one.schools) if one else ("", ("…",))
    link = LINK_OF_PRACTICE if still else LINK_OF_THEIR_OWN
    example = invitation(partnership=viewer.partnership.name, name=name, schools=schools, link=link, site=site, by=viewer.name)
    invented = frozenset(urn for urn, each in member_schools(slug, viewer=viewer, at=at).items() if each.fictitious)
    return InvitingSeen(found, still, example, invented)


def held(slug: str, *, viewer: Viewer) -> list[HeldLetter] | None:
    """What would have been sent, for whoever may invite; None for anyone else. The words of letters of ours alone. One query."""
    return held_letters(slug, viewer=viewer, with_words=OWN_KINDS) if may_invite(slug, viewer=viewer) else None


def link_may_leave(person_id: int, *, viewer: Viewer | str, on: date) -> bool:
    """Whether a sign-in link that somebody asked for leaves: not while every partnership in which they hold a post practises.

    Whoever holds a post of a partnership itself (its manager, its broker) comes in during practice too: they practise. Somebody without
    any post or seat is no matter of a partnership's practice. Three queries.
    """
    posts = list(posts_of(person_id, on=on))
    places = {each.partnership.slug for each in posts} | {seat.partnership.slug for seat in seats_of(person_id, on=on)}
    still = practising(places) if places else frozenset()
    if not places <= still or not places:
        return True
    return any(each.role in ROLES and ROLES[each.role].held_at is HeldAt.PARTNERSHIP for each in posts)


__all__ = ["HeldLetter", "InvitingSeen", "ToInvite", "held", "invite_page", "inviting", "link_may_leave", "may_invite"]
