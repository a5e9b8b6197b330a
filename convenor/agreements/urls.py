"""Addresses of agreements, below `/p/<slug>/agreements/`; a school's own below `/p/<slug>/agreements/<urn>/`."""

from django.urls import URLPattern, URLResolver, path

from convenor.agreements.views import joining, running

HERE = "p/<slug:slug>/agreements/"
SCHOOL = f"{HERE}<slug:urn>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(HERE, running.Agreements.as_view(), name="agreements"),
    path(f"{HERE}register.csv", running.RegisterFile.as_view(), name="agreements-file"),
    path(f"{HERE}begin/", running.BeginText.as_view(), name="agreement-begin"),
    path(f"{HERE}write/", running.WriteText.as_view(), name="agreement-write"),
    path(f"{HERE}put-to-schools/", running.AdoptText.as_view(), name="agreement-adopt"),
    path(f"{HERE}put-away/", running.DropText.as_view(), name="agreement-drop"),
    path(f"{HERE}text/", joining.Text.as_view(), name="agreement-text"),
    path(f"{HERE}privacy/", joining.Notice.as_view(), name="agreement-privacy"),
    path(SCHOOL, joining.School.as_view(), name="agreement-school"),
    path(f"{SCHOOL}agree/", joining.Agree.as_view(), name="agreement-agree"),
    path(f"{SCHOOL}withdraw/", joining.Withdraw.as_view(), name="agreement-withdraw"),
]
