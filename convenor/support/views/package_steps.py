"""What is done with a package: a task filled in, a step taken, a pause, a stop, a level, a hand-over, a concern."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.partnership.gate import Permission
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage
from convenor.support.actions import concerns, package_beside, packages, tasks
from convenor.support.forms import packages as boxes
from convenor.support.queries import package_page as queries
from convenor.support.queries.package_people import brokers_beside
from convenor.support.queries.standing import package_here
from convenor.support.rules.ownership import Sight
from convenor.support.rules.refusals import ChangedMeanwhile
from convenor.support.rules.states import PackageStatus, StateKind, Who
from convenor.support.rules.tasks import MoveNow, TaskNow
from convenor.support.rules.workflows import nth
from convenor.support.views.packages import OfPackage

HEADS = frozenset({Who.RECEIVING, Who.SUPPLYING})


class PackageAction(OfPackage, ActionPage):
    """One step or change of a package: a form that carries the version it was read at; a conflict is told, nothing typed is lost."""

    template = "support/package_action.jinja"
    #: Who takes it; narrowed by `may`.
    whom: ClassVar[frozenset[Who]] = frozenset(Who)

    def may(self) -> bool:
        """Whether this viewer does this, now."""
        return bool(self.here.who & self.whom) and self.here.kind is not StateKind.ENDED

    def box(self, data: Any) -> Form:
        """The form itself."""
        return boxes.NothingToFillIn(data)

    def form(self, data: Any = None) -> Form:
        """The form, for those who may; not found for everybody else."""
        if not self.may():
            raise Http404("That is not for you to do, or not now.")
        return self.box(data)

    def back(self) -> str:
        """The package."""
        return reverse("support-package", args=[self.slug, self.kwargs["pk"]])

    def about(self) -> dict[str, Any]:
        return {"r": self.here, "eyebrow": self.here.school, "version": self.version, "not_now": ()}

    @property
    def version(self) -> int:
        """The version that the form was read at, or stands at now."""
        return getattr(self, "_version", self.here.version)

    @property
    def known(self) -> dict[str, Any]:
        """What every action is told. The version is the one that the form was filled in beside."""
        posted = self.request.POST.get("version", "")
        version = int(posted) if posted.isdecimal() else None
        return {"slug": self.slug, "package_id": self.kwargs["pk"], "by": self.viewer, "at": self.now, "version": version}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Does it, or shows what is wrong; after a conflict the form stands as typed, beside the version that is there now."""
        form = self.form(request.POST)
        if form.is_valid():
            try:
                self.perform(form)
            except ChangedMeanwhile as error:
                self._version = error.now
                form.add_error(None, str(error))
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, self.done)
                return HttpResponseRedirect(self.back())
        return self._show(form, status=422)

    @property
    def reason(self) -> bool:
        """Whether a reason is asked of this viewer: of a school none is."""
        return not self.here.who & HEADS


class Task(PackageAction):
    """One task, as its workflow describes it."""

    button, done = "Save", "Saved."

    @cached_property
    def task(self) -> tuple[Any, TaskNow, dict[str, Any]]:
        """The task of the address, for whoever may write into it."""
        key = nth(self.kwargs["key"], self.kwargs["number"])
        found: tuple[Any, TaskNow, dict[str, Any]] = self.found(
            queries.task_here(self.slug, self.kwargs["pk"], key, viewer=self.viewer, at=self.now)
        )
        return found

    def may(self) -> bool:
        return bool(self.task)

    def box(self, data: Any) -> Form:
        _, now, kept = self.task
        if self.here.sees(Sight.PLAN):
            self.looked(Sight.PLAN)
        return boxes.TaskForm(data, task=now.task, kept=kept)

    def about(self) -> dict[str, Any]:
        _, now, _ = self.task
        waits = () if now.open else tuple(f"It waits for “{each}”." for each in now.lacks) or ("The package is not at that point.",)
        lede = now.task.says
        return super().about() | {
            "title": now.task.name,
            "lede": lede,
            "not_now": waits,
            "due_on": now.due_on,
            "partly": len(now.task.fields) > 1,
        }

    def perform(self, form: Any) -> None:
        tasks.save_task(**self.known, key=self.task[1].key, values=form.values)

    def back(self) -> str:
        """The package, at the tasks."""
        return f"{super().back()}#tasks"


class Move(PackageAction):
    """One way on."""

    button, done = "Yes, go on", "Done."

    @cached_property
    def move(self) -> tuple[Any, MoveNow, bool]:
        """The move of the address, for whoever may take it."""
        found: tuple[Any, MoveNow, bool] = self.found(
            queries.move_here(self.slug, self.kwargs["pk"], self.kwargs["key"], viewer=self.viewer, at=self.now)
        )
        return found

    def may(self) -> bool:
        return bool(self.move)

    def box(self, data: Any) -> Form:
        _, now, met = self.move
        return boxes.MoveForm(data, reason=now.move.reason, met=met)

    def about(self) -> dict[str, Any]:
        _, now, _ = self.move
        return super().about() | {"title": now.move.name, "lede": now.move.says, "not_now": now.lacks}

    def perform(self, form: Any) -> None:
        packages.move(**self.known, key=self.move[1].move.key, **form.cleaned_data)


class Beside(PackageAction):
    """Something beside the way that the workflow itself gives to some."""

    listed: ClassVar[str] = ""

    def may(self) -> bool:
        allowed = {Who(each) for each in self.here.workflow.get(self.listed, [Who.RECEIVING, Who.SUPPLYING, Who.BROKER])}
        self.speaks = package_beside.speaks_for(self.here, by=self.viewer)
        return bool(self.here.who & allowed) and self.here.kind is not StateKind.ENDED and (self.speaks or not self.here.who & HEADS)


class Pause(Beside):
    """The package rests."""

    listed, title, button = "pauses", "Pause the support", "Pause it"
    lede = "For an illness, a call, a closure. Nothing is due meanwhile, nobody is counted late, and what was written stays."
    done = "It is paused."

    def may(self) -> bool:
        return super().may() and self.here.status is not PackageStatus.PAUSED

    def box(self, data: Any) -> Form:
        return boxes.PauseForm(data, reason=self.reason)

    def perform(self, form: Any) -> None:
        package_beside.pause(**self.known, **form.cleaned_data)


class Resume(Beside):
    """A paused package goes on."""

    listed, title, button = "pauses", "Go on with the support", "Go on"
    lede = "From where it stood. Every day that was planned moves by as many days as it rested."
    done = "It goes on from where it stood."

    def may(self) -> bool:
        return super().may() and self.here.status is PackageStatus.PAUSED

    def perform(self, form: Any) -> None:
        package_beside.resume(**self.known)


class Stop(Beside):
    """The package stops."""

    listed, title, button = "stops", "Stop the support", "Stop it"
    lede = "Either head may, at any time. Days booked for visits to come are given back. What was written stays with the school."
    done = "It has stopped."

    def box(self, data: Any) -> Form:
        return boxes.StopForm(data, reason=self.reason)

    def perform(self, form: Any) -> None:
        package_beside.stop(**self.known, **form.cleaned_data)


class Step(PackageAction):
    """More or less support."""

    permission = Permission.SUPPORT_BROKER
    whom = frozenset({Who.BROKER})
    up: ClassVar[bool]

    def may(self) -> bool:
        return super().may() and bool(self.here.workflow.get("levels"))

    def box(self, data: Any) -> Form:
        return boxes.LevelForm(data)

    def perform(self, form: Any) -> None:
        package_beside.step_level(**self.known, up=self.up, **form.cleaned_data)


class StepUp(Step):
    """More support."""

    up, title, button, done = True, "Step the support up", "Step it up", "Stepped up. Both schools are told."
    lede = "One level more. Talk with both heads first; if the plan changes, they agree to it anew."


class StepDown(Step):
    """Less support."""

    up, title, button, done = False, "Step the support down", "Step it down", "Stepped down. Both schools are told."
    lede = "One level less: often a sign that it worked. Talk with both heads first."


class Follow(PackageAction):
    """The package goes on with the school that this one became."""

    whom = frozenset({Who.RECEIVING, Who.BROKER, Who.COORDINATOR})
    title, button, done = "Go on with the new school", "Go on with it", "The package goes on with the school that this one became."
    lede = (
        "The register says that this school became another. The package follows it; everything written stays. Its head is asked to agree."
    )

    def perform(self, form: Any) -> None:
        package_beside.follow_school(**self.known)

    def back(self) -> str:
        """The package; the list for a former school's own people, who may hold no post at the new one."""
        here = package_here(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.now)
        return super().back() if here is not None else reverse("support-packages", args=[self.slug])


class EndClosed(PackageAction):
    """The package of a school that closed and became no other ends."""

    whom = frozenset({Who.BROKER, Who.COORDINATOR})
    title, button, done = "End the package of a closed school", "End it", "The package has ended, because the school closed."
    lede = "The register names no school that this one became. The step says that, and nothing else."

    def perform(self, form: Any) -> None:
        package_beside.end_for_closed_school(**self.known)


class HandOver(PackageAction):
    """Another broker takes the package."""

    whom = frozenset({Who.BROKER, Who.COORDINATOR})
    title, button, done = "Hand over to another broker", "Hand it over", "Handed over. Both schools are told."
    lede = "Somebody who is of neither school. From then on they read what you read, and you no longer do."

    def box(self, data: Any) -> Form:
        brokers = brokers_beside(self.slug, viewer=self.viewer, at=self.now, but=self.here.broker_id)
        return boxes.HandOverForm(data, brokers=brokers)

    def perform(self, form: Any) -> None:
        package_beside.hand_over(**self.known, **form.cleaned_data)

    def back(self) -> str:
        """The package; the list for whoever no longer reads it."""
        here = package_here(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.now)
        return super().back() if here is not None else reverse("support-packages", args=[self.slug])


class RaiseConcern(PackageAction):
    """A concern about taking part."""

    whom = frozenset({Who.BROKER, Who.SIGN_OFF})
    title, button, done = "A concern about taking part", "Write it down", "Written down. The school is told."
    lede = "Speak with the head first. The school reads every word, and so it should be fair, and say what was tried."

    def may(self) -> bool:
        return super().may() and bool(self.here.workflow.get("concerns"))

    def box(self, data: Any) -> Form:
        return boxes.ConcernForm(data)

    def perform(self, form: Any) -> None:
        concerns.raise_concern(**self.known, **form.cleaned_data)


class ResolveConcern(RaiseConcern):
    """A concern is resolved."""

    title, button, done = "The concern is resolved", "It is resolved", "Resolved. The school is told."
    lede = "Say how. The concern stays beside it, as it was."

    def box(self, data: Any) -> Form:
        return boxes.ResolveForm(data)

    def perform(self, form: Any) -> None:
        concerns.resolve_concern(**self.known, concern_id=self.kwargs["concern"], **form.cleaned_data)


class Formal(PackageAction):
    """A formal step of an authority."""

    whom = frozenset({Who.BROKER, Who.SIGN_OFF, Who.RECEIVING})
    title, button, done = "Record a formal step", "Record it", "Recorded, as having happened."
    lede = "That an authority took a formal step about the school. It is recorded here as having happened; no notice is issued."

    def box(self, data: Any) -> Form:
        return boxes.FormalForm(data)

    def perform(self, form: Any) -> None:
        concerns.record_formal_step(**self.known, **form.cleaned_data)
