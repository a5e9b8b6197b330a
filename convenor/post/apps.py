"""Django's registration of the post feature."""

from django.apps import AppConfig


class PostConfig(AppConfig):
    """The post feature."""

    name = "convenor.post"
    label = "post"
