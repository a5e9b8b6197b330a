"""The directory: who stands in it, what vouches for them, and what they declare in private.

Nobody gives themselves a designation, and nobody vouches for themselves. That somebody declared something is recorded nowhere.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction

from convenor.accounts.queries import person_by_id
from convenor.england.school_years import school_year_of
from convenor.journal import actions as journal
from convenor.partnership.actions import give_post, record_engagement
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of, viewer_for
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import IndependentSupporter, Permission, SystemLeader
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.peer_review.queries.steps import has_closed, successor
from convenor.support.actions.capacity import allow_own, offer_days
from convenor.support.models import Assurance, LocalDesignation, Package, StandingInterest, Supporter
from convenor.support.queries.apart import of_one_house, of_own_organisation
from convenor.support.queries.supporters import designations, may_give, member_names, school_place, trust_name
from convenor.support.rules.assurance import check_assurance
from convenor.support.rules.designations import check_local
from convenor.support.rules.entries import Offering, check_designations, check_name, check_offering
from convenor.support.rules.refusals import ChangedMeanwhile, Conflict, Missing, NoWords, OutOfTurn, WrongDay
from convenor.support.rules.states import AssuranceKind, ConflictKind, StateKind, SupporterKind

GONE = "They are not in the directory today. Nothing was changed."


def add_supporter(
    *, slug: str, kind: SupporterKind, by: Viewer | str, at: datetime, offering: Offering, person_id: int | None = None, urn: str = "",
    trust_uid: str = "", name: str = "", organisation: str = "", near: str = "", given: Collection[str] = (), half_days: int = 0,
    from_on: date | None = None,
) -> Supporter:  # fmt: skip
    """Whoever keeps the directory puts somebody into it, with the designations `given` to them.

    A person is somebody the partnership knows, from the school `urn` or from none (then `near` names the school nearest to them); a school
    is that of `urn`, a trust that of `trust_uid`; a hub or service has a name. `half_days` are those of this school year. Somebody
    none of whose posts lets them give support gets one that opens no record: as a system leader at that school, as an independent
    supporter where they come from none. Raises NotAllowed, AlreadyThere, NotThere, Missing, NoWords.
    """
    allow(by, Permission.DIRECTORY_KEEP, partnership=slug)
    row = _new(slug, kind, person_id=person_id, urn=urn, trust_uid=trust_uid, name=name, organisation=organisation, near=near, by=by)
    known = designations(slug, viewer=by)
    row.designations = list(check_designations(tuple(given), kind, known))
    with transaction.atomic():
        added = _add(row, offering, half_days, from_on or day_of(at), slug=slug, by=by, at=at)
        if row.person_id is not None and not may_give(row.person_id, slug=slug, viewer=by, at=at):
            role = SystemLeader if urn else IndependentSupporter
            give_post(
                slug=slug, role=role.key, title=role.name, name="", email="", person_id=row.person_id, urn=urn,
                from_on=day_of(at), by=by, at=at,
            )  # fmt: skip
    return added


def offer_support(
    *, slug: str, kind: SupporterKind, urn: str, offering: Offering, half_days: int, by: Viewer, at: datetime
) -> Supporter:  # fmt: skip
    """Somebody puts themselves into the directory, from a school of theirs, or puts in the school that they speak for.

    They are found once something vouches for them. Raises NotAllowed, AlreadyThere, NoWords, WrongSum.
    """
    if kind is SupporterKind.SCHOOL:
        allow(by, Permission.SCHOOL_SPEAK, partnership=slug, urn=urn)
    else:
        allow(by, Permission.SUPPORT_GIVE, partnership=slug, urn=urn)
        if urn not in by.urns:
            raise NotAllowed("Whoever keeps the directory puts in those who come from no school. Nothing was changed.")
    if kind not in (SupporterKind.PERSON, SupporterKind.SCHOOL):
        raise NotAllowed("Whoever keeps the directory puts trusts, hubs and services into it. Nothing was changed.")
    row = _new(slug, kind, person_id=by.person_id, urn=urn, trust_uid="", name="", organisation="", near="", by=by)
    row = _add(row, offering, half_days, day_of(at), slug=slug, by=by, at=at)
    record_engagement(
        slug=slug, urn=urn, kind="offered", what="Support for other schools", on=day_of(at), by="the system", at=at,
        source=f"supporter-{row.pk}",
    )  # fmt: skip
    return row


def change_entry(
    *, slug: str, supporter_id: int, offering: Offering, half_days: int, version: int, by: Viewer, at: datetime
) -> Supporter:  # fmt: skip
    """What an entry says is said anew, and the half days it offers this school year: by the supporter, by whoever speaks for them, or by
    whoever keeps the directory.

    `version` is that of the entry as it was read. Raises NotAllowed, NotThere, ChangedMeanwhile, NoWords, WrongSum.
    """
    kept = check_offering(offering)
    with transaction.atomic():
        row = _held(slug, supporter_id, day_of(at))
        allow_own(row, by)
        if row.version != version:
            raise ChangedMeanwhile(
                "Somebody else changed this entry while you had it open. Yours still stands below: look again, then keep it.",
                now=row.version,
            )
        _fill(row, kept)
        row.version += 1
        row.save()
        offer_days(row.pk, school_year_of(day_of(at)).label, half_days, by=by, at=at)
        _record(row, "supporter.changed", slug=slug, by=by, at=at)
    return row


def give_designations(*, slug: str, supporter_id: int, given: Collection[str], by: Viewer, at: datetime) -> Supporter:
    """Says which designations somebody holds. Raises NotAllowed, NotThere, NoWords for one that is not given to their kind."""
    allow(by, Permission.DIRECTORY_KEEP, partnership=slug)
    with transaction.atomic():
        row = _held(slug, supporter_id, day_of(at))
        row.designations = list(check_designations(tuple(given), SupporterKind(row.kind), designations(slug, viewer=by)))
        row.version += 1
        row.save()
        _record(row, "supporter.designated", slug=slug, by=by, at=at)
    return row


def leave_directory(*, slug: str, supporter_id: int, by: Viewer, at: datetime) -> Supporter:
    """Somebody leaves the directory from today; what they declared in private is removed at once. Packages that run are not touched.

    Raises NotAllowed, NotThere.
    """
    with transaction.atomic():
        row = _held(slug, supporter_id, day_of(at))
        allow_own(row, by)
        row.until_on = max(day_of(at), row.from_on)
        row.published = False
        row.save()
        StandingInterest.objects.filter(supporter=row).delete()
        _record(row, "supporter.left", slug=slug, by=by, at=at)
    return row


def follow_supporter(*, slug: str, supporter_id: int, by: Viewer, at: datetime) -> Supporter:
    """An entry of a school that has closed goes on with the one school that it became; or it leaves the directory where there is none.

    What was seen of it still vouches for it until its last day; whoever keeps the directory may withdraw that. Raises NotAllowed, NotThere,
    OutOfTurn where the school stands or the entry is of no school; Conflict where they would support their own school, trust or federation,
    or be of their broker's organisation, in a package that runs.
    """
    allow(by, Permission.DIRECTORY_KEEP, partnership=slug)
    with transaction.atomic():
        row = _held(slug, supporter_id, day_of(at))
        if row.school_id is None or not has_closed(row.school_id, viewer=by, on=day_of(at)):
            raise OutOfTurn("Their school stands, as the register has it. Nothing was changed.")
        later = successor(row.school_id, viewer=by, on=day_of(at))
        taken = row.kind == SupporterKind.SCHOOL.value and Supporter.objects.filter(
            partnership_id=row.partnership_id, kind=row.kind, school_id=later, until_on=None
        ).exists()  # fmt: skip
        if later is None or taken:
            return leave_directory(slug=slug, supporter_id=supporter_id, by=by, at=at)
        place = school_place(later, viewer=by)
        row.school_id = later
        _check_packages(row, slug=slug, by=by, at=at)
        if row.kind == SupporterKind.SCHOOL.value and place is not None:
            row.name = place.name
        row.version += 1
        row.save()
        _record(row, "supporter.followed", slug=slug, by=by, at=at)
    return row


def _check_packages(row: Supporter, *, slug: str, by: Viewer, at: datetime) -> None:
    """Raises Conflict where an entry, as it is about to stand, would bring two sides of a package that runs into one house."""
    running = Package.objects.filter(supporter_id=row.pk, ended_on=None).exclude(kind=StateKind.ENDED.value)
    for each in running.select_related("broker", "school"):
        served = f"They support {each.school.name} today, and would come to be of"
        if of_one_house(row, each.school_id, viewer=by):
            raise Conflict(
                f"{served} that school, its trust or its federation. Its broker stops that package, or chooses somebody else, first. "
                "Nothing was changed."
            )
        broker = viewer_for(each.broker, partnership_slug=slug, on=day_of(at))
        if of_own_organisation(row, viewer=broker, at=at):
            raise Conflict(
                f"{served} its broker’s own organisation. Hand that package to another broker first. Nothing was changed."
            )  # fmt: skip


def record_assurance(
    *, slug: str, supporter_id: int, kind: AssuranceKind, assurer: str, source: str, assured_on: date, by: Viewer | str, at: datetime,
    valid_until_on: date | None = None,
) -> Assurance:  # fmt: skip
    """Records what vouches for somebody; it counts for 24 months where it names no last day.

    Raises NotAllowed (also for oneself, and for one's own school), NotThere, NoWords, WrongDay.
    """
    allow(by, Permission.DIRECTORY_KEEP, partnership=slug)
    with transaction.atomic():
        row = _held(slug, supporter_id, day_of(at))
        if not isinstance(by, str) and (row.person_id == by.person_id or (row.school_id and row.school_id in by.urns)):
            raise NotAllowed("Nobody records what vouches for themselves or for their own school: ask a colleague. Nothing was changed.")
        until = check_assurance(
            kind, supporter=row.name, assurer=assurer, source=source, assured_on=assured_on, valid_until_on=valid_until_on, on=day_of(at)
        )
        found = Assurance.objects.create(
            supporter=row, kind=kind.value, assurer=assurer.strip(), source=source.strip(), assured_on=assured_on, valid_until_on=until,
            recorded_at=at, recorded_by=by if isinstance(by, str) else by.label[:200],
        )  # fmt: skip
        _record(row, "assurance.recorded", slug=slug, by=by, at=at)
    return found


def withdraw_assurance(*, slug: str, assurance_id: int, why: str, by: Viewer, at: datetime) -> Assurance:
    """From today a piece of evidence counts no more; the reason stays with whoever keeps the directory.

    Raises NotAllowed, NotThere for one that is withdrawn already, NoWords without a reason.
    """
    allow(by, Permission.DIRECTORY_KEEP, partnership=slug)
    if not why.strip():
        raise NoWords("Say why, for whoever keeps the directory after you. Nothing was changed.")
    with transaction.atomic():
        rows = Assurance.objects.select_for_update(of=("self",)).select_related("supporter")
        row = rows.filter(supporter__partnership__slug=slug, pk=assurance_id, withdrawn_on=None).first()
        if row is None:
            raise NotThere("That evidence is not there, or was withdrawn already. Nothing was changed.")
        row.withdrawn_on, row.withdrawn_why = day_of(at), why.strip()[:300]
        row.save()
        _record(row.supporter, "assurance.withdrawn", slug=slug, by=by, at=at)
    return row


def declare_interest(
    *, slug: str, supporter_id: int, urn: str, kind: ConflictKind, by: Viewer, at: datetime, until_on: date | None = None
) -> StandingInterest:
    """A supporter declares in private that they should not work with a school; nobody else ever reads it.

    `until_on` is the first day on which it no longer stands. Raises NotThere (also for anybody else), AlreadyThere, WrongDay.
    """
    with transaction.atomic():
        row = own_row(slug, supporter_id, by, at)
        if urn not in dict(member_names(viewer=by, at=at)):
            raise NotThere("That school is no member of the partnership today. Nothing was changed.")
        if until_on is not None and until_on <= day_of(at):
            raise WrongDay("That day has passed, so nothing needs declaring. Nothing was changed.")
        StandingInterest.objects.filter(supporter=row, school_id=urn, until_on__lte=day_of(at)).delete()
        try:
            with transaction.atomic():
                return StandingInterest.objects.create(supporter=row, school_id=urn, kind=kind.value, declared_at=at, until_on=until_on)
        except IntegrityError as error:
            raise AlreadyThere("You have declared that already. Nothing was changed.") from error


def take_back_interest(*, slug: str, supporter_id: int, interest_id: int, by: Viewer, at: datetime) -> None:
    """A declared interest is taken back; it is gone. Raises NotThere for one that is not theirs, as for one that is not there."""
    with transaction.atomic():
        gone, _ = StandingInterest.objects.filter(supporter=own_row(slug, supporter_id, by, at), pk=interest_id).delete()
    if not gone:
        raise NotThere("There is no such declaration of yours. Nothing was changed.")


def name_designation(*, slug: str, name: str, says: str, by: Viewer | str, at: datetime) -> LocalDesignation:
    """The partnership names a designation of its own. Raises NotAllowed, NoWords, AlreadyThere."""
    allow(by, Permission.DIRECTORY_KEEP, partnership=slug)
    here = partnership_id(slug)
    taken = LocalDesignation.objects.filter(partnership_id=here).values_list("name", flat=True)
    key, name, says = check_local(name, says, taken)
    try:
        with transaction.atomic():
            row = LocalDesignation.objects.create(partnership_id=here, key=key, name=name, says=says)
    except IntegrityError as error:
        raise AlreadyThere(f"A designation much like “{name}” is there already. Nothing was changed.") from error
    journal.record(
        by=by, at=at, verb="designation.named", subject_kind="designation", subject_key=row.pk, subject_label=name, partnership=slug
    )
    return row


def own_row(slug: str, supporter_id: int, by: Viewer, at: datetime) -> Supporter:
    """The entry of whoever acts, held until the transaction ends: their own, or that of a school they speak for, never as its keeper.

    Raises NotThere for everybody else: that an entry is there is told to nobody here.
    """
    row = _held(slug, supporter_id, day_of(at))
    own = row.person_id is not None and row.person_id == by.person_id and by.may(Permission.SUPPORT_GIVE)
    speaks = row.person_id is None and row.school_id is not None and by.may(Permission.SCHOOL_SPEAK, urn=row.school_id)
    if by.partnership is None or by.partnership.id != row.partnership_id or not (own or speaks):
        raise NotThere(GONE)
    return row


def _new(
    slug: str, kind: SupporterKind, *, person_id: int | None, urn: str, trust_uid: str, name: str, organisation: str, near: str,
    by: Viewer | str,
) -> Supporter:  # fmt: skip
    """A row that is not kept yet: who they are, where they come from and where they set out from."""
    row = Supporter(partnership_id=partnership_id(slug), kind=kind.value, organisation=" ".join(organisation.split())[:200])
    school = school_place(urn or near, viewer=by) if urn or near else None
    if (urn or near) and school is None:
        raise NotThere("There is no such school. Nothing was changed.")
    if urn:
        row.school_id = urn
    elif school is not None:
        row.easting, row.northing = school.easting, school.northing
    if kind is SupporterKind.PERSON:
        person = person_by_id(person_id) if person_id is not None else None
        if person is None:
            raise Missing("Choose somebody whom the partnership knows; give them a post first. Nothing was changed.")
        row.person, row.name = person, person.name
    elif kind is SupporterKind.SCHOOL:
        if not urn or school is None:
            raise Missing("Say which school. Nothing was changed.")
        row.name = school.name
    elif kind is SupporterKind.TRUST and trust_uid:
        known = trust_name(trust_uid, viewer=by)
        if known is None:
            raise NotThere("There is no such trust. Nothing was changed.")
        row.trust_id, row.name = trust_uid, known
    else:
        row.name = check_name(name, kind)
    return row


def _add(
    row: Supporter, offering: Offering, half_days: int, from_on: date, *, slug: str, by: Viewer | str, at: datetime
) -> Supporter:  # fmt: skip
    _fill(row, check_offering(offering))
    row.from_on = from_on
    try:
        with transaction.atomic():
            row.save()
            offer_days(row.pk, school_year_of(day_of(at)).label, half_days, by=by, at=at)
            _record(row, "supporter.added", slug=slug, by=by, at=at)
    except IntegrityError as error:
        raise AlreadyThere(f"{row.name} is in the directory already. Nothing was changed.") from error
    return row


def _fill(row: Supporter, offering: Offering) -> None:
    row.expertise, row.phases, row.formats = list(offering.expertise), list(offering.phases), list(offering.formats)
    row.says, row.reach_km, row.published = offering.says, offering.reach_km, offering.published


def _held(slug: str, supporter_id: int, on: date) -> Supporter:
    """Somebody in the directory today, held until the transaction ends. Raises NotThere."""
    row = Supporter.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=supporter_id).first()
    if row is None or (row.until_on is not None and row.until_on <= on):
        raise NotThere(GONE)
    return row


def _record(row: Supporter, verb: str, *, slug: str, by: Viewer | str, at: datetime) -> None:
    journal.record(
        by=by, at=at, verb=verb, subject_kind="supporter", subject_key=row.pk, subject_label=row.name, partnership=slug,
        urn=row.school_id or "",
    )  # fmt: skip
