"""What is foreseen, how likely it is thought, and what became of it.

Who said how likely is written down nowhere but in the row itself: the journal is read by others, and the group alone is told.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from convenor.conditions.models import Likelihood, Participant, Prediction, Workshop
from convenor.conditions.queries.people import whoever_settles
from convenor.conditions.rules import foresight as rules
from convenor.conditions.rules.refusals import ChangedMeanwhile, NotOpen
from convenor.conditions.rules.states import Outcome, WorkshopState
from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.post.actions import Addressed, enqueue_all

KIND = "foresight-due"
NOT_THERE = "There is no such prediction in this partnership. Nothing was changed."
NO_WORKSHOP = "There is no such workshop in this partnership. Nothing was changed."


def add_prediction(
    *, slug: str, words: str, about: str, due_on: date, told_by: str, by: Viewer | str, at: datetime,
    workshop: Workshop | int | None = None,
) -> Prediction:  # fmt: skip
    """Keeps what the partnership expects, with the day on which anybody can tell. A room that says the same twice says it once.

    `by` is a member, or for a phone in the room the words for it, such as "the room"; `workshop` (or its key) is where it was said.
    Raises NotAllowed, NotThere for a workshop of elsewhere, NotOpen for one that is closed, NoWords, WrongDay.
    """
    allow(by, Permission.CONDITIONS_SAY, partnership=slug)
    said = rules.check_words(words, what="what you expect")
    how = rules.check_words(told_by, what="how anybody will know", needed=False)
    key, on = rules.check_about(about), day_of(at)
    rules.check_due(due_on, today=on)
    with transaction.atomic():
        room = _room(slug, workshop)
        if room is not None:
            same = Prediction.objects.filter(workshop=room, words__iexact=said, about=key).first()
            if same is not None:
                return same
        row = Prediction.objects.create(
            partnership_id=partnership_id(slug), workshop=room, words=said, about=key, told_by=how, due_on=due_on,
            asks_until=rules.asks_until(on, due_on), made_at=at, made_by=(by if isinstance(by, str) else by.label)[:200],
        )  # fmt: skip
        journal.record(
            by=by, at=at, verb="foresight.added", subject_kind="prediction", subject_key=row.pk, subject_label=row.words, partnership=slug
        )
    return row


def give_likelihood(
    *, prediction_id: int, percent: int, at: datetime, participant_id: int | None = None, by: Viewer | None = None
) -> Likelihood:
    """How likely one participant of its workshop, or one member (`by`), thinks it; sent again, it replaces what they said.

    Raises NotAllowed, NotThere, NoWords for no percentage, NotOpen once likelihoods are told, or for a phone once its workshop is closed.
    """
    given = rules.check_percent(percent)
    with transaction.atomic():
        row = Prediction.objects.select_for_update(of=("self",)).select_related("partnership").filter(pk=prediction_id).first()
        if row is None:
            raise NotThere(NOT_THERE)
        who = _who(row, participant_id, by)
        said = Likelihood.objects.filter(prediction=row, **who).first()
        if said is not None and said.percent == given:  # a phone that sends again after losing its signal
            return said
        count = Likelihood.objects.filter(prediction=row).count()
        rules.refuse_late(asks_until=row.asks_until, due_on=row.due_on, said=count, settled=bool(row.outcome), on=day_of(at))
        kept, _ = Likelihood.objects.update_or_create(prediction=row, **who, defaults={"percent": given, "sent_at": at})
    return kept


def tell_now(*, slug: str, prediction_id: int, by: Viewer, at: datetime) -> Prediction:
    """Ends the taking of likelihoods before its day, so that the group is told: whoever settles, or who led the workshop it is from.

    Raises NotAllowed, NotThere, NotOpen for under five.
    """
    allow(by, Permission.WORKSHOP_RUN, partnership=slug)
    on = day_of(at)
    with transaction.atomic():
        row = _held(slug, prediction_id)
        if row.workshop is None or row.workshop.facilitator_id != by.person_id:
            allow(by, Permission.CONDITIONS_ASK, partnership=slug)
        said = Likelihood.objects.filter(prediction=row).count()
        if not rules.takes_likelihoods(asks_until=row.asks_until, due_on=row.due_on, said=said, settled=bool(row.outcome), on=on):
            raise NotOpen("Likelihoods of this are no longer taken already. Nothing was changed.")
        if said < rules.FEWEST:
            raise NotOpen(f"Fewer than {rules.FEWEST} have said how likely it is: that is never told. Nothing was changed.")
        row.asks_until = on - timedelta(days=1)
        row.version += 1
        row.save()
        journal.record(
            by=by, at=at, verb="foresight.told", subject_kind="prediction", subject_key=row.pk, subject_label=row.words, partnership=slug
        )
    return row


def settle(*, slug: str, prediction_id: int, outcome: str, why: str, version: int, by: Viewer, at: datetime) -> Prediction:
    """Says what became of it, and how one can tell. Raises NotAllowed, NotThere, ChangedMeanwhile, and what `refuse_settling` raises."""
    allow(by, Permission.CONDITIONS_ASK, partnership=slug)
    reason = rules.check_words(why, what="how you can tell")
    with transaction.atomic():
        row = _held(slug, prediction_id)
        became = rules.refuse_settling(outcome, due_on=row.due_on, today=day_of(at), settled=bool(row.outcome))
        if row.version != version:
            raise ChangedMeanwhile("A colleague changed this meanwhile. Look at it as it stands now. Nothing was changed.", now=row.version)
        percents = list(Likelihood.objects.filter(prediction=row).values_list("percent", flat=True))
        row.told_of, row.told_percent = len(percents), rules.mean_percent(percents, taken=False)
        row.outcome, row.settled_on, row.settled_why, row.settled_by_id = became.value, day_of(at), reason, by.person_id
        row.version += 1
        row.save()
        journal.record(
            by=by, at=at, verb="foresight.settled", subject_kind="prediction", subject_key=row.pk, subject_label=row.words,
            partnership=slug, why=reason, detail={"outcome": Outcome(became).value},
        )  # fmt: skip
    return row


def remind_of_due(*, by: str, at: datetime, limit: int = 500) -> int:
    """Tells whoever settles that predictions are due, on their day and every two weeks after; how many letters were queued.

    What the worker calls at each of its looks: one query where nothing is due. One letter a person and partnership, however much is due.
    """
    on = day_of(at)
    again = Q(reminded_on=None) | Q(reminded_on__lte=on - rules.REST)
    with transaction.atomic():
        rows = Prediction.objects.select_for_update(of=("self",)).filter(again, outcome="", due_on__lte=on).select_related("partnership")
        due = list(rows.order_by("due_on", "id")[:limit])
        by_place: dict[str, list[Prediction]] = {}
        for row in due:
            row.reminded_on = on
            by_place.setdefault(row.partnership.slug, []).append(row)
        if not due:
            return 0
        Prediction.objects.bulk_update(due, ["reminded_on"])
        return sum(_letters(slug, there, by, at) for slug, there in by_place.items())


def _letters(slug: str, due: list[Prediction], by: str, at: datetime) -> int:
    count = "One prediction is" if len(due) == 1 else f"{len(due)} predictions are"
    lines = "\n".join(f"- {each.words} (due {each.due_on:%-d %B %Y})" for each in due)
    letters = [
        Addressed(
            person.email, person.name, f"{count} due: what became of it?",
            f"Dear {person.name},\n\n{count} due in {due[0].partnership.name}:\n\n{lines}\n\nPlease sign in and say what became of it, and "
            "how you can tell. It takes a minute, and the partnership learns how well it foresees. You are told again in two weeks at the "
            "earliest.\n",
        )
        for person in whoever_settles(slug, viewer=by, at=at)
        if person.email
    ]  # fmt: skip
    return enqueue_all(by=by, at=at, letters=letters, kind=KIND, partnership=slug)


def _room(slug: str, workshop: Workshop | int | None) -> Workshop | None:
    """The workshop where it was said, in this partnership and still open or to come."""
    if workshop is None:
        return None
    key = workshop.pk if isinstance(workshop, Workshop) else workshop
    row = Workshop.objects.filter(partnership__slug=slug, pk=key).first()
    if row is None:
        raise NotThere(NO_WORKSHOP)
    if row.state == WorkshopState.CLOSED.value:
        raise NotOpen("The workshop is closed. What was said there stands; add this to the partnership’s own ledger. Nothing was changed.")
    return row


def _who(row: Prediction, participant_id: int | None, by: Viewer | None) -> dict[str, Any]:
    """Whose likelihood it is: a participant's of its workshop while it is open, or a member's."""
    if participant_id is not None:
        rows = Participant.objects.filter(pk=participant_id, workshop_id=row.workshop_id or 0)
        there = rows.select_related("workshop").first()
        if there is None:
            raise NotThere(NOT_THERE)
        if there.workshop.state != WorkshopState.OPEN.value:
            raise NotOpen("The workshop is not open. Nothing was changed.")
        return {"participant_id": there.pk}
    if by is None or by.person_id is None:
        raise NotAllowed("Sign in to say how likely you think it. Nothing was changed.")
    allow(by, Permission.CONDITIONS_SAY, partnership=row.partnership.slug)
    return {"person_id": by.person_id}


def _held(slug: str, prediction_id: int) -> Prediction:
    """A prediction of this partnership, held until the transaction ends."""
    row = Prediction.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=prediction_id).first()
    if row is None:
        raise NotThere(NOT_THERE)
    return row
