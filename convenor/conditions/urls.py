"""Addresses of the conditions: workshops and what comes of them below `/p/<slug>/`, the room's phones below `/join/`.

Each part of the feature has its own list.
"""

from django.urls import URLPattern, URLResolver

import convenor.partnership.addresses  # noqa: F401 - makes <key:...> known

CONDITIONS = "p/<slug:slug>/conditions/"
WORKSHOPS = "p/<slug:slug>/workshops/"
FORESIGHT = "p/<slug:slug>/foresight/"
DIAGNOSIS = "p/<slug:slug>/two-readings/"
JOIN = "join/"

#: The facilitator's pages, the wall and the room's paper.
workshops: list[URLPattern | URLResolver] = []
#: What a phone in the room opens and sends.
joining: list[URLPattern | URLResolver] = []
#: What the room said, and what it leads to.
results: list[URLPattern | URLResolver] = []
#: The nine conditions over time, what was foreseen, and the two readings.
over_time: list[URLPattern | URLResolver] = []

urlpatterns = [*workshops, *joining, *results, *over_time]
