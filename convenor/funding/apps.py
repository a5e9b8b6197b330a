"""Django's registration of the funding feature."""

from django.apps import AppConfig


class FundingConfig(AppConfig):
    """The funding feature."""

    name = "convenor.funding"
    label = "funding"
