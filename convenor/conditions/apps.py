"""Django's registration of the conditions feature."""

from django.apps import AppConfig


class ConditionsConfig(AppConfig):
    """The conditions feature."""

    name = "convenor.conditions"
    label = "conditions"
