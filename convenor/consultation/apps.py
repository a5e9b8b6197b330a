"""Django's registration of the consultation feature."""

from django.apps import AppConfig


class ConsultationConfig(AppConfig):
    """The consultation feature."""

    name = "convenor.consultation"
    label = "consultation"
