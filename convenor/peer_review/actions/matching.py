"""Proposals of teams: made by the solver, changed by hand with a reason, planned again after somebody dropped out. None is ever changed.

Each takes `by` (a viewer who runs the round) and `at`; each raises NotThere for anybody else, and TeamsRefused with every reason where
it cannot be done; either way nothing is changed. What was declared in private is in no message.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.models import Matching, MatchingWork, ReviewRound
from convenor.peer_review.queries.gathering import Gathered, round_for_matching
from convenor.peer_review.queries.going import begun_hosts, reviewed_hosts
from convenor.peer_review.queries.rounds import RoundHere, round_here
from convenor.peer_review.rules.matching import Team, UndecidedError
from convenor.peer_review.rules.refusals import ChangedMeanwhile
from convenor.peer_review.rules.states import MatchingKind, RoundState
from convenor.peer_review.rules.team_rounds import frozen, going_on, joined, read, reason, undeclared
from convenor.peer_review.rules.team_words import PRIVATE, clash_told, refusal
from convenor.peer_review.rules.teams import (
    Matched,
    TeamsRefused,
    Watch,
    check_teams,
    cost_of,
    count_changes,
    match_parts,
    replan_parts,
    reviewer_key,
    shape,
    team_from,
)

#: A matching that has not ended for so long is taken for one whose process is gone.
GIVEN_UP_AFTER: Final = timedelta(minutes=15)
#: States of a round in which teams may be proposed, and those in which a proposal may be changed.
PROPOSED_IN: Final = frozenset({RoundState.OPEN, RoundState.MATCHING})
CHANGED_IN: Final = PROPOSED_IN | {RoundState.PUBLISHED}

Timer = Callable[[], float]


def run_round(slug: str, round_id: int, *, by: Viewer, at: datetime, states: Collection[RoundState]) -> RoundHere:
    """The round, for somebody who runs it and while it stands in one of these states. Raises NotAllowed, NotThere, TeamsRefused."""
    allow(by, Permission.ROUND_RUN, partnership=slug)
    here = round_here(slug, round_id, viewer=by, at=at)
    if here is None or not here.runs:
        raise NotThere("There is no such round in this partnership that you run. Nothing was changed.")
    if here.state not in states:
        raise TeamsRefused(f"The round is {here.says}. Its teams cannot be changed so now. Nothing was changed.")
    return here


def begin_run(*, slug: str, round_id: int, by: Viewer, at: datetime) -> MatchingWork:
    """Says that a matching of the round is under way. Raises TeamsRefused while another is; one that hangs is given up after 15 minutes."""
    run_round(slug, round_id, by=by, at=at, states=PROPOSED_IN)
    with transaction.atomic():
        ReviewRound.objects.select_for_update(of=("self",)).get(pk=round_id)
        work = MatchingWork.objects.filter(round_id=round_id).first()
        if work is not None and work.running and at < work.started_at + GIVEN_UP_AFTER:
            raise TeamsRefused(f"{work.started_by} has begun a matching of this round. Its teams will be here soon. Nothing was changed.")
        work = work or MatchingWork(round_id=round_id)
        work.running, work.says, work.problem = True, "Reading schools, people and declarations.", ""
        work.started_at, work.started_by = at, by.label[:200]
        work.save()
    return work


def end_run(*, slug: str, round_id: int, by: Viewer, at: datetime, problems: Iterable[str] = ()) -> None:
    """Says that the matching of the round has ended, and why it came to nothing where it did."""
    run_round(slug, round_id, by=by, at=at, states=frozenset(RoundState))
    MatchingWork.objects.filter(round_id=round_id).update(running=False, says="", problem="\n".join(problems))


def progress(round_id: int, *, by: Viewer, at: datetime) -> Watch:
    """What writes down how far a matching of the round is, for the page that asks. The words name nobody."""

    def says(words: str) -> None:
        MatchingWork.objects.filter(round_id=round_id).update(says=words[:1].upper() + words[1:200])

    return says


def run_matching(
    *, slug: str, round_id: int, by: Viewer, at: datetime, watch: Watch = lambda _: None, timer: Timer = lambda: 0.0
) -> Matching:  # fmt: skip
    """The teams of least cost that every rule allows, with what they prove; or which rules clash. A new version, kept for good.

    `watch` is told how far it is, `timer` measures seconds. Raises TeamsRefused with every reason for a round that cannot be read.
    """
    began = timer()
    run_round(slug, round_id, by=by, at=at, states=PROPOSED_IN)
    gathered = round_for_matching(round_id, viewer=by)
    found = read(gathered.asked, gathered.names)
    try:
        answers = match_parts(found, watch=watch)
        clashes = clash_told(answers, found, gathered.circles, watch)
    except UndecidedError as error:
        raise TeamsRefused(
            "The work allowed did not tell whether teams exist. Ask for a few more reviewers, or a narrower reach, and match again."
        ) from error
    said = shape(found, answers, clashes)
    return _store(slug, round_id, MatchingKind.SOLVED, gathered.asked, said, seconds=timer() - began, by=by, at=at)


def _store(
    slug: str, round_id: int, kind: MatchingKind, asked: dict[str, Any], said: dict[str, Any], *, by: Viewer, at: datetime,
    seconds: float = 0.0, after: Matching | None = None, changes: int | None = None, why: str = "", published: bool = False,
) -> Matching:  # fmt: skip
    """Keeps a proposal under the next number of its round, without what was declared in private. The round is locked, so that two at
    once get two numbers."""
    with transaction.atomic():
        row = ReviewRound.objects.select_for_update(of=("self",)).get(pk=round_id)
        if RoundState(row.state) not in (CHANGED_IN if after else PROPOSED_IN):
            raise TeamsRefused("The round went on meanwhile. Look at it as it stands now. Nothing was changed.")
        last = Matching.objects.filter(round_id=round_id).order_by("-number").values_list("pk", "number").first() or (None, 0)
        if after is not None and last[0] != after.pk:
            raise ChangedMeanwhile(
                f"Somebody made version {last[1]} of the teams while you were reading version {after.number}. Look at that one first. "
                "Nothing was changed.",
                now=last[1],
            )  # fmt: skip
        made = Matching.objects.create(
            round_id=round_id, number=last[1] + 1, kind=kind.value, status=said["status"], objective=said["objective"],
            bound=said["bound"], seconds=round(seconds, 3), asked=undeclared(asked), answer=said, after=after, changes=changes, why=why,
            made_at=at, made_by=by.label[:200], published_at=at if published else None,
        )  # fmt: skip
        journal.record(
            by=by, at=at, verb=f"matching.{kind.value}", subject_kind="review-round", subject_key=round_id, partnership=slug,
            subject_label=f"{row.name}, teams {made.number}", detail={"status": made.status, "changes": changes},
        )  # fmt: skip
    return made


def base_of(slug: str, matching_id: int, *, by: Viewer, at: datetime) -> tuple[Matching, RoundHere]:
    """A proposal that is to be followed by another, and its round. Raises NotThere, TeamsRefused."""
    allow(by, Permission.ROUND_RUN, partnership=slug)
    row = Matching.objects.filter(pk=matching_id, round__partnership__slug=slug).first()
    if row is None:
        raise NotThere("There are no such teams in this partnership. Nothing was changed.")
    return row, run_round(slug, row.round_id, by=by, at=at, states=CHANGED_IN)


def change_by_hand(
    *, slug: str, matching_id: int, teams: Iterable[Team], why: str, by: Viewer, at: datetime, waive_same_trust: bool = False
) -> Matching:  # fmt: skip
    """A new version in which the given teams take the place of those at the same hosts, held against the very rules of the matching.

    Raises TeamsRefused naming every rule broken; only the rule about one trust can be waived, which the version then says. That a
    private declaration stood against it is written in the journal, without saying which. Raises ChangedMeanwhile where `matching_id`
    is not the newest version.
    """
    base, here = base_of(slug, matching_id, by=by, at=at)
    said = reason(why, "why you change it by hand")
    gathered = round_for_matching(base.round_id, viewer=by)
    asked = _asked(gathered, base, here.state, by)
    if waive_same_trust:
        asked = asked | {"waive": ["same_trust"]}
    found = read(asked, gathered.names)
    before = [team_from(each) for each in base.answer["teams"]]
    changed = {team.host: team for team in teams}
    _not_begun(base.round_id, changed, here.state, by)
    now = [changed.get(team.host, team) for team in before]
    broken = check_teams(found, now)
    if broken:
        if any(each.rule in PRIVATE for each in broken):
            journal.record(
                by=by, at=at, verb="matching.refused", subject_kind="review-round", subject_key=base.round_id, partnership=slug,
                subject_label=f"{here.name}: a change by hand against a private declaration",
            )  # fmt: skip
        raise TeamsRefused(*refusal(broken, gathered.names))
    cost = cost_of(found, now)
    answer = shape(found, [Matched("", found, tuple(now), cost)], []) | {"status": "checked", "bound": base.bound}
    return _store(
        slug, base.round_id, MatchingKind.BY_HAND, asked, answer, after=base, changes=count_changes(before, now), why=said, by=by, at=at
    )


def replan_after(
    *, slug: str, matching_id: int, why: str, by: Viewer, at: datetime, people: Collection[int] = (), hosts: Collection[str] = (),
    timer: Timer = lambda: 0.0,
) -> Matching:  # fmt: skip
    """A new version with the fewest changes, for the round as it is now and without these reviewers and hosts.

    Where no teams keep the rules any more, the version says which clash. Raises TeamsRefused, ChangedMeanwhile.
    """
    began = timer()
    base, here = base_of(slug, matching_id, by=by, at=at)
    said = reason(why, "why you plan again")
    gathered = round_for_matching(base.round_id, viewer=by)
    asked = _asked(gathered, base, here.state, by)
    out = {reviewer_key(pk) for pk in people}
    for each in asked["people"]:
        each["reviews_left"] = 0 if each["id"] in out else each["reviews_left"]
    for each in asked["schools"]:
        each["hosts"] = each["hosts"] and each["id"] not in hosts
    before = [team_from(each) for each in base.answer["teams"]]
    found, moving, standing = frozen(asked, before, begun_hosts(base.round_id, here.state, viewer=by), gathered.names)
    answers = replan_parts(found, moving)
    clashes = clash_told(answers, found, gathered.circles)
    answer = joined(shape(found, answers, clashes), standing, read(asked, gathered.names))
    now = [team_from(each) for each in answer["teams"]]
    return _store(
        slug, base.round_id, MatchingKind.REPLANNED, asked, answer, after=base, changes=count_changes(before, now), why=said,
        seconds=timer() - began, by=by, at=at,
    )  # fmt: skip


def _asked(gathered: Gathered, base: Matching, state: RoundState, by: Viewer) -> dict[str, Any]:
    """The round as it is now, with what the version waived; once its teams are published, only the schools that have a review host."""
    if state is not RoundState.PUBLISHED:
        return gathered.asked | {"waive": base.asked["waive"]}
    return going_on(gathered.asked, reviewed_hosts(base.round_id, viewer=by), base.asked.get("left", []), base.asked["waive"])


def _not_begun(round_id: int, changed: Mapping[str, Team], state: RoundState, by: Viewer) -> None:
    if set(changed) & begun_hosts(round_id, state, viewer=by):
        raise TeamsRefused("That visit has begun, and its team stays as it is. Nothing was changed.")
