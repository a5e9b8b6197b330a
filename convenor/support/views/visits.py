"""Visits and their notes: planned, moved, called off, written on a phone, marked by the head."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from convenor.partnership.gate import Permission
from convenor.partnership.rules.refusals import Refused
from convenor.support.actions import notes as note_actions
from convenor.support.actions import visits as actions
from convenor.support.forms import deployments as boxes
from convenor.support.queries import plan as plan_queries
from convenor.support.queries import visits as queries
from convenor.support.queries.agreements import agreed_of
from convenor.support.queries.visits import NoteSeen, VisitSeen
from convenor.support.rules.notes import NoteStands, Words, due_on
from convenor.support.rules.ownership import Sight
from convenor.support.rules.states import Accuracy, PackageStatus, Who
from convenor.support.rules.visits import HALF_DAYS_A_DAY, TAKEN_BACK, taken_back
from convenor.support.views.package_steps import PackageAction
from convenor.support.views.packages import OfPackage
from convenor.support.views.plan import WORKING, runs

WRITERS = frozenset({Who.SUPPORTER, Who.SUPPLYING})
LONG = {1: "half a day", HALF_DAYS_A_DAY: "a whole day"}


class Visits(OfPackage):
    """The visits of a package: those to come, those held, and what was written of each."""

    sight = Sight.NOTES

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page; a look from outside the school is written down first."""
        here = self.here
        self.looked(Sight.NOTES)
        seen: tuple[VisitSeen, ...] = self.found(queries.visits(here, viewer=self.viewer))
        may = runs(here) and bool(here.who & WORKING)
        agreed = agreed_of(here.pk, viewer=self.viewer)
        return self.page(
            "support/visits.jinja",
            r=here,
            eyebrow=here.school,
            coming=[each for each in seen if not each.held and not each.off],
            held=[each for each in reversed(seen) if each.held],
            off=[each for each in seen if each.off],
            long=LONG,
            address=self.address,
            may=may,
            writes=bool(here.who & WRITERS),
            marks=here.acts_as(Who.RECEIVING) and self.viewer.may(Permission.SUPPORT_ASK, urn=here.urn),
            begun=agreed.both or (here.started_on is not None and not taken_back(agreed, began=True)),
            taken_back=TAKEN_BACK if taken_back(agreed, began=here.started_on is not None) else "",
            paused=here.status is PackageStatus.PAUSED,
            stands=NoteStands,
            accurate=Accuracy.ACCURATE,
            back=self.address("support-package"),
        )


class OfVisit(PackageAction):
    """What every action on visits shares."""

    sight, whom = Sight.NOTES, WORKING

    def may(self) -> bool:
        return runs(self.here) and bool(self.here.who & self.whom)

    def back(self) -> str:
        return reverse("support-visits", args=[self.slug, self.kwargs["pk"]])

    @cached_property
    def visit(self) -> VisitSeen:
        """The visit of the address."""
        seen: tuple[VisitSeen, ...] = self.found(queries.visits(self.here, viewer=self.viewer))
        found: VisitSeen = self.found(next((each for each in seen if each.pk == self.kwargs["visit"]), None))
        return found

    @property
    def who(self) -> dict[str, Any]:
        """What an action on a visit is told."""
        return {"slug": self.slug, "by": self.viewer, "at": self.now}


class NewVisit(OfVisit):
    """A visit is planned, or one that was held is written down."""

    template = "support/visit_form.jinja"
    title, button = "A visit", "Keep the visit"
    lede = "Its half days are booked with the supporter. Both sides are told."

    def box(self, data: Any) -> Form:
        asked = self.request.GET.get("day", "")
        plan = plan_queries.plan(self.here, viewer=self.viewer)
        objectives = [(each.number, f"{each.number}. {each.goal.title}") for each in plan.objectives] if plan else []
        return boxes.VisitForm(data, objectives=objectives, initial={"on": self.today if asked == "today" else asked, "half_days": "1"})

    def about(self) -> dict[str, Any]:
        return super().about() | {"free": queries.free_days(self.here, viewer=self.viewer, at=self.now), "address": self.address}

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        self.made = actions.plan_visit(
            **self.known, on=given["on"], half_days=given["half_days"], what=given["what"], objectives=given.get("objectives", ()),
        )  # fmt: skip

    @property
    def done(self) -> str:  # type: ignore[override]
        """What happened."""
        return "The visit is kept." if self.made.on > self.today else "The visit is kept. Its note comes next."

    def back(self) -> str:
        """The note, where the viewer can write it now; the visits otherwise."""
        made = getattr(self, "made", None)
        if made is not None and made.on <= self.today and self.here.who & WRITERS:
            return reverse("support-note", args=[self.slug, self.here.pk, made.pk])
        return super().back()


class MoveVisit(OfVisit):
    """A visit moves to another day."""

    template = "support/visit_form.jinja"
    title, button, done = "Move the visit", "Move it", "Moved. Both sides are told."
    lede = "Its half days go with it."

    def may(self) -> bool:
        return super().may() and not self.visit.held and not self.visit.off

    def box(self, data: Any) -> Form:
        asked = self.request.GET.get("day", "")
        return boxes.MoveForm(data, initial={"on": asked or self.visit.on, "half_days": str(self.visit.half_days)})

    def about(self) -> dict[str, Any]:
        free = queries.free_days(
            self.here, viewer=self.viewer, at=self.now, half_days=self.visit.half_days, after=self.visit.on
        )  # fmt: skip
        return super().about() | {"free": free, "visit": self.visit, "long": LONG, "version": self.visit.version, "address": self.address}

    def perform(self, form: Any) -> None:
        given, posted = form.cleaned_data, self.request.POST.get("version", "")
        actions.move(
            **self.who, visit_id=self.visit.pk, on=given["on"], half_days=given["half_days"], why=given["why"],
            version=int(posted) if posted.isdecimal() else None,
        )  # fmt: skip


class CallOff(OfVisit):
    """A visit is called off; its half days are free again."""

    title, button, done = "Call the visit off", "Call it off", "Called off. Its half days are free again."
    lede = "Either side may, and no reason is asked."

    def may(self) -> bool:
        return bool(self.here.who & self.whom) and not self.visit.held and not self.visit.off

    def box(self, data: Any) -> Form:
        return boxes.OffForm(data)

    def perform(self, form: Any) -> None:
        actions.cancel(**self.who, visit_id=self.visit.pk, why=form.cleaned_data["why"])


class Note(OfVisit):
    """The note of a visit, on a phone: three boxes, saved as one goes, sent once."""

    template = "support/note.jinja"
    whom = WRITERS
    title, button, done = "Note of visit", "Send it to the school", "Sent. The school reads it and says whether it is accurate."

    def may(self) -> bool:
        return bool(self.here.who & WRITERS) and not self.visit.off

    def box(self, data: Any) -> Form:
        self.looked(Sight.NOTES)
        draft = self.visit.draft or Words("")
        begun = {"seen": draft.seen, "agreed": draft.agreed, "next_time": draft.next_time}
        return boxes.NoteForm(data, initial=begun, ask_day=not self.visit.held, held_on=min(self.visit.on, self.today))

    def about(self) -> dict[str, Any]:
        plan = plan_queries.plan(self.here, viewer=self.viewer)
        last = self.last_agreed()
        return super().about() | {
            "visit": self.visit,
            "long": LONG,
            "due_on": due_on(self.visit.delivered_on or min(self.visit.on, self.today)) if not self.visit.notes else None,
            "objectives": [each for each in plan.objectives if each.number in self.visit.objectives] if plan else [],
            "last": last,
            "keep": self.address("support-note-keep", self.visit.pk),
        }

    def last_agreed(self) -> str:
        """What was meant for this time, by the note before."""
        seen = queries.visits(self.here, viewer=self.viewer) or ()
        before = [each for each in seen if each.notes and each.on <= self.visit.on and each.pk != self.visit.pk]
        return before[-1].notes[-1].words.next_time if before else ""

    def perform(self, form: Any) -> None:
        note_actions.write_note(**self.who, visit_id=self.visit.pk, words=form.words, held_on=form.cleaned_data.get("held_on"))


class KeepNote(OfVisit):
    """A note that is not sent yet is saved as one goes; answers in JSON, never with anybody's words."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """When it was saved last, for a page that asks whether the writer is still signed in."""
        self._writer()
        return JsonResponse({"was": {}, "saved": self.visit.draft_at.isoformat() if self.visit.draft_at else ""})

    def _writer(self) -> None:
        if not self.here.who & WRITERS:
            raise Http404("That is not for you to write.")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Saved, or why not."""
        self._writer()
        try:
            note_actions.keep_draft(**self.who, visit_id=self.visit.pk, words=boxes.draft_words(request.POST))
        except Refused as error:
            return JsonResponse({"says": str(error)}, status=422)
        return JsonResponse({"says": f"Saved {timezone.localtime(self.now):%H:%M}. Nobody else reads it yet.", "was": {}})


class MarkNote(PackageAction):
    """The head says whether a note is accurate; what is not right stands beside it for ever."""

    template = "support/note_mark.jinja"
    sight, whom = Sight.NOTES, frozenset({Who.RECEIVING})
    title, button, done = "A note about your school", "Say so", "Noted. It stands beside the note for ever."

    def may(self) -> bool:
        return self.here.acts_as(Who.RECEIVING) and self.viewer.may(Permission.SUPPORT_ASK, urn=self.here.urn)

    @cached_property
    def pair(self) -> tuple[VisitSeen, NoteSeen]:
        """The note of the address, with its visit."""
        seen: tuple[VisitSeen, ...] = self.found(queries.visits(self.here, viewer=self.viewer))
        found: tuple[VisitSeen, NoteSeen] = self.found(
            next(((each, note) for each in seen for note in each.notes if note.pk == self.kwargs["note"]), None)
        )
        return found

    def box(self, data: Any) -> Form:
        return boxes.MarkForm(data)

    def about(self) -> dict[str, Any]:
        visit, note = self.pair
        return super().about() | {"visit": visit, "note": note, "long": LONG, "accurate": Accuracy.ACCURATE}

    def back(self) -> str:
        return reverse("support-visits", args=[self.slug, self.kwargs["pk"]])

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        note_actions.mark_note(
            slug=self.slug, note_id=self.pair[1].pk, accuracy=given["accuracy"], words=given["words"], by=self.viewer, at=self.now
        )  # fmt: skip
