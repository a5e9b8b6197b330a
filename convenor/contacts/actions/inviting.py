"""Inviting heads: in practice into the outbox that holds, truly by letters of their own; and the practice itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from convenor.accounts import actions as accounts
from convenor.accounts.queries import invitation_token, person_by_id
from convenor.accounts.rules import PersonRefused
from convenor.contacts.models import HeadInvitation
from convenor.contacts.queries.inviting import inviting
from convenor.contacts.rules import inviting as rules
from convenor.contacts.rules.inviting import KIND, LINK_OF_PRACTICE, ToInvite
from convenor.contacts.rules.refusals import InPractice, NobodyToWriteTo
from convenor.journal import actions as journal
from convenor.partnership.actions import give_post
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of
from convenor.partnership.queries.holdings import partnership_here
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Head, Permission
from convenor.partnership.rules.refusals import NotThere, Refused
from convenor.post import actions as post
from convenor.post.queries import in_practice

NOBODY = "There is nobody to invite now: every head is in, was asked within the week, or is not reached by a letter. Nothing was sent."


@dataclass(frozen=True, slots=True)
class Invited:
    """What came of it: how many letters, for how many schools, and how many letters of practice were deleted. `held` in practice."""

    letters: int
    schools: int
    deleted: int = 0
    held: bool = False


def begin_practice(*, slug: str, by: Viewer | str, at: datetime) -> bool:
    """From now on no letter of this partnership leaves; False when it practises already. Raises NotAllowed."""
    allow(by, Permission.CONTACTS_KEEP, partnership=slug)
    with transaction.atomic():
        begun = post.begin_practice(slug=slug, by=by, at=at)
        if begun:
            _journal("practice.begun", slug, by=by, at=at)
    return begun


def end_practice(*, slug: str, by: Viewer | str, at: datetime) -> int:
    """Letters leave again; those written in practice are deleted unsent: how many. Raises NotAllowed, InPractice when there is none."""
    allow(by, Permission.CONTACTS_KEEP, partnership=slug)
    with transaction.atomic():
        return _end(slug, by=by, at=at)


def invite_heads(*, slug: str, site: str, by: Viewer | str, at: datetime, again: bool = False) -> Invited:
    """A letter to each head who was not invited yet, or, `again`, to each who was a week ago or longer and has not come in.

    In practice the letters are written into the outbox, where they are held, without a link that opens anything; nobody is given a
    post, and what an earlier practice wrote is replaced. Truly, whoever is known by address alone is given the post of head first,
    whoever holds it without an address is given the one that stands for them, and each letter carries a link of its own
    (accounts.queries.invitation_token).

    `site` is the root of the site, for the links. Raises NotAllowed, NobodyToWriteTo.
    """
    allow(by, Permission.CONTACTS_KEEP, partnership=slug)
    with transaction.atomic():
        if in_practice(slug):
            return _practise(slug, site, by=by, at=at)
        return _invite(slug, site, by=by, at=at, again=again)


def end_practice_and_invite(*, slug: str, site: str, by: Viewer | str, at: datetime) -> Invited:
    """The practice ends, what was written in it is deleted, and heads are invited truly; all of it, or nothing.

    Raises NotAllowed, InPractice when it does not practise (somebody else ended it), NobodyToWriteTo.
    """
    allow(by, Permission.CONTACTS_KEEP, partnership=slug)
    with transaction.atomic():
        deleted = _end(slug, by=by, at=at)
        done = _invite(slug, site, by=by, at=at, again=False)
        return Invited(done.letters, done.schools, deleted)


def _end(slug: str, *, by: Viewer | str, at: datetime) -> int:
    deleted = post.end_practice(slug=slug, by=by, at=at)
    if deleted is None:
        raise InPractice("This partnership does not practise: somebody has ended it already. Nothing was changed; look at the page again.")
    _journal("practice.ended", slug, by=by, at=at, letters=deleted)
    return deleted


def _practise(slug: str, site: str, *, by: Viewer | str, at: datetime) -> Invited:
    name, chosen = _named(slug), _chosen(slug, again=False, by=by, at=at)
    post.drop_held(slug=slug, kind=KIND, by=by, at=at)
    letters = [_letter(name, each, LINK_OF_PRACTICE, site, by) for each in chosen]
    count = post.enqueue_all(by=by, at=at, letters=letters, kind=KIND, partnership=slug)
    schools = len({one.urn for each in chosen for one in each.heads})
    _journal("heads.invited-in-practice", slug, by=by, at=at, letters=count, schools=schools)
    return Invited(count, schools, held=True)


def _invite(slug: str, site: str, *, by: Viewer | str, at: datetime, again: bool) -> Invited:
    name = _named(slug)
    letters: list[post.Addressed] = []
    urns: set[str] = set()
    for each in _chosen(slug, again=again, by=by, at=at):
        person = _person(slug, each, by=by, at=at)
        # None, or noted already: somebody else invited them at this very moment, or took their address
        if person is not None and _note(partnership_id(slug), each, person.pk, at, again=again):
            letters.append(_letter(name, each, f"{site}/sign-in/invited/?key={invitation_token(person)}", site, by))
            urns |= {one.urn for one in each.heads}
    if not letters:
        raise NobodyToWriteTo(NOBODY)
    post.enqueue_all(by=by, at=at, letters=letters, kind=KIND, partnership=slug)
    _journal("heads.invited-again" if again else "heads.invited", slug, by=by, at=at, letters=len(letters), schools=len(urns))
    return Invited(len(letters), len(urns))


def _named(slug: str) -> str:
    here = partnership_here(slug)
    if here is None:
        raise NotThere("There is no such partnership. Nothing was changed.")
    return here.name


def _chosen(slug: str, *, again: bool, by: Viewer | str, at: datetime) -> tuple[ToInvite, ...]:
    found = inviting(slug, viewer=by, at=at)
    chosen = (found.again if again else found.first) if found else ()
    if not chosen:
        raise NobodyToWriteTo(NOBODY)
    return chosen


def _person(slug: str, letter: ToInvite, *, by: Viewer | str, at: datetime) -> Any:
    """Whoever the letter is for, holding the post of head at each of its schools; None when that cannot be, now."""
    person_id = next((each.person_id for each in letter.heads if each.person_id is not None), None)
    if person_id is not None:
        try:
            accounts.give_address(person_id=person_id, email=letter.email, by=by, at=at)
        except PersonRefused:
            return None
    for each in letter.heads:
        if each.holds:
            continue
        try:
            with transaction.atomic():
                tenure = give_post(
                    slug=slug, role=Head.key, title=Head.titles[0], name=letter.name or f"Head of {each.school}", email=letter.email,
                    person_id=person_id, from_on=day_of(at), by=by, at=at, urn=each.urn,
                )  # fmt: skip
        except (Refused, NotAllowed):  # nobody gives themselves a school's post: somebody else does
            return None
        person_id = tenure.person_id
    return person_by_id(person_id or 0)


def _note(here: int, letter: ToInvite, person_id: int, at: datetime, *, again: bool) -> bool:
    """Writes down that they were invited; False when somebody else did so since the page was read."""
    mine = False
    for each in letter.heads:
        row, new = HeadInvitation.objects.select_for_update(of=("self",)).get_or_create(
            partnership_id=here, school_id=each.urn, person_id=person_id, defaults={"first_at": at, "last_at": at}
        )
        if new:
            mine = True
        elif each.last_on is not None and day_of(row.last_at) == each.last_on:
            row.last_at, row.times = at, row.times + 1
            row.save(update_fields=["last_at", "times"])
            mine = mine or again
    return mine


def _letter(partnership: str, each: ToInvite, link: str, site: str, by: Viewer | str) -> post.Addressed:
    words = rules.invitation(
        partnership=partnership, name=each.name, schools=each.schools, link=link, site=site, by=by if isinstance(by, str) else by.name
    )
    return post.Addressed(each.email, each.name, words.subject, words.body)


def _journal(verb: str, slug: str, *, by: Viewer | str, at: datetime, **detail: int) -> None:
    journal.record(
        by=by,
        at=at,
        verb=verb,
        subject_kind="partnership",
        subject_key=slug,
        subject_label=_named(slug),
        partnership=slug,
        detail=dict(detail),
    )
