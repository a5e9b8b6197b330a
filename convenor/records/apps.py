"""Django's registration of the records feature."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The records feature."""

    name = "convenor.records"
    label = "records"
