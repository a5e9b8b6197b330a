"""A school agrees, by class of record; a trust for all its schools at once; and a school withdraws."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction

from convenor.agreements.actions.letters import tell_of_withdrawal
from convenor.agreements.models import Agreed, AgreementText
from convenor.agreements.queries.agreeing import signed_rows
from convenor.agreements.rules.classes import NAMES, DataClass
from convenor.agreements.rules.refusals import AlreadyAgreed, ChangedMeanwhile, NoText, NothingChosen, NothingToWithdraw
from convenor.agreements.rules.reminding import first_reminder_on
from convenor.agreements.rules.standing import Signed, Standing, State, standing_of, until_after
from convenor.journal import actions as journal
from convenor.partnership.actions import join
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import AlreadyThere
from convenor.registers.queries.known import names_of

NAME_AT_MOST, ROLE_AT_MOST, WHY_AT_MOST = 120, 120, 500
NO_TEXT = "The partnership has put no agreement to its schools yet. Nothing was changed."
NEWER = (
    "A new version of the agreement was put to schools while you read this one. Read what is different, then agree. Nothing was changed."
)


def agree(
    *, slug: str, urns: Sequence[str], classes: Collection[DataClass], name: str, role: str, number: int, by: Viewer, at: datetime
) -> list[Agreed]:  # fmt: skip
    """These schools agree to these classes of record, in the version `number`, for twelve months from today; a school that is no member
    joins.

    What stands already for longer than sixty days, in this version, stays as it is. Whoever leads a trust agrees for its schools at once,
    and the trust is written down. Raises NotAllowed for any school they do not speak for (then none agrees), NoText, ChangedMeanwhile
    where a newer version stands, NothingChosen, AlreadyAgreed where all of it stands.
    """
    asked = list(dict.fromkeys(urns))
    for urn in asked:
        allow(by, Permission.SCHOOL_SPEAK, partnership=slug, urn=urn)
    _check(asked, classes, name, role)
    on = day_of(at)
    with transaction.atomic():
        text = _text(slug)
        if text.number != number:
            raise ChangedMeanwhile(NEWER, now=text.number)
        known = names_of(asked, viewer=by)
        rows = signed_rows(text.partnership_id, asked, viewer=by)
        trusts = _trusts(by, asked)
        made: list[Agreed] = []
        for urn in asked:
            chosen = [one for one in DataClass if one in classes and _due(standing_of(one, rows.get(urn, ()), on=on), number)]
            made += [
                Agreed(
                    partnership_id=text.partnership_id, school_id=urn, data_class=one.value, text=text, person_id=by.person_id,
                    name=name.strip(), role=role.strip(), trust=trusts.get(urn, ""), signed_at=at, until_on=until_after(on),
                    remind_on=first_reminder_on(until_after(on)),
                )
                for one in chosen
            ]  # fmt: skip
            if chosen:
                _told("agreed", text, urn, known[urn][0], chosen, slug=slug, by=by, at=at, role=role.strip(), trust=trusts.get(urn, ""))
            with suppress(AlreadyThere):
                join(slug=slug, urn=urn, from_on=on, by=by, at=at)
        if not made:
            raise AlreadyAgreed(_stands(rows, asked))
        Agreed.objects.bulk_create(made)
    return made


def withdraw(*, slug: str, urn: str, classes: Collection[DataClass], why: str = "", by: Viewer, at: datetime) -> list[Agreed]:
    """A school withdraws from these classes: from now on they are not used beyond it. Nothing is deleted. No reason is asked for.

    A school that has said nothing yet says no by it. Raises NotAllowed, NoText, NothingChosen, NothingToWithdraw where none of them stands.
    """
    allow(by, Permission.SCHOOL_SPEAK, partnership=slug, urn=urn)
    if not classes:
        raise NothingChosen("Choose at least one class of record to withdraw from. Nothing was changed.")
    on = day_of(at)
    with transaction.atomic():
        text = _text(slug)
        rows = signed_rows(text.partnership_id, [urn], viewer=by).get(urn, ())
        before = {one: standing_of(one, rows, on=on) for one in DataClass if one in classes}
        chosen = [one for one, standing in before.items() if standing.stands or standing.state is State.NOT_YET]
        if not chosen:
            raise NothingToWithdraw("Your school takes part in none of these now: nothing of them is used beyond it. Nothing was changed.")
        said: dict[str, Any] = {"withdrawn_at": at, "withdrawn_by": by.label[:200], "why": " ".join(why.split())[:WHY_AT_MOST]}
        counting = [each.pk for each in rows if each.counts(on) and each.data_class in chosen]
        held = list(Agreed.objects.select_for_update(of=("self",)).filter(pk__in=counting))
        for each in held:
            each.withdrawn_at, each.withdrawn_by, each.why, each.remind_on = at, said["withdrawn_by"], said["why"], None
        Agreed.objects.bulk_update(held, ["withdrawn_at", "withdrawn_by", "why", "remind_on"])
        never = [one for one in chosen if before[one].state is State.NOT_YET]
        held += Agreed.objects.bulk_create(
            Agreed(
                partnership_id=text.partnership_id, school_id=urn, data_class=one.value, text=text, person_id=by.person_id,
                name=by.name[:NAME_AT_MOST], role=_post(by, urn)[:ROLE_AT_MOST], until_on=on, **said,
            )
            for one in never
        )  # fmt: skip
        school = names_of([urn], viewer=by).get(urn, (urn, ""))[0]
        _told("withdrawn", text, urn, school, chosen, slug=slug, by=by, at=at, why=said["why"])
        tell_of_withdrawal(slug=slug, text=text, school=school, by=by, at=at)
    return held


def _check(urns: list[str], classes: Collection[DataClass], name: str, role: str) -> None:
    if not urns:
        raise NothingChosen("Choose the school that agrees. Nothing was changed.")
    if not classes:
        raise NothingChosen("Tick at least one class of record, or leave it for now. Nothing was changed.")
    if not 0 < len(name.strip()) <= NAME_AT_MOST or not 0 < len(role.strip()) <= ROLE_AT_MOST:
        raise NothingChosen(f"Say who signs, and in which post, each in at most {NAME_AT_MOST} letters. Nothing was changed.")


def _text(slug: str) -> AgreementText:
    """The version that stands, held until the transaction ends, so that two who sign at once do not sign twice."""
    rows = AgreementText.objects.select_for_update(of=("self",)).select_related("partnership").filter(partnership__slug=slug)
    found = rows.exclude(adopted_at=None).order_by("number").last()
    if found is None:
        raise NoText(NO_TEXT)
    return found


def _due(standing: Standing, number: int) -> bool:
    """Whether signing changes anything: not while this very version stands for longer than sixty days."""
    return standing.state is not State.AGREED or standing.signed is None or standing.signed.version < number


def _trusts(by: Viewer, urns: list[str]) -> dict[str, str]:
    """For each school for which they speak by leading its trust, the trust's name; whoever is also its head signs as its head."""
    spoken = [each for each in by.holdings if each.allows(Permission.SCHOOL_SPEAK)]
    heads = {each.urn for each in spoken if each.urn}
    led = {urn: each.place[:200] for each in spoken if each.trust_uid for urn in each.urns}
    return {urn: led[urn] for urn in urns if urn in led and urn not in heads}


def _post(by: Viewer, urn: str) -> str:
    return next((each.title for each in by.holdings if each.allows(Permission.SCHOOL_SPEAK, urn=urn)), "")


def _stands(rows: dict[str, tuple[Signed, ...]], urns: list[str]) -> str:
    last = max((each for urn in urns for each in rows.get(urn, ())), key=lambda each: each.pk)
    who = f"{last.name}, {last.role},"
    when = f" on {last.signed_on.day} {last.signed_on:%B %Y}" if last.signed_on else ""
    return f"This stands already: {who} signed it{when}. It can be renewed in its last sixty days. Nothing was signed a second time."


def _told(
    verb: str, text: AgreementText, urn: str, school: str, classes: list[DataClass], *, slug: str, by: Viewer, at: datetime, why: str = "",
    **detail: Any,
) -> None:  # fmt: skip
    journal.record(
        by=by, at=at, verb=f"agreement.{verb}", subject_kind="agreement", subject_key=text.pk,
        subject_label=f"{school}: {', '.join(NAMES[one].lower() for one in classes)}", partnership=slug, urn=urn, why=why,
        detail={"version": text.number, "classes": [one.value for one in classes]} | detail,
    )  # fmt: skip
