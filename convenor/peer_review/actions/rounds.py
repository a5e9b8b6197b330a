"""What a coordinator does with a round: plan it, open it, remind, close answers, withdraw it, end it.

Whoever runs the partnership may run any round; the lead of a body rounds of that body. Everything that changes a round names the version
that was read, so that two coordinators never overwrite each other unseen.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.db import IntegrityError, transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of
from convenor.partnership.queries.keys import body_row, partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.actions.round_letters import invite, remind_people, tell_withdrawn
from convenor.peer_review.models import ReviewRound, RoundSchool
from convenor.peer_review.queries.rounds import RoundHere, round_here, runs_rounds_of
from convenor.peer_review.queries.scopes import Preview, bodies, newcomers, preview
from convenor.peer_review.rules.refusals import ChangedMeanwhile
from convenor.peer_review.rules.rounds import (
    Asked,
    Plan,
    Problem,
    RoundRefused,
    check_reason,
    check_step,
    differences,
    due_for_reminder,
)
from convenor.peer_review.rules.states import RoundState
from convenor.peer_review.rules.ways import WAY_KEYS, way

NOT_THERE = "There is no such round in this partnership. Nothing was changed."
#: What stays as it was once a round is open: whom it asks, and how.
FIXED_WHEN_OPEN = ("way", "body", "phases")
#: What can still be changed once teams are published.
FREE_WHEN_PUBLISHED = frozenset({"words", "visits_until_on"})


def keep_round(
    *,
    slug: str,
    plan: Plan,
    by: Viewer,
    at: datetime,
    pk: int | None = None,
    version: int | None = None,
    opens: bool = False,
    site: str = "",
) -> ReviewRound:
    """Keeps a round as it is planned: a new draft, or, with `pk` and the `version` read, a change of one. With `opens` it opens at once.

    `site` is where the site stands, such as https://convenor.example, for the links of letters. Raises RoundRefused with every problem
    at once, ChangedMeanwhile when somebody else changed the round since, NotThere, NotAllowed; then nothing is changed.
    """
    body_id = _body(slug, plan.body, by)
    if plan.way not in WAY_KEYS:
        raise RoundRefused(Problem("way", "Choose one of the ways of review."))
    with transaction.atomic():
        row = _locked(slug, pk, by, at, version, plan) if pk is not None else None
        before = row.answers_by_on if row is not None and row.state != RoundState.DRAFT.value else None
        seen = preview(plan, viewer=by, at=at, round_id=pk, before=before)
        fixed = _fixed(row, plan, by, at)
        wrong = [*fixed, *_in_the_way(row, seen, opens)]
        if wrong:
            raise RoundRefused(*wrong)
        row = row or ReviewRound(partnership_id=partnership_id(slug), state=RoundState.DRAFT.value, version=0)
        new = row.pk is None
        _fill(row, plan, body_id)
        _save(row, by)
        if row.state in (RoundState.OPEN.value, RoundState.MATCHING.value):
            _place_again(row, seen, by, at)
        if new or not opens:
            _record(row, "round.drafted" if new else "round.changed", slug=slug, by=by, at=at)
        if opens:
            _open(row, seen, slug=slug, by=by, at=at, site=site)
    return row


def open_round(*, slug: str, pk: int, version: int, by: Viewer, at: datetime, site: str = "") -> ReviewRound:
    """Opens a draft as it stands: the schools of its scope and the reviewers are asked, each by one letter.

    Raises what `keep_round` raises.
    """
    here = round_here(slug, pk, viewer=by, at=at)
    if here is None:
        allow(by, Permission.ROUND_RUN, partnership=slug)
        raise NotThere(NOT_THERE)
    return keep_round(slug=slug, plan=here.plan, by=by, at=at, pk=pk, version=version, opens=True, site=site)


def _open(row: ReviewRound, seen: Preview, *, slug: str, by: Viewer, at: datetime, site: str) -> None:
    """The round is open: its schools stand in it, and everybody who is asked gets a letter that something waits."""
    check_step(RoundState(row.state), RoundState.OPEN)
    row.state, row.opened_at = RoundState.OPEN.value, at
    row.save()
    _ask(row, seen.asked, by=by, at=at)
    invite(row, [school.urn for school, _ in seen.asked.placed], slug=slug, site=site, by=by, at=at)
    _record(row, "round.opened", slug=slug, by=by, at=at, detail={"schools": len(seen.asked.placed)})


def _ask(row: ReviewRound, asked: Asked, *, by: Viewer, at: datetime) -> None:
    """These schools stand in the round, each in its cluster."""
    known = {key: each.pk for key, each in bodies(viewer=by, on=day_of(at)).items()}
    RoundSchool.objects.bulk_create(
        RoundSchool(round=row, school_id=school.urn, body_id=known.get(key), invited_at=at) for school, key in asked.placed
    )


def remind(*, slug: str, pk: int, by: Viewer, at: datetime, site: str = "") -> tuple[int, int]:
    """Reminds the schools and reviewers not yet heard from, none more often than once a week; how many letters of each were queued."""
    with transaction.atomic():
        row = _locked(slug, pk, by, at)
        if row.state != RoundState.OPEN.value:
            raise RoundRefused(Problem("", "Only while a round is open can schools be reminded. Nothing was sent."))
        on = day_of(at)
        waiting = RoundSchool.objects.filter(round=row, hosts=None, withdrawn_on=None)
        asked = waiting.values_list("school_id", "invited_at", "reminded_at")
        due = [urn for urn, invited, reminded in asked if _due(reminded or invited, on)]
        reviewers = _due(row.reviewers_reminded_at or row.opened_at, on)
        if not due and not reviewers:
            raise RoundRefused(Problem("", "Everybody was asked or reminded within the last week. Nothing was sent."))
        sent = remind_people(row, due, reviewers=reviewers, slug=slug, site=site, by=by, at=at)
        waiting.filter(school_id__in=due).update(reminded_at=at)
        if reviewers:
            row.reviewers_reminded_at = at
            row.save(update_fields=["reviewers_reminded_at"])
        _record(row, "round.reminded", slug=slug, by=by, at=at, detail={"schools": sent[0], "reviewers": sent[1]})
    return sent


def ask_newcomers(*, slug: str, pk: int, by: Viewer, at: datetime, site: str = "") -> tuple[str, ...]:
    """Asks the schools that joined the round's scope after it was opened, and their reviewers, each by one letter; the URNs asked.

    Nobody who was asked already is asked again. Raises RoundRefused where the round is not open or nobody is new, NotThere, NotAllowed.
    """
    with transaction.atomic():
        row = _locked(slug, pk, by, at)
        if row.state != RoundState.OPEN.value:
            raise RoundRefused(Problem("", "Only while a round is open can schools be asked. Nothing was sent."))
        here = round_here(slug, row.pk, viewer=by, at=at)
        assert here is not None
        new = newcomers(row.pk, here.plan, viewer=by, at=at)
        if not new.placed:
            raise RoundRefused(Problem("", "Every school of this round’s scope has been asked. Nothing was sent."))
        urns = tuple(school.urn for school, _ in new.placed)
        _ask(row, new, by=by, at=at)
        invite(row, urns, slug=slug, site=site, by=by, at=at, theirs_alone=True)
        _record(row, "round.newcomers-asked", slug=slug, by=by, at=at, detail={"schools": len(urns)})
    return urns


def close_answers(*, slug: str, pk: int, version: int, by: Viewer, at: datetime) -> ReviewRound:
    """Answers are closed, and teams can be matched. Raises RoundRefused where no school hosts, OutOfTurnRound, ChangedMeanwhile."""
    with transaction.atomic():
        row = _locked(slug, pk, by, at, version)
        check_step(RoundState(row.state), RoundState.MATCHING)
        if not RoundSchool.objects.filter(round=row, hosts=True, withdrawn_on=None).exists():
            raise RoundRefused(Problem("", "No school hosts yet, so there is nothing to match. Nothing was changed."))
        return _to(row, RoundState.MATCHING, "round.closed", slug=slug, by=by, at=at)


def reopen_answers(*, slug: str, pk: int, version: int, by: Viewer, at: datetime) -> ReviewRound:
    """Answers are taken again, until teams are published. Raises OutOfTurnRound, ChangedMeanwhile."""
    with transaction.atomic():
        row = _locked(slug, pk, by, at, version)
        check_step(RoundState(row.state), RoundState.OPEN)
        if row.state == RoundState.DRAFT.value:
            raise RoundRefused(Problem("", "This round is a draft: open it instead. Nothing was changed."))
        return _to(row, RoundState.OPEN, "round.reopened", slug=slug, by=by, at=at)


def withdraw_round(*, slug: str, pk: int, version: int, why: str, by: Viewer, at: datetime, site: str = "") -> ReviewRound:
    """The round is withdrawn, with a reason that everybody asked reads; a draft that nobody was asked about needs none.

    Reviews that were published stand as they are: each is its host's. Raises RoundRefused without a reason, OutOfTurnRound.
    """
    with transaction.atomic():
        row = _locked(slug, pk, by, at, version)
        check_step(RoundState(row.state), RoundState.WITHDRAWN)
        draft = row.state == RoundState.DRAFT.value
        row.ended_why, row.ended_on = why.strip()[:300] if draft else check_reason(why), day_of(at)
        if not draft:
            tell_withdrawn(row, slug=slug, site=site, by=by, at=at)
        return _to(row, RoundState.WITHDRAWN, "round.withdrawn", slug=slug, by=by, at=at, why=row.ended_why)


def end_round(*, slug: str, pk: int, version: int, by: Viewer, at: datetime) -> ReviewRound:
    """The round is over: it stands among the former ones, and its reviews go on to their impact visits. Raises OutOfTurnRound."""
    with transaction.atomic():
        row = _locked(slug, pk, by, at, version)
        check_step(RoundState(row.state), RoundState.ENDED)
        row.ended_on = day_of(at)
        return _to(row, RoundState.ENDED, "round.ended", slug=slug, by=by, at=at)


def _due(last: datetime | None, on: date) -> bool:
    return due_for_reminder(day_of(last) if last is not None else None, on)


def may_run(slug: str, body_id: int | None, by: Viewer) -> None:
    """Raises NotAllowed unless somebody may run rounds of a body, or of the whole partnership (None)."""
    allow(by, Permission.ROUND_RUN, partnership=slug, body_id=body_id)
    if not runs_rounds_of(body_id, viewer=by):
        raise NotAllowed(
            "You can run rounds of the body that you lead; one of another, or of the whole partnership, is for its manager. "
            "Nothing was changed."
        )


def _body(slug: str, key: str, by: Viewer) -> int | None:
    """The body that a plan names, asked whether they may run its rounds."""
    row = body_row(slug, key) if key else None
    may_run(slug, row.pk if row else None, by)
    if key and row is None:
        raise NotThere("There is no such body in this partnership. Nothing was changed.")
    return row.pk if row else None


def _locked(slug: str, pk: int | None, by: Viewer, at: datetime, version: int | None = None, plan: Plan | None = None) -> ReviewRound:
    """The round, held until the transaction ends. Raises NotThere, NotAllowed, and ChangedMeanwhile when `version` is not what stands;
    with the `plan` that they typed, it says in which words the other's differs."""
    row = ReviewRound.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=pk or 0).first()
    if row is None:
        allow(by, Permission.ROUND_RUN, partnership=slug)
        raise NotThere(NOT_THERE)
    may_run(slug, row.body_id, by)
    if version is not None and version != row.version:
        here = round_here(slug, row.pk, viewer=by, at=at)
        what = "; ".join(differences(plan, here.plan)) if plan is not None and here is not None else ""
        raise ChangedMeanwhile(
            f"{row.changed_by or 'Somebody else'} changed this round while you had it open."
            + (f" Where yours differs, it now says: {what}." if what else "")
            + " Nothing of yours was saved: it still stands below. Look at both, then save again.",
            now=row.version, who=row.changed_by, what=what,
        )  # fmt: skip
    return row


def _fixed(row: ReviewRound | None, plan: Plan, by: Viewer, at: datetime) -> list[Problem]:
    """What a plan would change that can no longer be changed where its round stands."""
    if row is None or row.state == RoundState.DRAFT.value:
        return []
    here = round_here(row.partnership.slug, row.pk, viewer=by, at=at)
    assert isinstance(here, RoundHere)
    kept = here.plan
    if row.state in (RoundState.ENDED.value, RoundState.WITHDRAWN.value):
        return [Problem("", "This round is over: it stays as it was. Nothing was changed.")]
    if row.state == RoundState.PUBLISHED.value:
        free = replace(kept, **{name: getattr(plan, name) for name in FREE_WHEN_PUBLISHED})
        said = "Teams are published: only the last day of visits and your words can still be changed. Nothing else was changed."
        return [Problem("", said)] if differences(free, plan) else []
    changed = [name for name in FIXED_WHEN_OPEN if getattr(plan, name) != getattr(kept, name)]
    said = "Schools have been asked already, so this stays as it was. Withdraw the round and open another to change it."
    return [Problem(name, said) for name in changed]


def _in_the_way(row: ReviewRound | None, seen: Preview, opens: bool) -> list[Problem]:
    """Which problems of a plan forbid keeping it: for a draft, which may be unfinished, a name that is taken and days that run backwards;
    for one that is open, or opens now, all of them; for one whose teams are published, only its days."""
    if row is not None and row.state == RoundState.PUBLISHED.value:
        return [each for each in seen.problems if each.field == "visits_until_on"]
    if opens or (row is not None and row.state != RoundState.DRAFT.value):
        return list(seen.problems)
    return [each for each in seen.problems if each.field in ("name", "visits_until_on")]


def _fill(row: ReviewRound, plan: Plan, body_id: int | None) -> None:
    """The columns of a plan; the way as it stands until the round is open."""
    if row.state == RoundState.DRAFT.value:
        kept = way(plan.way)
        row.way_key, row.way, row.lead_rest_cycles = kept.key, kept.as_dict(), kept.lead_rest_cycles
    row.name, row.body_id, row.phases, row.placed = plan.name.strip(), body_id, list(plan.phases), dict(plan.placed)
    row.reach, row.answers_by_on = plan.reach.value, plan.answers_by_on
    row.visits_from_on, row.visits_until_on = plan.visits_from_on, plan.visits_until_on
    row.team_size, row.school_serves_at_most = plan.team_size, plan.school_serves_at_most
    row.words = plan.words.strip()
    row.waive = ["same_trust"] if plan.waive_same_trust else []
    row.waive_why = plan.waive_why.strip()[:300] if plan.waive_same_trust else ""


def _save(row: ReviewRound, by: Viewer) -> None:
    """Counts the change and saves. Of two who take one name at one moment, the second is told."""
    row.version += 1
    row.changed_by = by.label[:200]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise RoundRefused(Problem("name", f"There is a round called “{row.name}” already. Give this one another name.")) from error


def _place_again(row: ReviewRound, seen: Preview, by: Viewer, at: datetime) -> None:
    """Schools asked already stand in the cluster that the plan now says."""
    known = {key: each.pk for key, each in bodies(viewer=by, on=day_of(at)).items()}
    wanted = {school.urn: known.get(key) for school, key in seen.asked.placed}
    for each in RoundSchool.objects.filter(round=row, school_id__in=list(wanted)):
        if each.body_id != wanted[each.school_id]:
            each.body_id = wanted[each.school_id]
            each.save(update_fields=["body"])


def _to(row: ReviewRound, state: RoundState, verb: str, *, slug: str, by: Viewer, at: datetime, why: str = "") -> ReviewRound:
    """The round comes to stand in another state."""
    row.state = state.value
    _save(row, by)
    _record(row, verb, slug=slug, by=by, at=at, why=why)
    return row


def _record(
    row: ReviewRound, verb: str, *, slug: str, by: Viewer, at: datetime, why: str = "", detail: dict[str, int] | None = None
) -> None:  # fmt: skip
    journal.record(
        by=by, at=at, verb=verb, subject_kind="review-round", subject_key=row.pk, subject_label=row.name, partnership=slug, why=why,
        detail=detail,
    )  # fmt: skip
