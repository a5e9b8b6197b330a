"""What an old file says of a school, for the school's own people: read first, replied to, kept or deleted."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.moving_in import actions
from convenor.moving_in.forms.bringing import NothingToFillIn, ReplyForm
from convenor.moving_in.queries.legacy import LegacySeen, legacy_of_school
from convenor.moving_in.rules.states import OfSchool
from convenor.moving_in.views.bringing import ROOM
from convenor.partnership.gate import Permission, record_look
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.registers.queries.known import school_in_short

LOOKED_AT = "what earlier records of the partnership say of the school"


class SetApart(PartnershipPage):
    """Everything that was set apart of one school, for its own people alone."""

    permission = Permission.SCHOOL_RECORD_SEE
    room = ROOM
    confidential = True

    def subject(self) -> dict[str, Any]:
        return {"urn": self.kwargs["urn"]}

    @property
    def urn(self) -> str:
        """The school of the address."""
        return str(self.kwargs["urn"])

    @cached_property
    def notes(self) -> list[LegacySeen]:
        """What was set apart and is still held."""
        return legacy_of_school(self.slug, self.urn, viewer=self.viewer, at=self.now)

    def looked(self) -> None:
        """Writes down that somebody looks who may, though they are not of the school itself: its trust's leader."""
        allowing = [holding for holding in self.viewer.holdings if holding.allows(Permission.SCHOOL_RECORD_SEE, urn=self.urn)]
        if all(holding.urn != self.urn for holding in allowing):
            record_look(self.viewer, urn=self.urn, record=LOOKED_AT, at=self.now)

    def get(self, request: HttpRequest, slug: str, urn: str) -> HttpResponse:
        """The page."""
        return self.show()

    def show(self, *, form: Form | None = None, wrong: int = 0, status: int = 200) -> HttpResponse:
        """The page, with a reply that was not yet kept where there is one."""
        self.looked()
        waiting = [each for each in self.notes if each.kept_at is None]
        replies = {each.id: ReplyForm(auto_id=f"reply-{each.id}-%s", initial={"words": each.reply}) for each in self.notes}
        return self.page(
            "moving_in/set_apart.jinja", notes=self.notes, waiting=waiting, until=min((each.until_on for each in waiting), default=None),
            school=self.found(school_in_short(self.urn, viewer=self.viewer)), urn=self.urn, wrong=wrong,
            speaks=self.viewer.may(Permission.SCHOOL_SPEAK, urn=self.urn), forms=replies | ({wrong: form} if form else {}), status=status,
        )  # fmt: skip


class AnswerApart(SetApart):
    """A reply, or the word that it stays; pressed on the school's page."""

    permission = Permission.SCHOOL_SPEAK

    def get(self, request: HttpRequest, slug: str, urn: str, note: int) -> HttpResponse:  # type: ignore[override]
        """The page itself, for whoever may answer."""
        self.check(note)
        return self.show()

    def check(self, note: int) -> None:
        """Raises Http404 for one that is not held any more, or is another school's."""
        if note not in {each.id for each in self.notes}:
            raise Http404("It is not held any more.")

    def post(self, request: HttpRequest, slug: str, urn: str, note: int) -> HttpResponse:
        """Keeps the reply, or what it is a reply to."""
        self.check(note)
        keeps = request.POST.get("go") == "keep"
        form = ReplyForm(request.POST, auto_id=f"reply-{note}-%s")
        if not keeps and not form.is_valid():
            return self.show(form=form, wrong=note, status=422)
        try:
            actions.answer_legacy(
                slug=slug, legacy_id=note, decision=OfSchool.KEEP if keeps else OfSchool.REPLY, by=self.viewer, at=self.now,
                words="" if keeps else form.cleaned_data["words"],
            )  # fmt: skip
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "It stays, with your school’s word." if keeps else "Your reply stands beside it.")
        return HttpResponseRedirect(f"{reverse('set-apart', args=[slug, urn])}#note-{note}")


class DeleteApart(SetApart, ActionPage):
    """The school has a line deleted."""

    permission = Permission.SCHOOL_SPEAK
    template = "moving_in/delete_apart.jinja"
    title, button, done = "Have it deleted", "Delete it", "Deleted. Only that it was deleted is noted."
    lede = "It is gone for good, with your reply if there is one. Nobody else has read it here."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form."""
        return ActionPage.get(self, request, *args, **kwargs)

    @property
    def note(self) -> LegacySeen:
        """The line of the address."""
        return self.found(next((each for each in self.notes if each.id == self.kwargs["note"]), None))  # type: ignore[no-any-return]

    def form(self, data: Any = None) -> Form:
        assert self.note
        self.looked()
        return NothingToFillIn(data)

    def perform(self, form: Any) -> None:
        actions.answer_legacy(slug=self.slug, legacy_id=self.kwargs["note"], decision=OfSchool.DELETE, by=self.viewer, at=self.now)

    def about(self) -> dict[str, Any]:
        return {"note": self.note}

    def back(self) -> str:
        return reverse("set-apart", args=[self.slug, self.urn])
