"""Role addresses: the whole list for its keeper, a school's own page, and one line entered, changed or removed."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.contacts import actions
from convenor.contacts.forms.contacts import AddContactForm, ContactForm, ContactsFilter, NothingForm, first_of
from convenor.contacts.queries import contacts as queries
from convenor.contacts.queries.contacts import STANDINGS, ContactSeen, OwnContacts
from convenor.contacts.rules.roles import CONTACT_ROLES, role_word
from convenor.partnership.gate import Permission
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import ActionPage, PartnershipPage

ROOM, TAB = "keeping", "contacts"
PAGE = 100
"""Lines on one page of the list."""


class Contacts(PartnershipPage):
    """Every address, narrowed by the page's own address."""

    permission = Permission.CONTACTS_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The list."""
        asked = {name: request.GET.get(name, "") for name in ("text", "role", "phase", "cluster", "standing")}
        seen = self.found(queries.contacts(slug, viewer=self.viewer, at=self.today, **asked))
        choices = {
            name: [(each.key, each.name, each.count) for each in found]
            for name, found in (("role", seen.roles), ("phase", seen.phases), ("cluster", seen.clusters))
        } | {"standing": [(key, said, seen.standings[key]) for key, said in STANDINGS.items()]}
        page = Paginator(seen.shown, PAGE).get_page(request.GET.get("page"))

        def address(number: int) -> str:
            return reverse("contacts", args=[slug], query={**{key: value for key, value in asked.items() if value}, "page": number})

        return self.page(
            "contacts/contacts.jinja", seen=seen, form=ContactsFilter(asked, choices=choices), narrowed=any(asked.values()), page=page,
            address=address,
        )  # fmt: skip


class KeptAction(ActionPage):
    """Something that the keeper of all addresses does."""

    permission = Permission.CONTACTS_KEEP
    room, tab = ROOM, TAB
    template = "contacts/action.jinja"


class Add(KeptAction):
    """An address is entered. `?school=` and `?role=` say for whom."""

    title, button, done = "Enter an address", "Keep it", "Kept."
    lede = "One role of one school. The register’s names of heads are taken over by one press on the list; nobody is asked for them."

    def form(self, data: Any = None) -> AddContactForm:
        schools = queries.member_schools(self.slug, viewer=self.viewer, at=self.today)
        first = {"school": self.request.GET.get("school", ""), "role": self.request.GET.get("role", "head")}
        return AddContactForm(data, schools=[(urn, each.name) for urn, each in schools.items()], initial=first)

    def perform(self, form: Any) -> None:
        said = form.cleaned_data
        actions.set_contact(
            slug=self.slug, urn=said["school"], role=said["role"], name=said["name"], email=said["email"], phone=said["phone"],
            consent=said["consent"], source=said["source"], verified_on=self.today if said["checked"] else None,
            by=self.viewer, at=self.now,
        )  # fmt: skip


class OfContact(KeptAction):
    """An action on one line."""

    @cached_property
    def seen(self) -> ContactSeen:
        """The line."""
        return self.found(queries.contact(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    def about(self) -> dict[str, Any]:
        return {"title": self.seen.role_word, "eyebrow": self.seen.school, "seen": self.seen}


class Change(OfContact):
    """A line is changed."""

    button, done = "Keep the changes", "Kept."

    def form(self, data: Any = None) -> ContactForm:
        return ContactForm(data, initial=first_of(self.seen))

    def perform(self, form: Any) -> None:
        said = form.cleaned_data
        actions.set_contact(
            slug=self.slug, urn=self.seen.urn, contact_id=self.seen.key, role=said["role"], name=said["name"], email=said["email"],
            phone=said["phone"], consent=said["consent"], source=said["source"], verified_on=self.today if said["checked"] else None,
            by=self.viewer, at=self.now,
        )  # fmt: skip

    def about(self) -> dict[str, Any]:
        return super().about() | {"remove": reverse("contact-remove", args=[self.slug, self.seen.key])}


class Remove(OfContact):
    """A line is taken out."""

    button, done = "Take it out", "Taken out."

    def form(self, data: Any = None) -> NothingForm:
        return NothingForm(data)

    def perform(self, form: Any) -> None:
        actions.remove_contact(slug=self.slug, contact_id=self.kwargs["pk"], by=self.viewer, at=self.now)

    def about(self) -> dict[str, Any]:
        said = f"Take out: {self.seen.role_word}"
        lede = (
            f"{self.seen.name or self.seen.email or self.seen.phone} leaves this list. That somebody asked for no letters stays remembered."
        )
        return super().about() | {"title": said, "lede": lede, "plain": True}


class Prefill(KeptAction):
    """The register's names of heads are taken over."""

    title, button, done = "Take over the heads’ names as published", "Take them over", "Taken over. What is missing now is their addresses."

    def form(self, data: Any = None) -> NothingForm:
        return NothingForm(data)

    def perform(self, form: Any) -> None:
        actions.prefill_heads(slug=self.slug, by=self.viewer, at=self.now)

    def about(self) -> dict[str, Any]:
        seen = self.found(queries.contacts(self.slug, viewer=self.viewer, at=self.today))
        some = tuple(each for each in seen.without_head if each.published)
        lede = (
            "The public register gives the head’s name of each school. It is kept for the partnership’s own schools alone, "
            "where nobody stands as head yet, and overwrites nothing."
        )
        return {"published": some, "count": seen.to_prefill, "lede": lede, "plain": True}


class OwnPage(PartnershipPage):
    """What every page of a school's own addresses shares: for whoever acts for it."""

    permission = Permission.SCHOOL_ACT
    tab = ""

    def subject(self) -> dict[str, Any]:
        """The school."""
        return {"urn": self.kwargs["urn"]}

    @cached_property
    def seen(self) -> OwnContacts:
        """What stands."""
        return self.found(queries.school_contacts(self.slug, self.kwargs["urn"], viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]


class Own(OwnPage):
    """A school's own addresses: right with one press."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        return self._show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """All of it, or one line, is right as it stands, or one is to be taken out."""
        try:
            said = self._do(request.POST.get("do", ""), request.POST.get("contact", ""))
        except Refused as error:
            return self._show(str(error), status=422)
        messages.success(request, said)
        return HttpResponseRedirect(reverse("school-contacts", args=[self.slug, self.seen.urn]))

    def _do(self, do: str, key: str) -> str:
        known: dict[str, Any] = {"slug": self.slug, "by": self.viewer, "at": self.now}
        mine = next((each.key for each in self.seen.lines if str(each.key) == key), None)
        if do == "remove" and mine is not None:
            actions.remove_contact(contact_id=mine, **known)
            return "Taken out."
        if do == "verify" and mine is not None:
            actions.verify_contact(contact_id=mine, **known)
            return "Thank you: verified today."
        if do == "verify-all":
            actions.verify_school(urn=self.seen.urn, **known)
            return "Thank you: all of it is verified today."
        raise Refused("That line is not there any more. Look at the page again; nothing was changed.")

    def _show(self, error: str = "", status: int = 200) -> HttpResponse:
        return self.page("contacts/own.jinja", seen=self.seen, error=error, status=status)


class OwnWrite(OwnPage, ActionPage):
    """A line of a school's own is entered or changed by its own people; what they say is verified by that."""

    template = "contacts/action.jinja"
    button, done = "Keep it", "Kept, and verified today."
    roles = tuple(CONTACT_ROLES.items())

    @cached_property
    def line(self) -> ContactSeen | None:
        """The line to be changed; None for a new one."""
        pk = self.kwargs.get("pk")
        return self.found(next((each for each in self.seen.lines if each.key == pk), None)) if pk is not None else None

    def form(self, data: Any = None) -> ContactForm:
        role = self.request.GET.get("role", "head")
        first = first_of(self.line) if self.line else {"role": role if role in CONTACT_ROLES else "head"}
        return ContactForm(data, own=True, initial=first)

    def perform(self, form: Any) -> None:
        said = form.cleaned_data
        actions.set_contact(
            slug=self.slug, urn=self.seen.urn, contact_id=self.line.key if self.line else None, role=said["role"], name=said["name"],
            email=said["email"], phone=said["phone"], consent=said["consent"], verified_on=self.today, by=self.viewer, at=self.now,
        )  # fmt: skip

    def back(self) -> str:
        return reverse("school-contacts", args=[self.slug, self.seen.urn])

    def about(self) -> dict[str, Any]:
        role = self.request.GET.get("role", "")
        title = self.line.role_word if self.line else role_word(role) if role in CONTACT_ROLES else "Enter an address"
        key = self.line.key if self.line else None
        return {"title": title, "eyebrow": self.seen.school, "seen": self.line, "own_remove": key}
