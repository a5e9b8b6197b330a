"""What every action about something entered shares: from where somebody may, the letter that carries nothing, the school's word."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, TypeVar

from django.db import transaction

from convenor.intelligence.models import EnteredFigure, Response, SoftSignal
from convenor.intelligence.queries.reach import Member, Standpoint, addressees, member, standpoint
from convenor.intelligence.rules.secrecy import RECORD_CLASSES
from convenor.intelligence.rules.wording import about_a_person, check
from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, Viewer, allow
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere, Refused
from convenor.post import actions as post

Thing = TypeVar("Thing", EnteredFigure, SoftSignal)

#: What each sort is called, what was done to make it, how the journal names it, and who may do so.
_SORTS: Final[dict[type, tuple[str, str, str, Permission]]] = {
    EnteredFigure: ("entry", "entered", "figure", Permission.FIGURE_ENTER),
    SoftSignal: ("signal", "noted", "signal", Permission.SIGNAL_NOTE),
}
#: The longest word of a school to one thing, in characters.
RESPONSE_AT_MOST = 2000


def about(slug: str, urn: str, permission: Permission, *, by: Viewer, at: datetime) -> tuple[Member, Standpoint]:
    """The school and from where they may do this about it. Raises NotAllowed, or NotThere for a URN that is no member school."""
    allow(by, permission, partnership=slug)
    school = member(urn, slug=slug, viewer=by, at=at)
    if school is None:
        raise NotThere(f"No member school of the partnership has the URN {urn}. Nothing was changed.")
    found = standpoint(school, viewer=by, permission=permission, at=at)
    if found is None:
        raise NotAllowed(f"You cannot {permission.value} {school.name}: no post you hold today reaches it. Nothing was changed.")
    return school, found


def holder_of(record_class: str) -> dict[str, str]:
    """Who answers for a record of this class, and the class, as every row keeps them."""
    return {"holder": RECORD_CLASSES[record_class].holder, "record_class": record_class}


def tell_school(slug: str, urn: str, *, by: Viewer, at: datetime) -> None:
    """A letter to the school's heads and chair that something waits: not what, not from whom. It stands in no partnership's list."""
    subject = "There is something for you in Convenor about your school"
    for person_id, name, email in addressees(slug, urn, viewer=by, at=at):
        if person_id != by.person_id:
            post.enqueue(
                by=by, at=at, to_address=email, to_name=name, kind="something-waits", subject=subject,
                body=f"Dear {name},\n\n{subject}. Please sign in to read it.\n\nThis letter says nothing more on purpose.\n",
            )  # fmt: skip


def mine(model: type[Thing], key: int, *, slug: str, urn: str, by: Viewer) -> Thing:
    """What was entered or noted, locked, where it still stands and is this person's; an entry of a school is its own people's too.

    Raises NotThere, NotAllowed. To be called inside a transaction.
    """
    noun, done, _, _ = _SORTS[model]
    rows = model._default_manager.select_for_update(of=("self",)).filter(partnership__slug=slug, school_id=urn, withdrawn_at=None)
    row = rows.filter(pk=key).first()
    if row is None:
        raise NotThere(f"There is no such {noun} that still stands. Nothing was changed.")
    of_its_school = isinstance(row, EnteredFigure) and row.own and by.sees_record(urn)
    if row.by_key != str(by.person_id) and not of_its_school:
        raise NotAllowed(f"Only whoever {done} it may do this. Answer it instead. Nothing was changed.")
    return row


def take_back(model: type[Thing], key: int, *, slug: str, urn: str, why: str, by: Viewer, at: datetime) -> Thing:
    """Takes back something entered or noted, with the reason: it stays on record and weighs nothing any more.

    Raises as `mine`, and Refused for a reason that is none or that speaks of a person.
    """
    _, _, verb, permission = _SORTS[model]
    school, _ = about(slug, urn, permission, by=by, at=at)
    refuse_reason(why)
    with transaction.atomic():
        row = mine(model, key, slug=slug, urn=urn, by=by)
        row.withdrawn_at, row.withdrawn_why = at, why.strip()[:200]
        row.save()
        what = {"kind": row.kind} if isinstance(row, SoftSignal) else {"code": row.code}
        note(f"{verb}.withdrawn", row, school, slug=slug, by=by, at=at, why=row.withdrawn_why, **what)
    return row


def refuse_reason(why: str) -> None:
    """Raises Refused for a reason that is none, or that speaks of a person."""
    if not why.strip():
        raise Refused("Say why it is taken back. Nothing was changed.")
    if about_a_person(check(why)):
        raise Refused("The reason seems to speak of a person. Write it of the school. Nothing was changed.")


def note(
    verb: str, row: EnteredFigure | SoftSignal, school: Member, *, slug: str, by: Viewer, at: datetime, why: str = "", **detail: Any
) -> None:
    """Records it in the journal, which says that it was done and never the words."""
    kind = "soft-signal" if isinstance(row, SoftSignal) else "entered-figure"
    journal.record(
        by=by, at=at, verb=verb, subject_kind=kind, subject_key=row.pk, subject_label=school.name, partnership=slug, urn=school.urn,
        why=why, detail=detail,
    )  # fmt: skip


def said_by_school(model: type[Thing], key: int, *, slug: str, urn: str, words: str, disputes: bool, by: Viewer, at: datetime) -> Response:
    """What the school says to one thing, for ever.

    Raises NotThere; NotAllowed for anybody not of the school; Refused without words, or where it was taken back.
    """
    with transaction.atomic():
        row = model._default_manager.filter(partnership__slug=slug, school_id=urn, pk=key).first()
        if row is None:
            raise NotThere(f"There is no such {_SORTS[model][0]}. Nothing was changed.")
        return _kept_word(row, slug=slug, words=words, disputes=disputes, by=by, at=at)


def _kept_word(row: EnteredFigure | SoftSignal, *, slug: str, words: str, disputes: bool, by: Viewer, at: datetime) -> Response:
    allow(by, Permission.SCHOOL_RECORD_SEE, partnership=slug, urn=row.school_id)
    kept = words.strip()
    if not kept or len(kept) > RESPONSE_AT_MOST:
        raise Refused(f"Write what you want to say, in at most {RESPONSE_AT_MOST} characters. Nothing was changed.")
    if row.withdrawn_at is not None:
        raise Refused("It was taken back, so there is nothing to answer any more. Nothing was changed.")
    signal = row if isinstance(row, SoftSignal) else None
    figure = row if isinstance(row, EnteredFigure) else None
    response = Response.objects.create(
        partnership_id=row.partnership_id, school_id=row.school_id, figure=figure, signal=signal, disputes=disputes, words=kept, at=at,
        by_key=str(by.person_id), by_label=by.label[:200], **holder_of("reply"),
    )  # fmt: skip
    verb = "signal.answered" if signal is not None else "figure.answered"
    journal.record(
        by=by, at=at, verb=verb, subject_kind="response", subject_key=response.pk, subject_label="the school", partnership=slug,
        urn=row.school_id, detail={"disputes": disputes},
    )  # fmt: skip
    return response
