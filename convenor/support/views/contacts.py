"""Notes of contact: written in a minute, read and marked by the head first."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.partnership.gate import NotAllowed, Permission, record_look
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.support.actions import contact as actions
from convenor.support.forms import beside as forms
from convenor.support.queries import contacts as queries
from convenor.support.queries.contacts import NoteSeen
from convenor.support.rules.states import Accuracy, ContactKind
from convenor.support.views.front import ROOM

TAB = "support"
#: What is written down of a look by somebody who is not of the school.
LOOKED_AT = "note of contact"


class Contacts(PartnershipPage):
    """The notes one reads: about one's own school first; for whoever coordinates also when there was contact with whom."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, TAB
    confidential = True

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page. Words of notes are on their own pages, where each look is written down."""
        return self.page("support/contacts.jinja", seen=self.found(queries.contacts(slug, viewer=self.viewer, at=self.today)))


class OfContact(PartnershipPage):
    """What every page of one note shares."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, TAB
    confidential = True

    @cached_property
    def note(self) -> NoteSeen:
        """The note of the address, for whoever reads it."""
        return self.found(queries.contact(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]


class Contact(OfContact):
    """One note, with everything that its school said of it."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page; a look by somebody not of the school is written down first."""
        if not self.note.school_own:
            record_look(self.viewer, urn=self.note.urn, record=LOOKED_AT, at=self.now, by_right=Permission.CONTACT_NOTE)
        marks = self.note.school_own and self.viewer.may(Permission.SUPPORT_ASK, urn=self.note.urn)
        return self.page("support/contact.jinja", note=self.note, marks=marks)


class WriteContact(ActionPage):
    """A note of contact, one screen: school, how, a sentence or two."""

    permission = Permission.CONTACT_NOTE
    room, tab = ROOM, TAB
    template = "support/contact_write.jinja"
    title, button = "A note of contact", "Keep this note"
    lede = "A minute. The school reads it first and says whether it is right; until then nobody else does."
    done = "Kept. The school reads it first."

    @cached_property
    def schools(self) -> list[tuple[str, str]]:
        """The schools of which this viewer may write one."""
        found = queries.schools_to_note(self.slug, viewer=self.viewer, at=self.today)
        if not found:
            raise NotAllowed(f"You cannot {self.permission.value}: no post you hold today reaches a school of this partnership.")
        return found

    def form(self, data: Any = None) -> Form:
        first = {"on": self.today, "urn": self.request.GET.get("school", ""), "kind": ContactKind.CALL.value}
        return forms.ContactForm(data, schools=self.schools, initial=first)

    def perform(self, form: Any) -> None:
        given = form.cleaned_data | {"kind": ContactKind(form.cleaned_data["kind"])}
        actions.write_contact(slug=self.slug, by=self.viewer, at=self.now, **given)

    def back(self) -> str:
        return reverse("support-contacts", args=[self.slug])


class MarkContact(OfContact, ActionPage):
    """The school says whether a note about it is accurate."""

    permission = Permission.SUPPORT_ASK
    template = "support/contact_mark.jinja"
    title, button, done = "Is this note accurate?", "Say so", "Kept beside the note."
    lede = "Your words stand beside it for ever, and whoever reads the note reads them too."

    def form(self, data: Any = None) -> Form:
        if not self.note.school_own or not self.viewer.may(Permission.SUPPORT_ASK, urn=self.note.urn):
            raise Http404("That is for the school itself to say.")
        return forms.MarkForm(data)

    def perform(self, form: Any) -> None:
        accuracy = Accuracy(form.cleaned_data["accuracy"])
        actions.mark_contact(
            slug=self.slug, note_id=self.note.pk, accuracy=accuracy, words=form.cleaned_data["words"], by=self.viewer, at=self.now
        )  # fmt: skip

    def about(self) -> dict[str, Any]:
        return {"note": self.note, "eyebrow": self.note.school}

    def back(self) -> str:
        return reverse("support-contact", args=[self.slug, self.note.pk])
