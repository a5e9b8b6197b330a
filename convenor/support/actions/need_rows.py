"""What every action on a request shares: the locked row, the version, the journal, and the letter that carries nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from convenor.intelligence.queries.conversation_people import Somebody, brokers, speakers
from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer
from convenor.partnership.rules.refusals import NotThere
from convenor.post import actions as post
from convenor.support.models import Need, Package
from convenor.support.queries.needs import NeedSeen, need_here
from convenor.support.rules.refusals import ChangedMeanwhile
from convenor.support.rules.states import StateKind

#: One kind for every letter about support, so that not even its kind says what it is about.
SOMETHING_WAITS = "something-waits"
NOT_THERE = "There is no such request in this partnership, or it is not yours to see. Nothing was changed."
CHANGED = "Somebody changed this request while you were reading it. Look at it as it stands now. Nothing was changed."


def locked_need(slug: str, pk: int, *, by: Viewer, at: datetime, version: int | None = None) -> tuple[Need, NeedSeen]:
    """The request, held until the transaction ends, and what `by` may see of it. `version` is the one they read.

    Raises NotThere for anybody who sees nothing of it, and ChangedMeanwhile where somebody changed it since.
    """
    rows = Need.objects.select_for_update(of=("self",)).select_related("partnership", "school")
    row = rows.filter(partnership__slug=slug, pk=pk).first()
    seen = need_here(slug, pk, viewer=by, at=at) if row is not None else None
    if row is None or seen is None:
        raise NotThere(NOT_THERE)
    if version is not None and version != row.version:
        raise ChangedMeanwhile(CHANGED, now=row.version)
    return row, seen


def hold_packages(slug: str, pk: int) -> frozenset[int]:
    """Holds the packages of a request that go on, before the request itself is held; their keys, in order.

    Everybody holds packages first and requests after them, so that no two ever wait for one another.
    """
    rows = open_packages(pk).filter(partnership__slug=slug).select_for_update(of=("self",)).order_by("pk")
    return frozenset(row.pk for row in rows)


def check_held(row: Need, held: frozenset[int]) -> None:
    """Raises ChangedMeanwhile where a package was opened for the request between the holding of the one and of the other."""
    if not set(open_packages(row.pk).values_list("pk", flat=True)) <= held:
        raise ChangedMeanwhile(CHANGED, now=row.version)


def open_packages(pk: int) -> QuerySet[Package]:
    """The packages of a request that go on."""
    return Package.objects.filter(need_id=pk, ended_on=None).exclude(kind=StateKind.ENDED.value)


def kept(row: Need, verb: str, *, slug: str, by: Viewer, at: datetime) -> None:
    """Saves the request under its next version, and records that it was done; never what was asked for."""
    row.version += 1
    row.save()
    journal.record(
        by=by, at=at, verb=f"need.{verb}", subject_kind="support-need", subject_key=row.pk, subject_label=row.school.name,
        partnership=slug, urn=row.school_id,
    )  # fmt: skip


def tell_school(urn: str, *, by: Viewer, at: datetime) -> None:
    """A letter to the school's heads and chair that something waits: not what, not from whom, not about which school."""
    _tell(speakers(urn, viewer=by, at=at), "There is something for you in Convenor about your school", by=by, at=at)


def tell_brokers(urn: str, *, by: Viewer, at: datetime) -> None:
    """A letter to the brokers who are of neither the school nor its trust, that something waits."""
    _tell(brokers(urn, viewer=by, at=at), "There is something for you in Convenor", by=by, at=at)


def _tell(people: Iterable[Somebody], subject: str, *, by: Viewer, at: datetime) -> None:
    for each in people:
        if each.email and each.person_id != by.person_id:
            post.enqueue(
                by=by, at=at, to_address=each.email, to_name=each.name, kind=SOMETHING_WAITS, subject=subject,
                body=f"Dear {each.name},\n\n{subject}. Please sign in to read it.\n\nThis letter says nothing more on purpose.\n",
            )  # fmt: skip
