"""What whoever runs the machine does for people: the first manager, and a lost second factor."""

import json
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from convenor.accounts.models import Person
from convenor.accounts.queries import link_token
from convenor.journal.models import Entry
from convenor.partnership.gate import viewer_for
from convenor.post.models import Letter
from tests.integration.web.people import world

pytestmark = pytest.mark.django_db


def run(*words):
    out = StringIO()
    call_command(*words, stdout=out, stderr=out)
    return out.getvalue()


def test_first_manager_is_invited_and_signs_in_by_the_printed_link():
    world()
    said = json.loads(run("invite", "Mia Manager", "mia@fernshire.example", "--partnership", "fernshire", "--json"))
    mia = Person.objects.get(email="mia@fernshire.example")
    assert viewer_for(mia, on=timezone.localdate()).holds("manager")
    client = Client()
    assert client.post("/sign-in/link/", {"key": said["link"].partition("key=")[2]}).url == "/"
    assert client.get("/").url == "/account/second-factor/"
    assert Entry.objects.filter(verb="post.taken", partnership="fernshire").count() == 1


def test_somebody_already_known_is_not_made_twice():
    there = world()
    there.post("Hal Head", "head", "Headteacher", school=there.near)
    run("invite", "Hal Head", "HAL@example.example", "--partnership", "fernshire", "--role", "auditor")
    assert Person.objects.filter(email__iexact="hal@example.example").count() == 1


def test_invitation_to_no_partnership_is_refused():
    with pytest.raises(SystemExit) as refused:
        run("invite", "Mia Manager", "mia@fernshire.example", "--partnership", "nowhere")
    assert refused.value.code == 1
    assert Person.objects.count() == 0


def test_lost_second_factor_is_taken_off_and_every_session_ends():
    there = world()
    there.post("Mia Manager", "manager", "Partnership manager")
    mia = there.people["mia"]
    client = Client()
    client.post("/sign-in/link/", {"key": link_token(mia)})
    assert client.get("/account/second-factor/").status_code == 200
    Authenticator.objects.create(user=mia, type="totp", data={"secret": "x"})
    assert "may sign in by link" in run("unlock", mia.email, "--why", "Rang her at the office")
    assert Authenticator.objects.count() == 0
    assert Entry.objects.get(verb="second-factor.taken-off").why == "Rang her at the office"
    assert client.get("/account/second-factor/").url.startswith("/sign-in/")


def test_unlocking_nobody_is_refused():
    with pytest.raises(SystemExit) as refused:
        run("unlock", "nobody@fernshire.example", "--why", "x")
    assert refused.value.code == 1


@pytest.mark.django_db(transaction=True)
def test_attempts_are_counted_together_by_all_processes(settings, monkeypatch):
    """The counts live in the database; eight askers at the same moment get no more than the four letters that one would."""
    import threading

    from django.db import connection

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_counts"}}
    call_command("createcachetable", verbosity=0)
    cache.clear()
    monkeypatch.setattr("convenor.web.views.sign_in.ANSWER_TAKES_SECONDS", 0.0)
    there = world()
    there.person("Ada Example")
    ready, answers = threading.Barrier(8), []

    def ask():
        try:
            ready.wait(10)
            answers.append(Client().post("/sign-in/", {"email": "ada@example.example"}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(set(answers)) == [302, 429]
    assert Letter.objects.count() == answers.count(302) <= 4
