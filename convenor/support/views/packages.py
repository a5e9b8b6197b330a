"""Packages of support: the list, and the calm page of one: where it stands, whose turn it is, its tasks, doors to its parts."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from convenor.partnership.gate import Permission, record_look
from convenor.partnership.views.pages import PartnershipPage
from convenor.support.forms.packages import FilterForm
from convenor.support.queries import package_page as one
from convenor.support.queries import packages as many
from convenor.support.queries.standing import PackageHere, package_here
from convenor.support.rules.listing import MET_SAYS, STATUS_SAYS, TASK_SAYS, WHO_NAMED, Age, Asked, age_said, named
from convenor.support.rules.ownership import Sight
from convenor.support.rules.states import PackageStatus, StateKind, TaskStatus, Who
from convenor.support.rules.tasks import FINISHED

ROOM = "support"
#: What is written down of a look by somebody who is not of the receiving school.
LOOKED_AT: dict[Sight, str] = {
    Sight.NEED_WORDS: "support package: what the school asked for",
    Sight.PLAN: "support package: plan and tasks",
    Sight.NOTES: "support package: notes of visits",
    Sight.REVIEWS: "support package: progress reviews",
    Sight.EVALUATION: "support package: evaluation",
    Sight.CONCERNS: "support package: concerns about taking part",
}
#: A part of the package on a page of its own: label, page, what one must see of it.
PARTS: tuple[tuple[str, str, Sight], ...] = (
    ("Plan and agreement", "support-plan", Sight.PLAN),
    ("Visits and notes", "support-visits", Sight.NOTES),
    ("Progress reviews", "support-progress", Sight.REVIEWS),
    ("Days and money", "support-money", Sight.MONEY),
    ("Evaluation", "support-evaluation", Sight.EVALUATION),
    ("Review of effect", "support-effect", Sight.EFFECT),
    ("Who looked", "school-held", Sight.ACCESS),
)
#: Parts in which there is nothing before somebody is chosen, and before support has begun.
WHEN_CHOSEN = {"support-visits", "support-progress", "support-evaluation", "support-effect"}
WHEN_BEGUN = {"support-progress", "support-evaluation"}
#: So many tasks stand all at once; of more, only those phases that are going on.
FOLDED_FROM = 6
#: An optional task of a phase that is over can still be done in these.
STILL_OPEN = (TaskStatus.NOT_STARTED, TaskStatus.IN_PROGRESS)
IF_YOU_LIKE = "Still open, if you like"


class OfPackage(PartnershipPage):
    """What every page of one package shares. Somebody who sees nothing of it is told the same as if there were none."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, "support-packages"
    confidential = True
    sight: ClassVar[Sight] = Sight.STATES

    @cached_property
    def here(self) -> PackageHere:
        """The package of the address, as this viewer may see it today."""
        found: PackageHere = self.found(package_here(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.now))
        if not found.sees(self.sight):
            raise Http404("There is no such page in this partnership, or it is not for you to see.")
        return found

    def looked(self, *sights: Sight) -> None:
        """Writes down that somebody who is not of the receiving school looks at these parts, before they see them."""
        if self.here.onlooker.receiving:
            return
        right = Permission.SUPPORT_BROKER if self.here.onlooker.broker else Permission.SUPPORT_GIVE
        if not self.here.onlooker.broker and not self.here.onlooker.supplying:
            right = Permission.PACKAGE_FOLLOW
        for sight in sights or (self.sight,):
            if sight in LOOKED_AT:
                record_look(self.viewer, urn=self.here.urn, record=LOOKED_AT[sight], at=self.now, by_right=right)

    def address(self, name: str, *more: Any) -> str:
        """The address of a page of this package; "" where there is none."""
        if name == "school-held":
            return reverse(name, args=[self.here.urn])
        try:
            return reverse(name, args=[self.slug, self.here.pk, *more])
        except NoReverseMatch:
            return ""


class Packages(PartnershipPage):
    """The list of packages in which this viewer has a part."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, "support-packages"
    confidential = True

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The list, filtered."""
        seen: many.PackagesSeen = self.found(many.packages(slug, viewer=self.viewer, at=self.now, asked=self._asked()))
        kept = {name: request.GET[name] for name in ("status", "state", "age", "broker") if request.GET.get(name)}
        form = FilterForm(kept, seen=seen)

        def address(number: int) -> str:
            return reverse("support-packages", args=[slug], query={**kept, "page": number})

        return self.page(
            "support/packages.jinja",
            seen=seen,
            filters=form,
            filtered=bool(kept),
            address=address,
            clear=reverse("support-packages", args=[slug]) if kept else "",
            pages=Paginator(range(seen.found), many.PAGE_SIZE).page(seen.page) if seen.found else None,
            status_says=STATUS_SAYS,
            who_says={who: says[0] for who, says in WHO_NAMED.items()},
            age_said=age_said,
            late=PackageStatus.LATE,
        )

    def _asked(self) -> Asked:
        """What the address asks for; what is no status, age, broker or page is passed over."""
        get = self.request.GET
        broker, page = get.get("broker", ""), get.get("page", "")
        return Asked(
            status=next((each for each in PackageStatus if each.value == get.get("status")), None),
            state=get.get("state", "")[:100],
            age=next((each for each in Age if each.value == get.get("age")), None),
            broker=int(broker) if broker.isdecimal() and len(broker) < 12 else None,
            page=int(page) if page.isdecimal() and len(page) < 7 else 1,
        )


class Package(OfPackage):
    """The page of one package."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page, for each viewer what they may see."""
        self.looked(*(sight for sight in (Sight.PLAN,) if self.here.sees(sight)))
        seen: one.PackagePage = self.found(one.package_page(slug, pk, viewer=self.viewer, at=self.now))
        return self.page(
            "support/package.jinja",
            seen=seen,
            r=self.here,
            lede=self._lede(seen),
            eyebrow=self.here.school,
            status_says=STATUS_SAYS[seen.status],
            task_says=TASK_SAYS,
            met_says=MET_SAYS,
            turn=self._turn(seen),
            named=lambda who: named(who, self.here.who),
            mine=[(each, self._task_href(seen, each)) for each in seen.mine],
            phases=self._phases(seen),
            hrefs={each.key: self._task_href(seen, each) for each in seen.tasks},
            moves=[(each, self.address("support-package-move", each.move.key)) for each in seen.moves],
            onward=[(each, self.address("support-package-move", each.move.key)) for each in seen.onward],
            doors=self._doors(),
            quiet=self._quiet(seen),
            follow=self._follows(seen),
            concern_href=self.address("support-package-concern") if self._may_raise(seen) else "",
            resolve=lambda key: self.address("support-package-concern-resolve", key) if self._may_raise(seen) else "",
            done=TaskStatus.COMPLETE,
            needless=TaskStatus.NOT_REQUIRED,
        )

    def _lede(self, seen: one.PackagePage) -> str:
        who = f"with {self.here.supporter}" if self.here.supporter else "a supporter is still to be found"
        owner = (
            "You see everything that is written here."
            if self.here.onlooker.receiving
            else "The school sees everything that is written here."
        )
        return f"{seen.flow.name}, {who}. {owner}"

    def _turn(self, seen: one.PackagePage) -> str:
        """Whose turn it is, where it is not this viewer's."""
        others = [named(who, self.here.who) for who in sorted(seen.turns)]
        return " and ".join(dict.fromkeys(others))

    def _task_href(self, seen: one.PackagePage, task: one.TaskSeen) -> str:
        """Where a task is done or read: its own page, or that of its fact."""
        if task.page:
            if task.page == "support-need":
                return reverse("support-need", args=[self.slug, seen.need_id]) if seen.need_id and self.here.onlooker.broker else ""
            shown = {name: sight for _, name, sight in PARTS}
            return self.address(task.page) if self.here.sees(shown.get(task.page, Sight.PLAN)) else ""
        key, _, number = task.key.partition("#")
        return self.address("support-package-task", key, int(number or 1)) if task.mine else ""

    def _phases(self, seen: one.PackagePage) -> list[tuple[str, list[one.TaskSeen], str]]:
        """The tasks by the phases of the workflow, in its order; one that is over or has not come is folded, and says which."""
        order = seen.flow.phases or tuple(dict.fromkeys(each.phase for each in seen.tasks))
        grouped = [(phase, [each for each in seen.tasks if each.phase == phase]) for phase in order]
        if len(seen.tasks) <= FOLDED_FROM:
            return [(phase, tasks, "") for phase, tasks in grouped if tasks]
        found = []
        for phase, tasks in grouped:
            says = self._folded(tasks, over=self._over(seen, phase)) if tasks else ""
            still = [each for each in tasks if says and each.optional and each.status in STILL_OPEN]
            rest = [each for each in tasks if each not in still]
            found += [(phase, rest, says)] if rest else []
            found += [(IF_YOU_LIKE, still, "")] if still else []
        return found

    def _over(self, seen: one.PackagePage, phase: str) -> bool:
        """Whether the way has gone past every state in which the tasks of a phase are done."""
        order = [each.key for each in seen.flow.states]
        states = [order.index(key) for each in seen.flow.tasks if each.phase == phase for key in each.states]
        return bool(states) and self.here.state in order and max(states) < order.index(self.here.state)

    def _folded(self, tasks: list[one.TaskSeen], *, over: bool) -> str:
        """Why a phase is folded: "" where something of it is going on. `over`: the way has gone past it."""
        if any(each.status not in (*FINISHED, TaskStatus.CANNOT_START) and not each.optional for each in tasks):
            return ""
        needed = [each for each in tasks if not each.optional and each.status is not TaskStatus.NOT_REQUIRED]
        if not needed:
            return "not needed"
        done = sum(each.status is TaskStatus.COMPLETE for each in needed)
        if not done:
            return "left out" if over else "not yet"
        return "done" if done == len(needed) else f"{done} of {len(needed)} done"

    def _doors(self) -> list[tuple[str, str]]:
        """Parts that this viewer may open, once there is something in them."""
        later = set() if self.here.started_on is not None else WHEN_BEGUN
        later |= set() if self.here.supporter_id is not None else WHEN_CHOSEN
        found = [(label, self.address(name)) for label, name, sight in PARTS if self.here.sees(sight) and name not in later]
        return [(label, href) for label, href in found if href]

    def _may_raise(self, seen: one.PackagePage) -> bool:
        return seen.flow.concerns and bool(self.here.who & {Who.BROKER, Who.SIGN_OFF})

    def _quiet(self, seen: one.PackagePage) -> list[tuple[str, str]]:
        """What may be done beside the way."""
        who, flow = self.here.who, seen.flow
        if not seen.lasts:
            return []
        paused = self.here.status is PackageStatus.PAUSED
        found: list[tuple[str, str]] = []
        if who & set(flow.pauses):
            found.append(("Go on with the support", "support-package-resume") if paused else ("Pause", "support-package-pause"))
        if Who.BROKER in who and flow.levels:
            found += [("Step up", "support-package-step-up"), ("Step down", "support-package-step-down")]
        if who & {Who.BROKER, Who.COORDINATOR}:
            found.append(("Hand over to another broker", "support-package-hand-over"))
        if who & {Who.BROKER, Who.SIGN_OFF, Who.RECEIVING}:
            found.append(("Record a formal step", "support-package-formal"))
        if who & set(flow.stops) and self.here.kind is not StateKind.AFTER:
            found.append(("Stop", "support-package-stop"))
        return [(label, self.address(name)) for label, name in found]

    def _follows(self, seen: one.PackagePage) -> tuple[str, str]:
        """The door for a package whose school closed or became another."""
        if not seen.closed_school or not seen.lasts or not self.here.who & {Who.RECEIVING, Who.BROKER, Who.COORDINATOR}:
            return "", ""
        if seen.became:
            return "Go on with the new school", self.address("support-package-follow")
        if self.here.who & {Who.BROKER, Who.COORDINATOR}:
            return "End the package", self.address("support-package-end-closed")
        return "", ""
