"""How django-allauth is made to fit: nobody signs themselves up, its letters go by our post, its secrets are kept sealed."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from convenor.partnership.gate import day_of
from convenor.web.browsers import browser_in_words
from convenor.web.letters import notify
from convenor.web.views.exchange import come_home


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in as a partnership needs it."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "That e-mail address and password do not go together. Try again, or have a link sent to you instead.",
        "enter_current_password": "Give the password you have now.",
        "incorrect_password": "That is not your password.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again; or have a link sent to you instead.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come with a post, given by the partnership manager."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say for themselves what has happened."""

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to show once more that it is oneself, the easiest first, in our words."""
        words = {"mfa_reauthenticate:webauthn": "Use a passkey", "reauthenticate": "Use your password", "mfa_reauthenticate": "Use a code"}
        order = list(words)
        found = [one | {"description": words[one["id"]]} for one in super().get_reauthentication_methods(user) if one["id"] in words]
        return sorted(found, key=lambda one: order.index(one["id"]))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Once every door is passed: whoever came for an organisation begins under their post there."""
        come_home(request, user, day_of(timezone.now()))
        return super().post_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A security notice, in our words, by our post. A notice that we have no words for is not sent."""
        notify(template_prefix.rsplit("/", 1)[-1], email, at=timezone.now())


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor, its secrets sealed with the site's own key so that a copy of the database alone opens nothing."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That code is not right, or is too old. Wait for the next one and try again.",
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """A passkey is called by the browser that made it, until its owner says otherwise."""
        return browser_in_words(context.request.META.get("HTTP_USER_AGENT", ""))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For which site a passkey is: this very host, under our name."""
        return {"id": context.request.get_host().partition(":")[0], "name": "Convenor"}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """Whose it is, as their device lists it; the key as the library reads it back, which is not in tens."""
        return {"id": user_pk_to_url_str(user).encode(), "display_name": user.name, "name": user.email or user.name}

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return str(_seal().encrypt(text.encode()).decode())

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret."""
        return str(_seal().decrypt(encrypted_text.encode()).decode())

    def get_totp_label(self, user: Any) -> str:
        """How the authenticator app names the account."""
        return str(user.email or user.name)


def _seal() -> Any:
    """The seal, made from the site's secret key."""
    from cryptography.fernet import Fernet

    digest = hashlib.sha256(b"convenor second factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
