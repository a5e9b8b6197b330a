"""Addresses of early identification, all below `/p/<slug>/`. Each part of the feature has its own lines."""

from django.urls import URLPattern, URLResolver, path

from convenor.intelligence.views import early, lines, method

EARLY = "p/<slug:slug>/early/"
SCHOOL = f"{EARLY}schools/<slug:urn>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(EARLY, early.Early.as_view(), name="early"),
    path(f"{EARLY}method/", method.Method.as_view(), name="early-method"),
    path(SCHOOL, lines.Lines.as_view(), name="early-school"),
]
