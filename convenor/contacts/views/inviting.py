"""Inviting heads, in practice and truly; and what would have been sent."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.contacts import actions
from convenor.contacts.queries import inviting as queries
from convenor.contacts.queries.inviting import InvitingSeen
from convenor.contacts.rules.inviting import LEFT_SAYS
from convenor.partnership.gate import Permission
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import PartnershipPage

ROOM, TAB = "keeping", "invite-heads"


class InviteHeads(PartnershipPage):
    """Who would be invited and what they would read; who is in, who not yet; practice begun and ended."""

    permission = Permission.CONTACTS_KEEP
    room, tab = ROOM, TAB

    @property
    def site(self) -> str:
        """The root of the site, for links in letters."""
        return self.request.build_absolute_uri("/").rstrip("/")

    @cached_property
    def seen(self) -> InvitingSeen:
        """How it stands."""
        return self.found(queries.invite_page(self.slug, viewer=self.viewer, at=self.now, site=self.site))  # type: ignore[no-any-return]

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        return self._show()

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """One of its buttons."""
        try:
            said = self._do(request.POST.get("do", ""))
        except Refused as error:
            return self._show(str(error), status=422)
        messages.success(request, said)
        return HttpResponseRedirect(reverse("invite-heads", args=[slug]))

    def _do(self, do: str) -> str:
        known: dict[str, Any] = {"slug": self.slug, "by": self.viewer, "at": self.now}
        if do == "begin-practice":
            begun = actions.begin_practice(**known)
            return "Practice has begun: no letter leaves until you end it." if begun else "You are practising already."
        if do == "end-practice":
            return f"Practice has ended. {_letters(actions.end_practice(**known))} of practice deleted; none had left."
        if do == "end-and-invite":
            done = actions.end_practice_and_invite(site=self.site, **known)
            return f"Practice has ended, {_letters(done.deleted)} of it deleted. {_letters(done.letters)} sent to heads."
        if do in {"invite", "again"}:
            done = actions.invite_heads(site=self.site, again=do == "again", **known)
            return f"{_letters(done.letters)} written and held: nothing left." if done.held else f"{_letters(done.letters)} sent to heads."
        raise Refused("Press one of the page’s buttons. Nothing was changed.")

    def _show(self, error: str = "", status: int = 200) -> HttpResponse:
        return self.page("contacts/invite.jinja", seen=self.seen, error=error, left_says=LEFT_SAYS, status=status)


class Held(PartnershipPage):
    """What would have been sent while practising."""

    permission = Permission.CONTACTS_KEEP
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The letters."""
        return self.page("contacts/held.jinja", seen=self.found(queries.held(slug, viewer=self.viewer)), kinds=KIND_SAYS)


#: How kinds of letters are said; another kind is said by its key.
KIND_SAYS = {"head-invitation": "Invitation of a head", "circular": "Letter to many"}


def _letters(count: int) -> str:
    return f"{count} {'letter' if count == 1 else 'letters'}"
