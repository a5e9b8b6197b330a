"""The published directory, open to anybody: a page, and the same as Open Referral; and taking in somebody else's."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from convenor.partnership.gate import PUBLIC, Permission
from convenor.partnership.rules.refusals import Refused
from convenor.partnership.views.pages import PartnershipPage
from convenor.support.actions import taking_in
from convenor.support.forms import directory as forms
from convenor.support.queries import published as queries
from convenor.support.queries import supporters
from convenor.support.rules.hsds import names_of_terms, service, service_list
from convenor.support.rules.hsds_extension import SCHEMA
from convenor.support.views.directory import TAB, Changing, words
from convenor.support.views.front import ROOM

#: Bytes of a file that is taken in, at the most.
FILE_AT_MOST = 20 * 1024 * 1024
#: Services on a page of the data.
PAGE_SIZE = 100


class PublishedPage(PartnershipPage):
    """What is open to anybody, in a partnership that uses this room."""

    permission = PUBLIC
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        """The answer, unless there is no such partnership or it does not use this room."""
        here = self.partnership()
        if self.room in here.rooms_off:
            raise Http404(f"{here.name} does not use this room.")
        return self.answer(**kwargs)

    def answer(self, **kwargs: Any) -> HttpResponse:
        """What is answered."""
        raise NotImplementedError

    def names(self) -> dict[str, dict[str, str]]:
        """The names of all terms."""
        known = supporters.designations(self.slug, viewer=self.viewer)
        return names_of_terms({key: each.said for key, each in known.items()})


class Published(PublishedPage):
    """The page."""

    def answer(self, **kwargs: Any) -> HttpResponse:
        listed = queries.published(self.slug, viewer=self.viewer, at=self.today)
        here = self.partnership()
        return self.page(
            "support/published.jinja", listed=listed, partnership_name=here.name, names=self.names(), size=PAGE_SIZE, **words()
        )


class PublishedServices(PublishedPage):
    """A page of services, as Open Referral writes a list of them."""

    def answer(self, **kwargs: Any) -> HttpResponse:
        said = self.request.GET.get("page", "1")
        if not said.isdigit() or not 1 <= int(said[:6]) <= 100_000:
            raise Http404("There is no such page.")
        listed = queries.published(self.slug, viewer=self.viewer, at=self.today)
        return JsonResponse(service_list(listed, at=self.now, names=self.names(), page=int(said), size=PAGE_SIZE))


class PublishedService(PublishedPage):
    """One service."""

    def answer(self, uid: UUID, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        listed = self.found(queries.published_one(self.slug, uid, viewer=self.viewer, at=self.today))
        return JsonResponse(service(listed, at=self.now, names=self.names()))


class PublishedExtension(PublishedPage):
    """The schema of what stands beside the standard's own words."""

    def answer(self, **kwargs: Any) -> HttpResponse:
        return JsonResponse(SCHEMA)


class TakeIn(Changing):
    """Whoever keeps the directory takes in somebody else's."""

    permission = Permission.DIRECTORY_KEEP
    template = "support/take_in.jinja"
    title, button = "Take in another directory", "Take it in"
    lede = "Entries taken in say where they come from; taken in again, they are renewed. Your own are never changed."

    def form(self, data: Any = None) -> forms.TakeInForm:
        return forms.TakeInForm(data, self.request.FILES if data is not None else None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Takes it in, and says what was left and why."""
        form = self.form(request.POST)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                if file.size > FILE_AT_MOST:
                    raise Refused("The file is longer than 20 MB. Nothing was changed.")
                content = json.loads(file.read().decode("utf-8-sig"))
                done = taking_in.take_in(slug=self.slug, content=content, source=form.cleaned_data["source"], by=self.viewer, at=self.now)
            except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
                form.add_error("file", "This is no JSON. Save it as the other directory gives it. Nothing was changed.")
            except Refused as error:
                form.add_error(None, str(error))
            else:
                if done.left:
                    return self.page("support/taken_in.jinja", done=done, source=form.cleaned_data["source"], back=self.back())
                messages.success(request, f"{done.new} new, {done.renewed} renewed, {done.own} your own and left as they are.")
                return HttpResponseRedirect(self.back())
        return self._show(form, status=422)

    def back(self) -> str:
        return reverse(TAB, args=[self.slug])
