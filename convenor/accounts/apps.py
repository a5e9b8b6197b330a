"""Django's registration of the accounts feature."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts feature."""

    name = "convenor.accounts"
    label = "accounts"
