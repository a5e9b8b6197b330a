"""The register of reviewers: who is on it, their training, and what they and their schools declare in private.

That somebody declared something is recorded where nobody but the school, or nobody at all, reads it: never in the partnership's journal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from convenor.accounts.queries import person_by_id
from convenor.journal import actions as journal
from convenor.partnership.actions import give_post
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.roles import Reviewer as ReviewerRole
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.peer_review.models import DeclaredInterest, Objection, Reviewer, Training
from convenor.peer_review.queries.register import may_review, member_names, place_of
from convenor.peer_review.rules.register import RegisterRefused, Trained, check_days_a_year, check_training
from convenor.peer_review.rules.states import Interest, TrainingKind
from convenor.peer_review.rules.themes import in_order

#: The title of the post by which somebody who holds no other reviews.
PEER_REVIEWER = "Peer reviewer"
NOT_ON_IT = "They are not on the register today. Nothing was changed."
NO_MEMBER = "That school is no member of the partnership today. Nothing was changed."


def add_reviewer(
    *,
    slug: str,
    person_id: int,
    by: Viewer | str,
    at: datetime,
    urn: str = "",
    near: str = "",
    can_lead: bool = False,
    can_champion: bool = False,
    expertise: Collection[str] = (),
    days_a_year: int = 15,
    from_on: date | None = None,
) -> Reviewer:
    """Puts somebody on the register, with the school they come from; somebody of no school is independent, and needs a place: `near` is
    the URN of a school near which they live. Somebody none of whose posts lets them review gets the post of a peer reviewer beside them.

    Raises NotAllowed, AlreadyThere, NotThere for an unknown person or school, RegisterRefused for an independent reviewer of no place.
    """
    allow(by, Permission.REVIEWER_REGISTER, partnership=slug)
    with transaction.atomic():
        row = _add(
            slug=slug, person_id=person_id, urn=urn, near=near, can_lead=can_lead, can_champion=can_champion, expertise=expertise,
            days_a_year=days_a_year, from_on=from_on or day_of(at), by=by, at=at,
        )  # fmt: skip
        if not may_review(person_id, slug=slug, viewer=by, at=at):
            give_post(
                slug=slug, role=ReviewerRole.key, title=PEER_REVIEWER, name="", email="", person_id=person_id, from_on=day_of(at), by=by,
                at=at,
            )  # fmt: skip
    return row


def add_new_reviewer(
    *,
    slug: str,
    name: str,
    email: str,
    by: Viewer,
    at: datetime,
    urn: str = "",
    near: str = "",
    can_lead: bool = False,
    can_champion: bool = False,
) -> Reviewer:
    """Puts somebody on the register whom the partnership does not know yet; they may now sign in by a link, and open no school's pages.

    `urn` is the school they come from; somebody of none needs `near`. Raises what `add_reviewer` and `give_post` raise; either all of it
    happens or nothing.
    """
    allow(by, Permission.REVIEWER_REGISTER, partnership=slug)
    with transaction.atomic():
        tenure = give_post(
            slug=slug,
            role=ReviewerRole.key,
            title=PEER_REVIEWER,
            name=name,
            email=email,
            person_id=None,
            from_on=day_of(at),
            by=by,
            at=at,
        )
        return add_reviewer(
            slug=slug, person_id=tenure.person_id, urn=urn, near=near, can_lead=can_lead, can_champion=can_champion, by=by, at=at
        )


def join_register(*, slug: str, by: Viewer, at: datetime, urn: str = "", near: str = "") -> Reviewer:
    """Somebody who may offer to review puts themselves on the register; they are matched once their training is recorded.

    `urn` is a school of theirs. Raises NotAllowed, AlreadyThere, RegisterRefused.
    """
    allow(by, Permission.REVIEW_OFFER, partnership=slug)
    assert by.person_id is not None, "whoever holds a permission is known"
    if urn and urn not in by.urns:
        raise NotAllowed("Choose a school at which you hold a post. Nothing was changed.")
    return _add(
        slug=slug, person_id=by.person_id, urn=urn, near=near, can_lead=False, can_champion=False, expertise=(), days_a_year=15,
        from_on=day_of(at), by=by, at=at,
    )  # fmt: skip


def change_reviewer(
    *, slug: str, reviewer_id: int, can_lead: bool, can_champion: bool, by: Viewer, at: datetime, urn: str = "", near: str = ""
) -> Reviewer:
    """Says anew what somebody can do on a team and where they come from. Raises NotAllowed, NotThere, RegisterRefused."""
    allow(by, Permission.REVIEWER_REGISTER, partnership=slug)
    with transaction.atomic():
        row = _locked(slug, reviewer_id, day_of(at))
        row.can_lead, row.can_champion = can_lead, can_champion
        if urn != (row.school_id or "") or near:
            row.school_id = urn or None
            row.easting, row.northing = _place(urn, near)
        row.save()
        _record(row, "reviewer.changed", slug=slug, by=by, at=at)
    return row


def end_reviewer(*, slug: str, reviewer_id: int, by: Viewer, at: datetime, until_on: date | None = None) -> Reviewer:
    """Somebody leaves the register from a day (today); what they declared in private is removed at once. Offers that stand end.

    They themselves may, and whoever keeps the register. Raises NotAllowed, NotThere, RegisterRefused for a day before they joined.
    """
    with transaction.atomic():
        row = _locked(slug, reviewer_id, day_of(at))
        if row.person_id != by.person_id:
            allow(by, Permission.REVIEWER_REGISTER, partnership=slug)
        last = until_on or day_of(at)
        if last < row.from_on:
            raise RegisterRefused("They would leave before they joined. Nothing was changed.", "until_on")
        row.until_on = last
        row.save()
        DeclaredInterest.objects.filter(reviewer=row).delete()
        _record(row, "reviewer.left", slug=slug, by=by, at=at)
    return row


def record_training(
    *, slug: str, reviewer_ids: Iterable[int], kind: TrainingKind, trained_on: date, by: Viewer | str, at: datetime, by_whom: str = ""
) -> int:
    """Records one training of several people at once; for how many. It counts for 24 months.

    Raises NotAllowed, NotThere, RegisterRefused for a day to come, a refresher without a beginning, one told twice: then for none.
    """
    allow(by, Permission.REVIEWER_REGISTER, partnership=slug)
    asked = list(dict.fromkeys(reviewer_ids))
    if not asked:
        raise RegisterRefused("Choose at least one reviewer. Nothing was changed.", "reviewers")
    with transaction.atomic():
        for pk in asked:
            row = _locked(slug, pk, day_of(at))
            before = [
                Trained(TrainingKind(each.kind), each.trained_on, each.valid_until_on) for each in Training.objects.filter(reviewer=row)
            ]
            try:
                until = check_training(kind, trained_on, before, on=day_of(at))
            except RegisterRefused as refused:
                raise RegisterRefused(f"{row.person.name}: {refused}", refused.field) from refused
            Training.objects.create(
                reviewer=row, kind=kind.value, trained_on=trained_on, valid_until_on=until, by_whom=by_whom.strip()[:120], recorded_at=at,
                recorded_by=(by if isinstance(by, str) else by.label)[:200],
            )  # fmt: skip
            if kind is TrainingKind.CHAMPION and not row.can_champion:
                row.can_champion = True
                row.save(update_fields=["can_champion"])
            _record(row, "training.recorded", slug=slug, by=by, at=at)
    return len(asked)


def keep_own_profile(*, slug: str, expertise: Collection[str], days_a_year: int, by: Viewer, at: datetime) -> Reviewer:
    """A reviewer says what they know well, and how many days a year they give. Raises NotThere, RegisterRefused."""
    with transaction.atomic():
        row = _own(slug, by, at)
        row.expertise, row.days_a_year = list(in_order(expertise)), check_days_a_year(days_a_year)
        row.save()
        _record(row, "reviewer.changed", slug=slug, by=by, at=at)
    return row


def declare_interest(*, slug: str, urn: str, kind: Interest, by: Viewer, at: datetime, until_on: date | None = None) -> DeclaredInterest:
    """A reviewer declares in private that they should not review a school; nobody else ever reads it.

    `until_on` is the first day on which it no longer stands. Raises NotThere, AlreadyThere, RegisterRefused for a day that has passed.
    """
    with transaction.atomic():
        row = _own(slug, by, at)
        _member(urn, by, at)
        if until_on is not None and until_on <= day_of(at):
            raise RegisterRefused("That day has passed, so nothing needs declaring. Nothing was changed.", "until_on")
        DeclaredInterest.objects.filter(reviewer=row, school_id=urn, until_on__lte=day_of(at)).delete()
        try:
            with transaction.atomic():
                return DeclaredInterest.objects.create(reviewer=row, school_id=urn, kind=kind.value, declared_at=at, until_on=until_on)
        except IntegrityError as error:
            raise AlreadyThere("You have declared that already. Nothing was changed.") from error


def take_back_interest(*, slug: str, interest_id: int, by: Viewer, at: datetime) -> None:
    """A reviewer takes a declared interest back; it is gone. Raises NotThere for one that is not theirs, as for one that is not there."""
    with transaction.atomic():
        gone, _ = DeclaredInterest.objects.filter(reviewer=_own(slug, by, at), pk=interest_id).delete()
    if not gone:
        raise NotThere("There is no such declaration of yours. Nothing was changed.")


def declare_objection(*, slug: str, urn: str, objects_to: str, by: Viewer, at: datetime) -> Objection:
    """A school would rather not be reviewed by another. No reason is asked, and the other school never learns of it.

    Raises NotAllowed, NotThere, AlreadyThere, RegisterRefused for its own school.
    """
    allow(by, Permission.SCHOOL_SPEAK, partnership=slug, urn=urn)
    if objects_to == urn:
        raise RegisterRefused("Nobody reviews their own school anyway. Choose another. Nothing was changed.", "objects_to")
    _member(objects_to, by, at)
    try:
        with transaction.atomic():
            row = Objection.objects.create(
                partnership_id=partnership_id(slug), school_id=urn, objects_to_id=objects_to, declared_at=at
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyThere("You have said that already. Nothing was changed.") from error
    _record_objection(row, "objection.declared", slug=slug, by=by, at=at)
    return row


def withdraw_objection(*, slug: str, urn: str, objection_id: int, by: Viewer, at: datetime) -> None:
    """A school takes an objection back. Raises NotAllowed, NotThere for one that is not its own, as for one that is not there."""
    allow(by, Permission.SCHOOL_SPEAK, partnership=slug, urn=urn)
    with transaction.atomic():
        rows = Objection.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, school_id=urn, withdrawn_at=None)
        row = rows.filter(pk=objection_id).first()
        if row is None:
            raise NotThere("There is no such objection of your school. Nothing was changed.")
        row.withdrawn_at = at
        row.save()
        _record_objection(row, "objection.withdrawn", slug=slug, by=by, at=at)


def _add(
    *, slug: str, person_id: int, urn: str, near: str, can_lead: bool, can_champion: bool, expertise: Collection[str], days_a_year: int,
    from_on: date, by: Viewer | str, at: datetime,
) -> Reviewer:  # fmt: skip
    """A row of the register, or the old one of somebody who had left it."""
    person = person_by_id(person_id)
    if person is None:
        raise NotThere("There is no such person any more. Nothing was changed.")
    easting, northing = _place(urn, near)
    given = {
        "school_id": urn or None, "easting": easting, "northing": northing, "can_lead": can_lead, "can_champion": can_champion,
        "expertise": list(in_order(expertise)), "days_a_year": check_days_a_year(days_a_year), "from_on": from_on, "until_on": None,
    }  # fmt: skip
    with transaction.atomic():
        here = partnership_id(slug)
        row = Reviewer.objects.select_for_update(of=("self",)).filter(partnership_id=here, person=person).first()
        if row is not None and (row.until_on is None or row.until_on > day_of(at)):
            raise AlreadyThere(f"{person.name} is on the register already. Nothing was changed.")
        if row is None:
            row = Reviewer(partnership_id=here, person=person)
        for name, value in given.items():
            setattr(row, name, value)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise AlreadyThere(f"{person.name} is on the register already. Nothing was changed.") from error
        _record(row, "reviewer.added", slug=slug, by=by, at=at)
    return row


def _place(urn: str, near: str) -> tuple[int | None, int | None]:
    """Where a reviewer is placed: at no place of their own when they come from a school, else near the school named (metres)."""
    found = place_of(urn or near, viewer=None) if urn or near else None
    if (urn or near) and found is None:
        raise NotThere("There is no such school. Nothing was changed.")
    if urn:
        return None, None
    if found is None or found[0] is None:
        raise RegisterRefused("Say near which school an independent reviewer lives, so that nobody is sent too far.", "near")
    return found


def _locked(slug: str, reviewer_id: int, on: date) -> Reviewer:
    """Somebody on the register today, held until the transaction ends. Raises NotThere."""
    rows = Reviewer.objects.select_for_update(of=("self",)).select_related("person")
    row = rows.filter(partnership__slug=slug, pk=reviewer_id).first()
    if row is None or (row.until_on is not None and row.until_on <= on):
        raise NotThere(NOT_ON_IT)
    return row


def _own(slug: str, by: Viewer, at: datetime) -> Reviewer:
    """The row of whoever acts, held until the transaction ends. Raises NotAllowed, NotThere."""
    allow(by, Permission.REVIEW_OFFER, partnership=slug)
    pk = Reviewer.objects.filter(partnership__slug=slug, person_id=by.person_id or 0).values_list("pk", flat=True).first()
    if pk is None:
        raise NotThere("You are not on the register of reviewers yet. Nothing was changed.")
    return _locked(slug, pk, day_of(at))


def _member(urn: str, by: Viewer, at: datetime) -> None:
    if urn not in dict(member_names(viewer=by, at=at)):
        raise NotThere(NO_MEMBER)


def _record(row: Reviewer, verb: str, *, slug: str, by: Viewer | str, at: datetime) -> None:
    journal.record(
        by=by, at=at, verb=verb, subject_kind="reviewer", subject_key=row.pk, subject_label=row.person.name, partnership=slug,
        urn=row.school_id or "",
    )  # fmt: skip


def _record_objection(row: Objection, verb: str, *, slug: str, by: Viewer, at: datetime) -> None:
    """For the school alone, and without the other's name: the journal keeps it from the partnership's readers."""
    journal.record(
        by=by, at=at, verb=verb, subject_kind="objection", subject_key=row.pk, subject_label=row.school.name, partnership=slug,
        urn=row.school_id,
    )  # fmt: skip
