"""The addresses of the pages over the published record."""

from django.urls import URLPattern, path

from convenor.web.views import area_context, area_map, areas, editions, school, schools, search

urlpatterns: list[URLPattern] = [
    path("areas/", areas.Areas.as_view(), name="areas"),
    path("areas/<str:area>/", area_context.AreaContextPage.as_view(), name="area"),
    path("areas/<str:area>/schools/", schools.AreaSchools.as_view(), name="area-schools"),
    path("areas/<str:area>/map/", area_map.AreaMap.as_view(), name="area-map"),
    path("areas/<str:area>/map/data/", area_map.AreaMapData.as_view(), name="area-map-data"),
    path("schools/<str:urn>/", school.Glance.as_view(), name="school"),
    path("schools/<str:urn>/held/", school.Held.as_view(), name="school-held"),
    path("search/", search.Search.as_view(), name="search"),
    path("editions/", editions.Editions.as_view(), name="editions"),
    path("editions/<str:key>/", editions.Edition.as_view(), name="edition"),
]
