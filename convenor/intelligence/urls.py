"""Addresses of early identification, all below `/p/<slug>/`. Each part of the feature has its own lines."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
