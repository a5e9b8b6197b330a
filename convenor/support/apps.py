"""Django's registration of the support feature."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """The support feature."""

    name = "convenor.support"
    label = "support"
