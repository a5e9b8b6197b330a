"""What was noted and entered about a school: its own people read everything at once and answer; others read what they wrote."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse

from convenor.intelligence import actions
from convenor.intelligence.forms.entered import ResponseForm, SignalForm, StillSoForm, TakeBackForm
from convenor.intelligence.queries.entered import school_entries
from convenor.intelligence.queries.soft_signals import SchoolSignals, SignalSeen, school_signals
from convenor.intelligence.rules.soft_signals import KINDS
from convenor.intelligence.rules.wording import about_a_person
from convenor.intelligence.views.entered import ROOM, SchoolAction
from convenor.intelligence.views.secrecy import truth
from convenor.journal.queries import looks_at
from convenor.partnership.gate import NotAllowed, Permission, record_look
from convenor.partnership.views.pages import PartnershipPage

LOOKED_AT = "soft signals and figures entered about the school"


class Signals(PartnershipPage):
    """Everything noted and entered about one school, newest first, with what the school says to each."""

    permission = Permission.PARTNERSHIP_SEE
    room = ROOM
    confidential = True
    tab = "early"

    def get(self, request: HttpRequest, slug: str, urn: str) -> HttpResponse:
        """The page; a look by anybody not of the school is written down first, and the school sees it."""
        signals: SchoolSignals = self.found(school_signals(slug, urn, viewer=self.viewer, at=self.today))
        entries = self.found(school_entries(slug, urn, viewer=self.viewer, at=self.today))
        if not signals.sees_all and signals.standpoint is None and entries.standpoint is None:
            raise NotAllowed("You cannot read what was noted about this school: no post you hold today allows it.")
        if not signals.own_people:
            right = Permission.CONVERSATION_HOLD if signals.holds else Permission.BODY_LEAD if signals.sees_all else Permission.SIGNAL_NOTE
            record_look(self.viewer, urn=urn, record=LOOKED_AT, at=self.now, by_right=right)
        looks = looks_at(urn, viewer=self.viewer, record=LOOKED_AT)
        return self.page("intelligence/signals.jinja", signals=signals, entries=entries, looks=looks, truth=truth("soft-signal"))


class SignalAction(SchoolAction):
    """An action about one soft signal. `writers_alone`: only whoever noted it."""

    permission = Permission.SIGNAL_NOTE
    writers_alone: ClassVar[bool] = True

    @cached_property
    def signal(self) -> SignalSeen:
        """The signal of the address, where this viewer may see it and it was not taken back."""
        seen: SchoolSignals = self.found(school_signals(self.slug, self.urn, viewer=self.viewer, at=self.today))
        signal = seen.one(self.kwargs["pk"])
        if signal is None or signal.withdrawn_why:
            raise Http404("There is no such signal that still stands, or it is not for you to see.")
        if self.writers_alone and not signal.mine:
            raise NotAllowed("Only whoever noted it may do this. Its school may answer it.")
        return signal

    def about(self) -> dict[str, Any]:
        return {"thing": self.signal.words, "eyebrow": f"Soft signal: {self.signal.kind.lower()}"}


class NoteSignal(SchoolAction):
    """One dated fact about a school. What sounds like a judgement comes back with a question; what is about a person is not kept."""

    permission = Permission.SIGNAL_NOTE
    template = "intelligence/note_signal.jinja"
    button = "Note this fact"
    done = "Noted. The school reads it now, with your role, and may answer it."

    @cached_property
    def seen(self) -> SchoolSignals:
        """The school; refused where this viewer may note nothing about it."""
        seen: SchoolSignals = self.found(school_signals(self.slug, self.urn, viewer=self.viewer, at=self.today))
        if seen.standpoint is None:
            raise NotAllowed(f"You cannot {self.permission.value}: no post you hold today reaches this school.")
        return seen

    def form(self, data: Any = None) -> SignalForm:
        assert self.seen
        return SignalForm(data, initial={"happened_on": self.today})

    def perform(self, form: Any) -> None:
        actions.note_signal(slug=self.slug, urn=self.urn, by=self.viewer, at=self.now, **form.cleaned_data)

    def about(self) -> dict[str, Any]:
        return {
            "seen": self.seen, "truth": truth("soft-signal"), "findings": self.findings, "kinds": list(KINDS.values()),
            "about_a_person": about_a_person(self.findings),
        }  # fmt: skip


class RenewSignal(SignalAction):
    """It is still so."""

    title, button = "Say that it is still so", "It is still so"
    lede = "It stands for another twelve months from that day."
    done = "Kept with the new day."

    def form(self, data: Any = None) -> StillSoForm:
        assert self.signal
        return StillSoForm(data, initial={"as_of_on": self.today})

    def perform(self, form: Any) -> None:
        day = form.cleaned_data["as_of_on"]
        actions.renew_signal(slug=self.slug, urn=self.urn, signal_id=self.signal.id, as_of_on=day, by=self.viewer, at=self.now)


class WithdrawSignal(SignalAction):
    """It is taken back."""

    title, button = "Take a signal back", "Take it back"
    lede = "It stays on record with your reason, and weighs nothing any more."
    done = "Taken back. It stays on record, and weighs nothing any more."

    def form(self, data: Any = None) -> TakeBackForm:
        assert self.signal
        return TakeBackForm(data)

    def perform(self, form: Any) -> None:
        why = form.cleaned_data["why"]
        actions.withdraw_signal(slug=self.slug, urn=self.urn, signal_id=self.signal.id, why=why, by=self.viewer, at=self.now)


class AnswerSignal(SignalAction):
    """The school's word to a signal."""

    permission = Permission.SCHOOL_RECORD_SEE
    writers_alone = False
    title, button = "Answer this signal", "Keep our words beside it"
    done = "Your words stand beside it, for everybody who may read it."

    def subject(self) -> dict[str, Any]:
        return {"urn": self.urn}

    def form(self, data: Any = None) -> ResponseForm:
        assert self.signal
        return ResponseForm(data)

    def perform(self, form: Any) -> None:
        actions.answer_signal(
            slug=self.slug, urn=self.urn, signal_id=self.signal.id, words=form.cleaned_data["words"],
            disputes=form.cleaned_data["disputes"] == "yes", by=self.viewer, at=self.now,
        )  # fmt: skip

    def about(self) -> dict[str, Any]:
        return super().about() | {"truth": truth("reply")}
