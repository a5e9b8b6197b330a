"""What was written, for whoever reads it on the partnership's behalf: answers without their senders, themes, suggested groupings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from convenor.consultation.models import Coding, Response, Theme
from convenor.consultation.queries.consultations import ConsultationSeen, consultation, runs_here
from convenor.consultation.rules.grouping import Suggestions, suggest
from convenor.consultation.rules.questions import QuestionAsked
from convenor.consultation.rules.states import ConsultationState, Heard, QuestionKind, ResponseKind, ResponseState
from convenor.consultation.rules.themes import HEARD, ThemeTold, told
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

READ_IN = (ConsultationState.CLOSED, ConsultationState.REPORTED)


@dataclass(frozen=True, slots=True)
class ThemeSeen:
    """A theme as whoever reads the answers sees it. `filed` counts every answer filed under it."""

    pk: int
    question: str
    name: str
    said: str
    heard: str
    did: str
    decision_id: int | None
    from_suggestion: str
    filed: int
    version: int

    @property
    def heard_says(self) -> str:
        """What came of it, in words; "" where nothing is said yet."""
        return HEARD[Heard(self.heard)] if self.heard else ""

    @property
    def finished(self) -> bool:
        """Whether it can be reported."""
        return bool(self.said.strip() and self.heard)


@dataclass(frozen=True, slots=True)
class QuestionRead:
    """One open question: how many wrote to it, how many answers are filed under no theme yet, and its themes."""

    question: QuestionAsked
    answers: int
    unfiled: int
    themes: tuple[ThemeSeen, ...]


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """One answer to read: its words, never its sender. `others` are the other themes it is filed under."""

    pk: int
    words: str
    filed: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThemeRead:
    """One theme with the answers to its question."""

    seen: ConsultationSeen
    question: QuestionAsked
    theme: ThemeSeen
    answers: tuple[AnswerRead, ...]


def written(consultation_id: int, question: str, *, viewer: Viewer | str) -> dict[int, str]:
    """What was written to one open question, by the key of the response; nothing for whoever does not run consultations. One query."""
    rows = Response.objects.filter(consultation_id=consultation_id, state=ResponseState.SENT.value)
    if not isinstance(viewer, str):
        if viewer.partnership is None or not viewer.may(Permission.CONSULTATION_RUN):
            return {}
        rows = rows.filter(consultation__partnership_id=viewer.partnership.id)
    found = ((pk, answers.get(question)) for pk, answers in rows.order_by("pk").values_list("pk", "answers"))
    return {pk: words for pk, words in found if isinstance(words, str) and words.strip()}


def themes_of(consultation_id: int, *, viewer: Viewer | str) -> list[ThemeSeen]:
    """The themes of a consultation, in the order of its questions; none for whoever does not run consultations. Two queries."""
    rows = Theme.objects.filter(consultation_id=consultation_id)
    if not isinstance(viewer, str):
        if viewer.partnership is None or not viewer.may(Permission.CONSULTATION_RUN):
            return []
        rows = rows.filter(consultation__partnership_id=viewer.partnership.id)
    filed: dict[int, int] = {}
    for theme in Coding.objects.filter(theme__in=rows).values_list("theme_id", flat=True):
        filed[theme] = filed.get(theme, 0) + 1
    fields = ("pk", "question__key", "name", "said", "heard", "did", "decision_id", "from_suggestion", "version")
    return [
        ThemeSeen(pk, question, name, said, heard, did, decision, how, filed.get(pk, 0), version)
        for pk, question, name, said, heard, did, decision, how, version in rows.order_by(
            "question__order", "question_id", "pk"
        ).values_list(*fields)
    ]


def reading(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> tuple[ConsultationSeen, tuple[QuestionRead, ...]] | None:
    """The open questions of a consultation that has closed, with their themes, for whoever runs it; None for anyone else."""
    seen = consultation(slug, pk, viewer=viewer, at=at)
    if seen is None or not runs_here(viewer, slug) or seen.state not in READ_IN:
        return None
    themes = themes_of(pk, viewer=viewer)
    codings = list(Coding.objects.filter(theme__consultation_id=pk).values_list("theme__question__key", "response_id"))
    found = []
    for each in seen.questions:
        if each.kind is QuestionKind.OPEN:
            answers = written(pk, each.key, viewer=viewer)
            filed = {response for question, response in codings if question == each.key}
            mine = tuple(theme for theme in themes if theme.question == each.key)
            found.append(QuestionRead(each, len(answers), len(set(answers) - filed), mine))
    return seen, tuple(found)


def theme(slug: str, pk: int, theme_id: int, *, viewer: Viewer, at: date | datetime) -> ThemeRead | None:
    """One theme with every answer to its question, for whoever runs the consultation; None for anyone else."""
    seen = consultation(slug, pk, viewer=viewer, at=at)
    if seen is None or not runs_here(viewer, slug) or seen.state not in READ_IN:
        return None
    all_of_them = themes_of(pk, viewer=viewer)
    one = next((each for each in all_of_them if each.pk == theme_id), None)
    if one is None:
        return None
    names: dict[int, list[str]] = {}
    filed = set()
    for response, number, name in Coding.objects.filter(theme__question__key=one.question, theme__consultation_id=pk).values_list(
        "response_id", "theme_id", "theme__name"
    ):
        if number == theme_id:
            filed.add(response)
        else:
            names.setdefault(response, []).append(name)
    answers = written(pk, one.question, viewer=viewer)
    return ThemeRead(
        seen, next(each for each in seen.questions if each.key == one.question), one,
        tuple(AnswerRead(key, words, key in filed, tuple(sorted(names.get(key, ())))) for key, words in answers.items()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SuggestedRead:
    """Suggested groupings of what is filed nowhere yet, with the words of each answer."""

    seen: ConsultationSeen
    question: QuestionAsked
    suggestions: Suggestions
    words: Mapping[int, str]


def suggestions(slug: str, pk: int, question: str, *, viewer: Viewer, at: date | datetime) -> SuggestedRead | None:
    """Suggested groupings of the answers to a question that are filed under no theme; None for whoever does not run the consultation."""
    seen = consultation(slug, pk, viewer=viewer, at=at)
    if seen is None or not runs_here(viewer, slug) or seen.state is not ConsultationState.CLOSED:
        return None
    asked = next((each for each in seen.questions if each.key == question and each.kind is QuestionKind.OPEN), None)
    if asked is None:
        return None
    filed = set(Coding.objects.filter(theme__question__key=question, theme__consultation_id=pk).values_list("response_id", flat=True))
    words = {key: text for key, text in written(pk, question, viewer=viewer).items() if key not in filed}
    return SuggestedRead(seen, asked, suggest(words, asked.words), words)


def themes_told(row: Any, *, viewer: Viewer | str) -> list[tuple[str, list[ThemeTold]]]:
    """The themes as they are reported, by the words of their question: numbers under five left out. For whoever publishes the report."""
    seen = themes_of(row.pk, viewer=viewer)
    kinds: dict[int, list[ResponseKind]] = {}
    for number, kind in Coding.objects.filter(theme__in=[each.pk for each in seen]).values_list("theme_id", "response__kind"):
        kinds.setdefault(number, []).append(ResponseKind(kind))
    decisions = dict(Theme.objects.filter(pk__in=[each.pk for each in seen]).values_list("pk", "decision__words"))
    found: dict[str, list[ThemeTold]] = {}
    asked = dict(Theme.objects.filter(pk__in=[each.pk for each in seen]).values_list("question__key", "question__words"))
    for each in seen:
        schools, views = told(kinds.get(each.pk, []))
        found.setdefault(asked[each.question], []).append(
            ThemeTold(each.name, each.said, each.heard_says, each.did, decisions[each.pk] or "", schools, views)
        )
    return list(found.items())
