"""The way of a peer review and its gates: which step follows which, what each rests on, who takes it, and by when.

Draft → scheduled → focus agreed → data shared → on site → fed back → report draft → report final → workshop done → actions
agreed → impact reviewed → closed. Nothing is skipped. Postponed and withdrawn are side exits that keep the state they left.
A step that comes later than planned is taken all the same and marked late; a step whose day has not come is refused.

Source: the requirements H2 of the field notes. Marked there as found in practice: one or two enquiry questions, data two
weeks before, one to three days, a host partner for each activity, workshop within 14 days, impact visit at six months
within thirty days. Marked as proposed: draft in ten working days, check in five, the champion apart from the lead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from convenor.england.working_days import BeyondTheListError, add_working_days
from convenor.peer_review.rules.refusals import Missing, NotYours, NoWords, OutOfTurn, SamePerson, TooSoon, WrongDay
from convenor.peer_review.rules.states import WAY, Outcome, ReviewKind, State, Step
from convenor.peer_review.rules.ways import Timings

#: The longest visit, in school days.
VISIT_DAYS_AT_MOST: Final = 3
#: How many reviewers beside the lead.
OTHERS_AT_LEAST: Final = 1
OTHERS_AT_MOST: Final = 3
QUESTIONS_AT_MOST: Final = 2
PRIORITIES_AT_MOST: Final = 3
#: The longest reason, in characters.
REASON_AT_MOST: Final = 500
#: The words with which every form of putting off begins, so that whoever leaves them says nothing by it.
PLAIN_REASON: Final = "Something has come up at school, and we need another week."
NOTHING: Final = "Nothing was changed."


class Who(StrEnum):
    """Whose turn it is. The value is how a page names them."""

    COORDINATOR = "the coordinator"
    HOST = "the school"
    LEAD = "the lead reviewer"
    CHAMPION = "the improvement champion"


@dataclass(frozen=True, slots=True)
class PlannedActivity:
    """An activity of the visit, as far as a gate asks: does somebody of the host do it with them?"""

    title: str
    host_partner: str


@dataclass(frozen=True, slots=True)
class PriorityFacts:
    """One agreed priority, as far as a gate asks. `result` is empty before the impact visit."""

    title: str = ""
    owner: str = ""
    by_on: date | None = None
    measure: str = ""
    baseline: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """A review as it stands: all that a decision about its next step needs to know.

    Visits are half-open: `visit_until_on` is the first day no longer. `lead`, `others`, `champions` are keys of reviewers;
    `others` has everybody on the team but the lead and whoever is champion alone. `champion_asked`: the model of review wants
    an improvement champion by name; where it does not, any reviewer but the lead may lead the workshop. `draft_on` is the day of
    the newest draft; `accurate` is what the host said of that draft, None for silence.
    """

    state: State
    resumes: State | None = None
    timings: Timings = field(default_factory=Timings)
    visit_from_on: date | None = None
    visit_until_on: date | None = None
    lead: int | None = None
    others: frozenset[int] = frozenset()
    champions: frozenset[int] = frozenset()
    champion_asked: bool = True
    questions: tuple[str, ...] = ()
    kind: ReviewKind | None = None
    self_review_saved: bool = False
    shared_on: date | None = None
    activities: tuple[PlannedActivity, ...] = ()
    fed_back_on: date | None = None
    draft_on: date | None = None
    accurate: bool | None = None
    workshop_on: date | None = None
    priorities: tuple[PriorityFacts, ...] = ()
    impact_on: date | None = None
    outcome: Outcome | None = None

    @property
    def last_day_on(self) -> date | None:
        """The last day of the visit."""
        return self.visit_until_on - timedelta(days=1) if self.visit_until_on is not None else None

    @property
    def stands(self) -> State:
        """The state on the way: the one it resumes where it is postponed or withdrawn."""
        return self.resumes if self.resumes is not None and self.state not in WAY else self.state


def timings_of(way: Mapping[str, Any]) -> Timings:
    """The timings of the way of review that a round keeps; what it does not say is as the field notes have it."""
    given = way.get("timings") or {}
    return Timings(**{name: int(given[name]) for name in Timings.__dataclass_fields__ if name in given})


#: The step that leads into each state of the way.
INTO: Final[dict[State, Step]] = {state: Step(state.value) for state in WAY if state is not State.DRAFT}

#: Who may take a step.
TAKEN_BY: Final[dict[Step, frozenset[Who]]] = {
    Step.SCHEDULED: frozenset({Who.COORDINATOR}),
    Step.FOCUS_AGREED: frozenset({Who.HOST}),
    Step.DATA_SHARED: frozenset({Who.HOST}),
    Step.ON_SITE: frozenset({Who.LEAD, Who.HOST}),
    Step.FED_BACK: frozenset({Who.LEAD}),
    Step.REPORT_DRAFT: frozenset({Who.LEAD}),
    Step.CHECKED: frozenset({Who.HOST}),
    Step.MENDED: frozenset({Who.LEAD}),
    Step.REPORT_FINAL: frozenset({Who.HOST, Who.LEAD}),
    Step.WORKSHOP_DONE: frozenset({Who.CHAMPION}),
    Step.ACTIONS_AGREED: frozenset({Who.HOST}),
    Step.IMPACT_REVIEWED: frozenset({Who.LEAD, Who.CHAMPION, Who.HOST}),
    Step.CLOSED: frozenset({Who.HOST}),
    Step.POSTPONED: frozenset({Who.HOST, Who.COORDINATOR}),
    Step.RESUMED: frozenset({Who.HOST, Who.COORDINATOR}),
    Step.WITHDRAWN: frozenset({Who.HOST}),
    Step.MOVED: frozenset({Who.HOST, Who.COORDINATOR}),
    Step.TEAM_CHANGED: frozenset({Who.COORDINATOR}),
    Step.FOLLOWED: frozenset({Who.HOST, Who.COORDINATOR}),
}

#: Steps beside the way, and the states of the way in which each may be taken.
BESIDE: Final[dict[Step, frozenset[State]]] = {
    Step.POSTPONED: frozenset(WAY) - {State.CLOSED},
    Step.WITHDRAWN: frozenset(WAY) - {State.CLOSED},
    Step.MOVED: frozenset({State.SCHEDULED, State.FOCUS_AGREED, State.DATA_SHARED}),
    Step.TEAM_CHANGED: frozenset({State.DRAFT, State.SCHEDULED, State.FOCUS_AGREED, State.DATA_SHARED, State.ON_SITE, State.FED_BACK}),
    Step.CHECKED: frozenset({State.REPORT_DRAFT}),
    Step.MENDED: frozenset({State.REPORT_DRAFT}),
    Step.FOLLOWED: frozenset(WAY) - {State.CLOSED},
}
#: Those that may be taken while the review is postponed.
WHILE_POSTPONED: Final = frozenset({Step.RESUMED, Step.WITHDRAWN, Step.MOVED, Step.TEAM_CHANGED, Step.FOLLOWED})

STATE_SAYS: Final[dict[State, str]] = {
    State.DRAFT: "waiting for its date",
    State.SCHEDULED: "scheduled",
    State.FOCUS_AGREED: "its questions are agreed",
    State.DATA_SHARED: "the self-review is shared",
    State.ON_SITE: "the visit has begun",
    State.FED_BACK: "fed back",
    State.REPORT_DRAFT: "the draft report is with the school",
    State.REPORT_FINAL: "the report is final",
    State.WORKSHOP_DONE: "the workshop was held",
    State.ACTIONS_AGREED: "priorities are agreed",
    State.IMPACT_REVIEWED: "the impact visit was held",
    State.CLOSED: "ended",
    State.POSTPONED: "postponed",
    State.WITHDRAWN: "taken back by the school",
}


class Next(NamedTuple):
    """What comes next: the step, whose turn it is, and what they do, as a sentence for them to read."""

    step: Step
    who: Who
    words: str


_NEXT: Final[dict[State, Next]] = {
    State.DRAFT: Next(Step.SCHEDULED, Who.COORDINATOR, "Set the days of the visit."),
    State.SCHEDULED: Next(Step.FOCUS_AGREED, Who.HOST, "Say what you would like the team to look into."),
    State.FOCUS_AGREED: Next(Step.DATA_SHARED, Who.HOST, "Share your self-review with the team."),
    State.DATA_SHARED: Next(Step.ON_SITE, Who.LEAD, "Begin the visit on its first day."),
    State.ON_SITE: Next(Step.FED_BACK, Who.LEAD, "Tell the school what you found, before you leave."),
    State.FED_BACK: Next(Step.REPORT_DRAFT, Who.LEAD, "Write the draft report and share it with the school."),
    State.REPORT_DRAFT: Next(Step.REPORT_FINAL, Who.HOST, "Check the draft: is everything in it accurate?"),
    State.REPORT_FINAL: Next(Step.WORKSHOP_DONE, Who.CHAMPION, "Lead the improvement workshop at the school."),
    State.WORKSHOP_DONE: Next(Step.ACTIONS_AGREED, Who.HOST, "Agree one to three priorities."),
    State.ACTIONS_AGREED: Next(Step.IMPACT_REVIEWED, Who.LEAD, "Come back to see what has changed."),
    State.IMPACT_REVIEWED: Next(Step.CLOSED, Who.HOST, "Say how the review ends."),
    State.POSTPONED: Next(Step.RESUMED, Who.HOST, "Agree a new day, and go on."),
}
_MEND: Final = Next(Step.MENDED, Who.LEAD, "Answer the school’s corrections with a new draft.")


def what_next(facts: Facts) -> Next | None:
    """The next step of a review, whose turn it is and what they do; None for one that has ended."""
    if facts.state is State.REPORT_DRAFT and facts.accurate is False:
        return _MEND
    return _NEXT.get(facts.state)


def due_on(facts: Facts) -> date | None:
    """The day by which the next step is planned; None where no day is set, or the review has ended or is postponed."""
    if facts.state not in WAY:
        return None
    return _due(facts.state, facts)


def opens_on(facts: Facts) -> date | None:
    """The first day on which the next step can be taken, where its gate waits for a day: the visit's first day, its last, or the first
    day of the impact visit's window. None where nothing but people is waited for."""
    if facts.state is State.DATA_SHARED:
        return facts.visit_from_on
    if facts.state is State.ON_SITE:
        return facts.last_day_on
    window = impact_window(facts) if facts.state is State.ACTIONS_AGREED else None
    return window[0] if window else None


def planned(state: State, facts: Facts) -> date | None:
    """The day for which a state of the way is planned, None where none is set; the same day as `due_on` says of the state before it."""
    return _due(WAY[WAY.index(state) - 1], facts) if state in WAY[1:] else None


def _due(stands: State, facts: Facts) -> date | None:
    timings, first, last = facts.timings, facts.visit_from_on, facts.last_day_on
    if stands is State.REPORT_DRAFT:
        return _working_days(facts.draft_on, timings.check_working_days) if facts.draft_on else None
    if first is None or last is None:
        return None
    if stands in (State.SCHEDULED, State.FOCUS_AGREED):
        return first - timedelta(days=timings.data_shared_days_before)
    if stands is State.FED_BACK:
        return _working_days(last, timings.draft_working_days)
    if stands is State.ACTIONS_AGREED:
        return facts.impact_on or months_after(last, timings.impact_after_months)
    plain = {State.DATA_SHARED: first, State.ON_SITE: last, State.REPORT_FINAL: last + timedelta(days=timings.workshop_within_days)}
    return plain.get(stands)


def _working_days(day: date, count: int) -> date:
    """So many working days on; beyond the list of bank holidays, as many weeks and days as never are fewer."""
    try:
        return add_working_days(day, count)
    except BeyondTheListError:
        return day + timedelta(days=2 * count)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")  # pragma: no cover


def impact_window(facts: Facts) -> tuple[date, date] | None:
    """The first and the last day on which the impact visit is on time; None before the visit has days."""
    if facts.last_day_on is None:
        return None
    middle, give = months_after(facts.last_day_on, facts.timings.impact_after_months), timedelta(days=facts.timings.impact_give_days)
    return middle - give, middle + give


def check_reason(why: str, *, needed: bool = True) -> str:
    """A reason, trimmed. NoWords where one is needed and none is given, or where it is longer than 500 characters."""
    kept = why.strip()
    if needed and not kept:
        raise NoWords(f"Say why, in a few words: those concerned read it. {NOTHING}")
    if len(kept) > REASON_AT_MOST:
        raise NoWords(f"A reason has at most {REASON_AT_MOST} characters. {NOTHING}")
    return kept


def check_who(what: Step, who: frozenset[Who]) -> None:
    """Raises NotYours unless the step belongs to one of the parts that somebody has in the review."""
    if not who & TAKEN_BY[what]:
        named = " or ".join(each.value for each in Who if each in TAKEN_BY[what])
        raise NotYours(f"That is for {named} to do. {NOTHING}")


def check_step(what: Step, facts: Facts, on: date) -> bool:
    """Whether the step, taken on this day, is late. Raises what stands in its way, in words, and then nothing is changed.

    OutOfTurn where it does not follow; TooSoon before its day; Missing, SamePerson or WrongDay for what it rests on.
    """
    _check_order(what, facts)
    gate = _GATES.get(what)
    return gate(facts, on) if gate is not None else False


def _check_order(what: Step, facts: Facts) -> None:
    if facts.state is State.POSTPONED:
        if what in WHILE_POSTPONED and (what not in BESIDE or facts.stands in BESIDE[what]):
            return
        raise OutOfTurn(f"The review is postponed: it is resumed first. {NOTHING}")
    if what in BESIDE:
        if facts.state in BESIDE[what]:
            return
        raise OutOfTurn(f"That cannot be done where the review stands: {STATE_SAYS[facts.state]}. {NOTHING}")
    if _following(facts.state) is not what:
        raise OutOfTurn(f"That does not follow from where the review stands: {STATE_SAYS[facts.state]}.{_remedy(facts)} {NOTHING}")


def _following(state: State) -> Step | None:
    """The step that follows a state on the way; None after the last, and for a review that has left the way."""
    return INTO[WAY[WAY.index(state) + 1]] if state in WAY[:-1] else None


def _remedy(facts: Facts) -> str:
    coming = what_next(facts)
    return f" Next, {coming.who.value}: {coming.words[0].lower()}{coming.words[1:]}" if coming else ""


def _scheduled(facts: Facts, _on: date) -> bool:
    if facts.lead is None or not OTHERS_AT_LEAST <= len(facts.others - {facts.lead}) <= OTHERS_AT_MOST:
        raise Missing(f"A team has one lead and one to three others. The coordinator publishes the team first. {NOTHING}")
    _days(facts)
    return False


def _days(facts: Facts) -> tuple[date, date]:
    """The first and the last day of the visit. Raises Missing without days, WrongDay for a visit of none or of too many."""
    first, last = facts.visit_from_on, facts.last_day_on
    if first is None or last is None:
        raise Missing(f"The visit has no days yet. The coordinator sets them. {NOTHING}")
    if not 1 <= sum((first + timedelta(days=ahead)).weekday() < 5 for ahead in range((last - first).days + 1)) <= VISIT_DAYS_AT_MOST:
        raise WrongDay(f"A visit takes one to three days. {NOTHING}")
    return first, last


def _focus_agreed(facts: Facts, on: date) -> bool:
    if not 1 <= len([each for each in facts.questions if each.strip()]) <= QUESTIONS_AT_MOST:
        raise Missing(f"The school asks one question, or two. {NOTHING}")
    if facts.kind is None:
        raise Missing(f"The school says which kind of review it would like. {NOTHING}")
    return _after(due_on(facts), on)


def _data_shared(facts: Facts, on: date) -> bool:
    if not facts.self_review_saved:
        raise Missing(f"The school has not written its self-review yet. {NOTHING}")
    return _after(due_on(facts), on)


def _on_site(facts: Facts, on: date) -> bool:
    first, last = _days(facts)
    if on < first:
        raise TooSoon(f"The visit begins on {said(first)}. {NOTHING}")
    if not facts.activities:
        raise Missing(f"The visit has no activities yet. The school or the lead reviewer plans them, each with a host partner. {NOTHING}")
    alone = next((each for each in facts.activities if not each.host_partner.strip()), None)
    if alone is not None:
        raise Missing(f"“{alone.title}” names nobody of the school who does it with the team. The school says who. {NOTHING}")
    return on > last


def _fed_back(facts: Facts, on: date) -> bool:
    _, last = _days(facts)
    if on < last:
        raise TooSoon(
            f"The visit lasts until {said(last)}. The team tells the school what it found on that day, before it leaves. {NOTHING}"
        )
    return on > last


def _report_final(facts: Facts, on: date) -> bool:
    if facts.draft_on is None:
        raise Missing(f"There is no draft yet. The lead reviewer writes it. {NOTHING}")
    if facts.accurate is False:
        raise Missing(f"The school’s corrections are answered by a new draft first. The lead reviewer writes it. {NOTHING}")
    until = _working_days(facts.draft_on, facts.timings.check_working_days)
    if facts.accurate is None and on <= until:
        raise TooSoon(f"The school has until {said(until)} to check the draft. {NOTHING}")
    return on > until if facts.accurate else on > _working_days(until, 1)


def _workshop_done(facts: Facts, on: date) -> bool:
    _, last = _days(facts)
    led_by = facts.champions or (frozenset() if facts.champion_asked else facts.others - {facts.lead})
    if not led_by:
        raise Missing(f"The team has no improvement champion. The coordinator names one who was not the lead. {NOTHING}")
    if facts.lead in facts.champions:
        raise SamePerson(
            f"The improvement champion was the lead of the review. Somebody else leads the workshop: the coordinator names them. {NOTHING}"
        )
    held = facts.workshop_on or on
    if not last <= held <= on:
        raise WrongDay(f"The workshop was held on a day between the end of the visit, {said(last)}, and today. {NOTHING}")
    return held > last + timedelta(days=facts.timings.workshop_within_days)


def _actions_agreed(facts: Facts, _on: date) -> bool:
    if not 1 <= len(facts.priorities) <= PRIORITIES_AT_MOST:
        raise Missing(f"The school agrees one to three priorities. {NOTHING}")
    for number, each in enumerate(facts.priorities, 1):
        said_of = {
            "a title": each.title,
            "an owner": each.owner,
            "a day": each.by_on,
            "a measure": each.measure,
            "where it stands now": each.baseline,
        }
        lacking = [name for name, value in said_of.items() if not value]
        if lacking:
            raise Missing(f"Priority {number} still needs {_listed(lacking)}. The school adds it. {NOTHING}")
    return False


def _impact_reviewed(facts: Facts, on: date) -> bool:
    window = impact_window(facts)
    if window is None:
        raise Missing(f"The visit has no days yet. The coordinator sets them. {NOTHING}")
    held = facts.impact_on if facts.impact_on is not None and facts.impact_on <= on else on
    if held < window[0]:
        raise TooSoon(f"The impact visit is on time from {said(window[0])} to {said(window[1])}: change takes time to show. {NOTHING}")
    number = next((number for number, each in enumerate(facts.priorities, 1) if not each.result), None)
    if number is not None:
        raise Missing(f"Nothing is said yet of what came of priority {number}. {NOTHING}")
    return held > window[1]


def _closed(facts: Facts, _on: date) -> bool:
    if facts.outcome is None:
        raise Missing(f"The school says how the review ends: done, going on, or with help from others. {NOTHING}")
    return False


def _resumed(facts: Facts, on: date) -> bool:
    before_visit = (State.SCHEDULED, State.FOCUS_AGREED, State.DATA_SHARED, State.ON_SITE)
    if facts.stands in before_visit and (facts.last_day_on is None or facts.last_day_on < on):
        raise WrongDay(f"The visit needs a new day, today or later. {NOTHING}")
    return False


def _checked(facts: Facts, on: date) -> bool:
    if facts.accurate is not None:
        raise OutOfTurn(f"The school has answered this draft already. {NOTHING}")
    return _after(due_on(facts), on)


def _mended(facts: Facts, _on: date) -> bool:
    if facts.accurate is not False:
        raise OutOfTurn(f"The school has asked for no correction. {NOTHING}")
    return False


def _report_draft(facts: Facts, on: date) -> bool:
    _days(facts)
    return _after(due_on(facts), on)


def _after(due: date | None, on: date) -> bool:
    return due is not None and on > due


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def said(day: date) -> str:
    """A day as it stands in a sentence: "Tuesday 1 December"."""
    return f"{day:%A} {day.day} {day:%B}"


_GATES: Final[dict[Step, Callable[[Facts, date], bool]]] = {
    Step.SCHEDULED: _scheduled,
    Step.FOCUS_AGREED: _focus_agreed,
    Step.DATA_SHARED: _data_shared,
    Step.ON_SITE: _on_site,
    Step.FED_BACK: _fed_back,
    Step.REPORT_DRAFT: _report_draft,
    Step.CHECKED: _checked,
    Step.MENDED: _mended,
    Step.REPORT_FINAL: _report_final,
    Step.WORKSHOP_DONE: _workshop_done,
    Step.ACTIONS_AGREED: _actions_agreed,
    Step.IMPACT_REVIEWED: _impact_reviewed,
    Step.CLOSED: _closed,
    Step.RESUMED: _resumed,
}
