"""Members: who belongs, who joins and leaves, and how schools take part."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.partnership import actions, forms
from convenor.partnership.gate import PUBLIC, Permission
from convenor.partnership.queries import members as queries
from convenor.partnership.queries.members import EngagementSeen, MemberSeen, MembersSeen
from convenor.partnership.queries.structure import structure
from convenor.partnership.rules.vocabulary import PHASES, SCHOOL_TYPES
from convenor.partnership.views.pages import ActionPage, PartnershipPage

PAGE = 100
"""Schools on one page of the list."""


class Members(PartnershipPage):
    """The member schools, open to anyone, narrowed by the address."""

    permission = PUBLIC
    tab = "members"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The list."""
        asked = {name: request.GET.get(name, "") for name in ("phase", "type_", "trust", "cluster", "text")}
        seen: MembersSeen = self.found(queries.members(slug, viewer=self.viewer, at=self.today, **asked))
        choices = {
            name: [(each.name, each.schools) for each in found]
            for name, found in (("phase", seen.phases), ("type_", seen.types), ("trust", seen.trusts), ("cluster", seen.clusters))
        }
        form = forms.MembersFilter(asked, choices=choices)
        page = Paginator(seen.shown, PAGE).get_page(request.GET.get("page"))

        def address(number: int) -> str:
            return reverse("members", args=[slug], query={**{key: value for key, value in asked.items() if value}, "page": number})

        return self.page("partnership/members.jinja", seen=seen, form=form, narrowed=any(asked.values()), page=page, address=address)


class MemberAction(ActionPage):
    """An action about membership."""

    permission = Permission.MEMBER_ADMIT
    tab = "members"

    @cached_property
    def seen(self) -> MembersSeen:
        """Every member."""
        return self.found(queries.members(self.slug, viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    @cached_property
    def school(self) -> MemberSeen:
        """The member school of the address."""
        found = next((each for each in self.seen.shown if each.urn == self.kwargs["urn"]), None)
        if found is None:
            raise Http404("That school is not a member today.")
        return found


class Join(MemberAction):
    """Record that a school joins."""

    title, button = "A school joins", "Record that it joins"
    lede = "Membership is open to every school of every type, and equal."
    done = "The school is a member. Place it in its cluster next."

    def form(self, data: Any = None) -> forms.JoinForm:
        return forms.JoinForm(data, schools=self.seen.others, initial={"from_on": self.today})

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        actions.join(slug=self.slug, urn=given["school"], from_on=given["from_on"], by=self.viewer, at=self.now)


class Leave(MemberAction):
    """Record that a school leaves."""

    title, button, done = "A school leaves", "Record that it leaves", "Recorded. The school may come back at any time."
    lede = "It leaves its cluster and other bodies that day, and its people's posts here end. What was done together stays on record."

    def form(self, data: Any = None) -> forms.EndForm:
        return forms.EndForm(data, initial={"until_on": self.today})

    def about(self) -> dict[str, Any]:
        return {"title": f"{self.school.name} leaves", "eyebrow": "Members"}

    def perform(self, form: Any) -> None:
        actions.leave(slug=self.slug, urn=self.school.urn, by=self.viewer, at=self.now, **form.cleaned_data)


class Place(MemberAction):
    """A school comes to sit in a cluster or other body."""

    title, button, done = "Place in a body", "Place the school", "The school sits there from that day."

    def form(self, data: Any = None) -> forms.PlaceForm:
        whole = structure(self.slug, viewer=self.viewer, at=self.today)
        sits = {key for key, _ in self.school.bodies}
        bodies = [(each.key, f"{each.name} ({each.kind_name.lower()})") for each in whole.bodies if each.key not in sits] if whole else []
        return forms.PlaceForm(data, bodies=bodies, initial={"on": self.today})

    def about(self) -> dict[str, Any]:
        sits = ", ".join(name for _, name in self.school.bodies)
        return {
            "title": f"Place {self.school.name}",
            "eyebrow": "Members",
            "lede": f"It sits in {sits} now." if sits else "It sits nowhere yet.",
        }

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        actions.place_in_body(slug=self.slug, body=given["body"], urn=self.school.urn, from_on=given["on"], by=self.viewer, at=self.now)


class TakeOut(MemberAction):
    """A school leaves a cluster or other body."""

    title, button, done = "Take out of a body", "Take it out", "The school sits there no longer from that day."

    def form(self, data: Any = None) -> forms.PlaceForm:
        return forms.PlaceForm(data, bodies=self.school.bodies, initial={"on": self.today})

    def about(self) -> dict[str, Any]:
        return {"title": f"Take {self.school.name} out of a body", "eyebrow": "Members"}

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        actions.take_out_of_body(slug=self.slug, body=given["body"], urn=self.school.urn, until_on=given["on"], by=self.viewer, at=self.now)


class Engagement(PartnershipPage):
    """How schools take part, in aggregate; with schools to invite, for those who invite."""

    permission = Permission.ENGAGEMENT_SEE
    tab, room = "engagement", "engagement"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        seen: EngagementSeen = self.found(queries.engagement(slug, viewer=self.viewer, at=self.today))
        return self.page("partnership/engagement.jinja", seen=seen, kinds=forms.KIND_WORDS)


class TookPart(ActionPage):
    """Note that a school took part."""

    permission = Permission.ENGAGEMENT_RECORD
    tab, room = "engagement", "engagement"
    title, button, done = "Note that a school took part", "Note it", "Noted. The school sees it too."
    lede = "Only that the school took part and in what. Never who signed in or who read something."

    def form(self, data: Any = None) -> forms.TookPartForm:
        schools = queries.schools_to_note(self.slug, viewer=self.viewer, at=self.today)
        return forms.TookPartForm(data, schools=schools, initial={"on": self.today})

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        actions.record_engagement(
            slug=self.slug, urn=given["school"], kind=given["kind"], what=given["what"], on=given["on"], by=self.viewer, at=self.now
        )


class Representation(PartnershipPage):
    """The board beside the schools it stands for."""

    permission = Permission.REPRESENTATION_SEE
    tab, room = "representation", "representation"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        body = request.GET.get("body", "")
        seen = self.found(queries.representation(slug, viewer=self.viewer, at=self.today, body=body))
        words = PHASES | SCHOOL_TYPES | seen.trust_names | {"no trust": "In no trust", "not said": "Not said"}

        def rows(groups: Any) -> list[dict[str, Any]]:
            return [{"label": words.get(each.key, each.key), "seats": each.seats, "schools": each.schools} for each in groups]

        return self.page("partnership/representation.jinja", seen=seen, rows=rows, address=reverse("representation", args=[slug]))
