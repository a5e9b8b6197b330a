"""A bare page of the framework, behind the same server: what any page costs at the least."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path


def bare(request: HttpRequest) -> HttpResponse:
    """Nothing but a word."""
    return HttpResponse("bare")


urlpatterns = [path("", bare)]

if not settings.configured:
    settings.configure(ROOT_URLCONF="bench.bare", ALLOWED_HOSTS=["*"], SECRET_KEY=os.urandom(20).hex(), MIDDLEWARE=[])
    django.setup()
application = WSGIHandler()
