"""Addresses of peer review, all below `/p/<slug>/reviews/`. Each part of the feature has its own list."""

from django.urls import URLPattern, URLResolver

REVIEWS = "p/<slug:slug>/reviews/"
ROUND = f"{REVIEWS}rounds/<int:pk>/"
REVIEW = f"{REVIEWS}<int:pk>/"

urlpatterns: list[URLPattern | URLResolver] = []
