"""Django's registration of the peer review feature."""

from django.apps import AppConfig


class PeerReviewConfig(AppConfig):
    """The peer review feature."""

    name = "convenor.peer_review"
    label = "peer_review"

    def ready(self) -> None:
        """Adds what is told here of the nine conditions."""
        from convenor.conditions.queries.evidence import SOURCES
        from convenor.peer_review.queries.conditions import evidence

        if evidence not in SOURCES:
            SOURCES.append(evidence)
