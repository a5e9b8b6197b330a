"""Letters about the agreement: that schools are asked, that an agreement ends, that somebody withdrew. None names a class or a figure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from convenor.agreements.models import Agreed, AgreementText
from convenor.agreements.queries.people import Addressee, managers, speakers
from convenor.agreements.rules.reminding import first_due, next_reminder_on, still_worth
from convenor.agreements.rules.standing import GRACE
from convenor.partnership.gate import ANYONE, Viewer, day_of
from convenor.partnership.queries.members import members
from convenor.post.actions import Addressed, enqueue_all

ASKED, ENDING, STILL, WITHDRAWN = "agreement-asked", "agreement-ends", "agreement-not-yet", "agreement-withdrawn"


def ask_every_school(*, slug: str, text: AgreementText, by: Viewer | str, at: datetime) -> int:
    """One letter to each person who speaks for member schools, with all of theirs; how many. Called where a text is adopted."""
    assert text.agree_by_on is not None
    changed = f"What is different: {text.changes}\n\nWhat your school has agreed to lasts until its twelve months are over."
    again = changed if text.changes else (
        f"Until {_day(text.agree_by_on)} everything stays as it was; after that day, records are used beyond your school only where it "
        f"agreed."
    )  # fmt: skip
    words = (
        "asks your school to agree to how data is shared: for each class of record by itself, for twelve months. It is two pages and "
        "takes a "
        f"few minutes, on a phone too. Your school may agree to some and not to others, and withdraw on any day.\n\n{again}"
    )
    found = speakers(slug, _members(slug, at), viewer="the system", on=day_of(at))
    return _write(slug, text, found, ASKED, f"Data sharing in {text.partnership.name}: please read and agree", words, by=by, at=at)


def remind_of_agreements(*, by: str, at: datetime, limit: int = 2000) -> int:
    """Writes to schools whose agreement ends, and once to those not yet heard from before the day by which they were asked; how many
    letters.

    What the worker calls at each of its looks: two queries where nothing is due.
    """
    on = day_of(at)
    return _remind_of_ends(on, by=by, at=at, limit=limit) + _remind_of_first(on, by=by, at=at)


def tell_of_withdrawal(*, slug: str, text: AgreementText, school: str, by: Viewer, at: datetime) -> int:
    """Tells whoever runs agreements that a school withdrew: not from what, nor why. How many letters."""
    words = f"{school} has changed what it agrees to. It holds from now on, by itself. Sign in to see what it is."
    letters = [
        Addressed(each.email, each.name, f"A school changed its agreement: {school}"[:180],
                  f"Dear {each.name},\n\n{words}\n\n{_root()}/p/{slug}/agreements/\n")
        for each in managers(slug, viewer="the system", on=day_of(at))
    ]  # fmt: skip
    return enqueue_all(by=by, at=at, letters=letters, kind=WITHDRAWN, partnership=slug)


def _remind_of_ends(on: date, *, by: str, at: datetime, limit: int) -> int:
    waiting = Agreed.objects.filter(withdrawn_at=None, remind_on__lte=on)
    if not waiting.exists():
        return 0
    with transaction.atomic():
        rows = list(waiting.select_for_update(of=("self",)).select_related("partnership", "text").order_by("id")[:limit])
        lasts = _lasts({each.school_id for each in rows})
        by_place: dict[str, list[Agreed]] = {}
        for each in rows:
            renewed = lasts[each.partnership_id, each.school_id, each.data_class] > each.until_on
            worth = still_worth(each.until_on, on=on) and not renewed
            each.remind_on = next_reminder_on(each.until_on, on=on) if worth else None
            if worth:
                by_place.setdefault(each.partnership.slug, []).append(each)
        Agreed.objects.bulk_update(rows, ["remind_on"])
        return sum(_ends(slug, some, on, by=by, at=at) for slug, some in by_place.items())


def _lasts(urns: set[str]) -> dict[tuple[int, str, str], date]:
    """For each school and class, the day until which its longest agreement lasts."""
    found: dict[tuple[int, str, str], date] = {}
    rows = Agreed.objects.filter(school_id__in=urns, withdrawn_at=None)
    for partnership, urn, data_class, until in rows.values_list("partnership_id", "school_id", "data_class", "until_on"):
        key = (partnership, urn, data_class)
        found[key] = max(found.get(key, until), until)
    return found


def _ends(slug: str, rows: list[Agreed], on: date, *, by: str, at: datetime) -> int:
    first = min(each.until_on for each in rows)
    words = (
        f"holds your school’s agreement on data sharing, which {'ends' if first > on else 'ended'} on {_day(first)}. Renewing it takes a "
        f"minute: "
        f"what your school agreed to stands there already. Until {_day(first + GRACE)} nothing changes; from that day records are used "
        f"beyond "
        "your school only where it agreed again."
    )
    found = speakers(slug, {each.school_id for each in rows}, viewer=by, on=on)
    return _write(slug, rows[0].text, found, ENDING, "Your school’s agreement on data sharing: please renew it", words, by=by, at=at)


def _remind_of_first(on: date, *, by: str, at: datetime) -> int:
    asking = AgreementText.objects.filter(reminded_on=None, agree_by_on__gte=on).exclude(adopted_at=None)
    due = [pk for pk, agree_by_on in asking.values_list("pk", "agree_by_on") if agree_by_on and first_due(agree_by_on, on=on)]
    if not due:
        return 0
    with transaction.atomic():
        rows = list(asking.filter(pk__in=due).select_for_update(of=("self",)).select_related("partnership"))
        return sum(_not_yet(text, on, by=by, at=at) for text in rows)


def _not_yet(text: AgreementText, on: date, *, by: str, at: datetime) -> int:
    assert text.agree_by_on is not None
    text.reminded_on = on
    text.save(update_fields=["reminded_on"])
    slug, until = text.partnership.slug, _day(text.agree_by_on)
    heard = set(Agreed.objects.filter(partnership_id=text.partnership_id).values_list("school_id", flat=True))
    words = (
        f"would like to hear from your school about data sharing. It is two pages and takes a few minutes. Until {until} everything "
        f"stays as "
        "it was; after that day, records are used beyond your school only where it agreed."
    )
    found = speakers(slug, _members(slug, at) - heard, viewer=by, on=on)
    return _write(slug, text, found, STILL, f"Until {until}: data sharing", words, by=by, at=at)


def _members(slug: str, at: datetime) -> set[str]:
    seen = members(slug, viewer=ANYONE, at=at)
    return {each.urn for each in seen.shown} if seen else set()


def _write(
    slug: str, text: AgreementText, people: Iterable[Addressee], kind: str, subject: str, words: str, *, by: Viewer | str, at: datetime
) -> int:  # fmt: skip
    letters = [
        Addressed(
            each.email, each.name, subject[:180],
            f"Dear {each.name},\n\n{text.partnership.name} {words}\n\n{_where(slug, [urn for urn, _ in each.schools])}\n\n"
            "Whatever your school decides, it stays as welcome as it was.\n",
        )
        for each in people if each.schools
    ]  # fmt: skip
    return enqueue_all(by=by, at=at, letters=letters, kind=kind, partnership=slug)


def _where(slug: str, urns: Collection[str]) -> str:
    """Where it is agreed: the page of one school, from which whoever speaks for several agrees for all."""
    first = next(iter(urns))
    one = f"{_root()}/p/{slug}/agreements/{first}/"
    return one if len(urns) == 1 else f"You speak for {len(urns)} schools, and can agree for all at once:\n{one}"


def _root() -> str:
    """The address of this deployment: the first host that it serves, since letters leave without a request, too."""
    host = next((each for each in settings.ALLOWED_HOSTS if each[:1] not in ".*"), "")
    return f"{'https' if settings.HTTPS else 'http'}://{host}" if host else "Convenor: "


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
