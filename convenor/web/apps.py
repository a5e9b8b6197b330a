"""Django's registration of the web feature."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web feature."""

    name = "convenor.web"
    label = "web"

    def ready(self) -> None:
        """Adds what consultations tell of the nine conditions: features side by side are joined here."""
        from convenor.conditions.queries.evidence import SOURCES
        from convenor.web.evidence import evidence

        if evidence not in SOURCES:
            SOURCES.append(evidence)
