"""Security notices: what somebody is told when a way of signing in as them changes. None names a school, a partnership or a concern."""

from __future__ import annotations

from datetime import datetime

from convenor.post.actions import enqueue

#: Kind of notice -> subject, what happened.
NOTICES = {
    "totp_activated": ("Your second factor is set up", "An authenticator app was set up for signing in to Convenor as you."),
    "totp_deactivated": ("Your second factor was removed", "The authenticator app for signing in to Convenor as you was removed."),
    "webauthn_added": ("You have a new passkey", "A passkey was added for signing in to Convenor as you."),
    "webauthn_removed": ("A passkey was removed", "A passkey for signing in to Convenor as you was removed."),
    "recovery_codes_generated": (
        "You have new recovery codes",
        "New recovery codes were made for signing in to Convenor as you. The old ones no longer work.",
    ),
    "password_changed": ("Your password was changed", "The password for signing in to Convenor as you was changed."),
    "password_set": ("Your password was set", "A password was chosen for signing in to Convenor as you."),
    "pin_set": ("Your PIN was chosen", "A PIN was chosen for opening confidential pages of Convenor as you."),
    "account_connected": (
        "You can sign in another way",
        "Somebody signed in to Convenor as you by another service, which vouched for this address. It now opens Convenor as you.",
    ),
}

REMEDY = (
    "If this was you, you need do nothing. If it was not, sign in, choose “Sign out everywhere” on your account page, and tell your "
    "partnership manager."
)


def notify(kind: str, email: str | None, *, at: datetime) -> None:
    """Post the notice of this kind; one that we have no words for, or that has nowhere to go, is not sent."""
    words = NOTICES.get(kind)
    if words is None or not email:
        return
    subject, happened = words
    enqueue(by="the system", at=at, to_address=email, kind="security-notice", subject=subject, body=f"{happened}\n\n{REMEDY}\n")
