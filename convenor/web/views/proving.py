"""Showing who is there: before confidential pages, and before a change to the account, of somebody who came by a mailed link."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from convenor.accounts.actions import check_pin, set_first_pin, set_pin
from convenor.accounts.queries import has_pin
from convenor.accounts.rules.pins import PinRefused
from convenor.partnership.gate import SIGNED_IN, Page, ask_who, proof_wanted
from convenor.web.forms import ChangePinForm, NewPinForm, PinForm
from convenor.web.letters import notify
from convenor.web.middleware import gave_second_factor
from convenor.web.views.sign_in import safe_next


class Guarded:
    """A page that changes how somebody signs in: whoever has a PIN and came by a mailed link gives it first.

    Without this the mailbox alone could put a password or a passkey beside the PIN, and then needed none.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask, or pass on."""
        person: Any = request.user
        if not person.is_authenticated:
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
        if has_pin(person.pk) and proof_wanted(request, at=timezone.now()):
            return ask_who(request)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer


class Prove(Page):
    """Give a PIN, or choose the first one; or go to where a passkey or a code is given."""

    permission = SIGNED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        """The question; whoever need not answer it goes on at once."""
        if not proof_wanted(request, at=self.now):
            return HttpResponseRedirect(safe_next(request, request.GET.get("next")) or "/")
        return self.show(PinForm() if has_pin(self._person.pk) else NewPinForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Hold the PIN against what is kept, or keep the first."""
        person = self._person
        form: Any = PinForm(request.POST) if has_pin(person.pk) else NewPinForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=400)
        said = form.cleaned_data
        try:
            if isinstance(form, NewPinForm):
                set_first_pin(person=person, pin=said["pin"], again=said["again"], by=self.viewer, at=self.now)
                notify("pin_set", person.email, at=self.now)
                messages.success(request, "Your PIN is chosen. You will be asked for it when you come by a link.")
            else:
                check_pin(person=person, pin=said["pin"], by=self.viewer, at=self.now)
        except PinRefused as refused:
            form.add_error("pin", str(refused))
            return self.show(form, status=400)
        record_authentication(request, person, method="pin")
        return HttpResponseRedirect(safe_next(request, request.POST.get("next")) or "/")

    @property
    def _person(self) -> Any:
        return self.request.user

    def show(self, form: Any, *, status: int = 200) -> HttpResponse:
        """The page."""
        go_to = safe_next(self.request, self.request.GET.get("next") or self.request.POST.get("next")) or "/"
        back = urlencode({"next": go_to})
        coded = is_mfa_enabled(self._person, ["totp", "recovery_codes"])
        return self.page(
            "web/account_prove.jinja",
            form=form,
            first=isinstance(form, NewPinForm),
            go_to=go_to,
            passkey_href=f"{reverse('mfa_reauthenticate_webauthn')}?{back}" if is_mfa_enabled(self._person, ["webauthn"]) else "",
            code_href=f"{reverse('mfa_reauthenticate')}?{back}" if coded else "",
            status=status,
        )


class Pin(Guarded, Page):
    """Choose a PIN, or another. Who has forgotten theirs shows a passkey or a code instead, or has it taken off."""

    permission = SIGNED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self.show(self.form_of()())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it."""
        person: Any = request.user
        form = self.form_of()(request.POST)
        if not form.is_valid():
            return self.show(form, status=400)
        said = form.cleaned_data
        try:
            if not has_pin(person.pk):
                set_first_pin(person=person, pin=said["pin"], again=said["again"], by=self.viewer, at=self.now)
            else:
                set_pin(person=person, pin=said["pin"], again=said["again"], old=said.get("old"), by=self.viewer, at=self.now)
        except PinRefused as refused:
            form.add_error("old" if "old" in form.fields else "pin", str(refused))
            return self.show(form, status=400)
        notify("pin_set", person.email, at=self.now)
        record_authentication(request, person, method="pin")
        messages.success(request, "Your PIN is kept.")
        return redirect("account")

    def form_of(self) -> type[NewPinForm] | type[ChangePinForm]:
        """The old one is asked for where there is one, unless a second factor was given in this session."""
        person: Any = self.request.user
        return ChangePinForm if has_pin(person.pk) and not gave_second_factor(self.request) else NewPinForm

    def show(self, form: Any, *, status: int = 200) -> HttpResponse:
        """The page."""
        person: Any = self.request.user
        return self.page("web/account_pin.jinja", form=form, chosen=has_pin(person.pk), status=status)
