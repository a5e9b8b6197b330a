"""Addresses of support, all below `/p/<slug>/support/`. Each part of the feature has its own list."""

from django.urls import URLPattern, URLResolver, path

from convenor.support.views import front

SUPPORT = "p/<slug:slug>/support/"
NEED = f"{SUPPORT}needs/<int:pk>/"
PACKAGE = f"{SUPPORT}packages/<int:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(SUPPORT, front.Support.as_view(), name="support"),
]
