"""How django-allauth is made to fit: nobody signs themselves up, its letters go by our post, its secrets are kept sealed."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from convenor.post.actions import enqueue


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

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A security notice, in our words, by our post. A notice that we have no words for is not sent."""
        kind = template_prefix.rsplit("/", 1)[-1]
        words = NOTICES.get(kind)
        if words is None:
            return
        subject, happened = words
        body = (
            f"{happened}\n\nIf this was you, you need do nothing. If it was not, sign in, choose “Sign out everywhere” on your account "
            "page, and tell your partnership manager.\n"
        )
        enqueue(by="the system", at=timezone.now(), to_address=email, kind="security-notice", subject=subject, body=body)


NOTICES = {
    "totp_activated": ("Your second factor is set up", "An authenticator app was set up for signing in to Convenor as you."),
    "totp_deactivated": ("Your second factor was removed", "The authenticator app for signing in to Convenor as you was removed."),
    "recovery_codes_generated": (
        "You have new recovery codes",
        "New recovery codes were made for signing in to Convenor as you. The old ones no longer work.",
    ),
    "password_changed": ("Your password was changed", "The password for signing in to Convenor as you was changed."),
    "password_set": ("Your password was set", "A password was chosen for signing in to Convenor as you."),
}


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor, its secrets sealed with the site's own key so that a copy of the database alone opens nothing."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That code is not right, or is too old. Wait for the next one and try again.",
    }

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
