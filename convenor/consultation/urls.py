"""Addresses of consultation, below `/p/<slug>/consultations/`, `/p/<slug>/votes/` and `/p/<slug>/set-up/`. Each part has its own list."""

from django.urls import URLPattern, URLResolver, path

import convenor.partnership.addresses  # noqa: F401 - makes <key:...> known
from convenor.consultation.views import set_up as set_up_views

CONSULTATIONS = "p/<slug:slug>/consultations/"
VOTES = "p/<slug:slug>/votes/"
SET_UP = "p/<slug:slug>/set-up/"

#: The proposition, its questions, invitations, responses and who is not yet heard from.
asking: list[URLPattern | URLResolver] = []
#: Results, themes, "you said, we did" and the report.
hearing: list[URLPattern | URLResolver] = []
#: Forum votes.
votes: list[URLPattern | URLResolver] = []
#: The set-up journey.
set_up: list[URLPattern | URLResolver] = [
    path(SET_UP, set_up_views.SetUp.as_view(), name="set-up"),
    path(f"{SET_UP}start/", set_up_views.StartSetUp.as_view(), name="set-up-start"),
    path(f"{SET_UP}<slug:key>/", set_up_views.ChangeStep.as_view(), name="set-up-step"),
]

urlpatterns = [*asking, *hearing, *votes, *set_up]
