"""How quickly a school's lines answer its own head, with all England loaded and reckoned, at one reader and at eight.

    python -m bench.lines_page [--files ../shared/data] [--keep FOLDER] [--seconds 10]

Beside it, behind the same server in the same run: a bare page of the framework, and the same schools' School-at-a-glance signed out.
The load comes from wrk (Debian's package), over loopback only. Sixty schools are each given an invented head, who is signed in.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from bench import deployments, pages

HEADS = 60


def prepare() -> list[list[str]]:
    """Reckon England where that is not done, give sixty schools a head, sign them in: urn, address of the lines, cookie."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.urls import reverse
    from django.utils import timezone

    from convenor.accounts.models import Person
    from convenor.intelligence.models import Run, RunSchool
    from convenor.partnership.actions import take_post
    from convenor.partnership.models import Membership
    from convenor.web.reckoning import reckon

    call_command("migrate", verbosity=0)
    reckon(by="the measurement", at=timezone.now(), say=lambda words: print(words, file=sys.stderr))
    run = Run.objects.filter(withdrawn_at=None).order_by("-computed_at").first()
    rows = RunSchool.objects.filter(run=run, phase__in=("Primary", "Secondary"), fictitious=False).order_by("urn")
    members = dict(Membership.objects.filter(until_on=None).values_list("school_id", "partnership__slug"))
    urns = [urn for urn in rows.values_list("urn", flat=True) if urn in members]
    found = []
    for urn in urns[:: max(1, len(urns) // HEADS)][:HEADS]:
        email = f"head.{urn}@measured.example"
        person = Person.objects.filter(email=email).first()
        if person is None:
            person = Person.objects.create(name=f"Head of {urn}", email=email, created_at=timezone.now(), fictitious=True)
            take_post(
                slug=members[urn], role="head", title="Headteacher", person_id=person.pk, urn=urn, from_on=timezone.localdate(),
                by="the measurement", at=timezone.now(),
            )  # fmt: skip
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        session.save()
        found.append([urn, reverse("early-school", args=[members[urn], urn]), f"{settings.SESSION_COOKIE_NAME}={session.session_key}"])
    return found


def main() -> None:
    """Build what is missing, measure, print a table."""
    options = pages.asked_for(__doc__)
    big = deployments.large(options.keep / "england", options.files)
    env = {**os.environ, "CONVENOR_DATA_DIR": str(big), "DJANGO_SETTINGS_MODULE": "convenor.settings"}
    code = "import json; from bench.lines_page import prepare; print(json.dumps(prepare()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    heads = json.loads(done.stdout.splitlines()[-1])
    lines, glance = [(path, cookie) for _urn, path, cookie in heads], [(f"/schools/{urn}/", "") for urn, _path, _cookie in heads]
    with pages.bare() as port:
        bare = {readers: pages.measure(port, [("/", "")], options.seconds, readers) for readers in (1, 8)}
    results, port = {}, pages.free_port()
    with pages.served([sys.executable, "-m", "convenor", "serve", "--port", str(port)], port, {"CONVENOR_DATA_DIR": str(big)}):
        for readers in (1, 8):
            results["a school's lines", readers] = pages.measure(port, lines, options.seconds, readers)
            results["School-at-a-glance", readers] = pages.measure(port, glance, options.seconds, readers)
    print("| page | readers | p50 ms | p95 ms | p50 ÷ bare |\n| --- | ---: | ---: | ---: | ---: |")
    for (page, readers), (half, most, _) in results.items():
        print(f"| {page} | {readers} | {half:.1f} | {most:.1f} | {half / bare[readers][0]:.1f} |")


if __name__ == "__main__":
    main()
