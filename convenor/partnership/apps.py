"""Django's registration of the partnership feature."""

from django.apps import AppConfig


class PartnershipConfig(AppConfig):
    """The partnership feature."""

    name = "convenor.partnership"
    label = "partnership"
