"""Django's registration of the archive feature."""

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    """The archive feature."""

    name = "convenor.archive"
    label = "archive"
