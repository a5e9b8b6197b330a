"""Django's registration of the web feature."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web feature."""

    name = "convenor.web"
    label = "web"
