"""The text of the agreement: begun from a template, changed, and adopted. What was adopted is never changed; a new version follows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from convenor.agreements.actions.letters import ask_every_school
from convenor.agreements.models import AgreementText
from convenor.agreements.rules.refusals import BadText, ChangedMeanwhile, NoText
from convenor.agreements.rules.standing import check_agree_by
from convenor.agreements.rules.texts import (
    classes_as_data,
    classes_from,
    named,
    sections_as_data,
    sections_from,
    template,
)
from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.queries.holdings import partnership_here
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere

CHANGED = "Somebody changed this while you had it open. What you wrote stands below: look again, then press the button again."
NO_DRAFT = "There is no draft any more: it was adopted or put away meanwhile. What you wrote stands below; begin a new version to keep it."


def begin_text(*, slug: str, template_key: str = "", by: Viewer | str, at: datetime) -> AgreementText:
    """A draft begins: from a template, or, where a text stands, as a copy of that. Nobody else sees it, and nothing follows from it yet.

    Raises NotAllowed, NotThere, BadText for a template that is none; ChangedMeanwhile where a draft is there already.
    """
    allow(by, Permission.AGREEMENT_RUN, partnership=slug)
    here = partnership_here(slug)
    if here is None:
        raise NotThere("There is no partnership of that address. Nothing was changed.")
    with transaction.atomic():
        stands = AgreementText.objects.filter(partnership_id=here.id).order_by("number").last()
        if stands is not None and stands.adopted_at is None:
            raise ChangedMeanwhile("A draft is there already: go on with that one. Nothing was changed.", now=stands.version)
        begun = template(template_key) if template_key or stands is None else None
        try:
            with transaction.atomic():
                row = AgreementText.objects.create(
                    partnership_id=here.id, number=(stands.number if stands else 0) + 1, started_at=at,
                    source=f"{begun.key}@{begun.version}" if begun else stands.source if stands else "",
                    sections=sections_as_data(named(begun.sections, here.name)) if begun else stands.sections if stands else [],
                    classes=classes_as_data(begun.classes) if begun else stands.classes if stands else [],
                    answers_to=stands.answers_to if stands else "",
                )  # fmt: skip
        except IntegrityError:
            raise ChangedMeanwhile("Somebody began a draft at the same moment: go on with that one. Nothing was changed.", now=1) from None
        _told(row, "begun", slug=slug, by=by, at=at)
    return row


def write_text(
    *, slug: str, sections: Sequence[Mapping[str, Any]], classes: Sequence[Mapping[str, Any]], answers_to: str, version: int, by: Viewer,
    at: datetime,
) -> AgreementText:  # fmt: skip
    """The draft's words are changed. Raises NotAllowed, NoText where there is no draft, ChangedMeanwhile, BadText."""
    allow(by, Permission.AGREEMENT_RUN, partnership=slug)
    kept, said = sections_from(sections), classes_from(classes)
    with transaction.atomic():
        row = _draft(slug, version)
        row.sections, row.classes, row.answers_to = sections_as_data(kept), classes_as_data(said), " ".join(answers_to.split())[:300]
        row.version += 1
        row.save()
        _told(row, "written", slug=slug, by=by, at=at)
    return row


def adopt_text(
    *, slug: str, agree_by_on: date, decided: str, changes: str = "", version: int, by: Viewer | str, at: datetime
) -> tuple[AgreementText, int]:  # fmt: skip
    """The draft becomes the version that schools agree to, and each member school is written to; with how many letters.

    `agree_by_on` is the last day on which a school that has said nothing is used as before; `decided` says who decided on the text, and
    when. Raises NotAllowed, NoText, ChangedMeanwhile, WrongDay, BadText where it is not said who decided, whom a school asks, or what is
    different.
    """
    allow(by, Permission.AGREEMENT_RUN, partnership=slug)
    on = day_of(at)
    check_agree_by(agree_by_on, on=on)
    if not decided.strip():
        raise BadText("Say who decided on this text, and when: a school’s lawyer asks. Nothing was changed.")
    with transaction.atomic():
        row = _draft(slug, version)
        if not row.answers_to.strip():
            raise BadText("Say whom a school asks about its data, and where they are reached: change the text first. Nothing was changed.")
        if row.number > 1 and not changes.strip():
            raise BadText(
                "Say in a sentence what is different: schools that agreed to the version before are told it. Nothing was changed."
            )
        row.agree_by_on, row.decided, row.changes = agree_by_on, " ".join(decided.split())[:200], changes.strip()[:2000]
        row.adopted_at, row.adopted_by = at, (by if isinstance(by, str) else by.label)[:200]
        row.version += 1
        row.save()
        letters = ask_every_school(slug=slug, text=row, by=by, at=at)
        _told(row, "adopted", slug=slug, by=by, at=at, agree_by=agree_by_on.isoformat(), decided=row.decided, letters=letters)
    return row, letters


def drop_text(*, slug: str, version: int, by: Viewer | str, at: datetime) -> None:
    """The draft is put away; what was adopted stands. Raises NotAllowed, NoText, ChangedMeanwhile."""
    allow(by, Permission.AGREEMENT_RUN, partnership=slug)
    with transaction.atomic():
        row = _draft(slug, version)
        _told(row, "draft-dropped", slug=slug, by=by, at=at)
        row.delete()


def _draft(slug: str, version: int) -> AgreementText:
    row = (
        AgreementText.objects.select_for_update(of=("self",)).select_related("partnership").filter(partnership__slug=slug, adopted_at=None)
    ).first()
    if row is None:
        raise NoText(NO_DRAFT)
    if row.version != version:
        raise ChangedMeanwhile(CHANGED, now=row.version)
    return row


def _told(row: AgreementText, verb: str, *, slug: str, by: Viewer | str, at: datetime, **detail: Any) -> None:
    journal.record(
        by=by, at=at, verb=f"agreement.{verb}", subject_kind="agreement", subject_key=row.pk,
        subject_label=f"Data-sharing agreement, version {row.number}", partnership=slug, detail={"version": row.number} | detail,
    )  # fmt: skip
