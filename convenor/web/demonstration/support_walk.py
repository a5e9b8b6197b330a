"""One package of support of the demonstration, led by the real actions from the asking to where it stands, each step on its day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from convenor.partnership.gate import Viewer
from convenor.partnership.rules.refusals import Refused
from convenor.support.actions import (
    agreements,
    effect,
    evaluations,
    lessons,
    money,
    needs,
    notes,
    packages,
    placing,
    plan,
    progress,
    tasks,
    visits,
)
from convenor.support.queries.agreements import agreed_of
from convenor.support.rules.evaluation import Came, Moment, Said
from convenor.support.rules.money import Line
from convenor.support.rules.needs import Asked
from convenor.support.rules.notes import Words
from convenor.support.rules.plan import Goal
from convenor.support.rules.progress import Rating, Review
from convenor.support.rules.states import Accuracy, Met, Payer, Progress, ReviewDecision
from convenor.web.demonstration.support_people import Lends, Stock
from convenor.web.demonstration.support_words import DISPUTE, SECOND, WHY_CHANGE, WHY_CHOSEN, Story

#: Days from the asking to each step.
CHOSEN, FITS, IN_TOUCH, PLANNED, GOALS, COSTS, AGREED, FIXED, BEGUN = 2, 4, 5, 6, 12, 13, 16, 17, 18
VISITS: Final = (30, 58, 93)
NOTED, MARKED = 2, 4
REVIEWED, CHANGED, AGREED_AGAIN = 100, 103, 106
LAST_REVIEW, ENDING, EVALUATED, SIGNED, CLOSED, LOOKED = 150, 152, 158, 164, 165, 420
HALF_DAYS: Final = 8


@dataclass
class Walk:
    """A package on its way: for a school, with a story; whoever supports is found on the way. Days are counted from `asked_on`; the
    school asked so many days before it as it `waited`."""

    here: Stock
    urn: str
    story: Story
    asked_on: date
    broker: Viewer
    payer: Payer = Payer.RECEIVING
    half_days: int = HALF_DAYS
    need: int = 0
    pk: int = 0
    lends: Lends | None = None
    waited: int = 0
    wished: int = 0
    tier: str = ""

    @property
    def slug(self) -> str:
        """The partnership."""
        return self.here.tell.slug

    @property
    def head(self) -> Viewer:
        """Who speaks for the school that is helped."""
        return self.here.tell.head(self.urn)

    @property
    def lender(self) -> Viewer:
        """Who speaks for the school that lends; whom no school lends speaks for themselves."""
        assert self.lends is not None
        return self.here.tell.head(self.lends.urn) if self.lends.urn else self.lends.who

    def day(self, days: int, hour: int = 10) -> datetime:
        """An instant so many days after the asking, never after the building: on a weekday until support begins, then on a school day."""
        tell, day = self.here.tell, self.asked_on + timedelta(days=days)
        if days >= BEGUN:
            return tell.on(tell.school_day(day), hour)
        return tell.on(day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0), hour)

    def known(self, by: Viewer, days: int, hour: int = 10) -> dict[str, Any]:
        """What every action on the package takes."""
        return {"slug": self.slug, "package_id": self.pk, "by": by, "at": self.day(days, hour)}

    def ask(self, *, priority: int | None = None) -> None:
        """The school asks; or it was agreed with it, for a priority of the board."""
        asked = Asked((self.story.theme,), ("visits", "coaching"), self.story.asks, self.half_days, None, self.payer)
        more: dict[str, Any] = {"origin": "priority", "key": str(priority), "agreed": True} if priority is not None else {}
        by = self.broker if priority is not None else self.head
        self.need = needs.ask_for_support(slug=self.slug, urn=self.urn, asked=asked, by=by, at=self.day(-self.waited, 9), **more).pk

    def open(self, flow: str = "lifecycle") -> None:
        """A package is opened before anybody is chosen."""
        self.pk = packages.open_package(slug=self.slug, need_id=self.need, flow=flow, by=self.broker, at=self.day(1)).pk

    def choose(self, *, flow: str = "lifecycle", days: int = CHOSEN) -> bool:
        """The broker chooses the first who knows the theme and whom no rule keeps apart; whether there is one."""
        used = self.here.given
        outside = self.here.outside
        known = [*self.here.lenders, *([outside] if outside is not None and outside.pk == self.wished else [])]
        fit = [each for each in known if each.urn != self.urn and self.story.theme in each.themes]
        for each in sorted(fit, key=lambda each: (each.pk != self.wished, used.get(each.pk, 0), each.pk)):
            try:
                row = placing.choose(
                    slug=self.slug, need_id=self.need, supporter_id=each.pk, why=WHY_CHOSEN, flow=flow, tier=self.tier,
                    by=self.broker, at=self.day(days),
                )  # fmt: skip
            except Refused:
                continue
            self.lends, self.pk = each, row.packages.get().pk
            used[each.pk] = used.get(each.pk, 0) + 1
            return True
        return False

    def fit(self) -> None:
        """It fits, and they are in touch; the plan begins."""
        said = {"capacity": "yes", "willing": "yes", "interest": "yes", "view": ""}
        tasks.save_task(key="fit", values=said, **self.known(self.broker, FITS))
        self.contact()
        packages.move(key="plan", **self.known(self.broker, PLANNED, 11))

    def contact(self) -> None:
        """The supporter is in touch with the school."""
        assert self.lends is not None
        on = self.day(IN_TOUCH).date().isoformat()
        tasks.save_task(key="contact", values={"on": on, "how": "call"}, **self.known(self.lends.who, IN_TOUCH))

    def goal(self) -> Goal:
        """The first objective."""
        each, begins_on = self.story, self.day(GOALS - 2).date()
        by_on = self.asked_on + timedelta(days=210)
        return Goal(
            each.title, each.theme, each.owner, each.measure, each.baseline, begins_on, each.baseline_n, each.target, by_on, self.half_days
        )  # fmt: skip

    def agree_terms(self, *, both: bool = True) -> None:
        """Objectives, costs, and the head who is helped agrees, or both do."""
        assert self.lends is not None
        plan.set_plan(goals={1: self.goal()}, **self.known(self.head, GOALS))
        line = Line(f"{self.half_days} half days", self.payer, self.half_days, self.lends.rate)
        made = money.add_cost(line=line, **self.known(self.broker, COSTS))
        if self.payer is Payer.FUND:
            money.set_aside(slug=self.slug, cost_id=made.pk, fund_id=self.here.fund, by=self.here.tell.manager, at=self.day(COSTS, 15))
        self.agree(AGREED, both=both)

    def agree(self, days: int, *, both: bool = True) -> None:
        """The heads agree to the plan as it stands."""
        version = agreed_of(self.pk, viewer=self.broker).version
        agreements.agree(plan_version=version, **self.known(self.head, days, 10))
        if both:
            agreements.agree(plan_version=version, **self.known(self.lender, days, 14))

    def begin(self) -> None:
        """Support begins, and what the review of effect compares is fixed.

        The figures of invented schools are known since the building alone, so an outcome is fixed on that day; what nothing published
        measures, before support begins.
        """
        if not self.story.outcome:
            effect.freeze(outcomes=["none"], **self.known(self.broker, FIXED))
        packages.move(key="begin", **self.known(self.broker, BEGUN))
        if self.story.outcome:
            effect.freeze(outcomes=[self.story.outcome], **self.known(self.broker, BEGUN) | {"at": self.here.tell.at})

    def visit(self, number: int, *, noted: bool = True, marked: bool = True, disputed: bool = False) -> None:
        """The supporter visits, writes, and the head says whether it is accurate."""
        assert self.lends is not None
        days, who = VISITS[number], self.lends.who
        made = visits.plan_visit(on=self.free(days), half_days=2, what=self.story.title[:80], objectives=[1], **self.known(who, days - 12))
        if not noted:
            visits.hold(slug=self.slug, visit_id=made.pk, by=who, at=self.here.tell.on(made.on, 16))
            return
        at = self.here.tell.on(self.here.tell.school_day(made.on + timedelta(days=NOTED)), 15)
        said = Words(self.story.seen[number % 3], self.story.agreed if number == 0 else "", "")
        note = notes.write_note(slug=self.slug, visit_id=made.pk, words=said, by=who, at=at)
        if marked:
            words = DISPUTE if disputed else ""
            accuracy = Accuracy.NOT_ACCURATE if disputed else Accuracy.ACCURATE
            notes.mark_note(
                slug=self.slug, note_id=note.pk, accuracy=accuracy, words=words, by=self.head, at=at + timedelta(days=MARKED)
            )  # fmt: skip

    def free(self, days: int) -> date:
        """A school day near to so many days after the asking on which the supporter is at no other school."""
        assert self.lends is not None
        tell, taken = self.here.tell, self.here.taken
        day = tell.school_day(self.asked_on + timedelta(days=days))
        while (self.lends.pk, day) in taken:
            day = tell.school_day(day + timedelta(days=1))
        taken.add((self.lends.pk, day))
        return day

    def to_come(self, days_from_now: int) -> None:
        """A visit in the days to come."""
        assert self.lends is not None
        tell = self.here.tell
        days = (tell.at.date() - self.asked_on).days + days_from_now
        now = (tell.at.date() - self.asked_on).days - 1
        visits.plan_visit(on=self.free(days), half_days=2, what="To look at what has changed", **self.known(self.lends.who, now))

    def review(self, days: int, decision: ReviewDecision, progress_of: Progress = Progress.AMBER) -> None:
        """A progress review is held."""
        assert self.lends is not None
        on = self.day(days).date()
        further = None if decision is ReviewDecision.EXIT else on + timedelta(days=90)
        given = Review(on, (Rating(1, progress_of, self.story.behind),), decision, self.story.behind, further)
        progress.hold_review(review=given, **self.known(self.lends.who, days, 15))

    def change(self) -> None:
        """The review changed the plan: another objective, and both heads agree anew."""
        assert self.lends is not None
        goal = self.goal()
        second = replace(goal, title=SECOND, baseline="None so far", baseline_n=None, half_days=0, baseline_on=self.day(CHANGED - 1).date())
        later = replace(goal, target_by_on=self.asked_on + timedelta(days=300))
        plan.set_plan(goals={1: later, 2: second}, why=WHY_CHANGE, **self.known(self.head, CHANGED))
        self.agree(AGREED_AGAIN)

    def end(self) -> None:
        """A last review, and support comes to its end."""
        self.review(LAST_REVIEW, ReviewDecision.EXIT, Progress.GREEN)
        packages.move(key="end", **self.known(self.broker, ENDING))

    def evaluate(self, met: Met = Met.MET) -> None:
        """Both sides say what came of it; somebody signs it off, and support has ended."""
        assert self.lends is not None
        came = (Came(1, met, self.story.came),)
        evaluations.evaluate(moment=Moment.END, said=Said(came, 5, 4, self.story.came), **self.known(self.head, EVALUATED))
        evaluations.evaluate(moment=Moment.END, said=Said(came, None, None, self.story.came), **self.known(self.lends.who, EVALUATED, 15))
        tasks.save_task(key="sign-off", values={"read": "yes", "words": ""}, **self.known(self.here.tell.manager, SIGNED))
        packages.move(key="close", met=met.value, **self.known(self.broker, CLOSED))

    def share_lesson(self) -> None:
        """Both heads let others read what could be learnt."""
        words = self.story.lesson
        lessons.share_lesson(words=words, read="", **self.known(self.head, CLOSED, 14))
        lessons.share_lesson(words=words, read=words, **self.known(self.lender, CLOSED, 15))

    def look_back(self) -> None:
        """Long after, the school says what lasted, and the package is closed."""
        came = (Came(1, Met.MET, "It is still there: the new teachers learnt it from the others."),)
        evaluations.evaluate(moment=Moment.SIX, said=Said(came, 5, 5, "It lasted."), **self.known(self.head, LOOKED))
        packages.move(key="finish", **self.known(self.broker, LOOKED, 15))
