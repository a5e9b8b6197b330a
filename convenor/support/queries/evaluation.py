"""What both sides said of a package, its lesson, and the lessons that the directory shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.partnership.roles import Permission
from convenor.support.models import Evaluation, Package, ProgressReview
from convenor.support.queries.standing import PackageHere, parts_of
from convenor.support.rules.evaluation import Came, Lesson, Moment, came_from, lesson_of, opens_on
from convenor.support.rules.gates import Gate
from convenor.support.rules.ownership import Sight
from convenor.support.rules.states import Met, ReviewDecision, StateKind, Who
from convenor.support.rules.workflows import workflow_from

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class EvaluationSeen:
    """What one side said at a moment."""

    side: Who
    moment: Moment
    came: tuple[Came, ...]
    useful: int | None
    worth: int | None
    words: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class EvaluationsSeen:
    """All that was said of a package, and its lesson. `closing`: a side may evaluate at the end. `opens`: from when it is asked again."""

    said: tuple[EvaluationSeen, ...]
    lesson: Lesson
    closing: bool
    opens: dict[Moment, date]
    met: Met | None

    def of(self, side: Who, moment: Moment) -> EvaluationSeen | None:
        """What one side said at one moment."""
        return next((each for each in self.said if each.side is side and each.moment is moment), None)


def evaluations(here: PackageHere, *, viewer: Viewer) -> EvaluationsSeen | None:
    """What both sides said; None for whoever may not see it. At most five queries."""
    if not here.sees(Sight.EVALUATION):
        return None
    row = Package.objects.get(pk=here.pk)
    rows = Evaluation.objects.filter(package_id=here.pk).select_related("by").order_by("at", "id")
    said = tuple(
        EvaluationSeen(
            Who(each.side), Moment(each.moment), tuple(came_from(raw) for raw in each.objectives), each.useful, each.worth, each.words,
            each.at, each.by.name,
        )
        for each in rows
    )  # fmt: skip
    opens = {moment: day for moment in (Moment.SIX, Moment.TWELVE) if (day := opens_on(moment, row.ended_on)) is not None}
    met = Met(row.met) if row.met else None
    return EvaluationsSeen(said, lesson_stands(here.pk, viewer=viewer), closing(row, viewer=viewer), opens, met)


def lesson_stands(package_id: int, *, viewer: Viewer) -> Lesson:
    """The lesson of a package and who agrees to it. One query."""
    rows = Evaluation.objects.filter(package_id=package_id, moment=Moment.END.value).values_list("side", "lesson", "lesson_shared")
    return lesson_of({Who(side): (words, shared) for side, words, shared in rows})


def lesson_side(row: Package, *, viewer: Viewer) -> Who | None:
    """The side of a package for which this viewer may take its lesson back, however long ago it ended: a head, chair or trust leader, or a
    supporter whom no school lends. None for everybody else. One query at most."""
    who = parts_of(row, viewer=viewer)
    if Who.RECEIVING in who:
        return Who.RECEIVING if viewer.may(Permission.SCHOOL_SPEAK, urn=row.school_id) else None
    lends = row.supporter.school_id if row.supporter is not None else None
    if Who.SUPPLYING in who and (not lends or viewer.may(Permission.SCHOOL_SPEAK, urn=lends)):
        return Who.SUPPLYING
    return None


@dataclass(frozen=True, slots=True)
class OwnLesson:
    """A lesson that one's own side agreed to: its words alone, since the package may be closed to that side by now."""

    package: int
    side: Who
    words: str


def own_lesson(slug: str, pk: int, *, viewer: Viewer) -> OwnLesson | None:
    """The lesson of a package that this viewer's side agreed to and may take back today; None for everybody else. Three queries."""
    row = Package.objects.filter(pk=pk, partnership__slug=slug).select_related("supporter").first()
    here = viewer.partnership
    side = lesson_side(row, viewer=viewer) if row is not None and here is not None and here.slug == slug else None
    lesson = lesson_stands(pk, viewer=viewer)
    return OwnLesson(pk, side, lesson.words) if side is not None and side in lesson.agreed else None


def closing(row: Package, *, viewer: Viewer) -> bool:
    """Whether support comes to its end: it ended, its newest review leaves, or its workflow asks for the evaluation where it stands.

    One query at most.
    """
    if row.ended_on is not None or row.kind in (StateKind.AFTER.value, StateKind.ENDED.value):
        return True
    asked = [each for each in workflow_from(row.workflow).tasks if each.fact == Gate.EVALUATED.value]
    if any(row.state in each.states for each in asked):
        return True
    last = ProgressReview.objects.filter(package=row).order_by("-held_on", "-id").values_list("decision", flat=True).first()
    return last == ReviewDecision.EXIT.value


@dataclass(frozen=True, slots=True)
class LessonSeen:
    """A lesson in the directory: its words, for what, and when. Never which school received. `take_back`: the package, for whoever speaks
    for the side that lent and so may take it back at any time; 0 for everybody else."""

    words: str
    themes: tuple[str, ...]
    at: datetime
    take_back: int = 0


def lessons_of(supporters: Iterable[int], *, viewer: Viewer) -> dict[int, list[LessonSeen]]:
    """The lessons to which both heads agree, by supporter, newest first; for members of the partnership. Two queries.

    The school that received is not named.
    """
    if viewer.partnership is None:
        return {}
    rows = Evaluation.objects.filter(
        package__supporter_id__in=list(supporters), package__partnership__slug=viewer.partnership.slug, moment=Moment.END.value
    ).select_related("package__supporter")  # fmt: skip
    by_package: dict[int, list[Evaluation]] = {}
    for each in rows.prefetch_related("package__objectives"):
        by_package.setdefault(each.package_id, []).append(each)
    found: dict[int, list[LessonSeen]] = {}
    for some in by_package.values():
        lesson = lesson_of({Who(each.side): (each.lesson, each.lesson_shared) for each in some})
        if lesson.shared:
            row = some[0].package
            themes = tuple(dict.fromkeys(each.area for each in row.objectives.all()))
            own = row.pk if lesson_side(row, viewer=viewer) is not None else 0
            found.setdefault(row.supporter_id or 0, []).append(LessonSeen(lesson.words, themes, max(each.at for each in some), own))
    return {pk: sorted(each, key=lambda one: one.at, reverse=True) for pk, each in found.items()}
