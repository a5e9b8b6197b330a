"""Passkeys: to sign in by one, to give one as the second factor, to add one and to take one off.

The ceremony itself runs in the browser (`assets/passkey.js`), the checks are django-allauth's. A passkey here always knows its person
(it lies on their device) and asks for their finger, face or device lock: so it is two factors in one.
"""

from __future__ import annotations

import json
import struct
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import Login
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth, flows
from allauth.mfa.webauthn.views import AddWebAuthnView, ListWebAuthnView, LoginWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from convenor.partnership.gate import SIGNED_IN
from convenor.web.forms import LinkForm
from convenor.web.views.proving import Guarded
from convenor.web.views.sign_in import Framed, safe_next

#: What the reading of an answer that no browser made may come to.
NO_ANSWER = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error, InvalidSignature, UnsupportedAlgorithm)


#: The longest answer that a device gives is a fraction of this, in letters.
LONGEST_ANSWER = 20_000
#: What of an answer the library turns into bytes. A number there would be taken for a length, and as many bytes be asked of the machine.
IN_BYTES = ("id", "rawId"), ("clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject")


def shaped(answer: Any) -> bool:
    """Whether an answer is shaped as a browser's is: texts where texts belong, and no longer than any device's."""
    response = answer.get("response") if isinstance(answer, dict) else None
    if not isinstance(response, dict) or len(json.dumps(answer)) > LONGEST_ANSWER:
        return False
    held = [*(answer.get(name) for name in IN_BYTES[0]), *(response.get(name) for name in IN_BYTES[1])]
    return all(each is None or isinstance(each, str) for each in held)


class Answered:
    """The browser's answer, whatever it may be: what cannot be read is refused as a wrong one is, never a fault of the page."""

    cleaned_data: dict[str, Any]

    def clean_credential(self) -> Any:
        """Hold it against what is kept."""
        if not shaped(self.cleaned_data.get("credential")):
            raise get_adapter().validation_error("incorrect_code")
        try:
            return super().clean_credential()  # type: ignore[misc]
        except forms.ValidationError:
            raise
        except NO_ANSWER as error:
            raise get_adapter().validation_error("incorrect_code") from error


class SignInForm(Answered, LoginWebAuthnForm):  # type: ignore[misc]
    """Sign in by a passkey."""


class ConfirmForm(Answered, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Give a passkey again."""


class AddForm(AddWebAuthnForm):  # type: ignore[misc]
    """Add a passkey under a name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        self.fields["name"].max_length = 60
        self.fields["name"].widget.attrs["maxlength"] = "60"

    def clean(self) -> dict[str, Any]:
        """Each is a passkey: the device must have asked for its owner."""
        self.cleaned_data["passwordless"] = True
        self.cleaned_data["name"] = str(self.cleaned_data.get("name") or "")[:60]
        if not shaped(self.cleaned_data.get("credential")):
            raise get_adapter().validation_error("incorrect_code")
        try:
            said: dict[str, Any] = super().clean()
        except forms.ValidationError:
            raise
        except NO_ANSWER as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return said


def for_browser(options: Any) -> str:
    """The options of a ceremony as the page's script reads them."""
    return json.dumps(options)


class Passkeys(Framed, ListWebAuthnView):  # type: ignore[misc]
    """Whose device opens this account, and the way to add one or take one off."""

    permission = SIGNED_IN
    before_second_factor = False
    template_name = "web/account_passkeys.jinja"


class AddPasskey(Guarded, Framed, AddWebAuthnView):  # type: ignore[misc]
    """Add a passkey. It counts as the second factor, of this session too."""

    permission = SIGNED_IN
    form_class = AddForm
    template_name = "web/account_passkey_add.jinja"
    words = {"name": ("What to call it", "So that you know it again in the list, as “My telephone”.")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The ceremony's options: a key that the device keeps and that asks for its owner."""
        context = super().get_context_data(**kwargs)
        return context | {
            "form": kwargs.get("form", context["form"]),
            "options": for_browser(auth.begin_registration(self.request.user, True)),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """Kept; whoever just used it has shown who they are."""
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type="webauthn", reauthenticated=True)
        return response

    def get_success_url(self) -> str:
        """To the recovery codes that came with the first, or to the list."""
        return reverse("mfa_view_recovery_codes") if self.did_generate_recovery_codes else reverse("mfa_list_webauthn")


class RemovePasskey(Guarded, Framed, RemoveWebAuthnView):  # type: ignore[misc]
    """Take a passkey off."""

    permission = SIGNED_IN
    before_second_factor = False
    template_name = "web/account_passkey_remove.jinja"


class ConfirmPasskey(Framed, ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Give a passkey before a change to the account, or before a confidential page."""

    permission = SIGNED_IN
    form_class = ConfirmForm
    template_name = "web/account_confirm_passkey.jinja"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The ceremony's options, and the form with what was wrong with it."""
        context = super().get_context_data(**kwargs)
        return context | {"form": kwargs.get("form") or self.get_form(), "options": for_browser(context["js_data"]["request_options"])}

    def form_invalid(self, form: Any) -> HttpResponse:
        """Not accepted: the page again, saying so."""
        return self.render_to_response(self.get_context_data(form=form), status=400)  # type: ignore[no-any-return]


class SignInByPasskey(Framed, LoginWebAuthnView):  # type: ignore[misc]
    """Sign in by a passkey. Nobody gives an address, so the question and the refusal are the same whoever asks."""

    form_class = SignInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The options for the page's script; anybody else is led to the page that has the button."""
        if "application/json" not in request.headers.get("Accept", ""):
            return redirect("sign-in")
        return JsonResponse(auth.begin_authentication(user=None))

    def form_valid(self, form: Any) -> HttpResponse:
        """In, by both factors at once."""
        authenticator = form.cleaned_data["credential"]
        go_to = safe_next(self.request, self.request.POST.get("next"))
        login = Login(user=authenticator.user, redirect_url=go_to or None)
        answer: HttpResponse = flows.perform_passwordless_login(self.request, authenticator, login)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """Not known here, or not in time: the same words for every reason, and the link as the other way in."""
        words = {"form": LinkForm(), "go_to": safe_next(self.request, self.request.POST.get("next"))}
        return render(self.request, "web/sign_in_passkey_refused.jinja", Framed.frame(self.request) | words, status=400)
