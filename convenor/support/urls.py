"""Addresses of support, all below `/p/<slug>/support/`. Each part of the feature has its own list."""

from django.urls import URLPattern, URLResolver, path

from convenor.support.views import front, needs, placing

SUPPORT = "p/<slug:slug>/support/"
NEED = f"{SUPPORT}needs/<int:pk>/"
PACKAGE = f"{SUPPORT}packages/<int:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(SUPPORT, front.Support.as_view(), name="support"),
    path(f"{SUPPORT}needs/", needs.Needs.as_view(), name="support-needs"),
    path(f"{SUPPORT}needs/ask/", needs.Ask.as_view(), name="support-need-ask"),
    path(NEED, needs.Need.as_view(), name="support-need"),
    path(f"{NEED}change/", needs.Change.as_view(), name="support-need-change"),
    path(f"{NEED}withdraw/", needs.Withdraw.as_view(), name="support-need-withdraw"),
    path(f"{NEED}unmet/", needs.SayUnmet.as_view(), name="support-need-unmet"),
    path(f"{NEED}follow/", needs.Follow.as_view(), name="support-need-follow"),
    path(f"{NEED}choose/<int:supporter>/", placing.Choose.as_view(), name="support-need-choose"),
    path(f"{SUPPORT}matching/", placing.Matching.as_view(), name="support-matching"),
]
