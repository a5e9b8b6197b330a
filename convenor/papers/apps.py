"""Django's registration of the papers feature."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """The papers feature."""

    name = "convenor.papers"
    label = "papers"
