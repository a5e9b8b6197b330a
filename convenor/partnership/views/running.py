"""Running the partnership: posts and their holders, rooms switched on and off, the journal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.journal import queries as journal
from convenor.partnership import actions, forms
from convenor.partnership.gate import Permission
from convenor.partnership.queries import posts as queries
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.rules.rooms import ROOMS
from convenor.partnership.views.pages import ActionPage, PartnershipPage


class Journal(PartnershipPage):
    """What was done in the partnership, by whom, when and why."""

    permission = Permission.JOURNAL_SEE
    tab = "journal"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """A page of it, narrowed by kind."""
        asked = request.GET.get("page", "1")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
        seen = self.found(journal.entries(slug, viewer=self.viewer, page=number, verb=request.GET.get("verb", "")))
        return self.page("partnership/journal.jinja", seen=seen, verb=request.GET.get("verb", ""))


class Rooms(PartnershipPage):
    """Rooms that can be switched off."""

    permission = Permission.ROOM_SWITCH
    tab = "rooms"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The rooms."""
        here = self.partnership()
        return self.page("partnership/rooms.jinja", switches=[(room, room.key not in here.rooms_off) for room in ROOMS.values()])

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Switches one of them."""
        form = forms.RoomForm(request.POST)
        if not form.is_valid():
            raise Http404("There is no such room.")
        room, on = form.cleaned_data["room"], form.cleaned_data["on"] == "on"
        try:
            actions.switch_room(slug=slug, room=room, on=on, by=self.viewer, at=self.now)
        except Refused as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, f"{ROOMS[room].name} {'is back' if on else 'is out of sight'}.")
        return HttpResponseRedirect(reverse("rooms", args=[slug]))


class Posts(PartnershipPage):
    """Who holds which post today."""

    permission = Permission.PEOPLE_CHANGE
    tab = "posts"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The posts, by role."""
        text = request.GET.get("text", "")
        return self.page("partnership/posts.jinja", posts=queries.posts(slug, viewer=self.viewer, at=self.today, text=text), text=text)


class TakePost(ActionPage):
    """Somebody takes a post."""

    permission = Permission.PEOPLE_CHANGE
    tab = "posts"
    title, button, done = "Give a post", "Give the post", "The post is given. They can sign in with the link that their address receives."
    lede = "A post outlives its holder. What it allows begins on its first day and ends on the day it is left."

    def form(self, data: Any = None) -> forms.PostForm:
        places = queries.places(self.slug, viewer=self.viewer, at=self.today)
        return forms.PostForm(data, places=places, initial={"from_on": self.today})

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        person = queries.person_with(given["email"], viewer=self.viewer)
        actions.give_post(
            slug=self.slug, role=given["role"], title=given["title"], name=given["name"], email=given["email"], person_id=person,
            from_on=given["from_on"], acting=given["acting"], by=self.viewer, at=self.now, **form.place_given(),
        )  # fmt: skip


class LeavePost(ActionPage):
    """Somebody leaves a post."""

    permission = Permission.PEOPLE_CHANGE
    tab = "posts"
    title, button, done = "Leave the post", "Record that they leave", "Recorded. What the post allowed ends on that day."

    def form(self, data: Any = None) -> forms.LeavePostForm:
        return forms.LeavePostForm(data, initial={"until_on": self.today})

    def about(self) -> dict[str, Any]:
        one = self.found(queries.tenure(self.slug, self.kwargs["tenure"], viewer=self.viewer, at=self.today))
        return {"title": f"{one.name} leaves", "eyebrow": f"{one.title}, {one.place}" if one.place else one.title}

    def perform(self, form: Any) -> None:
        actions.leave_post(slug=self.slug, tenure_id=self.kwargs["tenure"], by=self.viewer, at=self.now, **form.cleaned_data)
