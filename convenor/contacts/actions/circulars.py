"""Letters to many: written, looked through, sent as a letter of one's own to each; and no more of them, without an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.db import transaction

from convenor.contacts.models import Circular, Contact, LeftOut
from convenor.contacts.queries.circulars import reach, stop_key, stop_of
from convenor.contacts.rules import inviting as rules
from convenor.contacts.rules.refusals import AlreadySent, ChangedMeanwhile, NobodyToWriteTo, NotAContact
from convenor.contacts.rules.roles import CONTACT_ROLES
from convenor.contacts.rules.writing import Consent, Reach, standing_for
from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.queries.holdings import partnership_here
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere, Refused
from convenor.post import actions as post
from convenor.post import rules as post_rules
from convenor.post.queries import in_practice

KIND = "circular"
CHANGED = "Somebody changed this letter while you had it open. Look at it again, then press the button again. Nothing was sent."


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it. `held` in practice: nothing left, and the letter can be sent truly later."""

    letters: int
    schools: int
    left: int
    held: bool = False


def write_circular(
    *,
    slug: str,
    subject: str,
    words: str,
    roles: Sequence[str],
    by: Viewer,
    at: datetime,
    phases: Sequence[str] = (),
    clusters: Sequence[str] = (),
    circular_id: int | None = None,
    version: int | None = None,
) -> Circular:
    """A letter to many, or what is changed of one that has not left. `clusters` are keys of bodies; no phases or clusters: every school.

    Raises NotAllowed, NotThere, AlreadySent, ChangedMeanwhile, and Refused for words that no letter may say or a role there is not.
    """
    allow(by, Permission.CIRCULAR_SEND, partnership=slug)
    unknown = [each for each in roles if each not in CONTACT_ROLES]
    if unknown or not roles:
        raise NotAContact(f"Choose to whom it goes: {', '.join(CONTACT_ROLES.values())}. Nothing was changed.")
    _check(subject, words)
    with transaction.atomic():
        if circular_id is None:
            row = Circular(partnership_id=partnership_id(slug), written_by=by.label[:200], written_at=at)
        else:
            row = _locked(slug, circular_id, version)
            row.version += 1
        row.subject, row.words = " ".join(subject.split())[:160], words.strip()
        row.roles, row.phases, row.clusters = list(roles), list(phases), list(clusters)
        row.save()
        _journal("written", row, slug, by=by, at=at)
    return row


def drop_circular(*, slug: str, circular_id: int, by: Viewer, at: datetime) -> None:
    """A letter that has not left is thrown away. Raises NotAllowed, NotThere, AlreadySent."""
    allow(by, Permission.CIRCULAR_SEND, partnership=slug)
    with transaction.atomic():
        row = _locked(slug, circular_id, None)
        _journal("dropped", row, slug, by=by, at=at)
        row.delete()


def send_circular(*, slug: str, circular_id: int, version: int, site: str, by: Viewer, at: datetime) -> Sent:
    """A letter of its own to each address, as the list stands now. It leaves once; `version` is the one that was looked through.

    In practice the letters are held, and the letter stays unsent. `site` is the root of the site, for each reader's own link by which they
    get no more. Raises NotAllowed, NotThere, AlreadySent, ChangedMeanwhile, NobodyToWriteTo.
    """
    allow(by, Permission.CIRCULAR_SEND, partnership=slug)
    with transaction.atomic():
        row = _locked(slug, circular_id, version)
        found = reach(slug, roles=tuple(row.roles), phases=tuple(row.phases), clusters=tuple(row.clusters), viewer=by, at=at)
        if found is None or not found.readers:
            raise NobodyToWriteTo("Nobody of this list can be written to: see below whom it leaves out and why. Nothing was sent.")
        held = in_practice(slug)
        if held:
            post.drop_held(slug=slug, kind=KIND, by=by, at=at)
        count = post.enqueue_all(by=by, at=at, letters=_letters(row, found, site, by), kind=KIND, partnership=slug)
        if not held:
            row.sent_at, row.letters, row.schools, row.left = at, count, found.schools, found.left_counts
            row.version += 1
            row.save()
        _journal("tried-in-practice" if held else "sent", row, slug, by=by, at=at, letters=count, schools=found.schools)
    return Sent(count, found.schools, len(found.left), held)


def stop_circulars(*, key: str, by: str, at: datetime) -> str:
    """Whoever holds a letter's own link wants no more letters to many: kept for the address. The partnership's name.

    Pressed twice it is said once. Raises NotThere for a key that is altered.
    """
    stop = stop_of(key)
    if stop is None:
        raise NotThere("This link is not whole. Open it from the letter again, or tell the partnership. Nothing was changed.")
    with transaction.atomic():
        _, new = LeftOut.objects.get_or_create(partnership_id=stop.here.id, address=stop.address, defaults={"asked_at": at})
        rows = Contact.objects.filter(partnership=stop.here.id, email=stop.address)
        for row in rows.select_for_update(of=("self",)):
            row.consent, row.consent_on = Consent.NO.value, day_of(at)
            row.save(update_fields=["consent", "consent_on"])
            if new:
                journal.record(
                    by=by, at=at, verb="contact.left-out", subject_kind="contact", subject_key=row.pk, subject_label="letters to many",
                    partnership=stop.here.slug, urn=row.school_id,
                )  # fmt: skip
    return stop.here.name


def _check(subject: str, words: str) -> None:
    try:
        post_rules.check(subject=" ".join(subject.split()), body=words)
    except post_rules.LetterRefused as error:
        raise Refused(f"{error} Nothing was changed.") from error


def _locked(slug: str, circular_id: int, version: int | None) -> Circular:
    row = Circular.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=circular_id).first()
    if row is None:
        raise NotThere("There is no such letter in this partnership any more. Nothing was changed.")
    if row.sent_at is not None:
        raise AlreadySent("This letter has left already. Write another one. Nothing was changed.")
    if version is not None and version != row.version:
        raise ChangedMeanwhile(CHANGED)
    return row


def _letters(row: Circular, found: Reach, site: str, by: Viewer) -> list[post.Addressed]:
    slug = by.partnership.slug if by.partnership else ""
    here = partnership_here(slug)
    letters = []
    for reader in found.readers:
        stop = f"{site}/p/{slug}/circulars/stop/?key={quote(stop_key(slug, reader.email, viewer=by))}"
        said = rules.circular(
            partnership=here.name if here else slug, name=reader.name, subject=row.subject, words=row.words,
            standing_for=[standing_for(line) for line in reader.lines], stop=stop, by=by.name,
        )  # fmt: skip
        letters.append(post.Addressed(reader.email, reader.name, said.subject, said.body))
    return letters


def _journal(verb: str, row: Circular, slug: str, *, by: Viewer, at: datetime, **detail: int) -> None:
    journal.record(
        by=by, at=at, verb=f"circular.{verb}", subject_kind="circular", subject_key=row.pk, subject_label=row.subject, partnership=slug,
        detail=dict(detail),
    )  # fmt: skip
