"""Addresses of the archive, below `/p/<slug>/archive/`."""

from django.urls import URLPattern, URLResolver, path

import convenor.partnership.addresses  # noqa: F401 - makes <key:...> known
from convenor.archive import views

ARCHIVE = "p/<slug:slug>/archive/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(ARCHIVE, views.Archives.as_view(), name="archives"),
    path(f"{ARCHIVE}<key:pk>/fetch/", views.Fetch.as_view(), name="archive-fetch"),
    path(f"{ARCHIVE}<key:pk>/remove/", views.RemoveFile.as_view(), name="archive-remove"),
]
