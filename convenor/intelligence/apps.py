"""Django's registration of the intelligence feature."""

from django.apps import AppConfig


class IntelligenceConfig(AppConfig):
    """The intelligence feature."""

    name = "convenor.intelligence"
    label = "intelligence"
