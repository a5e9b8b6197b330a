"""Posts outlive their holders: taking one opens what it allows, leaving it closes that the same day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from convenor.accounts import actions as accounts
from convenor.accounts.queries import person_by_id
from convenor.accounts.rules import PersonRefused
from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, Viewer, allow
from convenor.partnership.models import Body, Partnership, Post, Tenure
from convenor.partnership.roles import GIVEN_BY_SCHOOL, ROLES, HeldAt, Permission, Role
from convenor.partnership.rules.refusals import AlreadyThere, NotThere, Refused, WrongDays
from convenor.registers.queries.known import known_authorities, known_groups, school_in_short


def take_post(
    *,
    slug: str,
    role: str,
    title: str,
    person_id: int,
    from_on: date,
    by: Viewer | str,
    at: datetime,
    until_on: date | None = None,
    acting: bool = False,
    urn: str = "",
    trust_uid: str = "",
    body: str = "",
    authority_code: str = "",
) -> Tenure:
    """Somebody takes a post from a day. The post is found by its role, title and place, or begins with its first holder.

    `role` is a key of `roles.ROLES`, which says where it is held: give the school's `urn`, the trust's UID, the body's key or
    the authority's code accordingly, and none of them for a post of the partnership. The manager may; whoever speaks for a
    school may give that school's own posts. Nobody gives themselves a post that opens a school's record to them (NotAllowed).
    Raises NotThere for an unknown role, person or place, WrongDays, AlreadyThere.
    """
    _allow(by, slug, role, urn)
    kind = ROLES.get(role)
    if kind is None:
        raise NotThere(f"There is no role called {role}. Nothing was changed.")
    if until_on is not None and until_on <= from_on:
        raise WrongDays("The post would end before it begins. Nothing was changed.")
    _refuse_own_key(by, kind, person_id, urn)
    person = person_by_id(person_id)
    if person is None:
        raise NotThere("There is no such person any more. Nothing was changed.")
    partnership = Partnership.objects.get(slug=slug)
    place = _place(partnership, kind.held_at, urn, trust_uid, body, authority_code)
    with transaction.atomic():
        post, _ = Post.objects.get_or_create(partnership=partnership, role=role, title=title.strip() or kind.name, **place)
        try:
            with transaction.atomic():
                tenure = Tenure.objects.create(
                    partnership=partnership, post=post, person=person, acting=acting, from_on=from_on, until_on=until_on
                )
        except IntegrityError as error:
            raise AlreadyThere(f"{person.name} holds that post already. Nothing was changed.") from error
        journal.record(
            by=by, at=at, verb="post.taken", subject_kind="post", subject_key=post.pk, subject_label=post.title, partnership=slug, urn=urn,
            detail={"person": person_id, "role": role, "from": from_on.isoformat(), "acting": acting},
        )  # fmt: skip
    return tenure


def _allow(by: Viewer | str, slug: str, role: str, urn: str) -> None:
    school_gives = bool(urn) and role in GIVEN_BY_SCHOOL and isinstance(by, Viewer) and by.may(Permission.SCHOOL_SPEAK, urn=urn)
    allow(by, Permission.SCHOOL_SPEAK if school_gives else Permission.PEOPLE_CHANGE, partnership=slug, urn=urn if school_gives else None)


def _refuse_own_key(by: Viewer | str, kind: type[Role], person_id: int, urn: str) -> None:
    """Nobody gives themselves a post that opens a school's record which they could not open before. Raises NotAllowed."""
    if isinstance(by, str) or by.person_id != person_id or Permission.SCHOOL_RECORD_SEE not in kind.permissions:
        return
    if not (urn and by.sees_record(urn)):
        raise NotAllowed("You cannot give yourself a post that opens a school's own record: somebody else must. Nothing was changed.")


def _place(partnership: Partnership, held_at: HeldAt, urn: str, trust_uid: str, body: str, authority_code: str) -> dict[str, Any]:
    """Where the post is held, as its columns; exactly the place its role asks for."""
    given = {HeldAt.SCHOOL: urn, HeldAt.TRUST: trust_uid, HeldAt.BODY: body, HeldAt.AUTHORITY: authority_code}
    asked = given.pop(held_at, "")
    if any(given.values()) or (held_at is not HeldAt.PARTNERSHIP and not asked):
        raise NotThere(f"That post is held at {held_at.value} level: give that place and no other. Nothing was changed.")
    column = {
        HeldAt.SCHOOL: ("school_id", urn if urn and school_in_short(urn, viewer=None) else None),
        HeldAt.TRUST: ("trust_id", trust_uid if known_groups([trust_uid], viewer=None) else None),
        HeldAt.AUTHORITY: ("authority_id", authority_code if known_authorities([authority_code], viewer=None) else None),
        HeldAt.BODY: ("body_id", Body.objects.filter(partnership=partnership, key=body).values_list("pk", flat=True).first()),
    }
    nowhere: dict[str, Any] = {name: None for name, _ in column.values()}
    if held_at is HeldAt.PARTNERSHIP:
        return nowhere
    name, key = column[held_at]
    if key is None:
        raise NotThere(f"There is no such {held_at.value}. Nothing was changed.")
    return nowhere | {name: key}


def leave_post(*, slug: str, tenure_id: int, until_on: date, by: Viewer | str, at: datetime, hand_over: str = "") -> Tenure:
    """Somebody leaves a post: `until_on` is the first day without it, and access ends that day. The post stays for the next.

    Raises NotThere, WrongDays when it would end before it began, AlreadyThere when it ends by then anyway.
    """
    with transaction.atomic():
        rows = Tenure.objects.select_for_update(of=("self",)).select_related("post", "person")
        tenure = rows.filter(partnership__slug=slug, pk=tenure_id).first()
        if tenure is None:
            allow(by, Permission.PEOPLE_CHANGE, partnership=slug)
            raise NotThere("Nobody holds that post in this partnership. Nothing was changed.")
        _allow(by, slug, tenure.post.role, tenure.post.school_id or "")
        if until_on < tenure.from_on:
            raise WrongDays(f"{tenure.person.name} took the post on {tenure.from_on}: it cannot end before that. Nothing was changed.")
        if tenure.until_on is not None and tenure.until_on <= until_on:
            raise AlreadyThere(f"Their time in the post ends on {tenure.until_on} already. Nothing was changed.")
        tenure.until_on = until_on
        tenure.hand_over = hand_over.strip() or tenure.hand_over
        tenure.save()
        journal.record(
            by=by, at=at, verb="post.left", subject_kind="post", subject_key=tenure.post_id, subject_label=tenure.post.title,
            partnership=slug, urn=tenure.post.school_id or "", detail={"person": tenure.person_id, "until": until_on.isoformat()},
        )  # fmt: skip
    return tenure


def give_post(
    *,
    slug: str,
    role: str,
    title: str,
    name: str,
    email: str,
    person_id: int | None,
    from_on: date,
    by: Viewer | str,
    at: datetime,
    acting: bool = False,
    urn: str = "",
    trust_uid: str = "",
    body: str = "",
    authority_code: str = "",
) -> Tenure:
    """Gives a post to somebody known (`person_id`) or to somebody new, who may then sign in by a link to their address.

    Raises what `take_post` raises, and Refused when the name or address cannot be used. Either all of it happens or nothing.
    """
    _allow(by, slug, role, urn)
    with transaction.atomic():
        if person_id is None:
            try:
                person_id = accounts.add_person(name=name, email=email or None, by=by, at=at).pk
            except PersonRefused as error:
                raise Refused(str(error)) from error
        return take_post(
            slug=slug, role=role, title=title, person_id=person_id, from_on=from_on, by=by, at=at, acting=acting, urn=urn,
            trust_uid=trust_uid, body=body, authority_code=authority_code,
        )  # fmt: skip
