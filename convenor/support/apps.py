"""Django's registration of the support feature."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """The support feature."""

    name = "convenor.support"
    label = "support"

    def ready(self) -> None:
        """Adds what is told here of the nine conditions."""
        from convenor.conditions.queries.evidence import SOURCES
        from convenor.support.queries.conditions import evidence

        if evidence not in SOURCES:
            SOURCES.append(evidence)
