"""Early conversations as each may see them. What the circle does not open is not read, so that no page can show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from convenor.agreements.queries.uses import withheld
from convenor.agreements.rules.classes import DataClass
from convenor.intelligence.models import ConversationStep, EarlyConversation, Reply
from convenor.intelligence.models.conversations import OPEN_STATES
from convenor.intelligence.queries.circle import as_they_stand, led_schools, onlooker, sight_of, standing_of
from convenor.intelligence.queries.soft_signals import as_read_along
from convenor.intelligence.queries.suggestions import Suggestion, lines_now, suggestions
from convenor.intelligence.rules.circle import Sight, Told, sight, told
from convenor.intelligence.rules.conversation import (
    Origin,
    Outcome,
    ReplyKind,
    Standing,
    State,
    Step,
    alone,
    school_alone_until,
)
from convenor.intelligence.rules.lines import Assessment, from_dict, without_entered
from convenor.partnership.models import Membership
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class ConversationSeen:
    """A conversation, for somebody who may read it. `standing` is what the rules know; `since` the day on which it came to stand so.

    `alone_until` is the school's tenth working day.
    """

    id: int
    urn: str
    name: str
    fictitious: bool
    standing: Standing
    sight: Sight
    broker: str
    asked_about: tuple[str, ...]
    asked_words: str
    run: str
    weights_year: str
    since: date
    triaged_on: date | None
    review_due_on: date | None
    ended_on: date | None
    alone_until: date | None
    record_class: str

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.standing.state

    @property
    def says(self) -> str:
        """Where it stands, in words for this reader."""
        return self.state.says_to_school if self.sight is Sight.OWN else self.state.says

    @property
    def asked_itself(self) -> bool:
        """Whether the school asked for it."""
        return self.standing.origin is Origin.SCHOOL


@dataclass(frozen=True, slots=True)
class StepSeen:
    """One step, with the words of a page."""

    step: Step
    says: str
    at: datetime
    by: str
    why: str
    outcome: str
    until_on: date | None


@dataclass(frozen=True, slots=True)
class ReplySeen:
    """Words beside a line, or beside the whole (`line` is ""). `answers` are the broker's; `answerable` when there is none yet."""

    id: int
    kind: ReplyKind
    says: str
    line: str
    words: str
    source: str
    at: datetime
    by: str
    answers: tuple[ReplySeen, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether a correction or a dispute still waits for the broker's answer."""
        return self.kind in (ReplyKind.CORRECTION, ReplyKind.DISPUTE) and not self.answers


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """Everything of one conversation that its page shows to this viewer.

    `assessment` is what was shared, frozen; before sharing the lines as they stand today, for the broker and the school
    (`frozen` is then false). `may_speak`: for the school; `may_go_on`: without a reply, after its ten days; `of_school`: holds a
    post at the school itself.
    """

    conversation: ConversationSeen
    assessment: Assessment | None
    frozen: bool
    steps: tuple[StepSeen, ...]
    replies: tuple[ReplySeen, ...]
    circle: tuple[Told, ...]
    may_speak: bool
    may_go_on: bool
    of_school: bool

    @property
    def holds(self) -> bool:
        """Whether the viewer is its broker."""
        return self.conversation.sight is Sight.HOLDS

    @property
    def own(self) -> bool:
        """Whether the viewer belongs to the school."""
        return self.conversation.sight is Sight.OWN

    def beside(self, line: str) -> tuple[ReplySeen, ...]:
        """What was said beside a line; with "" what was said of the whole."""
        return tuple(each for each in self.replies if each.line == line)


def conversation(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> ConversationPage | None:
    """One conversation, for its school, its broker and whoever the school lets read along; None for all others. At most eight queries."""
    on = day_of(at)
    if not _inside(viewer, slug) or pk >= 2**63:
        return None
    row = _rows(viewer, on).filter(pk=pk).first()
    if row is None:
        return None
    seen = _seen(row, viewer, led_schools([row.school_id], viewer=viewer, at=on), on)
    if not seen.sight.reads:
        return None
    kept, own = row.lines, seen.sight is Sight.OWN
    live = lines_now(row.school_id, partnership_id=row.partnership_id, viewer=viewer, at=on) if kept is None and seen.state.open else None
    shown = from_dict(kept) if kept else live.assessment if live else None
    if shown is not None and row.withheld and not own:
        shown = without_entered(shown)
    if shown is not None and seen.sight is Sight.READS and seen.state.open:
        shown = as_read_along(shown, viewer=viewer)
    return ConversationPage(
        conversation=seen,
        assessment=shown,
        frozen=kept is not None,
        steps=_steps(row.pk),
        replies=_replies(row.school_id, viewer, own=own, until=None if seen.state.open else row.moved_at),
        circle=told(seen.standing, on=on, broker=seen.broker, to_school=own),
        may_speak=viewer.may(Permission.SCHOOL_SPEAK, urn=row.school_id),
        may_go_on=seen.asked_itself or not alone(seen.standing, on),
        of_school=any(each.urn == row.school_id for each in viewer.holdings),
    )


def _inside(viewer: Viewer, slug: str) -> bool:
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.PARTNERSHIP_SEE)


def _rows(viewer: Viewer, on: date) -> QuerySet[Any]:
    assert viewer.partnership is not None
    moved = ConversationStep.objects.filter(conversation_id=OuterRef("pk"), step__in=MOVING).order_by("-at", "-id").values("at")[:1]
    kept_back = withheld(DataClass.ENTERED, viewer=viewer, at=on)
    rows = EarlyConversation.objects.filter(partnership_id=viewer.partnership.id).annotate(moved_at=Subquery(moved), withheld=kept_back)
    return as_they_stand(rows, viewer=viewer, on=on).select_related("school", "broker")


def _seen(row: Any, viewer: Viewer, led: frozenset[str], on: date) -> ConversationSeen:
    standing, urn = standing_of(row, viewer=viewer), row.school_id
    moved_at: datetime | None = row.moved_at
    looking = onlooker(urn, viewer=viewer, leads=urn in led, authority=row.school.authority_id or "")
    return ConversationSeen(
        id=row.pk, urn=urn, name=row.school.name, fictitious=row.school.fictitious, standing=standing,
        sight=sight(looking, standing, on=on),
        broker=row.broker.name if standing.broker_id is not None else "", asked_about=tuple(row.asked_about),
        asked_words=row.asked_words, run=row.run,
        weights_year=row.weights_year, since=day_of(moved_at) if moved_at else row.opened_on, triaged_on=row.triaged_on,
        review_due_on=row.review_due_on, ended_on=row.ended_on,
        alone_until=school_alone_until(standing.shown_on) if standing.shown_on else None, record_class=row.record_class,
    )  # fmt: skip


def _steps(pk: int) -> tuple[StepSeen, ...]:
    rows = ConversationStep.objects.filter(conversation_id=pk).order_by("at", "id")
    return tuple(
        StepSeen(Step(row[0]), Step(row[0]).says, row[1], row[2], row[3], Outcome(row[4]).says if row[4] else "", row[5])
        for row in rows.values_list("step", "at", "by_label", "why", "outcome", "until_on")
    )


def replies(urn: str, *, viewer: Viewer, at: date | datetime) -> tuple[ReplySeen, ...]:
    """What a school has said beside its lines, oldest first, for those who may read them; empty for all others. At most three queries."""
    seen = sight_of(urn, viewer=viewer, at=at)
    return _replies(urn, viewer, own=seen is Sight.OWN) if seen.reads else ()


def _replies(urn: str, viewer: Viewer, *, own: bool, until: datetime | None = None) -> tuple[ReplySeen, ...]:
    """Every word of a school in this partnership with its answers. What belongs to a request taken back is for the school alone.

    `until`: the moment at which a conversation ended. Whoever held it reads nothing that was said later; the school reads everything.
    """
    assert viewer.partnership is not None
    rows = Reply.objects.filter(partnership_id=viewer.partnership.id, school_id=urn).order_by("at", "id")
    if not own:
        rows = rows.exclude(conversation__state=State.WITHDRAWN.value)
    if not own and until is not None:
        rows = rows.filter(at__lte=until)
    answers: dict[int, list[ReplySeen]] = {}
    said: list[tuple[Any, ...]] = []
    for row in rows.values_list("id", "kind", "line", "words", "source", "at", "by_label", "answers_id"):
        if row[7] is None:
            said.append(row)
        else:
            answers.setdefault(row[7], []).append(_reply(row))
    return tuple(_reply(row, tuple(answers.get(row[0], ()))) for row in said)


def _reply(row: tuple[Any, ...], answers: tuple[ReplySeen, ...] = ()) -> ReplySeen:
    kind = ReplyKind(row[1])
    return ReplySeen(row[0], kind, kind.says, row[2], row[3], row[4], row[5], row[6], answers)


def open_conversation_of(urn: str, *, viewer: Viewer, at: date | datetime) -> ConversationSeen | None:
    """The school's open conversation, for those who may read it; None for everybody else, or when there is none. At most two queries."""
    on = day_of(at)
    if viewer.partnership is None:
        return None
    row = _rows(viewer, on).filter(school_id=urn, state__in=OPEN_STATES).first()
    if row is None:
        return None
    seen = _seen(row, viewer, led_schools([urn], viewer=viewer, at=on), on)
    return seen if seen.sight.reads else None


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation that the viewer holds, reads along in, or that is about their own school. `next_on` is the next day that matters."""

    id: int
    urn: str
    name: str
    fictitious: bool
    state: State
    says: str
    since: date
    next_says: str
    next_on: date | None
    waiting_words: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A school for which a conversation is suggested and which no broker has taken up: its name and how many lines, never which."""

    urn: str
    name: str
    fictitious: bool
    lines: int
    asked_itself: bool
    since: date | None
    again: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """The name of a school and where its conversation stands; for an officer, only that a formal route was noted."""

    urn: str
    name: str
    fictitious: bool
    says: str
    since: date


@dataclass(frozen=True, slots=True)
class ConversationsSeen:
    """The list as one viewer has it: each part is there only for whoever it is for. `parts` names those that are theirs."""

    own: tuple[Held, ...]
    held: tuple[Held, ...]
    waiting: tuple[Waiting, ...]
    read_along: tuple[Held, ...]
    followed: tuple[Followed, ...]
    formal: tuple[Followed, ...]
    ended: tuple[Held, ...]
    parts: frozenset[str]
    order: str

    @property
    def named(self) -> tuple[str, ...]:
        """The URN of every school that the list names, for writing down who looked."""
        rows: list[Any] = [*self.held, *self.waiting, *self.read_along, *self.followed, *self.formal, *self.ended]
        return tuple(dict.fromkeys(each.urn for each in rows))


#: Steps after which a conversation stands somewhere else.
MOVING = [each.value for each in (Step.SHARED, Step.REPLIED, Step.TRIAGED, Step.REVIEWED, Step.CLOSED, Step.WITHDRAWN)]
#: What an officer is told, and nothing besides.
NOTED = Outcome.FORMAL_ROUTE.says
#: The orders in which a list may stand. By a number there is none: a list of schools is no league table.
ORDERS = ("name", "date")


def conversations(slug: str, *, viewer: Viewer, at: date | datetime, order: str = "name") -> ConversationsSeen | None:
    """The conversations that this viewer may know of, by name or by date; None for whoever has no part in any. At most eight queries.

    A school's own people see their own; a broker those they hold and what is suggested; a cluster lead those they were let into; the
    manager, after the ten working days, name and state; an officer, after them, that a formal route was noted.
    """
    on = day_of(at)
    parts = _parts(viewer) if _inside(viewer, slug) else frozenset()
    if not parts:
        return None
    rows = list(_rows(viewer, on).filter(_near(viewer)).defer("lines").order_by("school__name", "-opened_on", "-id"))
    led = led_schools([row.school_id for row in rows], viewer=viewer, at=on)
    seen = [(row, _seen(row, viewer, led, on)) for row in rows]
    unanswered = _unanswered([row.pk for row, each in seen if each.sight is Sight.HOLDS])
    waiting = _waiting(viewer, seen, on) if "broker" in parts else []
    key = "since" if order == "date" else "name"

    def sorted_(found: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(sorted(found, key=lambda each: (getattr(each, key) or date.min, each.name), reverse=False))

    going = [(row, each) for row, each in seen if each.state.open]
    return ConversationsSeen(
        own=sorted_(_held(each, on) for _, each in seen if each.sight is Sight.OWN),
        held=sorted_(_held(each, on, unanswered.get(each.id, 0)) for _, each in going if each.sight is Sight.HOLDS),
        waiting=sorted_(waiting),
        read_along=sorted_(_held(each, on) for _, each in going if each.sight is Sight.READS),
        followed=sorted_(_followed(each, each.state.says, each.since) for _, each in going if each.sight is Sight.STATE),
        formal=sorted_(_followed(each, NOTED, each.triaged_on or each.since) for _, each in going if each.sight is Sight.FORMAL),
        ended=sorted_(_held(each, on) for _, each in seen if not each.state.open and each.sight is Sight.READS),
        parts=parts, order="date" if order == "date" else "name",
    )  # fmt: skip


def _parts(viewer: Viewer) -> frozenset[str]:
    """Which parts of the list are this viewer's."""
    given = {
        "school": any(viewer.sees_record(urn) for urn in viewer.urns),
        "broker": viewer.may(Permission.CONVERSATION_HOLD),
        "cluster": viewer.holds("cluster-lead"),
        "manager": viewer.may(Permission.CONVERSATION_FOLLOW),
        "officer": viewer.holds("officer"),
    }
    return frozenset(part for part, theirs in given.items() if theirs)


def _near(viewer: Viewer) -> Q:
    """Rows that could be anything to this viewer; the circle then says what."""
    own = Q(school_id__in=[urn for urn in viewer.urns if viewer.sees_record(urn)])
    going = Q(state__in=OPEN_STATES)
    parts = _parts(viewer)
    if parts & {"manager", "officer", "broker"}:
        return own | going | Q(broker_id=viewer.person_id)
    return own | (going & Q(cluster_may_see=True)) if "cluster" in parts else own


def _unanswered(ids: list[int]) -> dict[int, int]:
    """How many corrections and disputes of these conversations wait for an answer."""
    if not ids:
        return {}
    rows = Reply.objects.filter(conversation_id__in=ids, kind__in=("correction", "dispute"), answered_by=None)
    found: dict[int, int] = {}
    for pk in rows.values_list("conversation_id", flat=True):
        found[pk] = found.get(pk, 0) + 1
    return found


def _held(seen: ConversationSeen, on: date, waiting_words: int = 0) -> Held:
    says, day = _next(seen, on)
    return Held(seen.id, seen.urn, seen.name, seen.fictitious, seen.state, seen.says, seen.since, says, day, waiting_words)


def _next(seen: ConversationSeen, on: date) -> tuple[str, date | None]:
    """The next day that matters to a conversation, and why, in words for its school or for its broker."""
    own = seen.sight is Sight.OWN
    if seen.state is State.SUGGESTED:
        yours = "your broker shares the lines with you" if seen.broker else "a broker takes it up"
        return (yours if own else "to be shared with the school"), None
    if seen.state is State.SHARED and seen.alone_until is not None:
        says = "say what you think by" if own else "the school replies by"
        return says if on <= seen.alone_until else "the ten working days ended on", seen.alone_until
    if seen.state is State.TRIAGED:
        late = seen.review_due_on is not None and seen.review_due_on < on
        return "was to be reviewed by" if late else "reviewed by", seen.review_due_on
    return ("agree what comes next", None) if seen.state.open else ("", None)


def _followed(seen: ConversationSeen, says: str, since: date) -> Followed:
    return Followed(seen.urn, seen.name, seen.fictitious, says, since)


def _waiting(viewer: Viewer, seen: list[tuple[EarlyConversation, ConversationSeen]], on: date) -> list[Waiting]:
    """Schools of members, not the viewer's own, that are suggested and that nobody has taken up."""
    assert viewer.partnership is not None
    members = Membership.objects.filter(in_force(on), partnership_id=viewer.partnership.id)
    names = {urn: (name, invented) for urn, name, invented in members.values_list("school_id", "school__name", "school__fictitious")}
    found = suggestions(names, partnership_id=viewer.partnership.id, viewer=viewer, at=on)
    before = _talked(viewer.partnership.id, list(found))
    taken = {row.school_id for row, each in seen if each.state.open}
    given = [
        Waiting(urn, *names[urn], each.lines, False, None, bool(before.get(urn)))
        for urn, each in found.items()
        if urn not in taken and urn not in viewer.urns and each.run not in before.get(urn, ())
    ]
    asked = [
        Waiting(
            row.school_id, each.name, each.fictitious, found[row.school_id].lines if row.school_id in found else 0, each.asked_itself,
            row.opened_on, False,
        )
        for row, each in seen
        if each.sight is Sight.SUGGESTED
    ]  # fmt: skip
    return given + asked


def _talked(partnership_id: int, urns: list[str]) -> dict[str, set[str]]:
    """The runs over which each of these schools has had a conversation that ended."""
    rows = EarlyConversation.objects.filter(partnership_id=partnership_id, school_id__in=urns).exclude(state__in=OPEN_STATES)
    found: dict[str, set[str]] = {}
    for urn, run in rows.values_list("school_id", "run"):
        found.setdefault(urn, set()).add(run)
    return found


def to_take_up(urn: str, *, viewer: Viewer, at: date | datetime) -> Suggestion | None:
    """What a broker may take up for a school: one that asked itself, that has no broker for now, or that a new run suggests; or None.

    At most five queries.
    """
    if viewer.partnership is None or not viewer.may(Permission.CONVERSATION_HOLD) or urn in viewer.urns:
        return None
    on = day_of(at)
    row = _rows(viewer, on).filter(school_id=urn, state__in=OPEN_STATES).first()
    if row is None:
        return suggestion_to_take_up(urn, viewer=viewer, at=at)
    return Suggestion(urn, 0, row.run) if _seen(row, viewer, frozenset(), on).sight is Sight.SUGGESTED else None


def suggestion_to_take_up(urn: str, *, viewer: Viewer, at: date | datetime) -> Suggestion | None:
    """What a broker may take up for a school that has no open conversation: None when nothing new is suggested. At most three queries."""
    if viewer.partnership is None or not viewer.may(Permission.CONVERSATION_HOLD):
        return None
    here, on = viewer.partnership.id, day_of(at)
    if not Membership.objects.filter(in_force(on), partnership_id=here, school_id=urn).exists():
        return None
    found = suggestions([urn], partnership_id=here, viewer=viewer, at=on).get(urn)
    return found if found is not None and found.run not in _talked(here, [urn]).get(urn, set()) else None
