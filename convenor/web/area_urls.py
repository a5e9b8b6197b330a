"""The addresses of the pages over the published record."""

from django.urls import URLPattern, path

from convenor.web.views import areas, editions, schools, search

urlpatterns: list[URLPattern] = [
    path("areas/", areas.Areas.as_view(), name="areas"),
    path("areas/<str:area>/schools/", schools.AreaSchools.as_view(), name="area-schools"),
    path("search/", search.Search.as_view(), name="search"),
    path("editions/", editions.Editions.as_view(), name="editions"),
    path("editions/<str:key>/", editions.Edition.as_view(), name="edition"),
]
