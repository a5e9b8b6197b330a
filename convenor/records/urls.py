"""Addresses of records."""

from django.urls import URLPattern, URLResolver, path

import convenor.partnership.addresses  # noqa: F401 - makes <key:...> known
from convenor.records.views import held, requests

REQUESTS, ONE = "p/<slug:slug>/requests/", "p/<slug:slug>/requests/<key:pk>/"
HELD = "p/<slug:slug>/held/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(REQUESTS, requests.Requests.as_view(), name="information-requests"),
    path(f"{REQUESTS}new/", requests.Record.as_view(), name="information-request-new"),
    path(ONE, requests.Request.as_view(), name="information-request"),
    path(f"{ONE}search/", requests.Search.as_view(), name="information-request-search"),
    path(f"{ONE}elsewhere/", requests.Elsewhere.as_view(), name="information-request-elsewhere"),
    path(f"{ONE}stop/", requests.StopClock.as_view(), name="information-request-stop"),
    path(f"{ONE}go-on/", requests.GoOn.as_view(), name="information-request-go-on"),
    path(f"{ONE}longer/", requests.Longer.as_view(), name="information-request-longer"),
    path(f"{ONE}decide/<str:of>/", requests.DecideMany.as_view(), name="information-request-decide"),
    path(f"{ONE}items/<key:item>/", requests.Decide.as_view(), name="information-request-item"),
    path(f"{ONE}letter/", requests.Letter.as_view(), name="information-request-letter"),
    path(f"{ONE}archive/", requests.Archive.as_view(), name="information-request-archive"),
    path(f"{ONE}end/", requests.End.as_view(), name="information-request-end"),
    path(HELD, held.Holdings.as_view(), name="holdings"),
    path(f"{HELD}holds/new/", held.PlaceHold.as_view(), name="hold-place"),
    path(f"{HELD}holds/<key:pk>/end/", held.EndHold.as_view(), name="hold-end"),
    path(f"{HELD}assessment/", held.Dpia.as_view(), name="impact-assessment"),
    path(f"{HELD}assessment/assessment.<str:fmt>", held.DpiaFile.as_view(), name="impact-assessment-file"),
]
