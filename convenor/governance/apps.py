"""Django's registration of the governance feature."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """The governance feature."""

    name = "convenor.governance"
    label = "governance"
