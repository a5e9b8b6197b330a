"""Django's registration of the journal feature."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The journal feature."""

    name = "convenor.journal"
    label = "journal"
