"""To another service's door, and back from it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from convenor.accounts.rules.providers import ProviderSet
from convenor.partnership.gate import PUBLIC, Page
from convenor.web.views.exchange import NO_ANSWER, Back, Exchange, provider_set, refuse
from convenor.web.views.sign_in import safe_next


class Elsewhere(Page):
    """Of one service that this site is set to."""

    permission = PUBLIC
    before_second_factor = True

    def provider(self) -> ProviderSet:
        """The service of the address. Raises Http404."""
        found = provider_set(self.kwargs["provider_id"])
        if found is None:
            raise Http404("This site is set to no such service.")
        return found


class ToElsewhere(Elsewhere):
    """To the service. A link, since a form may lead nowhere but here."""

    def get(self, request: HttpRequest, provider_id: str) -> HttpResponse:
        """Ask it where its door is, and go there."""
        go_to = safe_next(request, request.GET.get("next"))
        if self.viewer.signed_in:
            return HttpResponseRedirect(go_to or "/")
        provider = self.provider()
        try:
            return Exchange(request, provider).begin(go_to)
        except NO_ANSWER:
            return refuse(request, provider, "away")


class BackFromElsewhere(Elsewhere):
    """Back from the service, with its word for who this is."""

    def get(self, request: HttpRequest, provider_id: str) -> HttpResponse:
        """Sign in whoever is known, or say what to do."""
        provider = self.provider()
        try:
            answer: HttpResponse = Back.adapter_view(Exchange(request, provider))(request)
        except NO_ANSWER:
            return refuse(request, provider, "away")
        return answer
