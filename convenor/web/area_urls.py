"""The addresses of the pages over the published record."""

from django.urls import URLPattern, path

from convenor.web.views import areas, schools, search

urlpatterns: list[URLPattern] = [
    path("areas/", areas.Areas.as_view(), name="areas"),
    path("areas/<str:area>/schools/", schools.AreaSchools.as_view(), name="area-schools"),
    path("search/", search.Search.as_view(), name="search"),
]
