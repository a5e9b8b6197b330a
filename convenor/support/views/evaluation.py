"""What both sides say of a package, and the lesson that others may read once both heads agree to its words."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import ActionPage
from convenor.support.actions.evaluations import evaluate
from convenor.support.actions.lessons import share_lesson, take_back_lesson
from convenor.support.forms import deployments as boxes
from convenor.support.forms.packages import NothingToFillIn
from convenor.support.queries import evaluation as queries
from convenor.support.queries import plan as plan_queries
from convenor.support.queries.effect import verdict_here
from convenor.support.queries.evaluation import EvaluationsSeen, OwnLesson
from convenor.support.queries.standing import PackageHere, package_here
from convenor.support.rules.evaluation import MET_SAYS, MOMENT_SAYS, SIDES, USEFUL_SAYS, WORTH_SAYS, Moment
from convenor.support.rules.ownership import Sight
from convenor.support.rules.plan import SIDE_SAYS
from convenor.support.rules.states import Who
from convenor.support.views.package_steps import PackageAction
from convenor.support.views.packages import ROOM, OfPackage

SPEAKING = frozenset({Who.RECEIVING, Who.SUPPLYING, Who.SUPPORTER})
HEADS = frozenset({Who.RECEIVING, Who.SUPPLYING})


def side_here(here: PackageHere) -> Who | None:
    """For which side this viewer speaks at the end; None for neither."""
    if here.acts_as(Who.RECEIVING):
        return Who.RECEIVING
    return Who.SUPPLYING if here.who & {Who.SUPPLYING, Who.SUPPORTER} else None


def asked_now(here: PackageHere, seen: EvaluationsSeen, today: Any) -> list[Moment]:
    """The moments at which this viewer's side may evaluate today and has not."""
    side = side_here(here)
    if side is None:
        return []
    open_now = [Moment.END] if seen.closing else []
    open_now += [moment for moment, day in seen.opens.items() if day <= today]
    return [moment for moment in open_now if seen.of(side, moment) is None]


class Evaluation(OfPackage):
    """What both sides said, the lesson, and what is asked of the viewer."""

    sight = Sight.EVALUATION

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page; a look from outside the school is written down first."""
        here = self.here
        self.looked(Sight.EVALUATION)
        seen: EvaluationsSeen = self.found(queries.evaluations(here, viewer=self.viewer))
        plan = plan_queries.plan(here, viewer=self.viewer)
        side = side_here(here) if here.who & HEADS else None
        own = seen.of(side, Moment.END) if side else None
        return self.page(
            "support/evaluation.jinja",
            r=here,
            eyebrow=here.school,
            seen=seen,
            titles={each.number: each.goal.title for each in (*plan.objectives, *plan.ended)} if plan else {},
            sides=[(SIDE_SAYS[each], each in seen.lesson.agreed) for each in SIDES],
            side_says=SIDE_SAYS,
            moments=MOMENT_SAYS,
            met_says=MET_SAYS,
            useful=USEFUL_SAYS,
            worth=WORTH_SAYS,
            asked=[(MOMENT_SAYS[each], self.address("support-evaluate", each.value)) for each in asked_now(here, seen, self.today)],
            lesson_href=self.address("support-lesson") if own else "",
            take_back_href=self.address("support-lesson-back") if side in seen.lesson.agreed else "",
            coming=[(MOMENT_SAYS[each], day) for each, day in seen.opens.items() if day > self.today],
            effect=verdict_here(here, viewer=self.viewer),
            effect_href=self.address("support-effect"),
            back=self.address("support-package"),
        )


class Evaluate(PackageAction):
    """One side says what came of it."""

    template = "support/evaluate.jinja"
    sight, whom = Sight.EVALUATION, SPEAKING
    title, button, done = "What came of it", "This is what we say", "Kept. It stands as you wrote it."
    lede = "“It did not help” is an answer as good as any: it is worth knowing."

    @cached_property
    def moment(self) -> Moment:
        """The moment of the address."""
        found: Moment = self.found(next((each for each in Moment if each.value == self.kwargs["moment"]), None))
        return found

    def may(self) -> bool:
        seen: EvaluationsSeen = self.found(queries.evaluations(self.here, viewer=self.viewer))
        return self.moment in asked_now(self.here, seen, self.today)

    def box(self, data: Any) -> Form:
        self.looked(Sight.EVALUATION)
        plan = plan_queries.plan(self.here, viewer=self.viewer)
        objectives = [(each.number, each.goal.title, each.goal.baseline, each.goal.target) for each in plan.objectives] if plan else []
        receiving = side_here(self.here) is Who.RECEIVING
        return boxes.EvaluationForm(data, objectives=objectives, receiving=receiving, at_end=self.moment is Moment.END)

    def about(self) -> dict[str, Any]:
        return super().about() | {"moment_says": MOMENT_SAYS[self.moment]}

    def back(self) -> str:
        return reverse("support-evaluation", args=[self.slug, self.kwargs["pk"]])

    def perform(self, form: Any) -> None:
        evaluate(**self.known, moment=self.moment, said=form.said)


class Lesson(PackageAction):
    """A head agrees that others read a lesson, in these words."""

    sight, whom = Sight.EVALUATION, HEADS
    title, button, done = "What others could learn", "Let others read these words", "Kept. Others read it once both heads agree to it."
    lede = "The directory shows it, without your schools’ names, once both heads agree to the same words."

    @cached_property
    def seen(self) -> EvaluationsSeen:
        """What was said so far."""
        found: EvaluationsSeen = self.found(queries.evaluations(self.here, viewer=self.viewer))
        return found

    def may(self) -> bool:
        side = side_here(self.here)
        speaks = self.here.supplying_urn if side is Who.SUPPLYING else self.here.urn
        heads = bool(self.here.who & HEADS) and (not speaks or self.viewer.may(Permission.SCHOOL_SPEAK, urn=speaks))
        return heads and side is not None and self.seen.of(side, Moment.END) is not None

    def box(self, data: Any) -> Form:
        self.looked(Sight.EVALUATION)
        return boxes.LessonForm(data, initial={"words": self.seen.lesson.words, "read": self.seen.lesson.words})

    def back(self) -> str:
        return reverse("support-evaluation", args=[self.slug, self.kwargs["pk"]])

    def perform(self, form: Any) -> None:
        given = {key: value for key, value in self.known.items() if key != "version"}
        share_lesson(**given, words=form.cleaned_data["words"], read=form.cleaned_data["read"].replace("\r\n", "\n"))


class TakeBackLesson(ActionPage):
    """A head no longer agrees that others read it. Also for the side that lent, to whom the package itself may have closed."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, "support-packages"
    confidential = True
    template = "support/package_action.jinja"
    title, button, done = "Take the lesson back", "Take it back", "Taken back. The directory no longer shows it."
    lede = "No reason is asked."

    @cached_property
    def lesson(self) -> OwnLesson:
        """The lesson that one's own side agreed to."""
        found: OwnLesson = self.found(queries.own_lesson(self.slug, self.kwargs["pk"], viewer=self.viewer))
        return found

    def form(self, data: Any = None) -> Form:
        assert self.lesson
        return NothingToFillIn(data)

    def perform(self, form: Any) -> None:
        take_back_lesson(slug=self.slug, package_id=self.lesson.package, by=self.viewer, at=self.now)

    def about(self) -> dict[str, Any]:
        return {"words": self.lesson.words, "version": "", "not_now": ()}

    def back(self) -> str:
        """The evaluation, while the package is open to them; the directory otherwise."""
        here = package_here(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.now)
        if here is not None and here.sees(Sight.EVALUATION):
            return reverse("support-evaluation", args=[self.slug, self.kwargs["pk"]])
        return reverse("support-directory", args=[self.slug])
