"""Django's registration of the agreements feature."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """The agreements feature."""

    name = "convenor.agreements"
    label = "agreements"
