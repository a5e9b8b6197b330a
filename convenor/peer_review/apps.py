"""Django's registration of the peer review feature."""

from django.apps import AppConfig


class PeerReviewConfig(AppConfig):
    """The peer review feature."""

    name = "convenor.peer_review"
    label = "peer_review"
