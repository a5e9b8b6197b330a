"""Keeping role addresses: entered, verified with one press, removed; and addresses from which letters come back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from convenor.contacts.models import Contact, LeftOut
from convenor.contacts.queries.contacts import member_name
from convenor.contacts.rules.refusals import NotAContact
from convenor.contacts.rules.roles import role_word
from convenor.contacts.rules.verifying import SOURCE_AT_MOST, checked
from convenor.contacts.rules.writing import Consent
from convenor.journal import actions as journal
from convenor.partnership.gate import ANYONE, Viewer, allow, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.post import actions as post

NOT_THERE = "There is no such address in this partnership any more. Nothing was changed."


def set_contact(
    *,
    slug: str,
    urn: str,
    role: str,
    name: str,
    email: str,
    by: Viewer | str,
    at: datetime,
    phone: str = "",
    verified_on: date | None = None,
    source: str = "",
    consent: str = "",
    contact_id: int | None = None,
) -> Contact:
    """How a member school is reached in one role (`rules.roles.CONTACT_ROLES`): entered, or, with `contact_id`, changed.

    Without `contact_id` somebody who stands there already, by the same role and address (or, where one of the two has none, name),
    is completed rather than entered twice; what is left empty then stays as it was. `consent` to letters to many is "yes", "no",
    "unknown" or "" (as it was). A changed address is no longer verified unless `verified_on` says so, and nothing is held against it.

    The manager may, and whoever acts for the school. Raises NotAllowed, NotThere for a school that is no member on the day,
    NotAContact, AlreadyThere.
    """
    _allow(by, slug, urn)
    said, address, number = checked(role=role, name=name, email=email, phone=phone)
    if consent and consent not in set(Consent):
        raise NotAContact(f"Consent is yes, no or unknown, not {consent}. Nothing was changed.")
    if verified_on is not None and verified_on > day_of(at):
        raise NotAContact("It cannot have been verified on a day to come. Nothing was changed.")
    school = _member(slug, urn, at)
    with transaction.atomic():
        row = _row(slug, urn, contact_id) if contact_id is not None else _same(slug, urn, role, said, address)
        new = row is None
        if row is None:
            row = Contact(partnership_id=partnership_id(slug), school_id=urn, role=role)
        whole = contact_id is not None
        _fill(row, role, (said, address, number), whole=whole, source=source, by=by)
        if verified_on is not None:
            row.verified_on, row.verified_by = verified_on, _label(by)
            post.forget_bounce(slug=slug, address=row.email, by=by, at=at)
        _consent(row, slug, consent, at)
        if _stands_twice(row):
            raise AlreadyThere(f"{school} has this {role_word(role)} with the same name and address already. Nothing was changed.")
        row.save()
        _record("set", row, school, slug, by=by, at=at, detail={"new": new, "role": role})
    return row


def verify_contact(*, slug: str, contact_id: int, by: Viewer | str, at: datetime) -> Contact:
    """Somebody says that this is right, today. Raises NotAllowed, NotThere."""
    with transaction.atomic():
        row = _reached(slug, contact_id, by)
        row.verified_on, row.verified_by = day_of(at), _label(by)
        row.save(update_fields=["verified_on", "verified_by"])
        post.forget_bounce(slug=slug, address=row.email, by=by, at=at)
        _record("verified", row, row.school.name, slug, by=by, at=at, detail={"role": row.role})
    return row


def verify_school(*, slug: str, urn: str, by: Viewer | str, at: datetime) -> int:
    """All that stands of a school is right, today: how many. One press for the whole page. Raises NotAllowed."""
    _allow(by, slug, urn)
    with transaction.atomic():
        rows = list(Contact.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, school=urn).select_related("school"))
        for row in rows:
            row.verified_on, row.verified_by = day_of(at), _label(by)
            row.save(update_fields=["verified_on", "verified_by"])
            post.forget_bounce(slug=slug, address=row.email, by=by, at=at)
        if rows:
            journal.record(
                by=by, at=at, verb="contact.verified", subject_kind="school", subject_key=urn, subject_label=rows[0].school.name,
                partnership=slug, urn=urn, detail={"contacts": len(rows)},
            )  # fmt: skip
    return len(rows)


def remove_contact(*, slug: str, contact_id: int, by: Viewer | str, at: datetime) -> None:
    """An address is taken out. That somebody asked not to be written to is remembered. Raises NotAllowed, NotThere."""
    with transaction.atomic():
        row = _reached(slug, contact_id, by)
        _record("removed", row, row.school.name, slug, by=by, at=at, detail={"role": row.role})
        row.delete()


def note_bounce(*, address: str, why: str, by: Viewer | str, at: datetime) -> int:
    """A letter to this address came back for good: noted in every partnership that keeps the address or wrote to it; in how many it is new.

    For whoever runs the machine, whose mail server hands such reports to `convenor bounces`: a person has no way to it.
    """
    allow(by, Permission.CONTACTS_KEEP, partnership="")
    keep = Contact.objects.filter(email=address.strip().lower()).values_list("partnership__slug", flat=True)
    return post.note_bounce(address=address, why=why, partnerships=set(keep), by=by, at=at)


def _allow(by: Viewer | str, slug: str, urn: str) -> None:
    """Whoever acts for the school may look after its addresses; else whoever keeps all of them."""
    own = isinstance(by, Viewer) and by.may(Permission.SCHOOL_ACT, urn=urn)
    allow(by, Permission.SCHOOL_ACT if own else Permission.CONTACTS_KEEP, partnership=slug, urn=urn if own else None)


def _member(slug: str, urn: str, at: datetime) -> str:
    """The name of a member school of the day. Raises NotThere."""
    name = member_name(slug, urn, viewer=ANYONE, at=at)
    if name is None:
        raise NotThere(f"School {urn} is no member of this partnership today. Record that it joins first. Nothing was changed.")
    return name


def _reached(slug: str, contact_id: int, by: Viewer | str) -> Contact:
    row = Contact.objects.select_for_update(of=("self",)).select_related("school").filter(partnership__slug=slug, pk=contact_id).first()
    if row is None:
        allow(by, Permission.CONTACTS_KEEP, partnership=slug)
        raise NotThere(NOT_THERE)
    _allow(by, slug, row.school_id)
    return row


def _row(slug: str, urn: str, contact_id: int) -> Contact:
    row = Contact.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, school=urn, pk=contact_id).first()
    if row is None:
        raise NotThere(NOT_THERE)
    return row


def _same(slug: str, urn: str, role: str, name: str, address: str) -> Contact | None:
    """Whoever stands there by the same role and address; or, where either has no address, by the same name, or with no name yet."""
    for row in Contact.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, school=urn, role=role).order_by("id"):
        if row.email and address:
            if row.email == address:
                return row
        elif not (row.name and name) or row.name.casefold() == name.casefold():
            return row
    return None


def _fill(row: Contact, role: str, given: tuple[str, str, str], *, whole: bool, source: str, by: Viewer | str) -> None:
    """Puts in what was given; what was left empty stays where a row is completed, and goes where it is changed as a whole."""
    before = row.email
    name, address, number = given
    row.role = role
    row.name, row.email, row.phone = (name, address, number) if whole else (name or row.name, address or row.email, number or row.phone)
    if source:
        row.source = source.strip()[:SOURCE_AT_MOST]
    elif not row.source:
        row.source = _label(by)
    if before != row.email:
        row.verified_on, row.verified_by = None, ""


def _consent(row: Contact, slug: str, consent: str, at: datetime) -> None:
    """What they said of letters to many: a yes takes back an earlier no; a no that was said of the address stays until then."""
    if consent == Consent.YES:
        LeftOut.objects.filter(partnership__slug=slug, address=row.email).delete()
    elif consent == Consent.NO and row.email:
        LeftOut.objects.get_or_create(partnership_id=row.partnership_id, address=row.email, defaults={"asked_at": at})
    if consent and consent != row.consent:
        row.consent, row.consent_on = consent, day_of(at)


def _stands_twice(row: Contact) -> bool:
    twins = Contact.objects.filter(partnership=row.partnership_id, school=row.school_id, role=row.role, name=row.name, email=row.email)
    return twins.exclude(pk=row.pk).exists()


def _label(by: Viewer | str) -> str:
    return (by if isinstance(by, str) else by.label)[:200]


def _record(verb: str, row: Contact, school: str, slug: str, *, by: Viewer | str, at: datetime, detail: dict[str, object]) -> None:
    journal.record(
        by=by, at=at, verb=f"contact.{verb}", subject_kind="contact", subject_key=row.pk, subject_label=f"{role_word(row.role)}, {school}",
        partnership=slug, urn=row.school_id, detail=dict(detail),
    )  # fmt: skip
