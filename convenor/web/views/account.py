"""A person's own account: their posts, password, second factor and sessions."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.password_change import finalize_password_change, finalize_password_set
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import IndexView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateCodeView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from convenor.accounts.actions import choose_password
from convenor.accounts.queries import has_pin
from convenor.partnership.gate import SIGNED_IN, Page, viewer_for
from convenor.web.browsers import browser_in_words
from convenor.web.forms import NewPasswordForm
from convenor.web.homes import holding_key
from convenor.web.middleware import gave_second_factor
from convenor.web.views.proving import Guarded
from convenor.web.views.sign_in import Framed, safe_next, work_as


class Account(Page):
    """Who I am here, the posts I hold, and the doors to my account's settings."""

    permission = SIGNED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        person: Any = request.user
        return self.page(
            "web/account.jinja",
            person=person,
            has_password=person.has_usable_password(),
            has_pin=has_pin(person.pk),
            key_of=holding_key,
        )


class SwitchPost(Page):
    """Choose under which of one's posts to work; it names one in the journal, and opens that post's home."""

    permission = SIGNED_IN

    def post(self, request: HttpRequest) -> HttpResponse:
        """Remember the choice in the session. Only what is held today can be chosen."""
        wanted, slug = request.POST.get("holding", ""), request.POST.get("partnership", "")
        viewer = viewer_for(request.user, partnership_slug=slug or None, on=self.today)
        chosen = next((one for one in viewer.holdings if holding_key(one) == wanted), None)
        if chosen is None and (wanted or not viewer.holdings):
            raise Http404("No such post is held today.")
        chosen = chosen or viewer.holdings[0]
        work_as(request, chosen)
        return HttpResponseRedirect(safe_next(request, request.POST.get("next")) or "/")


def proved_lately(request: HttpRequest) -> bool:
    """Whether somebody proved who they are within the last quarter of an hour: by link, password, passkey or code. A PIN is not enough."""
    records = get_authentication_records(request, request.user)
    latest = max((float(record["at"]) for record in records if record["method"] != "pin"), default=0.0)
    return time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


class ChoosePassword(Guarded, Page):
    """Choose a password, or another. Somebody who forgot theirs signs in by link first."""

    permission = SIGNED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self.show(NewPasswordForm(person=request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change it, and end every other session."""
        form = NewPasswordForm(request.POST, person=request.user)
        if not proved_lately(request) or not form.is_valid():
            return self.show(form, status=400)
        person: Any = request.user
        finish = finalize_password_change if person.has_usable_password() else finalize_password_set
        choose_password(person=person, password=form.cleaned_data["password"], by=self.viewer, at=self.now)
        finish(request, person)
        messages.success(request, "Your password is changed, and you are signed out everywhere else.")
        return redirect("account")

    def show(self, form: NewPasswordForm, *, status: int = 200) -> HttpResponse:
        """The page; without a recent proof it says how to give one instead."""
        lately = proved_lately(self.request)
        person: Any = self.request.user
        return self.page("web/account_password.jinja", form=form, lately=lately, has_password=person.has_usable_password(), status=status)


class Confirm(Framed, ReauthenticateView):  # type: ignore[misc]
    """Give the password again before a change to the account."""

    permission = SIGNED_IN
    template_name = "web/account_confirm.jinja"
    words = {"password": ("Your password", "")}


class ConfirmCode(Framed, ReauthenticateCodeView):  # type: ignore[misc]
    """Give a code again before a change to the account."""

    permission = SIGNED_IN
    template_name = "web/account_confirm.jinja"
    words = {"code": ("Code", "Six digits from your authenticator app, or one of your recovery codes.")}


class SecondFactor(Framed, IndexView):  # type: ignore[misc]
    """Where an officer's second factor stands; the one page that is open before it is set up."""

    permission = SIGNED_IN
    template_name = "web/account_second_factor.jinja"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether it is asked for, set up, and given in this session."""
        context = super().get_context_data(**kwargs)
        return context | {"asked": context["viewer"].needs_second_factor, "given": gave_second_factor(self.request)}


class SetUpSecondFactor(Guarded, Framed, ActivateTOTPView):  # type: ignore[misc]
    """Set up an authenticator app."""

    permission = SIGNED_IN
    template_name = "web/account_second_factor_set_up.jinja"
    words = {"code": ("Code that the app shows", "Six digits.")}

    def form_valid(self, form: Any) -> HttpResponse:
        """The code just given proves the app: it counts as this session's second factor."""
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type="totp", reauthenticated=True)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The secret in fours, for whoever types it."""
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {"secret_in_fours": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))}


class RemoveSecondFactor(Guarded, Framed, DeactivateTOTPView):  # type: ignore[misc]
    """Remove the authenticator app, as before a change of telephone."""

    permission = SIGNED_IN
    before_second_factor = False
    template_name = "web/account_second_factor_remove.jinja"


class RecoveryCodes(Guarded, Framed, ViewRecoveryCodesView):  # type: ignore[misc]
    """The codes for a day without the telephone."""

    permission = SIGNED_IN
    before_second_factor = False
    template_name = "web/account_recovery_codes.jinja"


class NewRecoveryCodes(Guarded, Framed, GenerateRecoveryCodesView):  # type: ignore[misc]
    """Make new recovery codes; the old ones end."""

    permission = SIGNED_IN
    before_second_factor = False
    template_name = "web/account_recovery_codes_new.jinja"


class Sessions(Framed, ListUserSessionsView):  # type: ignore[misc]
    """Where one is signed in, and the button that ends it."""

    permission = SIGNED_IN
    before_second_factor = False
    template_name = "web/account_sessions.jinja"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each session in words."""
        context = super().get_context_data(**kwargs)
        rows = [
            {"key": row.pk, "browser": browser_in_words(row.user_agent), "began": row.created_at, "ip": row.ip, "current": row.is_current()}
            for row in reversed(context["sessions"])
        ]
        return context | {"rows": rows}

    def form_valid(self, form: Any) -> HttpResponse:
        """End one, all others, or all."""
        ending, everywhere = self.request.POST.get("end", "others"), self.request.POST.get("end") == "everywhere"
        held = self.get_context_data()["sessions"]
        chosen = [row for row in held if everywhere or (not row.is_current() and ending in ("others", str(row.pk)))]
        if chosen:
            end_sessions(self.request, chosen)
        if everywhere:
            return redirect("home")
        messages.success(self.request, "Signed out there." if chosen else "There was nothing left to end.")
        return redirect("usersessions_list")
