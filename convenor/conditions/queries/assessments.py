"""The nine conditions over time: what members said together, year by year, beside what the data say; and one's own answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists

from convenor.conditions.models import SelfAssessment, SelfAssessmentAnswer
from convenor.conditions.queries.evidence import evidence
from convenor.conditions.rules import self_assessment as rules
from convenor.conditions.rules.cards import NINE_CONDITIONS, Card, cards_from
from convenor.conditions.rules.evidence import EvidenceLine
from convenor.conditions.rules.evidence import read as read_evidence
from convenor.conditions.rules.groups import group_words
from convenor.conditions.rules.self_assessment import Answer, ConditionTold, Level, Told
from convenor.conditions.rules.states import AssessmentState
from convenor.partnership.gate import Viewer
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.published import phase_key
from convenor.registers.models import School


@dataclass(frozen=True, slots=True)
class OpenSeen:
    """A self-assessment that is open: how many have answered, and whether the viewer has. `ended`: its last day is over."""

    id: int
    title: str
    closes_on: date
    answered: int
    mine: bool
    ended: bool
    version: int


@dataclass(frozen=True, slots=True)
class YearSeen:
    """One closed self-assessment as it was told. `evidence` are the lines kept that day which the viewer may see."""

    id: int
    title: str
    closed_on: date
    told: Told
    levels: tuple[Level, ...]
    evidence: tuple[EvidenceLine, ...]


@dataclass(frozen=True, slots=True)
class ConditionSeen:
    """One condition: what is told of it in each year, the newest first, and the lines of today beside it."""

    card: Card
    years: tuple[tuple[YearSeen, ConditionTold], ...]
    lines: tuple[EvidenceLine, ...]


@dataclass(frozen=True, slots=True)
class OverTime:
    """The nine conditions. `years` are closed self-assessments, the newest first; `open` is that which goes on, if any."""

    conditions: tuple[ConditionSeen, ...]
    years: tuple[YearSeen, ...]
    open: OpenSeen | None
    may_say: bool
    may_ask: bool

    @property
    def newest(self) -> YearSeen | None:
        """The newest that was closed."""
        return self.years[0] if self.years else None


def over_time(slug: str, *, viewer: Viewer, at: date | datetime) -> OverTime | None:
    """What members said of each condition over the years, and what the data say today; None for whoever may not see it."""
    if not _sees(slug, viewer):
        return None
    on = day_of(at)
    rows = list(SelfAssessment.objects.filter(partnership__slug=slug).order_by("-opens_on", "-pk"))
    years = tuple(_year(row, viewer, on) for row in rows if row.state == AssessmentState.CLOSED.value)
    lines = evidence(slug, viewer=viewer, at=at) or {}
    found = []
    for card in NINE_CONDITIONS:
        told = tuple((year, year.told.conditions[card.key]) for year in years if card.key in year.told.conditions)
        found.append(ConditionSeen(card, told, lines.get(card.key, ())))
    going = next((row for row in rows if row.state == AssessmentState.OPEN.value), None)
    may_say, may_ask = viewer.may(Permission.CONDITIONS_SAY), viewer.may(Permission.CONDITIONS_ASK)
    return OverTime(tuple(found), years, _open(going, viewer, on) if going else None, may_say, may_ask)


def _sees(slug: str, viewer: Viewer) -> bool:
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.CONDITIONS_SEE)


def _year(row: SelfAssessment, viewer: Viewer, on: date) -> YearSeen:
    told = rules.read(row.told, conditions=[each["key"] for each in row.cards])
    lines = tuple(each for each in read_evidence(row.evidence) if not each.needs or viewer.may(Permission(each.needs)))
    closed_on = day_of(row.closed_at) if row.closed_at else row.closes_on
    return YearSeen(row.pk, row.title, closed_on, told, rules.levels_from(row.levels), lines)


def _open(row: SelfAssessment, viewer: Viewer, on: date) -> OpenSeen:
    people = set(SelfAssessmentAnswer.objects.filter(assessment=row).values_list("person_id", flat=True))
    return OpenSeen(row.pk, row.title, row.closes_on, len(people), viewer.person_id in people, on > row.closes_on, row.version)


@dataclass(frozen=True, slots=True)
class ConditionPage:
    """One condition over the years, by groups where they can be told. `words` are what people wrote of it in the newest, without a name
    and in no order that tells anything; for whoever asks the members, and of five people or more."""

    seen: ConditionSeen
    words: tuple[str, ...]
    may_read: bool


def condition_page(slug: str, key: str, *, viewer: Viewer, at: date | datetime) -> ConditionPage | None:
    """One condition; None where there is none of that key, or for whoever may not see it."""
    found = over_time(slug, viewer=viewer, at=at)
    seen = next((each for each in found.conditions if each.card.key == key), None) if found else None
    if found is None or seen is None:
        return None
    words: list[str] = []
    if found.may_ask and found.newest is not None and found.newest.told.enough:
        rows = SelfAssessmentAnswer.objects.filter(assessment_id=found.newest.id).values_list("words", flat=True)
        words = sorted(each[key] for each in rows if each.get(key))
    return ConditionPage(seen, tuple(words), found.may_ask)


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """One's own answer to the self-assessment that is open. Until then (`version` 0) the page is filled with what one said in `before`.

    `groups` are those among which it would count, in words.
    """

    id: int
    title: str
    closes_on: date
    cards: tuple[Card, ...]
    levels: tuple[Level, ...]
    given: Mapping[str, int]
    words: Mapping[str, str]
    in_groups: bool
    version: int
    before: date | None
    groups: tuple[str, ...]


def own_answer(slug: str, *, viewer: Viewer, at: date | datetime) -> OwnAnswer | None:
    """What the viewer said, or would begin with; None where none is open, or for whoever says nothing here. Four queries at most.

    Words are not carried over from one year to the next: they belong to their year.
    """
    if not _sees(slug, viewer) or not viewer.may(Permission.CONDITIONS_SAY):
        return None
    on = day_of(at)
    row = SelfAssessment.objects.filter(partnership__slug=slug, state=AssessmentState.OPEN.value, closes_on__gte=on).first()
    if row is None:
        return None
    answers = SelfAssessmentAnswer.objects.filter(assessment__partnership__slug=slug, person_id=viewer.person_id or 0)
    mine = answers.filter(assessment=row).first()
    last = mine or answers.order_by("-sent_at", "-pk").first()
    cards, levels = cards_from(row.cards), rules.levels_from(row.levels)
    keys, offered = {card.key for card in cards}, {each.level for each in levels}
    given = {key: level for key, level in (last.levels if last else {}).items() if key in keys and level in offered}
    role, phase, type_ = group_of_viewer(viewer=viewer)
    groups = tuple(group_words(of, each) for of, each in (("role", role), ("phase", phase), ("type", type_)) if each)
    return OwnAnswer(
        row.pk, row.title, row.closes_on, cards, levels, given, mine.words if mine else {}, bool(last is None or last.role),
        mine.version if mine else 0, day_of(last.sent_at) if last and not mine else None, groups,
    )  # fmt: skip


def is_open(*, viewer: Viewer, at: date | datetime) -> Exists:
    """Whether a self-assessment of the viewer's partnership takes answers today: a part of another query."""
    here = viewer.partnership.id if viewer.partnership and viewer.may(Permission.CONDITIONS_SAY) else 0
    rows = SelfAssessment.objects.filter(partnership_id=here, state=AssessmentState.OPEN.value)
    return Exists(rows.filter(closes_on__gte=day_of(at)))


def to_answer(slug: str, *, viewer: Viewer, at: date | datetime) -> OpenSeen | None:
    """The self-assessment that the viewer has not answered yet, for their home; None where there is none. Two queries at most."""
    if not _sees(slug, viewer) or not viewer.may(Permission.CONDITIONS_SAY):
        return None
    on = day_of(at)
    row = SelfAssessment.objects.filter(partnership__slug=slug, state=AssessmentState.OPEN.value, closes_on__gte=on).first()
    seen = _open(row, viewer, on) if row is not None else None
    return None if seen is None or seen.mine else seen


def group_of_viewer(*, viewer: Viewer) -> tuple[str, str, str]:
    """Among whom what somebody says counts: what they do, the phase and type of their first school. One query, or none."""
    role = rules.role_of([each.role for each in viewer.holdings])
    urn = next(iter(viewer.urns), None)
    row = School.objects.filter(urn=urn).values("phase", "type_group", "trust_id").first() if urn else None
    if row is None:
        return role, "", ""
    return role, phase_key(row["phase"]), rules.type_of(row["type_group"], in_a_trust=row["trust_id"] is not None)


def answers_of(assessment_id: int, *, viewer: Viewer | str) -> list[Answer]:
    """Every answer as the rules know it, for an action that tells of them together; never for a page. One query."""
    rows = SelfAssessmentAnswer.objects.filter(assessment_id=assessment_id).order_by("pk")
    return [Answer(*each) for each in rows.values_list("levels", "role", "phase", "type")]
