"""Django's registration of the moving-in feature."""

from django.apps import AppConfig


class MovingInConfig(AppConfig):
    """The moving-in feature."""

    name = "convenor.moving_in"
    label = "moving_in"
